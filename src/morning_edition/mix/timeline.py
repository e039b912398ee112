"""The programme's one timeline: measured once, when it is mixed; everything else copies it."""

from dataclasses import dataclass

from morning_edition.script.script import Role, SegmentKind
from morning_edition.voices import Word


@dataclass(frozen=True, slots=True)
class Cue:
    """When one line of the script is heard."""

    start_ms: int
    end_ms: int
    text: str
    """The written form."""
    role: Role
    segment: SegmentKind
    words: tuple[Word, ...] = ()
    """Counted from the programme's start; empty when the voice gave none."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A stretch of the programme that a player can jump to."""

    title: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """Cues in order and without overlap; chapters that follow each other from 0 to the end."""

    duration_ms: int
    cues: tuple[Cue, ...]
    chapters: tuple[Chapter, ...]
