"""Azure AI Speech over its REST interface: one line of SSML in, a WAV at 24 kHz out.

https://learn.microsoft.com/azure/ai-services/speech-service/rest-text-to-speech. The interface tells nothing
about words; only Microsoft's SDK does. HD voices (`en-US-Ava:DragonHDLatestNeural`) take no phonemes and no
prosody: their names are respelled, their sound is stretched.
"""

import os
import re
from collections.abc import Mapping

from morning_edition.errors import VoiceError
from morning_edition.voices import NO_OPTIONS, USUAL, Delivery, Option, Speech, Traits, Utterance, VoiceNote
from morning_edition.voices.network.addresses import name_server
from morning_edition.voices.network.server import Server, read_key
from morning_edition.voices.sound import read_sound
from morning_edition.voices.ssml import AZURE, AZURE_HD, write_ssml

TITLE = "Azure AI Speech"
KEY_VARIABLE = "AZURE_SPEECH_KEY"
REGION_VARIABLE = "AZURE_SPEECH_REGION"
OWN_ENDING = ".tts.speech.microsoft.com"
"""Of its hosts in all regions."""
SAMPLE_RATE_HZ = 24_000
OUTPUT_FORMAT = "riff-24khz-16bit-mono-pcm"
LONGEST_LINE = 3_000
"""Characters: three to four minutes, of the ten after which Azure cuts the sound off without a word."""
LONGEST_SOUND_MS = 600_000
LOWEST_PITCH, HIGHEST_PITCH = -12.0, 7.0
"""Semitones: Azure shifts to between half and one and a half times the pitch."""
SLOWEST, FASTEST = 0.5, 2.0
REQUEST_FORM = 1
"""Raised when what is sent for a line changes."""
# https://azure.microsoft.com/pricing/details/cognitive-services/speech-services/
USD_A_MILLION = 15.0
USD_A_MILLION_HD = 22.0
COUNTED_TWICE = ("zh", "yue", "wuu")
"""Languages whose every character counts as two."""

VOICES = (
    "en-US-AndrewNeural en-US-AvaNeural en-US-BrianNeural en-US-EmmaNeural en-US-GuyNeural en-US-JennyNeural "
    "en-US-Ava:DragonHDLatestNeural en-US-Andrew:DragonHDLatestNeural en-GB-RyanNeural en-GB-SoniaNeural "
    "en-AU-WilliamNeural en-CA-LiamNeural en-IE-ConnorNeural en-IN-PrabhatNeural en-NZ-MitchellNeural "
    "en-ZA-LukeNeural de-DE-ConradNeural de-AT-JonasNeural de-CH-JanNeural fr-FR-HenriNeural "
    "fr-CA-AntoineNeural es-ES-AlvaroNeural es-MX-JorgeNeural es-US-AlonsoNeural it-IT-DiegoNeural "
    "pt-BR-AntonioNeural pt-PT-DuarteNeural nl-NL-MaartenNeural nl-BE-ArnaudNeural pl-PL-MarekNeural "
    "cs-CZ-AntoninNeural sv-SE-MattiasNeural da-DK-JeppeNeural nb-NO-FinnNeural fi-FI-HarriNeural "
    "hu-HU-TamasNeural ro-RO-EmilNeural el-GR-NestorasNeural tr-TR-AhmetNeural ru-RU-DmitryNeural "
    "uk-UA-OstapNeural ar-EG-ShakirNeural he-IL-AvriNeural hi-IN-MadhurNeural ja-JP-KeitaNeural "
    "ko-KR-InJoonNeural zh-CN-YunyangNeural id-ID-ArdiNeural vi-VN-NamMinhNeural th-TH-NiwatNeural"
).split()
"""The first of a language is its newsreader; Azure has five hundred more."""
_NAME = re.compile(r"([a-z]{2,3}(?:-[A-Za-z]{4})?-[A-Z]{2}(?:-[a-z]+)?)-[A-Za-z0-9-]+(?::[A-Za-z0-9-]+)?")


