"""From an article to a published episode, on disk, and read back by programs that know nothing of us."""

import datetime as dt
import hashlib
import html
import io
import itertools
import json
import os
import re
import shutil
import threading
import time
import wave
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import feedparser
import numpy as np
import podcastparser
import pytest
from marked import find, mark, plain
from mutagen.mp3 import MP3
from numpy.typing import NDArray

from morning_edition.articles import Article
from morning_edition.articles.open import open_article
from morning_edition.decode import decode_sound
from morning_edition.edition import Produced, produce
from morning_edition.episode import AUDIO_NAME, FLASH_NAME, RECORD_NAME
from morning_edition.errors import AudioError, EpisodeError, LexiconError, ScriptError, VoiceError
from morning_edition.former import sweep_former
from morning_edition.life.times import find_publication
from morning_edition.loudness import measure_loudness
from morning_edition.plan import Plan, plan_edition
from morning_edition.station import Part, Show, Station, parse_station

DAY = dt.date(2024, 12, 6)
NOW = dt.datetime(2024, 12, 6, 14, 30, 15, 999, tzinfo=dt.UTC)
BASE_URL = "https://news.example/brief/"
SLUG = "2024-12-06-ferries-return-to-the-bay"

ARTICLE = """\
Bay ferries/ commuters/ electric boats/ Harbour Post/ R. Okafor/ Morning Edition/ Ferries crossed the bay on \
Monday. It was the first time in nine years.
Ferries Return: Quick Looks
- First Crossing: Two boats & 412 people began at 6:15 a.m.
- Price Tag: It cost $38.5 million.
Ferries Return to the Bay
Deep Look
The first boat left at sunrise.
Why the Boats Came Back
“We never stopped looking at the water,” said the mayor.
Who Pays
Riders pay 60 percent.
"""

SETTINGS = f"""
[show]
title = "The Morning Brief"
base_url = "{BASE_URL}"
timezone = "America/New_York"
publish_at = "06:00"
[outlet]
name = "Harbour Post"
[cast.anchor]
voice = "tone"
rate = 2.0
[cast.correspondent]
voice = "tone:low"
rate = 2.0
[cast.quote]
rate = 2.0
"""
TICK = "tick.wav"
SHORT_MUSIC = "[sound.jingles]\n" + "".join(
    f'{name} = "{TICK}"\n' for name in ("open", "bed", "sting", "bumper", "close")
)

NO_MUSIC = "".join(
    f'[running_order.{spot}]\nmusic = ""\n'
    for spot in ("opening", "look", "deep_look", "chapter", "closing", "bed")
)

FILES = {
    "article.json",
    "chapters.json",
    "cover-small.jpg",
    "cover.jpg",
    "embed.html",
    RECORD_NAME,
    AUDIO_NAME,
    FLASH_NAME,
    "index.html",
    "oembed.json",
    "proof.html",
    "proof.json",
    "script.md",
    "transcript.html",
    "transcript.json",
    "transcript.srt",
    "transcript.vtt",
}


SITE = {
    "cover-small.jpg",
    "cover.jpg",
    "feed.json",
    "flash-briefing.json",
    "flash-briefing.xml",
    "index.html",
    "playlist.m3u",
    "podcast.xml",
    "show.opml",
}


LOCKS = {".lock", ".lock.json"}


@dataclass
class Run:
    """One run of the whole flow, and what it told meanwhile."""

    plan: Plan
    produced: Produced
    told: list[tuple[str, int, int]] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        return self.produced.folder

    @property
    def stages(self) -> list[str]:
        return list(dict.fromkeys(stage for stage, _, _ in self.told))


def read_article(folder: Path, text: str = ARTICLE) -> Article:
    path = folder / "article.txt"
    path.write_text(text, encoding="utf-8")
    return open_article(str(path), outlet="Harbour Post", edition="Morning Edition")


def write_wav(path: Path, sound: Any) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 44_100, 0, "NONE", ""))
        file.writeframes((sound * 32_767).astype("<i2").tobytes())


def run(
    root: Path,
    text: str = ARTICLE,
    *,
    date: dt.date = DAY,
    now: dt.datetime = NOW,
    voice: str = "",
    publish: bool = True,
    force: bool = False,
    settings: str = SETTINGS + SHORT_MUSIC,
) -> Run:
    root.mkdir(parents=True, exist_ok=True)
    write_wav(root / TICK, 0.1 * np.sin(np.arange(22_050) / 7))
    station = parse_station(settings, root)
    plan = plan_edition(station, read_article(root, text), date, voice=voice)
    told: list[tuple[str, int, int]] = []
    produced = produce(plan, now, lambda *stage: told.append(stage[:3]), publish=publish, force=force)
    return Run(plan, produced, told)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The station after its first episode; it is looked at, and never changed."""
    return run(tmp_path_factory.mktemp("station"))


@pytest.fixture
def station(first: Run, tmp_path: Path) -> Path:
    """A copy of that station, to be changed."""
    root = tmp_path / "station"
    shutil.copytree(first.plan.station.root, root)
    return root


def content(root: Path) -> dict[str, bytes]:
    """Every file of a station but those that may be deleted at any time, and what tells who is at work."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and ".cache" not in path.parts and path.name not in LOCKS
    }


def made(root: Path) -> dict[str, bytes]:
    """The same without the history, which tells each time that something was made."""
    return {name: payload for name, payload in content(root).items() if name != "history.jsonl"}


def times(root: Path) -> dict[Path, int]:
    """When each was written last, but for what a test writes, and the note of files that are 2 s old."""
    left_out = {"article.txt", TICK, "station-files.json", ".cache"}
    return {path: path.stat().st_mtime_ns for path in root.rglob("*") if path.name not in left_out}


def record(root: Path, slug: str = SLUG) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((root / "audio" / slug / RECORD_NAME).read_text(encoding="utf-8"))
    return loaded


def entries(root: Path) -> list[Any]:
    parsed = feedparser.parse((root / "podcast.xml").read_bytes())
    assert not parsed.bozo
    return list(parsed.entries)


def stand_in(root: Path, address: str) -> Path:
    """The file that a web server would send for an address under the show's own."""
    path = root / unquote(urlsplit(address).path.removeprefix(urlsplit(BASE_URL).path))
    return path / "index.html" if address.split("#")[0].endswith("/") else path


def names_in(folder: Path) -> set[str]:
    """What files are in an episode's folder, besides those that feeds of before lead to."""
    loaded = json.loads((folder / RECORD_NAME).read_text(encoding="utf-8"))
    former = {one["place"] for one in loaded["former"]}
    found = [path.name for path in folder.iterdir() if path.name not in former]
    assert len(found) == len({plain(name) for name in found})
    return {plain(name) for name in found}


def test_an_article_becomes_a_folder_with_everything(first: Run) -> None:
    root = first.plan.station.root
    assert first.folder == root / "audio" / SLUG
    assert names_in(first.folder) == FILES
    assert {path.name for path in root.iterdir()} == {
        *SITE,
        *(".cache", ".lock", "article.txt", "audio", "history.jsonl", TICK),
    }
    assert [path.name for path in (root / "audio").iterdir()] == [SLUG]


def test_the_stages_are_told_in_order_and_to_their_end(first: Run) -> None:
    assert first.stages == ["speak", "mix", "master", "proof", "publish"]
    for stage in first.stages:
        steps = [(done, total) for name, done, total in first.told if name == stage]
        assert steps == sorted(steps)
        assert steps[-1][0] == steps[-1][1]


