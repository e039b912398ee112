import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
import wave
from pathlib import Path
from typing import Any

import feedparser
import pytest
from marked import find

DAY = ("--date", "2024-12-06")
SLUG = "2024-12-06-old-bridge-reopens-after-repairs"


def sound_of(station: Path) -> str:
    """Where the episode's sound is, as commands print it."""
    return f"audio/{SLUG}/{find(station / 'audio' / SLUG, 'episode.mp3').name}"


def test_produce_prints_the_paths_it_made(run: Any, station: Path, article: Path) -> None:
    """Standard output holds the paths alone; what happens meanwhile goes to standard error, line by line."""
    done = run("produce", "bridge.txt", *DAY)
    assert done.returncode == 0
    assert done.stdout.splitlines() == [sound_of(station), "podcast.xml"]
    stages = [line.split()[0] for line in done.stderr.splitlines()[1:-1]]
    assert stages == ["speaking", "mixing", "mastering", "proofing", "publishing"]
    assert re.fullmatch(r"speaking \d+ lines", done.stderr.splitlines()[1])
    assert done.stderr.splitlines()[-1] == (
        "not in the flash briefing: it came out on 2024-12-06, more than 7 days ago"
    )
    assert (station / sound_of(station)).stat().st_size > 10_000
    assert feedparser.parse(station / "podcast.xml").entries[0].title == "Old Bridge Reopens After Repairs"


def test_produce_from_standard_input(run: Any, station: Path, article: Path) -> None:
    """`-` reads the article from a pipe."""
    done = run("produce", "-", *DAY, stdin=article.read_text("utf-8"))
    assert done.stdout.splitlines()[0] == sound_of(station)


def test_produce_again_leaves_everything_as_it_is(run: Any, station: Path, article: Path) -> None:
    """The same article with nothing changed is told to be unchanged, and no file is touched."""
    run("produce", "bridge.txt", *DAY)
    before = times(station)
    done = run("produce", "bridge.txt", *DAY)
    assert done.returncode == 0
    assert "nothing has changed" in done.stderr
    assert times(station) == before


def times(station: Path) -> dict[Path, int]:
    """When each file was written last, but for the note of station files that are 2 s old."""
    files = [path for path in station.rglob("*") if path.is_file() and path.name != "station-files.json"]
    return {path: path.stat().st_mtime_ns for path in files}


def test_produce_tells_what_an_article_lacks(run: Any, station: Path) -> None:
    """A bare paragraph is read all the same, and the producer hears what was missing."""
    (station / "bare.txt").write_text(
        "The old bridge reopened on Friday after a long winter.\n", encoding="utf-8"
    )
    done = run("produce", "bare.txt", *DAY)
    assert done.returncode == 0
    assert "the article lacks keywords, an outlet, a byline" in done.stderr


def test_produce_json_is_one_document(run: Any, station: Path, article: Path) -> None:
    """With --json, standard output is one JSON document that names what was made and what failed."""
    done = run("produce", "bridge.txt", "absent.txt", *DAY, "--json", "--quiet")
    assert done.returncode == 1
    record = json.loads(done.stdout)
    assert record["episodes"][0]["slug"] == SLUG
    assert record["episodes"][0]["paths"] == [sound_of(station), "podcast.xml"]
    assert record["episodes"][0]["not_in_flash_briefing"] == [
        {
            "title": "Old Bridge Reopens After Repairs",
            "reason": "it came out on 2024-12-06, more than 7 days ago",
        }
    ]
    assert record["failed"][0]["article"] == "absent.txt"


def test_a_bad_article_does_not_stop_the_others(run: Any, station: Path, article: Path) -> None:
    """Every article that can be made is made; the exit status tells that one was not."""
    done = run("produce", "absent.txt", "bridge.txt", *DAY, "--quiet")
    assert done.returncode == 1
    assert done.stdout.splitlines()[0] == sound_of(station)
    assert done.stderr.startswith("morning-edition: absent.txt")
    assert len(done.stderr.splitlines()) == 1


