"""The CMU Pronouncing Dictionary: 126,000 English words as Americans say them, many names among them.

Its data (`cmudict_data/`, BSD licence beside it) is packed by first letter, so that a look-up reads one small
file; `scripts/make_cmudict.py` packed it.
"""

import functools
import gzip
from pathlib import Path

_FOLDER = Path(__file__).with_name("cmudict_data")
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
_LONGEST_WORD = 40
"""Characters; the longest word of the dictionary has 28."""
_HISSES = frozenset("S Z SH ZH CH JH".split())
_VOICELESS = frozenset("P T K F TH".split())


def find_pronunciations(word: str) -> tuple[str, ...]:
    """Return how *word* is said, the most usual way first; empty where the dictionary lacks it.

    Each is in ARPABET, its phones parted by spaces, a vowel's stress behind it: `D AH0 M AE1 S K AH0 S`.
    Case does not matter, apostrophes may be curly, and a possessive that is not listed follows its word.
    """
    plain = word.replace("’", "'").lower()
    if found := _look_up(plain):
        return found
    if plain.endswith("'s"):
        return tuple(f"{phones} {_ending(phones)}" for phones in _look_up(plain[:-2]))
    if plain.endswith("s'"):
        return _look_up(plain[:-1])
    return ()


def is_word(word: str) -> bool:
    """Tell whether the dictionary has *word*, as `find_pronunciations` looks for it."""
    return bool(find_pronunciations(word))


@functools.lru_cache(maxsize=4096)
def _look_up(word: str) -> tuple[str, ...]:
    if not word or len(word) > _LONGEST_WORD or not word.isascii() or " " in word or "\n" in word:
        return ()
    shelf = _open_shelf(word[0] if word[0] in _LETTERS else "other")
    found = []
    start = shelf.find(f"\n{word} ")
    while start >= 0 and shelf.startswith(f"\n{word} ", start):
        end = shelf.index("\n", start + 1)
        found.append(shelf[start + len(word) + 2 : end])
        start = end
    return tuple(found)


@functools.cache
def _open_shelf(letter: str) -> str:
    """Return all entries that begin with *letter*, each on a line of its own, a newline before and after."""
    return gzip.decompress((_FOLDER / f"{letter}.gz").read_bytes()).decode("ascii")


def _ending(phones: str) -> str:
    """Return how a possessive s is said after *phones*."""
    last = phones.rpartition(" ")[2]
    if last in _HISSES:
        return "IH0 Z"
    return "S" if last in _VOICELESS else "Z"
