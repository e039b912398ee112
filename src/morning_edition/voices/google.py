"""Google Cloud Text-to-Speech over its REST interface: one line in, its sound and the times of its words out.

https://cloud.google.com/text-to-speech/docs/reference/rest/v1beta1/text/synthesize (the older `v1` tells no
times). The families of voices differ in what they take, and a request with anything else is refused:

- Standard, Wavenet, Neural2, News, Casual and Polyglot take SSML, and tell when they come to a `<mark>`;
- Studio takes SSML without marks, and no pitch;
- Chirp 3: HD takes text, with the IPA of names in a field of its own, and no pitch;
- the first Chirp HD voices (once Journey) take nothing but text.
"""

import base64
import binascii
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from morning_edition.errors import VoiceBusyError, VoiceError
from morning_edition.voices import (
    NO_OPTIONS,
    USUAL,
    Delivery,
    Option,
    Pronounced,
    Speech,
    Traits,
    Utterance,
    VoiceNote,
)
from morning_edition.voices.network.addresses import name_server
from morning_edition.voices.network.server import Server, read_key
from morning_edition.voices.sound import read_sound
from morning_edition.voices.ssml import (
    GOOGLE,
    GOOGLE_STUDIO,
    Dialect,
    drop_forbidden,
    fit_ipa,
    time_words,
    write_ssml,
)

TITLE = "Google Cloud Text-to-Speech"
BASE_URL = "https://texttospeech.googleapis.com"
OWN_ENDING = "texttospeech.googleapis.com"
"""Of its hosts in all regions."""
KEY_VARIABLE = "GOOGLE_API_KEY"
SAMPLE_RATE_HZ = 24_000
"""What the models speak at; a higher rate would be a resampled one."""
LARGEST_REQUEST = 5_000
"""Bytes of text or SSML, tags included (https://cloud.google.com/text-to-speech/quotas)."""
LONGEST_LINE = 800
"""Characters: a mark for each word and two dozen names besides still keep within the limit."""
SLOWEST, FASTEST = 0.25, 2.0
REQUEST_FORM = 1
"""Raised when what is sent for a line changes."""


@dataclass(frozen=True, slots=True)
class Family:
    """What voices of one kind take, and their price."""

    usd_a_million_characters: float
    dialect: Dialect | None = None
    """None: text alone."""
    rate: bool = True
    pitch: bool = False
    pronunciations: bool = False
    """Whether names in a text can be given in IPA."""
    quality: str = "neural"


# Prices: https://cloud.google.com/text-to-speech/pricing; tags other than <mark> count as characters.
FAMILIES = {
    "Standard": Family(4.0, GOOGLE, pitch=True, quality="plain"),
    "Wavenet": Family(16.0, GOOGLE, pitch=True),
    "Neural2": Family(16.0, GOOGLE, pitch=True),
    "News": Family(16.0, GOOGLE, pitch=True),
    "Casual": Family(16.0, GOOGLE, pitch=True),
    "Polyglot": Family(16.0, GOOGLE, pitch=True),
    "Studio": Family(160.0, GOOGLE_STUDIO, quality="studio"),
    "Chirp3": Family(30.0, pronunciations=True, quality="generative"),
    "Chirp": Family(30.0, rate=False, quality="generative"),
    "Journey": Family(30.0, rate=False, quality="generative"),
}
NEURAL2 = {"en-US": "D", "en-GB": "B", "en-AU": "B", "en-IN": "B"}
"""The newsreader's voice of each English: Neural2 is the best family that tells when words are heard."""
CHIRP3 = (
    "de-DE fr-FR es-ES it-IT nl-NL pt-BR pl-PL es-US fr-CA nl-BE ar-XA bg-BG bn-IN cmn-CN cs-CZ da-DK el-GR "
    "et-EE fi-FI gu-IN he-IL hi-IN hr-HR hu-HU id-ID ja-JP kn-IN ko-KR lt-LT lv-LV ml-IN mr-IN nb-NO pa-IN "
    "ro-RO ru-RU sk-SK sl-SI sr-RS sv-SE sw-KE ta-IN te-IN th-TH tr-TR uk-UA ur-IN vi-VN"
).split()
"""The other languages, which all have the same voices: https://cloud.google.com/text-to-speech/docs/chirp3-hd."""
OTHER_NAMES = {"zh": "cmn", "no": "nb", "nn": "nb"}
_NAME = re.compile(r"([a-z]{2,3}-(?:[A-Z][a-z]{3}-)?[A-Z]{2})-([A-Za-z0-9]+)-[A-Za-z0-9-]+")


