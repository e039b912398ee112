"""What a listener heard of each line, and what follows: words that are missing, others in their place.

A word's misfit is what each 10 ms of it lacks, on average, of the sounds that fit best there. Measured on
good lines: a median of 33 for flite's voices and 44 for eSpeak; a word that is not there has 100 and more.
"""

import itertools
import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from morning_edition.outlets.times import clock
from morning_edition.proof import Finding, Severity
from morning_edition.proof.expected import WAY_OUT, ExpectedLine, name_line

USUAL_MISFIT = 38.0
BEYOND_USUAL = 1.85
"""How many times a voice's usual misfit one word may have before it is doubted."""
LEAST_LIMIT, MOST_LIMIT = 72.0, 88.0
"""flite says "court" at 70 and a name it does not know at 68, where its words are at 36 as a rule."""
SHORT_WORD_PHONES = 3
SHORT_WORD_MORE = {1: 100.0, 2: 60.0, 3: 22.0}
"""By its phones. Of "a", next to nothing is left between two words; "at" and "her" are at up to 132."""
GUESSED_MORE = 30.0
"""No dictionary has "Devocht", so a voice may say it as it likes: flite's is at 68 to 92, eSpeak's at 60."""
SHORTEST_PHONE_MS = 36.0
"""A word that is not there is pressed into three steps for each of its sounds, the model's least."""
GAP_LIMIT, GAP_BEYOND_USUAL, GAP_MS = 78.0, 1.8, 150
"""Silence between words is at most 77 off in good lines, beside a name; speech that is taken for it, 80.
With a voice whose words are 52 off, as eSpeak's British ones are, silence is at up to 86."""
WRONG_SHARE = 0.34
"""Of a line's words: so many doubtful ones, and it is not this line at all."""
UNHEARD, UNHEARD_PHONES = 200.0, 9
"""What a word is given that has no place in a line's sound at all."""
SURE_MISFIT = 96.0
"""No word of good lines with more than three sounds has had more than 90."""
NOTHING_INSTEAD: Mapping[ExpectedLine, ExpectedLine] = MappingProxyType({})
FEWEST_WORDS = 12
"""Of a voice, to tell its usual misfit by them."""
LEAST_USUAL, MOST_USUAL = 20.0, 52.0


@dataclass(frozen=True, slots=True)
class HeardWord:
    """One word, where it was found in a line, and how badly it fits."""

    text: str
    start_ms: int
    """Counted from the line's start."""
    end_ms: int
    phones: int
    misfit: float
    guessed: bool = False
    """Whether neither a dictionary nor the line tells how it is said."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard of one line."""

    aligned: bool
    """Whether its words could be laid along its sound at all."""
    words: tuple[HeardWord, ...]
    gaps: tuple[HeardWord, ...] = ()
    """What was taken for silence, before, between and after them; without text or phones."""

    @property
    def misfit(self) -> float:
        """The mean misfit of all its sound; infinite where its words could not be laid along it."""
        length_ms = sum(word.end_ms - word.start_ms for word in self.words)
        if not self.aligned:
            return float("inf")
        return sum(word.misfit * (word.end_ms - word.start_ms) for word in self.words) / max(length_ms, 1)


def doubtful_words(heard: Heard, usual: float = USUAL_MISFIT) -> tuple[str, ...]:
    """Return the words of a line that do not fit, for a voice with the *usual* misfit."""
    return tuple(word.text for word in heard.words if _is_doubtful(word, usual))


def fits(heard: Heard, usual: float = USUAL_MISFIT) -> bool:
    """Tell whether a sound says a text, all in all."""
    doubtful = len(doubtful_words(heard, usual))
    return heard.aligned and bool(heard.words) and doubtful <= WRONG_SHARE * len(heard.words) / 2


def is_another(heard: Heard) -> bool:
    """Tell whether a sound seems to say something else than its text."""
    return not heard.aligned or (bool(heard.words) and not fits(heard))


def _is_doubtful(word: HeardWord, usual: float) -> bool:
    return word.misfit > _limit(word, usual) or _is_pressed(word)


def _limit(word: HeardWord, usual: float) -> float:
    limit = min(max(usual * BEYOND_USUAL, LEAST_LIMIT), MOST_LIMIT) + GUESSED_MORE * word.guessed
    return limit + SHORT_WORD_MORE.get(word.phones, 0.0)


