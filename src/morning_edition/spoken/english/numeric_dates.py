"""Dates in digits alone: "2007-05-18", and "5/11/2024" by the order of the locale."""

import datetime
import re

from morning_edition.patterns import compile_late
from morning_edition.spoken.english import cues
from morning_edition.spoken.english.amounts import NO_NOUNS
from morning_edition.spoken.english.dates import DAY, MONTHS, WEEKDAY, full_name
from morning_edition.spoken.english.numbers import decade, ordinal, year
from morning_edition.spoken.reading import DIGITS, Locale, make_reading

PIVOT = 50
"""A year of two digits below this is one of this century."""
DAY_WORDS = compile_late(
    r"""(?:\b(?:on|until|till|since|beginning|starting|ending|effective|dated|due|before|from|for|by|after|through
    |week[ ]of)|day)[ ]\(?$""",
    re.IGNORECASE | re.VERBOSE,
)
"""What a day written "2/22" follows; anywhere else it is a fraction."""
COMMON_FRACTION = compile_late(r"1/[2-9]|2/[35]|3/[458]|4/5|5/[68]|7/8")
SAID_AS_NUMBERS = {
    "9/11": "nine eleven",
    "24/7": "twenty-four seven",
    "7/7": "seven seven",
    "26/11": "twenty-six eleven",
    "50/50": "fifty-fifty",
    "20/20": "twenty twenty",
}
"""What is said by its figures, whatever it counts."""
_NOUN = compile_late(r" ([a-z]+)")
CODES = {
    "Mo": "Monday",
    "Tu": "Tuesday",
    "We": "Wednesday",
    "Th": "Thursday",
    "Fr": "Friday",
    "Sa": "Saturday",
    "Su": "Sunday",
}


def _say_day(first: str, second: str, locale: Locale) -> str | None:
    """Say a day in the order of the *locale*, or in the other where that is no day of the year."""
    orders = [(int(first), int(second)), (int(second), int(first))]
    for month, day in orders if locale.is_american else reversed(orders):
        if _is_day(month, day):
            return _say_month_and_day(month, day, locale)
    return None


def _is_day(month: int, day: int) -> bool:
    try:
        datetime.date(2024, month, day)  # a leap year
    except ValueError:
        return False
    return True


def _say_month_and_day(month: int, day: int, locale: Locale) -> str:
    name = MONTHS[month - 1]
    return f"{name} {ordinal(day)}" if locale.is_american else f"the {ordinal(day)} of {name}"


def _say_year_first(match: re.Match[str], locale: Locale) -> str | None:
    month, day = int(match["month"]), int(match["day"])
    if not _is_day(month, day):
        return None
    return f"{_say_month_and_day(month, day, locale)}, {year(match['year'], locale)}"


def _say_year_last(match: re.Match[str], locale: Locale) -> str | None:
    said = _say_day(match["first"], match["second"], locale)
    digits = match["year"]
    if len(digits) == 2:
        digits = ("20" if int(digits) < PIVOT else "19") + digits
    return f"{said}, {year(digits, locale)}" if said else None


def _say_without_year(match: re.Match[str], locale: Locale) -> str | None:
    written = match.group()
    if written in SAID_AS_NUMBERS:
        return SAID_AS_NUMBERS[written]
    before = match.string[max(0, match.start() - 12) : match.start()]
    if COMMON_FRACTION.fullmatch(written) or not DAY_WORDS.search(before):
        return None
    return _say_day(match["first"], match["second"], locale)


def _say_day_of_week(match: re.Match[str], locale: Locale) -> str | None:
    name = match["name"]
    said = _say_day(match["first"], match["second"], locale)
    return f"{CODES.get(name) or full_name(name)}{match['between']}{said}" if said else None


def _say_decade(match: re.Match[str], locale: Locale) -> str:
    return decade(match["digits"])


def _say_part(match: re.Match[str], locale: Locale) -> str:
    """Say "3Q" and "1H"; before a noun they are no thing of their own: "3Q profit"."""
    line, end = match.string, match.end()
    noun = _NOUN.match(line, end)
    alone = (
        noun is None
        or noun[1] in NO_NOUNS
        or line.endswith(("In ", "in ", "of ", "for ", "during "), 0, match.start())
    )
    alone = alone and not line.endswith(("the ", "The "), 0, match.start())
    return (
        f"{'the ' if alone else ''}{ordinal(match['number'])} {'quarter' if match['part'] == 'Q' else 'half'}"
    )


READINGS = (
    make_reading(
        "part of a year",
        r"(?<![\w.,$£€-])(?P<number>[1-4](?=Q)|[12](?=H))(?P<part>[QH])(?![\w-])",
        _say_part,
        needs="QH",
    ),
    # Here rather than among the years: a measure would have its "s" for seconds.
    make_reading(
        "decade written apart",
        r"(?<![\w$£€/.,:-])(?P<digits>(?:1[0-9]|20)[0-9]0)[ ]s(?![\w'.-])",
        _say_decade,
        needs="s",
    ),
    make_reading(
        "date in digits, year first",
        rf"""(?<![\w/-])(?P<year>1[0-9]{{3}}|20[0-9]{{2}})(?P<sign>[-/.])(?P<month>0?[1-9]|1[0-2])(?P=sign)
        (?P<day>{DAY})(?![-/]|\.[0-9])""",
        _say_year_first,
        needs=DIGITS,
        cue=cues.DATE_IN_DIGITS,
    ),
    make_reading(
        "date in digits, year last",
        r"""(?<![\w$£€/.,-])(?P<first>[0-9]{1,2})(?P<sign>[-/.])(?P<second>[0-9]{1,2})(?P=sign)
        (?P<year>(?:1[0-9]|20)[0-9]{2}|(?<=/)[0-9]{2})(?![\w/-]|\.[0-9])""",
        _say_year_last,
        needs=DIGITS,
        cue=cues.DATE_IN_DIGITS,
    ),
    make_reading(
        "day of the week and date in digits",
        rf"""\b(?P<name>{WEEKDAY}|Mo|Tu|We|Th|Fr|Sa|Su)(?P<between>,?[ ]\(?)
        (?P<first>[0-9]{{1,2}})/(?P<second>[0-9]{{1,2}})(?![\w/]|[.,][0-9])""",
        _say_day_of_week,
        needs="/",
    ),
    make_reading(
        "day in digits",
        r"(?<![\w$£€/.,-])(?P<first>[0-9]{1,2})/(?P<second>[0-9]{1,2})(?![\w/]|[.,][0-9])",
        _say_without_year,
        needs="/",
    ),
)
