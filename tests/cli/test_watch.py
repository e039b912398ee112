"""`watch` as a newsroom runs it: real processes, real folders, a real feed; ended, killed, started again."""

import contextlib
import datetime as dt
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest

FULL = (
    "Two boats crossed the bay on Monday. All of their passengers were glad of that, and came back at night."
)

BEEP = """
import sys, wave
with wave.open(sys.argv[1], "wb") as file:
    file.setparams((1, 2, 24000, 0, "NONE", ""))
    file.writeframes((bytes([0, 16] * 24) + bytes([0, 240] * 24)) * 3000)
"""


def write(path: Path, headline: str, text: str = FULL) -> None:
    """Write an article's file that has lain there for a minute."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{headline}\n\n{text}\n", "utf-8")
    os.utime(path, (time.time() - 60,) * 2)


def write_feed(*headlines: str) -> bytes:
    moment = format_datetime(dt.datetime.now(dt.UTC) - dt.timedelta(hours=1))
    items = "".join(
        f"<item><title>{one}</title><guid isPermaLink='false'>{number}</guid><pubDate>{moment}</pubDate>"
        f"<description>{one}. {FULL}</description></item>"
        for number, one in enumerate(headlines)
    )
    return f'<rss version="2.0"><channel><title>T</title>{items}</channel></rss>'.encode()


def episodes(station: Path) -> dict[str, dict[str, Any]]:
    """Return the records of all episodes, by their titles; none may stand twice."""
    records = [json.loads(path.read_text("utf-8")) for path in station.glob("audio/[!.]*/episode.json")]
    assert len({record["title"] for record in records}) == len(records)
    return {record["title"]: record for record in records}


def lines(done: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Start `watch` in the station, in a group of its own."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("MORNING_EDITION")}
    environment |= {"MORNING_EDITION_ALLOW_PRIVATE": "1", "MORNING_EDITION_OFFLINE": "1"}
    with contextlib.ExitStack() as running:

        def begin(*arguments: str) -> "subprocess.Popen[str]":
            process = subprocess.Popen(
                [sys.executable, "-m", "morning_edition", "watch", *arguments],
                cwd=tmp_path,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            running.enter_context(process)
            running.callback(process.kill)
            return process

        yield begin


def test_a_result_is_a_line(run: Any, station: Path) -> None:
    """Time, what, source and path, between tabs; nothing at all where nothing is new."""
    write(station / "in" / "a.txt", "Bridge Opens")
    done = run("watch", "in", "--once")
    assert done.returncode == 0, done.stderr
    at, what, source, path = done.stdout.rstrip("\n").split("\t")
    assert (what, source) == ("made", "in")
    assert dt.datetime.fromisoformat(at).tzinfo
    assert (station / path).is_file()
    again = run("watch", "in", "--once", "--quiet")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert feedparser.parse(station / "podcast.xml").entries[0].title == "Bridge Opens"


@pytest.mark.thorough
def test_a_changed_headline_keeps_guid_and_number(run: Any, station: Path) -> None:
    """The same episode, made again."""
    write(station / "in" / "a.txt", "Bridge Opens")
    run("watch", "in", "--once")
    before = episodes(station)["Bridge Opens"]
    write(station / "in" / "a.txt", "Bridge Closes", f"No. {FULL}")
    (record,) = lines(run("watch", "in", "--once", "--json"))
    after = episodes(station)
    assert record["what"] == "changed"
    assert list(after) == ["Bridge Closes"]
    kept = ("guid", "slug", "number", "date", "published")
    assert [after["Bridge Closes"][key] for key in kept] == [before[key] for key in kept]


@pytest.mark.thorough
def test_settings_name_sources_and_commands(run: Any, station: Path) -> None:
    """A folder in them is one beside station.toml, wherever the command is typed."""
    (station / "note.py").write_text(
        "import os\nprint(os.environ['MORNING_EDITION_TITLE'], flush=True)\n", "utf-8"
    )
    with (station / "station.toml").open("a", encoding="utf-8") as file:
        command = f"{sys.executable} note.py"
        file.write(f'[watch]\nsources = ["in"]\non_success = "{command}"\non_failure = "{command} failed"\n')
    write(station / "in" / "a.txt", "Bridge Opens")
    (station / "in" / "b.txt").write_bytes(b"\x7fELF" + bytes(100))
    os.utime(station / "in" / "b.txt", (time.time() - 60,) * 2)
    done = run("watch", "--once", "--station", str(station), "--json", "--quiet")
    assert done.returncode == 1
    assert sorted(record["what"] for record in lines(done)) == ["failed", "made"]
    assert "Bridge Opens\n" in done.stderr
    assert "morning-edition: in/b.txt: is a program, not text" in done.stderr.replace(f"{station}/", "")
    again = run("watch", "--once", "--station", str(station), "--json", "--quiet")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


def test_what_the_proof_refuses_is_told_with_its_own_status(run: Any, station: Path) -> None:
    """Like `produce`: 3, the finding, and the folder where it is kept; once."""
    toml = station / "station.toml"
    toml.write_text(toml.read_text("utf-8").replace('"tone"', '"command"'), "utf-8")
    (station / "beep.py").write_text(BEEP, "utf-8")
    with toml.open("a", encoding="utf-8") as file:
        file.write(f'[engines.command]\nline = "{sys.executable} beep.py {{output}}"\n')
    write(station / "in" / "a.txt", "Bridge Opens")
    done = run("watch", "in", "--once", "--json", "--quiet")
    (record,) = lines(done)
    assert (done.returncode, record["what"]) == (3, "refused"), done.stderr
    assert record["episode"]["findings"]
    assert run("watch", "in", "--once", "--quiet").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("--once",), 1, "nothing to watch: name feeds or folders"),
        (("absent", "--once"), 1, "no such folder"),
        ((".", "--once"), 1, "the station's own files"),
        (("ftp://n.example/", "--once"), 1, "no address that can be followed"),
        (("http://127.0.0.1:9999/feed", "--once"), 1, "inside a private network"),
        (("in", "--every", "0"), 2, "--every"),
        (("in", "--once", "--on-success", "say 'half"), 1, "is no command"),
    ],
)
def test_misuse_is_told(run: Any, station: Path, arguments: tuple[str, ...], status: int, words: str) -> None:
    """In one line, and nothing is made."""
    (station / "in").mkdir()
    done = run("watch", *arguments)
    assert done.returncode == status
    assert words in " ".join(done.stderr.replace("│", " ").split())
    assert "Traceback" not in done.stderr


@pytest.mark.thorough
def test_the_site_is_sent_when_it_changes(
    run: Any, station: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """And not when it does not; a failed send is told once, and tried again without a new article."""
    disk = tmp_path_factory.mktemp("elsewhere") / "disk"
    away = disk / "public"
    with (station / "station.toml").open("a", encoding="utf-8") as file:
        file.write(f'[publish]\nto = "{away}"\n')
    write(station / "in" / "a.txt", "Bridge Opens")
    failed = run("watch", "in", "--once", "--json")
    assert (failed.returncode, [record["what"] for record in lines(failed)]) == (1, ["made", "unsent"])
    still = run("watch", "in", "--once", "--json")
    assert (still.returncode, still.stdout) == (1, "")
    assert "still: " in still.stderr
    disk.mkdir()
    sent = run("watch", "in", "--once", "--json")
    assert [record["what"] for record in lines(sent)] == ["sent"], sent.stderr
    assert feedparser.parse(away / "podcast.xml").entries[0].title == "Bridge Opens"
    assert not list(away.glob(".watch*"))
    assert run("watch", "in", "--once").stdout == ""


@pytest.mark.thorough
def test_no_publish_sends_nothing(run: Any, station: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The site on this machine is brought up to date all the same."""
    away = tmp_path_factory.mktemp("elsewhere") / "public"
    with (station / "station.toml").open("a", encoding="utf-8") as file:
        file.write(f'[publish]\nto = "{away}"\n')
    write(station / "in" / "a.txt", "Bridge Opens")
    assert run("watch", "in", "--once", "--no-publish").returncode == 0
    assert (station / "podcast.xml").exists()
    assert not away.exists()


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_it_ends_with_a_word(start: Any, station: Path, number: int, status: int) -> None:
    """Whoever asks it to; the system's way is no failure. Meanwhile a second one is told who is at it."""
    (station / "in").mkdir()
    process = start("in", "--every", "1")
    assert process.stderr.readline() == "watching one source every 1 s; Ctrl-C stops it\n"
    second = start("in", "--once")
    _, said = second.communicate(timeout=30)
    assert second.returncode == 1
    assert f"is watched already, by process {process.pid} of" in said
    process.send_signal(number)
    _, said = process.communicate(timeout=30)
    assert process.returncode == status
    assert "stopped; what was" in said
    assert not (station / ".watch.lock.json").exists()


