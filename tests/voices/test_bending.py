"""How speech is made faster, slower, higher and lower afterwards: as told, whole, its words still on time."""

import re

import numpy as np
import numpy.typing as npt
import pytest

from morning_edition.voices import Delivery, Speech, Traits, Utterance, Voice, Word
from morning_edition.voices.bending import BentVoice, bend_speech, bend_voice
from morning_edition.voices.tone import ToneVoice

RATES_HZ = (8_000, 16_000, 22_050, 24_000, 44_100, 48_000)


def speech_of(samples: npt.NDArray[np.float64], rate_hz: int, words: tuple[Word, ...] = ()) -> Speech:
    return Speech((samples * 32767).round().astype("<i2").tobytes(), rate_hz, words)


def samples_of(speech: Speech) -> npt.NDArray[np.float64]:
    return np.frombuffer(speech.pcm, "<i2") / 32768


def sine(pitch_hz: float, seconds: float, rate_hz: int) -> Speech:
    return speech_of(
        0.25 * np.sin(2 * np.pi * pitch_hz * np.arange(round(rate_hz * seconds)) / rate_hz), rate_hz
    )


def pitch_of(speech: Speech) -> float:
    """Measure the strongest pitch in the middle half, to a hundredth of a hertz."""
    samples = samples_of(speech)
    middle = samples[len(samples) // 4 : -len(samples) // 4]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle)), 16 * len(middle)))
    return float(spectrum.argmax()) * speech.sample_rate_hz / (16 * len(middle))


def buzzes(rate_hz: int) -> Speech:
    """Return 20 words of a voice-like buzz, of 120 to 600 ms and all pitches of a man, between silences."""
    chance = np.random.default_rng(3)
    pieces, words, at_ms = [np.zeros(rate_hz // 10)], [], 100
    for number in range(20):
        long_ms, gap_ms = int(chance.integers(120, 600)), int(chance.integers(150, 300))
        times = np.arange(rate_hz * long_ms // 1000) / rate_hz
        edge = np.minimum(np.minimum(times, times[::-1]) * 200, 1)
        phases = 2 * np.pi * chance.uniform(90, 250) * times
        buzz = sum((np.sin(phases * harmonic) / harmonic for harmonic in range(1, 12)), np.zeros(len(times)))
        pieces += [0.15 * edge * buzz, np.zeros(rate_hz * gap_ms // 1000)]
        words.append(Word(str(number), at_ms, at_ms + long_ms))
        at_ms += long_ms + gap_ms
    return speech_of(np.concatenate(pieces), rate_hz, tuple(words))


def stretches_heard_ms(speech: Speech) -> list[tuple[float, float]]:
    """Return where the sound is within 20 dB of its peak, gaps of up to 25 ms included."""
    step = speech.sample_rate_hz // 1000
    samples = np.abs(samples_of(speech))
    peaks = samples[: len(samples) // step * step].reshape(-1, step).max(axis=1)
    shown = "".join(".#"[int(peak > samples.max() / 10)] for peak in peaks)
    a_step_ms = 1000 * step / speech.sample_rate_hz
    return [
        (match.start() * a_step_ms, match.end() * a_step_ms)
        for match in re.finditer(r"#(?:\.{0,25}#)*", shown)
    ]


@pytest.mark.parametrize("rate_hz", RATES_HZ)
@pytest.mark.parametrize("semitones", [-6, -3, 0.5, 3, 6])
def test_a_shift_changes_the_pitch_and_nothing_else(rate_hz: int, semitones: float) -> None:
    """A sine of 440 Hz, shifted by so many semitones, within 3 cents; as long and as loud as it was."""
    before = sine(440, 2, rate_hz)
    after = bend_speech(before, 1.0, semitones)

    assert 12 * np.log2(pitch_of(after) / 440) == pytest.approx(semitones, abs=0.03)
    assert (after.sample_rate_hz, len(after.pcm)) == (rate_hz, len(before.pcm))
    level = np.std(samples_of(after)[rate_hz // 2 : -rate_hz // 2])
    assert level == pytest.approx(0.25 / np.sqrt(2), rel=0.05)


@pytest.mark.parametrize("rate_hz", RATES_HZ)
@pytest.mark.parametrize("tempo", [0.3, 0.5, 0.8, 0.97, 1.25, 2.0, 3.0])
def test_a_tempo_changes_the_length_and_nothing_else(rate_hz: int, tempo: float) -> None:
    """To the sample, with the pitch it had, and sound up to the end."""
    before = sine(440, 3, rate_hz)
    after = bend_speech(before, tempo, 0.0)
    tail = samples_of(after)[-rate_hz // 50 :]

    assert len(after.pcm) // 2 == round(len(before.pcm) // 2 / tempo)
    assert pitch_of(after) == pytest.approx(440, rel=0.002)
    assert np.std(tail) > 0.05


def test_both_at_once() -> None:
    after = bend_speech(sine(440, 3, 24_000), 1.25, -4)

    assert after.duration_ms == pytest.approx(2400, abs=1)
    assert 12 * np.log2(pitch_of(after) / 440) == pytest.approx(-4, abs=0.03)


@pytest.mark.parametrize("rate_hz", [16_000, 24_000, 44_100])
@pytest.mark.parametrize(
    ("tempo", "semitones"),
    [(1.25, 0), (0.8, 0), (2.0, 0), (3.0, 0), (1, 3), (1, -3), (1, -6), (1, 6), (1.25, -3)],
)
def test_words_stay_where_they_are_heard(rate_hz: int, tempo: float, semitones: float) -> None:
    """Each begins within 25 ms of what is told, and ends within 20; measured in the sound alone."""
    bent = bend_speech(buzzes(rate_hz), tempo, semitones)
    heard = stretches_heard_ms(bent)

    assert len(heard) == len(bent.words)
    off_ms = np.subtract(heard, [(word.start_ms, word.end_ms) for word in bent.words])
    assert np.abs(off_ms[:, 0]).max() <= 25
    assert np.abs(off_ms[:, 1]).max() <= 20


def test_a_deep_voice_stays_clear() -> None:
    """What is cut and joined adds little to a voice of 100 Hz: its own harmonics lie 20 dB above the rest."""
    times = np.arange(3 * 24_000) / 24_000
    voice = sum(
        (np.sin(2 * np.pi * 100 * part * times) / part for part in range(1, 20)), np.zeros(len(times))
    )
    for tempo, semitones in ((1.25, 0), (0.8, 0), (1, 3), (1, -3)):
        samples = samples_of(bend_speech(speech_of(0.2 * voice, 24_000), tempo, semitones))[12_000:-12_000]
        power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
        orders = np.fft.rfftfreq(len(samples), 1 / 24_000) / (100 * 2 ** (semitones / 12))
        own = (np.abs(orders - orders.round()) < 0.04) & (orders > 0.5)

        assert 10 * np.log10(power[own].sum() / power[~own].sum()) > 20, (tempo, semitones)


@pytest.mark.parametrize("frames", [0, 1, 2, 7, 100, 1000, 3000])
@pytest.mark.parametrize(("tempo", "semitones"), [(1.25, 0), (0.5, -6), (2.0, 6), (3.0, 0)])
def test_the_shortest_sound_is_bent_too(frames: int, tempo: float, semitones: float) -> None:
    speech = bend_speech(sine(440, frames / 24_000, 24_000), tempo, semitones)

    assert len(speech.pcm) // 2 == round(frames / tempo)


def test_silence_stays_silence() -> None:
    silent = bend_speech(Speech(bytes(48_000), 24_000, (Word("shh", 10, 900),)), 1.25, 2)

    assert silent.pcm == bytes(48_000 * 4 // 5)
    assert silent.words == (Word("shh", 8, 720),)


def test_the_loudest_sound_is_not_wrapped_around() -> None:
    """What the filters lift above full scale is cut there; wrapped, it would be a bang."""
    square = np.sign(np.sin(2 * np.pi * 110 * np.arange(24_000) / 24_000))
    after = samples_of(bend_speech(speech_of(square, 24_000), 1.0, 3))
    steps = np.abs(np.diff(after))

    assert 0.99 < np.abs(after).max() <= 1
    assert (steps > 1.2).sum() <= 2 * 110 * 2 ** (3 / 12) * 2


# Voices.


class RigidVoice(ToneVoice):
    """A tone that cannot be told how fast or how high."""

    def __init__(self, name: str = "", delivery: Delivery = Delivery()) -> None:  # noqa: B008 - frozen
        super().__init__(name)

    @property
    def traits(self) -> Traits:
        return Traits(sample_rate_hz=24_000, word_times=True, lines_at_once=3)


def test_a_voice_that_does_what_is_asked_is_left_alone() -> None:
    quick = Delivery(rate=1.25, pitch_semitones=2)
    able: Voice = ToneVoice("", quick)
    rigid: Voice = RigidVoice()

    assert bend_voice(able, quick) is able
    assert bend_voice(rigid, Delivery()) is rigid


def test_a_voice_that_cannot_is_bent_as_it_is_asked() -> None:
    """Its lines are as fast and as high as another's would be, and its identity tells that they are bent."""
    line = Utterance("Kestrel Bay returns")
    plain = RigidVoice()
    bent = bend_voice(plain, Delivery(rate=1.25, pitch_semitones=3))
    speech = bent.speak(line)

    assert speech.duration_ms == pytest.approx(plain.speak(line).duration_ms / 1.25, abs=1)
    assert 12 * np.log2(pitch_of(speech) / 440) == pytest.approx(3, abs=0.2)
    assert bent.identity == f"{plain.identity} bent=1 tempo=1.25 shift=+3"
    assert (bent.traits.sets_rate, bent.traits.sets_pitch, bent.traits.lines_at_once) == (True, True, 3)


def test_only_what_a_voice_cannot_do_is_done_to_it() -> None:
    class Paced(RigidVoice):
        @property
        def traits(self) -> Traits:
            return Traits(sets_rate=True)

    bent = bend_voice(Paced(), Delivery(rate=1.5, pitch_semitones=-2))

    assert isinstance(bent, BentVoice)
    assert (bent.tempo, bent.semitones) == (1.0, -2)
    assert bend_voice(Paced(), Delivery(rate=1.5)).identity == Paced().identity


def test_the_same_line_is_bent_into_the_same_bytes() -> None:
    bent = bend_voice(RigidVoice(), Delivery(rate=1.1, pitch_semitones=-1))

    assert bent.speak(Utterance("again and again")) == bent.speak(Utterance("again and again"))
