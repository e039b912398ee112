"""Letters said one by one, written so that every engine says their names."""

import functools
import re

from morning_edition.patterns import compile_late
from morning_edition.spoken.english.abbreviations import STARTERS

LONGEST_LETTERS = 12
"""More capitals in a row are no acronym but somebody shouting."""

_WORD_NEXT = compile_late(r" ?\w")
_SENTENCE_GOES_ON = compile_late(
    r"[\"')\]]* +[\"'(\[]*(?P<word>\w[\w']*)|[\"')\]]*[,;:!?-]|[)\]]*\.| [§$£€#@&]"
)


@functools.lru_cache(maxsize=1024)
def spell_letters(letters: str, ending: str = "") -> str:
    """Return the names of *letters*: "H T S", with an *ending* "M P's".

    Engines take an "A" among words for the article, so letters with one are held together by points: "F.A.A".
    """
    said = " ".join(letters.upper())
    bare = said[:-1].rstrip() if ending else said
    if "A" in bare:
        said = said.replace(" ", "." if len(letters) > 2 or not ending else "-") if len(letters) > 1 else "A-"
    return said + ending


def close_letters(said: str, match: re.Match[str]) -> str:
    """Return *said* with a lone "A" at its end bare where a mark follows: engines then say the letter."""
    if not said.endswith("A-") or _WORD_NEXT.match(match.string, match.end()):
        return said
    return said[:-1]


def keep_stop(match: re.Match[str]) -> str:
    """Return the full stop that *match* ends with if it is its sentence's too, else nothing."""
    goes_on = _SENTENCE_GOES_ON.match(match.string, match.end())
    if goes_on is None:
        return "."
    word = goes_on["word"]
    return "." if word is not None and word in STARTERS else ""


def word_before(match: re.Match[str], longest: int = 40) -> str:
    """Return what stands before *match* up to a space, marks and all, at most *longest* characters of it."""
    return match.string[max(0, match.start() - longest) : match.start()].rstrip(" ").rpartition(" ")[2]


def word_after(match: re.Match[str], longest: int = 40) -> str:
    """Return what stands after *match* up to a space, marks and all, at most *longest* characters of it."""
    return match.string[match.end() : match.end() + longest].lstrip(" ").partition(" ")[0]
