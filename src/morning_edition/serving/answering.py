"""What each request is answered with (RFC 9110): the head, and which bytes."""

import errno
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from morning_edition.serving.conditions import FAILED, Validators, judge_conditions, range_applies
from morning_edition.serving.ranges import Part, parse_range
from morning_edition.serving.site import Site, SiteFile, split_path
from morning_edition.serving.texts import Texts, accepts_gzip

METHODS = "GET, HEAD, OPTIONS"
NOT_ALLOWED = frozenset({"CONNECT", "DELETE", "PATCH", "POST", "PUT", "TRACE"})
"""The other methods of RFC 9110 §9 and RFC 5789; those that nobody knows are 501."""
HOST = re.compile(r"([a-z0-9][a-z0-9._-]*|\[[0-9a-f:.]+\])(:[0-9]{1,5})?", re.IGNORECASE | re.ASCII)
"""What a `Host` may be: it is written into feeds and pages."""
OUT_OF_ROOM = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM})

FOR_PLAYERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Accept-Ranges, Content-Encoding, Content-Length, Content-Range, Date, ETag, Last-Modified"
    ),
}
PREFLIGHT = {
    "Allow": METHODS,
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": (
        "Cache-Control, If-Match, If-Modified-Since, If-None-Match, If-Range, If-Unmodified-Since, Range"
    ),
    "Access-Control-Max-Age": "86400",
}

Content = bytes | SiteFile
Piece = bytes | Part
"""Bytes as they are, or a part of the content."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks for."""

    method: str
    path: str
    """Percent-encoded, without the query: that means nothing here."""
    query: str
    headers: Mapping[str, str]
    hosts: tuple[str, ...]
    """Each `Host` header."""
    ranges: tuple[str, ...]
    """Each `Range` header."""
    is_http_1_0: bool
    own_address: str
    """Host and port that it came to."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    content: Content = b""
    pieces: tuple[Piece, ...] = ()
    """What of the content is sent."""

    @property
    def length(self) -> int:
        """How many bytes the pieces have."""
        return sum(piece.length if isinstance(piece, Part) else len(piece) for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The form of a file that a client gets."""

    content: Content
    size: int
    validators: Validators
    headers: dict[str, str]


class Desk:
    """Decides what requests for the files of *site* are answered with.

    *local* puts the address that a request came to in the place of those on the web.
    """

    def __init__(self, site: Site, texts: Texts, *, local: bool) -> None:
        self._site = site
        self._texts = texts
        self._local = local

    async def decide(self, asked: Asked) -> Answer:
        """Answer a request. Never raises for what is asked, nor for what the disk does."""
        if asked.method == "OPTIONS":
            return Answer(HTTPStatus.NO_CONTENT, PREFLIGHT)
        if asked.method not in {"GET", "HEAD"}:
            known = asked.method in NOT_ALLOWED
            return in_a_word(HTTPStatus.METHOD_NOT_ALLOWED, Allow=METHODS) if known else in_a_word(501)
        host = choose_host(asked)
        if not host:
            return in_a_word(HTTPStatus.BAD_REQUEST)
        file = self._site.find(asked.path)
        if not file:
            return self._find_elsewhere(asked)
        try:
            chosen = await self._choose(file, asked, host)
        except OSError as error:
            if error.errno in OUT_OF_ROOM:
                return in_a_word(HTTPStatus.SERVICE_UNAVAILABLE, Retry_After="1")
            return in_a_word(HTTPStatus.NOT_FOUND)
        return _answer_with(chosen, asked)

    def _find_elsewhere(self, asked: Asked) -> Answer:
        """Answer for what is not there: a folder's page is, one slash further."""
        if asked.path and self._site.is_folder(asked.path):
            names = split_path(f"{asked.path}/") or ()
            query = f"?{asked.query}" if asked.query else ""
            # From the names, not from the path: `//host` would lead to another server.
            return in_a_word(HTTPStatus.MOVED_PERMANENTLY, Location=f"/{'/'.join(names[:-1])}/{query}")
        return in_a_word(HTTPStatus.NOT_FOUND)

    async def _choose(self, file: SiteFile, asked: Asked, host: str) -> Chosen:
        """Return the form of *file* that the client takes. Raises OSError."""
        if not file.is_text:
            return Chosen(file, file.size_bytes, file.validators, {"Content-Type": file.type})
        content, etag = await self._texts.read(file, f"http://{host}/" if self._local else "")
        headers = {"Content-Type": file.type}
        if not file.type.startswith("audio/"):
            headers["Vary"] = "Accept-Encoding"
            # A part is one of the plain file, so that the next can be had from any server.
            if not asked.ranges and accepts_gzip(asked.headers.get("Accept-Encoding", "")):
                packed, packed_etag = await self._texts.pack(content, etag)
                if len(packed) < len(content):
                    content, etag = packed, packed_etag
                    headers["Content-Encoding"] = "gzip"
        return Chosen(content, len(content), Validators.of(etag, file.validators.modified_s), headers)


