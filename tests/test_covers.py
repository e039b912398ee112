"""Covers that are drawn once."""

import datetime as dt
from pathlib import Path

import pytest

from morning_edition import artwork
from morning_edition.covers import Cover, find_episode_cover
from morning_edition.station import Artwork, Station

DAY = dt.date(2024, 12, 6)


def find(station: Station, headline: str = "Hama falls") -> Cover:
    return find_episode_cover(station, edition="Morning Edition", date=DAY, headline=headline)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The headlines of the covers that were drawn, in their order."""
    headlines: list[str] = []
    draw = artwork.draw_episode_cover

    def note(station: Station, *, edition: str, date: dt.date, headline: str) -> Cover:
        headlines.append(headline)
        return draw(station, edition=edition, date=date, headline=headline)

    monkeypatch.setattr(artwork, "draw_episode_cover", note)
    return headlines


def test_a_cover_is_drawn_once(tmp_path: Path, drawn: list[str]) -> None:
    """Made again, an episode takes the pictures that it had, byte by byte."""
    station = Station(tmp_path)
    first = find(station)

    assert find(station) == first
    assert drawn == ["Hama falls"]


def test_a_cover_is_drawn_anew_where_it_shows_something_else(tmp_path: Path, drawn: list[str]) -> None:
    """Another headline or another colour makes another picture."""
    first = find(Station(tmp_path))
    red = find(Station(tmp_path, artwork=Artwork(background="#800000")))
    other = find(Station(tmp_path), "Homs falls")

    assert len({first.large, red.large, other.large}) == 3
    assert drawn == ["Hama falls", "Hama falls", "Homs falls"]


def test_a_cover_that_was_damaged_is_drawn_anew(tmp_path: Path, drawn: list[str]) -> None:
    """What a full disk left of it is not published."""
    station = Station(tmp_path)
    first = find(station)
    for kept in (tmp_path / ".cache" / "covers").glob("*/*"):
        kept.write_bytes(kept.read_bytes()[:-1])

    assert find(station) == first
    assert drawn == ["Hama falls", "Hama falls"]
