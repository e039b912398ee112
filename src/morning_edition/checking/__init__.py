"""What each platform would make of the station's folder, read as it stands; nothing is fetched.

A platform is one function, listed in `platforms`; this module holds the words that they share.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that the platform would take, in its order."""

    title: str
    does: str
    """What it would do with it: "plays flash.mp3, 1 min 3 s, -14.0 LUFS"."""
    facts: Mapping[str, object] = field(default_factory=dict)
    """The same for programs."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What the platform would refuse: where, the rule, and the way out."""

    where: str
    text: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a platform would make of the station."""

    platform: str
    """Its name, as people read it."""
    file: str
    """What it would read."""
    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...]
    skipped: tuple[Fault, ...] = ()
    """What it would pass over, or what was not offered to it, and why; that is no fault."""
    notes: tuple[Fault, ...] = ()
    """What it would take, and asks to be better."""
