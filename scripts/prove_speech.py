"""How often the proof of speech is wrong: alarms at good lines, and planted faults that it does not find.

The lines of `tests/proof/news_lines.txt` are spoken by each voice, brought to a podcast's loudness, taken
through an MP3 of 96 kbit/s, and judged: by what is measured of them alone, and with a listener besides where
PocketSphinx is installed. Then each fault is planted in every sixth line's take, one line at a time, before
the MP3; the words' places are those that the voice itself tells. What is planted depends on a seed alone.
A voice falls short when one good line is called a failure, or more than two in a hundred are warned of.
"""

import dataclasses
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from morning_edition.decode import decode_sound
from morning_edition.errors import VoiceError
from morning_edition.filters import Samples
from morning_edition.limiter import apply_gains, decide_gains, measure_peaks
from morning_edition.mix.dress import DressedTake, dress_take, fade_edges
from morning_edition.mp3 import encode_mp3
from morning_edition.proof import Finding
from morning_edition.proof.expected import ExpectedLine
from morning_edition.proof.heard import Heard, judge_heard
from morning_edition.proof.listening import NotListening, Passage, find_listener, hear_side_by_side
from morning_edition.proof.speech import LineSound, hear_line, judge_lines
from morning_edition.spoken import to_spoken
from morning_edition.voices import Delivery, Utterance, Word
from morning_edition.voices.registry import open_voice

