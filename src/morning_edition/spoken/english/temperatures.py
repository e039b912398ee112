"""Degrees: of heat ("-5°C", "98.6 F"), of arc ("45°N", "51°30'N")."""

import re

from morning_edition.patterns import compile_late
from morning_edition.spoken.english import cues
from morning_edition.spoken.english.amounts import (
    APART,
    NUMBER,
    RANGE,
    describes,
    is_one,
    say_number,
    say_range,
)
from morning_edition.spoken.reading import Locale, make_reading

SCALES = {"C": "Celsius", "F": "Fahrenheit", "K": "Kelvin", "c": "Celsius", "f": "Fahrenheit"}
POINTS = {"N": "north", "S": "south", "E": "east", "W": "west"}
BOILING, HOTTEST = 212, 2000
_ANGLED = compile_late(r" (?:angle|arc|bend|camera|heat|incline|rotation|slope|turn|view|weather)s?\b")
_DEGREE = "[°º˚]"
_SPOKEN_NEXT = (
    r"(?=[ ]?(?:[,.;:)!?/+-]|$)|[ ]\(-?[0-9]"
    r"|[ ](?:and|or|on|in|at|by|for|to|the|over|overnight|today|tonight|with|during|above|below)\b)"
)
"""What follows a bare "F" or "C" that means degrees: never a name, as in "17 F left Fiji"."""


def _degrees(low: str, high: str | None, locale: Locale) -> str:
    return f"{say_range(low, high, locale)} {'degree' if high is None and is_one(low) else 'degrees'}"


def _say_heat(match: re.Match[str], locale: Locale) -> str | None:
    low, high = match["low"], match["high"]
    scale = SCALES.get(match["scale"] or "", "")
    if high and high.startswith("-"):
        return f"{say_number(low, locale)} to minus {_degrees(high[1:], None, locale)} {scale}".rstrip()
    if describes(match) or _ANGLED.match(match.string, match.end()):
        return f"{say_range(low, high, locale)} degree {scale}".rstrip()
    return f"{_degrees(low, high, locale)} {scale}".rstrip()


def _say_bare(match: re.Match[str], locale: Locale) -> str | None:
    """Say "75F" and "20 C", but nothing hotter than an oven: "644 F. Supp." is a book."""
    whole = match["low"].replace(",", "")
    attached = match["scale"][0] != " " and not match.string.startswith(". ", match.end())
    if whole.isdecimal() and int(whole[:9]) > (HOTTEST if attached else BOILING):
        return None
    scale = SCALES[match["scale"].strip()]
    if describes(match):
        return f"{say_range(match['low'], match['high'], locale)} degree {scale}"
    return f"{_degrees(match['low'], match['high'], locale)} {scale}"


def _say_arc(match: re.Match[str], locale: Locale) -> str:
    parts = [_degrees(match["degrees"], None, locale)]
    for name in ("minutes", "seconds"):
        if number := match[name]:
            parts.append(f"{say_number(number, locale)} {name[:-1] if is_one(number) else name}")
    return " ".join(parts) + (f" {POINTS[point]}" if (point := match["point"] or match["whole"]) else "")


READINGS = (
    make_reading(
        "degrees of arc",
        rf"""{APART} (?P<degrees>{NUMBER}) [ ]?{_DEGREE} [ ]?
        (?: (?P<minutes>{NUMBER}) [ ]?(?:'|′) [ ]? (?: (?P<seconds>{NUMBER}) [ ]?(?:"|″|'') [ ]? )?
            (?P<point>[NSEW]\b)?
        |   (?P<whole>[NSEW]\b) )""",
        _say_arc,
        needs="°º˚",
    ),
    make_reading(
        "degrees of heat",
        rf"""{APART} (?P<low>{NUMBER}) (?:[ ]?{_DEGREE}[CFK]?)?
        (?: (?:[ ]?[-–—][ ]?|[ ]to[ ])(?P<high>-?{NUMBER}) )?
        [ ]?{_DEGREE}(?:[ ]?(?P<scale>[CFKcf](?!\w)))?""",
        _say_heat,
        needs="°º˚",
    ),
    make_reading(
        "degrees without their sign",
        rf"{APART} {RANGE}(?P<scale>(?:[CF](?=[ ][a-z])|[ ]?[CF]{_SPOKEN_NEXT}))",
        _say_bare,
        needs="CF",
        cue=rf"{cues.FIGURE} ?[CF]",
    ),
    make_reading(
        "scale behind degrees",
        r"(?<=\bdegrees\ )(?P<scale>[CF])(?![\w'&-])",
        lambda match, locale: SCALES[match["scale"]],
        needs="CF",
    ),
    make_reading(
        "one sign for degrees",
        r"[ ]?(?:℃|℉)",
        lambda match, locale: " degrees " + SCALES["C" if "℃" in match.group() else "F"],
        needs="℃℉",
    ),
    make_reading("lone degree sign", rf"[ ]?{_DEGREE}", lambda match, locale: " degrees ", needs="°˚"),
)
