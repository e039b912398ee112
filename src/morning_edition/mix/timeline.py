"""The programme's one timeline: measured once, when it is mixed; everything else copies it."""

from dataclasses import dataclass
from typing import Literal

from morning_edition.script.script import Role, SegmentKind
from morning_edition.voices import Word

Timing = Literal["voice", "aligned", "estimated"]
"""Where the times of words are from: the voice told them, they were found in its sound, or they are reckoned
from the words' lengths."""


@dataclass(frozen=True, slots=True)
class Cue:
    """When one line of the script is heard: from the first sound of its voice to the last."""

    start_ms: int
    end_ms: int
    text: str
    """The written form."""
    role: Role
    segment: SegmentKind
    words: tuple[Word, ...] = ()
    """As they are written: joined by single spaces they are the text. Counted from the programme's start,
    rising, and within the cue; the mix fills them always."""
    timing: Timing = "estimated"


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
