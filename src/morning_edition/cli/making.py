"""Episodes made, or made again, one after another: what is told of them, and shown beforehand."""

import dataclasses
import datetime as dt
import functools
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from morning_edition.cli.options import REFUSED, show_path
from morning_edition.cli.progress import Progress
from morning_edition.cli.telling import complain, render_json
from morning_edition.errors import MorningEditionError, ProofError
from morning_edition.holding import USUAL_WAIT_S
from morning_edition.outlets.times import clock

if TYPE_CHECKING:
    from morning_edition.articles import Article
    from morning_edition.edition import Produced
    from morning_edition.episode import Episode
    from morning_edition.life.shortfalls import Missing
    from morning_edition.plan import Plan
    from morning_edition.proof import Proof
    from morning_edition.script import Line
    from morning_edition.station import Station

SCRIPT_NAME = "script.md"
NOTHING_ASKED: Mapping[str, str] = MappingProxyType({})
FAILED = 1
"""Exit status, where one of many is no good: a failure is told before a refusal by the proof."""
SHOWN_FINDINGS = 30
SHOWN_LINES = 20
"""On a terminal; a pipe and JSON get them all."""

DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Show the plan, and make nothing.")]
NoPublishOption = Annotated[
    bool, typer.Option("--no-publish", help="Make the episode; leave feed and pages as they are.")
]
ForceOption = Annotated[
    bool, typer.Option("--force", help="Publish even what the proof refuses; the record will say so.")
]


@dataclass(frozen=True, slots=True)
class Making:
    """How episodes are made, and what is told of it."""

    dry_run: bool = False
    publish: bool = True
    as_json: bool = False
    quiet: bool = False
    force: bool = False
    """Publish even what the proof refuses."""
    wait_s: float = USUAL_WAIT_S
    """How long another process that holds the station is waited for."""
    told: set[str] = dataclasses.field(default_factory=set, compare=False)
    """What has been told already of the station's other episodes."""


def make_each(
    sources: Iterable[str], find_plan: Callable[[str, Progress], "Plan"], making: Making, *, kind: str
) -> None:
    """Make the episode of each plan that *find_plan* finds for *sources*, which are of a *kind*.

    One that fails is told, and never stops the others; once all are done the program ends with its status.
    """
    now = dt.datetime.now(dt.UTC)
    made: list[dict[str, Any]] = []
    failed: list[dict[str, Any]] = []
    statuses: set[int] = set()
    for source in sources:
        try:
            with Progress(quiet=making.quiet) as progress:
                plan = find_plan(source, progress)
                record = (
                    _preview(plan, progress) if making.dry_run else make_planned(plan, progress, now, making)
                )
        except (MorningEditionError, OSError) as error:
            said = " ".join(str(error).split())
            failed.append({kind: _show_source(source), "error": said})
            if isinstance(error, ProofError):
                failed[-1] |= describe_refusal(error)
                tell_findings(error.proof, quiet=making.quiet)
            statuses.add(REFUSED if isinstance(error, ProofError) else FAILED)
            complain(said)
        else:
            made.append(record)
            if not making.as_json:
                _print(record)
    if making.as_json:
        typer.echo(render_json({"episodes": made, "failed": failed}))
    if statuses:
        raise typer.Exit(min(statuses))


def _show_source(source: str) -> str:
    """Return what was named as it may be told: an address without a password or a key."""
    from morning_edition.fetching import shown_url

    return shown_url(source) if "://" in source else source


def plan_article(
    show: "Station",
    article: "Article",
    day: dt.date,
    progress: Progress,
    *,
    slug: str = "",
    asked: Mapping[str, str] = NOTHING_ASKED,
    anew: bool = False,
    dry_run: bool = False,
) -> "Plan":
    """Find all that the edition of an *article* takes, and say what the article lacks; as `plan_edition`."""
    from morning_edition.plan import plan_edition
    from morning_edition.voices.auto import Fetching

    fetching = None if dry_run else Fetching(progress.say, functools.partial(progress, "fetch"))
    voice = asked.get("voice", "")
    plan = plan_edition(show, article, day, voice=voice, slug=slug, asked=asked, anew=anew, fetching=fetching)
    picked = sum(look.extracted for look in plan.quick_looks)
    if missing := [part for part in article.missing if not (picked and part == "Quick Looks")]:
        progress.say(f"the article lacks {', '.join(missing)}; it is read without")
    if picked:
        progress.say(f"it has no Quick Looks; {picked} sentences of the story are picked for them")
    return plan


