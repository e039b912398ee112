import datetime as dt
import os
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from morning_edition.errors import FetchError
from morning_edition.station import Station
from morning_edition.watching import folders
from morning_edition.watching.folders import look_at_folder

PASSED_OVER = [
    *(".hidden.txt", "a.txt~", "a.txt.part", "a.tmp", "a.crdownload", "~$a.txt", "a.jpg", "a", "a.xml"),
    *(".a.txt.swp", "a\n.txt"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


@pytest.fixture
def station(tmp_path: Path) -> Station:
    return Station(tmp_path / "station")


def look(folder: Path, station: Station) -> Any:
    return look_at_folder(folder, "in", station, dt.datetime.now(dt.UTC))


def age(path: Path, seconds: float = 60) -> None:
    os.utime(path, (time.time() - seconds,) * 2)


def names(found: Any) -> list[str]:
    return [item.key for item in found.items]


def test_articles_are_found_the_newest_first(folder: Path, station: Station) -> None:
    """Every form that an article comes in, and nothing else."""
    for place, name in enumerate(["a.txt", "B.MD", "c.html", "d.eml", *PASSED_OVER]):
        (folder / name).write_text("Words.", "utf-8")
        age(folder / name, 1000 - place)
    assert names(look(folder, station)) == ["d.eml", "c.html", "B.MD", "a.txt"]


def test_nothing_outside_the_folder_is_read(folder: Path, station: Station, tmp_path: Path) -> None:
    """No folder in it, no link that leads out of it, nothing that is no file."""
    (folder / "deeper").mkdir()
    for path in (folder / "deeper" / "a.txt", tmp_path / "secret.txt", folder / "here.txt"):
        path.write_text("Words.", "utf-8")
        age(path)
    (folder / "out.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "deep.txt").symlink_to("deeper/a.txt")
    (folder / "dangling.txt").symlink_to("nowhere.txt")
    (folder / "link.txt").symlink_to("here.txt")
    os.mkfifo(folder / "pipe.txt")
    assert sorted(names(look(folder, station))) == ["here.txt", "link.txt"]


def test_an_empty_file_is_not_there_yet(folder: Path, station: Station) -> None:
    """Somebody is about to write it."""
    (folder / "a.txt").touch()
    age(folder / "a.txt")
    assert names(look(folder, station)) == []


def test_a_file_is_taken_once_it_is_whole(
    folder: Path, station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that grows while it is looked at is left for the next time, which then is soon."""
    monkeypatch.setattr(folders, "SETTLE_S", 0.3)
    path = folder / "a.txt"
    path.write_text("Half of it", "utf-8")

    def go_on() -> None:
        with path.open("a", encoding="utf-8") as file:
            file.write(", and the other half.")

    writer = threading.Timer(0.1, go_on)
    writer.start()
    first = look(folder, station)
    writer.join()
    assert (names(first), first.is_unsettled) == ([], True)
    second = look(folder, station)
    assert (names(second), second.is_unsettled) == (["a.txt"], False)
    assert "the other half" in second.items[0].read().text


def test_a_file_that_changes_after_it_was_seen_is_read_again(folder: Path, station: Station) -> None:
    """What is made must be what was found whole."""
    path = folder / "a.txt"
    path.write_text("The bridge has opened after years of work.", "utf-8")
    age(path)
    (item,) = look(folder, station).items
    path.write_text("The bridge has", "utf-8")
    with pytest.raises(FetchError, match=r"has changed while it was read"):
        item.read()


def test_a_file_is_known_by_its_content(folder: Path, station: Station) -> None:
    """That somebody has touched it is no change."""
    path = folder / "a.txt"
    path.write_text("Words.", "utf-8")
    age(path, 100)
    (before,) = look(folder, station).items
    age(path, 50)
    (after,) = look(folder, station).items
    assert (before.key, before.fingerprint) == (after.key, after.fingerprint)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("station", "the station's own files"),
        ("station/audio", "the station's own files"),
        ("station/.cache/refused", "the station's own files"),
        ("absent", "no such folder"),
        ("file.txt", "is a file"),
    ],
)
def test_a_folder_that_cannot_be_followed_is_told(
    station: Station, tmp_path: Path, place: str, words: str
) -> None:
    """The station's own would be made out of itself for ever."""
    (tmp_path / "station" / "audio").mkdir(parents=True)
    (tmp_path / "station" / ".cache" / "refused").mkdir(parents=True)
    (tmp_path / "file.txt").touch()
    with pytest.raises(FetchError, match=words):
        look(tmp_path / place, station)


def test_a_thousand_files_are_looked_at_in_no_time(folder: Path, station: Station) -> None:
    """All of them found."""
    for number in range(1000):
        (folder / f"{number}.txt").write_text(f"Words {number}.", "utf-8")
        age(folder / f"{number}.txt")
    began = time.perf_counter()
    found = look(folder, station)
    assert len(found.items) == 1000
    assert time.perf_counter() - began < 3
