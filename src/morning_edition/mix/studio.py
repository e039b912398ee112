"""The studio: takes made ready for the air, and reels mixed of them and the music."""

import functools
import json
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, dataclass

import numpy as np

from morning_edition.errors import AudioError
from morning_edition.files import sha256_of
from morning_edition.filters import CORES, Samples
from morning_edition.kept import Kept
from morning_edition.mix.dress import DressedTake, dress_take
from morning_edition.mix.ducking import shape_music
from morning_edition.mix.music import Music
from morning_edition.mix.overlay import overlay
from morning_edition.mix.reels import Reel, key_reel
from morning_edition.station import Sound
from morning_edition.takes import Take
from morning_edition.voices import Word

VERSION = "mix 1"
"""Raised when the same takes and music come to sound otherwise."""

MOST_HELD_BYTES = 80_000_000
"""Sound that is held for its next use, in all: seven minutes of mono."""
LONG_HELD_BYTES = 16_000_000
"""Of a longer programme, of which most would have to be made again anyway."""
BYTES_A_SAMPLE = 4
WITH_MUSIC = 1.3
"""A programme is about so much longer than its speech."""


@dataclass(frozen=True, slots=True)
class TakeNote:
    """What the running order needs to know of a take that was made ready."""

    length: int
    """In frames of the programme; 0 when nothing of it is to be heard."""
    words: tuple[Word, ...]
    """Counted from its first sample."""


class Studio:
    """Holds what a programme is mixed of, and mixes its reels; *loudness_lufs* is the level of each take."""

    def __init__(
        self,
        takes: Sequence[Take],
        loudness_lufs: Sequence[float],
        music: Music,
        sound: Sound,
        kept: Kept,
    ) -> None:
        self._takes, self._loudness_lufs, self._music = takes, loudness_lufs, music
        self._sound, self._kept = sound, kept
        self._lock = threading.Lock()
        self._held: dict[str, Samples] = {}
        self._held_bytes = 0
        seconds = sum(take.duration_ms for take in takes) / 1000
        expected_bytes = seconds * sound.sample_rate_hz * sound.channels * BYTES_A_SAMPLE * WITH_MUSIC
        fits = expected_bytes < MOST_HELD_BYTES
        self._most_held_bytes = MOST_HELD_BYTES if fits else min(LONG_HELD_BYTES, MOST_HELD_BYTES)

    def note_takes(self) -> list[TakeNote]:
        """Make ready what was not ready before, side by side. Raises `AudioError` when all are silent."""
        with ThreadPoolExecutor(CORES) as pool:
            notes = list(pool.map(self._note_take, range(len(self._takes))))
        if not any(note.length for note in notes):
            raise AudioError("nothing is to be heard: every take is silent; try another voice")
        return notes

    def key(self, reel: Reel) -> str:
        """Return what *reel*'s sound may be kept by."""
        return key_reel(reel, self._name)

    def mix_reel(self, reel: Reel) -> Samples:
        """Return the sound of *reel*, of shape (frames, channels), before any outlet's loudness."""
        if (mixed := self._held.get(self.key(reel))) is not None:
            return mixed
        mixed = np.zeros((reel.length, self._sound.channels), np.float32)
        for place in reel.placements:
            if isinstance(place.piece, int):
                samples = self._dress(place.piece).samples[: reel.length - place.start]
                mixed[place.start : place.start + len(samples)] += self._centre(samples)
        for place in reel.placements:
            if isinstance(place.piece, str):
                last = min(place.length, reel.length - place.start)
                sounding = shape_music(self._music.load()[place.piece], place, 0, last)
                overlay(
                    mixed[place.start : place.start + len(sounding)], sounding, self._sound.sample_rate_hz
                )
        self._hold(self.key(reel), mixed)
        return mixed

    def forget(self) -> None:
        """Let go of all sound that is held."""
        with self._lock:
            self._held.clear()
            self._held_bytes = 0

    def _centre(self, samples: Samples) -> Samples:
        """Lay one channel in the middle, as loud as it is alone."""
        channels = self._sound.channels
        return np.repeat(samples[:, None] * np.float32(channels**-0.5), channels, axis=1)

    def _name(self, piece: str | int) -> str:
        return self._music.key(piece) if isinstance(piece, str) else self._take_names[piece]

    @functools.cached_property
    def _take_names(self) -> list[str]:
        sound = (VERSION, self._sound.sample_rate_hz, self._sound.channels)
        return [
            sha256_of(repr((*sound, take.key, lufs)))
            for take, lufs in zip(self._takes, self._loudness_lufs, strict=True)
        ]

    def _note_take(self, index: int) -> TakeNote:
        name = self._take_names[index]
        if content := self._kept.load(name):
            length, words = json.loads(content)
            return TakeNote(length, tuple(Word(*word) for word in words))
        dressed = self._dress(index)
        note = TakeNote(len(dressed.samples), dressed.words)
        self._kept.store(name, json.dumps([note.length, [astuple(word) for word in note.words]]).encode())
        return note

    def _dress(self, index: int) -> DressedTake:
        name = self._take_names[index]
        if (samples := self._release(name)) is not None:
            return DressedTake(samples, ())
        speech = self._takes[index].speech
        dressed = dress_take(speech, self._sound.sample_rate_hz, self._loudness_lufs[index])
        self._hold(name, dressed.samples)
        return dressed

    def _hold(self, name: str, samples: Samples) -> None:
        with self._lock:
            if self._held_bytes + samples.nbytes <= self._most_held_bytes and name not in self._held:
                self._held[name] = samples
                self._held_bytes += samples.nbytes

    def _release(self, name: str) -> Samples | None:
        with self._lock:
            samples = self._held.pop(name, None)
            self._held_bytes -= samples.nbytes if samples is not None else 0
            return samples