def test_the_record_tells_the_truth_about_every_file(first: Run) -> None:
    told = record(first.plan.station.root)
    assert {file["name"] for file in told["files"]} == FILES - {RECORD_NAME}
    for file in told["files"]:
        payload = find(first.folder, file["name"]).read_bytes()
        assert (file["size_bytes"], file["sha256"]) == (len(payload), hashlib.sha256(payload).hexdigest())


def test_the_record_is_the_episode(first: Run) -> None:
    told = record(first.plan.station.root)
    assert (told["title"], told["number"], told["date"]) == ("Ferries Return to the Bay", 1, "2024-12-06")
    assert (told["outlet"], told["byline"], told["edition"]) == (
        "Harbour Post",
        "R. Okafor",
        "Morning Edition",
    )
    assert told["published"] == "2024-12-06T06:00:00-05:00"
    assert told["summary"].startswith("Ferries crossed the bay on Monday.")
    assert told["keywords"] == ["Bay ferries", "commuters", "electric boats"]
    assert [look["label"] for look in told["quick_looks"]] == ["First Crossing", "Price Tag"]
    assert [voice.split()[2] for voice in told["voices"]] == ["low", "middle"]
    titles = [chapter["title"] for chapter in told["chapters"]]
    assert titles == ["Intro", "Quick Looks", "Deep Look", "Why the Boats Came Back", "Who Pays", "Outro"]


def test_mutagen_reads_the_tags_chapters_and_length(first: Run) -> None:
    told = record(first.plan.station.root)
    mp3 = MP3(find(first.folder, AUDIO_NAME))
    assert mp3.tags is not None
    texts = {key: str(mp3.tags[key]) for key in ("TIT2", "TALB", "TPE1", "TPUB", "TLAN", "TCON")}
    assert texts == {
        "TIT2": "Ferries Return to the Bay",
        "TALB": "The Morning Brief",
        "TPE1": "R. Okafor",
        "TPUB": "Harbour Post",
        "TLAN": "eng",
        "TCON": "Podcast",
    }
    assert mp3.info.length * 1000 == pytest.approx(told["duration_ms"], abs=50)
    assert (mp3.info.bitrate, mp3.info.sample_rate, mp3.info.channels) == (
        pytest.approx(96_000, abs=100), 44_100, 1
    )  # fmt: skip
    chapters = [
        {"title": str(chapter.sub_frames["TIT2"]), "start_ms": chapter.start_time, "end_ms": chapter.end_time}
        for chapter in mp3.tags.getall("CHAP")
    ]
    assert chapters == told["chapters"]
    assert chapters[-1]["end_ms"] == told["duration_ms"]
    assert mp3.tags.getall("APIC")[0].data[:2] == b"\xff\xd8"


def test_transcript_chapters_and_cues_agree(first: Run) -> None:
    """The three formats say the same words, inside the sound; the chapters are those of the record."""
    told = record(first.plan.station.root)
    chapters = json.loads(find(first.folder, "chapters.json").read_text(encoding="utf-8"))["chapters"]
    assert [(one["title"], round(one["startTime"] * 1000)) for one in chapters] == [
        (one["title"], one["start_ms"]) for one in told["chapters"]
    ]
    segments = json.loads(find(first.folder, "transcript.json").read_text(encoding="utf-8"))["segments"]
    words = " ".join(segment["body"] for segment in segments).split()
    assert words == " ".join(line.text for line in first.plan.script.lines).split()
    assert segments[-1]["endTime"] * 1000 <= told["duration_ms"]
    vtt = find(first.folder, "transcript.vtt").read_text(encoding="utf-8")
    spoken = html.unescape(" ".join(re.findall(r"<v \w+>(.*(?:\n.+)*)", vtt)))
    assert spoken.split() == words


def test_feedparser_reads_the_feed(first: Run) -> None:
    root, told = first.plan.station.root, record(first.plan.station.root)
    (entry,) = entries(root)
    assert (entry.title, entry.id, entry.itunes_episode) == (told["title"], told["guid"], "1")
    assert abs(int(entry.itunes_duration) * 1000 - told["duration_ms"]) <= 500
    (enclosure,) = entry.enclosures
    assert enclosure.type == "audio/mpeg"
    assert enclosure.href == f"{BASE_URL}audio/{SLUG}/{find(first.folder, AUDIO_NAME).name}"
    assert int(enclosure.length) == find(first.folder, AUDIO_NAME).stat().st_size
    assert entry.published == "Fri, 06 Dec 2024 06:00:00 -0500"


