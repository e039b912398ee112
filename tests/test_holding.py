"""One station, many processes: who changes it holds it, and the others wait or are told who does."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from morning_edition import holding, mounts
from morning_edition.errors import ArticleError, BusyError, EpisodeError
from morning_edition.holding import (
    LOCK_NAME,
    NOTE_NAME,
    hold_station,
    is_noted,
    read_holder,
)
from morning_edition.station import Station

HOLD = """
import sys, time
from pathlib import Path
from morning_edition.holding import hold_station
from morning_edition.station import Station
with hold_station(Station(Path(sys.argv[1])), "produce"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def station(tmp_path: Path) -> Station:
    return Station(tmp_path)


@pytest.fixture
def other(station: Station) -> Iterator["subprocess.Popen[str]"]:
    """Another process that holds the station until its standard input ends."""
    command = [sys.executable, "-c", HOLD, str(station.root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_station_that_nobody_holds_is_held_at_once(station: Station) -> None:
    with hold_station(station, "retract") as killed:
        assert not killed
        assert is_noted(station)
        holder = read_holder(station.root)
        assert holder
        assert (holder.work, holder.pid) == ("retract", os.getpid())
    assert not is_noted(station)


def test_who_holds_it_is_told_and_nobody_waits_longer_than_asked(
    station: Station, other: "subprocess.Popen[str]"
) -> None:
    told: list[str] = []
    begun_s = time.monotonic()
    with (
        pytest.raises(
            BusyError, match=rf"held by produce \(process {other.pid} of .* on .*, since \d\d:\d\d:\d\d\)"
        ),
        hold_station(station, "publish", wait_s=0.2, tell=told.append),
    ):
        pass
    assert 0.2 <= time.monotonic() - begun_s < 5
    assert len(told) == 1
    assert "waiting up to 0 s" in told[0]


def test_who_waits_gets_it_when_the_other_ends(station: Station, other: "subprocess.Popen[str]") -> None:
    assert other.stdin
    threading.Timer(0.3, other.stdin.close).start()
    with hold_station(station, "publish", wait_s=30) as killed:
        assert not killed
    assert other.wait(10) == 0


def test_a_holder_that_was_killed_is_no_holder_and_the_next_is_told(
    station: Station, other: "subprocess.Popen[str]"
) -> None:
    other.send_signal(signal.SIGKILL)
    other.wait(10)
    assert is_noted(station)
    with hold_station(station, "produce", wait_s=5) as killed:
        assert killed
    with hold_station(station, "produce", wait_s=5) as killed:
        assert not killed


def test_whoever_holds_it_may_hold_it_again(station: Station) -> None:
    with hold_station(station, "watch"), hold_station(station, "produce", wait_s=0) as killed:
        assert not killed
        holder = read_holder(station.root)
        assert holder
        assert holder.work == "watch"


def test_another_thread_of_the_same_process_waits(station: Station) -> None:
    found: list[str] = []

    def hold() -> None:
        try:
            with hold_station(station, "publish", wait_s=0.1):
                found.append("held")
        except BusyError as error:
            found.append(str(error))

    with hold_station(station, "watch"):
        thread = threading.Thread(target=hold)
        thread.start()
        thread.join()
    assert len(found) == 1
    assert "is held by watch" in found[0]


@pytest.mark.parametrize(
    ("error", "looks_closely"), [(ArticleError("a bad article"), False), (EpisodeError("disk full"), True)]
)
def test_after_a_disk_that_refused_the_next_one_looks_closely(
    error: Exception, looks_closely: bool, station: Station
) -> None:
    with pytest.raises(type(error)), hold_station(station, "produce"):
        raise error
    with hold_station(station, "produce") as killed:
        assert killed == looks_closely


@pytest.mark.parametrize("note", ["", "{", "[]", '{"work": "produce"}', '{"pid": "x"}'])
def test_a_damaged_note_counts_as_left_by_one_that_was_killed(note: str, station: Station) -> None:
    (station.root / NOTE_NAME).write_text(note)
    with hold_station(station, "produce") as killed:
        assert killed


def note_from_elsewhere(station: Station) -> Path:
    path = station.root / NOTE_NAME
    path.write_text(
        json.dumps(
            {
                "work": "watch",
                "pid": 7,
                "host": "elsewhere",
                "user": "ana",
                "since": "2026-03-06T05:01:10+00:00",
            }
        )
    )
    return path


@pytest.fixture
def shared(station: Station, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Station:
    """The station on a disk in the network, as far as the system tells."""
    mounted = tmp_path / "mountinfo"
    mounted.write_text(f"36 28 0:33 / {station.root} rw,relatime shared:9 - nfs4 store:/x rw\n", "utf-8")
    monkeypatch.setattr(mounts, "MOUNTS", mounted)
    return station


def test_a_fresh_note_of_another_machine_is_believed(shared: Station) -> None:
    """On a disk in the network a lock may not reach from one machine to another; the way out is told."""
    note = note_from_elsewhere(shared)
    with (
        pytest.raises(
            BusyError,
            match=r"held by watch \(process 7 of ana on elsewhere, since 05:01:10\); wait .*"
            rf"if that machine is gone, remove {note}",
        ),
        hold_station(shared, "produce", wait_s=0),
    ):
        pass
    note.unlink()
    with hold_station(shared, "produce", wait_s=0):
        pass


def test_on_a_disk_of_its_own_a_free_lock_is_the_truth(station: Station) -> None:
    """A container has another name each time it is started, and is the same machine."""
    note_from_elsewhere(station)
    with hold_station(station, "produce", wait_s=0) as killed:
        assert killed


def test_a_long_run_is_believed_as_long_as_it_lasts(shared: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its note is renewed meanwhile, and not any more when it has ended."""
    monkeypatch.setattr(holding, "RENEWAL_S", 0.02)
    path = shared.root / NOTE_NAME
    with hold_station(shared, "watch"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
        until_s = time.monotonic() + 10
        while path.stat().st_mtime < 1_500_000_000 and time.monotonic() < until_s:
            time.sleep(0.01)
        assert time.time() - path.stat().st_mtime < 60
    assert not path.exists()
    note_from_elsewhere(shared)
    time.sleep(0.05)
    os.utime(path, (1_000_000_000, 1_000_000_000))
    time.sleep(0.1)
    assert path.stat().st_mtime == 1_000_000_000


@pytest.mark.parametrize(
    ("folder", "kind", "shared"),
    [
        ("/", "ext4", False),
        ("/srv/www", "ext4", False),
        ("/srv/show", "nfs4", True),
        ("/srv/show/of mine/brief", "fuse.sshfs", True),
        ("/srv/show room", "ext4", False),
        ("/mnt/over", "overlay", False),
        ("/mnt/rootless", "fuse.fuse-overlayfs", False),
    ],
)
def test_the_innermost_mount_counts(
    folder: str, kind: str, shared: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And of several at one place the last; the system writes spaces in octal."""
    mounted = tmp_path / "mountinfo"
    mounted.write_text(
        "28 0 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n"
        "36 28 0:33 / /srv/show rw shared:9 master:1 - nfs4 store:/x rw\n"
        "37 36 0:34 / /srv/show/of\\040mine rw - fuse.sshfs store: rw\n"
        "38 28 0:35 / /mnt/over rw - cifs //store/x rw\n"
        "39 38 0:36 / /mnt/over rw - overlay overlay rw\n"
        "40 28 0:37 / /mnt/rootless rw - fuse.fuse-overlayfs x rw\n"
        "no line of the kind\n",
        "utf-8",
    )
    monkeypatch.setattr(mounts, "MOUNTS", mounted)
    assert mounts.find_file_system(Path(folder)) == kind
    assert mounts.may_be_shared(Path(folder)) == shared


def test_where_the_system_tells_no_mounts_the_lock_is_the_truth(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mounts, "MOUNTS", tmp_path / "none")
    assert not mounts.may_be_shared(tmp_path)


def test_an_old_note_of_another_machine_was_left(shared: Station) -> None:
    station = shared
    path = note_from_elsewhere(station)
    os.utime(path, (time.time() - 3600, time.time() - 3600))
    with hold_station(station, "produce", wait_s=0) as killed:
        assert killed


def test_a_station_that_cannot_be_locked_is_said(station: Station) -> None:
    (station.root / LOCK_NAME).mkdir()
    with pytest.raises(BusyError, match=r"\.lock: cannot be locked"), hold_station(station, "produce"):
        pass


FULL = """
import errno, os, sys
from pathlib import Path
from morning_edition.holding import hold_station, is_noted
from morning_edition.station import Station
def refuse(event, arguments):
    if event == "open" and ".lock.json" in str(arguments[0]):
        raise OSError(getattr(errno, sys.argv[2]), os.strerror(getattr(errno, sys.argv[2])))
sys.addaudithook(refuse)
station = Station(Path(sys.argv[1]))
with hold_station(station, "retract") as killed:
    print("held", killed, is_noted(station), flush=True)
    sys.stdin.read()
"""


def test_a_station_on_a_full_disk_is_held_without_a_note(station: Station) -> None:
    """The lock alone keeps others off, so that a retraction need not wait for room."""
    command = [sys.executable, "-c", FULL, str(station.root), "ENOSPC"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "held False False\n"
        with pytest.raises(BusyError, match="held by another process"), hold_station(station, "x", wait_s=0):
            pass
        process.communicate("")
    assert process.returncode == 0


def test_a_disk_that_refuses_the_note_otherwise_is_told(station: Station) -> None:
    """With what is to do about it."""
    command = [sys.executable, "-c", FULL, str(station.root), "EROFS"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (
        ".lock.json: cannot be written: Read-only file system; have the disk mounted for writing"
        in done.stderr
    )
