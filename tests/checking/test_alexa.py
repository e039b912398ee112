"""The speaker played over a station's folder: what it says and plays, and every rule that can be broken."""

import datetime as dt
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from morning_edition.checking import Checked
from morning_edition.checking.alexa import check_alexa
from morning_edition.errors import EpisodeError
from morning_edition.mp3 import encode_mp3
from morning_edition.outlets.briefing import BriefingItem, render_briefing_json, render_briefing_rss
from morning_edition.station import Station, parse_station

NOW = dt.datetime(2024, 12, 6, 12, tzinfo=dt.UTC)
BASE_URL = "https://pod.example/brief/"
SETTINGS = f'[show]\nbase_url = "{BASE_URL}"\n'
LOUD = 0.281
"""The amplitude of a tone of 1 kHz at -14 LUFS, in one channel."""


def tone(
    seconds: float = 12, amplitude: float = LOUD, *, bitrate_kbps: int = 256, rate: int = 44_100
) -> bytes:
    wave = np.sin(np.arange(round(seconds * rate)) * 2 * np.pi * 997 / rate) * amplitude * 32_767
    return encode_mp3(wave.astype(np.int16), sample_rate_hz=rate, bitrate_kbps=bitrate_kbps)


SOUND = tone()


class Desk:
    """A station with a briefing of two items: one to be heard, one to be read aloud."""

    def __init__(self, root: Path) -> None:
        self.station: Station = parse_station(SETTINGS, root)
        folder = root / "audio" / "first"
        folder.mkdir(parents=True)
        (folder / "index.html").write_text("<!doctype html>", "utf-8")
        self.mp3 = folder / "flash.mp3"
        self.mp3.write_bytes(SOUND)
        page = f"{BASE_URL}audio/first/"
        text = "What happened. " * 20
        self.json, self.rss = root / "flash-briefing.json", root / "flash-briefing.xml"
        self.write(
            BriefingItem("u-1", NOW, "One", text, page, f"{page}flash.mp3", len(SOUND)),
            BriefingItem("u-2", NOW - dt.timedelta(seconds=1), "Two", text, page),
        )

    def write(self, *items: BriefingItem) -> None:
        self.json.write_text(render_briefing_json(self.station, items), "utf-8")
        self.rss.write_text(render_briefing_rss(self.station, items), "utf-8")

    def change(self, place: int = 0, **fields: Any) -> None:
        """Change fields of one item in both forms, as far as the RSS can have them."""
        records = json.loads(self.json.read_text("utf-8"))
        for name, value in fields.items():
            if value is None:
                del records[place][name]
            else:
                records[place][name] = value
        self.json.write_text(json.dumps(records), "utf-8")

    def check(self, now: dt.datetime = NOW) -> Checked:
        return check_alexa(self.station, now)

    def refused(self, now: dt.datetime = NOW) -> list[str]:
        """What is said of the JSON and its sound."""
        return [
            f"{fault.where}: {fault.text}" for fault in self.check(now).faults if "xml" not in fault.where
        ]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_good_briefing_is_played_in_order(desk: Desk) -> None:
    checked = desk.check()
    assert (checked.faults, checked.skipped) == ((), ())
    assert [(entry.title, entry.does[:37]) for entry in checked.entries] == [
        ("One", "plays flash.mp3, 12 s, -14.0 LUFS"),
        ("Two", "says: What happened. What happened. W"),
    ]
    first = checked.entries[0].facts
    assert (first["plays"], first["duration_ms"]) == (f"{BASE_URL}audio/first/flash.mp3", 12_000)
    assert first["true_peak_dbtp"] == pytest.approx(-11, abs=0.3)


def test_a_single_object_is_a_briefing_too(desk: Desk) -> None:
    (record, _) = json.loads(desk.json.read_text("utf-8"))
    desk.json.write_text(json.dumps(record), "utf-8")
    assert desk.refused() == []
    assert len(desk.check().entries) == 1


PAGE = f"{BASE_URL}audio/first/"

