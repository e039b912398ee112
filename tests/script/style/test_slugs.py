"""What only the eye has use for is not read, and said why."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from morning_edition.script.style.airing import VERBATIM, Airing, Unread
from morning_edition.script.style.slugs import leave_out

TABLE = Path(__file__).parent / "cases" / "slugs.tsv"
ROWS = [row.split("\t") for row in TABLE.read_text("utf-8").splitlines() if row[0] != "#" or row[1] == "#"]


def airing(**style: object) -> Airing:
    return Airing(dt.date(2024, 12, 6), None, replace(VERBATIM, **style))  # type: ignore[arg-type]


@pytest.mark.parametrize(("copy", "read", "reasons"), ROWS)
def test_slugs_credits_and_captions_are_left_out(copy: str, read: str, reasons: str) -> None:
    kept, unread = leave_out(copy.split(" | "), airing(slugs=True))

    assert (read.split(" | ") if read else [], reasons) == (
        kept,
        " ".join(item.reason for item in unread),
    )


def test_a_dateline_is_dropped_said_or_kept() -> None:
    copy = ["HAMA, Syria (AP) — Rebels came.", "It rained."]

    assert leave_out(copy, airing(dateline="drop")) == (
        ["Rebels came.", "It rained."],
        [Unread("HAMA, Syria (AP) —", "dateline")],
    )
    assert leave_out(copy, airing(dateline="say")) == (
        ["From Hama, Syria:", "Rebels came.", "It rained."],
        [],
    )
    assert leave_out(copy, airing(dateline="keep")) == (copy, [])


def test_an_agency_without_a_place_has_nothing_to_say() -> None:
    assert leave_out(["(AP) — Rebels came."], airing(dateline="say")) == (
        ["Rebels came."],
        [Unread("(AP) —", "dateline")],
    )


def test_a_city_that_was_taken_for_a_sentence_is_put_together() -> None:
    assert leave_out(["ST.", "LOUIS (AP) — Rain fell."], airing(dateline="drop"))[0] == ["Rain fell."]


def test_no_copy_has_nothing_left_out() -> None:
    assert leave_out([], airing(slugs=True, dateline="drop")) == ([], [])