def make_planned(plan: "Plan", progress: Progress, now: dt.datetime, making: Making) -> dict[str, Any]:
    """Make the planned episode and tell what is to tell; return its record, as `--json` has it."""
    from morning_edition.edition import produce

    produced = produce(
        plan,
        now,
        progress,
        publish=making.publish,
        force=making.force,
        wait_s=making.wait_s,
        tell=progress.say,
    )
    if not (produced.unchanged or produced.edited):
        _tell_cuts(plan, progress)
    _tell_times(plan.station, produced.episode, now, progress)
    if produced.unchanged:
        progress.say("nothing has changed since this episode was made")
        _tell_stood_in(produced.episode, progress)
    if produced.usd:
        progress.say(f"{produced.new_characters:,} characters were spoken, for about ${produced.usd:.2f}")
    if produced.proof:
        tell_findings(produced.proof, quiet=making.quiet)
    if produced.edited:
        _tell_edited(produced.folder, progress)
    for item in produced.left_out:
        named = f"{item.title}: " if item.title != produced.episode.title else ""
        progress.say(" ".join(f"not in the flash briefing: {named}{item.reason}".split()))
    for said in (*(one.tell() for one in produced.missing), *produced.remarks):
        if said not in making.told:
            complain(said)
        making.told.add(said)
    return _describe(plan, produced, publish=making.publish)


def _tell_times(station: "Station", episode: "Episode", now: dt.datetime, progress: Progress) -> None:
    """Say until when nobody hears of the episode, and until when they do."""
    from morning_edition.life.times import tell_moment

    if episode.published > now:
        until = tell_moment(station, episode.published)
        progress.say(
            f"under embargo until {until}; `morning-edition publish` (or `watch`) brings it out then"
        )
    if episode.expires:
        progress.say(f"expires {tell_moment(station, episode.expires)}")


def describe_missing(missing: "Iterable[Missing]") -> list[dict[str, Any]]:
    """Return, for `--json`, which episodes are not in the feed as their sound is not there."""
    return [{"slug": one.slug, "file": one.file, "reason": one.reason} for one in missing]


def tell_findings(proof: "Proof", *, quiet: bool) -> None:
    """Say what was found, each in one line: where it is, and what to do; when *quiet*, failures alone."""
    from morning_edition.outlets.characters import clean

    findings = proof.failures if quiet else proof.findings
    for finding in findings[:SHOWN_FINDINGS]:
        at = clock(finding.start_ms) if finding.start_ms is not None else ""
        row = f"{SCRIPT_NAME}:{finding.row}" if finding.row else ""
        place = " ".join(part for part in (finding.master, at, row) if part)
        parts = (finding.severity, finding.check, place, " ".join(clean(finding.text).split()))
        sys.stderr.write(": ".join(part for part in parts if part) + "\n")
    if (more := len(findings) - SHOWN_FINDINGS) > 0:
        sys.stderr.write(f"… and {more:,} more in its report\n")


def _tell_stood_in(episode: "Episode", progress: Progress) -> None:
    if episode.stood_in:
        progress.say(
            f"the second voice reads it: {episode.stood_in}; `morning-edition regenerate {episode.slug}` "
            "tries the first again"
        )


def describe_refusal(error: ProofError) -> dict[str, Any]:
    """Return what was found, and the folder where edition and report are kept."""
    folder = show_path(error.folder) if error.folder else ""
    return {"slug": error.proof.slug, "folder": folder, "findings": _list_findings(error.proof)}


def _list_findings(proof: "Proof | None") -> list[dict[str, Any]]:
    return [dataclasses.asdict(finding) for finding in proof.findings] if proof else []


def _tell_edited(folder: Path, progress: Progress) -> None:
    path = show_path(folder / SCRIPT_NAME)
    progress.say(f"{path} was edited by hand and is read as it stands; remove it to have it written anew")


def _tell_cuts(plan: "Plan", progress: Progress) -> None:
    if plan.selection.told:
        progress.say(plan.selection.told)


def _describe(plan: "Plan", produced: "Produced", *, publish: bool) -> dict[str, Any]:
    episode = produced.episode
    paths = [produced.folder / episode.audio.place]
    if publish:
        paths.append(plan.station.root / "podcast.xml")
    return {
        "title": episode.title,
        "slug": episode.slug,
        "guid": episode.guid,
        "date": episode.date.isoformat(),
        "published": episode.published.isoformat(),
        "expires": episode.expires.isoformat() if episode.expires else None,
        "duration_ms": episode.duration_ms,
        "loudness_lufs": episode.loudness_lufs,
        "true_peak_dbtp": episode.true_peak_dbtp,
        "unchanged": produced.unchanged,
        "voices": list(episode.voices),
        "stood_in": episode.stood_in,
        "characters_spoken": produced.new_characters,
        "price_usd": round(produced.usd, 4),
        "missing": list(plan.article.missing),
        "forced": bool(produced.proof and produced.proof.forced),
        "findings": _list_findings(produced.proof),
        "not_in_flash_briefing": [{"title": item.title, "reason": item.reason} for item in produced.left_out],
        "not_in_feed": describe_missing(produced.missing),
        "paths": [show_path(path) for path in paths],
    }


