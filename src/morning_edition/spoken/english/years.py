"""Years and decades: "in 1453", "the '80s", "mid-1990s", "'03", "2Q22"."""

import re

from morning_edition.patterns import compile_late
from morning_edition.spoken.english.numbers import cardinal, decade, ordinal, pluralise, short_year, year
from morning_edition.spoken.reading import Locale, make_reading

NOTHING_BEFORE = r"(?<![0-9$£€¥])(?<![0-9][.,:/])(?<!(?<![A-Za-z])\.)"
NOTHING_AFTER = r"(?![0-9]|[.,:/][0-9]|[ ]?(?:%|percent\b|per[ ]cent\b|(?:m|b|tr)illion\b))"
COUNTED = compile_late(
    r"""[ ](?:(?:square|cubic|sq\.?|new|more|other|people|men|women|children|troops|soldiers|dead|feet|head
    |horsepower|(?:mile|yard|acre|met(?:er|re)|kilomet(?:er|re)|kilo|ton|tonne|pound|dollar|euro|bushel|degree|calorie|watt|year
    |month|week|day|hour|minute|second|time|vote|point|page|case|death|job|home|house|unit|share|student|member|employee
    |worker|seat|prisoner|refugee|migrant)s)\b)|-(?:year|day|hour|mile|foot|yard|acre|met(?:er|re)|seat|page|strong)\b""",
    re.VERBOSE,
)
"""What is counted: a number before one of these is no year."""
COUNTING = compile_late(
    r"""\b(?:nearly|almost|some|at[ ]least|exactly|approximately|roughly
    |(?:total|population|survey|sample|crowd|group|majority|margin|lead)[ ]of
    |(?:won|lost|beaten|defeated|passed)[ ]by)[ ]$""",
    re.IGNORECASE | re.VERBOSE,
)
"""What counts: a number after one of these is no year."""
MEASURING = compile_late(r"\b(?:than|over|about|around|up to|another|all|only|just) $", re.IGNORECASE)
"""What may count: it does where a plural follows."""
PLURAL = compile_late(r"[ ](?!was\b|has\b|his\b|this\b|levels\b|figures\b|prices\b)[a-z]{3,}s\b")
DETERMINED = compile_late(r"(?:\b(?:the|in|since|until|during|this)|'s)[ ]$", re.IGNORECASE)
"""What a year stands after though something that may be counted follows: "the 2012 deaths"."""
AGES = compile_late(r"\b(?:the|early|late|mid|his|her|their|my|our|your)[ -]$", re.IGNORECASE)
"""What a decade follows though it is written as if it owned something: "the 1980's"."""


def _is_count(match: re.Match[str]) -> bool:
    """Tell a number of things from a year by its neighbours."""
    before = match.string[max(0, match.start() - 20) : match.start()]
    if match.group().endswith("00") and match.string.startswith("-", match.end()):
        return False
    if COUNTED.match(match.string, match.end()):
        return not DETERMINED.search(before)
    if match.group().endswith("00"):
        return False
    if COUNTING.search(before):
        return True
    return bool(MEASURING.search(before) and PLURAL.match(match.string, match.end()))


def _say_year(match: re.Match[str], locale: Locale) -> str | None:
    return None if _is_count(match) else year(match.group(), locale)


def _say_decade(match: re.Match[str], locale: Locale) -> str | None:
    owns = "'" in match["sign"] and not match["apostrophe"]
    if owns and not AGES.search(match.string[max(0, match.start() - 7) : match.start()]):
        return None
    digits = match["digits"]
    return "two thousands" if digits == "00" else decade(digits).removeprefix("one ")


def _say_plural(match: re.Match[str], locale: Locale) -> str:
    return pluralise(cardinal(match["digits"], locale)).removeprefix("one ")


def _say_short(match: re.Match[str], locale: Locale) -> str:
    return short_year(match["digits"])


def _say_quarter(match: re.Match[str], locale: Locale) -> str:
    digits = match["year"]
    said = year(digits if len(digits) == 4 else f"20{digits}", locale)
    article = "" if match.string.endswith("the ", 0, match.start()) else "the "
    return f"{article}{ordinal(match['quarter'])} quarter of {said}"


READINGS = (
    make_reading(
        "quarter of a year",
        rf"{NOTHING_BEFORE}\b(?P<quarter>[1-4])Q(?P<year>20[0-9]{{2}}|[0-9]{{2}})\b",
        _say_quarter,
        needs="Q",
    ),
    make_reading(
        "decade",
        r"(?<![\w$£€.,:/])(?P<apostrophe>')?(?P<digits>(?:1[0-9]|20|21)[0-9]0|[1-9]0|00)(?P<sign>'?[sS])\b",
        _say_decade,
        needs="sS",
    ),
    make_reading(
        "year of two digits",
        r"(?<![\w.,])'(?P<digits>[0-9]{2})(?!\w|'(?!s\b)|[.,:][0-9])",
        _say_short,
        needs="'",
    ),
    make_reading(
        "year", rf"{NOTHING_BEFORE}(?:1[0-9]{{3}}|20[0-9]{{2}}){NOTHING_AFTER}", _say_year, needs="12"
    ),
    make_reading(
        "year to come",
        rf"""(?:(?<=[Bb]y[ ])|(?<=[Ii]n[ ])|(?<=[Uu]ntil[ ])|(?<=year[ ]))2[1-9][0-9]{{2}}
        (?=[.,;:)'\"]|$|[ ][a-z]{{1,4}}\b){NOTHING_AFTER}""",
        _say_year,
        needs="2",
    ),
    make_reading("plural", r"(?<![\w$£€.,:/-])(?P<digits>[0-9]{1,9})s\b", _say_plural, needs="s"),
)
