"""A sentence in, captions of at most two lines out, each shown while its words are heard.

A caption begins when its first word does and stays until the next one begins: it is read, not chased.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from morning_edition.mix.timeline import Cue
from morning_edition.outlets.characters import clean
from morning_edition.voices import Word
from morning_edition.voices.breaths import BREATHS
from morning_edition.voices.word_times import place_words

Lines = tuple[str, ...]

Fit = Callable[[Sequence[str], bool], Lines]
"""Sets words, which open their cue or do not, as a caption's lines; returns none if they are too many for
one caption. A single word always fits."""

ONE_MORE_CAPTION = 1000
UNEVEN = 100
OUT_OF_BREATH = 25
"""What counts against a division, in this order: many captions, uneven ones, a break between two words
that are read in one breath. A comma is worth captions of 95 and 25 letters instead of two of 60."""


@dataclass(frozen=True, slots=True)
class Caption:
    """A part of a cue that is shown at once."""

    start_ms: int
    end_ms: int
    words: tuple[Word, ...]
    """Each within the caption's time."""
    lines: Lines
    """The words as the format sets them."""

    @property
    def text(self) -> str:
        """The words in one line."""
        return " ".join(word.text for word in self.words)


def words_of(cue: Cue) -> tuple[Word, ...]:
    """Return the words to show, with their times; those of a cue without times share all of it."""
    whole = (Word(cue.text, cue.start_ms, cue.end_ms),)
    heard = cue.words or place_words(cue.text, whole)
    return tuple(Word(shown, word.start_ms, word.end_ms) for word in heard for shown in show_words(word.text))


def show_words(text: str) -> tuple[str, ...]:
    """Return the words of *text* as they may be published.

    An arrow of hyphens, which ends a caption's timing line, is drawn as one; a word of nothing but control
    characters is left out.
    """
    return tuple(shown for word in text.split() if (shown := clean(word).replace("-->", "→").strip()))


def divide(cue: Cue, fit: Fit) -> list[Caption]:
    """Divide *cue* into captions that follow each other without a gap.

    They take at least a millisecond each, which speech does many times over.
    """
    heard = words_of(cue)
    if not heard:
        return []
    words = [word.text for word in heard]
    ends = _ends(words, fit)
    edges = _edges(cue, heard, ends)
    return [
        Caption(*times, _hold(heard[start:end], *times), fit(words[start:end], start == 0))
        for (start, end), times in zip(pairwise([0, *ends]), pairwise(edges), strict=True)
    ]


def _hold(words: Sequence[Word], start_ms: int, end_ms: int) -> tuple[Word, ...]:
    """Return *words* with times between these two."""
    return tuple(
        Word(word.text, *(min(max(at, start_ms), end_ms) for at in (word.start_ms, word.end_ms)))
        for word in words
    )


def fold(words: Sequence[str], width: int) -> Lines:
    """Set *words* in one line of *width* characters, or in two of nearly the same length, or in none.

    Two words always fit, however long: no word is broken.
    """
    whole = " ".join(words)
    if len(whole) <= width or len(words) == 1:
        return (whole,)
    if len(whole) > 2 * width + 1 and len(words) > 2:
        return ()
    ends = list(accumulate([len(word) + 1 for word in words]))
    # The word that crosses the middle stands at the first line's end, or at the second one's start.
    at = bisect_left(ends, ends[-1] / 2)
    if at + 1 < len(words) and (at == 0 or ends[at] < ends[-1] - ends[at - 1]):
        at += 1
    lines = (" ".join(words[:at]), " ".join(words[at:]))
    return lines if len(words) == 2 or max(map(len, lines)) <= width else ()


def _ends(words: Sequence[str], fit: Fit) -> list[int]:
    """Return where each caption ends, by the division that costs least; worked out from the last word on."""
    costs = [0.0] * (len(words) + 1)
    ends = [0] * len(words)
    letters = [0, *accumulate([len(word) + 1 for word in words])]
    breathless = [0, *(OUT_OF_BREATH * (not word.endswith(BREATHS)) for word in words[:-1]), 0]
    for start in reversed(range(len(words))):
        costs[start] = float("inf")
        for end in range(start + 1, len(words) + 1):
            if not fit(words[start:end], start == 0):
                break
            uneven = UNEVEN * ((letters[end] - letters[start] - 1) / 100) ** 2
            cost = ONE_MORE_CAPTION + uneven + breathless[end] + costs[end]
            if cost < costs[start]:
                costs[start], ends[start] = cost, end
    path = [ends[0]]
    while path[-1] < len(words):
        path.append(ends[path[-1]])
    return path


def _edges(cue: Cue, words: Sequence[Word], ends: Sequence[int]) -> list[int]:
    """Return where the captions meet, the cue's own start and end included."""
    edges = [cue.start_ms]
    for nth, end in enumerate(ends[:-1], 1):
        latest = cue.end_ms - (len(ends) - nth)
        edges.append(max(edges[-1] + 1, min(words[end].start_ms, latest)))
    return [*edges, cue.end_ms]