def test_podcastparser_reads_the_same(first: Run) -> None:
    root, told = first.plan.station.root, record(first.plan.station.root)
    feed = podcastparser.parse(BASE_URL + "podcast.xml", io.BytesIO((root / "podcast.xml").read_bytes()))
    (episode,) = feed["episodes"]
    assert (feed["title"], episode["title"], episode["guid"]) == (
        "The Morning Brief", told["title"], told["guid"]
    )  # fmt: skip
    assert abs(episode["total_time"] * 1000 - told["duration_ms"]) <= 500
    assert episode["published"] == int(dt.datetime.fromisoformat(told["published"]).timestamp())
    assert episode["enclosures"] == [
        {
            "url": f"{BASE_URL}audio/{SLUG}/{find(first.folder, AUDIO_NAME).name}",
            "file_size": find(first.folder, AUDIO_NAME).stat().st_size,
            "mime_type": "audio/mpeg",
        }
    ]
    assert [(one["title"], one["start"]) for one in episode["chapters"]] == [
        (one["title"], one["start_ms"] // 1000) for one in told["chapters"]
    ]


STEADY = {
    *("article.json", "embed.html", "index.html", "oembed.json", "proof.html", "proof.json"),
    "script.md",
}
STEADY |= {RECORD_NAME}
"""What keeps its name whatever is in it."""
UNSHOWN = {RECORD_NAME, "article.json", "script.md", FLASH_NAME, "proof.html", "proof.json"}
"""What is in an episode's folder for its newsroom and for other feeds than the podcast's."""


def test_every_own_address_leads_to_a_file(first: Run) -> None:
    """In the feed, the pages and the tag: transcripts, covers, chapters, sound, pages."""
    root = first.plan.station.root
    page, show = first.folder / "index.html", root / "index.html"
    found: set[str] = set()
    for path in (root / "podcast.xml", page, show, find(first.folder, AUDIO_NAME)):
        text = html.unescape(path.read_bytes().decode("utf-8", "ignore").replace("\0", "\n"))
        found |= set(re.findall(rf"{re.escape(BASE_URL)}[\w./~%#=?&-]*", text))
    for path, address in ((page, f"{BASE_URL}audio/{SLUG}/"), (show, BASE_URL)):
        links = re.findall(r'(?:href|src|poster)="([^"]*)"', path.read_text(encoding="utf-8"))
        own = {urljoin(address, html.unescape(link)) for link in links}
        found |= {link for link in own if link.startswith(BASE_URL)}
    names = {stand_in(root, address).relative_to(root).as_posix() for address in found}
    assert names >= {
        *("podcast.xml", "index.html", "cover.jpg"),
        *(f"audio/{SLUG}/{find(first.folder, name).name}" for name in FILES - UNSHOWN),
    }
    assert [name for name in sorted(names) if not (root / name).is_file()] == []


def test_the_episode_is_as_loud_as_the_record_says(first: Run) -> None:
    told = record(first.plan.station.root)
    sound = decode_sound(find(first.folder, AUDIO_NAME))
    assert measure_loudness(sound.samples, 44_100) == pytest.approx(told["loudness_lufs"], abs=0.1)
    assert told["loudness_lufs"] == pytest.approx(-16, abs=0.3)
    assert np.abs(sound.samples).max() <= 10 ** (told["true_peak_dbtp"] / 20) * 1.01
    assert told["true_peak_dbtp"] <= -1


def test_the_flash_briefing_stands_beside_the_episode(first: Run) -> None:
    """Intro and Quick Looks in their own file, as loud as smart speakers want it, with tags of its own."""
    told, flash = record(first.plan.station.root), find(first.folder, FLASH_NAME)
    mp3 = MP3(flash)
    assert mp3.tags is not None
    info: Any = mp3.info
    assert (info.bitrate, info.sample_rate) == (pytest.approx(256_000, abs=300), 44_100)
    assert 10 < info.length < told["duration_ms"] / 1000 - 5
    assert (str(mp3.tags["TIT2"]), mp3.tags.getall("CHAP")) == (told["title"], [])
    assert measure_loudness(decode_sound(flash).samples, 44_100) == pytest.approx(-14, abs=0.3)
    names = [file["name"] for file in told["files"]]
    assert (names[0], FLASH_NAME in names) == (AUDIO_NAME, True)


def test_an_edition_without_a_short_part_has_no_flash_briefing(station: Path) -> None:
    """Where a producer strikes both of them the old file goes, too, once apps have read the feed anew."""
    flash = find(station / "audio" / SLUG, FLASH_NAME)
    path = station / "audio" / SLUG / "script.md"
    head, _, deep = path.read_text("utf-8").partition("# Intro")
    path.write_text(head + "# Deep Look" + deep.partition("# Deep Look")[2], "utf-8")
    made = run(station, force=True)
    assert made.produced.edited
    assert names_in(made.folder) == FILES - {FLASH_NAME}
    assert FLASH_NAME not in {file.name for file in made.produced.episode.files}
    assert flash.exists()
    sweep_former(made.plan.station, made.produced.episode, NOW + dt.timedelta(hours=24))
    assert not flash.exists()


HEADLINES = SETTINGS.replace("rate = 2.0", "rate = 0.5") + SHORT_MUSIC + '[flash]\nitems = "headlines"\n'


LONG = "Riders and the city share what the boats, the new pier and their crews have cost so far"
LONG_LOOKS = ARTICLE.replace("It cost", f"{LONG}: {LONG}:").replace(
    "Two boats &", f"{LONG}: {LONG}: two boats &"
)
"""Each of its Quick Looks is long enough to be a headline."""


def flash_of(root: Path, slug: str = SLUG) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = record(root, slug)["flash"]
    return items


def test_the_flash_item_is_what_the_proof_measured(first: Run) -> None:
    """One item an edition, dated as it is, with the article's words as they are heard."""
    root = first.plan.station.root
    (item,) = flash_of(root)
    flash = decode_sound(find(first.folder, FLASH_NAME))
    assert (item["title"], item["file"]) == ("Ferries Return to the Bay", FLASH_NAME)
    assert item["updated"] == record(root)["published"]
    assert item["duration_ms"] == pytest.approx(len(flash.samples) * 1000 / 44_100, abs=1)
    assert item["loudness_lufs"] == pytest.approx(measure_loudness(flash.samples, 44_100), abs=0.1)
    assert item["true_peak_dbtp"] <= -2
    assert item["text"].startswith(
        "Ferries Return to the Bay. Reported by R. Okafor. Ferries crossed the bay"
    )
    assert item["text"].endswith("Price Tag: It cost $38.5 million.")


def test_each_quick_look_is_a_soundbite(first: Run) -> None:
    """From its first line to its last, inside its chapter."""
    told = record(first.plan.station.root)
    bites = told["soundbites"]
    (chapter,) = [one for one in told["chapters"] if one["title"] == "Quick Looks"]
    assert [bite["title"] for bite in bites] == ["First Crossing", "Price Tag"]
    edges = [edge for bite in bites for edge in (bite["start_ms"], bite["end_ms"])]
    assert edges == sorted(edges)
    assert chapter["start_ms"] < edges[0] < edges[-1] < chapter["end_ms"]


def test_headlines_are_pressed_each_in_its_own_file(tmp_path: Path) -> None:
    """As loud as smart speakers want them, with their own titles; there is no one file of them all."""
    made = run(tmp_path, LONG_LOOKS, settings=HEADLINES)
    items = flash_of(tmp_path)
    assert [(item["title"], item["file"]) for item in items] == [
        ("First Crossing", "flash-1.mp3"),
        ("Price Tag", "flash-2.mp3"),
    ]
    assert names_in(made.folder) & {FLASH_NAME, "flash-1.mp3", "flash-2.mp3"} == {
        "flash-1.mp3",
        "flash-2.mp3",
    }
    for item in items:
        path = find(made.folder, item["file"])
        mp3 = MP3(path)
        sound = decode_sound(path).samples
        assert mp3.tags is not None
        assert (str(mp3.tags["TIT2"]), mp3.info.bitrate // 1000) == (item["title"], 256)
        assert measure_loudness(sound, 44_100) == pytest.approx(-14, abs=0.3)
        assert item["duration_ms"] == pytest.approx(len(sound) * 1000 / 44_100, abs=1)
        assert item["duration_ms"] >= 10_000
    assert items[0]["duration_ms"] > items[1]["duration_ms"]


def test_short_headlines_are_joined(tmp_path: Path) -> None:
    """What would not last ten seconds goes into the one before it, so that all of it is heard."""
    made = run(tmp_path, settings=SETTINGS + SHORT_MUSIC + '[flash]\nitems = "headlines"\n')
    (item,) = flash_of(tmp_path)
    assert (item["title"], item["file"]) == ("First Crossing; Price Tag", "flash-1.mp3")
    assert item["text"].endswith("began at 6:15 a.m. Price Tag: It cost $38.5 million.")
    assert item["duration_ms"] >= 10_000
    assert names_in(made.folder) & {FLASH_NAME, "flash-1.mp3", "flash-2.mp3"} == {"flash-1.mp3"}


@pytest.mark.parametrize("looks", [1, 2])
def test_a_headline_whose_script_is_edited_keeps_its_uid(looks: int, tmp_path: Path) -> None:
    """And its date moves at every correction; be there one of them, or two of one title."""
    text = ARTICLE.replace("- Price Tag: It cost $38.5 million.\n", "")
    if looks == 2:
        text = LONG_LOOKS.replace("Price Tag", "First Crossing")
    made = run(tmp_path, text, settings=HEADLINES)
    before = flash_of(tmp_path)
    script = made.folder / "script.md"
    for hours, (old, new) in enumerate([("began", "set out"), ("set out", "started")], 1):
        script.write_text(script.read_text("utf-8").replace(old, new), "utf-8")
        run(tmp_path, text, settings=HEADLINES, now=NOW + dt.timedelta(hours=hours))
        after = flash_of(tmp_path)
        assert [item["uid"] for item in after] == [item["uid"] for item in before]
        assert any(new in item["text"] for item in after)
        assert after[0]["updated"][11:16] == f"{9 + hours:02}:30"


def test_an_edition_of_a_deep_look_alone_is_its_summary_to_a_speaker(station: Path) -> None:
    path = station / "audio" / SLUG / "script.md"
    head, _, deep = path.read_text("utf-8").partition("# Intro")
    path.write_text(head + "# Deep Look" + deep.partition("# Deep Look")[2], "utf-8")
    (item,) = run(station, force=True).produced.episode.flash
    assert (item.file, item.text) == ("", record(station)["summary"])


# What an edition's dates tell.

LATER = NOW + dt.timedelta(hours=3)
CHANGED = "2024-12-06T12:30:15-05:00"


def told_dates(root: Path) -> tuple[str | None, list[str]]:
    told = record(root)
    return told["updated"], [item["updated"][11:16] for item in told["flash"]]


def test_a_new_edition_was_never_changed(first: Run) -> None:
    assert told_dates(first.plan.station.root) == (None, ["06:00"])


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("$38.5 million", "$40 million", (CHANGED, ["12:30"])),
        ("Riders pay 60 percent.", "Riders pay 65 percent.", (CHANGED, ["06:00"])),
        ("R. Okafor", "R. Okafor-Reed", (CHANGED, ["12:30"])),
        ("electric boats", "electric boats/ piers", (None, ["06:00"])),
    ],
    ids=["a Quick Look", "the Deep Look", "the byline", "a keyword"],
)
def test_a_correction_dates_what_it_changes(
    old: str, new: str, expected: tuple[str | None, list[str]], station: Path
) -> None:
    """What nobody hears or reads differently keeps its date."""
    run(station, ARTICLE.replace(old, new), now=LATER)
    assert told_dates(station) == expected


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ('[artwork]\nbackground = "#333333"\n', (None, ["06:00"])),
        ("[flash]\nloudness_lufs = -15.0\n", (None, ["12:30"])),
        ("[podcast]\nloudness_lufs = -18.0\n", (CHANGED, ["06:00"])),
    ],
    ids=["colours", "the flash's loudness", "the podcast's loudness"],
)
def test_a_setting_dates_what_it_changes(
    settings: str, expected: tuple[str | None, list[str]], station: Path
) -> None:
    run(station, settings=SETTINGS + SHORT_MUSIC + settings, now=LATER)
    assert told_dates(station) == expected


