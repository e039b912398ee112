"""A disk that fails: the program runs where its every step on disk is counted, and one goes wrong.

Run by itself as a server: it reads one job a line and answers each with a line. It loads the program once,
and forks for each job, so that a job costs what the command costs, and leaves nothing but its files.

A step is whatever changes a disk: a file opened to be written, a piece written, a flush to the disk, a
rename, a removal, a folder made or removed, a change of mode or time.
"""

import builtins
import contextlib
import datetime as dt
import errno
import io
import json
import os
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KILLED = 137
NOW = dt.datetime(2026, 3, 6, 5, 30, tzinfo=dt.UTC)
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
EVENTS = {
    "os.chmod": 1,
    "os.link": 2,
    "os.mkdir": 1,
    "os.remove": 1,
    "os.rename": 2,
    "os.rmdir": 1,
    "os.symlink": 2,
    "os.truncate": 1,
    "os.utime": 1,
}
"""What Python tells of by itself before it is done, and how many of its arguments are paths."""
KILLS = ("kill", "power", "outage", "disorder")
LASTING = ("ENOSPC", "EROFS")


class Clock(dt.datetime):
    """Stands still, so that two runs of the same make the same."""

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> "Clock":
        moment = cls.fromisoformat(os.environ.get("CRASH_NOW", NOW.isoformat()))
        return moment.astimezone(tz) if tz else moment.astimezone().replace(tzinfo=None)


@dataclass
class Change:
    """What was done to a folder, and may not be on the disk yet: until that folder is flushed."""

    kind: str
    path: str
    """What came there, or went."""
    source: str = ""
    """Of a rename: where it was."""
    former: str = ""
    """Where what stood at the path is kept, if anything did."""
    safe: bool = False


class Disk:
    """Counts the steps below some folders, and does what is asked at one of them."""

    def __init__(self, job: dict[str, Any]) -> None:
        self.roots = [os.path.realpath(root) for root in job["roots"]]
        self.at, self.fault = job.get("at", 0), job.get("fault", "")
        self.aside = job["aside"]
        self.steps: list[str] = []
        self.unsynced: dict[str, int] = {}
        """Files, and how long each was when it was flushed last."""
        self.changes: list[Change] = []
        self._inside = False

    def watch(self) -> None:
        sys.addaudithook(self._hear)
        io.open = builtins.open = self._open  # type: ignore[assignment]
        fsync = os.fsync

        def count_fsync(fd: int) -> None:  # nothing is flushed: what that is worth is reckoned here
            path = os.path.realpath(f"/proc/self/fd/{fd}")
            if self._covers(path):
                self.step(f"fsync {path}")
                self._note_flush(path)
            else:
                fsync(fd)

        os.fsync = count_fsync  # type: ignore[assignment]

    def step(self, what: str) -> None:
        """Count a step; at the one that is asked for, die or refuse."""
        self.steps.append(what)
        lasts = self.fault in LASTING and 0 < self.at <= len(self.steps)
        if len(self.steps) != self.at and not lasts:
            return
        if self.fault in KILLS:
            self.die()
        if self.fault == "ENOSPC" and what.startswith(("os.remove", "os.rmdir")):
            return  # a full disk can still be emptied
        number = getattr(errno, self.fault)
        raise OSError(number, os.strerror(number), what.rpartition(" ")[2])

    def die(self) -> None:
        """End as a process does that is killed; of a power cut, what was not flushed is lost, too."""
        self._inside = True
        if self.fault != "kill":
            for path, length in self.unsynced.items():
                with contextlib.suppress(OSError):
                    os.truncate(path, length)
        if self.fault in ("outage", "disorder"):
            self._undo(self._find_unsafe()[:-1] if self.fault == "disorder" else self._find_unsafe())
        os._exit(KILLED)

    def _covers(self, path: str) -> bool:
        return any(path == root or path.startswith(root + os.sep) for root in self.roots)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self._inside:
            return
        if event == "open":
            path, _, flags = arguments
            if isinstance(path, str | bytes | os.PathLike) and flags & WRITING:
                place = place_of(path)
                if self._covers(place):
                    self.step(f"open {place}")
                    self._note_open(place, flags)
        elif event in EVENTS:
            paths = [place_of(one) for one in arguments[: EVENTS[event]] if one is not None]
            if any(self._covers(path) for path in paths):
                self.step(f"{event} {' '.join(paths)}")
                self._note_change(event, paths)

    def _note_open(self, path: str, flags: int) -> None:
        there = os.path.exists(path)  # noqa: PTH110
        length = os.stat(path).st_size if there and not flags & os.O_TRUNC else 0  # noqa: PTH116
        self.unsynced.setdefault(path, length)
        if not there:
            self.changes.append(Change("made", path))

    def _note_change(self, event: str, paths: list[str]) -> None:
        """Remember what is about to be done, and how it can be undone."""
        path = paths[-1]
        if event == "os.rename":
            source = paths[0]
            self.changes.append(Change("moved", path, source, self._keep(path)))
            moved = {one for one in self.unsynced if one == source or one.startswith(source + os.sep)}
            lengths = {path + one[len(source) :]: self.unsynced.pop(one) for one in moved}
            self.unsynced.pop(path, None)
            self.unsynced |= lengths
        elif event == "os.remove":
            self.changes.append(Change("gone", path, former=self._keep(path)))
            self.unsynced.pop(path, None)
        elif event in ("os.mkdir", "os.link", "os.symlink") and not os.path.lexists(path):
            self.changes.append(Change("made", path))

    def _keep(self, path: str) -> str:
        """Keep what stands at *path*, if a file does; return where."""
        if not os.path.isfile(path):  # noqa: PTH113
            return ""
        self._inside = True
        kept = os.path.join(self.aside, str(len(self.changes)))  # noqa: PTH118
        os.link(path, kept)
        self._inside = False
        return kept

    def _note_flush(self, path: str) -> None:
        """Count what is flushed as being on the disk: a file with its name, a folder with what is in it."""
        self.unsynced.pop(path, None)
        for number, change in enumerate(self.changes):
            here = self._follow(change.path, number)
            if path in (here, os.path.dirname(here)):  # noqa: PTH120
                change.safe = True

    def _follow(self, path: str, since: int, *, safe: bool | None = None) -> str:
        """Return where *path* is after the renames that came later; only after those that are *safe*."""
        for change in self.changes[since + 1 :]:
            counts = change.kind == "moved" and (safe is None or change.safe is safe)
            if counts and (path == change.source or path.startswith(change.source + os.sep)):
                path = change.path + path[len(change.source) :]
        return path

    def _find_unsafe(self) -> list[int]:
        return [number for number, change in enumerate(self.changes) if not change.safe]

    def _undo(self, lost: list[int]) -> None:
        """Take back what was done to folders and never flushed, the last first."""
        import shutil

        for number, change in enumerate(self.changes):
            change.safe = number not in lost
        for number in reversed(lost):
            change = self.changes[number]
            path = self._follow(change.path, number, safe=True)
            with contextlib.suppress(OSError):
                if change.kind == "moved":
                    os.rename(path, self._follow(change.source, number, safe=True))  # noqa: PTH104
                elif change.kind == "made" and os.path.isdir(path):  # noqa: PTH112
                    shutil.rmtree(path)
                elif change.kind == "made":
                    os.unlink(path)  # noqa: PTH108
                if change.former:
                    os.rename(change.former, path)  # noqa: PTH104

    def _open(self, file: Any, mode: str = "r", *more: Any, **options: Any) -> Any:
        opened = OPEN(file, mode, *more, **options)
        if isinstance(file, int) or not set(mode) & set("wax+"):
            return opened
        path = place_of(file)
        return Written(opened, self, path) if self._covers(path) else opened


