"""What people type in an episode's life: `episodes`, `show`, `retract`, and the times of `produce`."""

import dataclasses
import datetime as dt
import json
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from morning_edition.cli import app
from morning_edition.cli.moments import read_moment
from morning_edition.episode import load_episode
from morning_edition.errors import EpisodeError
from morning_edition.station import Station
from morning_edition.station.settings import Show

SETTINGS = (
    '[show]\ntitle = "The Brief"\nbase_url = "https://pod.example/brief/"\ntimezone = "Europe/Berlin"\n'
    '[cast.anchor]\nvoice = "tone"\nrate = 2.0\n'
    + "".join(
        f'[running_order.{spot}]\nmusic = ""\n'
        for spot in ("opening", "look", "deep_look", "chapter", "closing", "bed")
    )
)
ARTICLE = (
    "trams/ Harbour Post/ A. Diaz/ Morning Edition/ The tram opened at noon on Thursday.\n"
    "Tram Line Opens\nDeep Look\nIt runs to the harbour.\n"
)
SLUG = "2024-12-06-tram-line-opens"
OTHER = "2024-12-07-tram-line-opens"
NOW = dt.datetime(2026, 11, 23, 2, 30, tzinfo=dt.UTC)
BERLIN = Station(Path(), show=Show(timezone="Europe/Berlin"))


def call(folder: Path, *arguments: str) -> Any:
    """Run a command in this process."""
    done = CliRunner().invoke(app, [*arguments, "--station", str(folder)])
    assert done.exception is None or isinstance(done.exception, (SystemExit, EpisodeError)), done.exception
    return done


@pytest.fixture(scope="module")
def pressed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A station with the same article on two days; made once for all tests."""
    folder = tmp_path_factory.mktemp("pressed")
    (folder / "station.toml").write_text(SETTINGS, "utf-8")
    (folder / "tram.txt").write_text(ARTICLE, "utf-8")
    for day in (SLUG[:10], OTHER[:10]):
        assert call(folder, "produce", str(folder / "tram.txt"), "--date", day, "-q").exit_code == 0
    return folder


@pytest.fixture
def made(pressed: Path, tmp_path: Path) -> Path:
    """The same in a folder of the test's own."""
    return Path(shutil.copytree(pressed, tmp_path / "made"))


@pytest.fixture
def varied(made: Path) -> Path:
    """With one episode in nearly every state."""
    audio = made / "audio"
    whole = load_episode(audio / SLUG)
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    for slug, change in (
        ("2024-12-08-waits", {"published": later, "number": 3}),
        ("2024-12-09-over", {"expires": whole.published + dt.timedelta(days=1), "number": 4}),
        ("2024-12-10-silent", {"number": 5, "title": "\x1b[31mSilent\nnight"}),
    ):
        shutil.copytree(audio / SLUG, audio / slug)
        copy = dataclasses.replace(whole, slug=slug, date=dt.date.fromisoformat(slug[:10]), **change)
        (audio / slug / "episode.json").write_text(copy.to_json(), "utf-8")
    (audio / "2024-12-10-silent" / whole.audio.place).write_bytes(b"cut off")
    (audio / "2024-12-11-broken").mkdir()
    (audio / "2024-12-11-broken" / "episode.json").write_text('{"title": "half', "utf-8")
    refused = made / ".cache" / "refused" / "2024-12-12-refused"
    shutil.copytree(audio / SLUG, refused)
    copy = dataclasses.replace(whole, slug=refused.name, number=6, date=dt.date(2024, 12, 12))
    (refused / "episode.json").write_text(copy.to_json(), "utf-8")
    return made


def list_states(folder: Path, *arguments: str) -> list[tuple[str, str]]:
    records = json.loads(call(folder, "episodes", "--json", *arguments).stdout)["episodes"]
    return [(record["slug"], record["state"]) for record in records]


# The catalogue.


