"""Measures in two units: "6 ft 2 in" is "six feet two inches", "12st 4lb" "twelve stone four pounds"."""

import re

from morning_edition.patterns import compile_late
from morning_edition.spoken.english import cues
from morning_edition.spoken.english.amounts import APART, FRACTION, NUMBER, describes, is_one, say_number
from morning_edition.spoken.english.numbers import cardinal
from morning_edition.spoken.reading import DIGITS, Locale, make_reading

_GOES_ON = compile_late(r"[,.;!?] ")
"""After the last word of a quotation whose beginning stands in another line."""


def _say_feet(match: re.Match[str], locale: Locale) -> str:
    feet, inches = match["feet"], match["inches"]
    tall = match["bare"] is None and describes(match)
    said = (
        f"{say_number(feet, locale)} {'foot' if tall or feet == '1' else 'feet'} {say_number(inches, locale)}"
    )
    if tall:
        return f"{said} inch"
    return said if match["bare"] is not None else f"{said} {'inch' if inches == '1' else 'inches'}"


def _say_stones(match: re.Match[str], locale: Locale) -> str | None:
    """Say "14st" in stones: "1st" and "21st" are first and twenty-first."""
    number = match["low"]
    if number[-1] == "1" and number[-2:] != "11":
        return None
    return f"{cardinal(number, locale)} stone"


def _say_primes(match: re.Match[str], locale: Locale) -> str | None:
    """Say 12" as inches unless the sign closes a quotation."""
    line, start = match.string, match.start()
    if line.count('"', max(0, start - 2000), start) % 2 or _GOES_ON.match(line, match.end()):
        return None
    return f"{say_number(match['low'], locale)} {'inch' if is_one(match['low']) else 'inches'}"


def _say_pounds(match: re.Match[str], locale: Locale) -> str:
    """Say "12st 4lb" and "5 lb 3 oz"."""
    names = {"st": ("stone", "stone"), "lb": ("pound", "pounds"), "oz": ("ounce", "ounces")}
    said = []
    for number, unit in ((match["more"], match["large"]), (match["less"], match["small"])):
        one, many = names[unit.rstrip("s.")[:2] if unit != "st" else "st"]
        said.append(f"{say_number(number, locale)} {one if is_one(number) else many}")
    return " ".join(said)


def _say_duration(match: re.Match[str], locale: Locale) -> str | None:
    """Say "1h 27m 57.9s"; minutes by themselves may be metres."""
    hour, minute, second = match.group("hour", "minute", "second")
    if not hour and not second:
        return None
    parts = ((hour, "hour"), (minute, "minute"), (second, "second"))
    return " ".join(
        f"{say_number(number, locale)} {unit}{'' if number == '1' else 's'}"
        for number, unit in parts
        if number
    )


READINGS = (
    make_reading(
        "duration in letters",
        r"""(?<![\w.,:$£€-])(?:(?P<hour>[0-9]{1,3})h(?:rs?)?[ ]?)?(?P<minute>[0-9]{1,2})(?:m|mins?)
        (?:(?<=[0-9]m)|(?<=min)|(?<=mins))
        (?:[ ]?(?P<second>[0-9]{1,2}(?:\.[0-9]{1,3})?)(?:s|secs?))?(?![\w.]*\w)""",
        _say_duration,
        needs="m",
        cue=r"[0-9]m",
    ),
    make_reading(
        "feet and inches",
        r"""(?<![\w.,'])(?P<feet>[0-9]{1,2})
        (?: [ ]?(?:ft\.?|feet|foot)[ ]? | '(?:[ ](?=[0-9]{1,2}(?:"|\'\')))? )
        (?P<inches>1[01]|[0-9](?:\.[0-9]|[ ]?[½¼¾]|[ ]1/[24])?)
        (?: [ ]?(?:inches|inch|ins?\b|"|''|″) | (?P<bare>(?![\w.:]\w|["\w])) )""",
        _say_feet,
        needs=DIGITS,
        cue=r"[0-9] ?[f']",
    ),
    make_reading(
        "inches by their sign",
        rf"{APART} (?P<low>{NUMBER}{FRACTION}?)[\"″](?!\w)",
        _say_primes,
        needs='"″',
        cue=rf"{cues.FIGURE}[\"″]",
    ),
    make_reading(
        "feet by their sign",
        rf"{APART}(?P<low>{NUMBER})'(?=[ ]?[x×][ ]?[0-9])|(?<=[x×][ ])(?P<last>[0-9]{{1,4}})'(?!\w)",
        lambda match, locale: f"{say_number(match['low'] or match['last'], locale)} feet",
        needs="x×",
        cue=r"[0-9]'",
    ),
    make_reading("stones", rf"{APART}(?P<low>[1-9][0-9]?)st(?!\w|[ ]?[0-9])", _say_stones, needs="s"),
    make_reading(
        "stones, pounds and ounces",
        rf"{APART}(?P<more>[0-9]+)[ ]?(?P<large>st|lbs?)[ ]?(?P<less>{NUMBER})[ ]?(?P<small>lbs?|oz)\b",
        _say_pounds,
        needs="sl",
        cue=r"[0-9] ?(?:st|lb)",
    ),
)
