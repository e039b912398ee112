"""Many lines read side by side: as many at once as each engine allows, again where a failure may pass.

A line that fails in a way that may pass waits, twice as long each time and never less than the service asks
for, while others take its place. An engine that is refused too often is asked for fewer lines at once.
"""

import contextlib
import heapq
import pickle
import random
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from morning_edition.errors import VoiceBusyError, VoiceError
from morning_edition.voices import Speech, Utterance, Voice
from morning_edition.voices.reading import ignore_interrupts, read_line

if TYPE_CHECKING:
    from concurrent.futures import Executor

MOST_TRIES = 8
FIRST_WAIT_S = 0.1
"""The longest wait before the second try; it doubles with each, to 6.4 s."""
LONGEST_WAIT_S = 60.0
"""A service that asks for a longer wait than this is not waited for."""
FINISHING_S = 10.0
"""How long lines that are being read may take to end, once another has failed."""
STOPPING_S = 2.0
"""The same when the run is interrupted."""
STEP_DOWN = 0.5
"""How many lines fewer at once after a refusal: up to one in ten leaves 16 at once what they are."""
CROWDED = 3
"""So many refusals in a row are no accident: the engine is then left alone for one wait."""


@dataclass(frozen=True, slots=True)
class Job:
    """A line, and the voice that reads it."""

    voice: Voice
    line: Utterance


