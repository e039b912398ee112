"""Shares: "25%", "5-10%", "0.25 pct", "25 bps"; in Britain "per cent" is two words."""

import re

from morning_edition.spoken.english import cues
from morning_edition.spoken.english.amounts import (
    APART,
    FRACTION,
    NUMBER,
    RANGE,
    TO,
    describes,
    is_one,
    say_number,
    say_range,
)
from morning_edition.spoken.reading import DIGITS, Locale, make_reading


def percent(locale: Locale) -> str:
    """Return the word as the place writes it."""
    return "percent" if locale.is_american else "per cent"


def _say_percent(match: re.Match[str], locale: Locale) -> str:
    low, high = match["low"], match["high"]
    if match["again"] and high:
        return f"{say_number(low, locale)} {percent(locale)} to {say_number(high, locale)} {percent(locale)}"
    return f"{say_range(low, high, locale)} {percent(locale)}"


def _say_points(match: re.Match[str], locale: Locale) -> str:
    unit = {"b": "basis point", "p": "percentage point"}[match["unit"].lstrip(" -")[0]]
    one = match["high"] is None and (is_one(match["low"]) or describes(match))
    return f"{say_range(match['low'], match['high'], locale)} {unit}{'' if one else 's'}"


READINGS = (
    make_reading(
        "percent",
        rf"""{APART} (?P<low>{NUMBER}{FRACTION}?) (?: (?P<again>[ ]?%)? {TO} (?P<high>{NUMBER}{FRACTION}?) )?
        [ ]?(?: % | pct\b(?:\.(?=[ ][a-z]))? | p\.c\.(?=[ ]) | (?<=[0-9])pc\b )""",
        _say_percent,
        needs="%pP",
        cue=r"%|p\.?c",
    ),
    make_reading("lone percent sign", r"[ ]?[%٪]", lambda match, locale: f" {percent(locale)}", needs="%٪"),
    make_reading("per mille", r"[ ]?‰", lambda match, locale: " per thousand", needs="‰"),
    make_reading(
        "points of percent",
        rf"{APART} {RANGE} (?P<unit>(?:-|[ ]?)bps?\b|(?:ppts?|pp)\b(?!\.?[ ]?[0-9]))",
        _say_points,
        needs=DIGITS,
        cue=rf"{cues.FIGURE}[ -]?[bp]p",
    ),
)