@pytest.mark.parametrize("name", [AUDIO_NAME, FLASH_NAME, "transcript.json"])
def test_a_file_that_was_damaged_and_is_made_again_is_no_change(name: str, station: Path) -> None:
    """It is the same that was published."""
    find(station / "audio" / SLUG, name).write_bytes(b"damaged")
    assert not run(station, now=LATER).produced.unchanged
    assert told_dates(station) == (None, ["06:00"])


def test_a_change_stays_dated_when_the_next_one_is_none(station: Path) -> None:
    run(station, ARTICLE.replace("$38.5", "$40"), now=LATER)
    restyled = SETTINGS + SHORT_MUSIC + '[artwork]\nbackground = "#333333"\n'
    run(station, ARTICLE.replace("$38.5", "$40"), now=LATER + dt.timedelta(hours=2), settings=restyled)
    assert told_dates(station) == (CHANGED, ["12:30"])


def test_a_headline_put_before_the_others_leaves_them_themselves(tmp_path: Path) -> None:
    """Though the words that count them are others now."""
    run(tmp_path, LONG_LOOKS, settings=HEADLINES)
    before = {item["title"]: item for item in flash_of(tmp_path)}
    text = LONG_LOOKS.replace(
        "- First Crossing", "- Weather: It was a clear and cold morning.\n- First Crossing"
    )
    run(tmp_path, text, settings=HEADLINES, now=LATER)
    after = flash_of(tmp_path)
    assert [item["title"] for item in after] == ["Weather", "First Crossing", "Price Tag"]
    assert [item["uid"] for item in after[1:]] == [
        before[title]["uid"] for title in ("First Crossing", "Price Tag")
    ]
    assert after[0]["uid"] not in {item["uid"] for item in before.values()}


def test_a_headline_that_is_mended_alone_gets_a_new_date(tmp_path: Path) -> None:
    run(tmp_path, LONG_LOOKS, settings=HEADLINES)
    before = flash_of(tmp_path)
    run(tmp_path, LONG_LOOKS.replace("$38.5", "$40"), settings=HEADLINES, now=LATER)
    after = flash_of(tmp_path)
    assert [item["uid"] for item in after] == [item["uid"] for item in before]
    assert [item["updated"][11:16] for item in after] == ["06:00", "12:30"]


def test_an_edition_keeps_the_season_that_it_came_out_in(tmp_path: Path) -> None:
    run(tmp_path, settings=SETTINGS + SHORT_MUSIC + "[feed]\nseason = 2\n")
    run(tmp_path, settings=SETTINGS + SHORT_MUSIC + "[feed]\nseason = 3\n")
    run(tmp_path, date=DAY - dt.timedelta(days=1), settings=SETTINGS + SHORT_MUSIC + "[feed]\nseason = 3\n")
    assert record(tmp_path)["season"] == 2
    assert record(tmp_path, SLUG.replace("-06-", "-05-"))["season"] == 3


def test_an_edition_tells_why_it_is_not_in_the_flash_briefing(first: Run, tmp_path: Path) -> None:
    assert first.produced.left_out == ()
    late = run(tmp_path / "a", now=NOW + dt.timedelta(days=8)).produced.left_out
    assert [one.reason for one in late] == ["it came out on 2024-12-06, more than 7 days ago"]
    plain = SETTINGS.replace("https://", "http://") + SHORT_MUSIC
    (open_one,) = run(tmp_path / "b", settings=plain).produced.left_out
    assert open_one.reason.startswith("its addresses do not begin with https")


def test_music_that_an_encoder_raises_over_the_ceiling_is_held_down(tmp_path: Path) -> None:
    """Bursts of full-scale steps overshoot once they are decoded; their reel is made again, softer."""
    time = np.arange(44_100) / 44_100
    steps = np.sign(np.sin(2 * np.pi * 1370 * time)) * (np.sin(2 * np.pi * 7 * time) > 0)
    write_wav(tmp_path / "steps.wav", steps)
    settings = SETTINGS + SHORT_MUSIC.replace(f'close = "{TICK}"', 'close = "steps.wav"')
    made = run(
        tmp_path, settings=settings + "[running_order.closing]\nmusic = 'close'\ngain_db = 12\n", force=True
    )
    for name, ceiling_dbtp in ((AUDIO_NAME, -1), (FLASH_NAME, -2)):
        samples = decode_sound(find(made.folder, name)).samples[:, 0]
        raised = np.fft.irfft(np.fft.rfft(samples.astype(np.float64)), 8 * len(samples)) * 8
        assert 20 * np.log10(np.abs(raised).max()) <= ceiling_dbtp + 0.05
    assert made.produced.episode.true_peak_dbtp <= -1


@pytest.mark.parametrize(("rate", "channels"), [(24_000, 1), (48_000, 2)])
def test_an_edition_may_have_any_rate_and_be_stereo(rate: int, channels: int, tmp_path: Path) -> None:
    settings = f"sound.sample_rate_hz = {rate}\nsound.channels = {channels}\n" + SETTINGS + SHORT_MUSIC
    made = run(tmp_path, settings=settings, force=True)
    for name, loudness_lufs in ((AUDIO_NAME, -16), (FLASH_NAME, -14)):
        sound = decode_sound(find(made.folder, name))
        assert (sound.sample_rate_hz, sound.samples.shape[1]) == (rate, channels)
        assert measure_loudness(sound.samples, rate) == pytest.approx(loudness_lufs, abs=0.3)


