"""Times of day, "4:05pm" is "four oh five P M", "1500 GMT" "fifteen hundred G M T"; and durations."""

import re

from morning_edition.patterns import compile_late
from morning_edition.spoken.english import cues
from morning_edition.spoken.english.abbreviations import AFTER_TIMES, STARTERS
from morning_edition.spoken.english.numbers import UNITS, cardinal, spell_digits
from morning_edition.spoken.reading import DIGITS, Locale, make_reading

MINUTE = r"[0-5][0-9](?![0-9])"
HALF = r"(?P<half>[AaPp])(?:\.[ ]?[Mm]\b\.?|[Mm]\b)"
ZONE = r"""(?P<zone>(?:[ECMP][SD]?T|A[EKC][SD]?T|GMT|UTC|BST|IST|JST|KST|HKT|SGT|PKT|MSK|SAST|WAT|CAT|EAT|TRT
    |NZ[SD]?T|WES?T|CES?T|EES?T|[EeCcMmPp]\.(?:[SsDd]\.)?[Tt]\b\.?)(?![\w-]))"""
ZONE_WORDS = {
    "E": "Eastern",
    "C": "Central",
    "M": "Mountain",
    "P": "Pacific",
    "S": "Standard",
    "D": "Daylight",
    "T": "Time",
}
NOTHING_BEFORE = r"(?<![\w$£€:+])(?<![0-9]/)(?<![0-9][.,])(?<!\b[A-Z]-)"
"""No figure goes on to the left of an hour."""
AFTER_SENTENCE = compile_late(r"""["')\]]*[ ]+["'(\[]*([A-Za-z]+)""")
CUES = compile_late(r"\b(?:at|by|until|till|from|since|before|after|around|about)[ ]$", re.IGNORECASE)
"""What a time stands after where it might be another number."""


def say_clock(hour: str, minute: str | None, on_the_hour: str = "") -> str:
    """Say an hour and its minutes: "seven thirty", "seven oh five"; *on_the_hour* where there are none."""
    if not minute or int(minute) == 0:
        return f"{cardinal(hour)} {on_the_hour}".rstrip()
    return f"{cardinal(hour)} {_say_minute(minute)}"


def _say_minute(minute: str) -> str:
    return f"oh {UNITS[int(minute)]}" if minute[0] == "0" else cardinal(minute)


def _say_full_day(hour: str, minute: str, on_the_hour: str) -> str:
    """Say a time of the clock of twenty-four hours: "sixteen thirty", "sixteen hundred", "midnight"."""
    if int(hour) in (0, 24):
        return "midnight" if int(minute) == 0 else f"twelve {_say_minute(minute)} A M"
    return say_clock(hour, minute, "hundred" if int(hour) > 12 else on_the_hour)


def _say_zone(zone: str | None) -> str:
    """Say "EST" as "E S T", but "e.s.t." as "Eastern Standard Time"."""
    if not zone:
        return ""
    letters = zone.upper().replace(".", "")
    return " " + " ".join(ZONE_WORDS[letter] if "." in zone else letter for letter in letters)


def _keep_stop(match: re.Match[str]) -> str:
    """Return the full stop that the match ends with where it ends the sentence too."""
    if not match.group().endswith("."):
        return ""
    rest = match.string[match.end() : match.end() + 40]
    after = AFTER_SENTENCE.match(rest)
    starts = after is not None and after[1] in STARTERS and after[1] not in AFTER_TIMES
    return "." if starts or not rest.strip("\"')]} ") else ""


def _say_half_day(match: re.Match[str], locale: Locale) -> str | None:
    hour, minute = match["hour"], match["minute"]
    if len(hour) > 2:
        hour, minute = hour[:-2], hour[-2:]
    if int(hour) > 24 or int(minute or 0) > 59:
        return None
    half = f" {match['half'].upper()} M"
    if int(match["second"] or 0):
        half = f" and {_count(match['second'], 'second', locale)}{half}"
    return say_clock(hour, minute) + half + _say_zone(match["zone"]) + _keep_stop(match)


def _say_start(match: re.Match[str], locale: Locale) -> str:
    return f"{say_clock(match['hour'], match['minute'])} to "


def _say_zoned(match: re.Match[str], locale: Locale) -> str:
    said = _say_full_day(match["hour"], match["minute"], "")
    return said + _say_zone(match["zone"]) + _keep_stop(match)


def _say_four_digits(match: re.Match[str], locale: Locale) -> str | None:
    hour, minute, zone = match["hour"], match["minute"], match["zone"]
    told = zone or match["local"] or (hour[0] == "0" and match.group().endswith(("hrs", "hrs.", "hours")))
    if not told and not CUES.search(match.string[max(0, match.start() - 8) : match.start()]):
        return None
    said = spell_digits(hour, "oh") if hour[0] == "0" else cardinal(hour)
    said += " hundred" if minute == "00" else f" {_say_minute(minute)}"
    if match["local"]:
        return f"{said} local time"
    return said + (_say_zone(zone) if zone else " hours") + _keep_stop(match)


def _say_offset(match: re.Match[str], locale: Locale) -> str:
    sign = "plus" if match["sign"] == "+" else "minus"
    return f"{_say_zone(match['zone'])[1:]} {sign} {say_clock(match['hour'], match['minute'])}"


