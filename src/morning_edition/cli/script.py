"""`morning-edition script`: the script alone."""

import datetime as dt
import sys
import zoneinfo
from pathlib import Path
from typing import Annotated

import typer

from morning_edition.cli.options import StationOption, open_station_if_any, write_output


def script(
    article: Annotated[
        str, typer.Argument(metavar="ARTICLE", help="An article file; - reads standard input.")
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write it there instead of printing it."),
    ] = None,
    date: Annotated[
        dt.datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The edition's day; by default today.", show_default=False),
    ] = None,
    station: StationOption = None,
) -> None:
    """Write an article's script, as the script.md that a producer can edit."""
    from morning_edition.articles import open_article
    from morning_edition.script.writing import write_script

    show = open_station_if_any(station)
    read = open_article(
        article,
        outlet=show.outlet.name,
        edition=show.outlet.edition,
        stdin=sys.stdin.buffer if article == "-" else None,
    )
    today = dt.datetime.now(zoneinfo.ZoneInfo(show.show.timezone)).date()
    text = write_script(read, show, date.date() if date else read.date or today)
    if output is None:
        typer.echo(text, nl=False)
    else:
        write_output(output, text)
