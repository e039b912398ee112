"""What the running order knows of a master, and its sound is held against."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LineSpan:
    """Where one line is to be heard, counted from the master's start."""

    start_ms: int
    end_ms: int
    row: int = 0
    """Which row of `script.md` it stands on; 0 where it comes from none."""
    gain_db: float = 0.0
    """By how much its role is read louder than the others."""
    pause_ms: int = 0
    """The silence that the script or the station asks for between it and what was heard before."""

    @property
    def length_ms(self) -> int:
        """How long it is."""
        return self.end_ms - self.start_ms


@dataclass(frozen=True, slots=True)
class CueSheet:
    """What is heard when in a master."""

    lines: tuple[LineSpan, ...]
    """In order and without overlap; those whose takes have no sound are left out."""
    music: tuple[tuple[int, int], ...] = ()
    """From when to when each piece of music is heard, in milliseconds; they may overlap."""
    end_pause_ms: int = 0
    """The silence that is asked for after everything."""
    voice_hz: int = 0
    """Up to where the voices reach: half the lowest sample rate among them; 0 where that says nothing."""
