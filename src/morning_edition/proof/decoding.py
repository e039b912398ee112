"""Masters heard back: each reel's stretch of the file that was written is decoded and measured.

What was measured is kept by the bytes that it was measured on, so a rebuild hears only what has changed.
"""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass

import numpy as np

from morning_edition.files import sha256_of
from morning_edition.filters import CORES, Samples
from morning_edition.kept import Kept
from morning_edition.mix.reels import Reel
from morning_edition.mp3_joining import ReelPlace
from morning_edition.mp3_reels import decode_reel
from morning_edition.press import Pressed
from morning_edition.proof.line_sound import LineSound, hear_line
from morning_edition.proof.measuring import Measured, join_measured, measure_sound

VERSION = "heard 1"
"""Raised when the same sound comes to be measured otherwise."""


@dataclass(frozen=True, slots=True)
class HeardReel:
    """One reel, as it was heard."""

    key: str
    """What no other reel has, as it was decoded."""
    measured: Measured
    lines: dict[int, LineSound]
    """By the lines' numbers, in their order."""


@dataclass(frozen=True, slots=True)
class HeardMaster:
    """One master, as it was heard."""

    pressed: Pressed
    reels: tuple[HeardReel, ...]
    measured: Measured
    """Of the whole."""

    @property
    def lines(self) -> dict[int, LineSound]:
        """Each line's sound, by the line's number."""
        return {number: sound for reel in self.reels for number, sound in reel.lines.items()}


def hear_masters(
    masters: Sequence[Pressed], kept: Kept, report: Callable[[int, int], None]
) -> list[HeardMaster]:
    """Decode and measure masters, on all cores. Raises `AudioError` where one cannot be decoded."""
    jobs = [
        (pressed, reel, place)
        for pressed in masters
        for reel, place in zip(pressed.order.programme.reels, pressed.stream.reels, strict=True)
    ]

    def hear(job: tuple[Pressed, Reel, ReelPlace]) -> HeardReel:
        pressed, reel, place = job
        return _hear_reel(reel, _read(pressed, place), pressed, kept)

    heard: list[HeardReel] = []
    with ThreadPoolExecutor(CORES) as pool:
        for done, reel in enumerate(pool.map(hear, jobs), 1):
            heard.append(reel)
            report(done, len(jobs))
    found = iter(heard)
    return [_join(pressed, [next(found) for _ in pressed.stream.reels]) for pressed in masters]


def _join(pressed: Pressed, heard: Sequence[HeardReel]) -> HeardMaster:
    programme = pressed.order.programme
    parts = [(reel.start, one.measured) for reel, one in zip(programme.reels, heard, strict=True)]
    return HeardMaster(pressed, tuple(heard), join_measured(parts, programme.order.length))


def decode_line(pressed: Pressed, number: int) -> Samples:
    """Return the sound of one line in a master, one channel. Raises KeyError for a line that is not in it."""
    programme = pressed.order.programme
    for reel, place in zip(programme.reels, pressed.stream.reels, strict=True):
        for line, start, end in _spans(reel):
            if line == number:
                sound = decode_reel(_read(pressed, place), reel.length, pressed.form)
                return np.asarray(sound[start:end].mean(axis=1))
    raise KeyError(number)


def _read(pressed: Pressed, place: ReelPlace) -> bytes:
    """Return the MP3 frames of a reel, and those after them that complete its sound."""
    with pressed.order.path.open("rb") as file:
        file.seek(pressed.sound_at + place.start)
        return file.read(place.end_heard - place.start)


def _spans(reel: Reel) -> list[tuple[int, int, int]]:
    """Return each line's number, and its frames, counted from the reel's start."""
    return [
        (place.piece, place.start, place.end) for place in reel.placements if isinstance(place.piece, int)
    ]


def _hear_reel(reel: Reel, music: bytes, pressed: Pressed, kept: Kept) -> HeardReel:
    spans = _spans(reel)
    places = [span[1:] for span in spans]
    key = sha256_of(repr((VERSION, pressed.form, reel.length, places)).encode() + music)
    found = _load(key, kept.load(key), spans)
    if found is None:
        sound = decode_reel(music, reel.length, pressed.form)
        rate_hz = pressed.form.sample_rate_hz
        middle = sound.mean(axis=1) if sound.shape[1] > 1 else sound[:, 0]
        lines = {number: hear_line(middle[start:end], rate_hz) for number, start, end in spans}
        found = HeardReel(key, measure_sound(sound, rate_hz), lines)
        kept.store(key, _store(found, spans))
    return found


def _store(heard: HeardReel, spans: Sequence[tuple[int, int, int]]) -> bytes:
    lines = json.dumps([asdict(heard.lines[number]) for number, _, _ in spans]).encode()
    return len(lines).to_bytes(4, "little") + lines + heard.measured.to_bytes()


def _load(key: str, content: bytes | None, spans: Sequence[tuple[int, int, int]]) -> HeardReel | None:
    """Return what was kept; None where nothing is, or it was kept by another version."""
    if content is None:
        return None
    end = 4 + int.from_bytes(content[:4], "little")
    try:
        sounds = [_rebuild(record) for record in json.loads(content[4:end])]
        measured = Measured.from_bytes(content[end:])
        lines = {number: sound for (number, _, _), sound in zip(spans, sounds, strict=True)}
    except (ValueError, TypeError):
        return None
    return HeardReel(key, measured, lines)


def _rebuild(record: dict[str, object]) -> LineSound:
    first, second = record.pop("twice_ms")  # type: ignore[misc]
    return LineSound(**record, twice_ms=(first, second))  # type: ignore[arg-type, has-type]
