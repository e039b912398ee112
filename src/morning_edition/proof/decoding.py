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
    """Decode and measure masters as they stand on disk. Raises `AudioError` where one cannot be decoded.

    A reel whose very bytes were heard before is not decoded again.
    """
    jobs = [
        (pressed, reel, place)
        for pressed in masters
        for reel, place in zip(pressed.order.programme.reels, pressed.stream.reels, strict=True)
    ]

    def hear(job: tuple[Pressed, Reel, ReelPlace]) -> HeardReel:
        return _hear_reel(*job, kept)

    heard: list[HeardReel] = []
    with ThreadPoolExecutor(CORES) as pool:
        for done, reel in enumerate(pool.map(hear, jobs), 1):
            heard.append(reel)
            report(done, len(jobs))
    found = iter(heard)
    return [_join(pressed, [next(found) for _ in pressed.stream.reels]) for pressed in masters]


def _hear_reel(pressed: Pressed, reel: Reel, place: ReelPlace, kept: Kept) -> HeardReel:
    form, spans = pressed.form, _spans(reel)
    places = [span[1:] for span in spans]
    own = _read(pressed, place.start, place.end)
    key = sha256_of(repr((VERSION, form, reel.length, places)).encode() + own)
    found = _load(kept.load(key), len(spans))
    if found is None:
        music = _read(pressed, place.start, place.end_heard)
        found = _measure(decode_reel(music, reel.length, form), form.sample_rate_hz, places)
        kept.store(key, _store(*found))
    measured, sounds = found
    return HeardReel(key, measured, {span[0]: sound for span, sound in zip(spans, sounds, strict=True)})


def _measure(
    sound: Samples, sample_rate_hz: int, places: Sequence[tuple[int, int]]
) -> tuple[Measured, list[LineSound]]:
    middle = sound.mean(axis=1) if sound.shape[1] > 1 else sound[:, 0]
    lines = [hear_line(middle[start:end], sample_rate_hz) for start, end in places]
    return measure_sound(sound, sample_rate_hz), lines


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
                sound = decode_reel(_read(pressed, place.start, place.end_heard), reel.length, pressed.form)
                return np.asarray(sound[start:end].mean(axis=1))
    raise KeyError(number)


def _read(pressed: Pressed, start: int, end: int) -> bytes:
    """Return what stands between two places of a master's stream, in bytes from its Info frame on."""
    with pressed.order.path.open("rb") as file:
        file.seek(pressed.sound_at + start)
        return file.read(end - start)


def _spans(reel: Reel) -> list[tuple[int, int, int]]:
    """Return each line's number, and its frames, counted from the reel's start."""
    return [
        (place.piece, place.start, place.end) for place in reel.placements if isinstance(place.piece, int)
    ]


def _store(measured: Measured, sounds: Sequence[LineSound]) -> bytes:
    lines = json.dumps([asdict(sound) for sound in sounds]).encode()
    return len(lines).to_bytes(4, "little") + lines + measured.to_bytes()


def _load(content: bytes | None, lines: int) -> tuple[Measured, list[LineSound]] | None:
    """Return what was kept of so many *lines*; None where nothing is, or it was kept by another version."""
    if content is None:
        return None
    end = 4 + int.from_bytes(content[:4], "little")
    try:
        sounds = [_rebuild(record) for record in json.loads(content[4:end])]
        measured = Measured.from_bytes(content[end:])
    except (ValueError, TypeError):
        return None
    return (measured, sounds) if len(sounds) == lines else None


def _rebuild(record: dict[str, object]) -> LineSound:
    first, second = record.pop("twice_ms")  # type: ignore[misc]
    return LineSound(**record, twice_ms=(first, second))  # type: ignore[arg-type, has-type]
