"""Many lines read side by side: as many at once as each engine allows, again where a failure may pass.

A line that fails in a way that may pass waits, twice as long each time and never less than the service asks
for, while others take its place.
"""

import contextlib
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from morning_edition.errors import MorningEditionError, VoiceBusyError, VoiceError
from morning_edition.voices import Speech, Utterance, Voice
from morning_edition.voices.lanes import Attempt, Job, Lane, open_lanes
from morning_edition.voices.reading import read_in_worker, read_line

MOST_TRIES = 8
MOST_PAID_TRIES = 3
"""Of answers that cannot be used and are charged for."""
FIRST_WAIT_S = 0.1
"""The longest wait before the second try; it doubles with each, to 6.4 s."""
PATIENCE_S = 180.0
"""How long after its first try a line is tried once more; a server that hangs takes long to fail."""
LONGEST_WAIT_S = 60.0
"""A service that asks for a longer wait than this is not waited for."""
FINISHING_S = 10.0
"""How long lines that are being read may take to end, once another has failed."""
STOPPING_S = 2.0
"""The same when the run is interrupted."""
LOOKING_S = 0.5
"""How long is waited before it is looked for an interrupt: Windows lets none through to one who waits."""


class GaveOutError(VoiceError):
    """A voice gave out, for good: its service is gone, refuses, or was asked often enough.

    *identity* is the voice's.
    """

    def __init__(self, message: str, *, identity: str = "") -> None:
        super().__init__(message)
        self.identity = identity


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of one try."""

    attempt: Attempt
    speech: Speech | None = None
    error: BaseException | None = None


def speak_line(voice: Voice, line: Utterance) -> Speech:
    """Return one line as *voice* reads it. Raises `VoiceError`."""
    ((_, speech),) = speak_side_by_side([Job(voice, line)])
    return speech


def speak_side_by_side(
    jobs: Sequence[Job], keep: Callable[[int, Speech], None] = lambda number, speech: None
) -> Iterator[tuple[int, Speech]]:
    """Yield each job's place in *jobs* and its speech, as each is done; longer lines begin first.

    *keep* is called with the same, in a thread of its own, as soon as a line is there. Raises `GaveOutError`
    once a line fails for good, or as often as `MOST_TRIES`; the lines that are being read by then are still
    kept. Raises other errors as they are.
    """
    lanes = open_lanes(jobs)
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


def confirm_voices(jobs: Sequence[Job]) -> None:
    """Have each voice that can ask its service whether it is there do so. Raises `GaveOutError`.

    A service that is busy is not asked again: the lines will tell.
    """
    for identity, job in {job.voice.identity: job for job in jobs}.items():
        if confirm := getattr(job.voice, "confirm", None):
            try:
                confirm()
            except VoiceBusyError:
                continue
            except VoiceError as error:
                raise GaveOutError(str(error), identity=identity) from error


def release_voices(jobs: Sequence[Job]) -> None:
    """Have each voice that holds much memory give it back."""
    for job in {job.voice.identity: job for job in jobs}.values():
        if release := getattr(job.voice, "release", None):
            release()


def _await_line(
    lanes: dict[str, Lane], finished: SimpleQueue[_Outcome], keep: Callable[[int, Speech], None]
) -> tuple[int, Speech]:
    """Begin whatever may begin until one line more is done; return it."""
    while True:
        now_s = time.monotonic()
        for lane in lanes.values():
            while attempt := lane.take(now_s):
                _begin(attempt, lane, finished, keep)
        waits_s = [wait_s for lane in lanes.values() if (wait_s := lane.when(now_s)) is not None]
        try:
            outcome = finished.get(timeout=max(min([*waits_s, LOOKING_S]), 0.001))
        except Empty:
            continue
        lane = lanes[outcome.attempt.job.engine]
        lane.running -= 1
        if outcome.speech:
            lane.ease()
            return outcome.attempt.number, outcome.speech
        _try_again(outcome, lane)


def _try_again(outcome: _Outcome, lane: Lane) -> None:
    """Have a line wait for its next try; raises its error when there is none."""
    attempt, error = outcome.attempt, outcome.error
    attempt.tried += 1
    identity = attempt.job.voice.identity
    shown = repr(attempt.job.line.text[:60])
    line = "" if shown in str(error) else f", for: {shown}"
    if not isinstance(error, VoiceBusyError):
        if isinstance(error, VoiceError):
            raise GaveOutError(f"{error}{line}", identity=identity) from error
        raise error or VoiceError("a line was read, and its sound lost; try again")
    attempt.paid += error.paid
    if error.wait_s > LONGEST_WAIT_S:
        raise GaveOutError(
            f"{error}{line}; it asks to be left alone for {error.wait_s:.0f} s: try again later",
            identity=identity,
        )
    spent_s = time.monotonic() - attempt.begun_s
    if attempt.tried >= MOST_TRIES or attempt.paid >= MOST_PAID_TRIES or spent_s > PATIENCE_S:
        raise GaveOutError(
            f"{error}; tried {attempt.tried} times{line}; try again later, or use another voice",
            identity=identity,
        )
    longest_s = FIRST_WAIT_S * 2 ** (attempt.tried - 1)
    wait_s = error.wait_s + longest_s * random.uniform(0.5, 1)  # noqa: S311 - only spreads the tries
    lane.put_off(attempt, wait_s, time.monotonic())


def _begin(
    attempt: Attempt, lane: Lane, finished: SimpleQueue[_Outcome], keep: Callable[[int, Speech], None]
) -> None:
    """Read a line in a thread of its own; it dies with the program, whatever it waits for."""

    def work() -> None:
        try:
            speech = _read(attempt.job, lane)
            keep(attempt.number, speech)
        except BaseException as error:  # raised again where the line is waited for
            finished.put(_Outcome(attempt, error=error))
        else:
            finished.put(_Outcome(attempt, speech))

    threading.Thread(target=work, daemon=True, name=f"line {attempt.number}").start()


def _read(job: Job, lane: Lane) -> Speech:
    """Read a line, here or in another process; whatever a plug-in raises comes out as a `VoiceError`."""
    shown = repr(job.line.text[:60])
    try:
        if lane.workers:
            return lane.workers.submit(read_in_worker, job.voice.identity, job.line).result()
        return read_line(job.voice, job.line)
    except MorningEditionError:
        raise
    except BrokenExecutor as error:
        raise VoiceError(f"{job.engine} died while it read a line: {shown}; use another voice") from error
    except Exception as error:
        what = " ".join(f"{type(error).__name__}: {error}".split())
        raise VoiceError(
            f"{job.engine} failed on a line ({what}): {shown}; mend the plug-in, or use another voice"
        ) from error


def _close_lanes(lanes: dict[str, Lane], finished: SimpleQueue[_Outcome], patience_s: float) -> None:
    """Give what is being read a while to end, so that it is kept."""
    until_s = time.monotonic() + patience_s
    running = sum(lane.running for lane in lanes.values())
    with contextlib.suppress(Empty):
        for _ in range(running):
            finished.get(timeout=max(until_s - time.monotonic(), 0))
    for lane in lanes.values():
        lane.stop()
