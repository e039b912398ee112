"""Script to takes: each line is spoken once by its voice, side by side, and kept by content."""

import dataclasses
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from morning_edition.files import sha256_of
from morning_edition.script.script import Line, Role
from morning_edition.take_cache import TakeCache
from morning_edition.voices import Speech, Utterance, Voice
from morning_edition.voices.lanes import Job
from morning_edition.voices.speaking import confirm_voices, release_voices, speak_side_by_side

Utter = Callable[[str], Utterance]
"""From a line's spoken form to what its voice gets."""


@dataclass(frozen=True, slots=True)
class Take:
    """One line as one voice reads it."""

    voice: str
    """The voice's identity."""
    spoken: str
    speech: Speech


@dataclass(frozen=True, slots=True)
class Tally:
    """How far the speaking is, counted in takes that differ."""

    lines: int
    of_lines: int
    characters: int
    of_characters: int
    sound_ms: int
    """How much of the programme's speech is there."""
    new_characters: int = 0
    """Of those, the ones that no cache held."""
    usd: float = 0.0
    """What the engines charge for them, by their list prices."""

    @property
    def told(self) -> str:
        """The same in words."""
        return (
            f"{self.lines}/{self.of_lines} lines, {self.characters:,}/{self.of_characters:,} characters, "
            f"{self.sound_ms / 1000:.0f} s of sound"
        )


def speak_lines(
    lines: Sequence[Line],
    cast: Mapping[Role, Voice],
    cache: TakeCache,
    report: Callable[[Tally], None] = lambda tally: None,
    utter: Utter = Utterance,
) -> tuple[Take, ...]:
    """Return one take for each of *lines*, in their order; *utter* says how a spoken form is said.

    A line that the cache holds, or that comes twice, is spoken once. Raises `VoiceError`; takes that were
    finished by then are kept, so that a second run goes on from there.
    """
    wanted = [_want(line, cast, utter) for line in lines]
    keys = [_key(job) for job in wanted]
    different = dict(zip(keys, wanted, strict=True))
    takes: dict[str, Take] = {}

    def take_in(key: str, speech: Speech) -> None:
        takes[key] = Take(different[key].voice.identity, different[key].line.text, speech)

    for key in different:
        if speech := cache.load(key):
            take_in(key, speech)
    unspoken = [key for key in different if key not in takes]
    tally = _count(takes, different)
    report(tally)
    jobs = [different[key] for key in unspoken]
    confirm_voices(jobs)
    for number, speech in speak_side_by_side(
        jobs, lambda number, speech: cache.store(unspoken[number], speech)
    ):
        take_in(unspoken[number], speech)
        tally = dataclasses.replace(
            tally,
            lines=tally.lines + 1,
            characters=tally.characters + len(jobs[number].line.text),
            sound_ms=tally.sound_ms + speech.duration_ms,
            new_characters=tally.new_characters + len(jobs[number].line.text),
            usd=tally.usd + _price(jobs[number]),
        )
        report(tally)
    release_voices(jobs)
    cache.sweep()
    return tuple(takes[key] for key in keys)


def _count(takes: Mapping[str, Take], different: Mapping[str, Job]) -> Tally:
    return Tally(
        len(takes),
        len(different),
        sum(len(take.spoken) for take in takes.values()),
        sum(len(job.line.text) for job in different.values()),
        sum(take.speech.duration_ms for take in takes.values()),
    )


@dataclass(frozen=True, slots=True)
class Estimate:
    """What speaking *lines* would take: of all of it, and of what no cache holds."""

    lines: int
    characters: int
    seconds: float
    """Of speech, without pauses and music; told by the takes that are there, reckoned for the others."""
    lines_to_speak: int
    characters_to_speak: int
    usd: float
    """What the engines charge for what is to be spoken, by their list prices."""


def estimate_lines(
    lines: Sequence[Line], cast: Mapping[Role, Voice], cache: TakeCache, utter: Utter, words_a_minute: int
) -> Estimate:
    """Tell what speaking *lines* would take; nothing is spoken or sent."""
    wanted = [_want(line, cast, utter) for line in lines]
    keys = [_key(job) for job in wanted]
    there = {key: speech for key in keys if (speech := cache.load(key))}
    unspoken = [job for key, job in dict(zip(keys, wanted, strict=True)).items() if key not in there]
    seconds = sum(
        there[key].duration_ms / 1000 if key in there else len(job.line.text.split()) * 60 / words_a_minute
        for key, job in zip(keys, wanted, strict=True)
    )
    return Estimate(
        len(lines),
        sum(len(job.line.text) for job in wanted),
        seconds,
        len(unspoken),
        sum(len(job.line.text) for job in unspoken),
        sum(_price(job) for job in unspoken),
    )


def _price(job: Job) -> float:
    """Return what a line costs, in US dollars."""
    return len(job.line.text) * job.voice.traits.usd_a_million_characters / 1e6


def _want(line: Line, cast: Mapping[Role, Voice], utter: Utter) -> Job:
    return Job(cast[line.role], utter(line.spoken))


def _key(job: Job) -> str:
    """Return what a take is kept by: all that decides how it sounds, and nothing that its voice ignores."""
    line = job.line
    if job.voice.traits.takes == "text":
        given = line.respelled if line.says else ""
    else:
        given = json.dumps(
            [
                (said.start, said.end, said.respelling, said.ipa, said.phonemes_for(job.engine))
                for said in line.says
            ]
        )
    return sha256_of("\0".join((job.voice.identity, line.text, given)))
