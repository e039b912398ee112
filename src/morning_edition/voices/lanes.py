"""Lanes: one for each engine, and how much of it may run at a time.

An engine that is refused too often is asked for fewer lines at once, and for more again when all goes well.
"""

import heapq
import pickle
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context

from morning_edition.errors import VoiceError
from morning_edition.voices import Utterance, Voice
from morning_edition.voices.reading import begin_worker

STEP_DOWN = 0.5
"""How many lines fewer at once after a refusal: up to one in ten leaves 16 at once what they are."""
CROWDED = 3
"""So many refusals in a row are no accident: the engine is then left alone for one wait."""


@dataclass(frozen=True, slots=True)
class Job:
    """A line, and the voice that reads it."""

    voice: Voice
    line: Utterance

    @property
    def engine(self) -> str:
        """The engine's name."""
        return name_engine(self.voice)


@dataclass(slots=True)
class Attempt:
    """A job on its way: its place in what was asked for, and how often it was tried."""

    number: int
    job: Job
    tried: int = 0
    paid: int = 0
    """Of those, the ones that the service charges for."""
    begun_s: float = 0.0
    """When it was first tried (monotonic seconds)."""


@dataclass(slots=True)
class Lane:
    """One engine: what waits for it, and how much of it may run."""

    most_at_once: int
    spacing_s: float
    """The least time between the beginnings of two lines."""
    workers: ProcessPoolExecutor | None
    """Processes, for an engine that holds the interpreter."""
    ready: deque[Attempt]
    waiting: list[tuple[float, int, Attempt]] = field(default_factory=list)
    """A heap, by when each may be tried again (monotonic seconds)."""
    running: int = 0
    allowed: float = 0.0
    refused: int = 0
    """How many lines in a row."""
    next_start_s: float = 0.0

    def take(self, now_s: float) -> Attempt | None:
        """Return what may begin now, if anything may."""
        if self.running >= max(1, int(self.allowed)) or now_s < self.next_start_s:
            return None
        if self.waiting and self.waiting[0][0] <= now_s:
            attempt = self._take_due(now_s)
        elif self.ready:
            attempt = self.ready.popleft()
        else:
            return None
        self.running += 1
        self.next_start_s = now_s + self.spacing_s
        attempt.begun_s = attempt.begun_s or now_s
        return attempt

    def _take_due(self, now_s: float) -> Attempt:
        """Return the one tried most of those that are due, so that what never answers is soon given up."""
        chosen = max((entry for entry in self.waiting if entry[0] <= now_s), key=lambda entry: entry[2].tried)
        self.waiting.remove(chosen)
        heapq.heapify(self.waiting)
        return chosen[2]

    def when(self, now_s: float) -> float | None:
        """Return in how many seconds something may begin that has to wait for nothing but time."""
        if self.running >= max(1, int(self.allowed)):
            return None
        due_s = [self.waiting[0][0]] if self.waiting else []
        if self.ready:
            due_s.append(now_s)
        return max(min(due_s), self.next_start_s) - now_s if due_s else None

    def put_off(self, attempt: Attempt, wait_s: float, now_s: float) -> None:
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

    def stop(self) -> None:
        """End the processes, whatever they are at."""
        if self.workers:
            # As `terminate_workers` does, which there is from Python 3.14 on.
            for process in list((self.workers._processes or {}).values()):
                process.terminate()
            self.workers.shutdown(wait=False, cancel_futures=True)


def name_engine(voice: Voice) -> str:
    """Return what messages call the engine of *voice*: the first word of its identity."""
    return (voice.identity.split() or ["a voice without identity"])[0]


def open_lanes(jobs: Sequence[Job]) -> dict[str, Lane]:
    """Return a lane for each engine, the longest lines first. Raises `VoiceError`.

    The voices of an engine share what the most careful of them allows.
    """
    attempts: dict[str, list[Attempt]] = {}
    for number, job in sorted(enumerate(jobs), key=lambda item: -len(item[1].line.text)):
        attempts.setdefault(job.engine, []).append(Attempt(number, job))
    return {engine: _open_lane(engine, waiting) for engine, waiting in attempts.items()}


def _open_lane(engine: str, attempts: list[Attempt]) -> Lane:
    voices = {attempt.job.voice.identity: attempt.job.voice for attempt in attempts}
    traits = [voice.traits for voice in voices.values()]
    most = max(1, min(trait.lines_at_once for trait in traits))
    spacing_s = max(60 / trait.lines_a_minute if trait.lines_a_minute else 0.0 for trait in traits)
    workers = None
    if any(trait.holds_interpreter for trait in traits):
        packed = _pack(engine, voices)
        workers = ProcessPoolExecutor(
            most, get_context("spawn"), initializer=begin_worker, initargs=(packed,)
        )
    return Lane(most, spacing_s, workers, deque(attempts), allowed=most)


def _pack(engine: str, voices: dict[str, Voice]) -> bytes:
    try:
        return pickle.dumps(voices)
    except Exception as error:  # whatever their parts raise when they are packed
        what = " ".join(str(error).split())
        raise VoiceError(
            f"{engine} cannot be sent to another process ({what}), as its traits ask for; mend the plug-in"
        ) from error
