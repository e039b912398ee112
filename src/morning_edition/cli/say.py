"""`morning-edition say`: hear a voice, or how it says a name."""

import io
import wave
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
    from morning_edition.errors import VoiceError
    from morning_edition.spoken import to_spoken
    from morning_edition.voices.registry import open_voice

    show = open_station_if_any(station)
    anchor = show.cast.anchor
    reader = open_voice(voice or anchor.voice, language=show.show.language, rate=anchor.rate)
    speech = reader.speak(to_spoken(text))
    if not speech.pcm:
        raise VoiceError(f"there is nothing to say in {text!r}; give it a word")
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(speech.sample_rate_hz)
        sound.writeframes(speech.pcm)
    write_output(output, file.getvalue())
