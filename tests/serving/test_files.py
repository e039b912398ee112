import concurrent.futures
import datetime as dt
import gzip
import os
import random
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from morning_edition.serving import sending
from morning_edition.serving.site import Site
from morning_edition.site import publish_site
from morning_edition.station import load_station
from morning_edition.station.starting import start_station

KINDS = {
    "/": "text/html; charset=utf-8",
    "/podcast.xml": "application/rss+xml; charset=utf-8",
    "/flash-briefing.xml": "application/rss+xml; charset=utf-8",
    "/flash-briefing.json": "application/json",
    "/feed.json": "application/feed+json",
    "/show.opml": "text/x-opml; charset=utf-8",
    "/playlist.m3u": "audio/x-mpegurl",
    "/cover.jpg": "image/jpeg",
    "/extras/trailer.mp3": "audio/mpeg",
    "episode-1a2b3c4d.mp3": "audio/mpeg",
    "episode-1a2b3c4d.m4a": "audio/mp4",
    "episode-1a2b3c4d.opus": "audio/ogg",
    "chapters-1a2b3c4d.json": "application/json+chapters",
    "chapters.json": "application/json+chapters",
    "my-chapters-1a2b3c4d.json": "application/json",
    "transcript-1a2b3c4d.json": "application/json",
    "transcript-1a2b3c4d.vtt": "text/vtt; charset=utf-8",
    "transcript-1a2b3c4d.srt": "application/x-subrip",
    "empty.vtt": "text/vtt; charset=utf-8",
    "picture.svg": "image/svg+xml",
    "picture.png": "image/png",
    "": "text/html; charset=utf-8",
}

NOT_THE_SITE = """
    /../station.toml /..%2fstation.toml /%2e%2e/station.toml /%2e%2e%2fstation.toml /audio/../../etc/passwd
    /..%5cstation.toml /audio/..%5c..%5cstation.toml /%252e%252e/station.toml /.%2e/station.toml
    //etc/passwd /etc/passwd /..%c0%afstation.toml /%c0%ae%c0%ae/station.toml /....//station.toml
    /audio/2024-12-06-hama-falls/../../station.toml /audio/2024-12-06-hama-falls/..%2f..%2fstation.toml
    /station.toml /station.toml%00.html /lexicon.toml /STATION.TOML /.cache/takes.html /.git/config.html
    /templates/page.html /article.txt /story.html /audio/ /audio /audio/jingles/open.mp3 /extras/secret.mp3
    /audio/2024-12-06-hama-falls/script.md /audio/2024-12-06-hama-falls/proof.html
    /audio/2024-12-06-hama-falls/proof.json /audio/2024-12-06-hama-falls/PROOF.html /index.html/ /%ff
    /audio//2024-12-06-hama-falls/index.html /no-such.html
    /.lock /.lock.json /history.jsonl /audio/2024-12-06-hama-falls/episode.mp3
    /index.html%20 /index.html::$DATA
""".split()


