"""What is measured of one line's sound in a decoded master: how long, how loud, how it ends, how it varies.

All of it comes from a coarse picture: levels of 10 ms, and the loudness of a few bands every 23 ms. It is a
few numbers a line, which a cache can keep.
"""

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

STEP_MS = 10
"""The length of one level."""
GATE_DB = -35.0
"""Under the line's active level, there is a pause and no speech."""
SILENT_DBFS = -60.0
"""A line whose loudest step stays under this is not there."""
FLOOR_DB = -120.0
EDGE_MS = 30
"""At a take's end, so much is kept behind the last sound; there, a whole line is silent."""

PICTURE_RATE_HZ = 11_025
"""The picture is drawn at about this rate."""
PICTURE_FRAMES = 256
"""Samples of one column of the picture: 23 ms."""
BAND_EDGES_HZ = (100, 300, 500, 750, 1050, 1450, 2000, 2700, 3600, 4800)
DEEPEST_DB = 50.0
"""Bands that are softer than this, under the loudest, count as this soft: an MP3 leaves noise there."""
COLUMNS_AT_ONCE = 2048
"""So that a long line takes no more memory than 45 s."""
STEADY_DB = 1.8
"""A sound whose bands change by less, on average, over `STEADY_COLUMNS` has not moved."""
STEADY_COLUMNS = 4
TWICE_COLUMNS = 20
"""The stretch that is looked for a second time: 460 ms."""
MOST_COLUMNS = 1500
"""As far into a line is looked for it: 35 s, for 20 MB."""


@dataclass(frozen=True, slots=True)
class LineSound:
    """What was measured in the span of one line."""

    length_ms: int
    level_dbfs: float
    """RMS of what is louder than the gate; `FLOOR_DB` for silence."""
    peak_dbfs: float
    """RMS of the loudest 10 ms."""
    active_ms: int
    """How much of it is louder than the gate."""
    lead_ms: int
    """Silence before the first sound."""
    tail_ms: int
    """Silence after the last sound."""
    longest_pause_ms: int
    """Silence between two sounds."""
    pause_at_ms: int
    """Where that begins."""
    end_db: float
    """The last `EDGE_MS` against the level: how loud the sound is where it stops."""
    steady_ms: int
    """The longest stretch in which nothing moves."""
    steady_at_ms: int
    twice_db: float
    """How much the two most alike stretches of `TWICE_COLUMNS` differ, on average over bands."""
    twice_ms: tuple[int, int] = (0, 0)
    """Where those two begin."""

    @property
    def silent(self) -> bool:
        """Whether there is nothing to be heard."""
        return self.peak_dbfs < SILENT_DBFS


