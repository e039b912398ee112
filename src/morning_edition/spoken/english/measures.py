"""Measures: "40 km" is "forty kilometers", "6 ft 2 in" is "six feet two inches"."""

import re

from morning_edition.patterns import compile_late
from morning_edition.spoken.english import cues
from morning_edition.spoken.english.amounts import (
    APART,
    FRACTION,
    NUMBER,
    PART,
    RANGE,
    TO,
    WORD_SCALE,
    describes,
    is_one,
    say_number,
    say_range,
)
from morning_edition.spoken.english.numbers import cardinal, pluralise
from morning_edition.spoken.english.units import BELOW, PATTERN, name_unit
from morning_edition.spoken.reading import DIGITS, Locale, make_reading

_SCALED = {
    "bn": "billion",
    "tn": "trillion",
    "trn": "trillion",
    "mn": "million",
    "mln": "million",
    "m": "million",
    "k": "thousand",
}
_COUNTED = frozenset(
    """
    accounts acres adults americans barrels britons cars cases children citizens copies customers
    deals deaths devices dollar dollars doses downloads euro euros families fans followers francs
    gallons hectares homes households items jobs likes lines listeners liters litres members men
    migrants more or passengers patients people phones pieces players pound pounds pupils readers
    records refugees residents rupees shares songs streams students subscribers tickets tonnes tons
    transactions trees tweets units users vaccines vehicles viewers views visitors voters votes women
    workers years yen yuan
    """.split()
)
"""What is counted in millions, so that the "m" before it is none of metres."""
_POPULOUS = compile_late(
    r"\b(?:audiences?|circulation|customers?|downloads|employment|followers|jobs?|jobless|members(?:hip)?|passengers?"
    r"|patients?|populations?|sales|subscribers?|unemploy(?:ed|ment)|users?|viewers?|visitors?|voters?"
    r"|waiting lists?)\b[^.;:]{0,60}$",
    re.IGNORECASE,
)
"""What is counted in millions before the number is told: "waiting lists hit 7.6m"."""
_INCH_NEXT = compile_late(
    r"\)| (?:\(\d|long|wide|tall|thick|deep|high|in diameter|of (?:rain|snow|water)|[x×] ?\d)"
)
_NEXT_WORD = compile_late(r"\W([A-Za-z]+)")
_SIDE = compile_late(r"[0-9][ ]?(?:km|cm|mm|m|ft|in|yd|'|\")$")
_INITIAL = compile_late(r" \d|[.'] ?[A-Z]")
_NO_UNIT = compile_late(r" \d|[.'] ?[A-Z]\.|'[a-z]{2}")
_RACE = compile_late(r"[. ] ?(?:[A-Z0-9]|run|race)")
"""What follows a "K" that counts no kelvin."""
_AIR_PRESSURE = range(850, 1090)
_BARE = frozenset("mgVWtLl")
"""Symbols of one letter, which could be anything."""


def _say_measure(match: re.Match[str], locale: Locale) -> str | None:
    low, high, scale, gap, unit = match.group("low", "high", "scale", "gap", "unit")
    scale = scale or _SCALED.get(match["short"] or "")
    if not _is_unit(match, unit, gap):
        return None
    single = high is None and not scale and is_one(low)
    if unit == "mb" and low.replace(",", "").isdecimal() and int(low.replace(",", "")[:9]) in _AIR_PRESSURE:
        unit = "mbar"
    plural = not (gap == "-" or single or describes(match, alone=not gap))
    said = say_range(low, high, locale)
    return f"{said} {scale + ' ' if scale else ''}{name_unit(unit, locale, plural=plural)}"


def _is_unit(match: re.Match[str], unit: str, gap: str) -> bool:
    """Whether a symbol that could be a word or a letter is a unit here."""
    if unit in ("h", "hr", "hrs") and len(match["low"]) == 4 and match["low"][0] == "0":
        return False
    if unit == "in":
        return _is_inch(match, gap)
    if unit == "MP":
        return not gap
    if unit == "s":
        return _is_second(match, gap)
    line, end = match.string, match.end()
    if unit in ("K", "gal", "h"):
        return gap == " " and not _RACE.match(line, end)
    if unit == "m" and _is_million(match, gap):
        return False
    return unit not in _BARE or not (_INITIAL if unit.isupper() else _NO_UNIT).match(line, end)


def _is_inch(match: re.Match[str], gap: str) -> bool:
    line, end = match.string, match.end()
    if gap != " " and line[end : end + 1] != "-":
        return True
    return match["stop"] is not None or _INCH_NEXT.match(line, end) is not None


def _is_second(match: re.Match[str], gap: str) -> bool:
    line, start, end = match.string, match.start(), match.end()
    if "." in match["low"]:
        return True
    return gap == " " and "'" not in line[start - 1 : start] and not re.match(r" \d", line[end : end + 2])


def _is_million(match: re.Match[str], gap: str) -> bool:
    """Tell "2m people", "a 5m-strong union" and "sales of 3m" from metres."""
    line, start, end = match.string, match.start(), match.end()
    if line.startswith(("-strong", "-plus", "-odd"), end):
        return True
    if (word := _NEXT_WORD.match(line, end)) and word[1].lower() in _COUNTED:
        return True
    return not gap and _POPULOUS.search(line, max(0, start - 80), start) is not None