def test_dry_run_makes_nothing(run: Any, station: Path, article: Path) -> None:
    """The plan tells lines and characters, and what need not be spoken again; no file is written."""
    before = sorted(station.rglob("*"))
    done = run("produce", "bridge.txt", *DAY, "--dry-run", "--json")
    plan = json.loads(done.stdout)["episodes"][0]
    assert sorted(station.rglob("*")) == before
    assert (plan["slug"], plan["lines_to_speak"], plan["price_usd"]) == (SLUG, plan["lines"], 0)
    assert plan["characters_to_speak"] == plan["characters"] > 500
    assert 30 < plan["seconds"] < 120
    run("produce", "bridge.txt", *DAY)
    again = json.loads(run("produce", "bridge.txt", *DAY, "--dry-run", "--json").stdout)["episodes"][0]
    assert (again["lines_to_speak"], again["characters_to_speak"]) == (0, 0)
    assert again["lines"] == plan["lines"] > 10


def test_no_publish_leaves_the_feed(run: Any, station: Path, article: Path) -> None:
    """With --no-publish the episode is made, and neither feed nor page is."""
    done = run("produce", "bridge.txt", *DAY, "--no-publish")
    assert done.stdout.splitlines() == [sound_of(station)]
    assert not (station / "podcast.xml").exists()
    assert not (station / "index.html").exists()


def test_script_prints_or_writes(run: Any, article: Path, tmp_path: Path) -> None:
    """The script comes on standard output, or into a file; no station is needed."""
    printed = run("script", "bridge.txt", *DAY)
    written = run("script", "bridge.txt", *DAY, "-o", "script.md")
    assert "- First, Reopened. ^look-1" in printed.stdout
    assert written.stdout == "script.md\n"
    assert (tmp_path / "script.md").read_text("utf-8") == printed.stdout


def test_say_writes_a_sound_file(run: Any, tmp_path: Path) -> None:
    """TEXT is said into a WAV file that other programs can play."""
    done = run("say", "Good morning.", "-o", "hello.wav")
    assert done.stdout == "hello.wav\n"
    with wave.open(str(tmp_path / "hello.wav")) as sound:
        assert 0.4 < sound.getnframes() / sound.getframerate() < 2


def test_voices_lists_what_can_speak(run: Any) -> None:
    """Every engine's voices stand there as they are written after --voice; a language narrows them."""
    names = [line.split()[0] for line in run("voices").stdout.splitlines()[1:]]
    assert {"espeak:en-US+edward", "gtts:co.uk", "tone:middle"} <= set(names)
    french = json.loads(run("voices", "--language", "fr", "--json").stdout)["voices"]
    assert {voice["language"].split("-")[0] for voice in french} <= {"fr", ""}
    assert "espeak:fr+edward" in {voice["name"] for voice in french}


def test_episodes_lists_the_newest_first(run: Any, station: Path, article: Path) -> None:
    """The catalogue is a table for people and a document for programs; an empty one says how to begin."""
    assert "no episodes yet" in run("episodes").stderr
    run("produce", "bridge.txt", *DAY)
    run("produce", "bridge.txt", "--date", "2024-12-07")
    rows = [row.split()[:3] for row in run("episodes").stdout.splitlines()[1:]]
    assert rows == [["2", "2024-12-07", "published"], ["1", "2024-12-06", "published"]]
    records = json.loads(run("episodes", "--json").stdout)["episodes"]
    assert [record["date"] for record in records] == ["2024-12-07", "2024-12-06"]


