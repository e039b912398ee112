"""`morning-edition produce`: article to published episode."""

import dataclasses
import datetime as dt
import functools
from typing import TYPE_CHECKING, Annotated

import typer

from morning_edition.cli.extent import (
    DepthOption,
    MinutesOption,
    QuickLooksOption,
    VerbatimOption,
    adapt_station,
    note_asked,
)
from morning_edition.cli.making import (
    DryRunOption,
    ForceOption,
    Making,
    NoPublishOption,
    make_each,
    plan_article,
)
from morning_edition.cli.options import (
    DateOption,
    JsonOption,
    QuietOption,
    StationOption,
    VoiceOption,
    WaitOption,
    choose_day,
    open_station,
    read_article,
)
from morning_edition.cli.progress import Progress
from morning_edition.holding import USUAL_WAIT_S
from morning_edition.station import Station

if TYPE_CHECKING:
    from morning_edition.articles import Article
    from morning_edition.life.times import Wishes
    from morning_edition.plan import Plan


def produce(
    articles: Annotated[
        list[str], typer.Argument(metavar="ARTICLE...", help="Article files; - reads standard input.")
    ],
    date: DateOption = None,
    embargo: Annotated[
        str,
        typer.Option(
            "--embargo",
            metavar="TIME",
            help="Keep it from listeners until then: 2026-11-24T06:00, 06:00 for the next such hour; "
            "now lifts it.",
            show_default=False,
        ),
    ] = "",
    expires: Annotated[
        str,
        typer.Option(
            "--expires",
            metavar="TIME",
            help="Withdraw it then: 2026-12-24T06:00; never keeps it after all.",
            show_default=False,
        ),
    ] = "",
    anew: Annotated[
        bool, typer.Option("--anew", help="Make a new episode of an article whose episode was withdrawn.")
    ] = False,
    voice: VoiceOption = "",
    depth: DepthOption = None,
    minutes: MinutesOption = None,
    verbatim: VerbatimOption = False,
    pick_quick_looks: QuickLooksOption = None,
    dry_run: DryRunOption = False,
    no_publish: NoPublishOption = False,
    force: ForceOption = False,
    wait_s: WaitOption = USUAL_WAIT_S,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    station: StationOption = None,
) -> None:
    """Make each article's episode and publish it in the station's feed.

    An article that has been made already, with nothing changed since, is left as it is.
    """
    show = adapt_station(
        open_station(station),
        depth=depth,
        minutes=minutes,
        verbatim=verbatim,
        pick_quick_looks=pick_quick_looks,
    )
    asked = note_asked(
        depth=depth, minutes=minutes, verbatim=verbatim, pick_quick_looks=pick_quick_looks, voice=voice
    )
    now = dt.datetime.now(dt.UTC)
    wishes = _read_wishes(show, embargo, expires, now)
    find_plan = functools.partial(_plan, show, date, now, asked, wishes, anew=anew, dry_run=dry_run)
    making = Making(
        dry_run=dry_run,
        publish=not no_publish,
        as_json=as_json,
        quiet=quiet,
        force=force,
        wait_s=wait_s,
    )
    make_each(articles, find_plan, making, kind="article")


def _read_wishes(show: Station, embargo: str, expires: str, now: dt.datetime) -> "Wishes":
    """Return what was asked of the episodes' times; what is no time, or is over, is misuse."""
    from morning_edition.cli.moments import NEVER, NOW, read_moment
    from morning_edition.life.times import Wishes

    if expires == NOW:
        raise typer.BadParameter("`morning-edition retract` withdraws it now", param_hint="--expires")
    ends = read_moment(expires, show, now, "--expires") if expires not in ("", NEVER) else None
    begins = read_moment(embargo, show, now, "--embargo") if embargo else None
    if begins and ends and ends <= begins:
        raise typer.BadParameter("it would expire before it comes out", param_hint="--expires")
    return Wishes(begins, ends, for_ever=expires == NEVER)


def _choose_day(
    show: Station, article: "Article", asked: dt.datetime | None, wishes: "Wishes", now: dt.datetime
) -> dt.date:
    """Return the edition's day: the one asked for, that of the episode that waits, the embargo's, today."""
    from morning_edition.life.naming import find_waiting

    another = wishes.embargo is not None and wishes.embargo > now
    if asked is None and (waiting := find_waiting(show, article, now, same=another)):
        return waiting.date
    return choose_day(asked, show, wishes.embargo or now)


def _plan(
    show: Station,
    date: dt.datetime | None,
    now: dt.datetime,
    asked: dict[str, str],
    wishes: "Wishes",
    source: str,
    progress: Progress,
    *,
    anew: bool,
    dry_run: bool,
) -> "Plan":
    article = read_article(source, show)
    day = _choose_day(show, article, date, wishes, now)
    progress.begin(f"{article.headline} ({day})")
    plan = plan_article(show, article, day, progress, asked=asked, anew=anew, dry_run=dry_run)
    return dataclasses.replace(plan, wishes=wishes)