def choose_host(asked: Asked) -> str:
    """Return the host that was asked for, with its port; empty where a request has none, or a false one.

    HTTP/1.0 has none (RFC 9112 §3.2).
    """
    if not asked.hosts and asked.is_http_1_0:
        return asked.own_address
    host = asked.hosts[0] if len(asked.hosts) == 1 else ""
    return host if HOST.fullmatch(host) else ""


def in_a_word(status: int, **headers: str) -> Answer:
    """Return an answer that says no more than what *status* is called."""
    text = f"{int(status)} {HTTPStatus(status).phrase}\n".encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, {"Content-Type": "text/plain; charset=utf-8", **named}, text, (Part(0, len(text)),))


def _answer_with(chosen: Chosen, asked: Asked) -> Answer:
    """Answer with *chosen*, or a part of it, or the word that the client has it already."""
    validators = chosen.validators
    current = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "no-cache",  # kept, and asked for anew each time: what is tried out changes
        "ETag": validators.etag,
        "Last-Modified": validators.last_modified,
    }
    status = judge_conditions(asked.headers, validators)
    if status == FAILED:
        return in_a_word(FAILED)
    headers = {**current, **chosen.headers}
    if status:
        return Answer(
            status, {name: value for name, value in headers.items() if not name.startswith("Content-")}
        )
    parts = _wanted_parts(asked, chosen)
    if parts is None:
        return Answer(HTTPStatus.OK, headers, chosen.content, (Part(0, chosen.size),))
    if not parts:
        return in_a_word(416, Content_Range=f"bytes */{chosen.size}")
    if len(parts) == 1:
        headers["Content-Range"] = parts[0].describe(chosen.size)
        return Answer(HTTPStatus.PARTIAL_CONTENT, headers, chosen.content, parts)
    boundary = secrets.token_hex(16)
    pieces = _frame_parts(parts, chosen, boundary)
    headers["Content-Type"] = f"multipart/byteranges; boundary={boundary}"
    return Answer(HTTPStatus.PARTIAL_CONTENT, headers, chosen.content, pieces)


def _wanted_parts(asked: Asked, chosen: Chosen) -> tuple[Part, ...] | None:
    """Return the parts that are to be sent; None for the whole."""
    if asked.method != "GET" or len(asked.ranges) != 1 or not chosen.size:
        return None
    if not range_applies(asked.headers.get("If-Range"), chosen.validators, time.time()):
        return None
    return parse_range(asked.ranges[0], chosen.size)


def _frame_parts(parts: tuple[Part, ...], chosen: Chosen, boundary: str) -> tuple[Piece, ...]:
    """Put a head before each part (RFC 9110 §14.6)."""
    framed: list[Piece] = []
    for part in parts:
        head = (
            f"Content-Type: {chosen.headers['Content-Type']}\r\nContent-Range: {part.describe(chosen.size)}"
        )
        framed += [f"\r\n--{boundary}\r\n{head}\r\n\r\n".encode(), part]
    return (*framed, f"\r\n--{boundary}--\r\n".encode())
