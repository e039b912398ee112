"""`morning-edition publish`: the site written anew, and taken to where listeners fetch it."""

import datetime as dt
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from morning_edition.cli.making import FAILED, describe_missing
from morning_edition.cli.options import (
    JsonOption,
    QuietOption,
    StationOption,
    WaitOption,
    open_station,
    show_path,
)
from morning_edition.cli.progress import Progress
from morning_edition.cli.telling import complain, one_line, render_json, say
from morning_edition.holding import USUAL_WAIT_S

if TYPE_CHECKING:
    from pathlib import Path

    from morning_edition.life.shortfalls import Missing
    from morning_edition.publish import Sent
    from morning_edition.station import Station

MOST_SHOWN = 20
"""Paths on a terminal; a pipe and JSON get them all."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What publishing was asked to do."""

    address: str
    take_over: bool
    announce: bool
    wait_s: float


def publish(
    to: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="Where to send the site: a folder (from the station's), or an address such as "
            "s3://bucket/briefing; by default publish.to in station.toml.",
            show_default=False,
        ),
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be sent and removed, and change nothing.")
    ] = False,
    take_over: Annotated[
        bool,
        typer.Option(
            "--take-over", help="Publish even where that takes away what somebody else has published there."
        ),
    ] = False,
    no_announce: Annotated[
        bool,
        typer.Option("--no-announce", help="Tell no hub, and do not look at what listeners get afterwards."),
    ] = False,
    wait_s: WaitOption = USUAL_WAIT_S,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    station: StationOption = None,
) -> None:
    """Write the site as of now, and send it to where listeners fetch it: the feed last.

    What is there already is not sent again. Stopped at any moment, it leaves listeners what they had; run it
    again, and it goes on from there. Of the ten newest episodes each file is looked at, and what is damaged
    is refused; `check` looks at all. It exits with 1 where an episode has gone from the feed, as its sound is
    not there any more.
    """
    from morning_edition.life.on_air import find_aired

    show = open_station(station)
    address = to or show.publish.to
    asked = _Asked(address, take_over=take_over, announce=not no_announce, wait_s=wait_s)
    now = dt.datetime.now(dt.UTC)
    aired = {one.guid for one in find_aired(show)}
    missing: list[Missing] = []
    with Progress(quiet=quiet) as progress:
        if dry_run:
            sent = _preview(show, asked, now, missing)
        else:
            feed, sent = _publish(show, asked, now, progress, missing)
            if sent and asked.announce:
                sent = _announce(show, feed, sent, progress)
    if not sent:
        _tell_rendered(show, missing, as_json=as_json, dry_run=dry_run)
    elif as_json:
        typer.echo(render_json(_describe(sent, missing, dry_run=dry_run)))
    else:
        _print(sent, dry_run=dry_run)
    if any(one.guid in aired for one in missing):
        raise typer.Exit(FAILED)


def _publish(
    show: "Station", asked: _Asked, now: dt.datetime, progress: Progress, missing: "list[Missing]"
) -> "tuple[Path, Sent | None]":
    """Write the site, and send it where there is a place for it; put on the list what is *missing* in it."""
    from morning_edition.episode import Episode, load_episodes
    from morning_edition.holding import hold_station
    from morning_edition.life.shortfalls import list_missing, refuse_damaged, tell_same_numbers
    from morning_edition.publish import publish_to
    from morning_edition.records import mend_records
    from morning_edition.settling import settle_station
    from morning_edition.site import publish_site

    with hold_station(show, "publish", wait_s=asked.wait_s, tell=progress.say) as killed:
        settle_station(show, now, thorough=killed, tell=progress.say)
        progress("publish", 0, 1)
        copied: list[str] = []
        unheard: list[Episode] = []
        episodes = load_episodes(show, copied=copied, unheard=unheard)
        mend_records(show, copied, now, progress.say)
        missing += list_missing(show, unheard)
        for said in (*(one.tell() for one in missing), *tell_same_numbers([*episodes, *unheard])):
            complain(said)
        refuse_damaged(show, episodes, now)
        feed = publish_site(show, episodes, now)
        progress("publish", 1, 1)
        if not asked.address:
            return feed, None
        return feed, publish_to(show, asked.address, now, progress, take_over=asked.take_over)


def _preview(show: "Station", asked: _Asked, now: dt.datetime, missing: "list[Missing]") -> "Sent | None":
    from morning_edition.episode import Episode, load_episodes
    from morning_edition.life.shortfalls import list_missing
    from morning_edition.publish import preview_publishing

    unheard: list[Episode] = []
    load_episodes(show, unheard=unheard)
    missing += list_missing(show, unheard)
    for one in missing:
        complain(one.tell())
    if not asked.address:
        return None
    return preview_publishing(show, asked.address, now, take_over=asked.take_over)


def _announce(show: "Station", feed: "Path", sent: "Sent", progress: Progress) -> "Sent":
    from morning_edition.publish.announcing import announce

    remarks = announce(show, feed.read_bytes(), sent.sent, progress.say)
    return replace(sent, remarks=(*sent.remarks, *remarks))


def _tell_rendered(show: "Station", missing: "list[Missing]", *, as_json: bool, dry_run: bool) -> None:
    """Print where the site is, where it is sent nowhere."""
    from morning_edition.station.site_names import FEED_NAME

    path = show_path(show.root / FEED_NAME)
    if as_json:
        told = {"to": "", "dry_run": dry_run, "paths": [path], "not_in_feed": describe_missing(missing)}
        typer.echo(render_json(told))
    else:
        typer.echo(path)
    sys.stderr.write("sent nowhere: this folder is the site, as publish.to is empty; --to sends it\n")


def _describe(sent: "Sent", missing: "list[Missing]", *, dry_run: bool) -> dict[str, Any]:
    return {
        "to": sent.target,
        "dry_run": dry_run,
        "sent": list(sent.sent),
        "bytes": sent.size_bytes,
        "removed": list(sent.removed),
        "unchanged": sent.unchanged,
        "seconds": round(sent.seconds, 1),
        "remarks": list(sent.remarks),
        "not_in_feed": describe_missing(missing),
    }


def _print(sent: "Sent", *, dry_run: bool) -> None:
    """Print what was done, or would be, and what is to be known of it."""
    for remark in sent.remarks:
        say(remark)
    if dry_run:
        _list("send", sent.sent)
        _list("remove", sent.removed)
    verbs = ("to send", "to remove") if dry_run else ("sent", "removed")
    took = "" if dry_run else f", in {sent.seconds:.1f} s"
    typer.echo(
        f"{sent.target}: {_count(len(sent.sent))} {verbs[0]} ({sent.size_bytes / 1e6:,.1f} MB), "
        f"{len(sent.removed):,} {verbs[1]}, {sent.unchanged:,} unchanged{took}"
    )


def _list(verb: str, paths: tuple[str, ...]) -> None:
    shown = paths[:MOST_SHOWN] if sys.stdout.isatty() else paths
    for path in shown:
        typer.echo(one_line(f"{verb} {path}"))
    if len(shown) < len(paths):
        typer.echo(f"… and {len(paths) - len(shown):,} more; --json tells them all")


def _count(files: int) -> str:
    return f"{files:,} file{'' if files == 1 else 's'}"
