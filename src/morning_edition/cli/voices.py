"""`morning-edition voices`: what can speak."""

import json
import sys
from dataclasses import asdict
from typing import Annotated

import typer

from morning_edition.cli.options import JsonOption
from morning_edition.errors import VoiceError


def list_voices(
    language: Annotated[
        str, typer.Option(metavar="TAG", help="Only voices of this language, such as en or pt-BR.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """List the voices of all engines, as they are written in station.toml and after --voice."""
    from morning_edition.voices.registry import find_engines, load_engine

    rows = []
    for engine in find_engines():
        try:
            notes = load_engine(engine).catalogue()
        except VoiceError as error:
            sys.stderr.write(f"morning-edition: {error}\n")
            continue
        except Exception as error:  # one bad plug-in must not hide the others
            sys.stderr.write(
                f"morning-edition: {engine} cannot list its voices: {' '.join(str(error).split())}\n"
            )
            continue
        rows += [
            {**asdict(note), "name": f"{engine}:{note.name}"}
            for note in notes
            if not note.language or note.language.lower().startswith(language.lower())
        ]
    if as_json:
        typer.echo(json.dumps({"voices": rows}, ensure_ascii=False, indent=2))
        return
    width = max((len(row["name"]) for row in rows), default=0)
    for row in rows:
        typer.echo(f"{row['name']:<{width}}  {row['language']:<8}  {row['description']}")
