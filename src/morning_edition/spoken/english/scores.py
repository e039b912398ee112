"""Scores and verses: "6-4, 7-6" is "six four, seven six", "Micah 6:6-8" "Micah six, six to eight"."""

import re

from morning_edition.patterns import compile_late
from morning_edition.spoken.english import cues
from morning_edition.spoken.english.numbers import cardinal
from morning_edition.spoken.reading import Locale, make_reading

SET = r"[0-7]-[0-7](?:[ ]?\([0-9]{1,2}(?:-[0-9]{1,2})?\))?"
NOTHING_BEFORE = r"(?<![\w/:$£€-])(?<![0-9][.,])"
NOTHING_AFTER = r"(?![\w/:-]|[.,][0-9])"
_SCORING = compile_late(
    r"""\b(?:won|wins?|winning|beat(?:en|ing|s)?|los(?:t|e|es|ing)|dr[ae]w(?:s|n|ing)?|led|leads?|leading|trail(?:s|ed|ing)
    |defeat(?:ed|s)?|victory|victories|triumph(?:ed)?|final|ended|finished|thrash(?:ed|ing)|score|made[ ]it
    )\b[^.,;:]{0,32}$
    |\b(?:ahead|back|down|held|kept[ ]it|level|up)(?:[ ]at)?[ ]$""",
    re.VERBOSE,
)
_RESULT = compile_late(
    r" (?:win|victory|defeat|loss|draw|thrashing|lead|aggregate|triumph|deficit|advantage|scoreline"
    r"|after|at half)\b"
)
_NO_GOALS = compile_late(
    r" (?:vote|ruling|decision|majority|odds|shot|favou?rite|outsider|underdog|per|percent|million|billion"
    r"|inches|feet|ft|of|or|stone|kg|km|kilos|lb|people|men|women|staff|(?!winners|losers|loss\b|against|across|thus|as|was|has|is|his)[a-z]{2,}s)\b"
)
BOOKS = compile_late(
    r"""\b(?:Genesis|Exodus|Leviticus|Numbers|Deuteronomy|Joshua|Judges|Ruth|Samuel|Kings|Chronicles|Ezra|Nehemiah|Esther
    |Job|Psalms?|Proverbs|Ecclesiastes|Isaiah|Jeremiah|Lamentations|Ezekiel|Daniel|Hosea|Joel|Amos|Obadiah|Jonah|Micah
    |Nahum|Habakkuk|Zephaniah|Haggai|Zechariah|Malachi|Matthew|Mark|Luke|John|Acts|Romans|Corinthians|Galatians
    |Ephesians|Philippians|Colossians|Thessalonians|Timothy|Titus|Philemon|Hebrews|James|Peter|Jude|Revelations?|Qur'?an
    |Koran|Surah|Sirach|Maccabees|Tobit|Judith|Wisdom|Baruch)[ ]$""",
    re.VERBOSE,
)
"""What a chapter and its verses follow."""


def _say_tie_break(match: re.Match[str]) -> str:
    return f", {match[1]}{',' if match[2] else ''}{match[2]}"


def _say_sets(match: re.Match[str], locale: Locale) -> str:
    said = re.sub(r"[ ]?\(([0-9-]+)\)([ ]?)", _say_tie_break, match.group()).replace("-", " ")
    return re.sub(r"[0-9]+", lambda digits: cardinal(digits.group()), said)


_RECORD = (("won", "more"), ("lost", "fewer"))


def _say_record(match: re.Match[str], locale: Locale) -> str | None:
    if match["more"] and not locale.is_american:
        return None
    return " and ".join(cardinal(match[part] or match[other], locale) for part, other in _RECORD)


def _say_each(match: re.Match[str], locale: Locale) -> str:
    return ", ".join(cardinal(number, locale) for number in match.group().split("-"))


def _say_goals(match: re.Match[str], locale: Locale) -> str | None:
    """Say a British score without "to": "won three one"; courts and odds keep it."""
    line, start, end = match.string, match.start(), match.end()
    if locale.is_american or line.endswith("from ", 0, start) or _NO_GOALS.match(line, end):
        return None
    if not _SCORING.search(line, max(0, start - 40), start) and not _RESULT.match(line, end):
        return None
    return " ".join("nil" if goals == "0" else cardinal(goals) for goals in match.group("first", "second"))


