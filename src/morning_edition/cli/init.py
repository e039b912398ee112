"""`morning-edition init`: a new station."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from morning_edition.cli.options import show_path


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make the station in.")],
    title: Annotated[str, typer.Option(help="The show's name.")] = "Morning Edition",
    outlet: Annotated[str, typer.Option(help="The newsroom's name.")] = "The Newsroom",
    base_url: Annotated[
        str, typer.Option("--base-url", help="Where listeners will find the folder on the web.")
    ] = "https://podcast.example/",
    language: Annotated[str, typer.Option(help="The language it is read in (BCP 47).")] = "en-US",
) -> None:
    """Make a station: settings with their meaning, music, cover, empty feed, and an article to try."""
    from morning_edition.site import publish_site
    from morning_edition.station import load_station
    from morning_edition.station.starting import start_station

    given = {"title": title, "base_url": base_url, "language": language}
    made = start_station(folder, show=given, outlet=outlet)
    feed = publish_site(load_station(folder), [], dt.datetime.now(dt.UTC))
    for path in (*made, feed):
        typer.echo(show_path(path))
    typer.echo(f"next: cd {show_path(folder)} && morning-edition produce article.txt", err=True)