def test_a_real_voice_goes_the_same_way(tmp_path: Path) -> None:
    """With the built-in music."""
    made = run(tmp_path, voice="espeak", settings=SETTINGS)
    told = record(tmp_path)
    assert names_in(made.folder) == FILES
    assert [voice.split()[0] for voice in told["voices"]] == ["espeak"]
    assert told["loudness_lufs"] == pytest.approx(-16, abs=0.5)
    info: Any = MP3(find(made.folder, AUDIO_NAME)).info
    assert info.length * 1000 == pytest.approx(told["duration_ms"], abs=50)
    (entry,) = entries(tmp_path)
    assert int(entry.enclosures[0].length) == find(made.folder, AUDIO_NAME).stat().st_size


def test_the_same_again_does_nothing_and_says_so(station: Path) -> None:
    before, stood = content(station), times(station)
    again = run(station, now=NOW + dt.timedelta(days=3))
    assert again.produced.unchanged
    assert again.stages == []
    assert (content(station), times(station)) == (before, stood)


def test_the_same_again_without_its_takes_does_nothing_either(station: Path) -> None:
    """What has been made stands on its own; the cache may go at any time."""
    shutil.rmtree(station / ".cache")
    before = content(station)
    assert run(station).produced.unchanged
    assert not (station / ".cache" / "takes").exists()
    assert content(station) == before


def test_a_changed_article_of_the_day_takes_the_episode_s_place(station: Path, first: Run) -> None:
    """Identity, number, hour and folder stay, so that players update what they have."""
    old, before = record(station), content(station)
    changed = run(station, ARTICLE.replace("412 people", "413 people"), now=NOW + dt.timedelta(hours=5))
    new, after = record(station), content(station)
    assert not changed.produced.unchanged
    assert changed.folder.name == first.folder.name
    for kept in ("guid", "number", "published", "slug"):
        assert new[kept] == old[kept]
    assert names_in(changed.folder) == FILES
    for name in ("article.json", "script.md", "index.html", RECORD_NAME):
        assert after[f"audio/{SLUG}/{name}"] != before[f"audio/{SLUG}/{name}"]
    for name in (AUDIO_NAME, "transcript.vtt"):
        assert find(changed.folder, name).name not in {Path(stood).name for stood in before}
    (entry,) = entries(station)
    assert entry.id == old["guid"]
    assert int(entry.enclosures[0].length) == find(changed.folder, AUDIO_NAME).stat().st_size


def test_a_changed_article_speaks_only_the_lines_that_changed(station: Path) -> None:
    changed = run(station, ARTICLE.replace("412 people", "413 people"))
    begun = next((done, total) for stage, done, total in changed.told if stage == "speak")
    assert begun[1] - begun[0] == 1


@pytest.mark.parametrize(
    "settings",
    [
        SETTINGS.replace('"tone:low"', '"tone:high"') + SHORT_MUSIC,
        SETTINGS.replace("The Morning Brief", "The Evening Brief") + SHORT_MUSIC,
        SETTINGS + SHORT_MUSIC + "[podcast]\nbitrate_kbps = 128\n",
    ],
    ids=["voice", "title", "bit rate"],
)
def test_a_changed_setting_is_a_change(settings: str, station: Path) -> None:
    before = find(station / "audio" / SLUG, AUDIO_NAME).read_bytes()
    assert not run(station, settings=settings).produced.unchanged
    assert find(station / "audio" / SLUG, AUDIO_NAME).read_bytes() != before


@pytest.mark.parametrize("name", [AUDIO_NAME, "cover.jpg", "transcript.vtt", "index.html"])
def test_a_damaged_or_lost_file_is_made_anew(name: str, station: Path) -> None:
    before = made(station)
    path = find(station / "audio" / SLUG, name)
    if name.endswith(".mp3"):
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-7])
    assert not run(station).produced.unchanged
    assert made(station) == before


def marked_in(root: Path) -> dict[str, bytes]:
    """The files of the episode that have marks, by the ends of their addresses."""
    folder = root / "audio" / SLUG
    return {path.name: path.read_bytes() for path in folder.iterdir() if plain(path.name) != path.name}


def test_a_feed_that_was_read_before_a_change_still_leads_to_what_it_tells_of(station: Path) -> None:
    """All that it names stands as it was, beside the new, and the record tells since when that is so."""
    before = marked_in(station)
    run(station, ARTICLE.replace("412 people", "413 people"), now=LATER)
    after = marked_in(station)
    former = {one["place"]: one["superseded"] for one in record(station)["former"]}

    assert {name: after[name] for name in before} == before
    assert {plain(name) for name in former} >= {AUDIO_NAME, FLASH_NAME, "transcript.vtt"}
    assert set(former.values()) == {CHANGED}
    assert former.keys() == before.keys() - {
        mark(one["name"], one["sha256"]) for one in record(station)["files"]
    }
    assert set(after) == set(before) | {find(station / "audio" / SLUG, name).name for name in FILES - STEADY}
    (entry,) = entries(station)
    assert entry.enclosures[0].href.rpartition("/")[2] == find(station / "audio" / SLUG, AUDIO_NAME).name


def test_an_enclosure_s_address_changes_with_its_bytes_alone(station: Path) -> None:
    """Here the flash briefing alone is made anew: the podcast's sound stays where it is."""
    (before,) = entries(station)
    flash, proof = find(station / "audio" / SLUG, FLASH_NAME).name, record_of(station, "proof.json")
    run(station, now=LATER, settings=SETTINGS + SHORT_MUSIC + "[flash]\nloudness_lufs = -15.0\n")
    (after,) = entries(station)
    (item,) = json.loads((station / "flash-briefing.json").read_bytes())

    assert after.enclosures == before.enclosures
    assert [one["place"] for one in record(station)["former"]] == [flash]
    assert item["streamUrl"].rpartition("/")[2] == find(station / "audio" / SLUG, FLASH_NAME).name != flash
    assert record_of(station, "proof.json")["sha256"] != proof["sha256"]


def record_of(root: Path, name: str) -> dict[str, Any]:
    (found,) = [file for file in record(root)["files"] if file["name"] == name]
    return dict(found)


def test_a_change_that_is_taken_back_gives_the_old_addresses_again(station: Path) -> None:
    """And what it had superseded is superseded no more."""
    before = marked_in(station)
    run(station, ARTICLE.replace("412 people", "413 people"), now=LATER)
    between = marked_in(station).keys() - before.keys()
    run(station, now=LATER + dt.timedelta(hours=1))

    assert {find(station / "audio" / SLUG, name).name for name in FILES - STEADY} == set(before)
    assert {one["place"] for one in record(station)["former"]} == between
    assert {name: marked_in(station)[name] for name in before} == before


def test_what_was_superseded_twice_keeps_its_first_hour(station: Path) -> None:
    """The grace of the oldest ends first."""
    first = find(station / "audio" / SLUG, AUDIO_NAME).name
    run(station, ARTICLE.replace("412 people", "413 people"), now=LATER)
    second = find(station / "audio" / SLUG, AUDIO_NAME).name
    run(station, ARTICLE.replace("412 people", "414 people"), now=LATER + dt.timedelta(hours=2))
    former = {one["place"]: one["superseded"] for one in record(station)["former"]}

    assert former[first] == CHANGED
    assert former[second] == "2024-12-06T14:30:15-05:00"


