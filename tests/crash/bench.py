"""A command that goes wrong at one of its steps, and what must stand then, and after the next run."""

import hashlib
import json
import os
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from crash.conftest import OLD_SLUG, Ran, Steps
from crash.reader import find_faults, read_folder, read_guids

KILLED = 137
KILLS = ("kill", "power", "outage", "disorder")
REFUSALS = ("EIO", "ENOSPC", "EROFS")
FAULTS = (*KILLS, *REFUSALS)
KEPT = ("takes", "reels", "covers")
"""In the cache, by content: what may be deleted at any time, and is swept by itself."""
NOTES = ("agenda.json", "site.json", "station-files.json", "paces.json")
"""In the cache, only to be quick."""
COPIES = re.compile(r"/\.cache/records(/[^/]+\.json)?: is not there$")
"""Of records; where there is no room for one, there is none."""
UNFINISHED = re.compile(r"[0-9a-f]{16}\.tmp|\d+\.tmp")
UNREAD = re.compile(r"\.tmp$|/\.lock\.json$|\.\d+\.tmp/(?!(?:episode|proof)\.json$)")
NOBODYS = (".lock",)
NEVER_CHANGED = (".mp3", ".jpg", ".kept", ".take")
LEFT_OVER = re.compile(r"\..+\.tmp")
TOLD = re.compile(r"morning-edition: (?!\.:)\S*\w: [^\n]+\n")
"""One line, that names a file."""
STAYS = re.compile(r"could not be moved away|cannot be written: ")
"""Said by a run that has done its work, but for what it could not take away, or could not keep for itself."""


@dataclass(frozen=True)
class Scenario:
    """A command, and what it finds."""

    words: list[str]
    prepare: Callable[[Steps, Path], None]
    """Makes the folder `station`, and `public` beside it where the command publishes there."""
    now: str = ""
    exit: int = 0
    """Of the command when nothing goes wrong."""
    again: tuple[int, str] = (0, "")
    """How it ends when all is done already, and what it then says."""
    withdraws: bool = False
    """Whether it takes away what listeners had."""
    every_step: bool = False
    """Whether it is killed at every second step when it is thorough, and not at every ninth."""


@dataclass
class Bench:
    """A scenario on a disk that fails at one step after the other."""

    steps: Steps
    folder: Path
    scenario: Scenario
    points: int = 0
    """How many were tried."""
    mended: int = 0
    """Of these, how many left what no point before had left."""
    _seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.template, self.disk = self.folder / "template", self.folder / "disk"
        self.template.mkdir(parents=True)
        self.scenario.prepare(self.steps, self.template)
        self.old = self._look(self.template)
        self._copy()
        self.ran = self.run()
        assert self.ran.exit == self.scenario.exit, self.ran.log
        self.new = self._look(self.disk)
        self.wanted = sum_disk(self.disk)
        self.events = count_events(self.disk)
        self._check_whole("undisturbed")
        self._check_rest("undisturbed")

    def run(self, *, at: int = 0, fault: str = "") -> Ran:
        """Run the command, in `station`."""
        now = self.scenario.now
        return self.steps.run(
            self.scenario.words, self.disk / "station", disk=self.disk, now=now, at=at, fault=fault
        )

    def try_step(self, at: int, fault: str) -> None:
        """Let the command go wrong at a step, look at what is left, and run it again."""
        step = f"step {at} ({self.ran.steps[at - 1].replace(str(self.disk), '')}), {fault}"
        self._copy()
        ran = self.run(at=at, fault=fault)
        self.points += 1
        self._check_end(ran, step, fault)
        self._check_whole(step)
        state = sum_state(self.disk)
        if state in self._seen:  # what follows from it has been seen, too
            return
        self._seen.add(state)
        self.mended += 1
        ran = self.run()
        allowed = {(self.scenario.exit, ""), self.scenario.again}
        assert any(ran.exit == status and said in ran.log for status, said in allowed), f"{step}: {ran.log}"
        self._check_whole(step)
        differs = find_difference(self.wanted, sum_disk(self.disk))
        assert [one for one in differs if not COPIES.search(one)] == [], f"{step}: {differs}"
        self._check_events(step)
        self._check_rest(step)

    def try_steps(self, fault: str, *, every: int) -> None:
        """Try every so many of the steps; which ones is another matter for each fault."""
        for at in range(1 + FAULTS.index(fault) % every, len(self.ran.steps) + 1, every):
            self.try_step(at, fault)

    def _copy(self) -> None:
        shutil.rmtree(self.disk, ignore_errors=True)
        shutil.copytree(self.template, self.disk, copy_function=copy_file)

    def _look(self, disk: Path) -> dict[str, bytes | None]:
        """Return the feed of each site."""
        return {place.name: read_folder(place)("podcast.xml") for place in list_sites(disk)}

    def _check_end(self, ran: Ran, step: str, fault: str) -> None:
        """See that it was killed, or has told in one line what is wrong, or has done its work anyhow."""
        if fault in KILLS:
            assert ran.exit == KILLED, f"{step}: {ran.log}"
            return
        assert "Traceback" not in ran.log, f"{step}: {ran.log}"
        assert "fault of the program" not in ran.log, f"{step}: {ran.log}"
        if ran.exit == 1:
            assert TOLD.fullmatch(ran.log), f"{step}: {ran.log}"
            return
        assert ran.exit == self.scenario.exit, f"{step}: {ran.log}"
        differs = find_difference(self.wanted, sum_disk(self.disk))
        differs = [one for one in differs if not COPIES.search(one) and not self._goes_later(one)]
        assert differs == [] or STAYS.search(ran.log), f"{step}: ended well, but {differs}: {ran.log}"

    def _goes_later(self, difference: str) -> bool:
        """Tell whether it is of a file that the disk did not let go: no feed names it any more."""
        return self.scenario.withdraws and (OLD_SLUG in difference or "/withdrawn: " in difference)

    def _check_whole(self, step: str) -> None:
        """See that listeners find the old site or the new one, and nothing missing."""
        for site in list_sites(self.disk):
            read = read_folder(site)
            assert (faults := find_faults(read)) == [], f"{step}: {site.name}: {faults}"
            feed, either = read("podcast.xml"), (self.old.get(site.name), self.new.get(site.name))
            assert feed in either, f"{step}: {site.name}: the feed is neither the old nor the new one"
            guids = read_guids(read)
            assert len(guids) == len(set(guids)), f"{step}: {site.name}: a GUID is there twice"
            if (old := self.old.get(site.name)) and not self.scenario.withdraws:
                faults = find_faults(read, old)
                assert faults == [], f"{step}: {site.name}: for whoever has the old feed: {faults}"

    def _check_events(self, step: str) -> None:
        """See that the history has each event of an episode's life once.

        That something was sent, or repaired, may be lost with the run that did it; and two runs that have
        each sent something have each noted it.
        """
        events, wanted = count_events(self.disk), self.events
        by_the_way = {one for one in wanted | events if one[0] in ("published", "repaired")}
        assert all(events[one] <= wanted[one] + (one[0] == "published") for one in by_the_way), step
        told = [{one: n for one, n in all_.items() if one not in by_the_way} for all_ in (events, wanted)]
        assert told[0] == told[1], f"{step}: the history: {told[0]}"

    def _check_rest(self, step: str) -> None:
        """See that nothing is left over, and that nothing is left to do."""
        assert (left := list(find_leftovers(self.disk))) == [], f"{step}: left over: {left}"
        before = sum_all(self.disk)
        ran = self.run()
        status, said = self.scenario.again
        assert ran.exit == status, f"{step}: once more: {ran.log}"
        assert said in ran.log, f"{step}: once more: {ran.log}"
        assert (changed := find_difference(before, sum_all(self.disk))) == [], f"{step}: once more: {changed}"


