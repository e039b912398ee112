"""Made again after a correction: what has changed is spoken, all else stays, and every file shows it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from marked import find
from mutagen.mp3 import MP3
from typer.testing import CliRunner

from morning_edition.cli import app

SLUG = "2024-12-06-old-bridge-reopens-after-repairs"
OTHER = "2024-12-07-old-bridge-reopens-after-repairs"
Regenerate = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def pressed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A station with two episodes of one article, the second a day younger; made once for all tests."""
    folder = tmp_path_factory.mktemp("pressed")
    (folder / "station.toml").write_text(
        '[show]\ntitle = "Test Show"\nbase_url = "https://podcast.example/show/"\n'
        '[cast.anchor]\nvoice = "espeak"\n'
        + "".join(f'[running_order.{spot}]\nmusic = ""\n' for spot in ("opening", "closing")),
        encoding="utf-8",
    )
    (folder / "bridge.txt").write_text(
        "bridge repairs/ Harbour Post/ A. Diaz/ Morning Edition/ The old bridge reopened on Friday.\n"
        "Old Bridge Reopens After Repairs\nDeep Look\nThe bridge had been closed since March.\n"
        "What Comes Next\nEngineers will return in May to look at the towers.\n",
        encoding="utf-8",
    )
    for day in (SLUG[:10], OTHER[:10]):
        _run(folder, "produce", "bridge.txt", "--date", day)
    return folder


@pytest.fixture
def made(pressed: Path, tmp_path: Path) -> Path:
    """The same in a folder of the test's own."""
    folder = tmp_path / "made"
    shutil.copytree(pressed, folder)
    return folder


@pytest.fixture
def regenerate(made: Path) -> Regenerate:
    """Make episodes again, as a user would, and return what the command tells as JSON."""

    def run(*arguments: str) -> dict[str, Any]:
        record: dict[str, Any] = json.loads(_run(made, "regenerate", *arguments, "--json", "--quiet"))
        return record

    return run


