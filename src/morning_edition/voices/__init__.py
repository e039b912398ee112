"""The seam: anything that reads a line aloud.

A voice is a class with the shape of `Voice`, named by an entry point in the group
`morning_edition.voices`; the entry point's name is the engine's name. The built-in engines stand in
the same group. `docs/voices.md` shows a complete one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, Protocol

from morning_edition.pronunciation.utterance import Pronounced, Utterance

Option = str | int | float | bool
"""One key of an engine's own table."""
NO_OPTIONS: Mapping[str, Option] = MappingProxyType({})


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
class Delivery:
    """How a voice is asked to read, whatever the line."""

    language: str = "en-US"
    """BCP 47."""
    rate: float = 1.0
    """1.0 is the pace of a newsreader, larger is faster."""
    pitch_semitones: float = 0.0
    """Above (or below) the voice's own pitch."""
    options: Mapping[str, Option] = field(default_factory=dict)
    """The engine's own table in `station.toml`, `[engines.NAME]`."""


USUAL = Delivery()


@dataclass(frozen=True, slots=True)
class Traits:
    """What a voice takes, gives and costs. Each default is what the plainest voice can say of itself."""

    takes: Literal["text", "ipa", "phonemes", "ssml"] = "text"
    """How it is told what a name sounds like: by respelling, IPA, its own phonemes, or SSML."""
    sample_rate_hz: int = 0
    """Of its sound; 0 where only the sound tells."""
    word_times: bool = False
    """Whether its speech tells when each word is heard."""
    sets_rate: bool = False
    """Whether it reads at the rate it was asked for; else its sound is stretched afterwards."""
    sets_pitch: bool = False
    """Whether it reads at the pitch it was asked for; else its sound is shifted afterwards."""
    lines_at_once: int = 1
    """How many lines may be in `speak` at the same time, each in a thread of its own."""
    holds_interpreter: bool = False
    """Whether it computes in Python; its lines are then spoken in processes, and it must be picklable."""
    lines_a_minute: int = 0
    """How many lines its service allows in a minute; 0 is no limit."""
    longest_line: int = 0
    """Characters that it takes at once; a longer line is cut at a clause. 0 is no limit."""
    usd_a_million_characters: float = 0.0
    """What a million characters cost, in US dollars; 0 where nothing is charged."""


@dataclass(frozen=True, slots=True)
class VoiceNote:
    """One line of the catalogue of voices."""

    name: str
    """What to write after the engine's name and a colon: `espeak:en-us+edward`."""
    language: str
    """BCP 47; empty where it speaks any."""
    description: str
    quality: str = ""
    """`robotic`, `plain`, `neural`, …; empty where nothing is known."""
    licence: str = ""
    """SPDX where there is such a name, or a few words."""
    usd_a_million_characters: float = 0.0
    installed: bool = True
    """Whether it can speak now; else `voices install` fetches it, or the description says what it lacks."""


class Voice(Protocol):
    """**Protocol:** reads one line aloud. It knows nothing of files, mixing or articles."""

    def __init__(self, name: str, delivery: Delivery) -> None:
        """Choose the engine's voice.

        *name* is one of its catalogue, empty for its best in the delivery's language. Nothing is sent yet,
        but all that can be known on this machine is looked at: whether the voice is there, its package, its
        key. Raises `VoiceError`.
        """

    @property
    def identity(self) -> str:
        """Everything that decides how a line sounds: engine, its version, voice, settings.

        Two voices with one identity make the same sound of the same line; takes are cached by it.
        """

    @property
    def traits(self) -> Traits:
        """What it takes, gives and costs."""

    def speak(self, line: Utterance) -> Speech:
        """Read *line* aloud, its names as they are said.

        Raises `VoiceBusyError` for what may pass when the line is tried again, `VoiceError` for all else.
        """


class Catalogued(Protocol):
    """**Protocol:** what an engine has besides when it can list its voices."""

    @classmethod
    def catalogue(cls, options: Mapping[str, Option]) -> tuple[VoiceNote, ...]:
        """Name the voices that this engine has, best first; *options* as in `Delivery`.

        It is quick, and asks nothing of the network but a server that the station itself names.
        """


class Confirmed(Protocol):
    """**Protocol:** what a voice has besides when only its service knows whether it is there."""

    def confirm(self) -> None:
        """Ask the service, quickly, whether the voice is there, before a line is paid for.

        Raises `VoiceError`.
        """


class Released(Protocol):
    """**Protocol:** what a voice has besides when it holds much memory while it speaks."""

    def release(self) -> None:
        """Give it back: the programme's last line is spoken. A line after that may take longer to begin."""


class Transcriber(Protocol):
    """**Protocol:** what a voice has besides when it can tell how it would say a text."""

    def transcribe(self, text: str) -> str:
        """Return in IPA how *text*, in its spoken form, would be said. Raises `VoiceError`."""


__all__ = [
    "NO_OPTIONS",
    "USUAL",
    "Catalogued",
    "Confirmed",
    "Delivery",
    "Option",
    "Pronounced",
    "Released",
    "Speech",
    "Traits",
    "Transcriber",
    "Utterance",
    "Voice",
    "VoiceNote",
    "Word",
]
