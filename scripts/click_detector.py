"""A click detector that owes nothing to the product's own: it predicts, as restorers of records do.

A sound is predicted from the 32 samples before each; what is left over is small and even within a few
milliseconds of any voice or instrument. A click cannot be predicted: for half a millisecond what is left over
stands above all that is left over beside it, on either side. (S. J. Godsill and P. J. W. Rayner, "Digital
Audio Restoration", 1998, 5.2.)
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

ORDER = 32
BLOCK_FRAMES = 1024
BATCH_BLOCKS = 256
CLICK_MS = 0.5
"""What counts as one click: an MP3 decoder smears it over as much."""
BESIDE_MS = (1.5, 15.0)
"""From how far to how far beside it a click is compared: far enough to meet a deep voice's next pulse."""
FLOOR = 1e-4
"""Added to what is beside a click: digital silence would make a click of an encoder's noise."""
MASKED = 0.004
"""Of the sound beside a click: each pulse of a deep and even voice leaves over as much as that (-48 dB)."""
LEAST_HEIGHT = 0.002
"""Of what is left over; what is fainter is not heard."""
AT_JOINS, IN_SPEECH = 2.5, 4.0
"""How far above its surroundings a click stands: where sounds meet, and in the midst of a voice, whose own
bursts (of a t or a k) stand out too. Clean joins reach 1.5, and one 2.3; of planted clicks 80 % pass 2.5."""

Sound = npt.NDArray[np.float32]
"""Of one channel, full scale at ±1.0."""

Span = tuple[float, float, float]
"""From a second up to another, and how far above its surroundings a click stands there."""


@dataclass(frozen=True, slots=True)
class Click:
    """One click."""

    second: float
    ratio: float
    """How far it stands above what is beside it."""


def find_clicks(sound: Sound, rate_hz: int, spans: Iterable[Span]) -> list[Click]:
    """Return what clicks most in each of *spans*, if it does, the worst first."""
    ratios, a_second = rate_moments(sound, rate_hz)
    found = []
    for start_s, end_s, least_ratio in spans:
        first, last = max(round(start_s * a_second), 0), min(round(end_s * a_second), len(ratios))
        if first < last:
            at = first + int(ratios[first:last].argmax())
            if ratios[at] > least_ratio:
                found.append(Click(at / a_second, float(ratios[at])))
    return sorted(found, key=lambda click: -click.ratio)


def rate_moments(sound: Sound, rate_hz: int) -> tuple[npt.NDArray[np.float64], float]:
    """Return how far each moment stands above those beside it, and how many moments a second has."""
    frames = round(CLICK_MS * rate_hz / 1000)
    left, loud = (_take_powers(part, frames) for part in (predict_residual(sound), sound))
    near, far = (round(beside_ms / CLICK_MS) for beside_ms in BESIDE_MS)
    beside = np.maximum(*_find_highest(left, near, far))
    masking = np.maximum(*_find_highest(loud, near, far)) * MASKED**2
    ratios = np.sqrt(left / (beside + masking + FLOOR**2))
    ratios[np.sqrt(left) < LEAST_HEIGHT] = 0
    return ratios, rate_hz / frames


def _take_powers(sound: Sound, frames: int) -> npt.NDArray[np.float64]:
    whole = sound[: len(sound) // frames * frames].astype(np.float64)
    powers: npt.NDArray[np.float64] = (whole**2).reshape(-1, frames).mean(axis=1)
    return powers


def _find_highest(powers: npt.NDArray[np.float64], near: int, far: int) -> Iterator[npt.NDArray[np.float64]]:
    """Yield, for each moment, the highest from *far* to *near* before it, and then after it."""
    padded = np.pad(powers, far)
    highest = np.lib.stride_tricks.sliding_window_view(padded, far - near + 1).max(axis=1)
    yield highest[: len(powers)]
    yield highest[far + near :][: len(powers)]


def predict_residual(sound: Sound) -> Sound:
    """Return what is left of *sound* once each sample is predicted from those before it."""
    blocks = -(-len(sound) // BLOCK_FRAMES)
    around = BLOCK_FRAMES // 2
    padded = np.pad(sound, (around + ORDER, blocks * BLOCK_FRAMES - len(sound) + around))
    parts = [
        _predict_batch(padded, first, min(first + BATCH_BLOCKS, blocks))
        for first in range(0, blocks, BATCH_BLOCKS)
    ]
    return np.concatenate(parts)[: len(sound)] if parts else sound


def _predict_batch(padded: Sound, first: int, last: int) -> Sound:
    """Predict a run of blocks; each with the coefficients of itself and half a block on either side."""
    cut = padded[first * BLOCK_FRAMES : (last + 1) * BLOCK_FRAMES + ORDER]
    wide = np.lib.stride_tricks.sliding_window_view(cut[ORDER:], 2 * BLOCK_FRAMES)[::BLOCK_FRAMES]
    spectrum = np.fft.rfft(wide * np.hanning(2 * BLOCK_FRAMES), 4 * BLOCK_FRAMES)
    correlation = np.fft.irfft(np.abs(spectrum) ** 2)[:, : ORDER + 1]
    correlation[:, 0] = correlation[:, 0] * (1 + 1e-6) + 1e-9
    lags = np.abs(np.subtract.outer(np.arange(ORDER), np.arange(ORDER)))
    coefficients = np.linalg.solve(correlation[:, lags], correlation[:, 1:, None])[:, :, 0]
    own = cut[BLOCK_FRAMES // 2 : BLOCK_FRAMES // 2 + (last - first) * BLOCK_FRAMES + ORDER]
    past = np.lib.stride_tricks.sliding_window_view(own[:-1], ORDER)[:, ::-1]
    past = past.reshape(last - first, BLOCK_FRAMES, ORDER)
    predicted = np.einsum("bfo,bo->bf", past, coefficients.astype(np.float32))
    left: Sound = own[ORDER:].reshape(last - first, BLOCK_FRAMES) - predicted
    return left.reshape(-1)
