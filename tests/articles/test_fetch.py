"""A web address is fetched within bounds, and never from inside the network unless the newsroom says so."""

import gzip
import http.server
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from morning_edition import __version__
from morning_edition.articles import fetch as fetching
from morning_edition.articles import open_article
from morning_edition.articles.fetch import Fetched, fetch, shown_url
from morning_edition.errors import ArticleError
from morning_edition.fetching.ip_addresses import is_private
from morning_edition.fetching.web_addresses import ALLOW_PRIVATE

PARAGRAPHS = [
    f"The café at the pier’s {place} end opened on Monday, and a hundred people came in its first hour."
    for place in ("north", "south", "far", "near", "other")
]
PAGE = (
    "<html><head><title>Café opens</title></head><body><h1>Café opens</h1><article>"
    + "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    + "</article></body></html>"
)
ANSWERS: dict[str, tuple[int, dict[str, str], bytes]] = {
    "/page": (200, {"Content-Type": "text/html; charset=utf-8"}, PAGE.encode()),
    "/latin": (200, {"Content-Type": "text/html; charset=windows-1252"}, PAGE.encode("cp1252")),
    "/gzip": (200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}, gzip.compress(PAGE.encode())),
    "/moved": (301, {"Location": "/page"}, b""),
    "/loop": (302, {"Location": "/loop"}, b""),
    "/to-file": (302, {"Location": "file:///etc/hostname"}, b""),
    "/to-password": (302, {"Location": "http://me:secret@127.0.0.1/"}, b""),
    "/picture": (200, {"Content-Type": "image/png"}, b"\x89PNG"),
    "/bomb": (
        200,
        {"Content-Type": "text/html", "Content-Encoding": "gzip"},
        gzip.compress(bytes(30_000_000)),
    ),
    "/damaged": (200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}, b"no gzip at all"),
    **{f"/{status}": (status, {}, b"") for status in (400, 401, 402, 403, 404, 410, 418, 429, 500, 503)},
}
SEEN: list[dict[str, str]] = []


class Site(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        SEEN.append(dict(self.headers))
        if self.path == "/drip":
            return self.drip()
        status, headers, body = ANSWERS[self.path]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            return None
        return None

    def drip(self) -> None:
        try:
            for _ in range(200):
                self.wfile.write(b"H")
                self.wfile.flush()
                time.sleep(0.05)
        except OSError:
            return

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def inside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ALLOW_PRIVATE, "1")


def refusal(url: str) -> str:
    with pytest.raises(ArticleError) as caught:
        fetch(url, shown_url(url))
    message = str(caught.value)
    assert "\n" not in message
    return message


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize("path", ["/page", "/latin", "/gzip", "/moved"])
def test_an_address_gives_its_article(site: str, path: str) -> None:
    """In any charset, packed or not, after a move."""
    article = open_article(f"{site}{path}#top")
    assert article.headline == "Café opens"
    assert article.source_url == f"{site}/page" if path == "/moved" else f"{site}{path}"


@pytest.mark.usefixtures("inside")
def test_a_fetch_says_who_asks(site: str) -> None:
    """By its own name, not a browser's."""
    assert fetch(f"{site}/page", "x") == Fetched(f"{site}/page", PAGE.encode(), "utf-8", "text/html")
    assert SEEN[-1]["User-Agent"] == f"MorningEdition/{__version__}"


def test_addresses_inside_the_network_are_refused(site: str) -> None:
    """Until the newsroom allows them; the message says how."""
    way_out = "set MORNING_EDITION_ALLOW_PRIVATE=1 if it is your own newsroom's"
    assert refusal(f"{site}/page") == f"{site}/page: is inside a private network; {way_out}"
    assert "private network" in refusal(site.replace("127.0.0.1", "localhost") + "/page")


def test_a_name_that_leads_inside_is_refused_when_connected(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What counts is the machine that answers, so that no name can lie; nothing is asked of it."""
    real = socket.getaddrinfo

    def answer(host: str, *rest: object, **options: object) -> object:
        return real("127.0.0.1" if host == "bay.example" else host, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    before = len(SEEN)
    assert "private network" in refusal(site.replace("127.0.0.1", "bay.example") + "/page")
    assert len(SEEN) == before


@pytest.mark.parametrize(
    ("address", "private"),
    [
        *[(address, True) for address in "127.0.0.1 10.1.2.3 192.168.1.1 172.16.0.1 169.254.169.254".split()],
        *[
            (address, True)
            for address in "0.0.0.0 100.64.0.1 224.0.0.1 255.255.255.255 ::1 :: fe80::1%eth0".split()
        ],
        *[(address, True) for address in "fc00::1 ::ffff:10.0.0.1 ff02::1 2002:7f00:1::".split()],
        *[(address, False) for address in "93.184.215.14 1.1.1.1 2606:4700::1111".split()],
        ("bay.example", False),
    ],
)
def test_private_addresses_are_known(address: str, private: bool) -> None:
    """Loopback, link-local, private, reserved, multicast, and IPv4 inside IPv6."""
    assert is_private(address) == private


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize(
    ("path", "said"),
    [
        (
            "/401",
            "is not shown to programs or strangers (HTTP 401); open it in your browser, save the page and",
        ),
        ("/402", "is not shown to programs or strangers (HTTP 402)"),
        ("/403", "is not shown to programs or strangers (HTTP 403)"),
        ("/404", "holds no page any more (HTTP 404); check the address"),
        ("/410", "holds no page any more (HTTP 410)"),
        ("/418", "gave no page (HTTP 418)"),
        ("/429", "asks for fewer visits (HTTP 429); try again later"),
        ("/500", "has trouble of its own (HTTP 500); try again later"),
        ("/picture", "is image/png, not an article"),
        ("/loop", "leads from page to page without end"),
        ("/bomb", "is larger than 10,000,000 bytes"),
        ("/damaged", "sent a damaged page; try again"),
        ("/to-file", "is no web address"),
        ("/to-password", "holds a name or password"),
    ],
)
def test_what_goes_wrong_is_told_with_the_way_out(site: str, path: str, said: str) -> None:
    """Never as a traceback, and never with a password."""
    message = refusal(f"{site}{path}")
    assert message.startswith(f"{site}{path}: {said}")
    assert "secret" not in message


@pytest.mark.usefixtures("inside")
def test_a_site_that_answers_a_byte_at_a_time_is_given_up(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each byte comes in time, but all of them together do not."""
    monkeypatch.setattr(fetching, "TOTAL_S", 0.5)
    start = time.monotonic()
    assert "took longer than" in refusal(f"{site}/drip")
    assert time.monotonic() - start < 3


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://me:secret@bay.example/", "https://bay.example/: holds a name or password"),
        ("https://me@bay.example/", "https://bay.example/: holds a name or password"),
        ("https://", "https://: is no web address"),
        ("https://[::1", "https://[::1: is no web address"),
        ("http://bay.example:99999/", "http://bay.example:99999/: is no web address"),
        ("http://169.254.169.254/latest", "http://169.254.169.254/latest: is a link-local address"),
        ("http://a..b/", "http://a..b/: "),
        ("http://nowhere.invalid/", "http://nowhere.invalid/: cannot be reached; check the address"),
        ("http://bay.example/\n\x1b[31m", "http://bay.example/\\n\\x1b[31m: "),
    ],
)
def test_addresses_that_cannot_be_fetched_are_refused(
    url: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a word of any password."""

    def no_network(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    message = refusal(url)
    assert message.startswith(said)
    assert "secret" not in message
    assert message.isprintable()
