"""The few calls of libflite that a line needs (flite.h and cst_synth.h of Flite 2.2, by ctypes).

A line goes in as tokens, not as text: Flite's own path for text reads a token's features, and only there
can a word have phonemes. Two lines at the same time would draw their noise from one `rand` of the C
library, each time otherwise; so one is spoken after the other, and each begins at the same seed.
"""

import contextlib
import ctypes as c
import functools
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from ctypes.util import find_library
from pathlib import Path
from typing import Any, NamedTuple

from morning_edition.errors import VoiceError

_SEED = 1
_TOKENS, _WORDS = b"Token", b"Word"
_NAME, _PLACE = b"name", b"place"
_FIRST = b"R:SylStructure.daughter1.daughter1.R:Segment."
_LAST = b"R:SylStructure.daughtern.daughtern.R:Segment."
_LOCK = threading.Lock()


class Token(NamedTuple):
    """What Flite makes words of."""

    name: str
    """ASCII, without spaces."""
    place: int
    """Which word of the line it belongs to."""
    punctuation: str = ""
    """What follows it, ASCII: where the voice pauses."""
    phones: str = ""
    """As its lexicon writes them, `l aa0 t aa1 k iy0 ax0`; empty for what the name tells."""


class Heard(NamedTuple):
    """One word as Flite has said it; in seconds."""

    place: int
    start_s: float
    end_s: float


class _Wave(c.Structure):
    _fields_ = [
        ("type", c.c_char_p),
        ("sample_rate", c.c_int),
        ("num_samples", c.c_int),
        ("num_channels", c.c_int),
        ("samples", c.c_void_p),
    ]


class _Symbol(c.Structure):
    """What dladdr(3) tells of an address."""

    _fields_ = [("file", c.c_char_p), ("base", c.c_void_p), ("name", c.c_char_p), ("at", c.c_void_p)]


_POINTER, _TEXT, _FLOAT, _INT = c.c_void_p, c.c_char_p, c.c_float, c.c_int
_CALLS: dict[str, tuple[Any, list[Any]]] = {
    "flite_init": (_INT, []),
    "new_utterance": (_POINTER, []),
    "delete_utterance": (None, [_POINTER]),
    "utt_init": (_POINTER, [_POINTER, _POINTER]),
    "utt_synth_tokens": (_POINTER, [_POINTER]),
    "utt_wave": (c.POINTER(_Wave), [_POINTER]),
    "utt_relation": (_POINTER, [_POINTER, _TEXT]),
    "utt_relation_create": (_POINTER, [_POINTER, _TEXT]),
    "relation_append": (_POINTER, [_POINTER, _POINTER]),
    "relation_head": (_POINTER, [_POINTER]),
    "item_next": (_POINTER, [_POINTER]),
    "item_set_int": (None, [_POINTER, _TEXT, _INT]),
    "item_set_string": (None, [_POINTER, _TEXT, _TEXT]),
    "feat_set_float": (None, [_POINTER, _TEXT, _FLOAT]),
    "flite_ffeature_float": (_FLOAT, [_POINTER, _TEXT]),
    "flite_ffeature_int": (_INT, [_POINTER, _TEXT]),
    "flite_ffeature_string": (_TEXT, [_POINTER, _TEXT]),
}
"""What each returns, and takes; a pointer that is not declared would be cut to 32 bits."""


