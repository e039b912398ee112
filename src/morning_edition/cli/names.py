"""`morning-edition names`: what to check before air, and the answers."""

import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from morning_edition.cli.options import (
    JsonOption,
    StationOption,
    VoiceOption,
    open_station_if_any,
    read_article,
    show_path,
)
from morning_edition.cli.telling import render_json

if TYPE_CHECKING:
    from morning_edition.pronunciation.names import NameToCheck
    from morning_edition.voices import Voice

LONGEST_SENTENCE = 100
"""Characters of a sentence that the list shows."""


def names(
    article: Annotated[
        str, typer.Argument(metavar="ARTICLE", help="An article: a file, a web address, or - for a pipe.")
    ],
    add: Annotated[
        list[str] | None,
        typer.Option(
            "--add", metavar="NAME=RESPELLING", help="Write an answer into lexicon.toml; may be repeated."
        ),
    ] = None,
    say: Annotated[
        Path | None,
        typer.Option("--say", metavar="FOLDER", help="Write each name, as it would be said, as a WAV file."),
    ] = None,
    voice: VoiceOption = "",
    station: StationOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the names of an article that no dictionary has, and how the anchor's voice would say them."""
    from morning_edition.casting import choose_voices, open_cast
    from morning_edition.pronunciation.lexicon_file import FILE_NAME, add_names, load_lexicon
    from morning_edition.pronunciation.names import find_names, texts_of

    show = open_station_if_any(station)
    language = show.show.language
    path = show.root / FILE_NAME
    texts = texts_of(read_article(article, show))
    answers = _read_answers(add or [])
    if answers:
        add_names(path, answers)
        typer.echo(f"{show_path(path)}: {', '.join(answers)} added", err=True)
    lexicon = load_lexicon(path, language)
    found = find_names(texts, lexicon)
    reader = open_cast(show, language, choose_voices(show, language, voice=voice))["anchor"]
    sounds = _transcribe(found, reader, language)
    files = _write_sounds(found, reader, language, say) if say else [None] * len(found)
    if as_json:
        rows = [
            {**asdict(name), "ipa": ipa, "file": file and show_path(file)}
            for name, ipa, file in zip(found, sounds, files, strict=True)
        ]
        typer.echo(render_json({"names": rows}))
        return
    _print_names(found, sounds, files)


def _read_answers(given: Sequence[str]) -> dict[str, str]:
    pairs = [answer.partition("=") for answer in given]
    for name, equals, respelling in pairs:
        if not (name.strip() and equals and respelling.strip()):
            raise typer.BadParameter(
                "give it as NAME=RESPELLING, such as Latakia=lah-tah-KEE-ah", param_hint="--add"
            )
    return {name.strip(): respelling.strip() for name, _, respelling in pairs}


def _transcribe(found: Sequence["NameToCheck"], reader: "Voice", language: str) -> list[str]:
    """Return in IPA how each name would be said, empty where the voice cannot tell."""
    from morning_edition.spoken import to_spoken

    transcribe = getattr(reader, "transcribe", None)
    return [transcribe(to_spoken(name.name, language)) if transcribe else "" for name in found]


def _write_sounds(
    found: Sequence["NameToCheck"], reader: "Voice", language: str, folder: Path
) -> list[Path | None]:
    from morning_edition.files import write_whole
    from morning_edition.spoken import to_spoken
    from morning_edition.voices import Utterance
    from morning_edition.voices.speaking import speak_line
    from morning_edition.voices.wav import wrap_wav

    paths: list[Path | None] = []
    for number, name in enumerate(found, 1):
        path = folder / f"{number:02}-{re.sub(r'[^A-Za-z0-9]+', '-', name.name).strip('-').lower()[:60]}.wav"
        try:
            write_whole(path, wrap_wav(speak_line(reader, Utterance(to_spoken(name.name, language)))))
        except (FileExistsError, NotADirectoryError) as error:
            raise typer.BadParameter(f"{folder} is no folder", param_hint="--say") from error
        paths.append(path)
    return paths


def _print_names(found: Sequence["NameToCheck"], sounds: Sequence[str], files: Sequence[Path | None]) -> None:
    if not found:
        typer.echo("every name is in the dictionary or in the lexicon", err=True)
        return
    width = max(len(name.name) for name in found)
    for name, ipa, file in zip(found, sounds, files, strict=True):
        said = f"  {ipa}" if ipa else ""
        typer.echo(f"{name.count:>3}  {name.name:<{width}}{said}".rstrip())
        sentence = name.sentence
        short = sentence if len(sentence) <= LONGEST_SENTENCE else f"{sentence[:LONGEST_SENTENCE]}…"
        typer.echo(f"     {short}")
        if file:
            typer.echo(f"     {show_path(file)}")
    typer.echo('answer with --add "NAME=RESPELLING", as in --add Latakia=lah-tah-KEE-ah', err=True)
