"""The lines at an article's top to its headline, title and lede, and a headline where there is none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from morning_edition.articles.shapes import HEADLINE_WORDS, is_headline
from morning_edition.patterns import compile_late

BORROWED_WORDS = 14
"""A headline made of the lede's beginning is no longer than this, in words."""

_FIRST_SENTENCE = compile_late(r"(?P<words>.*?\w{3})[.!?](?=[\"'”’)\]]*(?:\s+[\"'“‘(]?[A-Z0-9]|$))")


@dataclass(frozen=True, slots=True)
class Front:
    """What stands before the body."""

    headline: str
    """Empty where no line is one."""
    title: str
    lede: str
    opening: tuple[str, ...]
    """What is none of these, and so is read first in the Deep Look."""


def read_front(top: Sequence[str], middle: Sequence[str], *, title: str, lede: str, slugged: bool) -> Front:
    """Choose the headline: the last line of *middle* that could be one, or else the first of *top*.

    *title* and *lede* are what the Quick Looks' mark and the slug line gave; *slugged* tells of a slug line.
    What else stands there fills the one that is empty, longer lines the lede and shorter ones the title.
    """
    middle_at = _headline_at(range(len(middle) - 1, -1, -1), middle)
    if middle_at is None and len(middle) == 1 and len(middle[0].split()) <= HEADLINE_WORDS:
        middle_at = 0
    top_at = _headline_at(range(len(top)), top) if middle_at is None else None
    headline = middle[middle_at] if middle_at is not None else "" if top_at is None else top[top_at]
    ledes = [lede] if lede else []
    opening: list[str] = []
    for line in (line for index, line in enumerate(top) if index != top_at):
        if is_headline(line) and not title and not slugged:
            title = line
        elif is_headline(line) and ledes:
            opening.append(line)
        else:
            ledes.append(line)
    rest = [line for index, line in enumerate(middle) if index != middle_at]
    if rest and not ledes and not is_headline(rest[0]):
        ledes.append(rest.pop(0))
    return Front(headline, title, " ".join(ledes), (*opening, *rest))


def borrow_headline(lines: Iterable[str]) -> str:
    """Make a headline of the first of *lines* that is not empty: its first sentence, or its first words."""
    line = next(filter(None, lines), "")
    sentence = _FIRST_SENTENCE.match(line)
    words = (sentence["words"] if sentence else line).split()
    if len(words) <= BORROWED_WORDS:
        return " ".join(words)
    return " ".join(words[:BORROWED_WORDS]).rstrip(",;:—– ") + "…"


def _headline_at(places: Iterable[int], lines: Sequence[str]) -> int | None:
    return next((place for place in places if is_headline(lines[place])), None)
