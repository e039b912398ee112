import re
import shutil
import subprocess
from typing import Any

import pytest
import requests


def test_every_piece_together_is_the_file(client: Any, sound: bytes) -> None:
    """H07: 24 pieces, each a 206 with its place, make the file."""
    step = -(-len(sound) // 24)
    got = b""
    for first in range(0, len(sound), step):
        last = min(first + step, len(sound)) - 1
        answer, content = client.ask(client.sound, Range=f"bytes={first}-{last}")
        assert answer.status == 206
        assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{len(sound)}"
        got += content
    assert got == sound


def test_a_part_is_sent(client: Any, sound: bytes) -> None:
    """H08: each form of a range, and those that come to one part, are 206 with exactly that part."""
    forms = {
        "bytes=0-0": sound[:1],
        "bytes=0-499": sound[:500],
        "bytes=500-999": sound[500:1000],
        "bytes=-500": sound[-500:],
        "bytes=2999500-": sound[-500:],
        "bytes=2999999-": sound[-1:],
        "bytes=0-": sound,
        "bytes=-99999999999999999999999": sound,
        "bytes=5-99999999999999999999999": sound[5:],
        "BYTES=0-9": sound[:10],
        "bytes=,0-9 , ": sound[:10],
        "bytes=0-9,5-19": sound[:20],
        "bytes=0-9,9000000-": sound[:10],
    }
    for header, part in forms.items():
        answer, content = client.ask(client.sound, Range=header)
        assert (answer.status, content == part) == (206, True), header
        assert answer.headers["Content-Length"] == str(len(part))


def test_a_part_that_is_not_there_is_refused(client: Any) -> None:
    """H09: a range beyond the end is 416, and says how long the file is."""
    for header in ("bytes=3000000-", "bytes=3000000-3000001", "bytes=-0", "bytes=9999999999999999999999-"):
        answer, _ = client.ask(client.sound, Range=header)
        assert (answer.status, answer.headers["Content-Range"]) == (416, "bytes */3000000"), header


def test_a_bad_range_is_ignored(client: Any) -> None:
    """H10: what is no range, or far too many of them, is ignored: the whole comes, once."""
    bad = "bytes= bytes=- bytes=a-b bytes=9-5 items=0-9 bytes/0-9 bytes=0-9,x bytes=1.5-2 0-9 bytes=--5"
    for header in (*bad.split(), "bytes=+1-2", "bytes=0 - 9", "bytes=" + ",".join(["0-0"] * 65)):
        answer, content = client.ask(client.sound, Range=header)
        assert (answer.status, len(content)) == (200, 3_000_000), header


def test_several_parts_come_in_one_answer(client: Any, sound: bytes) -> None:
    """H10: several ranges are parts of a multipart/byteranges, in the order asked for."""
    answer, content = client.ask(client.sound, Range="bytes=100-199,0-9,-5")
    assert answer.status == 206
    boundary = re.fullmatch(r"multipart/byteranges; boundary=(\w+)", answer.headers["Content-Type"])
    assert boundary
    empty, *parts, end = content.split(b"\r\n--" + boundary[1].encode())
    assert (empty, end) == (b"", b"--\r\n")
    places = ["100-199", "0-9", "2999995-2999999"]
    assert [part.partition(b"\r\n\r\n")[2] for part in parts] == [sound[100:200], sound[:10], sound[-5:]]
    for part, place in zip(parts, places, strict=True):
        assert f"Content-Range: bytes {place}/3000000".encode() in part
        assert b"Content-Type: audio/mpeg" in part


def test_overlapping_parts_are_no_lever(client: Any) -> None:
    """Sixty times the whole file in one request is the file once."""
    answer, content = client.ask(client.sound, Range="bytes=" + ",".join(["0-"] * 60))
    assert (answer.status, len(content)) == (206, 3_000_000)


def test_ranges_of_other_requests_and_of_nothing(client: Any) -> None:
    """A HEAD has no parts, two Range headers mean nothing, an empty file has none; a text has some."""
    assert client.ask(client.sound, "HEAD", Range="bytes=0-9")[0].status == 200
    twice = f"GET {client.sound} HTTP/1.0\r\nRange: bytes=0-1\r\nRange: bytes=3-4\r\n\r\n"
    assert b" 200 " in client.say(twice.encode())[:20]
    assert client.ask(f"/audio/{client.episode.name}/empty.vtt", Range="bytes=0-9")[0].status == 200
    answer, content = client.ask("/podcast.xml", Range="bytes=0-4", Accept_Encoding="gzip")
    assert (answer.status, content) == (206, b"<?xml")


def test_a_download_goes_on_only_with_the_same_file(client: Any) -> None:
    """H11: If-Range by tag or by date gives the part while the file is the same, else the whole."""
    now, _ = client.ask(client.sound)
    for same in (now.headers["ETag"], now.headers["Last-Modified"]):
        assert client.ask(client.sound, Range="bytes=9-", If_Range=same)[0].status == 206
    others = ('"other"', f"W/{now.headers['ETag']}", "Mon, 13 Nov 2023 22:13:20 GMT", "nonsense", "")
    for other in others:
        assert client.ask(client.sound, Range="bytes=9-", If_Range=other)[0].status == 200


def test_what_somebody_has_is_not_sent_again(client: Any) -> None:
    """H06: 304 for a tag in a list, weak or any, or a date not before the last change; the tag wins."""
    for path in (client.sound, "/podcast.xml"):
        now, _ = client.ask(path)
        tag, date = now.headers["ETag"], now.headers["Last-Modified"]
        old = "Mon, 13 Nov 2023 22:13:20 GMT"
        for known in (tag, f'"x", {tag}', f"W/{tag}", f'"a,b" , W/{tag}', "*"):
            answer, content = client.ask(path, If_None_Match=known, If_Modified_Since=old)
            assert (answer.status, content) == (304, b"")
            assert answer.headers["ETag"] == tag
            assert answer.headers["Date"]
        assert client.ask(path, If_None_Match='"x"', If_Modified_Since=date)[0].status == 200
        for known in (date, "Tuesday, 14-Nov-23 22:13:20 GMT", "Tue Nov 14 22:13:20 2023"):
            assert client.ask(path, If_Modified_Since=known)[0].status == 304
            assert client.ask(path, "HEAD", If_Modified_Since=known)[0].status == 304
        for known in (old, "nonsense", "", "Tue, 99 Nov 2023 22:13:20 GMT"):
            assert client.ask(path, If_Modified_Since=known)[0].status == 200
        assert client.ask(path, If_Match='"x"')[0].status == 412
        assert client.ask(path, If_Match=f'"x", {tag}')[0].status == 200
        assert client.ask(path, If_Match=f"W/{tag}")[0].status == 412
        assert client.ask(path, If_Unmodified_Since=old)[0].status == 412


def test_only_reading_is_allowed(client: Any) -> None:
    """H17: what would change files is 405 and says what is allowed, what nobody knows 501; files stay."""
    before = (client.root / "podcast.xml").read_bytes()
    for method in ("POST", "PUT", "DELETE", "PATCH", "TRACE"):
        answer, _ = client.ask("/podcast.xml", method)
        assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    for method in ("BREW", "PROPFIND", "get"):
        answer = client.say(
            f"{method} /podcast.xml HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode()
        )
        assert answer.split()[1] == b"501"
    assert requests.put(f"{client.url}/new.html", data=b"x" * 100_000, timeout=5).status_code == 405
    assert (client.root / "podcast.xml").read_bytes() == before
    assert not (client.root / "new.html").exists()


def test_players_on_other_pages_may_read(client: Any) -> None:
    """H18: any page's player may fetch all, see lengths and ranges, and ask for parts."""
    for path in ("/podcast.xml", client.sound, "/no-such.html"):
        answer, _ = client.ask(path, Origin="https://player.example")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Content-Range" in answer.headers["Access-Control-Expose-Headers"]
    answer, content = client.ask(
        client.sound, "OPTIONS", Access_Control_Request_Method="GET", Access_Control_Request_Headers="range"
    )
    assert (answer.status, content) == (204, b"")
    assert "GET" in answer.headers["Access-Control-Allow-Methods"]
    assert "Range" in answer.headers["Access-Control-Allow-Headers"]
    assert b" 204 " in client.say(b"OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")[:20]


def test_connections_stay_open(client: Any) -> None:
    """H19: one connection takes many requests, also sent ahead; HTTP/1.0 closes unless asked not to."""
    with requests.Session() as session:
        for _ in range(5):
            assert session.get(f"{client.url}/podcast.xml", timeout=5).status_code == 200
    ahead = f"GET {client.sound} HTTP/1.1\r\nHost: a\r\nRange: bytes=0-99999\r\n\r\n" * 5
    last = "HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    answer = client.say((ahead + last).encode())
    assert answer.count(b"HTTP/1.1 206") == 5
    assert answer.count(b"HTTP/1.1 200") == 1
    assert b"HTTP/1.0 200" in client.say(b"GET / HTTP/1.0\r\n\r\n")
    kept = client.say(b"HEAD / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nHEAD / HTTP/1.0\r\n\r\n")
    assert kept.count(b"HTTP/1.0 200") == 2


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_curl_goes_on_where_it_stopped(client: Any, sound: bytes, tmp_path: Any) -> None:
    """H22: an ordinary downloader finishes a half download."""
    half = tmp_path / "half.mp3"
    half.write_bytes(sound[:1_000_000])
    subprocess.run(
        ["curl", "-sf", "-C", "-", "-o", str(half), client.url + client.sound], check=True, timeout=10
    )
    assert half.read_bytes() == sound
    packed = subprocess.run(
        ["curl", "-sf", "--compressed", f"{client.url}/podcast.xml"],
        check=True,
        capture_output=True,
        timeout=10,
    )
    assert packed.stdout == (client.root / "podcast.xml").read_bytes()


@pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg is not installed")
def test_a_player_seeks_by_ranges(client: Any) -> None:
    """A player that is told to begin late fetches the end, and hears what is there."""
    path = client.episode / "episode-1a2b3c4d.mp3"
    tone = ["-f", "lavfi", "-i", "sine=frequency=440:duration=200", "-b:a", "96k"]
    subprocess.run(["ffmpeg", "-v", "error", "-y", *tone, str(path)], check=True, timeout=20)
    asked = ["-ss", "199", "-i", client.url + client.sound, "-f", "s16le", "-"]
    heard = subprocess.run(["ffmpeg", "-v", "error", *asked], check=True, capture_output=True, timeout=20)
    assert heard.stderr == b""
    assert 0.9 < len(heard.stdout) / 2 / 44_100 < 1.1
