"""Music laid over speech: the sum of both, and nothing else, however loud they are."""

from typing import Any

import numpy as np
import pytest

from morning_edition.mix.overlay import overlay
from morning_edition.station.sound import RATES_HZ

FINEST = 2**-26
"""A step of the whole numbers that are summed: 156 dB under full scale."""


def noise(frames: int, channels: int, peak: float, seed: int) -> Any:
    return np.random.default_rng(seed).uniform(-peak, peak, (frames, channels)).astype(np.float32)


def laid(below: Any, above: Any, rate: int = 44_100) -> Any:
    total = below.copy()
    overlay(total, above, rate)
    return total


@pytest.mark.parametrize("rate", RATES_HZ)
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("frames", [1, 2, 239, 240, 441, 442, 12_345])
def test_what_is_heard_is_the_sum(frames: int, channels: int, rate: int) -> None:
    """At any length, to the last frame of each channel; either sound is missed by less than a step."""
    below, above = noise(frames, channels, 0.5, 1), noise(frames, channels, 0.4, 2)
    expected = below.astype(np.float64) + above
    assert laid(below, above, rate) == pytest.approx(expected, abs=2 * FINEST + 2**-25)


def test_whole_steps_are_kept_exactly() -> None:
    """What is too soft for the whole numbers is lost, and nothing above it."""
    steps = np.array([[0.0], [1.0], [-1.0], [3.0], [1000.0]], np.float32) * np.float32(FINEST)
    assert (laid(np.zeros_like(steps), steps) == steps).all()
    assert not laid(np.zeros_like(steps), steps * np.float32(2**-30)).any()


@pytest.mark.parametrize("peak", [1.0, 4.0, 15.9])
def test_no_sum_of_voice_and_music_clips(peak: float) -> None:
    """Even 24 dB over full scale; it is the master that holds peaks down, and it does not flatten them."""
    below, above = noise(5000, 2, peak, 3), noise(5000, 2, peak, 4)
    below[7], above[7] = peak, peak
    below[8], above[8] = -peak, -peak
    assert laid(below, above) == pytest.approx(below + above, abs=2**-18)


def test_what_is_beyond_all_measure_is_held_and_does_not_wrap_around() -> None:
    """Nobody mixes at 36 dB over full scale; if somebody did, a plus would not become a minus."""
    beyond = np.array([[40.0], [-40.0]], np.float32)
    held = laid(np.zeros_like(beyond), beyond)[:, 0]
    assert held == pytest.approx([32, -32], rel=1e-6)


def test_silence_changes_nothing() -> None:
    below = noise(3000, 1, 0.9, 5)
    assert laid(below, np.zeros_like(below)) == pytest.approx(below, abs=FINEST)


def test_channels_stay_apart() -> None:
    left, right = np.array([[0.25, 0.0]] * 900, np.float32), np.array([[0.0, -0.5]] * 900, np.float32)
    assert (laid(left, right) == [0.25, -0.5]).all()
