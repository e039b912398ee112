"""How loudness is measured: as the standards' own test signals ask for, whole or reel by reel."""

from collections.abc import Sequence

import numpy as np
import pytest

from morning_edition.filters import Samples, cut_blocks, run_filters
from morning_edition.loudness import (
    Powers,
    integrate,
    join_powers,
    measure_loudness,
    measure_powers,
    measure_range,
    short_term,
    to_lufs,
)

RATE_HZ = 24_000


def sine(level_dbfs: float, seconds: float, rate_hz: int, pitch_hz: float = 997.0) -> Samples:
    times = np.arange(round(rate_hz * seconds)) / rate_hz
    return (10 ** (level_dbfs / 20) * np.sin(2 * np.pi * pitch_hz * times)).astype(np.float32)


def passages(levels: Sequence[tuple[float, float]], rate_hz: int) -> Samples:
    """A tone of 1 kHz on one channel, at (LUFS, seconds) after (LUFS, seconds)."""
    return np.concatenate([sine(level + 3.01, seconds, rate_hz, 1000) for level, seconds in levels])


def measure(samples: Samples, rate_hz: int = RATE_HZ) -> Powers:
    return join_powers([(0, measure_powers(samples, rate_hz))], len(samples), rate_hz)


def speechlike(seconds: float, seed: int) -> Samples:
    """Noise in syllables and phrases of different levels, silent at both ends."""
    rng = np.random.default_rng(seed)
    noise = rng.normal(size=round(seconds * RATE_HZ)).cumsum()
    noise = np.diff(noise, prepend=0) + 0.3 * np.roll(noise, 3) / np.abs(noise).max()
    syllables = np.repeat(rng.uniform(0, 1, round(seconds * 5) + 1), RATE_HZ // 5)[: len(noise)]
    phrases = np.repeat(10 ** rng.uniform(-1, 0, round(seconds / 3) + 1), RATE_HZ * 3)[: len(noise)]
    sound = 0.05 * noise * syllables * phrases
    sound[: RATE_HZ // 10] = 0
    sound[-RATE_HZ // 4 :] = 0
    return np.asarray(sound, np.float32)


def ask_ffmpeg(samples: Samples) -> tuple[float, float]:
    """Return the integrated loudness and the range of a whole programme, as FFmpeg's own meter reads them."""
    frames = run_filters(cut_blocks(samples), RATE_HZ, [("ebur128", "metadata=1:framelog=quiet")])
    readings = [frame.metadata for frame in frames if "lavfi.r128.I" in frame.metadata]
    return float(readings[-1]["lavfi.r128.I"]), float(readings[-1]["lavfi.r128.LRA"])


@pytest.mark.parametrize("rate_hz", [16_000, 22_050, 24_000, 44_100, 48_000])
@pytest.mark.parametrize("level_dbfs", [0.0, -20.0, -40.0])
def test_a_sine_measures_3_lu_under_its_peak(level_dbfs: float, rate_hz: int) -> None:
    """BS.1770: 997 Hz at 0 dBFS on one channel reads -3.01 LUFS, at every sample rate."""
    assert measure_loudness(sine(level_dbfs, 5, rate_hz), rate_hz) == pytest.approx(
        level_dbfs - 3.01, abs=0.1
    )


@pytest.mark.parametrize("level_dbfs", [-23.0, -33.0])
def test_a_stereo_sine_measures_its_peak(level_dbfs: float) -> None:
    """EBU Tech 3341, cases 1 and 2: 1 kHz at -23 dBFS on both channels reads -23 LUFS."""
    one = sine(level_dbfs, 20, 48_000, 1000)

    assert measure_loudness(np.stack([one, one], axis=1), 48_000) == pytest.approx(level_dbfs, abs=0.1)


def test_a_column_is_one_channel() -> None:
    """One channel reads the same as (frames,) and as (frames, 1)."""
    one = sine(-20, 3, RATE_HZ)

    assert measure_loudness(one[:, None], RATE_HZ) == measure_loudness(one, RATE_HZ)


def test_quiet_passages_do_not_count() -> None:
    """EBU Tech 3341, case 3: ten seconds at -36, sixty at -23 and ten more at -36 LUFS read -23."""
    sound = passages([(-36, 10), (-23, 60), (-36, 10)], 48_000)

    assert measure_loudness(sound, 48_000) == pytest.approx(-23.0, abs=0.1)


def test_silence_around_a_sound_does_not_count() -> None:
    """EBU Tech 3341, case 4: passages below -70 LUFS are not gated in."""
    sound = passages([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], 48_000)

    assert measure_loudness(sound, 48_000) == pytest.approx(-23.0, abs=0.1)


def test_a_long_sound_is_measured_as_one() -> None:
    """It goes through the meter block by block, and the blocks make the level of the whole."""
    loud, soft = sine(-20, 75, RATE_HZ), sine(-26, 75, RATE_HZ)
    alternating = np.concatenate([loud, soft, loud])
    expected = -23.01 + 10 * np.log10((2 + 10**-0.6) / 3)

    assert measure_loudness(alternating, RATE_HZ) == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize(
    "sound",
    [np.zeros(48_000, np.float32), np.zeros(0, np.float32), sine(-80, 2, RATE_HZ), sine(0, 0.3, RATE_HZ)],
)
def test_silence_has_no_level(sound: Samples) -> None:
    """Silence, no sound at all, and less than the 400 ms of one measurement read minus infinity."""
    assert measure_loudness(sound, RATE_HZ) == -np.inf
    assert measure_range(measure(sound)) == 0.0


@pytest.mark.parametrize("channels", [1, 2])
def test_reels_measure_what_their_programme_does(channels: int) -> None:
    """Reels laid one after the other read as FFmpeg reads the whole: 0.05 LU, and 0.3 LU of range."""
    lengths_s = (31.3, 14.0, 47.9, 5.2, 26.6)
    reels = [
        np.stack([speechlike(seconds, seed * 2 + channel) for channel in range(channels)], axis=1)
        for seed, seconds in enumerate(lengths_s)
    ]
    reels = [reel[: len(reel) // 576 * 576] for reel in reels]
    starts = np.append(0, np.cumsum([len(reel) for reel in reels]))
    whole = np.concatenate(reels)
    parts = [
        (int(start), measure_powers(reel, RATE_HZ)) for start, reel in zip(starts[:-1], reels, strict=True)
    ]

    powers = join_powers(parts, len(whole), RATE_HZ)

    loudness, spread = ask_ffmpeg(whole)
    assert spread > 3
    assert integrate(to_lufs(powers)) == pytest.approx(loudness, abs=0.05)
    assert measure_range(powers) == pytest.approx(spread, abs=0.3)


def test_reels_may_stand_in_any_order() -> None:
    """What a reel measures does not depend on where it stands, or what stands beside it."""
    first, second = speechlike(9, 1), speechlike(12, 2)
    hop = RATE_HZ // 10
    powers = [measure_powers(reel, RATE_HZ) for reel in (first, second)]
    joined = join_powers([(len(second), powers[0]), (0, powers[1])], len(first) + len(second), RATE_HZ)

    whole = measure(np.concatenate([second, first]))

    assert len(first) % hop == 0
    assert len(second) % hop == 0
    assert joined == pytest.approx(whole, rel=0.005, abs=1e-9)


def test_a_block_that_ends_after_the_programme_does_not_count() -> None:
    """A gating block is a full 400 ms of the programme: a second holds seven of them."""
    second = sine(-20, 1, RATE_HZ)

    assert len(measure(second)) == 7
    assert len(measure_powers(second, RATE_HZ)) > 10
    assert len(join_powers([], RATE_HZ, RATE_HZ)) == 7
    assert len(join_powers([], 100, RATE_HZ)) == 0


@pytest.mark.parametrize(
    ("levels", "expected_lu"),
    [
        ([(-20, 20), (-30, 20)], 10),
        ([(-20, 20), (-15, 20)], 5),
        ([(-40, 20), (-20, 20)], 20),
        ([(-50, 20), (-35, 20), (-20, 20), (-35, 20), (-50, 20)], 15),
    ],
)
def test_the_range_is_that_of_the_standard(levels: list[tuple[float, float]], expected_lu: float) -> None:
    """EBU Tech 3342, cases 1 to 4: passages of 20 s at these levels; ±1 LU is asked for."""
    assert measure_range(measure(passages(levels, RATE_HZ))) == pytest.approx(expected_lu, abs=0.3)


def test_short_term_loudness_follows_within_three_seconds() -> None:
    """A step from -40 to -20 LUFS is whole after three seconds, and there by half after one and a half."""
    levels = to_lufs(short_term(measure(passages([(-40, 5), (-20, 5)], RATE_HZ))))

    assert levels[:19] == pytest.approx(-40, abs=0.1)
    assert levels[50 - 32 + 15] == pytest.approx(-23, abs=0.6)
    assert levels[50 : 50 + 18] == pytest.approx(-20, abs=0.1)
    assert len(short_term(measure(sine(-20, 3, RATE_HZ)))) == 0
