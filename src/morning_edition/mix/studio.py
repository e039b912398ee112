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
from morning_edition.mix.dress import LEAD_MS, TAIL_MS, DressedTake, dress_take
from morning_edition.mix.ducking import shape_music
from morning_edition.mix.music import Music
from morning_edition.mix.overlay import overlay
from morning_edition.mix.reels import Reel, key_reel
from morning_edition.mix.timeline import Timing
from morning_edition.station import Sound
from morning_edition.takes import Take
from morning_edition.voices import Word
from morning_edition.voices.stretches import find_stretches

VERSION = "mix 1"
"""Raised when the same takes and music come to sound otherwise."""
NOTES, WORDS = "note 1", "words 1"
"""Raised when the same take comes to be noted otherwise, or the words of one whose voice tells none."""

MOST_HELD_BYTES = 80_000_000
"""Sound that is held for its next use, in all: seven minutes of mono."""
LONG_HELD_BYTES = 16_000_000
"""Of a longer programme, of which most would have to be made again anyway."""
BYTES_A_SAMPLE = 4
WITH_MUSIC = 1.3
"""A programme is about so much longer than its speech."""


@dataclass(frozen=True, slots=True)
class TakeNote:
    """What the running order needs to know of a take that was made ready; its times count from its start."""

    length: int
    """In frames of the programme; 0 when nothing of it is to be heard."""
    start_ms: int = 0
    """When its sound begins: a voice may breathe, or hiss, before it speaks."""
    end_ms: int = 0
    """When its sound ends."""
    timing: Timing = "estimated"
    """Where the times of its words are from."""
    words: tuple[Word, ...] = ()
    """Those of the spoken form."""


class Studio:
    """Holds what a programme is mixed of, and mixes its reels.

    *loudness_lufs* is the level of each take, *language* (BCP 47) what they are read in.
    """

    def __init__(
        self,
        takes: Sequence[Take],
        loudness_lufs: Sequence[float],
        music: Music,
        sound: Sound,
        kept: Kept,
        language: str = "en-US",
    ) -> None:
        self._takes, self._loudness_lufs, self._music = takes, loudness_lufs, music
        self._sound, self._kept, self._language = sound, kept, language
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
        name = self._name_note(index)
        if content := self._kept.load(name):
            length, start_ms, end_ms, timing, words = json.loads(content)
            return TakeNote(length, start_ms, end_ms, timing, tuple(Word(*word) for word in words))
        note = self._write_note(index)
        self._kept.store(name, json.dumps(astuple(note)).encode())
        return note

    def _name_note(self, index: int) -> str:
        """Return what a take's note is kept by: where its voice tells no words, by what was read, too."""
        take = self._takes[index]
        read = () if take.words else (WORDS, take.spoken, self._language)
        return sha256_of(repr((NOTES, self._take_names[index], *read)))

    def _write_note(self, index: int) -> TakeNote:
        dressed, rate_hz = self._make_ready(index), self._sound.sample_rate_hz
        stretches = find_stretches(dressed.samples, rate_hz)
        if not stretches:
            return TakeNote(len(dressed.samples))
        length_ms = len(dressed.samples) * 1000 // rate_hz
        start_ms = max(stretches[0][0] - LEAD_MS, 0)
        end_ms = min(stretches[-1][1] + TAIL_MS, length_ms)
        timing: Timing = "voice"
        words = dressed.words
        if not words:
            from morning_edition.voices.aligning import find_words

            spoken = self._takes[index].spoken
            words, timing = find_words(dressed.samples, rate_hz, spoken, self._language)
        return TakeNote(len(dressed.samples), start_ms, end_ms, timing, words)

    def _dress(self, index: int) -> DressedTake:
        if (samples := self._release(self._take_names[index])) is not None:
            return DressedTake(samples, ())
        return self._make_ready(index)

    def _make_ready(self, index: int) -> DressedTake:
        speech = self._takes[index].speech
        dressed = dress_take(speech, self._sound.sample_rate_hz, self._loudness_lufs[index])
        self._hold(self._take_names[index], dressed.samples)
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