def _say_scaled(match: re.Match[str], locale: Locale) -> str | None:
    scale = match["scale"].strip()
    word = _NEXT_WORD.match(match.string, match.end())
    counted = word is not None and word[1].lower() in _COUNTED
    populous = _POPULOUS.search(match.string, max(0, match.start() - 80), match.start())
    if scale == "m" and not (
        counted or populous or match.string.startswith(("-strong", "-plus", "-odd"), match.end())
    ):
        return None
    if scale == "k" and word and word[1] in ("run", "race", "walk", "fun", "event", "record", "swim"):
        return f"{say_range(match['low'], match['high'], locale)} K"
    return f"{say_range(match['low'], match['high'], locale)} {_SCALED[scale]}"


def _say_lone_unit(match: re.Match[str], locale: Locale) -> str:
    return match["per"] + name_unit(match["unit"], locale, plural=False)


def _say_sides(match: re.Match[str], locale: Locale) -> str:
    sides = " by ".join(say_number(side, locale) for side in re.split(r"[ ]?[x×][ ]?", match["sides"]))
    unit = match["unit"]
    if match["plural"]:
        return pluralise(sides)
    return f"{sides} {name_unit(unit, locale, plural=not describes(match))}" if unit else sides


def _say_by(match: re.Match[str], locale: Locale) -> str | None:
    """Say "10ft x 12ft" with "by", but "ex" in "at most x 12"."""
    return " by " if _SIDE.search(match.string, max(0, match.start() - 8), match.start()) else None


def _say_density(match: re.Match[str], locale: Locale) -> str:
    below = match["below"]
    per = BELOW.get(below) or name_unit(below, locale, plural=False)
    counted = match["counted"]
    said = counted if counted and not counted[0].isdigit() else say_number(counted, locale)
    return f"{said} per {per}"


READINGS = (
    make_reading(
        "unit without a number",
        r"(?P<per>\b(?:per[ ]|a[ ](?=(?:kg|km|lb|oz|kWh|MWh)\b)))"
        rf"(?P<unit>(?!(?:in|MP|TB|PB)\b)(?=\w{{2}}){PATTERN})",
        _say_lone_unit,
        needs="pa",
        cue=r"\bper |\ba (?:k[gmW]|lb|oz|MW)",
    ),
    make_reading(
        "sides",
        rf"""{APART}(?P<sides>{NUMBER}(?:[ ]?[x×][ ]?{NUMBER}){{1,3}})
        (?: [ -]?(?P<unit>(?!s\b){PATTERN}) | (?P<plural>s)?(?![\w^⁰-⁹]|[ ]?=) )""",
        _say_sides,
        needs="x×",
        cue=r"[0-9] ?[x×] ?[0-9.]",
    ),
    make_reading(
        "blood pressure",
        rf"{APART}(?P<low>[0-9]{{2,3}})[ ]?/[ ]?(?P<high>[0-9]{{2,3}})[ ]?mm[ ]?Hg\b",
        lambda match, locale: (
            " over ".join(
                (
                    cardinal(match["low"], locale),
                    cardinal(match["high"], locale),
                )
            )
            + " "
            + name_unit("mmHg", locale, plural=True)
        ),
        needs="H",
    ),
    make_reading(
        "times between sides",
        r"(?:(?<=[0-9][a-z\"'])|(?<=[0-9 ][a-z]{2})|(?<=[ ][a-z]))[ ]?[x×][ ]?(?=[0-9])",
        _say_by,
        needs="x×",
    ),
    make_reading(
        "measure",
        rf"""{APART}(?P<low>{PART}|{NUMBER}{FRACTION}?)
        (?: (?: [ ]?{PATTERN}[-–] | {TO} ) (?P<high>{NUMBER}{FRACTION}?) )?
        (?: [ ](?P<scale>{WORD_SCALE}) | (?P<short>m|mn|bn|tn)(?=[ ](?:sq|cu|km|kg|kWh|MWh|ha)\b) )?
        (?P<gap>[ -]?) (?P<unit>{PATTERN})
        (?P<stop>\.(?=[,;:)]|[ ][a-z(]))?""",
        _say_measure,
        needs=DIGITS,
    ),
    make_reading(
        "number with a scale",
        rf"""{APART}{RANGE}(?P<scale>[ ]?(?:bn|tn|trn|mn|mln)|[mk])(?!\w)""",
        _say_scaled,
        needs=DIGITS,
        cue=rf"{cues.FIGURE} ?[btmk]",
    ),
    make_reading(
        "so many to the unit",
        rf"""(?P<counted>\b[a-z]++|{APART}{NUMBER})[ ]?/[ ]?
        (?P<below>(?:km|mi|m|ft|cm)(?:[²³]|\^?[23](?![0-9]))|sq\.?[ ](?:mi|km|ft|m))(?!\w)""",
        _say_density,
        needs="/",
    ),
)
