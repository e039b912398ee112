"""The dateline is told from a sentence that only begins like one."""

from pathlib import Path

import pytest

from morning_edition.script.style.datelines import find_dateline

TABLE = Path(__file__).parent / "cases" / "datelines.tsv"
ROWS = [row.split("\t") for row in TABLE.read_text("utf-8").splitlines()]


@pytest.mark.parametrize(("sentence", "dateline", "place"), ROWS)
def test_a_dateline_is_found_with_its_place(sentence: str, dateline: str, place: str) -> None:
    length, found = find_dateline(sentence)

    assert (dateline, place) == (sentence[:length].strip(), found)
