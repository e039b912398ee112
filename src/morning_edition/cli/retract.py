"""`morning-edition retract`: episodes withdrawn, everywhere and at once, with a word on why."""

import datetime as dt
import functools
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from morning_edition.cli.options import (
    JsonOption,
    QuietOption,
    StationOption,
    WaitOption,
    open_station,
    show_path,
)
from morning_edition.cli.telling import complain, render_json, say
from morning_edition.holding import USUAL_WAIT_S

if TYPE_CHECKING:
    from pathlib import Path

    from morning_edition.episode import Episode
    from morning_edition.life.retracting import Choice
    from morning_edition.station import Station


def retract(
    episodes: Annotated[
        list[str],
        typer.Argument(
            metavar="EPISODE...",
            help="Episodes: a folder, its name or how that begins, or a number.",
            show_default=False,
        ),
    ],
    reason: Annotated[
        str,
        typer.Option(
            "--reason",
            metavar="TEXT",
            help="What listeners are told on the page that is left.",
            show_default=False,
        ),
    ],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before.")] = False,
    wait_s: WaitOption = USUAL_WAIT_S,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    station: StationOption = None,
) -> None:
    """Withdraw episodes: sound, feed item, briefing and page at once; a page that says why is left.

    Of one that is under embargo no page is left. Their GUIDs are never used again. The files are kept in
    .cache/withdrawn until you delete them.
    """
    from morning_edition.holding import hold_station
    from morning_edition.life.retracting import choose_episodes, read_reason, retract_episodes
    from morning_edition.life.shortfalls import list_shortfalls
    from morning_edition.settling import settle_station

    show = open_station(station)
    now = dt.datetime.now(dt.UTC)
    tell = functools.partial(_tell, quiet=quiet)
    try:
        reason = read_reason(reason)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--reason") from error
    if not (yes or sys.stdin.isatty()):
        raise typer.BadParameter("say --yes, as there is nobody here to be asked", param_hint="--yes")
    choice = choose_episodes(show, episodes)
    if choice.episodes and not yes:
        _ask(choice.episodes)
    with hold_station(show, "retract", wait_s=wait_s, tell=tell) as killed:
        settle_station(show, now, thorough=killed, tell=tell)
        choice = choose_episodes(show, episodes)
        left = retract_episodes(show, choice.episodes, reason, now)
    for said in list_shortfalls(show) if choice.episodes else ():
        complain(said)
    for stone in choice.gone:
        tell(f"{stone.tell()} already; there is nothing to do")
    for path in left:
        typer.echo(
            f"{show_path(path)} could not be moved away, and can still be reached there; remove it", err=True
        )
    for episode in choice.episodes:
        if episode.published > now:
            tell(f"{episode.slug} was under embargo, and nobody has heard of it: no page is left")
    if show.publish.to and any(episode.published <= now for episode in choice.episodes):
        tell(f"listeners fetch {show.publish.to}: `morning-edition publish` withdraws it there, too")
    if as_json:
        typer.echo(render_json(_describe(show, choice, now)))
    else:
        for episode in choice.episodes:
            typer.echo(show_path(_find_left(show, episode, now)))


def _ask(episodes: "tuple[Episode, ...]") -> None:
    from morning_edition.outlets.characters import clean

    for episode in episodes:
        typer.echo(f"{episode.number:>4}  {episode.date}  {clean(episode.title)}", err=True)
    count = f"{len(episodes)} episodes" if len(episodes) > 1 else "this episode"
    typer.confirm(f"Withdraw {count} for good?", abort=True, err=True)


def _find_left(show: "Station", episode: "Episode", now: dt.datetime) -> "Path":
    """Return what is left of *episode*: its page, or, where nobody has heard of it, the tombstone alone."""
    from morning_edition.episode import TOMBSTONE_NAME

    return episode.folder(show) / ("index.html" if episode.published <= now else TOMBSTONE_NAME)


def _describe(show: "Station", choice: "Choice", now: dt.datetime) -> dict[str, Any]:
    from morning_edition.life.withdrawing import kept_folder

    return {
        "retracted": [
            {
                "slug": episode.slug,
                "guid": episode.guid,
                "number": episode.number,
                "title": episode.title,
                "page": show_path(_find_left(show, episode, now)) if episode.published <= now else None,
                "kept": show_path(kept_folder(show, episode.slug)),
            }
            for episode in choice.episodes
        ],
        "unchanged": [stone.slug for stone in choice.gone],
    }


def _tell(said: str, *, quiet: bool) -> None:
    if not quiet:
        say(said)
