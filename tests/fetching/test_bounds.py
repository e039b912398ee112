"""Whatever a server sends, a fetch ends: in time, in size, and with a page or a clear error."""

import gzip
import itertools
import re
import socket
import ssl
import subprocess
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from morning_edition.errors import FetchError
from morning_edition.fetching import Purpose, fetch

pytestmark = pytest.mark.usefixtures("inside")

PAGE = Purpose(largest_bytes=1_000_000, total_s=5.0)
HURRIED = Purpose(largest_bytes=1_000_000, total_s=0.25)
OK = b"HTTP/1.1 200 OK\r\n"
TEXT = b"The ferry came back on Monday. " * 1000


def pack(content: bytes) -> bytes:
    """Pack it without the time, so that a test is called the same each time."""
    return gzip.compress(content, mtime=0)


def refusal(url: str, purpose: Purpose = PAGE) -> str:
    with pytest.raises(FetchError) as caught:
        fetch(url, "x", purpose)
    return str(caught.value)


def endless(beginning: bytes, *pieces: bytes, pause_s: float = 0.0) -> Callable[[socket.socket], None]:
    """Send *beginning*, then *pieces* again and again until nobody takes them."""

    def play(line: socket.socket) -> None:
        line.sendall(beginning)
        for piece in itertools.cycle(pieces):
            line.sendall(piece)
            time.sleep(pause_s)

    return play


def raw_deflate(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("", TEXT),
        ("identity", TEXT),
        ("gzip", pack(TEXT)),
        ("X-GZip", pack(TEXT)),
        ("gzip", pack(TEXT[:999]) + pack(TEXT[999:])),
        ("gzip", pack(TEXT) + b"\0\0 what stands behind"),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", raw_deflate(TEXT)),
    ],
)
def test_a_page_may_be_packed(stage: Any, encoding: str, body: bytes) -> None:
    """In either way that was asked for, and no other was."""
    head = f"Content-Encoding: {encoding}\r\n" if encoding else ""
    assert fetch(stage.answer("/", body, head), "x", PAGE).raw == TEXT
    assert re.search(r"(?im)^accept-encoding: gzip, deflate\r$", stage.asked[0])


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("br", b"\x0b\x02\x80page\x03"),
        ("zstd", b"\x28\xb5\x2f\xfd\x04\x00"),
        ("gzip, gzip", pack(pack(TEXT))),
        ("gzip, " * 100 + "gzip", pack(TEXT)),
        ("gzip", b"no gzip at all"),
        ("gzip", pack(TEXT)[:-9]),
        ("gzip", pack(TEXT)[:-8] + b"12345678"),
        ("gzip", pack(TEXT)[:5]),
        ("gzip", pack(TEXT) + pack(TEXT)[:20]),
        ("deflate", b"\x78\x9cnothing"),
        ("deflate", b"\xff\xff\xff\xff"),
        ("deflate", zlib.compress(TEXT)[:-1]),
    ],
)
def test_what_is_packed_wrongly_is_damaged(stage: Any, encoding: str, body: bytes) -> None:
    """Also where it ends too early: half a story is none."""
    assert refusal(stage.answer("/", body, f"Content-Encoding: {encoding}\r\n")) == (
        "x: sent a damaged page; try again"
    )


