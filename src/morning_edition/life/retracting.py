"""Retracting episodes: what must not be heard any more is withdrawn by somebody, who says why."""

import contextlib
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from morning_edition.catalogue import find_slug
from morning_edition.episode import RECORD_NAME, Episode, load_episode
from morning_edition.errors import EpisodeError
from morning_edition.life.tombstones import Tombstone, load_tombstone
from morning_edition.life.withdrawing import load_withdrawn, withdraw_episodes
from morning_edition.outlets.characters import clean
from morning_edition.station import Station

LONGEST_REASON = 500
"""Characters: a paragraph."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What was named: episodes that can be retracted, and what is left of those that are gone already."""

    episodes: tuple[Episode, ...]
    gone: tuple[Tombstone, ...]


def read_reason(text: str) -> str:
    """Return what listeners are told, as one paragraph. Raises ValueError, which says what is wrong."""
    reason = " ".join(clean(text).split())
    if not any(map(str.isalnum, reason)):
        raise ValueError("it is empty; say what listeners are to be told")
    if len(reason) > LONGEST_REASON:
        raise ValueError(f"it is {len(reason):,} characters long, and may have {LONGEST_REASON}")
    return reason


def choose_episodes(station: Station, names: Iterable[str]) -> Choice:
    """Return what *names* are. Raises `EpisodeError` for what is none, or was never published."""
    episodes: list[Episode] = []
    gone: list[Tombstone] = []
    for slug in dict.fromkeys(find_slug(station, name) for name in names):
        if stone := _find_stone(station, slug):
            gone.append(stone)
        else:
            episodes.append(_find_episode(station, slug))
    return Choice(tuple(episodes), tuple(gone))


def retract_episodes(
    station: Station, episodes: Sequence[Episode], reason: str, now: dt.datetime
) -> tuple[Path, ...]:
    """Withdraw *episodes*; returns what could not be moved out of the public folder.

    The caller holds the station. Raises as `withdraw_episodes`.
    """
    return withdraw_episodes(station, episodes, "retracted", now, reason) if episodes else ()


def _find_stone(station: Station, slug: str) -> Tombstone | None:
    """Return the tombstone; None for none, or for a damaged one, whose episode is to be retracted again."""
    with contextlib.suppress(EpisodeError):
        return load_tombstone(station.episodes_folder / slug)
    return None


def _find_episode(station: Station, slug: str) -> Episode:
    folder = station.episodes_folder / slug
    if (folder / RECORD_NAME).exists():
        return load_episode(folder)
    if episode := load_withdrawn(station, slug):
        return episode
    raise EpisodeError(
        f"{slug} was refused by the proof and never published: there is nothing to retract; "
        f"remove {station.cache_folder / 'refused' / slug} if it is not to be made"
    )
