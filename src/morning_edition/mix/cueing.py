"""The timeline of a programme that is laid out: when each line, and each of its words, is heard."""

import functools
from collections.abc import Sequence

from morning_edition.mix.running_order import RunningOrder
from morning_edition.mix.studio import TakeNote
from morning_edition.mix.timeline import Cue, Timeline
from morning_edition.script.script import Line, Script, SegmentKind
from morning_edition.voices import Word
from morning_edition.voices.word_times import place_words


def measure_timeline(script: Script, order: RunningOrder, notes: Sequence[TakeNote]) -> Timeline:
    """Note when each line and each of its words is heard; lines that gave no sound have no cue."""
    kinds = [segment.kind for segment in script.segments for _ in segment.lines]
    lines = script.lines
    cues = []
    for place in order.takes:
        index = int(place.piece)
        if place.length:
            cues.append(_measure_cue(lines[index], kinds[index], notes[index], order.to_ms(place.start)))
    return Timeline(order.to_ms(order.length), tuple(cues), order.chapters)


def _measure_cue(line: Line, kind: SegmentKind, note: TakeNote, laid_ms: int) -> Cue:
    """Return the cue of a take that is laid at *laid_ms*: it lasts from its first sound to its last."""
    start_ms, end_ms = laid_ms + note.start_ms, laid_ms + note.end_ms
    words = tuple(
        Word(word.text, *(min(max(laid_ms + at, start_ms), end_ms) for at in (word.start_ms, word.end_ms)))
        for word in _write_words(line.text, note)
    )
    return Cue(start_ms, end_ms, line.text, line.role, kind, words, note.timing)


@functools.lru_cache(maxsize=4096)
def _write_words(text: str, note: TakeNote) -> tuple[Word, ...]:
    """Return the words as they are written, by the times of those that were said: "40 km" are other words.

    Where none is known to be said, all of them share the sound. Every programme has the same takes.
    """
    return place_words(text, note.words or (Word(text, note.start_ms, note.end_ms),))
