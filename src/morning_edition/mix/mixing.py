"""Takes and jingles to one sound, with its cues and chapters measured on the way."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from morning_edition.errors import AudioError
from morning_edition.filters import CORES, Samples
from morning_edition.mix.dress import DressedTake, dress_take
from morning_edition.mix.ducking import shape_bed
from morning_edition.mix.running_order import JingleName, Placement, RunningOrder, lay_out, snap
from morning_edition.mix.segments import AudioSegment
from morning_edition.mix.timeline import Cue, Timeline
from morning_edition.script.script import Script
from morning_edition.station import Cast, Sound
from morning_edition.takes import Take
from morning_edition.voices import Word

BLOCK_MS = 2000
"""Laid at a time: the cost of an overlay grows with the length of what it is laid on."""

HEADROOM = np.float32(2**-5)
"""Sounds are laid this much softer, and raised again once summed: whole numbers end at full scale, and no sum
of voice and music may clip before the master sets the level. Of their 32 bits, 27 are left for the sound."""

HIGHEST = np.float32(1 - 2**-24)
"""The highest amplitude that is still a whole number of 32 bits."""


@dataclass(frozen=True, slots=True)
class Mix:
    """The whole programme as one channel of sound, before any outlet's loudness."""

    samples: Samples
    sample_rate_hz: int
    timeline: Timeline


@dataclass(frozen=True, slots=True)
class _Clip:
    """Samples that begin at one point of the timeline, and the gain they are heard with."""

    start_ms: int
    samples: Samples
    gain: np.float32


def mix_programme(
    script: Script,
    takes: Sequence[Take],
    cast: Cast,
    sound: Sound,
    jingles: Mapping[JingleName, Samples],
    report: Callable[[int, int], None] = lambda done, total: None,
) -> Mix:
    """Lay *takes*, one for each line of *script*, and the music on one timeline.

    *jingles* are at the programme's sample rate, as `load_jingles` gives them. *report* is told how many
    seconds are laid, and of how many. Raises `AudioError` when nothing at all is to be heard.
    """
    rate_hz = sound.sample_rate_hz
    dressed = _dress_takes(script, takes, cast, sound)
    order = lay_out(
        script,
        [_length_ms(take.samples, rate_hz) for take in dressed],
        {name: snap(len(samples) * 1000 / rate_hz) for name, samples in jingles.items()},
        sound,
    )
    timeline = _measure_timeline(script, order, dressed)
    clips = [_cut_clip(place, order, dressed, jingles, sound) for place in order.placements]
    del dressed  # so that each take can go as soon as it is laid
    return Mix(_lay_clips(clips, order.duration_ms, rate_hz, report), rate_hz, timeline)


def _dress_takes(script: Script, takes: Sequence[Take], cast: Cast, sound: Sound) -> list[DressedTake]:
    """Make all takes ready, side by side: filters and resampling let go of the interpreter."""

    def dress(index: int) -> DressedTake:
        gain_db = getattr(cast, script.lines[index].role).gain_db
        return dress_take(takes[index].speech, sound.sample_rate_hz, sound.speech_lufs + gain_db)

    with ThreadPoolExecutor(CORES) as pool:
        dressed = list(pool.map(dress, range(len(takes))))
    if not any(len(take.samples) for take in dressed):
        raise AudioError("nothing is to be heard: every take is silent; try another voice")
    return dressed


def _length_ms(samples: Samples, sample_rate_hz: int) -> int:
    return len(samples) * 1000 // sample_rate_hz


def _cut_clip(
    place: Placement,
    order: RunningOrder,
    dressed: Sequence[DressedTake],
    jingles: Mapping[JingleName, Samples],
    sound: Sound,
) -> _Clip:
    if isinstance(place.piece, int):
        samples = dressed[place.piece].samples
    elif place.piece == "bed":
        samples = shape_bed(jingles["bed"], place, order.takes, sound.bed_db, sound.sample_rate_hz)
    else:
        samples = jingles[place.piece]
    return _Clip(place.start_ms, samples, np.float32(10 ** (place.gain_db / 20)))


def _lay_clips(
    clips: list[_Clip], duration_ms: int, sample_rate_hz: int, report: Callable[[int, int], None]
) -> Samples:
    """Sum *clips* block by block; no position is rounded, since all stand on the grid.

    Clips that are over are taken out of *clips*, to keep memory flat.
    """
    laid = np.empty(duration_ms * sample_rate_hz // 1000, np.float32)
    for start_ms in range(0, duration_ms, BLOCK_MS):
        end_ms = min(start_ms + BLOCK_MS, duration_ms)
        span = slice(start_ms * sample_rate_hz // 1000, end_ms * sample_rate_hz // 1000)
        block = _to_segment(np.zeros(span.stop - span.start, np.float32), sample_rate_hz)
        for clip in (clip for clip in clips if clip.start_ms < end_ms):
            if piece := _cut_piece(clip, start_ms, end_ms, sample_rate_hz):
                block = block.overlay(piece, position=max(clip.start_ms - start_ms, 0))
        laid[span] = np.frombuffer(block.raw_data, "<i4") * (np.float32(2**-31) / HEADROOM)
        clips[:] = [
            clip for clip in clips if len(clip.samples) > (end_ms - clip.start_ms) * sample_rate_hz // 1000
        ]
        report(end_ms // 1000, duration_ms // 1000)
    return laid


def _cut_piece(clip: _Clip, start_ms: int, end_ms: int, sample_rate_hz: int) -> Any:  # noqa: ANN401 - pydub has no types
    """Return what is heard of *clip* between two points of the timeline."""
    first, last = (max(at_ms - clip.start_ms, 0) * sample_rate_hz // 1000 for at_ms in (start_ms, end_ms))
    samples = clip.samples[first:last]
    if not len(samples):
        return None
    return _to_segment(samples * (clip.gain * HEADROOM), sample_rate_hz)


def _to_segment(samples: Samples, sample_rate_hz: int) -> Any:  # noqa: ANN401 - pydub has no types
    whole = np.clip(samples, -1, HIGHEST) * np.float32(2**31)
    return AudioSegment(whole.astype("<i4").tobytes(), sample_width=4, frame_rate=sample_rate_hz, channels=1)


def _measure_timeline(script: Script, order: RunningOrder, dressed: Sequence[DressedTake]) -> Timeline:
    """Note when each line and each of its words is heard; lines that gave no sound have no cue."""
    kinds = [segment.kind for segment in script.segments for _ in segment.lines]
    cues = []
    for place in order.takes:
        index = int(place.piece)
        line = script.lines[index]
        words = tuple(
            Word(word.text, word.start_ms + place.start_ms, word.end_ms + place.start_ms)
            for word in dressed[index].words
        )
        if place.length_ms:
            cues.append(Cue(place.start_ms, place.end_ms, line.text, line.role, kinds[index], words))
    return Timeline(order.duration_ms, tuple(cues), order.chapters)
