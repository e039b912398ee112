"""A true-peak limiter: what would rise over a ceiling between two samples is turned down ahead of time.

The true peak is that of ITU-R BS.1770-4, annex 2: the highest value of the sound at four times its sample
rate, and no sample counts for less than it is. It is taken once, in short bins; gains are then decided bin
by bin, which costs next to nothing, so that they can be decided again at another level.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import soxr

from morning_edition.filters import CORES, Samples

OVERSAMPLING = 4
BIN_FRAMES = 64
"""1.5 ms at 44.1 kHz: short against `SPAN_BINS`."""
SPAN_BINS = 36
"""52 ms at 44.1 kHz to go down before a peak, and as long to come up: neither a crackle nor pumping."""
CHUNK_BINS = 1024
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

    with ThreadPoolExecutor(CORES) as pool:
        chunks = list(pool.map(measure, range(0, len(samples), frames)))
    return Peaks(np.concatenate(chunks) if chunks else np.zeros(0, np.float32))


def _measure_chunk(samples: Samples, start: int, end: int) -> npt.NDArray[np.float32]:
    first, last = max(start - MARGIN_FRAMES, 0), min(end + MARGIN_FRAMES, len(samples))
    raised = soxr.resample(samples[first:last], 1, OVERSAMPLING, quality="MQ")
    wanted = raised[(start - first) * OVERSAMPLING : (end - first) * OVERSAMPLING]
    size = BIN_FRAMES * OVERSAMPLING
    rows = np.pad(wanted, (0, -len(wanted) % size)).reshape(-1, size)
    peaks = np.maximum(rows.max(axis=1), -rows.min(axis=1))
    # The resampler stops short of the highest frequencies, and so rounds off a bare impulse.
    own = np.pad(samples[start:end], (0, -(end - start) % BIN_FRAMES)).reshape(-1, BIN_FRAMES)
    highest: npt.NDArray[np.float32] = np.maximum(peaks, np.abs(own).max(axis=1))
    return highest


def decide_gains(peaks: Peaks, gain: float, ceiling: float) -> npt.NDArray[np.float32]:
    """Return the gain at each bin's edges, one more than there are bins, for a sound amplified by *gain*.

    Each bin's true peak, times the gain anywhere inside it, stays under *ceiling* (an amplitude).
    """
    wanted = np.minimum(1, ceiling / np.maximum(peaks.bins * np.float32(gain), 1e-9)).astype(np.float32)
    edges = np.minimum(np.append(wanted, 1), np.append(1, wanted)).astype(np.float32)
    # Each edge wants the lowest of its span; a mean over just that span cannot rise above what it wants.
    padded = np.pad(edges, SPAN_BINS, constant_values=1)
    held = np.lib.stride_tricks.sliding_window_view(padded, SPAN_BINS + 1).min(axis=1)
    window = np.hanning(SPAN_BINS + 3)[1:-1]
    smooth = np.convolve(held, window / window.sum(), mode="valid")
    gains: npt.NDArray[np.float32] = (smooth * gain).astype(np.float32)
    return gains


def apply_gains(samples: Samples, gains: npt.NDArray[np.float32], start: int, stop: int) -> Samples:
    """Return *samples* from frame *start* up to *stop*, multiplied by *gains*.

    Gains run in straight lines from one bin's edge to the next.
    """
    first, last = start // BIN_FRAMES, -(-stop // BIN_FRAMES)
    cut = samples[first * BIN_FRAMES : last * BIN_FRAMES]
    rows = np.pad(cut, (0, -len(cut) % BIN_FRAMES)).reshape(-1, BIN_FRAMES)
    edges = gains[first : last + 1, None]
    ramp = np.linspace(0, 1, BIN_FRAMES, endpoint=False, dtype=np.float32)[None]
    levelled: Samples = (edges[1:] - edges[:-1]) * ramp
    levelled += edges[:-1]
    levelled *= rows
    return levelled.reshape(-1)[start - first * BIN_FRAMES : stop - first * BIN_FRAMES]
