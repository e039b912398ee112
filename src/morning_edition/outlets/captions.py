"""A sentence in, captions of at most two lines out, each shown while its words are heard.

A caption begins when its first word does and stays until the next one begins: it is read, not chased.
"""

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from morning_edition.mix.timeline import Cue
from morning_edition.outlets.characters import clean

Lines = tuple[str, ...]

Fit = Callable[[Sequence[str], bool], Lines]
"""Sets words, which open their cue or do not, as a caption's lines; returns none if they are too many for
one caption. A single word always fits."""

ONE_MORE_CAPTION = 1000
UNEVEN = 100
OUT_OF_BREATH = 25
"""What counts against a division, in this order: many captions, uneven ones, a break between two words
that are read in one breath. A comma is worth captions of 95 and 25 letters instead of two of 60."""

BREATHS = (",", ";", ":", ".", "!", "?", "—", "–", "…", ",”", ".”", "!”", "?”", ")")


@dataclass(frozen=True, slots=True)
class Caption:
    """A part of a cue that is shown at once."""

    start_ms: int
    end_ms: int
    words: tuple[str, ...]
    lines: Lines
    """The words as the format sets them."""


def words_of(cue: Cue) -> tuple[str, ...]:
    """Return the words to show; an arrow of hyphens, which ends a caption's timing line, is drawn as one."""
    return tuple(clean(cue.text).replace("-->", "→").split())


def divide(cue: Cue, fit: Fit) -> list[Caption]:
    """Divide *cue* into captions that follow each other without a gap.

    They take at least a millisecond each, which speech does many times over.
    """
    words = words_of(cue)
    if not words:
        return []
    ends = _ends(words, fit)
    edges = _edges(cue, words, ends)
    return [
        Caption(*times, words[start:end], fit(words[start:end], start == 0))
        for (start, end), times in zip(pairwise([0, *ends]), pairwise(edges), strict=True)
    ]


def fold(words: Sequence[str], width: int) -> Lines:
    """Set *words* in one line of *width* characters, or in two of nearly the same length, or in none.

    Two words always fit, however long: no word is broken.
    """
    whole = " ".join(words)
    if len(whole) <= width or len(words) == 1:
        return (whole,)
    if len(whole) > 2 * width + 1 and len(words) > 2:
        return ()
    ends = list(accumulate(len(word) + 1 for word in words))
    at = min(range(1, len(words)), key=lambda at: max(ends[at - 1], ends[-1] - ends[at - 1]))
    lines = (" ".join(words[:at]), " ".join(words[at:]))
    return lines if len(words) == 2 or max(map(len, lines)) <= width else ()


def _ends(words: Sequence[str], fit: Fit) -> list[int]:
    """Return where each caption ends, by the division that costs least; worked out from the last word on."""
    costs = [0.0] * (len(words) + 1)
    ends = [0] * len(words)
    for start in reversed(range(len(words))):
        costs[start] = float("inf")
        for end in range(start + 1, len(words) + 1):
            if not fit(words[start:end], start == 0):
                break
            cost = _cost(words, start, end) + costs[end]
            if cost < costs[start]:
                costs[start], ends[start] = cost, end
    path = [ends[0]]
    while path[-1] < len(words):
        path.append(ends[path[-1]])
    return path


def _cost(words: Sequence[str], start: int, end: int) -> float:
    letters = sum(map(len, words[start:end])) + end - start - 1
    breathless = end < len(words) and not words[end - 1].endswith(BREATHS)
    return ONE_MORE_CAPTION + UNEVEN * (letters / 100) ** 2 + OUT_OF_BREATH * breathless


def _edges(cue: Cue, words: Sequence[str], ends: Sequence[int]) -> list[int]:
    """Return where the captions meet, the cue's own start and end included."""
    heard = _starts(cue, words)
    edges = [cue.start_ms]
    for nth, end in enumerate(ends[:-1], 1):
        latest = cue.end_ms - (len(ends) - nth)
        edges.append(max(edges[-1] + 1, min(heard[end], latest)))
    return [*edges, cue.end_ms]


def _starts(cue: Cue, words: Sequence[str]) -> list[int]:
    """Return when each word begins: as the voice told or, between such words, in proportion to letters."""
    letters = [0, *accumulate(len(word) + 1 for word in words)]
    known = _known_starts(cue, words)
    starts = []
    for (first, begins), (after, ends) in pairwise(known):
        per_letter = (ends - begins) / (letters[after] - letters[first])
        starts += [begins + round((letters[at] - letters[first]) * per_letter) for at in range(first, after)]
    return starts


def _known_starts(cue: Cue, words: Sequence[str]) -> list[tuple[int, int]]:
    """Return (word, time) of the cue's two ends and of all words that are spoken as they are written.

    The voice was given the spoken form, in which "40 km" are other and more words.
    """
    written = [_bare(word) for word in words]
    spoken = [_bare(word.text) for word in cue.words]
    blocks = difflib.SequenceMatcher(None, written, spoken, autojunk=False).get_matching_blocks()
    known = [(0, cue.start_ms)]
    for block in blocks:
        for step in range(block.size):
            at, time = block.a + step, cue.words[block.b + step].start_ms
            if at > known[-1][0] and known[-1][1] < time < cue.end_ms:
                known.append((at, time))
    return [*known, (len(words), cue.end_ms)]


def _bare(word: str) -> str:
    return "".join(filter(str.isalnum, word)).casefold()
