import dataclasses
import functools
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from morning_edition.decode import decode_sound
from morning_edition.filters import Samples
from morning_edition.mix.dress import dress_take, fade_edges
from morning_edition.mp3 import encode_mp3
from morning_edition.proof.expected import ExpectedLine
from morning_edition.proof.speech import hear_line, judge_lines, says_twice
from morning_edition.spoken import to_spoken
from morning_edition.voices import Utterance, Voice
from morning_edition.voices.espeak import EspeakVoice
from morning_edition.voices.flite import FliteVoice
from morning_edition.voices.flite.libflite import is_installed

RATE = 44_100
GAP_MS = 350
WRITTEN = Path(__file__).with_name("news_lines.txt").read_text("utf-8").splitlines()
LINES = [to_spoken(line) for line in WRITTEN[:98:7]]
BROKEN = 6
"""The line that faults are planted in: thirteen words, four seconds."""

needs_flite = pytest.mark.skipif(not is_installed("rms"), reason="libflite is not installed here")
voices = pytest.mark.parametrize("engine", ["espeak", pytest.param("flite", marks=needs_flite)])
ENGINES: dict[str, Callable[[], Voice]] = {"espeak": EspeakVoice, "flite": lambda: FliteVoice("rms")}


@functools.cache
def record(engine: str, text: str) -> Samples:
    """Return a line's take as it is laid."""
    return dress_take(ENGINES[engine]().speak(Utterance(text)), RATE, -18.0).samples


