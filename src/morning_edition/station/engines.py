"""What the engines need to know. Keys and passwords are never among it: they come from the environment."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field

from morning_edition.station import checks
from morning_edition.station.declaring import setting, table
from morning_edition.voices import Option


@dataclass(frozen=True, slots=True)
class OpenAi:
    """Any server that speaks as OpenAI's does: `POST /v1/audio/speech`."""

    base_url: str = setting("https://api.openai.com/v1", "Where the server is.", checks.web_address)
    flavour: str = setting(
        "openai",
        '"openai", or "kokoro" for a Kokoro-FastAPI server: names by their sounds, and word times.',
        checks.one_of("openai", "kokoro"),
    )
    model: str = setting("", "The model that speaks; empty for the server's usual one.")
    instructions: str = setting("", "How it is to speak, in words, where the model takes any.")
    lines_at_once: int = setting(8, "Lines asked for at the same time.", checks.between(1, 64))
    lines_a_minute: int = setting(0, "Lines allowed in a minute; 0 is no limit.", checks.between(0, 100_000))
    timeout_s: float = setting(60.0, "How long a line may take, in seconds.", checks.between(1, 3600))
    usd_a_million_characters: float = setting(
        0.0,
        "What a million characters cost, for `--dry-run`; 0 for what is known of OpenAI's models.",
        checks.between(0, 10_000),
    )


@dataclass(frozen=True, slots=True)
class ElevenLabs:
    """ElevenLabs; its key is ELEVENLABS_API_KEY."""

    base_url: str = setting("https://api.elevenlabs.io", "Where the server is.", checks.web_address)
    model: str = setting("eleven_multilingual_v2", "The model that speaks.", checks.filled)
    lines_at_once: int = setting(4, "Lines asked for at the same time, by your plan.", checks.between(1, 64))
    usd_a_million_characters: float = setting(
        165.0,
        "What a million characters cost in your plan, for `--dry-run`; flash and turbo models count half.",
        checks.between(0, 10_000),
    )


@dataclass(frozen=True, slots=True)
class Polly:
    """Amazon Polly; keys as all of Amazon's tools take them."""

    region: str = setting("", "Such as us-east-1; empty for the one that the environment names.")
    engine: str = setting(
        "neural",
        '"standard", "neural", "long-form" or "generative".',
        checks.one_of("standard", "neural", "long-form", "generative"),
    )
    endpoint_url: str = setting("", "Another server; empty for Amazon's.", checks.web_address_or_empty)
    lines_at_once: int = setting(4, "Lines asked for at the same time.", checks.between(1, 64))
    word_times: bool = setting(True, "Ask when each word is heard; Amazon then charges each line twice.")


@dataclass(frozen=True, slots=True)
class Google:
    """Google Cloud Text-to-Speech; its key is GOOGLE_API_KEY."""

    base_url: str = setting("https://texttospeech.googleapis.com", "Where the server is.", checks.web_address)
    lines_at_once: int = setting(8, "Lines asked for at the same time.", checks.between(1, 64))


@dataclass(frozen=True, slots=True)
class Azure:
    """Azure AI Speech; its key is AZURE_SPEECH_KEY."""

    region: str = setting("", "Such as westeurope; empty for AZURE_SPEECH_REGION.")
    base_url: str = setting("", "Another server; empty for the region's.", checks.web_address_or_empty)
    lines_at_once: int = setting(8, "Lines asked for at the same time.", checks.between(1, 64))


@dataclass(frozen=True, slots=True)
class Wyoming:
    """A speech server as Home Assistant has them."""

    address: str = setting("", "Its host and port, such as 192.168.1.20:10200.")
    lines_at_once: int = setting(2, "Lines asked for at the same time.", checks.between(1, 64))


@dataclass(frozen=True, slots=True)
class Command:
    """Any program that reads a text and writes a sound file."""

    line: str = setting(
        "",
        'The program and its words, without a shell, such as "text2wave -o {output} {input}". {input} is a '
        "file with the text and {output} the sound file to write; {text}, {voice} and {language} stand for "
        "themselves, {rate}, {percent} and {wpm} for the pace, where 1, 100 and 170 are a newsreader's. "
        "Without {input} and {text} the text goes to its standard input; without {output} the sound is "
        "read from its standard output.",
    )
    version: str = setting("1", "Change it when the program's voice changes: takes are kept by it.")
    encoding: str = setting("utf-8", "How the text is written for it.", checks.encoding)
    lines_at_once: int = setting(2, "How many of it run at the same time.", checks.between(1, 64))
    timeout_s: float = setting(60.0, "How long it may take for a line, in seconds.", checks.between(1, 3600))


@dataclass(frozen=True, slots=True)
class Engines:
    """The built-in engines that have something to set; a plug-in's table is handed to it as it stands."""

    openai: OpenAi = table(
        OpenAi,
        "openai: any server with OpenAI's speech interface; key: OPENAI_API_KEY for OpenAI's own, "
        "OPENAI_COMPATIBLE_API_KEY for any other.",
    )
    elevenlabs: ElevenLabs = table(ElevenLabs, "elevenlabs; key: ELEVENLABS_API_KEY.")
    polly: Polly = table(Polly, "polly: Amazon's; keys as for Amazon's own tools.")
    google: Google = table(Google, "google: Google Cloud's; key: GOOGLE_API_KEY.")
    azure: Azure = table(Azure, "azure: Microsoft's; key: AZURE_SPEECH_KEY.")
    wyoming: Wyoming = table(Wyoming, "wyoming: a speech server of the network, as Home Assistant has them.")
    command: Command = table(Command, "command: any program that turns a text into a sound file.")
    others: Mapping[str, Mapping[str, Option]] = field(default_factory=dict)
    """The tables of engines that plug-ins bring."""

    def options(self, engine: str) -> Mapping[str, Option]:
        """Return what stands in the table of *engine*, with the defaults of the built-in ones."""
        if engine in BUILT_IN_ENGINES:
            return dataclasses.asdict(getattr(self, engine))
        return self.others.get(engine, {})


BUILT_IN_ENGINES = tuple(field.name for field in dataclasses.fields(Engines) if field.name != "others")
