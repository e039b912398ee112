"""Rate and pitch for engines that have none: their sound is stretched and shifted after they have spoken."""

import dataclasses
from dataclasses import dataclass
from typing import Any

from morning_edition.voices import Delivery, Speech, Traits, Utterance, Voice

LARGEST_TEMPO, SMALLEST_TEMPO = 2.0, 0.5
"""What FFmpeg's `atempo` does well at a time: beyond these it drops sound."""
OPTIONAL = ("confirm", "release", "transcribe")
"""What a voice may have besides."""
PADDING_S = 0.2
"""Of silence behind the sound, so that the filters give back all of it."""
WORKING_HZ, LABELLED_HZ = 32_000, 24_576
"""`atempo` cuts the sound into pieces of 42 to 83 ms, a power of two of samples, and smears the beginning of
a word by up to 50 ms. Told that 32 kHz were 24.576, it takes 1024 samples, which are 32 ms. Measured: a word
then begins within 25 ms, and a voice of 100 Hz stays 25 dB above what the cutting adds; shorter pieces would
break up a man's voice."""


@dataclass(frozen=True, slots=True)
class BentVoice:
    """A voice whose speech is made faster or slower, higher or lower than it came."""

    voice: Voice
    tempo: float
    """How many times as fast."""
    semitones: float

    @property
    def identity(self) -> str:
        """The voice's own, and what is done to it."""
        return f"{self.voice.identity} bent=1 tempo={self.tempo:g} shift={self.semitones:+g}"

    @property
    def traits(self) -> Traits:
        """The voice's own."""
        return dataclasses.replace(self.voice.traits, sets_rate=True, sets_pitch=True)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the voice has
        """Give what only some voices have."""
        if name not in OPTIONAL:
            raise AttributeError(name)
        return getattr(self.voice, name)

    def speak(self, line: Utterance) -> Speech:
        """Read *line*, and bend the sound and the word times of it."""
        return bend_speech(self.voice.speak(line), self.tempo, self.semitones)


def bend_voice(voice: Voice, delivery: Delivery) -> Voice:
    """Return *voice* as *delivery* asks for it: itself, where it does all that is asked."""
    traits = voice.traits
    tempo = 1.0 if traits.sets_rate else delivery.rate
    semitones = 0.0 if traits.sets_pitch else delivery.pitch_semitones
    return voice if (tempo, semitones) == (1.0, 0.0) else BentVoice(voice, tempo, semitones)


def bend_speech(speech: Speech, tempo: float, semitones: float) -> Speech:
    """Return *speech* played *tempo* times as fast, and *semitones* higher."""
    if not speech.pcm:
        return speech
    import numpy as np

    from morning_edition.filters import filter_samples

    rate_hz = speech.sample_rate_hz
    samples = np.frombuffer(speech.pcm, "<i2").astype(np.float32) / np.float32(32768)
    padded = np.concatenate([samples, np.zeros(round(rate_hz * PADDING_S * max(tempo, 1)), np.float32)])
    played_hz = round(rate_hz * 2 ** (semitones / 12))
    steps = [("atempo", f"{step:.6f}") for step in _split_tempo(tempo * rate_hz / played_hz)]
    chain = [
        ("asetrate", f"{played_hz}"),
        ("aresample", f"{WORKING_HZ}"),
        ("asetrate", f"{LABELLED_HZ}"),
        *steps,
        ("asetrate", f"{WORKING_HZ}"),
        ("aresample", f"{rate_hz}"),
    ]
    bent = np.clip(filter_samples(padded, rate_hz, chain), -1, 32767 / 32768)[: round(len(samples) / tempo)]
    words = tuple(
        dataclasses.replace(word, start_ms=round(word.start_ms / tempo), end_ms=round(word.end_ms / tempo))
        for word in speech.words
    )
    return Speech((bent * 32768).round().astype("<i2").tobytes(), rate_hz, words)


def _split_tempo(tempo: float) -> list[float]:
    """Return steps that make up *tempo*, each one that the filter does well."""
    steps = []
    while tempo > LARGEST_TEMPO or tempo < SMALLEST_TEMPO:
        step = LARGEST_TEMPO if tempo > LARGEST_TEMPO else SMALLEST_TEMPO
        steps.append(step)
        tempo /= step
    return [*steps, tempo]
