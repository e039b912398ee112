"""Initials: "J. K. Rowling" is "J K Rowling", without a pause at the stops."""

import re

from morning_edition.patterns import compile_late
from morning_edition.spoken.english.abbreviations import LETTERED, STARTERS, SURNAMES
from morning_edition.spoken.english.letters import spell_letters, word_before
from morning_edition.spoken.reading import Locale, make_reading

_NAME_FOLLOWS = compile_late(
    r"[ -]?\"?(?:[A-Z][a-z]*['.]?-?[A-Z]?[a-z]+|Mc[A-Z]|(?:de|van|von|der|du|le|la|al|bin)\b|O'|[A-Z]{2,}\b)"
)


_DOTTED = compile_late(r"[A-Z]\.[A-Za-z]")


def _say_initials(match: re.Match[str], locale: Locale) -> str | None:
    letters = re.sub(r"[^A-Z]", "", match.group())
    following = _NAME_FOLLOWS.match(match.string, match.end())
    if following is None or _DOTTED.match(match.string, match.end()):
        return None
    before = word_before(match)
    word = following.group().strip(' "-')
    if word in STARTERS and word not in SURNAMES:
        return None
    if len(letters) == 1 and not _may_be_initial(letters, before):
        return None
    return spell_letters(letters)


def _may_be_initial(letter: str, before: str) -> bool:
    """Tell an initial from "Plan B. Doctors …" and "you and I. Germany …"."""
    if before.strip("\"'(,") in LETTERED:
        return False
    return letter != "I" or before[:1].isupper()


READINGS = (
    make_reading(
        "initials",
        r"(?<![\w.'&-]) [A-Z]\. (?:[\ -]?[A-Z]\.(?!\w)){0,5} (?=[ \"-]?\ ?\S)",
        _say_initials,
        needs=".",
    ),
)