def test_the_catalogue_tells_what_has_become_of_each(varied: Path) -> None:
    """Newest day first; what is damaged is listed as such, and does not hide the others."""
    done = call(varied, "episodes")
    rows = [line.split() for line in done.stdout.splitlines()]

    assert rows[0] == ["no.", "date", "state", "length", "title"]
    assert [row[:3] for row in rows[1:]] == [
        ["6", "2024-12-12", "refused"],
        ["–", "2024-12-11", "damaged"],
        ["5", "2024-12-10", "damaged"],
        ["4", "2024-12-09", "expired"],
        ["3", "2024-12-08", "embargo"],
        ["2", OTHER[:10], "published"],
        ["1", SLUG[:10], "published"],
    ]
    assert "\x1b" not in done.stdout
    assert "2024-12-11-broken/episode.json: cannot be used" in done.stderr
    assert "regenerate 2024-12-10-silent" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (("--limit", "2"), ["2024-12-12-refused", "2024-12-11-broken"]),
        (("--state", "embargo"), ["2024-12-08-waits"]),
        (("--state", "published", "--limit", "1"), [OTHER]),
        (("--since", "2024-12-07", "--until", "2024-12-08"), ["2024-12-08-waits", OTHER]),
        (("--until", "2024-12-05"), []),
        (("--since", "2024-12-11", "--state", "damaged"), ["2024-12-11-broken"]),
    ],
)
def test_the_catalogue_is_narrowed_by_day_and_state(
    arguments: tuple[str, ...], found: list[str], varied: Path
) -> None:
    assert [slug for slug, _ in list_states(varied, *arguments)] == found


def test_programs_get_the_records_with_their_states(varied: Path) -> None:
    """All that `episode.json` says, or what a tombstone tells."""
    (broken, *_) = json.loads(call(varied, "episodes", "--json", "--state", "damaged").stdout)["episodes"]
    shutil.rmtree(varied / "audio" / "2024-12-11-broken")
    call(varied, "retract", SLUG, "--reason", "Wrong.", "--yes")
    (gone,) = json.loads(call(varied, "episodes", "--json", "--state", "retracted").stdout)["episodes"]
    (stands,) = json.loads(call(varied, "episodes", "--json", "--state", "published").stdout)["episodes"]

    assert (gone["slug"], gone["reason"], gone["number"]) == (SLUG, "Wrong.", 1)
    record = json.loads((varied / "audio" / OTHER / "episode.json").read_text("utf-8"))
    assert stands == record | {"state": "published"}
    assert "cannot be used" in broken["fault"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("episodes", "--state", "gone"), "name one of: published"),
        (("episodes", "--since", "yesterday"), "yesterday is no day"),
        (("episodes", "--limit", "0"), "--limit"),
        (("produce", "x", "--embargo", "2020-01-01T06:00"), "is over; name a time to come"),
        (("produce", "x", "--embargo", "tomorrow"), "tomorrow is no time"),
        (("produce", "x", "--embargo", "2099-01-01"), "2099-01-01 is no time"),
        (("produce", "x", "--expires", "now"), "retract"),
        (("produce", "x", "--embargo", "2099-01-02T06:00", "--expires", "2099-01-01T06:00"), "before it"),
        (("retract", "1"), "--reason"),
        (("retract", "1", "--reason", " "), "it is empty"),
        (("retract", "--reason", "Wrong."), "Missing argument"),
        (("retract", "1", "--reason", "Wrong."), "say --yes, as there is nobody here to be asked"),
    ],
)
def test_misuse_is_told(arguments: tuple[str, ...], said: str, pressed: Path) -> None:
    """Exit status 2, and what would be right."""
    done = call(pressed, *arguments)
    assert done.exit_code == 2
    assert said in " ".join(done.stderr.replace("│", " ").split())


def test_an_empty_catalogue_says_how_to_begin(tmp_path: Path) -> None:
    (tmp_path / "station.toml").write_text(SETTINGS, "utf-8")
    assert "no episodes yet" in call(tmp_path, "episodes").stderr
    assert "no episode is like that" in call(tmp_path, "episodes", "--state", "damaged").stderr
    assert json.loads(call(tmp_path, "episodes", "--json").stdout) == {"episodes": []}
    assert "no episodes yet" in str(call(tmp_path, "show").exception)


# One of them.


def test_an_episode_is_shown_whole(made: Path) -> None:
    """Addresses, dates, files, sound, verdict and history; without a name it is the newest."""
    (episode, shown) = load_episode(made / "audio" / OTHER), call(made, "show").stdout

    for said in (
        f"GUID       {episode.guid}",
        f"enclosure  https://pod.example/brief/audio/{OTHER}/{episode.audio.place}",
        "published  2024-12-07 06:00 CET",
        "state      published",
        "-16.0 LUFS",
        "voices     tone\n",
        "proof      Passed",
        f"{episode.audio.size_bytes:,}  {episode.audio.place}",
        " produced by ",
    ):
        assert said in shown
    record = json.loads(call(made, "show", "1", "--json").stdout)
    assert (record["slug"], record["state"], record["number"]) == (SLUG, "published", 1)
    assert [event["what"] for event in record["history"]] == ["produced"]