def test_each_file_comes_byte_for_byte_with_its_type_and_length(client: Any) -> None:
    """H01-H05: bytes, type, length, validators and date; HEAD says the same and is empty."""
    for path, kind in KINDS.items():
        asked = path if path.startswith("/") else f"/audio/{client.episode.name}/{path}"
        answer, content = client.ask(asked)
        file = client.root / asked[1:]
        file = file / "index.html" if file.is_dir() else file
        assert (answer.status, content) == (200, file.read_bytes()), path
        assert answer.headers["Content-Type"] == kind
        assert answer.headers["Content-Length"] == str(len(content))
        assert answer.headers["Last-Modified"] == "Tue, 14 Nov 2023 22:13:20 GMT"
        assert answer.headers["ETag"].startswith('"')
        assert answer.headers["Date"]
        head = client.say(f"HEAD {asked} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
        top, _, body = head.partition(b"\r\n\r\n")
        assert body == b""
        for name in ("Content-Type", "Content-Length", "ETag", "Last-Modified"):
            assert f"{name}: {answer.headers[name]}".encode() in top


def test_all_that_is_published_is_served(tmp_path: Path) -> None:
    """Each file that the product puts at the site's root can be had."""
    folder = tmp_path / "published"
    start_station(folder, show={"title": "The Show"}, outlet="The Post")
    station = load_station(folder)
    publish_site(station, [], dt.datetime.now(dt.UTC))
    site = Site(station)
    published = {path.name for path in folder.iterdir() if path.is_file()} - {"station.toml", "article.txt"}
    assert {name for name in published if site.find(f"/{name}") is None} == set()
    assert "podcast.xml" in published


def test_nothing_but_the_site_is_served(client: Any) -> None:
    """H14, H15: settings, drafts, scripts, proofs, caches and all outside are not there, however spelled."""
    for path in NOT_THE_SITE:
        answer = client.say(f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
        assert answer.split()[1] in {b"404", b"400"}, path


def test_links_that_lead_out_are_not_followed(client: Any, tmp_path: Any) -> None:
    """A link to a file or folder outside the station, or to what is not served inside it, is not there."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "index.html").write_text("secret")
    (outside / "episode.json").write_text("{}")
    (client.root / "robots.txt").symlink_to(outside / "index.html")
    (client.episode / "linked.html").symlink_to(client.root / ".cache" / "takes.html")
    (client.root / "audio" / "2024-12-07-away").symlink_to(outside)
    (client.episode / "round.html").symlink_to(client.episode / "round.html")
    os.mkfifo(client.episode / "pipe.html")
    for path in ("/robots.txt", "/audio/2024-12-07-away/index.html"):
        assert client.ask(path)[0].status == 404
    for name in ("linked.html", "round.html", "pipe.html"):
        assert client.ask(f"/audio/{client.episode.name}/{name}")[0].status == 404


def test_a_folder_is_asked_for_with_its_slash(client: Any) -> None:
    """A folder without its slash leads to its page, and never to another server."""
    answer, _ = client.ask(f"/audio/{client.episode.name}?x=1")
    assert answer.status == 301
    assert answer.headers["Location"] == f"/audio/{client.episode.name}/?x=1"
    assert client.ask(f"//audio/{client.episode.name}")[0].status == 404


def test_queries_mean_nothing(client: Any) -> None:
    """H16: what follows a question mark changes nothing."""
    assert client.ask("/podcast.xml?utm=1&x=../..")[1] == client.ask("/podcast.xml")[1]


def test_text_is_packed_for_those_who_unpack(client: Any) -> None:
    """H12: gzip on wish alone, with an entity tag of its own, which has its own 304; never for sound."""
    plain, content = client.ask("/podcast.xml")
    packed, bytes_ = client.ask("/podcast.xml", Accept_Encoding="br, gzip")
    assert gzip.decompress(bytes_) == content
    assert len(bytes_) == int(packed.headers["Content-Length"]) < len(content)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
    assert packed.headers["ETag"] != plain.headers["ETag"]
    for status, tag in ((304, packed.headers["ETag"]), (200, plain.headers["ETag"])):
        answer, _ = client.ask("/podcast.xml", Accept_Encoding="gzip", If_None_Match=tag)
        assert answer.status == status
    head, nothing = client.ask("/podcast.xml", "HEAD", Accept_Encoding="gzip")
    assert (head.headers["Content-Length"], nothing) == (packed.headers["Content-Length"], b"")
    for path in (client.sound, "/cover.jpg", "/playlist.m3u"):
        assert client.ask(path, Accept_Encoding="gzip")[0].headers["Content-Encoding"] is None


def test_gzip_by_weight(client: Any) -> None:
    """A weight of nothing is a no; the plain file comes where it is liked better."""
    yes = ("gzip", "GZIP;q=0.5", "*", "x-gzip", "deflate, gzip;q=1.0")
    no = (
        "gzip;q=0",
        "gzip;q=0.000",
        "*;q=0",
        "gzip;q=0, *",
        "identity, gzip;q=0.5",
        "br",
        "",
        "gzip;q=nonsense",
    )
    for header in (*yes, *no):
        answer, _ = client.ask("/podcast.xml", Accept_Encoding=header)
        assert (answer.headers["Content-Encoding"] == "gzip") is (header in yes), header


def test_a_changed_file_is_new_at_once(client: Any) -> None:
    """U02: after a change the old tag gets the new content."""
    for path, file in (
        ("/podcast.xml", client.root / "podcast.xml"),
        (client.sound, client.episode / "episode-1a2b3c4d.mp3"),
    ):
        tag = client.ask(path)[0].headers["ETag"]
        assert client.ask(path, If_None_Match=tag)[0].status == 304
        new = file.with_name("new")
        new.write_bytes(b"new content")
        new.replace(file)
        answer, content = client.ask(path, If_None_Match=tag)
        assert (answer.status, content) == (200, b"new content")


def test_the_server_s_own_address_takes_the_place_of_the_site_s(start: Callable[..., Any]) -> None:
    """With local addresses the site's files are named at the host asked for; other addresses stay."""
    client = start(local_addresses=True)
    _, feed = client.ask("/podcast.xml", Host="phone.local:8000")
    here = "http://phone.local:8000/"
    assert f'href="{here}podcast.xml"'.encode() in feed
    assert f'url="{here}audio/{client.episode.name}/episode-1a2b3c4d.mp3"'.encode() in feed
    assert b"<link>http://phone.local:8000/</link>" in feed
    assert b'"podcast://phone.local:8000/podcast.xml"' in feed
    assert b"url=http%3A%2F%2Fphone.local%3A8000%2Fpodcast.xml" in feed
    assert b"<link>https://podcast.example/show/news/an-article.html</link>" in feed
    assert feed.count(b"podcast.example") == 1
    tags = {client.ask("/podcast.xml", Host=host)[0].headers["ETag"] for host in ("a", "a", "b", "[::1]:80")}
    assert len(tags) == 3
    assert client.ask("/playlist.m3u")[1].count(f"{client.url}/audio/".encode()) == 1
    old = client.say(b"GET /playlist.m3u HTTP/1.0\r\n\r\n")
    assert f"{client.url}/audio/".encode() in old


def test_a_false_host_is_refused(client: Any) -> None:
    """Nothing is written into feeds that is no host; a request without one is no HTTP/1.1."""
    hosts = ('a"b', "a/b", "a<b>", "a b", "", "a:b", "a:123456", "user@a", "a\x7f", "a\r\nHost: b")
    for lines in ("", *(f"Host: {host}\r\n" for host in hosts)):
        answer = client.say(f"GET / HTTP/1.1\r\n{lines}Connection: close\r\n\r\n".encode())
        assert answer.split()[1] == b"400", lines


def test_a_large_text_comes_whole_to_many_at_once(client: Any) -> None:
    """A feed of ten thousand episodes is packed once and comes whole to all who ask meanwhile."""
    large = b"".join(b"<item>%d</item>" % number for number in range(200_000))
    (client.root / "podcast.xml").write_bytes(large)
    with concurrent.futures.ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(lambda _: client.ask("/podcast.xml", Accept_Encoding="gzip"), range(8)))
    assert {gzip.decompress(content) == large for _, content in answers} == {True}


@pytest.mark.parametrize("by_hand", [False, True])
def test_many_at_once_and_those_who_leave(
    client: Any, sound: bytes, by_hand: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H20: 20 downloads at once are whole while others leave in the middle, whichever way files are sent."""
    if by_hand:
        monkeypatch.setattr(sending, "_socket_of", lambda connection: None)
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", client.port)) as line:
            line.sendall(f"GET {client.sound} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            line.recv(1000)
    with concurrent.futures.ThreadPoolExecutor(20) as crowd:
        answers = list(crowd.map(lambda _: client.ask(client.sound)[1], range(20)))
    assert all(content == sound for content in answers)


@pytest.mark.parametrize("by_hand", [False, True])
@pytest.mark.parametrize("asked", ["nothing", "half a head", "a sound, and reads nothing"])
def test_who_stands_still_is_cut_off(
    start: Callable[..., Any], asked: str, by_hand: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H20: a client that neither asks nor reads is cut off after a while; meanwhile others are served."""
    if by_hand:
        monkeypatch.setattr(sending, "_socket_of", lambda connection: None)
    client = start(patience_s=0.4)
    (client.episode / "episode-1a2b3c4d.mp3").write_bytes(bytes(30_000_000))
    request = {"nothing": "", "half a head": "GET / HTTP/1.1\r\nHo"}.get(
        asked, f"GET {client.sound} HTTP/1.1\r\nHost: a\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", client.port), timeout=5) as line:
        line.sendall(request.encode())
        time.sleep(0.1)
        assert client.ask("/")[0].status == 200
        time.sleep(0.8)
        got = 0
        try:
            while more := line.recv(1_000_000):
                got += len(more)
        except ConnectionResetError:
            pass
        assert got < 30_000_000


def test_who_reads_slowly_is_not_cut_off(start: Callable[..., Any], sound: bytes) -> None:
    """A slow client that goes on reading gets the whole."""
    client = start(patience_s=0.4)
    got = b""
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        line.connect(("127.0.0.1", client.port))
        line.sendall(f"GET {client.sound} HTTP/1.0\r\n\r\n".encode())
        while more := line.recv(300_000):
            got += more
            time.sleep(0.03)
    assert got.partition(b"\r\n\r\n")[2] == sound


def test_a_file_that_becomes_shorter_breaks_off(client: Any) -> None:
    """A length that cannot be kept is not made up for: the connection ends early."""
    path = client.episode / "episode-1a2b3c4d.mp3"
    path.write_bytes(bytes(40_000_000))
    with socket.create_connection(("127.0.0.1", client.port), timeout=5) as line:
        line.sendall(f"GET {client.sound} HTTP/1.0\r\n\r\n".encode())
        got = len(line.recv(1000))
        os.truncate(path, 1000)
        try:
            while more := line.recv(1_000_000):
                got += len(more)
        except ConnectionResetError:
            pass
    assert got < 40_000_000
    assert client.ask("/")[0].status == 200


def test_nonsense_harms_nobody(start: Callable[..., Any]) -> None:
    """H20: bytes that are no request end in 400 or silence, and the next client is served."""
    client = start(patience_s=0.3)
    chance = random.Random(6)
    for length in (1, 10, 1000, 100_000):
        client.say(chance.randbytes(length) + b"\r\n\r\n")
    for line in (
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"\r\n\r\n\r\n",
        b"GET / HTTP/1.1\r\nA" + b"a" * 70_000,
    ):
        client.say(line + b"\r\n\r\n")
    assert client.ask("/")[0].status == 200
