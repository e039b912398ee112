"""Titles and ranks before a name, and what stands after one: "Lt. Kim Jr." is "Lieutenant Kim Junior"."""

import re

from morning_edition.patterns import compile_late
from morning_edition.spoken.english.letters import keep_stop, spell_letters, word_after, word_before
from morning_edition.spoken.reading import Locale, make_reading

_ALWAYS = {
    "Mr": "Mister",
    "Mrs": "Missus",
    "Dr": "Doctor",
    "Drs": "Doctors",
    "Hon": "Honorable",
    "Messrs": "Messrs",
    "Mmes": "Mesdames",
}
"""What nothing else is written like, so that no name need follow the stop."""
_BEFORE_NAMES = {
    "Ms": "Miz",
    "Mx": "Mx",
    "Mme": "Madame",
    "Mlle": "Mademoiselle",
    "Msgr": "Monsignor",
    "Adm": "Admiral",
    "Amb": "Ambassador",
    "Archbp": "Archbishop",
    "Asst": "Assistant",
    "Atty": "Attorney",
    "Bp": "Bishop",
    "Brig": "Brigadier",
    "Capt": "Captain",
    "Cmdr": "Commander",
    "Cdr": "Commander",
    "Cmdt": "Commandant",
    "Col": "Colonel",
    "Comdr": "Commander",
    "Cpl": "Corporal",
    "Cpt": "Captain",
    "Det": "Detective",
    "Fr": "Father",
    "Gen": "General",
    "Gens": "Generals",
    "Gov": "Governor",
    "Govs": "Governors",
    "Insp": "Inspector",
    "Lt": "Lieutenant",
    "Lieut": "Lieutenant",
    "Maj": "Major",
    "Pfc": "Private First Class",
    "Pres": "President",
    "Prof": "Professor",
    "Profs": "Professors",
    "Pvt": "Private",
    "Pte": "Private",
    "Rep": "Representative",
    "Reps": "Representatives",
    "Rev": "Reverend",
    "Revd": "Reverend",
    "Revs": "Reverends",
    "Sen": "Senator",
    "Sens": "Senators",
    "Sgt": "Sergeant",
    "Sgts": "Sergeants",
    "Spc": "Specialist",
    "Supt": "Superintendent",
    "Treas": "Treasurer",
    "Vice-Adm": "Vice Admiral",
    "Brig.-Gen": "Brigadier General",
    "Lt.-Col": "Lieutenant Colonel",
    "Lt-Col": "Lieutenant Colonel",
    "Lt.-Gen": "Lieutenant General",
    "Lt-Gen": "Lieutenant General",
    "Maj.-Gen": "Major General",
    "Maj-Gen": "Major General",
    "Vice-Pres": "Vice President",
}
_SAID = _ALWAYS | _BEFORE_NAMES
_NEED_STOP = frozenset("Amb Asst Atty Pres Rep Reps Sens Treas Gens".split())
"""What is a word or a name of its own without the stop."""
_LOWER = frozenset("mr mrs dr ms prof capt col gen lt sgt rev".split())
_UPPER = tuple(
    f"{word.upper()}(?=\\.)" for word in "Mr Mrs Dr Sen Rep Gov Gen Lt Col Sgt Capt Prof Rev".split()
)
"""How they stand in headings of capitals."""
_AFTER_NAMES = {"Jr": "Junior", "Sr": "Senior", "Esq": "Esquire"}
_LETTERED = {
    "Ph.D": "PHD",
    "PhD": "PHD",
    "B.Sc": "BSC",
    "BSc": "BSC",
    "M.Sc": "MSC",
    "MSc": "MSC",
    "Ed.D": "EDD",
    "EdD": "EDD",
}
_NAME_FOLLOWS = compile_late(
    r"(?:-elect|-designate)? +(?:\([Rr]et\.?\) )?[\"'(]*"
    r"(?:(?:de|del|du|la|le|van|von|der|al|bin|ibn|d'|O')\b|[A-Z]|1st )"
)
_WORD_FOLLOWS = compile_late(r" +[\"']?(?:(?:&|and) (?:Mrs|Ms|Dr)\b|[A-Z]\.|[A-Z][\w'-]*[a-z]|O'[A-Z])")


