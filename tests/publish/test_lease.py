"""One producer at a time: whoever comes second is told who was first, and a hold that nobody has is ended."""

import datetime as dt
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from publications import Cut, Faulty

from morning_edition.errors import ConflictError, PublishError
from morning_edition.publish.lease import LEASE_NAME, LEASE_S, MARGIN_S, Lease, hold_target
from morning_edition.publish.places.folder import Folder
from morning_edition.publish.processes import find_machine, is_running, started_at

NOW = dt.datetime(2026, 3, 6, 5, 0, tzinfo=dt.UTC)
LONG_AFTER = NOW + dt.timedelta(seconds=LEASE_S + MARGIN_S + 1)


@pytest.fixture
def target(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "public")


def read(target: Folder) -> dict[str, str]:
    return json.loads(b"".join(target.read(LEASE_NAME)))


def leave(target: Folder, **facts: object) -> None:
    """Leave a lease as another producer would, with *facts* of its own."""
    lease = {
        "token": "0" * 32,
        "who": "ana",
        "host": "studio-2",
        "pid": 4711,
        "machine": "another",
        "started": "1",
        "since": NOW.isoformat(),
        "until": (NOW + dt.timedelta(seconds=LEASE_S)).isoformat(),
    }
    target.create(LEASE_NAME, json.dumps(lease | facts).encode())


def list_left(target: Folder) -> list[str]:
    return [path.name for path in Path(target.shown).glob(".morning-edition/*")]


def test_a_lease_is_given_back(target: Folder) -> None:
    """While it is held it tells who holds it; afterwards nothing is left of it."""
    with hold_target(target, NOW):
        assert (read(target)["pid"], read(target)["since"]) == (os.getpid(), NOW.isoformat())
    assert list_left(target) == []


def test_a_lease_is_given_back_after_a_failure(target: Folder) -> None:
    """Whoever fails does not keep others waiting."""
    with pytest.raises(PublishError, match=r"no more"), hold_target(target, NOW):
        raise PublishError("no more")
    assert list_left(target) == []


def test_the_second_producer_is_told_who_is_first(target: Folder) -> None:
    """Who, where, since when and until when; and the first is not disturbed."""
    leave(target)
    with pytest.raises(
        ConflictError,
        match=r"4711 of ana on studio-2 .* 05:00:00 UTC, .* until 05:10:00 UTC; publish again then",
    ):
        Lease(target, NOW).acquire()
    assert read(target)["who"] == "ana"


def test_one_process_does_not_publish_twice_at_once(target: Folder) -> None:
    """Two threads are two producers."""
    with hold_target(target, NOW), pytest.raises(ConflictError, match=r"publishes there since"):
        Lease(target, NOW).acquire()


def test_a_lease_whose_time_is_over_is_taken_over(target: Folder) -> None:
    """Only after a margin, as no two clocks are the same."""
    leave(target)
    within = NOW + dt.timedelta(seconds=LEASE_S + MARGIN_S - 1)
    with pytest.raises(ConflictError):
        Lease(target, within).acquire()
    with hold_target(target, LONG_AFTER):
        assert read(target)["pid"] == os.getpid()
        assert list_left(target) == ["lease.json"]
    assert list_left(target) == []


def test_a_lease_of_a_dead_process_is_taken_over_at_once(target: Folder) -> None:
    """Where it ran on this machine, nobody waits for its clock."""
    with subprocess.Popen([sys.executable, "-c", ""]) as dead:
        dead.wait()
    leave(target, pid=dead.pid, machine=find_machine(), started="1")
    with hold_target(target, NOW):
        assert read(target)["pid"] == os.getpid()


def test_a_later_process_of_the_same_number_is_another_one(target: Folder) -> None:
    """Numbers are given again: a process that was started later does not hold the lease."""
    parent = os.getppid()
    assert is_running(parent, started_at(parent))
    leave(target, pid=parent, machine=find_machine(), started="1")
    with hold_target(target, NOW):
        assert read(target)["pid"] == os.getpid()


def test_a_living_process_keeps_its_lease(target: Folder) -> None:
    """As long as it runs, and its time is not over."""
    parent = os.getppid()
    leave(target, pid=parent, machine=find_machine(), started=started_at(parent))
    with pytest.raises(ConflictError):
        Lease(target, NOW).acquire()


@pytest.mark.parametrize("content", [b"", b"[]", b'{"token": "../../x", "pid": 1}', b"\xff" * 100])
def test_a_damaged_lease_is_nobodys(target: Folder, content: bytes) -> None:
    """What a killed writer left on a target that writes in two steps does not keep others out for ever."""
    target.create(LEASE_NAME, content)
    with hold_target(target, NOW):
        assert read(target)["pid"] == os.getpid()
    assert list_left(target) == []


@pytest.mark.parametrize("stopped_at", range(1, 12))
def test_whoever_takes_over_and_is_cut_off_is_taken_over_too(target: Folder, stopped_at: int) -> None:
    """At whichever step: the next one gets the lease, and leaves nothing behind."""
    leave(target)
    other = Faulty(Path(target.shown), stopped_at, dies=True, late=True)
    try:
        with hold_target(other, LONG_AFTER):
            pass
    except Cut:
        pass
    with hold_target(target, LONG_AFTER):
        assert read(target)["pid"] == os.getpid()
    assert list_left(target) == []


def test_of_many_who_take_over_at_once_one_wins(target: Folder) -> None:
    """Never two: each of the others is told."""
    for _ in range(20):
        leave(target)
        race = Race(target)
        threads = [threading.Thread(target=race.run) for _ in range(Race.RUNNERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert race.most == 1
        assert list_left(target) == []


class Race:
    """Many producers who find the same stale lease at the same time."""

    RUNNERS = 6

    def __init__(self, target: Folder) -> None:
        self.most = 0
        self._target, self._start, self._holding = target, threading.Barrier(self.RUNNERS), 0

    def run(self) -> None:
        lease = Lease(self._target, LONG_AFTER)
        self._start.wait()
        try:
            lease.acquire()
        except ConflictError:
            return
        self._holding += 1
        self.most = max(self.most, self._holding)
        threading.Event().wait(0.01)
        lease.check()
        self._holding -= 1
        lease.release()


def test_whoever_lost_the_lease_writes_nothing_more(target: Folder) -> None:
    """One who was asleep while another took over finds out before the feed is written."""
    with hold_target(target, NOW) as lease:
        target.remove(LEASE_NAME)
        with pytest.raises(PublishError, match=r"was lost"):
            lease.check()
        leave(target)
        with pytest.raises(ConflictError, match=r"ana on studio-2"):
            lease.check()
    assert read(target)["who"] == "ana"


def test_a_long_file_is_covered(target: Folder) -> None:
    """The lease outlasts what is sent over a slow line, and is renewed on the way."""
    with hold_target(target, NOW) as lease:
        lease.cover(0)
        assert read(target)["until"] == (NOW + dt.timedelta(seconds=LEASE_S)).isoformat()
        lease.cover(200_000_000)
        until = dt.datetime.fromisoformat(read(target)["until"])
        assert until > NOW + dt.timedelta(hours=2)
