"""Number words, and what holds of all readings of numbers together."""

import sys
import time
import unicodedata

import pytest

from morning_edition.spoken import to_spoken
from morning_edition.spoken.english import (
    cardinals,
    dates,
    decimals,
    eras,
    fractions,
    numeric_dates,
    ordinals,
    ranges,
    scores,
    times,
    years,
)
from morning_edition.spoken.english.numbers import (
    cardinal,
    decade,
    decimal,
    ordinal,
    pair_digits,
    pluralise,
    short_year,
    spell_digits,
    year,
)
from morning_edition.spoken.reading import Locale, read_line

US, GB = Locale(), Locale("en", "GB")
MODULES = (dates, numeric_dates, scores, times, fractions, eras, ranges, years, ordinals, decimals, cardinals)
READINGS = tuple(reading for module in MODULES for reading in module.READINGS)


@pytest.mark.parametrize(
    ("digits", "american", "british"),
    [
        ("0", "zero", "zero"),
        ("13", "thirteen", "thirteen"),
        ("40", "forty", "forty"),
        ("99", "ninety-nine", "ninety-nine"),
        ("100", "one hundred", "one hundred"),
        ("205", "two hundred five", "two hundred and five"),
        ("1,005", "one thousand five", "one thousand and five"),
        ("1,000,000", "one million", "one million"),
        ("1,000,017", "one million seventeen", "one million and seventeen"),
        ("-7", "minus seven", "minus seven"),
        ("2" + "0" * 33, "two decillion", "two decillion"),
        ("1" * 37, " ".join(["one"] * 37), " ".join(["one"] * 37)),
    ],
)
def test_whole_numbers_have_their_names_and_without_a_name_their_digits(
    digits: str, american: str, british: str
) -> None:
    """Britain says "and" before tens and units; a number beyond the last name is spelled."""
    assert (american, british) == (cardinal(digits, US), cardinal(digits, GB))


@pytest.mark.parametrize(
    ("digits", "spoken"),
    [
        ("1", "first"),
        ("12", "twelfth"),
        ("20", "twentieth"),
        ("101", "one hundred first"),
        ("85", "eighty-fifth"),
    ],
)
def test_ordinals_turn_the_last_word_alone(digits: str, spoken: str) -> None:
    """All before the last word is as in the cardinal."""
    assert spoken == ordinal(digits)


@pytest.mark.parametrize(
    ("digits", "spoken"),
    [
        ("1000", "one thousand"),
        ("1066", "ten sixty-six"),
        ("1900", "nineteen hundred"),
        ("1905", "nineteen oh five"),
        ("2000", "two thousand"),
        ("2009", "two thousand nine"),
        ("2010", "twenty ten"),
        ("2100", "twenty-one hundred"),
        ("79", "seventy-nine"),
    ],
)
def test_years_are_said_in_pairs_but_for_the_first_years_of_a_thousand(digits: str, spoken: str) -> None:
    """As newsreaders say them."""
    assert spoken == year(digits)


@pytest.mark.parametrize(
    ("digits", "spoken"),
    [
        ("1990", "nineteen nineties"),
        ("2000", "two thousands"),
        ("1800", "eighteen hundreds"),
        ("60", "sixties"),
    ],
)
def test_decades_are_plurals_of_years(digits: str, spoken: str) -> None:
    """A century that is meant by its first year, too."""
    assert spoken == decade(digits)


@pytest.mark.parametrize(
    ("spoken", "expected"),
    [
        (short_year("03"), "oh three"),
        (short_year("69"), "sixty-nine"),
        (pair_digits("737"), "seven thirty-seven"),
        (pair_digits("705"), "seven oh five"),
        (pair_digits("300"), "three hundred"),
        (spell_digits("0-1-2"), "zero one two"),
        (spell_digits("01", zero="oh"), "oh one"),
        (decimal(".05"), "point zero five"),
        (decimal("1,000.5"), "one thousand point five"),
        (decimal("12."), "twelve"),
        (pluralise("six"), "sixes"),
        (pluralise("twenty"), "twenties"),
    ],
)
def test_the_smaller_words_of_numbers(spoken: str, expected: str) -> None:
    """Short years, codes in pairs, digits, decimals and plurals."""
    assert expected == spoken


def test_no_digit_of_any_script_is_left() -> None:
    """Whatever Unicode calls a decimal digit is said, and so are raised and ringed ones."""
    for code in range(sys.maxunicode + 1):
        sign = chr(code)
        if unicodedata.category(sign) == "Nd" or sign in "⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃①⑳㉑㊿❶➓":
            spoken = read_line(f"a {sign} b 4{sign} c", READINGS, US).text
            assert not any(unicodedata.category(letter) in ("Nd", "No") for letter in spoken), (sign, spoken)


@pytest.mark.parametrize(
    "line",
    [
        "In 2024's 1st vote, 5-4, No. 10 lost 1,200.5 of 3/4 at 4:30 p.m. on May 5, 2024 (2/3), '90s.",
        "1:2:3 99:99 32/13/2024 2024-13-45 0/0 1/0 5/1 00:61 25:00 99th 13am 1,2,3 1.2.3.4.5.6.7.8.9.0 '9 9s",
        "1-2-3-4-5 1/2/3/4 1..2 1,,2 -1- +1+ ±1 #1# No.1.No.2 1°2 0000 00 0.0.0 1e5 0x1F 1st2nd3rd",
    ],
)
def test_malformed_numbers_are_said_all_the_same(line: str) -> None:
    """No date, time or fraction that cannot be ends in an error, nor in a digit."""
    for language in ("en-US", "en-GB"):
        assert not any(letter.isdigit() for letter in to_spoken(line, language))


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1,",
        "1,111",
        "1-1 ",
        "1.",
        "1/1 ",
        "12:30-",
        "Dec. ",
        "May 5-",
        "5 May ",
        "1st-",
        "80s-",
        "a.m.",
        "6-4,",
        " ",
    ],
)
def test_hostile_lines_take_no_more_than_their_share_of_time(piece: str) -> None:
    """A line of 60,000 characters that nearly fits every form is read in seconds."""
    line = (piece * 60_000)[:60_000]
    started = time.process_time()
    read_line(line, READINGS, US)
    assert time.process_time() - started < 20
