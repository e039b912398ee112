"""The catalogue: every episode with what has become of it, the newest first."""

import contextlib
import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from morning_edition.episode import RECORD_NAME, Episode, is_heard, load_episode
from morning_edition.errors import EpisodeError
from morning_edition.life.times import tell_moment
from morning_edition.life.tombstones import Tombstone, load_tombstone
from morning_edition.standing import refused_folder
from morning_edition.station import Station

STATES = ("published", "corrected", "embargo", "refused", "damaged", "retracted", "expired")


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: an episode, what is left of it, or the folder that cannot be read."""

    slug: str
    state: str
    """One of `STATES`."""
    episode: Episode | None = None
    stone: Tombstone | None = None
    fault: str = ""
    """What is damaged, and the way out."""

    @property
    def date(self) -> dt.date | None:
        """The edition's day; None where nothing tells."""
        told = self.episode or self.stone
        return told.date if told else _read_day(self.slug)

    def tell_state(self, station: Station) -> str:
        """Write `embargo until 2026-11-24 06:00 CET`."""
        if self.state == "embargo" and self.episode:
            return f"embargo until {tell_moment(station, self.episode.published)}"
        return self.state


def list_entries(
    station: Station,
    now: dt.datetime,
    *,
    since: dt.date | None = None,
    until: dt.date | None = None,
    state: str = "",
    limit: int = 0,
) -> list[Entry]:
    """Return the entries of the days from *since* to *until* that are in *state*, the newest first.

    No more than *limit*, where it is not 0: then no more records are read than it takes, which their folders'
    names, that begin with the day, make possible.
    """
    found: list[Entry] = []
    for day, names in itertools.groupby(_list_names(station), key=lambda name: name[:10]):
        if _is_outside(day, since, until):
            continue
        entries = [entry for name in names if (entry := look_up(station, name, now))]
        kept = [entry for entry in entries if state in ("", entry.state)]
        found += sorted(kept, key=_age, reverse=True)
        if limit and len(found) >= limit:
            return found[:limit]
    return found


def look_up(station: Station, slug: str, now: dt.datetime) -> Entry | None:
    """Return what has become of the episode in the folder *slug*; None where there is none."""
    folder = station.episodes_folder / slug
    try:
        if stone := load_tombstone(folder):
            return Entry(slug, stone.kind, stone=stone)
        if (folder / RECORD_NAME).exists():
            return _look_at(station, load_episode(folder), now)
        if (refused_folder(station, slug) / RECORD_NAME).exists():
            return Entry(slug, "refused", load_episode(refused_folder(station, slug)))
    except EpisodeError as error:
        return Entry(slug, "damaged", fault=str(error))
    return None


def _look_at(station: Station, episode: Episode, now: dt.datetime) -> Entry:
    if not is_heard(episode, station):
        fault = f"{episode.folder(station) / episode.audio.place}: is not there, or not whole; "
        fault += f"`morning-edition regenerate {episode.slug}` makes it again"
        return Entry(episode.slug, "damaged", episode, fault=fault)
    if episode.published > now:
        return Entry(episode.slug, "embargo", episode)
    if episode.expires and episode.expires <= now:
        return Entry(episode.slug, "expired", episode)
    return Entry(episode.slug, "corrected" if episode.corrections else "published", episode)


def _list_names(station: Station) -> Iterator[str]:
    names: set[str] = set()
    for folder in (station.episodes_folder, refused_folder(station, "")):
        with contextlib.suppress(OSError):
            names |= {path.name for path in folder.iterdir() if not path.name.startswith(".")}
    yield from sorted(names, reverse=True)


def _age(entry: Entry) -> tuple[float, int]:
    told = entry.episode or entry.stone
    return (told.published.timestamp(), told.number) if told else (0.0, 0)


def _is_outside(day: str, since: dt.date | None, until: dt.date | None) -> bool:
    date = _read_day(day)
    if date is None:
        return bool(since or until)
    return bool((since and date < since) or (until and date > until))


def _read_day(name: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(name[:10])
    except ValueError:
        return None
