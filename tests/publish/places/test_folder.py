"""A folder as a target: whole files, no way out of it, and a clear word where nothing can be put."""

import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from morning_edition.errors import PublishError
from morning_edition.publish.places import open_target

HEADERS = {"media_type": "audio/mpeg", "cache_control": "no-cache"}
POSIX = os.name == "posix"


def names_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


@pytest.mark.parametrize("form", ["{path}", "file://{path}", "file://localhost{path}"])
def test_a_folder_is_named_in_several_ways(tmp_path: Path, form: str) -> None:
    open_target(form.format(path=tmp_path / "www")).send("file", b"x", **HEADERS)

    assert (tmp_path / "www" / "file").read_bytes() == b"x"


def test_a_space_in_a_url_is_a_space(tmp_path: Path) -> None:
    open_target(f"file://{tmp_path}/the%20site").send("file", b"x", **HEADERS)

    assert (tmp_path / "the site" / "file").read_bytes() == b"x"


def test_a_relative_folder_is_seen_from_the_station(tmp_path: Path) -> None:
    (tmp_path / "station").mkdir()

    open_target("../www", root=tmp_path / "station").send("file", b"x", **HEADERS)

    assert (tmp_path / "www" / "file").read_bytes() == b"x"


def test_a_folder_whose_parent_is_missing_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match=r"not is not there; make it, or mount the disk that it is on"):
        open_target(str(tmp_path / "not" / "there"))


def test_a_file_in_its_place_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "www").write_text("a file", encoding="utf-8")

    with pytest.raises(PublishError, match=r"www is not a folder; name a folder to publish to"):
        open_target(str(tmp_path / "www"))


@pytest.mark.skipif(not POSIX, reason="Windows has no such links")
def test_no_link_is_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "theirs").write_text("theirs", encoding="utf-8")
    www = tmp_path / "www"
    www.mkdir()
    (www / "folder").symlink_to(outside)
    (www / "file").symlink_to(outside / "theirs")
    (www / "dangling").symlink_to(outside / "new")
    target: Any = open_target(str(www))

    for path in ("folder/theirs", "folder/new", "file", "dangling"):
        for work in (
            lambda path=path: target.look(path),
            lambda path=path: list(target.read(path)),
            lambda path=path: target.send(path, b"ours", **HEADERS),
            lambda path=path: target.create(path, b"ours"),
            lambda path=path: target.remove(path),
        ):
            with pytest.raises(PublishError, match=r"is a link, which is not followed; remove it"):
                work()
    assert names_in(outside) == ["theirs"]
    assert (outside / "theirs").read_text(encoding="utf-8") == "theirs"


@pytest.mark.skipif(not POSIX, reason="Windows has no such links")
def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "www").symlink_to(tmp_path / "disk")

    open_target(str(tmp_path / "www")).send("file", b"x", **HEADERS)

    assert (tmp_path / "disk" / "file").read_bytes() == b"x"


def test_a_folder_where_a_file_belongs_is_named(tmp_path: Path) -> None:
    (tmp_path / "podcast.xml").mkdir()

    with pytest.raises(PublishError, match=r"podcast.xml is a folder, where a file belongs; remove it"):
        open_target(str(tmp_path)).send("podcast.xml", b"x", **HEADERS)


def test_a_file_where_a_folder_belongs_is_named(tmp_path: Path) -> None:
    (tmp_path / "audio").write_text("kept", encoding="utf-8")

    with pytest.raises(PublishError, match=r"audio.*(Not a directory|File exists|cannot find)"):
        open_target(str(tmp_path)).send("audio/episode.mp3", b"x", **HEADERS)

    assert (tmp_path / "audio").read_text(encoding="utf-8") == "kept"


@pytest.mark.skipif(not POSIX, reason="Windows has no such modes")
def test_a_web_server_can_read_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        open_target(str(tmp_path / "www")).send("a/file", b"x", **HEADERS)
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "www").stat().st_mode) == 0o755
    assert stat.S_IMODE((tmp_path / "www" / "a").stat().st_mode) == 0o755
    assert stat.S_IMODE((tmp_path / "www" / "a" / "file").stat().st_mode) == 0o644


@pytest.mark.skipif(not POSIX or os.geteuid() == 0, reason="this user may write everywhere")
def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(PublishError, match=r"this user may not do that \(Permission denied\)"):
            open_target(str(tmp_path)).send("file", b"x", **HEADERS)
    finally:
        tmp_path.chmod(0o755)


FULL_DISK = """
import resource, sys
from morning_edition.errors import PublishError
from morning_edition.publish.places import open_target

resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    open_target(sys.argv[1]).send("file", b"x" * 300_000, media_type="", cache_control="")
except PublishError as error:
    sys.exit(f"refused: {error}")
"""


@pytest.mark.skipif(not POSIX, reason="Windows sets no such limits")
def test_a_disk_that_is_full_half_way_leaves_what_stood_there(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"before")

    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, tmp_path], capture_output=True, text=True, check=False
    )

    assert "refused: " in done.stderr
    assert "the disk is full (File too large); make room, and publish again" in done.stderr
    assert (tmp_path / "file").read_bytes() == b"before"
    assert names_in(tmp_path) == ["file"]


def test_what_a_killed_publisher_left_is_swept_a_day_later(tmp_path: Path) -> None:
    old, young = (tmp_path / f".podcast.xml.{digits * 16}.tmp" for digits in "ab")
    others = tmp_path / ".theirs.tmp"
    for path in (old, young, others):
        path.write_bytes(b"part")
    os.utime(old, (0, 0))
    os.utime(others, (0, 0))

    open_target(str(tmp_path)).send("podcast.xml", b"x", **HEADERS)

    assert names_in(tmp_path) == sorted([young.name, others.name, "podcast.xml"])
