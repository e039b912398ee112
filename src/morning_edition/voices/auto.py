"""`auto`: the best voice that this machine has, for a language.

A Piper voice that is installed; else, where it may be fetched, the language's usual Piper voice, once; else
flite where the system has it and the language is English; else eSpeak NG, which is always there.
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from morning_edition.errors import VoiceError

OFFLINE_VARIABLE = "MORNING_EDITION_OFFLINE"
"""Set to anything, it keeps `auto` from fetching a voice."""
ASK_AGAIN_S = 24 * 60 * 60
"""How long a network that was not there, or a voice that could not be fetched, is remembered."""
MEMO = ".not-fetched"


@dataclass(frozen=True, slots=True)
class Fetching:
    """What to do on the way when a voice may be fetched."""

    tell: Callable[[str], None]
    """Told in one line what is fetched, or why not."""
    report: Callable[[int, int], None]
    """Told how many bytes are there, and of how many."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The voice that was found, as a setting names it."""

    setting: str
    advice: str = ""
    """One line on how to get a better one; empty for the best."""


def choose_voice(language: str, fetching: Fetching | None = None) -> Choice:
    """Return the best voice for *language* (BCP 47); without *fetching* nothing is fetched."""
    from morning_edition.voices.piper import catalogue

    if installed := catalogue.find_best(language):
        return Choice(f"piper:{installed}")
    usual = catalogue.default_voice_name(language)
    if usual and fetching and _fetch(usual, fetching):
        return Choice(f"piper:{usual}")
    advice = f"for a better voice: morning-edition voices install {usual}" if usual else ""
    if language.lower().startswith("en") and _has_flite():
        return Choice("flite", advice)
    return Choice("espeak", advice)


def _fetch(name: str, fetching: Fetching) -> bool:
    """Install the Piper voice called *name*, unless that failed within a day; tell whether it is there."""
    from morning_edition.voices.piper import catalogue

    memo = catalogue.voices_folder() / MEMO
    if os.environ.get(OFFLINE_VARIABLE) or _is_fresh(memo):
        return False
    if not catalogue.is_reachable():
        fetching.tell("no voice can be fetched: the network is not there; asked again in a day")
        _note(memo)
        return False
    try:
        fetching.tell(f"fetching the voice {catalogue.describe(name)}, once")
        catalogue.install_voice(name, fetching.report)
    except VoiceError as error:
        fetching.tell(f"{error}; tried again in a day")
        _note(memo)
        return False
    memo.unlink(missing_ok=True)
    return True


def _is_fresh(memo: Path) -> bool:
    try:
        return 0 <= time.time() - memo.stat().st_mtime < ASK_AGAIN_S
    except OSError:
        return False


def _note(memo: Path) -> None:
    try:
        memo.parent.mkdir(parents=True, exist_ok=True)
        memo.touch()
    except OSError:
        return  # it is asked again the next time, and that is all


def _has_flite() -> bool:
    from morning_edition.voices.flite import FliteVoice

    return FliteVoice.is_available()
