"""`morning-edition episodes`: the catalogue."""

import datetime as dt
import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from morning_edition.cli.options import JsonOption, StationOption, open_station
from morning_edition.cli.telling import one_line, render_json

if TYPE_CHECKING:
    from morning_edition.life.listing import Entry
    from morning_edition.station import Station

HEADINGS = ("no.", "date", "state", "length", "title")
MOST = 1_000_000


def list_episodes(
    since: Annotated[
        str,
        typer.Option("--since", metavar="DATE", help="From that day on: 2026-11-24.", show_default=False),
    ] = "",
    until: Annotated[
        str, typer.Option("--until", metavar="DATE", help="Up to that day.", show_default=False)
    ] = "",
    state: Annotated[
        str,
        typer.Option(
            "--state",
            metavar="STATE",
            help="Only those that are published, corrected, under embargo, refused, damaged, retracted or "
            "expired.",
            show_default=False,
        ),
    ] = "",
    limit: Annotated[
        int,
        typer.Option("--limit", metavar="N", min=1, max=MOST, help="The newest so many.", show_default=False),
    ] = MOST,
    as_json: JsonOption = False,
    station: StationOption = None,
) -> None:
    """List the station's episodes, newest first, with what has become of each."""
    from morning_edition.cli.moments import read_day
    from morning_edition.life.listing import STATES, list_entries

    if state and state not in STATES:
        raise typer.BadParameter(f"name one of: {', '.join(STATES)}", param_hint="--state")
    show = open_station(station)
    entries = list_entries(
        show,
        dt.datetime.now(dt.UTC),
        since=read_day(since, "--since"),
        until=read_day(until, "--until"),
        state=state,
        limit=limit,
    )
    if as_json:
        records = [describe_entry(entry) for entry in entries]
        typer.echo(render_json({"episodes": records}))
        return
    if entries:
        _print([_set_row(entry, show) for entry in entries])
    for entry in entries:
        if entry.fault:
            typer.echo(f"damaged: {one_line(entry.fault)}", err=True)
    if not entries:
        typer.echo(_tell_none(filtered=bool(since or until or state)), err=True)


def describe_entry(entry: "Entry") -> dict[str, Any]:
    """Return an entry's record: that of the episode, or what its tombstone tells, with its state."""
    told = entry.episode or entry.stone
    record: dict[str, Any] = json.loads(told.to_json()) if told else {"slug": entry.slug}
    return record | {"state": entry.state} | ({"fault": entry.fault} if entry.fault else {})


def _tell_none(*, filtered: bool) -> str:
    if filtered:
        return "no episode is like that; `morning-edition episodes` lists them all"
    return "no episodes yet; make one with `morning-edition produce ARTICLE`"


def _set_row(entry: "Entry", show: "Station") -> tuple[str, ...]:
    from morning_edition.outlets.times import short_clock

    told = entry.episode or entry.stone
    return (
        str(told.number) if told else "–",
        str(entry.date or "–"),
        entry.tell_state(show),
        short_clock(entry.episode.duration_ms) if entry.episode else "–",
        one_line(told.title) if told else entry.slug,
    )


def _print(rows: list[tuple[str, ...]]) -> None:
    """Print a table on a terminal; off one, columns with two spaces between them, a row a line."""
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, pad_edge=False, header_style="bold")
        for heading in HEADINGS:
            figures = heading in ("no.", "length")
            table.add_column(heading, justify="right" if figures else "left", no_wrap=heading != "title")
        for row in rows:
            table.add_row(*map(Text, row))
        Console(highlight=False).print(table)
        return
    lines = [HEADINGS, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = [
            f"{cell:>{width}}" if place in (0, 3) else f"{cell:<{width}}"
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        typer.echo("  ".join(cells).rstrip())
