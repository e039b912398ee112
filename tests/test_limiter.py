"""The limiter, against sounds made to slip past it; true peaks are measured independently of it."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from morning_edition import true_peak as true_peak_module
from morning_edition.filters import Samples
from morning_edition.limiter import BIN_FRAMES, SLOW_BINS, apply_gains, decide_gains, measure_peaks

RATE = 44_100
CEILING = 0.7
SPAN_FRAMES = (SLOW_BINS + 2) * BIN_FRAMES
"""As far as a peak is heard in the gain, either way."""


def true_peak(samples: Any) -> float:
    """The highest value of the sound at eight times its rate, raised in the frequency domain."""
    padded = np.pad(samples.astype(np.float64), 4096)
    spectrum = np.fft.rfft(padded)
    return float(np.abs(np.fft.irfft(spectrum, 8 * len(padded)) * 8).max())


def limit(samples: Samples, gain: float = 1.0, ceiling: float = CEILING) -> Samples:
    """Limit one channel."""
    gains = decide_gains(measure_peaks(samples[:, None]), gain, ceiling)
    return apply_gains(samples[:, None], gains, 0, len(samples))[:, 0]


def gain_curve(samples: Samples, gain: float = 1.0) -> Any:
    """The gain at each sample."""
    gains = decide_gains(measure_peaks(samples), gain, CEILING)
    return apply_gains(np.ones((len(samples), 1), np.float32), gains, 0, len(samples))[:, 0].astype(
        np.float64
    )


def time(length_s: float = 1.0) -> Any:
    return np.arange(round(RATE * length_s)) / RATE


def square_bursts() -> Any:
    """Full steps, which overshoot between samples, on and off three times a second."""
    return 0.9 * np.sign(np.sin(2 * np.pi * 440 * time())) * (np.sin(2 * np.pi * 3 * time()) > 0)


def quarter_rate() -> Any:
    """A sine of a quarter of the sample rate, 45° off: every sample stands 3 dB under its peak."""
    return np.sin(np.pi / 2 * np.arange(RATE) + np.pi / 4) * (np.arange(RATE) % 9000 > 5000)


def between_samples() -> Any:
    """The sine turns its phase midway: the worst that full-scale samples can do between them there."""
    sound = np.zeros(RATE)
    sound[20_000:20_064] = [1, 1, -1, -1] * 8 + [-1, -1, 1, 1] * 8
    return sound


def impulses() -> Any:
    sound = np.zeros(RATE)
    sound[::7001], sound[5::9001] = 1, -1
    return sound


def speech_like() -> Any:
    """Pulses with peaks far over their level, in syllables, with breath between."""
    pulses = np.sin(2 * np.pi * 150 * time()) ** 15 * (0.2 + np.sin(2 * np.pi * 3 * time()) ** 2)
    return pulses + np.random.default_rng(4).normal(0, 0.02, RATE)


HOSTILE = (square_bursts, quarter_rate, between_samples, impulses, speech_like)


@pytest.mark.parametrize("gain", [0.8, 1.0, 20.0])
@pytest.mark.parametrize("make", HOSTILE)
def test_no_true_peak_rises_over_the_ceiling(make: Any, gain: float) -> None:
    """By more than 0.15 dB, which only what lies above 20 kHz takes, where the resampler ends."""
    sound = make().astype(np.float32)
    assert true_peak(sound) * gain > CEILING
    assert 20 * np.log10(true_peak(limit(sound, gain)) / CEILING) <= 0.15


@pytest.mark.parametrize("make", HOSTILE)
def test_no_sample_rises_over_the_ceiling(make: Any) -> None:
    """Not by anything: a sample is cut off by the encoder's whole numbers."""
    assert np.abs(limit(make().astype(np.float32), 10)).max() <= CEILING * (1 + 1e-6)


@pytest.mark.parametrize("hertz", [100, 1000, 5000, 10_000, 15_000, 19_000])
def test_the_ceiling_holds_over_the_whole_range_of_hearing(hertz: int) -> None:
    """At four times the rate a peak is missed by 0.4 dB at most, at the highest pitch."""
    sound = np.sin(2 * np.pi * hertz * time() + 0.3) * np.minimum(1, np.minimum(time(), 1 - time()) * 50)
    allowed_db = -20 * np.log10(np.cos(np.pi * hertz / (4 * RATE))) + 0.02
    assert 20 * np.log10(true_peak(limit(sound.astype(np.float32), 2)) / CEILING) <= allowed_db


@pytest.mark.parametrize("make", HOSTILE)
def test_the_highest_peak_is_the_true_one(make: Any) -> None:
    sound = make().astype(np.float32)
    assert measure_peaks(sound).highest == pytest.approx(true_peak(sound), rel=0.02)


def test_a_sound_under_the_ceiling_is_only_amplified() -> None:
    sound = (0.1 * np.sin(2 * np.pi * 440 * time())).astype(np.float32)
    assert limit(sound, 3.0) == pytest.approx(3 * sound, rel=1e-5)


