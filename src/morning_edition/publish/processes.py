"""Processes of this machine, told apart from those of any other, and from later ones of the same number."""

import contextlib
import functools
import os
import time
from pathlib import Path

from morning_edition.files import sha256_of
from morning_edition.who import find_host

PROC = Path("/proc")
STATE, STARTED = 0, 19
"""Places in /proc/PID/stat behind the name (proc_pid_stat(5): fields 3 and 22)."""


@functools.cache
def find_machine() -> str:
    """Return what tells this machine, since it was started, from any other; empty where nothing does.

    Containers number their processes each for themselves, and so are machines of their own.
    """
    try:
        boot = (PROC / "sys/kernel/random/boot_id").read_text("ascii").strip()
        numbering = os.readlink(PROC / "self/ns/pid")  # noqa: PTH115 - its target is no path
    except (OSError, ValueError):
        return ""
    return sha256_of(f"{find_host()} {boot} {numbering}")[:32]


def started_at(pid: int) -> str:
    """Return when a process of this machine was started, in ticks; empty where that cannot be seen."""
    return _read_stat(pid, STARTED)


def is_running(pid: int, started: str) -> bool:
    """Tell whether the process *pid* of this machine, *started* then, still runs; in doubt it does."""
    if pid <= 0 or _read_stat(pid, STATE) in ("Z", "X"):  # it ended, and nobody has asked how
        return False
    with contextlib.suppress(PermissionError):
        try:
            os.kill(pid, 0)
        except (ProcessLookupError, OverflowError):
            return False
    now = started_at(pid)
    return not (started and now) or now == started


def _read_stat(pid: int, place: int) -> str:
    with contextlib.suppress(OSError, IndexError, ValueError):
        return (PROC / str(pid) / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[place]
    return ""


def since_boot_s() -> float:
    """Return seconds that only ever grow, those in which the machine slept included where it tells."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()
