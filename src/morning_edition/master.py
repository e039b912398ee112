"""The mix at one outlet's loudness and peak, encoded."""

import functools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from morning_edition.errors import AudioError
from morning_edition.filters import BLOCK_FRAMES, Samples
from morning_edition.limiter import Peaks, apply_gains, decide_gains, measure_peaks
from morning_edition.loudness import integrate, measure_loudness, measure_momentary
from morning_edition.mix.mixing import Mix
from morning_edition.mp3 import encode_mp3
from morning_edition.station import MasterProfile

CODEC_MARGIN_DB = 0.5
"""Kept under the ceiling for what the encoder adds to a peak: 0.3 dB at most on speech at 96 kbit/s."""

CLOSE_ENOUGH_LU = 0.1
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
    whole = np.empty(len(mix.samples), np.int16)
    for start in range(0, len(whole), BLOCK_FRAMES):
        block = apply_gains(mix.samples, level.gains, start, min(start + BLOCK_FRAMES, len(whole)))
        whole[start : start + len(block)] = np.clip(block * 32767, -32768, 32767).round()
    mp3 = encode_mp3(whole, sample_rate_hz=mix.sample_rate_hz, bitrate_kbps=profile.bitrate_kbps)
    return Master(mp3, mix.timeline.duration_ms, level.loudness_lufs, level.true_peak_dbtp)


def find_level(samples: Samples, sample_rate_hz: int, profile: MasterProfile) -> Level:
    """Find the gains that give the profile's loudness under its peak.

    A limiter takes some loudness away, so the gain is set again until what comes out is right. Raises
    `AudioError` for silence.
    """
    loudness = measure_loudness(samples, sample_rate_hz)
    if not np.isfinite(loudness):
        raise AudioError("the mix is silent; try another voice")
    peaks = measure_peaks(samples)
    ceiling = 10 ** ((profile.true_peak_dbtp - CODEC_MARGIN_DB) / 20)
    gain_db = profile.loudness_lufs - loudness
    for _ in range(MOST_ROUNDS):
        gains = decide_gains(peaks, 10 ** (gain_db / 20), ceiling)
        levelled = functools.partial(apply_gains, samples, gains)
        reached = integrate(measure_momentary(levelled, len(samples), sample_rate_hz))
        if abs(reached - profile.loudness_lufs) <= CLOSE_ENOUGH_LU:
            break
        gain_db += profile.loudness_lufs - reached
    return Level(gains, round(reached, 2), round(_highest_peak_db(peaks, gains), 2))


def _highest_peak_db(peaks: Peaks, gains: npt.NDArray[np.float32]) -> float:
    highest = (peaks.bins * np.maximum(gains[:-1], gains[1:])).max()
    return 20 * float(np.log10(highest))
