"""A small newsroom with one published episode; made once, and copied for each test."""

import dataclasses
import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from morning_edition.articles.open import open_article
from morning_edition.edition import Produced, produce
from morning_edition.episode import Episode, load_episodes
from morning_edition.life.history import Event, read_events
from morning_edition.life.retracting import choose_episodes, retract_episodes
from morning_edition.life.times import Wishes
from morning_edition.plan import plan_edition
from morning_edition.settling import settle_station
from morning_edition.station import Station, parse_station

DAY = dt.date(2026, 3, 6)
NOW = dt.datetime(2026, 3, 6, 12, 30, tzinfo=dt.UTC)
SETTINGS = (
    '[show]\ntitle = "The Brief"\nbase_url = "https://pod.example/brief/"\ntimezone = "America/New_York"\n'
    '[cast.anchor]\nvoice = "tone"\nrate = 2.0\n'
    + "".join(
        f'[running_order.{spot}]\nmusic = ""\n'
        for spot in ("opening", "look", "deep_look", "chapter", "closing", "bed")
    )
)
TRAM = (
    "trams/ Harbour Post/ A. Diaz/ Morning Edition/ The tram opened at noon on Thursday.\n"
    "Tram Line Opens\nDeep Look\nIt runs to the harbour.\n"
)
ROOT_FEEDS = (
    "podcast.xml",
    "feed.json",
    "flash-briefing.xml",
    "flash-briefing.json",
    "playlist.m3u",
    "index.html",
)


@dataclasses.dataclass(frozen=True)
class Newsroom:
    """A station on disk, and what people do with it."""

    root: Path
    extra: str = ""
    """Settings besides the usual."""

    @property
    def station(self) -> Station:
        return parse_station(SETTINGS + self.extra, self.root)

    @property
    def episodes(self) -> tuple[Episode, ...]:
        return load_episodes(self.station)

    @property
    def feeds(self) -> str:
        """All that stands at the root for listeners."""
        return "\n".join((self.root / name).read_text("utf-8") for name in ROOT_FEEDS)

    @property
    def events(self) -> list[Event]:
        return list(read_events(self.station))

    def make(
        self,
        text: str = TRAM,
        *,
        date: dt.date = DAY,
        now: dt.datetime = NOW,
        publish: bool = True,
        anew: bool = False,
        **wishes: Any,
    ) -> Produced:
        path = self.root / "article.txt"
        path.write_text(text, "utf-8")
        article = open_article(str(path), outlet="Harbour Post", edition="Morning Edition")
        plan = plan_edition(self.station, article, date, anew=anew)
        plan = dataclasses.replace(plan, wishes=Wishes(**wishes))
        return produce(plan, now, lambda *stage: None, publish=publish)

    def retract(self, name: str = "1", reason: str = "A name was wrong.", now: dt.datetime = NOW) -> None:
        retract_episodes(self.station, choose_episodes(self.station, [name]).episodes, reason, now)

    def settle(self, now: dt.datetime = NOW, *, thorough: bool = False) -> list[str]:
        told: list[str] = []
        settle_station(self.station, now, thorough=thorough, tell=told.append)
        return told

    def record(self, slug: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.root / "audio" / slug / "episode.json").read_bytes())
        return found


@pytest.fixture(scope="session")
def pressed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a station with one published episode."""
    root = tmp_path_factory.mktemp("pressed")
    Newsroom(root).make()
    return root


@pytest.fixture
def newsroom(pressed: Path, tmp_path: Path) -> Newsroom:
    """A station with one published episode, in a folder of the test's own."""
    shutil.copytree(pressed, tmp_path / "station")
    return Newsroom(tmp_path / "station")