def list_sites(disk: Path) -> list[Path]:
    return [place for place in (disk / "station", disk / "public") if place.is_dir()]


def copy_file(source: str, target: str) -> None:
    """Copy a file; one that nobody ever writes to again is linked."""
    if source.endswith(NEVER_CHANGED):
        os.link(source, target)
    else:
        shutil.copy2(source, target)


def sum_disk(disk: Path) -> dict[str, str]:
    """The checksums of all that stands, but for what is kept only to be quick, and who was there when."""
    return {
        name: checksum
        for name, checksum in sum_all(disk).items()
        if not is_by_the_way(Path(name)) and not any(map(LEFT_OVER.fullmatch, Path(name).parts))
    }


def is_by_the_way(path: Path) -> bool:
    cached = ".cache" in path.parts and bool(set(KEPT) & set(path.parts))
    return cached or path.name in ("history.jsonl", ".lock.json") or ".morning-edition" in path.parts


def sum_all(disk: Path) -> dict[str, str]:
    """The checksums of all there is, but for the lock and notes to be quick; empty for a folder."""
    return {
        path.relative_to(disk).as_posix(): "" if path.is_dir() else sum_file(path)
        for path in sorted(disk.rglob("*"))
        if path.name not in NOBODYS and not (path.name in NOTES and path.parent.name == ".cache")
    }


SUMS: dict[tuple[int, int], str] = {}


def sum_file(path: Path) -> str:
    """Return a checksum; that of what never changes is reckoned once."""
    if not path.name.endswith(NEVER_CHANGED):
        return hashlib.sha256(path.read_bytes()).hexdigest()
    state = path.stat()
    key = state.st_ino, state.st_size
    if state.st_nlink == 1 or key not in SUMS:
        SUMS[key] = hashlib.sha256(path.read_bytes()).hexdigest()
    return SUMS[key]


def sum_state(disk: Path) -> str:
    """Return what tells two states apart for a run that follows.

    Names that are drawn by lot count as one. Who was at work does not count, nor does what is in unfinished
    files, which nobody reads.
    """
    state = sorted(
        (UNFINISHED.sub("tmp", name), "" if UNREAD.search(name) else checksum)
        for name, checksum in sum_all(disk).items()
    )
    return hashlib.sha256(json.dumps(state).encode()).hexdigest()


def find_difference(wanted: dict[str, str], found: dict[str, str]) -> list[str]:
    names = sorted(wanted.keys() | found.keys())
    return [
        f"{name}: {'is not there' if name not in found else 'too many' if name not in wanted else 'differs'}"
        for name in names
        if wanted.get(name) != found.get(name)
    ]


def find_leftovers(disk: Path) -> Iterator[str]:
    """Yield what runs that ended have left: no unfinished file, no empty folder, no note of who is at work.

    Unfinished copies at the target, and in what is kept by content, are swept a day later: until then
    somebody else may be writing them.
    """
    for path in sorted(disk.rglob("*")):
        name = path.relative_to(disk)
        swept_later = name.parts[0] == "public" or (".cache" in name.parts and set(KEPT) & set(name.parts))
        empty = path.is_dir() and not any(path.iterdir()) and path.name != "records"
        if path.name == ".lock.json" or empty or (LEFT_OVER.fullmatch(path.name) and not swept_later):
            yield str(name)


def count_events(disk: Path) -> Counter[tuple[str, str]]:
    try:
        lines = (disk / "station" / "history.jsonl").read_text().splitlines()
    except FileNotFoundError:
        return Counter()
    events = []
    for line in lines:
        try:
            record = json.loads(line)
        except ValueError:
            continue  # a line that was cut off
        events.append((record["what"], record["slug"]))
    return Counter(events)
