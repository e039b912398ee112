"""The script: what will be said, in running order, and what of the article will not be."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal, get_args

Role = Literal["anchor", "co_anchor", "correspondent", "quote"]
"""Who reads a line; the station's cast gives each role its voice."""

SegmentKind = Literal["intro", "quick_looks", "deep_look", "outro"]

Opening = Literal["", "paragraph", "look", "chapter"]
"""What a line begins: nothing new, a paragraph, one Quick Look, a chapter of the Deep Look."""

ROLES: tuple[Role, ...] = get_args(Role)
SEGMENT_KINDS: tuple[SegmentKind, ...] = get_args(SegmentKind)


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence, as one voice reads it in one breath."""

    text: str
    """The written form: what the transcript shows."""
    spoken: str
    """The spoken form: what the voice gets."""
    role: Role = "anchor"
    opens: Opening = ""
    pause_ms: int | None = None
    """Silence after it; None for what the station gives the boundary that follows."""
    source: str = ""
    """Its place in the article (`lede`, `look-2`, `deep-1-3`); empty for the template's own words."""
    chapter: str = ""
    """The title of the chapter that a line with `opens="chapter"` begins."""
    row: int = field(default=0, compare=False)
    """Which row of its file it stands on, from 1; 0 where it comes from none."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A line that stands in the script, struck, and is not read: all that it takes to put it back."""

    text: str
    reason: str = ""
    """Why it is not read; empty where a producer struck it without a word."""
    before: int = 0
    """How many lines of its segment stand before it."""
    role: Role = "anchor"
    opens: Opening = ""
    pause_ms: int | None = None
    source: str = ""
    chapter: str = ""
    row: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the programme; one with no line is silent: all that stands in it is struck."""

    kind: SegmentKind
    title: str
    """Its chapter's title in players."""
    lines: tuple[Line, ...]
    left_out: tuple[LeftOut, ...] = ()
    """What is struck in it, in the order of the file."""


@dataclass(frozen=True, slots=True)
class Script:
    """A whole programme: at least one part of it is heard."""

    title: str
    date: dt.date
    language: str
    parts: tuple[Segment, ...]
    """Every part that stands in the file, the silent ones too."""
    says: tuple[tuple[str, str], ...] = ()
    """How the copy itself says its names: each with its respelling."""

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The parts that are heard: none of them is without lines."""
        return tuple(part for part in self.parts if part.lines)

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines in running order; takes and cues count along with them."""
        return tuple(line for segment in self.parts for line in segment.lines)

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """All that is struck, in the order of the file."""
        return tuple(struck for segment in self.parts for struck in segment.left_out)