@dataclass(slots=True)
class _Attempt:
    """A job on its way: its place in what was asked for, and how often it was tried."""

    number: int
    job: Job
    tried: int = 0


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of one try."""

    attempt: _Attempt
    speech: Speech | None = None
    error: BaseException | None = None


@dataclass(slots=True)
class _Lane:
    """One engine: what waits for it, and how much of it may run."""

    most_at_once: int
    spacing_s: float
    """The least time between the beginnings of two lines."""
    executor: "Executor | None"
    """Processes, for an engine that holds the interpreter."""
    ready: deque[_Attempt] = field(default_factory=deque)
    waiting: list[tuple[float, int, _Attempt]] = field(default_factory=list)
    """A heap, by when each may be tried again (monotonic seconds)."""
    running: int = 0
    allowed: float = 0.0
    refused: int = 0
    """How many lines in a row."""
    next_start_s: float = 0.0

    def take(self, now_s: float) -> _Attempt | None:
        """Return what may begin now, if anything may."""
        if self.running >= max(1, int(self.allowed)) or now_s < self.next_start_s:
            return None
        if self.waiting and self.waiting[0][0] <= now_s:
            attempt = heapq.heappop(self.waiting)[2]
        elif self.ready:
            attempt = self.ready.popleft()
        else:
            return None
        self.running += 1
        self.next_start_s = now_s + self.spacing_s
        return attempt

    def when(self, now_s: float) -> float | None:
        """Return in how many seconds something may begin that has to wait for nothing but time."""
        if self.running >= max(1, int(self.allowed)):
            return None
        due_s = [self.waiting[0][0]] if self.waiting else []
        if self.ready:
            due_s.append(now_s)
        return max(min(due_s), self.next_start_s) - now_s if due_s else None

    def put_off(self, attempt: _Attempt, wait_s: float, now_s: float) -> None:
        """Have *attempt* wait, and ask for less at once."""
        self.allowed = max(1.0, self.allowed - STEP_DOWN)
        self.refused += 1
        if self.refused >= CROWDED:
            self.next_start_s = max(self.next_start_s, now_s + wait_s)
        heapq.heappush(self.waiting, (now_s + wait_s, attempt.number, attempt))

    def ease(self) -> None:
        """Ask for a little more at once, after a line that went well."""
        self.refused = 0
        self.allowed = min(self.most_at_once, self.allowed + 1 / self.allowed)


def speak_line(voice: Voice, line: Utterance) -> Speech:
    """Return one line as *voice* reads it. Raises `VoiceError`."""
    ((_, speech),) = speak_side_by_side([Job(voice, line)])
    return speech


def speak_side_by_side(
    jobs: Sequence[Job], keep: Callable[[int, Speech], None] = lambda number, speech: None
) -> Iterator[tuple[int, Speech]]:
    """Yield each job's place in *jobs* and its speech, as each is done; longer lines begin first.

    *keep* is called with the same, in a thread of its own, as soon as a line is there. Raises `VoiceError`
    once a line fails for good, or as often as `MOST_TRIES`; the lines that are being read by then are still
    kept.
    """
    lanes = _open_lanes(jobs)
    finished: SimpleQueue[_Outcome] = SimpleQueue()
    patience_s = STOPPING_S
    try:
        for _ in jobs:
            yield _await_line(lanes, finished, keep)
    except VoiceError:
        patience_s = FINISHING_S
        raise
    finally:
        _close_lanes(lanes, finished, patience_s)


def _open_lanes(jobs: Sequence[Job]) -> dict[str, _Lane]:
    """Return a lane for each engine; two voices of one engine share what it allows."""
    lanes: dict[str, _Lane] = {}
    for number, job in sorted(enumerate(jobs), key=lambda item: -len(item[1].line.text)):
        engine = job.voice.identity.split()[0]
        if engine not in lanes:
            lanes[engine] = _open_lane(job.voice)
        lanes[engine].ready.append(_Attempt(number, job))
    return lanes


def _open_lane(voice: Voice) -> _Lane:
    traits = voice.traits
    most = max(1, traits.lines_at_once)
    executor = None
    if traits.holds_interpreter and most > 1:
        _refuse_unsendable(voice)
        executor = ProcessPoolExecutor(most, get_context("spawn"), initializer=ignore_interrupts)
    spacing_s = 60 / traits.lines_a_minute if traits.lines_a_minute else 0.0
    return _Lane(most, spacing_s, executor, allowed=most)


def _refuse_unsendable(voice: Voice) -> None:
    try:
        pickle.dumps(voice)
    except Exception as error:  # whatever its parts raise when they are packed
        what = " ".join(str(error).split())
        engine = voice.identity.split()[0]
        raise VoiceError(
            f"{engine} cannot be sent to another process ({what}), as its traits ask for; mend the plug-in"
        ) from error


def _await_line(
    lanes: dict[str, _Lane], finished: SimpleQueue[_Outcome], keep: Callable[[int, Speech], None]
) -> tuple[int, Speech]:
    """Begin whatever may begin until one line more is done; return it."""
    while True:
        now_s = time.monotonic()
        for lane in lanes.values():
            while attempt := lane.take(now_s):
                _begin(attempt, lane, finished, keep)
        waits_s = [wait_s for lane in lanes.values() if (wait_s := lane.when(now_s)) is not None]
        try:
            outcome = finished.get(timeout=max(min(waits_s), 0.001) if waits_s else None)
        except Empty:
            continue
        lane = lanes[outcome.attempt.job.voice.identity.split()[0]]
        lane.running -= 1
        if outcome.speech:
            lane.ease()
            return outcome.attempt.number, outcome.speech
        _try_again(outcome, lane)


def _try_again(outcome: _Outcome, lane: _Lane) -> None:
    """Have a line wait for its next try; raises its error when there is none."""
    attempt, error = outcome.attempt, outcome.error
    attempt.tried += 1
    if not isinstance(error, VoiceBusyError):
        raise error or VoiceError("a line was read, and its sound lost; try again")
    if error.wait_s > LONGEST_WAIT_S:
        raise VoiceError(f"{error}; it asks to be left alone for {error.wait_s:.0f} s: try again later")
    if attempt.tried >= MOST_TRIES:
        raise VoiceError(f"{error}; tried {attempt.tried} times, for: {attempt.job.line.text[:60]!r}")
    longest_s = FIRST_WAIT_S * 2 ** (attempt.tried - 1)
    wait_s = error.wait_s + longest_s * random.uniform(0.5, 1)  # noqa: S311 - only spreads the tries
    lane.put_off(attempt, wait_s, time.monotonic())


def _begin(
    attempt: _Attempt, lane: _Lane, finished: SimpleQueue[_Outcome], keep: Callable[[int, Speech], None]
) -> None:
    """Read a line in a thread of its own; it dies with the program, whatever it waits for."""

    def work() -> None:
        try:
            if lane.executor:
                speech = lane.executor.submit(read_line, attempt.job.voice, attempt.job.line).result()
            else:
                speech = read_line(attempt.job.voice, attempt.job.line)
            keep(attempt.number, speech)
        except BrokenExecutor as error:
            engine = attempt.job.voice.identity.split()[0]
            shown = repr(attempt.job.line.text[:60])
            told = VoiceError(f"{engine} died while it read a line: {shown}; use another voice")
            told.__cause__ = error
            finished.put(_Outcome(attempt, error=told))
        except BaseException as error:
            finished.put(_Outcome(attempt, error=error))
        else:
            finished.put(_Outcome(attempt, speech))

    threading.Thread(target=work, daemon=True, name=f"line {attempt.number}").start()


def _close_lanes(lanes: dict[str, _Lane], finished: SimpleQueue[_Outcome], patience_s: float) -> None:
    """Give what is being read a while to end, so that it is kept."""
    until_s = time.monotonic() + patience_s
    running = sum(lane.running for lane in lanes.values())
    with contextlib.suppress(Empty):
        for _ in range(running):
            finished.get(timeout=max(until_s - time.monotonic(), 0))
    for lane in lanes.values():
        if lane.executor:
            lane.executor.shutdown(wait=False, cancel_futures=True)
