"""Streets and addresses: "1428 Elm St." is "fourteen twenty-eight Elm Street"; elsewhere "St." is a saint."""

import re

from morning_edition.patterns import compile_late
from morning_edition.spoken.english.abbreviations import STARTERS, SURNAMES
from morning_edition.spoken.english.letters import keep_stop, word_after, word_before
from morning_edition.spoken.english.numbers import cardinal, pair_digits, spell_digits
from morning_edition.spoken.english.states import POSTAL, STATES
from morning_edition.spoken.reading import DIGITS, Locale, make_reading

STREETS = {
    "Ave": "Avenue",
    "Aves": "Avenues",
    "Blvd": "Boulevard",
    "Cres": "Crescent",
    "Ct": "Court",
    "Dr": "Drive",
    "Expy": "Expressway",
    "Fwy": "Freeway",
    "Hwy": "Highway",
    "Ln": "Lane",
    "Pkwy": "Parkway",
    "Pl": "Place",
    "Rd": "Road",
    "Rds": "Roads",
    "Sq": "Square",
    "St": "Street",
    "Sts": "Streets",
    "Terr": "Terrace",
    "Tpke": "Turnpike",
}
_SURE = frozenset("Ave Aves Blvd Expy Fwy Hwy Pkwy Rd Rds Tpke".split())
"""What nothing else is written like: a name before it is enough."""
_COMPASS = {
    "N": "North",
    "S": "South",
    "E": "East",
    "W": "West",
    "NE": "Northeast",
    "NW": "Northwest",
    "SE": "Southeast",
    "SW": "Southwest",
}
_NAMED_AFTER = frozenset(
    "Bridge Station School Market Park Tunnel Garage Church Hotel Theater Theatre Pier Bank Journal".split()
)
"""What is named after a street: "the Canal St. Bridge"."""
_KINDS = "|".join((*STREETS, *STREETS.values()))
_LOWER_KINDS = "st|ave|rd|blvd|dr|hwy|ln|pkwy"
_NUMBERED = compile_late(r"\b\d{1,5}[A-Z]?\ (?:[NSEW]{1,2}\.?\ )?(?:[\w'.]+\ ){0,3}$")
_PLACE_NAME = compile_late(r"(?:[JS]r\.|[A-Z][\w'-]*[a-z]|[A-Z]|\d+(?:st|nd|rd|th|ST|ND|RD|TH))$")
_STATE_BEFORE = compile_late(
    rf"(?:(?<=, )(?:{'|'.join(STATES)}|D\.C\.),?|, ?(?:{'|'.join(sorted(POSTAL))}),?) $"
)
_LOOK_BACK = 60


def _say_street(match: re.Match[str], locale: Locale) -> str | None:
    kind = match["kind"]
    before = word_before(match).lstrip("\"'(")
    if not _PLACE_NAME.match(before) or (kind.istitle() and before in STARTERS):
        return None
    name = kind.capitalize()
    numbered = _NUMBERED.search(match.string[max(0, match.start() - _LOOK_BACK) : match.start()])
    if not numbered and not _stands_free(match, kind, name):
        return None
    if match["ending"]:
        return STREETS[name] + "'s"
    return STREETS[name] + (keep_stop(match) if match.group().endswith(".") else "")


def _stands_free(match: re.Match[str], kind: str, name: str) -> bool:
    """Tell a street from a saint or a doctor: no name follows it."""
    after = word_after(match).lstrip("\"'(")
    word = after.rstrip(".,;:!?\"')")
    if name in _SURE and not kind.islower():
        return True
    if match.string[match.end() : match.end() + 1] in (",", ";", ":", ")") or not word:
        return bool(match["stop"]) or name not in ("Dr", "Pl", "Ct") or kind.islower()
    if not word[0].isupper():
        return name not in ("Dr", "Pl", "Ct", "Ln") or bool(match["stop"]) or kind.islower()
    return (word in STARTERS and word not in SURNAMES) or word in _NAMED_AFTER


def _say_house_number(match: re.Match[str], locale: Locale) -> str:
    digits = match["number"]
    said = pair_digits(digits) if len(digits) > 2 else cardinal(digits)
    return f"{said} {match['letter']}" if match["letter"] else said


def _say_compass(match: re.Match[str], locale: Locale) -> str:
    return _COMPASS[match["point"] or match["initial"]]


def _say_compass_behind(match: re.Match[str], locale: Locale) -> str | None:
    kind = word_before(match).rstrip(".,")
    return _COMPASS[match["point"]] if kind in STREETS or kind in STREETS.values() else None


def _say_zip(match: re.Match[str], locale: Locale) -> str | None:
    before = _STATE_BEFORE.search(match.string[max(0, match.start() - 24) : match.start()])
    if before is None:
        return None
    return " ".join(spell_digits(part) for part in match.group().split("-"))


def _say_road_number(match: re.Match[str], locale: Locale) -> str:
    return {"h": "Highway", "H": "Highway", "R": "Route", "r": "Route"}[match.group()[0]]


_STREET_FOLLOWS = rf"(?:[A-Z][\w'-]*\.?\ |\d{{1,3}}(?:st|nd|rd|th)\ ){{1,3}}(?:{_KINDS}|{_LOWER_KINDS})\b"

READINGS = (
    make_reading(
        "house number",
        rf"(?<![\w.,:$£€#-]) (?P<number>\d{{1,5}})(?P<letter>[A-D])?"
        rf"(?=\ (?:[NSEW]{{1,2}}\.?\ )?{_STREET_FOLLOWS})",
        _say_house_number,
        needs=DIGITS,
        cue=r"\d[A-D]? [A-Z\d]",
    ),
    make_reading(
        "point of the compass in a street's name",
        rf"(?:(?<=\d\ )(?P<point>[NS][EW]|[NSEW])\.?|(?<=\ )(?P<initial>[NSEW])\.) (?=\ {_STREET_FOLLOWS})",
        _say_compass,
        needs="NSEW",
        cue=r"[ NS][NSEW]\.? [A-Z\d]",
    ),
    make_reading(
        "street",
        rf"(?<=\ ) (?P<kind>{'|'.join(STREETS)}|{_LOWER_KINDS}|(?:AVE|BLVD|RD|HWY|PKWY)(?=\.))\b"
        r"(?P<stop>\.?) (?P<ending>'s\b)? (?!['\w-])",
        _say_street,
    ),
    make_reading(
        "point of the compass behind a street's name",
        r"(?<=[a-z.,]\ ) (?P<point>[NS][EW])\b (?=[,;]|\ [a-z(]|\.?$)",
        _say_compass_behind,
        needs="NS",
    ),
    make_reading(
        "road by number", r"\b (?:[Hh]wy|[Rr]te|[Hh]wys|[Rr]tes)\b \.? (?=\ \d)", _say_road_number, needs="wt"
    ),
    make_reading(
        "postal code of an address",
        r"(?<=[A-Za-z,.]\ ) \d{5}(?:-\d{4})?\b(?![\d,.%-]\d)",
        _say_zip,
        needs=DIGITS,
    ),
)
