"""Talk-over: the bed goes down before a voice comes in, and comes up again in the gaps."""

from collections.abc import Iterable, Sequence

import numpy as np

from morning_edition.filters import Samples
from morning_edition.mix.running_order import Placement

ATTACK_MS = 250
"""The bed is down when the first sound of a word is heard, so it begins to go before it."""
RELEASE_MS = 700
SHORTEST_GAP_MS = 1200
"""Between two lines closer than this the bed stays down: it would pump."""
FADE_IN_MS = 900
FADE_OUT_MS = 1500


def shape_bed(
    loop: Samples, bed: Placement, speech: Sequence[Placement], bed_db: float, sample_rate_hz: int
) -> Samples:
    """Return the bed's sound: *loop* repeated for the placement's length, faded, and ducked under *speech*.

    *bed_db* is the gain under a voice against that in the gaps.
    """
    frames = bed.length_ms * sample_rate_hz // 1000
    music = np.resize(loop, frames)
    points_ms, levels_db = trace_ducking(bed, speech, bed_db)
    times_ms = np.arange(frames, dtype=np.float32) * np.float32(1000 / sample_rate_hz)
    level = 10 ** (np.interp(times_ms, points_ms, levels_db).astype(np.float32) / 20)
    rise, fall = times_ms / FADE_IN_MS, (bed.length_ms - times_ms) / FADE_OUT_MS
    edge = np.sin(np.clip(np.minimum(rise, fall), 0, 1) * np.float32(np.pi / 2))
    shaped: Samples = (music * level * edge).astype(np.float32)
    return shaped


def trace_ducking(
    bed: Placement, speech: Sequence[Placement], bed_db: float
) -> tuple[list[float], list[float]]:
    """Return the corners of the bed's level: times from its start in milliseconds, and gains in decibels."""
    points_ms: list[float] = [0]
    levels_db: list[float] = [0]
    for start_ms, end_ms in _join_gaps((place.start_ms, place.end_ms) for place in speech if place.length_ms):
        for at_ms, level_db in (
            (start_ms - ATTACK_MS, 0.0),
            (start_ms, bed_db),
            (end_ms, bed_db),
            (end_ms + RELEASE_MS, 0.0),
        ):
            points_ms.append(max(float(at_ms - bed.start_ms), points_ms[-1]))
            levels_db.append(level_db)
    return points_ms, levels_db


def _join_gaps(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start_ms, end_ms in spans:
        if joined and start_ms - joined[-1][1] < SHORTEST_GAP_MS:
            joined[-1] = (joined[-1][0], end_ms)
        else:
            joined.append((start_ms, end_ms))
    return joined