def nest(content: bytes, times: int) -> bytes:
    for _ in range(times):
        content = pack(content)
    return content


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", pack(bytes(80_000_000))),
        ("deflate", zlib.compress(bytes(80_000_000))),
        ("gzip", pack(bytes(900_000)) * 90),
        ("gzip", pack(b"") * 60_000),
    ],
    ids=["gzip", "deflate", "members", "empty members"],
)
def test_a_bomb_does_not_go_off(stage: Any, encoding: str, body: bytes) -> None:
    """80 MB in 80 kB are not unpacked: no more than a little over what a page may have is ever held."""
    url = stage.answer("/", body, f"Content-Encoding: {encoding}\r\n")
    tracemalloc.start()
    try:
        assert refusal(url) == "x: is larger than 1,000,000 bytes, which no page is"
        assert tracemalloc.get_traced_memory()[1] < 6_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("play", "said"),
    [
        (endless(OK + b"\r\n", bytes(65_536)), "is larger than 1,000,000 bytes"),
        (
            endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"400\r\n" + bytes(1024) + b"\r\n"),
            "is larger",
        ),
        (endless(OK, b"X-More: and more\r\n"), "sent a damaged page"),
        (endless(OK + b"X-Long: ", b"x" * 65_536), "sent a damaged page"),
        (endless(b"", b"H" * 65_536), "sent a damaged page"),
        (endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1" * 65_536), "sent a damaged page"),
        (OK + b"Content-Length: 100\r\n\r\nhalf a story", "sent a damaged page"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhalf \r\n", "sent a damaged page"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nx\r\n0\r\n\r\n", "sent a damaged page"),
        (b"", "sent a damaged page"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "sent a damaged page"),
        (b"220 mail.paper.example ESMTP\r\n", "sent a damaged page"),
        (b"HTTP/1.1 999999 Odd\r\n\r\n", "sent a damaged page"),
        (b"HTTP/1.1 103 Early Hints\r\n\r\n", "gave no page (HTTP 103)"),
        (b"HTTP/1.1 304 Not Modified\r\n\r\n", "says that nothing has changed (HTTP 304), unasked"),
        (b"HTTP/1.1 206 Partial Content\r\n\r\nx", "gave no page (HTTP 206)"),
        (b"HTTP/1.1 301 Moved\r\n\r\n", "gave no page (HTTP 301)"),
        (b"HTTP/1.1 302 Found\r\nLocation: http://[\r\n\r\n", "is no web address"),
        (b"HTTP/1.1 302 Found\r\nLocation: \xff\xfe\x00\r\n\r\n", "is no web address"),
    ],
)
def test_an_odd_answer_is_a_clear_error(
    stage: Any, play: bytes | Callable[[socket.socket], None], said: str
) -> None:
    """Without end, cut off, or no HTTP at all."""
    stage.plays["/"] = play
    assert refusal(f"{stage.url}/").startswith(f"x: {said}")


@pytest.mark.parametrize(
    "play",
    [
        endless(b"", b"H", pause_s=0.02),
        endless(OK, b"X", pause_s=0.02),
        endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        endless(b"", b"HTTP/1.1 100 Continue\r\n", b"X: y\r\n\r\n", pause_s=0.02),
        endless(OK + b"\r\n", b"x", pause_s=0.02),
        endless(OK + b"Content-Length: 9999\r\n\r\n", b"x", pause_s=0.02),
        endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n", pause_s=0.02),
        endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1", pause_s=0.02),
        endless(OK + b"Content-Encoding: gzip\r\n\r\n" + pack(b""), b"\0", pause_s=0.02),
        lambda line: (line.sendall(OK + b"Content-Length: 9999\r\n\r\n"), line.recv(1)),
    ],
)
def test_all_of_it_comes_in_time_or_not_at_all(
    stage: Any, play: bytes | Callable[[socket.socket], None]
) -> None:
    """Where each byte comes soon enough, but the last one never; what came is not taken for all."""
    stage.plays["/"] = play
    start = time.monotonic()
    assert refusal(f"{stage.url}/", HURRIED) == "x: took longer than 0 seconds; try again later"
    assert time.monotonic() - start < 2


def test_redirects_share_the_time_of_one_fetch(stage: Any) -> None:
    """Each is quick, but they go on."""

    def slow(line: socket.socket) -> None:
        time.sleep(0.1)
        line.sendall(b"HTTP/1.1 302 Found\r\nLocation: /\r\nConnection: close\r\n\r\n")

    stage.plays["/"] = slow
    assert "took longer" in refusal(f"{stage.url}/", HURRIED)


def test_a_name_that_is_never_told_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing else would end the system's own question."""
    told = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: told.wait(5) and [])
    start = time.monotonic()
    assert "took longer" in refusal("https://paper.example/", HURRIED)
    assert time.monotonic() - start < 2
    told.set()


def test_a_site_that_wants_its_cookie_back_gets_it(stage: Any) -> None:
    """Within one fetch, and nobody else does."""

    def want(line: socket.socket) -> None:
        good = "seen=yes" in stage.asked[-1]
        line.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage"
            if good
            else b"HTTP/1.1 302 Found\r\nLocation: /\r\nSet-Cookie: seen=yes; Path=/\r\n\r\n"
        )

    stage.plays["/"] = want
    assert fetch(f"{stage.url}/", "x", PAGE).raw == b"page"
    assert fetch(f"{stage.url}/", "x", PAGE).raw == b"page"
    assert ["seen=yes" in head for head in stage.asked] == [False, True, False, True]


