"""Lines as SSML (W3C Speech Synthesis Markup Language 1.1), in what each service takes of it.

An utterance goes in; out come the markup, in which nothing of the text can become a tag, and the place of
each word in it, by which a service's reports of words are given to the words of the line. What the services
take is as they document it:

- Amazon Polly: https://docs.aws.amazon.com/polly/latest/dg/supportedtags.html
- Google Cloud: https://cloud.google.com/text-to-speech/docs/ssml
- Azure: https://learn.microsoft.com/azure/ai-services/speech-service/speech-synthesis-markup
"""

import bisect
import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from morning_edition.pronunciation.phonemes import CONSONANTS, VOWELS
from morning_edition.voices import Pronounced, Speech, Utterance, Word

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SPEAK = "http://www.w3.org/2001/10/synthesis"
PLAIN: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a service takes of SSML."""

    phonemes: bool = True
    """Whether it takes `<phoneme>` in IPA; else a name is respelled by `<sub>`."""
    marks: bool = False
    """Whether each word is to begin with a `<mark>`; the service tells when it comes to them."""
    names_voice: bool = False
    """Whether the voice is named in the document, which then has all that the standard asks for."""


POLLY = Dialect()
POLLY_GENERATIVE = Dialect(phonemes=False)
GOOGLE = Dialect(marks=True)
GOOGLE_STUDIO = Dialect()
AZURE = Dialect(names_voice=True)
AZURE_HD = Dialect(phonemes=False, names_voice=True)

# The services agree on these sets of signs; a tag with any other sign is ignored (Google) or refused (Azure).
# https://docs.aws.amazon.com/polly/latest/dg/ph-table-english-us.html and ...-uk.html,
# https://learn.microsoft.com/azure/ai-services/speech-service/speech-ssml-phonetic-sets
AMERICAN = {"ɑː": "ɑ", "ɒ": "ɑ", "ɔː": "ɔ", "iː": "i", "uː": "u", "r": "ɹ", "ɡ": "g", "x": "k"}
BRITISH = {"oʊ": "əʊ", "i": "iː", "ɝ": "ɜː", "ɚ": "ə", "r": "ɹ", "ɡ": "g", "x": "k"}
_PHONE = re.compile("|".join(sorted(VOWELS | CONSONANTS, key=len, reverse=True)))
_R_BEFORE_VOWEL = re.compile(r"([ɝɚ])(?=[.ˈˌ]*[aeiouæɑɒɔəɛɪʊʌɝɚ])")

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML 1.0 document may hold, however it is written (section 2.2)."""
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_QUOTED = str.maketrans({'"': "&quot;", "\t": " ", "\n": " ", "\r": " "})

SILENCE = 0.01
"""Of the loudest sample: what is softer is a pause."""


@dataclass(frozen=True, slots=True)
class Ssml:
    """A line, marked up."""

    text: str
    places: tuple[tuple[int, int], ...]
    """Where words begin in it: bytes of UTF-8, and the word's number in the line. Of words that share a tag
    only the first is here."""

    def find_word(self, at: int) -> int:
        """Return the number of the word that the byte *at* belongs to."""
        found = bisect.bisect_right(self.places, at, key=lambda place: place[0])
        return self.places[max(found - 1, 0)][1] if self.places else 0


def write_ssml(
    line: Utterance, dialect: Dialect, *, language: str, voice: str = "", prosody: Mapping[str, str] = PLAIN
) -> Ssml:
    """Mark up *line* for a *voice* of *language* (BCP 47), with *prosody* (attributes) around all of it."""
    head, tail = _frame(dialect, language, voice, prosody)
    numbers = {token.start(): number for number, token in enumerate(re.finditer(r"\S+", line.text))}
    pieces, places, length = [head], [], len(head.encode())
    for start, markup in _pieces(line, dialect, language, numbers):
        if (number := numbers.get(start)) is not None:
            places.append((length, number))
            markup = f'<mark name="w{number}"/>{markup}' if dialect.marks else markup
        pieces.append(markup)
        length += len(markup.encode())
    return Ssml("".join([*pieces, tail]), tuple(places))


def _frame(dialect: Dialect, language: str, voice: str, prosody: Mapping[str, str]) -> tuple[str, str]:
    """Return what stands before the line, and behind it."""
    tags = [
        ("speak", {"version": "1.0", "xmlns": SPEAK, "xml:lang": language} if dialect.names_voice else {})
    ]
    if dialect.names_voice:
        tags.append(("voice", {"name": voice}))
    if prosody:
        tags.append(("prosody", dict(prosody)))
    return "".join(_open(*tag) for tag in tags), "".join(f"</{name}>" for name, _ in reversed(tags))


def _open(name: str, attributes: Mapping[str, str]) -> str:
    written = [f'{key}="{_quote(value)}"' for key, value in attributes.items()]
    return f"<{' '.join([name, *written])}>"