def test_what_is_gone_is_shown_too(made: Path) -> None:
    """With why and when, and where its files are kept."""
    call(made, "retract", "1", "--reason", "A name was wrong.", "--yes")
    shown = call(made, "show", SLUG).stdout

    for said in ("retracted", "A name was wrong.", "never used again", f".cache/withdrawn/{SLUG}"):
        assert said in shown
    shutil.rmtree(made / ".cache")
    assert "kept in    deleted" in call(made, "show", "1").stdout
    assert json.loads(call(made, "show", "1", "--json").stdout)["state"] == "retracted"


@pytest.mark.parametrize(("name", "slug"), [("2024-12-08", "2024-12-08-waits"), ("6", "2024-12-12-refused")])
def test_what_nobody_hears_is_shown_too(name: str, slug: str, varied: Path) -> None:
    assert json.loads(call(varied, "show", name, "--json").stdout)["slug"] == slug
    assert call(varied, "show", name).exit_code == 0


def test_a_damaged_episode_is_shown_as_one(varied: Path) -> None:
    shown = call(varied, "show", "2024-12-11").stdout
    assert "state" in shown
    assert "cannot be used" in shown


# Withdrawn.


def test_several_are_retracted_at_once(made: Path) -> None:
    """Whatever they are called by; what is printed is the page that is left of each."""
    done = call(made, "retract", "1", OTHER, SLUG, "--reason", "Wrong.", "--yes")
    pages = [Path(line) for line in done.stdout.splitlines()]

    assert [page.parent.name for page in pages] == [SLUG, OTHER]
    assert all(page.is_file() for page in pages)
    assert "<item" not in (made / "podcast.xml").read_text("utf-8")
    again = call(made, "retract", "1", "--reason", "Wrong.", "--yes", "--json")
    assert json.loads(again.stdout) == {"retracted": [], "unchanged": [SLUG]}
    assert "there is nothing to do" in again.stderr


def test_where_listeners_fetch_it_elsewhere_the_next_step_is_told(made: Path) -> None:
    settings = made / "station.toml"
    settings.write_text(f'{SETTINGS}[publish]\nto = "s3://bucket/brief"\n', "utf-8")
    done = call(made, "retract", "1", "--reason", "Wrong.", "--yes")
    assert "s3://bucket/brief: `morning-edition publish` withdraws it there, too" in done.stderr


def test_without_a_terminal_nothing_is_retracted_unasked(made: Path) -> None:
    """Exit status 2, and all stands as it did."""
    assert call(made, "retract", "1", "--reason", "Wrong.").exit_code == 2
    assert [state for _, state in list_states(made)] == ["published", "published"]


def test_of_what_nobody_has_heard_no_page_is_told(made: Path) -> None:
    """What is printed is the tombstone; and where listeners fetch the site there is nothing to withdraw."""
    settings = made / "station.toml"
    settings.write_text(f'{SETTINGS}[publish]\nto = "s3://bucket/brief"\n', "utf-8")
    for at in ("2099-01-02T06:00", "2099-01-03T06:00"):
        assert call(made, "produce", str(made / "tram.txt"), "--embargo", at, "-q").exit_code == 0
    (waiting,) = {slug for slug, state in list_states(made) if state == "embargo"}
    done = call(made, "retract", waiting, "--reason", "Wrong.", "--yes")
    assert done.stdout.strip().endswith(f"{waiting}/withdrawn.json")
    assert "nobody has heard of it: no page is left" in done.stderr
    assert "s3://" not in done.stderr
    assert "page" not in {row.split()[0] for row in call(made, "show", waiting).stdout.splitlines() if row}


def test_one_name_that_is_none_retracts_nothing(made: Path) -> None:
    done = call(made, "retract", "1", "no-such", "--reason", "Wrong.", "--yes")

    assert "no episode is called 'no-such'" in str(done.exception)
    assert [state for _, state in list_states(made)] == ["published", "published"]


