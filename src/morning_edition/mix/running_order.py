"""The running order: where each take and each piece of music stands in the programme.

Pure arithmetic on whole frames (a frame is one sample of every channel). Where the script opens something new
after a rest, it begins on a whole frame of the MP3, and a reel may begin there: what stands behind a
change is then moved by whole MP3 frames, and its sound can be used again as it was encoded.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from morning_edition.mix.timeline import Chapter
from morning_edition.mp3_frames import mp3_frame_length
from morning_edition.script.script import Line, Script, Segment
from morning_edition.station import Rundown, Sound, Spot

LEAD_MP3_FRAMES = 3
"""Silence with which a reel begins: the encoder's own delay, and the overlap of its windows."""
TAIL_MP3_FRAMES = 4
"""Silence with which the reel before it ends."""
LONGEST_REEL_S = 45
"""In a paragraph that is longer, a reel may begin with any sentence."""


@dataclass(frozen=True, slots=True)
class Ducking:
    """How a bed makes room for voices; times in frames."""

    speech: tuple[tuple[int, int], ...]
    """When somebody speaks, counted from the bed's start."""
    ducked_db: float
    attack: int
    release: int
    shortest_gap: int


@dataclass(frozen=True, slots=True)
class Placement:
    """One piece of sound on the timeline; times in frames."""

    piece: str | int
    """Music by its name in the settings, or a take by its line's number."""
    start: int
    length: int
    gain_db: float = 0.0
    fade_in: int = 0
    fade_out: int = 0
    ducking: Ducking | None = None
    """Of a bed, which is repeated for its whole length."""

    @property
    def end(self) -> int:
        """The frame after its last."""
        return self.start + self.length


@dataclass(frozen=True, slots=True)
class RunningOrder:
    """The whole programme, laid out; times in frames."""

    placements: tuple[Placement, ...]
    cuts: tuple[int, ...]
    """Where reels begin: 0, and points inside rests; all are whole MP3 frames, as is the length."""
    chapters: tuple[Chapter, ...]
    length: int
    sample_rate_hz: int

    @property
    def takes(self) -> tuple[Placement, ...]:
        """The speech, in order."""
        return tuple(place for place in self.placements if isinstance(place.piece, int))

    def to_ms(self, frame: int) -> int:
        """Return when a frame is heard."""
        return round(frame * 1000 / self.sample_rate_hz)


def lay_out(
    script: Script,
    take_lengths: Sequence[int],
    music_lengths: Mapping[str, int],
    sound: Sound,
    rundown: Rundown,
) -> RunningOrder:
    """Place every line of *script* and the music around it.

    *take_lengths* holds the length of each line's take, *music_lengths* that of each piece of music that
    *rundown* names; both in frames.
    """
    return _Layout(take_lengths, music_lengths, sound, rundown).lay_script(script)