def test_somebody_s_own_files_stay_in_an_episode_s_folder(station: Path) -> None:
    """A change takes away only what it supersedes, and that later."""
    own = station / "audio" / SLUG / "transcript.txt"
    own.write_text("notes of the producer", encoding="utf-8")
    made = run(station, ARTICLE.replace("412", "413"))
    sweep_former(made.plan.station, made.produced.episode, NOW + dt.timedelta(days=2))

    assert own.read_text("utf-8") == "notes of the producer"
    assert {plain(path.name) for path in made.folder.iterdir()} == FILES | {own.name}
    assert len(list(made.folder.iterdir())) == len(FILES) + 1


SECOND = ARTICLE.replace("Ferries Return to the Bay", "Bridge Closes").replace("Ferries Return:", "Bridge:")


def test_a_second_article_is_the_second_episode(station: Path) -> None:
    """Both stand in the feed and on the show's page, the newest first; the first is not touched."""
    before = content(station)
    second = run(station, SECOND, date=DAY + dt.timedelta(days=1), now=NOW + dt.timedelta(days=1))
    assert second.produced.episode.number == 2
    newest, oldest = entries(station)
    assert (newest.title, oldest.title) == ("Bridge Closes", "Ferries Return to the Bay")
    assert newest.id != oldest.id
    page = (station / "index.html").read_text(encoding="utf-8")
    assert page.index("Bridge Closes") < page.index("Ferries Return to the Bay")
    changed = {name for name, payload in content(station).items() if before.get(name) != payload}
    assert {name for name in changed if name.startswith(f"audio/{SLUG}/")} == set()


def test_a_correction_changes_neither_number_nor_hour_whatever_came_since(tmp_path: Path) -> None:
    """Here of an edition that went out before its hour."""
    early = run(tmp_path, now=dt.datetime(2024, 12, 6, 10, 12, 13, tzinfo=dt.UTC)).produced.episode
    assert early.published.isoformat() == "2024-12-06T05:12:13-05:00"
    run(tmp_path, SECOND)
    corrected = run(tmp_path, ARTICLE.replace("412", "413")).produced
    assert not corrected.unchanged
    assert (corrected.episode.number, corrected.episode.published) == (1, early.published)
    assert [int(entry.itunes_episode) for entry in entries(tmp_path)] == [2, 1]


def test_the_same_input_gives_the_same_bytes(first: Run, tmp_path: Path) -> None:
    """Of every file, in whatever folder, whether the takes are there or not."""
    run(tmp_path / "elsewhere")
    assert content(tmp_path / "elsewhere") == content(first.plan.station.root)


@pytest.mark.parametrize(
    ("zone", "hour", "now", "expected"),
    [
        ("UTC", "06:00", "2024-12-06T09:30:00.123+00:00", "2024-12-06T06:00:00+00:00"),
        ("UTC", "06:00", "2024-12-06T06:00:00+00:00", "2024-12-06T06:00:00+00:00"),
        ("UTC", "06:00", "2024-12-06T05:12:13.999+00:00", "2024-12-06T05:12:13+00:00"),
        ("UTC", "06:00", "2024-12-05T20:00:00+00:00", "2024-12-05T20:00:00+00:00"),
        ("America/New_York", "06:00", "2024-12-06T10:59:00+00:00", "2024-12-06T05:59:00-05:00"),
        ("America/New_York", "06:00", "2024-12-06T11:01:00+00:00", "2024-12-06T06:00:00-05:00"),
        ("Asia/Tokyo", "06:00", "2024-12-05T21:30:00+00:00", "2024-12-06T06:00:00+09:00"),
        ("Asia/Tokyo", "23:30", "2024-12-09T00:00:00-05:00", "2024-12-06T23:30:00+09:00"),
    ],
)
def test_an_edition_is_published_at_its_hour_but_never_in_the_future(
    zone: str, hour: str, now: str, expected: str
) -> None:
    """The station's clock counts; players drop what is dated later than now."""
    station = Station(Path(), show=Show(timezone=zone, publish_at=hour))
    published = find_publication(station, DAY, dt.datetime.fromisoformat(now))
    assert published.isoformat() == expected


@pytest.mark.parametrize("damage", [b"", b"[]", b'{"format": 1}', b"\xff\xfe"])
def test_a_damaged_record_in_the_episode_s_own_place_is_made_anew(damage: bytes, station: Path) -> None:
    """Where no copy of it is kept."""
    shutil.rmtree(station / ".cache" / "records")
    before = made(station)
    (station / "audio" / SLUG / RECORD_NAME).write_bytes(damage)
    assert not run(station).produced.unchanged
    assert made(station) == before


@pytest.mark.parametrize("damage", [b"", b"{", b'{"format": 1}', b"null"])
def test_a_damaged_record_of_another_episode_is_named_before_anything_is_spoken(
    damage: bytes, station: Path
) -> None:
    """Where no copy of it is kept."""
    shutil.rmtree(station / ".cache" / "records")
    path = station / "audio" / SLUG / RECORD_NAME
    path.write_bytes(damage)
    before = content(station)
    with pytest.raises(
        EpisodeError, match=f"^{re.escape(str(path))}: cannot be used .* or remove the folder$"
    ):
        run(station, SECOND)
    after = content(station)
    assert after.pop("article.txt") != before.pop("article.txt")
    assert after == before


@pytest.mark.parametrize(
    "harm", [Path.unlink, lambda path: path.write_bytes(b"ID3")], ids=["lost", "cut short"]
)
def test_what_cannot_be_heard_is_not_in_the_feed(harm: Callable[[Path], object], station: Path) -> None:
    harm(find(station / "audio" / SLUG, AUDIO_NAME))
    run(station, SECOND)
    assert [entry.title for entry in entries(station)] == ["Bridge Closes"]
    assert "Ferries Return to the Bay" not in (station / "index.html").read_text(encoding="utf-8")


def test_an_episode_not_published_leaves_feed_and_pages_as_they_are(station: Path) -> None:
    before, stood = content(station), times(station)
    made = run(station, SECOND, publish=False)
    assert made.stages == ["speak", "mix", "master", "proof"]
    assert names_in(made.folder) == FILES
    for name in SITE:
        assert content(station)[name] == before[name]
        assert times(station)[station / name] == stood[station / name]


def test_an_episode_made_without_publishing_is_published_by_the_next_run(station: Path) -> None:
    run(station, SECOND, publish=False)
    again = run(station, SECOND)
    assert again.produced.unchanged
    assert {entry.title for entry in entries(station)} == {"Bridge Closes", "Ferries Return to the Bay"}


@pytest.mark.parametrize("name", sorted(SITE))
@pytest.mark.parametrize("cached", [True, False])
def test_what_is_derived_comes_back_byte_for_byte(name: str, cached: bool, station: Path) -> None:
    before = content(station)
    (station / name).unlink()
    if not cached:
        shutil.rmtree(station / ".cache")
    assert run(station).produced.unchanged
    assert content(station) == before


def test_a_disk_that_refuses_leaves_the_old_episode_standing(station: Path) -> None:
    """Here a folder stands where a file must go; nothing is replaced before all of it can be."""
    in_the_way = station / "audio" / SLUG / "oembed.json"
    in_the_way.unlink()
    (in_the_way / "mine").mkdir(parents=True)
    before = content(station)
    with pytest.raises(EpisodeError, match=f"{SLUG}: cannot be written: oembed.json is a folder there"):
        run(station, ARTICLE.replace("412", "413"))
    after = content(station)
    assert after.pop("article.txt") != before.pop("article.txt")
    assert after == before
    assert [path.name for path in (station / "audio").iterdir()] == [SLUG]
    assert [entry.title for entry in entries(station)] == ["Ferries Return to the Bay"]


