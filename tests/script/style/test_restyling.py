"""The rules together: in order, each with its switch, none of them verbatim."""

import datetime as dt
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from morning_edition.script.style import VERBATIM, Airing, Styled, open_up_headline, restyle
from morning_edition.station.settings import Style

DAY = dt.date(2024, 12, 6)
EVE = dt.date(2024, 12, 5)
COPY = [
    "LYDD (AP) — The Bank of Lydd (BoL) closed today, police said.",
    "“We had no warning,” said Ana Ruiz, a customer.",
    "(AP Photo/Bo Dean)",
]


def said(sentences: list[str], style: Style) -> list[Styled]:
    return restyle(sentences, Airing(DAY, EVE, style))


def test_all_rules_work_together() -> None:
    assert said(COPY[:2], Style()) == [
        Styled("Police said the Bank of Lydd, or BoL, closed on Thursday."),
        Styled("Ana Ruiz, a customer, said:"),
        Styled("“We had no warning.”", "quote"),
    ]


@given(st.lists(st.text()))
def test_verbatim_is_verbatim(sentences: list[str]) -> None:
    assert [Styled(sentence) for sentence in sentences] == said(sentences, VERBATIM)


@pytest.mark.parametrize(
    ("rule", "first"),
    [
        ("days", "LYDD (AP) — The Bank of Lydd (BoL) closed on Thursday, police said."),
        ("parentheses", "LYDD, AP, — The Bank of Lydd, or BoL, closed today, police said."),
        ("slugs", COPY[0]),
        ("source_first", COPY[0]),
        ("headlines", COPY[0]),
        ("breaths", COPY[0]),
    ],
)
def test_each_rule_has_its_own_switch(rule: str, first: str) -> None:
    assert first == said(COPY, replace(VERBATIM, **{rule: True}))[0].text  # type: ignore[arg-type]


def test_no_copy_has_no_lines() -> None:
    assert said([], Style()) == []


HOSTILE = [
    *"\"'“”‘’«»()[];:,.—-&#",
    "“‘",
    "«“",
    " 'a",
    " (a",
    "((",
    " (a)",
    "“a” ",
    "“A,” he said. ",
    "today ",
    "he said, ",
    "A, ",
    "A-",
    "A.",
    "AAAA ",
    "A B ",
    "a; ",
    ", and ",
    "[1]",
    "a[1]",
    "(AP Photo/",
    "a/b ",
    "said ",
    "\x00",
    "é",
]


@pytest.mark.thorough
@pytest.mark.parametrize("sign", HOSTILE)
def test_hostile_copy_takes_no_longer_than_its_length_asks(sign: str) -> None:
    """50,000 repeated signs, as one sentence, as sentences of the longest length, and as many short ones."""
    copy = sign * (50_000 // len(sign))
    pieces = [copy[start : start + 1_990] for start in range(0, len(copy), 1_990)]

    started = time.process_time()
    for sentences in ([copy], pieces, [sign] * 10_000):
        said(sentences, Style())
        open_up_headline(sentences[0], Airing(DAY, EVE, Style()))

    assert time.process_time() - started < 5
