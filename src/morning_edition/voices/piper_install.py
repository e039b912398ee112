"""A voice fetched: from the server into the user's cache folder, whole, or not at all.

What has come of a file stands in `NAME.onnx.part`, and a later run goes on from there (RFC 9110, section
14). Only what has the size and the MD5 that are known of it gets the file's name. Two processes wait for
each other by a lock on `NAME.lock`.
"""

import contextlib
import errno
import hashlib
import json
import os
import shutil
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from morning_edition.errors import VoiceBusyError, VoiceError
from morning_edition.voices import piper_voices
from morning_edition.voices.piper_voices import KnownVoice, VoiceFile

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

LARGEST = 400_000_000
LARGEST_LIST = 4_000_000
LARGEST_SETTINGS = 1_000_000
CHUNK = 256 * 1024
ATTEMPTS = 4
"""One after another without a byte more than before."""
WAIT_S = 1.0
"""Before the second attempt; twice as long before each further one."""
CONNECT_S = 10.0
READ_S = 30.0
LONGEST_S = 2 * 60 * 60
REDIRECTS = 5
LOCAL_HOSTS = ("127.0.0.1", "::1", "localhost")
LOCK_WAIT_S = 0.2

Report = Callable[[int, int], None]


class _OtherFileError(Exception):
    """The server sends another file than the one that is known."""


def fetch_voice(name: str, report: Report) -> Path:
    """Install the voice called *name* and return its model; one that is there and whole is left alone.

    *report* is told how many bytes are there and of how many. Raises `VoiceError`; what has come by then is
    kept for the next time.
    """
    folder = piper_voices.voices_folder()
    _check_address(urlsplit(piper_voices.server_url()))
    known = piper_voices.known_voices().get(name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder / f"{name.replace('/', '_').replace(os.sep, '_')}.lock"):
            voice = known or _ask_for(name)
            try:
                return _fetch_both(voice, folder, report)
            except _OtherFileError:
                # The voice may have been trained again since its row was written.
                renewed = _ask_for(name)
                if renewed.model == voice.model and renewed.settings == voice.settings:
                    raise
                return _fetch_both(renewed, folder, report)
    except _OtherFileError as error:
        raise VoiceError(f"piper: the voice {name} was not installed: {error}; try again later") from error
    except OSError as error:
        raise VoiceError(_tell_of_disk(folder, error)) from error


def _tell_of_disk(folder: Path, error: OSError) -> str:
    way_out = f"or name another folder in {piper_voices.FOLDER_VARIABLE}"
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
    """Fetch *wanted* to *path*, going on with what is there of it; raises `_OtherFileError`."""
    part = _part_of(path)
    resumed = part.exists() and part.stat().st_size > 0
    _fill(part, wanted, report)
    if _md5(part) != wanted.md5:
        part.unlink()
        if not resumed:
            raise _OtherFileError(f"{wanted.path} has another hash than it should have")
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
            trouble = VoiceBusyError(f"piper: {_host()} broke off in the middle of {wanted.path}")
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
    url = urljoin(piper_voices.server_url(), quote(wanted.path))
    with _ask(url, headers) as answer:
        begins, total = _read_extent(answer)
        if total is not None and total != wanted.size:
            raise _OtherFileError(f"{wanted.path} has {total} bytes instead of {wanted.size}")
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
                raise _OtherFileError(f"{wanted.path} is longer than its {wanted.size} bytes")
            file.write(chunk)
            report(size)
            if time.monotonic() > deadline:
                return
    except (urllib3.exceptions.HTTPError, TimeoutError, ConnectionError) as error:
        raise VoiceBusyError(f"piper: the connection to {_host()} broke off") from error


def _read_extent(answer: "BaseHTTPResponse") -> tuple[int, int | None]:
    """Return at which byte an answer begins and how long the whole file is, None where that is not told."""
    if answer.status == 206:
        extent = answer.headers.get("Content-Range", "")
        begins, _, total = extent.removeprefix("bytes ").replace("/", "-").partition("-")
        total = total.rpartition("-")[2]
        if begins.isdigit():
            return int(begins), int(total) if total.isdigit() else None
        raise VoiceError(f"piper: {_host()} answers with a range that cannot be read: {extent!r}")
    told = answer.headers.get("Content-Length", "")
    return 0, int(told) if told.isdigit() else None


