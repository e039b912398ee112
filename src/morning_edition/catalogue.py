"""Finding an episode by what people call it: its folder, its name, how that begins, or its number."""

import contextlib
import difflib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from morning_edition.episode import RECORD_NAME, TOMBSTONE_NAME, Episode, load_episode, sort_episodes
from morning_edition.errors import EpisodeError
from morning_edition.life.tombstones import Tombstone, load_tombstone
from morning_edition.standing import find_workplace, refused_folder
from morning_edition.station import Station

MOST_NAMED = 5
MOST_DIGITS = 9


def list_slugs(station: Station) -> list[str]:
    """Return the name of every episode that stands, whole or damaged, in order; none that was withdrawn."""
    return sorted(_list_folders(station.episodes_folder, RECORD_NAME) - {*list_withdrawn(station)})


def list_withdrawn(station: Station) -> list[str]:
    """Return the name of every episode that was retracted or has expired, in order."""
    return sorted(_list_folders(station.episodes_folder, TOMBSTONE_NAME))


def list_refused(station: Station) -> list[str]:
    """Return the name of every edition that the proof refused, and nobody has mended since, in order."""
    return sorted(_list_folders(refused_folder(station, ""), RECORD_NAME) - {*list_withdrawn(station)})


def list_refused_numbers(station: Station, *, without: str) -> Iterator[int]:
    """Give the number of each refused edition whose record can be read, but for that of *without*."""
    for slug in list_refused(station):
        with contextlib.suppress(EpisodeError):
            if slug != without:
                yield load_episode(refused_folder(station, slug)).number


def find_episode(station: Station, name: str) -> Episode:
    """Return the episode that *name* is, from where it is mended: where it stands, or else was refused.

    Raises `EpisodeError` for none, for more than one, for one that was withdrawn, and for one with a damaged
    record.
    """
    slug = find_slug(station, name)
    if stone := load_tombstone(station.episodes_folder / slug):
        raise EpisodeError(
            f"{stone.tell()}; `morning-edition produce ARTICLE --anew` makes a new episode of its article"
        )
    return load_episode(find_workplace(station, slug))


def find_withdrawn(station: Station, name: str) -> Tombstone | None:
    """Return what is left of the episode that *name* is, if it was withdrawn. Raises as `find_episode`."""
    return load_tombstone(station.episodes_folder / find_slug(station, name))


def find_slug(station: Station, name: str) -> str:
    """Return what the episode that *name* is is called, whether it stands, was refused or withdrawn.

    Of what begins alike, those that were withdrawn come last. Raises `EpisodeError` for none, and for more
    than one.
    """
    standing = sorted({*list_slugs(station), *list_refused(station)})
    withdrawn = list_withdrawn(station)
    if _is_path(name):
        return _find_path(station, name, {*standing, *withdrawn})
    if name in standing or name in withdrawn:
        return name
    numbered = _match_number(station, name, [*standing, *withdrawn])
    if len(numbered) > 1:
        both = "both" if len(numbered) == 2 else "all"
        raise EpisodeError(
            f"{' and '.join(numbered[:MOST_NAMED])} {both} have the number {int(name)}; "
            "write the name of the one that you mean"
        )
    found = numbered or _match_beginning(name, standing) or _match_beginning(name, withdrawn)
    return choose_slug(name, found, standing)


def find_newest(station: Station) -> Episode:
    """Return the newest episode. Raises `EpisodeError` where there is none, or one with a damaged record."""
    slugs = sorted({*list_slugs(station), *list_refused(station)})
    episodes = sort_episodes(load_episode(find_workplace(station, slug)) for slug in slugs)
    if not episodes:
        raise EpisodeError("no episodes yet; make one with `morning-edition produce ARTICLE`")
    return episodes[0]


def choose_slug(name: str, found: Sequence[str], slugs: Sequence[str]) -> str:
    """Return the one that was *found* for *name* among *slugs*. Raises `EpisodeError` for none or many."""
    if len(found) == 1:
        return found[0]
    if found:
        more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
        raise EpisodeError(f"{name!r} may be {', '.join(found[:MOST_NAMED])}{more}; write more of the name")
    near = difflib.get_close_matches(name, slugs, n=1)
    hint = f"did you mean {near[0]}?" if near else "`morning-edition episodes` lists them"
    raise EpisodeError(f"no episode is called {name!r}; {hint}")


def _is_path(name: str) -> bool:
    return "/" in name or os.sep in name


def _find_path(station: Station, name: str, slugs: Iterable[str]) -> str:
    folder = Path(name).resolve()
    homes = (station.episodes_folder.resolve(), refused_folder(station, "").resolve())
    if folder.parent not in homes or folder.name not in slugs:
        where = station.episodes_folder
        raise EpisodeError(f"{name} is no episode of this station; they stand in {where}")
    return folder.name


def _match_number(station: Station, name: str, slugs: Sequence[str]) -> list[str]:
    numbered = name.isascii() and name.isdecimal() and len(name) <= MOST_DIGITS
    return [slug for slug in slugs if numbered and _has_number(station, slug, int(name))]


def _match_beginning(name: str, slugs: Sequence[str]) -> list[str]:
    return [slug for slug in slugs if name and slug.startswith(name)]


def _has_number(station: Station, slug: str, number: int) -> bool:
    """Tell whether a record of *slug* says that number; as text, for there may be thousands to look at."""
    folders = (station.episodes_folder / slug, refused_folder(station, slug))
    for path in (folder / name for folder in folders for name in (RECORD_NAME, TOMBSTONE_NAME)):
        try:
            return bool(re.search(rf'"number"\s*:\s*{number}\b', path.read_text("utf-8")))
        except (OSError, ValueError):
            continue
    return False


def _list_folders(root: Path, record: str) -> set[str]:
    return {path.parent.name for path in root.glob(f"[!.]*/{record}")}
