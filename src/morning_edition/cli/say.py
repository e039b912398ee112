"""`morning-edition say`: hear a voice, or how it says a name."""

from pathlib import Path
from typing import Annotated

import typer

from morning_edition.cli.options import StationOption, VoiceOption, open_station_if_any, write_output


def say(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What to say.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="The WAV file to write.")
    ] = Path("say.wav"),
    voice: VoiceOption = "",
    station: StationOption = None,
) -> None:
    """Say TEXT with the anchor's voice, as it would be said on air, into a WAV file."""
    from morning_edition.casting import choose_voices, open_cast
    from morning_edition.errors import VoiceError
    from morning_edition.pronunciation.diction import load_diction
    from morning_edition.voices.speaking import speak_line
    from morning_edition.voices.wav import wrap_wav

    show = open_station_if_any(station)
    language = show.show.language
    text = text.encode(errors="replace").decode()  # what was typed need not be UTF-8
    diction = load_diction(show.root, language)
    reader = open_cast(show, language, choose_voices(show, language, voice=voice))["anchor"]
    speech = speak_line(reader, diction.utter(diction.speak(text)))
    if not speech.pcm:
        raise VoiceError(f"there is nothing to say in {text!r}; give it a word")
    write_output(output, wrap_wav(speech))
