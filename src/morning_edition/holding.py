"""One station, many processes: whoever changes what stands holds it meanwhile, and the others wait.

The lock is the system's own, on `.lock` in the station's folder: it ends with its process, however that ends.
Who holds it is told by `.lock.json` beside it. A note without a lock was left by one that was killed: then
whatever that one was at is mended first. Where another machine may have the folder, too, and not see
the lock, its note is believed as long as it is renewed.
"""

import contextlib
import datetime as dt
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from morning_edition.errors import BusyError, EpisodeError, MorningEditionError, ProofError
from morning_edition.files import NO_ROOM, tell_trouble, write_whole
from morning_edition.mounts import may_be_shared
from morning_edition.station import Station
from morning_edition.who import find_host, find_user, tell_process

LOCK_NAME = ".lock"
NOTE_NAME = ".lock.json"
USUAL_WAIT_S = 60.0
POLL_S = 0.05
LONGEST_TOLD = 80
"""Characters of a name in a note."""
FOREIGN_S = 5 * 60.0
"""How long the note of another machine is believed where a lock does not reach from one to the other."""
RENEWAL_S = 60.0
"""How often it is renewed meanwhile."""

_held: set[tuple[Path, int]] = set()
"""What this process holds: folder and thread."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who is at work on a station."""

    work: str
    """`produce`, `publish` …"""
    pid: int
    host: str
    user: str
    since: str
    """ISO 8601, with its zone."""

    def tell(self) -> str:
        """Write `publish (process 4711 of ana on studio-2, since 05:01:10)`."""
        return f"{self.work} ({tell_process(self.pid, self.user, self.host)}, since {self.since[11:19]})"


@contextlib.contextmanager
def hold_station(
    station: Station,
    work: str,
    *,
    wait_s: float = USUAL_WAIT_S,
    tell: Callable[[str], None] = lambda said: None,
) -> Iterator[bool]:
    """Hold *station* for some *work* (`produce`); gives whether the last holder was killed in the middle.

    Waits *wait_s* seconds at most for another to end, having said to *tell* who it is. Whoever holds it
    already, in the same thread, holds it still. Raises `BusyError`.
    """
    root = station.root.resolve()
    key = root, threading.get_ident()
    if key in _held:
        yield False
        return
    with _lock(root, wait_s, tell), _note(root, work) as killed:
        _held.add(key)
        try:
            yield killed
        finally:
            _held.discard(key)


def is_noted(station: Station) -> bool:
    """Tell whether one is at work, or was killed at it."""
    return (station.root / NOTE_NAME).exists()


@contextlib.contextmanager
def _lock(root: Path, wait_s: float, tell: Callable[[str], None]) -> Iterator[None]:
    from filelock import FileLock, Timeout

    lock = FileLock(root / LOCK_NAME)
    until_s, told = time.monotonic() + wait_s, False
    try:
        while True:
            with contextlib.suppress(Timeout):
                lock.acquire(timeout=0)
            if lock.is_locked and not (other := _find_foreigner(root)):
                break
            way_out = "wait for it to end, or end it"
            if lock.is_locked:
                way_out += f"; if that machine is gone, remove {root / NOTE_NAME}"
            other = other if lock.is_locked else read_holder(root)
            lock.release()
            said = f"{root} is held by {other.tell() if other else 'another process'}"
            if time.monotonic() >= until_s:
                raise BusyError(f"{said}; {way_out}")
            if not told:
                tell(f"{said}; waiting up to {wait_s:.0f} s")
            told = True
            time.sleep(POLL_S)
    except OSError as error:
        raise BusyError(f"{root / LOCK_NAME}: cannot be locked: {tell_trouble(error)}") from error
    try:
        yield
    finally:
        lock.release()


def _find_foreigner(root: Path) -> Holder | None:
    """Return who holds it on another machine, as a note tells where a lock may not reach from there to here.

    On a disk of this machine's own a lock that is free is the truth, whatever the machine was called before.
    """
    holder = read_holder(root)
    if holder is None or holder.host == find_host() or not may_be_shared(root):
        return None
    with contextlib.suppress(OSError):
        if time.time() - (root / NOTE_NAME).stat().st_mtime < FOREIGN_S:
            return holder
    return None


def read_holder(root: Path) -> Holder | None:
    """Return who has noted that they are at work on the station in *root*; None for nobody."""
    try:
        record = json.loads((root / NOTE_NAME).read_bytes())
        kinds = Holder.__annotations__
        return Holder(**{name: kind(_show(record[name])) for name, kind in kinds.items()})
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None


def _show(value: object) -> str:
    """Return what a note holds as a message may tell it: others can write there."""
    return "".join(sign for sign in str(value) if sign.isprintable())[:LONGEST_TOLD]


@contextlib.contextmanager
def _note(root: Path, work: str) -> Iterator[bool]:
    """Note who holds the lock, where the disk has room for it; gives whether there was a note already."""
    path = root / NOTE_NAME
    killed = path.exists()
    moment = dt.datetime.now().astimezone().isoformat(timespec="seconds")
    for left in root.glob(f".{NOTE_NAME}.*.tmp"):  # by one who was killed before there was a note
        _remove(left)
    holder = Holder(work, os.getpid(), find_host(), find_user(), moment)
    try:
        write_whole(path, json.dumps(asdict(holder)) + "\n")  # whoever comes after a power cut must see it
    except OSError as error:
        if error.errno not in NO_ROOM:  # else nobody is told who holds it, and a retraction goes on
            raise BusyError(f"{path}: cannot be written: {tell_trouble(error)}") from error
    try:
        with _renewed(path):
            yield killed
    except MorningEditionError as error:
        unkept = isinstance(error, ProofError) and error.folder is None
        if not (unkept or isinstance(error, EpisodeError)):  # else a disk refused: the next one looks closely
            _remove(path)
        raise
    _remove(path)


@contextlib.contextmanager
def _renewed(path: Path) -> Iterator[None]:
    """Keep a note young where another machine may look at it."""
    if not may_be_shared(path.parent):
        yield
        return
    ended = threading.Event()

    def renew() -> None:
        while not ended.wait(RENEWAL_S):
            with contextlib.suppress(OSError):
                os.utime(path)

    threading.Thread(target=renew, name="renews the note", daemon=True).start()
    try:
        yield
    finally:
        ended.set()


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):  # the next one then looks more closely than it had to
        path.unlink()
