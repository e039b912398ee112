"""`morning-edition voices`: what can speak, how to get more, and how they compare."""

import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from morning_edition.cli.options import (
    JsonOption,
    QuietOption,
    StationOption,
    open_station_if_any,
    refuse_unwritable,
    show_path,
    write_output,
)
from morning_edition.cli.progress import Progress
from morning_edition.cli.telling import complain, render_json
from morning_edition.errors import VoiceError

if TYPE_CHECKING:
    from morning_edition.station.engines import Engines
    from morning_edition.voices import VoiceNote

HEADINGS = ("VOICE", "INSTALLED", "LANGUAGE", "QUALITY", "LICENCE", "$/1M", "DESCRIPTION")
PIPER = "piper"
SHORTEST_DESCRIPTION = 24
"""Signs: on a narrower terminal lines are better broken than cut."""

Row = dict[str, Any]

voices = typer.Typer(rich_markup_mode=None)


@voices.callback(invoke_without_command=True)
def list_voices(
    context: typer.Context,
    language: Annotated[
        str, typer.Option(metavar="TAG", help="Only voices of this language, such as en or pt-BR.")
    ] = "",
    installed: Annotated[bool, typer.Option("--installed", help="Only voices that can speak now.")] = False,
    as_json: JsonOption = False,
    station: StationOption = None,
) -> None:
    """List the voices of all engines, as they are written in station.toml and after --voice.

    A price is what a million characters cost in US dollars; where none stands, nothing is charged, or the
    engine knows of none.
    """
    if context.invoked_subcommand:
        return
    rows = [
        row
        for row in _collect(open_station_if_any(station).engines)
        if _speaks(row["language"], language) and (row["installed"] or not installed)
    ]
    if as_json:
        typer.echo(render_json({"voices": rows}))
    else:
        _print_table(rows)


def _collect(options: "Engines") -> list[Row]:
    """Return what every engine tells of its voices; one that cannot is told of, and hides no other."""
    from concurrent.futures import ThreadPoolExecutor

    from morning_edition.voices.registry import find_engines

    engines = list(find_engines())
    with ThreadPoolExecutor(max(1, len(engines))) as pool:  # some ask a server in the network
        answers = list(pool.map(lambda engine: _ask(engine, options), engines))
    rows: list[Row] = []
    for answer in answers:
        if isinstance(answer, str):
            _complain(answer)
        else:
            rows += answer
    return rows


def _ask(engine: str, options: "Engines") -> list[Row] | str:
    """Return an engine's voices, or why it cannot name them."""
    from morning_edition.voices.registry import name_voices

    try:
        notes = name_voices(engine, options.options(engine))
        return [_row(engine, note) for note in notes]
    except VoiceError as error:
        return str(error)
    except Exception as error:  # one bad plug-in must not hide the others
        return f"{engine} cannot list its voices: {error}"


def _row(engine: str, note: "VoiceNote") -> Row:
    return {**asdict(note), "name": f"{engine}:{note.name}" if note.name else engine}


def _speaks(voice_s: str, wanted: str) -> bool:
    """Tell whether a voice's language is the one wanted, or one that is more particular."""
    own, asked = voice_s.lower(), wanted.lower().replace("_", "-")
    return not (own and asked) or f"{own}-".startswith(f"{asked}-")


def _print_table(rows: Sequence[Row]) -> None:
    lines = [HEADINGS, *map(_cells, rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    longest = _room_for_description(sum(widths[:-1]) + 2 * (len(widths) - 1))
    for *cells, description in lines:
        aligned = [f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=False)]
        told = description if len(description) <= longest else f"{description[: longest - 1]}…"
        typer.echo("  ".join([*aligned, told]))


def _cells(row: Row) -> tuple[str, ...]:
    """Return what stands under `HEADINGS`, a hyphen for what is not known."""
    from morning_edition.audition import spell_price

    known = (
        row["name"],
        "yes" if row["installed"] else "no",
        row["language"],
        row["quality"],
        row["licence"],
        spell_price(row["usd_a_million_characters"]),
        row["description"],
    )
    return tuple(_printable(cell) or "-" for cell in known)


def _room_for_description(before: int) -> int:
    """Return how many signs of it a line can hold; all, where no terminal would break the line anyway."""
    room = shutil.get_terminal_size().columns - before
    return room if sys.stdout.isatty() and room >= SHORTEST_DESCRIPTION else sys.maxsize


def _printable(text: str) -> str:
    """Return *text* in one line without signs that a terminal obeys: a server may have sent it."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _complain(message: str) -> None:
    complain(message)


@voices.command("install", epilog="Example: morning-edition voices install en_US-john-medium")
def install(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="NAME...", help="Voices of Piper as `voices` lists them, with or without piper:."
        ),
    ],
    quiet: QuietOption = False,
) -> None:
    """Fetch voices of Piper, going on where an earlier attempt was stopped."""
    failed = False
    for name in dict.fromkeys(names):
        try:
            with Progress(quiet=quiet) as progress:
                _install(name, progress)
        except VoiceError as error:
            failed = True
            _complain(str(error))
    if failed:
        raise typer.Exit(1)


def _install(name: str, progress: Progress) -> None:
    from morning_edition.voices.piper import catalogue

    engine, _, named = name.rpartition(":")
    voice = named.partition("#")[0]  # one of several speakers, who come together
    if engine not in ("", PIPER):
        raise VoiceError(f"{name}: only voices of piper are fetched; `voices` tells what {engine} needs")
    was_there = voice in catalogue.find_installed()
    progress.begin(catalogue.describe(voice) + (", which is there already" if was_there else ""))

    def report(done: int, total: int) -> None:
        if done < total or not was_there:
            progress("fetch", done, total)

    typer.echo(show_path(catalogue.install_voice(voice, report)))
    progress.say(f"ready: {PIPER}:{voice}")


@voices.command("audition", epilog="Example: morning-edition voices audition espeak tone:low -o voices.html")
def audition(
    names: Annotated[
        list[str], typer.Argument(metavar="NAME...", help="Voices as `voices` lists them, or engines.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The page to write.")] = Path(
        "audition.html"
    ),
    text: Annotated[
        str,
        typer.Option(metavar="TEXT", help="What to read instead of the newest headline.", show_default=False),
    ] = "",
    quiet: QuietOption = False,
    station: StationOption = None,
) -> None:
    """Hear voices side by side: each reads the newest headline into one page, all at the same loudness."""
    from morning_edition.audition import Copy, find_copy, hear_voices, render_audition

    refuse_unwritable(output)
    show = open_station_if_any(station)
    copy = Copy(text, show.show.language) if text else find_copy(show)
    hearings = []
    for hearing in hear_voices(dict.fromkeys(names), copy, show):
        hearings.append(hearing)
        if hearing.fault:
            _complain(f"{hearing.name} was not heard: {hearing.fault}")
        elif not quiet:
            typer.echo(f"{hearing.name}: {dict(hearing.facts)['Speed']}", err=True)
    write_output(output, render_audition(copy, hearings, show))
    if not any(hearing.mp3 for hearing in hearings):
        raise typer.Exit(1)


__all__ = ["voices"]
