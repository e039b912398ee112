"""How sound is filtered: as long as it was, whatever its length, and never in silence about a mistake."""

import numpy as np
import numpy.typing as npt
import pytest

from morning_edition.errors import AudioError
from morning_edition.filters import BLOCK_FRAMES, Samples, cut_blocks, filter_samples, run_filters

RATE_HZ = 22_050
CHAIN = (
    ("highpass", "frequency=80"),
    ("equalizer", "frequency=3000:width_type=q:width=0.8:gain=4"),
    ("allpass", "frequency=400:width_type=q:width=0.7"),
)


def noise(frames: int) -> Samples:
    return np.random.default_rng(1).normal(0, 0.1, frames).astype(np.float32)


def sine(pitch_hz: float, seconds: float) -> Samples:
    times = np.arange(round(RATE_HZ * seconds)) / RATE_HZ
    return (0.1 * np.sin(2 * np.pi * pitch_hz * times)).astype(np.float32)


def gain_db(before: npt.NDArray[np.float32], after: npt.NDArray[np.float32]) -> float:
    """Measure in the second half, where the filter has settled."""
    half = len(before) // 2
    return 20 * float(np.log10(np.std(after[half:]) / np.std(before[half:])))


@pytest.mark.parametrize("frames", [0, 1, 2, 1023, BLOCK_FRAMES, BLOCK_FRAMES + 1, 2 * BLOCK_FRAMES + 7])
def test_sound_is_as_long_after_filtering_as_before(frames: int) -> None:
    """Words stay where they are heard."""
    filtered = filter_samples(noise(frames), RATE_HZ, CHAIN)

    assert len(filtered) == frames
    assert filtered.dtype == np.float32


def test_a_long_sound_is_filtered_as_one() -> None:
    """Where one block ends and the next begins, nothing is heard."""
    sound = noise(2 * BLOCK_FRAMES)
    start = BLOCK_FRAMES - RATE_HZ
    whole = filter_samples(sound, RATE_HZ, CHAIN)
    across = filter_samples(sound[start : BLOCK_FRAMES + RATE_HZ], RATE_HZ, CHAIN)

    assert (
        np.abs(whole[BLOCK_FRAMES - 100 : BLOCK_FRAMES + 100] - across[RATE_HZ - 100 : RATE_HZ + 100]).max()
        < 1e-5
    )


def test_the_filters_are_applied_in_order() -> None:
    """Each does what FFmpeg's documentation says: 4 dB more at 3 kHz, next to nothing of a hum."""
    low, high = sine(20, 2), sine(3000, 2)

    assert gain_db(high, filter_samples(high, RATE_HZ, CHAIN)) == pytest.approx(4, abs=0.1)
    assert gain_db(low, filter_samples(low, RATE_HZ, CHAIN)) < -20
    clipped = filter_samples(
        high, RATE_HZ, [("volume", "20dB"), ("alimiter", "limit=0.1:level=0"), ("volume", "2")]
    )
    assert np.abs(clipped[RATE_HZ:]).max() == pytest.approx(0.2, rel=0.02)


def test_no_filters_change_nothing() -> None:
    sound = noise(50_000)

    assert np.array_equal(filter_samples(sound, RATE_HZ, []), sound)


def test_what_was_given_is_left_as_it_is() -> None:
    sound = noise(10_000)
    before = sound.copy()
    filter_samples(sound, RATE_HZ, CHAIN)

    assert np.array_equal(sound, before)


@pytest.mark.parametrize(
    "chain",
    [
        [("nosuch", "")],
        [("highpass", "nosuch=1")],
        [("highpass", "frequency=low")],
        [("volume", "1"), ("equalizer", "gain")],
    ],
)
def test_a_filter_that_is_refused_is_named(chain: list[tuple[str, str]]) -> None:
    """One line tells which filters could not be had."""
    with pytest.raises(
        AudioError, match=rf"^the sound cannot be filtered \(.*{chain[-1][0]}.*\): .+"
    ) as refused:
        filter_samples(noise(100), RATE_HZ, chain)

    assert "\n" not in str(refused.value)


def test_blocks_may_be_of_any_size() -> None:
    """What a filter gives does not depend on how the sound was cut, down to -86 dB of full scale."""
    sound = noise(3 * RATE_HZ)
    uneven = np.split(sound, [1, 5000, 5001, 40_000])
    parts = [frame.to_ndarray()[0] for frame in run_filters(uneven, RATE_HZ, CHAIN)]
    shaped = filter_samples(sound, RATE_HZ, CHAIN)

    assert np.abs(np.concatenate(parts) - shaped).max() < 5e-5


@pytest.mark.parametrize("frames", [0, 1, BLOCK_FRAMES, 3 * BLOCK_FRAMES + 1])
def test_blocks_are_the_whole_sound(frames: int) -> None:
    sound = noise(frames)
    blocks = list(cut_blocks(sound))

    assert np.array_equal(np.concatenate([sound[:0], *blocks]), sound)
    assert all(0 < len(block) <= BLOCK_FRAMES for block in blocks)


@pytest.mark.parametrize("frames", [0, 1, BLOCK_FRAMES + 7])
def test_two_channels_are_filtered_each_for_itself(frames: int) -> None:
    """What is on one channel stays there, and sounds as it would alone."""
    left, right = noise(frames), noise(frames)[::-1] * np.float32(0.5)

    both = filter_samples(np.stack([left, right], axis=1), RATE_HZ, CHAIN)

    assert both.shape == (frames, 2)
    for channel, alone in zip(both.T, (left, right), strict=True):
        assert np.abs(channel - filter_samples(alone, RATE_HZ, CHAIN)).max(initial=0) < 1e-6


def test_one_channel_may_be_a_column() -> None:
    """(frames, 1) comes back as (frames, 1), the same as (frames,) does."""
    column = filter_samples(noise(5000)[:, None], RATE_HZ, CHAIN)

    assert column.shape == (5000, 1)
    assert np.array_equal(column[:, 0], filter_samples(noise(5000), RATE_HZ, CHAIN))
