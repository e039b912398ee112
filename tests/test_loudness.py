"""How loudness is measured: as the standards' own test signals ask for."""

import numpy as np
import pytest

from morning_edition.filters import Samples
from morning_edition.loudness import measure_loudness


def sine(level_dbfs: float, seconds: float, rate_hz: int, pitch_hz: float = 997.0) -> Samples:
    times = np.arange(round(rate_hz * seconds)) / rate_hz
    return (10 ** (level_dbfs / 20) * np.sin(2 * np.pi * pitch_hz * times)).astype(np.float32)


@pytest.mark.parametrize("rate_hz", [16_000, 22_050, 24_000, 44_100, 48_000])
@pytest.mark.parametrize("level_dbfs", [0.0, -20.0, -40.0])
def test_a_sine_measures_3_lu_under_its_peak(level_dbfs: float, rate_hz: int) -> None:
    """BS.1770: 997 Hz at 0 dBFS on one channel reads -3.01 LUFS, at every sample rate."""
    assert measure_loudness(sine(level_dbfs, 5, rate_hz), rate_hz) == pytest.approx(
        level_dbfs - 3.01, abs=0.1
    )


def test_quiet_passages_do_not_count() -> None:
    """EBU Tech 3341, case 3: ten seconds at -36, sixty at -23 and ten more at -36 LUFS read -23."""
    levels = [(-36.0, 10), (-23.0, 60), (-36.0, 10)]
    sound = np.concatenate([sine(level + 3.01, seconds, 48_000, 1000) for level, seconds in levels])

    assert measure_loudness(sound, 48_000) == pytest.approx(-23.0, abs=0.1)


def test_silence_around_a_sound_does_not_count() -> None:
    """EBU Tech 3341, case 4: passages below -70 LUFS are not gated in."""
    levels = [(-72.0, 10), (-36.0, 10), (-23.0, 60), (-36.0, 10), (-72.0, 10)]
    sound = np.concatenate([sine(level + 3.01, seconds, 48_000, 1000) for level, seconds in levels])

    assert measure_loudness(sound, 48_000) == pytest.approx(-23.0, abs=0.1)


def test_a_long_sound_is_measured_as_one() -> None:
    """It is measured in parts side by side, and the parts make the level of the whole."""
    loud, soft = sine(-20, 75, 24_000), sine(-26, 75, 24_000)
    alternating = np.concatenate([loud, soft, loud])
    expected = -23.01 + 10 * np.log10((2 + 10**-0.6) / 3)

    assert measure_loudness(alternating, 24_000) == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize("sound", [np.zeros(48_000, np.float32), sine(-80, 2, 24_000), sine(0, 0.3, 24_000)])
def test_silence_has_no_level(sound: Samples) -> None:
    """Silence, and less than the 400 ms of one measurement, read minus infinity."""
    assert measure_loudness(sound, 24_000) == -np.inf
