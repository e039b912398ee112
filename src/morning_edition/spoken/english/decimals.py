"""Decimals: "12.5" is "twelve point five", ".05" "point zero five", "4.1.2" "four point one point two"."""

import re

from morning_edition.patterns import compile_late
from morning_edition.spoken.english.numbers import cardinal, decimal, pair_digits
from morning_edition.spoken.reading import Locale, make_reading


def _say_decimal(match: re.Match[str], locale: Locale) -> str:
    return decimal(match.group(), locale)


def _say_version(match: re.Match[str], locale: Locale) -> str:
    return " point ".join(cardinal(part, locale) for part in match.group().split("."))


def _say_average(match: re.Match[str], locale: Locale) -> str | None:
    """Say the average of a batter, or a team's share of wins, in thousandths: "batting .312"."""
    line, start, end = match.string, match.start(), match.end()
    if not (_BATTING.search(line, max(0, start - 24), start) or _AVERAGE.match(line, end)):
        return None
    return pair_digits(match.group()[1:])


_BATTING = compile_late(
    r"\b(?:bat(?:s|ted|ting)|hit(?:s|ting)?|slugg(?:ed|ing)|average of)(?: just| only| a)? $"
)
_AVERAGE = compile_late(
    r" (?:batting|hitter|average|avg|slugging|on-base|clip|team|record|season|ball|winning percentage)\b"
)

READINGS = (
    make_reading(
        "batting average", r"(?<![\w.,)'\"-])\.[1-9][0-9]{2}(?![.,]?[0-9])", _say_average, needs="."
    ),
    make_reading(
        "version", r"(?<![0-9.,])[0-9]{1,4}(?:\.[0-9]{1,4}){2,8}+(?![0-9]|\.[0-9])", _say_version, needs="."
    ),
    make_reading(
        "decimal after a lost space",
        r"(?:(?<=\b[Aa])|(?<=\b[Aa]n)|(?<=\bof)|(?<=\bthe)|(?<=\bhis)|(?<=\bher))\.[0-9]{2,3}(?![.,]?[0-9])",
        _say_decimal,
        needs=".",
    ),
    make_reading(
        "decimal",
        r"(?<![0-9.,])(?:[0-9]{1,3}(?:,[0-9]{3})++|[0-9]++)\.[0-9]++(?!\.[0-9])|(?<![\w.)\]'\"])\.[0-9]++(?![.,]?[0-9])",
        _say_decimal,
        needs=".",
    ),
)
