"""When something of the station is due next: noted, so that an everyday run need not read every record.

The note holds as long as nothing has come to the episodes' folder or gone from it, and the settings that it
follows from are the same. Deleted, or out of date, it is made anew from the records.
"""

import contextlib
import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass

from morning_edition.episode import Episode
from morning_edition.files import write_whole
from morning_edition.station import Station

AGENDA_NAME = "agenda.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Agenda:
    """What a look at all the records has found."""

    settings: tuple[int, ...]
    stamp: int
    """When something came to the episodes' folder last, or went from it, in nanoseconds."""
    due: dt.datetime | None
    """When the next thing is to be done; None for never."""


def read_stamp(station: Station) -> int:
    """Return what changes with each episode that comes or goes; 0 where there is no folder yet."""
    try:
        return station.episodes_folder.stat().st_mtime_ns
    except OSError:
        return 0


def is_due(station: Station, now: dt.datetime) -> bool:
    """Tell whether something is to be done at *now* (aware), or may be."""
    agenda = _load(station)
    if agenda is None or agenda.settings != _settings(station) or agenda.stamp != read_stamp(station):
        return True
    return agenda.due is not None and agenda.due <= now


def note_agenda(station: Station, due: dt.datetime | None, stamp: int) -> None:
    """Note when something is *due* next, as found after *stamp* was read."""
    record = {
        "format": FORMAT,
        "settings": _settings(station),
        "stamp": stamp,
        "due": due.isoformat() if due else None,
    }
    with contextlib.suppress(OSError):  # only a matter of speed
        write_whole(station.cache_folder / AGENDA_NAME, json.dumps(record) + "\n", durable=False)


def add_to_agenda(station: Station, episode: Episode, now: dt.datetime) -> None:
    """Note what *episode*, which was just put on the shelf, brings with it.

    For whoever has held the station since it was settled: nothing else has come or gone.
    """
    if agenda := _load(station):
        due = [agenda.due] if agenda.due else []
        note_agenda(station, min([*due, *list_due(station, episode, now)], default=None), read_stamp(station))


def forget_agenda(station: Station) -> None:
    """Have the next run look at everything: something has begun that may not come to its end."""
    with contextlib.suppress(OSError):
        (station.cache_folder / AGENDA_NAME).unlink()


def list_due(station: Station, episode: Episode, now: dt.datetime) -> Iterator[dt.datetime]:
    """Yield the moments at which something is to be done about *episode*."""
    if episode.published > now:
        yield episode.published
    if end := find_end(station, episode):
        yield end
    grace = dt.timedelta(hours=station.publish.former_hours)
    folder = episode.folder(station)
    yield from (one.superseded + grace for one in episode.former if (folder / one.place).exists())


def find_end(station: Station, episode: Episode) -> dt.datetime | None:
    """Return when *episode* expires, by itself or by the station's rule; None for never."""
    days = station.feed.keep_days
    ends = [episode.expires] if episode.expires else []
    ends += [episode.published + dt.timedelta(days=days)] if days else []
    return min(ends, default=None)


def _settings(station: Station) -> tuple[int, ...]:
    return station.feed.keep_days, station.publish.former_hours


def _load(station: Station) -> Agenda | None:
    try:
        record = json.loads((station.cache_folder / AGENDA_NAME).read_bytes())
        if record["format"] != FORMAT:
            return None
        due = dt.datetime.fromisoformat(record["due"]) if record["due"] else None
        if due and due.tzinfo is None:
            return None
        return Agenda(tuple(record["settings"]), record["stamp"], due)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
