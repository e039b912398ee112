"""The sound of a master from line to line: dead air, lines that are not heard, and steps in level."""

import itertools
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from morning_edition.loudness import BLOCK_HOPS, HOP_MS, integrate, to_lufs
from morning_edition.outlets.times import clock
from morning_edition.proof import Finding, Severity
from morning_edition.proof.cue_sheet import CueSheet, LineSpan
from morning_edition.proof.measuring import BIN_FRAMES, Measured, find_runs

SILENT = 10 ** (-60 / 20)
"""A bin softer than this is silent: speech stands 44 dB above it, and an MP3 decodes silence far below."""
SHORTEST_SILENCE_MS = 200

GAP_WARNING_MS, GAP_FAILURE_MS = 500, 1000
"""So much longer than asked for may a silence between two lines be. Measured: 131 ms at most."""
EDGE_MS = 20
EDGE_FAILURE_MS = 500
"""A line is trimmed to its sound, so that silence at its edge is missing speech. Measured: none."""
BREATH_WARNING_MS, BREATH_FAILURE_MS = 1000, 3000
"""For a pause inside a line, which is the voice's own. Measured: 262 ms at most."""

SHORTEST_LEVEL_MS = 1000
STEP_WARNING_LU, STEP_FAILURE_LU = 2.0, 4.0
"""Measured between neighbours, over music too, at -16 LUFS: 0.3 LU at most with eSpeak, 0.5 with flite. At
-14 LUFS the limiter takes more off a peaky voice in one line than in the next: 1.7 LU at most with flite."""
UNHEARD_LU = 12.0
"""A line this far under the programme is not heard; a bed under a voice is some 20 LU under it."""

SPEAK_AGAIN = "have another voice read it"

Silences = npt.NDArray[np.int64]
"""From when to when, in milliseconds: one row each, in order."""


def judge_passages(measured: Measured, sheet: CueSheet, master: str, target_lufs: float) -> Iterator[Finding]:
    """Yield what is wrong between the lines of *master*, in them, and from one to the next."""
    silences = _find_silences(measured)
    yield from _judge_gaps(silences, measured.duration_ms, sheet, master)
    levels = []
    for line in sheet.lines:
        level = _measure_line(measured, line) - line.gain_db
        if level < target_lufs - UNHEARD_LU or _is_silent(silences, line):
            text = f"{name_span(line)} is not heard; {SPEAK_AGAIN}, or write it otherwise."
            yield Finding("silent line", "failure", text, master, line.start_ms, line.end_ms, line.row)
            continue
        yield from _judge_breaths(silences, line, master)
        if line.length_ms >= SHORTEST_LEVEL_MS:
            levels.append((line, level))
    yield from _judge_steps(levels, master)


def name_span(line: LineSpan) -> str:
    """Return what a finding calls *line*: its time and its row."""
    return f"The line at {clock(line.start_ms)}" + (f", row {line.row} of script.md," if line.row else "")


def _find_silences(measured: Measured) -> Silences:
    runs = np.array(find_runs(measured.levels < np.float16(SILENT)), np.int64).reshape(-1, 2)
    silences: Silences = runs * BIN_FRAMES * 1000 // measured.sample_rate_hz
    return silences[silences[:, 1] - silences[:, 0] >= SHORTEST_SILENCE_MS]


def _overlaps(silences: Silences, start_ms: int, end_ms: int) -> list[tuple[int, int]]:
    """Return what of *silences* lies between the two."""
    first = np.searchsorted(silences[:, 1], start_ms, side="right")
    last = np.searchsorted(silences[:, 0], end_ms, side="left")
    return [(start, end) for start, end in np.clip(silences[first:last], start_ms, end_ms).tolist()]


def _judge_gaps(silences: Silences, duration_ms: int, sheet: CueSheet, master: str) -> Iterator[Finding]:
    """Hold each silence before a line, and after the last, against what was asked for."""
    end = LineSpan(duration_ms, duration_ms, pause_ms=sheet.end_pause_ms)
    for before, line in itertools.pairwise([LineSpan(0, 0), *sheet.lines, end]):
        for first, last in _overlaps(silences, before.end_ms, line.start_ms):
            excess_ms = last - first - line.pause_ms
            if excess_ms <= GAP_WARNING_MS:
                continue
            what = "the end" if line is end else f"the line on row {line.row} of script.md"
            text = (
                f"Nothing is heard for {(last - first) / 1000:.1f} s from {clock(first)} on, before {what}, "
                f"where {line.pause_ms / 1000:.1f} s are asked for; see that no music there is silent, and "
                "produce the episode again."
            )
            if excess_ms > GAP_FAILURE_MS:
                yield Finding("dead air", "failure", text, master, first, last, line.row)
            else:
                yield Finding("long pause", "warning", text, master, first, last, line.row)


def _measure_line(measured: Measured, line: LineSpan) -> float:
    """Return a line's loudness, from the 400 ms that lie wholly in it; infinite for one too short to tell."""
    first, last = -(-line.start_ms // HOP_MS), line.end_ms // HOP_MS - BLOCK_HOPS + 1
    powers = measured.powers[first : max(last, first)]
    return integrate(to_lufs(powers)) if len(powers) else np.inf


def _is_silent(silences: Silences, line: LineSpan) -> bool:
    silent_ms = sum(last - first for first, last in _overlaps(silences, line.start_ms, line.end_ms))
    return silent_ms >= max(line.length_ms - 2 * EDGE_MS, 1)


def _judge_breaths(silences: Silences, line: LineSpan, master: str) -> Iterator[Finding]:
    """Yield the silences in a line: at its edges speech is missing, elsewhere the voice may pause."""
    for first, last in _overlaps(silences, line.start_ms, line.end_ms):
        at_edge = first <= line.start_ms + EDGE_MS or last >= line.end_ms - EDGE_MS
        silent_ms = last - first
        text = (
            f"{name_span(line)} falls silent for {silent_ms / 1000:.1f} s at {clock(first)}; {SPEAK_AGAIN}, "
            "or split it."
        )
        if silent_ms > (EDGE_FAILURE_MS if at_edge else BREATH_FAILURE_MS):
            yield Finding("dead air", "failure", text, master, first, last, line.row)
        elif silent_ms > BREATH_WARNING_MS:
            yield Finding("long pause", "warning", text, master, first, last, line.row)


def _judge_steps(levels: list[tuple[LineSpan, float]], master: str) -> Iterator[Finding]:
    """Yield the steps between neighbouring lines, their roles' own gains taken out."""
    for (_, before), (line, level) in itertools.pairwise(levels):
        step = level - before
        if abs(step) <= STEP_WARNING_LU:
            continue
        text = (
            f"{name_span(line)} is {abs(step):.1f} LU {'louder' if step > 0 else 'softer'} than the one "
            f"before it, where {STEP_WARNING_LU:g} LU is the most; {SPEAK_AGAIN}, or give one of them "
            "another voice."
        )
        severity: Severity = "failure" if abs(step) > STEP_FAILURE_LU else "warning"
        yield Finding("level step", severity, text, master, line.start_ms, line.end_ms, line.row)