def test_nothing_is_told_of_who_asks(stage: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No login from a .netrc, no referrer: the program's name, and what it takes."""
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login desk password secret\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    stage.redirect("/", "/page")
    fetch(stage.answer("/page", b"x").replace("/page", "/"), "x", PAGE)
    names = {line.partition(":")[0].lower() for head in stage.asked for line in head.splitlines()[1:] if line}
    assert names == {"host", "user-agent", "accept", "accept-encoding"}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a key and a certificate of its own for paper.example, in one file."""
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    order = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    order += ["-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=paper.example"]
    try:
        alternative = "subjectAltName=DNS:paper.example"
        subprocess.run([*order, "-addext", alternative], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no openssl to make a certificate with")
    cert.write_bytes(cert.read_bytes() + key.read_bytes())
    return cert


def play_tls(stage: Any, certificate: Path, body: bytes) -> list[str | None]:
    """Have the stage speak TLS and answer any request with *body*; return the names it is asked for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    names: list[str | None] = []
    context.sni_callback = lambda _socket, name, _context: names.append(name)

    def play(line: socket.socket) -> None:
        with line, context.wrap_socket(line, server_side=True) as safe:
            stage.asked.append(safe.recv(65_536).decode())
            safe.sendall(OK + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)

    def quiet(line: socket.socket) -> None:
        try:
            play(line)
        except OSError:
            line.close()

    stage.play = quiet
    return names


@pytest.mark.parametrize(
    ("host", "said"), [("paper.example", ""), ("other.example", "cannot prove that it is who it says")]
)
def test_the_machine_that_was_looked_at_must_prove_its_name(
    stage: Any, certificate: Path, host: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is connected to by its address, and asked for and checked by its name."""
    names = play_tls(stage, certificate, b"page")
    found: Iterable[Any] = [(socket.AF_INET, 1, 6, "", ("127.0.0.1", stage.port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    url = f"https://{host}:{stage.port}/"
    if said:
        assert said in refusal(url)
        assert stage.asked == []
    else:
        assert fetch(url, "x", PAGE).raw == b"page"
        assert f"Host: {host}:{stage.port}\r\n" in stage.asked[0]
    assert names == [host]


def test_https_never_leads_down_to_http(
    stage: Any, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where anyone on the way could change what is read out."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def play(line: socket.socket) -> None:
        with line, context.wrap_socket(line, server_side=True) as safe:
            safe.recv(65_536)
            safe.sendall(
                b"HTTP/1.1 301 Moved\r\nLocation: http://paper.example/\r\nContent-Length: 0\r\n\r\n"
            )

    stage.play = play
    found = [(socket.AF_INET, 1, 6, "", ("127.0.0.1", stage.port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    assert "leads from https to plain http" in refusal(f"https://paper.example:{stage.port}/")


def test_a_proxy_passes_https_through_unread(
    stage: Any, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told the name, and finds the machine; the site proves its name to us, not to the proxy."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def play(line: socket.socket) -> None:
        with line:
            stage.asked.append(line.recv(65_536).decode())
            line.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            with context.wrap_socket(line, server_side=True) as safe:
                stage.asked.append(safe.recv(65_536).decode())
                safe.sendall(OK + b"Content-Length: 4\r\n\r\npage")

    stage.play = play
    real = socket.getaddrinfo

    def know(host: str, *rest: Any, **options: Any) -> Any:
        if host == "paper.example":
            raise socket.gaierror(-2, "unknown")
        return real(host, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", know)
    monkeypatch.setenv("https_proxy", stage.url)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    assert fetch("https://paper.example/a", "x", PAGE).raw == b"page"
    assert stage.asked[0].startswith("CONNECT paper.example:443 HTTP/1.")
    assert stage.asked[1].startswith("GET /a HTTP/1.1\r\nHost: paper.example\r\n")


def test_a_proxy_that_does_not_answer_is_told(stage: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the proxy that is to be mended, not the address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{port}")
    assert "the proxy does not answer; check HTTPS_PROXY and NO_PROXY" in refusal(f"{stage.url}/")


def test_a_bundle_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Before anything is asked."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "none.pem"))
    assert "REQUESTS_CA_BUNDLE names no file of certificates; mend it" in refusal("https://paper.example/")