FIELD_FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "no uid": ({"uid": None}, "uid is missing"),
    "empty uid": ({"uid": " "}, "uid is empty"),
    "uid a number": ({"uid": 7}, "uid is “7”, and must be a text"),
    "uid twice": ({"uid": "u-2"}, "its uid is that of another item"),
    "no date": ({"updateDate": None}, "updateDate is missing"),
    "date without fraction": (
        {"updateDate": "2024-12-06T11:00:00Z"},
        "must be written as 2024-12-06T06:00:00.0Z",
    ),
    "date with zone": ({"updateDate": "2024-12-06T11:00:00.0+01:00"}, "must be written as"),
    "no such date": ({"updateDate": "2024-13-06T11:00:00.0Z"}, "must be written as"),
    "date in other digits": ({"updateDate": "٢٠٢٤-12-06T11:00:00.0Z"}, "must be written as"),
    "date a list": ({"updateDate": [1]}, "updateDate is a list, and must be a text"),
    "older first": ({"updateDate": "2024-12-05T11:00:00.0Z"}, "newer than the one before it"),
    "in the future": ({"updateDate": "2024-12-06T12:00:01.0Z"}, "is still to come"),
    "no title": ({"titleText": None}, "titleText is missing"),
    "blank title": ({"titleText": " \u2028"}, "titleText is empty"),
    "markup in the title": ({"titleText": "<b>One</b>"}, "titleText holds markup"),
    "no text": ({"mainText": None}, "mainText is missing"),
    "empty text": ({"mainText": ""}, "mainText is empty"),
    "text an object": ({"mainText": {"a": {}}}, "mainText is an object, and must be a text"),
    "text too long": (
        {"mainText": "word " * 900 + "."},
        "mainText has 4,501 characters, and 4,499 are the most",
    ),
    "emoji too long": ({"mainText": "🚢" * 2250}, "mainText has 4,500 characters"),
    "ssml": ({"mainText": "<speak>Hello</speak>"}, "mainText holds markup"),
    "entity": ({"mainText": "Fish &amp; chips"}, "mainText holds markup"),
    "control character": ({"mainText": "Hello\x07"}, "mainText holds markup or characters"),
    "lone surrogate": ({"mainText": "Hello \ud800"}, "mainText holds markup or characters"),
    "no page": ({"redirectionUrl": None}, "redirectionUrl is missing"),
    "page by http": (
        {"redirectionUrl": "http://pod.example/brief/"},
        "must begin with https; base_url does, and",
    ),
    "page not there": ({"redirectionUrl": f"{BASE_URL}audio/second/"}, "where no page stands"),
    "page elsewhere": ({"redirectionUrl": f"{BASE_URL}../../etc/passwd"}, "where no page stands"),
    "stream by http": (
        {"streamUrl": "http://pod.example/brief/audio/first/flash.mp3"},
        "must begin with https; base_url does, and `morning-edition regenerate` writes it again",
    ),
    "stream a file": ({"streamUrl": "file:///etc/passwd"}, "must begin with https"),
    "foreign stream": (
        {"streamUrl": "https://evil.example/a.mp3"},
        "outside of base_url; nothing is fetched",
    ),
    "stream out of the folder": (
        {"streamUrl": f"{BASE_URL}audio/..%2F../../x.mp3"},
        "leads out of the station",
    ),
    "stream with a null": ({"streamUrl": f"{BASE_URL}a%00.mp3"}, "leads out of the station"),
    "stream of another kind": ({"streamUrl": f"{PAGE}index.html"}, "it must be an .mp3"),
    "stream not there": ({"streamUrl": f"{PAGE}gone.mp3"}, "gone.mp3: is not there"),
    "stream with an endless name": ({"streamUrl": f"{PAGE}{'x' * 5000}.mp3"}, "cannot be read|is not there"),
}


@pytest.mark.parametrize(("fields", "said"), FIELD_FAULTS.values(), ids=FIELD_FAULTS.keys())
def test_an_item_that_breaks_a_rule_is_refused_in_words(
    fields: dict[str, Any], said: str, desk: Desk
) -> None:
    """And only it: the other would be taken."""
    desk.change(**fields)
    told = desk.refused()
    assert len(told) == 1, told
    assert re.search(said, told[0])
    assert told[0].startswith(("item 1: ", "item 2: "))
    assert len(desk.check().entries) == 1


SOUND_FAULTS: dict[str, tuple[Callable[[], bytes], str]] = {
    "other bit rate": (lambda: tone(bitrate_kbps=128), "frames of 128 kbit/s, and all must be of 256"),
    "low sample rate": (
        lambda: tone(rate=24_000, bitrate_kbps=160),
        "set sample_rate_hz under [sound] to 44100",
    ),
    "one frame of another": (lambda: SOUND + tone(0.1, bitrate_kbps=96), "frames of 256, 96 kbit/s"),
    "too short": (lambda: tone(9.9), "is 9.9 s long, and 10 s are the least"),
    "too long": (lambda: SOUND * 51, "long, and 10 min are the most"),
    "far too long": (lambda: SOUND * 60, "long, and 10 min are the most"),
    "too quiet": (lambda: tone(amplitude=LOUD / 2), "LUFS, and must be from -19 to -9"),
    "too loud": (lambda: tone(amplitude=LOUD * 1.9), "LUFS, and must be from -19 to -9"),
    "damaged": (
        lambda: SOUND[:5000] + b"??" + SOUND[5002:9000] + SOUND[9001:],
        "no MP3 frame where one should",
    ),
    "cut short": (lambda: SOUND[:-100], "is cut short"),
    "empty": (lambda: b"", "holds no MP3 frame"),
    "a page": (lambda: b"<!doctype html>", "no MP3 frame where one should begin"),
}


