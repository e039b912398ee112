"""Loudness as ITU-R BS.1770-4 and EBU R 128 define it, of one or two channels, measured reel by reel.

A power stands for 400 ms, and one comes every 100 ms, so powers are the gating blocks of BS.1770 (annex 1);
they are linear and summed over the channels: loudness in LUFS = -0.691 + 10 log10(power). Where sounds begin
and end in silence their powers add, so that a programme is measured from its reels, each of which is measured
once.

The K-weighting is done to the spectrum of each 100 ms, whose squares add up to its power (Parseval). That is
three times as fast as filters, and differs from them by less than a meter may.
"""

import functools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from morning_edition.filters import Samples

Powers = npt.NDArray[np.float64]

HOP_MS = 100
BLOCK_HOPS = 4
"""A gating block is 400 ms long."""
ABSOLUTE_GATE_LUFS = -70.0
RELATIVE_GATE_LU = -10.0

SHORT_TERM_BLOCKS = np.append(np.ones(7), 0.5)
"""Three seconds in blocks of 400 ms: seven whole, and one that counts half."""
RANGE_GATE_LU = -20.0
RANGE_PERCENTILES = (10.0, 95.0)

SHELF_HZ, SHELF_Q, SHELF_DB, SHELF_BAND_EXPONENT = (
    1681.974450955533,
    0.7071752369554196,
    3.999843853973347,
    0.4996667741545416,
)
HIGHPASS_HZ, HIGHPASS_Q = 38.13547087602444, 0.5003270373238773
"""The filters of BS.1770-4, annex 1, tables 1 and 2, without their rate of 48 kHz."""

HOPS_AT_ONCE = 40


def measure_loudness(samples: Samples, sample_rate_hz: int) -> float:
    """Return the gated integrated loudness in LUFS; -inf for silence, or less than 400 ms of sound."""
    powers = measure_powers(samples, sample_rate_hz)
    return integrate(to_lufs(join_powers([(0, powers)], len(samples), sample_rate_hz)))


def measure_powers(samples: Samples, sample_rate_hz: int) -> Powers:
    """Return the K-weighted power of the 400 ms that end at each 100 ms of *samples*, silence around them.

    *samples* are (frames,) or (frames, channels). The first value is that of the 400 ms that end at 100 ms.
    Values follow until the sound is over, so that they can be added to those of what comes next.
    """
    hop = sample_rate_hz * HOP_MS // 1000
    weights = _weights(sample_rate_hz)
    sound = samples[:, None] if samples.ndim == 1 else samples
    powers = [
        _weigh(sound[start : start + HOPS_AT_ONCE * hop], hop, weights)
        for start in range(0, len(sound), HOPS_AT_ONCE * hop)
    ]
    summed = np.concatenate([*powers, np.zeros(BLOCK_HOPS - 1)])
    return np.asarray(np.convolve(summed, np.full(BLOCK_HOPS, 1 / BLOCK_HOPS))[: len(summed)])


def _weigh(sound: Samples, hop: int, weights: npt.NDArray[np.float32]) -> Powers:
    """Return the weighted power of each 100 ms of *sound*, all channels together."""
    missing = -len(sound) % hop
    whole = np.pad(sound, ((0, missing), (0, 0))) if missing else sound
    hops = np.ascontiguousarray(whole.reshape(-1, hop, sound.shape[1]).transpose(0, 2, 1), np.float32)
    spectrum = np.fft.rfft(hops, axis=2)
    energies: Powers = (spectrum.real**2 + spectrum.imag**2) @ weights
    return np.asarray(energies.sum(axis=1, dtype=np.float64))