def test_init_makes_a_station_that_produces(run: Any, tmp_path: Path) -> None:
    """A new station needs nothing more than its sample article."""
    made = run("init", "mine", "--title", "Mine & Yours")
    assert made.returncode == 0
    assert "mine/station.toml" in made.stdout.splitlines()
    done = run("produce", "mine/article.txt", "--station", "mine", "--voice", "tone", *DAY)
    assert done.returncode == 0, done.stderr
    assert feedparser.parse(tmp_path / "mine" / "podcast.xml").feed.title == "Mine & Yours"


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        ((), 2, "Usage: "),
        (("produce",), 2, "Missing argument"),
        (("produce", "x", "--date", "tomorrow"), 2, "tomorrow"),
        (("nonsense",), 2, "No such command"),
        (("produce", "absent.txt"), 1, "morning-edition: absent.txt: there is no such file"),
        (("produce", "bridge.txt", "--voice", "espek"), 1, "did you mean espeak?"),
        (("produce", "bridge.txt", "--voice", "espeak:en-uss"), 1, "did you mean en-us"),
        (("produce", "bridge.txt", "--voice", "tone:shrill"), 1, "tone has no voice called 'shrill'"),
        (("produce", "empty.txt"), 1, "morning-edition: empty.txt"),
        (("produce", "picture.png"), 1, "morning-edition: picture.png"),
        (
            ("produce", "bridge.txt", "--station", "absent"),
            1,
            "make a station with `morning-edition init",
        ),
        (
            ("produce", "bridge.txt", "--station", "typo"),
            1,
            "show.titel; did you mean show.title?",
        ),
        (
            ("produce", "bridge.txt", "--station", "jingleless"),
            1,
            "sound.jingles.open in station.toml",
        ),
        (("produce", "bridge.txt", "--station", "noise"), 1, "noise.wav"),
        (("produce", "bridge.txt", "--station", "template"), 1, "script.md.j2:1"),
        (
            ("produce", "bridge.txt", "--station", "damaged"),
            1,
            "or remove the folder",
        ),
        (("say", "…", "--voice", "espeak"), 1, "there is nothing to say"),
        (("init", "typo"), 1, "there is a station here already"),
        (("init", "new", "--base-url", "nowhere"), 1, "show.base_url must be a web address"),
        (("script", "absent.txt"), 1, "morning-edition: absent.txt"),
    ],
)
def test_what_goes_wrong_is_told_in_one_line(
    arguments: tuple[str, ...], status: int, message: str, run: Any, station: Path, article: Path
) -> None:
    """One line says what, where and the way out; never a traceback. Failed is 1, misused is 2."""
    (station / "empty.txt").touch()
    (station / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    settings = {
        "typo": '[show]\ntitel = "x"',
        "jingleless": '[sound.jingles]\nopen = "absent.wav"',
        "noise": '[cast.anchor]\nvoice = "tone"\n[sound.jingles]\nopen = "noise.wav"',
        "template": "",
        "damaged": "",
    }
    for name, text in settings.items():
        (station / name).mkdir()
        (station / name / "station.toml").write_text(text, encoding="utf-8")
    (station / "noise" / "noise.wav").write_bytes(b"RIFFnonsense" * 9)
    (station / "template" / "templates").mkdir()
    (station / "template" / "templates" / "script.md.j2").write_text("{% if %}", encoding="utf-8")
    (station / "damaged" / "audio" / "2020-01-01-old").mkdir(parents=True)
    (station / "damaged" / "audio" / "2020-01-01-old" / "episode.json").write_text("{", encoding="utf-8")
    done = run(*arguments, *(["--quiet"] if "produce" in arguments[:1] else []))
    assert done.returncode == status, done.stderr
    said = done.stderr or done.stdout
    assert message in said
    assert "Traceback" not in said
    if status == 1:
        assert len(done.stderr.splitlines()) == 1


def test_bars_are_drawn_on_a_terminal(station: Path, article: Path) -> None:
    """On a terminal progress moves in bars; every stage has one."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "morning_edition", "produce", "bridge.txt", *DAY],
        cwd=station,
        stderr=theirs,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:  # the other side of a terminal that closes is an error, not an end
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    assert process.wait() == 0
    for stage in (b"speaking", b"mixing", b"mastering", b"publishing"):
        assert stage in shown
    assert "━".encode() in shown


def test_an_interrupt_ends_in_one_line(station: Path, tmp_path: Path) -> None:
    """Control-C ends the program at once, says so, and leaves no half-made episode."""
    (tmp_path / "long.txt").write_text(
        "Deep Look\n" + " ".join(f"The river rose by {number} feet." for number in range(6000)), "utf-8"
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "morning_edition", "produce", "long.txt", *DAY, "--voice", "espeak"],
        cwd=station,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr
    for line in process.stderr:
        if line.startswith("speaking"):
            break
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 130
    assert said.splitlines()[-1] == "morning-edition: stopped; what was finished is kept"
    assert "Traceback" not in said
    assert not (station / "podcast.xml").exists()
    assert not list((station / "audio").glob("*"))