@pytest.mark.parametrize(("make", "said"), SOUND_FAULTS.values(), ids=SOUND_FAULTS.keys())
def test_a_sound_that_breaks_a_rule_is_refused_in_words(
    make: Callable[[], bytes], said: str, desk: Desk
) -> None:
    desk.mp3.write_bytes(make())
    told = desk.refused()
    assert any(said in fault for fault in told), told
    assert all(fault.startswith("item 1: flash.mp3") for fault in told)
    assert [entry.title for entry in desk.check().entries] == ["Two"]


def test_a_true_peak_over_the_ceiling_is_refused(desk: Desk) -> None:
    """A click on a soft tone: the loudness is right, the peak is not."""
    wave = np.sin(np.arange(12 * 44_100) * 2 * np.pi * 997 / 44_100) * LOUD * 32_767
    wave[100_000:100_200] = 32_000 * np.sin(np.arange(200) * 0.3)
    desk.mp3.write_bytes(encode_mp3(wave.astype(np.int16), sample_rate_hz=44_100, bitrate_kbps=256))
    (told,) = desk.refused()
    assert "dBTP, and -2 is the most; set true_peak_dbtp under [flash] to -2" in told


def test_a_loudness_that_is_off_is_taken_with_a_word(desk: Desk) -> None:
    desk.mp3.write_bytes(tone(amplitude=LOUD * 0.8))
    checked = desk.check()
    assert checked.faults == ()
    assert "-14 ± 1 is asked for" in checked.notes[0].text


def test_two_items_with_one_sound_are_refused(desk: Desk) -> None:
    desk.change(1, streamUrl=f"{PAGE}flash.mp3")
    assert desk.refused() == [
        "item 2: its streamUrl is that of another item; `morning-edition regenerate` writes it again"
    ]


def test_more_than_five_items_are_refused(desk: Desk) -> None:
    """The sixth is not played; and of a hundred thousand not all are looked at."""
    (_, record) = json.loads(desk.json.read_text("utf-8"))
    for count in (6, 10_000):
        records = [record | {"uid": str(number)} for number in range(count)]
        desk.json.write_text(json.dumps(records)[: 10**7], "utf-8")
        if count == 6:
            assert desk.refused()[0].startswith(
                "flash-briefing.json: it has 6 items, and only the first five"
            )
            assert len(desk.check().entries) == 5
        else:
            with pytest.raises(EpisodeError, match="more than 1 MB"):
                desk.check()


@pytest.mark.parametrize(
    ("content", "said"), [("[]", "it has no item"), ("{}", "uid is missing"), ("7", "“7”")]
)
def test_what_holds_no_item_is_refused(content: str, said: str, desk: Desk) -> None:
    desk.json.write_text(content, "utf-8")
    assert said in desk.refused()[0]
    assert desk.check().entries == ()


def test_an_old_item_is_skipped_and_only_old_ones_are_refused(desk: Desk) -> None:
    desk.change(1, updateDate="2024-11-29T11:59:59.0Z")
    checked = desk.check()
    assert [fault.where for fault in checked.skipped] == ["item 2"]
    assert desk.refused() == []
    assert desk.refused(NOW + dt.timedelta(days=8)) == [
        "flash-briefing.json: none of it is younger than 7 days; produce an edition"
    ]


def test_an_endless_title_that_is_only_named_is_shortened(desk: Desk) -> None:
    desk.change(1, updateDate="2024-11-29T11:59:59.0Z", titleText="word " * 400)
    (skipped,) = desk.check().skipped
    assert skipped.text.startswith("word word")
    assert skipped.text.endswith(" word…: it is of 2024-11-29, more than 7 days ago")
    assert len(skipped.text) < 160


NO_JSON = {
    "empty": (b"", "it is no JSON (Expecting value"),
    "cut": (b"{", "it is no JSON (Expecting property name"),
    "cut list": (b"[1,", "it is no JSON (Expecting value"),
    "mark": (b"\xef\xbb\xbf[]", "it begins with a byte order mark, and must begin with the JSON"),
    "latin": ('["é"]'.encode("latin-1"), "it is not UTF-8 (invalid continuation byte, 2 bytes in)"),
    "utf-16": ("[]".encode("utf-16"), "it is not UTF-8 (invalid start byte, 0 bytes in)"),
    "deep": (b"[" * 400_000, "it is no JSON (it is nested too deep)"),
    "deeper": (b'{"a":' * 150_000, "it is no JSON (it is nested too deep)"),
    "nan": (b"[NaN]", "it is no JSON (NaN is no number)"),
    "number": (b"9" * 5000, "it is no JSON (Exceeds the limit"),
}


