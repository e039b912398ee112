"""Withdrawing episodes: out of every feed first, then off the disk that listeners reach.

First the tombstone, which makes an episode none; then the site without it; then the page that says so; last
its files, out of the public folder, the record as the very last. Whoever is stopped in between leaves a
record beside a tombstone, by which the next run knows that it has this to end. What was under embargo still
leaves no page: nobody is to hear what it was.
"""

import contextlib
import datetime as dt
import shutil
import zoneinfo
from collections.abc import Iterable, Sequence
from pathlib import Path

from morning_edition.episode import RECORD_NAME, TOMBSTONE_NAME, Episode, load_episode, load_episodes
from morning_edition.errors import EpisodeError
from morning_edition.files import flush_folder, make_folder, tell_trouble, write_whole
from morning_edition.life.agenda import forget_agenda
from morning_edition.life.history import note_event, read_events
from morning_edition.life.tombstones import Tombstone, load_tombstone, make_tombstone
from morning_edition.site import publish_site, write_changed
from morning_edition.standing import refused_folder
from morning_edition.station import Station

KEPT_NAME = "withdrawn"


def kept_folder(station: Station, slug: str) -> Path:
    """Return where the files of an episode that was withdrawn are kept for the newsroom."""
    return station.cache_folder / KEPT_NAME / slug


def withdraw_episodes(
    station: Station, episodes: Sequence[Episode], kind: str, now: dt.datetime, reason: str = ""
) -> tuple[Path, ...]:
    """Withdraw *episodes*, all for one *reason*; returns what could not be moved out of the public folder.

    Raises `EpisodeError` where another episode is damaged or the disk refuses, `StationError` for a broken
    template of the station's own: before anything is changed, or else the next run goes on from there.
    """
    from morning_edition.outlets.tombstone_page import render_tombstone

    moment = now.astimezone(zoneinfo.ZoneInfo(station.show.timezone)).replace(microsecond=0)
    stones = [make_tombstone(episode, kind, moment, reason) for episode in episodes]
    load_episodes(station)
    for stone in stones[:1]:
        render_tombstone(station, stone)
    forget_agenda(station)
    for stone in stones:
        path = stone.folder(station) / TOMBSTONE_NAME
        try:
            write_whole(path, stone.to_json())
        except OSError as error:
            raise EpisodeError(f"{path}: cannot be written: {tell_trouble(error)}") from error
    return end_withdrawals(station, stones, load_episodes(station), now)


def end_withdrawals(
    station: Station, stones: Iterable[Tombstone], others: Sequence[Episode], now: dt.datetime
) -> tuple[Path, ...]:
    """Do what is still to be done of withdrawals that were begun; *others* are the episodes that stay.

    Returns what could not be moved out of the public folder. Raises as `withdraw_episodes`.
    """
    publish_site(station, others, now)
    return tuple(path for stone in stones for path in _end_withdrawal(station, stone))


def find_begun(station: Station, slug: str) -> Tombstone | None:
    """Return the tombstone of a withdrawal that is to be ended. Raises `EpisodeError` for a damaged one."""
    folder = station.episodes_folder / slug
    return load_tombstone(folder) if (folder / RECORD_NAME).exists() else None


def load_withdrawn(station: Station, slug: str) -> Episode | None:
    """Return the episode that was withdrawn, as far as its record is still kept somewhere."""
    for folder in (station.episodes_folder / slug, kept_folder(station, slug)):
        with contextlib.suppress(EpisodeError):
            return load_episode(folder)
    return None


def _end_withdrawal(station: Station, stone: Tombstone) -> list[Path]:
    from morning_edition.outlets.tombstone_page import render_tombstone

    _note_withdrawal(station, stone)
    folder = stone.folder(station)
    pages = render_tombstone(station, stone) if stone.was_public else {}
    try:
        for name, page in pages.items():
            write_changed(folder / name, page)
        stays = {*pages, TOMBSTONE_NAME, RECORD_NAME}
        gone = [path for path in sorted(folder.iterdir()) if path.name not in stays]
        left = _move(gone, kept_folder(station, stone.slug))
        if refused_folder(station, stone.slug).exists():
            _move([refused_folder(station, stone.slug)], kept_folder(station, stone.slug) / "refused")
        if not left:  # the record last: without it the withdrawal has come to its end
            kept = kept_folder(station, stone.slug)
            _flush(kept, folder)
            left = _move([folder / RECORD_NAME], kept)
            _flush(kept, folder)
    except OSError as error:
        raise EpisodeError(f"{folder}: cannot be written: {tell_trouble(error)}") from error
    return left


def _note_withdrawal(station: Station, stone: Tombstone) -> None:
    """Add the line to the history; once, though a killed run is ended by another."""
    if any(event.what == stone.kind for event in read_events(station, stone.slug)):
        return
    facts: dict[str, str] = {"guid": stone.guid}
    if episode := load_withdrawn(station, stone.slug):
        facts |= {"file": episode.audio.place, "sha256": episode.audio.sha256}
    facts |= {"reason": stone.reason} if stone.reason else {}
    note_event(station, stone.withdrawn, stone.kind, stone.slug, **facts)


def _flush(*folders: Path) -> None:
    """Have what was moved between *folders* outlive a power cut. Raises OSError."""
    for folder in folders:
        if folder.is_dir():
            flush_folder(folder)


def _move(paths: Iterable[Path], kept: Path) -> list[Path]:
    """Move *paths* into the folder *kept*; returns those that the disk does not let go."""
    left = []
    for path in paths:
        try:
            make_folder(kept)
            _move_one(path, kept / path.name)
        except FileNotFoundError:
            continue
        except OSError:
            left.append(path)
    return left


def _move_one(path: Path, kept: Path) -> None:
    try:
        path.replace(kept)
    except FileNotFoundError:
        raise
    except OSError:  # another disk, or a folder that was kept before
        shutil.rmtree(kept, ignore_errors=True)
        shutil.move(path, kept)
