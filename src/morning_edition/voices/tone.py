"""A voice of plain tones: needs nothing, costs nothing, and can be measured to the millisecond.

It rehearses an episode's timing, and lets tests measure loudness, joins, chapters and cues.
"""

import re
from collections.abc import Mapping

from morning_edition.errors import VoiceError
from morning_edition.voices import (
    NO_OPTIONS,
    USUAL,
    Delivery,
    Option,
    Speech,
    Traits,
    Utterance,
    VoiceNote,
    Word,
)

SAMPLE_RATE_HZ = 24_000
LETTER_MS = 60
GAP_MS = 40
FADE_MS = 5
PITCHES_HZ = {"low": 220.0, "middle": 440.0, "high": 660.0}
PEAK = 0.125
"""Amplitude of -18 dBFS: a mono sine of these pitches measures -21.6 to -21.9 LUFS."""


class ToneVoice:
    """Each word is a tone as long as the word; each pitch is a voice."""

    def __init__(self, name: str = "", delivery: Delivery = USUAL) -> None:
        self._name = name or "middle"
        self._letter_ms = max(1, round(LETTER_MS / delivery.rate))
        self._semitones = delivery.pitch_semitones
        if self._name not in PITCHES_HZ:
            raise VoiceError(f"tone has no voice called {self._name!r}; it has {', '.join(PITCHES_HZ)}")

    @property
    def identity(self) -> str:
        """The pitch and the pace."""
        shift = f" pitch={self._semitones:+g}" if self._semitones else ""
        return f"tone 1 {self._name} letter_ms={self._letter_ms}{shift}"

    @property
    def traits(self) -> Traits:
        """One line at once: it is quicker than starting a second thread."""
        return Traits(sample_rate_hz=SAMPLE_RATE_HZ, word_times=True, sets_rate=True, sets_pitch=True)

    def speak(self, line: Utterance) -> Speech:
        """Sound one tone for each word, with a gap after it."""
        import numpy as np

        words, pieces, at_ms = [], [], 0
        pitch_hz = PITCHES_HZ[self._name] * 2 ** (self._semitones / 12)
        for token in re.findall(r"\S+", line.text):
            length_ms = self._letter_ms * len(token)
            words.append(Word(token, at_ms, at_ms + length_ms))
            times = np.arange(SAMPLE_RATE_HZ * length_ms // 1000) / SAMPLE_RATE_HZ
            edge = np.minimum(times, times[::-1]) * 1000 / FADE_MS
            tone = PEAK * np.sin(2 * np.pi * pitch_hz * times) * np.minimum(edge, 1)
            pieces += [tone, np.zeros(SAMPLE_RATE_HZ * GAP_MS // 1000)]
            at_ms += length_ms + GAP_MS
        sound = np.concatenate(pieces) if pieces else np.zeros(0)
        return Speech((sound * 32767).round().astype("<i2").tobytes(), SAMPLE_RATE_HZ, tuple(words))

    @classmethod
    def catalogue(cls, options: Mapping[str, Option] = NO_OPTIONS) -> tuple[VoiceNote, ...]:
        """Name the three pitches."""
        return tuple(
            VoiceNote(name, "", f"a tone of {pitch:.0f} Hz for each word, for rehearsals", quality="tones")
            for name, pitch in sorted(PITCHES_HZ.items(), key=lambda item: item[0] != "middle")
        )
