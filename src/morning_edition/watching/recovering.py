"""A damaged memory set aside: what was made is known again from the episodes themselves."""

import datetime as dt
from collections.abc import Callable

from morning_edition.episode import load_episodes
from morning_edition.errors import StationError
from morning_edition.files import tell_trouble
from morning_edition.life.tombstones import load_tombstones
from morning_edition.station import Station
from morning_edition.watching.memory import Memory, find_memory, load_memory


def open_memory(station: Station, now: dt.datetime, say: Callable[[str], None]) -> Memory:
    """Return what is known of the sources of *station*.

    A damaged memory is kept under another name, and one begun anew, in which every article is looked for
    among the episodes that stand before it is made. Raises `StationError` where it cannot be read at all, and
    `EpisodeError` where an episode's record, too, is damaged: then an article could be made twice.
    """
    path = find_memory(station)
    try:
        return load_memory(path)
    except OSError as error:
        raise StationError(
            f"{path}: cannot be read: {error.strerror or error}; without it articles would be made twice"
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        fault = " ".join((str(error) or type(error).__name__).split())
    load_episodes(station)
    load_tombstones(station)
    aside = path.with_name(f"{path.name}.damaged-{now:%Y%m%dT%H%M%SZ}")
    try:
        path.replace(aside)
        memory = Memory(path, recovered=now.isoformat(timespec="seconds"))
        memory.save()
    except OSError as error:
        raise StationError(f"{path}: is damaged, and cannot be set aside: {tell_trouble(error)}") from error
    say(
        f"{path}: is damaged ({fault}) and kept as {aside.name}; what was made is known again from the "
        "episodes, and articles that come are compared with them"
    )
    return memory
