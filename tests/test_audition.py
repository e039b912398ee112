"""Voices side by side: each is heard at one loudness, in one page that needs nothing else."""

import base64
import dataclasses
import datetime as dt
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from morning_edition.audition import Copy, Hearing, find_copy, hear_voices, render_audition, spell_price
from morning_edition.decode import decode_sound
from morning_edition.episode import AUDIO_NAME, RECORD_NAME, Episode, EpisodeFile
from morning_edition.errors import EpisodeError, LexiconError
from morning_edition.files import sha256_of
from morning_edition.loudness import measure_loudness
from morning_edition.station import Artwork, Cast, Show, Sound, Station
from morning_edition.station.settings import Anchor
from morning_edition.voices import VoiceNote

HEADLINE = Copy("Ferries return to Kestrel Bay after nine years.", "en-US")
VOID = {"meta", "link", "br"}


class Page(HTMLParser):
    """Fails on any tag that is not closed in its place; keeps tags, and text by the tag it stands in."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
            self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.open.pop()

    def handle_data(self, data: str) -> None:
        for tag in set(self.open):
            self.texts[tag][-1] += data

    def attributes(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture
def station(tmp_path: Path) -> Station:
    return Station(tmp_path, cast=Cast(anchor=Anchor(voice="tone")))


def hear(station: Station, *names: str, copy: Copy = HEADLINE) -> list[Hearing]:
    return list(hear_voices(names, copy, station))


def sounds_of(page: str) -> list[bytes]:
    """Return what the page's players play."""
    addresses = [audio["src"] or "" for audio in Page(page).attributes("audio")]
    assert all(address.startswith("data:audio/mpeg;base64,") for address in addresses)
    return [base64.b64decode(address.partition(",")[2], validate=True) for address in addresses]


def loudness_of(mp3: bytes) -> float:
    pcm = decode_sound(mp3)
    return measure_loudness(pcm.samples[:, 0], pcm.sample_rate_hz)


# What is read.


def put_episode(station: Station, title: str, date: dt.date, *, language: str = "en-US") -> None:
    """Put the least of an episode on the station's shelf."""
    slug = f"{date}-{len(title)}"
    sound = b"sound"
    record = Episode(
        slug=slug,
        guid=slug,
        number=1,
        title=title,
        date=date,
        published=dt.datetime(date.year, date.month, date.day, 6, tzinfo=dt.UTC),
        language=language,
        outlet="",
        byline="",
        edition="",
        summary="",
        keywords=(),
        quick_looks=(),
        source_url="",
        duration_ms=1,
        chapters=(),
        voices=(),
        loudness_lufs=-16.0,
        true_peak_dbtp=-1.0,
        recipe="",
        files=(file := EpisodeFile(AUDIO_NAME, len(sound), sha256_of(sound)),),
    )
    folder = station.episodes_folder / slug
    folder.mkdir(parents=True)
    (folder / file.place).write_bytes(sound)
    (folder / RECORD_NAME).write_text(record.to_json(), encoding="utf-8")


def test_the_newest_headline_is_read_with_its_date(station: Station) -> None:
    """The voices are heard with what the station airs, a number included."""
    put_episode(station, "Old Bridge Reopens", dt.date(2024, 12, 6))
    put_episode(station, "Who Pays for the Towers?", dt.date(2024, 12, 9))

    assert find_copy(station) == Copy("Who Pays for the Towers? Monday, December 9th.", "en-US")


def test_a_date_is_read_in_no_other_language_than_english(station: Station) -> None:
    put_episode(station, "Les bacs sont de retour", dt.date(2024, 12, 6), language="fr-CA")

    assert find_copy(station) == Copy("Les bacs sont de retour.", "fr-CA")


def test_a_station_without_episodes_reads_the_sample_s_headline(station: Station) -> None:
    """A new station, or none at all, hears its voices as well."""
    british = dataclasses.replace(station, show=Show(language="en-GB"))

    assert find_copy(station).text == "Electric Ferries Bring Commuters Back to Kestrel Bay."
    assert find_copy(british).language == "en-GB"


def test_a_damaged_episode_is_named(station: Station) -> None:
    put_episode(station, "Old Bridge Reopens", dt.date(2024, 12, 6))
    (record,) = station.episodes_folder.rglob(RECORD_NAME)
    record.write_text("{", encoding="utf-8")

    with pytest.raises(EpisodeError, match="cannot be used"):
        find_copy(station)


# How it is heard.


def test_every_voice_is_heard_as_loud_as_the_others(station: Station) -> None:
    """A voice must not win because it is louder: each comes at the level that it has on air."""
    hearings = hear(station, "tone:low", "tone:high", "espeak", "espeak:en-gb-x-rp+f2")
    levels = [loudness_of(hearing.mp3) for hearing in hearings]

    assert levels == pytest.approx([station.sound.speech_lufs] * 4, abs=0.5)


def test_a_station_s_own_level_and_sample_rate_are_kept(tmp_path: Path) -> None:
    station = Station(tmp_path, sound=Sound(sample_rate_hz=48_000, speech_lufs=-23.0))
    (hearing,) = hear(station, "tone")

    assert loudness_of(hearing.mp3) == pytest.approx(-23.0, abs=0.5)
    assert decode_sound(hearing.mp3).sample_rate_hz == 48_000


