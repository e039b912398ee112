"""One item of a flash briefing, held against each of Alexa's rules: its words, its addresses, its sound."""

import datetime as dt
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from morning_edition.checking.mp3_sound import Mp3Sound, measure_mp3
from morning_edition.checking.own_files import SET_BASE_URL, WAY_OUT, find_own_file, is_own, tell_length
from morning_edition.errors import AudioError
from morning_edition.mp3_frames import MPEG1_LOWEST_HZ
from morning_edition.outlets.addresses import plain_address
from morning_edition.outlets.briefing import DATE_FORM, LENGTHS_MS, LONGEST_TEXT, LOUDNESS_LUFS
from morning_edition.outlets.characters import shorten
from morning_edition.outlets.plain_text import speakable
from morning_edition.station import Station

BITRATE_KBPS = 256
TARGET_LUFS, TOLERANCE_LU = -14.0, 1.0
CEILING_DBTP, METERS_DIFFER_DB = -2.0, 0.05
SPOKEN_WORDS_A_SECOND = 2.5
"""About 150 a minute, as voices of assistants read."""
LONGEST_SHOWN = 80
FIELDS = ("uid", "updateDate", "titleText", "mainText", "redirectionUrl")
"""What every item must have; `streamUrl` only where it is sound."""

_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.0Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Item:
    """An item, as the file has it: a field that is not there, or no text, is empty."""

    uid: str
    date: dt.datetime | None
    """None where it is no date in the form that Alexa reads."""
    title: str
    text: str
    page: str
    stream: str


def read_item(record: object) -> tuple[Item, list[str]]:
    """Return an item, and what of it is missing or in no form that Alexa reads."""
    if not isinstance(record, dict):
        return Item("", None, "", "", "", ""), [f"it is {_show(record)}, and must be an object"]
    texts = {name: value for name, value in record.items() if isinstance(value, str)}
    uid, updated, title, text, page, stream = (texts.get(name, "") for name in (*FIELDS, "streamUrl"))
    date = _read_date(updated)
    faults = [fault for name in (*FIELDS, "streamUrl") if (fault := _find_form_fault(record, name))]
    if updated.strip() and date is None:
        faults.append(f"updateDate is {_show(updated)}, and must be written as 2024-12-06T06:00:00.0Z")
    return Item(uid.strip(), date, title, text, page, stream), faults


def _find_form_fault(record: Mapping[str, object], name: str) -> str:
    value = record.get(name)
    if name not in record:
        return f"{name} is missing; {WAY_OUT}" if name in FIELDS else ""
    if not isinstance(value, str):
        return f"{name} is {_show(value)}, and must be a text; {WAY_OUT}"
    return "" if value.strip() else f"{name} is empty; {WAY_OUT}"


def _read_date(text: str) -> dt.datetime | None:
    if not _DATE.fullmatch(text):
        return None
    try:
        return dt.datetime.strptime(text, DATE_FORM).replace(tzinfo=dt.UTC)
    except ValueError:
        return None


def find_word_faults(item: Item) -> Iterator[str]:
    """Say what of an item's words Alexa would refuse."""
    characters = len(item.text.encode("utf-16-le", "replace")) // 2
    if characters > LONGEST_TEXT:
        yield f"mainText has {characters:,} characters, and {LONGEST_TEXT:,} are the most; {WAY_OUT}"
    for name, text in (("titleText", item.title), ("mainText", item.text)):
        if speakable(text) != " ".join(text.split()):
            yield f"{name} holds markup or characters that nobody reads aloud; {WAY_OUT}"


def find_page_faults(station: Station, item: Item) -> Iterator[str]:
    """Say why an item's page cannot be opened; one on another site is not looked at."""
    if not item.page.strip():
        return
    if not item.page.startswith("https://"):
        yield f"redirectionUrl is {_show(item.page)}, and must begin with https; {_tell_way_out(station)}"
    elif is_own(station, item.page):
        path = find_own_file(station, item.page)
        if path is None or not path.is_file():
            yield f"redirectionUrl leads to {_show(item.page)}, where no page stands; {WAY_OUT}"


