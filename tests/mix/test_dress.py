"""A take made ready: what is kept of it, how loud it is, and where its words are."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from morning_edition.mix.dress import DressedTake, dress_take, find_speech
from morning_edition.voices import Speech, Word

RATES = (8000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
TARGET = -20.0


def speech(sound: Any, rate: int = 24_000, words: tuple[Word, ...] = ()) -> Speech:
    return Speech(np.clip(np.round(sound * 32768), -32768, 32767).astype("<i2").tobytes(), rate, words)


def silence(length_ms: float, rate: int = 24_000) -> Any:
    return np.zeros(round(length_ms * rate / 1000))


def voice(length_s: float, rate: int = 24_000, rms_db: float = -20.0) -> Any:
    """Pulses of 120 Hz through formants, in syllables of a quarter second: as uneven as speech is."""
    time = np.arange(round(length_s * rate)) / rate
    formants = ((500, 1.0), (1500, 0.5), (2500, 0.25))
    pulses = sum(
        gain * np.sin(2 * np.pi * hertz * (time % (1 / 120))) * np.exp(-300 * (time % (1 / 120)))
        for hertz, gain in formants
    )
    sound = pulses * (0.15 + np.sin(np.pi * 4 * time) ** 2)
    return sound * 10 ** (rms_db / 20) / np.sqrt(np.mean(sound**2))


def dress(sound: Any, rate: int = 24_000, *, to: int = 44_100, words: tuple[Word, ...] = ()) -> DressedTake:
    return dress_take(speech(sound, rate, words), to, TARGET)


def seconds(take: DressedTake, rate: int = 44_100) -> float:
    return len(take.samples) / rate


def loudness(samples: Any, rate: int) -> float:
    """BS.1770 written out: K-weighting in the frequency domain, blocks of 400 ms, both gates.

    A sound shorter than half a second is repeated, as the product does with it.
    """
    samples = np.tile(samples.astype(np.float64), -(-rate // 2 // len(samples)))
    # The two analogue filters behind the standard's coefficients for 48 kHz.
    bend = 2j * np.tan(np.pi * np.arange(len(samples) // 2 + 1) / len(samples)) * rate
    high, low = bend / (2 * np.pi * 1681.9744509555), bend / (2 * np.pi * 38.1354708760)
    shelf = (1.5848647012 * high**2 + 1.2585341120 * high / 0.7071752370 + 1) / (
        high**2 + high / 0.7071752370 + 1
    )
    curve = shelf * low**2 / (low**2 + low / 0.5003270373 + 1)
    weighted = np.fft.irfft(np.fft.rfft(samples) * curve, len(samples))
    block, hop = rate * 4 // 10, rate // 10
    power = np.array(
        [np.mean(weighted[at : at + block] ** 2) for at in range(0, len(weighted) - block + 1, hop)]
    )
    level = -0.691 + 10 * np.log10(power + 1e-20)
    loud = power[level > -70]
    gate = -0.691 + 10 * np.log10(loud.mean()) - 10
    return float(-0.691 + 10 * np.log10(power[(level > -70) & (level > gate)].mean()))


def test_the_meter_of_these_tests_reads_what_the_standard_says() -> None:
    """A sine of 997 Hz at full scale reads -3.01 LUFS."""
    for rate in (24_000, 44_100, 48_000):
        sine = np.sin(2 * np.pi * 997 * np.arange(rate * 5) / rate)
        assert loudness(sine, rate) == pytest.approx(-3.01, abs=0.05)


def test_silence_around_speech_is_dropped() -> None:
    take = dress(np.concatenate([silence(700), voice(1.0), silence(900)]))
    assert 0.9 < seconds(take) < 1.06


def test_silence_between_words_is_kept() -> None:
    take = dress(np.concatenate([voice(0.5), silence(2000), voice(0.5)]))
    assert 2.9 < seconds(take) < 3.06


def test_a_decaying_end_is_kept_until_nobody_hears_it() -> None:
    """An ending that falls by 60 dB in 0.6 s is kept down to 40 dB under its peak, and its silence is not."""
    time = np.arange(24_000 * 6 // 10) / 24_000
    fade = 0.3 * np.sin(2 * np.pi * 300 * time) * 10 ** (-60 * time / 0.6 / 20)
    take = dress(np.concatenate([silence(300), fade, silence(800)]))
    assert 0.4 < seconds(take) < 0.61


def test_the_soft_hiss_of_an_f_at_the_end_is_kept() -> None:
    hiss = np.random.default_rng(1).normal(0, 0.3 * 10 ** (-38 / 20), 24_000 * 15 // 100)
    vowel = voice(0.4)
    vowel *= 0.3 / np.abs(vowel).max()
    bare, full = (dress(np.concatenate([vowel, end, silence(500)])) for end in (hiss[:0], hiss))
    assert seconds(full) - seconds(bare) == pytest.approx(0.15, abs=0.02)
    assert np.abs(full.samples[-44_100 // 10 : -44_100 // 20]).max() > 0


def test_the_click_of_a_plosive_at_the_start_is_kept() -> None:
    """A `t` is 3 ms of noise, then 50 ms of nothing, then the vowel."""
    burst = np.random.default_rng(2).normal(0, 0.02, 72)
    spoken = np.concatenate([silence(400), burst, silence(50), voice(0.4), silence(400)])
    take = dress(spoken)
    assert find_speech(spoken.astype(np.float32), 24_000)[0] / 24 == pytest.approx(390, abs=1)
    start = np.abs(take.samples[: 44_100 * 20 // 1000])
    assert start.max() > 0.002
    assert seconds(take) > 0.45


@pytest.mark.parametrize("level_db", [-45, -36, -24, -12, -3])
@pytest.mark.parametrize("length_s", [0.2, 0.37, 0.5, 1.1, 8.0])
def test_every_take_comes_out_at_the_programme_s_level(length_s: float, level_db: float) -> None:
    sound = voice(length_s, rms_db=-20)
    sound *= 10 ** (level_db / 20) / np.abs(sound).max()
    take = dress(np.concatenate([silence(200), sound, silence(200)]))
    spoken = take.samples[: round((length_s + 0.03) * 44_100)]
    assert loudness(spoken, 44_100) == pytest.approx(TARGET, abs=0.5)


def test_a_long_pause_in_a_line_does_not_make_it_louder() -> None:
    short, long = (dress(np.concatenate([voice(1.0), silence(pause), voice(1.0)])) for pause in (50, 3000))
    assert np.abs(short.samples).max() == pytest.approx(np.abs(long.samples).max(), rel=0.1)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("programme_hz", [24_000, 32_000, 44_100, 48_000])
def test_every_sample_rate_becomes_the_programme_s(rate: int, programme_hz: int) -> None:
    """Of the right length and pitch."""
    sine = 0.2 * np.sin(2 * np.pi * 440 * np.arange(rate) / rate)
    take = dress(sine, rate, to=programme_hz)
    assert take.samples.dtype == np.float32
    assert seconds(take, programme_hz) == pytest.approx(1, abs=0.001)
    spectrum = np.abs(
        np.fft.rfft(take.samples[: programme_hz * 99 // 100] * np.hanning(programme_hz * 99 // 100))
    )
    assert np.argmax(spectrum) / 0.99 == pytest.approx(440, abs=1)


@pytest.mark.parametrize("rate", [8000, 22_050, 24_000, 48_000])
def test_words_are_where_they_are_heard(rate: int) -> None:
    """What is cut off in front of them is taken off their times."""
    beep = 0.3 * np.sin(2 * np.pi * 1000 * np.arange(rate * 2 // 10) / rate)
    parts = (silence(500, rate), beep, silence(300, rate), beep, silence(400, rate))
    take = dress(np.concatenate(parts), rate, words=(Word("one", 500, 700), Word("two", 1000, 1200)))
    loud = np.flatnonzero(np.abs(take.samples) > np.abs(take.samples).max() / 4) / 44.1
    heard = [loud[0], loud[np.argmax(np.diff(loud))], loud[np.argmax(np.diff(loud)) + 1], loud[-1]]
    told = [edge for word in take.words for edge in (word.start_ms, word.end_ms)]
    assert told == pytest.approx(heard, abs=3)
    assert [word.text for word in take.words] == ["one", "two"]


def test_words_stay_inside_their_take() -> None:
    """An engine may place one in the silence that was cut off."""
    sound = np.concatenate([silence(500), voice(0.5), silence(500)])
    early, late = Word("early", 0, 100), Word("late", 1200, 1500)
    take = dress(sound, words=(early, Word("said", 510, 990), late))
    assert take.words[0] == Word("early", 0, 0)
    for word in take.words:
        assert 0 <= word.start_ms <= word.end_ms <= seconds(take) * 1000


@pytest.mark.parametrize(
    "sound",
    [
        silence(0),
        silence(1000),
        np.full(24_000, 0.1),
        np.full(1, 0.5),
        np.random.default_rng(3).normal(0, 1e-4, 24_000),
    ],
    ids=["nothing", "digital silence", "an offset", "one sample", "faint noise"],
)
def test_a_silent_take_comes_back_empty(sound: Any) -> None:
    take = dress(sound, words=(Word("lost", 0, 10),))
    assert (len(take.samples), take.words) == (0, ())


def test_an_offset_changes_nothing() -> None:
    """It is neither heard as a thump, nor taken for speech, nor does it move the level."""
    sound = np.concatenate([silence(400), voice(1.0), silence(400)])
    plain, raised = dress(sound), dress(sound + 0.05)
    assert len(raised.samples) == pytest.approx(len(plain.samples), abs=900)
    length = min(len(plain.samples), len(raised.samples))
    assert np.abs(raised.samples).max() == pytest.approx(np.abs(plain.samples).max(), rel=0.02)
    assert abs(float(raised.samples[:length].mean())) < 1e-3


@pytest.mark.parametrize("rate", [8000, 24_000, 44_100])
def test_a_take_cut_off_in_full_sound_does_not_click(rate: int) -> None:
    """Both ends lead to silence in steps no larger than the sound's own."""
    loud = 0.5 * np.cos(2 * np.pi * 200 * np.arange(rate) / rate)
    samples = dress(loud, rate).samples
    own = np.abs(np.diff(samples[4410:-4410])).max()
    around = np.concatenate([[0], samples, [0]])
    assert np.abs(np.diff(around)).max() <= own * 1.05
    assert samples[0] == 0


