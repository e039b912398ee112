"""`morning-edition produce`: article to published episode."""

import datetime as dt
import functools
import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from morning_edition.cli.extent import (
    DepthOption,
    MinutesOption,
    QuickLooksOption,
    VerbatimOption,
    adapt_station,
)
from morning_edition.cli.options import (
    DateOption,
    JsonOption,
    QuietOption,
    StationOption,
    VoiceOption,
    choose_day,
    open_station,
    read_article,
    show_path,
)
from morning_edition.cli.progress import Progress
from morning_edition.errors import MorningEditionError
from morning_edition.station import Station

if TYPE_CHECKING:
    from morning_edition.edition import Produced
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
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the plan, and make nothing.")] = False,
    no_publish: Annotated[
        bool, typer.Option("--no-publish", help="Make the episode; leave feed and pages as they are.")
    ] = False,
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
    now = dt.datetime.now(dt.UTC)
    made: list[dict[str, Any]] = []
    failed: list[dict[str, str]] = []
    for article in articles:
        try:
            with Progress(quiet=quiet) as progress:
                plan = _plan(show, article, date, now, voice, progress, dry_run=dry_run)
                record = (
                    _preview(plan, progress)
                    if dry_run
                    else _produce(plan, now, progress, publish=not no_publish)
                )
        except (MorningEditionError, OSError) as error:
            said = " ".join(str(error).split())
            failed.append({"article": article, "error": said})
            sys.stderr.write(f"morning-edition: {said}\n")
        else:
            made.append(record)
            if not as_json:
                _print(record)
    if as_json:
        typer.echo(json.dumps({"episodes": made, "failed": failed}, ensure_ascii=False, indent=2))
    if failed:
        raise typer.Exit(1)


def _plan(
    show: Station,
    source: str,
    date: dt.datetime | None,
    now: dt.datetime,
    voice: str,
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
    plan = plan_edition(show, article, day, voice=voice, fetching=fetching)
    picked = sum(look.extracted for look in plan.quick_looks)
    if missing := [part for part in article.missing if not (picked and part == "Quick Looks")]:
        progress.say(f"the article lacks {', '.join(missing)}; it is read without")
    if picked:
        progress.say(f"it has no Quick Looks; {picked} sentences of the story are picked for them")
    return plan


def _produce(plan: "Plan", now: dt.datetime, progress: Progress, *, publish: bool) -> dict[str, Any]:
    from morning_edition.edition import produce

    produced = produce(plan, now, progress, publish=publish)
    if not (produced.unchanged or produced.edited):
        _tell_cuts(plan, progress)
    if produced.unchanged:
        progress.say("nothing has changed since this episode was made")
    if produced.usd:
        progress.say(f"{produced.new_characters:,} characters were spoken, for about ${produced.usd:.2f}")
    if produced.edited:
        path = show_path(produced.folder / "script.md")
        progress.say(f"{path} was edited by hand and is read as it stands; remove it to have it written anew")
    return _describe(plan, produced, publish=publish)


def _tell_cuts(plan: "Plan", progress: Progress) -> None:
    if plan.selection.told:
        progress.say(plan.selection.told)


def _describe(plan: "Plan", produced: "Produced", *, publish: bool) -> dict[str, Any]:
    episode = produced.episode
    paths = [produced.folder / episode.audio.name]
    if publish:
        paths.append(plan.station.root / "podcast.xml")
    return {
        "title": episode.title,
        "slug": episode.slug,
        "guid": episode.guid,
        "date": episode.date.isoformat(),
        "duration_ms": episode.duration_ms,
        "loudness_lufs": episode.loudness_lufs,
        "true_peak_dbtp": episode.true_peak_dbtp,
        "unchanged": produced.unchanged,
        "characters_spoken": produced.new_characters,
        "price_usd": round(produced.usd, 4),
        "missing": list(plan.article.missing),
        "paths": [show_path(path) for path in paths],
    }


def _preview(plan: "Plan", progress: Progress) -> dict[str, Any]:
    from morning_edition.take_cache import TakeCache
    from morning_edition.takes import estimate_lines

    _tell_cuts(plan, progress)
    cache = TakeCache(plan.station.cache_folder / "takes")
    pace = plan.station.script.words_a_minute
    estimate = estimate_lines(plan.read_lines, plan.cast, cache, plan.utter, pace)
    return {
        "title": plan.script.title,
        "slug": plan.slug,
        "date": plan.date.isoformat(),
        "voices": sorted({voice.identity for voice in plan.cast.values()}),
        "lines": estimate.lines,
        "characters": estimate.characters,
        "seconds": round(estimate.seconds),
        "lines_to_speak": estimate.lines_to_speak,
        "characters_to_speak": estimate.characters_to_speak,
        "price_usd": round(estimate.usd, 4),
        "missing": list(plan.article.missing),
        "left_out": plan.selection.told,
    }


def _print(record: dict[str, Any]) -> None:
    if "paths" in record:
        typer.echo("\n".join(record["paths"]))
    else:
        typer.echo(
            f"{record['slug']}: {record['lines']} lines, {record['characters']:,} characters, about "
            f"{record['seconds']} s of speech; to speak: {record['lines_to_speak']} lines, "
            f"{record['characters_to_speak']:,} characters, ${record['price_usd']:.2f}; "
            f"{'; '.join(record['voices'])}"
        )
