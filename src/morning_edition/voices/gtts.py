"""Google Translate's voice, by the gTTS package: one line in, mono sound at 24 kHz out; needs the network.

gTTS itself would drop the punctuation of a long line and end a sentence at each comma, so the line is cut
here, where a reader would draw breath, and each piece is asked for whole.
"""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from importlib.metadata import version

import numpy as np

from morning_edition.decode import Pcm
from morning_edition.errors import VoiceError
from morning_edition.voices import Speech, Utterance, VoiceNote
from morning_edition.voices.google_translate import LONGEST_PIECE, SERVER, GoogleTranslate, letters

# An accent becomes part of a host's name, so nothing but these may get there.
ACCENTS = (
    VoiceNote("com", "en-US", "American English, and any other language of Google Translate"),
    VoiceNote("co.uk", "en-GB", "British English"),
    VoiceNote("com.au", "en-AU", "Australian English"),
    VoiceNote("ca", "en-CA", "Canadian English"),
    VoiceNote("ie", "en-IE", "Irish English"),
    VoiceNote("co.in", "en-IN", "Indian English"),
    VoiceNote("co.za", "en-ZA", "South African English"),
)
GOOGLE_NAMES = {
    "he": "iw",
    "jv": "jw",
    "nb": "no",
    "nn": "no",
    "fil": "tl",
    "zh-hant": "zh-TW",
    "zh-hk": "yue",
}
"""What Google Translate calls languages that BCP 47 calls otherwise."""

SLOW_BELOW_RATE = 0.8
SAMPLE_RATE_HZ = 24_000

PIECE_COST = 3
INSIDE_WORD_COST = 10_000
# The cost of a pause there, later rules over earlier ones. A clause's end is worth a request more; a
# space between words is taken only for want of anything better, the one after "Gen." or "U.S." last of all.
CUTS = (
    (9, re.compile(r" ")),
    (5, re.compile(r" (?=(?:and|but|or|nor|so|yet|that|which|who|because|while|when|if|as|after|before) )")),
    (2, re.compile(r"(?<=,) |(?<=,[”’\"')\]]) |(?<=[，、])")),
    (1, re.compile(r"(?<=[;:—–]) |(?<=[—；：])")),
    (0, re.compile(r"(?<=[.!?…]) |(?<=[.!?…][”’\"')\]]) |(?<=[。！？])")),
    (12, re.compile(r"(?<=\b[A-Z]\.) |(?<=\b(?:Dr|Jr|Lt|Mr|Ms|Mt|No|Sr|St|vs)\.) ")),
    (12, re.compile(r"(?<=\b(?:Col|Gen|Gov|Mrs|Rep|Rev|Sen|Sgt)\.) |(?<=\b(?:Capt|Prof|Reps|Sens)\.) ")),
)
PAUSES_MS = {",，、": 120, ";:—–；：": 180, ".!?…。！？": 250}
"""The silence after a piece by the mark at its end; none where words were parted."""


CUTTING = 1
"""Raised when lines are cut, or their pieces joined, in another way."""


