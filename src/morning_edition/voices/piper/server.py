"""The server of voices, asked safely: by https, or by http on this machine, one request at a time."""

import contextlib
import json
import os
import urllib.request
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urljoin, urlsplit

from morning_edition.errors import VoiceBusyError, VoiceError
from morning_edition.voices.piper import catalogue
from morning_edition.voices.piper.catalogue import KnownVoice, VoiceFile

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

LARGEST = 400_000_000
LARGEST_LIST = 4_000_000
LARGEST_SETTINGS = 1_000_000
CONNECT_S = 10.0
READ_S = 30.0
REDIRECTS = 5
LOCAL_HOSTS = ("127.0.0.1", "::1", "localhost")


class OtherFileError(Exception):
    """The server sends another file than the one that is known."""


@contextlib.contextmanager
def ask(url: str, headers: Mapping[str, str]) -> Iterator["BaseHTTPResponse"]:
    """Send one request, following redirections. Raises `VoiceBusyError` for what may pass or `VoiceError`."""
    import urllib3

    from morning_edition.voices.network.connections import open_pools

    timeout = urllib3.Timeout(connect=CONNECT_S, read=READ_S)
    for _ in range(REDIRECTS + 1):
        parts = urlsplit(url)
        check_address(parts)
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
    raise VoiceError(f"piper: {host_name()} sends from one address to the next without end")


def _check_status(answer: "BaseHTTPResponse", parts: SplitResult) -> None:
    if answer.status in (200, 206):
        return
    what = f"piper: {parts.hostname} answers {answer.status} for {parts.path}"
    if answer.status == 429 or answer.status >= 500:
        told = answer.headers.get("Retry-After", "")
        raise VoiceBusyError(what, wait_s=float(told) if told.isdigit() else 0.0)
    if answer.status == 416:
        raise OtherFileError(f"{parts.path} is shorter than it should be")
    way_out = f"check {catalogue.SERVER_VARIABLE}" if os.environ.get(catalogue.SERVER_VARIABLE) else ""
    raise VoiceError(f"{what}; {way_out or '`morning-edition voices` lists what there is'}")


def _cause(error: Exception) -> str:
    return type(getattr(error, "reason", None) or error).__name__


def host_name() -> str:
    """Return what messages call the server."""
    return urlsplit(catalogue.server_url()).hostname or catalogue.server_url()


def check_address(parts: SplitResult) -> None:
    """Refuse any way on which a voice could be changed: plain http is for this machine alone."""
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme == "http" and parts.hostname in LOCAL_HOSTS:
        return
    shown = f"{parts.scheme}://{parts.hostname or ''}"
    raise VoiceError(
        f"piper: voices are fetched by https, or by http from this machine, not from {shown}; "
        f"check {catalogue.SERVER_VARIABLE}"
    )


def find_way(parts: SplitResult) -> tuple[str, int]:
    """Return host and port of what is connected to first on the way to an address: it, or a proxy."""
    check_address(parts)
    host = parts.hostname or ""
    proxy = urllib.request.getproxies().get(parts.scheme, "")
    if proxy and host not in LOCAL_HOSTS and not urllib.request.proxy_bypass(host):
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


def read_extent(answer: "BaseHTTPResponse") -> tuple[int, int | None]:
    """Return at which byte an answer begins and how long the whole file is, None where that is not told."""
    if answer.status == 206:
        extent = answer.headers.get("Content-Range", "")
        begins, _, total = extent.removeprefix("bytes ").replace("/", "-").partition("-")
        total = total.rpartition("-")[2]
        if begins.isdigit():
            return int(begins), int(total) if total.isdigit() else None
        raise VoiceError(f"piper: {host_name()} answers with a range that cannot be read: {extent!r}")
    told = answer.headers.get("Content-Length", "")
    return 0, int(told) if told.isdigit() else None


def ask_for(name: str) -> KnownVoice:
    """Return what the server's own list tells of a voice; raises `VoiceError` where it has none such."""
    if not catalogue.model_path(name):
        raise VoiceError(
            f"piper: {name!r} is no voice's name; one looks like {catalogue.DEFAULTS['en']} "
            "(`morning-edition voices` lists them)"
        )
    try:
        with ask(urljoin(catalogue.server_url(), "voices.json"), {}) as answer:
            content = answer.read(LARGEST_LIST + 1, decode_content=False)
        if len(content) > LARGEST_LIST:
            raise ValueError("too long")
        listed = json.loads(content)
        files = listed[name]["files"] if name in listed else {}
        speakers = int(listed[name].get("num_speakers", 1)) if name in listed else 0
    except VoiceBusyError as error:
        raise VoiceError(f"{error}; try again later") from error
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        raise VoiceError(
            f"piper: the list of voices at {host_name()} cannot be read; try again later"
        ) from error
    if not files:
        raise VoiceError(
            f"piper: there is no voice {name} at {host_name()}; `morning-edition voices` lists others"
        )
    path = catalogue.model_path(name)
    return KnownVoice(
        name,
        speakers,
        _read_file(files, path, LARGEST),
        _read_file(files, f"{path}.json", LARGEST_SETTINGS),
        getattr(catalogue.known_voices().get(name), "licence", catalogue.UNKNOWN_LICENCE),
    )


def _read_file(files: Mapping[str, Any], path: str, largest: int) -> VoiceFile:
    try:
        size, md5 = int(files[path]["size_bytes"]), str(files[path]["md5_digest"])
    except (KeyError, TypeError, ValueError) as error:
        raise VoiceError(
            f"piper: the list of voices at {host_name()} tells no size and hash of {path}"
        ) from error
    if not 0 < size <= largest:
        raise VoiceError(f"piper: {path} has {size} bytes, which no voice has; it was not fetched")
    return VoiceFile(path, size, md5)
