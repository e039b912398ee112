"""Years of an era: "743 B.C." is "seven forty-three B C", "AD 79" "A D seventy-nine"; and "c. 1450"."""

import re

from morning_edition.spoken.english.numbers import cardinal, pair_digits, year
from morning_edition.spoken.reading import Locale, make_reading

ERA = r"(?P<era>A\.[ ]?D\b\.?|B\.[ ]?C\b\.?(?:[ ]?E\b\.?)?|C\.[ ]?E\b\.?|AD|BCE?|CE)(?![\w-])"
NOTHING_BEFORE = r"(?<![\w$£€¥])(?<![0-9][.,:/-])"


def _say_old_year(digits: str, locale: Locale) -> str:
    """Say a year of one to four digits: "seventy-nine", "seven forty-three", "fourteen fifty-three"."""
    if len(digits) == 3:
        return pair_digits(digits)
    return year(digits, locale) if len(digits) == 4 and digits[1] != "0" else cardinal(digits, locale)


def _say_before_era(match: re.Match[str], locale: Locale) -> str:
    era = match["era"]
    letters = " ".join(letter for letter in era if letter.isalpha())
    span = f"{_say_old_year(match['from'], locale)} to " if match["from"] else ""
    ends = era.endswith(".") and not match.string[match.end() : match.end() + 40].strip("\"')]} ")
    return f"{span}{_say_old_year(match['year'], locale)} {letters}{'.' if ends else ''}"


def _say_after_era(match: re.Match[str], locale: Locale) -> str:
    span = f" to {_say_old_year(match['until'], locale)}" if match["until"] else ""
    return f"A D {_say_old_year(match['year'], locale)}{span}"


READINGS = (
    make_reading(
        "circa", r"\b(?:c|ca)\.[ ]?(?=[1-9][0-9]{2,3}(?![0-9]))", lambda match, locale: "circa ", needs="c"
    ),
    make_reading(
        "year before its era",
        rf"{NOTHING_BEFORE}(?:(?P<from>[0-9]{{1,4}})[ ]?[-–][ ]?)?(?P<year>[0-9]{{1,4}})[ ]?{ERA}",
        _say_before_era,
        needs="DC",
        cue=r"[0-9] ?[ABC]",
    ),
    make_reading(
        "year after its era",
        r"\bA\.?[ ]?D\.?[ ](?P<year>[0-9]{1,4})(?:[-–](?P<until>[0-9]{1,4}))?(?![0-9-]|[.,:/][0-9])",
        _say_after_era,
        needs="D",
    ),
)
