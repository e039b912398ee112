"""`morning-edition watch`: feeds and folders followed, each new or changed article produced once."""

import datetime as dt
import functools
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from morning_edition.cli.making import Making, describe_refusal, make_planned, plan_article, tell_findings
from morning_edition.cli.options import REFUSED, QuietOption, StationOption, open_station
from morning_edition.cli.progress import Progress
from morning_edition.cli.stopping import Stopped, Stopping
from morning_edition.cli.telling import complain, render_json, say
from morning_edition.errors import MorningEditionError, ProofError

if TYPE_CHECKING:
    from morning_edition.articles import Article
    from morning_edition.station import Station
    from morning_edition.watching.desk import Desk
    from morning_edition.watching.memory import Memory
    from morning_edition.watching.results import Result, What
    from morning_edition.watching.rounds import Round

FAILED = 1
UNSETTLED_S = 5.0
"""A file that is still being written is looked at again after that."""


@dataclass(frozen=True, slots=True)
class _Wishes:
    """What was asked for on the command line."""

    sources: tuple[str, ...]
    folder: Path | None
    every_s: float | None
    backlog: int | None
    retry: bool
    send: bool
    on_success: str | None
    on_failure: str | None
    as_json: bool
    quiet: bool

    def say(self, message: str) -> None:
        """Say what is no result."""
        if not self.quiet:
            say(message)