class GoogleVoice:
    """A voice of Google Cloud, by its full name: `en-US-Neural2-D`."""

    def __init__(self, name: str = "", delivery: Delivery = USUAL) -> None:
        self._name = name or default_voice(delivery.language)
        self._language, self._family = _read_name(self._name)
        self._rate = min(max(delivery.rate, SLOWEST), FASTEST) if self._family.rate else 1.0
        self._semitones = delivery.pitch_semitones if self._family.pitch else 0.0
        self._lines_at_once = int(delivery.options.get("lines_at_once", 8))
        self._server = Server(
            "google",
            str(delivery.options.get("base_url", BASE_URL)),
            title=TITLE,
            headers={"X-Goog-Api-Key": read_key(KEY_VARIABLE, engine="google", title=TITLE)},
            key_variable=KEY_VARIABLE,
        )

    @property
    def identity(self) -> str:
        """The form of the request, the voice, rate and pitch, and the server when it is not Google's."""
        asked = f"form={REQUEST_FORM} {self._name} rate={self._rate:g} pitch={self._semitones:+g}"
        own = self._server.host.endswith(OWN_ENDING)
        return f"google v1beta1 {asked}{'' if own else ' ' + name_server(self._server.host)}"

    @property
    def traits(self) -> Traits:
        """What the voice's family takes; the price is without the tags, of which Google counts the names'."""
        return Traits(
            takes=self._takes,
            sample_rate_hz=SAMPLE_RATE_HZ,
            word_times=self._family.dialect is GOOGLE,
            sets_rate=self._family.rate,
            sets_pitch=self._family.pitch,
            lines_at_once=self._lines_at_once,
            longest_line=LONGEST_LINE,
            usd_a_million_characters=self._family.usd_a_million_characters,
        )

    @property
    def _takes(self) -> Literal["text", "ipa", "ssml"]:
        if self._family.dialect:
            return "ssml"
        return "ipa" if self._family.pronunciations else "text"

    def speak(self, line: Utterance) -> Speech:
        """Read *line* aloud. Raises as `Voice.speak` does."""
        answer = self._server.ask_record("POST", "/v1beta1/text:synthesize", record=self._request(line))
        sound = read_sound(_read_content(answer), engine="google", title=TITLE)
        words = time_words(line.text, _read_timepoints(answer), sound)
        return Speech(sound.pcm, sound.sample_rate_hz, words)

    def _request(self, line: Utterance) -> dict[str, Any]:
        """Return what is asked of Google, in its words."""
        settings: dict[str, Any] = {"audioEncoding": "LINEAR16", "sampleRateHertz": SAMPLE_RATE_HZ}
        if self._rate != 1.0:
            settings["speakingRate"] = self._rate
        if self._semitones:
            settings["pitch"] = self._semitones
        request: dict[str, Any] = {
            "input": self._input(line),
            "voice": {"languageCode": self._language, "name": self._name},
            "audioConfig": settings,
        }
        if "<mark " in request["input"].get("ssml", ""):
            request["enableTimePointing"] = ["SSML_MARK"]
        return request

    def _input(self, line: Utterance) -> dict[str, Any]:
        if dialect := self._family.dialect:
            ssml = write_ssml(line, dialect, language=self._language).text
            if len(ssml.encode()) > LARGEST_REQUEST:  # better without times than not at all
                ssml = write_ssml(line, GOOGLE_STUDIO, language=self._language).text
            return {"ssml": ssml}
        if self._family.pronunciations:
            return _input_with_pronunciations(line, self._language)
        return {"text": drop_forbidden(line.respelled)}

    @classmethod
    def catalogue(cls, options: Mapping[str, Option] = NO_OPTIONS) -> tuple[VoiceNote, ...]:
        """Name one voice of each language, and one of each better family; Google has hundreds more."""
        names = [f"{language}-Neural2-{letter}" for language, letter in NEURAL2.items()]
        names += ["en-US-Chirp3-HD-Charon", "en-US-Studio-Q", "en-GB-Chirp3-HD-Charon"]
        names += [f"{language}-Chirp3-HD-Charon" for language in CHIRP3]
        return tuple(map(_describe, names))


