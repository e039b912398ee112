"""Places: states after a city, party and state of a politician, saints, mounts and forts."""

import re

from morning_edition.patterns import compile_late
from morning_edition.spoken.english.letters import keep_stop, word_before
from morning_edition.spoken.english.states import POSTAL, SELDOM_ELSE, SHORT_STATES, STATES
from morning_edition.spoken.reading import Locale, make_reading

PARTIES = {
    "R": "Republican",
    "D": "Democrat",
    "I": "Independent",
    "L": "Libertarian",
    "G": "Green",
    "DFL": "D F L",
}
_SAINTS = {
    "St": "Saint",
    "Sts": "Saints",
    "Ste": "Sainte",
    "Mt": "Mount",
    "Mts": "Mounts",
    "Ft": "Fort",
    "Pt": "Point",
}


def _shorts(words: object) -> str:
    """Return the alternatives of a pattern; between the parts of "N.Y." a space may stand."""
    found = sorted(map(str, words), key=len, reverse=True)  # type: ignore[call-overload]
    return "|".join(re.escape(word).replace(r"\.", r"\.\ ?") for word in found)


_SHORT = _shorts(short for short in SHORT_STATES if short not in POSTAL)


def _state(short: str) -> str:
    return SHORT_STATES[short.replace(" ", "")]


def _say_party(match: re.Match[str], locale: Locale) -> str:
    state = match["state"] or _state(match["short"])
    stop = keep_stop(match) if match.group().endswith(".") else ""
    return f"{PARTIES[match['party']]} of {state}{stop}"


def _say_state(match: re.Match[str], locale: Locale) -> str:
    return _name_state(match)


def _say_state_of_city(match: re.Match[str], locale: Locale) -> str | None:
    """Say a state where a name stands before the comma, and no century."""
    before = word_before(match).strip(",")
    return _name_state(match) if before[:1].isupper() or before in ("county", "city") else None


def _name_state(match: re.Match[str]) -> str:
    return _state(match["short"]) + (keep_stop(match) if match.group().endswith(".") else "")


def _say_postal(match: re.Match[str], locale: Locale) -> str | None:
    """Say a state behind a city that something leads to: the letters are initials of people too."""
    before = match.string[max(0, match.start() - _LOOK_BACK) : match.start()]
    near = match.string[max(0, match.start() - _LIST_BACK) : match.end() + _LIST_BACK]
    others = _STATE_ELSE.findall(near) if _LISTED.search(before) else []
    own = match.string.startswith(";", match.end())
    listed = len(others) > own and all(state in POSTAL for state in others)
    dated = match["short"] not in _DEGREES and _DATE_FOLLOWS.match(match.string, match.end())
    if not (match["zip"] or listed or dated or _LEADS_TO_CITY.search(before)):
        return None
    return SHORT_STATES[match["short"]] + (keep_stop(match) if match.group().endswith(".") else "")


_LOOK_BACK, _LIST_BACK = 60, 200
_LEADS_TO_CITY = compile_late(
    r"\b(?:in|of|from|to|at|near|outside|for|In|From|At|Near|IN|OF|FROM|TO|AT|NEAR|St|Ave|Rd|Dr)"
    r"\.?,? (?:[A-Z][\w.'-]* ?){1,3}, $"
    r"|\b(?:City|Beach|County|Springs|Falls|Park|Station|Heights|Hills|Grove|Rapids|Fort \w+), $"
)


_DEGREES = frozenset({"MA", "MD", "PA"})
"""What may stand behind a person's name too."""
_DATE_FOLLOWS = compile_late(
    r",? (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.? [0-9]|,? (?:[MTWFS][a-z]{2,5}day)\b"
)
_LISTED = compile_late(r"(?:^|[a-z,;] )(?:[A-Z][\w.'-]* ?){1,3}, $")
_STATE_ELSE = compile_late(r"(?<=[a-z], )([A-Z]{2})(?=;)")
"""Cities in a list: between them stand semicolons."""


def _say_half(match: re.Match[str], locale: Locale) -> str:
    if match["point"] == "N" and match.string.startswith("I", match.end()):
        return "Northern "
    return {"N": "North", "S": "South", "E": "East", "W": "West"}[match["point"]] + " "


def _say_lone_party(match: re.Match[str], locale: Locale) -> str | None:
    """Say "(R)" behind the name of a politician, no ballot's sign and no list's letter."""
    before = match.string[max(0, match.start() - _LOOK_BACK) : match.start()]
    return f"({PARTIES[match['party']]})" if _POLITICIAN.search(before) else None


_POLITICIAN = compile_late(
    r"\b(?:Sens?|Reps?|Govs?|Lt|Senators?|Representatives?|Governors?|Mayors?|Presidents?"
    r"|Congress(?:wo)?man|Attorney General)"
    r"\.? (?:[A-Z][\w.'-]* ){1,4}$"
)


def _say_saint(match: re.Match[str], locale: Locale) -> str:
    return _SAINTS[match["kind"].capitalize()]


def _say_saint_in_capitals(match: re.Match[str], locale: Locale) -> str | None:
    return None if any(map(str.islower, match.string)) or not word_before(match) else "SAINT"


READINGS = (
    make_reading(
        "party and state",
        rf"(?<![\w-]) (?P<party>DFL|[RDILG]) [-–]"
        rf"(?:(?P<short>(?:{_SHORT})(?=\.)|(?:{_shorts(POSTAL)})\b)\.? | (?P<state>{_shorts(STATES)})\b)",
        _say_party,
        needs="RDILG",
        cue=r"[RDILG][-–][A-Z]",
    ),
    make_reading(
        "half of a country",
        r"(?<![\w.'-])(?P<point>[NSEW])\.?(?P<gap>[ ]?)"
        r"(?=(?:Korean?s?|Ireland|Irish|Carolina|Dakota|African?s?|Sudan|Virginia|Timor|Wales|Yorkshire)\b)",
        _say_half,
        needs="NSEW",
    ),
    make_reading("party alone", r"\((?P<party>[RDI])\)", _say_lone_party, needs="("),
    make_reading(
        "state after a city",
        rf"(?<=[\w.],\ ) (?P<short>{_SHORT}) (?:\.|(?=,|$)) (?!\w)",
        _say_state_of_city,
        needs=",",
        cue=r", [A-Z][a-z]{0,4}(?:[.,]|$)",
    ),
    make_reading(
        "state by itself", rf"(?<![\w.]) (?P<short>{_shorts(SELDOM_ELSE)}) \.(?!\w)", _say_state, needs="."
    ),
    make_reading(
        "postal code of a state",
        rf"(?<=[A-Za-z],\ ) (?P<short>{_shorts(POSTAL)})"
        r"(?:\.(?=\ [\da-z,])|(?=(?P<zip>,?\ \d{5}\b)|[.,;)]*$|[,;)]|\.\ |\ [a-z]))",
        _say_postal,
        needs=",",
        cue=r", [A-Z]{2}",
    ),
    make_reading(
        "saint, mount or fort",
        r"(?<![\w.'@/]) (?P<kind>[Ss]ts?|Ste|[Mm]ts?|[Ff]t|Pt)\b \.? (?=[ -]\ ?[A-Z][a-z'])",
        _say_saint,
        needs="t",
    ),
    make_reading("saint in capitals", r"(?<=\ )ST\b\.?(?=\ [A-Z]{3})", _say_saint_in_capitals, needs="S"),
)
