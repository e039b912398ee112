"""Words found in sounds that tell none, against voices that do tell: how far off are they?"""

import functools
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from morning_edition.voices import Delivery, Speech, Utterance, Word
from morning_edition.voices.aligning import estimate_words, find_words
from morning_edition.voices.espeak import EspeakVoice
from morning_edition.voices.flite.libflite import is_installed
from morning_edition.voices.stretches import find_stretches
from morning_edition.voices.tone import ToneVoice

pytestmark = pytest.mark.thorough

LINES = (
    "The harbour bridge will close to lorries for three nights from Sunday.",
    "“We did not expect so many people,” said the festival's director, Ines Moreau.",
    "The city council voted nine to four to keep the old tram depot.",
    "Snow fell on the coast on Tuesday, for the first time in eleven years.",
)
RATE_HZ = 22_050


def samples_of(speech: Speech) -> Any:
    return np.frombuffer(speech.pcm, "<i2").astype(np.float32) / 32768


def found(speech: Speech, text: str, language: str = "en-US") -> tuple[tuple[Word, ...], str]:
    return find_words(samples_of(speech), speech.sample_rate_hz, text, language)


@functools.cache
def speak(engine: str, text: str, rate: float = 1.0) -> Speech:
    if engine.startswith("flite:"):
        from morning_edition.voices.flite import FliteVoice

        return FliteVoice(engine.partition(":")[2], Delivery(rate=rate)).speak(Utterance(text))
    return EspeakVoice(engine, Delivery(rate=rate)).speak(Utterance(text))


def errors_ms(words: Sequence[Word], told: Sequence[Word]) -> Any:
    assert [word.text for word in words] == [word.text for word in told]
    return np.array([abs(one.start_ms - other.start_ms) for one, other in zip(words, told, strict=True)])


FLITE = pytest.mark.skipif(not is_installed("slt"), reason="libflite is not on this machine")


@pytest.mark.parametrize(
    ("engine", "rate", "mean_ms", "most_ms"),
    [
        ("en-us+f3", 1.15, 20, 60),
        ("en-gb-scotland+m3", 0.85, 20, 60),
        pytest.param("flite:kal16", 1.0, 35, 100, marks=FLITE),
        pytest.param("flite:awb", 1.1, 35, 100, marks=FLITE),
        pytest.param("flite:slt", 0.9, 40, 120, marks=FLITE),
    ],
)
def test_words_are_found_in_the_sound_of_other_speakers(
    engine: str, rate: float, mean_ms: float, most_ms: float
) -> None:
    """Word starts, against what the speaking voice itself tells: on average, and nine in ten."""
    errors = []
    for line in LINES:
        speech = speak(engine, line, rate)
        words, timing = found(speech, line)
        assert timing == "aligned"
        errors.append(errors_ms(words, speech.words))
    every = np.concatenate(errors)
    assert every.mean() < mean_ms
    assert np.percentile(every, 90) < most_ms


@pytest.mark.parametrize("line", LINES)
def test_an_estimate_follows_the_letters_and_the_pauses(line: str) -> None:
    speech = speak("en-us+f3", line)
    words = estimate_words(line, find_stretches(samples_of(speech), speech.sample_rate_hz))
    assert errors_ms(words, speech.words).mean() < 110