class AzureVoice:
    """A voice of Azure, by its short name: `en-US-AndrewNeural`."""

    def __init__(self, name: str = "", delivery: Delivery = USUAL) -> None:
        self._name = name or default_voice(delivery.language)
        if not (found := _NAME.fullmatch(self._name)):
            raise VoiceError(
                f"azure has no voice called {self._name!r}; a name is such as en-US-AndrewNeural "
                "(`morning-edition voices` lists some)"
            )
        self._language = found[1]
        self._delivery = delivery
        key = read_key(KEY_VARIABLE, engine="azure", title=TITLE)
        self._server = Server(
            "azure",
            _base_url(delivery.options),
            title=TITLE,
            headers={"Ocp-Apim-Subscription-Key": key},
            key_variable=KEY_VARIABLE,
        )

    @property
    def identity(self) -> str:
        """The form of the request, the voice, rate and pitch, and the server when it is not Azure's.

        The region changes nothing.
        """
        parts = [f"azure v1 form={REQUEST_FORM} {self._name}"]
        parts += [f"{key}={value}" for key, value in self._prosody.items()]
        if not self._server.host.endswith(OWN_ENDING):
            parts.append(name_server(self._server.host))
        return " ".join(parts)

    @property
    def traits(self) -> Traits:
        """The traits of all its voices; HD voices read at their own rate and pitch."""
        return Traits(
            takes="ssml",
            sample_rate_hz=SAMPLE_RATE_HZ,
            sets_rate=self._sets_rate,
            sets_pitch=self._sets_pitch,
            lines_at_once=int(self._delivery.options.get("lines_at_once", 8)),
            longest_line=LONGEST_LINE,
            usd_a_million_characters=_price(self._name),
        )

    @property
    def _sets_rate(self) -> bool:
        return not _is_hd(self._name) and SLOWEST <= self._delivery.rate <= FASTEST

    @property
    def _sets_pitch(self) -> bool:
        in_range = LOWEST_PITCH <= self._delivery.pitch_semitones <= HIGHEST_PITCH
        return not _is_hd(self._name) and in_range

    @property
    def _prosody(self) -> dict[str, str]:
        """Return what Azure is asked to change; percents, since a bare number is not the same everywhere."""
        prosody = {}
        if self._sets_rate and self._delivery.rate != 1.0:
            prosody["rate"] = f"{(self._delivery.rate - 1) * 100:+.0f}%"
        if self._sets_pitch and self._delivery.pitch_semitones:
            prosody["pitch"] = f"{self._delivery.pitch_semitones:+g}st"
        return prosody

    def speak(self, line: Utterance) -> Speech:
        """Read *line* aloud. Raises as `Voice.speak` does."""
        dialect = AZURE_HD if _is_hd(self._name) else AZURE
        ssml = write_ssml(line, dialect, language=self._language, voice=self._name, prosody=self._prosody)
        answer = self._server.ask(
            "POST",
            "/cognitiveservices/v1",
            content=ssml.text.encode(),
            headers={"Content-Type": "application/ssml+xml", "X-Microsoft-OutputFormat": OUTPUT_FORMAT},
        )
        sound = read_sound(answer.content, engine="azure", title=TITLE)
        if sound.duration_ms >= LONGEST_SOUND_MS:
            raise VoiceError(
                f"azure: {TITLE} cuts sound off after ten minutes; cut the line into shorter ones"
            )
        return sound

    @classmethod
    def catalogue(cls, options: Mapping[str, Option] = NO_OPTIONS) -> tuple[VoiceNote, ...]:
        """Name a newsreader of each language."""
        return tuple(map(_describe, VOICES))


def default_voice(language: str) -> str:
    """Return the voice for a language tag: its own, else its language's. Raises `VoiceError`."""
    tag = language.lower()
    for wanted in (f"{tag}-", f"{tag.partition('-')[0]}-"):
        for name in VOICES:
            if name.lower().startswith(wanted):
                return name
    raise VoiceError(
        f"azure: no voice is known here for {language!r}; name one, such as azure:de-DE-ConradNeural "
        "(https://learn.microsoft.com/azure/ai-services/speech-service/language-support)"
    )


def _is_hd(name: str) -> bool:
    return ":" in name


def _price(name: str) -> float:
    """Return what a million characters cost, without the tags, of which Azure counts the names'."""
    usd = USD_A_MILLION_HD if _is_hd(name) else USD_A_MILLION
    return usd * 2 if name.partition("-")[0] in COUNTED_TWICE else usd


def _base_url(options: Mapping[str, Option]) -> str:
    """Return the server's address; raises `VoiceError` when no region is named, or none that can be one."""
    if address := str(options.get("base_url", "")):
        return address
    region = str(options.get("region", "")) or os.environ.get(REGION_VARIABLE, "").strip()
    if not region:
        raise VoiceError(
            "azure: no region is named; put the one of your key, such as westeurope, in region of "
            f"[engines.azure], or in the environment variable {REGION_VARIABLE}"
        )
    # It becomes part of the host's name, and the key goes there.
    if not re.fullmatch(r"[a-z0-9]{2,40}", region):
        raise VoiceError(f"azure: {region!r} is no region; one is such as westeurope")
    return f"https://{region}.tts.speech.microsoft.com"


def _describe(name: str) -> VoiceNote:
    found = _NAME.fullmatch(name)
    installed = bool(os.environ.get(KEY_VARIABLE))
    note = f"Azure{', HD' if _is_hd(name) else ''}; needs {KEY_VARIABLE}"
    language = found[1] if found else ""
    return VoiceNote(name, language, note, "neural", "Microsoft's terms", _price(name), installed)
