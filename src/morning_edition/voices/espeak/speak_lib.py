"""The few calls of eSpeak NG's library that a line needs, each line by a private copy of it.

The library (speak_lib.h of eSpeak NG 1.52) keeps hidden state from line to line, for its noise and its
flutter, and no call resets it. A fresh copy makes the same line the same bytes, and lets lines be spoken
side by side in threads. It costs 2 ms.
"""

import _ctypes
import contextlib
import ctypes as c
import itertools
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from morning_edition.errors import VoiceError

LONGEST_DATA_PATH = 150
"""The library copies the path into 160 bytes, and finds nothing when it does not fit."""

# speak_lib.h
_SYNCHRONOUS, _DO_NOT_EXIT = 2, 0x8000
_UTF8, _PHONEMES = 1, 0x100
_IPA = 2
RATE, VOLUME, PITCH, RANGE = 1, 2, 3, 4
_WORD = 1
_BUFFER_MS = 1000


class _Id(c.Union):
    _fields_ = [("number", c.c_int), ("name", c.c_char_p), ("string", c.c_char * 8)]


class _Event(c.Structure):
    _fields_ = [
        ("type", c.c_int),
        ("unique_identifier", c.c_uint),
        ("text_position", c.c_int),
        ("length", c.c_int),
        ("audio_position", c.c_int),
        ("sample", c.c_int),
        ("user_data", c.c_void_p),
        ("id", _Id),
    ]


_Callback = c.CFUNCTYPE(c.c_int, c.POINTER(c.c_short), c.c_int, c.POINTER(_Event))


class Mark(NamedTuple):
    """Where a word begins, in the text (characters) and in the sound (frames)."""

    position: int
    frame: int


_one_at_a_time = threading.RLock()
_scratch: list[tempfile.TemporaryDirectory[str]] = []
"""Folders that go when the program ends: one with a short name, and where no copy runs there, another."""


def _scratch_folder() -> Path:
    """Return the one with a short name."""
    with _one_at_a_time:  # a second one, made at the same time, would take the first away
        if not _scratch:
            _scratch.append(tempfile.TemporaryDirectory(prefix="me-", ignore_cleanup_errors=True))
        return Path(_scratch[0].name)


def _copy_folder() -> Path:
    """Return the one for copies of the library."""
    with _one_at_a_time:
        return Path(_scratch[-1].name) if _scratch else _scratch_folder()


def _move_scratch(away_from: Path) -> bool:
    """Take another folder for copies, in the user's cache; False where that is the one that failed."""
    import platformdirs

    with _one_at_a_time:
        if len(_scratch) == 1:
            cache = platformdirs.user_cache_path("morning-edition")
            cache.mkdir(parents=True, exist_ok=True)
            _scratch.append(tempfile.TemporaryDirectory(prefix="me-", dir=cache, ignore_cleanup_errors=True))
        return Path(_scratch[-1].name) != away_from


def _data_folder() -> Path:
    """Return the folder of the engine's data, by a short path where the real one is too long for it."""
    import espeakng_loader

    folder = Path(espeakng_loader.get_data_path())
    if len(os.fsencode(folder)) <= LONGEST_DATA_PATH:
        return folder
    short = _scratch_folder() / "data"
    with _one_at_a_time:
        if not short.exists():
            try:
                short.symlink_to(folder, target_is_directory=True)
            except OSError:  # Windows lets few users make links
                shutil.copytree(folder, short)
    return short


_copies = itertools.count()


@contextlib.contextmanager
def open_library() -> Iterator["Library"]:
    """Give a private copy of the library, in the state of a fresh start."""
    copy, handle = _load_copy()
    library = Library(handle)
    try:
        yield library
    finally:
        library.close()
        with contextlib.suppress(OSError):
            copy.unlink()


def _load_copy() -> tuple[Path, Any]:
    """Load a fresh copy of the library; from the user's cache where programs may not run in the usual place.

    Temporary folders are mounted so (noexec) on machines that are kept strictly. Raises `VoiceError`.
    """
    import espeakng_loader

    original = Path(espeakng_loader.get_library_path())
    while True:
        folder = None
        try:
            folder = _copy_folder()
            copy = folder / f"{os.getpid()}-{next(_copies)}{original.suffix}"
            shutil.copyfile(original, copy)
            return copy, c.CDLL(str(copy))
        except OSError as error:
            with contextlib.suppress(OSError):
                if folder and original.is_file() and _move_scratch(folder):
                    continue
            raise VoiceError(
                f"espeak cannot be loaded ({error}); set TMPDIR to a folder where programs may run, install "
                "espeakng-loader again, or take another voice"
            ) from error