@functools.cache
def _weights(sample_rate_hz: int) -> npt.NDArray[np.float32]:
    """Return what each frequency of 100 ms counts for in its power: both filters of BS.1770-4, annex 1.

    That gives them for 48 kHz; these are the analogue ones that they come from, at any rate.
    """
    hop = sample_rate_hz * HOP_MS // 1000
    z = np.exp(-2j * np.pi * np.arange(hop // 2 + 1) / hop)
    shelf_gain = 10 ** (SHELF_DB / 20)
    band_gain = shelf_gain**SHELF_BAND_EXPONENT
    k = np.tan(np.pi * SHELF_HZ / sample_rate_hz)
    shelf = (
        (shelf_gain + band_gain * k / SHELF_Q + k * k)
        + 2 * (k * k - shelf_gain) * z
        + (shelf_gain - band_gain * k / SHELF_Q + k * k) * z**2
    ) / _denominator(z, k, SHELF_Q)
    k = np.tan(np.pi * HIGHPASS_HZ / sample_rate_hz)
    highpass = (1 - 2 * z + z**2) / _denominator(z, k, HIGHPASS_Q) * (1 + k / HIGHPASS_Q + k * k)
    weights = np.abs(shelf * highpass) ** 2 * 2 / hop**2
    weights[0] /= 2
    if hop % 2 == 0:
        weights[-1] /= 2
    return np.asarray(weights, np.float32)


def _denominator(z: npt.NDArray[np.complex128], k: float, quality: float) -> npt.NDArray[np.complex128]:
    return (1 + k / quality + k * k) + 2 * (k * k - 1) * z + (1 - k / quality + k * k) * z**2


def join_powers(parts: Sequence[tuple[int, Powers]], length: int, sample_rate_hz: int) -> Powers:
    """Return the power of each full 400 ms of a programme of *length* frames, one every 100 ms.

    *parts* are the frame that each reel begins at and the reel's powers. A start counts as the nearest whole
    100 ms, which the gates do not notice.
    """
    hop = sample_rate_hz * HOP_MS // 1000
    joined = np.zeros(length // hop)
    for start, powers in parts:
        first = round(start / hop)
        fitting = powers[: max(len(joined) - first, 0)]
        joined[first : first + len(fitting)] += fitting
    return joined[BLOCK_HOPS - 1 :]


def to_lufs(powers: Powers) -> npt.NDArray[np.float64]:
    """Return *powers* in LUFS; silence is -inf."""
    with np.errstate(divide="ignore"):
        return np.asarray(-0.691 + 10 * np.log10(powers))


def integrate(momentary_lufs: npt.NDArray[np.float64]) -> float:
    """Return the integrated loudness of gating blocks (BS.1770-4, equations 5 to 7); -inf for silence."""
    audible = momentary_lufs[momentary_lufs > ABSOLUTE_GATE_LUFS]
    if not len(audible):
        return -np.inf
    return _mean_level(audible[audible > _mean_level(audible) + RELATIVE_GATE_LU])


def _mean_level(levels: npt.NDArray[np.float64]) -> float:
    return 10 * float(np.log10(np.mean(10 ** (levels / 10))))


def short_term(powers: Powers) -> Powers:
    """Return the power of each three seconds, one every 100 ms, from those of a programme's 400 ms.

    The first value belongs to the programme's first 3.2 s, the last 400 ms of which count half; there is
    none when it is shorter.
    """
    window = np.zeros((len(SHORT_TERM_BLOCKS) - 1) * BLOCK_HOPS + 1)
    window[::BLOCK_HOPS] = SHORT_TERM_BLOCKS[::-1] / SHORT_TERM_BLOCKS.sum()
    if len(powers) < len(window):
        return np.zeros(0)
    return np.convolve(powers, window, mode="valid")


def measure_range(powers: Powers) -> float:
    """Return the loudness range in LU (EBU Tech 3342) of a programme's *powers*; 0 where there is none."""
    levels = to_lufs(short_term(powers))
    audible = levels[levels > ABSOLUTE_GATE_LUFS]
    if not len(audible):
        return 0.0
    low, high = np.percentile(audible[audible > _mean_level(audible) + RANGE_GATE_LU], RANGE_PERCENTILES)
    return float(high - low)