@pytest.mark.parametrize("silence_ms", [300, 700])
def test_a_pause_that_the_reader_does_not_make_moves_the_words_behind_it(silence_ms: int) -> None:
    """Nor does a word begin or end in it."""
    line = LINES[0]
    speech = speak("en-us+m3", line)
    split = next(word for word in speech.words if word.text == "for")
    at = split.start_ms * RATE_HZ // 1000 * 2
    broken = Speech(
        speech.pcm[:at] + bytes(silence_ms * RATE_HZ // 1000 * 2) + speech.pcm[at:], RATE_HZ, speech.words
    )
    told = [
        Word(word.text, word.start_ms + late, word.end_ms + late)
        for word in speech.words
        for late in [silence_ms if word.start_ms >= split.start_ms else 0]
    ]
    words, timing = found(broken, line)
    assert timing == "aligned"
    assert errors_ms(words, told).mean() < 30
    assert not [word for word in words if split.start_ms < word.start_ms < split.start_ms + silence_ms - 30]


@pytest.mark.parametrize("language", ["de", "fr-FR", "es", "hi"])
def test_other_languages_are_read_by_their_own_voice(language: str) -> None:
    text = {"de": "Die Brücke bleibt drei Nächte gesperrt.", "hi": "पुल तीन रात बंद रहेगा।"}.get(
        language, "Le pont sera fermé pendant trois nuits."
    )
    speech = EspeakVoice("", Delivery(language=language, rate=0.9)).speak(Utterance(text))
    words, timing = found(speech, text, language)
    assert timing == "aligned"
    assert errors_ms(words, speech.words).mean() < 30


def test_a_language_that_nobody_reads_is_estimated() -> None:
    words, timing = found(speak("en-us+m3", LINES[0]), LINES[0], "tlh")
    assert timing == "estimated"
    assert [word.text for word in words] == LINES[0].split()


@pytest.mark.parametrize("sound", ["tones", "noise"])
def test_what_is_not_speech_is_estimated(sound: str) -> None:
    speech = ToneVoice().speak(Utterance(LINES[0]))
    if sound == "noise":
        noise = np.random.default_rng(1).normal(0, 3000, 4 * RATE_HZ).astype("<i2")
        speech = Speech(noise.tobytes(), RATE_HZ)
    words, timing = found(speech, LINES[0])
    assert timing == "estimated"
    assert len(words) == len(LINES[0].split())


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "—",
        "…",
        "👩‍👩‍👧",
        "a",
        "a b",
        "-->",
        "日本の首相が辞任",
        "x" * 500,
        "[[ ]] <b> &amp;",
        "nul\0 bell\7",
    ],
)
@pytest.mark.parametrize("heard", ["speech", "silence", "nothing", "a click"])
def test_whatever_is_read_every_word_has_a_time_in_the_sound(text: str, heard: str) -> None:
    """Times rise; where nothing is to be heard, there are none."""
    samples = samples_of(speak("en-us+m3", "Two boats, and a pier.")).copy()
    samples = samples[:0] if heard == "nothing" else samples * (heard == "speech")
    if heard == "a click":
        samples[5000:5004] = 0.5
    words, _ = find_words(samples, RATE_HZ, text, "en-US")
    assert [word.text for word in words] == (text.split() if heard in ("speech", "a click") else [])
    times = [time for word in words for time in (word.start_ms, word.end_ms)]
    assert times == sorted(times)
    assert all(0 <= time <= len(samples) * 1000 / RATE_HZ + 10 for time in times)


def test_pauses_part_the_words_of_an_estimate_at_a_comma() -> None:
    words = estimate_words("One day, two boats came back.", [(100, 600), (1000, 2000)])
    assert [(word.text, word.start_ms) for word in words if word.text in ("One", "two")] == [
        ("One", 100),
        ("two", 1000),
    ]
    assert words[1].end_ms == 600
    assert words[-1].end_ms == 2000


@pytest.mark.parametrize("text", ["One", "One two"])
def test_more_pauses_than_words_leave_no_word_out(text: str) -> None:
    words = estimate_words(text, [(0, 100), (300, 400), (600, 700), (900, 1000)])
    assert [word.text for word in words] == text.split()
    assert (words[0].start_ms, words[-1].end_ms) == (0, 1000)
    assert all(before.end_ms <= after.start_ms for before, after in pairwise(words))


def test_a_minute_without_a_stop_is_still_aligned_and_more_is_estimated() -> None:
    """Drawn in coarser steps, it takes no more memory than a quarter of that."""
    line = " ".join([LINES[0].rstrip("."), "and"] * 12 + ["then it opens."])
    speech = speak("en-us+f3", line)
    assert 40_000 < speech.duration_ms < 60_000
    words, timing = found(speech, line)
    assert timing == "aligned"
    assert errors_ms(words, speech.words).mean() < 60
    longer = Speech(speech.pcm * 2, speech.sample_rate_hz)
    assert found(longer, f"{line} {line}")[1] == "estimated"
