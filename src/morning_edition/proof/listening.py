"""Listening: each line's words are laid along its sound by PocketSphinx, an extra, and held against it.

The recogniser need not find out what is said: it is told, and says of each word where it is and how badly it
fits there, compared with whatever sounds fit best. It runs here, without a network, for English.
https://pocketsphinx.readthedocs.io, `Decoder.set_align_text`.
"""

import dataclasses
import functools
import importlib.util
import signal
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray

from morning_edition.filters import CORES
from morning_edition.proof.expected import ExpectedLine
from morning_edition.proof.heard import (
    UNHEARD,
    UNHEARD_PHONES,
    Heard,
    HeardWord,
    doubtful_words,
    fits,
)
from morning_edition.proof.word_sounds import WordSounds, bend_sounds, find_sounds, guess_sounds, list_words

RATE_HZ = 16_000
STEP_MS = 10
PAD_MS = 250
"""Of noise before and after a line: the model expects a little silence."""
DITHER = 10 ** (-30 / 20)
"""Noise under the line: a synthetic voice has true zeros between its formants, which no microphone has."""
QUIETEST = 1e-4
NO_WORD = "(NULL)"
"""Stands in a segmentation where the grammar moves on without a sound."""
MISSING_WORDS = (1, 3)
"""How many words are left out at either end where a line's sound does not take them all."""
MOST_GUESSES = 12
"""Lines whose text is tried on the sound of one that does not fit its own."""
SECONDS_A_LETTER = (0.03, 0.16)
MISSING = "PocketSphinx is not there: pip install 'morning-edition[listen]' (Python 3.11 and 3.13)"


@dataclass(frozen=True, slots=True)
class NotListening:
    """Why nobody listens."""

    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """One line's sound, on its way to a listener."""

    line: ExpectedLine
    samples: NDArray[np.float32]
    """Shape (frames,), those of the line's span."""
    sample_rate_hz: int


class Listener:
    """A recogniser that is told what to hear.

    It holds the interpreter while it works, so that only processes hear several lines at once.
    """

    @property
    def identity(self) -> str:
        """What decides what it hears; what was heard is kept by it."""
        from importlib.metadata import version

        return f"pocketsphinx {version('pocketsphinx')} en-us 2"

    def hear(self, passage: Passage) -> Heard:
        """Lay a line's words along its sound; what does not fit is tried as other voices might say it."""
        words = list_words(passage.line.utterance)
        sound = _prepare(passage)
        heard = self._align(words, sound)
        if not heard.aligned:
            return self._align_part(words, sound)
        if doubtful := doubtful_words(heard):
            again = self._align([_vary(word, doubtful) for word in words], sound)
            heard = min(heard, again, key=lambda one: (len(doubtful_words(one)), one.misfit))
        return heard

    def recognise(self, passage: Passage, others: Sequence[ExpectedLine]) -> ExpectedLine | None:
        """Return the one of *others* whose text *passage* says; None where it is none of the nearest."""
        seconds, sound = len(passage.samples) / passage.sample_rate_hz, _prepare(passage)
        low, high = (seconds / each for each in reversed(SECONDS_A_LETTER))
        likely = [line for line in others if low <= len(line.utterance.text) <= high]
        likely.sort(key=lambda line: abs(line.start_ms - passage.line.start_ms))
        for line in likely[:MOST_GUESSES]:
            if fits(self._align(list_words(line.utterance), sound)):
                return line
        return None

    def _align_part(self, words: Sequence[WordSounds], sound: bytes) -> Heard:
        """Lay a line along a sound that may lack its first or its last words."""
        for count in MISSING_WORDS:
            if count >= len(words) / 2:
                break
            start, end = self._align(words[:-count], sound), self._align(words[count:], sound)
            if fits(start):
                return Heard(True, (*start.words, *map(_miss, words[-count:])))
            if fits(end):
                return Heard(True, (*map(_miss, words[:count]), *end.words))
        return Heard(aligned=False, words=())

    def _align(self, words: Sequence[WordSounds], sound: bytes) -> Heard:
        """Lay *words* along *sound*; those that nobody knows the sounds of are left out."""
        spelled = {word: sounds for word in words if (sounds := word.given or _sounds_of(word.text))}
        told = [word for word in words if word in spelled]
        if not told:
            return Heard(aligned=True, words=())
        decoder = _open_decoder()
        names = {word: f"{word.text}~{number}" for number, word in enumerate(spelled)}
        guessed = {names[word] for word in spelled if _is_guessed(word)}
        for word, sounds in spelled.items():
            for number, phones in enumerate(sounds, 1):
                decoder.add_word(names[word] + (f"({number})" if number > 1 else ""), phones, False)
        decoder.set_align_text(" ".join(names[word] for word in told))
        decoder.start_utt()
        decoder.process_raw(sound, full_utt=True)
        decoder.end_utt()
        if decoder.hyp() is None:
            return Heard(aligned=False, words=())
        parts = [
            _read(part, decoder, part.word.partition("(")[0] in guessed)
            for part in decoder.seg()
            if part.word != NO_WORD
        ]
        said = tuple(part for part in parts if part.phones)
        return Heard(True, said, tuple(part for part in parts if not part.phones))