class GttsVoice:
    """Reads a line in the voice of Google Translate.

    A name is an accent of English, the end of Google's address in that country. There are two paces:
    any *rate* below 0.8 is slow, every other is the normal one.
    """

    def __init__(self, name: str, *, language: str, rate: float) -> None:
        """Choose accent, language and pace as `Voice` tells; raises `VoiceError` for an unknown one."""
        self._accent = _accent(name, language)
        self._language = _google_language(language)
        self._slow = rate < SLOW_BELOW_RATE
        self._server = GoogleTranslate(self._accent)

    @property
    def identity(self) -> str:
        """The package's version, accent, language, cutting, pace, and the server when it is not Google's."""
        marks = [version("gTTS"), f"cut={CUTTING}", self._accent, self._language]
        if self._slow:
            marks.append("slow")
        if self._server.host != SERVER.format(accent=self._accent).removeprefix("https://"):
            marks.append(self._server.host)
        return " ".join(["gtts", *marks])

    @property
    def lines_at_once(self) -> int:
        """Three: an address that asks for too much is refused for hours."""
        return 3

    @classmethod
    def catalogue(cls) -> tuple[VoiceNote, ...]:
        """Name the accents; a language other than English follows from the station's, whatever the accent."""
        return ACCENTS

    def speak(self, line: Utterance) -> Speech:
        """Read *line* aloud, names respelled, in no time at all when there is no letter or digit in it.

        Raises `VoiceError` when Google cannot be reached, refuses, or does not answer with the whole sound.
        """
        pieces = [piece for piece in cut(line.respelled, LONGEST_PIECE) if letters(piece)]
        if not pieces:
            return Speech(b"", SAMPLE_RATE_HZ)
        return _join(pieces, self._server.speak(pieces, language=self._language, slow=self._slow))


def cut(text: str, longest: int) -> list[str]:
    """Cut *text* into pieces of at most *longest* characters, where a reader would draw breath.

    The cuts that disturb least are taken, with no more of them than they are worth; only space is lost.
    """
    text = " ".join(text.split())
    costs = {match.start(): cost for cost, rule in CUTS for match in rule.finditer(text)}
    costs[len(text)] = -PIECE_COST
    total = [0] * (len(text) + 2)  # the cost of all the cuts in what begins at a place
    ends = [0] * len(text)
    for start in range(len(text) - 1, -1, -1):
        total[start], further = min(
            (PIECE_COST + costs.get(end, INSIDE_WORD_COST) + total[end + text.startswith(" ", end)], -end)
            for end in range(start + 1, min(start + longest, len(text)) + 1)
        )
        ends[start] = -further
    pieces, start = [], 0
    while start < len(text):
        pieces.append(text[start : ends[start]])
        start = ends[start] + text.startswith(" ", ends[start])
    return pieces


def _accent(name: str, language: str) -> str:
    """Return *name* when it is an accent, without one that of the place in *language*."""
    known = {note.name: note.language for note in ACCENTS}
    if not name:
        return next((accent for accent, tag in known.items() if tag.casefold() == language.casefold()), "com")
    if name not in known:
        near = get_close_matches(name, known, n=1, cutoff=0)[0]
        raise VoiceError(f"gtts: no accent {name!r}; did you mean {near}? Known: {', '.join(known)}")
    return name


def _google_language(tag: str) -> str:
    """Return Google's name for the language of *tag*, or for the nearest one less particular."""
    from gtts.lang import tts_langs

    known = {code.casefold(): code for code in tts_langs()}
    subtags = tag.casefold().split("-")
    for count in range(len(subtags), 0, -1):
        wanted = "-".join(subtags[:count])
        if code := known.get(GOOGLE_NAMES.get(wanted, wanted).casefold()):
            return str(code)
    raise VoiceError(
        f"gtts: Google Translate does not speak {tag!r}; choose another language, or use --voice espeak"
    )


def _join(pieces: Sequence[str], sounds: Sequence[Pcm]) -> Speech:
    """Put the *sounds* of a line's *pieces* one after another, with the pause that each piece ends in."""
    rates = {sound.sample_rate_hz for sound in sounds}
    if len(rates) > 1:
        raise VoiceError(
            "gtts: Google Translate's answers differ in sample rate; try again later, or use --voice espeak"
        )
    (rate,) = rates
    parts = []
    for piece, sound in zip(pieces, sounds, strict=True):
        end = piece.rstrip("”’\"')]")[-1:]
        pause_ms = next((pause for marks, pause in PAUSES_MS.items() if end in marks), 0)
        parts += [sound.samples.mean(axis=1), np.zeros(rate * pause_ms // 1000, np.float32)]
    joined = np.concatenate(parts[:-1])
    return Speech((joined.clip(-1.0, 1.0) * 32767).round().astype("<i2").tobytes(), rate)
