"""Dates with a month's name: "Dec. 5" is "December fifth", "18 May" "the eighteenth of May"."""

import re

from morning_edition.patterns import compile_late
from morning_edition.spoken.english import cues
from morning_edition.spoken.english.numbers import ordinal, short_year, year
from morning_edition.spoken.reading import DIGITS, Locale, make_reading

MONTHS = "January February March April May June July August September October November December".split()
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
NAMES = {name[:3].lower(): name for name in (*MONTHS, *WEEKDAYS)}
"""Full names by their first three letters."""
MONTH = r"""(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?
    |Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"""
WEEKDAY = r"""(?:Mon(?:day)?|Tue(?:s|sday)?|Wed(?:s|nesday)?|Thu(?:r|rs|rsday)?|Fri(?:day)?|Sat(?:urday)?
    |Sun(?:day)?)\b\.?"""
DAY = r"(?:0?[1-9]|[12][0-9]|3[01])(?![0-9])"
ORDINAL_SIGN = r"(?:st|nd|rd|th)\b"
NOTHING_BEFORE = r"(?<![\w$£€¥\#+])(?<![0-9][.,:/-])(?<!(?-i:[A-Z])-)(?<![ ]-)"
"""No figure or word goes on to the left."""
NOTHING_AFTER = r"(?![0-9]|[.,:/][0-9]|[ ]?(?:%|percent\b|per[ ]cent\b|(?:m|b|tr)illion\b))"
"""No figure goes on to the right."""
IN_YEAR = rf"""(?:(?P<comma>,)?(?:[ ]|-|(?<=,))(?P<of>of[ ])?
    (?P<year>(?:1[0-9]{{3}}|20[0-9]{{2}}|'[0-9]{{2}}){NOTHING_AFTER}))"""
ENDED = r"(?=[,.;:)]|$|[ ](?:in|at|on|for|of|as|by|when|during|this|last|next|to|from|with)\b)"
"""What goes on after the second of two days, so that "May 5 and 6 others" are not two days."""
AFTER_DAY = compile_late(r"[0-9](?:st|nd|rd|th)? $")
"""In "27 May-3 June" the month goes with the day before it."""
DATE_ENDS = compile_late(rf"(?:\b{MONTH}|[0-9](?:st|nd|rd|th)?)$", re.VERBOSE | re.IGNORECASE)
DETERMINERS = compile_late(
    r"(?:\b(?:the|an?|his|her|its|their|our|my|your|this|that|last|next|every|each|annual)|'s|s') $", re.I
)
"""What leaves no room for a "the" of the date's own: "a 5 December deadline" is one of December fifth."""


_COUNTED = compile_late(
    r" (?:more |other |young |new |local )?(?:people|men|women|children|workers|troops|soldiers"
    r"|officers|civilians|patients|students|protesters|suspects|migrants|homes|houses|cases|deaths|companies|countries|states|months|weeks|days|years)\b"
)


def full_name(written: str) -> str:
    """Return the name of a month or day of the week from any of its abbreviations."""
    name = NAMES[written[:3].lower()]
    return name + "s" if name in WEEKDAYS and written.lower().endswith("days") else name


def keep_stop(match: re.Match[str]) -> str:
    """Return the full stop of an abbreviation that ends its line, since it ends the sentence too."""
    after = match.string[match.end() : match.end() + 20]
    return "." if match.group().endswith(".") and not after.strip("\"')]} ") else ""


def _say_year(match: re.Match[str], locale: Locale) -> str:
    written: str | None = match["year"]
    if not written:
        return keep_stop(match)
    said = short_year(written[1:]) if written.startswith("'") else year(written, locale)
    return f"{match['comma'] or ''} {match['of'] or ''}{said}"


def _is_count(match: re.Match[str]) -> bool:
    """Tell "In March 5 people died" from "On March 5 people voted"."""
    if match["sign"] or match["year"] or match["until"] or not _COUNTED.match(match.string, match.end()):
        return False
    before = _before(match).lower()
    return before == "" or before.endswith(("in ", ". ", '"'))


def _is_verb(match: re.Match[str]) -> bool:
    """Tell "may" and "march" from the months: "the 5 may have died"; a year or an ordinal makes sure."""
    return match["month"] in ("may", "march", "mar") and not match["year"] and not match["sign"]


def _before(match: re.Match[str]) -> str:
    return match.string[max(0, match.start() - 10) : match.start()]


def _month_and_days(match: re.Match[str], article: str) -> str:
    days = [article + ordinal(day) for day in (match["day"], match["until"]) if day]
    return f"{full_name(match['month'])} " + f" {match['joint'] or 'to'} ".join(days)


def _say_month_first(match: re.Match[str], locale: Locale) -> str | None:
    if _is_verb(match) or _is_count(match) or (match["hyphen"] and AFTER_DAY.search(_before(match))):
        return None
    article = "" if locale.is_american or DETERMINERS.search(_before(match)) else "the "
    return _month_and_days(match, article) + _say_year(match, locale)


def _say_day_first(match: re.Match[str], locale: Locale) -> str | None:
    if _is_verb(match):
        return None
    before = _before(match)
    determiner = DETERMINERS.search(before)
    if determiner and determiner[0].lower() != "the ":
        return _month_and_days(match, "") + _say_year(match, locale)
    days = f" {match['joint'] or 'to'} the ".join(
        ordinal(day) for day in (match["day"], match["until"]) if day
    )
    return f"{'' if determiner else 'the '}{days} of {full_name(match['month'])}" + _say_year(match, locale)


