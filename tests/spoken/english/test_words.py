"""Letters, numerals and acronyms are told apart by rule, and quickly."""

import time

import pytest

from morning_edition.spoken import to_spoken
from morning_edition.spoken.english.acronyms import is_pronounceable
from morning_edition.spoken.english.letters import spell_letters
from morning_edition.spoken.english.romans import read_roman


@pytest.mark.parametrize(
    ("letters", "ending", "spoken"),
    [
        ("HTS", "", "H T S"),
        ("MP", "'s", "M P's"),
        ("FAA", "", "F.A.A"),
        ("EPA", "'s", "E P A's"),
        ("AI", "'s", "A-I's"),
        ("A", "", "A-"),
    ],
)
def test_an_a_among_letters_is_held_by_points(letters: str, ending: str, spoken: str) -> None:
    """Engines say a lone "A" as the article."""
    assert spoken == spell_letters(letters, ending)


@pytest.mark.parametrize(
    ("roman", "number"), [("VIII", 8), ("XLIV", 44), ("MCMXC", 1990), ("IIII", 0), ("VX", 0), ("", 0)]
)
def test_only_a_well_formed_numeral_is_a_number(roman: str, number: int) -> None:
    """What is none reads as nought."""
    assert number == read_roman(roman)


@pytest.mark.parametrize(
    ("letters", "pronounceable"),
    [("UNITAR", True), ("ESCAP", True), ("IPPNW", False), ("KPMG", False), ("UEA", False), ("NSPCC", False)],
)
def test_english_beginnings_and_ends_make_a_word(letters: str, pronounceable: bool) -> None:
    """Acronyms of three letters are never words by rule."""
    assert pronounceable == is_pronounceable(letters)


@pytest.mark.parametrize(
    "part",
    ["A. ", "U. S. ", "I ", "XI, ", "St. ", "A&", "Ab, Md. ", "1 N ", "Charles I ", "NATO ", "Boston, MA; "],
)
def test_a_hostile_line_takes_time_in_step_with_its_length(part: str) -> None:
    """Ten times the text takes far less than a hundred times as long."""

    def seconds(length: int) -> float:
        began = time.process_time()
        to_spoken(part * (length // len(part)))
        return time.process_time() - began

    short = max(seconds(4_000), 0.02)
    assert seconds(40_000) < 40 * short
