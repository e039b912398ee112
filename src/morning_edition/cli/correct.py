"""`morning-edition correct`: an episode made again from its folder, with a note of what was wrong."""

import dataclasses
import datetime as dt
import functools
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
from morning_edition.cli.telling import say
from morning_edition.holding import USUAL_WAIT_S, hold_station
from morning_edition.station import Station

if TYPE_CHECKING:
    from morning_edition.episode import Correction
    from morning_edition.plan import Plan


def correct(
    episode: Annotated[
        str,
        typer.Argument(
            metavar="EPISODE",
            help="The episode: its folder, its name or how that begins, or its number.",
            show_default=False,
        ),
    ],
    note: Annotated[
        str,
        typer.Argument(
            metavar="NOTE",
            help="What was wrong, and how it is: one paragraph, of 500 characters at most.",
            show_default=False,
        ),
    ],
    spoken: Annotated[
        str,
        typer.Option("--spoken", metavar="TEXT", help="Say it in these words instead.", show_default=False),
    ] = "",
    silent: Annotated[bool, typer.Option("--silent", help="Write it only; nothing of it is said.")] = False,
    voice: VoiceOption = "",
    dry_run: DryRunOption = False,
    no_publish: NoPublishOption = False,
    force: ForceOption = False,
    wait_s: WaitOption = USUAL_WAIT_S,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    station: StationOption = None,
) -> None:
    """Correct a published episode, and say so: in its sound, in show notes and on its pages.

    First edit article.json for what was wrong in the story (if script.md was edited by hand, that, too), and
    script.md or the lexicon for how it is read. GUID, number and date stay; in the flash briefing, what was
    wrong gives way to a new item. A note cannot be taken back: correct it by another.
    """
    show = open_station(station)
    now = dt.datetime.now(dt.UTC)
    correction = _read_correction(show, note, spoken, now, silent=silent)
    making = Making(
        dry_run=dry_run, publish=not no_publish, as_json=as_json, quiet=quiet, force=force, wait_s=wait_s
    )
    make_each(
        [episode], functools.partial(_plan, show, correction, now, voice, making), making, kind="episode"
    )


def _read_correction(
    show: Station, note: str, spoken: str, now: dt.datetime, *, silent: bool
) -> "Correction":
    """Return what was asked for; whatever is wrong with it is misuse."""
    from morning_edition.life.correcting import make_correction, read_note
    from morning_edition.script.corrections import SILENT

    if spoken and silent:
        raise typer.BadParameter("leave --spoken or --silent out", param_hint="--spoken")
    if spoken and show.corrections.spoken == "nowhere":
        said = "this station says no corrections; set spoken under [corrections] to say them"
        raise typer.BadParameter(said, param_hint="--spoken")
    told = {"NOTE": note} | ({"--spoken": spoken} if spoken else {})
    for name, text in told.items():
        try:
            told[name] = read_note(text)
        except ValueError as error:
            raise typer.BadParameter(str(error), param_hint=name) from error
    return make_correction(show, told["NOTE"], SILENT if silent else told.get("--spoken", ""), now)


def _plan(
    show: Station,
    correction: "Correction",
    now: dt.datetime,
    voice: str,
    making: Making,
    name: str,
    progress: Progress,
) -> "Plan":
    from morning_edition.catalogue import find_episode
    from morning_edition.life.correcting import find_published, join_correction
    from morning_edition.plan import plan_again
    from morning_edition.voices.auto import Fetching

    ended = not making.dry_run and _end(show, name, correction, now, making)
    published = find_published(show, name, now)
    corrections = published.corrections if ended else join_correction(published, correction)
    episode = find_episode(show, name)
    progress.begin(f"{episode.title} ({episode.date})")
    fetching = None if making.dry_run else Fetching(progress.say, functools.partial(progress, "fetch"))
    asked = dict(episode.asked)
    station = adapt_again(show, asked)
    plan = plan_again(station, episode, voice=voice or asked.get("voice", ""), fetching=fetching)
    return dataclasses.replace(plan, corrections=corrections)


def _end(show: Station, name: str, correction: "Correction", now: dt.datetime, making: Making) -> bool:
    """Bring the station in order, and end what a run that was killed has left to do of this correction.

    Returns whether there was something: then the correction stands, and is not to be made once more.
    """
    from morning_edition.catalogue import find_slug
    from morning_edition.life.correcting import end_correction, find_same
    from morning_edition.settling import settle_station
    from morning_edition.standing import find_standing

    def tell(said: str) -> None:
        if not making.quiet:
            say(said)

    slug = find_slug(show, name)
    with hold_station(show, "correct", wait_s=making.wait_s, tell=tell) as killed:
        left = _is_left(show, slug, correction, now, making)
        settle_station(show, now, thorough=killed, tell=tell)  # notes what nobody has noted
        left = _is_left(show, slug, correction, now, making) or left
        standing = find_standing(show, slug)
        if standing and (same := find_same(standing, correction)):
            end_correction(show, standing, same, now, publish=making.publish)
            if left:
                tell(f"{slug} has this correction already; ended what was left to do of it")
    return left


def _is_left(show: Station, slug: str, correction: "Correction", now: dt.datetime, making: Making) -> bool:
    """Tell whether the correction stands, and something is still to be done of it."""
    from morning_edition.life.correcting import find_same, is_ended
    from morning_edition.standing import find_standing

    standing = find_standing(show, slug)
    same = find_same(standing, correction) if standing else None
    return bool(standing and same and not is_ended(show, standing, same, now, publish=making.publish))
