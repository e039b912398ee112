"""What a change supersedes stays for those who have read the feed before, and then goes, and nothing else."""

import dataclasses
import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

import pytest
from marked import mark

from morning_edition.episode import Episode, EpisodeFile, FormerFile
from morning_edition.former import keep_former, note_former, sweep_former
from morning_edition.station import Show, Station
from morning_edition.station.publishing import Publish

NOW = dt.datetime(2025, 3, 11, 12, 0, 30, 500, tzinfo=dt.UTC)
NOTED = dt.datetime.fromisoformat("2025-03-11T08:00:30-04:00")
HOUR = dt.timedelta(hours=1)


def station_in(root: Path, hours: int = 24) -> Station:
    return Station(root, show=Show(timezone="America/New_York"), publish=Publish(former_hours=hours))


def listed(name: str, content: str) -> EpisodeFile:
    return EpisodeFile(name, len(content), hashlib.sha256(content.encode()).hexdigest())


def place(name: str, content: str) -> str:
    return mark(name, hashlib.sha256(content.encode()).hexdigest())


def episode_of(*files: tuple[str, str], **changes: Any) -> Episode:
    """Make one of files, each with its name and its content."""
    return Episode(
        slug="2025-03-11-ferries",
        guid="5f0c1f1e-0000-5000-8000-000000000001",
        number=1,
        title="Ferries",
        date=dt.date(2025, 3, 11),
        published=NOW,
        language="en-US",
        outlet="",
        byline="",
        edition="",
        summary="",
        keywords=(),
        quick_looks=(),
        source_url="",
        duration_ms=1000,
        chapters=(),
        voices=(),
        loudness_lufs=-16.0,
        true_peak_dbtp=-1.2,
        recipe="",
        files=tuple(listed(name, content) for name, content in files),
        **changes,
    )


OLD = episode_of(("episode.mp3", "old"), ("cover.jpg", "same"), ("index.html", "old"))
NEW = episode_of(("episode.mp3", "new"), ("cover.jpg", "same"), ("index.html", "new"))


def shelve(station: Station, *names: str) -> Path:
    folder = OLD.folder(station)
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).write_text(name, "utf-8")
    return folder


def test_a_new_episode_supersedes_nothing(tmp_path: Path) -> None:
    assert note_former(station_in(tmp_path), NEW, None, NOW) == NEW


def test_what_a_change_supersedes_is_noted_with_the_stations_time(tmp_path: Path) -> None:
    """What is the same in both, and what keeps its name, is not."""
    noted = note_former(station_in(tmp_path), NEW, OLD, NOW)

    assert noted.former == (FormerFile(place("episode.mp3", "old"), NOTED),)
    assert noted.former[0].superseded.isoformat() == "2025-03-11T08:00:30-04:00"
    assert dataclasses.replace(noted, former=()) == NEW


def test_a_file_that_is_made_no_more_is_superseded_too(tmp_path: Path) -> None:
    noted = note_former(station_in(tmp_path), episode_of(("episode.mp3", "old")), OLD, NOW)

    assert [one.place for one in noted.former] == [place("cover.jpg", "same")]


def test_what_was_superseded_before_stays_noted_until_its_time_is_up(tmp_path: Path) -> None:
    """Each from its own hour, however many changes follow one another."""
    station, third = station_in(tmp_path), episode_of(("episode.mp3", "third"), ("cover.jpg", "same"))
    second = note_former(station, NEW, OLD, NOW)
    both = note_former(station, third, second, NOW + 23 * HOUR)
    late = note_former(station, third, second, NOW + 24 * HOUR)

    assert {one.place: one.superseded for one in both.former} == {
        place("episode.mp3", "old"): NOTED,
        place("episode.mp3", "new"): NOTED + 23 * HOUR,
    }
    assert [one.place for one in late.former] == [place("episode.mp3", "new")]


def test_what_comes_back_is_superseded_no_more(tmp_path: Path) -> None:
    station = station_in(tmp_path)
    back = note_former(station, OLD, note_former(station, NEW, OLD, NOW), NOW + HOUR)
    again = note_former(station, NEW, back, NOW + 2 * HOUR)

    assert back.former == (FormerFile(place("episode.mp3", "new"), NOTED + HOUR),)
    assert again.former == (FormerFile(place("episode.mp3", "old"), NOTED + 2 * HOUR),)


@pytest.mark.parametrize(("hours", "after", "kept"), [(24, 23.99, 1), (24, 24, 0), (1, 1, 0), (0, 0, 0)])
def test_the_superseded_stays_as_long_as_the_station_says(
    hours: int, after: float, kept: int, tmp_path: Path
) -> None:
    """To the second; with 0 hours, not at all."""
    station = station_in(tmp_path, hours)
    noted = note_former(station, NEW, OLD, NOW)

    assert len(keep_former(station, noted, NOTED + after * HOUR)) == kept


