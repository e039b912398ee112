"""`morning-edition regenerate`: an episode made again from its own folder, after a correction."""

import difflib
import functools
import math
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from morning_edition.cli.extent import adapt_again
from morning_edition.cli.making import DryRunOption, ForceOption, Making, NoPublishOption, make_each
from morning_edition.cli.options import (
    JsonOption,
    QuietOption,
    StationOption,
    VoiceOption,
    open_station,
    show_path,
)
from morning_edition.cli.progress import Progress
from morning_edition.errors import EpisodeError
from morning_edition.station import Station

if TYPE_CHECKING:
    from morning_edition.episode import Episode
    from morning_edition.plan import Plan

MOST_NAMED = 5


def regenerate(
    episodes: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="EPISODE",
            help="Episodes: a folder, its name or how that begins, or a number; by default the newest.",
            show_default=False,
        ),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Make all of them again, oldest first.")] = False,
    voice: VoiceOption = "",
    dry_run: DryRunOption = False,
    no_publish: NoPublishOption = False,
    force: ForceOption = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    station: StationOption = None,
) -> None:
    """Make episodes again after a correction in script.md, in the lexicon or in the settings.

    Only lines that have changed are spoken; GUID, number and date stay. An edition that the proof refused
    is made again from where it is kept, though not by --all.
    """
    if everything and episodes:
        raise typer.BadParameter("it takes all of them; name none", param_hint="--all")
    show = open_station(station)
    if everything:
        names = _sort_by_age(show, _list_slugs(show))
    else:
        names = list(dict.fromkeys(episodes or [_find_newest(show)]))
    making = Making(dry_run=dry_run, publish=not no_publish, as_json=as_json, quiet=quiet, force=force)
    make_each(names, functools.partial(_plan, show, voice, dry_run=dry_run), making, kind="episode")


def _plan(show: Station, voice: str, name: str, progress: Progress, *, dry_run: bool) -> "Plan":
    from morning_edition.plan import plan_again
    from morning_edition.voices.auto import Fetching

    episode = _find_episode(show, name)
    progress.begin(f"{episode.title} ({episode.date})")
    fetching = None if dry_run else Fetching(progress.say, functools.partial(progress, "fetch"))
    asked = dict(episode.asked)
    station = adapt_again(show, asked)
    return plan_again(station, episode, voice=voice or asked.get("voice", ""), fetching=fetching)


def _find_episode(show: Station, name: str) -> "Episode":
    """Return the episode that *name* is: its folder, or what that is called or numbered.

    Raises `EpisodeError` for none, for more than one, and for one with a damaged record.
    """
    from morning_edition.episode import load_episode
    from morning_edition.standing import refused_folder

    root = show.episodes_folder
    folders = _find_folders(show)
    if "/" in name or os.sep in name:
        folder = Path(name).resolve()
        if folder.parent not in (root.resolve(), refused_folder(show, "").resolve()):
            raise EpisodeError(f"{name} is no episode of this station; they stand in {show_path(root)}")
        return load_episode(folders.get(folder.name, root / folder.name))
    slugs = sorted(folders)
    found = [name] if name in slugs else _find_number(show, slugs, name)
    found = found or [slug for slug in slugs if name and slug.startswith(name)]
    if len(found) == 1:
        return load_episode(folders[found[0]])
    if found:
        more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
        raise EpisodeError(f"{name!r} may be {', '.join(found[:MOST_NAMED])}{more}; write more of the name")
    near = difflib.get_close_matches(name, slugs, n=1)
    hint = f"did you mean {near[0]}?" if near else "`morning-edition episodes` lists them"
    raise EpisodeError(f"no episode is called {name!r}; {hint}")


def _find_number(show: Station, slugs: list[str], name: str) -> list[str]:
    if not (name.isascii() and name.isdecimal()):
        return []
    from morning_edition.standing import find_standing

    standing = [(slug, find_standing(show, slug)) for slug in slugs]
    return [slug for slug, episode in standing if episode and episode.number == int(name)]


def _find_newest(show: Station) -> str:
    """Return the newest episode. Raises `EpisodeError` where there is none, or one with a damaged record."""
    from morning_edition.episode import load_episode, sort_episodes

    episodes = [load_episode(folder) for folder in _find_folders(show).values()]
    if not episodes:
        raise EpisodeError("no episodes yet; make one with `morning-edition produce ARTICLE`")
    return sort_episodes(episodes)[0].slug


def _sort_by_age(show: Station, slugs: list[str]) -> list[str]:
    """Return *slugs*, the oldest first; those with a damaged record come before."""
    from morning_edition.standing import find_standing

    def age(slug: str) -> tuple[float, int]:
        episode = find_standing(show, slug)
        return (episode.published.timestamp(), episode.number) if episode else (-math.inf, 0)

    return sorted(slugs, key=age)


def _find_folders(show: Station) -> dict[str, Path]:
    """Return by its slug where each episode is made again from: where it stands, or else was refused."""
    from morning_edition.episode import RECORD_NAME
    from morning_edition.standing import find_workplace, refused_folder

    refused = [path.parent.name for path in refused_folder(show, "").glob(f"[!.]*/{RECORD_NAME}")]
    return {slug: find_workplace(show, slug) for slug in sorted({*_list_slugs(show), *refused})}


def _list_slugs(show: Station) -> list[str]:
    from morning_edition.episode import RECORD_NAME

    return sorted(path.parent.name for path in show.episodes_folder.glob(f"[!.]*/{RECORD_NAME}"))
