"""A new station: whole, ready to produce, and nobody's file is touched."""

from pathlib import Path

import pytest

from morning_edition.articles import open_article
from morning_edition.errors import StationError
from morning_edition.station import load_station
from morning_edition.station.starting import start_station

JINGLES = ("open", "bed", "sting", "bumper", "close")


def everything_in(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_a_new_station_has_settings_music_and_an_article(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "station"

    made = start_station(folder, show={"title": "The “Daily”"}, outlet="Harbour Post")

    station = load_station(folder)
    assert (station.show.title, station.outlet.name) == ("The “Daily”", "Harbour Post")
    for name in JINGLES:
        path = getattr(station.sound.jingles, name)
        assert path == f"audio/jingles/{name}.flac"
        assert (folder / path).read_bytes().startswith(b"fLaC")
    article = open_article(str(folder / "article.txt"), outlet=station.outlet.name)
    assert not article.missing
    assert made[0] == folder / "station.toml"
    assert {path.relative_to(folder).as_posix() for path in made} == set(everything_in(folder))


def test_a_station_can_be_made_in_the_folder_one_is_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    start_station(Path(), show={}, outlet="Harbour Post")

    assert load_station(Path()).outlet.name == "Harbour Post"


def test_a_station_is_not_made_twice(tmp_path: Path) -> None:
    start_station(tmp_path, show={"title": "First"}, outlet="Harbour Post")
    before = everything_in(tmp_path)

    with pytest.raises(StationError) as caught:
        start_station(tmp_path, show={"title": "Second"}, outlet="Harbour Post")

    assert str(caught.value) == (
        f"{tmp_path / 'station.toml'}: there is a station here already; edit it, or choose another folder"
    )
    assert everything_in(tmp_path) == before


def test_nobodys_file_is_replaced_nor_said_to_be_made(tmp_path: Path) -> None:
    (tmp_path / "article.txt").write_text("My own words.", encoding="utf-8")
    (tmp_path / "audio" / "jingles").mkdir(parents=True)
    (tmp_path / "audio" / "jingles" / "bed.flac").write_bytes(b"my own music")

    made = start_station(tmp_path, show={}, outlet="Harbour Post")

    assert (tmp_path / "article.txt").read_text(encoding="utf-8") == "My own words."
    assert (tmp_path / "audio" / "jingles" / "bed.flac").read_bytes() == b"my own music"
    assert {"station.toml", "open.flac", "sting.flac", "bumper.flac", "close.flac"} == {
        path.name for path in made
    }


@pytest.mark.parametrize(
    ("show", "outlet", "said"),
    [
        ({"title": ""}, "Harbour Post", 'show.title must be filled in, not ""'),
        ({"language": "English"}, "Harbour Post", "show.language must be a language tag such as en-US"),
        ({"base_url": "example"}, "Harbour Post", "show.base_url must be a web address such as"),
        ({}, " ", 'outlet.name must be filled in, not " "'),
    ],
)
def test_a_wrong_setting_makes_nothing(tmp_path: Path, show: dict[str, str], outlet: str, said: str) -> None:
    folder = tmp_path / "station"

    with pytest.raises(StationError) as caught:
        start_station(folder, show=show, outlet=outlet)

    assert f"{folder / 'station.toml'}: {said}" in str(caught.value)
    assert not folder.exists()


def test_a_file_in_the_folders_place_stops_it_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "station").write_text("a file", encoding="utf-8")

    with pytest.raises(StationError) as caught:
        start_station(tmp_path / "station", show={}, outlet="Harbour Post")

    assert str(caught.value).startswith(f"{tmp_path / 'station'}: cannot be written: ")
    assert everything_in(tmp_path) == {"station": b"a file"}


def test_a_station_that_could_not_be_finished_is_none(tmp_path: Path) -> None:
    """The settings come last, so that it can be started again."""
    (tmp_path / "audio").write_text("a file where a folder should be", encoding="utf-8")

    with pytest.raises(StationError, match="cannot be written: "):
        start_station(tmp_path, show={}, outlet="Harbour Post")

    assert not (tmp_path / "station.toml").exists()
    (tmp_path / "audio").unlink()
    assert start_station(tmp_path, show={}, outlet="Harbour Post")[0].is_file()
