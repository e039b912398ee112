"""Ranges: "18-24" is "eighteen to twenty-four", "2023-24" "twenty twenty-three to twenty-four"."""

import re

from morning_edition.patterns import compile_late
from morning_edition.spoken.english import cues
from morning_edition.spoken.english.numbers import decade, decimal, ordinal, short_year, spell_digits, year
from morning_edition.spoken.reading import Locale, make_reading

NUMBER = r"[0-9]{1,3}(?:,[0-9]{3})++(?:\.[0-9]++)?|[0-9]++(?:\.[0-9]++)?|\.[0-9]++"
YEAR = r"1[0-9]{3}|20[0-9]{2}"
NOTHING_BEFORE = r"(?<![\w$£€¥/:.+-])(?<![0-9],)"
NOTHING_AFTER = r"(?![\w/]|[.,:][0-9]|-[0-9A-Z])"


PAIRS = frozenset((("50", "50"), ("20", "20"), ("24", "7")))
"""What is said by its figures alone, whatever it counts."""
_SPLIT = compile_late(r" (?:split|punch|vision|hindsight)\b")


def _say_years(match: re.Match[str], locale: Locale) -> str | None:
    first, last = match["first"], match["last"]
    if len(last) < 4 and int(last) <= int(first[-len(last) :]) and (first[2:], last) != ("99", "00"):
        return None
    if last[0] == "0":
        last = f"{int(first[:2]) + (last == '00')}{last}"
    said = year(last, locale) if len(last) == 4 else short_year(last)
    return f"{year(first, locale)} to {said}"


def _say_decades(match: re.Match[str], locale: Locale) -> str:
    return f"{decade(match['first'])} to {decade(match['last'])}"


def _say_ordinals(match: re.Match[str], locale: Locale) -> str | None:
    first, last = match["first"], match["last"]
    return f"{ordinal(first, locale)} to {ordinal(last, locale)}" if int(first) < int(last) else None


def _say_end(number: str, locale: Locale) -> str:
    leads_zero = len(number) > 1 and number[0] == "0" and "." not in number
    return spell_digits(number) if leads_zero else decimal(number, locale)


def _say_range(match: re.Match[str], locale: Locale) -> str:
    first, last = match["first"], match["last"]
    if (first, last) in PAIRS or _SPLIT.match(match.string, match.end()):
        return f"{_say_end(first, locale)}-{_say_end(last, locale)}"
    return f"{_say_end(first, locale)} to {_say_end(last, locale)}"


READINGS = (
    make_reading(
        "range of years",
        rf"""(?<![\w$£€/:])(?<![0-9][.,-])(?P<first>{YEAR})
        (?:[-–]|[ ][-–][ ](?=[0-9]{{4}}))(?P<last>{YEAR}|[0-9]{{1,2}})(?![\w/-]|[.,:][0-9])""",
        _say_years,
        needs="-–",
        cue=cues.TO_FIGURE,
    ),
    make_reading(
        "range of decades",
        r"""(?<![\w$£€/:.,])'?(?P<first>[0-9]{2}|(?:1[0-9]|20)[0-9]0)'?s[ ]?[-–][ ]?
        '?(?P<last>(?:[0-9]{2})?[0-9]0)'?s\b""",
        _say_decades,
        needs="-–",
        cue=cues.TO_FIGURE,
    ),
    make_reading(
        "range of ordinals",
        rf"""{NOTHING_BEFORE}(?P<first>[0-9]{{1,6}})(?:st|nd|rd|th)?[ ]?[-–][ ]?
        (?P<last>[0-9]{{1,6}})(?:st|nd|rd|th)\b""",
        _say_ordinals,
        needs="-–",
        cue=cues.TO_FIGURE,
    ),
    make_reading(
        "range of numbers",
        rf"{NOTHING_BEFORE}(?P<first>{NUMBER})[ ]?[-–][ ]?(?P<last>{NUMBER}){NOTHING_AFTER}",
        _say_range,
        needs="-–",
        cue=cues.TO_FIGURE,
    ),
    make_reading(
        "dash between scaled numbers",
        r"(?:(?<=illion)|(?<=thousand))[ ]?[-–][ ]?(?=[0-9])",
        lambda match, locale: " to ",
        needs="-–",
    ),
)