class _Layout:
    """A cursor that walks down the script and notes what stands where."""

    def __init__(
        self,
        take_lengths: Sequence[int],
        music_lengths: Mapping[str, int],
        sound: Sound,
        rundown: Rundown,
    ) -> None:
        self._take_lengths, self._music_lengths = take_lengths, music_lengths
        self._sound, self._rundown = sound, rundown
        self._under = frozenset(re.split(r"[\s,]+", rundown.bed.under.strip())) if rundown.bed.music else ()
        self._mp3_frame = mp3_frame_length(sound.sample_rate_hz)
        self._at = 0
        self._line = 0
        self._sounding = 0
        """Where the last sound so far ends."""
        self._bed_start: int | None = None
        self._beds: list[tuple[int, int]] = []
        self._cuts = [0]
        self._placements: list[Placement] = []
        self._starts: list[tuple[str, int]] = []

    def lay_script(self, script: Script) -> RunningOrder:
        segments = script.segments
        self._begin_chapter(segments[0].title)
        self._play(self._rundown.opening)
        for index, segment in enumerate(segments):
            if index:
                self._lay_bridge(segment)
            self._begin_bed(segment)
            self._lay_lines(segment.lines)
            following = segments[index + 1].kind if index + 1 < len(segments) else ""
            if following not in self._under:
                self._end_bed()
            if following:
                self._rest(segment.lines[-1], self._sound.pauses.segment_ms)
        self._rest(script.lines[-1], self._sound.pauses.closing_ms)
        if self._rundown.closing.music:
            self._cut()
            self._play(self._rundown.closing)
        length = self._to_mp3_frames(self._sounding + self._frames(self._sound.pauses.end_ms))
        order = sorted([*self._placements, *self._lay_beds()], key=lambda place: place.start)
        return RunningOrder(
            tuple(order),
            tuple(self._cuts),
            tuple(self._close_chapters(length)),
            length,
            self._sound.sample_rate_hz,
        )

    def _frames(self, time_ms: int) -> int:
        return round(time_ms * self._sound.sample_rate_hz / 1000)

    def _to_mp3_frames(self, frames: int) -> int:
        return -(-frames // self._mp3_frame) * self._mp3_frame

    def _cut(self, lead: int = 0) -> None:
        """Let a reel begin here, if there is silence enough; its first sound comes *lead* frames before."""
        if self._bed_start is not None:
            return
        start = self._to_mp3_frames(self._at)
        cut = ((start - lead) // self._mp3_frame - LEAD_MP3_FRAMES) * self._mp3_frame
        if cut - self._sounding >= TAIL_MP3_FRAMES * self._mp3_frame:
            self._at = start
            self._cuts.append(cut)

    def _begin_chapter(self, title: str) -> None:
        self._starts.append((title, self._at))

    def _close_chapters(self, length: int) -> Iterator[Chapter]:
        rate = self._sound.sample_rate_hz
        starts = [(title, round(start * 1000 / rate)) for title, start in self._starts]
        ends = [start_ms for _, start_ms in starts[1:]] + [round(length * 1000 / rate)]
        for (title, start_ms), end_ms in zip(starts, ends, strict=True):
            if start_ms < end_ms:  # nothing is heard of the others
                yield Chapter(title, start_ms, end_ms)

    def _place(self, place: Placement) -> None:
        self._placements.append(place)
        self._sounding = max(self._sounding, place.end)

    def _play(self, spot: Spot) -> None:
        """Play music here; what follows comes in before its end, or after it."""
        if not spot.music:
            return
        length = self._music_lengths[spot.music]
        gain_db = self._sound.music_db + spot.gain_db
        fade_in, fade_out = self._frames(spot.fade_in_ms), self._frames(spot.fade_out_ms)
        self._place(Placement(spot.music, self._at, length, gain_db, fade_in, fade_out))
        self._at += max(length - self._frames(spot.overlap_ms), 0)

    def _lay_bridge(self, segment: Segment) -> None:
        spot: Spot | None = getattr(self._rundown, segment.kind, None)
        opens_with_bed = segment.kind in self._under and not (spot and spot.music)
        self._cut(self._frames(self._rundown.bed.lead_ms) if opens_with_bed else 0)
        self._begin_chapter(segment.title)
        if spot:
            self._play(spot)

    def _begin_bed(self, segment: Segment) -> None:
        if segment.kind in self._under and self._bed_start is None:
            rest = LEAD_MP3_FRAMES * self._mp3_frame if self._cuts[-1] else 0
            lead = self._frames(self._rundown.bed.lead_ms)
            self._bed_start = max(self._at - lead, self._cuts[-1] + rest)

    def _end_bed(self) -> None:
        if self._bed_start is None:
            return
        end = self._at + self._frames(self._rundown.bed.tail_ms)
        self._beds.append((self._bed_start, end))
        self._sounding = max(self._sounding, end)
        self._bed_start = None

    def _lay_beds(self) -> Iterator[Placement]:
        """Place the beds, once it is known who speaks over their ends."""
        bed = self._rundown.bed
        attack, release, shortest_gap, fade_in, fade_out = map(
            self._frames,
            (bed.attack_ms, bed.release_ms, bed.shortest_gap_ms, bed.fade_in_ms, bed.fade_out_ms),
        )
        takes = [place for place in self._placements if isinstance(place.piece, int) and place.length]
        for start, end in self._beds:
            near = [(take.start - start, take.end - start) for take in takes]
            speech = tuple((a, z) for a, z in near if z > 0 and a - attack < end - start)
            ducking = Ducking(speech, bed.ducked_db, attack, release, shortest_gap)
            gain_db = self._sound.music_db + bed.gain_db
            yield Placement(bed.music, start, end - start, gain_db, fade_in, fade_out, ducking)

    def _lay_lines(self, lines: Sequence[Line]) -> None:
        looks = 0
        for index, line in enumerate(lines):
            if index:
                self._lay_boundary(lines[index - 1], line, looks)
            elif line.opens == "chapter":
                self._begin_chapter(line.chapter)
            looks += line.opens == "look"
            length = self._take_lengths[self._line]
            self._place(Placement(self._line, self._at, length))
            self._at += length
            self._line += 1

    def _lay_boundary(self, before: Line, line: Line, looks: int) -> None:
        pauses = self._sound.pauses
        if line.opens == "chapter":
            self._rest(before, pauses.chapter_ms)
            self._cut()
            self._begin_chapter(line.chapter)
            self._play(self._rundown.chapter)
        elif line.opens == "look" and looks:
            self._rest(before, pauses.sentence_ms)
            self._cut()
            self._play(self._rundown.look)
        else:
            self._rest(before, pauses.paragraph_ms if line.opens else pauses.sentence_ms)
            if line.opens or self._at - self._cuts[-1] > LONGEST_REEL_S * self._sound.sample_rate_hz:
                self._cut()

    def _rest(self, line: Line, usual_ms: int) -> None:
        self._at += self._frames(usual_ms if line.pause_ms is None else line.pause_ms)
