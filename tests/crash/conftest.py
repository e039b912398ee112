"""A server that runs commands on a disk that fails, and the stations that they change."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from crash.bench import Bench, Scenario

STEPPING = Path(__file__).with_name("stepping.py")
SETTINGS = """\
[show]
title = "The Harbour Brief"
base_url = "https://podcast.example/news/"
[cast.anchor]
voice = "tone"
rate = 2.0
[sound]
sample_rate_hz = 24000
""" + "".join(
    f'[running_order.{spot}]\nmusic = ""\n'
    for spot in ("opening", "look", "deep_look", "chapter", "closing", "bed")
)
FIRST = """\
ferry/ Harbour Post/ A. Diaz/ Morning Edition/ The old ferry sails again.
Old Ferry Sails Again: Quick Looks
- Reopened: The first boat left at noon.
Old Ferry Sails Again
Deep Look
It will cross the bay six times a day.
"""
SECOND = """\
pier/ Harbour Post/ D. Reed/ Morning Edition/ The board opened a second pier.
Second Pier Opens: Quick Looks
- Opening: The pier took nine months to build.
Second Pier Opens
Deep Look
The old pier was full every morning.
"""
LONG_AGO_S = 1_770_000_000
"""Unix time: what was changed a moment ago is not yet sealed."""
OLD_SLUG = "2026-03-05-old-ferry-sails-again"
NEW_SLUG = "2026-03-06-second-pier-opens"


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    exit: int
    steps: list[str]
    """Empty where it was killed."""
    log: str


class Steps:
    """The server that runs commands, one at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._aside = folder / "aside"
        self._process = subprocess.Popen(
            [sys.executable, str(STEPPING)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8"},
        )

    def ask(self, job: Any) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the server of steps has ended"
        return json.loads(answer)

    def run(
        self,
        words: list[str],
        root: Path,
        *,
        disk: Path | None = None,
        now: str = "",
        at: int = 0,
        fault: str = "",
    ) -> Ran:
        """Run a command in the folder *root*; one of its steps on the *disk*, which is a folder, goes wrong.

        At the *at*-th: `kill`; `power`, when the content that was not flushed is lost, too; `outage`, when
        names are; `disorder`, when all of these are but the last; `EIO`; `ENOSPC` and `EROFS` from there on.
        The clock stands at *now*.
        """
        self._empty_aside()
        job = {
            "words": words,
            "inside": str(root),
            "roots": [str(disk or root)],
            "at": at,
            "fault": fault,
            "aside": str(self._aside),
            "environment": {"CRASH_NOW": now} if now else {},
            "log": str(self.folder / "log.txt"),
        }
        return Ran(**self.ask(job))

    def run_well(self, words: list[str], root: Path, *, now: str = "") -> None:
        ran = self.run(words, root, now=now)
        assert ran.exit == 0, f"{words}: {ran.log}"

    def close(self) -> None:
        self._process.communicate(timeout=30)

    def _empty_aside(self) -> None:
        self._aside.mkdir(exist_ok=True)
        for path in self._aside.iterdir():
            path.unlink()


@pytest.fixture(scope="session")
def steps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Steps]:
    if not hasattr(os, "fork") or not Path("/proc/self/fd").exists():
        pytest.skip("steps on disk can only be counted on Linux")
    folder = tmp_path_factory.mktemp("steps")
    server = Steps(folder)
    warm = make_station(folder / "warm")
    here = ["-q", "--station", str(warm)]
    server.ask(
        [
            ["produce", str(warm / "first.txt"), "--date", "2026-03-05", *here],
            ["correct", OLD_SLUG, "It sails twice a day.", *here],
            ["publish", "--to", "../public", "--no-announce", *here],
            ["retract", OLD_SLUG, "--yes", "--reason", "It does not sail.", *here],
        ]
    )
    yield server
    server.close()


def make_station(root: Path) -> Path:
    root.mkdir(parents=True)
    for name, text in (("station.toml", SETTINGS), ("first.txt", FIRST), ("second.txt", SECOND)):
        (root / name).write_text(text)
        os.utime(root / name, (LONG_AGO_S, LONG_AGO_S))
    return root


def edit_script(root: Path) -> None:
    path = root / "audio" / OLD_SLUG / "script.md"
    path.write_text(path.read_text().replace("It will cross", "The ferry will cross"))


Benches = Callable[["Scenario"], "Bench"]
Try = Callable[["Scenario", str], None]


@pytest.fixture(scope="module")
def benches(steps: Steps, tmp_path_factory: pytest.TempPathFactory) -> Benches:
    """Give the bench of a scenario; it is set up once."""
    from crash.bench import Bench

    made: dict[int, Bench] = {}

    def find(scenario: "Scenario") -> "Bench":
        if id(scenario) not in made:
            made[id(scenario)] = Bench(steps, tmp_path_factory.mktemp("bench") / "it", scenario)
        return made[id(scenario)]

    return find


@pytest.fixture
def try_steps(benches: Benches, record_property: Callable[[str, object], None]) -> Try:
    """Try the steps of a scenario with a fault; all of them when `MORNING_EDITION_CRASH` is set."""

    def try_them(scenario: "Scenario", fault: str) -> None:
        bench = benches(scenario)
        every = (2 if scenario.every_step else 9) if fault == "kill" else 23
        before = bench.points
        bench.try_steps(fault, every=1 if os.environ.get("MORNING_EDITION_CRASH") else every)
        record_property("points", bench.points - before)

    return try_them