@pytest.mark.parametrize(("content", "said"), NO_JSON.values(), ids=NO_JSON.keys())
def test_what_is_no_json_is_refused(content: bytes, said: str, desk: Desk) -> None:
    """It says which file, why, and how it comes right."""
    desk.json.write_bytes(content)
    checked = desk.check()
    assert (checked.file, checked.entries) == ("flash-briefing.json", ())
    (fault,) = checked.faults
    assert fault.where == "flash-briefing.json"
    assert fault.text.startswith(said)
    assert fault.text.endswith("; `morning-edition regenerate` writes it again")


def test_without_https_it_is_the_base_url_that_is_to_be_set(tmp_path: Path) -> None:
    """Both addresses come of it."""
    desk = Desk(tmp_path)
    desk.station = parse_station(SETTINGS.replace("https", "http"), tmp_path)
    desk.change(0, redirectionUrl="http://pod.example/brief/", streamUrl="http://pod.example/brief/a.mp3")
    told = [fault for fault in desk.refused() if fault.startswith("item 1")]
    assert len(told) == 2
    assert all(fault.endswith("set base_url under [show] to such an address") for fault in told)


def test_a_briefing_that_is_far_too_large_cannot_be_read(desk: Desk) -> None:
    desk.json.write_bytes(b" " * 2_000_000)
    with pytest.raises(EpisodeError, match=r"flash-briefing\.json: has more than 1 MB"):
        desk.check()


def test_a_briefing_that_is_not_there_or_a_pipe_cannot_be_read(desk: Desk) -> None:
    desk.json.unlink()
    with pytest.raises(EpisodeError, match="is not there; `morning-edition produce ARTICLE` writes it"):
        desk.check()
    os.mkfifo(desk.json)
    with pytest.raises(EpisodeError, match="is not there"):
        desk.check()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("<title>One</title>", "<title>Uno</title>", "item 1 has another titleText"),
        ("06 Dec 2024 11:59:59", "06 Dec 2024 11:59:58", "item 2 has another updateDate"),
        ("Fri, 06 Dec 2024 11:59:59 GMT", "today", "item 2 has another updateDate"),
        ("flash.mp3", "other.mp3", "item 1 has another streamUrl"),
        ("</rss>", "", "is not well-formed XML"),
        ("<rss ", "<!DOCTYPE rss [<!ENTITY a 'b'>]><rss ", "without a document type"),
        ("<item>", "<entry><item>", "is not well-formed XML"),
    ],
)
def test_an_rss_form_that_differs_is_refused(old: str, new: str, said: str, desk: Desk) -> None:
    text = desk.rss.read_text("utf-8")
    assert old in text
    desk.rss.write_text(text.replace(old, new), "utf-8")
    assert [fault.where for fault in desk.check().faults] == ["flash-briefing.xml"]
    assert said in desk.check().faults[0].text


def test_an_rss_form_that_is_missing_or_short_is_refused(desk: Desk) -> None:
    desk.rss.write_text(render_briefing_rss(desk.station, []), "utf-8")
    assert "it has 0 items, and flash-briefing.json has 2" in desk.check().faults[0].text
    desk.rss.unlink()
    assert "is not there" in desk.check().faults[0].text


@pytest.mark.parametrize(
    "bomb",
    [
        "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>"
        + "".join(f"<!ENTITY a{n} '{f'&a{n - 1 if n else str()};' * 10}'>" for n in range(9))
        + "]><rss><channel><item><title>&a8;</title></item></channel></rss>",
        "<!DOCTYPE rss SYSTEM 'http://127.0.0.1:9/x.dtd'><rss/>",
        "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><rss><channel>&e;</channel></rss>",
        "<rss>" * 100_000,
    ],
    ids=["billion laughs", "document type", "entity", "deep"],
)
def test_a_hostile_rss_is_refused_and_fetches_nothing(bomb: str, desk: Desk) -> None:
    desk.rss.write_text(bomb, "utf-8")
    (fault,) = desk.check().faults
    assert fault.where == "flash-briefing.xml"
    assert "root:" not in fault.text


def test_what_is_said_of_hostile_words_can_be_printed(desk: Desk) -> None:
    desk.change(0, titleText="\x1b[31m\ud800\u202e", uid="\udfff")
    for entry in desk.check().entries:
        (entry.title + entry.does).encode()
    for fault in desk.check().faults:
        fault.text.encode()
