"""The history: a line for whatever happened to an episode, in the station's `history.jsonl`.

Lines are only ever added, each in one write, and the file is never sent anywhere. A line that a power cut
left unfinished is passed over.
"""

import datetime as dt
import json
import os
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass, field

from morning_edition import __version__
from morning_edition.errors import EpisodeError
from morning_edition.files import tell_trouble, write_whole
from morning_edition.station import Station
from morning_edition.who import find_host, find_user

HISTORY_NAME = "history.jsonl"

Fact = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened."""

    at: str
    """ISO 8601, with its zone."""
    what: str
    """`produced`, `regenerated`, `corrected`, `retracted`, `expired`, `released`, `published`, `repaired`."""
    slug: str
    """Empty where it is of the whole station."""
    by: str
    """Who, on which machine."""
    facts: dict[str, Fact] = field(default_factory=dict)


def note_event(station: Station, now: dt.datetime, what: str, slug: str = "", **facts: Fact) -> None:
    """Add a line to the history, dated *now* (aware) where the station is.

    Raises `EpisodeError` where that cannot be done.
    """
    at = now.astimezone(zoneinfo.ZoneInfo(station.show.timezone)).isoformat(timespec="seconds")
    by = f"{find_user()}@{find_host()}"
    record: dict[str, Fact] = {"at": at, "what": what, "slug": slug, "by": by, "version": __version__}
    record |= dict(facts)
    path = station.root / HISTORY_NAME
    try:
        with path.open("ab+") as file:
            if file.tell() and not _ends_whole(file):
                file.write(b"\n")
            file.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise EpisodeError(f"{path}: cannot be written: {tell_trouble(error)}") from error


def begin_history(station: Station) -> None:
    """See that there is a history, if only an empty one: what is younger, and not in it, was never noted.

    Raises `EpisodeError` where that cannot be done.
    """
    path = station.root / HISTORY_NAME
    try:
        if not path.exists():
            write_whole(path, "")
    except OSError as error:
        raise EpisodeError(f"{path}: cannot be written: {tell_trouble(error)}") from error


def read_events(station: Station, slug: str = "") -> Iterator[Event]:
    """Yield what happened to the episode *slug*, or to all, the oldest first."""
    try:
        lines = (station.root / HISTORY_NAME).read_bytes().splitlines()
    except OSError:
        return
    for line in lines:
        try:
            record = json.loads(line)
            at, what, of, by = (str(record.pop(name)) for name in ("at", "what", "slug", "by"))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            continue
        if slug in ("", of):
            yield Event(at, what, of, by, record)


def _ends_whole(file: "object") -> bool:
    file.seek(-1, os.SEEK_END)  # type: ignore[attr-defined]
    return bool(file.read(1) == b"\n")  # type: ignore[attr-defined]