def test_a_station_may_change_its_mind_on_how_long(tmp_path: Path) -> None:
    noted = note_former(station_in(tmp_path, 0), NEW, OLD, NOW)

    assert len(keep_former(station_in(tmp_path, 48), noted, NOW + 47 * HOUR)) == 1


def test_the_superseded_goes_when_its_time_is_up_and_not_before(tmp_path: Path) -> None:
    station = station_in(tmp_path)
    episode = note_former(station, NEW, OLD, NOW)
    old, new, cover = place("episode.mp3", "old"), place("episode.mp3", "new"), place("cover.jpg", "same")
    folder = shelve(station, old, new, cover, "index.html", "episode.json")
    sweep_former(station, episode, NOW + 23 * HOUR)
    assert {path.name for path in folder.iterdir()} == {old, new, cover, "index.html", "episode.json"}
    sweep_former(station, episode, NOW + 24 * HOUR)
    assert {path.name for path in folder.iterdir()} == {new, cover, "index.html", "episode.json"}


def test_with_no_hours_the_superseded_goes_at_once(tmp_path: Path) -> None:
    station = station_in(tmp_path, 0)
    folder = shelve(station, place("episode.mp3", "old"), place("episode.mp3", "new"))
    sweep_former(station, note_former(station, NEW, OLD, NOW), NOW)

    assert [path.name for path in folder.iterdir()] == [place("episode.mp3", "new")]


@pytest.mark.parametrize(
    "name",
    [
        *("episode.mp3", "episode.m4a", "episode.opus", "flash.mp3", "flash-5.mp3", "transcript.vtt"),
        *("transcript.html", "chapters.json", "cover.jpg", "cover-small.jpg"),
    ],
)
def test_what_a_killed_run_left_goes(name: str, tmp_path: Path) -> None:
    """No record tells of it; its mark is of its content, and so nobody's but this program's."""
    station = station_in(tmp_path)
    folder = shelve(station, "index.html", ".index.html.0123456789abcdef.tmp")
    (folder / place(name, "half published")).write_text("half published", "utf-8")
    sweep_former(station, NEW, NOW)

    assert [path.name for path in folder.iterdir()] == ["index.html"]


OWN = (
    "notes.txt",
    "episode.wav",
    "episode-mono.mp3",
    "episode-20250311.mp3",
    "cover-20250311.jpg",
    "episode-0badc0d.mp3",
    "episode-0BADC0DE.mp3",
    "episode-0badc0de.mp3.bak",
    "my-episode-0badc0de.mp3",
    "flash-6-0badc0de.mp3",
    "photo-0badc0de.jpg",
    "cover-large-0badc0de.jpg",
    "index.html.orig",
    ".htaccess",
    ".notes.tmp",
    ".index.html.0123.tmp",
    "script.md~",
    "withdrawn.json",
)


@pytest.mark.parametrize("own", OWN)
def test_what_is_somebody_s_own_is_never_removed(own: str, tmp_path: Path) -> None:
    station = station_in(tmp_path, 0)
    folder = shelve(station, own)
    sweep_former(station, note_former(station, NEW, OLD, NOW), NOW + 99 * HOUR)

    assert [path.name for path in folder.iterdir()] == [own]


def test_a_folder_of_somebody_s_own_stays_with_all_that_is_in_it(tmp_path: Path) -> None:
    station = station_in(tmp_path)
    folder = shelve(station)
    (folder / "raw").mkdir()
    (folder / "raw" / "episode-0badc0de.mp3").write_text("raw", "utf-8")
    sweep_former(station, NEW, NOW)

    assert (folder / "raw" / "episode-0badc0de.mp3").read_text("utf-8") == "raw"


def test_what_cannot_be_removed_keeps_nothing_else_from_going(tmp_path: Path) -> None:
    """Here somebody's folder has the name of a superseded file."""
    station = station_in(tmp_path, 0)
    folder = shelve(station, place("flash.mp3", "old"))
    (folder / place("episode.mp3", "old")).mkdir()
    before = episode_of(("episode.mp3", "old"), ("flash.mp3", "old"))
    sweep_former(station, note_former(station, NEW, before, NOW), NOW)

    assert [path.name for path in folder.iterdir()] == [place("episode.mp3", "old")]


def test_an_episode_without_a_folder_has_nothing_to_sweep(tmp_path: Path) -> None:
    sweep_former(station_in(tmp_path), NEW, NOW)

    assert list(tmp_path.iterdir()) == []


def test_many_superseded_files_all_go(tmp_path: Path) -> None:
    station = station_in(tmp_path)
    folder = shelve(station, "index.html")
    for number in range(2000):
        (folder / place("episode.mp3", str(number))).write_text(str(number), "utf-8")
    sweep_former(station, NEW, NOW)

    assert [path.name for path in folder.iterdir()] == ["index.html"]