def air(takes: Sequence[Samples]) -> list[tuple[int, Samples]]:
    """Return when each take begins, and its sound, after all of them went through an MP3 of 96 kbit/s."""
    gap = np.zeros(RATE * GAP_MS // 1000, np.float32)
    whole = np.concatenate([piece for take in takes for piece in (take, gap)])
    mp3 = encode_mp3((whole.clip(-1, 1) * 32767).astype(np.int16), sample_rate_hz=RATE, bitrate_kbps=96)
    heard = decode_sound(mp3).samples[:, 0]
    starts = np.cumsum([0, *(len(take) + len(gap) for take in takes)])
    return [
        (int(start) * 1000 // RATE, heard[start : start + len(take)])
        for start, take in zip(starts, takes, strict=False)
    ]


def expect(
    texts: Sequence[str], aired: Sequence[tuple[int, Samples]], **traits: object
) -> list[ExpectedLine]:
    return [
        ExpectedLine(Utterance(text), start, start + len(samples) * 1000 // RATE, "a voice", row, **traits)
        for row, (text, (start, samples)) in enumerate(zip(texts, aired, strict=True), 10)
    ]


@functools.cache
def good_lines(engine: str) -> tuple[tuple[int, Samples], ...]:
    return tuple(air([record(engine, line) for line in LINES]))


def judge_with(engine: str, take: Samples, text: str = LINES[BROKEN], **traits: object) -> list[str]:
    """Return what is found where *take* is heard in place of one line, as "check severity row"."""
    aired, texts = list(good_lines(engine)), list(LINES)
    aired[BROKEN] = (aired[BROKEN][0], air([take])[0][1])
    texts[BROKEN] = text
    lines = expect(texts, aired)
    lines[BROKEN] = dataclasses.replace(lines[BROKEN], **traits)
    findings = judge_lines(lines, [hear_line(samples, RATE) for _, samples in aired])
    return [f"{finding.check} {finding.severity} {finding.row}" for finding in findings]


def stretch_of(take: Samples, first: float, last: float) -> Samples:
    piece = take[int(len(take) * first) : int(len(take) * last)].copy()
    fade_edges(piece, RATE // 200)
    return piece


@voices
def test_good_lines_raise_nothing(engine: str) -> None:
    """A gate that cries wolf is turned off: of lines that are as they should be, none is named."""
    aired = good_lines(engine)
    assert len(aired) == 14
    assert judge_lines(expect(LINES, aired), [hear_line(samples, RATE) for _, samples in aired]) == ()


@voices
@pytest.mark.parametrize("rate", [0.8, 1.25])
def test_a_voice_may_be_asked_to_read_faster_or_slower(engine: str, rate: float) -> None:
    """The rate that a voice was asked for is no fault of its line."""
    aired = list(good_lines(engine))
    texts = list(LINES)
    factor = 1 / rate
    told = [
        dataclasses.replace(hear_line(samples, RATE), active_ms=round(len(samples) / RATE * 1000 * factor))
        for _, samples in aired
    ]
    assert judge_lines(expect(texts, aired, rate=rate), told) == ()


def silence(take: Samples) -> Samples:
    return np.zeros_like(take)


def keep_half(take: Samples) -> Samples:
    return stretch_of(take, 0, 0.45)


def fall_silent(take: Samples) -> Samples:
    return np.concatenate((stretch_of(take, 0, 0.8), np.zeros(RATE, np.float32)))


def begin_late(take: Samples) -> Samples:
    return np.concatenate((np.zeros(RATE, np.float32), take))


def break_off_for_two_seconds(take: Samples) -> Samples:
    pieces = stretch_of(take, 0, 0.5), np.zeros(RATE * 2, np.float32), stretch_of(take, 0.5, 1)
    return np.concatenate(pieces)


def hang(take: Samples) -> Samples:
    """A voice that goes on with one vowel."""
    loud = int(np.abs(take[RATE // 2 : -RATE // 2]).argmax()) + RATE // 2
    period = np.sin(2 * np.pi * 140 * np.arange(RATE) / RATE) + np.sin(
        2 * np.pi * 700 * np.arange(RATE) / RATE
    )
    return np.concatenate((take[:loud], (period * 0.15).astype(np.float32), take[loud:]))


def loop(take: Samples) -> Samples:
    """A decoder that plays the same 150 ms again and again."""
    middle = len(take) // 2
    return np.concatenate((take[:middle], np.tile(take[middle : middle + RATE * 150 // 1000], 10)))


def hiss(take: Samples) -> Samples:
    return np.random.default_rng(1).standard_normal(len(take), np.float32) * np.float32(0.05)


def say_most_twice(take: Samples) -> Samples:
    return np.concatenate((stretch_of(take, 0, 0.7), stretch_of(take, 0.1, 1)))


def go_on_and_on(take: Samples) -> Samples:
    return np.concatenate((take, *(record("espeak", line) for line in LINES[:3])))


@voices
@pytest.mark.parametrize(
    ("fault", "found"),
    [
        (silence, "line silent failure"),
        (keep_half, "line too short failure"),
        (go_on_and_on, "line too long failure"),
        (fall_silent, "line cut short failure"),
        (begin_late, "line begins late failure"),
        (break_off_for_two_seconds, "silence in a line failure"),
        (hang, "drone failure"),
        (hiss, "noise failure"),
        (loop, "repetition failure"),
        (say_most_twice, "repetition failure"),
    ],
)
def test_a_broken_line_is_named(engine: str, fault: Callable[[Samples], Samples], found: str) -> None:
    """Whatever is planted in one line is found there, and nowhere else."""
    assert judge_with(engine, fault(record(engine, LINES[BROKEN]))) == [f"{found} {BROKEN + 10}"]


@needs_flite
def test_a_line_that_stops_in_mid_sound_is_cut() -> None:
    """Where a voice's lines die away, one that is loud to its last moment has lost its end."""
    take = record("flite", LINES[BROKEN])
    loudest = max(
        range(70, 88), key=lambda share: float(np.abs(take[int(len(take) * share / 100) - 900 :][:900]).sum())
    )
    cut = stretch_of(take, 0, loudest / 100)
    assert judge_with("flite", cut) == [f"line cut short failure {BROKEN + 10}"]


def test_a_line_is_as_long_as_its_take() -> None:
    """What was laid must come back at its full length."""
    take = record("espeak", LINES[BROKEN])
    length_ms = len(take) * 1000 // RATE
    assert judge_with("espeak", take, take_ms=length_ms) == []
    assert judge_with("espeak", take, take_ms=length_ms + 200) == [f"line length failure {BROKEN + 10}"]


def test_music_under_a_line_is_not_taken_for_speech() -> None:
    """Under music neither a long sound nor a still one says anything; no sound at all does."""
    take = record("espeak", LINES[BROKEN])
    bed = np.sin(2 * np.pi * 220 * np.arange(len(take) * 2) / RATE).astype(np.float32) * 0.1
    bed[: len(take)] += take
    assert judge_with("espeak", bed, under_music=True) == []
    assert judge_with("espeak", bed) != []
    assert judge_with("espeak", silence(take), under_music=True) == [f"line silent failure {BROKEN + 10}"]


def test_what_the_text_says_twice_may_sound_twice() -> None:
    """A repetition that is written is none."""
    text = "They built in New York, and they built in New York again."
    take = record("espeak", text)
    assert judge_with("espeak", take, text) == []


@pytest.mark.parametrize(("lag_ms", "found"), [(600, "failure"), (5000, "warning")])
def test_what_sounds_alike_far_apart_keeps_no_episode_back(lag_ms: int, found: str) -> None:
    """A stuck voice says the same at once; what comes back later in a line of its usual length may be so."""
    aired = good_lines("espeak")
    sounds = [hear_line(samples, RATE) for _, samples in aired]
    sounds[BROKEN] = dataclasses.replace(sounds[BROKEN], twice_db=1.2, twice_ms=(400, 400 + lag_ms))
    (finding,) = judge_lines(expect(LINES, aired), sounds)
    assert (finding.check, finding.severity) == ("repetition", found)


@pytest.mark.parametrize(
    ("text", "twice"),
    [
        ("one day, one night", False),
        ("In the town and in the hills.", True),
        ("Nigeria beat Algeria; Nigeria goes on.", True),
        ("New Zealand, they said, is proud of Zealand's flag.", True),
        ("The Corporation denied these allegations.", True),
        ("A station is no nation.", True),
        ("The harbour bridge will close to lorries.", False),
        ("", False),
    ],
)
def test_text_that_repeats_itself(text: str, twice: bool) -> None:
    """Two words in a row, a longer one, or five letters of two are enough to sound alike."""
    assert says_twice(text) is twice


def test_few_words_take_as_long_as_they_like() -> None:
    """A line of three words is judged by its sound, not by its length."""
    take = record("espeak", "The farmers in the valley are waiting for rain.")
    assert judge_with("espeak", take, "Good morning.") == []


def test_a_finding_says_where_and_what_to_do() -> None:
    """The time, the row, the first words, the value, the limit, and the way out."""
    aired = list(good_lines("espeak"))
    aired[BROKEN] = (aired[BROKEN][0], keep_half(aired[BROKEN][1]))
    lines = expect(LINES, aired, master="podcast")
    (finding,) = judge_lines(lines, [hear_line(samples, RATE) for _, samples in aired])
    told = finding.text.split(",")[0]
    minutes, seconds = divmod(aired[BROKEN][0] // 1000, 60)
    assert told == f"The line at {minutes:02}:{seconds:02}"
    first = " ".join(LINES[BROKEN].split()[:5])
    assert f"row {BROKEN + 10} of script.md, “{first}…”" in finding.text
    assert "times the" in finding.text
    assert "(at least 0.68)" in finding.text
    assert finding.text.endswith("produce again.")
    assert (finding.master, finding.start_ms) == ("podcast", aired[BROKEN][0])


def test_one_line_alone_is_held_against_the_usual_pace() -> None:
    """With no other line of its voice, half a line is still too short."""
    take = keep_half(record("espeak", LINES[0]))
    (aired,) = air([stretch_of(take, 0, 0.8)])
    findings = judge_lines(expect(LINES[:1], [aired]), [hear_line(aired[1], RATE)])
    assert [finding.check for finding in findings] == ["line too short"]


def test_no_line_no_finding() -> None:
    """A programme without lines has no fault in them; nor has a line without a word."""
    assert judge_lines([], []) == ()
    sound = hear_line(np.zeros(RATE, np.float32), RATE)
    assert judge_lines([ExpectedLine(Utterance("…"), 0, 1000)], [sound]) == ()


@pytest.mark.parametrize("frames", [0, 1, 100, 441, 1023])
def test_next_to_no_sound_is_measured(frames: int) -> None:
    """A span of a few samples is as silent as it is short, or as loud."""
    assert hear_line(np.zeros(frames, np.float32), RATE).silent
    loud = hear_line(np.full(frames, 0.5, np.float32), RATE)
    assert loud.silent is (frames < 441)
    assert loud.length_ms == frames * 1000 // RATE


@pytest.mark.parametrize("rate", [8_000, 24_000, 32_000, 48_000, 96_000])
def test_any_rate_is_measured_alike(rate: int) -> None:
    """What is measured does not depend on the programme's sample rate."""
    take = record("espeak", LINES[0])
    import soxr

    told, usual = hear_line(soxr.resample(take, RATE, rate), rate), hear_line(take, RATE)
    assert abs(told.length_ms - usual.length_ms) <= 1
    assert told.active_ms == pytest.approx(usual.active_ms, rel=0.03)
    assert told.level_dbfs == pytest.approx(usual.level_dbfs, abs=1)


def test_a_very_long_line_costs_little_memory() -> None:
    """Ten minutes in one line are measured whole, but compared with themselves in their first half minute."""
    import tracemalloc

    noise = np.random.default_rng(1).standard_normal(600 * 16_000, np.float32) * np.float32(0.1)
    tracemalloc.start()
    sound = hear_line(noise, 16_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sound.length_ms == 600_000
    assert peak < 150e6


def test_a_measurement_can_be_kept_as_json() -> None:
    """What a cache keeps of a line is a few plain numbers."""
    sound = hear_line(record("espeak", LINES[0]), RATE)
    kept = json.dumps(dataclasses.asdict(sound))
    assert len(kept) < 400
    assert json.loads(kept) == {**dataclasses.asdict(sound), "twice_ms": list(sound.twice_ms)}
