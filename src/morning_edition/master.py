"""Reels at one outlet's loudness and peak, encoded: the level is found for all of them, then each is made.

Every figure is of a reel and kept with it, and the programme's gain is rounded to a tenth of a decibel. So a
reel that did not change comes out the same byte for byte, though another one did.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from morning_edition.errors import AudioError
from morning_edition.filters import Samples
from morning_edition.limiter import BIN_FRAMES, Peaks, apply_gains, decide_gains, measure_peaks
from morning_edition.loudness import (
    BLOCK_HOPS,
    HOP_MS,
    Powers,
    integrate,
    join_powers,
    measure_powers,
    to_lufs,
)
from morning_edition.station import MasterProfile

VERSION = "level 2"
"""Raised when the same reel comes to be measured otherwise."""

CODEC_MARGIN_DB = 0.5
"""Kept under the ceiling for what the encoder adds to a peak: 0.3 dB at most on speech at 96 kbit/s."""

GAIN_STEP_DB = 0.1
CLOSE_ENOUGH_LU = 0.02
TOLERANCE_LU = 0.3
MOST_ROUNDS = 8
SILENT = 1e-8
"""The power of a block in which there is nothing: as much as still tells in sums over a whole reel."""


@dataclass(frozen=True, slots=True, eq=False)
class ReelLevel:
    """How loud one reel is before any outlet's loudness."""

    powers: Powers
    """As `measure_powers` gives them."""
    peaks: Peaks

    def to_bytes(self) -> bytes:
        """Return it as it is kept."""
        powers, bins = self.powers.astype("<f8"), self.peaks.bins.astype("<f2")
        return len(powers).to_bytes(8, "little") + powers.tobytes() + bins.tobytes()

    @classmethod
    def from_bytes(cls, content: bytes) -> "ReelLevel":
        """Read what `to_bytes` gave."""
        count = int.from_bytes(content[:8], "little")
        powers = np.frombuffer(content, "<f8", count, 8)
        return cls(powers.astype(float), Peaks(np.frombuffer(content, "<f2", -1, 8 + 8 * count)))


@dataclass(frozen=True, slots=True)
class Level:
    """How a programme is brought to an outlet's loudness."""

    gain_db: float
    ceiling_db: float
    """What no true peak may pass on its way into the encoder."""
    loudness_lufs: float
    """What it gives, as reckoned."""


def measure_reel(mixed: Samples, sample_rate_hz: int) -> ReelLevel:
    """Measure a reel as it was mixed, of shape (frames, channels)."""
    return ReelLevel(measure_powers(mixed, sample_rate_hz), measure_peaks(mixed))


def find_level(
    reels: Sequence[tuple[int, ReelLevel, float]],
    length: int,
    sample_rate_hz: int,
    profile: MasterProfile,
    name: str,
) -> Level:
    """Find the gain that gives the profile's loudness under its peak to *reels*.

    Each comes with its start, and by how many decibels its ceiling is lower.

    A limiter takes some loudness away. How much is reckoned from the loudness of each gating block and the
    gains within it. *name* is what the settings call the profile. Raises `AudioError` for silence, and for a
    loudness out of reach.
    """
    ceiling_db = profile.true_peak_dbtp - CODEC_MARGIN_DB

    def reckon(gain_db: float) -> float:
        parts = [
            (start, _limit_powers(reel, gain_db, ceiling_db - softer_db, sample_rate_hz))
            for start, reel, softer_db in reels
        ]
        return integrate(to_lufs(join_powers(parts, length, sample_rate_hz)))

    natural = integrate(
        to_lufs(join_powers([(start, reel.powers) for start, reel, _ in reels], length, sample_rate_hz))
    )
    if not np.isfinite(natural):
        raise AudioError("the mix is silent; try another voice")
    gain_db = profile.loudness_lufs - natural
    for _ in range(MOST_ROUNDS):
        missing = profile.loudness_lufs - reckon(gain_db)
        if abs(missing) < CLOSE_ENOUGH_LU:
            break
        gain_db += missing
    gain_db = round(round(gain_db / GAIN_STEP_DB) * GAIN_STEP_DB, 1)
    reached = reckon(gain_db)
    if abs(reached - profile.loudness_lufs) > TOLERANCE_LU:
        raise AudioError(
            f"{profile.loudness_lufs:g} LUFS cannot be reached under {profile.true_peak_dbtp:g} dBTP "
            f"({reached:.1f} LUFS can); set {name}.loudness_lufs lower or {name}.true_peak_dbtp higher "
            "in station.toml"
        )
    return Level(gain_db, round(ceiling_db, 2), round(reached, 2))


def level_reel(mixed: Samples, reel: ReelLevel, level: Level) -> Samples:
    """Return a reel as it goes into the encoder."""
    return apply_gains(mixed, _decide(reel, level.gain_db, level.ceiling_db), 0, len(mixed))


def _decide(reel: ReelLevel, gain_db: float, ceiling_db: float) -> npt.NDArray[np.float32]:
    return decide_gains(reel.peaks, 10 ** (gain_db / 20), 10 ** (ceiling_db / 20))


def _limit_powers(reel: ReelLevel, gain_db: float, ceiling_db: float, sample_rate_hz: int) -> Powers:
    """Return the powers that a reel will have at a gain, under a limiter.

    A bin counts by its peak: where there is most of the sound, a gain tells most.
    """
    gain = 10 ** (gain_db / 20)
    if reel.peaks.highest * gain <= 10 ** (ceiling_db / 20):
        return reel.powers * gain**2
    gains = _decide(reel, gain_db, ceiling_db)
    weights = reel.peaks.bins.astype(np.float64) ** 2
    hop = sample_rate_hz * HOP_MS / 1000 / BIN_FRAMES
    lasts = ((np.arange(len(reel.powers)) + 1) * hop).astype(int)
    firsts = np.clip(lasts - round(hop * BLOCK_HOPS), 0, len(weights) - 1)
    lasts = np.clip(lasts, firsts + 1, len(weights))
    before, after = (
        np.append(0, np.cumsum(energies))[[firsts, lasts]]
        for energies in (weights, weights * gains[:-1].astype(np.float64) ** 2)
    )
    limited: Powers = reel.powers * (after[1] - after[0] + SILENT) / (before[1] - before[0] + SILENT)
    return limited
