"""The running order: where each take and each jingle stands in the programme.

Pure arithmetic on whole milliseconds. Everything stands on a grid of 10 ms, which is a whole number of
samples at every rate that a programme can have, so that no position is ever rounded.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from morning_edition.mix.timeline import Chapter
from morning_edition.script.script import Line, Script
from morning_edition.station import Pauses, Sound

GRID_MS = 10

JingleName = Literal["open", "bed", "sting", "bumper", "close"]
JINGLE_NAMES: tuple[JingleName, ...] = get_args(JingleName)

OPEN_OVERLAP_MS = 1200
"""The opening rings out under the first words."""
BED_LEAD_MS = 410
"""The bed begins this long before the first word: on the last downbeat of our own opening."""
BED_TAIL_MS = 1800
"""The bed outlasts the intro's last word by this: it comes up if nobody speaks so soon, and fades away."""
STING_OVERLAP_MS = 250
BUMPER_OVERLAP_MS = 500
"""The next words come in on the tail of the music."""
CLOSE_LEAD_MS = 200
END_SILENCE_MS = 300


@dataclass(frozen=True, slots=True)
class Placement:
    """One piece of sound on the timeline."""

    piece: JingleName | int
    """A jingle, or a take by its line's number."""
    start_ms: int
    length_ms: int
    gain_db: float = 0.0

    @property
    def end_ms(self) -> int:
        """When it is over."""
        return self.start_ms + self.length_ms


@dataclass(frozen=True, slots=True)
class RunningOrder:
    """The whole programme, laid out."""

    placements: tuple[Placement, ...]
    chapters: tuple[Chapter, ...]
    duration_ms: int

    @property
    def takes(self) -> tuple[Placement, ...]:
        """The speech, in order."""
        return tuple(place for place in self.placements if isinstance(place.piece, int))


def snap(length_ms: float) -> int:
    """Return the point of the grid at or after *length_ms*."""
    return -int(-length_ms // GRID_MS) * GRID_MS


def lay_out(
    script: Script, take_ms: Sequence[int], jingle_ms: Mapping[JingleName, int], sound: Sound
) -> RunningOrder:
    """Place every line of *script* and the music around it.

    *take_ms* holds the length of each line's take, *jingle_ms* that of each jingle; both on the grid.
    """
    return _Layout(take_ms, jingle_ms, sound).lay_script(script)


class _Layout:
    """A cursor that walks down the script and notes what stands where."""

    def __init__(self, take_ms: Sequence[int], jingle_ms: Mapping[JingleName, int], sound: Sound) -> None:
        self._take_ms, self._jingle_ms, self._sound = take_ms, jingle_ms, sound
        self._at_ms = 0
        self._line = 0
        self._placements: list[Placement] = []
        self._starts: list[tuple[str, int]] = []

    def lay_script(self, script: Script) -> RunningOrder:
        self._begin_chapter(script.segments[0].title)
        self._play("open", overlap_ms=OPEN_OVERLAP_MS)
        for index, segment in enumerate(script.segments):
            if index:
                self._lay_bridge(segment.kind, segment.title)
            begun_ms = self._at_ms
            self._lay_lines(segment.lines)
            if segment.kind == "intro":
                self._lay_bed(begun_ms)
            if index + 1 < len(script.segments):
                self._rest(segment.lines[-1], self._sound.pauses.segment_ms)
        self._rest(script.lines[-1], CLOSE_LEAD_MS)
        self._play("close")
        duration_ms = max(place.end_ms for place in self._placements) + END_SILENCE_MS
        return RunningOrder(tuple(self._placements), tuple(self._close_chapters(duration_ms)), duration_ms)

    def _begin_chapter(self, title: str) -> None:
        self._starts.append((title, self._at_ms))

    def _close_chapters(self, duration_ms: int) -> Iterator[Chapter]:
        ends = [start for _, start in self._starts[1:]] + [duration_ms]
        for (title, start_ms), end_ms in zip(self._starts, ends, strict=True):
            if start_ms < end_ms:  # nothing is heard of the others
                yield Chapter(title, start_ms, end_ms)

    def _play(self, name: JingleName, *, gain_db: float = 0.0, overlap_ms: int = 0) -> None:
        """Play a jingle here; what follows comes in *overlap_ms* before its end."""
        length_ms = self._jingle_ms[name]
        self._placements.append(Placement(name, self._at_ms, length_ms, self._sound.music_db + gain_db))
        self._at_ms += max(length_ms - overlap_ms, 0)

    def _lay_bridge(self, kind: str, title: str) -> None:
        self._begin_chapter(title)
        if kind == "deep_look":
            self._play("bumper", overlap_ms=BUMPER_OVERLAP_MS)

    def _lay_lines(self, lines: Sequence[Line]) -> None:
        looks = 0
        for index, line in enumerate(lines):
            if index:
                self._lay_boundary(lines[index - 1], line, looks)
            elif line.opens == "chapter":
                self._begin_chapter(line.chapter)
            looks += line.opens == "look"
            length_ms = self._take_ms[self._line]
            self._placements.append(Placement(self._line, self._at_ms, length_ms))
            self._at_ms += length_ms
            self._line += 1

    def _lay_boundary(self, before: Line, line: Line, looks: int) -> None:
        pauses: Pauses = self._sound.pauses
        if line.opens == "chapter":
            self._rest(before, pauses.chapter_ms)
            self._begin_chapter(line.chapter)
            self._play("bumper", gain_db=self._sound.bumper_db, overlap_ms=BUMPER_OVERLAP_MS)
        elif line.opens == "look" and looks:
            self._rest(before, pauses.sentence_ms)
            self._play("sting", overlap_ms=STING_OVERLAP_MS)
        else:
            self._rest(before, pauses.paragraph_ms if line.opens else pauses.sentence_ms)

    def _rest(self, line: Line, usual_ms: int) -> None:
        self._at_ms += snap(usual_ms if line.pause_ms is None else line.pause_ms)

    def _lay_bed(self, begun_ms: int) -> None:
        start_ms = max(begun_ms - BED_LEAD_MS, 0)
        length_ms = self._at_ms + BED_TAIL_MS - start_ms
        self._placements.append(Placement("bed", start_ms, length_ms, self._sound.music_db))
