"""One station is watched by one process: two would make every article twice."""

import contextlib
import datetime as dt
import json
import os
from collections.abc import Iterator
from pathlib import Path

from morning_edition.errors import BusyError
from morning_edition.files import tell_trouble, write_whole
from morning_edition.station import Station
from morning_edition.who import find_host, find_user, tell_process

LOCK_NAME = ".watch.lock"
NOTE_NAME = ".watch.lock.json"


@contextlib.contextmanager
def watch_alone(station: Station, now: dt.datetime) -> Iterator[None]:
    """Be the only one who watches *station*. Raises `BusyError`, which says who does already."""
    from filelock import FileLock, Timeout

    lock = FileLock(station.root / LOCK_NAME)
    note = station.root / NOTE_NAME
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise BusyError(
            f"{station.root}: is watched already, by {_read_note(note)}; end that one first"
        ) from None
    except OSError as error:
        raise BusyError(f"{station.root / LOCK_NAME}: cannot be locked: {tell_trouble(error)}") from error
    try:
        who = {"pid": os.getpid(), "host": find_host(), "user": find_user(), "since": now.isoformat()}
        write_whole(note, json.dumps(who) + "\n", durable=False)
        yield
    finally:
        with contextlib.suppress(OSError):
            note.unlink()
        lock.release()


def _read_note(note: Path) -> str:
    try:
        who = json.loads(note.read_text("utf-8"))
        who = {name: "".join(filter(str.isprintable, str(told)))[:80] for name, told in who.items()}
        return f"{tell_process(who['pid'], who['user'], who['host'])}, since {who['since'][:19]}"
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return "another process"