def _run(folder: Path, *arguments: str, status: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "morning_edition", *arguments],
        cwd=folder,
        env={**os.environ, "MORNING_EDITION_STATION": str(folder), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == status, done.stderr
    return done.stdout


def _here(folder: Path, *arguments: str) -> Any:
    """Run `regenerate` in this process, which is quicker, where nothing is made."""
    return CliRunner().invoke(app, ["regenerate", *arguments, "--station", str(folder), "--quiet"])


def _change(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def _takes(folder: Path) -> set[str]:
    return {path.name for path in (folder / ".cache" / "takes").rglob("*.take")}


def _record(folder: Path, slug: str = SLUG) -> dict[str, Any]:
    record: dict[str, Any] = json.loads((folder / "audio" / slug / "episode.json").read_text("utf-8"))
    return record


def _foretell(folder: Path, *arguments: str) -> dict[str, Any]:
    done = _here(folder, SLUG, "--dry-run", "--json", *arguments)
    plan: dict[str, Any] = json.loads(done.stdout)["episodes"][0]
    return plan


def _spoken(plan: dict[str, Any]) -> list[str]:
    return [line["text"] for line in plan["to_speak"]]


# Only what has changed is spoken.


def test_one_changed_word_is_one_line_and_shows_everywhere(made: Path, regenerate: Regenerate) -> None:
    """The line that was foretold is spoken; GUID, number and date stay, and no file tells the old."""
    episode, before, takes = made / "audio" / SLUG, _record(made), _takes(made)
    _change(episode / "script.md", ("What Comes Next", "What Comes in May"))
    rows = (episode / "script.md").read_text("utf-8").splitlines()
    plan = _foretell(made)
    done = regenerate(SLUG)["episodes"][0]
    after = _record(made)

    assert _spoken(plan) == ["Next: What Comes in May."]
    assert rows[plan["to_speak"][0]["row"] - 1].startswith("Next: What Comes in May.")
    assert (done["unchanged"], done["characters_spoken"]) == (False, len("Next: What Comes in May."))
    assert len(_takes(made) - takes) == 1
    for kept in ("guid", "number", "date", "published", "slug", "cast"):
        assert after[kept] == before[kept]
    shown = ("transcript.vtt", "transcript.srt", "transcript.json", "chapters.json", "index.html")
    texts = [find(episode, name).read_text("utf-8") for name in shown]
    assert ["What Comes in May" in text for text in texts] == [True] * len(shown)
    assert [name for name, text in zip(shown, texts, strict=True) if "Comes Next" in text] == []
    feed = (made / "podcast.xml").read_text("utf-8")
    assert feed.count("What Comes in May") >= 1
    tags = MP3(find(episode, "episode.mp3")).tags
    assert "What Comes in May" in str(tags.getall("USLT")[0])
    assert "What Comes in May" in [str(chapter.sub_frames["TIT2"]) for chapter in tags.getall("CHAP")]


def test_an_edit_of_the_script_shows_in_notes_and_pages_too(made: Path, regenerate: Regenerate) -> None:
    """What listeners hear is what they read: the lede, and a Quick Look."""
    looks = "Quick Looks\n- Reopened: Cars crossed at noon.\n- Cost: $2 million.\n"
    _change(made / "bridge.txt", ("\nDeep Look\n", f"\n{looks}Deep Look\n"))
    _run(made, "produce", "bridge.txt", "--date", SLUG[:10], "--quiet")
    changes = (("Cars crossed", "Traffic crossed"), ("bridge reopened on", "bridge was opened on"))
    _change(made / "audio" / SLUG / "script.md", *changes)
    regenerate(SLUG)

    record = _record(made)
    found = [(look["label"], look["text"]) for look in record["quick_looks"]]
    assert found == [("Reopened", "Traffic crossed at noon."), ("Cost", "$2 million.")]
    assert record["summary"] == "The old bridge was opened on Friday."
    for name in ("podcast.xml", "feed.json", f"audio/{SLUG}/index.html"):
        told = (made / name).read_text("utf-8")
        assert ("Traffic crossed at noon" in told, "Cars crossed" in told) == (True, False), name


def test_a_broken_feed_template_is_told_before_a_line_is_spoken(made: Path) -> None:
    """The message names the template and the line, and the feed that stood stands."""
    (made / "templates").mkdir()
    (made / "templates" / "podcast.xml.j2").write_text("<rss>\n{{ nothing }}</rss>", "utf-8")
    feed = (made / "podcast.xml").read_bytes()
    done = _here(made, SLUG)

    assert done.exit_code == 1
    assert "templates/podcast.xml.j2:2: 'nothing' is undefined" in done.output
    assert "speaking" not in done.output
    assert (made / "podcast.xml").read_bytes() == feed


def test_a_lexicon_s_entry_touches_the_lines_that_hold_its_word(made: Path, regenerate: Regenerate) -> None:
    """The name's lines are spoken anew and no other; the transcript goes on showing it as it is written."""
    before, takes = _record(made), _takes(made)
    (made / "lexicon.toml").write_text('[names]\nDiaz = "DEE-ahs"\n', encoding="utf-8")
    plan = _foretell(made)
    done = regenerate(SLUG)["episodes"][0]

    assert len(_spoken(plan)) == 2
    assert all("Diaz" in text for text in _spoken(plan))
    assert plan["characters_to_speak"] == done["characters_spoken"] == sum(map(len, _spoken(plan)))
    assert len(_takes(made) - takes) == 2
    assert [_record(made)[kept] for kept in ("guid", "number")] == [before["guid"], before["number"]]
    assert "Diaz" in find(made / "audio" / SLUG, "transcript.vtt").read_text("utf-8")


def test_a_changed_pause_speaks_nothing(made: Path, regenerate: Regenerate) -> None:
    """The episode is made again, longer by the pause, of takes that are there."""
    before, takes = _record(made), _takes(made)
    _change(
        made / "audio" / SLUG / "script.md", ("closed since March. ", "closed since March. {pause 3000} ")
    )
    plan = _foretell(made)
    done = regenerate(SLUG)["episodes"][0]

    assert (plan["lines_to_speak"], plan["unchanged"], plan["edited"]) == (0, False, True)
    assert (done["characters_spoken"], done["unchanged"]) == (0, False)
    assert _takes(made) == takes
    assert 1000 < done["duration_ms"] - before["duration_ms"] < 3000


def times(station: Path) -> dict[Path, int]:
    """When each file was written, but for the note on the station's own, which waits for them to be old."""
    files = [path for path in station.rglob("*") if path.is_file() and path.name != "station-files.json"]
    return {path: path.stat().st_mtime_ns for path in files}


def test_an_episode_that_is_unchanged_says_so(made: Path) -> None:
    """Nothing is made, no file is touched, and a plan foretells it even when all takes are lost."""
    before = times(made)
    done = subprocess.run(
        [sys.executable, "-m", "morning_edition", "regenerate"],
        cwd=made,
        env={**os.environ, "MORNING_EDITION_STATION": str(made), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert "nothing has changed since this episode was made" in done.stderr
    assert done.stdout.splitlines() == [
        f"audio/{OTHER}/{find(made / 'audio' / OTHER, 'episode.mp3').name}",
        "podcast.xml",
    ]
    assert times(made) == before

    shutil.rmtree(made / ".cache" / "takes")
    plan = _here(made, "--dry-run").stdout
    assert "to speak: 0 lines, 0 characters, $0.00; nothing has changed since it was made" in plan


def test_a_new_voice_speaks_all_anew(made: Path, regenerate: Regenerate) -> None:
    """With --voice every line is foretold, and the record names the voice; the feed may be left as it is."""
    feed = (made / "podcast.xml").read_bytes()
    plan = _foretell(made, "--voice", "tone:low")
    done = regenerate(SLUG, "--voice", "tone:low", "--no-publish", "--force")["episodes"][0]

    assert plan["lines_to_speak"] == plan["lines"]
    assert plan["characters_to_speak"] == done["characters_spoken"]
    assert set(_record(made)["cast"].values()) == {"tone:low"}
    assert (made / "podcast.xml").read_bytes() == feed


def test_a_dry_run_makes_nothing(made: Path) -> None:
    """A plan that has much to speak writes no file, and tells every line of it to a pipe, whole."""
    shutil.rmtree(made / ".cache")
    _change(made / "audio" / SLUG / "script.md", ("look at the towers", "look at the towers again"))
    before = {path: path.stat().st_mtime_ns for path in made.rglob("*")}
    told = _here(made, SLUG, "--dry-run").stdout.splitlines()

    lines = int(told[0].partition("to speak: ")[2].split()[0])
    assert "s of work" in told[0]
    assert len(told) == 1 + lines
    assert [
        row for row in told if row.endswith(": Engineers will return in May to look at the towers again.")
    ]
    assert {path: path.stat().st_mtime_ns for path in made.rglob("*")} == before


def test_a_plan_of_produce_heeds_a_script_edited_by_hand(made: Path) -> None:
    """To produce the article again foretells the one line that somebody has edited in its script."""
    _change(made / "audio" / SLUG / "script.md", ("closed since March", "closed since April"))
    arguments = ["produce", "bridge.txt", "--date", SLUG[:10], "--dry-run", "--json", "--quiet"]
    (plan,) = json.loads(_run(made, *arguments))["episodes"]

    assert _spoken(plan) == ["The bridge had been closed since April."]


def test_what_the_proof_refuses_leaves_all_as_it_stands(made: Path) -> None:
    """A name that the article does not hold: the exit status is 3, and what was published still is."""
    script = made / "audio" / SLUG / "script.md"
    _change(script, ("closed since March", "closed by Mr. Mallory"))
    before = {path: path.read_bytes() for path in made.glob("*") if path.is_file()}
    before |= {path: path.read_bytes() for path in script.parent.iterdir()}
    record = json.loads(_run(made, "regenerate", SLUG, "--json", "--quiet", status=3))

    assert (record["episodes"], record["failed"][0]["episode"]) == ([], SLUG)
    assert "--force" in record["failed"][0]["error"]
    assert {path: path.read_bytes() for path in before} == before


# Which episode.


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("", OTHER),
        (SLUG, SLUG),
        ("2024-12-06", SLUG),
        ("1", SLUG),
        ("2", OTHER),
        ("{station}/audio/" + SLUG, SLUG),
        ("{station}/audio/" + SLUG + "/", SLUG),
    ],
    ids=["none", "name", "beginning", "number", "the other's number", "folder", "folder with a slash"],
)
def test_an_episode_is_named_in_many_ways(pressed: Path, name: str, slug: str) -> None:
    """By its folder, its name, how that begins, its number; without a name it is the newest."""
    named = [name.format(station=pressed)] if name else []
    done = _here(pressed, *named, "--dry-run", "--json")

    assert [episode["slug"] for episode in json.loads(done.stdout)["episodes"]] == [slug]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("2024-12", f"'2024-12' may be {SLUG}, {OTHER}; write more of the name"),
        ("3", "no episode is called '3'; `morning-edition episodes` lists them"),
        ("", "no episode is called ''; `morning-edition episodes` lists them"),
        (SLUG[:-1] + "z", f"no episode is called '{SLUG[:-1]}z'; did you mean {SLUG}?"),
        ("/elsewhere/" + SLUG, f"/elsewhere/{SLUG} is no episode of this station; they stand in "),
        ("/", "/ is no episode of this station; they stand in "),
    ],
    ids=["many", "no such number", "no name", "a slip", "another station's folder", "the root"],
)
def test_what_names_no_episode_is_told(pressed: Path, name: str, said: str) -> None:
    """A name of none, or of many, is a failure that tells the way out."""
    done = _here(pressed, name)

    assert done.exit_code == 1
    assert done.stderr.startswith(f"morning-edition: {said}")
    assert len(done.stderr.splitlines()) == 1


