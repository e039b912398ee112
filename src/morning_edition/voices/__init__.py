"""The seam: anything that reads a line aloud.

A voice is a class with the shape of `Voice`, named by an entry point in the group
`morning_edition.voices`; the entry point's name is the engine's name. The built-in engines are found in
the same way. `docs/voices.md` shows a complete one.
"""

from dataclasses import dataclass
from typing import Protocol

from morning_edition.pronunciation.utterance import Pronounced, Utterance


@dataclass(frozen=True, slots=True)
class Word:
    """When one word of a line is heard, counted from the start of the sound."""

    text: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Speech:
    """One line, spoken."""

    pcm: bytes
    """Signed 16-bit little-endian samples, one channel."""
    sample_rate_hz: int
    words: tuple[Word, ...] = ()
    """In order, as they are in the utterance's text; empty when the engine does not tell."""

    @property
    def duration_ms(self) -> int:
        """How long the sound lasts."""
        return round(len(self.pcm) / 2 * 1000 / self.sample_rate_hz)


@dataclass(frozen=True, slots=True)
class VoiceNote:
    """One line of the catalogue of voices."""

    name: str
    """What to write after the engine's name and a colon: `espeak:en-us+edward`."""
    language: str
    """BCP 47."""
    description: str


class Voice(Protocol):
    """**Protocol:** reads one line aloud. It knows nothing of files, mixing or articles."""

    def __init__(self, name: str, *, language: str, rate: float) -> None:
        """Choose the engine's voice.

        *name* is one of its catalogue, empty for its best in *language* (BCP 47); *rate* is 1.0 for the
        pace of a newsreader, larger for faster. Nothing is opened or sent yet. Raises `VoiceError`.
        """

    @property
    def identity(self) -> str:
        """Everything that decides how a line sounds: engine, its version, voice, settings.

        Two voices with one identity make the same sound of the same line; takes are cached by it.
        """

    @property
    def lines_at_once(self) -> int:
        """How many lines it can speak at the same time, each in a thread of its own."""

    def speak(self, line: Utterance) -> Speech:
        """Read *line* aloud, its names as they are said. Raises `VoiceError`."""

    @classmethod
    def catalogue(cls) -> tuple[VoiceNote, ...]:
        """Name the voices that this engine has, best first."""


class Transcriber(Protocol):
    """**Protocol:** what a voice has besides when it can tell how it would say a text."""

    def transcribe(self, text: str) -> str:
        """Return in IPA how *text*, in its spoken form, would be said. Raises `VoiceError`."""


__all__ = ["Pronounced", "Speech", "Transcriber", "Utterance", "Voice", "VoiceNote", "Word"]
