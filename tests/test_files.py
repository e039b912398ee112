"""A file is whole or not there at all, whatever stops its writing."""

import errno
import hashlib
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from morning_edition.files import sha256_of, tell_trouble, write_whole

POSIX = os.name == "posix"


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "No space left on device; make room on the disk"),
        (errno.EDQUOT, "Disk quota exceeded; make room on the disk"),
        (errno.EROFS, "Read-only file system; have the disk mounted for writing"),
        (errno.EACCES, "Permission denied"),
    ],
)
@pytest.mark.skipif(not POSIX, reason="other systems say it in other words")
def test_what_a_disk_refuses_is_told_with_a_way_out(number: int, said: str) -> None:
    """Where the system's own words do not tell one."""
    assert tell_trouble(OSError(number, os.strerror(number))) == said


def test_an_error_without_words_of_the_system_is_told_as_it_is() -> None:
    assert tell_trouble(OSError("half of it")) == "half of it"


@pytest.mark.parametrize("durable", [True, False])
@pytest.mark.parametrize("content", ["", "Plain", "Café\r\n“Noir”\n", b"", b"\xff\x00\r\n"])
def test_what_is_written_is_there(tmp_path: Path, content: str | bytes, durable: bool) -> None:
    path = tmp_path / "file"

    write_whole(path, content, durable=durable)

    assert path.read_bytes() == (content.encode() if isinstance(content, str) else content)
    assert names_in(tmp_path) == ["file"]


def test_a_file_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("a longer text than the next", encoding="utf-8")

    write_whole(path, "short")

    assert path.read_text(encoding="utf-8") == "short"
    assert names_in(tmp_path) == ["file"]


def test_its_folders_are_made(tmp_path: Path) -> None:
    write_whole(tmp_path / "a" / "b" / "file", "text")

    assert (tmp_path / "a" / "b" / "file").is_file()


@pytest.mark.skipif(not POSIX, reason="Windows has no such modes")
@pytest.mark.parametrize("before", [None, 0o600, 0o444])
def test_a_web_server_can_read_it(tmp_path: Path, before: int | None) -> None:
    path = tmp_path / "file"
    if before is not None:
        path.touch(mode=before)

    write_whole(path, "text")

    assert stat.S_IMODE(path.stat().st_mode) == 0o644


@pytest.mark.skipif(not POSIX, reason="Windows has no such links")
def test_a_link_is_replaced_and_what_it_points_to_is_left(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("theirs", encoding="utf-8")
    (tmp_path / "file").symlink_to(elsewhere)

    write_whole(tmp_path / "file", "ours")

    assert elsewhere.read_text(encoding="utf-8") == "theirs"
    assert (tmp_path / "file").read_text(encoding="utf-8") == "ours"
    assert not (tmp_path / "file").is_symlink()


def test_a_folder_in_its_place_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "file").mkdir()
    (tmp_path / "file" / "inside").write_text("kept", encoding="utf-8")

    with pytest.raises(OSError, match="file"):
        write_whole(tmp_path / "file", "text")

    assert names_in(tmp_path) == ["file"]
    assert (tmp_path / "file" / "inside").read_text(encoding="utf-8") == "kept"


def test_a_file_in_its_folders_place_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("kept", encoding="utf-8")

    with pytest.raises(OSError, match="folder"):
        write_whole(tmp_path / "folder" / "file", "text")

    assert (tmp_path / "folder").read_text(encoding="utf-8") == "kept"


@pytest.mark.skipif(not POSIX or os.geteuid() == 0, reason="this user may write everywhere")
def test_a_folder_that_may_not_be_written_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("before", encoding="utf-8")
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(PermissionError):
            write_whole(path, "after")
        assert path.read_text(encoding="utf-8") == "before"
    finally:
        tmp_path.chmod(0o755)
    assert names_in(tmp_path) == ["file"]


def test_a_name_that_no_disk_takes_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="xxxx"):
        write_whole(tmp_path / ("x" * 300), "text")

    assert names_in(tmp_path) == []


def test_text_that_cannot_be_written_leaves_what_stood_there(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("before", encoding="utf-8")

    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "half a sign: \ud83d")

    assert path.read_text(encoding="utf-8") == "before"
    assert names_in(tmp_path) == ["file"]


FULL_DISK = """
import resource, sys
from pathlib import Path
from morning_edition.files import write_whole

resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    write_whole(Path(sys.argv[1]), b"x" * 300_000)
except OSError as error:
    sys.exit(f"refused: {error.strerror}")
"""


@pytest.mark.skipif(not POSIX, reason="Windows sets no such limits")
def test_a_disk_that_is_full_half_way_leaves_what_stood_there(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("before", encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, path], capture_output=True, text=True, check=False
    )

    assert "refused: File too large" in done.stderr
    assert path.read_text(encoding="utf-8") == "before"
    assert names_in(tmp_path) == ["file"]


INTERRUPTED = """
import signal, sys, threading, time
from pathlib import Path
from morning_edition.files import write_whole

def interrupt():
    while not any(path.suffix == ".tmp" for path in Path(sys.argv[1]).parent.iterdir()):
        time.sleep(0.0001)
    signal.raise_signal(signal.SIGINT)

threading.Thread(target=interrupt, daemon=True).start()
try:
    for _ in range(100):
        write_whole(Path(sys.argv[1]), b"x" * 3_000_000)
except KeyboardInterrupt:
    sys.exit("interrupted")
"""


def test_an_interruption_leaves_a_whole_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"before")

    for _ in range(5):  # Python now and then loses an interrupt in a place that cannot raise it
        done = subprocess.run(
            [sys.executable, "-c", INTERRUPTED, path], capture_output=True, text=True, timeout=60
        )
        if done.returncode:
            break

    assert done.stderr == "interrupted\n"
    assert path.read_bytes() in (b"before", b"x" * 3_000_000)
    assert names_in(tmp_path) == ["file"]


@pytest.mark.skipif(not POSIX, reason="Windows replaces no file that is open")
def test_a_reader_never_sees_a_part(tmp_path: Path) -> None:
    path = tmp_path / "file"
    contents = [letter * 500_000 for letter in (b"a", b"b")]
    write_whole(path, contents[0])
    done = threading.Event()

    def keep_writing() -> None:
        for turn in range(60):
            write_whole(path, contents[turn % 2], durable=False)
        done.set()

    writer = threading.Thread(target=keep_writing)
    writer.start()
    seen = set()
    while not done.is_set():
        seen.add(path.read_bytes())
    writer.join()

    assert seen <= set(contents)


@pytest.mark.skipif(not POSIX, reason="Windows replaces no file that is open")
def test_two_writers_leave_one_of_their_files(tmp_path: Path) -> None:
    path = tmp_path / "file"
    contents = [letter * 200_000 for letter in (b"a", b"b", b"c", b"d")]
    writers = [threading.Thread(target=write_whole, args=(path, content)) for content in contents]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert path.read_bytes() in contents
    assert names_in(tmp_path) == ["file"]


@given(st.text())
def test_a_fingerprint_is_the_same_for_a_text_and_its_bytes(text: str) -> None:
    assert sha256_of(text) == sha256_of(text.encode()) == hashlib.sha256(text.encode()).hexdigest()
