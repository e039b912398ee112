import datetime as dt
import html
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from morning_edition.articles import Article
from morning_edition.errors import MorningEditionError
from morning_edition.station import Station, parse_station
from morning_edition.watching.desk import Desk
from morning_edition.watching.memory import Memory, find_memory, load_memory
from morning_edition.watching.results import Result
from morning_edition.watching.rounds import Round, go_round
from morning_edition.watching.sources import find_sources

NOON = dt.datetime(2026, 3, 6, 12, 0, tzinfo=dt.UTC)
FULL = " ".join(f"Boat {number} crossed the bay on Monday with all its passengers." for number in range(20))


@dataclass
class Story:
    """An entry of a feed that is written in every form."""

    title: str
    text: str = FULL
    """With its full text no page behind it is asked for."""
    guid: str = ""
    link: str = ""
    moment: dt.datetime | None = NOON - dt.timedelta(hours=1)
    updated: dt.datetime | None = None


def write_rss(stories: list[Story], head: str = "") -> str:
    items = ""
    for one in stories:
        items += f"<item><title>{html.escape(one.title)}</title>"
        items += f"<guid isPermaLink='false'>{html.escape(one.guid)}</guid>" if one.guid else ""
        items += f"<link>{html.escape(one.link)}</link>" if one.link else ""
        items += f"<pubDate>{format_datetime(one.moment)}</pubDate>" if one.moment else ""
        items += f"<description>{html.escape(f'<p>{one.text}</p>')}</description></item>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>{head}{items}</channel></rss>'


def write_atom(stories: list[Story]) -> str:
    entries = ""
    for one in stories:
        moment = one.updated or one.moment
        entries += f"<entry><title>{html.escape(one.title)}</title><id>{html.escape(one.guid)}</id>"
        entries += f'<link href="{html.escape(one.link)}"/>' if one.link else ""
        entries += f"<updated>{moment.isoformat()}</updated>" if moment else ""
        entries += f'<content type="html">{html.escape(f"<p>{one.text}</p>")}</content></entry>'
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><id>urn:t</id>{entries}</feed>'


def write_json(stories: list[Story]) -> str:
    items = [
        {
            "id": one.guid,
            "url": one.link,
            "title": one.title,
            "content_html": f"<p>{one.text}</p>",
            "date_published": one.moment.isoformat() if one.moment else "",
        }
        for one in stories
    ]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": items})


@dataclass
class Wire:
    """A feed at a real server, which answers conditional requests."""

    server: Any
    stories: list[Story] = field(default_factory=list)
    write: Callable[[list[Story]], str] = write_rss
    validates: bool = True
    """Whether it tells versions apart."""

    rss = staticmethod(write_rss)
    atom = staticmethod(write_atom)
    json = staticmethod(write_json)
    story = Story
    full = FULL

    @property
    def url(self) -> str:
        return f"{self.server.url}/feed.xml"

    def answer(self, asked: Any) -> Any:
        body = self.write(self.stories).encode()
        etag = f'"{hash(body)}"'
        if self.validates and asked.headers.get("if-none-match") == etag:
            return self.server.reply(status=304)
        headers = {"Content-Type": "application/xml"} | ({"ETag": etag} if self.validates else {})
        return self.server.reply(body, headers=headers)


@pytest.fixture
def wire(speech_server: Any, monkeypatch: pytest.MonkeyPatch) -> Wire:
    monkeypatch.setenv("MORNING_EDITION_ALLOW_PRIVATE", "1")
    wire = Wire(speech_server)
    speech_server.always = wire.answer
    return wire


@dataclass
class Newsroom:
    """A desk whose maker writes down what it is asked for, and whose clock is set by hand."""

    station: Station
    now: dt.datetime = NOON
    made: list[tuple[str, str, str]] = field(default_factory=list)
    """Slug, day and headline of each."""
    told: list[Result] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    faults: dict[str, BaseException] = field(default_factory=dict)
    """What making an article of that headline raises."""

    @property
    def slugs(self) -> list[str]:
        return [slug for slug, _, _ in self.made]

    @property
    def what(self) -> list[str]:
        return [one.what for one in self.told]

    @property
    def memory(self) -> Memory:
        return load_memory(find_memory(self.station))

    def wait(self, **span: float) -> None:
        self.now += dt.timedelta(**span)

    def make(self, article: Article, day: dt.date, slug: str) -> Mapping[str, Any]:
        if fault := self.faults.get(article.headline):
            raise fault
        self.made.append((slug, day.isoformat(), article.headline))
        return {"slug": slug, "title": article.headline, "paths": [f"audio/{slug}/episode.mp3"]}

    def look(self, *sources: str, memory: Memory | None = None, **wishes: Any) -> Round:
        """Go round once, as a new process does: with what is on disk."""
        desk = Desk(
            self.station,
            memory or self.memory,
            clock=lambda: self.now,
            make=self.make,
            describe=lambda error: {},
            report=lambda *told: None,
            tell=self.told.append,
            say=self.said.append,
            **wishes,
        )
        return go_round(desk, find_sources(sources, self.station))


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    folder = tmp_path / "station"
    folder.mkdir()
    return Newsroom(parse_station('[cast.anchor]\nvoice = "tone"\n', folder))


@pytest.fixture
def write_article() -> Callable[..., Path]:
    """Write an article's file, as one that nobody is writing to any more."""

    def write(path: Path, headline: str, text: str = FULL, moment: dt.datetime = NOON) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{headline}\n\n{text}\n", "utf-8")
        stamp = moment.timestamp() - 60
        os.utime(path, (stamp, stamp))
        return path

    return write


@pytest.fixture
def fault() -> MorningEditionError:
    return MorningEditionError("it is broken")
