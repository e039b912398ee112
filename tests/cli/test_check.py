"""`morning-edition check`: a station as a newsroom makes it, played as a platform would."""

import datetime as dt
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from marked import find

from morning_edition.articles.open import open_article
from morning_edition.edition import produce
from morning_edition.episode import load_episodes
from morning_edition.outlets.briefing import choose_items, render_briefing_json, render_briefing_rss
from morning_edition.plan import plan_edition
from morning_edition.station import load_station

SLUG = "2024-12-06-old-bridge-reopens-after-repairs"
AT = ("--at", "2024-12-06T12:00")
NOW = dt.datetime(2024, 12, 6, 12, tzinfo=dt.UTC)
SETTINGS = (
    '[show]\ntitle = "Test Show"\nbase_url = "https://podcast.example/show/"\n[cast.anchor]\nvoice = "tone"\n'
)
ARTICLE = """\
bridge repairs/ river traffic/ Harbour Post/ A. Diaz/ Morning Edition/ The old bridge reopened on Friday.
Old Bridge Reopens: Quick Looks
- Reopened: Cars crossed at noon.
- Cost: The work took $2 million.
Old Bridge Reopens After Repairs
Deep Look
The bridge had been closed since March.
"""
Run = Callable[..., subprocess.CompletedProcess[str]]


def publish(folder: Path, now: dt.datetime = NOW) -> None:
    """Write the briefing as it would be written at *now*."""
    station = load_station(folder)
    items = choose_items(station, load_episodes(station), now).items
    (folder / "flash-briefing.json").write_text(render_briefing_json(station, items), "utf-8")
    (folder / "flash-briefing.xml").write_text(render_briefing_rss(station, items), "utf-8")


