"""The system's own voice where libflite is installed: CMU Flite 2.2, called in this process.

Measured by a speech recogniser on 40 news sentences, `rms` is misheard least of its voices (word error rate
0.25; kal16 0.27, awb 0.29, slt 0.30; the embedded eSpeak NG 0.53). The 8 kHz voice `kal` is left out. A
shelf of -4 dB below 220 Hz and a wide lift of 4 dB at 3 kHz make speech in noise clearer, as for eSpeak NG.
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

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
from morning_edition.voices.flite.input import write_tokens
from morning_edition.voices.flite.libflite import Heard, is_installed, open_library


@dataclass(frozen=True, slots=True)
class _Model:
    description: str
    stretch: float
    """What makes it read 172 words a minute, as a newsreader does; left alone they read 163 to 206."""
    shifts: bool = True
    """Whether it can be told how high to speak. The model of `rms` sets each pitch itself."""
    gain: float = 1.0
    """What keeps its peaks below full scale."""


VOICES = {
    "rms": _Model("a man, clear", 0.95, shifts=False),
    "kal16": _Model("a man, of the older kind that joins recorded sounds", 1.2),
    "awb": _Model("a Scotsman, dull", 1.08),
    "slt": _Model("a woman, soft", 1.12, gain=0.7),
}
SAMPLE_RATE_HZ = 16_000
LONGEST_LINE = 1000
"""Characters. Nothing is lost of a longer line, but each character takes 50 kB until the line is said."""
TONE = (
    ("highpass", "frequency=80"),
    ("bass", "gain=-4:frequency=220"),
    ("equalizer", "frequency=3000:width_type=q:width=0.8:gain=4"),
)


class FliteVoice:
    """CMU Flite: plain, clear and quick, in American English; needs no network."""

    def __init__(self, name: str = "", delivery: Delivery = USUAL) -> None:
        self._name = name or next(iter(VOICES))
        if self._name not in VOICES:
            raise VoiceError(f"flite has no voice called {self._name!r}; it has {', '.join(VOICES)}")
        if not name and delivery.language.lower().split("-")[0] != "en":
            raise VoiceError(f"flite speaks English, not {delivery.language}; use espeak or a voice of piper")
        self._model = VOICES[self._name]
        self._stretch = self._model.stretch / delivery.rate
        self._shift = 2 ** (delivery.pitch_semitones / 12) if self._model.shifts else 1.0
        self._version = open_library(self._name).version

    @property
    def identity(self) -> str:
        """Engine, versions of library and voice, voice and every setting above."""
        tone = ";".join(f"{name}:{options}" for name, options in TONE)
        return (
            f"flite {self._version} {self._name} stretch={self._stretch:.4f} shift={self._shift:.4f} "
            f"gain={self._model.gain:g} tone={tone}"
        )

    @property
    def traits(self) -> Traits:
        """Two lines: the library says one after the other, while the other's tone is set."""
        return Traits(
            takes="phonemes",
            sample_rate_hz=SAMPLE_RATE_HZ,
            word_times=True,
            sets_rate=True,
            sets_pitch=self._model.shifts,
            lines_at_once=2,
            longest_line=LONGEST_LINE,
        )

    def speak(self, line: Utterance) -> Speech:
        """Read one line; the same line gives the same bytes, whatever was spoken before."""
        import numpy as np

        from morning_edition.filters import filter_samples

        tokens = write_tokens(line)
        if not tokens:
            return Speech(b"", SAMPLE_RATE_HZ)
        rate_hz, pcm, heard = open_library(self._name).speak(tokens, stretch=self._stretch, shift=self._shift)
        samples = np.frombuffer(pcm, np.int16).astype(np.float32) / np.float32(32768 / self._model.gain)
        toned = np.clip(filter_samples(samples, rate_hz, TONE), -1, 32767 / 32768)
        return Speech((toned * 32768).round().astype("<i2").tobytes(), rate_hz, _time_words(line.text, heard))

    @classmethod
    def is_available(cls) -> bool:
        """Tell whether the system has Flite and its best voice."""
        return is_installed(next(iter(VOICES)))

    @classmethod
    def catalogue(cls, options: Mapping[str, Option] = NO_OPTIONS) -> tuple[VoiceNote, ...]:
        """Name its voices, best first."""
        return tuple(
            VoiceNote(
                name,
                "en-US",
                f"CMU Flite, {model.description}"
                + ("" if is_installed(name) else "; install libflite1 or flite"),
                "plain",
                "BSD-like (CMU Flite)",
                installed=is_installed(name),
            )
            for name, model in VOICES.items()
        )


def _time_words(text: str, heard: list[Heard]) -> tuple[Word, ...]:
    """Give each word of *text* the time of all that was said for it; what was not said has none."""
    times = {
        place: (parts[0].start_s, parts[-1].end_s)
        for place, parts in (
            (place, list(group)) for place, group in itertools.groupby(heard, lambda part: part.place)
        )
    }
    words, end_s = [], heard[0].start_s if heard else 0.0
    for place, token in enumerate(text.split()):
        start_s, end_s = times.get(place, (end_s, end_s))
        words.append(Word(token, round(start_s * 1000), round(end_s * 1000)))
    return tuple(words) if heard else ()
