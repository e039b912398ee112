"""A line as ElevenLabs gets it, and the times of its words out of the times of the characters it was sent.

Two of its models take SSML's `<phoneme>` tag, one word each, in the CMU alphabet
(https://elevenlabs.io/docs/eleven-api/guides/how-to/text-to-speech/pronunciation-dictionaries); all others
leave the whole word out without saying so, and get the respelling.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from morning_edition.pronunciation.phonemes import (
    ARPABET,
    UNSTRESSED_ARPABET,
    VOWELS,
    PhonemeError,
    Sound,
    parse_ipa,
    split_words,
)
from morning_edition.pronunciation.utterance import Pronounced
from morning_edition.voices import Utterance, Word
from morning_edition.voices.word_times import place_words

CMU = {
    **{phone: name for name, phone in ARPABET.items()},
    **{phone: name for name, phone in UNSTRESSED_ARPABET.items()},
    "ɒ": "AA",
    "x": "K",
}
NO_TAGS = str.maketrans("<>[]", "()()")
"""What would be taken for a pause or a stage direction: `<break time="3s"/>`, `[laughs]`."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the line's text, and what is sent in its place."""

    start: int
    end: int
    sent: str


@dataclass(frozen=True, slots=True)
class Timing:
    """When each of the *characters* that were sent is heard, in seconds."""

    characters: Sequence[str]
    starts_s: Sequence[float]
    ends_s: Sequence[float]


def write_pieces(line: Utterance, *, phonemes: bool) -> tuple[Piece, ...]:
    """Cut the text of *line* into what is sent as it is and what is said otherwise, word by word."""
    pieces, at = [], 0
    for said in line.says:
        pieces += [_plain(line.text, at, said.start), *_write_said(line.text, said, phonemes=phonemes)]
        at = said.end
    pieces.append(_plain(line.text, at, len(line.text)))
    return tuple(piece for piece in pieces if piece.end > piece.start)


def _plain(text: str, start: int, end: int) -> Piece:
    return Piece(start, end, text[start:end].translate(NO_TAGS))


def _write_said(text: str, said: Pronounced, *, phonemes: bool) -> Iterator[Piece]:
    """Give each word its own piece where there are as many of them in sound as in writing."""
    words = [
        (said.start + found.start(), said.start + found.end())
        for found in re.finditer(r"\S+", text[said.start : said.end])
    ]
    tagged = _write_cmu(said.ipa) if phonemes else []
    respelled = said.respelling.translate(NO_TAGS)
    if len(tagged) == len(words):
        sent = [
            f'<phoneme alphabet="cmu-arpabet" ph="{cmu}">{text[start:end].translate(NO_TAGS)}</phoneme>'
            for cmu, (start, end) in zip(tagged, words, strict=True)
        ]
    elif len(respelled.split()) == len(words):
        sent = respelled.split()
    else:
        yield Piece(said.start, said.end, respelled)
        return
    ends = [said.start, *(end for _, end in words)]
    for before, (start, end), one in zip(ends, words, sent, strict=False):
        yield _plain(text, before, start)
        yield Piece(start, end, one)


def _write_cmu(ipa: str) -> list[str]:
    """Return each word of *ipa* in the CMU alphabet: `HH AA1 M AH0`."""
    try:
        words = split_words(parse_ipa(ipa))
        return [" ".join(map(_write_phone, word)) for word in words]
    except PhonemeError:
        return []


def _write_phone(sound: Sound) -> str:
    return CMU[sound.phone] + (str(sound.stress) if sound.phone in VOWELS else "")


def time_words(text: str, pieces: Sequence[Piece], timing: Timing) -> tuple[Word, ...]:
    """Return the words of *text* with the times of the characters sent for them.

    When the characters are not those that were sent, words are looked for in them instead.
    """
    if "".join(timing.characters) != "".join(piece.sent for piece in pieces):
        return place_words(text, _read_words(timing))
    words: list[Word] = []
    at_ms = 0
    for token in re.finditer(r"\S+", text):
        first, after = _place(pieces, token.start(), token.end())
        start_ms = max(round(timing.starts_s[first] * 1000), at_ms)
        at_ms = max(round(max(timing.ends_s[first:after]) * 1000), start_ms)
        words.append(Word(token.group(), start_ms, at_ms))
    return tuple(words)


def _place(pieces: Sequence[Piece], start: int, end: int) -> tuple[int, int]:
    """Return the first of the sent characters for the text from *start* to *end*, and the one after the last.

    Inside a piece of another length each character has its share.
    """
    first, after = None, 0
    begins = itertools.accumulate((len(piece.sent) for piece in pieces), initial=0)
    for piece, begin in zip(pieces, begins, strict=False):
        if piece.end <= start or piece.start >= end:
            continue
        scale = len(piece.sent) / (piece.end - piece.start)
        from_ = begin + int(max(start - piece.start, 0) * scale)
        to = begin + int(min(end - piece.start, piece.end - piece.start) * scale)
        first = from_ if first is None else first
        after = max(to, from_ + 1)
    return first or 0, max(after, (first or 0) + 1)


def _read_words(timing: Timing) -> list[Word]:
    """Return the words that the timed characters spell, without tags."""
    text = "".join(char[:1] or " " for char in timing.characters)
    shown = re.sub(r"<[^>]*>", lambda tag: " " * len(tag[0]), text)
    return [
        Word(
            found[0],
            round(timing.starts_s[found.start()] * 1000),
            round(timing.ends_s[found.end() - 1] * 1000),
        )
        for found in re.finditer(r"\S+", shown)
    ]
