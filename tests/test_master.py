"""The master's level: one gain for all reels, in tenths of a decibel, and no peak over the ceiling."""

import dataclasses
from typing import Any

import numpy as np
import pytest

from morning_edition.errors import AudioError
from morning_edition.loudness import measure_loudness
from morning_edition.master import (
    CODEC_MARGIN_DB,
    GAIN_STEP_DB,
    Level,
    ReelLevel,
    find_level,
    level_reel,
    measure_reel,
)
from morning_edition.mp3_frames import Mp3Format
from morning_edition.mp3_reels import decode_reel, encode_reel
from morning_edition.station import MasterProfile
from morning_edition.station.sound import FlashProfile

RATE = 44_100
PODCAST, FLASH = MasterProfile(), FlashProfile()
PROFILES = {"podcast": PODCAST, "flash": FLASH}


def speech_like(level_db: float, length_s: float = 6.0, channels: int = 1) -> Any:
    """Pulses in syllables, with pauses, at a level in dBFS (RMS); it begins and ends in silence."""
    time = np.arange(round(RATE * length_s)) / RATE
    sound = np.sin(2 * np.pi * 150 * time) ** 5 * np.sin(2 * np.pi * 2 * time) ** 2
    sound *= np.sin(2 * np.pi * 0.2 * time) > -0.5
    sound *= (time > 0.1) & (time < length_s - 0.2)
    sound *= 10 ** (level_db / 20) / np.sqrt(np.mean(sound**2))
    return np.repeat(sound[:, None], channels, axis=1).astype(np.float32)


def column(samples: Any) -> Any:
    return np.asarray(samples, np.float32).reshape(-1, 1)


def find(samples: Any, profile: MasterProfile = PODCAST) -> tuple[Level, ReelLevel]:
    reel = measure_reel(samples, RATE)
    return find_level([(0, reel, 0.0)], len(samples), RATE, profile, "podcast"), reel


def levelled(samples: Any, profile: MasterProfile = PODCAST) -> Any:
    level, reel = find(samples, profile)
    return level_reel(samples, reel, level)


def decoded(samples: Any, profile: MasterProfile = PODCAST) -> Any:
    """The samples as their listeners get them."""
    sound = levelled(samples, profile)
    form = Mp3Format(sample_rate_hz=RATE, channels=sound.shape[1], bitrate_kbps=profile.bitrate_kbps)
    return decode_reel(encode_reel(lambda first, last: sound[first:last], len(sound), form), len(sound), form)


def true_peak_dbtp(samples: Any) -> float:
    """The highest value at eight times the rate, raised in the frequency domain."""
    padded = np.pad(samples[:, 0].astype(np.float64), 4096)
    return 20 * float(np.log10(np.abs(np.fft.irfft(np.fft.rfft(padded), 8 * len(padded)) * 8).max()))


@pytest.mark.parametrize("level_db", [-60, -30, -20, 0, 12])
@pytest.mark.parametrize("name", PROFILES)
def test_a_mix_may_come_in_at_any_level(name: str, level_db: float) -> None:
    """It comes out at its outlet's: as reckoned, as it goes into the encoder, and as it is decoded."""
    profile, sound = PROFILES[name], speech_like(level_db)
    level, reel = find(sound, profile)
    assert level.loudness_lufs == pytest.approx(profile.loudness_lufs, abs=0.1)
    into = level_reel(sound, reel, level)
    assert measure_loudness(into, RATE) == pytest.approx(level.loudness_lufs, abs=0.1)
    assert true_peak_dbtp(into) <= level.ceiling_db + 0.01
    heard = decoded(sound, profile)
    assert measure_loudness(heard, RATE) == pytest.approx(profile.loudness_lufs, abs=0.3)
    assert true_peak_dbtp(heard) <= profile.true_peak_dbtp


@pytest.mark.parametrize("bitrate_kbps", [32, 64, 128, 192, 224, 320])
def test_no_bit_rate_changes_the_loudness(bitrate_kbps: int) -> None:
    """LAME has a gain of its own at some; the sound comes out of each as loud."""
    profile = dataclasses.replace(PODCAST, bitrate_kbps=bitrate_kbps)
    assert measure_loudness(decoded(speech_like(-30), profile), RATE) == pytest.approx(-16, abs=0.2)


def test_the_gain_is_a_whole_number_of_tenths() -> None:
    """So that a programme that is a little louder than before keeps its gain, and its other reels."""
    gains = [find(speech_like(level_db))[0].gain_db for level_db in np.linspace(-30.0, -29.5, 11)]
    assert [gain / GAIN_STEP_DB for gain in gains] == pytest.approx(np.round(np.array(gains) / GAIN_STEP_DB))
    assert gains == [round(gain, 1) for gain in gains]
    assert len(set(gains)) == 6