def _say_plain(match: re.Match[str], locale: Locale) -> str | None:
    hour, minute = match["hour"], match["minute"]
    if match.string.startswith((" ratio", " scale"), match.end()):
        return None
    if int(hour) > 24:
        return f"{cardinal(hour)} {_say_minute(minute)}"
    told = match.string.startswith(" o'clock", match.end())
    return _say_full_day(hour, minute, "" if told else "o'clock")


def _say_british(match: re.Match[str], locale: Locale) -> str | None:
    before = match.string[max(0, match.start() - 8) : match.start()]
    if locale.is_american or int(match["hour"]) > 23 or not CUES.search(before):
        return None
    return _say_full_day(match["hour"], match["minute"], "o'clock")


def _count(written: str, unit: str, locale: Locale) -> str:
    return f"{cardinal(written, locale)} {unit}{'' if int(written) == 1 else 's'}"


def _say_duration(match: re.Match[str], locale: Locale) -> str:
    hours, minutes = _count(match["hour"], "hour", locale), _count(match["minute"], "minute", locale)
    return f"{hours} {minutes} and {_count(match['second'], 'second', locale)}"


def _say_lap(match: re.Match[str], locale: Locale) -> str:
    part = spell_digits(match["part"])
    hours = f"{_count(match['hour'], 'hour', locale)} " if match["hour"] else ""
    return (
        f"{hours}{_count(match['minute'], 'minute', locale)} {cardinal(match['second'])} point {part} seconds"
    )


READINGS = (
    make_reading(
        "half of the day",
        rf"""{NOTHING_BEFORE}(?P<hour>[0-9]{{1,4}})(?:[:.](?P<minute>{MINUTE})(?::(?P<second>{MINUTE}))?)?
        [ ]?{HALF}(?:[ ]{ZONE})?""",
        _say_half_day,
        needs=DIGITS,
        cue=r"[0-9] ?[AaPp][.Mm]",
    ),
    make_reading(
        "start of a span within half of the day",
        rf"""{NOTHING_BEFORE}(?P<hour>1[0-2]|[1-9])(?:[:.](?P<minute>{MINUTE}))?[ ]?[-–][ ]?
        (?=[0-9]{{1,2}}(?:[:.]{MINUTE})?[ ]?{HALF})""",
        _say_start,
        needs="-–",
        cue=cues.TO_FIGURE,
    ),
    make_reading(
        "dash between times",
        rf"""(?:(?<=[AaPp][Mm])|(?<=[AaPp]\.[Mm]\.)|(?<=noon)|(?<=:[0-5][0-9]))[ ]?[-–][ ]?
        (?=[0-9]{{1,2}}(?::{MINUTE}|[ ]?[AaPp]\.?[Mm])|noon|midnight)""",
        lambda match, locale: " to ",
        needs="-–",
    ),
    make_reading(
        "time with a zone",
        rf"{NOTHING_BEFORE}(?P<hour>[0-9]{{1,2}})[:.](?P<minute>{MINUTE})[ ]?{ZONE}",
        _say_zoned,
        needs="T",
        cue=cues.CLOCK,
    ),
    make_reading(
        "four digits of a time",
        rf"""{NOTHING_BEFORE}(?P<hour>[01][0-9]|2[0-4])(?P<minute>{MINUTE})[ ]?
        (?:{ZONE}|(?:hours|hrs\.?|h)\b|(?P<local>[ ]?\blocal[ ]time\b))""",
        _say_four_digits,
        needs=DIGITS,
        cue=r"[0-9]{4} ?(?:[A-Z]|[a-z]\.|h| ?local)",
    ),
    make_reading(
        "offset of a zone",
        rf"\b(?P<zone>GMT|UTC)[ ]?(?P<sign>[+-])(?P<hour>[0-9]{{1,2}})(?::(?P<minute>{MINUTE}))?(?![0-9])",
        _say_offset,
        needs="+-",
    ),
    make_reading(
        "duration of hours",
        rf"{NOTHING_BEFORE}(?P<hour>[0-9]{{1,2}}):(?P<minute>{MINUTE}):(?P<second>{MINUTE})(?![:.,]?[0-9])",
        _say_duration,
        needs=":",
        cue=cues.CLOCK,
    ),
    make_reading(
        "duration of minutes",
        rf"""{NOTHING_BEFORE}(?:(?P<hour>[0-9]{{1,2}}):(?=[0-5][0-9]:))?(?P<minute>[0-9]{{1,2}}):(?P<second>{MINUTE})
        \.(?P<part>[0-9]{{1,3}})(?![0-9])""",
        _say_lap,
        needs=":",
        cue=cues.CLOCK,
    ),
    make_reading(
        "time of day",
        rf"{NOTHING_BEFORE}(?P<hour>[0-9]{{1,3}})[:h](?P<minute>{MINUTE})(?![:.,]?[0-9])",
        _say_plain,
        needs=":h",
        cue=cues.CLOCK,
    ),
    make_reading(
        "British time of day",
        rf"""{NOTHING_BEFORE}(?P<hour>[0-9]{{1,2}})\.(?P<minute>{MINUTE})
        (?![0-9%]|[.,:][0-9]|[ ]?(?:per|(?:m|b|tr)illion|[a-z]{{1,20}}s\b))""",
        _say_british,
        needs=".",
        cue=cues.CLOCK,
    ),
)