class Library:
    """Flite and one of its voices, loaded once and kept."""

    def __init__(self, voice: str) -> None:
        self._calls = _load("flite")
        for name, (returns, takes) in _CALLS.items():
            call = getattr(self._calls, name)
            call.restype, call.argtypes = returns, takes
        self._calls.flite_init()
        register = getattr(_load(f"flite_cmu_us_{voice}"), f"register_cmu_us_{voice}")
        register.restype, register.argtypes = _POINTER, [_TEXT]
        self._voice = register(None)
        self.version = f"{_find_version(self._calls.flite_init)}/{_find_version(register)}"

    def speak(
        self, tokens: Sequence[Token], *, stretch: float, shift: float
    ) -> tuple[int, bytes, list[Heard]]:
        """Return the sample rate in hertz, the sound (16 bit, one channel) and its words.

        *stretch* multiplies how long it lasts, *shift* the pitch. Raises `VoiceError`.
        """
        with self._say(tokens, stretch, shift) as utterance:
            wave = self._calls.utt_wave(utterance)
            if not wave or wave[0].num_samples <= 0:
                raise VoiceError("flite made no sound of a line")
            pcm = c.string_at(wave[0].samples, 2 * wave[0].num_samples)
            return wave[0].sample_rate, pcm, list(self._words(utterance))

    def list_phones(self, tokens: Sequence[Token]) -> list[str]:
        """Return the phones that *tokens* are said with, silences (`pau`) among them."""
        with self._say(tokens, 1.0, 1.0) as utterance:
            segments = self._items(utterance, b"Segment")
            return [self._calls.flite_ffeature_string(item, _NAME).decode() for item in segments]

    @contextlib.contextmanager
    def _say(self, tokens: Sequence[Token], stretch: float, shift: float) -> Iterator[int]:
        with _LOCK:
            _libc().srand(_SEED)
            utterance = self._calls.new_utterance()
            try:
                self._calls.utt_init(utterance, self._voice)
                # The features of an utterance are the first field of its structure.
                features = c.cast(utterance, c.POINTER(_POINTER))[0]
                self._calls.feat_set_float(features, b"duration_stretch", stretch)
                self._calls.feat_set_float(features, b"f0_shift", shift)
                self._add_tokens(utterance, tokens)
                if not self._calls.utt_synth_tokens(utterance):
                    raise VoiceError("flite gave up on a line")
                yield utterance
            finally:
                self._calls.delete_utterance(utterance)

    def _add_tokens(self, utterance: int, tokens: Sequence[Token]) -> None:
        relation = self._calls.utt_relation_create(utterance, _TOKENS)
        before = ""
        for token in tokens:
            item = self._calls.relation_append(relation, None)
            texts = {_NAME: token.name, b"punc": token.punctuation, b"whitespace": " ", b"prepunctuation": ""}
            if token.phones:
                # It leaves out a word whose phones are those of the word before, letter for letter.
                before = token.phones if token.phones != before else f" {token.phones}"
                texts[b"phones"] = before
            else:
                before = ""
            for key, text in texts.items():
                self._calls.item_set_string(item, key, text.encode("ascii"))
            self._calls.item_set_int(item, _PLACE, token.place)

    def _words(self, utterance: int) -> Iterator[Heard]:
        calls = self._calls
        for item in self._items(utterance, _WORDS):
            end_s = calls.flite_ffeature_float(item, _LAST + b"end")
            if end_s > 0:  # else it is said with no phone at all
                start_s = calls.flite_ffeature_float(item, _FIRST + b"p.end")
                yield Heard(calls.flite_ffeature_int(item, b"R:Token.parent." + _PLACE), start_s, end_s)

    def _items(self, utterance: int, relation: bytes) -> Iterator[int]:
        item = self._calls.relation_head(self._calls.utt_relation(utterance, relation))
        while item:
            yield item
            item = self._calls.item_next(item)


@functools.cache
def open_library(voice: str) -> Library:
    """Return Flite with *voice*, of which there is one for the whole program. Raises `VoiceError`."""
    with _LOCK:
        try:
            return Library(voice)
        except (OSError, AttributeError) as error:
            raise VoiceError(
                f"flite's voice {voice} is not installed ({error}); install libflite1 (Debian, Ubuntu) or "
                "flite (Fedora, Homebrew), or choose another voice"
            ) from error


@functools.cache
def is_installed(voice: str) -> bool:
    """Tell whether the system has *voice*, and Flite with it."""
    try:
        _load(f"flite_cmu_us_{voice}")
    except OSError:
        return False
    return True


@functools.cache
def _load(name: str) -> c.CDLL:
    """Load a library by the name it has on this system; raises `OSError`."""
    if sys.platform == "win32":
        raise OSError("Flite has no library for Windows")
    if sys.platform == "darwin":
        return c.CDLL(find_library(name) or f"lib{name}.dylib", c.RTLD_GLOBAL)
    try:
        return c.CDLL(f"lib{name}.so.1", c.RTLD_GLOBAL)
    except OSError:
        # Not by find_library: where there is no library, it asks a compiler for one.
        return c.CDLL(f"lib{name}.so", c.RTLD_GLOBAL)


@functools.cache
def _libc() -> c.CDLL:
    return c.CDLL(None)


def _find_version(call: Any) -> str:  # noqa: ANN401 - ctypes makes its functions on the fly
    """Return what the file that *call* is from has in its name: 2.2 of libflite.so.2.2; else its size."""
    found = _Symbol()
    dladdr = getattr(_libc(), "dladdr", None)
    if dladdr is None or not dladdr(c.cast(call, _POINTER), c.byref(found)) or not found.file:
        return "unknown"
    path = Path(os.fsdecode(found.file)).resolve()
    _, so, version = path.name.partition(".so.")
    return version if so else str(path.stat().st_size)