@pytest.mark.parametrize("blocked", ["audio", f"audio/{SLUG}"])
def test_a_file_where_a_folder_must_go_is_said(blocked: str, tmp_path: Path) -> None:
    path = tmp_path / blocked
    path.parent.mkdir(exist_ok=True)
    path.write_text("in the way", encoding="utf-8")
    with pytest.raises(EpisodeError, match=rf"({SLUG}|audio): cannot be written: "):
        run(tmp_path)
    assert path.read_text(encoding="utf-8") == "in the way"
    assert not (tmp_path / "podcast.xml").exists()


@pytest.mark.parametrize("failure", [KeyboardInterrupt, AudioError, OSError])
@pytest.mark.parametrize("stage", ["speak", "mix", "master", "proof"])
def test_whatever_stops_a_run_leaves_what_stood(
    stage: str, failure: type[BaseException], station: Path
) -> None:
    """Nothing unfinished is left beside it, and the next run goes through."""
    before = content(station)
    text = ARTICLE.replace("412", "413")
    plan = plan_edition(parse_station(SETTINGS + SHORT_MUSIC, station), read_article(station, text), DAY)

    def stop(told: str, done: int, total: int, words: str = "") -> None:
        if told == stage and done:
            raise failure("stopped")

    with pytest.raises(EpisodeError if failure is OSError else failure, match="stopped"):
        produce(plan, NOW, stop)
    after = content(station)
    assert after.pop("article.txt") != before.pop("article.txt")
    assert after == before
    assert [path.name for path in (station / "audio").iterdir()] == [SLUG]
    assert not run(station, text).produced.unchanged


@pytest.mark.skipif(os.name != "posix", reason="files have no such mode")
def test_a_web_server_may_read_everything_whoever_produces(tmp_path: Path) -> None:
    """Whatever their umask is."""
    usual = os.umask(0o077)
    try:
        made = run(tmp_path)
    finally:
        os.umask(usual)
    modes = {plain(path.name): path.stat().st_mode & 0o777 for path in made.folder.iterdir()}
    assert modes == dict.fromkeys(FILES, 0o644)
    assert made.folder.stat().st_mode & 0o777 == 0o755


def test_a_feed_that_cannot_be_written_does_not_lose_the_episode(station: Path) -> None:
    (station / "podcast.xml").unlink()
    (station / "podcast.xml").mkdir()
    with pytest.raises(EpisodeError, match=r"cannot be written"):
        run(station, SECOND)
    (station / "podcast.xml").rmdir()
    assert run(station, SECOND).produced.unchanged
    assert len(entries(station)) == 2


def test_a_run_that_was_killed_leaves_nothing_that_is_published(station: Path) -> None:
    """Its unfinished folder is hidden, and not an episode."""
    half = station / "audio" / ".2024-12-07-bridge-closes.1234.tmp"
    shutil.copytree(station / "audio" / SLUG, half)
    assert run(station).produced.unchanged
    assert len(entries(station)) == 1


def test_whatever_is_missing_is_found_before_anything_is_spoken(tmp_path: Path) -> None:
    """A voice, a jingle: the plan fails, and the folder stays as it was."""
    for settings, error in (
        (SETTINGS.replace('"tone:low"', '"nosuch"'), VoiceError),
        (SETTINGS + '[sound.jingles]\nopen = "audio/none.wav"\n', AudioError),
    ):
        with pytest.raises(error):
            run(tmp_path, settings=settings)
    assert {path.name for path in tmp_path.iterdir()} == {"article.txt", TICK}


def test_one_voice_may_take_the_place_of_the_whole_cast(station: Path) -> None:
    made = run(station, voice="tone:high")
    assert [voice.split()[2] for voice in made.produced.episode.voices] == ["high"]


def test_an_article_without_a_lede_still_has_a_summary(tmp_path: Path) -> None:
    """The first words that it has; at last its headline."""
    from morning_edition.articles.article import QuickLook, Section
    from morning_edition.making import summarise

    looks = (QuickLook("It cost much.", "Price"),)
    deep = (Section((), "Empty"), Section(("At sunrise.", "Later."), "Why"))
    cases: list[tuple[Article, str]] = [
        (Article("Head", lede="Lede.", quick_looks=looks, deep_look=deep), "Lede."),
        (Article("Head", quick_looks=looks, deep_look=deep), "At sunrise."),
        (Article("Head", quick_looks=looks), "It cost much."),
        (Article("Head"), "Head"),
    ]
    assert [summarise(article) for article, _ in cases] == [expected for _, expected in cases]


def test_a_script_edited_by_hand_is_read_as_it_stands(station: Path) -> None:
    """Until it is removed; what the producer changed is heard, and other changes do not take it away."""
    script = station / "audio" / SLUG / "script.md"
    written = script.read_text("utf-8")
    script.write_text(written.replace("Thank you for listening.", "Until tomorrow."), "utf-8")
    edited = run(station)
    assert edited.produced.edited
    assert not edited.produced.unchanged
    assert "Until tomorrow." in find(station / "audio" / SLUG, "transcript.srt").read_text("utf-8")
    assert run(station).produced.unchanged
    other_settings = SETTINGS + SHORT_MUSIC + "\n[owner]\nname = 'Somebody'\n"
    assert run(station, settings=other_settings).produced.edited
    assert "Until tomorrow." in script.read_text("utf-8")
    script.unlink()
    assert not run(station).produced.edited
    assert script.read_text("utf-8") == written


def test_a_broken_edit_is_told_with_its_place_and_nothing_is_lost(station: Path) -> None:
    """The message names the episode's own file."""
    script = station / "audio" / SLUG / "script.md"
    script.write_text(script.read_text("utf-8").replace("# Outro", "# Finale"), "utf-8")
    stood = content(station)
    with pytest.raises(ScriptError, match=rf"{SLUG}/script\.md:\d+:1: no part of the programme"):
        run(station)
    assert content(station) == stood


def test_an_episode_that_came_meanwhile_is_in_the_feed(station: Path) -> None:
    """Two runs at once: the second waits for the first to end, and both are in the feed."""
    parsed = parse_station(SETTINGS + SHORT_MUSIC, station)
    plans = [
        plan_edition(parsed, read_article(station, text), dt.date(2024, 12, 7)) for text in (ARTICLE, SECOND)
    ]
    waited: list[str] = []
    other = threading.Thread(
        target=lambda: produce(plans[1], NOW, lambda *stage: None, tell=waited.append), daemon=True
    )

    def begin_other(stage: str, done: int, total: int, told: str = "") -> None:
        if stage == "master" and not other.is_alive():
            other.start()
            assert wait_until(lambda: bool(waited))

    produce(plans[0], NOW, begin_other)
    other.join(60)
    assert len(entries(station)) == 3
    assert [said.partition(" is held by ")[2].partition(" ")[0] for said in waited] == ["produce"]


def wait_until(true: Callable[[], bool]) -> bool:
    """Tell whether it comes true within ten seconds."""
    return any(true() or time.sleep(0.02) for _ in range(500))


def test_what_a_producer_strikes_is_not_heard(station: Path) -> None:
    """It stays in the script, and is in no transcript."""
    script = station / "audio" / SLUG / "script.md"
    line = "The first boat left at sunrise. ^deep-1-1"
    text = script.read_text("utf-8")
    assert line in text
    script.write_text(text.replace(line, f"~~{line.removesuffix(' ^deep-1-1')}~~ ^deep-1-1"), "utf-8")
    produced = run(station).produced
    assert produced.edited
    assert "left at sunrise" not in find(produced.folder, "transcript.srt").read_text("utf-8")
    assert "~~The first boat left at sunrise.~~" in script.read_text("utf-8")


