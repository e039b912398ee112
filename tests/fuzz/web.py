"""What comes over a line: an answer byte for byte, an address, a feed as `watch` lists it."""

import contextlib
import datetime as dt
import functools
import gzip
import ipaddress
import os
import socket
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fuzz.target import ENTITIES, JSON, MARKUP, Target, seeds

NOW = dt.datetime(2026, 3, 6, 12, tzinfo=dt.UTC)
LOCAL = "127.0.0.1"


class Line:
    """A server that answers every request with the same bytes, whatever they are."""

    def __init__(self) -> None:
        self.answer = b""
        self._listening = socket.create_server((LOCAL, 0), backlog=64)
        self.url = f"http://{LOCAL}:{self._listening.getsockname()[1]}/feed.xml"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            peer, _ = self._listening.accept()
            with contextlib.suppress(OSError), peer:
                peer.settimeout(1)
                asked = b""
                while b"\r\n\r\n" not in asked and (piece := peer.recv(65_536)):
                    asked += piece
                peer.sendall(self.answer)
                peer.shutdown(socket.SHUT_WR)


@functools.cache
def line() -> Line:
    return Line()


@contextlib.contextmanager
def alone(*, private: bool) -> Iterator[None]:
    """Keep to this machine: no other name or number is found, whatever an input leads to."""
    find, allowed = socket.getaddrinfo, os.environ.get("MORNING_EDITION_ALLOW_PRIVATE")

    def find_here(host: Any, *args: Any, **options: Any) -> Any:
        if host != LOCAL:
            raise socket.gaierror(socket.EAI_NONAME, "nobody has that name")
        return find(host, *args, **options)

    socket.getaddrinfo = find_here
    os.environ["MORNING_EDITION_ALLOW_PRIVATE"] = "1" if private else "0"
    try:
        yield
    finally:
        socket.getaddrinfo = find
        if allowed is None:
            del os.environ["MORNING_EDITION_ALLOW_PRIVATE"]
        else:
            os.environ["MORNING_EDITION_ALLOW_PRIVATE"] = allowed


def read_answer(data: bytes) -> object:
    from morning_edition.fetching import FEED, fetch_if_changed, shown_url

    line().answer = data
    with alone(private=True):
        found = fetch_if_changed(line().url, "it", '"x"', "")
    if found is None:
        return "as it was"
    assert len(found.raw) <= FEED.largest_bytes
    assert shown_url(found.url).isprintable()
    for told in (found.etag, found.modified, found.media_type, found.charset):
        assert told.isprintable(), told
    return found


def read_address(data: bytes) -> object:
    from morning_edition.fetching.web_addresses import check_url, shown_url

    text = data.decode("utf-8", "surrogatepass") if b"\xed" in data else data.decode("utf-8", "replace")
    assert shown_url(text).isprintable()
    with alone(private=False):
        place = check_url(text, "it")
    parts = urlsplit(place.url)
    assert place.url.isascii()
    assert parts.hostname == place.host
    assert parts.scheme in ("http", "https")
    assert not parts.username and not parts.password
    assert place.host.rstrip(".").rpartition(".")[2] != "localhost"
    with contextlib.suppress(ValueError):
        assert ipaddress.ip_address(place.host).is_global
    with alone(private=False):
        assert check_url(place.url, "it") == place
    return place


def read_watched(data: bytes) -> object:
    from morning_edition.articles.encodings import decode_page
    from morning_edition.errors import ArticleError
    from morning_edition.fetching import Fetched
    from morning_edition.station import Station
    from morning_edition.watching.feeds import _find_pause_s, _list_items

    station = Station(Path())
    text = decode_page(data, "")
    assert 0 <= _find_pause_s(text, NOW) <= 86_400
    items = _list_items(text, Fetched("https://news.example/feed.xml", data), "it", station)
    with alone(private=False):
        for item in items[:3]:
            assert item.title.isprintable() and item.name.isprintable()
            with contextlib.suppress(ArticleError):
                item.read()
    return items


def targets() -> dict[str, Target]:
    from morning_edition.errors import FetchError

    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n"
    answers = (
        head + b'Content-Length: 5\r\nETag: "a"\r\nLast-Modified: Fri, 06 Mar 2026 12:00:00 GMT\r\n\r\n<rss>',
        head + b"Transfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\n0\r\n\r\n",
        head + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"<rss>", mtime=0),
        head + b"Content-Encoding: deflate\r\nSet-Cookie: a=b; Path=/\r\n\r\n" + zlib.compress(b"<rss>"),
        b"HTTP/1.0 200 OK\n\n<rss>",
        b"HTTP/1.1 304 Not Modified\r\n\r\n",
    )
    refusals = (
        b"HTTP/1.1 301 Moved\r\nLocation: /other?x=1#y\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 429 No\r\nRetry-After: 120\r\nDate: Fri, 06 Mar 2026 12:00:00 GMT\r\n\r\n",
    )
    http = tuple(
        b"\r\n|Location: |Content-Length: |Transfer-Encoding: chunked|Content-Encoding: gzip|Retry-After: "
        b"|Set-Cookie: |HTTP/1.1 302 |HTTP/1.1 100 Continue\r\n\r\n|http://[::1]/|//10.0.0.1/|https://"
        b"|ffffffffffffffff\r\n|-1|charset=|file:///etc/passwd|text/html; charset=x".split(b"|")
    )
    addresses = (
        b"https://news.example/a/b?c=d#e",
        b"http://1.1.1.1:8080/?x",
        b"https://[2606:4700::1111]/",
        "https://münchen.example/ü".encode(),
    )
    parts = tuple(
        b"http://|https://|//|@|:80|:99999|[::1]|[::ffff:127.0.0.1]|%00|%2e|0x7f.1|2130706433|127.1|\\|#"
        b"|localhost|xn--|\xe3\x80\x82|\xc2\xad|\xef\xbc\x8e|169.254.169.254|%25|..|ana:word@|10.0.0.1".split(
            b"|"
        )
    )
    return {
        "answer": Target(read_answer, (FetchError,), answers, http, refusals),
        "address": Target(read_address, (FetchError, UnicodeDecodeError), addresses, parts),
        "watched feed": Target(
            read_watched,
            (FetchError,),
            seeds("rss.xml", "atom.xml", "feed.json"),
            (*MARKUP, *ENTITIES, *JSON, b"<skipHours><hour>3</hour></skipHours>", b"<ttl>60</ttl>"),
        ),
    }