def watch(
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SOURCE]...",
            help="Feeds (RSS, Atom, JSON Feed) and folders; by default the station's watch.sources.",
            show_default=False,
        ),
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Look once and end, as cron wants it.")] = False,
    every_s: Annotated[
        float | None,
        typer.Option(
            "--every",
            metavar="SECONDS",
            min=1,
            max=86_400,
            help="How often to look; by default the station's watch.every_s.",
            show_default=False,
        ),
    ] = None,
    backlog: Annotated[
        int | None,
        typer.Option(
            "--backlog",
            metavar="N",
            min=0,
            help="At the first look at a source make the newest N; by default those of the last day.",
            show_default=False,
        ),
    ] = None,
    retry: Annotated[
        bool, typer.Option("--retry", help="Try once more, now, what has failed, was refused or is gone.")
    ] = False,
    no_publish: Annotated[
        bool, typer.Option("--no-publish", help="Send the site nowhere, even where publish.to is set.")
    ] = False,
    on_success: Annotated[
        str | None,
        typer.Option(
            "--on-success",
            metavar="COMMAND",
            help="Run it for each episode that is made; by default the station's watch.on_success.",
            show_default=False,
        ),
    ] = None,
    on_failure: Annotated[
        str | None,
        typer.Option(
            "--on-failure",
            metavar="COMMAND",
            help="Run it for each failure that is told; by default the station's watch.on_failure.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
    quiet: QuietOption = False,
    station: StationOption = None,
) -> None:
    """Follow feeds and folders, and make and publish each new or changed article once.

    Each result is one line: time, what, source, and path. It goes on until it is stopped, and begins where it
    was when it is started again.
    """
    wishes = _Wishes(
        tuple(sources or ()),
        station,
        every_s,
        backlog,
        retry,
        not no_publish,
        on_success,
        on_failure,
        as_json,
        quiet,
    )
    try:
        with Stopping() as stopping:
            _watch(wishes, stopping, once=once)
    except Stopped as stopped:
        if not stopped.by_system:
            raise
        complain("stopped; what was begun is gone on with at the next start")


def _watch(wishes: _Wishes, stopping: Stopping, *, once: bool) -> None:
    from morning_edition.watching.alone import watch_alone
    from morning_edition.watching.recovering import open_memory
    from morning_edition.watching.sources import find_sources

    show = open_station(wishes.folder)
    found = find_sources(wishes.sources, show)
    with watch_alone(show, _now()):
        memory = open_memory(show, _now(), wishes.say)
        if once:
            done = _go_round(wishes, stopping, memory, once=True)
            if status := _find_status(done.what):
                raise typer.Exit(status)
            return
        every_s = wishes.every_s or show.watch.every_s
        wishes.say(f"watching {_count(len(found))} every {every_s:g} s; Ctrl-C stops it")
        _go_on(wishes, stopping, memory, every_s)


def _go_on(wishes: _Wishes, stopping: Stopping, memory: "Memory", every_s: float) -> None:
    """Go round until somebody stops it; what a round cannot do, the next one tries again."""
    told = ""
    while True:
        began_s = time.monotonic()
        pause_s = every_s
        try:
            done = _go_round(wishes, stopping, memory)
        except BrokenPipeError:
            raise  # nobody hears the results any more
        except (MorningEditionError, OSError) as error:
            said = " ".join(str(error).split())
            if said != told:
                complain(said)
            told = said
        else:
            told = ""
            pause_s = min(every_s, UNSETTLED_S) if done.is_unsettled else every_s
        time.sleep(max(pause_s - (time.monotonic() - began_s), min(every_s, 1.0)))


def _go_round(wishes: _Wishes, stopping: Stopping, memory: "Memory", *, once: bool = False) -> "Round":
    """Go round once, with the settings as they are now."""
    from morning_edition.watching.rounds import go_round
    from morning_edition.watching.sources import find_sources

    show = open_station(wishes.folder)
    found = find_sources(wishes.sources, show)
    return go_round(_lay_desk(wishes, stopping, memory, show, once=once), found, send=wishes.send)


def _lay_desk(
    wishes: _Wishes, stopping: Stopping, memory: "Memory", show: "Station", *, once: bool
) -> "Desk":
    from morning_edition.watching.commands import split_command
    from morning_edition.watching.desk import Desk

    settings = show.watch
    success = settings.on_success if wishes.on_success is None else wishes.on_success
    failure = settings.on_failure if wishes.on_failure is None else wishes.on_failure
    commands = (split_command(success, "watch.on_success"), split_command(failure, "watch.on_failure"))
    return Desk(
        show,
        memory,
        clock=_now,
        make=functools.partial(_make, wishes, stopping, show),
        describe=functools.partial(_describe, quiet=wishes.quiet),
        report=functools.partial(_report_sending, stopping),
        tell=functools.partial(_tell, wishes, stopping, show, commands),
        say=wishes.say,
        every_s=wishes.every_s or settings.every_s,
        backlog=wishes.backlog,
        retry=wishes.retry,
        once=once,
    )


def _make(
    wishes: _Wishes, stopping: Stopping, show: "Station", article: "Article", day: dt.date, slug: str
) -> Mapping[str, Any]:
    """Make an episode; who asks to stop meanwhile is heard between two of its steps."""
    making = Making(as_json=wishes.as_json, quiet=wishes.quiet)
    with _Stoppable(stopping, quiet=wishes.quiet) as progress:
        progress.begin(f"{article.headline} ({day})")
        plan = plan_article(show, article, day, progress, slug=slug)
        with stopping.held_back():
            return make_planned(plan, progress, _now(), making)


class _Stoppable(Progress):
    """Progress that ends where somebody has asked for it."""

    def __init__(self, stopping: Stopping, *, quiet: bool) -> None:
        super().__init__(quiet=quiet)
        self._stopping = stopping

    def __call__(self, stage: str, done: int, total: int, told: str = "", /) -> None:
        super().__call__(stage, done, total, told)
        self._stopping.stop_if_asked()


def _report_sending(stopping: Stopping, stage: str, done: int, total: int, told: str = "", /) -> None:
    stopping.stop_if_asked()


def _describe(error: ProofError, *, quiet: bool) -> Mapping[str, Any]:
    tell_findings(error.proof, quiet=quiet)
    return describe_refusal(error)


def _tell(
    wishes: _Wishes,
    stopping: Stopping,
    show: "Station",
    commands: tuple[tuple[str, ...], tuple[str, ...]],
    result: "Result",
) -> None:
    """Print a result, and run the newsroom's command for it."""
    from morning_edition.watching.commands import run_command

    zone = show.show.timezone
    line = render_json(result.to_record(zone), None) if wishes.as_json else result.to_line(zone)
    _print(line)
    if result.error:
        complain(result.error)
    success, failure = commands
    words = {"made": success, "changed": success, "sent": (), "unreachable": ()}.get(result.what, failure)
    if words:
        with stopping.held_back():
            complaint = run_command(words, result, show)
        if complaint:
            complain(complaint)


def _print(line: str) -> None:
    """Print a line even where standard output has not all of its letters: cron knows no locale."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    typer.echo(line.encode(encoding, "backslashreplace").decode(encoding))
    sys.stdout.flush()


def _find_status(what: "Iterable[What]") -> int:
    """Return the exit status of one round: a failure counts before a refusal by the proof."""
    bad = {one for one in what if one not in ("made", "changed", "sent")}
    if not bad:
        return 0
    return REFUSED if bad == {"refused"} else FAILED


def _count(sources: int) -> str:
    return "one source" if sources == 1 else f"{sources} sources"


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