def _say_title(match: re.Match[str], locale: Locale) -> str | None:
    word, stop = match["title"], match["stop"]
    if word.isupper():
        word = word.capitalize()
    if word.islower():
        if word not in _LOWER or not _WORD_FOLLOWS.match(match.string, match.end()):
            return None
        word = word.capitalize()
    elif stop:
        if word not in _ALWAYS and not _NAME_FOLLOWS.match(match.string, match.end()):
            return None
    elif word in _NEED_STOP or not _WORD_FOLLOWS.match(match.string, match.end()):
        return None
    said = _SAID[word]
    return said.replace("orable", "ourable") if word == "Hon" and not locale.is_american else said


def _say_right_honourable(match: re.Match[str], locale: Locale) -> str:
    return "Right Honorable" if locale.is_american else "Right Honourable"


def _say_after_name(match: re.Match[str], locale: Locale) -> str | None:
    """Say what stands behind a name, with or without a comma."""
    before = word_before(match).rstrip(",")
    if not before or not (before[0].isupper() or before[-1] == "."):
        return None
    if not match["stop"] and match.string[match.end() : match.end() + 1] not in (
        "",
        " ",
        ",",
        "'",
        '"',
        ")",
        ";",
    ):
        return None
    return _AFTER_NAMES[match["title"].capitalize()] + (
        match["ending"] or (match["stop"] and keep_stop(match)) or ""
    )


def _say_sister(match: re.Match[str], locale: Locale) -> str | None:
    """Say "Sr. Mary" as a nun unless a name before it makes her a senior."""
    if word_after(match).rstrip(".,") in _SENIORS:
        return "Senior"
    before = word_before(match)
    return None if before[:1].isupper() and not before.endswith((".", ",")) else "Sister"


_SENIORS = frozenset(
    """
    Adviser Advisor Airman Analyst Chief Counsel Director Editor Executive Fellow Manager Master
    Producer VP Vice
    """.split()
)


def _say_degree(match: re.Match[str], locale: Locale) -> str:
    ending = match["ending"] or ""
    return spell_letters(_LETTERED[match["degree"]], "'s" if ending else "") + (
        keep_stop(match) if match.group().endswith(".") else ""
    )


def _alternatives(words: object) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))  # type: ignore[call-overload]


_FIRST = "".join(sorted({word[0] for word in (*_SAID, *_LOWER)}))

READINGS = (
    make_reading("right honourable", r"\bRt\.? \ Hon\b\.?", _say_right_honourable, needs="R"),
    make_reading(
        "title before a name",
        rf"(?<![\w.'@/-]) (?=[{_FIRST}]) (?P<title>{_alternatives((*_SAID, *_LOWER))}|{'|'.join(_UPPER)})"
        r"\b(?P<stop>\.?)(?!['\w]|(?<!\.)-)",
        _say_title,
    ),
    make_reading("sister", r"(?<![\w.'@/-])Sr\.(?=\ [A-Z][a-z]+)", _say_sister, needs="S"),
    make_reading(
        "title after a name",
        r"(?<=[ ,]) (?P<title>[JS]r|Esq|[js]r|esq|[JS]R)\b (?P<stop>\.?) (?P<ending>'s)? (?![\w-])",
        _say_after_name,
        needs="rqR",
    ),
    make_reading(
        "degree",
        rf"(?<![\w.]) (?P<degree>{_alternatives(_LETTERED)}) (?:\.(?!\w)|\.?(?=s\b)|\b) (?P<ending>'?s\b)?",
        _say_degree,
        needs="DS",
    ),
)
