"""A true-peak limiter: what would rise over a ceiling between two samples is turned down ahead of time.

The true peak is that of ITU-R BS.1770-4, annex 2: the highest value of the sound at four times its sample
rate. It is taken once, in short bins; gains are then decided bin by bin, which costs next to nothing, so
that they can be decided again at another level.
"""

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import soxr

from morning_edition.filters import Samples

OVERSAMPLING = 4
BIN_FRAMES = 64
"""1.5 ms at 44.1 kHz: short against the attack."""
ATTACK_BINS = 6
RELEASE_BINS = 30
"""9 ms and 44 ms at 44.1 kHz: no crackle on the way down, no pumping on the way up."""
CHUNK_BINS = 2048
MARGIN_FRAMES = 512
"""More than the reach of the resampler, so that chunks are as if they had never been cut."""


@dataclass(frozen=True, slots=True, eq=False)
class Peaks:
    """The true peak of each bin of a sound."""

    bins: npt.NDArray[np.float32]

    @property
    def highest(self) -> float:
        """The true peak of the whole, as an amplitude."""
        return float(self.bins.max(initial=0.0))


def measure_peaks(samples: Samples) -> Peaks:
    """Take the true peaks of *samples*, on all cores, in chunks that keep memory flat."""
    frames = CHUNK_BINS * BIN_FRAMES

    def measure(start: int) -> npt.NDArray[np.float32]:
        return _measure_chunk(samples, start, min(start + frames, len(samples)))

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        chunks = list(pool.map(measure, range(0, len(samples), frames)))
    return Peaks(np.concatenate(chunks) if chunks else np.zeros(0, np.float32))


def _measure_chunk(samples: Samples, start: int, end: int) -> npt.NDArray[np.float32]:
    first, last = max(start - MARGIN_FRAMES, 0), min(end + MARGIN_FRAMES, len(samples))
    raised = soxr.resample(samples[first:last], 1, OVERSAMPLING, quality="MQ")
    wanted = raised[(start - first) * OVERSAMPLING : (end - first) * OVERSAMPLING]
    size = BIN_FRAMES * OVERSAMPLING
    rows = np.pad(wanted, (0, -len(wanted) % size)).reshape(-1, size)
    peaks: npt.NDArray[np.float32] = np.maximum(rows.max(axis=1), -rows.min(axis=1))
    return peaks


def decide_gains(peaks: Peaks, gain: float, ceiling: float) -> npt.NDArray[np.float32]:
    """Return the gain at each bin's edges, one more than there are bins, for a sound amplified by *gain*.

    Each bin's true peak, times the gain anywhere inside it, stays under *ceiling* (an amplitude).
    """
    wanted = np.minimum(1, ceiling / np.maximum(peaks.bins * np.float32(gain), 1e-9)).astype(np.float32)
    edges = np.minimum(np.append(wanted, 1), np.append(1, wanted)).astype(np.float32)
    span = ATTACK_BINS + RELEASE_BINS
    # Each edge wants the lowest of its span; a mean over just that span cannot rise above what it wants.
    padded = np.pad(edges, span, constant_values=1)
    held = np.lib.stride_tricks.sliding_window_view(padded, span + 1).min(axis=1)
    window = np.hanning(span + 3)[1:-1]
    smooth = np.convolve(held, window / window.sum(), mode="valid")
    gains: npt.NDArray[np.float32] = (smooth * gain).astype(np.float32)
    return gains


def apply_gains(blocks: Iterable[Samples], gains: npt.NDArray[np.float32]) -> Iterator[Samples]:
    """Yield *blocks*, the sound in order, multiplied by *gains*.

    Gains run in straight lines from one bin's edge to the next. All blocks but the last hold whole bins.
    """
    ramp = np.linspace(0, 1, BIN_FRAMES, endpoint=False, dtype=np.float32)[None]
    first = 0
    for block in blocks:
        bins = -(-len(block) // BIN_FRAMES)
        rows = np.pad(block, (0, bins * BIN_FRAMES - len(block))).reshape(bins, BIN_FRAMES)
        edges = gains[first : first + bins + 1, None]
        levelled: Samples = rows * (edges[:-1] + (edges[1:] - edges[:-1]) * ramp)
        yield levelled.reshape(-1)[: len(block)]
        first += bins