def test_a_station_without_episodes_says_how_to_begin(pressed: Path, tmp_path: Path) -> None:
    """The newest of none is a failure; all of none is nothing to do."""
    shutil.copy(pressed / "station.toml", tmp_path)

    assert "no episodes yet; make one with `morning-edition produce ARTICLE`" in str(
        _here(tmp_path).exception
    )
    assert json.loads(_here(tmp_path, "--all", "--json").stdout) == {"episodes": [], "failed": []}


def test_all_takes_no_names(pressed: Path) -> None:
    assert _here(pressed, "--all", SLUG).exit_code == 2


def test_a_bad_episode_does_not_stop_the_others(made: Path) -> None:
    """All are made again that can be, oldest first; the exit status tells that one could not."""
    (made / "audio" / SLUG / "article.json").write_text("{", encoding="utf-8")
    chapters = find(made / "audio" / OTHER, "chapters.json")
    chapters.unlink()
    record = json.loads(_run(made, "regenerate", "--all", "--json", "--quiet", status=1))

    assert [episode["slug"] for episode in record["episodes"]] == [OTHER]
    assert chapters.exists()
    assert [failure["episode"] for failure in record["failed"]] == [SLUG]
    assert "article.json: cannot be used" in record["failed"][0]["error"]
    assert "produce the article again" in record["failed"][0]["error"]


def test_all_go_from_the_oldest_to_the_newest(pressed: Path) -> None:
    record = json.loads(_here(pressed, "--all", "--dry-run", "--json").stdout)

    assert [episode["slug"] for episode in record["episodes"]] == [SLUG, OTHER]
    assert [episode["unchanged"] for episode in record["episodes"]] == [True, True]
