"""The days of an article that is aired on another: "today" becomes the weekday it meant.

"Today" is also "these days"; it is resolved only beside a verb or an event that dates it.
"""

import datetime as dt
import functools
import re
from collections.abc import Sequence

from morning_edition.patterns import compile_late
from morning_edition.script.style.airing import LONGEST_SENTENCE, Airing
from morning_edition.script.style.quotations import edit_outside

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = tuple(
    "January February March April May June July August September October November December".split()
)
_LOOK_BACK = 40
"""How far back the words before a day are read, in characters."""
LONGEST_AWAY_DAYS = 6
"""A weekday names a day that is no further off."""

_EVENT = (
    r"announcement|attack|ballot|blast|briefing|clash|clashes|crash|decision|election|elections|explosion|final"
    r"|game|hearing|incident|launch|match|meeting|news\ conference|poll|press\ conference|protest|protests"
    "|referendum|result|results|ruling|session|shooting|speech|strike|strikes|summit|talks|trial|verdict|vote"
)
_DATED = compile_late(
    rf"""
    \b(?:
        (?P<day>[Yy]esterday|[Tt]omorrow|[Tt]onight)(?P<owned>['’]s)?
        (?P<part>\ (?:morning|afternoon|evening|night))?\b
      | [Tt]his\ (?P<hour>morning|afternoon|evening)(?P<hours>['’]s)?\b
      | (?P<last>[Ll]ast)\ night(?P<nights>['’]s)?\b
      | (?P<today>[Tt]oday)(?:(?P<todays>['’]s)(?=\ (?:{_EVENT})\b))?(?!['’\w])
    )
    """,
    re.VERBOSE,
)
_LINKED = compile_late(
    r"\b(?:until|till|by|since|from|for|before|after|through|to|of|between|on|early|late|mid)[ -]$",
    re.IGNORECASE,
)
_TOPIC = compile_late(r" (?:is|was|will|marks|marked|sees|saw|brings|brought)\b")
_THESE_DAYS = compile_late(
    r"\b(?:still|even|until|than|as|of|like|here|and|or|world|society|America|Britain|USA|[A-Z]\w+)$"
)
_PAST = (
    "was|were|had|said|told|began|became|broke|came|fell|found|gave|got|held|hit|left|lost|made|met|put|ran|rose"
    "|saw|sent|set|shot|spoke|struck|took|went|won|wrote|died|(?!need|feed|speed|indeed|agreed)[a-z]{2,}ed"
)
_PAST_BEFORE = compile_late(rf"\b(?:{_PAST})$")
_PAST_AFTER = compile_late(rf",? (?:also )?(?:{_PAST}|will|is to|are to)\b")
_PAST_THERE = compile_late(rf"\b(?:{_PAST}|will)\b")
_CLAUSE_END = compile_late(r"[.;!?]|$")
_AGES = compile_late(
    r"\b(?:ago|as|centur(?:y|ies)|compared|decades?|fewer|less|many|more|most|once|remains?|since|still|than"
    r"|used to|(?:19|20)\d\d)\b"
)
"""What tells that "today" is set against another age."""
_GOING_ON = compile_late(r"\b(?:is|are|has|have|be|been|not)$")
_PRESENT = compile_late(
    r"\b(?:is|are|has|have|does|do|can|remains?|lives?|employs?)\b|['’]s (?:a|the|been)\b"
)


def resolve_days(sentences: Sequence[str], airing: Airing) -> list[str]:
    """Return *sentences* with the days told as they are on the edition's day."""
    written = airing.article_date
    if written is None or written == airing.date:
        return list(sentences)
    return edit_outside(sentences, _DATED, lambda match: _resolve(match, written, airing.date))


def _resolve(match: re.Match[str], written: dt.date, aired: dt.date) -> str:
    if len(match.string) > LONGEST_SENTENCE or _is_name(match):
        return match[0]
    if match["today"] and not (match["todays"] or _is_dated(match)):
        return match[0]
    if match.string.endswith(("only ", "like "), 0, match.start()):
        return match[0]  # "as if it were only yesterday"
    if match["day"] and match["day"].lower() == "tomorrow" and (match["owned"] or _follows_of(match)):
        return match[0]  # "tomorrow's leaders", "the cars of tomorrow"
    day = _find_day(match, written)
    if day is None:
        return match[0]
    owned = match["owned"] or match["hours"] or match["nights"] or match["todays"] or ""
    said = _name_day(day, aired, _find_part(match), needs_on=not owned and not _is_linked(match)) + owned
    return said[0].upper() + said[1:] if match[0][0].isupper() else said


def _is_name(match: re.Match[str]) -> bool:
    """Tell "USA Today" and "Russia Today": a capital inside the sentence."""
    before = match.string[max(0, match.start() - _LOOK_BACK) : match.start()].rstrip(" \"“‘'(")
    return match[0][0].isupper() and before != "" and before[-1] not in ".!?:—–"


def _is_dated(match: re.Match[str]) -> bool:
    """Tell "today" as a date from "today" as the present age."""
    before = match.string[max(0, match.start() - _LOOK_BACK) : match.start()].rstrip(" ,")
    if _names_days(match.string):
        return True
    ends = _CLAUSE_END.match(match.string, match.end()) is not None
    if _GOING_ON.search(before) and not ends:
        return False
    if _PAST_AFTER.match(match.string, match.end()):
        return True
    if _THESE_DAYS.search(before):
        return False
    if _PAST_BEFORE.search(before):
        return True
    return _tells_past(match.string) or (ends and not _AGES.search(match.string))


@functools.lru_cache(maxsize=1)  # a sentence of many days is asked for each of them
def _tells_past(sentence: str) -> bool:
    return bool(_PAST_THERE.search(sentence)) and not _PRESENT.search(sentence)


@functools.lru_cache(maxsize=1)
def _names_days(sentence: str) -> bool:
    """Tell whether another day beside "today" is told from the day of writing."""
    return any(not found["today"] for found in _DATED.finditer(sentence))


def _follows_of(match: re.Match[str]) -> bool:
    return match.string[max(0, match.start() - 4) : match.start()].endswith((" of ", " for "))


def _is_linked(match: re.Match[str]) -> bool:
    """Tell whether a preposition stands before the day already, or the day is what the sentence is about."""
    if _LINKED.search(match.string[max(0, match.start() - 10) : match.start()]):
        return True
    return match[0][0].isupper() and _TOPIC.match(match.string, match.end()) is not None


def _find_day(match: re.Match[str], written: dt.date) -> dt.date | None:
    word = (match["day"] or "").lower()
    away = -1 if word == "yesterday" or match["last"] else 1 if word == "tomorrow" else 0
    try:
        return written + dt.timedelta(days=away)
    except OverflowError:
        return None


def _find_part(match: re.Match[str]) -> str:
    """Name the part of the day, with a space before it."""
    if match["last"] or (match["day"] or "").lower() == "tonight":
        return " night"
    return f" {match['hour']}" if match["hour"] else match["part"] or ""


def _name_day(day: dt.date, aired: dt.date, part: str, *, needs_on: bool) -> str:
    if day == aired:
        return {"": "today", " night": "tonight"}.get(part, f"this{part}")
    named = DAYS[day.weekday()]
    if abs((aired - day).days) > LONGEST_AWAY_DAYS:
        named = f"{MONTHS[day.month - 1]} {day.day}"
        named += f", {day.year}" if day.year != aired.year else ""
        part = f" in the{part}" if part and part != " night" else " at night" if part else ""
    return ("on " if needs_on else "") + named + part