def default_voice(language: str) -> str:
    """Return the voice for a language tag: its own, else its language's. Raises `VoiceError`."""
    primary, _, region = language.partition("-")
    primary = OTHER_NAMES.get(primary.lower(), primary.lower())
    for wanted in (f"{primary}-{region.upper()}", f"{primary}-"):
        for tag in (*NEURAL2, *CHIRP3):
            if tag.startswith(wanted):
                return f"{tag}-Neural2-{NEURAL2[tag]}" if tag in NEURAL2 else f"{tag}-Chirp3-HD-Charon"
    raise VoiceError(
        f"google: no voice is known here for {language!r}; name one, such as google:de-DE-Chirp3-HD-Charon "
        "(https://cloud.google.com/text-to-speech/docs/voices)"
    )


def _read_name(name: str) -> tuple[str, Family]:
    """Return language and family of a voice; raises `VoiceError` for a name of another form."""
    found = _NAME.fullmatch(name)
    if not found or found[2] not in FAMILIES:
        raise VoiceError(
            f"google has no voice called {name!r}; a name is made of language, family and voice, such as "
            f"en-US-Neural2-D, and the families are {', '.join(FAMILIES)}"
        )
    return found[1], FAMILIES[found[2]]


def _describe(name: str) -> VoiceNote:
    language, family = _read_name(name)
    told = "tells when each word is heard" if family.dialect is GOOGLE else "without word times"
    return VoiceNote(
        name,
        language,
        f"Google Cloud, {told}; needs {KEY_VARIABLE}",
        family.quality,
        "Google Cloud's terms",
        family.usd_a_million_characters,
        installed=bool(os.environ.get(KEY_VARIABLE)),
    )


def _input_with_pronunciations(line: Utterance, language: str) -> dict[str, Any]:
    """Return text with its names beside it in IPA; a name said in two ways, or without IPA, is respelled."""
    ways: dict[str, set[str]] = {}
    for said in line.says:
        ways.setdefault(_phrase(line, said).casefold(), set()).add(said.ipa)
    given = [said for said in line.says if said.ipa and len(ways[_phrase(line, said).casefold()]) == 1]
    rest = Utterance(line.text, tuple(said for said in line.says if said not in given))
    found: dict[str, Any] = {"text": drop_forbidden(rest.respelled)}
    if given:
        phrases = {_phrase(line, said): fit_ipa(said.ipa, language) for said in given}
        found["customPronunciations"] = {
            "pronunciations": [
                {"phrase": phrase, "phoneticEncoding": "PHONETIC_ENCODING_IPA", "pronunciation": ipa}
                for phrase, ipa in phrases.items()
            ]
        }
    return found


def _phrase(line: Utterance, said: Pronounced) -> str:
    return drop_forbidden(line.text[said.start : said.end])


def _read_content(answer: Mapping[str, Any]) -> bytes:
    try:
        return base64.b64decode(answer["audioContent"], validate=True)
    except (KeyError, TypeError, binascii.Error) as error:
        raise VoiceBusyError(f"google: {TITLE} answers without a sound", paid=True) from error


def _read_timepoints(answer: Mapping[str, Any]) -> dict[int, int]:
    """Return when each word begins, in milliseconds, by its number; none where they cannot be read."""
    starts: dict[int, int] = {}
    try:
        for point in answer.get("timepoints") or []:
            if found := re.fullmatch(r"w([0-9]{1,6})", point.get("markName", "")):
                # A time of 0 is left out, as JSON of protocol buffers leaves out all that is usual.
                starts[int(found[1])] = round(float(point.get("timeSeconds", 0.0)) * 1000)
    except (AttributeError, TypeError, ValueError, OverflowError):
        return {}
    return starts