def test_reels_have_the_level_of_the_whole() -> None:
    """Found for each by itself or for all at once, it is the same programme."""
    parts = [speech_like(level_db, 200 * 1152 / RATE) for level_db in (-30, -24, -27)]
    whole = np.concatenate(parts)
    starts = np.cumsum([0, *map(len, parts[:-1])])
    reels = [(int(start), measure_reel(part, RATE), 0.0) for start, part in zip(starts, parts, strict=True)]
    level = find_level(reels, len(whole), RATE, PODCAST, "podcast")
    alone, reel = find(whole)
    assert level.gain_db == alone.gain_db
    assert level.loudness_lufs == pytest.approx(alone.loudness_lufs, abs=0.02)
    joined = np.concatenate(
        [level_reel(part, one, level) for part, (_, one, _) in zip(parts, reels, strict=True)]
    )
    assert np.abs(joined - level_reel(whole, reel, level)).max() < 1e-4


def test_what_is_known_of_a_reel_comes_back_as_it_was() -> None:
    reel = measure_reel(speech_like(-20), RATE)
    back = ReelLevel.from_bytes(reel.to_bytes())
    assert np.array_equal(back.powers, reel.powers)
    assert np.array_equal(back.peaks.bins, reel.peaks.bins)
    assert len(reel.to_bytes()) < 20_000


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(RATE * 3),
        np.full(RATE * 3, 1e-6),
        speech_like(-90),
        np.ones(4410),
    ],
    ids=["silence", "an offset", "faint", "less than any meter hears"],
)
def test_a_silent_mix_is_refused(samples: Any) -> None:
    with pytest.raises(AudioError, match=r"^the mix is silent; try another voice$"):
        find(column(samples))


def test_a_loudness_out_of_reach_is_refused_with_what_can_be_had() -> None:
    """Here clicks: under a peak of -9 dBTP they are never as loud as that."""
    sound = np.zeros(RATE * 5)
    sound[::4410] = 1.0
    profile = MasterProfile(loudness_lufs=-8, true_peak_dbtp=-9)
    with pytest.raises(AudioError) as caught:
        find(column(sound), profile)
    told = str(caught.value)
    assert told.startswith("-8 LUFS cannot be reached under -9 dBTP (-")
    assert told.endswith(
        " LUFS can); set podcast.loudness_lufs lower or podcast.true_peak_dbtp higher in station.toml"
    )


@pytest.mark.parametrize("crest_db", [14, 18, 22])
def test_a_loudness_that_can_be_had_is_not_refused(crest_db: float) -> None:
    """However hard the limiter must work for it: a soft voice under bursts far above it."""
    sound = speech_like(-30, 8)
    time = np.arange(len(sound)) / RATE
    for second in (1.0, 3.1, 5.2):
        burst = (time > second) & (time < second + 0.05)
        sound[burst] = column(np.sin(2 * np.pi * 400 * time[burst])) * np.float32(
            10 ** ((crest_db - 30) / 20)
        )
    assert measure_loudness(decoded(sound, FLASH), RATE) == pytest.approx(-14, abs=0.3)


def test_the_same_gain_is_heard_from_the_first_to_the_last_second() -> None:
    """A loud programme's parts keep their distance in level; what a listener turns up stays turned up."""
    quiet, loud = speech_like(-30, 5), speech_like(-24, 5)
    heard = decoded(np.concatenate([quiet, loud, quiet]), MasterProfile(loudness_lufs=-23.0))
    first, second, third = (measure_loudness(heard[at * 220_500 :][:220_500], RATE) for at in range(3))
    assert second - first == pytest.approx(6, abs=0.5)
    assert third == pytest.approx(first, abs=0.2)


def test_peaks_are_turned_down_and_not_cut_off() -> None:
    """Under a full-scale peak a sine is still a sine: what the limiter adds stays 40 dB below it."""
    time = np.arange(RATE * 4) / RATE
    sound = 0.05 * np.sin(2 * np.pi * 300 * time)
    sound[RATE * 2 : RATE * 2 + 4410] *= 18
    heard = decoded(column(sound), dataclasses.replace(PODCAST, bitrate_kbps=320))[:, 0]
    burst = heard[RATE * 2 + 441 : RATE * 2 + 3969]
    spectrum = np.abs(np.fft.rfft(burst * np.blackman(len(burst)))) ** 2
    tone = round(300 * len(burst) / RATE)
    others = np.delete(spectrum, slice(tone - 4, tone + 5)).sum()
    assert 10 * np.log10(spectrum[tone - 4 : tone + 5].sum() / others) > 40


def test_stereo_is_turned_down_on_both_sides_at_once() -> None:
    """A peak on one of them does not move the other towards it."""
    sound = speech_like(-30, channels=2)
    sound[RATE * 3 : RATE * 3 + 400, 0] *= 30
    into = levelled(sound)
    sides = into[np.abs(sound).min(axis=1) > 1e-3]
    were = sound[np.abs(sound).min(axis=1) > 1e-3]
    assert sides[:, 0] / sides[:, 1] == pytest.approx(were[:, 0] / were[:, 1], rel=1e-3)
    assert np.abs(into).max() <= 10 ** ((PODCAST.true_peak_dbtp - CODEC_MARGIN_DB) / 20) * (1 + 1e-6)


def test_a_profile_of_the_station_s_own_is_met() -> None:
    profile = MasterProfile(loudness_lufs=-23.0, true_peak_dbtp=-6.0, bitrate_kbps=128)
    heard = decoded(speech_like(-20), profile)
    assert measure_loudness(heard, RATE) == pytest.approx(-23, abs=0.3)
    assert true_peak_dbtp(heard) <= -6