def _open_decoder() -> Any:  # noqa: ANN401 - the package has no types
    """Return a decoder without words; 8 ms. One that has heard something hears the next line otherwise."""
    from pocketsphinx import Decoder

    # With all of the model's sounds scored at each step, a word's score is what it lacks of the best.
    return Decoder(lm=None, dict=None, bestpath=False, compallsen=True, loglevel="FATAL")


def _read(part: Any, decoder: Any, guessed: bool) -> HeardWord:  # noqa: ANN401
    frames = part.end_frame - part.start_frame + 1
    text, _, number = part.word.partition("~")
    return HeardWord(
        text.replace("_", " ") if number else "",
        part.start_frame * STEP_MS - PAD_MS,
        (part.end_frame + 1) * STEP_MS - PAD_MS,
        len(decoder.lookup_word(part.word).split()) if number else 0,
        round(-decoder.get_logmath().log(part.ascore) / frames, 1),
        guessed,
    )


@functools.lru_cache(maxsize=8192)
def _sounds_of(word: str) -> tuple[str, ...]:
    return find_sounds(word) or guess_sounds(word, _transcriber())


def _is_guessed(word: WordSounds) -> bool:
    return word.guessed or not (word.given or find_sounds(word.text))


def _vary(word: WordSounds, doubtful: Sequence[str]) -> WordSounds:
    """Let a doubtful word sound in every way that is known of it."""
    if word.given or word.text not in doubtful:
        return word
    sounds = dict.fromkeys(guess_sounds(word.text, _transcriber()))
    bent = dict.fromkeys(other for phones in sounds for other in bend_sounds(phones))
    return dataclasses.replace(word, given=tuple(sounds | bent), guessed=_is_guessed(word))


def _miss(word: WordSounds) -> HeardWord:
    return HeardWord(word.text, 0, 0, UNHEARD_PHONES, UNHEARD)


def find_listener(language: str = "en-US") -> Listener | NotListening:
    """Return a listener for *language* (BCP 47), or why there is none."""
    if language.lower().partition("-")[0] != "en":
        return NotListening(f"PocketSphinx hears English alone, and this programme is in {language}")
    if importlib.util.find_spec("pocketsphinx") is None:
        return NotListening(MISSING)
    return Listener()


def hear_side_by_side(passages: Sequence[Passage]) -> tuple[Heard, ...]:
    """Return what a listener hears in each of *passages*, in their order, in as many processes as pay off."""
    if len(passages) <= CORES or CORES == 1:
        return tuple(_listener().hear(passage) for passage in passages)
    # The first Control-C is for the process that gave the work.
    ignore = (signal.SIGINT, signal.SIG_IGN)
    with ProcessPoolExecutor(CORES, get_context("spawn"), signal.signal, ignore) as workers:
        return tuple(workers.map(_hear, passages, chunksize=2))


def _hear(passage: Passage) -> Heard:
    return _listener().hear(passage)


@functools.cache
def _listener() -> Listener:
    return Listener()


@functools.cache
def _transcriber() -> Any:  # noqa: ANN401 - a bound method
    from morning_edition.voices.espeak import EspeakVoice

    return EspeakVoice().transcribe


def _prepare(passage: Passage) -> bytes:
    """Return a line as the model knows speech: 16 kHz, a little noise under and around it, 16 bits."""
    samples = soxr.resample(passage.samples, passage.sample_rate_hz, RATE_HZ, quality="HQ")
    level = max(float(np.sqrt(np.mean(samples**2))) if len(samples) else 0.0, QUIETEST)
    pad = np.zeros(RATE_HZ * PAD_MS // 1000, np.float32)
    padded = np.concatenate((pad, samples, pad))
    noise = np.random.default_rng(1).standard_normal(len(padded), np.float32)
    noisy = padded + noise * np.float32(level * DITHER)
    whole: NDArray[np.int16] = np.clip(noisy * 32767, -32768, 32767).astype("<i2")
    return whole.tobytes()
