"""Talk-over: the bed goes down before a voice comes in, and comes up again in the gaps."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from morning_edition.filters import Samples
from morning_edition.mix.running_order import Ducking, Placement

STEP_FRAMES = 64
"""A gain is reckoned once in 1.5 ms, and runs in a straight line from one to the next."""


def shape_music(music: Samples, place: Placement, first: int, last: int) -> Samples:
    """Return what is heard of *music* from frame *first* of its place up to *last*: faded, ducked, amplified.

    *music* has shape (frames, channels); a bed's is a loop, which is repeated.
    """
    heard = music[first:last] if place.ducking is None else _repeat(music, first, last)
    within = first % STEP_FRAMES  # a part has the gains that it has in the whole
    points = np.arange(first - within, first + len(heard) + STEP_FRAMES, STEP_FRAMES)
    gains = find_gains(points, place).astype(np.float32)
    if gains.min() == gains.max():
        return np.asarray(heard * gains[0])
    ramp = np.linspace(0, 1, STEP_FRAMES, endpoint=False, dtype=np.float32)
    steps = ((gains[1:] - gains[:-1])[:, None] * ramp + gains[:-1, None]).reshape(-1)
    shaped: Samples = heard * steps[within : within + len(heard), None]
    return shaped


def _repeat(loop: Samples, first: int, last: int) -> Samples:
    """Return *loop*, endlessly repeated, from frame *first* up to *last*."""
    start = first % len(loop)
    repeats = -(-(start + last - first) // len(loop))
    return (
        np.tile(loop, (repeats, 1))[start : start + last - first]
        if repeats > 1
        else loop[start:][: last - first]
    )


def find_gains(points: npt.NDArray[np.int64], place: Placement) -> npt.NDArray[np.float64]:
    """Return the gain of *place* at *points*, in frames from its start.

    Both fades follow a quarter of a sine, so that they begin and end without a bend that could be heard.
    """
    rise = points / place.fade_in if place.fade_in else np.ones(len(points))
    fall = (place.length - points) / place.fade_out if place.fade_out else np.ones(len(points))
    edge = np.sin(np.clip(np.minimum(rise, fall), 0, 1) * (np.pi / 2))
    level_db = np.full(len(points), place.gain_db)
    if place.ducking is not None:
        level_db += np.interp(points, *trace_ducking(place.ducking))
    return np.asarray(edge * 10 ** (level_db / 20))


def trace_ducking(ducking: Ducking) -> tuple[list[int], list[float]]:
    """Return the corners of the bed's level: frames from its start, and gains in decibels.

    It goes in straight lines of decibels, which are heard as even. In a gap that is too short for it to come
    all the way up it stays down.
    """
    points: list[int] = [0]
    levels_db: list[float] = [0.0]
    shortest_gap = max(ducking.shortest_gap, ducking.attack + ducking.release)
    for start, end in _join_gaps(ducking.speech, shortest_gap):
        for at, level_db in (
            (start - ducking.attack, 0.0),
            (start, ducking.ducked_db),
            (end, ducking.ducked_db),
            (end + ducking.release, 0.0),
        ):
            points.append(max(at, points[-1]))
            levels_db.append(level_db)
    return points, levels_db


def _join_gaps(spans: Iterable[tuple[int, int]], shortest_gap: int) -> list[tuple[int, int]]:
    """Join spans with less than *shortest_gap* between them: there the bed would pump."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start - joined[-1][1] < shortest_gap:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined
