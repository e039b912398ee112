"""After a publication subscribers are told, and whatever listeners would not get as they should is said."""

import contextlib
import email.utils
import gzip
import http.server
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from morning_edition.fetching.web_addresses import ALLOW_PRIVATE
from morning_edition.publish import reception
from morning_edition.publish.announcing import announce
from morning_edition.station import Station, parse_station

SOUND = b"ID3" + bytes(9997)
SENT = ("audio/new.mp3", "podcast.xml")
MODIFIED = email.utils.formatdate(1_700_000_000, usegmt=True)


@dataclass
class Host:
    """A web server as a station may have one, well behaved until something of it is changed."""

    url: str = ""
    feed: bytes = b""
    feed_type: str = "application/rss+xml"
    validators: dict[str, str] = field(default_factory=lambda: {"ETag": '"1"', "Last-Modified": MODIFIED})
    heeds_conditions: bool = True
    packs: bool = False
    stale: int = 0
    """So many times the former feed is still sent."""
    statuses: dict[str, int] = field(default_factory=dict)
    """By path, or by method and path."""
    range_answer: str = "part"
    sound_headers: dict[str, str] = field(default_factory=dict)
    pings: list[dict[str, list[str]]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    sent_bytes: int = 0


def make_feed(url: str, guid: str = "one", length: int = len(SOUND)) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>Show</title>'
        "<lastBuildDate>Fri, 06 Mar 2026 12:30:00 +0000</lastBuildDate>"
        f'<item><guid>{guid}</guid><enclosure url="{url}/audio/new.mp3" length="{length}" type="audio/mpeg"/>'
        "</item><item><guid>old</guid>"
        f'<enclosure url="{url}/audio/old.mp3" length="1" type="audio/mpeg"/></item>'
        "</channel></rss>\n"
    ).encode()


def make_handler(host: Host) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self, status: int, headers: dict[str, str], body: bytes = b"") -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(body if self.command != "HEAD" else b"")

        def do_GET(self) -> None:
            host.asked.append(f"{self.command} {self.path}")
            status = host.statuses.get(host.asked[-1], host.statuses.get(self.path, 0))
            if status:
                self.answer(status, {"Location": "/elsewhere.xml"} if status in (301, 302) else {})
            elif self.path.endswith(".xml"):
                self.send_feed()
            else:
                self.send_sound()

        do_HEAD = do_GET  # noqa: N815 - http.server's name for it

        def send_feed(self) -> None:
            known = self.headers.get("If-None-Match") or self.headers.get("If-Modified-Since")
            if known and host.heeds_conditions:
                return self.answer(304, host.validators)
            host.stale -= 1
            body = host.feed if host.stale < 0 else make_feed(host.url, "former")
            packed = {"Content-Encoding": "gzip"} if host.packs else {}
            body = gzip.compress(body) if host.packs else body
            return self.answer(200, {"Content-Type": host.feed_type, **host.validators, **packed}, body)

        def send_sound(self) -> None:
            headers = {"Content-Type": "audio/mpeg"} | host.sound_headers
            asked = self.headers.get("Range")
            if not asked or host.range_answer == "whole":
                return self.answer(200, headers, SOUND)
            assert asked == "bytes=0-1"
            told = {"Content-Range": f"bytes 0-1/{len(SOUND)}"}
            match host.range_answer:
                case "lie":
                    told = {"Content-Range": "bytes 0-1/*"}
                case "too much":
                    return self.answer(206, headers | told, SOUND)
            return self.answer(206, headers | told, SOUND[:2])

        def do_POST(self) -> None:
            host.asked.append(f"POST {self.path}")
            assert self.headers["Content-Type"] == "application/x-www-form-urlencoded"
            host.pings.append(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            self.answer(host.statuses.get("/hub", 202), {"Location": "/other"})

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    monkeypatch.setenv(ALLOW_PRIVATE, "1")
    monkeypatch.setattr(reception, "WAITS_S", (0.01, 0.01))
    made = Host()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), make_handler(made))
    made.url = f"http://127.0.0.1:{server.server_port}"
    made.feed = make_feed(made.url)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def make_station(url: str, hub: str = "") -> Station:
    return parse_station(f'[show]\nbase_url = "{url}"\n[feed]\nhub = "{hub}"\n', Path("nowhere"))


def remarks(host: Host, hub: str = "") -> tuple[str, ...]:
    return announce(make_station(host.url, hub), host.feed, SENT, lambda _: None)


def the_remark(host: Host, hub: str = "") -> str:
    (remark,) = remarks(host, hub)
    assert remark.isprintable()
    for name, path in {"FEED": "/podcast.xml", "SOUND": "/audio/new.mp3", "HOST": ""}.items():
        remark = remark.replace(host.url + path, name)
    return remark


def test_a_site_that_is_as_it_should_be_has_no_remarks(host: Host) -> None:
    """Everything is asked once: the feed, whether it has changed, and the newest sound's head and part."""
    said: list[str] = []
    assert announce(make_station(host.url), host.feed, SENT, said.append) == ()
    assert host.asked == ["GET /podcast.xml", "GET /podcast.xml", "HEAD /audio/new.mp3", "GET /audio/new.mp3"]
    assert said == [
        f"fetching {host.url}/podcast.xml as listeners do",
        "asking for a part of the newest sound",
    ]
    host.packs = True
    assert remarks(host) == ()


@pytest.mark.parametrize("status", [200, 202, 204])
def test_the_hub_is_told_of_the_feed(host: Host, status: int) -> None:
    """By both names that hubs know it by, once it can be fetched."""
    host.statuses["/hub"] = status
    assert remarks(host, f"{host.url}/hub") == ()
    feed_url = f"{host.url}/podcast.xml"
    assert host.pings == [{"hub.mode": ["publish"], "hub.url": [feed_url], "hub.topic": [feed_url]}]
    assert host.asked.index("POST /hub") > host.asked.index("GET /podcast.xml")


@pytest.mark.parametrize(
    ("sent", "pings"), [((), 0), (("audio/x/index.html",), 0), (("flash-briefing.json",), 1), (SENT, 1)]
)
def test_the_hub_is_told_of_news_alone(host: Host, sent: tuple[str, ...], pings: int) -> None:
    """Where neither feed nor briefing was sent, nobody is to fetch anything; it is looked at all the same."""
    assert announce(make_station(host.url, f"{host.url}/hub"), host.feed, sent, lambda _: None) == ()
    assert len(host.pings) == pings
    assert "GET /podcast.xml" in host.asked


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (400, "told nobody (HTTP 400); check feed.hub, or empty it to do without a hub"),
        (503, "told nobody (HTTP 503); check feed.hub, or empty it to do without a hub"),
        (301, "has moved (HTTP 301), and told nobody; find its address, and set feed.hub to it"),
    ],
)
def test_a_hub_that_tells_nobody_is_told(host: Host, status: int, said: str) -> None:
    """And a form is not sent after a redirect."""
    host.statuses["/hub"] = status
    assert the_remark(host, f"{host.url}/hub") == f"the hub HOST/hub: {said}"
    assert len(host.pings) == 1


def test_a_cache_may_keep_the_former_feed_a_moment(host: Host) -> None:
    """It is fetched again, with growing waits."""
    host.stale = 2
    assert remarks(host) == ()
    host.stale = 99
    assert "FEED: is not the feed that was sent; wait until caches have" in the_remark(host)


def test_a_feed_written_anew_by_its_host_is_the_same(host: Host) -> None:
    """As long as it has the same date, GUIDs and sounds."""
    sent, host.feed = host.feed, host.feed.replace(b"<item>", b"\n  <item>")
    assert announce(make_station(host.url), sent, SENT, lambda _: None) == ()
    host.feed = host.feed.replace(b"12:30:00", b"12:31:00")
    assert "is not the feed" in announce(make_station(host.url), sent, SENT, lambda _: None)[0]


@pytest.mark.parametrize(
    "body", [b"", b"<html>Welcome to our Wi-Fi!</html>", b"\xff\xfe", b"<?xml ", b"x" * 99_999]
)
def test_what_is_no_feed_at_all_is_told(host: Host, body: bytes) -> None:
    """A captive portal, a blank page."""
    sent, host.feed = host.feed, body
    said = announce(make_station(host.url), sent, SENT, lambda _: None)
    assert len(said) == 1
    assert "is not the feed that was sent" in said[0]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"feed_type": "text/plain; charset=utf-8"},
            "FEED: is served as 'text/plain'; have the server say application/rss+xml",
        ),
        (
            {"validators": {}},
            "FEED: is served without an ETag and a Last-Modified, so that every app fetches all of it "
            "each time; have the server send one",
        ),
        (
            {"heeds_conditions": False},
            "FEED: is sent whole to apps that have it already; have the server answer If-None-Match "
            "and If-Modified-Since",
        ),
        (
            {"range_answer": "whole"},
            "SOUND: is sent whole where a part is asked for, and Apple refuses such shows; have the "
            "server answer byte ranges",
        ),
        (
            {"range_answer": "lie"},
            "SOUND: answers a byte range with Content-Range 'bytes 0-1/*', not bytes 0-1/10000; "
            "publish again, or check that show.base_url is where publish.to is served",
        ),
        (
            {"range_answer": "too much"},
            "SOUND: answers a byte range of 2 bytes with 3; have the server send just that part",
        ),
        (
            {"sound_headers": {"Content-Type": "text/html"}},
            "SOUND: is served as 'text/html'; have the server say audio/mpeg",
        ),
        (
            {"statuses": {"HEAD /audio/new.mp3": 405}},
            "SOUND: answers HEAD with HTTP 405, which Apple asks for; mend the server, or serve the "
            "site from another",
        ),
        (
            {"statuses": {"GET /audio/new.mp3": 416}},
            "SOUND: answers a byte range with HTTP 416; mend the server, or serve the site from another",
        ),
        (
            {"statuses": {"/podcast.xml": 404}},
            "FEED: holds no feed any more (HTTP 404); check the address; check that show.base_url is "
            "where publish.to is served",
        ),
        (
            {"statuses": {"/podcast.xml": 302}},
            "FEED: leads to HOST/elsewhere.xml; set show.base_url to where the site is",
        ),
    ],
)
def test_what_is_not_well_is_told_with_the_way_out(host: Host, change: dict[str, Any], said: str) -> None:
    """One remark for each thing."""
    for name, value in change.items():
        setattr(host, name, value)
    assert the_remark(host) == said


def test_a_sound_of_another_length_is_told(host: Host) -> None:
    """Its length stands in the feed, and players trust it."""
    host.feed = make_feed(host.url, length=9999)
    head, part = remarks(host)
    assert "has '10000' bytes, and the feed says 9999; publish again" in head
    assert "Content-Range 'bytes 0-1/10000', not bytes 0-1/9999" in part


def test_a_feed_without_sound_has_nothing_to_ask_for(host: Host) -> None:
    """A station may begin with no episode."""
    host.feed = b'<?xml version="1.0" encoding="UTF-8"?><rss><channel/></rss>'
    assert remarks(host) == ()
    assert not [asked for asked in host.asked if "audio" in asked]


@pytest.mark.parametrize(
    "url", ["https://podcast.example/", "https://pod.example./brief/", "http://x.y.EXAMPLE"]
)
def test_an_example_is_not_asked(url: str) -> None:
    """Nobody can be there; one word says so."""
    said: list[str] = []
    assert announce(make_station(url, "https://hub.example/"), b"", SENT, said.append) == ()
    assert len(said) == 1
    assert "is an example: set show.base_url" in said[0]


def test_a_network_that_is_down_is_a_remark(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    """Never an error: what was published is published."""
    monkeypatch.delenv(ALLOW_PRIVATE)
    said = remarks(host, f"{host.url}/hub")
    assert len(said) == 3
    assert all("is inside a private network; set MORNING_EDITION_ALLOW_PRIVATE=1" in one for one in said)
    assert host.asked == []


def test_a_host_that_keeps_silent_is_given_up_in_time(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    """However often a feed may be tried."""
    monkeypatch.setattr(reception, "FEED_S", 0.5)
    monkeypatch.setattr(reception, "WAITS_S", (0.1,) * 50)
    host.statuses["/podcast.xml"] = 503
    start = time.monotonic()
    assert "has trouble of its own (HTTP 503)" in the_remark(host)
    assert time.monotonic() - start < 2
    assert 2 < len(host.asked) < 12
