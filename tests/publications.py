"""A station in two states, as two mornings leave it, and targets that fail or are cut off at any call."""

import datetime as dt
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from morning_edition.articles.open import open_article
from morning_edition.edition import produce
from morning_edition.episode import Episode, load_episodes
from morning_edition.errors import PublishError
from morning_edition.life.retracting import retract_episodes
from morning_edition.plan import plan_edition
from morning_edition.publish.places.folder import Folder
from morning_edition.publish.target import Stored
from morning_edition.settling import settle_station
from morning_edition.site import publish_site
from morning_edition.station import Station, load_station

BASE_URL = "https://pod.example/brief/"
NOW = dt.datetime(2026, 3, 6, 12, 30, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)

SETTINGS = f"""
[show]
title = "The Brief"
base_url = "{BASE_URL}"
[cast.anchor]
voice = "tone"
rate = 2.0
[sound.jingles]
open = ""
bed = ""
sting = ""
bumper = ""
close = ""
"""


def write_article(headline: str, lede: str) -> str:
    return (
        f"{headline}/ trams/ Harbour Post//  Morning Edition/ {lede}\n{headline}: Quick Looks\n"
        f"- Noon: It was at noon, and 412 people came.\n{headline}\nDeep Look\n{lede}\n"
    )


def make_station(root: Path) -> Station:
    root.mkdir(parents=True)
    (root / "station.toml").write_text(SETTINGS, "utf-8")
    return load_station(root)


def produce_article(station: Station, headline: str, lede: str, now: dt.datetime = NOW) -> Episode:
    text = station.root.parent / f"{station.root.name}-{headline.replace(' ', '-')}.txt"
    text.write_text(write_article(headline, lede), "utf-8")
    article = replace(
        open_article(str(text), outlet="Harbour Post", edition="Morning Edition"), headline=headline
    )
    plan = plan_edition(station, article, now.date())
    return produce(plan, now, lambda *stage: None, force=True).episode


def retract(station: Station, slug: str, now: dt.datetime = NOW) -> None:
    episode = next(one for one in load_episodes(station) if one.slug == slug)
    retract_episodes(station, [episode], "It was wrong.", now)


def render(station: Station, now: dt.datetime = NOW) -> None:
    settle_station(station, now)
    publish_site(station, load_episodes(station), now)


def copy_station(station: Station, root: Path) -> Station:
    shutil.copytree(station.root, root)
    return load_station(root)


def link_folder(folder: Path, copy: Path) -> Path:
    """Copy a folder whose files are only ever replaced."""
    shutil.copytree(folder, copy, copy_function=os.link)
    return copy


def list_folder(folder: Path) -> dict[str, bytes]:
    """Return what stands in a target's folder for listeners."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".morning-edition" not in path.parts
    }


def be_quiet(*stage: object) -> None:
    """Report nothing."""


@dataclass(frozen=True)
class Mornings:
    """A station on one morning, and what became of it by the next."""

    before: Station
    after: Station
    corrected: str
    retracted: str
    added: str
    """Slugs."""


class Cut(BaseException):
    """The program is killed."""


class Faulty:
    """A folder whose call number *fails_at* fails: it *dies*, or has its effect all the same (*late*)."""

    def __init__(self, folder: Path, fails_at: int = 0, *, dies: bool = False, late: bool = False) -> None:
        self._folder = Folder(folder)
        self.shown = self._folder.shown
        self.at_once = 1
        self.calls: list[str] = []
        self.watch: Callable[[], None] = lambda: None
        self._fails_at, self._dies, self._late = fails_at, dies, late

    @property
    def has_failed(self) -> bool:
        return 0 < self._fails_at <= len(self.calls)

    def look(self, path: str) -> Stored | None:
        return self._do(f"look {path}", lambda: self._folder.look(path))

    def read(self, path: str) -> Iterator[bytes]:
        return iter(self._do(f"read {path}", lambda: [*self._folder.read(path)]))

    def send(self, path: str, content: bytes | Path, *, media_type: str, cache_control: str) -> None:
        told = {"media_type": media_type, "cache_control": cache_control}
        self._do(f"send {path}", lambda: self._folder.send(path, content, **told))

    def create(self, path: str, content: bytes) -> bool:
        return self._do(f"create {path}", lambda: self._folder.create(path, content))

    def remove(self, path: str) -> None:
        self._do(f"remove {path}", lambda: self._folder.remove(path))

    def close(self) -> None:
        self._folder.close()

    def _do(self, name: str, call: Callable[[], Any]) -> Any:
        if self._dies and self.has_failed:
            raise Cut
        self.calls.append(name)
        fails = len(self.calls) == self._fails_at
        done = call() if not fails or self._late else None
        self.watch()
        if fails:
            raise Cut if self._dies else PublishError(f"call {len(self.calls)}, {name}, failed")
        return done
