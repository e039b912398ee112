"""Options that mean the same everywhere, and what they lead to."""

import datetime as dt
import os
import sys
import zoneinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from morning_edition.cli.telling import say
from morning_edition.station import Station, load_station
from morning_edition.station.toml import FILE_NAME

if TYPE_CHECKING:
    from morning_edition.articles import Article

REFUSED = 3
"""Exit status, where the proof or a check finds what must not be published."""

DateOption = Annotated[
    dt.datetime | None,
    typer.Option(
        "--date", formats=["%Y-%m-%d"], help="The edition's day; by default today.", show_default=False
    ),
]
StationOption = Annotated[
    Path | None,
    typer.Option(
        "--station",
        metavar="DIR",
        envvar="MORNING_EDITION_STATION",
        help="The station's folder; by default the one you are in.",
        show_default=False,
    ),
]
VoiceOption = Annotated[
    str,
    typer.Option(
        "--voice",
        metavar="ENGINE[:VOICE]",
        help="Read all with this voice instead of the station's cast.",
        show_default=False,
    ),
]
WaitOption = Annotated[
    float,
    typer.Option(
        "--wait",
        metavar="SECONDS",
        min=0,
        max=86_400,
        help="How long to wait for another process that holds the station.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Tell nothing but results and errors.")]


def open_station(folder: Path | None) -> Station:
    """Return the station in *folder*, or in the current one; raises `StationError` where there is none."""
    return load_station(folder or Path())


def open_station_if_any(folder: Path | None) -> Station:
    """Return the station in *folder*, or in the current one, or one with all settings at their default."""
    if folder or Path(FILE_NAME).exists():
        return open_station(folder)
    return Station(Path())


def read_article(source: str, show: Station) -> "Article":
    """Read the article that a command was given: file, web address, feed's entry, or `-` for standard input.

    Tells on stderr when it is not in the station's language. Raises `ArticleError`.
    """
    from morning_edition.articles import open_article
    from morning_edition.articles.language import language_note

    station = show.show.language
    stdin = sys.stdin.buffer if source == "-" else None
    names = {"outlet": show.outlet.name, "edition": show.outlet.edition}
    article = open_article(source, **names, stdin=stdin)
    if note := language_note(article.language, station):
        say(note)
    return article


def choose_day(asked: dt.datetime | None, show: Station, now: dt.datetime) -> dt.date:
    """Return the edition's day: the one asked for, else today where the station is."""
    return asked.date() if asked else now.astimezone(zoneinfo.ZoneInfo(show.show.timezone)).date()


def refuse_unwritable(path: Path) -> None:
    """Refuse, as misuse, a path for `-o` that no file can have."""
    if path.is_dir() or not path.parent.is_dir():
        said = "a folder; name a file in it" if path.is_dir() else "in a folder that is not there"
        raise typer.BadParameter(f"{path} is {said}", param_hint="--output")


def write_output(path: Path, content: bytes | str) -> None:
    """Write what `-o` was asked for, and print its path; a path that no file can have is misuse."""
    from morning_edition.files import tell_trouble, write_whole

    refuse_unwritable(path)
    try:
        write_whole(path, content)
    except OSError as error:
        raise typer.BadParameter(f"{path}: {tell_trouble(error)}", param_hint="--output") from error
    typer.echo(show_path(path))


def show_path(path: Path) -> str:
    """Return *path* as it is best typed from the current folder."""
    absolute = Path(os.path.normpath(path.absolute()))
    here = Path.cwd()
    return str(absolute.relative_to(here)) if absolute.is_relative_to(here) else str(absolute)
