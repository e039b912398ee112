"""Speech without a recogniser: is each line there, as long as its text, whole to its end, and said once.

A voice keeps its pace, so a line is held against the other lines of the same voice: how long it takes for
how many letters. What is said twice in the text itself may sound alike twice.
"""

import itertools
import statistics
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from morning_edition.outlets.times import clock
from morning_edition.patterns import compile_late
from morning_edition.proof import Finding, Severity
from morning_edition.proof.expected import WAY_OUT, ExpectedLine, name_line
from morning_edition.proof.line_sound import LineSound, hear_line

PACE_MS = 64.0
"""Of sound for one letter, at the pace of a newsreader: the median of six voices is 57 to 66."""
FEWEST_LINES = 3
"""Of one voice, to tell its pace by them; before that, the usual pace counts as one line more."""
FASTEST, SLOWEST = 0.5, 2.0
"""How far from the usual a voice's own pace may be: beyond, most of its lines are broken."""
LETTERS_A_LINE, LETTERS_A_PAUSE = 4, 2
"""What the ends of a line, and a comma in it, add to its letters."""
LETTERS_A_DIGIT = 3
"""Besides itself; there are some left only where a language has no readings of numbers."""
FEWEST_WORDS = 4
"""Shorter lines take as long as they like."""
SHORT, TOO_SHORT = 0.68, 0.55
LONG, TOO_LONG = 1.5, 1.9
"""Measured on 648 lines of six voices: 0.75 to 1.24 of what their letters let one expect."""

LONG_PAUSE_MS, BROKEN_PAUSE_MS = 900, 1800
"""Inside a line. Measured: at most 0.31 s, at a dash."""
SILENT_EDGE_MS = 500
"""A take is laid without the silence around it. Measured: at most 0.28 s before, 0.15 s after."""
TAKE_TOLERANCE_MS = 60
LOUD_END_DB = -15.0
"""A word that was cut is this loud, against the line, to its last moment; one that dies away has -33 dB."""
QUIET_END_DB = -28.0
"""How a voice's lines must end as a rule, for one to stand out; eSpeak's own end as if they were cut."""
CUT_SHORT = 0.92
"""A line with a loud end is cut for certain if it is shorter than its text lets one expect."""
DRONE_MS = 600
"""Nothing moves for so long. Measured: at most 0.21 s."""
NOISE_DB = 1.3
"""From a line's level to its loudest moment. Measured: 1.1 to 6 for speech, 0.4 to 1.1 for noise, in which
any two stretches are alike besides."""
LOOP_DB, TWICE_DB = 1.6, 2.1
"""Measured: at least 2.2 where the text says nothing twice; 0.1 to 1.5 for a stuck sound, 1.1 to 4 for words
that are said again."""
TWICE_LONG, TWICE_SOON_MS = 1.2, 1000
"""What is really said again makes a line longer, or follows at once. "Corporation" and "allegations" do
neither, and a slow voice of diphones says them 1.4 dB apart."""
ALIKE_LETTERS = 5
"""So many in a row sound alike for long enough: those of "Zealand" and "Zealand's"."""

_LETTER = compile_late(r"[^\W_]")
_PAUSE = compile_late(r"[,;:—–…()]")
_WORD = compile_late(r"[^\W_]+(?:'[^\W_]+)?")
HUMMING_ENGINE = "tone"
"""The voice for trying things out drones and repeats itself: it hums."""


@dataclass(frozen=True, slots=True)
class _Heard:
    """One line, what was measured of it, and what the others of its voice let one expect."""

    line: ExpectedLine
    sound: LineSound
    ratio: float
    """Of its length to what its text lets one expect; 1.0 where it is too short to tell."""
    expected_ms: int
    usual_end_db: float