def _is_pressed(word: HeardWord) -> bool:
    return word.phones > SHORT_WORD_PHONES and word.end_ms - word.start_ms < SHORTEST_PHONE_MS * word.phones


def judge_heard(
    lines: Sequence[ExpectedLine],
    heard: Sequence[Heard],
    instead: Mapping[ExpectedLine, ExpectedLine] = NOTHING_INSTEAD,
) -> tuple[Finding, ...]:
    """Return what is wrong with *lines*, in their order; *heard* holds what a listener heard of each.

    *instead* tells which line's text was heard in place of one that does not fit its own.
    """
    usual = _find_usual(lines, heard)
    findings = []
    for line, one in zip(lines, heard, strict=True):
        if told := _judge(line, one, usual[line.voice], instead.get(line)):
            check, severity, text = told
            text = f"{name_line(line)} {text}. {WAY_OUT}"
            findings.append(Finding(check, severity, text, line.master, line.start_ms, line.end_ms, line.row))
    return tuple(findings)


def _find_usual(lines: Sequence[ExpectedLine], heard: Sequence[Heard]) -> Mapping[str, float]:
    """Return how badly each voice's words fit as a rule."""
    told: dict[str, list[float]] = defaultdict(list)
    for line, one in zip(lines, heard, strict=True):
        told[line.voice] += [word.misfit for word in one.words if word.misfit < UNHEARD]
    return {
        voice: min(max(statistics.median(misfits), LEAST_USUAL), MOST_USUAL)
        if len(misfits) >= FEWEST_WORDS
        else USUAL_MISFIT
        for voice, misfits in told.items()
    }


_Told = tuple[str, Severity, str]
"""What was looked for, how sure it is, and what is wrong."""


def _judge(line: ExpectedLine, heard: Heard, usual: float, instead: ExpectedLine | None) -> _Told | None:
    doubtful = [at for at, word in enumerate(heard.words) if _is_doubtful(word, usual)]
    sure: Severity = "warning" if line.under_music else "failure"
    if instead:
        return (
            "another line",
            "failure",
            f"is not heard: what {_place(instead)} should say is said in its place",
        )
    if not heard.aligned or (len(doubtful) > 1 and len(doubtful) > WRONG_SHARE * len(heard.words)):
        return "line not heard", sure, "does not sound like its text: words are missing, or others are said"
    words = [heard.words[at] for at in doubtful]
    missing = [word for word in words if _is_missing(word)]
    if end := list(itertools.takewhile(_is_missing, reversed(heard.words))):
        return "line cut short", sure, f"breaks off: its end, “{_say(end[::-1])}”, is not heard"
    if missing:
        told = f"lacks “{_say(missing)}”, which should be heard at {_time(line, missing[0])}"
        return "word not heard", sure, told
    if line.under_music:
        return None
    return _doubt(line, words, usual) if words else _find_other_speech(line, heard, usual)


def _find_other_speech(line: ExpectedLine, heard: Heard, usual: float) -> _Told | None:
    limit = max(GAP_LIMIT, usual * GAP_BEYOND_USUAL)
    for gap in heard.gaps:
        if gap.misfit > limit and gap.end_ms - gap.start_ms >= GAP_MS:
            told = f"says something at {_time(line, gap)} that is not in its text"
            return (
                "word in doubt",
                "warning",
                f"{told}: that is {gap.misfit:.0f} off silence (at most {limit:.0f})",
            )
    return None


def _doubt(line: ExpectedLine, words: Sequence[HeardWord], usual: float) -> _Told:
    """Tell of the word that fits worst."""
    worst = max(words, key=lambda word: word.misfit)
    certain = worst.misfit > SURE_MISFIT and worst.phones > SHORT_WORD_PHONES and not worst.guessed
    told = f"does not sound like “{worst.text}” at {_time(line, worst)}: it is {worst.misfit:.0f} off, where"
    told += f" words of this voice are {usual:.0f} off as a rule (at most {_limit(worst, usual):.0f})"
    return "word in doubt", "failure" if certain else "warning", told


def _say(words: Sequence[HeardWord]) -> str:
    return " ".join(word.text for word in words)


def _is_missing(word: HeardWord) -> bool:
    return word.misfit >= UNHEARD or _is_pressed(word)


def _place(line: ExpectedLine) -> str:
    return f"row {line.row}" if line.row else f"the line at {clock(line.start_ms)}"


def _time(line: ExpectedLine, word: HeardWord) -> str:
    return clock(line.start_ms + max(word.start_ms, 0))
