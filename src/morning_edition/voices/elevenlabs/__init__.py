"""ElevenLabs over its REST interface: sound and the time of each character in one answer.

https://elevenlabs.io/docs/api-reference/text-to-speech/convert-with-timestamps. The sound is asked for as
bare samples at 24 kHz: every plan has them (44.1 kHz is for the dearer ones), nothing is lost in them, and
they begin where the times begin, which an MP3 with its decoder's delay does not.
"""

import base64
import difflib
import math
import os
import re
from collections.abc import Mapping, Sequence
from typing import Any

from morning_edition.errors import VoiceError
from morning_edition.station.engines import ElevenLabs
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
from morning_edition.voices.elevenlabs.input import Piece, Timing, time_words, write_pieces
from morning_edition.voices.network.addresses import name_server
from morning_edition.voices.network.complaints import broken_answer
from morning_edition.voices.network.server import Server, read_key
from morning_edition.voices.sound import read_pcm

KEY_VARIABLE = "ELEVENLABS_API_KEY"
TITLE = "ElevenLabs"
SAMPLE_RATE_HZ = 24_000
SETTINGS = {"stability": 0.5, "similarity_boost": 0.75, "style": 0.0, "use_speaker_boost": True}
"""The service's own defaults, sent because a user can change those of a voice on the web."""
SEED = 1
"""The same line with the same seed is said in nearly the same way."""
SLOWEST, FASTEST = 0.7, 1.2
"""What `speed` may be; beyond, the sound is stretched afterwards."""
SHORTFALL_MS = 500
"""How far behind the end of the sound times may be; beyond that they are not the sound's."""
SHORTEST_MS_PER_LETTER = 30
"""Twice as fast as the fastest voice: sound in another format than was asked for is shorter, and noise."""
LONGEST_LINE = 4_500
"""The strictest model takes 5,000 characters, tags and respellings included."""
PHONEME_MODELS = ("eleven_flash_v2", "eleven_monolingual_v1")
"""All others leave out a word with a phoneme tag. Of eleven_turbo_v2 the documentation says both."""
LANGUAGE_MODELS = ("eleven_flash_v2_5", "eleven_turbo_v2_5", "eleven_v3")
"""The models that can be told the language; others hear it from the text."""
HALF_PRICE = ("flash", "turbo")
VOICES = {
    "Alice": ("Xb7hH8MSUJpSbSDYk0k2", "en-GB", "female, a newsreader"),
    "Daniel": ("onwK4e9ZLuTAKqWW03F9", "en-GB", "male, a newsreader"),
    "Sarah": ("EXAVITQu4vr4xnSDxMaL", "en-US", "female, mature"),
    "Brian": ("nPczCjzI2devNBz1zQrb", "en-US", "male, deep"),
    "Matilda": ("XrExE9yKIg1WjnnlVkGX", "en-US", "female, knowledgeable"),
    "Eric": ("cjVigY5qzO86Huf0OWal", "en-US", "male, smooth"),
    "Bill": ("pqHfZKP75CvOlQylNhV4", "en-US", "male, older"),
    "River": ("SAz9YHcvj6GT2YYXdXww", "en-US", "neutral, relaxed"),
    "Roger": ("CwhRBWXzGAHq8TQ4Fs17", "en-US", "male, easy"),
    "Laura": ("FGY2WhTYpPnrIDTdsKH5", "en-US", "female, lively"),
    "Jessica": ("cgSgspJ2msm6clMCkdW9", "en-US", "female, bright"),
    "Chris": ("iP95p4xoKVk53GoZ742B", "en-US", "male, down to earth"),
    "Liam": ("TX3LPaxmHKxFdv7VOQHJ", "en-US", "male, young"),
    "Will": ("bIHbv24MWmeRgasZH58o", "en-US", "male, relaxed"),
    "George": ("JBFqnCBsd6RMkjVDRZzb", "en-GB", "male, a storyteller"),
    "Lily": ("pFZP5JQG7iQjIQuC4Bku", "en-GB", "female, velvety"),
    "Charlie": ("IKne3meq5aSn9XLyUdCD", "en-AU", "male, confident"),
}
"""The voices that every account has, the newsreaders first."""


