"""A programme: what is heard when, cut into the reels that it is made of."""

import dataclasses
import itertools
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from morning_edition.mix.cueing import measure_timeline
from morning_edition.mix.looks import number_looks
from morning_edition.mix.reels import Reel, cut_reels
from morning_edition.mix.running_order import RunningOrder, lay_out
from morning_edition.mix.studio import TakeNote
from morning_edition.mix.timeline import Timeline
from morning_edition.script.corrections import is_correction
from morning_edition.script.script import Script
from morning_edition.station import Rundown, Spot, Station

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
    return _lay(script, range(len(notes)), notes, music_lengths, station, station.running_order)


def lay_flash(
    script: Script, notes: Sequence[TakeNote], music_lengths: Mapping[str, int], station: Station
) -> Programme | None:
    """Lay out intro and Quick Looks, as many as `flash.longest_s` holds; None where not one line fits.

    Where some Quick Looks are left out, so is what leads into them: it tells how many there are.
    """
    looks = number_looks(script)
    leads = _number_lines(script, ("quick_looks",)) - set(itertools.chain(*looks))
    for taken in range(len(looks), -1, -1):
        heard = _number_opening(script).union(*looks[:taken])
        if taken == len(looks):
            heard |= leads
        if not heard:
            return None
        programme = _lay(script, sorted(heard), notes, music_lengths, station, station.running_order)
        if programme.timeline.duration_ms <= station.flash.longest_s * 1000:
            return programme
    return None


def lay_headlines(
    script: Script,
    notes: Sequence[TakeNote],
    music_lengths: Mapping[str, int],
    station: Station,
    *,
    shortest_ms: int,
) -> list[Programme]:
    """Lay out a programme for each Quick Look that sounds: the first with the intro before it.

    One that is shorter than *shortest_ms* takes the next one in, and the last takes in what is left over, as
    far as `flash.longest_s` lets them; an intro that it does not let in is left out.

    Played one after another they are heard as the flash briefing is, each with the sting that leads into it,
    but for the closing music: listeners may skip any, and another may come to be the last.
    """
    first = dataclasses.replace(station.running_order, closing=Spot())
    later = dataclasses.replace(first, opening=first.look)

    def lay(heard: Collection[int], place: int) -> Programme:
        return _lay(script, sorted(heard), notes, music_lengths, station, later if place else first)

    def last(heard: Collection[int], place: int) -> int:
        return lay(heard, place).timeline.duration_ms

    looks = [look for look in number_looks(script) if any(notes[number].length for number in look)]
    intro = _number_opening(script)
    joined = _join_looks(looks, intro, last, range(shortest_ms, station.flash.longest_s * 1000 + 1))
    return [lay(heard, place) for place, heard in enumerate(joined)]


def _join_looks(
    looks: Sequence[Collection[int]],
    intro: Collection[int],
    last: Callable[[Collection[int], int], int],
    lengths_ms: range,
) -> list[set[int]]:
    """Return the lines of each headline; *last* tells how long lines would last as the one at a place."""
    joined: list[set[int]] = []
    for look in looks:
        before = set(intro) if not joined else joined[-1]
        place = max(len(joined) - 1, 0)
        short = not joined or last(before, place) < lengths_ms.start
        if short and last(before.union(look), place) < lengths_ms.stop:
            joined[-1:] = [before.union(look)]
        else:
            joined.append(set(look))
    place = len(joined) - 1
    if place > 0 and last(joined[-1], place) < lengths_ms.start:
        together = joined[-2] | joined[-1]
        if last(together, place - 1) < lengths_ms.stop:
            joined[-2:] = [together]
    return joined


def _number_opening(script: Script) -> set[int]:
    """Return the numbers of the lines that the flash briefing opens with: the intro, and what corrects it.

    Corrections are heard in it wherever the programme says them.
    """
    corrections = {number for number, line in enumerate(script.lines) if is_correction(line)}
    return _number_lines(script, ("intro",)) | corrections


def _number_lines(script: Script, kinds: Collection[str]) -> set[int]:
    """Return the numbers, counted through the whole script, of the lines in parts of these kinds."""
    listed = [part.kind for part in script.parts for _ in part.lines]
    return {number for number, kind in enumerate(listed) if kind in kinds}


def _lay(
    script: Script,
    heard: Sequence[int],
    notes: Sequence[TakeNote],
    music_lengths: Mapping[str, int],
    station: Station,
    rundown: Rundown,
) -> Programme:
    """Lay out the lines of these numbers, which are in order, and nothing else."""
    cut = _cut_script(script, frozenset(heard))
    lengths = [notes[number].length for number in heard]
    order = lay_out(cut, lengths, music_lengths, station.sound, rundown)
    timeline = measure_timeline(cut, order, [notes[number] for number in heard])
    placements = tuple(
        dataclasses.replace(place, piece=heard[place.piece]) if isinstance(place.piece, int) else place
        for place in order.placements
    )
    order = dataclasses.replace(order, placements=placements)
    return Programme(order, cut_reels(order), timeline)


def _cut_script(script: Script, heard: Collection[int]) -> Script:
    numbers = itertools.count()
    parts = [
        dataclasses.replace(
            part, lines=tuple(line for line in part.lines if next(numbers) in heard), left_out=()
        )
        for part in script.parts
    ]
    return dataclasses.replace(script, parts=tuple(parts))
