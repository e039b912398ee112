"""Corrections as listeners read them: each with its date, the newest first."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from morning_edition.episode import Episode
from morning_edition.outlets.characters import first_filled
from morning_edition.outlets.times import spell_date


@dataclass(frozen=True, slots=True)
class Noted:
    """One correction."""

    moment: dt.datetime
    """With its zone."""
    text: str
    """Plain text, one paragraph."""

    @property
    def title(self) -> str:
        """What it goes by: `Correction, November 23, 2026`."""
        return f"Correction, {spell_date(self.moment.date())}"

    @property
    def line(self) -> str:
        """All of it in one line."""
        return f"{self.title}: {self.text}"


def list_corrections(episode: Episode) -> tuple[Noted, ...]:
    """Return what *episode* corrects of itself, the newest first; nothing of what holds no text."""
    return tuple(_list(episode))


def _list(episode: Episode) -> Iterator[Noted]:
    for one in reversed(episode.corrections):
        if text := first_filled(one.text):
            yield Noted(one.moment, text)