class ElevenLabsVoice:
    """A voice of ElevenLabs: one that every account has by its name, any other by its id."""

    def __init__(self, name: str = "", delivery: Delivery = USUAL) -> None:
        """Choose the voice as `Voice` tells; raises `VoiceError`."""
        self._settings = settings = _read_settings(delivery.options)
        self._voice_id = _find_voice(name, delivery.language)
        self._language = delivery.language.split("-")[0].lower() if settings.model in LANGUAGE_MODELS else ""
        self._sets_rate = SLOWEST <= delivery.rate <= FASTEST and settings.model != "eleven_v3"
        self._speed = delivery.rate if self._sets_rate else 1.0
        key = read_key(KEY_VARIABLE, engine="elevenlabs", title=TITLE)
        self._server = Server(
            "elevenlabs",
            settings.base_url,
            title=TITLE,
            headers={"xi-api-key": key},
            key_variable=KEY_VARIABLE,
        )

    @property
    def identity(self) -> str:
        """Protocol, server, model, voice and every setting that it is asked with."""
        settings = " ".join(f"{name}={value}" for name, value in {**SETTINGS, "speed": self._speed}.items())
        language = f" language={self._language}" if self._language else ""
        where = f"{name_server(self._server.host)} {self._settings.model} {self._voice_id}"
        return f"elevenlabs 1 {where} {settings} seed={SEED}{language}"

    @property
    def traits(self) -> Traits:
        """As many lines at once as the station's plan allows; flash and turbo models cost half."""
        return Traits(
            takes="ssml" if self._takes_phonemes else "text",
            sample_rate_hz=SAMPLE_RATE_HZ,
            word_times=True,
            sets_rate=self._sets_rate,
            lines_at_once=self._settings.lines_at_once,
            longest_line=LONGEST_LINE,
            usd_a_million_characters=_price(self._settings),
        )

    def speak(self, line: Utterance) -> Speech:
        """Ask for one line; raises `VoiceBusyError` for what may pass, `VoiceError` for what will not."""
        pieces = write_pieces(line, phonemes=self._takes_phonemes)
        record: dict[str, Any] = {
            "text": "".join(piece.sent for piece in pieces),
            "model_id": self._settings.model,
            "voice_settings": {**SETTINGS, "speed": self._speed},
            "seed": SEED,
            "apply_text_normalization": "off",  # numbers are in their spoken form already
        }
        if self._language:
            record["language_code"] = self._language
        path = f"/v1/text-to-speech/{self._voice_id}/with-timestamps?output_format=pcm_{SAMPLE_RATE_HZ}"
        found = self._server.ask_record("POST", path, record=record)
        try:
            speech = read_pcm(base64.b64decode(found["audio_base64"], validate=True), SAMPLE_RATE_HZ)
        except (LookupError, TypeError, ValueError) as error:
            raise broken_answer("elevenlabs", TITLE) from error
        if speech.duration_ms < SHORTEST_MS_PER_LETTER * sum(map(str.isalnum, line.text)):
            raise broken_answer("elevenlabs", TITLE)
        return Speech(speech.pcm, speech.sample_rate_hz, _find_words(line, pieces, found, speech.duration_ms))

    @classmethod
    def catalogue(cls, options: Mapping[str, Option] = NO_OPTIONS) -> tuple[VoiceNote, ...]:
        """Name the voices that every account has; those of one's own are named by their ids."""
        price, ready = _price(_read_settings(options)), bool(os.environ.get(KEY_VARIABLE))
        lacking = "" if ready else f"; needs a key in {KEY_VARIABLE}"
        return tuple(
            VoiceNote(name, tag, f"ElevenLabs, {how}{lacking}", "neural", "ElevenLabs' terms", price, ready)
            for name, (_, tag, how) in VOICES.items()
        )

    @property
    def _takes_phonemes(self) -> bool:
        return self._settings.model in PHONEME_MODELS


def _read_settings(options: Mapping[str, Option]) -> ElevenLabs:
    given: dict[str, Any] = dict(options)
    return ElevenLabs(**given)


def _find_voice(name: str, language: str) -> str:
    """Return the id of a voice; raises `VoiceError` for a name that not every account has."""
    if not name:
        spoken = {tag.lower(): voice_id for voice_id, tag, _ in reversed(VOICES.values())}
        return spoken.get(language.lower(), VOICES["Sarah"][0])
    if re.fullmatch(r"[A-Za-z0-9]{20}", name):
        return name
    known = {known.lower(): voice_id for known, (voice_id, _, _) in VOICES.items()}
    if name.lower() in known:
        return known[name.lower()]
    near = difflib.get_close_matches(name.capitalize(), VOICES, n=1, cutoff=0.5)
    hint = f" (did you mean {near[0]}?)" if near else ""
    raise VoiceError(
        f"elevenlabs: no voice {name!r}{hint}; give a voice's id of 20 signs, or one of {', '.join(VOICES)}"
    )


def _price(settings: ElevenLabs) -> float:
    half = any(mark in settings.model for mark in HALF_PRICE)
    return settings.usd_a_million_characters / (2 if half else 1)


def _find_words(
    line: Utterance, pieces: Sequence[Piece], found: Mapping[str, Any], duration_ms: int
) -> tuple[Word, ...]:
    """Return when the words are heard; none where the times make no sense, for the sound is paid for."""
    try:
        timing = _read_timing(found)
        words = time_words(line.text, pieces, timing) if timing else ()
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return ()
    if words and words[-1].end_ms > duration_ms + SHORTFALL_MS:
        return ()
    return _keep_inside(words, duration_ms)


def _read_timing(found: Mapping[str, Any]) -> Timing | None:
    """Return the times of the characters that were sent; None where the answer has none."""
    told = found.get("alignment") or found.get("normalized_alignment")
    if not told:
        return None
    starts, ends = told["character_start_times_seconds"], told["character_end_times_seconds"]
    characters = [str(character) for character in told["characters"]]
    timing = Timing(characters, [float(time) for time in starts], [float(time) for time in ends])
    if not len(characters) == len(starts) == len(ends) or not all(
        map(math.isfinite, [*timing.starts_s, *timing.ends_s])
    ):
        raise ValueError("not a time for each character")
    return timing


def _keep_inside(words: tuple[Word, ...], duration_ms: int) -> tuple[Word, ...]:
    """Let no word end after the sound."""
    return tuple(
        Word(word.text, min(word.start_ms, duration_ms), min(word.end_ms, duration_ms)) for word in words
    )
