"""Paces: how fast each voice was when it last spoke here, so that a plan can tell how long it will take.

They stand in one small file of the cache, whole or not at all: damaged, it counts as absent.
"""

import contextlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from morning_edition.files import write_whole
from morning_edition.voices import Voice
from morning_edition.voices.lanes import Job, name_engine

FILE_NAME = "paces.json"
FORMAT = 1
MOST_VOICES = 50
"""More than any station reads with; what spoke longest ago goes first."""
LONGEST_MEMORY = 20_000
"""Characters: what was measured before counts no more than that many, so that a new machine is soon known."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a voice takes."""

    begin_s: float
    """Before its first line is on the way: a model is loaded, a server found."""
    character_s: float
    """For a character of text, while as many lines are read at once as may be."""
    lines_at_once: int
    """How many that were."""
    characters: int = 0
    """How many it was measured by; 0 is a rough guess."""

    def at(self, lines_at_once: int) -> "Pace":
        """Return the pace with another number of lines at once."""
        character_s = self.character_s * self.lines_at_once / max(1, lines_at_once)
        return replace(self, character_s=character_s, lines_at_once=max(1, lines_at_once))


EMBEDDED, NEURAL, NETWORK = Pace(0.05, 0.0002, 1), Pace(1.0, 0.006, 1), Pace(0.5, 0.02, 1)
"""What is assumed of an engine that was never heard here, a line at a time: a formant or diphone engine in
this process reads 5,000 characters a second, a neural one on a small processor 170, and a service answers in
2 s for a line of 100."""
EMBEDDED_ENGINES = frozenset({"espeak", "flite", "tone"})
NETWORK_ENGINES = frozenset({"azure", "edge", "elevenlabs", "google", "gtts", "openai", "polly"})


@dataclass(frozen=True, slots=True)
class Mark:
    """That a line was done."""

    after_s: float
    """Since the speaking began."""
    job: Job


class Paces:
    """The paces of a station's voices, in a file of its cache. Nothing here raises."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def note(self, marks: Sequence[Mark]) -> None:
        """Learn from a run's lines, each of which was just spoken, in the order in which they were done."""
        known = self._read()
        for voices, pace in _measure(marks, known):
            for identity in voices:
                known.pop(identity, None)
                known[identity] = pace
        if marks:
            self._write(known)

    def foretell_s(self, jobs: Iterable[Job]) -> float:
        """Return how long it will take to speak *jobs*; engines speak side by side."""
        known = self._read()
        lanes: dict[str, list[Job]] = {}
        for job in jobs:
            lanes.setdefault(job.engine, []).append(job)
        return max((_foretell_lane_s(lane, known) for lane in lanes.values()), default=0.0)

    def _read(self) -> dict[str, Pace]:
        try:
            record = json.loads(self._path.read_text(encoding="utf-8"))
            if record["format"] != FORMAT:
                return {}
            return {str(identity): _check(Pace(**pace)) for identity, pace in record["paces"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError):
            return {}

    def _write(self, paces: Mapping[str, Pace]) -> None:
        newest = list(paces.items())[-MOST_VOICES:]
        record = {"format": FORMAT, "paces": {identity: asdict(pace) for identity, pace in newest}}
        with contextlib.suppress(OSError):
            write_whole(self._path, json.dumps(record, ensure_ascii=True, indent=1) + "\n", durable=False)


def _check(pace: Pace) -> Pace:
    """Return *pace*; raises ValueError or TypeError where no clock has measured it."""
    if not all(math.isfinite(value) and value >= 0 for value in (pace.begin_s, pace.character_s)):
        raise ValueError("no time")
    if pace.lines_at_once < 1 or pace.characters < 0:
        raise ValueError("no number of lines, or of characters")
    return pace


def _guess(voice: Voice) -> Pace:
    engine = name_engine(voice)
    if engine in EMBEDDED_ENGINES:
        return EMBEDDED
    return NETWORK if engine in NETWORK_ENGINES else NEURAL


def _foretell_lane_s(jobs: Sequence[Job], known: Mapping[str, Pace]) -> float:
    """Return how long one engine takes: for all lines side by side, and at least for its longest alone."""
    traits = [job.voice.traits for job in jobs]
    at_once = max(1, min(trait.lines_at_once for trait in traits))
    spaced_s = max(60 / trait.lines_a_minute if trait.lines_a_minute else 0.0 for trait in traits)
    voices = {job.voice.identity: job.voice for job in jobs}
    paces = {identity: known.get(identity, _guess(voice)).at(at_once) for identity, voice in voices.items()}
    alone_s = [len(job.line.text) * paces[job.voice.identity].character_s * at_once for job in jobs]
    reading_s = max(sum(alone_s) / at_once, max(alone_s) + spaced_s * (len(jobs) - 1))
    return max(pace.begin_s for pace in paces.values()) + reading_s


def _measure(marks: Sequence[Mark], known: Mapping[str, Pace]) -> Iterable[tuple[set[str], Pace]]:
    """Yield the voices of each engine that spoke, with the pace that they now have."""
    lanes: dict[str, list[Mark]] = {}
    for mark in marks:
        lanes.setdefault(mark.job.engine, []).append(mark)
    for lane in lanes.values():
        voices = {mark.job.voice.identity for mark in lane}
        at_once = max(1, min(mark.job.voice.traits.lines_at_once for mark in lane))
        before = next((known[identity].at(at_once) for identity in voices if identity in known), None)
        yield voices, _learn(lane, at_once, before)


def _learn(lane: Sequence[Mark], at_once: int, before: Pace | None) -> Pace:
    """Return an engine's pace by its last run, and by those before.

    When the first line is done, as much has been read of each of the others that were begun with it. The time
    from then to the last line tells how fast the rest was read; what the first took beyond that, how long it
    took to begin. A run with no more lines than are read at once tells only of the latter.
    """
    lengths = [len(mark.job.line.text) for mark in lane]
    first_s, last_s = lane[0].after_s, lane[-1].after_s
    rest = sum(lengths) - lengths[0] * at_once
    if len(lane) > at_once and rest > 0:
        pace = _blend(Pace(0.0, (last_s - first_s) / rest, at_once, rest), before)
    else:
        pace = before or Pace(0.0, last_s / max(1, max(lengths) * at_once), at_once)
    return replace(pace, begin_s=max(0.0, first_s - lengths[0] * pace.character_s * at_once))


def _blend(pace: Pace, before: Pace | None) -> Pace:
    """Return *pace* as the mean of it and what was measured *before*, by how much that was."""
    if before is None or not before.characters:
        return pace
    weight = min(before.characters, LONGEST_MEMORY)
    measured = pace.characters + weight
    character_s = (pace.character_s * pace.characters + before.character_s * weight) / measured
    return replace(pace, character_s=character_s, characters=measured)
