"""The episode as other sites show it."""

import dataclasses
import json
from html.parser import HTMLParser
from typing import Any

import pytest

from morning_edition.episode import Episode, EpisodeFile
from morning_edition.outlets.embed import describe_frame
from morning_edition.outlets.oembed import render_oembed
from morning_edition.station import Station

PAGE = "https://pod.example/brief/audio/2024-12-06-hama-falls/"


class Frame(HTMLParser):
    """The one element of an embed code."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(code)
        self.close()
        ((self.tag, self.attributes),) = self.tags

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def answer(station: Station, episode: Episode) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(render_oembed(station, episode))
    return found


def test_the_answer_has_all_that_a_rich_one_must_have(answer: dict[str, Any], episode: Episode) -> None:
    assert {name: answer[name] for name in ("version", "type", "width", "height")} == {
        "version": "1.0",
        "type": "rich",
        "width": 640,
        "height": 180,
    }
    assert (answer["title"], answer["author_name"]) == (episode.title, "J. Mansour")
    assert (answer["provider_name"], answer["provider_url"]) == ("Newslooks", "https://news.example/")


def test_the_answer_shows_the_player_in_a_frame_of_its_size(
    answer: dict[str, Any], station: Station, episode: Episode
) -> None:
    frame = Frame(answer["html"])
    assert answer["html"] == describe_frame(station, episode).code
    assert (frame.tag, frame.text) == ("iframe", "")
    assert frame.attributes["src"] == PAGE + "embed.html"
    assert (frame.attributes["width"], frame.attributes["height"]) == ("640", "180")
    assert frame.attributes["title"] == f"{episode.title} — {station.show.title}"
    assert frame.attributes["loading"] == "lazy"


def test_the_thumbnail_is_the_episodes_own_or_the_shows(station: Station, episode: Episode) -> None:
    small = EpisodeFile("cover-small.jpg", 60_000, "0" * 64)
    own = dataclasses.replace(episode, files=(*episode.files, small))
    for shown, address in (
        (own, f"{PAGE}cover-small-00000000.jpg"),
        (episode, f"{station.base_url}cover-small.jpg"),
    ):
        answer = json.loads(render_oembed(station, shown))
        assert answer["thumbnail_url"] == address
        assert (answer["thumbnail_width"], answer["thumbnail_height"]) == (600, 600)


def test_an_episode_without_words_has_the_shows_and_the_newsrooms(
    station: Station, bare_episode: Episode
) -> None:
    nameless = dataclasses.replace(bare_episode, title=" ", outlet="")
    answer = json.loads(render_oembed(station, nameless))
    assert (answer["title"], answer["author_name"]) == ("The Morning Brief", "Newslooks")
    assert Frame(answer["html"]).attributes["title"] == "The Morning Brief"


def test_any_headline_stays_inside_its_attribute(station: Station, episode: Episode, hostile: str) -> None:
    frame = Frame(describe_frame(station, dataclasses.replace(episode, title=hostile)).code)
    assert set(frame.attributes) == {"src", "width", "height", "title", "loading", "style", "allow"}
    assert frame.attributes["title"]
    assert json.loads(render_oembed(station, dataclasses.replace(episode, title=hostile, byline=hostile)))
