"""`morning-edition regenerate`: an episode made again from its own folder, after a correction."""

import functools
import math
from typing import TYPE_CHECKING, Annotated

import typer

from morning_edition.cli.extent import adapt_again
from morning_edition.cli.making import DryRunOption, ForceOption, Making, NoPublishOption, make_each
from morning_edition.cli.options import (
    JsonOption,
    QuietOption,
    StationOption,
    VoiceOption,
    WaitOption,
    open_station,
)
from morning_edition.cli.progress import Progress
from morning_edition.holding import USUAL_WAIT_S
from morning_edition.station import Station

if TYPE_CHECKING:
    from morning_edition.plan import Plan


def regenerate(
    episodes: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[EPISODE]...",
            help="Episodes: a folder, its name or how that begins, or a number; by default the newest.",
            show_default=False,
        ),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Make all of them again, oldest first.")] = False,
    voice: VoiceOption = "",
    dry_run: DryRunOption = False,
    no_publish: NoPublishOption = False,
    force: ForceOption = False,
    wait_s: WaitOption = USUAL_WAIT_S,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    station: StationOption = None,
) -> None:
    """Make episodes again after a correction in script.md, in the lexicon or in the settings.

    Edit article.json for what was wrong in the story (if script.md was edited by hand, that, too), and
    script.md for how it is read.

    Only lines that have changed are spoken; GUID, number and date stay. An edition that the proof refused
    is made again from where it is kept, though not by --all.
    """
    from morning_edition.catalogue import find_newest, list_slugs

    if everything and episodes:
        raise typer.BadParameter("it takes all of them; name none", param_hint="--all")
    show = open_station(station)
    if everything:
        names = _sort_by_age(show, list_slugs(show))
    else:
        names = list(dict.fromkeys(episodes or [find_newest(show).slug]))
    making = Making(
        dry_run=dry_run, publish=not no_publish, as_json=as_json, quiet=quiet, force=force, wait_s=wait_s
    )
    make_each(names, functools.partial(_plan, show, voice, dry_run=dry_run), making, kind="episode")


def _plan(show: Station, voice: str, name: str, progress: Progress, *, dry_run: bool) -> "Plan":
    from morning_edition.catalogue import find_episode
    from morning_edition.plan import plan_again
    from morning_edition.voices.auto import Fetching

    episode = find_episode(show, name)
    progress.begin(f"{episode.title} ({episode.date})")
    if episode.stood_in:
        progress.say(f"the second voice reads it: {episode.stood_in}; the first is tried again")
    fetching = None if dry_run else Fetching(progress.say, functools.partial(progress, "fetch"))
    asked = dict(episode.asked)
    station = adapt_again(show, asked)
    return plan_again(station, episode, voice=voice or asked.get("voice", ""), fetching=fetching)


def _sort_by_age(show: Station, slugs: list[str]) -> list[str]:
    """Return *slugs*, the oldest first; those with a damaged record come before."""
    from morning_edition.standing import find_standing

    def age(slug: str) -> tuple[float, int]:
        episode = find_standing(show, slug)
        return (episode.published.timestamp(), episode.number) if episode else (-math.inf, 0)

    return sorted(slugs, key=age)
