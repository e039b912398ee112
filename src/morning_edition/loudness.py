"""Loudness as ITU-R BS.1770-4 and EBU R 128 define it, of one channel.

The K-weighting and the momentary loudness are FFmpeg's `ebur128`; what is left is the arithmetic of the
gates. A momentary value stands for the 400 ms that end with it, and one comes every 100 ms, so these values
are the gating blocks of BS.1770, and a long sound can be measured in parts side by side.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from morning_edition.filters import BLOCK_FRAMES, CORES, Samples, cut_blocks, run_filters

Cut = Callable[[int, int], Samples]
"""Gives the samples from one frame up to another."""

HOP_MS = 100
BLOCK_HOPS = 4
"""A gating block is 400 ms long."""
RUN_UP_HOPS = 20
"""The weighting has forgotten where a part began after two seconds."""
PART_HOPS = 600
"""A minute; where parts begin depends on the sound alone, so that every machine measures the same."""
ABSOLUTE_GATE_LUFS = -70.0
RELATIVE_GATE_LU = -10.0

METER = (("ebur128", "metadata=1:framelog=quiet"),)
MOMENTARY = "lavfi.r128.M"


def measure_loudness(samples: Samples, sample_rate_hz: int) -> float:
    """Return the gated integrated loudness in LUFS; -inf for silence, or less than 400 ms of sound."""
    return integrate(measure_momentary(lambda first, last: samples[first:last], len(samples), sample_rate_hz))


def filter_and_measure(
    samples: Samples, sample_rate_hz: int, chain: Sequence[tuple[str, str]]
) -> tuple[Samples, float]:
    """Run *samples* through a *chain* of filters, and return what comes out and its loudness, in one pass."""
    frames = list(
        run_filters(cut_blocks(samples), sample_rate_hz, [*chain, *METER, ("aformat", "sample_fmts=flt")])
    )
    # What is left after the last full hop has no level of its own.
    levels = [float(frame.metadata[MOMENTARY]) for frame in frames if MOMENTARY in frame.metadata]
    return (
        np.concatenate([frame.to_ndarray()[0] for frame in frames]),
        integrate(np.array(levels[BLOCK_HOPS - 1 :])),
    )


def measure_momentary(cut: Cut, frames: int, sample_rate_hz: int) -> npt.NDArray[np.float64]:
    """Return the loudness in LUFS of each full 400 ms, one every 100 ms, measured on all cores.

    *cut* gives the samples from one frame up to another of the sound, which has *frames* in all.
    """
    hop = sample_rate_hz * HOP_MS // 1000
    hops = frames // hop

    def measure(first: int) -> npt.NDArray[np.float64]:
        begun, last = max(first - RUN_UP_HOPS, 0), min(first + PART_HOPS, hops)
        return _measure_part(cut, begun * hop, last * hop, sample_rate_hz)[first - begun :]

    if hops <= PART_HOPS:
        return measure(0)[BLOCK_HOPS - 1 :]
    with ThreadPoolExecutor(CORES) as pool:
        return np.concatenate(list(pool.map(measure, range(0, hops, PART_HOPS))))[BLOCK_HOPS - 1 :]


def _measure_part(cut: Cut, first: int, last: int, sample_rate_hz: int) -> npt.NDArray[np.float64]:
    """Measure the momentary loudness every 100 ms from frame *first* up to *last*."""
    spans = ((at, min(at + BLOCK_FRAMES, last)) for at in range(first, last, BLOCK_FRAMES))
    frames = run_filters((cut(*span) for span in spans), sample_rate_hz, METER)
    return np.array([float(frame.metadata[MOMENTARY]) for frame in frames])


def integrate(momentary: npt.NDArray[np.float64]) -> float:
    """Return the integrated loudness of gating blocks (BS.1770-4, equations 5 to 7)."""
    audible = momentary[momentary > ABSOLUTE_GATE_LUFS]
    if not len(audible):
        return -np.inf
    gate = _mean_level(audible) + RELATIVE_GATE_LU
    return _mean_level(audible[audible > gate])


def _mean_level(levels: npt.NDArray[np.float64]) -> float:
    return 10 * float(np.log10(np.mean(10 ** (levels / 10))))
