"""A programme: what is heard when, cut into the reels that it is made of."""

import dataclasses
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from morning_edition.mix.reels import Reel, cut_reels
from morning_edition.mix.running_order import RunningOrder, lay_out
from morning_edition.mix.studio import TakeNote
from morning_edition.mix.timeline import Cue, Timeline
from morning_edition.script.script import Line, Script, Segment
from morning_edition.station import Station
from morning_edition.voices import Word

FLASH_SEGMENTS = ("intro", "quick_looks")


@dataclass(frozen=True, slots=True)
class Programme:
    """One programme, laid out."""

    order: RunningOrder
    reels: tuple[Reel, ...]
    timeline: Timeline


def lay_programme(
    script: Script, notes: Sequence[TakeNote], music_lengths: Mapping[str, int], station: Station
) -> Programme:
    """Lay out the whole script; *notes* tells of each line's take."""
    return _lay(script, range(len(notes)), notes, music_lengths, station)


def lay_flash(
    script: Script, notes: Sequence[TakeNote], music_lengths: Mapping[str, int], station: Station
) -> Programme | None:
    """Lay out intro and Quick Looks, as many as `flash.longest_s` holds; None where not one line fits."""
    numbered = itertools.count()
    parts = [
        (part, [(next(numbered), line) for line in part.lines]) for part in script.parts
    ]  # lines are counted through all parts, whichever are taken
    short = [(part, lines) for part, lines in parts if part.kind in FLASH_SEGMENTS]
    for looks in range(_count_looks(short), -1, -1):
        taken = [(part, _take_looks(part, lines, looks)) for part, lines in short]
        heard = [(part, lines) for part, lines in taken if lines]
        if not heard:
            return None
        cut = dataclasses.replace(
            script,
            parts=tuple(
                dataclasses.replace(part, lines=tuple(line for _, line in lines), left_out=())
                for part, lines in heard
            ),
        )
        indices = [index for _, lines in heard for index, _ in lines]
        programme = _lay(cut, indices, notes, music_lengths, station)
        if programme.timeline.duration_ms <= station.flash.longest_s * 1000:
            return programme
    return None


def _count_looks(parts: Sequence[tuple[Segment, Sequence[tuple[int, Line]]]]) -> int:
    return sum(
        line.opens == "look" for part, lines in parts if part.kind == "quick_looks" for _, line in lines
    )


def _take_looks(part: Segment, lines: list[tuple[int, Line]], looks: int) -> list[tuple[int, Line]]:
    """Return the lines of the first *looks* Quick Looks; all of a part that has no more, or none.

    Where some are left out, so is what leads into them: it tells how many there are.
    """
    if part.kind != "quick_looks" or _count_looks([(part, lines)]) <= looks:
        return lines
    begun = itertools.accumulate(line.opens == "look" for _, line in lines)
    return [line for line, number in zip(lines, begun, strict=True) if 0 < number <= looks]


def _lay(
    script: Script,
    indices: Sequence[int],
    notes: Sequence[TakeNote],
    music_lengths: Mapping[str, int],
    station: Station,
) -> Programme:
    lengths = [notes[index].length for index in indices]
    order = lay_out(script, lengths, music_lengths, station.sound, station.running_order)
    timeline = _measure_timeline(script, order, [notes[index] for index in indices])
    placements = tuple(
        dataclasses.replace(place, piece=indices[place.piece]) if isinstance(place.piece, int) else place
        for place in order.placements
    )
    order = dataclasses.replace(order, placements=placements)
    return Programme(order, cut_reels(order), timeline)


def _measure_timeline(script: Script, order: RunningOrder, notes: Sequence[TakeNote]) -> Timeline:
    """Note when each line and each of its words is heard; lines that gave no sound have no cue."""
    kinds = [segment.kind for segment in script.segments for _ in segment.lines]
    cues = []
    for place in order.takes:
        index = int(place.piece)
        line = script.lines[index]
        start_ms = order.to_ms(place.start)
        words = tuple(
            Word(word.text, word.start_ms + start_ms, word.end_ms + start_ms) for word in notes[index].words
        )
        if place.length:
            cue = Cue(start_ms, order.to_ms(place.end), line.text, line.role, kinds[index], words)
            cues.append(cue)
    return Timeline(order.to_ms(order.length), tuple(cues), order.chapters)
