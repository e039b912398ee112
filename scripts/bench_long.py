"""Half an hour and three hours: whether time grows with the length alone, and how much memory it takes.

The copy is generated, no two lines of it are the same, and each programme is made cold, in a station of its
own, both masters and their proof included. Time is told for each minute of sound. Memory is told twice: the
peak of the largest process, by wait4, and the peak of the command and all its children together, each page
that they share counted once (the sum of `Pss` in /proc, read five times a second; on Linux alone).
"""

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import COMMAND, DAY, VOICE
from news_writer import write_article

MINUTES = (30, 180)
SEED = 7
STEP_S = 0.2
MOST_MB = 300


@dataclass(frozen=True, slots=True)
class Long:
    """One long programme, made."""

    sound_min: float
    elapsed_s: float
    processor_s: float
    largest_mb: float
    together_mb: float
    """0 where the system does not tell."""


def measure_long(folder: Path) -> None:
    """Make both programmes below *folder*, and print what they took."""
    half, three = (make_programme(folder, minutes) for minutes in MINUTES)
    for made in (half, three):
        print(
            f"{made.sound_min:6.1f} min of sound: {made.elapsed_s:7.1f} s, "
            f"{made.elapsed_s / made.sound_min:.3f} s a minute "
            f"(processor {made.processor_s / made.sound_min:.3f}); largest process {made.largest_mb:.0f} MB, "
            f"all together {made.together_mb:.0f} MB"
        )
    ratio = (three.elapsed_s / three.sound_min) / (half.elapsed_s / half.sound_min)
    hours = (three.sound_min - half.sound_min) / 60
    print(f"{'time a minute, long / half an hour':<38} {ratio:8.3f}   at most 1.10")
    print(f"{'peak memory of three hours, MB':<38} {three.largest_mb:8.0f}   at most {MOST_MB}")
    for name in ("largest_mb", "together_mb"):
        growth = (getattr(three, name) - getattr(half, name)) / hours
        print(f"{name.replace('_mb', ', MB more for each hour'):<38} {growth:8.1f}   a few")


def make_programme(folder: Path, minutes: float) -> Long:
    """Make one programme of about so many minutes, in a station of its own."""
    article, station = folder / f"article-{minutes}.txt", folder / f"long-{minutes}"
    article.write_text(write_article(SEED, minutes), "utf-8")
    subprocess.run([*COMMAND, "init", station], check=True, capture_output=True)
    produce = [*COMMAND, "produce", article, "--station", station, "--date", DAY, "--voice", VOICE, "-q"]
    begun = time.perf_counter()
    process = subprocess.Popen([*map(str, produce)], stdout=subprocess.DEVNULL)
    with watch(process.pid) as seen_mb:
        _, status, usage = os.wait4(process.pid, 0)
    elapsed_s = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"a programme of {minutes} minutes ended with {process.returncode}")
    record = json.loads(next((station / "audio").glob("*/episode.json")).read_text("utf-8"))
    processor_s = usage.ru_utime + usage.ru_stime
    peak_mb = max(seen_mb, default=0.0)
    return Long(record["duration_ms"] / 60_000, elapsed_s, processor_s, usage.ru_maxrss / 1024, peak_mb)


@contextlib.contextmanager
def watch(pid: int) -> Iterator[list[float]]:
    """Give a list that fills with the memory of a process and all its children, in MB."""
    seen_mb: list[float] = []
    done = threading.Event()

    def look() -> None:
        while not done.wait(STEP_S):
            seen_mb.append(sum(map(read_memory, find_family(pid))))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen_mb
    finally:
        done.set()
        thread.join()


def find_family(pid: int) -> Iterator[int]:
    """Yield a process and all its children."""
    yield pid
    with contextlib.suppress(OSError):
        for path in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in path.read_text().split():
                yield from find_family(int(child))


def read_memory(pid: int) -> float:
    """Return a process' share of the memory, in MB; 0 when it is gone."""
    with contextlib.suppress(OSError):
        for row in Path(f"/proc/{pid}/smaps_rollup").read_text().split("\n"):
            if row.startswith("Pss:"):
                return int(row.split()[1]) / 1024
    return 0.0
