"""The mix at one outlet's loudness and peak, encoded."""

import functools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from morning_edition.errors import AudioError
from morning_edition.filters import Samples
from morning_edition.limiter import BIN_FRAMES, Peaks, apply_gains, decide_gains, measure_peaks
from morning_edition.loudness import BLOCK_HOPS, HOP_MS, integrate, measure_momentary
from morning_edition.mix.mixing import Mix
from morning_edition.mp3 import encode_cuts
from morning_edition.station import MasterProfile

CODEC_MARGIN_DB = 0.5
"""Kept under the ceiling for what the encoder adds to a peak: 0.3 dB at most on speech at 96 kbit/s."""

CLOSE_ENOUGH_LU = 0.1
TOLERANCE_LU = 0.5
SURE_LU = 0.3
"""A limiter that takes no more than this off the whole is foretold to a tenth of it."""
MOST_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Master:
    """The programme as one outlet gets it, not yet tagged."""

    mp3: bytes
    duration_ms: int
    loudness_lufs: float
    true_peak_dbtp: float
    """Both of the sound that went into the encoder."""


@dataclass(frozen=True, slots=True)
class Level:
    """How a mix is brought to an outlet's loudness: the gain at each bin's edge, and what it gives."""

    gains: npt.NDArray[np.float32]
    loudness_lufs: float
    true_peak_dbtp: float


def master_mix(mix: Mix, profile: MasterProfile) -> Master:
    """Bring *mix* to the loudness and under the peak that *profile* asks for, and encode it.

    Raises `AudioError` when the mix is silent.
    """
    level = find_level(mix.samples, mix.sample_rate_hz, profile)
    mp3 = encode_cuts(
        lambda first, last: apply_gains(mix.samples, level.gains, first, min(last, len(mix.samples))),
        len(mix.samples),
        sample_rate_hz=mix.sample_rate_hz,
        bitrate_kbps=profile.bitrate_kbps,
    )
    return Master(mp3, mix.timeline.duration_ms, level.loudness_lufs, level.true_peak_dbtp)


def find_level(samples: Samples, sample_rate_hz: int, profile: MasterProfile) -> Level:
    """Find the gains that give the profile's loudness under its peak.

    A limiter takes some loudness away. How much is foretold from the loudness of each gating block and the
    gains within it, which costs next to nothing; what then comes out is measured, and what the measure still
    Raises `AudioError` for silence, and for a loudness out of reach.
    """
    momentary = measure_momentary(lambda start, stop: samples[start:stop], len(samples), sample_rate_hz)
    loudness = integrate(momentary)
    if not np.isfinite(loudness):
        raise AudioError("the mix is silent; try another voice")
    ceiling = 10 ** ((profile.true_peak_dbtp - CODEC_MARGIN_DB) / 20)
    gain_db, amiss = profile.loudness_lufs - loudness, 0.0
    peaks = measure_peaks(samples)
    for _ in range(MOST_ROUNDS):
        for _ in range(MOST_ROUNDS):
            gains = decide_gains(peaks, 10 ** (gain_db / 20), ceiling)
            foretold = integrate(momentary + _foretell_change(peaks, gains, len(momentary), sample_rate_hz))
            missing = profile.loudness_lufs - foretold - amiss
            if abs(missing) < CLOSE_ENOUGH_LU / 4:
                break
            gain_db += missing
        reached = foretold + amiss
        if loudness + gain_db - foretold <= SURE_LU:
            break
        levelled = functools.partial(apply_gains, samples, gains)
        reached = integrate(measure_momentary(levelled, len(samples), sample_rate_hz))
        if abs(reached - profile.loudness_lufs) <= CLOSE_ENOUGH_LU:
            break
        amiss = reached - foretold
    if abs(reached - profile.loudness_lufs) > TOLERANCE_LU:
        raise AudioError(
            f"{profile.loudness_lufs:g} LUFS cannot be reached under {profile.true_peak_dbtp:g} dBTP "
            f"({reached:.1f} LUFS can); set loudness_lufs lower or true_peak_dbtp higher in station.toml"
        )
    return Level(gains, round(reached, 2), round(_highest_peak_db(peaks, gains), 2))


def _foretell_change(
    peaks: Peaks, gains: npt.NDArray[np.float32], blocks: int, sample_rate_hz: int
) -> npt.NDArray[np.float64]:
    """Return by how much *gains* will change the loudness of each gating block, in LU.

    A bin counts by its peak: where there is most of the sound, a gain tells most.
    """
    # What is added for silence must still tell in a sum over the whole programme.
    weights = peaks.bins.astype(np.float64) ** 2 + 1e-8
    firsts = (np.arange(blocks) * (sample_rate_hz * HOP_MS / 1000 / BIN_FRAMES)).astype(int)
    lasts = firsts + round(sample_rate_hz * HOP_MS * BLOCK_HOPS / 1000 / BIN_FRAMES)
    before, after = (
        np.append(0, np.cumsum(energies))[[firsts, np.minimum(lasts, len(weights))]]
        for energies in (weights, weights * gains[:-1].astype(np.float64) ** 2)
    )
    change: npt.NDArray[np.float64] = 10 * np.log10((after[1] - after[0]) / (before[1] - before[0]))
    return change


def _highest_peak_db(peaks: Peaks, gains: npt.NDArray[np.float32]) -> float:
    highest = (peaks.bins * np.maximum(gains[:-1], gains[1:])).max()
    return 20 * float(np.log10(highest))
