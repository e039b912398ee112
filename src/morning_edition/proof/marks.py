"""Each finding's mark in a master's picture: a line at its time, and its number above."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from morning_edition.outlets.characters import clean, shorten
from morning_edition.outlets.times import clock
from morning_edition.proof import Finding
from morning_edition.proof.axis import escape, extent_of, share_of

NARROW_PX = 288
"""What a phone leaves for the axis; numbers that would lie on each other there go in lanes of their own."""
LANES = 4
LANE_PX = 26
PIN_PX = 22
NOTCH_PX = 12

LONGEST_CHECK = 90


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding, with the number that it has on the whole page."""

    number: int
    finding: Finding


def choose_lanes(marks: Sequence[Mark], duration_ms: int) -> dict[int, int]:
    """Return the lane of each number that has room of its own, failures first; the others are not in it."""
    lanes: dict[int, int] = {}
    taken: list[list[tuple[float, float]]] = [[] for _ in range(LANES)]
    for mark in sorted(marks, key=lambda mark: mark.finding.severity != "failure"):
        middle = share_of(mark.finding.start_ms or 0, duration_ms) * NARROW_PX
        half = _pin_px(f"{mark.number}+") / 2
        for lane, pins in enumerate(taken):
            if all(middle + half <= left or right <= middle - half for left, right in pins):
                pins.append((middle - half, middle + half))
                lanes[mark.number] = lane
                break
    return lanes


def draw_marks(
    marks: Sequence[Mark], lanes: dict[int, int], duration_ms: int, top: int, floor: int
) -> list[str]:
    """Draw each mark's line from *top*, or its number above it, to *floor*, both in pixels.

    One that has no lane is a notch at *top*; the number before it then has a plus.
    """
    numbers = [mark.number for mark in marks]
    crowded = {before for before, after in pairwise(numbers) if after not in lanes}
    return [_draw_mark(mark, lanes, duration_ms, top, floor, mark.number in crowded) for mark in marks]


def _draw_mark(
    mark: Mark, lanes: dict[int, int], duration_ms: int, top: int, floor: int, crowded: bool
) -> str:
    number, finding = mark.number, mark.finding
    start_ms = finding.start_ms or 0
    x, width = extent_of(start_ms, finding.end_ms or 0, duration_ms)
    told = f"{number}, {finding.severity}: {shorten(clean(finding.check), LONGEST_CHECK)}, {clock(start_ms)}"
    if number in lanes:
        pin_y = lanes[number] * LANE_PX + 2
        line, pin = f'<line y1="{pin_y}" y2="{floor}"/>', _draw_pin(mark, pin_y, crowded)
    else:
        line, pin = f'<line y1="{top - NOTCH_PX}" y2="{top}"/>', ""
    stretch = f'<rect class="stretch" y="{top}" width="{width}" height="{floor - top}"/>'
    return (
        f'<svg id="mark-{number}" class="mark {finding.severity}" x="{x}">'
        f'<a href="#finding-{number}"><title>{escape(told)}</title>'
        f"{stretch if finding.end_ms else ''}"
        f"{line}{pin}</a></svg>"
    )


def _draw_pin(mark: Mark, y: int, crowded: bool) -> str:
    text = f"{mark.number}+" if crowded else str(mark.number)
    width = _pin_px(text)
    corner = 3 if mark.finding.severity == "failure" else PIN_PX // 2
    return (
        f'<rect class="pin" x="{-width // 2}" y="{y}" width="{width}" height="{PIN_PX}" rx="{corner}"/>'
        f'<text y="{y + 15}">{text}</text>'
    )


def _pin_px(text: str) -> int:
    return max(PIN_PX, 10 + 8 * len(text))