def judge_lines(lines: Sequence[ExpectedLine], sounds: Sequence[LineSound]) -> tuple[Finding, ...]:
    """Return what is wrong with *lines*, in their order; *sounds* holds what was measured of each."""
    paces = _find_paces(lines, sounds)
    ends = _find_ends(lines, sounds)
    findings: list[Finding] = []
    for line, sound in zip(lines, sounds, strict=True):
        expected_ms = paces[line.voice] / line.rate * _count_letters(line)
        ratio = sound.active_ms / expected_ms if len(line.words) >= FEWEST_WORDS else 1.0
        heard = _Heard(line, sound, ratio, round(expected_ms), ends[line.voice])
        findings += sorted(_judge(heard), key=lambda finding: finding.severity != "failure")[:1]
    return tuple(findings)


def _find_paces(lines: Sequence[ExpectedLine], sounds: Sequence[LineSound]) -> Mapping[str, float]:
    """Return each voice's time for a letter, in ms, at its usual rate."""
    paces: dict[str, list[float]] = defaultdict(list)
    for line, sound in zip(lines, sounds, strict=True):
        told = paces[line.voice]
        if len(line.words) >= FEWEST_WORDS and not line.under_music and sound.active_ms:
            told.append(sound.active_ms * line.rate / _count_letters(line))
    return {
        voice: min(
            max(
                statistics.median(told if len(told) >= FEWEST_LINES else [*told, PACE_MS]), PACE_MS * FASTEST
            ),
            PACE_MS * SLOWEST,
        )
        for voice, told in paces.items()
    }


def _find_ends(lines: Sequence[ExpectedLine], sounds: Sequence[LineSound]) -> Mapping[str, float]:
    """Return how loud each voice's lines are at their end, as a rule; 0 where there are too few to tell."""
    ends: dict[str, list[float]] = defaultdict(list)
    for line, sound in zip(lines, sounds, strict=True):
        ends[line.voice] += [] if line.under_music or sound.silent else [sound.end_db]
    return {
        voice: statistics.median(told) if len(told) >= FEWEST_LINES else 0.0 for voice, told in ends.items()
    }


def _count_letters(line: ExpectedLine) -> int:
    text = line.utterance.text
    digits = sum(map(str.isdigit, text))
    return (
        len(_LETTER.findall(text))
        + LETTERS_A_DIGIT * digits
        + LETTERS_A_PAUSE * len(_PAUSE.findall(text))
        + LETTERS_A_LINE
    )


def _judge(heard: _Heard) -> Iterator[Finding]:
    """Yield what is wrong with one line; of equal ones, the first is told."""
    line, sound = heard.line, heard.sound
    if not line.words:
        return
    if sound.silent:
        yield _find(heard, "line silent", "failure", "is not heard: there is no sound in its place")
        return
    yield from _judge_length(heard)
    if line.under_music:
        return
    yield from _judge_silence(heard)
    if line.voice.partition(" ")[0] != HUMMING_ENGINE:
        yield from _judge_sameness(heard)
    yield from _judge_end(heard)


def _judge_length(heard: _Heard) -> Iterator[Finding]:
    line, sound = heard.line, heard.sound
    if line.take_ms and abs(sound.length_ms - line.take_ms) > TAKE_TOLERANCE_MS:
        told = f"is {_seconds(sound.length_ms)} long, and its take {_seconds(line.take_ms)}"
        yield _find(heard, "line length", "failure", told)
    if line.under_music and heard.ratio > 1:
        return
    told = f"is heard for {_seconds(sound.active_ms)}, {heard.ratio:.2f} times the"
    told += f" {_seconds(heard.expected_ms)} that its text takes at the pace of its voice"
    if heard.ratio < SHORT:
        sure: Severity = "failure" if heard.ratio < TOO_SHORT else "warning"
        yield _find(heard, "line too short", sure, f"{told} (at least {SHORT})")
    elif heard.ratio > LONG:
        sure = "failure" if heard.ratio > TOO_LONG else "warning"
        yield _find(heard, "line too long", sure, f"{told} (at most {LONG})")


