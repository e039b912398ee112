"""The true peaks of a sound: ITU-R BS.1770-4, annex 2, where they can be.

The highest value of the sound at four times its sample rate is looked for next to its highest samples only:
it would take a tone close to half the sample rate to rise by 6 dB between two of them.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from morning_edition.filters import Samples

OVERSAMPLING = 4
TAPS = 32
REACH_DB = 6.0
BLOCK_FRAMES = 1 << 17


def measure_true_peak(sound: Samples) -> float:
    """Return the highest amplitude between the samples of *sound*, (frames, channels), and on them."""
    highest = float(max(sound.max(initial=0.0), -sound.min(initial=0.0)))
    for _, channel in _cut_channels(sound) if highest else ():
        # What was found between samples raises what other samples must reach.
        floor = np.float32(highest * 10 ** (-REACH_DB / 20))
        _, heights = _find_between(channel, floor)
        highest = max(highest, float(heights.max(initial=0.0)))
    return highest


def find_high_places(
    sound: Samples, floor: float
) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]]:
    """Yield places of *sound*, (frames, channels), next to samples over *floor*, and the heights there.

    A place is the frame that the height comes right after.
    """
    for start, channel in _cut_channels(sound):
        places, heights = _find_between(channel, np.float32(floor))
        inside = (places + start >= 0) & (places + start < len(sound))
        yield (places + start)[inside], heights[inside]


def _cut_channels(sound: Samples) -> Iterator[tuple[int, Samples]]:
    """Yield blocks of each channel, each with the frame it begins at and what surrounds it."""
    for start in range(0, len(sound), BLOCK_FRAMES):
        first, last = start - TAPS, start + BLOCK_FRAMES + TAPS
        cut = sound[max(first, 0) : last]
        before = max(-first, 0)
        after = min(last, len(sound) + TAPS) - first - before - len(cut)
        for channel in np.pad(cut, ((before, after), (0, 0))).T:
            yield first, np.ascontiguousarray(channel)


def _find_between(
    channel: Samples, floor: np.float32
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Return the places on both sides of samples that reach *floor* and stand out, and the heights there."""
    heights = np.abs(channel)
    inner = heights[TAPS // 2 : -TAPS // 2]
    before, after = heights[TAPS // 2 - 1 : -TAPS // 2 - 1], heights[TAPS // 2 + 1 : 1 - TAPS // 2]
    high = np.flatnonzero((inner >= floor) & (inner >= before) & (inner >= after))
    windows = np.lib.stride_tricks.sliding_window_view(channel, TAPS)
    # The window that begins at a place has its gap after the sample TAPS / 2 - 1 further on.
    sides = [np.abs(windows[high + shift] @ _INTERPOLATOR).max(axis=1, initial=0.0) for shift in (0, 1)]
    places = [high + shift + TAPS // 2 - 1 for shift in (0, 1)]
    return np.concatenate(places), np.concatenate(sides).astype(np.float32)


def _make_interpolator() -> Samples:
    """Return what gives the values between two samples, (TAPS, OVERSAMPLING - 1): a windowed sinc."""
    at = np.arange(1, OVERSAMPLING) / OVERSAMPLING
    distance = np.arange(1 - TAPS // 2, TAPS // 2 + 1)[:, None] - at
    window = np.i0(8 * np.sqrt(np.clip(1 - (distance / (TAPS / 2)) ** 2, 0, 1))) / np.i0(8)
    taps = np.sinc(distance) * window
    return np.asarray(taps / taps.sum(axis=0), np.float32)


_INTERPOLATOR = _make_interpolator()