OPEN = io.open


def place_of(path: Any) -> str:
    """Return where a path leads, as it is written: links in it are not followed."""
    return os.path.abspath(os.fsdecode(path))  # noqa: PTH100 - Path.resolve would ask the disk


class Written:
    """A file that is written: each piece is a step, and may be cut in the middle."""

    def __init__(self, opened: Any, disk: Disk, path: str) -> None:
        self._opened, self._disk, self._path = opened, disk, path

    def write(self, piece: Any) -> int:
        if len(self._disk.steps) + 1 == self._disk.at:
            self._opened.write(piece[: len(piece) // 2])
            self._opened.flush()
        self._disk.step(f"write {self._path}")
        return int(self._opened.write(piece))

    def __enter__(self) -> "Written":
        self._opened.__enter__()
        return self

    def __exit__(self, *error: Any) -> Any:
        return self._opened.__exit__(*error)

    def __iter__(self) -> Any:
        return iter(self._opened)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._opened, name)


def run(words: list[str]) -> int:
    """Run a command of the program; return its exit status."""
    from morning_edition.cli import main

    sys.argv = ["morning-edition", *words]
    try:
        main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def do(job: dict[str, Any]) -> dict[str, Any]:
    """Do a job in a process of its own."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        code = 99
        try:
            os.environ.update(job.get("environment", {}))
            os.chdir(job["inside"])
            log = os.open(job["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(log, 1)
            os.dup2(log, 2)
            disk = Disk(job)
            disk.watch()
            code = run(job["words"])
            disk._inside = True
            sys.stdout.flush()
            with os.fdopen(writing, "w") as told:
                json.dump(disk.steps, told)
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
        os._exit(code)
    os.close(writing)
    with os.fdopen(reading) as heard:
        said = heard.read()
    _, status = os.waitpid(pid, 0)
    steps = json.loads(said) if said else []
    log = Path(job["log"]).read_text("utf-8", "replace")
    return {"exit": os.waitstatus_to_exitcode(status), "steps": steps, "log": log}


def serve() -> None:
    """Answer one job a line."""
    dt.datetime = Clock  # type: ignore[misc]
    warm_up(json.loads(sys.stdin.readline()))
    answer({})
    for line in sys.stdin:
        answer(do(json.loads(line)))


def answer(record: object) -> None:
    sys.stdout.write(json.dumps(record) + "\n")
    sys.stdout.flush()


def warm_up(jobs: list[list[str]]) -> None:
    """Load all that the commands need by running them once, here."""
    quiet = os.open(os.devnull, os.O_WRONLY)
    kept = os.dup(1)
    os.dup2(quiet, 1)
    for words in jobs:
        status = run(words)
        sys.stdout.flush()
        if status:
            raise SystemExit(f"{words} ended with {status}")
    os.dup2(kept, 1)


if __name__ == "__main__":
    serve()
