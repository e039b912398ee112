"""Cues and their words: each is the article's, and is heard when it says."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from morning_edition.kept import Kept
from morning_edition.mix.cueing import measure_timeline
from morning_edition.mix.music import Music
from morning_edition.mix.reels import cut_reels
from morning_edition.mix.running_order import lay_out
from morning_edition.mix.studio import Studio, TakeNote
from morning_edition.mix.timeline import Cue
from morning_edition.script.script import Line, Script, Segment
from morning_edition.station import Bed, Rundown, Sound, Spot
from morning_edition.takes import Take
from morning_edition.voices import Speech, Utterance, Word
from morning_edition.voices.espeak import EspeakVoice

BARE = Rundown(Spot(), Spot(), Spot(), Spot(), Spot(), Spot(), Spot(), Bed(music=""))
SOUND = Sound()
RATE = SOUND.sample_rate_hz


def script_of(*lines: Line, language: str = "en-US") -> Script:
    return Script("A day", dt.date(2024, 12, 6), language, (Segment("deep_look", "Deep Look", lines),))


def cue_of(line: Line, note: TakeNote) -> Cue:
    script = script_of(line)
    order = lay_out(script, [note.length], {}, SOUND, BARE)
    (cue,) = measure_timeline(script, order, [note]).cues
    return cue


def note_of(spoken: str, word_ms: int = 300) -> TakeNote:
    """Each word of *spoken* is heard for 300 ms, and nothing is between two."""
    words = tuple(Word(word, at * word_ms, (at + 1) * word_ms) for at, word in enumerate(spoken.split()))
    length_ms = max(len(words), 1) * word_ms
    return TakeNote(length_ms * RATE // 1000, 0, length_ms, "voice", words)


@pytest.mark.parametrize(
    ("text", "spoken", "starts"),
    [
        ("Good morning.", "Good morning.", [0, 300]),
        ("It is 40 km away.", "It is forty kilometres away.", [0, 300, 600, 900, 1200]),
        ("At 6:30 p.m. sharp", "At six thirty P M sharp", [0, 300, 900, 1500]),
        ("A loss of $2.5m — so far", "A loss of two point five million dollars so far", [0, 300, 600, 900]),
        ("Zelenskyy spoke", "Zeh LEN skee spoke", [0, 900]),
    ],
)
def test_words_are_written_as_in_the_article_and_timed_as_they_are_said(
    text: str, spoken: str, starts: list[int]
) -> None:
    """ "40 km" begins where the voice says "forty"; what is said in other words shares their time."""
    cue = cue_of(Line(text, spoken), note_of(spoken))
    assert " ".join(word.text for word in cue.words) == " ".join(text.split())
    assert [word.start_ms for word in cue.words][: len(starts)] == starts
    assert cue.timing == "voice"


@pytest.mark.parametrize(
    "text", ["", " ", "—", "\u200b", "👩‍👩‍👧‍👦", "日本の首相が辞任", "-->", "x" * 2000, "word " * 400]
)
@pytest.mark.parametrize("said", [(), ("one",), ("one", "two", "three")])
def test_every_word_is_inside_its_cue_whatever_it_is(text: str, said: Sequence[str]) -> None:
    """Also where the voice told of words beyond its sound, or of none."""
    words = tuple(Word(word, at * 900 - 200, at * 900 + 500) for at, word in enumerate(said))
    cue = cue_of(Line(text, " ".join(said)), TakeNote(RATE, 40, 960, "voice", words))
    assert [word.text for word in cue.words] == text.split()
    times = [cue.start_ms, *(time for word in cue.words for time in (word.start_ms, word.end_ms)), cue.end_ms]
    assert times == sorted(times)
    assert (cue.start_ms, cue.end_ms) == (40, 960)


def test_a_line_that_is_not_heard_has_no_cue() -> None:
    script = script_of(Line("One", "One"), Line("Two", "Two"))
    notes = [note_of("One"), TakeNote(0)]
    order = lay_out(script, [note.length for note in notes], {}, SOUND, BARE)
    assert [cue.text for cue in measure_timeline(script, order, notes).cues] == ["One"]


# Against the sound.


@dataclass(frozen=True, slots=True)
class Mixed:
    cues: tuple[Cue, ...]
    samples: Any


def mix(folder: Path, lines: Sequence[Line], takes: Sequence[Take], language: str = "en-US") -> Mixed:
    kept = Kept(folder, largest_mb=50)
    music = Music({}, frozenset(), SOUND, kept)
    studio = Studio(takes, [SOUND.speech_lufs] * len(takes), music, SOUND, kept, language)
    script, notes = script_of(*lines), studio.note_takes()
    order = lay_out(script, [note.length for note in notes], {}, SOUND, BARE)
    samples = np.zeros(order.length + RATE)
    for reel in cut_reels(order):
        samples[reel.start : reel.end] += studio.mix_reel(reel)[:, 0]
    return Mixed(measure_timeline(script, order, notes).cues, samples)


def heard(mixed: Mixed, cue: Cue) -> tuple[float, float]:
    """When the speech around a cue begins and ends, in ms: down to 33 dB under its loudest 5 ms."""
    before_ms = max((other.end_ms for other in mixed.cues if other.end_ms <= cue.start_ms), default=-40)
    after_ms = min(
        (other.start_ms for other in mixed.cues if other.start_ms >= cue.end_ms), default=cue.end_ms + 500
    )
    step = RATE // 200
    first = (before_ms + 40) * RATE // 1000 // step
    steps = mixed.samples[first * step : (after_ms - 40) * RATE // 1000 // step * step].reshape(-1, step)
    levels = np.sqrt((steps**2).mean(axis=1))
    loud = np.flatnonzero(levels > levels.max() * 10 ** (-33 / 20))
    return (first + loud[0]) * 5.0, (first + loud[-1] + 1) * 5.0


TEXTS = (
    "The harbour bridge will close to lorries for three nights from Sunday.",
    "Snow fell on the coast on Tuesday.",
    "His father said so, and she laughed.",
)


def take_of(text: str, *, hiss_ms: int = 0, hiss_db: float = -48, words: bool = True) -> Take:
    """A take of the embedded voice with so much hiss before and behind it."""
    speech = EspeakVoice().speak(Utterance(text))
    rate_hz = speech.sample_rate_hz
    pcm = np.frombuffer(speech.pcm, "<i2").astype(np.float64)
    peak = np.abs(pcm).max() * 10 ** (hiss_db / 20)
    hiss = np.random.default_rng(1).uniform(-peak, peak, hiss_ms * rate_hz // 1000)
    sound = np.concatenate((hiss, pcm, hiss)).astype("<i2").tobytes()
    told = tuple(Word(word.text, word.start_ms + hiss_ms, word.end_ms + hiss_ms) for word in speech.words)
    return Take("espeak", text, Speech(sound, rate_hz, told if words else ()), f"{text} {hiss_ms}")


@pytest.mark.parametrize("words", [True, False], ids=["told", "found"])
@pytest.mark.parametrize("hiss_ms", [0, 250, 800])
def test_cues_follow_the_voice(hiss_ms: int, words: bool, tmp_path: Path) -> None:
    """Within 60 ms at both ends, whatever hiss or breath a take has before and behind its speech."""
    takes = [take_of(text, hiss_ms=hiss_ms, words=words) for text in TEXTS]
    mixed = mix(tmp_path, [Line(text, text) for text in TEXTS], takes)
    for cue in mixed.cues:
        assert (cue.start_ms, cue.end_ms) == pytest.approx(heard(mixed, cue), abs=60)
        assert cue.words[0].start_ms - cue.start_ms < 60
        assert cue.end_ms - cue.words[-1].end_ms < 60
        assert cue.timing == ("voice" if words else "aligned")
    assert all(before.end_ms < after.start_ms for before, after in pairwise(mixed.cues))


def test_words_that_no_voice_told_are_found_in_the_mix(tmp_path: Path) -> None:
    """The same sound, with and without its words: they are within 40 ms of each other on average."""
    lines = [Line(text, text) for text in TEXTS]
    told = mix(tmp_path / "told", lines, [take_of(text) for text in TEXTS])
    found = mix(tmp_path / "found", lines, [take_of(text, words=False) for text in TEXTS])
    pairs = [
        (one, other)
        for cue, same in zip(told.cues, found.cues, strict=True)
        for one, other in zip(cue.words, same.words, strict=True)
    ]
    assert [one.text for one, _ in pairs] == [other.text for _, other in pairs]
    assert np.mean([abs(one.start_ms - other.start_ms) for one, other in pairs]) < 40


def test_a_language_that_nobody_reads_has_its_words_estimated(tmp_path: Path) -> None:
    (cue,) = mix(tmp_path, [Line(TEXTS[1], TEXTS[1])], [take_of(TEXTS[1], words=False)], "tlh").cues
    assert cue.timing == "estimated"
    assert [word.text for word in cue.words] == TEXTS[1].split()
