"""What those who follow sources work with."""

import datetime as dt
import random
import zoneinfo
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from morning_edition.articles import Article
from morning_edition.errors import ProofError
from morning_edition.files import sha256_of
from morning_edition.station import Station
from morning_edition.watching.memory import Memory
from morning_edition.watching.results import Result

if TYPE_CHECKING:
    from morning_edition.making import Report


class Make(Protocol):
    """Makes an episode."""

    def __call__(self, article: Article, day: dt.date, slug: str) -> Mapping[str, Any]:
        """Return what `produce --json` tells of it. Raises the error of whatever fails."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A station, what is known of its sources, and those who are told."""

    station: Station
    memory: Memory
    clock: Callable[[], dt.datetime]
    """Gives the time, with its zone."""
    make: Make
    describe: Callable[[ProofError], Mapping[str, Any]]
    """Tells what the proof has found, and returns it as `produce --json` tells it."""
    report: "Report"
    """Told how far the sending is."""
    tell: Callable[[Result], None]
    say: Callable[[str], None]
    """Says what is no result."""
    chance: random.Random = field(default_factory=random.Random)
    every_s: float = 300.0
    backlog: int | None = None
    """How many to make of a source at the first look; None for those that are fresh."""
    retry: bool = False
    """Whether to try again what has failed."""
    once: bool = False
    """Whether there is no other round."""

    def announce(self, result: Result) -> None:
        """Tell a *result*; one that was told before is only mentioned."""
        if result.is_news:
            self.tell(result)
        elif result.error:
            self.say(f"still: {result.error}")

    def today(self) -> dt.date:
        """Return the day where the station is."""
        return self.clock().astimezone(zoneinfo.ZoneInfo(self.station.show.timezone)).date()


def sum_reading(article: Article) -> str:
    """Return a fingerprint of what of an article is read: no date, no link, no keywords, no picture."""
    looks = [(look.label, look.text) for look in article.quick_looks]
    sections = [(section.heading, section.paragraphs) for section in article.deep_look]
    tiers = (article.quick_looks_title, looks, sections)
    return sha256_of(repr([article.headline, article.byline, article.lede, *tiers]))