def _preview(plan: "Plan", progress: Progress) -> dict[str, Any]:
    """Tell what making the plan's episode would take, as it would be made: a script edited by hand stands."""
    from morning_edition.paces import FILE_NAME, Paces
    from morning_edition.second_voice import choose_second
    from morning_edition.standing import find_correction, find_script, find_standing, is_unchanged
    from morning_edition.take_cache import TakeCache
    from morning_edition.takes import estimate_lines

    station = plan.station
    standing = find_standing(station, plan.slug)
    if edited := find_correction(station, plan.slug):
        plan = dataclasses.replace(plan, edited_script=edited)
        _tell_edited(find_script(station, plan.slug).parent, progress)
    else:
        _tell_cuts(plan, progress)
    unchanged = bool(standing and not plan.tries_again and is_unchanged(standing, station, plan.recipe))
    estimate = estimate_lines(
        plan.read_lines,
        plan.cast,
        TakeCache(station.cache_folder / "takes"),
        plan.utter,
        station.script.words_a_minute,
        Paces(station.cache_folder / FILE_NAME),
    )
    to_speak = () if unchanged else estimate.to_speak
    return {
        "title": plan.script.title,
        "slug": plan.slug,
        "date": plan.date.isoformat(),
        "voices": sorted({voice.identity for voice in plan.cast.values()}),
        "stand_in": choose_second(plan),
        "unchanged": unchanged,
        "edited": bool(plan.edited_script),
        "lines": estimate.lines,
        "characters": estimate.characters,
        "seconds": round(estimate.seconds),
        "lines_to_speak": len(to_speak),
        "characters_to_speak": 0 if unchanged else estimate.characters_to_speak,
        "price_usd": 0.0 if unchanged else round(estimate.usd, 4),
        "work_seconds": 0.0 if unchanged else round(estimate.work_s, 1),
        "to_speak": [_show_line(line) for line in to_speak],
        "missing": list(plan.article.missing),
        "left_out": "" if plan.edited_script else plan.selection.told,
    }


def _show_line(line: "Line") -> dict[str, Any]:
    return {"row": line.row, "role": line.role, "text": line.text}


def _print(record: dict[str, Any]) -> None:
    if "paths" in record:
        typer.echo("\n".join(record["paths"]))
        return
    typer.echo(
        f"{record['slug']}: {_count(record['lines'])}, {record['characters']:,} characters, about "
        f"{record['seconds']} s of speech; to speak: {_count(record['lines_to_speak'])}, "
        f"{record['characters_to_speak']:,} characters, ${record['price_usd']:.2f}; "
        f"{_tell_work(record)}; {_tell_voices(record)}"
    )
    shown = _shorten(record["to_speak"]) if sys.stdout.isatty() else _list(record["to_speak"])
    typer.echo("".join(f"  {row}\n" for row in shown), nl=False)


def _count(lines: int) -> str:
    return f"{lines:,} line{'' if lines == 1 else 's'}"


def _list(to_speak: list[dict[str, Any]]) -> list[str]:
    return [f"{_name_row(line['row'])}: {line['text']}" for line in to_speak]


def _name_row(row: int) -> str:
    return f"{SCRIPT_NAME}:{row}" if row else "correction"


def _shorten(to_speak: list[dict[str, Any]]) -> list[str]:
    """Return the first lines that are to be spoken, each as wide as the terminal, and how many more."""
    width = shutil.get_terminal_size().columns - 2
    rows = [row if len(row) <= width else f"{row[: width - 1]}…" for row in _list(to_speak[:SHOWN_LINES])]
    more = len(to_speak) - len(rows)
    return [*rows, *([f"… and {more:,} more; --json tells them all"] if more else [])]


def _tell_voices(record: dict[str, Any]) -> str:
    second = f"; if one gives out, {record['stand_in']} reads it all" if record["stand_in"] else ""
    return "; ".join(record["voices"]) + second


def _tell_work(record: dict[str, Any]) -> str:
    if record["unchanged"]:
        return "nothing has changed since it was made"
    return f"about {max(1, round(record['work_seconds']))} s of work"
