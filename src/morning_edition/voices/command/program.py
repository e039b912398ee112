"""One run of a program, bounded in time and in what it writes; ended with all that it has started."""

import atexit
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

LARGEST_BYTES = 200_000_000
"""A quarter of an hour of stereo in 32 bits: a program that writes more has lost its way."""
LONGEST_MESSAGE = 200
WATCH_S = 0.25
"""How often it is looked at."""
_running: set["subprocess.Popen[bytes]"] = set()
_starting = threading.Lock()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended."""

    status: int
    """As `subprocess` has it: 0 for done, negative for a signal."""
    message: str
    """The last line of its standard error, empty where it said nothing."""


class EndlessError(Exception):
    """The program took too long, or wrote too much; the message says which, and follows its name."""


def run_program(
    words: Sequence[str | bytes], folder: Path, *, source: Path | None, sound: Path, timeout_s: float
) -> Outcome:
    """Run *words* with *source* as standard input, and standard output into the file *sound*.

    Raises `EndlessError`, and `OSError` or `ValueError` where it cannot be started at all.
    """
    messages = folder / "messages"
    with (
        (source or Path(os.devnull)).open("rb") as read,
        sound.open("wb") as heard,
        messages.open("wb") as told,
    ):
        with _starting:
            # A group of its own can be ended with all that it has started; a Control-C does not reach it.
            process = subprocess.Popen(words, stdin=read, stdout=heard, stderr=told, start_new_session=True)
            _running.add(process)
        with process:
            try:
                _wait(process, folder, timeout_s)
            finally:
                if process.returncode is None:
                    _end_all(process)
                _running.discard(process)
    return Outcome(process.returncode, _last_line(messages))


@atexit.register
def _end_running() -> None:
    """End all that still runs when this program does, for threads that read lines are not waited for."""
    _starting.acquire()  # and never given back: nothing is started any more
    for process in tuple(_running):
        if process.returncode is None:
            _end_all(process)


def _wait(process: "subprocess.Popen[bytes]", folder: Path, timeout_s: float) -> None:
    deadline_s = time.monotonic() + timeout_s
    while (left_s := deadline_s - time.monotonic()) > 0:
        with suppress(subprocess.TimeoutExpired):
            process.wait(min(WATCH_S, left_s))
            return
        if sum(path.stat().st_size for path in folder.iterdir() if path.is_file()) > LARGEST_BYTES:
            raise EndlessError(f"wrote more than {LARGEST_BYTES / 1e6:.0f} MB for a line")
    raise EndlessError(f"was not done with a line after {timeout_s:g} s")


def _end_all(process: "subprocess.Popen[bytes]") -> None:
    """End *process* and what it has started; it is the head of a group of its own."""
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
    else:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()


def _last_line(messages: Path) -> str:
    with messages.open("rb") as file:
        file.seek(max(messages.stat().st_size - 4000, 0))
        lines = file.read().decode(errors="replace").split("\n")
    told = [" ".join(line.split()) for line in lines if line.strip()]
    return "".join(sign for sign in told[-1] if sign.isprintable())[:LONGEST_MESSAGE] if told else ""
