"""Amazon Polly through Amazon's own package: one line of SSML in, its sound and the times of its words out.

https://docs.aws.amazon.com/polly/latest/dg/API_SynthesizeSpeech.html. Sound and word times are two requests,
and each of them is paid for. The sound is asked for as Ogg Vorbis: bare samples end at 16 kHz, a third below
what the voices speak at, and an MP3 begins with its encoder's delay, by which all word times would be off.
Generative voices tell nothing of words (custom-tag.html there) and take no phonemes (phoneme-tag.html); none
but standard ones take a pitch (prosody-tag.html).
"""

import difflib
import importlib.util
import json
from collections.abc import Mapping
from dataclasses import dataclass

from morning_edition.errors import VoiceBusyError, VoiceError
from morning_edition.voices import NO_OPTIONS, USUAL, Delivery, Option, Speech, Traits, Utterance, VoiceNote
from morning_edition.voices.network.addresses import name_server
from morning_edition.voices.polly.account import has_account
from morning_edition.voices.polly.client import TITLE, PollyClient
from morning_edition.voices.sound import read_sound
from morning_edition.voices.ssml import POLLY, POLLY_GENERATIVE, Ssml, time_words, write_ssml

LONGEST_LINE = 2_000
"""Characters: Amazon takes 3,000, and 6,000 with tags, which leaves room for those of eighty names."""
SLOWEST, FASTEST = 0.2, 2.0
LOWEST_PITCH, HIGHEST_PITCH = -7.0, 7.0
"""Semitones: from a third lower to half as high again."""
LINES_AT_ONCE = 4
"""Each is two requests, and Amazon allows eight a second (limits.html there)."""
REQUEST_FORM = 1
"""Raised when what is sent for a line changes."""


@dataclass(frozen=True, slots=True)
class Engine:
    """One of Amazon's ways to make speech."""

    usd_a_million_characters: float
    """Of one request: https://aws.amazon.com/polly/pricing/."""
    quality: str = "neural"
    sample_rate_hz: int = 24_000
    """The engine's own."""
    word_times: bool = True
    phonemes: bool = True
    rate: bool = True
    pitch: bool = False


ENGINES = {
    "neural": Engine(16.0),
    "generative": Engine(30.0, "generative", word_times=False, phonemes=False, rate=False),
    "long-form": Engine(100.0, "long-form"),
    "standard": Engine(4.0, "plain", 22_050, pitch=True),
}
# https://docs.aws.amazon.com/polly/latest/dg/available-voices.html: name, language and engines, by their
# first letters; the first of a language that has the engine is its newsreader.
VOICES = tuple(
    tuple(row.split())
    for row in (
        "Matthew en-US nsg, Joanna en-US nsg, Ruth en-US ngl, Stephen en-US ng, Danielle en-US ngl, "
        "Gregory en-US nl, Amy en-GB nsg, Brian en-GB ns, Emma en-GB ns, Arthur en-GB n, Olivia en-AU ng, "
        "Nicole en-AU s, Russell en-AU s, Kajal en-IN ng, Aditi en-IN s, Niamh en-IE n, Aria en-NZ n, "
        "Ayanda en-ZA n, Vicki de-DE nsg, Daniel de-DE ng, Hans de-DE s, Hannah de-AT n, Lea fr-FR nsg, "
        "Remi fr-FR n, Gabrielle fr-CA n, Chantal fr-CA s, Isabelle fr-BE n, Lucia es-ES nsg, "
        "Sergio es-ES ng, Lupe es-US nsg, Pedro es-US ng, Mia es-MX nsg, Andres es-MX ng, Bianca it-IT nsg, "
        "Adriano it-IT n, Camila pt-BR nsg, Thiago pt-BR n, Ines pt-PT ns, Laura nl-NL n, Lotte nl-NL s, "
        "Lisa nl-BE n, Ola pl-PL n, Ewa pl-PL s, Elin sv-SE n, Astrid sv-SE s, Sofie da-DK n, Naja da-DK s, "
        "Ida nb-NO n, Liv nb-NO s, Suvi fi-FI n, Jitka cs-CZ n, Burcu tr-TR n, Filiz tr-TR s, Arlet ca-ES n, "
        "Hala ar-AE n, Zeina arb s, Kajal hi-IN n, Aditi hi-IN s, Takumi ja-JP ns, Kazuha ja-JP n, "
        "Seoyeon ko-KR nsg, Zhiyu cmn-CN ns, Hiujin yue-CN n, Tatyana ru-RU s, Carmen ro-RO s, "
        "Gwyneth cy-GB s, Dora is-IS s"
    ).split(", ")
)
OTHER_NAMES = {"zh": "cmn", "no": "nb", "nn": "nb"}


