"""Every kind of target keeps the same promises, tried against a real server of each."""

import hashlib
import itertools
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from morning_edition.errors import PublishError

HEADERS = {"media_type": "audio/mpeg", "cache_control": "public, max-age=31536000, immutable"}
NAMES = [
    "podcast.xml",
    "audio/2024-12-06-hama-falls/episode-1a2b3c4d.mp3",
    "with space/a name.txt",
    "Zürich/日本語 – “Noir”.html",
    "100%/50%25 off+more&so=on;#1?.txt",
    "a~b/c'd(e)!@$,=.json",
    "deep/er/and/deep/er/still/file",
]


def read(target: Any, path: str) -> bytes:
    return b"".join(target.read(path))


def refuses(site: Any, target: Any, path: str) -> bool:
    """Where some servers or packages take `?` for more than a letter, it is refused, and that is said."""
    if site.kind not in ("memory", "ftp", "webdav") or "?" not in path:
        return False
    for work in (target.look, target.remove, lambda path: target.send(path, b"", **HEADERS)):
        with pytest.raises(PublishError, match=r"leave out .*\?"):
            work(path)
    return True


def is_empty_of_parts(site: Any) -> bool:
    return not site.names or not [name for name in site.names() if name.endswith(".tmp")]


def test_what_is_sent_stands_under_its_name(site: Any) -> None:
    target = site.open()

    for path in NAMES:
        if refuses(site, target, path):
            continue
        content = f"Ünïcode\r\n\0{path}".encode()
        target.send(path, content, **HEADERS)

        assert read(target, path) == site.fetch(path) == content
        assert target.look(path).size_bytes == len(content)
    assert is_empty_of_parts(site)


def test_where_nothing_stands_nothing_is_found(site: Any) -> None:
    target = site.open()

    assert target.look("not/there.txt") is None
    assert read(target, "not/there.txt") == b""
    target.remove("not/there.txt")
    target.remove("neither")


def test_an_empty_file_is_a_file(site: Any) -> None:
    target = site.open()

    target.send("empty.txt", b"", **HEADERS)

    assert target.look("empty.txt").size_bytes == 0
    assert read(target, "empty.txt") == b""
    assert site.fetch("empty.txt") == b""


def test_a_checksum_is_that_of_the_content(site: Any) -> None:
    target = site.open()

    target.send("file", b"content", **HEADERS)

    kind, _, told = target.look("file").checksum.partition(":")
    assert told == (hashlib.new(kind, b"content").hexdigest() if kind else "")
    assert bool(kind) is (site.kind in ("folder", "s3", "gcs", "azure"))


def test_what_is_sent_takes_the_place_of_what_stood_there(site: Any, tmp_path: Path) -> None:
    target = site.open()
    source = tmp_path / "source"
    source.write_bytes(b"short")

    target.send("file", b"a longer text than the next", **HEADERS)
    target.send("file", source, **HEADERS)

    assert site.fetch("file") == read(target, "file") == b"short"
    assert target.look("file").size_bytes == 5
    assert is_empty_of_parts(site)


def test_what_is_removed_is_gone(site: Any) -> None:
    target = site.open()
    target.send("a/file", b"content", **HEADERS)
    target.send("a/other", b"kept", **HEADERS)

    target.remove("a/file")

    assert target.look("a/file") is None
    assert site.fetch("a/file") is None
    assert site.fetch("a/other") == b"kept"


def test_only_the_first_is_created(site: Any) -> None:
    target = site.open()

    assert target.create("a/lock", b"first")
    assert not site.open().create("a/lock", b"second")
    assert site.fetch("a/lock") == b"first"
    assert is_empty_of_parts(site)
    target.remove("a/lock")
    assert target.create("a/lock", b"third")


def test_of_those_who_create_at_once_one_wins(site: Any) -> None:
    targets = [site.open() for _ in range(4)]
    targets[0].send("other", b"", **HEADERS)
    barrier = threading.Barrier(len(targets))

    def create(number: int) -> bool:
        barrier.wait()
        return bool(targets[number].create("lock", f"token {number}".encode()))

    with ThreadPoolExecutor() as pool:
        won = list(pool.map(create, range(len(targets))))

    assert won.count(True) == 1
    assert site.fetch("lock") == f"token {won.index(True)}".encode()
    assert is_empty_of_parts(site)


def test_web_servers_tell_the_type_and_what_caches_may_do(site: Any) -> None:
    site.open().send("episode.mp3", b"sound", **HEADERS)

    told = site.headers("episode.mp3")

    assert told.media_type == (HEADERS["media_type"] if site.kind in ("s3", "gcs", "azure") else None)
    assert told.cache_control == (HEADERS["cache_control"] if site.kind in ("s3", "gcs", "azure") else None)


def test_a_reader_never_sees_a_part(site: Any) -> None:
    contents = [letter * 600_000 for letter in (b"a", b"b")]
    writer, reader = site.open(), site.open()
    writer.send("podcast.xml", contents[0], **HEADERS)
    done = threading.Event()

    def keep_writing() -> None:
        try:
            for turn in range(1, 9):
                writer.send("podcast.xml", contents[turn % 2], **HEADERS)
        finally:
            done.set()

    thread = threading.Thread(target=keep_writing)
    thread.start()
    seen = set()
    while not done.is_set():
        seen |= {site.fetch("podcast.xml"), read(reader, "podcast.xml")}
    thread.join()

    # RFC 4918, section 9.9.3: a server may remove what stands there before it moves another in its place.
    absent = {None, b""} if site.kind == "webdav" else set()
    assert seen - absent <= set(contents)
    assert is_empty_of_parts(site)


def test_a_long_file_is_never_whole_in_memory(site_of: Any, kind: str, tmp_path: Path) -> None:
    import tracemalloc

    site = site_of(kind)
    source = tmp_path / "long"
    digest = hashlib.md5(usedforsecurity=False)
    with source.open("wb") as file:
        for _ in range(20):
            piece = os.urandom(1024 * 1024)
            digest.update(piece)
            file.write(piece)
    target = site.open()
    target.send("warm", b"up", **HEADERS)
    tracemalloc.start()
    try:
        target.send("episode.mp3", source, **HEADERS)
        found = hashlib.md5(usedforsecurity=False)
        for piece in target.read("episode.mp3"):
            found.update(piece)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert found.hexdigest() == digest.hexdigest()
    assert target.look("episode.mp3").size_bytes == 20 * 1024 * 1024
    assert most < 14 * 1024 * 1024


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "kind" in metafunc.fixturenames:
        metafunc.parametrize("kind", ["folder", "ftp", "sftp", "webdav", "s3", "azure"])


BAD = ["", "/etc/passwd", "../up", "a/../../b", "a/..", ".", "a//b", "a/", "a\\b", "a\nb", "a\0b", "x" * 1200]


def test_no_path_leads_out_of_the_target(site: Any) -> None:
    target = site.open()
    works: list[Callable[[str], object]] = [
        target.look,
        target.remove,
        lambda path: read(target, path),
        lambda path: target.send(path, b"x", **HEADERS),
        lambda path: target.create(path, b"x"),
    ]

    for path, work in itertools.product(BAD, works):
        with pytest.raises(PublishError, match=r"no path inside the target"):
            work(path)


def test_a_source_that_is_gone_changes_nothing(site: Any, tmp_path: Path) -> None:
    target = site.open()
    target.send("file", b"before", **HEADERS)

    with pytest.raises(PublishError, match=r"gone: cannot be read: No such file"):
        target.send("file", tmp_path / "gone", **HEADERS)

    assert site.fetch("file") == b"before"
    assert is_empty_of_parts(site)
