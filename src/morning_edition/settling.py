"""A station brought in order: what time, or a run that was killed, has left to be done."""

import contextlib
import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from morning_edition.episode import Episode, is_heard, load_episode
from morning_edition.errors import EpisodeError
from morning_edition.former import sweep_former
from morning_edition.life.agenda import find_end, is_due, list_due, note_agenda, read_stamp
from morning_edition.life.audit import note_unnoted
from morning_edition.life.history import note_event, read_events
from morning_edition.life.leftovers import adopt_plain_files, clear_leftovers, link_plain_files
from morning_edition.life.tombstones import Tombstone, load_tombstones
from morning_edition.life.withdrawing import end_withdrawals, find_begun, withdraw_episodes
from morning_edition.site import publish_site
from morning_edition.station import Station
from morning_edition.station.site_names import SITE_NAMES

TRY_AGAIN = dt.timedelta(hours=1)
"""When to look again at what a feed still names."""


def settle_station(
    station: Station,
    now: dt.datetime,
    *,
    thorough: bool = False,
    tell: Callable[[str], None] = lambda said: None,
) -> None:
    """Withdraw what has expired, end withdrawals that were begun, remove what no feed names any more.

    What comes out of embargo at *now* (aware) is brought in. Where nothing is due, that costs two small looks
    at the disk. *thorough*, after a run that was killed, looks at every folder. *tell* is told what was done.
    The caller holds the station. An episode with a damaged record stops nothing, but what would need a new
    feed then waits until it is mended. Raises `EpisodeError` when the disk refuses, `StationError` as
    `publish_site`.
    """
    if not thorough and not is_due(station, now):
        return
    stamp = read_stamp(station)
    if thorough:
        clear_leftovers(station)
    episodes, whole = _load_all(station)
    for episode in episodes:
        (link_plain_files if thorough else adopt_plain_files)(station, episode)
    left = False
    if whole:
        episodes, left = _bring_up_to_date(station, episodes, now, tell)
    if thorough:
        note_unnoted(station, episodes, now)
    waits = _sweep(station, episodes, now, thorough=thorough)
    later = [now + TRY_AGAIN] if waits or not whole else []
    later += [now] if left else []
    dues = [due for episode in episodes for due in list_due(station, episode, now) if due > now]
    note_agenda(station, min([*later, *dues], default=None), stamp)


def _load_all(station: Station) -> tuple[list[Episode], bool]:
    """Return the episodes that stand, and whether each record and tombstone can be read."""
    from morning_edition.catalogue import list_slugs

    episodes, whole = [], True
    try:
        load_tombstones(station)
    except EpisodeError:
        whole = False
    for slug in list_slugs(station):
        try:
            episodes.append(load_episode(station.episodes_folder / slug))
        except EpisodeError:
            whole = False
    return episodes, whole


def _bring_up_to_date(
    station: Station, episodes: list[Episode], now: dt.datetime, tell: Callable[[str], None]
) -> tuple[list[Episode], bool]:
    """End what is begun, expire and release what is due.

    Returns the episodes that stay, and whether something could not be moved away.
    """
    left: list[Path] = []
    heard = [episode for episode in episodes if is_heard(episode, station)]
    if begun := _find_begun(station):
        left += end_withdrawals(station, begun, heard, now)
        if ended := [stone.slug for stone in begun if not find_begun(station, stone.slug)]:
            tell(f"ended the withdrawal of {', '.join(ended)}")
    expired = [one for one in episodes if (end := find_end(station, one)) and end <= now]
    if expired:
        left += withdraw_episodes(station, expired, "expired", now)
        tell(f"expired: {', '.join(episode.slug for episode in expired)}")
    stay = [episode for episode in episodes if episode not in expired]
    if released := _find_released(station, stay, now):
        publish_site(station, [episode for episode in stay if is_heard(episode, station)], now)
        for episode in released:
            note_event(station, now, "released", episode.slug, guid=episode.guid)
        tell(f"out of embargo: {', '.join(episode.slug for episode in released)}")
    _tell_left(left, tell)
    return stay, bool(left)


def _find_begun(station: Station) -> list[Tombstone]:
    from morning_edition.catalogue import list_withdrawn

    return [stone for slug in list_withdrawn(station) if (stone := find_begun(station, slug))]


def _find_released(station: Station, episodes: Sequence[Episode], now: dt.datetime) -> list[Episode]:
    """Return what was made under an embargo that is over, and nobody has noted yet."""
    waiting: set[str] = set()
    for event in read_events(station):
        if event.facts.get("embargo"):
            waiting.add(event.slug)
        elif event.what == "released":
            waiting.discard(event.slug)
    return [one for one in episodes if one.slug in waiting and one.published <= now]


def _sweep(station: Station, episodes: Iterable[Episode], now: dt.datetime, *, thorough: bool) -> bool:
    """Remove superseded files that no published feed names; tell whether one still is named past its time."""
    grace = dt.timedelta(hours=station.publish.former_hours)
    named: str | None = None
    waits = False
    for episode in episodes:
        folder = episode.folder(station)
        over = [one.place for one in episode.former if one.superseded + grace <= now]
        if not thorough and not any((folder / place).exists() for place in over):
            continue
        named = _read_feeds(station) if named is None else named
        if any(f"{episode.slug}/{place}" in named for place in over):
            waits = True
        else:
            sweep_former(station, episode, now)
    return waits


def _read_feeds(station: Station) -> str:
    """Return all that stands at the station's root for listeners, as one text."""
    texts = []
    for name in SITE_NAMES:
        with contextlib.suppress(OSError, UnicodeDecodeError):
            texts.append((station.root / name).read_text("utf-8"))
    return "\n".join(texts)


def _tell_left(left: Iterable[Path], tell: Callable[[str], None]) -> None:
    for path in left:
        tell(f"{path} could not be moved away, and whoever guesses its address still hears it; remove it")
