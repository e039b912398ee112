"""Any server that speaks as OpenAI's does: `POST /audio/speech` takes JSON and answers with a sound file.

https://developers.openai.com/api/reference/resources/audio/subresources/speech: `input` of at most 4096
characters, `voice`, `model`, `response_format`, `instructions`. Kokoro-FastAPI, LocalAI, Speaches and
openedai-speech answer to the same. There are no phonemes and no word times in it; Kokoro-FastAPI has both at
an address of its own (`flavour = "kokoro"`).

`speed` is sent to Kokoro alone: gpt-4o-mini-tts and several servers ignore it without a word, so elsewhere
the sound is stretched afterwards. The format is WAV, which loses nothing and needs no decoder's delay.
"""

import base64
import os
from collections.abc import Mapping
from typing import Any

from morning_edition.station.engines import OpenAi
from morning_edition.voices import (
    NO_OPTIONS,
    USUAL,
    Delivery,
    Option,
    Speech,
    Traits,
    Utterance,
    VoiceNote,
    Word,
)
from morning_edition.voices.network.addresses import digest_address
from morning_edition.voices.network.complaints import broken_answer
from morning_edition.voices.openai.kokoro import write_kokoro
from morning_edition.voices.openai.server import (
    KEY_VARIABLE,
    VOICES,
    check_voice,
    confirm_voice,
    is_openai,
    name_voices,
    open_server,
    usual_voice,
)
from morning_edition.voices.sound import read_sound
from morning_edition.voices.word_times import place_words

LONGEST_LINE = 3_800
"""OpenAI takes 4,096 characters; respelled names may be longer than what was written."""
PRICES = {"tts-1": 15.0, "tts-1-hd": 30.0, "gpt-4o-mini-tts": 17.0}
"""US dollars a million characters. The last is an estimate: it is billed by tokens of sound, about 1.5 cents
a minute, and a minute of news holds 900 characters."""
KOKORO_SPEEDS = (0.25, 4.0)


class OpenAiVoice:
    """A voice of OpenAI, or of a server of one's own that speaks the same protocol."""

    def __init__(self, name: str = "", delivery: Delivery = USUAL) -> None:
        """Choose the voice as `Voice` tells; raises `VoiceError`.

        Only when no voice is named is a server other than OpenAI's asked which ones it has.
        """
        self._settings = settings = _read_settings(delivery.options)
        self._kokoro = settings.flavour == "kokoro"
        self._server = open_server(settings)
        self._model = settings.model or _usual_model(settings)
        self._voice = name or usual_voice(settings, self._server, delivery.language)
        self._rate = delivery.rate if self._kokoro else 1.0
        if is_openai(settings):
            check_voice(self._voice)

    @property
    def identity(self) -> str:
        """Protocol, server, model, voice and every setting that it is asked with.

        A digest stands for a server that is not OpenAI's.
        """
        address = self._settings.base_url
        where = address if is_openai(self._settings) else digest_address(address.rstrip("/"))
        parts = [f"openai 1 {where} {self._model} {self._voice} {self._settings.flavour}"]
        if self._sets_rate and self._rate != 1.0:
            parts.append(f"speed={self._rate:g}")
        if self._settings.instructions:
            parts.append(f"instructions={self._settings.instructions!r}")
        return " ".join(parts)

    @property
    def traits(self) -> Traits:
        """As many lines at once as the station allows."""
        return Traits(
            takes="ipa" if self._kokoro else "text",
            word_times=self._kokoro,
            sets_rate=self._sets_rate,
            lines_at_once=self._settings.lines_at_once,
            lines_a_minute=self._settings.lines_a_minute,
            longest_line=LONGEST_LINE,
            usd_a_million_characters=_price(self._settings, self._model),
        )

    def confirm(self) -> None:
        """Ask a server of one's own, where it lists its voices, whether this one is there.

        Raises `VoiceError`, and `VoiceBusyError` when it does not say so in time.
        """
        confirm_voice(self._settings, self._server, self._voice)

    def speak(self, line: Utterance) -> Speech:
        """Ask for one line; raises `VoiceBusyError` for what may pass, `VoiceError` for what will not."""
        return self._speak_captioned(line) if self._kokoro else self._speak_plain(line)

    @classmethod
    def catalogue(cls, options: Mapping[str, Option] = NO_OPTIONS) -> tuple[VoiceNote, ...]:
        """Name OpenAI's voices, or those of the station's own server if it says within two seconds."""
        settings = _read_settings(options)
        price = _price(settings, settings.model or _usual_model(settings))
        if is_openai(settings):
            ready = bool(os.environ.get(KEY_VARIABLE))
            lacking = "" if ready else f"; needs a key in {KEY_VARIABLE}"
            return tuple(
                VoiceNote(name, "", f"OpenAI, {how}{lacking}", "neural", "OpenAI's terms", price, ready)
                for name, how in VOICES.items()
            )
        return name_voices(settings, price)

    @property
    def _sets_rate(self) -> bool:
        return self._kokoro and KOKORO_SPEEDS[0] <= self._rate <= KOKORO_SPEEDS[1]

    def _speak_plain(self, line: Utterance) -> Speech:
        custom = is_openai(self._settings) and self._voice.startswith("voice_")
        record: dict[str, Any] = {
            "model": self._model,
            "input": line.respelled,
            "voice": {"id": self._voice} if custom else self._voice,
            "response_format": "wav",
        }
        if self._settings.instructions:
            record["instructions"] = self._settings.instructions
        answer = self._server.ask("POST", "/audio/speech", record=record, deadline_s=self._settings.timeout_s)
        return read_sound(answer.content, engine="openai", title=self._server.title)

    def _speak_captioned(self, line: Utterance) -> Speech:
        """Ask Kokoro-FastAPI for sound and word times; the text is in its spoken form already."""
        record = {
            "model": self._model,
            "input": write_kokoro(line, british=self._voice.startswith("b")),
            "voice": self._voice,
            "response_format": "wav",
            "speed": self._rate if self._sets_rate else 1.0,
            "stream": False,
            "return_timestamps": True,
            "normalization_options": {"normalize": False},
        }
        found = self._server.ask_record(
            "POST", "/dev/captioned_speech", record=record, deadline_s=self._settings.timeout_s
        )
        try:
            content = base64.b64decode(found["audio"], validate=True)
            heard = [_read_word(entry) for entry in found.get("timestamps") or []]
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise broken_answer("openai", self._server.title) from error
        speech = read_sound(content, engine="openai", title=self._server.title)
        said = [word for word in heard if any(map(str.isalnum, word.text))]
        return Speech(speech.pcm, speech.sample_rate_hz, place_words(line.text, said))


def _read_settings(options: Mapping[str, Option]) -> OpenAi:
    given: dict[str, Any] = dict(options)
    return OpenAi(**given)


def _usual_model(settings: OpenAi) -> str:
    """Return OpenAI's best, Kokoro's only, or the name that other servers understand for what they have."""
    if settings.flavour == "kokoro":
        return "kokoro"
    return "gpt-4o-mini-tts" if is_openai(settings) else "tts-1"


def _price(settings: OpenAi, model: str) -> float:
    """Return what the station says it costs; else OpenAI's price, and nothing for a server of one's own."""
    own = PRICES.get(model, 0.0) if is_openai(settings) else 0.0
    return settings.usd_a_million_characters or own


def _read_word(entry: Mapping[str, Any]) -> Word:
    start_ms, end_ms = (round(float(entry[key]) * 1000) for key in ("start_time", "end_time"))
    return Word(str(entry["word"]), start_ms, end_ms)
