"""`morning-edition lexicon`: a station's pronunciations to and from other programs."""

from pathlib import Path
from typing import Annotated

import typer

from morning_edition.cli.options import StationOption, open_station_if_any, show_path, write_output

lexicon = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@lexicon.callback()
def _about() -> None:
    """Take pronunciations in, or give them out, as a W3C Pronunciation Lexicon (PLS)."""


@lexicon.command("import", epilog="Example: morning-edition lexicon import names.pls")
def import_pls(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A PLS document.")],
    station: StationOption = None,
) -> None:
    """Add the entries of a PLS document to the station's lexicon.toml."""
    from morning_edition.errors import LexiconError
    from morning_edition.pronunciation.lexicon_file import FILE_NAME, add_names
    from morning_edition.pronunciation.pls import read_pls, to_value

    path = open_station_if_any(station).root / FILE_NAME
    try:
        content = file.read_bytes()
    except OSError as error:
        raise LexiconError(f"{file}: cannot be read: {error.strerror}") from error
    entries = read_pls(content, name=str(file))
    add_names(path, {entry.name: to_value(entry) for entry in entries})
    typer.echo(show_path(path))
    typer.echo(f"{len(entries)} pronunciations added", err=True)


@lexicon.command("export", epilog="Example: morning-edition lexicon export -o names.pls")
def export_pls(
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write it there instead of printing it."),
    ] = None,
    starter: Annotated[bool, typer.Option("--starter", help="With the names that come built in.")] = False,
    station: StationOption = None,
) -> None:
    """Give out the station's pronunciations as a PLS document."""
    from morning_edition.pronunciation.lexicon_file import FILE_NAME, load_lexicon
    from morning_edition.pronunciation.pls import write_pls

    show = open_station_if_any(station)
    language = show.show.language
    found = load_lexicon(show.root / FILE_NAME, language, with_starter=starter)
    document = write_pls(found.entries, language)
    if output is None:
        typer.echo(document, nl=False)
    else:
        write_output(output, document)
