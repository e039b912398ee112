"""A voice's network: phoneme ids in, samples and the length of each phoneme out.

It runs in two halves where it can be parted (`split`), the second in windows: memory then grows by
5 MB with each second of a sentence, instead of 20 to 24, and sentences need not be cut short. As
many runs go at once as there are cores, up to three, each with a line of its own; each takes some 50 MB.

Measured on two cores with a voice of medium size (63 MB) and 49 lines of news, 331 s of sound: 13.0 to
13.9 s, and 260 to 280 MB at most. Whole runs take 12.8 to 15.3 s and 830 to 876 MB two at once, 16.3 to
18.9 s and 560 MB one after the other with a thread for each core. Windows of 8,192 to 65,536 samples are
equally quick, within what differs from run to run. Without an arena, memory is no less, for what the C
library keeps of it; an arena that shrinks after each run took 100 MB more, and one shared by all voices
would stay when they are let go of. Loading takes 0.2 s, and three times the model's size for a moment.
"""

import contextlib
import ctypes
import functools
import mmap
import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from morning_edition.voices.piper.graph import DAMAGED, read_graph
from morning_edition.voices.piper.split import (
    Halves,
    Joint,
    add_lengths,
    find_lengths,
    find_windows,
    split_model,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Feeds = Mapping[str, NDArray[np.generic]]

T = TypeVar("T")

MOST_RUNS = 3
"""At once, where there are more cores with several threads each: a run more takes 50 MB more."""
WINDOW = 16_384
"""Samples that are computed at once, about 0.75 s."""
QUIET = 3
"""Errors only."""


def count_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def runs_at_once() -> int:
    """Return how many sentences are computed at the same time."""
    return min(count_cores(), MOST_RUNS)


def threads_a_run() -> int:
    """Return how many threads compute one sentence."""
    return max(1, count_cores() // runs_at_once())


_running = threading.BoundedSemaphore(runs_at_once())


class Network:
    """A model in memory; several threads may use it at the same time."""

    _front: Any
    _back: Any

    def __init__(self, path: Path) -> None:
        halves = _map(path, split_model)
        self._front, self._back = _open_halves(halves) if halves else (None, None)
        self._joint = halves.joint if halves and self._back else None
        del halves  # as large as the model
        if not self._joint:
            self._front = _open_session(_map(path, add_lengths) or path.read_bytes())
        trim_memory()

    @property
    def inputs(self) -> set[str]:
        """The names of what it takes."""
        return {given.name for given in self._front.get_inputs()}

    def run(self, feeds: "Feeds") -> tuple["NDArray[np.float32]", "NDArray[np.float32] | None"]:
        """Return samples, and the lengths of the phonemes in frames where they are told.

        Raises what onnxruntime does, whose errors are of no common class.
        """
        import numpy as np

        with _running:
            made = self._front.run(None, feeds)
            lengths = np.atleast_1d(made[1].squeeze()) if len(made) > 1 else None
            audio = self._sound(made[0], self._joint) if self._joint else made[0]
        return np.atleast_1d(audio.squeeze()), lengths

    def _sound(self, steps: "NDArray[np.float32]", joint: Joint) -> "NDArray[np.float32]":
        """Return the samples of *steps*, shape (1, channels, steps), computed window by window."""
        import numpy as np

        rate = joint.rate
        pieces = []
        for taken, skipped, kept in find_windows(steps.shape[-1], joint.reach, max(1, WINDOW // rate)):
            feeds = {joint.name: np.ascontiguousarray(steps[..., taken])}
            (made,) = self._back.run(None, feeds)
            pieces.append(made.reshape(-1)[skipped * rate : (skipped + kept) * rate])
        return np.concatenate(pieces)


def _open_halves(halves: Halves) -> tuple[Any, Any]:
    """Return a session for each half; none where one does not open: the whole tells what is wrong then."""
    try:
        return _open_session(halves.front), _open_session(halves.back)
    except Exception:  # onnxruntime's own are of no common class
        return None, None


def _map(path: Path, read: Callable[[memoryview], T]) -> T:
    """Return what is read of a file that is not empty, without a copy of it in memory."""
    with (
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped,
        memoryview(mapped) as content,
    ):
        return read(content)


def _open_session(content: bytes) -> Any:  # noqa: ANN401 - onnxruntime is untyped
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads_a_run(), 1
    options.enable_mem_pattern = False
    options.log_severity_level = QUIET
    session = onnxruntime.InferenceSession(content, sess_options=options, providers=["CPUExecutionProvider"])
    if hasattr(session, "_model_bytes"):
        session._model_bytes = None  # else a second copy of the model stays in memory
    return session


def trim_memory() -> None:
    """Give what was freed back to the system, where the C library (glibc) would keep it."""
    with contextlib.suppress(OSError, TypeError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def tells_lengths(path: Path) -> bool:
    """Tell whether the model at *path* can tell how long each phoneme is."""
    try:
        state = path.stat()
    except OSError:
        return False
    return _tells_lengths(path, state.st_size, state.st_mtime_ns)


@functools.lru_cache(maxsize=16)
def _tells_lengths(path: Path, size: int, _changed_ns: int) -> bool:
    return bool(size) and _map(path, _has_lengths)


def _has_lengths(content: memoryview) -> bool:
    try:
        return find_lengths(read_graph(content)) is not None
    except DAMAGED:
        return False  # damaged; loading it will tell
