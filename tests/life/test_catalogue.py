"""An episode is found by what people call it; what was withdrawn comes behind what stands."""

import datetime as dt
from typing import Any

import pytest

from morning_edition.catalogue import find_episode, find_newest, find_slug, list_slugs, list_withdrawn
from morning_edition.errors import EpisodeError

SLUG = "2026-03-06-tram-line-opens"
NOW = dt.datetime(2026, 3, 6, 12, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize("name", ["1", "01", "2026-03", SLUG, f"{SLUG}/", "audio/" + SLUG])
def test_an_episode_has_many_names(name: str, newsroom: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(newsroom.root / ("audio" if name.startswith(SLUG) else "."))
    assert find_episode(newsroom.station, name).slug == SLUG


def test_what_stands_comes_before_what_was_withdrawn(newsroom: Any) -> None:
    """The beginning of a name is that of the new episode; the old one has its whole name and its number."""
    newsroom.retract()
    new = newsroom.make(anew=True).episode
    station = newsroom.station

    assert (list_slugs(station), list_withdrawn(station)) == ([new.slug], [SLUG])
    assert (find_slug(station, "2026-03"), find_slug(station, "2")) == (new.slug, new.slug)
    assert (find_slug(station, SLUG), find_slug(station, "1")) == (SLUG, SLUG)
    assert find_newest(station) == new
    with pytest.raises(EpisodeError, match=r"was retracted on 2026-03-06"):
        find_episode(station, "1")


@pytest.mark.parametrize("name", ["7", "", "..", "../..", "9" * 40, "٣", "2026-03-07", "\0", "jingles"])
def test_what_is_no_episode_is_told(name: str, newsroom: Any) -> None:
    with pytest.raises(EpisodeError, match=r"no episode is called|is no episode of this station"):
        find_episode(newsroom.station, name)


def test_an_empty_station_has_none(newsroom: Any) -> None:
    newsroom.retract()
    with pytest.raises(EpisodeError, match=r"no episodes yet"):
        find_newest(newsroom.station)
