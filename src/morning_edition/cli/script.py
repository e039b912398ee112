"""`morning-edition script`: the script alone."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from morning_edition.cli.options import (
    DateOption,
    StationOption,
    choose_day,
    open_station_if_any,
    read_article,
    write_output,
)


def script(
    article: Annotated[
        str, typer.Argument(metavar="ARTICLE", help="An article file; - reads standard input.")
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write it there instead of printing it."),
    ] = None,
    date: DateOption = None,
    station: StationOption = None,
) -> None:
    """Write an article's script, as the script.md that a producer can edit."""
    from morning_edition.script.writing import write_script

    show = open_station_if_any(station)
    read = read_article(article, show)
    text = write_script(read, show, choose_day(date, read, show, dt.datetime.now(dt.UTC)))
    if output is None:
        typer.echo(text, nl=False)
    else:
        write_output(output, text)