def hear_line(samples: NDArray[np.float32], sample_rate_hz: int) -> LineSound:
    """Measure the sound of one line; *samples* (frames,) are those of its span, full scale at ±1.0."""
    levels = _measure_levels(samples, sample_rate_hz)
    peak = float(levels.max(initial=FLOOR_DB))
    length_ms = len(samples) * 1000 // sample_rate_hz
    if peak < SILENT_DBFS:
        return LineSound(length_ms, FLOOR_DB, peak, 0, length_ms, 0, 0, 0, FLOOR_DB, 0, 0, DEEPEST_DB)
    level = _find_level(levels)
    active = np.flatnonzero(levels > level + GATE_DB)
    pauses = np.diff(active) - 1
    pause = int(pauses.argmax()) if len(pauses) else 0
    picture = _draw_picture(samples, sample_rate_hz)
    steady_ms, steady_at_ms = _find_steadiest(picture)
    twice_db, twice_ms = _find_twice(picture)
    edge = levels[-EDGE_MS // STEP_MS :]
    return LineSound(
        length_ms,
        round(level, 1),
        round(peak, 1),
        len(active) * STEP_MS,
        int(active[0]) * STEP_MS,
        max(length_ms - (int(active[-1]) + 1) * STEP_MS, 0),
        int(pauses[pause]) * STEP_MS if len(pauses) else 0,
        (int(active[pause]) + 1) * STEP_MS,
        round(float(edge.max()) - level, 1),
        steady_ms,
        steady_at_ms,
        round(twice_db, 2),
        twice_ms,
    )


def _measure_levels(samples: NDArray[np.float32], sample_rate_hz: int) -> NDArray[np.float32]:
    """Return the RMS of each whole step of 10 ms, in dBFS; counted from the end, so that it ends with one."""
    step = sample_rate_hz * STEP_MS // 1000
    steps = samples[len(samples) % step :].reshape(-1, step)
    power = np.einsum("ij,ij->i", steps, steps) / np.float32(step)
    levels: NDArray[np.float32] = 10 * np.log10(np.maximum(power, np.float32(10 ** (FLOOR_DB / 10))))
    return levels


def _find_level(levels: NDArray[np.float32]) -> float:
    """Return the mean power of the louder half of what is not silent, in dBFS."""
    sounding = np.sort(levels[levels > levels.max() - 40])
    return float(10 * np.log10(np.mean(10 ** (sounding[len(sounding) // 2 :] / 10))))


@dataclass(frozen=True, slots=True, eq=False)
class _Picture:
    """The bands of a sound over time."""

    bands: NDArray[np.float32]
    """In dB, (columns, bands)."""
    loud: NDArray[np.bool_]
    """Which columns hold sound."""
    column_ms: float


def _draw_picture(samples: NDArray[np.float32], sample_rate_hz: int) -> _Picture:
    fold = max(round(sample_rate_hz / PICTURE_RATE_HZ), 1)
    block = PICTURE_FRAMES * fold * COLUMNS_AT_ONCE
    pieces = [_draw(samples[at : at + block], fold, sample_rate_hz) for at in range(0, len(samples), block)]
    bands = np.concatenate(pieces)
    loudest = bands.max(axis=1, initial=FLOOR_DB)
    top = float(loudest.max(initial=FLOOR_DB))
    column_ms = PICTURE_FRAMES * fold * 1000 / sample_rate_hz
    return _Picture(np.maximum(bands, top - DEEPEST_DB), loudest > top + GATE_DB, column_ms)


def _draw(samples: NDArray[np.float32], fold: int, sample_rate_hz: int) -> NDArray[np.float32]:
    """Return the level of each band in dB, (columns, bands)."""
    whole = samples[: len(samples) // (fold * PICTURE_FRAMES) * fold * PICTURE_FRAMES]
    thinned = whole.reshape(-1, fold) @ np.full(fold, 1 / fold, np.float32)
    spectrum = np.fft.rfft(thinned.reshape(-1, PICTURE_FRAMES) * _window(), axis=1)
    power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
    levels: NDArray[np.float32] = 10 * np.log10(power @ _bands(sample_rate_hz // fold) + np.float32(1e-12))
    return levels


@functools.cache
def _window() -> NDArray[np.float32]:
    return np.hanning(PICTURE_FRAMES).astype(np.float32)


@functools.cache
def _bands(sample_rate_hz: int) -> NDArray[np.float32]:
    """Return which bins of the spectrum belong to which band, (bins, bands)."""
    bins = np.arange(PICTURE_FRAMES // 2 + 1) * sample_rate_hz / PICTURE_FRAMES
    low, high = np.array(BAND_EDGES_HZ[:-1]), np.array(BAND_EDGES_HZ[1:])
    return ((bins[:, None] >= low) & (bins[:, None] < high)).astype(np.float32)


def _find_steadiest(picture: _Picture) -> tuple[int, int]:
    """Return the length of the longest stretch in which no band moves, and where it begins, in ms."""
    bands, loud = picture.bands, picture.loud
    moved = np.abs(bands[STEADY_COLUMNS:] - bands[:-STEADY_COLUMNS]).mean(axis=1)
    still = (moved < STEADY_DB) & loud[STEADY_COLUMNS:] & loud[:-STEADY_COLUMNS]
    edges = np.flatnonzero(np.diff(np.concatenate(([False], still, [False]))))
    if not len(edges):
        return 0, 0
    lengths = edges[1::2] - edges[::2]
    longest = int(lengths.argmax())
    columns = int(lengths[longest]) + STEADY_COLUMNS
    return round(columns * picture.column_ms), round(int(edges[2 * longest]) * picture.column_ms)


def _find_twice(picture: _Picture) -> tuple[float, tuple[int, int]]:
    """Return how much the two most alike stretches differ, in dB, and where each begins, in ms."""
    bands, loud = picture.bands[:MOST_COLUMNS], picture.loud[1 : MOST_COLUMNS - 1]
    count = len(bands) - 2
    if count < 2 * TWICE_COLUMNS:
        return DEEPEST_DB, (0, 0)
    apart = np.full((count, 2 * count), DEEPEST_DB**2, np.float32)
    apart[:, :count] = _compare_columns(bands)
    apart[~loud[:count]] = DEEPEST_DB**2
    # Read with a step of one row and one column, what was a diagonal is a column: all stretches of one lag.
    lags = np.lib.stride_tricks.as_strided(
        apart[:, TWICE_COLUMNS:],
        (count, count - TWICE_COLUMNS),
        (apart.strides[0] + apart.strides[1], apart.strides[1]),
        writeable=False,
    )
    summed = np.cumsum(lags, axis=0)
    stretches = summed[TWICE_COLUMNS:] - summed[:-TWICE_COLUMNS]
    first, lag = (int(at) for at in np.unravel_index(stretches.argmin(), stretches.shape))
    begins = (round(at * picture.column_ms) for at in (first + 1, first + 1 + lag + TWICE_COLUMNS))
    apart_db = float(np.sqrt(max(stretches[first, lag], 0) / TWICE_COLUMNS))
    return apart_db, (next(begins), next(begins))


def _compare_columns(bands: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the mean square that each two columns are apart, whatever their levels, in dB²."""
    # Smoothed, so that a second time that falls between two columns is as much like the first.
    smooth = (bands[:-2] + 2 * bands[1:-1] + bands[2:]) / 4
    shape = smooth - smooth.mean(axis=1, keepdims=True)
    norms = np.einsum("ij,ij->i", shape, shape)
    apart: NDArray[np.float32] = np.maximum(norms[:, None] + norms - 2 * (shape @ shape.T), 0)
    return apart / np.float32(bands.shape[1])