def _say_bowling(match: re.Match[str], locale: Locale) -> str:
    return f"{cardinal(match['first'], locale)} for {cardinal(match['second'], locale)}"


def _say_nil(match: re.Match[str], locale: Locale) -> str | None:
    if locale.is_american:
        return None
    goals = match["goals"]
    return f"{'nil' if goals == '0' else cardinal(goals)} nil"


def _say_verse(match: re.Match[str], locale: Locale) -> str | None:
    if not BOOKS.search(match.string[max(0, match.start() - 16) : match.start()]):
        return None
    until = f" to {cardinal(match['until'], locale)}" if match["until"] else ""
    return f"{cardinal(match['chapter'], locale)}, {cardinal(match['verse'], locale)}{until}"


READINGS = (
    make_reading(
        "sets",
        rf"""{NOTHING_BEFORE}
        (?:{SET}(?:[,;]?[ ]{SET})+|[67]-[67][ ]?\([0-9]{{1,2}}(?:-[0-9]{{1,2}})?\)){NOTHING_AFTER}""",
        _say_sets,
        needs="-",
        cue=cues.TO_FIGURE,
    ),
    make_reading(
        "games won and lost",
        rf"{NOTHING_BEFORE}(?P<won>[0-9]{{1,2}})[-–](?P<lost>[0-9]{{1,2}})(?=[ ](?:record|start|season)\b)"
        rf"|(?:(?<=\bwent[ ])|(?<=improved[ ]to[ ])|(?<=dropped[ ]to[ ]))"
        r"(?P<more>[0-9]{1,2})-(?P<fewer>[0-9]{1,2})"
        r"(?![\w:-]|[.,][0-9]|[ ](?:up|down|ahead|behind)\b)",
        _say_record,
        needs="-–",
        cue=cues.TO_FIGURE,
    ),
    make_reading(
        "won, lost and drawn",
        rf"{NOTHING_BEFORE}(?:[0-9]{{1,2}}-){{2,3}}[0-9]{{1,2}}(?:(?=--)|{NOTHING_AFTER})",
        _say_each,
        needs="-",
        cue=cues.TO_FIGURE,
    ),
    make_reading(
        "runs for wickets",
        rf"""{NOTHING_BEFORE}(?P<first>[1-9][0-9]{{1,2}})[-–](?P<second>[0-9])
        (?=[ ](?:at[ ](?:stumps|lunch|tea|the[ ]close)|declared|dec\b|off\b|in[ ]reply))""",
        _say_bowling,
        needs="-–",
        cue=cues.TO_FIGURE,
    ),
    make_reading(
        "wickets for runs",
        r"(?:(?<=took[ ])|(?<=takes[ ])|(?<=claimed[ ]))(?P<first>[1-9]|10)[-–](?P<second>[0-9]{1,3})"
        r"(?![\w-]|[.,][0-9]|[ ](?:days|weeks|months|years|hours|minutes|seconds|people|men|women)\b)",
        _say_bowling,
        needs="-–",
        cue=cues.TO_FIGURE,
    ),
    make_reading(
        "nothing scored",
        rf"{NOTHING_BEFORE}(?P<goals>[0-9])[-–]0{NOTHING_AFTER}",
        _say_nil,
        needs="-–",
        cue=cues.TO_FIGURE,
    ),
    make_reading(
        "goals",
        rf"{NOTHING_BEFORE}(?P<first>[0-9])[-–](?P<second>[0-9]){NOTHING_AFTER}",
        _say_goals,
        needs="-–",
        cue=cues.TO_FIGURE,
    ),
    make_reading(
        "verse",
        r"(?<=[a-z][ ])(?P<chapter>[0-9]{1,3}):(?P<verse>[0-9]{1,3})(?:[-–](?P<until>[0-9]{1,3}))?(?![\w:])",
        _say_verse,
        needs=":",
    ),
)