class Library:
    """The few calls of speak_lib.h that a line needs."""

    def __init__(self, handle: Any) -> None:  # noqa: ANN401 - ctypes makes its functions on the fly
        handle.espeak_Initialize.argtypes = [c.c_int, c.c_int, c.c_char_p, c.c_int]
        handle.espeak_SetSynthCallback.argtypes = [_Callback]
        handle.espeak_SetSynthCallback.restype = None
        handle.espeak_SetVoiceByName.argtypes = [c.c_char_p]
        handle.espeak_SetParameter.argtypes = [c.c_int] * 3
        handle.espeak_Synth.argtypes = [
            c.c_char_p, c.c_size_t, c.c_uint, c.c_int, c.c_uint, c.c_uint, c.POINTER(c.c_uint), c.c_void_p,
        ]  # fmt: skip
        handle.espeak_TextToPhonemes.argtypes = [c.POINTER(c.c_char_p), c.c_int, c.c_int]
        handle.espeak_TextToPhonemes.restype = c.c_char_p
        self._handle = handle
        self._pcm = bytearray()
        self._marks: list[Mark] = []
        # Kept, because the library calls it for as long as it lives.
        self._callback = _Callback(self._collect)
        data = _data_folder()
        self._rate_hz = handle.espeak_Initialize(_SYNCHRONOUS, _BUFFER_MS, os.fsencode(data), _DO_NOT_EXIT)
        if self._rate_hz <= 0:
            raise VoiceError(f"espeak cannot read its data in {data}; install espeakng-loader again")
        handle.espeak_SetSynthCallback(self._callback)

    def _collect(self, wave: Any, frames: int, events: Any) -> int:  # noqa: ANN401 - ctypes pointers
        if wave and frames > 0:
            self._pcm += c.string_at(wave, 2 * frames)
        for index in itertools.count():
            event = events[index]
            if not event.type:
                return 0
            if event.type == _WORD:
                self._marks.append(Mark(event.text_position - 1, event.sample))
        return 0

    def speak(
        self, text: str, voice: str, settings: Sequence[tuple[int, int]]
    ) -> tuple[int, bytes, list[Mark]]:
        """Return the sample rate in hertz, the sound (16 bit, one channel) and its marks.

        *settings* are pairs of a parameter (RATE, VOLUME, PITCH, RANGE) and its value. Raises `VoiceError`.
        """
        failed = self._handle.espeak_SetVoiceByName(voice.encode())
        for parameter, value in settings:
            failed = failed or self._handle.espeak_SetParameter(parameter, value, 0)
        encoded = text.encode(errors="replace")
        failed = failed or self._handle.espeak_Synth(
            encoded, len(encoded) + 1, 0, 1, 0, _UTF8 | _PHONEMES, None, None
        )
        if failed:
            raise VoiceError(f"espeak ({voice}) refused a line (status {failed}): {text[:60]!r}")
        return self._rate_hz, bytes(self._pcm), self._marks

    def transcribe(self, text: str, voice: str) -> str:
        """Return in IPA how *text* would be said, a space between words. Raises `VoiceError`."""
        if self._handle.espeak_SetVoiceByName(voice.encode()):
            raise VoiceError(f"espeak ({voice}) cannot be used to transcribe")
        clauses = []
        # The library moves the pointer to the next clause, and to nothing after the last.
        rest = c.c_char_p(text.replace("\0", " ").encode(errors="replace"))
        while rest.value:
            clauses.append((self._handle.espeak_TextToPhonemes(c.byref(rest), _UTF8, _IPA) or b"").decode())
        return " ".join(" ".join(clauses).split())

    def close(self) -> None:
        """Give everything back, so that the next line finds a fresh start."""
        self._handle.espeak_Terminate()
        if sys.platform == "win32":
            _ctypes.FreeLibrary(self._handle._handle)
        else:
            _ctypes.dlclose(self._handle._handle)