VOICES = ("espeak", "flite:rms", "flite:slt")
LINES = Path(__file__).parents[1] / "tests" / "proof" / "news_lines.txt"
RATE_HZ, BITRATE_KBPS = 44_100, 96
LOUDNESS_LUFS, CEILING = -16.0, 10 ** (-1 / 20)
GAP = np.zeros(RATE_HZ * 35 // 100, np.float32)
LINES_A_PROGRAMME = 100
FAULT_EVERY = 6
LETTERS_OF_CONTENT = 5
"""A word of so many letters or more is taken for one that carries content."""
MOST_WARNINGS = 2.0
"""In a hundred good lines."""
KINDS = ("failure", "warning")
SEED = 1


@dataclass(frozen=True, slots=True)
class Aired:
    """Lines as they come out of the master, and what was measured and heard of each."""

    lines: Sequence[ExpectedLine]
    sounds: Sequence[LineSound]
    heard: Sequence[Heard]
    """Empty where nobody listens."""


@dataclass(frozen=True, slots=True)
class Damage:
    """What a fault may use to spoil one take."""

    take: DressedTake
    other: DressedTake
    """Of another line."""
    draw: random.Random


Fault = Callable[[Damage], Samples]


def content_words(take: DressedTake) -> list[Word]:
    """Return the words inside a take, neither its first nor its last, that carry content."""
    return [word for word in take.words[1:-1] if len(word.text) >= LETTERS_OF_CONTENT]


def find_word(damage: Damage, take: DressedTake) -> slice:
    """Return the place of one content word of *take*, in samples."""
    word = damage.draw.choice(content_words(take))
    return slice(word.start_ms * RATE_HZ // 1000, word.end_ms * RATE_HZ // 1000)


def join(*pieces: Samples) -> Samples:
    """Put pieces end to end without a click."""
    faded = [piece.copy() for piece in pieces]
    for piece in faded:
        fade_edges(piece, RATE_HZ // 200)
    return np.concatenate(faded)


def drop_word(damage: Damage) -> Samples:
    """Take a word out, and its time with it."""
    samples, word = damage.take.samples, find_word(damage, damage.take)
    return join(samples[: word.start], samples[word.stop :])


def replace_word(damage: Damage) -> Samples:
    """Put another line's word in the place of one."""
    samples, word = damage.take.samples, find_word(damage, damage.take)
    other = damage.other.samples[find_word(damage, damage.other)]
    return join(samples[: word.start], other, samples[word.stop :])


def silence_word(damage: Damage) -> Samples:
    """Leave a word's time, and silence in it."""
    samples, word = damage.take.samples, find_word(damage, damage.take)
    return join(samples[: word.start], np.zeros_like(samples[word]), samples[word.stop :])


def double_word(damage: Damage) -> Samples:
    """Say a word twice."""
    samples, word = damage.take.samples, find_word(damage, damage.take)
    return join(samples[: word.stop], samples[word.start :])


def make_noise(damage: Damage) -> Samples:
    """Put noise in a take's place, as loud as the take."""
    samples = damage.take.samples
    noise = np.random.default_rng(damage.draw.getrandbits(32)).standard_normal(len(samples), np.float32)
    return join(noise * np.sqrt(np.mean(samples**2)))


FAULTS: dict[str, Fault] = {
    "word missing": drop_word,
    "word replaced": replace_word,
    "word silenced": silence_word,
    "word doubled": double_word,
    "last 0.5 s cut": lambda damage: join(damage.take.samples[: -RATE_HZ // 2]),
    "first 0.5 s cut": lambda damage: join(damage.take.samples[RATE_HZ // 2 :]),
    "last quarter cut": lambda damage: join(damage.take.samples[: len(damage.take.samples) * 3 // 4]),
    "another line": lambda damage: damage.other.samples,
    "silence": lambda damage: np.zeros_like(damage.take.samples),
    "noise": make_noise,
}


def air(takes: Sequence[Samples]) -> list[Samples]:
    """Return each take as it comes out of the MP3, in programmes of a hundred."""
    heard = []
    for start in range(0, len(takes), LINES_A_PROGRAMME):
        laid = takes[start : start + LINES_A_PROGRAMME]
        whole = np.concatenate([piece for take in laid for piece in (take, GAP)])[:, None]
        limited = apply_gains(whole, decide_gains(measure_peaks(whole), 1.0, CEILING), 0, len(whole))
        pcm = (limited[:, 0] * 32767).round().astype(np.int16)
        sound = decode_sound(encode_mp3(pcm, sample_rate_hz=RATE_HZ, bitrate_kbps=BITRATE_KBPS)).samples
        ends = np.cumsum([len(take) + len(GAP) for take in laid]) - len(GAP)
        heard += [sound[end - len(take) : end, 0] for take, end in zip(laid, ends.tolist(), strict=True)]
    return heard


def listen(lines: Sequence[ExpectedLine], sounds: Sequence[Samples], listens: bool) -> Sequence[Heard]:
    """Return what a listener hears of each line, on all cores; nothing where nobody listens."""
    if not listens:
        return ()
    return hear_side_by_side(
        [Passage(line, sound, RATE_HZ) for line, sound in zip(lines, sounds, strict=True)]
    )


def expect(texts: Sequence[str], takes: Sequence[DressedTake], voice: str) -> list[ExpectedLine]:
    """Place the lines on rows from 1, one after the other."""
    lengths = [len(take.samples) * 1000 // RATE_HZ for take in takes]
    starts = np.cumsum([0, *(length + len(GAP) * 1000 // RATE_HZ for length in lengths)]).tolist()
    return [
        ExpectedLine(Utterance(text), start, start + length, voice, row, take_ms=length)
        for row, (text, start, length) in enumerate(zip(texts, starts, lengths, strict=False), 1)
    ]


def judge(aired: Aired) -> list[tuple[Finding, ...]]:
    """Return what is found without a listener, and, where there is one, with it."""
    measured = judge_lines(aired.lines, aired.sounds)
    return [measured, measured + judge_heard(aired.lines, aired.heard)] if aired.heard else [measured]


def replace_line(aired: Aired, at: int, sound: Samples, heard: Sequence[Heard]) -> Aired:
    """Put what was heard in place of the line *at*; how long its take should be is not told."""
    sounds, others = list(aired.sounds), list(aired.heard)
    sounds[at] = hear_line(sound, RATE_HZ)
    others[at : at + len(heard)] = heard
    spoilt = dataclasses.replace(aired.lines[at], take_ms=0)
    return Aired([*aired.lines[:at], spoilt, *aired.lines[at + 1 :]], sounds, others)


def plant(fault: Fault, aired: Aired, takes: Sequence[DressedTake]) -> list[tuple[int, Aired]]:
    """Plant a fault in every sixth line that has room for it, each time in one line alone; and its row."""
    draw = random.Random(SEED)  # noqa: S311 - what is planted is to be the same again
    fit = [at for at, take in enumerate(takes) if content_words(take)]
    places = fit[::FAULT_EVERY]
    spoilt = [
        fault(Damage(takes[at], takes[draw.choice([other for other in fit if other != at])], draw))
        for at in places
    ]
    sounds = air(spoilt)
    heard = listen([aired.lines[at] for at in places], sounds, bool(aired.heard))
    return [
        (aired.lines[at].row, replace_line(aired, at, sound, heard[number : number + 1]))
        for number, (at, sound) in enumerate(zip(places, sounds, strict=True))
    ]


def share(findings: Sequence[Sequence[Finding]], rows: Sequence[int], *severities: str) -> float:
    """Return in how many of a hundred the spoilt row is found."""
    found = [
        any(finding.row == row and finding.severity in severities for finding in told)
        for row, told in zip(rows, findings, strict=True)
    ]
    return 100 * sum(found) / len(found)


def show(label: str, values: Sequence[float]) -> None:
    """Print one row of the table: failures, and failures or warnings, without and with the listener."""
    print(f"  {label:<22}" + "".join(f"{value:>10.1f}" for value in values), flush=True)


def prove_good_lines(aired: Aired) -> bool:
    """Print how many of a hundred good lines are named, and which; tell whether that is few enough."""
    both = judge(aired)
    values: list[float] = []
    for findings in both:
        rows = [{finding.row for finding in findings if finding.severity == kind} for kind in KINDS]
        values += [100 * len(each) / len(aired.lines) for each in (rows[0], rows[0] | rows[1])]
    show(f"{len(aired.lines)} good lines", values)
    for finding in both[-1]:
        print(f"    {finding.severity}: {finding.text}")
    return max(values[::2]) == 0 and max(values[1::2]) <= MOST_WARNINGS


def prove(name: str, listens: bool) -> bool:
    """Judge one voice's good lines and its spoilt ones; tell whether the good ones are let pass."""
    voice = open_voice(name, Delivery())
    texts = [to_spoken(line) for line in LINES.read_text("utf-8").splitlines()]
    takes = [dress_take(voice.speak(Utterance(text)), RATE_HZ, LOUDNESS_LUFS) for text in texts]
    lines, samples = expect(texts, takes, name), air([take.samples for take in takes])
    aired = Aired(lines, [hear_line(one, RATE_HZ) for one in samples], listen(lines, samples, listens))
    print(f"{name}, named of a hundred{'measured alone':>24}{'and listened to':>20}")
    print(f"  {'':<22}" + f"{'failure':>10}{'or warning':>11}".rstrip() * (1 + listens))
    quiet = prove_good_lines(aired)
    for label, fault in FAULTS.items():
        rows, cases = zip(*plant(fault, aired, takes), strict=True)
        found = list(zip(*map(judge, cases), strict=True))
        show(label, [share(one, rows, *kinds) for one in found for kinds in (KINDS[:1], KINDS)])
    return quiet


def main() -> int:
    """Prove the voices that are named, or those that are here."""
    listener = find_listener()
    if isinstance(listener, NotListening):
        print(f"Nobody listens: {listener.reason}.")
    quiet = True
    for name in sys.argv[1:] or VOICES:
        try:
            quiet &= prove(name, not isinstance(listener, NotListening))
        except VoiceError as error:
            if name in sys.argv[1:]:
                raise SystemExit(f"prove-speech: {error}") from error
            print(f"{name} is not here: {error}")
    print("No false alarm keeps an episode back." if quiet else "The proof cries wolf.")
    return 0 if quiet else 1


if __name__ == "__main__":
    sys.exit(main())