def _tell_way_out(station: Station) -> str:
    if plain_address(station.base_url).startswith("https://"):
        return f"base_url does, and {WAY_OUT}"
    return SET_BASE_URL


def hear_stream(station: Station, item: Item) -> tuple[Mp3Sound | None, list[str]]:
    """Measure the file that an item plays; return that, and what Alexa would refuse of it."""
    shown = _show(item.stream)
    if not item.stream.startswith("https://"):
        return None, [f"streamUrl is {shown}, and must begin with https; {_tell_way_out(station)}"]
    if not is_own(station, item.stream):
        return None, [f"streamUrl is {shown}, outside of base_url; nothing is fetched, so it was not heard"]
    path = find_own_file(station, item.stream)
    if path is None:
        return None, [f"streamUrl is {shown}, which leads out of the station's folder"]
    if path.suffix.lower() != ".mp3":
        return None, [f"streamUrl is {shown}, which is served as no audio/mpeg: it must be an .mp3"]
    try:
        sound = measure_mp3(path)
    except AudioError as error:
        return None, [f"{path.name}: {' '.join(str(error).split())}; make the edition again"]
    return sound, [f"{path.name} {fault}" for fault in find_sound_faults(sound)]


def find_sound_faults(sound: Mp3Sound) -> Iterator[str]:
    """Say what of a sound Alexa would refuse."""
    if sound.frames.bitrates_kbps != (BITRATE_KBPS,):
        rates = ", ".join(map(str, sound.frames.bitrates_kbps))
        said = f"has frames of {rates} kbit/s, and all must be of {BITRATE_KBPS}"
        high = sound.frames.lowest_rate_hz >= MPEG1_LOWEST_HZ
        setting = (
            f"bitrate_kbps under [flash] to {BITRATE_KBPS}"
            if high
            else "sample_rate_hz under [sound] to 44100"
        )
        yield f"{said}; set {setting}"
    if len(sound.frames.channels) > 1:
        yield "changes between mono and stereo; make the edition again"
    shortest_ms, longest_ms = LENGTHS_MS
    if sound.duration_ms < shortest_ms:
        yield f"is {sound.duration_ms / 1000:.1f} s long, and {shortest_ms // 1000} s are the least"
    if sound.duration_ms > longest_ms:
        yield f"is {tell_length(sound.duration_ms)} long, and {longest_ms // 60_000} min are the most"
    softest, loudest = LOUDNESS_LUFS
    if not (softest <= sound.loudness_lufs <= loudest or math.isnan(sound.loudness_lufs)):
        said = f"is at {sound.loudness_lufs:.1f} LUFS, and must be from {softest:g} to {loudest:g}"
        yield f"{said}; set loudness_lufs under [flash] to {TARGET_LUFS:g}"
    if sound.true_peak_dbtp > CEILING_DBTP + METERS_DIFFER_DB:
        said = f"has a true peak of {sound.true_peak_dbtp:.1f} dBTP, and {CEILING_DBTP:g} is the most"
        yield f"{said}; set true_peak_dbtp under [flash] to {CEILING_DBTP:g}"


def find_notes(item: Item, sound: Mp3Sound | None) -> Iterator[str]:
    """Say what Alexa takes, and asks to be better."""
    if sound and abs(sound.loudness_lufs - TARGET_LUFS) > TOLERANCE_LU:
        yield f"it is at {sound.loudness_lufs:.1f} LUFS, and {TARGET_LUFS:g} ± {TOLERANCE_LU:g} is asked for"
    seconds = len(item.text.split()) / SPOKEN_WORDS_A_SECOND
    if not item.stream and seconds * 1000 < LENGTHS_MS[0]:
        yield f"read aloud it takes about {seconds:.0f} s, and {LENGTHS_MS[0] // 1000} are asked for"


def _show(value: object) -> str:
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    return f"“{shorten(speakable(str(value)), LONGEST_SHOWN)}”"
