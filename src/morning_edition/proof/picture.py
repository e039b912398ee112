"""A master as one picture on one axis of time: waveform, chapters, lines, loudness, and what was found where.

Places along the axis are percentages and letters keep their size, so that one drawing fits a phone, a desk
and a sheet of paper; only the two curves are stretched (SVG 2, §8.5 and §8.6: nested `svg` elements,
`preserveAspectRatio`). Everything is reduced to what a screen can show before it is written.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from markupsafe import Markup

from morning_edition.outlets.characters import clean, shorten
from morning_edition.outlets.times import clock
from morning_edition.outlets.waveform import cut
from morning_edition.proof import MasterFigures, Span
from morning_edition.proof.axis import draw_axis, escape, extent_of, signed
from morning_edition.proof.limits import LOUDNESS_TOLERANCE_LU
from morning_edition.proof.marks import LANE_PX, Mark, choose_lanes, draw_marks

T = TypeVar("T")

WAVE_POINTS = 2000
CURVE_POINTS = 1000
"""Each with its loudest and its softest second."""
LINE_POINTS = 1000
"""Pixels that a wide screen gives the axis; lines narrower than one are drawn together."""

LONGEST_TITLE = 90
"""Characters of a chapter's or line's title; the rest is in the script."""
TOLD_CHAPTERS = 40
"""More than that, and only their number is told to those who hear the page."""

LABELS = 40
"""A chapter shorter than this part of the programme has no room for a word."""

ABOVE_LU = 7.0
BELOW_LU = 14.0
GRID_LU = 6.0

HEADING_PX = 22
WAVE_PX = 96
CHAPTER_PX = 26
LINE_PX = 12
LOUDNESS_PX = 162
AXIS_PX = 24


def draw_master(name: str, master: MasterFigures, marks: Sequence[Mark]) -> Markup:
    """Return *master* as an inline `svg` element, as wide as its page lets it be.

    *name* is its own on the page; of *marks* those that have a time are drawn.
    """
    timed = [mark for mark in marks if mark.finding.start_ms is not None]
    ordered = sorted(timed, key=lambda mark: (mark.finding.start_ms or 0, mark.number))
    lanes = choose_lanes(ordered, master.duration_ms)
    wave = (max(lanes.values()) + 1) * LANE_PX + HEADING_PX if lanes else HEADING_PX
    chapters = wave + WAVE_PX + HEADING_PX
    lines = chapters + CHAPTER_PX + HEADING_PX
    loudness = lines + LINE_PX + HEADING_PX
    floor = loudness + LOUDNESS_PX
    # No text of an article comes near this markup but through `escape`.
    return Markup(  # noqa: S704
        "\n".join(
            [
                f'<svg class="picture" width="100%" height="{floor + AXIS_PX}" role="group" '
                f'aria-labelledby="{name}-name" aria-describedby="{name}-told">',
                f'<title id="{name}-name">The {escape(master.name)} from beginning to end</title>',
                f'<desc id="{name}-told">{escape(_describe(master, ordered))}</desc>',
                *draw_axis(master.duration_ms, wave, floor),
                *_draw_waveform(master, wave),
                *_draw_chapters(master, chapters),
                *_draw_lines(master, lines),
                *_draw_loudness(master, loudness),
                *draw_marks(ordered, lanes, master.duration_ms, wave, floor),
                "</svg>",
            ]
        )
    )


def _describe(master: MasterFigures, marks: Sequence[Mark]) -> str:
    chapters = [f"{clock(span.start_ms)} {_short(span)}" for span in master.segments[:TOLD_CHAPTERS]]
    told = "; ".join(chapters) if len(master.segments) <= TOLD_CHAPTERS else str(len(master.segments))
    found = ", ".join(f"{mark.number} at {clock(mark.finding.start_ms or 0)}" for mark in marks)
    return (
        f"{clock(master.duration_ms)} long, with {len(master.lines)} lines. Chapters: {told or 'none'}. "
        f"Findings: {found or 'none'}."
    )


def _draw_waveform(master: MasterFigures, top: int) -> list[str]:
    peaks = [max(part) for part in _parts(master.peaks, WAVE_POINTS)]
    steps = "".join(f"V{round(-100 * max(0.0, min(peak, 1.0)))}h1" for peak in peaks)
    half = f"M0 0{steps}V0z"
    ceiling = 10 ** (min(master.ceiling_dbtp, 0.0) / 20)
    middle = top + WAVE_PX / 2
    return [
        _heading("Waveform", top),
        f'<svg class="wave" y="{top}" width="100%" height="{WAVE_PX}" '
        f'viewBox="0 -100 {max(len(peaks), 1)} 200" preserveAspectRatio="none">'
        f'<path d="{half}"/><path d="{half}" transform="scale(1 -1)"/></svg>',
        *(_level(middle + sign * ceiling * WAVE_PX / 2, "ceiling") for sign in (-1, 1)),
        _level(middle, "grid"),
        _label(middle - ceiling * WAVE_PX / 2, f"{signed(master.ceiling_dbtp)} dB"),
    ]


def _draw_chapters(master: MasterFigures, top: int) -> list[str]:
    drawn = [_heading("Chapters", top)]
    for number, span in enumerate(master.segments):
        x, width = extent_of(span.start_ms, span.end_ms, master.duration_ms)
        title = escape(_short(span))
        label = f'<text x="6" y="18">{title}</text>'
        drawn.append(
            f'<svg class="chapter" x="{x}" y="{top}" width="{width}" height="{CHAPTER_PX}">'
            f"<title>{clock(span.start_ms)} {title}</title>"
            f'<rect class="band{number % 2}" width="100%" height="{CHAPTER_PX}"/>'
            f"{label if (span.end_ms - span.start_ms) * LABELS >= master.duration_ms else ''}</svg>"
        )
    return drawn


def _draw_lines(master: MasterFigures, top: int) -> list[str]:
    drawn = [_heading("Lines", top)]
    for number, group in enumerate(_join_narrow(master.lines, master.duration_ms)):
        x, width = extent_of(group[0].start_ms, group[-1].end_ms, master.duration_ms)
        more = f" and {len(group) - 1:,} more" if len(group) > 1 else ""
        told = f"{clock(group[0].start_ms)} {_row(group[0].row)}{_short(group[0])}{more}"
        drawn.append(
            f'<rect class="line{number % 2}" x="{x}" y="{top}" width="{width}" height="{LINE_PX}">'
            f"<title>{escape(told)}</title></rect>"
        )
    return drawn


def _join_narrow(lines: Iterable[Span], duration_ms: int) -> list[list[Span]]:
    """Put each line that is narrower than a pixel together with those after it."""
    groups: list[list[Span]] = []
    for line in lines:
        if groups and (groups[-1][-1].end_ms - groups[-1][0].start_ms) * LINE_POINTS < duration_ms:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _draw_loudness(master: MasterFigures, top: int) -> list[str]:
    target = master.target_lufs
    scale = LOUDNESS_PX / (ABOVE_LU + BELOW_LU)
    level = top + ABOVE_LU * scale
    drawn = [
        _heading("Loudness over 3 s, in LUFS", top),
        f'<rect class="aim" y="{level - LOUDNESS_TOLERANCE_LU * scale:.1f}" width="100%" '
        f'height="{2 * LOUDNESS_TOLERANCE_LU * scale:.1f}"/>',
    ]
    for steps in range(-2, 2):
        y = level - steps * GRID_LU * scale
        drawn.append(_level(y, "grid" if steps else "target"))
        drawn.append(_label(y, signed(target + steps * GRID_LU), "" if steps else " aimed"))
    curve, points = _trace(master.short_term_lufs, target)
    drawn.append(
        f'<svg class="loudness" y="{top}" width="100%" height="{LOUDNESS_PX}" '
        f'viewBox="0 0 {points} {(ABOVE_LU + BELOW_LU) * 10:.0f}" preserveAspectRatio="none">'
        f'<path d="{curve}" vector-effect="non-scaling-stroke"/></svg>'
    )
    return drawn


def _trace(levels: Sequence[float | None], target: float) -> tuple[str, int]:
    """Return the path of a curve, in tenths of LU below its picture's top, and how wide it is."""
    parts = list(_parts(levels, CURVE_POINTS))
    drawn: list[str] = []
    begin = "M"
    for place, part in enumerate(parts):
        heard = [level for level in part if level is not None and math.isfinite(level)]
        if not heard:
            begin = "M"
            continue
        high, low = (round(10 * _depth(level, target)) for level in (max(heard), min(heard)))
        # A stroke of no length is seen as a dot, so that a second between two silences is not lost.
        drawn.append(f"{begin}{place}.5 {high}" + (f"V{low}" if low != high or begin == "M" else ""))
        begin = "L"
    return "".join(drawn), max(len(parts), 1)


def _depth(level: float, target: float) -> float:
    """Return how far below its picture's top a level is, in LU."""
    return max(0.0, min(target + ABOVE_LU - level, ABOVE_LU + BELOW_LU))


def _parts(values: Sequence[T], points: int) -> Iterator[Sequence[T]]:
    """Cut *values* in at most *points* parts."""
    return cut(values, min(points, len(values)))


def _heading(text: str, top: int) -> str:
    return f'<text class="heading" y="{top - 6}">{text}</text>'


def _level(y: float, kind: str) -> str:
    return f'<line class="{kind}" x2="100%" y1="{y:.1f}" y2="{y:.1f}"/>'


def _label(y: float, text: str, kind: str = "") -> str:
    return f'<text class="scale{kind}" x="-6" y="{y + 4:.1f}">{text}</text>'


def _row(row: int) -> str:
    return f"row {row}: " if row else ""


def _short(span: Span) -> str:
    return shorten(clean(span.title), LONGEST_TITLE)
