"""`correct`, as a newsroom uses it: what is misuse, what is refused, and what is told."""

import datetime as dt
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from morning_edition.cli import app
from morning_edition.cli.making import FAILED
from morning_edition.cli.options import REFUSED
from morning_edition.episode import Episode, load_episode
from morning_edition.errors import MorningEditionError
from morning_edition.life.history import read_events
from morning_edition.life.tombstones import make_tombstone
from morning_edition.settling import settle_station
from morning_edition.station import load_station

SLUG = "2024-12-06-old-bridge-reopens-after-repairs"
NOTE = "An earlier version of this edition gave the cost as $2 million; it is $3 million."
MISUSED = 2
ARTICLE = """\
bridge repairs/ Harbour Post/ A. Diaz/ Morning Edition/ The old bridge reopened on Friday.
Old Bridge Reopens After Repairs
Deep Look
The work took $2 million.
"""


@pytest.fixture(scope="module")
def produced(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A station with one episode; made once for all tests."""
    folder = tmp_path_factory.mktemp("produced")
    (folder / "station.toml").write_text(
        '[show]\ntitle = "Test Show"\nbase_url = "https://podcast.example/show/"\n'
        '[cast.anchor]\nvoice = "tone"\n'
        + "".join(f'[running_order.{spot}]\nmusic = ""\n' for spot in ("opening", "closing")),
        encoding="utf-8",
    )
    (folder / "bridge.txt").write_text(ARTICLE, encoding="utf-8")
    done = CliRunner().invoke(
        app, ["produce", str(folder / "bridge.txt"), "--date", SLUG[:10], "--station", str(folder), "-q"]
    )
    assert done.exit_code == 0, done.output
    return folder


@pytest.fixture
def made(produced: Path, tmp_path: Path) -> Path:
    """The same in a folder of the test's own."""
    folder = tmp_path / "made"
    shutil.copytree(produced, folder)
    return folder


def correct(folder: Path, *arguments: str) -> Result:
    """Run the command in this process; an error of its own is told as the program tells it."""
    done = CliRunner().invoke(app, ["correct", *arguments, "--station", str(folder)])
    assert done.exception is None or isinstance(done.exception, SystemExit | MorningEditionError), done.output
    return done


def edit(folder: Path, old: str, new: str, *names: str) -> None:
    for name in names or ("script.md", "article.json"):
        path = folder / "audio" / SLUG / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")


def record(folder: Path) -> Episode:
    return load_episode(folder / "audio" / SLUG)


def snapshot(folder: Path) -> dict[Path, bytes]:
    """Return all that stands, but for caches and locks."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path: path.read_bytes() for path in paths if not {".cache", ".lock"} & {*path.parts}}


def told(done: Result) -> str:
    """Return what was told, on one line, without the frames of misuse."""
    return " ".join(re.sub(r"[│╭╮╰╯─]", " ", done.output).split())


def test_a_correction_is_made_and_told(made: Path) -> None:
    """The paths on standard output; the episode, the feed and the history have the note."""
    edit(made, "$2 million", "$3 million")
    done = correct(made, "2024-12-06", NOTE, "--quiet")
    assert (done.exit_code, done.stderr) == (0, "")
    audio, feed = done.stdout.splitlines()
    assert (Path(audio).name, Path(feed).name) == (record(made).audio.place, "podcast.xml")
    assert [one.text for one in record(made).corrections] == [NOTE]
    assert NOTE in (made / "podcast.xml").read_text("utf-8")
    (event,) = [one for one in read_events(load_station(made), SLUG) if one.what == "corrected"]
    assert event.facts["text"] == "An earlier version of this edition gave the cost as $2 million; it is $3…"


def test_as_json_it_is_one_document(made: Path) -> None:
    done = correct(made, "1", NOTE, "--json", "--quiet")
    told: dict[str, Any] = json.loads(done.stdout)
    assert (told["failed"], [one["slug"] for one in told["episodes"]]) == ([], [SLUG])
    assert told["episodes"][0]["unchanged"] is False


def test_a_dry_run_tells_what_would_be_said_and_makes_nothing(made: Path) -> None:
    """The correction, and the line that was mended."""
    edit(made, "$2 million", "$3 million")
    before = snapshot(made)
    done = correct(made, SLUG, NOTE, "--dry-run", "--quiet")
    assert done.exit_code == 0
    rows = [row.strip() for row in done.stdout.splitlines()[1:]]
    assert rows[0] == f"correction: A correction: {NOTE}"
    assert [row.partition(": ")[2] for row in rows[1:]] == ["The work took $3 million."]
    assert snapshot(made) == before


def test_without_publishing_the_feed_stays_as_it_is(made: Path) -> None:
    """The same again then publishes it, and says that it is there."""
    feed = (made / "podcast.xml").read_bytes()
    done = correct(made, SLUG, NOTE, "--no-publish", "--quiet")
    assert (done.exit_code, len(done.stdout.splitlines())) == (0, 1)
    assert (made / "podcast.xml").read_bytes() == feed
    again = correct(made, SLUG, NOTE)
    assert (again.exit_code, "has this correction already" in told(again)) == (0, True)
    assert NOTE in (made / "podcast.xml").read_text("utf-8")


def test_the_same_note_twice_changes_nothing(made: Path) -> None:
    """In other letters and with other spaces, too; another note is another correction."""
    correct(made, SLUG, NOTE, "--quiet")
    before = snapshot(made)
    again = correct(made, SLUG, f" {NOTE.upper()}  ", "--quiet")
    assert again.exit_code == FAILED
    assert re.search(rf"{SLUG} has this correction already, of \d\d\d\d-\d\d-\d\d", told(again))
    assert snapshot(made) == before
    assert (
        correct(made, SLUG, "The correction before this one was wrong: it is $4 million.", "-q").exit_code
        == 0
    )
    assert record(made).corrections[0].text == NOTE
    assert len(record(made).corrections) == 2


@pytest.mark.parametrize("left", ["the site", "the history", "the history, and noted by another"])
def test_whoever_ends_what_a_killed_run_has_left_succeeds(left: str, made: Path) -> None:
    """With a word; once more, the same is refused as ever."""
    feed, history = made / "podcast.xml", made / "history.jsonl"
    old, events = feed.read_bytes(), history.read_bytes()
    assert correct(made, SLUG, NOTE, "--quiet").exit_code == 0
    whole = feed.read_bytes()
    history.write_bytes(events)
    (made / ".lock.json").write_text("{}", "utf-8")
    if left == "the site":
        feed.write_bytes(old)
    elif left != "the history":
        feed.write_bytes(old)
        settle_station(load_station(made), dt.datetime.now(dt.UTC), thorough=True)

    done = correct(made, SLUG, NOTE)
    assert done.exit_code == 0, told(done)
    assert "has this correction already; ended what was left" in " ".join(done.stderr.split())
    assert feed.read_bytes() == whole
    assert [event.what for event in read_events(load_station(made))] == ["produced", "corrected"]
    assert len(record(made).corrections) == 1
    assert correct(made, SLUG, NOTE, "--quiet").exit_code == FAILED


def test_what_the_proof_refuses_leaves_all_as_it_stands(made: Path) -> None:
    """And no note of it; once it is mended, the same again makes it."""
    edit(made, "The work took", "Mr. Mallory took", "script.md")
    before = {path: path.read_bytes() for path in snapshot(made)}
    done = correct(made, SLUG, NOTE, "--quiet")
    assert done.exit_code == REFUSED
    assert {path: content for path, content in snapshot(made).items() if path in before} == before
    assert not [one for one in read_events(load_station(made)) if one.what == "corrected"]

    edit(made, "Mr. Mallory took", "The work took", "script.md")
    assert correct(made, SLUG, NOTE, "--quiet").exit_code == 0
    assert [one.text for one in record(made).corrections] == [NOTE]


def test_with_force_what_the_proof_refuses_is_corrected_all_the_same(made: Path) -> None:
    edit(made, "The work took", "Mr. Mallory took", "script.md")
    assert correct(made, SLUG, NOTE, "--force", "--quiet").exit_code == 0
    assert [one.text for one in record(made).corrections] == [NOTE]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("",), "Invalid value for NOTE: it is empty; say what was wrong, and how it is"),
        (("One.\nTwo.",), "Invalid value for NOTE: it is one paragraph of plain text"),
        (("It is \x07 5.",), "Invalid value for NOTE: it is one paragraph of plain text"),
        (("x" * 501,), "Invalid value for NOTE: it is 501 characters long, and may have 500"),
        ((NOTE, "--spoken", "… !"), "Invalid value for --spoken: it is empty"),
        ((NOTE, "--spoken", "y" * 501), "Invalid value for --spoken: it is 501 characters long"),
        ((NOTE, "--spoken", "It is 5.", "--silent"), "leave --spoken or --silent out"),
        ((), "Missing argument 'NOTE'"),
    ],
    ids=["empty", "two lines", "control", "long", "spoken empty", "spoken long", "both", "none"],
)
def test_what_is_no_note_is_misuse(produced: Path, arguments: tuple[str, ...], said: str) -> None:
    before = snapshot(produced)
    done = correct(produced, SLUG, *arguments)
    assert (done.exit_code, said in told(done)) == (MISUSED, True), told(done)
    assert snapshot(produced) == before


def test_other_words_for_what_is_never_said_are_misuse(made: Path) -> None:
    with (made / "station.toml").open("a") as settings:
        settings.write('[corrections]\nspoken = "nowhere"\n')
    done = correct(made, SLUG, NOTE, "--spoken", "It is five.")
    assert (done.exit_code, "this station says no corrections" in told(done)) == (MISUSED, True)


@pytest.mark.parametrize("words", [("--silent",), ("--spoken", "It cost more than we said.")])
def test_it_is_said_in_other_words_or_not_at_all(made: Path, words: tuple[str, ...]) -> None:
    """Written it is as it was noted."""
    done = correct(made, SLUG, NOTE, *words, "--quiet")
    assert done.exit_code == 0
    page = (made / "audio" / SLUG / record(made).find_place("transcript.html")).read_text("utf-8")
    assert NOTE in page.partition("</aside>")[0]
    assert NOTE not in page.partition("</aside>")[2]
    assert ("A correction: It cost more than we said." in page) == ("--spoken" in words)


# What needs no correction.


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("2023", "no episode is called '2023'; `morning-edition episodes` lists them"),
        ("9", "no episode is called '9'"),
    ],
)
def test_what_is_no_episode_is_refused(produced: Path, name: str, said: str) -> None:
    done = correct(produced, name, NOTE, "--quiet")
    assert (done.exit_code, said in told(done)) == (FAILED, True), told(done)


def refuse(folder: Path) -> str:
    """Try to correct the episode; return why not."""
    before = snapshot(folder)
    done = correct(folder, SLUG, NOTE, "--quiet", "--dry-run")
    assert (done.exit_code, done.stdout) == (FAILED, "")
    assert snapshot(folder) == before
    return told(done)


def rewrite(folder: Path, episode: Episode) -> None:
    (folder / "audio" / SLUG / "episode.json").write_text(episode.to_json(), encoding="utf-8")


def test_what_nobody_has_heard_needs_no_correction(made: Path) -> None:
    """Under embargo, not yet in the feed, refused by the proof: each is told, with the way out."""
    from dataclasses import replace

    way_out = f"`morning-edition regenerate {SLUG}`"
    stood = record(made)
    tomorrow = dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(days=1)
    rewrite(made, replace(stood, published=tomorrow))
    said = refuse(made)
    assert f"{SLUG} is under embargo until {tomorrow:%Y-%m-%d %H:%M}" in said
    assert way_out in said

    rewrite(made, replace(stood, guid="another"))
    assert f"{SLUG} is not in podcast.xml yet: nobody has heard it" in refuse(made)

    kept = made / ".cache" / "refused" / SLUG
    kept.parent.mkdir(parents=True)
    shutil.move(made / "audio" / SLUG, kept)
    said = refuse(made)
    assert f"{SLUG} was refused by the proof and never published" in said
    assert way_out in said


def test_what_was_withdrawn_cannot_be_corrected(made: Path) -> None:
    stone = make_tombstone(
        record(made), "retracted", dt.datetime(2024, 12, 7, tzinfo=dt.UTC), "It was false."
    )
    (made / "audio" / SLUG / "withdrawn.json").write_text(stone.to_json(), encoding="utf-8")
    assert f"{SLUG} was retracted on 2024-12-07 (It was false.)" in refuse(made)


def test_a_script_that_cannot_be_read_is_told_by_line(made: Path) -> None:
    """And nothing is changed."""
    edit(made, "# Outro", "# Nowhere", "script.md")
    assert re.search(r"script\.md:\d+:1: no part of the programme is called 'Nowhere'", refuse(made))