def _ask_for(name: str) -> KnownVoice:
    """Return what the server's own list tells of a voice; raises `VoiceError` where it has none such."""
    if not piper_voices.model_path(name):
        raise VoiceError(
            f"piper: {name!r} is no voice's name; one looks like {piper_voices.DEFAULTS['en']} "
            "(`morning-edition voices` lists them)"
        )
    try:
        with _ask(urljoin(piper_voices.server_url(), "voices.json"), {}) as answer:
            content = answer.read(LARGEST_LIST + 1, decode_content=False)
        if len(content) > LARGEST_LIST:
            raise ValueError("too long")
        listed = json.loads(content)
        files = listed[name]["files"] if name in listed else {}
        speakers = int(listed[name].get("num_speakers", 1)) if name in listed else 0
    except VoiceBusyError as error:
        raise VoiceError(f"{error}; try again later") from error
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        raise VoiceError(f"piper: the list of voices at {_host()} cannot be read; try again later") from error
    if not files:
        raise VoiceError(
            f"piper: there is no voice {name} at {_host()}; `morning-edition voices` lists others"
        )
    path = piper_voices.model_path(name)
    return KnownVoice(
        name,
        speakers,
        _read_file(files, path, LARGEST),
        _read_file(files, f"{path}.json", LARGEST_SETTINGS),
        getattr(piper_voices.known_voices().get(name), "licence", piper_voices.UNKNOWN_LICENCE),
    )


def _read_file(files: Mapping[str, Any], path: str, largest: int) -> VoiceFile:
    try:
        size, md5 = int(files[path]["size_bytes"]), str(files[path]["md5_digest"])
    except (KeyError, TypeError, ValueError) as error:
        raise VoiceError(
            f"piper: the list of voices at {_host()} tells no size and hash of {path}"
        ) from error
    if not 0 < size <= largest:
        raise VoiceError(f"piper: {path} has {size} bytes, which no voice has; it was not fetched")
    return VoiceFile(path, size, md5)


@contextlib.contextmanager
def _ask(url: str, headers: Mapping[str, str]) -> Iterator["BaseHTTPResponse"]:
    """Send one request, following redirections. Raises `VoiceBusyError` for what may pass or `VoiceError`."""
    import urllib3

    from morning_edition.voices.network.connections import open_pools

    timeout = urllib3.Timeout(connect=CONNECT_S, read=READ_S)
    for _ in range(REDIRECTS + 1):
        parts = urlsplit(url)
        _check_address(parts)
        with open_pools("piper", parts) as pools:
            try:
                answer = pools.request(
                    "GET",
                    url,
                    headers={"Accept-Encoding": "identity", "User-Agent": "morning-edition", **headers},
                    preload_content=False,
                    redirect=False,
                    retries=False,
                    timeout=timeout,
                )
            except (urllib3.exceptions.HTTPError, OSError) as error:
                raise VoiceBusyError(
                    f"piper: {parts.hostname} cannot be reached ({_cause(error)})"
                ) from error
            try:
                if place := answer.get_redirect_location():
                    url = urljoin(url, place)
                    continue
                _check_status(answer, parts)
                yield answer
            finally:
                answer.close()
            return
    raise VoiceError(f"piper: {_host()} sends from one address to the next without end")


def _check_status(answer: "BaseHTTPResponse", parts: SplitResult) -> None:
    if answer.status in (200, 206):
        return
    what = f"piper: {parts.hostname} answers {answer.status} for {parts.path}"
    if answer.status == 429 or answer.status >= 500:
        told = answer.headers.get("Retry-After", "")
        raise VoiceBusyError(what, wait_s=float(told) if told.isdigit() else 0.0)
    if answer.status == 416:
        raise _OtherFileError(f"{parts.path} is shorter than it should be")
    way_out = f"check {piper_voices.SERVER_VARIABLE}" if os.environ.get(piper_voices.SERVER_VARIABLE) else ""
    raise VoiceError(f"{what}; {way_out or '`morning-edition voices` lists what there is'}")


def _cause(error: Exception) -> str:
    return type(getattr(error, "reason", None) or error).__name__


def _host() -> str:
    return urlsplit(piper_voices.server_url()).hostname or piper_voices.server_url()


def _check_address(parts: SplitResult) -> None:
    """Refuse any way on which a voice could be changed: plain http is for this machine alone."""
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme == "http" and parts.hostname in LOCAL_HOSTS:
        return
    shown = f"{parts.scheme}://{parts.hostname or ''}"
    raise VoiceError(
        f"piper: voices are fetched by https, or by http from this machine, not from {shown}; "
        f"check {piper_voices.SERVER_VARIABLE}"
    )


def find_way(parts: SplitResult) -> tuple[str, int]:
    """Return host and port of what is connected to first on the way to an address: it, or a proxy."""
    _check_address(parts)
    host = parts.hostname or ""
    proxy = urllib.request.getproxies().get(parts.scheme, "")
    if proxy and host not in LOCAL_HOSTS and not urllib.request.proxy_bypass(host):
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


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