@pytest.mark.parametrize("rate", [8000, 24_000, 48_000])
@pytest.mark.parametrize("rumble_hz", [20, 40])
def test_rumble_below_a_voice_is_taken_out_and_the_voice_is_left(rumble_hz: int, rate: int) -> None:
    """Under 80 Hz there is no voice: 20 Hz goes down by 24 dB against a voice's 120 Hz, 40 Hz by 10."""
    time = np.arange(rate * 2) / rate
    sound = 0.1 * np.sin(2 * np.pi * 120 * time) + 0.1 * np.sin(2 * np.pi * rumble_hz * time)
    samples = dress(sound, rate).samples[: 44_100 * 9 // 5]
    spectrum = np.abs(np.fft.rfft(samples * np.blackman(len(samples))))
    level = {hertz: spectrum[round(hertz * len(samples) / 44_100)] for hertz in (rumble_hz, 120)}
    assert 20 * np.log10(level[120] / level[rumble_hz]) > {20: 18, 40: 8}[rumble_hz]


@pytest.mark.parametrize("burst_db", [-45, -38, -30])
@pytest.mark.parametrize("gap_ms", [0, 30, 90])
def test_a_soft_burst_before_a_vowel_is_kept_whole(burst_db: float, gap_ms: int) -> None:
    """From its first sample: a `p` far under the vowel's peak, however long the lips stay shut after it."""
    rate, burst = 24_000, np.random.default_rng(6).uniform(-1, 1, 240)
    vowel = voice(0.5)
    vowel *= 0.3 / np.abs(vowel).max()
    burst *= 0.3 * 10 ** (burst_db / 20)
    spoken = np.concatenate([silence(300), burst, silence(gap_ms), vowel, silence(300)])
    first, end = find_speech(spoken.astype(np.float32), rate)
    assert first <= 300 * 24
    assert end >= len(spoken) - 300 * 24
    head = dress(spoken).samples[: 44_100 * 25 // 1000]
    assert np.abs(head).max() > 0


def test_a_take_is_evened_a_little_and_no_more() -> None:
    """Two halves 12 dB apart come out nearer to each other, and in the same order."""
    halves = voice(2.0, rms_db=-14), voice(2.0, rms_db=-26)
    samples = dress(np.concatenate(halves)).samples
    loud, soft = (
        loudness(part, 44_100)
        for part in (samples[: 44_100 * 19 // 10], samples[44_100 * 21 // 10 :][:83_000])
    )
    assert 6 < loud - soft < 12


NEIGHBOURS: dict[str, tuple[int, Callable[[Any], Any]]] = {
    "soft": (24_000, lambda sound: sound * 10 ** (-35 / 20) / np.sqrt(np.mean(sound**2))),
    "loud": (44_100, lambda sound: sound * 10 ** (-6 / 20) / np.abs(sound).max()),
    "clipped": (16_000, lambda sound: np.clip(sound * 10, -0.5, 0.5)),
    "with an offset": (22_050, lambda sound: sound * 0.3 + 0.1),
    "by telephone": (8000, lambda sound: sound * 0.5),
    "with noise": (48_000, lambda sound: sound + np.random.default_rng(9).normal(0, 0.002, len(sound))),
}


@pytest.mark.parametrize("programme_hz", [24_000, 44_100])
def test_neighbours_from_any_engine_are_as_loud(programme_hz: int) -> None:
    """Whatever their levels, rates and faults: in one programme no step is as large as 1 LU."""
    takes = {
        name: dress(change(voice(3.0, rate)), rate, to=programme_hz).samples
        for name, (rate, change) in NEIGHBOURS.items()
    }
    levels = [loudness(samples, programme_hz) for samples in takes.values()]
    assert max(levels) - min(levels) < 1
    assert levels == pytest.approx([TARGET] * len(levels), abs=0.5)


def test_the_same_take_gives_the_same_samples() -> None:
    first, second = dress(voice(0.7)), dress(voice(0.7))
    assert first.samples.tobytes() == second.samples.tobytes()
