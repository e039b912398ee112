"""Parentheses become clauses and glosses; what the ear or the voice needs them for keeps them."""

from morning_edition.script.style.airing import Unread
from morning_edition.script.style.parentheses import drop_glosses, open_parentheses


def test_parentheses_become_clauses(written: str, said: str) -> None:
    assert said.split(" | ") == open_parentheses(written.split(" | "))


def test_a_short_form_is_told_once() -> None:
    told: set[str] = set()
    first = ["Hayat Tahrir al-Sham (HTS) took Hama (40 km south)."]

    assert drop_glosses(first, told) == (first, [])
    assert drop_glosses(["Then Hayat Tahrir al-Sham (HTS) left.", "“Hayat Tahrir al-Sham (HTS)!”"], told) == (
        ["Then Hayat Tahrir al-Sham left.", "“Hayat Tahrir al-Sham (HTS)!”"],
        [Unread("(HTS)", "this short form was told before")],
    )