class PollyVoice:
    """A voice of Amazon Polly, by its name: `Matthew`."""

    def __init__(self, name: str = "", delivery: Delivery = USUAL) -> None:
        options = delivery.options
        self._engine_name = str(options.get("engine", "neural"))
        if self._engine_name not in ENGINES:
            raise VoiceError(
                f"polly: engine in [engines.polly] must be one of {', '.join(ENGINES)}, "
                f"not {self._engine_name!r}"
            )
        self._engine = ENGINES[self._engine_name]
        self._name = name or default_voice(delivery.language, self._engine_name)
        self._language = _find_language(self._name, delivery.language)
        self._tells_words = self._engine.word_times and bool(options.get("word_times", True))
        self._delivery = delivery
        self._lines_at_once = int(options.get("lines_at_once", LINES_AT_ONCE))
        self._client = PollyClient(
            region=str(options.get("region", "")),
            endpoint_url=str(options.get("endpoint_url", "")),
            most_at_once=self._lines_at_once,
        )
        _check_name(self._name, self._client.voice_names)

    @property
    def identity(self) -> str:
        """The form of the request, engine, voice, its language, rate, pitch, and whether words are timed.

        Besides, the server when it is not Amazon's.
        """
        prosody = " ".join(f"{key}={value}" for key, value in self._prosody.items())
        named = f"{self._engine_name} {self._name} {self._language}"
        times = "" if self._tells_words else "no-times"
        host = name_server(self._client.other_host) if self._client.other_host else ""
        parts = ["polly 2016-06-10", f"form={REQUEST_FORM}", named, prosody, times, host]
        return " ".join(filter(None, parts))

    @property
    def traits(self) -> Traits:
        """What the engine takes; with word times a line is asked for, and paid, twice."""
        return Traits(
            takes="ssml",
            sample_rate_hz=self._engine.sample_rate_hz,
            word_times=self._tells_words,
            sets_rate=self._sets_rate,
            sets_pitch=self._sets_pitch,
            lines_at_once=self._lines_at_once,
            longest_line=LONGEST_LINE,
            usd_a_million_characters=self._engine.usd_a_million_characters * (1 + self._tells_words),
        )

    @property
    def _sets_rate(self) -> bool:
        return self._engine.rate and SLOWEST <= self._delivery.rate <= FASTEST

    @property
    def _sets_pitch(self) -> bool:
        return self._engine.pitch and LOWEST_PITCH <= self._delivery.pitch_semitones <= HIGHEST_PITCH

    @property
    def _prosody(self) -> dict[str, str]:
        """Return what Amazon is asked to change, in percent."""
        prosody = {}
        if self._sets_rate and self._delivery.rate != 1.0:
            prosody["rate"] = f"{self._delivery.rate * 100:.0f}%"
        if self._sets_pitch and self._delivery.pitch_semitones:
            prosody["pitch"] = f"{(2 ** (self._delivery.pitch_semitones / 12) - 1) * 100:+.0f}%"
        return prosody

    def speak(self, line: Utterance) -> Speech:
        """Read *line* aloud. Raises as `Voice.speak` does."""
        dialect = POLLY if self._engine.phonemes else POLLY_GENERATIVE
        ssml = write_ssml(line, dialect, language=self._language, prosody=self._prosody)
        request = {"Engine": self._engine_name, "VoiceId": self._name, "TextType": "ssml", "Text": ssml.text}
        if (self._name, self._language) in (("Kajal", "hi-IN"), ("Aditi", "hi-IN")):
            request["LanguageCode"] = self._language
        rate = str(self._engine.sample_rate_hz)
        marks = self._ask_marks(request) if self._tells_words else b""
        content = self._client.ask(OutputFormat="ogg_vorbis", SampleRate=rate, **request)
        sound = read_sound(content, engine="polly", title=TITLE)
        words = time_words(line.text, _read_marks(marks, ssml), sound)
        return Speech(sound.pcm, sound.sample_rate_hz, words)

    def _ask_marks(self, request: Mapping[str, str]) -> bytes:
        """Ask for the times of the words, before the dearer sound; none where that has no use.

        Raises `VoiceBusyError` where nothing is paid yet. What is refused for good shows at the sound again.
        """
        try:
            return self._client.ask(OutputFormat="json", SpeechMarkTypes=["word"], **request)
        except VoiceBusyError as error:
            if not error.paid:
                raise
        except VoiceError:
            pass
        return b""

    @classmethod
    def catalogue(cls, options: Mapping[str, Option] = NO_OPTIONS) -> tuple[VoiceNote, ...]:
        """Name the voices of the engine that the station's settings name; word times double the price."""
        name = str(options.get("engine", "neural"))
        engine = ENGINES.get(name, ENGINES["neural"])
        times = 1 + (engine.word_times and bool(options.get("word_times", True)))
        found = importlib.util.find_spec("boto3") is not None
        installed = found and has_account(str(options.get("region", "")))
        return tuple(
            VoiceNote(
                voice,
                language,
                f"Amazon Polly, {name}; needs AWS credentials and morning-edition[polly]",
                engine.quality,
                "Amazon's terms",
                engine.usd_a_million_characters * times,
                installed,
            )
            for voice, language, letters in VOICES
            if name[0] in letters
        )