def _say_month_and_year(match: re.Match[str], locale: Locale) -> str | None:
    if match["month"] in ("may", "march") and match.start():
        return None
    return full_name(match["month"]) + _say_year(match, locale)


def _say_span(match: re.Match[str], locale: Locale) -> str:
    joint = " " if "/" in match.group() else " to "
    return full_name(match["first"]) + joint + full_name(match["second"]) + keep_stop(match)


def _say_to(match: re.Match[str], locale: Locale) -> str | None:
    return " to " if DATE_ENDS.search(match.string[max(0, match.start() - 12) : match.start()]) else None


def _say_name(match: re.Match[str], locale: Locale) -> str:
    return full_name(match.group()) + keep_stop(match)


def _say_weekday(match: re.Match[str], locale: Locale) -> str:
    return full_name(match["name"]) + ("," if "," in match.group() else "")


READINGS = (
    make_reading(
        "month and day",
        rf"""\b(?P<month>{MONTH}) (?:[ ]|(?P<hyphen>-)|(?<=\.)) (?:the[ ])?
        (?P<day>{DAY}) (?P<sign>{ORDINAL_SIGN})?
        (?!,?[0-9]{{1,3}}(?![0-9])|[.:/][0-9]|[ ]?%|[ ](?:percent|per[ ]cent|(?:m|b|tr)illion)\b)
        (?:(?:[ ]?[-–][ ]?|[ ](?P<joint>and|or|to|through|until)[ ](?=[0-9]{{1,2}}(?:st|nd|rd|th)?{ENDED}))
        (?P<until>{DAY})(?:{ORDINAL_SIGN})?(?![0-9A-Za-z]|[.,:/][0-9]))? {IN_YEAR}?""",
        _say_month_first,
        needs=DIGITS,
        flags=re.IGNORECASE,
    ),
    make_reading(
        "day and month",
        rf"""{NOTHING_BEFORE}(?P<day>{DAY})(?P<sign>{ORDINAL_SIGN})?
        (?:(?:[ ]?[-–/][ ]?|[ ](?P<joint>and|or|to|until)[ ])(?P<until>{DAY})(?:{ORDINAL_SIGN})?)?
        (?:[ ]of[ ]|[ ]|-)(?P<month>{MONTH}){IN_YEAR}?""",
        _say_day_first,
        needs=DIGITS,
        cue=rf"[0-9](?i:st|nd|rd|th)?(?i: of |[ -]){cues.MONTH}",
        flags=re.IGNORECASE,
    ),
    make_reading(
        "span of months",
        rf"\b(?P<first>{MONTH})[ ]?[-–/][ ]?(?P<second>{MONTH})",
        _say_span,
        needs="-–/",
        cue=rf"[-–/] ?{cues.MONTH}",
    ),
    make_reading(
        "dash between dates",
        rf"(?<=[0-9a-z.])[ ]?[-–][ ]?(?={MONTH}[ ][0-9]|{DAY}[ ]{MONTH}|{WEEKDAY}[ ]{DAY}[ ]{MONTH})",
        _say_to,
        needs="-–",
        cue=r"[-–] ?(?:[0-9]|[A-Z][a-z]+\.? [0-9])",
    ),
    make_reading(
        "month and year",
        rf"\b(?P<month>{MONTH}){IN_YEAR}",
        _say_month_and_year,
        needs=DIGITS,
        cue=rf"{cues.MONTH}\w{{0,6}}\.?,?[ -]?(?i:of )?['12][0-9]",
        flags=re.IGNORECASE,
    ),
    make_reading(
        "span of days of the week",
        rf"\b(?P<first>{WEEKDAY})[ ]?[-–][ ]?(?P<second>{WEEKDAY})",
        _say_span,
        needs="-–",
        cue=r"[-–] ?[MTWFS][ouehra][nesduit]",
    ),
    make_reading(
        "day of the week before a date",
        rf"""\b(?P<name>{WEEKDAY}),?
        (?=[ ](?:{MONTH}|{DAY}(?:{ORDINAL_SIGN}|[ ](?:of[ ])?{MONTH})|night|morning|afternoon|evening))""",
        _say_weekday,
    ),
    make_reading(
        "abbreviated day of the week", r"\b(?P<name>Tues|Weds|Thurs?|Fri)\.(?![\w.])", _say_name, needs="."
    ),
    make_reading(
        "abbreviated day of the week in its place",
        r"""(?:(?<=\bon[ ])|(?<=until[ ])|(?<=\bby[ ])|(?<=next[ ])|(?<=last[ ])|(?<=this[ ])|(?<=from[ ])
        |(?<=[a-z]\.[ ]and[ ]))(?:Mon|Wed|Sat|Sun)\.(?![\w.])
        |\b(?:Mon|Wed|Thu|Sat|Sun)\.(?=,[ ](?:Mon|Tue|Wed|Thu|Fri|Sat)[a-z]{0,2}\.)""",
        _say_name,
        needs=".",
        cue=r"(?:Mon|Wed|Thu|Sat|Sun)\.",
    ),
    make_reading(
        "abbreviated month", r"\b(?P<name>Jan|Feb|Apr|Aug|Sept?|Oct|Nov|Dec)\.(?![\w.])", _say_name, needs="."
    ),
)
