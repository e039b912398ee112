"""The press: reels measured, brought to each outlet's level, encoded, and joined to one file a master.

Each reel is mixed once for all masters, its figures and its MP3 frames are kept by what they are made of, and
what is kept is not made again. All cores work on reels side by side; no more than a few are in memory.
"""

import dataclasses
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from morning_edition.files import sha256_of
from morning_edition.filters import CORES, Samples
from morning_edition.kept import Kept
from morning_edition.master import VERSION, Level, ReelLevel, find_level, level_reel, measure_reel
from morning_edition.mix.programme import Programme
from morning_edition.mix.reels import Reel
from morning_edition.mix.studio import Studio
from morning_edition.mp3_frames import Mp3Format, bitrates_kbps
from morning_edition.mp3_joining import JoinedStream, join_reels
from morning_edition.mp3_reels import QUALITY, encode_reel
from morning_edition.station import MasterProfile, Sound

Report = Callable[[str, int, int], None]
Softer = Mapping[tuple[str, str], float]
"""Decibels, by a master's name and a reel's key."""

MOST_HELD_BYTES = 16_000_000
"""MP3 frames that are held until they are written; others are read back from where they are kept."""

Key = TypeVar("Key")
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Order:
    """One master that is asked for."""

    name: str
    """`podcast`, `flash`, or `flash-1` and so on."""
    programme: Programme
    profile: MasterProfile
    path: Path
    tag: Callable[[], bytes]
    """Gives what stands before the sound; it may be made while reels are encoded."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """One master, as it stands on disk."""

    order: Order
    level: Level
    form: Mp3Format
    stream: JoinedStream
    sound_at: int
    """Where in the file its sound begins, in bytes."""


@dataclass(frozen=True, slots=True)
class _Job:
    """One reel at one level, to be encoded."""

    key: str
    reel: Reel
    reel_key: str
    level: Level
    form: Mp3Format


class Press:
    """Makes masters of one studio's reels."""

    def __init__(self, studio: Studio, sound: Sound, kept: Kept, report: Report) -> None:
        self._studio, self._sound, self._kept, self._report = studio, sound, kept, report
        self._levels: dict[str, ReelLevel] = {}
        self._held: dict[str, bytes] = {}
        self._held_bytes = 0

    def press(self, orders: Sequence[Order], softer_db: Softer) -> list[Pressed]:
        """Write the masters. Raises `AudioError`, and OSError when a file cannot be written.

        *softer_db* says by how much the ceiling is to be lower for single reels.
        """
        self._measure(reel for order in orders for reel in order.programme.reels)
        levels = [self._find_level(order, softer_db) for order in orders]
        jobs = {
            order.name: [self._job(reel, level, order, softer_db) for reel in order.programme.reels]
            for order, level in zip(orders, levels, strict=True)
        }
        self._encode({job.key: job for listed in jobs.values() for job in listed})
        pressed = [
            self._write(order, level, jobs[order.name]) for order, level in zip(orders, levels, strict=True)
        ]
        self._held.clear()
        self._held_bytes = 0
        return pressed

    def cut_levelled(self, programme: Programme, level: Level) -> Callable[[int, int], Samples]:
        """Return what gives the sound of a pressed programme at a level, from one frame up to another."""
        latest: list[tuple[Reel, Samples]] = []

        def levelled(reel: Reel) -> Samples:
            if not latest or latest[0][0] != reel:
                mixed = self._studio.mix_reel(reel)
                latest[:] = [(reel, level_reel(mixed, self._levels[self._studio.key(reel)], level))]
            return latest[0][1]

        def cut(first: int, last: int) -> Samples:
            heard = [
                levelled(reel)[max(first - reel.start, 0) : last - reel.start]
                for reel in programme.reels
                if reel.start < last and first < reel.end
            ]
            return np.concatenate(heard)

        return cut

    def _measure(self, reels: Iterable[Reel]) -> None:
        wanted = {self._studio.key(reel): reel for reel in reels}
        unknown = [(key, reel) for key, reel in wanted.items() if key not in self._levels]

        def measure(job: tuple[str, Reel]) -> tuple[str, ReelLevel]:
            key, reel = job
            name = sha256_of(f"{VERSION} {key}")
            if content := self._kept.load(name):
                return key, ReelLevel.from_bytes(content)
            level = measure_reel(self._studio.mix_reel(reel), self._sound.sample_rate_hz)
            self._kept.store(name, level.to_bytes())
            return key, level

        for key, level in self._side_by_side("mix", measure, unknown):
            self._levels[key] = level

    def _find_level(self, order: Order, softer_db: Softer) -> Level:
        keys = [self._studio.key(reel) for reel in order.programme.reels]
        reels = [
            (reel.start, self._levels[key], softer_db.get((order.name, key), 0.0))
            for reel, key in zip(order.programme.reels, keys, strict=True)
        ]
        return find_level(
            reels, order.programme.order.length, self._sound.sample_rate_hz, order.profile, order.name
        )

    def _job(self, reel: Reel, level: Level, order: Order, softer_db: Softer) -> _Job:
        reel_key = self._studio.key(reel)
        ceiling_db = round(level.ceiling_db - softer_db.get((order.name, reel_key), 0.0), 2)
        level = dataclasses.replace(level, ceiling_db=ceiling_db, loudness_lufs=0.0)
        form = self._form(order)
        return _Job(sha256_of(repr((VERSION, QUALITY, reel_key, level, form))), reel, reel_key, level, form)

    def _form(self, order: Order) -> Mp3Format:
        rate_hz = self._sound.sample_rate_hz
        bitrate_kbps = min(order.profile.bitrate_kbps, bitrates_kbps(rate_hz)[-1])
        return Mp3Format(sample_rate_hz=rate_hz, channels=self._sound.channels, bitrate_kbps=bitrate_kbps)

    def _encode(self, jobs: Mapping[str, _Job]) -> None:
        def encode(job: _Job) -> None:
            frames = self._kept.load(job.key)
            if frames is None:
                frames = self._encode_reel(job)
                self._kept.store(job.key, frames)
            self._hold(job.key, frames)

        for _ in self._side_by_side("master", encode, list(jobs.values())):
            pass

    def _encode_reel(self, job: _Job) -> bytes:
        mixed = self._studio.mix_reel(job.reel)
        levelled = level_reel(mixed, self._levels[job.reel_key], job.level)
        return encode_reel(lambda first, last: levelled[first:last], len(levelled), job.form)

    def _hold(self, key: str, frames: bytes) -> None:
        if key not in self._held and self._held_bytes + len(frames) <= MOST_HELD_BYTES:
            self._held[key] = frames
            self._held_bytes += len(frames)

    def _frames(self, jobs: Sequence[_Job]) -> Iterator[bytes]:
        for job in jobs:
            yield self._held.get(job.key) or self._kept.load(job.key) or self._encode_reel(job)

    def _write(self, order: Order, level: Level, jobs: Sequence[_Job]) -> Pressed:
        form = self._form(order)
        with order.path.open("wb") as file:
            tag_bytes = file.write(order.tag())
            stream = join_reels(self._frames(jobs), file, order.programme.order.length, form)
            file.flush()
            os.fsync(file.fileno())
        return Pressed(order, level, form, stream, tag_bytes)

    def _side_by_side(self, stage: str, work: Callable[[Key], Made], jobs: Sequence[Key]) -> Iterator[Made]:
        self._report(stage, 0, len(jobs))
        with ThreadPoolExecutor(CORES) as pool:
            for done, made in enumerate(pool.map(work, jobs), 1):
                self._report(stage, done, len(jobs))
                yield made
