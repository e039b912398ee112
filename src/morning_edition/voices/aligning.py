"""When each word is heard in a sound whose voice does not tell.

The embedded voice, which knows, reads the same line, once as a man and once as a woman, and the reading that
is more alike is laid along the sound. Where that cannot be, words share the time between pauses by letters.

Measured on news sentences of voices that do tell: with four voices of Flite, words are found to begin within
19 ms on average and 49 for nine in ten; other speakers of eSpeak NG, slower and faster, within 5 and 11.
Words whose times are only reckoned begin within 81 and 181.
"""

import functools
import itertools
from collections.abc import Sequence
from typing import Literal

import numpy as np

from morning_edition.errors import MorningEditionError, VoiceError
from morning_edition.filters import Samples
from morning_edition.pronunciation.utterance import Utterance
from morning_edition.voices import Voice, Word
from morning_edition.voices.breaths import BREATHS
from morning_edition.voices.stretches import find_stretches
from morning_edition.voices.warping import Picture, Warp, choose_step, draw_picture, warp

READERS = ("", "+f2")
"""Variants of the embedded voice: its own, a man's, and a woman's."""
WORST_MISFIT = 0.8
"""Measured on six voices: 0.39 to 0.74 for what was read, 0.68 to 0.85 for other lines that are as long, and
from 0.86 up for noise and tones."""
LONGEST_MS = 60_000
BREATH_MS = 300
"""A pause may be so much farther from the end of a clause than from that of any other word."""
LETTERS_A_BREATH, LETTERS_A_DIGIT = 2, 3
"""What the end of a clause and a digit add to a word. Measured on six voices: 73 ms a letter, and 120 ms
more before a comma or a stop; for syllables, or for little words apart, the times get no better."""
NEARLY_MS = 40
"""No word is so short."""


def find_words(
    samples: Samples, sample_rate_hz: int, spoken: str, language: str
) -> tuple[tuple[Word, ...], Literal["aligned", "estimated"]]:
    """Return the words of *spoken*, their times counted from the first sample, and how they were found.

    *samples* are of shape (frames,), *language* is BCP 47. Nothing is raised.
    """
    stretches = find_stretches(samples, sample_rate_hz)
    if words := _align(samples, sample_rate_hz, spoken, language, stretches):
        return words, "aligned"
    return estimate_words(spoken, stretches), "estimated"


def estimate_words(text: str, stretches: Sequence[tuple[int, int]]) -> tuple[Word, ...]:
    """Reckon the times of the words of *text*: each pause follows the word that is likely to end there."""
    words = text.split()
    if not words or not stretches:
        return ()
    sizes = [0, *itertools.accumulate(map(_reckon_size, words))]
    ends = [*_end_stretches(words, sizes, stretches), len(words)]
    told: list[Word] = []
    start: int | None = None
    for (first, after), (begun, end) in zip(itertools.pairwise([0, *ends]), stretches, strict=True):
        start = begun if start is None else start
        if first == after:
            continue  # no word ends so soon: the next one has begun here
        share = (end - start) / (sizes[after] - sizes[first])
        edges = [start + round((size - sizes[first]) * share) for size in sizes[first : after + 1]]
        told += [
            Word(word, *edge)
            for word, edge in zip(words[first:after], itertools.pairwise(edges), strict=True)
        ]
        start = None
    return tuple(told)


def _reckon_size(word: str) -> int:
    """Return how long a word takes to say, in letters."""
    letters = sum(map(str.isalnum, word)) + LETTERS_A_DIGIT * sum(map(str.isdigit, word))
    return max(letters, 1) + LETTERS_A_BREATH * word.endswith(BREATHS)


def _end_stretches(
    words: Sequence[str], sizes: Sequence[int], stretches: Sequence[tuple[int, int]]
) -> list[int]:
    """Return how many words were said by the end of each stretch but the last."""
    lasting = [0, *itertools.accumulate(end - start for start, end in stretches)]
    heard_ms = [size * lasting[-1] / sizes[-1] for size in sizes]
    ends: list[int] = []
    for pause_ms in lasting[1:-1]:

        def doubt(at: int, pause_ms: float = pause_ms) -> float:
            return abs(heard_ms[at] - pause_ms) - BREATH_MS * words[at - 1].endswith(BREATHS)

        ends.append(min(range(1, len(words)), key=doubt, default=0))
    return list(itertools.accumulate(ends, max))


def _align(
    samples: Samples,
    sample_rate_hz: int,
    spoken: str,
    language: str,
    stretches: Sequence[tuple[int, int]],
) -> tuple[Word, ...]:
    """Return the words as a reading of the same text has them; none where there is none that is alike."""
    if not stretches or stretches[-1][1] > LONGEST_MS:
        return ()
    start_ms, end_ms = stretches[0][0], stretches[-1][1]
    step_ms = choose_step(end_ms - start_ms)
    heard = draw_picture(_cut(samples, sample_rate_hz, start_ms, end_ms), sample_rate_hz, step_ms)
    readings = [reading for voice in _open_readers(language) if (reading := _read(voice, spoken, heard))]
    words, laid = min(readings, key=lambda reading: reading[1].misfit, default=((), None))
    if laid is None or laid.misfit > WORST_MISFIT:
        return ()
    pauses = [(end, start) for (_, end), (start, _) in itertools.pairwise(stretches)]
    return tuple(
        Word(
            word.text,
            *_move_out(pauses, *(start_ms + round(laid.place(at)) for at in (word.start_ms, word.end_ms))),
        )
        for word in words
    )


def _move_out(pauses: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    """Let a word begin after the pause that it begins in, or nearly, and end before that which it ends in."""
    for begins, stops in pauses:
        if begins - NEARLY_MS <= start < stops < end:
            start = stops
        elif start < begins < end <= stops + NEARLY_MS:
            end = begins
    return start, max(start, end)


def _read(voice: Voice, spoken: str, heard: Picture) -> tuple[tuple[Word, ...], Warp] | None:
    """Read the line, and lay the reading along what is *heard*; its words count from its first sound."""
    try:
        speech = voice.speak(Utterance(spoken))
    except MorningEditionError:
        return None
    read = np.frombuffer(speech.pcm, "<i2").astype(np.float32) / np.float32(32768)
    stretches = find_stretches(read, speech.sample_rate_hz)
    if not stretches or not speech.words:
        return None
    start_ms, end_ms = stretches[0][0], stretches[-1][1]
    own = _cut(read, speech.sample_rate_hz, start_ms, end_ms)
    laid = warp(draw_picture(own, speech.sample_rate_hz, heard.step_ms), heard)
    words = [Word(word.text, word.start_ms - start_ms, word.end_ms - start_ms) for word in speech.words]
    return tuple(words), laid


def _cut(samples: Samples, sample_rate_hz: int, start_ms: int, end_ms: int) -> Samples:
    return samples[start_ms * sample_rate_hz // 1000 : end_ms * sample_rate_hz // 1000]


@functools.cache
def _open_readers(language: str) -> tuple[Voice, ...]:
    """Return the embedded voices that read *language*; none where it is not known."""
    from morning_edition.voices.espeak import EspeakVoice, default_voice

    name = default_voice(language).partition("+")[0]
    if name.startswith("en") and not language.lower().startswith("en"):
        return ()
    try:
        return tuple(EspeakVoice(name + variant) for variant in READERS)
    except VoiceError:
        return ()
