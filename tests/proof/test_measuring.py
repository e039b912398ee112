"""What is measured on decoded sound: peaks, levels, clipping, clicks, offset, spectrum; kept, and joined."""

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import soxr

from morning_edition.decode import decode_sound
from morning_edition.filters import Samples
from morning_edition.loudness import integrate, to_lufs
from morning_edition.mix.jingles import BUILT_IN_FOLDER
from morning_edition.mp3 import encode_mp3
from morning_edition.proof.measuring import (
    ARRAYS,
    BANDS,
    BIN_FRAMES,
    Measured,
    find_runs,
    join_measured,
    measure_sound,
)

RATE_HZ = 44_100


def sine(level_dbfs: float, seconds: float, pitch_hz: float = 997.0, phase: float = 0.0) -> Samples:
    times = np.arange(round(RATE_HZ * seconds)) / RATE_HZ
    return (10 ** (level_dbfs / 20) * np.sin(2 * np.pi * pitch_hz * times + phase)).astype(np.float32)


def speechlike(seconds: float, seed: int = 0) -> Samples:
    """Noise in syllables that fade in and out, without edges; a whole number of bins, silent at its ends."""
    rng = np.random.default_rng(seed)
    frames = round(seconds * RATE_HZ) // BIN_FRAMES * BIN_FRAMES
    noise = soxr.resample(rng.normal(size=frames // 4 + 1), 1, 4)[:frames]
    syllables = np.sin(np.linspace(0, np.pi * round(seconds * 4), frames)) ** 2
    return np.asarray(0.1 * noise * syllables * (rng.uniform(0.5, 1)), np.float32)


def through_mp3(samples: Samples, bitrate_kbps: int = 96) -> Samples:
    """What a player makes of it."""
    narrow = (samples * 32767).round().astype(np.int16)
    return decode_sound(encode_mp3(narrow, sample_rate_hz=RATE_HZ, bitrate_kbps=bitrate_kbps)).samples


def assert_same(one: Measured, other: Measured) -> None:
    assert (one.frames, one.sample_rate_hz, one.true_peak) == (
        other.frames,
        other.sample_rate_hz,
        other.true_peak,
    )
    for name, _ in ARRAYS:
        assert np.array_equal(getattr(one, name), getattr(other, name)), name


def test_each_bin_has_its_peak_and_its_level() -> None:
    """A sine's level is 3 dB under its peak, in every bin; over two channels both count."""
    loud, soft = sine(-6, 1), sine(-20, 1)

    one = measure_sound(loud, RATE_HZ)
    both = measure_sound(np.stack([soft, loud], axis=1), RATE_HZ)

    assert len(one.peaks) == -(-RATE_HZ // BIN_FRAMES)
    assert one.peaks[:-1] == pytest.approx(10 ** (-6 / 20), rel=0.01)
    assert one.levels[:-1] == pytest.approx(10 ** (-9 / 20), rel=0.05)
    assert np.array_equal(both.peaks, one.peaks)
    assert both.levels[:-1] == pytest.approx(np.sqrt((10**-0.9 + 10**-2.3) / 2), rel=0.05)
    assert one.duration_ms == 1000


@pytest.mark.parametrize("pitch_hz", [997, 7350, RATE_HZ / 4, 15_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_the_peak_between_two_samples_is_found(pitch_hz: float, channels: int) -> None:
    """BS.1770-4, annex 2: a sine's true peak is its amplitude, wherever its samples fall."""
    edges = np.hanning(RATE_HZ // 2).astype(np.float32)
    tone = sine(-6, 0.5, pitch_hz, np.pi / 4) * np.minimum(1, 20 * edges)
    sound = np.stack([0.5 * tone, tone], axis=1)[:, -channels:]

    measured = measure_sound(sound, RATE_HZ)

    assert 20 * np.log10(measured.true_peak) == pytest.approx(-6, abs=0.1)


def test_the_true_peak_is_what_a_resampler_finds() -> None:
    """Of sound through an encoder, soxr at four times the rate finds the same."""
    heard = through_mp3(speechlike(6) * 3)

    raised = np.abs(soxr.resample(heard[:, 0], 1, 4, quality="VHQ")).max()

    assert measure_sound(heard, RATE_HZ).true_peak == pytest.approx(raised, rel=0.01)


@pytest.mark.parametrize("sign", [1, -1])
def test_three_samples_at_full_scale_are_clipped(sign: int) -> None:
    """Where each run begins and how long it is; two in a row may just have got there."""
    sound = np.zeros((4 * BIN_FRAMES, 2), np.float32)
    sound[100:102, 0] = sign
    sound[574:580, 1] = sign * 1.2
    sound[1000:1003, 0] = sign * 32767 / 32768

    clipped = measure_sound(sound, RATE_HZ).clipped

    assert clipped.tolist() == [(574, 6), (1000, 3)]


@pytest.mark.parametrize("offset", [0.0, 0.02, -0.005])
def test_the_offset_of_each_channel_is_its_mean(offset: float) -> None:
    """Direct current under a sound is told, whatever lies over it."""
    sound = np.stack([speechlike(3), speechlike(3) + np.float32(offset)], axis=1)

    plain, shifted = measure_sound(sound, RATE_HZ).offsets

    assert plain == pytest.approx(0, abs=1e-3)
    assert shifted - plain == pytest.approx(offset, abs=1e-6)


@pytest.mark.parametrize("pitch_hz", [500, 3_000, 12_000])
def test_the_spectrum_tells_where_the_sound_is(pitch_hz: float) -> None:
    """A sine is in the band that its pitch falls into."""
    spectrum = measure_sound(sine(-20, 1, pitch_hz), RATE_HZ).spectrum

    assert len(spectrum) == BANDS
    assert abs(int(spectrum.argmax()) - pitch_hz / (RATE_HZ / 2 / BANDS)) <= 1


def planted(fault: str) -> tuple[Samples, int]:
    """Sound with a *fault*, and the frame it is at."""
    sound, at = speechlike(4), 2 * RATE_HZ
    at += int(np.abs(sound[at : at + RATE_HZ // 4]).argmax())
    if fault == "spike":
        sound[at] += 0.3
    elif fault == "cut":
        sound[at : at + RATE_HZ // 5] = 0
    elif fault == "start":
        sound[at - RATE_HZ // 5 : at] = 0
    elif fault == "step":
        sound[at : at + RATE_HZ // 5] += np.linspace(0.2, 0, RATE_HZ // 5, dtype=np.float32)
    else:
        at = RATE_HZ // 2
        sound[:RATE_HZ] = 0
        sound[at] = 0.05
    return sound, at


@pytest.mark.parametrize("fault", ["spike", "cut", "start", "step", "spike in silence"])
def test_a_discontinuity_is_heard_through_an_encoder(fault: str) -> None:
    """A step, a spike, a wave cut off or begun: each is a click, at its place within a millisecond."""
    sound, at = planted(fault)

    clicks = measure_sound(through_mp3(sound), RATE_HZ).clicks

    near = clicks[np.abs(clicks["frame"] - at) < RATE_HZ // 1000]
    assert len(near)


def test_sound_without_edges_does_not_click() -> None:
    """Syllables that come and go, and a tone, give no click at all."""
    assert len(measure_sound(through_mp3(speechlike(8)), RATE_HZ).clicks) == 0
    assert len(measure_sound(sine(-20, 2), RATE_HZ).clicks[1:-1]) == 0


@pytest.mark.parametrize("jingle", sorted(BUILT_IN_FOLDER.glob("*.flac")), ids=lambda path: path.stem)
def test_no_jingle_of_ours_clicks(jingle: Path) -> None:
    """Attacks of bells and drums ring on: they do not stand alone. (The bed is a loop, and has no start.)"""
    sound = decode_sound(jingle)

    clicks = measure_sound(sound.samples, sound.sample_rate_hz).clicks

    clicks = clicks[(clicks["frame"] > 20) & (clicks["frame"] < len(sound.samples) - 20)]
    assert clicks["alone_db"].max(initial=-np.inf) < 10


def test_a_reel_is_the_same_out_of_a_cache() -> None:
    """Its bytes are the same each time, hold all of it, and are few."""
    sound = np.stack([speechlike(20), speechlike(20, 1)], axis=1)
    sound[40_000] = 1.5
    measured = measure_sound(sound, RATE_HZ)

    told = measured.to_bytes()

    assert_same(Measured.from_bytes(told), measured)
    assert told == measure_sound(sound.copy(), RATE_HZ).to_bytes()
    assert len(told) < 600 * 20 + 1000


def damages(told: bytes) -> dict[str, bytes]:
    flipped = bytearray(told)
    flipped[len(told) // 2] ^= 1
    return {
        "nothing": b"",
        "cut short": told[:-1],
        "longer": told + b"\0",
        "only a mark": told[:5],
        "one bit": bytes(flipped),
        "another version": told[:4] + b"\xff" + told[5:],
        "something else": b"RIFF" * 100,
    }


@pytest.mark.parametrize("damage", damages(bytes(100)))
def test_a_damaged_record_is_refused(damage: str) -> None:
    """A cache that was cut short or changed is no measurement: the reel is to be measured again."""
    told = measure_sound(speechlike(1), RATE_HZ).to_bytes()

    with pytest.raises(ValueError, match="damaged"):
        Measured.from_bytes(damages(told)[damage])


def test_a_programme_measures_as_its_reels_do() -> None:
    """Reels, each measured alone, are joined to what is measured on the whole."""
    reels = [speechlike(7.3, 1), speechlike(3.1, 2), speechlike(11.9, 3)]
    reels[1][50_000] = 0.7
    reels[2][60_000:60_005] = 1.0
    starts = [0, len(reels[0]), len(reels[0]) + len(reels[1])]
    whole = np.concatenate(reels)

    joined = join_measured(
        [(start, measure_sound(reel, RATE_HZ)) for start, reel in zip(starts, reels, strict=True)], len(whole)
    )

    expected = measure_sound(whole, RATE_HZ)
    assert (joined.frames, joined.true_peak) == (expected.frames, expected.true_peak)
    assert np.array_equal(joined.peaks, expected.peaks)
    assert np.array_equal(joined.levels, expected.levels)
    assert np.array_equal(joined.clipped, expected.clipped)
    assert joined.clicks["frame"].tolist() == expected.clicks["frame"].tolist()
    assert joined.offsets == pytest.approx(expected.offsets, abs=1e-7)
    assert 10 * np.log10(joined.spectrum / expected.spectrum) == pytest.approx(0, abs=2)
    assert integrate(to_lufs(joined.powers)) == pytest.approx(
        integrate(to_lufs(expected.powers[3:])), abs=0.05
    )


def test_reels_of_different_kinds_are_not_one_programme() -> None:
    """Mono and stereo, or two sample rates, do not go together; and no reel makes no programme."""
    mono = measure_sound(speechlike(1), RATE_HZ)
    stereo = measure_sound(np.stack([speechlike(1)] * 2, axis=1), RATE_HZ)

    for parts in (
        [],
        [(0, mono), (44_352, stereo)],
        [(0, mono), (44_352, measure_sound(speechlike(1), 48_000))],
    ):
        with pytest.raises(ValueError, match="same sample rate"):
            join_measured(parts, 88_704)


@pytest.mark.parametrize("frames", [0, 1, 700])
def test_next_to_nothing_can_be_measured(frames: int) -> None:
    """No frames at all, and fewer than one bin or one spectrum takes, are silent and sound."""
    measured = measure_sound(np.zeros(frames, np.float32), RATE_HZ)

    assert len(measured.peaks) == -(-frames // BIN_FRAMES)
    assert measured.true_peak == 0.0
    assert measured.offsets.tolist() == [0.0]
    assert not measured.spectrum.any()
    assert len(measured.clicks) == 0
    assert_same(Measured.from_bytes(measured.to_bytes()), measured)


def test_a_long_reel_takes_little_memory() -> None:
    """Five minutes in one are measured in blocks: a fifth of what the sound itself takes."""
    sound = np.tile(speechlike(6), 50)
    tracemalloc.start()
    measure_sound(sound, RATE_HZ)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak_bytes < sound.nbytes / 5


def test_runs_are_found_at_the_ends_too() -> None:
    """Where something holds from the first to the last, and where it never does."""
    assert find_runs(np.array([True, True, False, True])) == [(0, 2), (3, 4)]
    assert find_runs(np.zeros(3, np.bool_)) == []
    assert find_runs(np.zeros(0, np.bool_)) == []