def test_a_hearing_tells_what_is_known_of_the_voice(station: Station) -> None:
    """What decides besides the sound: language, quality, licence, price and pace of work."""
    (hearing,) = hear(station, "espeak")
    facts = dict(hearing.facts)

    assert hearing.name == "espeak"
    assert hearing.identity.startswith("espeak ")
    assert (facts["Language"], facts["Quality"]) == ("en-US", "robotic")
    assert (facts["Licence"], facts["Price"]) == ("GPL-3.0-or-later", "none listed")
    assert facts["Speed"] == f"{hearing.duration_ms / 1000:.1f} s of sound in {hearing.took_ms / 1000:.2f} s"
    assert 1500 < hearing.duration_ms < 6000
    assert 0 <= hearing.took_ms < 10_000


def test_a_voice_that_no_list_has_is_told_by_what_all_of_its_engine_have(station: Station) -> None:
    """A variant of one's own has the engine's licence; its language is not guessed."""
    variant, unknown = hear(station, "espeak:en-us+f2", "nowhere")

    assert variant.mp3
    assert [label for label, _ in variant.facts] == ["Quality", "Licence", "Price", "Speed"]
    assert dict(variant.facts)["Licence"] == "GPL-3.0-or-later"
    assert unknown.facts == []


@pytest.mark.parametrize(
    ("usd", "written"),
    [(0, ""), (16, "$16"), (4.8, "$4.80"), (165.0, "$165"), (0.6, "$0.60"), (1200, "$1,200")],
)
def test_prices_are_written_as_people_write_them(usd: float, written: str) -> None:
    assert spell_price(usd) == written


def test_voices_read_at_the_anchor_s_pace_and_pitch(tmp_path: Path) -> None:
    """They are compared as they would be aired."""
    usual = Station(tmp_path)
    quick = Station(tmp_path, cast=Cast(anchor=Anchor(rate=1.5, pitch_semitones=2)))
    (slow,), (fast,) = hear(usual, "tone"), hear(quick, "tone")

    assert fast.duration_ms < 0.8 * slow.duration_ms
    assert "pitch=+2" in fast.identity


def test_names_are_said_as_the_lexicon_has_them(station: Station) -> None:
    """A station's own pronunciations hold in an audition, too."""
    (before,) = hear(station, "espeak")
    (station.root / "lexicon.toml").write_text('[names]\nKestrel = "koh-STROLL-oh-poh"\n', encoding="utf-8")
    (after,) = hear(station, "espeak")

    assert after.mp3 != before.mp3
    (station.root / "lexicon.toml").write_text("[names\n", encoding="utf-8")
    with pytest.raises(LexiconError):
        hear(station, "espeak")


def test_a_voice_that_fails_tells_why_and_the_others_go_on(station: Station) -> None:
    """Unknown engines, unknown voices and silence: each has its reason, none stops the rest."""
    unknown, tone, absent = hear(station, "espeek", "tone", "tone:shrill")
    (silent,) = hear(station, "tone", copy=Copy("", "en-US"))

    assert tone.mp3
    assert tone.fault == ""
    assert "no voice engine called 'espeek'; did you mean espeak?" in unknown.fault
    assert "tone has no voice called 'shrill'" in absent.fault
    assert silent.fault == "it gave no sound"
    assert [hearing.mp3 for hearing in (unknown, absent, silent)] == [b""] * 3


# The page.


def test_the_page_plays_every_voice_by_itself(station: Station) -> None:
    """It can be mailed as it is: the sound is in it, and nothing is fetched."""
    hearings = hear(station, "tone:low", "nowhere", "espeak")
    page = render_audition(HEADLINE, hearings, station)
    read = Page(page)

    assert [hearing.mp3 for hearing in hearings if hearing.mp3] == sounds_of(page)
    for sound in sounds_of(page):
        pcm = decode_sound(sound)
        assert 1 < len(pcm.samples) / pcm.sample_rate_hz < 6
        assert np.abs(pcm.samples).max() > 0.1
    assert read.texts["h2"] == ["tone:low", "nowhere", "espeak"]
    assert [HEADLINE.text] == read.texts["blockquote"]
    assert [text for text in read.texts["p"] if "Not heard" in text] == [f"Not heard: {hearings[1].fault}"]
    assert {"Language", "Licence", "Price", "Speed"} <= set(read.texts["dt"])
    fetched = [attributes.get("src") or attributes.get("href") or "" for _, attributes in read.tags]
    assert all(address.startswith("data:") for address in fetched if address)
    assert "url(" not in read.texts["style"][0]


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onload='alert(1)",
    "</style></script></audio>",
    "{{ 7 * 7 }} {% for x in y %}",
    "&amp; &lt; <!-- remark -->",
    "nul\x00 escape\x1b[31m \ud800 \uffff",
    "سقوط حماة",
)


def render_words(station: Station, words: str) -> Page:
    note = VoiceNote("name", words, words, quality=words, licence=words, usd_a_million_characters=16)
    hearings: Sequence[Hearing] = (
        Hearing(words, note, identity=words, mp3=b"sound", duration_ms=1000, took_ms=20),
        Hearing(words, note, identity=words, fault=words),
    )
    named = dataclasses.replace(station, show=Show(title=words), artwork=Artwork())
    return Page(render_audition(Copy(words, "en-US"), hearings, named))


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_come_out_as_text(station: Station, words: str) -> None:
    """Names, messages and descriptions come from engines and servers, and are words, whatever is in them."""
    page, usual = render_words(station, words), render_words(station, "Words")

    assert [tag for tag, _ in page.tags] == [tag for tag, _ in usual.tags]
    assert [set(attributes) for _, attributes in page.tags] == [set(found) for _, found in usual.tags]
    assert (page.texts["script"], page.texts["style"]) == (usual.texts["script"], usual.texts["style"])
    shown = "".join(sign for sign in words if sign.isprintable())
    assert page.texts["h2"] == [shown] * 2
    assert f"Not heard: {shown}" in page.texts["p"]
    assert "$16 a million characters" in page.texts["dd"]