def _judge_silence(heard: _Heard) -> Iterator[Finding]:
    line, sound = heard.line, heard.sound
    if sound.tail_ms > SILENT_EDGE_MS:
        told = f"is silent for its last {_seconds(sound.tail_ms)} (at most {_seconds(SILENT_EDGE_MS)})"
        yield _find(heard, "line cut short", "failure", told)
    if sound.lead_ms > SILENT_EDGE_MS:
        told = f"is silent for its first {_seconds(sound.lead_ms)} (at most {_seconds(SILENT_EDGE_MS)})"
        yield _find(heard, "line begins late", "failure", told)
    if sound.longest_pause_ms > LONG_PAUSE_MS:
        sure: Severity = "failure" if sound.longest_pause_ms > BROKEN_PAUSE_MS else "warning"
        at = clock(line.start_ms + sound.pause_at_ms)
        told = f"falls silent for {_seconds(sound.longest_pause_ms)} at {at}"
        yield _find(heard, "silence in a line", sure, f"{told} (at most {_seconds(LONG_PAUSE_MS)})")


def _judge_sameness(heard: _Heard) -> Iterator[Finding]:
    line, sound = heard.line, heard.sound
    if sound.steady_ms > DRONE_MS:
        at = clock(line.start_ms + sound.steady_at_ms)
        told = f"drones: for {_seconds(sound.steady_ms)} from {at} its sound does not change"
        yield _find(heard, "drone", "failure", f"{told} (at most {_seconds(DRONE_MS)})")
    if sound.twice_db < TWICE_DB and not says_twice(line.utterance.text):
        stuck = sound.twice_db < LOOP_DB and sound.twice_ms[1] - sound.twice_ms[0] < TWICE_SOON_MS
        sure: Severity = "failure" if stuck or heard.ratio > TWICE_LONG else "warning"
        first, second = (clock(line.start_ms + at) for at in sound.twice_ms)
        told = f"says something twice: at {second} it sounds as at {first} ({sound.twice_db} dB apart,"
        yield _find(heard, "repetition", sure, f"{told} at least {TWICE_DB})")
    above_db = sound.peak_dbfs - sound.level_dbfs
    if above_db < NOISE_DB and sound.twice_db < TWICE_DB and len(line.words) >= FEWEST_WORDS:
        told = f"is as loud as noise all through: its loudest moment is {above_db:.1f} dB above its level"
        yield _find(heard, "noise", "failure", f"{told} (at least {NOISE_DB:g})")


def _judge_end(heard: _Heard) -> Iterator[Finding]:
    sound = heard.sound
    if sound.end_db > LOUD_END_DB and heard.usual_end_db < QUIET_END_DB and heard.ratio < 1:
        sure: Severity = "failure" if heard.ratio < CUT_SHORT else "warning"
        told = (
            f"stops in mid-sound: its last moment is {-sound.end_db:.0f} dB under its level, where lines of"
        )
        told += f" this voice die away to {-heard.usual_end_db:.0f} dB"
        yield _find(heard, "line cut short", sure, told)


def says_twice(text: str) -> bool:
    """Tell whether *text* itself says a longer word, a part of one, or two words in a row more than once."""
    words = [word.lower() for word in _WORD.findall(text)]
    pairs = list(itertools.pairwise(words))
    long = [word for word in words if len(word) >= 5]
    parts = [word[at : at + ALIKE_LETTERS] for word in words for at in range(len(word) - ALIKE_LETTERS + 1)]
    return any(len(set(each)) < len(each) for each in (pairs, long, parts))


def _find(heard: _Heard, check: str, severity: Severity, told: str) -> Finding:
    line = heard.line
    text = f"{name_line(line)} {told}. {WAY_OUT}"
    return Finding(check, severity, text, line.master, line.start_ms, line.end_ms, line.row)


def _seconds(length_ms: int) -> str:
    return f"{length_ms / 1000:.1f} s"


__all__ = ["LineSound", "hear_line", "judge_lines", "says_twice"]
