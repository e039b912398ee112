"""A text as the words that are compared: what each is, and the form in which all ways to write it are one."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from morning_edition.script.style.parentheses import FOOTNOTE
from morning_edition.script.style.quotations import find_quotations

WordKind = Literal["quotation", "percentage", "number", "date", "name", "word"]

_WORD = re.compile(r"[$€£¥#@]?[^\W_]+(?:[.,:'’/&+@-][^\W_]+)*[%°]?")
_DATES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february april june july august "
    "september october november december".split()
)
_DOUBTFUL_DATE = re.compile(r"(?:May|March)(?= \d)|(?<=\d )(?:May|March)\b")
"""These two are words, and May a name, where no number stands beside them."""
_OPENING = re.compile(r"[!?:]\s+$|[\"“«‘(\[]$")
"""What a capital letter stands behind for no other reason than that something begins."""
_PERCENT = re.compile(r"(?:-|\s)per ?cent\b|\s?%", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text."""

    key: str
    """Small letters and plain signs: equal for all ways of writing it."""
    shown: str
    kind: WordKind


@dataclass(frozen=True, slots=True)
class Wording:
    """One sentence as its words."""

    text: str
    words: tuple[Word, ...]

    @property
    def key(self) -> str:
        """Equal for sentences of the same words in the same order."""
        return " ".join(word.key for word in self.words)

    @property
    def counted(self) -> Counter[str]:
        """How often each word stands in it."""
        return Counter(word.key for word in self.words)


def read_words(text: str) -> Wording:
    """Part one sentence into its words."""
    quoted = [(part.start, part.end) for part in find_quotations(text)]
    words = []
    at = 0
    for match in _WORD.finditer(FOOTNOTE.sub(lambda mark: " " * len(mark[0]), text)):
        while at < len(quoted) and quoted[at][1] <= match.start():
            at += 1
        inside = at < len(quoted) and quoted[at][0] < match.start()
        words.append(Word(_key(match[0]), match[0], "quotation" if inside else _kind(text, match)))
    return Wording(text, tuple(words))


def _key(word: str) -> str:
    return word.casefold().replace("’", "'")


def _kind(text: str, match: re.Match[str]) -> WordKind:
    word = match[0]
    if any(sign.isdigit() for sign in word):
        return "percentage" if word.endswith("%") or _PERCENT.match(text, match.end()) else "number"
    if re.sub("['’]s$", "", word.casefold()) in _DATES or _DOUBTFUL_DATE.match(text, match.start()):
        return "date"
    if not word[0].isupper() or word == "I":
        return "word"
    before = text[max(0, match.start() - 8) : match.start()]
    opens = len(before) == match.start() and not before.strip(" \"'“‘«([")
    opens = opens or _OPENING.search(before) is not None
    return "word" if opens and not any(sign.isupper() for sign in word[1:]) else "name"


def count_words(wordings: Sequence[Wording]) -> Counter[str]:
    """Count the words of all *wordings*."""
    return Counter(word.key for wording in wordings for word in wording.words)
