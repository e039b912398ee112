"""A voice fetched: from the server into the user's cache folder, whole, or not at all.

What has come of a file stands in `NAME.onnx.part`, and a later run goes on from there (RFC 9110, section
14). Only what has the size and the MD5 that are known of it gets the file's name. Two processes wait for
each other by a lock on `NAME.lock`.
"""

import contextlib
import errno
import hashlib
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import quote, urljoin, urlsplit

from morning_edition.errors import VoiceBusyError, VoiceError
from morning_edition.voices.piper import catalogue
from morning_edition.voices.piper.catalogue import KnownVoice, VoiceFile
from morning_edition.voices.piper.server import (
    OtherFileError,
    ask,
    ask_for,
    check_address,
    host_name,
    read_extent,
)

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

CHUNK = 256 * 1024
ATTEMPTS = 4
"""One after another without a byte more than before."""
WAIT_S = 1.0
"""Before the second attempt; twice as long before each further one."""
LONGEST_S = 2 * 60 * 60
LOCK_WAIT_S = 0.2

Report = Callable[[int, int], None]


def fetch_voice(name: str, report: Report) -> Path:
    """Install the voice called *name* and return its model; one that is there and whole is left alone.

    *report* is told how many bytes are there and of how many. Raises `VoiceError`; what has come by then is
    kept for the next time.
    """
    folder = catalogue.voices_folder()
    check_address(urlsplit(catalogue.server_url()))
    known = catalogue.known_voices().get(name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder / f"{name.replace('/', '_').replace(os.sep, '_')}.lock"):
            voice = known or ask_for(name)
            try:
                return _fetch_both(voice, folder, report)
            except OtherFileError:
                # The voice may have been trained again since its row was written.
                renewed = ask_for(name)
                if renewed.model == voice.model and renewed.settings == voice.settings:
                    raise
                return _fetch_both(renewed, folder, report)
    except OtherFileError as error:
        raise VoiceError(f"piper: the voice {name} was not installed: {error}; try again later") from error
    except OSError as error:
        raise VoiceError(_tell_of_disk(folder, error)) from error


def _tell_of_disk(folder: Path, error: OSError) -> str:
    way_out = f"or name another folder in {catalogue.FOLDER_VARIABLE}"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"piper: no space left in {folder}; make some, {way_out}"
    return f"piper: {folder} cannot be written ({error.strerror or error}); mend that, {way_out}"


def _fetch_both(voice: KnownVoice, folder: Path, report: Report) -> Path:
    """Fetch the settings, then the model, so that a model that is there always has its settings."""
    model = folder / f"{voice.name}.onnx"
    settings = folder / f"{voice.name}.onnx.json"
    if _is_whole(settings, voice.settings) and _is_whole(model, voice.model):
        report(voice.size, voice.size)
        return model
    part = _part_of(model)
    missing = voice.size - (part.stat().st_size if part.exists() else 0)
    if shutil.disk_usage(folder).free < missing:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if not _is_whole(settings, voice.settings):
        _fetch_file(voice.settings, settings, lambda size: report(size, voice.size))
    if not _is_whole(model, voice.model):
        _fetch_file(voice.model, model, lambda size: report(voice.settings.size + size, voice.size))
    return model


def _is_whole(path: Path, wanted: VoiceFile) -> bool:
    return path.is_file() and path.stat().st_size == wanted.size and _md5(path) == wanted.md5


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def _part_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.part")


def _fetch_file(wanted: VoiceFile, path: Path, report: Callable[[int], None]) -> None:
    """Fetch *wanted* to *path*, going on with what is there of it; raises `OtherFileError`."""
    part = _part_of(path)
    resumed = part.exists() and part.stat().st_size > 0
    _fill(part, wanted, report)
    if _md5(part) != wanted.md5:
        part.unlink()
        if not resumed:
            raise OtherFileError(f"{wanted.path} has another hash than it should have")
        return _fetch_file(wanted, path, report)  # what was there was of another version
    part.replace(path)
    return None


def _fill(part: Path, wanted: VoiceFile, report: Callable[[int], None]) -> None:
    """Fetch until *part* is as long as *wanted*, with a few further attempts where it breaks off."""
    deadline = time.monotonic() + LONGEST_S
    failures = 0
    part.touch()
    while (have := part.stat().st_size) != wanted.size:
        if have > wanted.size:
            os.truncate(part, 0)
            continue
        try:
            _fetch_rest(part, wanted, report, deadline)
            failures = 0 if part.stat().st_size > have else failures + 1
            trouble = VoiceBusyError(f"piper: {host_name()} broke off in the middle of {wanted.path}")
        except VoiceBusyError as error:
            failures = 1 if part.stat().st_size > have else failures + 1
            trouble = error
        if part.stat().st_size == wanted.size:
            return
        if failures >= ATTEMPTS or time.monotonic() > deadline:
            raise VoiceError(f"{trouble}; try again, it goes on from there") from trouble
        time.sleep(max(WAIT_S * 2 ** (failures - 1), min(trouble.wait_s, 60)) if failures else 0)


def _fetch_rest(part: Path, wanted: VoiceFile, report: Callable[[int], None], deadline: float) -> None:
    """Ask once for what *part* lacks and append what comes; raises `VoiceBusyError` where it breaks off."""
    have = part.stat().st_size
    headers = {"Range": f"bytes={have}-"} if have else {}
    url = urljoin(catalogue.server_url(), quote(wanted.path))
    with ask(url, headers) as answer:
        begins, total = read_extent(answer)
        if total is not None and total != wanted.size:
            raise OtherFileError(f"{wanted.path} has {total} bytes instead of {wanted.size}")
        with part.open("r+b") as file:
            file.truncate(begins if begins <= have else 0)
            file.seek(0, os.SEEK_END)
            if file.tell() != begins:
                return
            _append(answer, file, wanted, report, deadline)


def _append(
    answer: "BaseHTTPResponse",
    file: IO[bytes],
    wanted: VoiceFile,
    report: Callable[[int], None],
    deadline: float,
) -> None:
    import urllib3

    size = file.tell()
    report(size)
    try:
        for chunk in answer.stream(CHUNK, decode_content=False):
            size += len(chunk)
            if size > wanted.size:
                raise OtherFileError(f"{wanted.path} is longer than its {wanted.size} bytes")
            file.write(chunk)
            report(size)
            if time.monotonic() > deadline:
                return
    except (urllib3.exceptions.HTTPError, TimeoutError, ConnectionError) as error:
        raise VoiceBusyError(f"piper: the connection to {host_name()} broke off") from error


@contextlib.contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Wait until no other process holds *lock*, and hold it; the system lets go of it with the process."""
    with lock.open("a+b") as file:
        while not _take(file):
            time.sleep(LOCK_WAIT_S)
        yield


if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[bytes]) -> bool:
        try:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _take(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
