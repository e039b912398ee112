"""A true-peak limiter: what would rise over a ceiling between two samples is turned down ahead of time.

The true peak is that of ITU-R BS.1770-4, annex 2. It is taken once, in short bins; gains are then decided
bin by bin, which costs next to nothing, so that they can be decided again at another level.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from morning_edition.filters import Samples
from morning_edition.true_peak import find_high_places

BIN_FRAMES = 64
"""1.5 ms at 44.1 kHz: short against `SLOW_BINS`."""
SLOW_BINS = 36
"""52 ms at 44.1 kHz to go down before a passage, and as long to come up: neither a crackle nor pumping."""
FAST_BINS = 4
"""6 ms for the single peaks in it, such as the pulses of a voice."""
FAST_DB = 3.0
"""So much the fast stage takes off a peak; what is more, the slow one takes off the whole passage."""

ROUNDING = np.float32(1 + 2**-11)
"""Half a step of 16 bits, so that none of them is lower than the peak."""
SOFTEST = 0.15
"""The mix is some 8 dB softer than the loudest master, whose ceiling is 2 or 3 dB under full scale."""


@dataclass(frozen=True, slots=True, eq=False)
class Peaks:
    """The true peak of each bin of a sound."""

    bins: npt.NDArray[np.float16]
    """Rounded up: a long programme has millions of them."""

    @property
    def highest(self) -> float:
        """The true peak of the whole, as an amplitude."""
        return float(self.bins.max(initial=0.0))


def measure_peaks(samples: Samples) -> Peaks:
    """Take the true peaks of *samples*, (frames,) or (frames, channels); a bin's is its channels' highest.

    Between samples that are softer than `SOFTEST`, which no ceiling is set for, nothing is looked for.
    """
    sound = samples[:, None] if samples.ndim == 1 else samples
    bins = _highest(sound)
    for places, heights in find_high_places(sound, SOFTEST):
        for beside in (0, 1):  # a peak between two bins is one of both
            near = np.minimum((places + beside) // BIN_FRAMES, len(bins) - 1)
            np.maximum.at(bins, near, heights)
    return Peaks((bins * ROUNDING).astype(np.float16))


def _highest(samples: Samples) -> npt.NDArray[np.float32]:
    """Return the highest amplitude of each bin's samples."""
    rest = -len(samples) % BIN_FRAMES
    padded = np.pad(samples, ((0, rest), (0, 0))) if rest else samples
    rows = padded.reshape(-1, BIN_FRAMES * samples.shape[1])
    highest: npt.NDArray[np.float32] = np.maximum(rows.max(axis=1), -rows.min(axis=1))
    return highest


def decide_gains(peaks: Peaks, gain: float, ceiling: float) -> npt.NDArray[np.float32]:
    """Return the gain at each bin's edges, one more than there are bins, for a sound amplified by *gain*.

    Each bin's true peak, times the gain anywhere inside it, stays under *ceiling* (an amplitude).
    """
    levels = np.maximum(peaks.bins.astype(np.float32) * np.float32(gain), 1e-9)
    wanted = np.minimum(1, np.float32(ceiling) / levels)
    if wanted.min(initial=1) == 1:
        return np.full(len(wanted) + 1, gain, np.float32)
    slow = _smooth(np.minimum(wanted * np.float32(10 ** (FAST_DB / 20)), 1), SLOW_BINS)
    fast = _smooth(np.minimum(wanted / np.maximum(slow[1:], slow[:-1]), 1), FAST_BINS)
    gains: npt.NDArray[np.float32] = (slow * fast * np.float32(gain)).astype(np.float32)
    return gains


def _smooth(wanted: npt.NDArray[np.float32], span: int) -> npt.NDArray[np.float32]:
    """Return gains at the edges of bins, none above what a bin next to it wants, that take *span* to change.

    Each edge takes the lowest that is wanted within the span; a mean over just that span cannot rise above.
    """
    edges = np.minimum(np.append(wanted, 1), np.append(1, wanted))
    held = np.pad(edges, span, constant_values=1)
    reach = 1
    while reach * 2 <= span + 1:
        held = np.minimum(held[:-reach], held[reach:])
        reach *= 2
    if rest := span + 1 - reach:
        held = np.minimum(held[:-rest], held[rest:])
    window = np.hanning(span + 3)[1:-1].astype(np.float32)
    return np.convolve(held, window / window.sum(), mode="valid").astype(np.float32)


def apply_gains(samples: Samples, gains: npt.NDArray[np.float32], start: int, stop: int) -> Samples:
    """Return *samples*, (frames, channels), from frame *start* up to *stop*, multiplied by *gains*.

    Gains run in straight lines from one bin's edge to the next.
    """
    first, last = start // BIN_FRAMES, -(-stop // BIN_FRAMES)
    edges = gains[first : last + 1]
    if edges.min() == edges.max():
        return np.asarray(samples[start:stop] * edges[0], np.float32)
    ramp = np.linspace(0, 1, BIN_FRAMES, endpoint=False, dtype=np.float32)
    steps = (edges[1:] - edges[:-1])[:, None] * ramp + edges[:-1, None]
    levelled: Samples = (
        samples[start:stop] * steps.reshape(-1)[start - first * BIN_FRAMES :][: stop - start, None]
    )
    return levelled