def test_quiet_passages_are_untouched_by_loud_ones() -> None:
    """As soon as they are `SLOW_BINS` away."""
    sound = (0.05 * np.sin(2 * np.pi * 440 * time())).astype(np.float32)
    sound[20_000:21_000] *= 30
    limited = limit(sound, 2.0)
    for quiet in (slice(0, 20_000 - SPAN_FRAMES), slice(21_000 + SPAN_FRAMES, None)):
        assert limited[quiet] == pytest.approx(2 * sound[quiet], rel=1e-5)
    assert np.abs(limited).max() == pytest.approx(CEILING, rel=0.05)


@pytest.mark.parametrize("make", HOSTILE)
@pytest.mark.parametrize("gain", [0.5, 8.0])
def test_the_gain_is_never_above_what_was_asked_for(make: Any, gain: float) -> None:
    curve = gain_curve(make().astype(np.float32), gain)
    assert 0 < curve.min() <= curve.max() <= gain * (1 + 1e-6)


def test_the_gain_goes_down_before_a_peak_and_comes_up_after_it_without_a_jerk() -> None:
    """It takes the whole span to fall by 20 dB and to rise again, and turns around nowhere else."""
    sound = np.zeros(RATE, np.float32)
    sound[22_000] = 7.0
    curve = gain_curve(sound)
    lowest = np.flatnonzero(curve < curve.min() * 1.001)
    assert curve.min() == pytest.approx(CEILING / 7, rel=0.001)
    assert lowest[0] <= 22_000 <= lowest[-1]
    assert (np.diff(curve[: lowest[0]]) <= 1e-9).all()
    assert (np.diff(curve[lowest[-1] :]) >= -1e-9).all()
    steepest = np.abs(np.diff(curve)).max() * SLOW_BINS * BIN_FRAMES
    assert steepest < 2.5 * (1 - CEILING / 7)
    assert np.abs(np.diff(curve, 2)).max() < 2e-4
    touched = np.flatnonzero(curve < 0.999)
    assert 22_000 - SPAN_FRAMES <= touched[0] < 22_000 - SPAN_FRAMES // 2
    assert 22_000 + SPAN_FRAMES // 2 < touched[-1] <= 22_000 + SPAN_FRAMES


def test_limiting_a_loud_voice_adds_no_click() -> None:
    """The second difference stays near that of the sound itself, at the gain it had there."""
    sound = (3 * np.sin(2 * np.pi * 200 * time()) * np.sin(2 * np.pi * 2 * time()) ** 2).astype(np.float32)
    limited = limit(sound)
    own = np.abs(np.diff(CEILING * np.sin(2 * np.pi * 200 * time()), 2)).max()
    assert np.abs(np.diff(limited.astype(np.float64), 2)).max() < 1.3 * own


def test_chunks_are_as_if_they_had_never_been_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = np.concatenate([square_bursts(), speech_like(), impulses()]).astype(np.float32)
    whole = measure_peaks(sound).bins
    monkeypatch.setattr(true_peak_module, "BLOCK_FRAMES", 6400)
    assert len(sound) > 3 * true_peak_module.BLOCK_FRAMES
    assert measure_peaks(sound).bins == pytest.approx(whole, abs=1e-4)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(start=st.integers(0, 9000), length=st.integers(0, 9000))
def test_any_piece_of_a_limited_sound_is_that_piece_of_the_whole(start: int, length: int) -> None:
    sound = np.stack([speech_like()[:9000], impulses()[:9000]], axis=1).astype(np.float32)
    gains = decide_gains(measure_peaks(sound), 5.0, CEILING)
    whole = apply_gains(sound, gains, 0, len(sound))
    stop = min(start + length, len(sound))
    assert (apply_gains(sound, gains, start, stop) == whole[start:stop]).all()
    assert len(apply_gains(sound, gains, start, stop)) == stop - min(start, stop)


@pytest.mark.parametrize("length", [1, 2, BIN_FRAMES - 1, BIN_FRAMES, BIN_FRAMES + 1, 1000])
def test_the_shortest_sounds_are_limited_too(length: int) -> None:
    limited = limit(np.full(length, 2.0, np.float32))
    assert len(limited) == length
    assert np.abs(limited).max() <= CEILING * (1 + 1e-6)


def test_both_channels_are_turned_down_by_one_gain() -> None:
    """That of the louder one at each moment, so that nothing moves from side to side."""
    left, right = square_bursts().astype(np.float32), (0.2 * speech_like()).astype(np.float32)
    both = np.stack([left, right], axis=1)
    peaks = measure_peaks(both)
    assert (peaks.bins == np.maximum(measure_peaks(left).bins, measure_peaks(right).bins)).all()
    gains = decide_gains(peaks, 2.0, CEILING)
    limited = apply_gains(both, gains, 0, len(both))
    ones = apply_gains(np.ones_like(both), gains, 0, len(both))
    assert (ones[:, 0] == ones[:, 1]).all()
    assert limited == pytest.approx(both * ones, abs=1e-6)
    assert np.abs(limited).max() <= CEILING * (1 + 1e-6)


def test_silence_stays_silence() -> None:
    sound = np.zeros(5000, np.float32)
    assert measure_peaks(sound).highest == 0
    assert not limit(sound, 1000.0).any()


def test_nothing_has_no_peak() -> None:
    assert measure_peaks(np.zeros(0, np.float32)).highest == 0