@pytest.fixture(scope="module")
def pressed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A station with one edition, and a briefing of that day; made once for all tests."""
    folder = tmp_path_factory.mktemp("pressed")
    (folder / "bridge.txt").write_text(ARTICLE, "utf-8")
    (folder / "station.toml").write_text(SETTINGS, "utf-8")
    station = load_station(folder)
    article = open_article(str(folder / "bridge.txt"), outlet="Harbour Post", edition="Morning Edition")
    produce(plan_edition(station, article, NOW.date()), NOW, lambda *_: None)
    publish(folder)
    return folder


@pytest.fixture
def made(pressed: Path, tmp_path: Path) -> Path:
    """The same in the folder that commands run in."""
    shutil.copytree(pressed, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".cache"))
    return tmp_path


def test_a_good_station_is_played_in_order(run: Run, made: Path) -> None:
    """What would be said and played, on standard output; and the status is that all is well."""
    done = run("check", "--as", "alexa", *AT)
    assert (done.returncode, done.stderr) == (0, "")
    head, title, does = done.stdout.splitlines()
    assert head == "Alexa would take 1 item of flash-briefing.json:"
    assert title == "  1  Old Bridge Reopens After Repairs"
    assert re.fullmatch(
        rf"     plays {find(made / 'audio' / SLUG, 'flash.mp3').name}, \d+ s, -1[34]\.\d LUFS", does
    )


def test_json_is_one_document(run: Run, made: Path) -> None:
    record = json.loads(run("check", "--as", "alexa", "--json", *AT).stdout)
    assert (record["as"], record["refused"], record["skipped"]) == ("Alexa", [], [])
    (item,) = record["items"]
    assert item["plays"] == (
        f"https://podcast.example/show/audio/{SLUG}/{find(made / 'audio' / SLUG, 'flash.mp3').name}"
    )
    assert item["true_peak_dbtp"] <= -2
    told = json.loads((made / "audio" / SLUG / "episode.json").read_text("utf-8"))["flash"][0]
    assert item["uid"] == told["uid"]
    assert item["loudness_lufs"] == pytest.approx(told["loudness_lufs"], abs=0.1)
    assert item["duration_ms"] == pytest.approx(told["duration_ms"], abs=30)


def test_headlines_are_played_one_after_another(run: Run, station: Path, article: Path) -> None:
    """Those that are too short to be played by themselves are joined, so that nothing is read aloud."""
    settings = (station / "station.toml").read_text("utf-8")
    (station / "station.toml").write_text(settings + '[flash]\nitems = "headlines"\n', "utf-8")
    run("produce", "bridge.txt", "--date", "2024-12-06")
    publish(station)
    done = run("check", "--as", "alexa", *AT)
    assert done.returncode == 0, done.stdout
    rows = done.stdout.splitlines()
    assert rows[:2] == ["Alexa would take 1 item of flash-briefing.json:", "  1  Reopened; Cost"]
    assert rows[2].startswith(f"     plays {find(station / 'audio' / SLUG, 'flash-1.mp3').name}, ")
    assert len(rows) == 3


def test_what_would_be_refused_is_told_with_status_3(run: Run, station: Path, article: Path) -> None:
    """A sound of another bit rate, in words, with the way out; and nothing else is said to be wrong."""
    settings = (station / "station.toml").read_text("utf-8")
    (station / "station.toml").write_text(settings + "[flash]\nbitrate_kbps = 128\n", "utf-8")
    run("produce", "bridge.txt", "--date", "2024-12-06")
    publish(station)
    done = run("check", "--as", "alexa", *AT)
    assert done.returncode == 3
    sound = find(station / "audio" / SLUG, "flash.mp3").name
    assert done.stdout.splitlines() == [
        "Alexa would take no items of flash-briefing.json:",
        f"refused: item 1: {sound} has frames of 128 kbit/s, and all must be of 256; set bitrate_kbps under "
        "[flash] to 256",
    ]


def test_after_a_week_nothing_is_played(run: Run, made: Path) -> None:
    """By default it is played now; and it says which edition there was."""
    done = run("check", "--as", "alexa")
    assert done.returncode == 3
    assert (
        "refused: flash-briefing.json: none of it is younger than 7 days; produce an edition" in done.stdout
    )
    publish(made, NOW + dt.timedelta(days=9))
    done = run("check", "--as", "alexa")
    assert done.returncode == 3
    assert "refused: flash-briefing.json: it has no item, and one to five are wanted" in done.stdout
    assert f"skipped: {SLUG}: Old Bridge Reopens After Repairs: it came out on 2024-12-06" in done.stdout


def test_a_briefing_that_cannot_be_read_is_an_error(run: Run, station: Path) -> None:
    done = run("check", "--as", "alexa")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("morning-edition: flash-briefing.json: is not there; ")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[", "it is no JSON"),
        (b"\xef\xbb\xbf[]", "it begins with a byte order mark"),
        (b'["\xe9"]', "it is not UTF-8"),
    ],
)
def test_a_briefing_that_a_speaker_cannot_parse_is_refused(
    run: Run, station: Path, content: bytes, said: str
) -> None:
    """As a feed is that directories cannot: with status 3, in the list of what is refused."""
    (station / "flash-briefing.json").write_bytes(content)
    done = run("check", "--as", "alexa")
    assert (done.returncode, done.stderr) == (3, "")
    head, refused = done.stdout.splitlines()
    assert head == "Alexa would take no items of flash-briefing.json:"
    assert refused.startswith(f"refused: flash-briefing.json: {said}")
    (fault,) = json.loads(run("check", "--as", "alexa", "--json").stdout)["refused"]
    assert fault["where"] == "flash-briefing.json"


def test_an_endless_title_is_shown_shortened(run: Run, made: Path) -> None:
    """JSON has it whole."""
    title = "word " * 400
    for name in ("flash-briefing.json", "flash-briefing.xml"):
        text = (made / name).read_text("utf-8")
        (made / name).write_text(text.replace("Old Bridge Reopens After Repairs", title), "utf-8")
    rows = run("check", "--as", "alexa", *AT).stdout.splitlines()
    assert 50 < len(rows[1]) <= 105
    assert rows[1].endswith(" word…")
    (item,) = json.loads(run("check", "--as", "alexa", "--json", *AT).stdout)["items"]
    assert item["title"] == title.strip()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--as", "radio"), "name one of: alexa"),
        (("--as", "alexa", "--at", "noon"), "noon is no time; write 2024-12-06T07:30"),
    ],
)
def test_what_nobody_can_do_is_misuse(run: Run, station: Path, arguments: Any, said: str) -> None:
    done = run("check", *arguments)
    assert done.returncode == 2
    assert said in " ".join(done.stderr.split())


@pytest.mark.parametrize(
    ("at", "status"), [("2024-12-06T06:00-05:00", 0), ("2024-12-06T07:00+02:00", 3), ("2024-12-13", 0)]
)
def test_a_moment_is_the_station_s_unless_it_names_a_zone(run: Run, made: Path, at: str, status: int) -> None:
    """The edition came out at six, in UTC."""
    assert run("check", "--as", "alexa", "--at", at).returncode == status


def test_podcast_directories_take_the_station_as_it_was_made(run: Run, made: Path) -> None:
    """Nothing of our own making is refused; what a newsroom has yet to fill in is told."""
    done = run("check", "--as", "podcast")
    assert (done.returncode, done.stderr) == (0, "")
    head, title, does, *notes = done.stdout.splitlines()
    assert head == "Podcast directories and apps would take 1 item of podcast.xml:"
    assert title == "  1  Old Bridge Reopens After Repairs"
    sound = find(made / "audio" / SLUG, "episode.mp3").name
    plays = rf"     plays {sound}, \d+ s, 0\.\d MB, -1[56]\.\d LUFS, \d chapters, "
    assert re.fullmatch(plays + "transcripts vtt srt json html", does)
    assert [note.partition(", ")[0] for note in notes] == [
        "could be better: podcast.xml: base_url is still that of an example (https://podcast.example/show/)",
        "could be better: podcast.xml: there is no owner’s address",
        "could be better: podcast.xml: it names no licence; set license under [feed]",
    ]


def test_without_a_name_each_platform_is_played(run: Run, made: Path) -> None:
    """One after another; as JSON they are a list."""
    done = run("check", *AT)
    assert (done.returncode, done.stderr) == (0, "")
    alexa, podcast = done.stdout.split("\n\n")
    assert alexa.startswith("Alexa would take 1 item of flash-briefing.json:\n")
    assert podcast.startswith("Podcast directories and apps would take 1 item of podcast.xml:\n")
    records = json.loads(run("check", "--json", *AT).stdout)
    assert [(record["file"], len(record["items"])) for record in records] == [
        ("flash-briefing.json", 1),
        ("podcast.xml", 1),
    ]


def test_what_any_platform_refuses_is_status_3(run: Run, made: Path) -> None:
    """The briefing is too old; the podcast is as good as it was."""
    done = run("check", "--json")
    assert done.returncode == 3
    assert [bool(record["refused"]) for record in json.loads(done.stdout)] == [True, False]


def test_what_one_platform_cannot_read_keeps_no_other_from_being_played(run: Run, made: Path) -> None:
    (made / "flash-briefing.json").unlink()
    done = run("check", *AT)
    assert (done.returncode, done.stderr) == (3, "")
    assert done.stdout.splitlines()[:2] == [
        "Alexa could read nothing:",
        "refused: flash-briefing.json: is not there; `morning-edition produce ARTICLE` writes it",
    ]
    assert "Podcast directories and apps would take 1 item of podcast.xml:" in done.stdout
    assert json.loads(run("check", "--json", *AT).stdout)[0]["file"] is None


def test_of_years_of_episodes_the_newest_are_shown(run: Run, made: Path) -> None:
    """JSON has them all."""
    feed = made / "podcast.xml"
    text = feed.read_text("utf-8")
    item = text[text.index("    <item>") : text.index("  </channel>")]
    others = "".join(item.replace("<title>Old", f"<title>Number{number} Old") for number in range(30))
    feed.write_text(text.replace("  </channel>", others + "  </channel>"), "utf-8")
    shown = run("check", "--as", "podcast").stdout
    assert shown.count(f"plays {find(made / 'audio' / SLUG, 'episode.mp3').name}") == 10
    assert "     … and 21 more; --json tells them all\n" in shown
    assert len(json.loads(run("check", "--as", "podcast", "--json").stdout)["items"]) == 31


def test_nothing_is_fetched(run: Run, made: Path) -> None:
    """A stream on another server is refused, unheard; the network is not touched."""
    path = made / "flash-briefing.json"
    path.write_text(path.read_text("utf-8").replace("podcast.example", "127.0.0.1:9"), "utf-8")
    blocked = "import socket; socket.socket = None; socket.getaddrinfo = None; "
    main = "from morning_edition.cli import main; main()"
    command = [sys.executable, "-c", blocked + main, "check", "--as", "alexa", *AT]
    done = subprocess.run(command, cwd=made, capture_output=True, text=True, encoding="utf-8", timeout=60)
    assert done.returncode == 3, done.stderr
    assert "outside of base_url; nothing is fetched, so it was not heard" in done.stdout