def test_a_part_that_is_cut_is_no_chapter(station: Path) -> None:
    settings = SETTINGS + SHORT_MUSIC + '[script]\ndepth = "quick"\n'
    made = run(station, settings=settings)
    titles = [chapter.title for chapter in made.produced.episode.chapters]
    assert titles == ["Intro", "Quick Looks", "Outro"]
    assert made.plan.selection.told.startswith("left out 3 paragraphs")


def test_picked_quick_looks_are_the_episode_s(tmp_path: Path) -> None:
    """The record says that they were picked; the article stays as the newsroom wrote it."""
    body = (
        "The first of two electric ferries left Saltmarsh Pier at sunrise on Monday. "
        "Some 412 people crossed the bay before noon. The old line closed after a storm in 2016. "
        "Riders pay 60 percent of the cost, and the state the rest."
    )
    article = (
        ARTICLE.partition("Ferries Return: Quick Looks")[0]
        + f"Ferries Return to the Bay\nDeep Look\n{body}\n"
    )
    made = run(tmp_path, article)
    looks = record(tmp_path)["quick_looks"]
    assert len(looks) == 2
    assert all(look["extracted"] and look["text"] in body for look in looks)
    assert json.loads((made.folder / "article.json").read_text("utf-8"))["quick_looks"] == []


def test_an_answer_in_the_lexicon_costs_the_lines_that_hold_the_name(station: Path) -> None:
    """The episode is made again; every other line keeps its take, and the transcript its writing."""
    lexicon = station / "lexicon.toml"
    lexicon.write_text('[names]\nFerries = "FAIR-eez"\n', "utf-8")
    answered = run(station)
    lines = [line.text for line in answered.plan.script.lines if "Ferries" in line.text]
    begun = next((done, total) for stage, done, total in answered.told if stage == "speak")

    assert not answered.produced.unchanged
    assert len(set(lines)) == begun[1] - begun[0]
    assert "Ferries Return" in find(answered.folder, "transcript.srt").read_text("utf-8")
    assert run(station).produced.unchanged


def test_a_pronouncer_in_the_copy_is_used_and_not_read_out(station: Path) -> None:
    """It goes to the script's head, and from there with the line to its voice."""
    made = run(station, ARTICLE.replace("at sunrise", "Kestrel (KESS-truhl) at sunrise"))
    spoken = [line.spoken for line in made.plan.script.lines if "sunrise" in line.text]

    assert spoken == ["The first boat left Kestrel at sunrise."]
    assert [(spoken[0][said.start : said.end], said.ipa) for said in made.plan.utter(spoken[0]).says] == [
        ("Kestrel", "ˈkɛstrəl")
    ]


def test_a_broken_lexicon_is_told_before_anything_is_spoken(station: Path) -> None:
    """What stood before stands."""
    (station / "lexicon.toml").write_text("[names]\nHama = 5\n", "utf-8")
    stood = content(station)
    with pytest.raises(LexiconError, match=r"lexicon\.toml.*Hama"):
        run(station)
    assert stood == content(station)


def test_figures_reach_the_voice_in_the_station_s_english(tmp_path: Path) -> None:
    """The transcript keeps them as they are written."""
    british = SETTINGS.replace("[show]", '[show]\nlanguage = "en-GB"') + SHORT_MUSIC
    made = run(tmp_path, settings=british)
    line = next(line for line in made.plan.script.lines if "412" in line.text)

    assert "four hundred and twelve people" in line.spoken


def test_quotations_without_a_voice_of_their_own_are_read_by_who_reads_around_them(tmp_path: Path) -> None:
    article = replace(
        read_article(tmp_path), lede="“It floats at last, after all of these years,” said the mayor."
    )
    station = Station(tmp_path)
    own = replace(station, cast=replace(station.cast, quote=Part("tone:high")))
    read = {
        show.cast.quote.voice: {
            (line.source.partition("-")[0], line.role)
            for line in plan_edition(show, article, DAY, voice="tone").read_lines
            if line.text.startswith("“")
        }
        for show in (station, own)
    }

    assert read == {
        "": {("lede", "anchor"), ("deep", "correspondent")},
        "tone:high": {("lede", "quote"), ("deep", "quote")},
    }


def test_a_co_anchor_reads_every_other_quick_look(tmp_path: Path) -> None:
    """The anchor has the rest; a station without a co-anchor leaves them all to the anchor."""
    settings = SETTINGS + SHORT_MUSIC + '[cast.co_anchor]\nvoice = "tone:high"\npitch_semitones = 2\n'
    made = run(tmp_path, settings=settings, force=True)
    roles = [(line.role, line.source) for line in made.plan.script.lines if line.source.startswith("look-")]
    shown = find(made.produced.folder, "transcript.vtt").read_text("utf-8")

    assert {role for role, source in roles if source == "look-1"} == {"anchor"}
    assert {role for role, source in roles if source == "look-2"} == {"co_anchor"}
    assert "tone 1 high letter_ms=60 pitch=+2" in record(tmp_path)["voices"]
    assert "<v Co-anchor>" in shown


def test_an_episode_remembers_what_it_was_read_with(first: Run) -> None:
    """Each role with its voice, as a setting names it."""
    assert record(first.plan.station.root)["cast"] == {
        "anchor": "tone",
        "co_anchor": "tone",
        "correspondent": "tone:low",
        "quote": "tone",
    }


def find_sounds(path: Path, pause_ms: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return when sound begins after a pause of at least so long, and when it ends before one, in seconds."""
    sound = decode_sound(path)
    loud = np.flatnonzero(np.abs(sound.samples[:, 0]) > 0.003) / sound.sample_rate_hz
    gaps = np.flatnonzero(np.diff(loud) >= pause_ms / 1000)
    return np.append(loud[0], loud[gaps + 1]), np.append(loud[gaps], loud[-1])


@pytest.mark.parametrize(("voice", "pause_ms"), [("tone", 25), ("espeak", 300)])
def test_captions_stand_while_their_words_are_heard(tmp_path: Path, voice: str, pause_ms: int) -> None:
    """Within 50 ms, measured on the MP3. A tone pauses before each word, speech where lines end."""
    settings = SETTINGS.partition("[cast")[0] + f'[cast.anchor]\nvoice = "{voice}"\n' + NO_MUSIC
    folder = run(tmp_path, settings=settings, force=True).produced.folder
    begun, ended = find_sounds(find(folder, AUDIO_NAME), pause_ms)
    shown = re.findall(r"^(\S+) --> (\S+)$", find(folder, "transcript.vtt").read_text("utf-8"), re.MULTILINE)
    cards = [(seconds(start), seconds(end)) for start, end in shown]
    pauses = [(end, start) for (_, end), (start, _) in itertools.pairwise(cards) if start > end + 0.2]
    starts = [start for start, _ in cards] if voice == "tone" else [start for _, start in pauses]
    late = [start for start in starts if np.abs(begun - start).min() > 0.05]
    cut = [end for end, _ in pauses if np.abs(ended - end).min() > 0.05]

    assert len(pauses) >= 8
    assert (late, cut) == ([], [])


def seconds(stamp: str) -> float:
    """Read a time of WebVTT."""
    hours, minutes, rest = stamp.rjust(12, "0").split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(rest)
