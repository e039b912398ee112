"""The script: what will be said, in running order."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal, get_args

Role = Literal["anchor", "correspondent", "quote"]
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


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the programme."""

    kind: SegmentKind
    title: str
    """Its chapter's title in players."""
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """A whole programme: at least one segment, none of them without lines."""

    title: str
    date: dt.date
    language: str
    segments: tuple[Segment, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines in running order; takes and cues count along with them."""
        return tuple(line for segment in self.segments for line in segment.lines)
