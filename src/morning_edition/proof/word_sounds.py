"""The words of a spoken line, and the sounds that each may have, in the ARPABET of a recogniser's model."""

import functools
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from morning_edition.pronunciation.cmudict import find_pronunciations
from morning_edition.pronunciation.phonemes import ARPABET, BREAK, PhonemeError, Sound, parse_ipa, split_words
from morning_edition.pronunciation.utterance import Utterance

Transcribe = Callable[[str], str]
"""From a word to the IPA that a voice would say it with."""

_PHONES = {ipa: arpabet for arpabet, ipa in ARPABET.items()} | {
    "ə": "AH", "ɚ": "ER", "i": "IY", "ɒ": "AA", "x": "K", "ʌ": "AH",
}  # fmt: skip
_BENDS = tuple(
    (re.compile(pattern), instead)
    for pattern, instead in (
        (r"(UW|EH|IH|IY|EY|AY) L\b", r"\1 AH L"),
        (r"(UW|EH|IH) L\b", "AO L"),
        (r"(AO|AA) R\b", r"\1"),
        (r"(AO|AA) R\b", r"\1 ER"),
        (r"AO R\b", "AA R"),
        (r"\bAE (F|S|TH|N)\b", r"AA \1"),
        (r"\bIY (?=T ER\b)", "EH "),
        (r"\bER\b(?! [AEIOU])", "AH"),
        (r"^HH ", ""),
        (r"\bT\b(?!$)", "D"),
    )
)
MOST_BENT = 6
"""Of the ways that are found first, each is bent further: "after" has two British sounds."""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class WordSounds:
    """One word of a line."""

    text: str
    """In lower case, its accents left out, its apostrophes straight."""
    given: tuple[str, ...] = ()
    """How this line says it, where the line tells: the only ways it may sound."""
    guessed: bool = False
    """Whether what is given is a guess."""


def list_words(line: Utterance) -> tuple[WordSounds, ...]:
    """Return the words of *line* in order; what is said otherwise than written comes with its sounds."""
    says = {said.start: said for said in line.says if said.ipa}
    taken = [(said.start, said.end) for said in says.values()]
    words: list[tuple[int, WordSounds]] = []
    for match in _WORD.finditer(line.text):
        if not any(start <= match.start() < end for start, end in taken):
            words.append((match.start(), WordSounds(_plain(match[0]))))
    for start, said in says.items():
        written = [_plain(word) for word in _WORD.findall(line.text[start : said.end])]
        words += [(start, word) for word in _give(written, said.ipa)]
    return tuple(word for _, word in sorted(words, key=lambda placed: placed[0]))


def _give(written: list[str], ipa: str) -> Iterator[WordSounds]:
    """Yield the words of a stretch with the sounds of its *ipa*; as one, where their numbers differ."""
    try:
        spoken = list(split_words(parse_ipa(ipa)))
    except PhonemeError:
        yield from map(WordSounds, written)
        return
    if len(spoken) == len(written):
        for word, sounds in zip(written, spoken, strict=True):
            yield WordSounds(word, (write_arpabet(sounds),))
    elif written:
        yield WordSounds(
            "_".join(written), (write_arpabet(tuple(sound for word in spoken for sound in word)),)
        )


def _plain(word: str) -> str:
    letters = unicodedata.normalize("NFKD", word.replace("’", "'").lower())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def write_arpabet(sounds: tuple[Sound, ...]) -> str:
    """Spell *sounds* in ARPABET without stress; gaps between words are left out."""
    return " ".join(_PHONES[sound.phone] for sound in sounds if sound.phone != BREAK)


def find_sounds(word: str) -> tuple[str, ...]:
    """Return how the dictionary says *word*; empty where it lacks it."""
    return tuple(dict.fromkeys(re.sub(r"\d", "", phones) for phones in find_pronunciations(word)))


def guess_sounds(word: str, transcribe: Transcribe) -> tuple[str, ...]:
    """Return how *word* may sound: as the dictionary has it, and as *transcribe* would say it.

    Empty where neither knows, as of a word in another script.
    """
    return tuple(dict.fromkeys([*find_sounds(word), *_transcribe(word, transcribe)]))


def bend_sounds(phones: str) -> tuple[str, ...]:
    """Return how synthetic voices may say *phones* besides: a dark l, an r swallowed, a British a."""
    bent = [phones]
    for pattern, instead in _BENDS:
        bent += dict.fromkeys(re.sub(pattern, instead, one) for one in bent[:MOST_BENT])
        bent = list(dict.fromkeys(bent))
    return tuple(bent[1:])


@functools.lru_cache(maxsize=4096)
def _transcribe(word: str, transcribe: Transcribe) -> tuple[str, ...]:
    try:
        return (write_arpabet(parse_ipa(transcribe(word))),)
    except PhonemeError:
        return ()