@pytest.mark.parametrize(("typed", "gone"), [(b"y\n", True), (b"n\n", False), (b"\n", False)])
def test_a_person_is_asked_before(typed: bytes, gone: bool, made: Path) -> None:
    """On a terminal, with what would go; whoever does not say yes has changed nothing."""
    controller, terminal = pty.openpty()
    command = [sys.executable, "-m", "morning_edition", "retract", "1", "--reason", "Wrong."]
    with subprocess.Popen(command, cwd=made, stdin=terminal, stderr=subprocess.PIPE, text=True) as asked:
        os.write(controller, typed)
        _, said = asked.communicate(timeout=60)
    os.close(terminal)
    os.close(controller)

    assert "2024-12-06  Tram Line Opens" in said
    assert (made / "audio" / SLUG / "withdrawn.json").exists() == gone
    assert (asked.returncode == 0) == gone


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("regenerate", "1"), "was retracted on"),
        (("correct", "1", "The fare is $4."), "was retracted on"),
        (("proof", "1"), "was retracted on"),
    ],
)
def test_nothing_more_is_made_of_what_was_retracted(command: tuple[str, ...], said: str, made: Path) -> None:
    call(made, "retract", "1", "--reason", "A name was wrong.", "--yes")
    done = call(made, *command)
    told = f"{done.stderr} {done.exception}"

    assert done.exit_code == 1
    assert f"{said} " in told
    assert "(A name was wrong.)" in told


# Times.


def test_produce_tells_of_an_embargo_and_keeps_to_its_day(made: Path) -> None:
    """The edition is of the day on which it comes out, and stays of it when it is produced again."""
    article = str(made / "tram.txt")
    done = call(made, "produce", article, "--embargo", "2099-01-02T06:00", "--json")
    (record,) = json.loads(done.stdout)["episodes"]
    assert (record["slug"], record["published"]) == (
        "2099-01-02-tram-line-opens",
        "2099-01-02T06:00:00+01:00",
    )
    assert "under embargo until 2099-01-02 06:00 CET; `morning-edition publish`" in done.stderr

    (again,) = json.loads(call(made, "produce", article, "--json").stdout)["episodes"]
    assert (again["slug"], again["unchanged"]) == (record["slug"], True)
    (lifted,) = json.loads(call(made, "produce", article, "--embargo", "now", "--json").stdout)["episodes"]
    assert (lifted["slug"], lifted["guid"]) == (record["slug"], record["guid"])
    assert record["guid"] in (made / "podcast.xml").read_text("utf-8")


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2026-11-24T06:00", "2026-11-24T06:00:00+01:00"),
        ("2026-11-24 06:00", "2026-11-24T06:00:00+01:00"),
        ("2026-11-24T06:00Z", "2026-11-24T07:00:00+01:00"),
        ("2026-11-24T06:00+09:00", "2026-11-23T22:00:00+01:00"),
        ("06:00", "2026-11-23T06:00:00+01:00"),
        ("03:00", "2026-11-24T03:00:00+01:00"),
        ("3:00", "2026-11-24T03:00:00+01:00"),
        ("2027-07-01T06:00", "2027-07-01T06:00:00+02:00"),
    ],
)
def test_a_time_is_the_station_s_unless_it_names_an_offset(typed: str, moment: str) -> None:
    """An hour alone is the next such hour: it is half past three in Berlin."""
    assert read_moment(typed, BERLIN, NOW, "--embargo") == dt.datetime.fromisoformat(moment)
    assert read_moment("now", BERLIN, NOW, "--embargo") == NOW


@pytest.mark.parametrize("terminal", [True, False])
def test_the_catalogue_is_plain_off_a_terminal(terminal: bool, pressed: Path) -> None:
    """Colours and widths are for people; a pipe gets whole lines."""
    command = [sys.executable, "-m", "morning_edition", "episodes"]
    if not terminal:
        shown = subprocess.run(command, cwd=pressed, capture_output=True, timeout=60, check=True).stdout
    else:
        controller, end = pty.openpty()
        subprocess.run(command, cwd=pressed, stdout=end, timeout=60, check=True)
        shown = os.read(controller, 10_000)
        os.close(end)
        os.close(controller)
    assert (b"\x1b[" in shown) == terminal
    assert b"Tram Line Opens" in shown


def test_a_name_may_be_of_a_folder_elsewhere(pressed: Path, tmp_path: Path) -> None:
    done = call(pressed, "show", f"/elsewhere/{SLUG}")
    assert "is no episode of this station; they stand in" in str(done.exception)
    assert json.loads(call(pressed, "show", f"{pressed}/audio/{SLUG}/", "--json").stdout)["slug"] == SLUG
