"""The transcript as pages show it: sentences in paragraphs, under the titles of their chapters."""

import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from markupsafe import Markup

from morning_edition.mix.timeline import Chapter, Cue
from morning_edition.outlets.characters import first_filled
from morning_edition.outlets.times import short_clock
from morning_edition.outlets.transcripts import SPEAKERS

PARAGRAPH_PAUSE_MS = 600
"""A silence that ends a paragraph: sentences are 350 ms apart, paragraphs 800 (`sound.pauses`)."""

LONGEST_PARAGRAPH = 8
"""Sentences, after which a paragraph ends in any case: a wall of words cannot be followed."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences that one speaker says without a longer pause."""

    speaker: str
    """Empty where it is the one before."""
    cues: tuple[Cue, ...]

    @property
    def start_ms(self) -> int:
        """When it is heard."""
        return self.cues[0].start_ms

    @property
    def clock(self) -> str:
        """When it is heard, as players count."""
        return short_clock(self.start_ms)


@dataclass(frozen=True, slots=True)
class Passage:
    """One chapter's part of the transcript."""

    title: str
    paragraphs: tuple[Paragraph, ...]


def lay_out_passages(chapters: Sequence[Chapter], cues: Sequence[Cue]) -> list[Passage]:
    """Lay the cues out under the titles of the chapters that they begin in."""
    starts = [chapter.start_ms for chapter in chapters]
    titles = [first_filled(chapter.title) for chapter in chapters] or [""]
    spoken = [cue for cue in cues if first_filled(cue.text)]
    by_chapter = groupby(spoken, key=lambda cue: max(0, bisect_right(starts, cue.start_ms) - 1))
    passages = []
    speaker = ""
    for at, found in by_chapter:
        paragraphs = []
        for part in _divide(found):
            named = SPEAKERS[part[0].role]
            paragraphs.append(Paragraph("" if named == speaker else named, tuple(part)))
            speaker = named
        passages.append(Passage(titles[at], tuple(paragraphs)))
    return passages


def _divide(cues: Iterable[Cue]) -> Iterator[list[Cue]]:
    """Part *cues* into paragraphs."""
    paragraph: list[Cue] = []
    for cue in cues:
        if paragraph and _ends(paragraph, cue):
            yield paragraph
            paragraph = []
        paragraph.append(cue)
    if paragraph:
        yield paragraph


def _ends(paragraph: Sequence[Cue], following: Cue) -> bool:
    last = paragraph[-1]
    return (
        last.role != following.role
        or last.segment != following.segment
        or following.start_ms - last.end_ms >= PARAGRAPH_PAUSE_MS
        or len(paragraph) == LONGEST_PARAGRAPH
    )


def write_word_times(passages: Iterable[Passage]) -> Markup:
    """Return, as JSON, the times of each sentence of *passages*: hundredths of a second.

    The first of a sentence is when its first word begins, counted from the sentence's start; then each is
    counted from the one before; the last is the sentence's end. So there is one more than there are words.
    Nothing but numbers, it can stand between script tags.
    """
    times = [
        _steps([*(word.start_ms for word in cue.words), cue.end_ms], cue.start_ms)
        for passage in passages
        for paragraph in passage.paragraphs
        for cue in paragraph.cues
    ]
    return Markup(json.dumps(times, separators=(",", ":")))  # noqa: S704 - numbers only


def _steps(moments_ms: Iterable[int], start_ms: int) -> list[int]:
    """Return how far each moment is from the one before; rounded so that no error adds up."""
    marks = [0, *(max(0, round((moment - start_ms) / 10)) for moment in moments_ms)]
    return [after - before for before, after in pairwise(marks)]
