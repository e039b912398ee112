"""Google Translate's voice, by the gTTS package: one line in, mono sound at 24 kHz out; needs the network.

gTTS itself would drop the punctuation of a long line and end a sentence at each comma, so the line is cut
here, where a reader would draw breath, and each piece is asked for whole.
"""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from importlib.metadata import version
from typing import TYPE_CHECKING

from morning_edition.errors import VoiceBusyError, VoiceError
from morning_edition.voices import NO_OPTIONS, USUAL, Delivery, Option, Speech, Traits, Utterance, VoiceNote
from morning_edition.voices.cutting import cut_text, pause_after
from morning_edition.voices.gtts.google_translate import LONGEST_PIECE, SERVER, GoogleTranslate, letters
from morning_edition.voices.network.addresses import name_server

if TYPE_CHECKING:
    from morning_edition.decode import Pcm

SAMPLE_RATE_HZ = 24_000
LINES_AT_ONCE = 3
LINES_A_MINUTE = 90
"""Google tells no limit, and shuts an address out for hours. Programs that read whole books to it leave half
a second to a second between requests; a line is one or two of them."""
CUTTING = 1
"""Raised when lines are cut, or their pieces joined, in another way."""
LICENCE = "unofficial, Google's terms"
# An accent becomes part of a host's name, so nothing but these may get there.
ACCENTS = tuple(
    VoiceNote(name, language, f"{description}; needs the network", "plain", LICENCE)
    for name, language, description in (
        ("com", "en-US", "American English, and any other language of Google Translate"),
        ("co.uk", "en-GB", "British English"),
        ("com.au", "en-AU", "Australian English"),
        ("ca", "en-CA", "Canadian English"),
        ("ie", "en-IE", "Irish English"),
        ("co.in", "en-IN", "Indian English"),
        ("co.za", "en-ZA", "South African English"),
    )
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


class GttsVoice:
    """Reads a line in the voice of Google Translate.

    A name is an accent of English, the end of Google's address in that country.
    """

    def __init__(self, name: str = "", delivery: Delivery = USUAL) -> None:
        """Choose accent and language as `Voice` tells; raises `VoiceError` for an unknown one."""
        self._accent = _accent(name, delivery.language)
        self._language = _google_language(delivery.language)
        self._server = GoogleTranslate(self._accent)

    @property
    def identity(self) -> str:
        """The package's version, accent, language, cutting, and the server when it is not Google's."""
        marks = [version("gTTS"), f"cut={CUTTING}", self._accent, self._language]
        if self._server.host != SERVER.format(accent=self._accent).removeprefix("https://"):
            marks.append(name_server(self._server.host))
        return " ".join(["gtts", *marks])

    @property
    def traits(self) -> Traits:
        """A polite few lines at once and in a minute; pace and pitch are left to the sound."""
        return Traits(
            sample_rate_hz=SAMPLE_RATE_HZ, lines_at_once=LINES_AT_ONCE, lines_a_minute=LINES_A_MINUTE
        )

    @classmethod
    def catalogue(cls, options: Mapping[str, Option] = NO_OPTIONS) -> tuple[VoiceNote, ...]:
        """Name the accents; a language other than English follows from the station's, whatever the accent."""
        return ACCENTS

    def speak(self, line: Utterance) -> Speech:
        """Read *line* aloud, names respelled, in no time at all when there is no letter or digit in it.

        Raises `VoiceBusyError` when Google has had enough for now or does not answer with the whole sound,
        `VoiceError` when it cannot be reached or refuses.
        """
        pieces = [piece for piece in cut_text(line.respelled, LONGEST_PIECE) if letters(piece)]
        if not pieces:
            return Speech(b"", SAMPLE_RATE_HZ)
        return _join(pieces, self._server.speak(pieces, language=self._language))


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


def _join(pieces: Sequence[str], sounds: Sequence["Pcm"]) -> Speech:
    """Put the *sounds* of a line's *pieces* one after another, with the pause that each piece ends in."""
    import numpy as np

    rates = {sound.sample_rate_hz for sound in sounds}
    if len(rates) > 1:
        raise VoiceBusyError("gtts: Google Translate's answers differ in sample rate")
    (rate,) = rates
    parts = []
    for piece, sound in zip(pieces, sounds, strict=True):
        parts += [sound.samples.mean(axis=1), np.zeros(rate * pause_after(piece) // 1000, np.float32)]
    joined = np.concatenate(parts[:-1])
    return Speech((joined.clip(-1.0, 1.0) * 32767).round().astype("<i2").tobytes(), rate)
