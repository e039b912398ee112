"""Clicks in a master: at the edge of a line, where sounds were joined, and elsewhere."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from morning_edition.outlets.times import clock
from morning_edition.proof import Finding
from morning_edition.proof.cue_sheet import CueSheet
from morning_edition.proof.measuring import Measured
from morning_edition.proof.passages import SPEAK_AGAIN, name_span

JOIN_MS = 1.5
"""An MP3 smears a click, but does not move it; a voice's first sound comes later than this."""
MUSIC_MS = 3.0
"""Where music begins at once, its first beat is no click."""
LONELY_DB = 10.0
LOUD_SPIKE = 0.1
"""In a line, only a click as loud as this is told from a voice's own. Measured: one in 30 minutes of eSpeak
and flite (of the voice klatt2, which crackles); of planted spikes of 0.3, 82 % are found."""
LOWEST_RATE_HZ = 32_000
"""At 24 kHz a voice's own bursts are as sharp as that: 1 to 8 in two minutes."""
SAME_CLICK_MS = 5.0

Times = npt.NDArray[np.float64]


def judge_clicks(measured: Measured, sheet: CueSheet, master: str) -> Iterator[Finding]:
    """Yield the clicks at the edges of lines, each, and what may be clicks elsewhere, in one finding.

    Music is let be where nobody speaks: its drums may sound like clicks.
    """
    clicks = measured.clicks
    times = clicks["frame"] * (1000 / measured.sample_rate_hz)
    spoken = [(line.start_ms, line.end_ms) for line in sheet.lines]
    near_join = _distance(times, spoken) <= JOIN_MS
    at_join = near_join & (_distance(times, sheet.music) > MUSIC_MS)
    for at_ms in _thin_out(times[at_join]):
        yield _tell_join(at_ms, sheet, master)
    lonely = (clicks["alone_db"] >= LONELY_DB) & ~near_join & ~_inside(times, sheet.music)
    loud = (clicks["height"] >= LOUD_SPIKE) & (measured.sample_rate_hz >= LOWEST_RATE_HZ)
    others = _thin_out(times[lonely & (loud | ~_inside(times, spoken))])
    if others:
        count = "a click" if len(others) == 1 else f"{len(others)} clicks, the first"
        at = clock(others[0])
        text = f"It sounds as if there were {count} at {at}; listen there, and produce it again if so."
        yield Finding("click", "warning", text, master, others[0], others[0] + 1)


def _tell_join(at_ms: int, sheet: CueSheet, master: str) -> Finding:
    line = min(sheet.lines, key=lambda line: min(abs(line.start_ms - at_ms), abs(line.end_ms - at_ms)))
    edge = "begins" if abs(line.start_ms - at_ms) < abs(line.end_ms - at_ms) else "ends"
    text = f"{name_span(line)} {edge} with a click at {clock(at_ms)}; {SPEAK_AGAIN}."
    return Finding("click", "failure", text, master, at_ms, at_ms + 1, line.row)


def _distance(times: Times, spans: Sequence[tuple[int, int]]) -> Times:
    """Return how far each of *times* is from the nearest edge of *spans*."""
    edges = np.sort(np.array(spans, np.float64).reshape(-1))
    if not len(edges):
        return np.full(len(times), np.inf)
    after = np.searchsorted(edges, times)
    before, behind = (np.abs(times - edges[np.clip(after - side, 0, len(edges) - 1)]) for side in (1, 0))
    return np.minimum(before, behind)


def _inside(times: Times, spans: Sequence[tuple[int, int]]) -> npt.NDArray[np.bool_]:
    """Tell which of *times* lie in any of *spans*, which may overlap."""
    starts, ends = np.sort(np.array(spans, np.float64).reshape(-1, 2), axis=0).T
    inside: npt.NDArray[np.bool_] = np.searchsorted(starts, times) > np.searchsorted(ends, times)
    return inside


def _thin_out(times: Times) -> list[int]:
    """Return *times* in whole milliseconds, without those that belong to the click before."""
    gaps = np.diff(times, prepend=-np.inf)
    return [int(at) for at in times[gaps > SAME_CLICK_MS]]
