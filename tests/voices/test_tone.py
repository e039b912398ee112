"""How `ToneVoice` sounds: plain enough to measure an episode by."""

import itertools

import numpy as np
import numpy.typing as npt
import pytest

from morning_edition.errors import VoiceError
from morning_edition.loudness import measure_loudness
from morning_edition.voices import Delivery, Speech, Utterance, Voice, Word
from morning_edition.voices.tone import FADE_MS, GAP_MS, LETTER_MS, PITCHES_HZ, SAMPLE_RATE_HZ, ToneVoice

LINE = "Ferries return to Kestrel Bay."
A_MS = SAMPLE_RATE_HZ // 1000
"""Samples in a millisecond."""


def samples_of(speech: Speech) -> npt.NDArray[np.int16]:
    return np.frombuffer(speech.pcm, "<i2")


@pytest.mark.parametrize("line", [LINE, "a", "word " * 300, "  two   words ", "— “quoted” 😀"])
def test_a_line_lasts_as_long_as_its_letters(line: str) -> None:
    """60 ms for each letter and 40 ms after each word, exact to the sample."""
    speech = ToneVoice().speak(Utterance(line))
    expected_ms = sum(LETTER_MS * len(word) + GAP_MS for word in line.split())

    assert len(speech.pcm) == 2 * A_MS * expected_ms
    assert speech.duration_ms == expected_ms


def test_a_line_without_words_has_no_sound() -> None:
    assert ToneVoice().speak(Utterance(" \n ")) == Speech(b"", SAMPLE_RATE_HZ)


def test_each_word_is_a_tone_between_silences() -> None:
    """The word times are those of the sound: silent between words, a tone from end to end of each."""
    speech = ToneVoice().speak(Utterance(LINE))
    samples = np.abs(samples_of(speech).astype(int))

    assert [word.text for word in speech.words] == LINE.split()
    assert speech.words[0] == Word("Ferries", 0, 7 * LETTER_MS)
    for word in speech.words:
        heard = samples[word.start_ms * A_MS : word.end_ms * A_MS].reshape(-1, 5 * A_MS).max(axis=1)
        assert heard.min() > 2000
    for before, after in itertools.pairwise(speech.words):
        assert after.start_ms == before.end_ms + GAP_MS
        assert not samples[before.end_ms * A_MS : after.start_ms * A_MS].any()


def test_a_word_fades_in_and_out() -> None:
    """No tone clicks: each begins and ends at zero and reaches its level within 5 ms."""
    word = np.abs(samples_of(ToneVoice("high").speak(Utterance("word")))[: 4 * LETTER_MS * A_MS].astype(int))

    assert word[0] == word[-1] == 0
    for edge in (word[: FADE_MS * A_MS], word[: -FADE_MS * A_MS - 1 : -1]):
        ramp = word.max() * np.arange(len(edge)) / len(edge)
        assert (edge <= ramp + 1).all()
    assert word[FADE_MS * A_MS : -FADE_MS * A_MS].max() == pytest.approx(0.125 * 32767, abs=2)


@pytest.mark.parametrize("name", PITCHES_HZ)
def test_a_tone_measures_what_its_docs_tell(name: str) -> None:
    """Its loudness is known beforehand, so that what is done to it can be measured."""
    speech = ToneVoice(name).speak(Utterance("loudness" * 10))
    samples = (samples_of(speech) / np.float32(32768)).astype(np.float32)

    assert measure_loudness(samples, speech.sample_rate_hz) == pytest.approx(-21.7, abs=0.4)


@pytest.mark.parametrize(("name", "pitch_hz"), PITCHES_HZ.items())
def test_each_voice_has_its_pitch(name: str, pitch_hz: float) -> None:
    """Roles can be told apart by a measurement."""
    tone = samples_of(ToneVoice(name).speak(Utterance("pitch" * 20)))[: 6 * SAMPLE_RATE_HZ]
    spectrum = np.abs(np.fft.rfft(tone))

    assert np.argmax(spectrum) * SAMPLE_RATE_HZ / len(tone) == pytest.approx(pitch_hz, abs=0.2)


def test_a_larger_rate_is_faster() -> None:
    """Twice the rate halves the words; the gaps stay."""
    usual, fast = ToneVoice().speak(Utterance(LINE)), ToneVoice("", Delivery(rate=2.0)).speak(Utterance(LINE))

    assert [word.end_ms - word.start_ms for word in usual.words] == [
        2 * (word.end_ms - word.start_ms) for word in fast.words
    ]
    assert fast.words[1].start_ms - fast.words[0].end_ms == GAP_MS


@pytest.mark.parametrize("rate", [0.5, 0.83, 1.0, 1.17, 2.0])
@pytest.mark.parametrize("semitones", [-6, 0, 5])
def test_word_times_are_those_of_the_sound_at_any_pace_and_pitch(rate: float, semitones: float) -> None:
    """Measured in the sound alone: where it sets in and where it stops, to 5 ms."""
    speech = ToneVoice("low", Delivery(rate=rate, pitch_semitones=semitones)).speak(Utterance(LINE))
    samples = np.abs(samples_of(speech).astype(int))
    peaks = np.pad(samples, (0, -len(samples) % (5 * A_MS))).reshape(-1, 5 * A_MS).max(axis=1) > 100
    edges_ms = 5 * (np.flatnonzero(np.diff(np.concatenate([[False], peaks, [False]]).astype(int))))

    told = [edge for word in speech.words for edge in (word.start_ms, word.end_ms)]
    assert np.abs(edges_ms - np.array(told)).max() <= 5


@pytest.mark.parametrize("semitones", [-6, -1.5, 7])
def test_a_tone_is_as_high_as_it_is_asked_to_be(semitones: float) -> None:
    speech = ToneVoice("", Delivery(pitch_semitones=semitones)).speak(Utterance("pitch" * 20))
    tone = samples_of(speech)[: 6 * SAMPLE_RATE_HZ]

    pitch_hz = np.argmax(np.abs(np.fft.rfft(tone))) * SAMPLE_RATE_HZ / len(tone)
    assert pitch_hz == pytest.approx(440 * 2 ** (semitones / 12), abs=0.2)


def test_identity_tells_pitch_and_pace() -> None:
    voices = [
        ToneVoice(),
        ToneVoice("low"),
        ToneVoice("high"),
        ToneVoice("", Delivery(rate=1.5)),
        ToneVoice("", Delivery(pitch_semitones=1)),
    ]

    assert len({voice.identity for voice in voices}) == len(voices)
    assert ToneVoice().identity == ToneVoice("middle", Delivery(language="de")).identity


def test_an_unknown_pitch_is_refused() -> None:
    with pytest.raises(VoiceError, match=r"^tone has no voice called 'shrill'; it has low, middle, high$"):
        ToneVoice("shrill")


def test_the_catalogue_leads_with_the_usual_pitch() -> None:
    """The first of the catalogue is the one that an empty name means, and all of it can be had."""
    notes = ToneVoice.catalogue()
    voice: Voice = ToneVoice(notes[0].name)

    assert voice.identity == ToneVoice().identity
    assert {note.name for note in notes} == set(PITCHES_HZ)
