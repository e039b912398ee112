"""A text as the words that are compared: what each is, and the form in which all ways to write it are one."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from morning_edition.patterns import compile_late
from morning_edition.script.style.parentheses import FOOTNOTE
from morning_edition.script.style.quotations import find_quotations
from morning_edition.spoken.english.numbers import cardinal, ordinal

WordKind = Literal["quotation", "percentage", "number", "date", "name", "word"]

_WORD = compile_late(r"[$€£¥#@]?[^\W_]+(?:[.,:'’/&+@-][^\W_]+)*[%°]?")
DATES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february april june july august "
    "september october november december".split()
)
_MONTHS = r"(?:May|March|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
_DOUBTFUL_DATE = compile_late(rf"{_MONTHS}(?= \d)|(?<=\d ){_MONTHS}(?!\w)")
"""Words, or names, where no number stands beside them."""
_OPENING = compile_late(r"[!?:]\s+$|[\"“«‘(\[]$")
"""What a capital letter stands behind for no other reason than that something begins."""
_NUMBERS = frozenset(
    {
        *map(cardinal, (0, *range(2, 20), *range(20, 91, 10))),
        *map(ordinal, (*range(3, 21), *range(30, 91, 10))),
        *"dozen dozens half hundred hundreds thousand thousands million millions billion billions".split(),
        *"hundredth thousandth millionth trillion trillions".split(),
    }
)
"""Numbers in letters. "One", "first" and "second" are not among them: they are other words as often."""
_LETTERED = DATES | _NUMBERS | {"percent", "cent"}
"""What is a date, a number or a percentage, however it is written."""
_PERCENT = compile_late(r"(?:-|\s)per ?cent\b|\s?%", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text."""

    key: str
    """Small letters and plain signs: equal for all ways of writing it."""
    shown: str
    kind: WordKind
    at: int = 0
    """Where in the text it stands."""

    @property
    def name(self) -> str:
        """Its key as a name, without what a possessive adds."""
        return self.key.removesuffix("'s").removesuffix("'")


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
    words: list[Word] = []
    at = 0
    kind: WordKind
    for match in _WORD.finditer(FOOTNOTE.sub(lambda mark: " " * len(mark[0]), text)):
        while at < len(quoted) and quoted[at][1] <= match.start():
            at += 1
        inside = at < len(quoted) and quoted[at][0] < match.start()
        kind = "quotation" if inside else _kind(text, match)
        words.append(Word(_key(match[0]), match[0], kind, match.start()))
    return Wording(text, tuple(words))


def _key(word: str) -> str:
    return word.casefold().replace("’", "'")


def _kind(text: str, match: re.Match[str]) -> WordKind:
    word = match[0]
    small = word.casefold()
    if word == small and word.isalpha() and small not in _LETTERED:
        return "word"  # as most words are
    if any(sign.isdigit() for sign in word):
        return "percentage" if word.endswith("%") or _PERCENT.match(text, match.end()) else "number"
    if re.sub("['’]s$", "", small) in DATES or _DOUBTFUL_DATE.match(text, match.start()):
        return "date"
    if small in _NUMBERS or ("-" in small and not _NUMBERS.isdisjoint(small.split("-"))):
        return "number"
    if small == "percent" or (small == "cent" and text[: match.start()].lower().endswith(("per ", "per-"))):
        return "percentage"
    if not word[0].isupper() or word == "I":
        return "name" if any(sign.isupper() for sign in word[1:]) else "word"
    before = text[max(0, match.start() - 8) : match.start()]
    opens = len(before) == match.start() and not before.strip(" \"'“‘«([")
    opens = opens or _OPENING.search(before) is not None
    return "word" if opens and not any(sign.isupper() for sign in word[1:]) else "name"


def count_words(wordings: Sequence[Wording]) -> Counter[str]:
    """Count the words of all *wordings*."""
    return Counter(word.key for wording in wordings for word in wording.words)


@dataclass(frozen=True, slots=True)
class Fact:
    """A number, a name, a date, a quotation or a percentage: the words that make one."""

    kind: WordKind
    text: str
    words: tuple[Word, ...]


def find_facts(wording: Wording, names: Collection[str]) -> list[Fact]:
    """Find the facts of one sentence; *names* are known from others (see `find_names`)."""
    title = is_title(wording)
    facts: list[Fact] = []
    group: list[Word] = []
    last: WordKind = "word"
    for word in wording.words:
        kind = judge_word(word, names, title=title)
        if group and not (_goes_on(last, kind, wording.text[_end(group[-1]) : word.at])):
            facts.append(_group(last, group, wording.text))
            group = []
        if kind != "word":
            last = last if group else kind
            group.append(word)
    return [*facts, _group(last, group, wording.text)] if group else facts


def judge_word(word: Word, names: Collection[str], *, title: bool) -> WordKind:
    """Tell what a word is, by more than its sentence.

    A capital says nothing where a sentence opens, nor in a *title*: only what is a name elsewhere is one.
    """
    if word.kind == "name":
        return "name" if not title or word.name in names else "word"
    if word.kind == "word" and word.shown[0].isupper() and word.name in names:
        return "name"
    return word.kind


def _goes_on(last: WordKind, kind: WordKind, between: str) -> bool:
    if last == "quotation":
        return kind == last and not any(sign in '“”"«»' for sign in between)
    dated = last == "date" and kind == "number"
    return (kind == last or dated) and (not between.strip(" -") or (dated and between in (", ", ". ")))


def _group(kind: WordKind, words: list[Word], text: str) -> Fact:
    return Fact(kind, text[words[0].at : _end(words[-1])], tuple(words))


def _end(word: Word) -> int:
    return word.at + len(word.shown)


def is_title(wording: Wording) -> bool:
    """Tell a headline or a label, in which nearly every word has a capital."""
    told = [word.shown for word in wording.words if len(word.shown) > 3 and not word.shown[0].isdigit()]
    return all(word[0].isupper() for word in told)


def find_names(wordings: Iterable[Wording]) -> frozenset[str]:
    """Return the names that stand in sentences."""
    return frozenset(
        word.name
        for wording in wordings
        if not is_title(wording)
        for word in wording.words
        if word.kind == "name"
    )