@pytest.mark.thorough
def test_it_goes_on_until_it_is_stopped(start: Any, station: Path, speech_server: Any) -> None:
    """What comes into the feed and the folder meanwhile is made as it comes, and settings are read anew."""
    speech_server.always = speech_server.reply(write_feed("Bridge Opens"))
    process = start(f"{speech_server.url}/feed", "in", "--every", "1", "--json", "--quiet")
    first = json.loads(process.stdout.readline())
    speech_server.always = speech_server.reply(write_feed("Bridge Opens", "Ferry Sinks"))
    told = [first, *(json.loads(process.stdout.readline()) for _ in range(2))]
    write(station / "in" / "a.txt", "Tower Falls")
    told.append(json.loads(process.stdout.readline()))
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
    assert sorted(record["what"] for record in told) == ["made", "made", "made", "unreachable"]
    assert set(episodes(station)) == {"Bridge Opens", "Ferry Sinks", "Tower Falls"}


@pytest.mark.thorough
def test_a_stop_in_the_middle_is_gone_on_with_after_midnight(
    start: Any, run: Any, station: Path, speech_server: Any
) -> None:
    """Asked to end while it makes an episode, it ends at once; day and folder stay those of the beginning."""
    toml = station / "station.toml"
    plain = toml.read_text("utf-8")
    now = dt.datetime.now(dt.UTC)
    # Two zones in which it is not the same day: so midnight passes between the two runs.
    before, after = ("Etc/GMT+12", "Etc/GMT-2") if now.hour >= 11 else ("Etc/GMT+11", "Etc/GMT-14")
    toml.write_text(plain.replace("[show]", f'[show]\ntimezone = "{before}"'), "utf-8")
    speech_server.always = speech_server.reply(write_feed("Bridge Opens"))
    url = f"{speech_server.url}/feed"
    process = start(url, "--every", "1")
    while "speaking" not in (said := process.stderr.readline()):
        assert said
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    assert process.returncode == 0
    assert episodes(station) == {}
    begun = json.loads((station / ".watch.json").read_text("utf-8"))["sources"][url]["articles"]["0"]
    assert begun["standing"] == "begun"
    toml.write_text(plain.replace("[show]", f'[show]\ntimezone = "{after}"'), "utf-8")
    speech_server.always = speech_server.reply(write_feed())
    done = run("watch", url, "--once", MORNING_EDITION_ALLOW_PRIVATE="1")
    assert done.returncode == 0, done.stderr
    record = episodes(station)["Bridge Opens"]
    assert (record["slug"], record["date"]) == (begun["slug"], begun["day"])
    assert dt.date.fromisoformat(begun["day"]) < now.astimezone(dt.timezone(dt.timedelta(hours=14))).date()


