"""Copies of the episodes' records: what an `episode.json` is restored from when the disk has damaged it.

`.cache/records/SLUG.json` is written with each episode, letter for letter the same; the checksum that ends a
record tells that it is whole. A copy is looked at only where a record is there and cannot be read: whoever
removes a folder means it.
"""

import contextlib
import datetime as dt
import json
from collections.abc import Callable, Iterable
from pathlib import Path

from morning_edition.episode import RECORD_NAME, Episode, parse_episode
from morning_edition.errors import EpisodeError
from morning_edition.files import tell_trouble, write_whole
from morning_edition.life.history import note_event
from morning_edition.station import Station

COPIES_NAME = "records"


def keep_copy(station: Station, slug: str, record: str) -> None:
    """Keep a copy of the *record* of an episode. Where the disk refuses, there is none.

    It is kept once all files that the record lists are on disk, and before the record itself is: so it is
    never older than that.
    """
    path = station.cache_folder / COPIES_NAME / f"{slug}.json"
    try:
        write_whole(path, record)
    except OSError:
        with contextlib.suppress(OSError):
            path.unlink()


def find_copy(folder: Path) -> Episode | None:
    """Return the episode in *folder* by the copy of its record; None where there is no whole one.

    Nor does one count of which not every file is there: it tells of another state than the folder's.
    """
    found = _read_copy(folder)
    return found[0] if found else None


def mend_records(
    station: Station, slugs: Iterable[str], now: dt.datetime, tell: Callable[[str], None]
) -> tuple[str, ...]:
    """Restore those records of the episodes *slugs* that are damaged; return the slugs of these.

    *tell* is told, and the history. The caller holds the station. Raises `EpisodeError` if the disk refuses.
    """
    return tuple(slug for slug in dict.fromkeys(slugs) if _mend(station, slug, now, tell))


def is_damaged(folder: Path) -> bool:
    """Tell whether the record in an episode's *folder* is there, and cannot be read."""
    try:
        parse_episode((folder / RECORD_NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return False
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return True
    return False


def _mend(station: Station, slug: str, now: dt.datetime, tell: Callable[[str], None]) -> bool:
    folder = station.episodes_folder / slug
    if not is_damaged(folder) or (found := _read_copy(folder)) is None:
        return False
    path = folder / RECORD_NAME
    try:
        write_whole(path, found[1])
    except OSError as error:
        raise EpisodeError(f"{path}: cannot be written: {tell_trouble(error)}") from error
    note_event(station, now, "repaired", slug, file=RECORD_NAME)
    tell(f"{path} was damaged, and is restored from its copy")
    return True


def _read_copy(folder: Path) -> tuple[Episode, str] | None:
    """Return the episode in *folder*, of which a copy is kept, and the copy itself."""
    path = folder.parents[1] / ".cache" / COPIES_NAME / f"{folder.name}.json"
    try:
        text = path.read_text(encoding="utf-8")
        episode = parse_episode(text)
        sealed = "checksum" in json.loads(text)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    there = all((folder / file.place).is_file() for file in episode.files)
    return (episode, text) if sealed and there and episode.slug == folder.name else None
