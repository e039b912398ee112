"""Script to takes: each line is spoken once by its voice, side by side, and kept by content."""

import dataclasses
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from morning_edition.files import sha256_of
from morning_edition.paces import Mark, Paces
from morning_edition.script.script import Line, Role
from morning_edition.take_cache import KeptTake, TakeCache
from morning_edition.voices import Speech, Utterance, Voice, Word
from morning_edition.voices.lanes import Job
from morning_edition.voices.speaking import confirm_voices, release_voices, speak_side_by_side

Utter = Callable[[str], Utterance]
"""From a line's spoken form to what its voice gets."""
MOST_HELD_BYTES = 16_000_000
"""Of sound, in memory: six minutes at 22 kHz. What is more than that is read back when it is asked for."""
MAKING_BEGINS_S = 0.7
STANDING_SHARE, ANEW_SHARE = 0.002, 0.0065
"""How long it takes to lay out, tag, prove and publish a programme, as a share of its speech; and besides, to
mix, master and encode what is new of it. On two slow cores 252 s of speech take 2.8 s, and 1.3 s when one
line of them has changed."""
REEL_S = 10.0
"""How much around a changed line is mixed anew."""


@dataclass(frozen=True, slots=True)
class Take:
    """One line as one voice reads it."""

    voice: str
    """The voice's identity."""
    spoken: str
    held: Speech | KeptTake
    """The sound; of a long programme, where it is to be read back from."""
    key: str = ""
    """What tells its sound from any other: a service that reads a line twice may read it in two ways."""

    @property
    def speech(self) -> Speech:
        """The sound itself, read back each time where it is not in memory. Raises `AudioError`."""
        return self.held if isinstance(self.held, Speech) else self.held.load()

    @property
    def sample_rate_hz(self) -> int:
        """Of the sound."""
        return self.held.sample_rate_hz

    @property
    def words(self) -> tuple[Word, ...]:
        """When each word is heard; empty when the engine does not tell."""
        return self.held.words

    @property
    def duration_ms(self) -> int:
        """How long the sound lasts."""
        return self.held.duration_ms


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
    paces: Paces | None = None,
) -> tuple[Take, ...]:
    """Return one take for each of *lines*, in their order; *utter* says how a spoken form is said.

    A line that the cache holds, or that comes twice, is spoken once. Of a long programme not all sound is
    held in memory: the rest is read back from the cache when it is asked for, and stays there until a later
    sweep. *paces* learn how fast the voices are. Raises `VoiceError`; takes that were finished by then are
    kept, so that a second run goes on from there.
    """
    wanted = [_want(line, cast, utter) for line in lines]
    keys = [_key(job) for job in wanted]
    different = dict(zip(keys, wanted, strict=True))
    takes: dict[str, Take] = {}
    held_bytes = 0

    def take_in(key: str, speech: Speech) -> None:
        nonlocal held_bytes
        held_bytes += len(speech.pcm)
        kept = cache.describe(key, speech) if held_bytes > MOST_HELD_BYTES else None
        job = different[key]
        takes[key] = Take(job.voice.identity, job.line.text, kept or speech, cache.checksum(key))

    for key in different:
        if speech := cache.load(key):
            take_in(key, speech)
    unspoken = [key for key in different if key not in takes]
    tally = _count(takes, different)
    report(tally)
    jobs = [different[key] for key in unspoken]
    begun_s, marks = time.monotonic(), []
    confirm_voices(jobs)
    for number, speech in speak_side_by_side(
        jobs, lambda number, speech: cache.store(unspoken[number], speech)
    ):
        marks.append(Mark(time.monotonic() - begun_s, jobs[number]))
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
    if paces:
        paces.note(marks)
    cache.sweep(sparing=True)
    return tuple(takes[key] for key in keys)


def _count(takes: Mapping[str, Take], different: Mapping[str, Job]) -> Tally:
    return Tally(
        len(takes),
        len(different),
        sum(len(take.spoken) for take in takes.values()),
        sum(len(job.line.text) for job in different.values()),
        sum(take.duration_ms for take in takes.values()),
    )


@dataclass(frozen=True, slots=True)
class Estimate:
    """What speaking a programme would take: all of it, and what no cache holds."""

    lines: int
    characters: int
    seconds: float
    """Of speech, without pauses and music; told by the takes that are there, reckoned for the others."""
    to_speak: tuple[Line, ...]
    """What is to be spoken, in running order; a line that comes twice stands here once."""
    characters_to_speak: int
    usd: float
    """What the engines charge for that, by their list prices."""
    work_s: float
    """How long it will take to speak that, and to make the programme."""

    @property
    def lines_to_speak(self) -> int:
        """How many are to be spoken."""
        return len(self.to_speak)


def estimate_lines(
    lines: Sequence[Line],
    cast: Mapping[Role, Voice],
    cache: TakeCache,
    utter: Utter,
    words_a_minute: int,
    paces: Paces | None = None,
) -> Estimate:
    """Tell what speaking *lines* would take, by the *paces* known here; nothing is spoken or sent."""
    wanted = [_want(line, cast, utter) for line in lines]
    keys = [_key(job) for job in wanted]
    lengths_ms = {key: take.duration_ms for key in dict.fromkeys(keys) if (take := cache.find(key))}
    first = {key: number for number, key in reversed(list(enumerate(keys))) if key not in lengths_ms}
    unspoken = sorted(first.values())
    jobs = [wanted[number] for number in unspoken]
    seconds = sum(
        lengths_ms[key] / 1000 if key in lengths_ms else len(job.line.text.split()) * 60 / words_a_minute
        for key, job in zip(keys, wanted, strict=True)
    )
    return Estimate(
        len(lines),
        sum(len(job.line.text) for job in wanted),
        seconds,
        tuple(lines[number] for number in unspoken),
        sum(len(job.line.text) for job in jobs),
        sum(_price(job) for job in jobs),
        (paces.foretell_s(jobs) if paces else 0.0) + _foretell_making_s(seconds, len(jobs)),
    )


def _foretell_making_s(speech_s: float, new_lines: int) -> float:
    """Return how long a programme takes once all its lines are spoken."""
    new_s = min(speech_s, new_lines * REEL_S)
    return MAKING_BEGINS_S + speech_s * STANDING_SHARE + new_s * ANEW_SHARE


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
