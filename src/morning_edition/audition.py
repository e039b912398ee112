"""Voices side by side: one short text read by each, as it would be on air, in one page to compare them."""

import base64
import datetime as dt
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from morning_edition.errors import MorningEditionError, VoiceError
from morning_edition.station import Station
from morning_edition.voices import Speech, Utterance, Voice, VoiceNote

UNKNOWN = VoiceNote("", "", "")
END_OF_SENTENCE = (".", "!", "?", "…", "。", "！", "？")


@dataclass(frozen=True, slots=True)
class Copy:
    """What is read."""

    text: str
    language: str
    """BCP 47."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """How one voice did."""

    name: str
    """As it is written after `--voice`."""
    note: VoiceNote
    """What the engine tells of it; empty but for the name where it tells nothing."""
    identity: str = ""
    mp3: bytes = b""
    duration_ms: int = 0
    took_ms: int = 0
    """How long the voice needed; to bring it to its level and to encode it is not counted."""
    fault: str = ""
    """Why it was not heard; empty where it was."""

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What there is to tell of it, each with its label."""
        heard = f"{self.duration_ms / 1000:.1f} s of sound in {self.took_ms / 1000:.2f} s"
        listed = spell_price(self.note.usd_a_million_characters)
        price = f"{listed} a million characters" if listed else "none listed"
        facts = {
            "Language": self.note.language,
            "Quality": self.note.quality,
            "Licence": self.note.licence,
            "Price": price if listed or self.mp3 else "",
            "Speed": heard if self.mp3 else "",
        }
        return [(label, fact) for label, fact in facts.items() if fact]

    @property
    def source(self) -> str:
        """The sound as an address that holds it (RFC 2397)."""
        return f"data:audio/mpeg;base64,{base64.b64encode(self.mp3).decode()}"


def spell_price(usd: float) -> str:
    """Write $4.80 or $16; nothing where there is no price."""
    return f"${usd:,.2f}".removesuffix(".00") if usd else ""


def find_copy(station: Station) -> Copy:
    """Return the newest episode's headline and date, or the sample article's headline where there is none.

    Raises `EpisodeError` for an episode that cannot be read.
    """
    from morning_edition.articles import open_article
    from morning_edition.episode import load_episodes
    from morning_edition.station.starting import ARTICLE_NAME, STARTER_FOLDER

    if episodes := load_episodes(station):
        newest = episodes[0]
        language = newest.language or station.show.language
        return Copy(_join(newest.title, newest.date, language), language)
    article = open_article(str(STARTER_FOLDER / ARTICLE_NAME))
    return Copy(_join(article.headline), station.choose_language(article.language))


def _join(title: str, date: dt.date | None = None, language: str = "") -> str:
    """Return a headline as a sentence; with its date, where that can be written in the language."""
    from morning_edition.script.wording import format_spoken_date

    sentence = title.strip() if title.rstrip().endswith(END_OF_SENTENCE) else f"{title.strip()}."
    return f"{sentence} {format_spoken_date(date)}." if date and language.startswith("en") else sentence


def hear_voices(names: Iterable[str], copy: Copy, station: Station) -> Iterator[Hearing]:
    """Have each voice read *copy*, one after another, at the pace of the station's anchor and at its level.

    What goes wrong with a voice is its hearing's fault. Raises `LexiconError`.
    """
    from morning_edition.pronunciation.diction import load_diction

    diction = load_diction(station.root, copy.language)
    line = diction.utter(diction.speak(copy.text))
    for name in names:
        yield _hear(name, line, copy.language, station)


def _hear(name: str, line: Utterance, language: str, station: Station) -> Hearing:
    from morning_edition.casting import choose_voices, open_cast

    hearing = Hearing(name, UNKNOWN)
    try:
        setting = choose_voices(station, language, voice=name)["anchor"]
        hearing = replace(hearing, note=_find_note(setting, station))
        voice = open_cast(station, language, {"anchor": setting})["anchor"]
        hearing = _describe(hearing, setting, voice, station)
        return _speak(hearing, voice, line, station)
    except Exception as error:  # a plug-in may fail in any way, and must not keep the others from being heard
        kind = "" if isinstance(error, MorningEditionError) else f"{type(error).__name__}: "
        return replace(hearing, fault=" ".join(f"{kind}{error}".split()))


def _find_note(setting: str, station: Station, *, identity: str = "") -> VoiceNote:
    """Return what the catalogue says of a voice: of the one named, or else of one that *identity* names.

    Of a voice that is not in the catalogue, it is what the engine's voices have in common.
    """
    from morning_edition.voices.registry import name_voices

    engine, _, name = setting.partition(":")
    notes = name_voices(engine, station.engines.options(engine))
    wanted = {name.casefold()} if name else {word.casefold() for word in identity.split()[1:]}
    return next((note for note in notes if note.name.casefold() in wanted), _common(notes))


def _common(notes: Sequence[VoiceNote]) -> VoiceNote:
    """Return what is true of all of *notes*."""
    licences, qualities = {note.licence for note in notes}, {note.quality for note in notes}
    return replace(
        UNKNOWN,
        licence=licences.pop() if len(licences) == 1 else "",
        quality=qualities.pop() if len(qualities) == 1 else "",
    )


def _describe(hearing: Hearing, setting: str, voice: Voice, station: Station) -> Hearing:
    """Add what the voice says of itself once it is open."""
    note = hearing.note if hearing.note.name else _find_note(setting, station, identity=voice.identity)
    price = note.usd_a_million_characters or voice.traits.usd_a_million_characters
    return replace(hearing, note=replace(note, usd_a_million_characters=price), identity=voice.identity)


def _speak(hearing: Hearing, voice: Voice, line: Utterance, station: Station) -> Hearing:
    # What all of them need is loaded before: it is not the first one's time.
    import morning_edition.mix.dress  # noqa: F401
    from morning_edition.voices.speaking import speak_line

    started = time.monotonic()
    speech = speak_line(voice, line)
    took_ms = round((time.monotonic() - started) * 1000)
    mp3 = encode_speech(speech, station)
    return replace(hearing, mp3=mp3, duration_ms=speech.duration_ms, took_ms=took_ms)


def encode_speech(speech: Speech, station: Station) -> bytes:
    """Return *speech* as it comes into the station's mix, levelled, as an MP3. Raises `VoiceError`."""
    import numpy as np

    from morning_edition.mix.dress import dress_take
    from morning_edition.mp3 import encode_mp3

    rate_hz = station.sound.sample_rate_hz
    samples = dress_take(speech, rate_hz, station.sound.speech_lufs).samples
    if not len(samples):
        raise VoiceError("it gave no sound")
    whole = (np.clip(samples, -1, 1) * 32767).round().astype(np.int16)
    return encode_mp3(whole, sample_rate_hz=rate_hz, bitrate_kbps=station.podcast.bitrate_kbps)


def render_audition(copy: Copy, hearings: Sequence[Hearing], station: Station) -> str:
    """Write the page: whole in one file, sound and all, so that it can be sent to whoever decides."""
    from morning_edition.outlets.typeset import typeset

    return typeset("audition.html.j2", copy=copy, hearings=hearings, station=station)
