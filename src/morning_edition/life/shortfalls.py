"""What is wrong with episodes that stand: sound that is missing, files that are damaged, numbers taken twice.

The feed never points to what is not there; so whoever publishes is told what is not in it for that.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from morning_edition.episode import Episode, is_heard, is_public, load_episode, load_episodes
from morning_edition.errors import EpisodeError
from morning_edition.files import sha256_of_file
from morning_edition.standing import ARTICLE_NAME, SCRIPT_NAME
from morning_edition.station import Station

NEWEST = 10
"""Episodes that each publishing looks at: what most listeners fetch, read in less than a second."""
EDITED = (ARTICLE_NAME, SCRIPT_NAME)
"""What a producer changes, or removes to have it written anew: nobody can tell that from damage."""


@dataclass(frozen=True, slots=True)
class Missing:
    """An episode that is not in the feed, as its sound is not there."""

    slug: str
    guid: str
    file: str
    reason: str
    """What is wrong with the file: `is not there`."""

    def tell(self) -> str:
        """Say it, with the way out."""
        return f"{self.slug} is not in the feed: {self.file} {self.reason}; {_tell_way_out(self.slug)}"


def list_missing(station: Station, unheard: Iterable[Episode]) -> tuple[Missing, ...]:
    """Return what is to be told of those episodes that `load_episodes` has left out."""
    return tuple(
        Missing(one.slug, one.guid, one.audio.place, tell_sound(station, one))
        for one in sorted(unheard, key=lambda episode: episode.slug)
    )


def tell_sound(station: Station, episode: Episode) -> str:
    """Say what is wrong with the sound of an episode that is not heard."""
    path = episode.audio.find_in(episode.folder(station))
    try:
        size_bytes = path.stat().st_size
    except OSError:
        return "is not there"
    return "is cut short" if size_bytes < episode.audio.size_bytes else "has another size than it should"


def tell_same_numbers(episodes: Iterable[Episode]) -> tuple[str, ...]:
    """Say which of *episodes* have one number, as with a folder that was brought from another station."""
    slugs = defaultdict(list)
    for episode in episodes:
        slugs[episode.number].append(episode.slug)
    return tuple(
        f"episodes {' and '.join(sorted(same))} {'both' if len(same) == 2 else 'all'} have the number "
        f"{number}; remove the folder that was brought here, or retract one and produce its article --anew"
        for number, same in sorted(slugs.items())
        if len(same) > 1
    )


def list_shortfalls(station: Station) -> tuple[str, ...]:
    """Return all that whoever has published *station* is to be told. Raises as `load_episodes`."""
    unheard: list[Episode] = []
    episodes = load_episodes(station, unheard=unheard)
    missing = list_missing(station, unheard)
    return (*(one.tell() for one in missing), *tell_same_numbers([*episodes, *unheard]))


def find_damaged(folder: Path, episode: Episode) -> Iterator[str]:
    """Say of each file of the episode in *folder* that is not as its record says (SHA-256) what is wrong.

    Not of `EDITED`.
    """
    for file in episode.files:
        path = file.find_in(folder)
        try:
            if file.name not in EDITED and sha256_of_file(path) != file.sha256:
                yield f"{file.place} is damaged"
        except FileNotFoundError:
            yield f"{file.place} is not there"
        except OSError as error:
            yield f"{file.place} cannot be read ({error.strerror or error})"


def refuse_damaged(station: Station, episodes: Sequence[Episode], now: datetime) -> None:
    """See that the `NEWEST` of the public *episodes*, the newest first, are whole. Raises `EpisodeError`."""
    for episode in [one for one in episodes if is_public(one, now)][:NEWEST]:
        folder = episode.folder(station)
        if damage := next(find_damaged(folder, episode), None):
            raise EpisodeError(f"{folder}: {damage}; {_tell_way_out(episode.slug)}")


def find_all_damaged(station: Station, now: datetime) -> Iterator[tuple[str, str]]:
    """Give slug, and what is wrong with the way out, for each damaged file of each public episode.

    Those whose record cannot be read are passed over.
    """
    from morning_edition.catalogue import list_slugs

    for slug in list_slugs(station):
        folder = station.episodes_folder / slug
        try:
            episode = load_episode(folder)
        except EpisodeError:
            continue
        if is_public(episode, now):
            for damage in find_damaged(folder, episode):
                yield slug, f"{damage}; {_tell_way_out(slug)}"


def refuse_unheard(station: Station, episode: Episode) -> None:
    """See that the sound of *episode* is there. Raises `EpisodeError`."""
    if not is_heard(episode, station):
        raise EpisodeError(
            f"{episode.slug}: {episode.audio.place} {tell_sound(station, episode)}; "
            f"{_tell_way_out(episode.slug)}; then correct it"
        )


def _tell_way_out(slug: str) -> str:
    return f"`morning-edition regenerate {slug}` makes it again"