@pytest.mark.thorough
@pytest.mark.parametrize("seed", [0, 1])
def test_killed_at_any_moment_each_article_is_made_once(
    start: Any, run: Any, station: Path, speech_server: Any, seed: int
) -> None:
    """With one GUID, and in one item of the feed, however often the power goes."""
    headlines = ["Bridge Opens", "Ferry Sinks", "Tower Falls"]
    speech_server.always = speech_server.reply(write_feed(*headlines))
    write(station / "in" / "a.txt", "Harbour Freezes", f"Ice. {FULL}")
    sources = (f"{speech_server.url}/feed", "in")
    guids: dict[str, set[str]] = {}
    delays = [0.9, 1.6] if seed == 0 else [0.4 + step * 0.15 for step in range(20)]
    for delay_s in delays:
        process = start(*sources, "--every", "1", "--quiet")
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=delay_s)
        process.kill()
        process.communicate()
        for title, record in episodes(station).items():
            guids.setdefault(title, set()).add(record["guid"])
    done = run("watch", *sources, "--once", MORNING_EDITION_ALLOW_PRIVATE="1")
    assert done.returncode == 0, done.stderr
    made = episodes(station)
    assert set(made) == {*headlines, "Harbour Freezes"}
    for title, record in made.items():
        assert guids.get(title, set()) <= {record["guid"]}
    feed = feedparser.parse(station / "podcast.xml")
    assert sorted(entry.id for entry in feed.entries) == sorted(record["guid"] for record in made.values())
    assert sorted(record["number"] for record in made.values()) == [1, 2, 3, 4]
    assert run("watch", *sources, "--once", "-q", MORNING_EDITION_ALLOW_PRIVATE="1").stdout == ""
