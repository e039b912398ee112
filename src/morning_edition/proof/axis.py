"""The axis of time that all of a master's picture shares, and how text gets into it."""

import html
import math

from morning_edition.outlets.characters import clean
from morning_edition.outlets.times import clock

STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800)
TICKS = 12


def draw_axis(duration_ms: int, top: int, floor: int) -> list[str]:
    """Draw a line at each round time from *top* down to *floor*, and the time below it.

    On a phone every other one is left out: those are `odd`.
    """
    duration_s = max(duration_ms, 0) / 1000
    step = next((step for step in STEPS_S if duration_s <= step * TICKS), math.ceil(duration_s / TICKS))
    drawn = []
    for number in range(int(duration_s / step) + 1):
        x = place_of(number * step * 1000, duration_ms)
        odd = " odd" if number % 2 else ""
        drawn.append(f'<line class="tick{odd}" x1="{x}" x2="{x}" y1="{top}" y2="{floor + 5}"/>')
        time = clock(number * step * 1000)
        drawn.append(f'<text class="time{odd}" x="{x}" y="{floor + 19}">{time}</text>')
    return drawn


def share_of(time_ms: int, duration_ms: int) -> float:
    """Return how far along the axis a time is, from 0 to 1."""
    return min(max(time_ms, 0), duration_ms) / duration_ms if duration_ms > 0 else 0.0


def place_of(time_ms: int, duration_ms: int) -> str:
    """Return where a time is, as an attribute has it."""
    return f"{100 * share_of(time_ms, duration_ms):.2f}%"


def extent_of(start_ms: int, end_ms: int, duration_ms: int) -> tuple[str, str]:
    """Return where a stretch begins and how wide it is, as attributes have it."""
    width = share_of(end_ms, duration_ms) - share_of(start_ms, duration_ms)
    return place_of(start_ms, duration_ms), f"{100 * max(width, 0.0):.2f}%"


def signed(value: float, digits: int = 1) -> str:
    """Write a figure with the minus that typesetters use; silence has none."""
    return f"{value:.{digits}f}".replace("-", "−") if math.isfinite(value) else "silence"


def escape(text: str) -> str:
    """Return *text* for a place between two tags."""
    return html.escape(clean(text), quote=False)