def _pieces(
    line: Utterance, dialect: Dialect, language: str, words: Mapping[int, int]
) -> Iterator[tuple[int, str]]:
    """Yield the line in pieces, each with where it begins in the text; no word begins within plain text."""
    at = 0
    for said in line.says:
        yield from _plain_pieces(line.text, at, said.start, words)
        yield from _said_pieces(line.text, said, dialect, language)
        at = said.end
    yield from _plain_pieces(line.text, at, len(line.text), words)


def _plain_pieces(text: str, start: int, end: int, words: Mapping[int, int]) -> Iterator[tuple[int, str]]:
    cuts = [start, *(at for at in range(start + 1, end) if at in words), end]
    for begin, stop in itertools.pairwise(cuts):
        if begin < stop:
            yield begin, _escape(text[begin:stop])


def _said_pieces(text: str, said: Pronounced, dialect: Dialect, language: str) -> Iterator[tuple[int, str]]:
    """Yield the tags of one stretch: a `<phoneme>` for each word, since it is made for no more than one."""
    written = text[said.start : said.end]
    if not (said.ipa and dialect.phonemes):
        alias = _open("sub", {"alias": said.respelling}) + _escape(written) + "</sub>"
        yield said.start, alias if said.respelling != written else _escape(written)
        return
    tokens = list(re.finditer(r"\S+\s*", written))
    sounds = fit_ipa(said.ipa, language).split()
    if len(tokens) != len(sounds) or tokens[0].start():
        # Words that do not match are said in one, as syllables: a space is not among the services' signs.
        yield said.start, _phoneme(written, ".".join(sounds))
        return
    for token, sound in zip(tokens, sounds, strict=True):
        word = token.group().rstrip()
        yield said.start + token.start(), _phoneme(word, sound) + _escape(token.group()[len(word) :])


def _phoneme(written: str, sounds: str) -> str:
    return _open("phoneme", {"alphabet": "ipa", "ph": sounds}) + _escape(written) + "</phoneme>"


def drop_forbidden(text: str) -> str:
    """Return *text* without what services cannot be sent; a space of that kind becomes a plain one."""
    return _FORBIDDEN.sub(lambda sign: " " if sign[0].isspace() else "", text)


def _escape(text: str) -> str:
    """Return *text* with nothing in it that XML would take for its own, or not at all."""
    return drop_forbidden(text).translate(_ESCAPES)


def _quote(value: str) -> str:
    return _escape(value).translate(_QUOTED)


def fit_ipa(ipa: str, language: str) -> str:
    """Write the IPA of our phonemes in the signs that the services take for the English of *language*.

    Other languages' is left as it is.
    """
    primary, _, region = language.lower().partition("-")
    if primary != "en":
        return ipa
    if region in ("", "us", "ca"):
        return _PHONE.sub(lambda phone: AMERICAN.get(phone[0], phone[0]), ipa)
    return _PHONE.sub(lambda phone: BRITISH.get(phone[0], phone[0]), _R_BEFORE_VOWEL.sub(r"\1r", ipa))


def time_words(text: str, starts_ms: Mapping[int, int], sound: Speech) -> tuple[Word, ...]:
    """Give each word of *text* its time in *sound*, of which words with these numbers begin at *starts_ms*.

    A word ends where the next begins, or before that with what is loud; words without a start of their own
    share their neighbour's time by letters. Without any start there are no times.
    """
    tokens = text.split()
    known = {number: at_ms for number, at_ms in starts_ms.items() if 0 <= number < len(tokens)}
    if not known:
        return ()
    starts = _keep_order({0: 0, **known}, sound.duration_ms)
    loud_ms = _find_loud(sound)
    words = []
    for first, after in itertools.pairwise([*starts, len(tokens)]):
        start_ms = starts[first]
        stop_ms = starts.get(after, sound.duration_ms)
        last = loud_ms[: loud_ms.searchsorted(stop_ms, "right")][-1:]
        stop_ms = int(last[0]) if len(last) and last[0] > start_ms else stop_ms
        letters = [sum(map(str.isalnum, token)) for token in tokens[first:after]]
        shares = [0, *itertools.accumulate([max(letters[0], 1), *letters[1:]])]
        edges = [round(start_ms + (stop_ms - start_ms) * share / shares[-1]) for share in shares]
        words += [
            Word(token, *pair)
            for token, pair in zip(tokens[first:after], itertools.pairwise(edges), strict=True)
        ]
    return tuple(words)


def _keep_order(starts_ms: Mapping[int, int], end_ms: int) -> dict[int, int]:
    """Return the starts by number, none before the one before it or behind the end of the sound."""
    numbers = sorted(starts_ms)
    times = itertools.accumulate((min(max(starts_ms[number], 0), end_ms) for number in numbers), max)
    return dict(zip(numbers, times, strict=True))


def _find_loud(sound: Speech) -> "NDArray[np.float64]":
    """Return the times, in milliseconds and in order, of the ends of all samples that are no pause."""
    import numpy as np

    samples = np.abs(np.frombuffer(sound.pcm, "<i2").astype(np.int32))
    loud = np.flatnonzero(samples > samples.max(initial=0) * SILENCE)
    ends_ms: NDArray[np.float64] = np.ceil((loud + 1) * 1000 / sound.sample_rate_hz)
    return ends_ms
