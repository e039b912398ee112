"""`morning-edition produce`: article to published episode."""

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
from morning_edition.cli.making import DryRunOption, ForceOption, Making, NoPublishOption, make_each
from morning_edition.cli.options import (
    DateOption,
    JsonOption,
    QuietOption,
    StationOption,
    VoiceOption,
    choose_day,
    open_station,
    read_article,
)
from morning_edition.cli.progress import Progress
from morning_edition.station import Station

if TYPE_CHECKING:
    from morning_edition.plan import Plan


def produce(
    articles: Annotated[
        list[str], typer.Argument(metavar="ARTICLE", help="Article files; - reads standard input.")
    ],
    date: DateOption = None,
    voice: VoiceOption = "",
    depth: DepthOption = None,
    minutes: MinutesOption = None,
    verbatim: VerbatimOption = False,
    pick_quick_looks: QuickLooksOption = None,
    dry_run: DryRunOption = False,
    no_publish: NoPublishOption = False,
    force: ForceOption = False,
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
    find_plan = functools.partial(_plan, show, date, now, asked, dry_run=dry_run)
    making = Making(dry_run=dry_run, publish=not no_publish, as_json=as_json, quiet=quiet, force=force)
    make_each(articles, find_plan, making, kind="article")


def _plan(
    show: Station,
    date: dt.datetime | None,
    now: dt.datetime,
    asked: dict[str, str],
    source: str,
    progress: Progress,
    *,
    dry_run: bool,
) -> "Plan":
    from morning_edition.plan import plan_edition
    from morning_edition.voices.auto import Fetching

    article = read_article(source, show)
    day = choose_day(date, show, now)
    progress.begin(f"{article.headline} ({day})")
    fetching = None if dry_run else Fetching(progress.say, functools.partial(progress, "fetch"))
    plan = plan_edition(show, article, day, voice=asked.get("voice", ""), asked=asked, fetching=fetching)
    picked = sum(look.extracted for look in plan.quick_looks)
    if missing := [part for part in article.missing if not (picked and part == "Quick Looks")]:
        progress.say(f"the article lacks {', '.join(missing)}; it is read without")
    if picked:
        progress.say(f"it has no Quick Looks; {picked} sentences of the story are picked for them")
    return plan
