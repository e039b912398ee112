"""The dateline: where a report was filed, in front of its first sentence."""

import re

from morning_edition.patterns import compile_late

_WORD = r"[^\W\d_]+(?:[.'’/-]{1,2}[^\W\d_]+)*\.?"
_AGENCY = r"\((?:Bloomberg|Kyodo|REUTERS|Reuters|Xinhua|dpa|[A-Z]{2,5})\)"
_DATE = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?\ \d{1,2}"
_FILED = compile_late(
    rf"""
    (?P<place>
        (?P<city>(?![a-z]){_WORD}(?:\ {_WORD}){{0,3}})
        (?:,\ (?!{_DATE})[A-Z][\w.]*(?:\ [A-Z][\w.]*)?)?
    )
    (?:,\ {_DATE})?,?
    (?P<sign>\ ?{_AGENCY} | \ \([\w.\ -]{{2,24}}\))?
    \ ?(?: (?P<dash>--|[—–-])\ ? | (?<=\(CNN\)) | (?<=\(CNN\)\ ) )
    (?=\S)
    """,
    re.VERBOSE,
)
_BARE_AGENCY = compile_late(rf"{_AGENCY} ?(?:--|[—–-]) ?(?=\S)")
_NO_PLACES = frozenset(
    """
    AIDS ALERT ANALYSIS APEC ASEAN BREAKING BREXIT BRICS CHAPTER CORRECTION COVID ECOWAS EUROPOL EXCLUSIVE
    EXPLAINER FEMA FIFA FILE HAMAS HEZBOLLAH INTERPOL ISIS LIVE NASA NASCAR NASDAQ NATO NOAA NOTE OPEC OPINION
    OSHA PART PHOTO PHOTOS POLL SECTION STEM SWAT UEFA UNESCO UNHCR UNICEF UPDATE UPDATED USAID VIDEO WARNING
    WATCH WTO
    """.split()
)
"""What is written in capitals and is no place."""
_CAPITALS = compile_late(r"\b[^\W\d_a-z]{2,}\b")
_SHORT = frozenset("AL EL FT LA LE LOS MT SAN ST".split())
_SMALL = frozenset("au aux d de del der des di du el la le les of the sur und upon".split())
LONGEST_DATELINE = 80
"""Characters."""


def find_dateline(sentence: str) -> tuple[int, str]:
    """Return how much of *sentence* is its dateline, in characters, and the place it names.

    Without an agency's sign, a place counts only in capitals and before a whole sentence: LONDON — The…
    """
    head = sentence[:LONGEST_DATELINE]
    if bare := _BARE_AGENCY.match(head):
        return bare.end(), ""
    match = _FILED.match(head)
    if match is None or not (_is_signed(match) or _is_filed(match, sentence)):
        return 0, ""
    return match.end(), _name_place(match["place"])


def _is_signed(match: re.Match[str]) -> bool:
    """Tell an agency's sign: one that is known, or any behind a place in capitals."""
    sign = match["sign"]
    return bool(sign) and (match["city"].isupper() or re.fullmatch(rf" ?{_AGENCY}", sign) is not None)


def _is_filed(match: re.Match[str], sentence: str) -> bool:
    """Tell "LONDON — The" from "COVID-19", and from "NATO — an alliance — said"."""
    city = match["city"]
    spaced = match[0].endswith(" ") and match.string[match.start("dash") - 1] == " "
    capitals = city.isupper() and sum(map(str.isalpha, city)) > 3 and city not in _NO_PLACES
    begins = sentence[match.end() :].lstrip("\"“„«'‘")[:1]
    alone = not re.search(r" (?:—|–|--|-) ", sentence[match.end() :])
    return spaced and capitals and alone and (begins.isupper() or begins.isdigit())


def _name_place(place: str) -> str:
    """Write HAMA, Syria as Hama, Syria."""
    return _CAPITALS.sub(_lower, place)


def _lower(word: re.Match[str]) -> str:
    inside = word.start() > 0 and word.string[word.start() - 1] in "- "
    if inside and word[0].lower() in _SMALL:
        return word[0].lower()
    return word[0].capitalize() if len(word[0]) > 2 or inside or word[0] in _SHORT else word[0]