def default_voice(language: str, engine: str) -> str:
    """Return an engine's voice for a language tag: its own, else its language's. Raises `VoiceError`."""
    primary, _, region = language.lower().partition("-")
    primary = OTHER_NAMES.get(primary, primary)
    for wanted in (f"{primary}-{region}", primary):
        for name, tag, letters in VOICES:
            if engine[0] in letters and tag.lower().startswith(wanted):
                return name
    raise VoiceError(
        f"polly: no {engine} voice is known here for {language!r}; name one, such as polly:Vicki, or set "
        "another engine in [engines.polly] (https://docs.aws.amazon.com/polly/latest/dg/available-voices.html)"
    )


def _find_language(name: str, language: str) -> str:
    """Return the language that a voice speaks: *language* where it speaks more than one, or is not known."""
    spoken = [tag for voice, tag, _ in VOICES if voice == name]
    return language if language in spoken or not spoken else spoken[0]


def _check_name(name: str, known: tuple[str, ...]) -> None:
    if name not in known:
        near = difflib.get_close_matches(name.capitalize(), known, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else "`morning-edition voices` lists some"
        raise VoiceError(f"polly has no voice called {name!r}; {hint} (a newer boto3 may know more)")


def _read_marks(content: bytes, ssml: Ssml) -> dict[int, int]:
    """Return when each word begins, in milliseconds, by its number; none where that cannot be read.

    A mark is a line of JSON.
    """
    starts: dict[int, int] = {}
    try:
        for mark in map(json.loads, content.splitlines()):
            if mark["type"] == "word":
                starts.setdefault(ssml.find_word(int(mark["start"])), int(mark["time"]))
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return {}
    return starts
