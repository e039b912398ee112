"""The pages: well-formed, complete in themselves, and safe whatever the words are."""

import dataclasses
import itertools
import re
from collections.abc import Sequence
from html.parser import HTMLParser

import pytest

from morning_edition.articles.article import QuickLook
from morning_edition.episode import Episode
from morning_edition.mix.timeline import Chapter, Cue
from morning_edition.outlets.page import render_episode_page, render_show_page
from morning_edition.station import Station

VOID = {"meta", "link", "br", "track", "img", "hr", "input"}
FETCHED = {"audio", "track", "img", "script", "iframe", "source", "video", "embed"}

Tag = tuple[str, dict[str, str | None]]


class StrictPage(HTMLParser):
    """Fails on any tag that is not closed in its place; keeps tags, and text by the tag it stands in."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[Tag] = []
        self.texts: dict[str, list[str]] = {}
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(attrs) == len(dict(attrs)), self.get_starttag_text()
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
            self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.open.pop()

    def handle_data(self, data: str) -> None:
        for tag in set(self.open):
            self.texts[tag][-1] += data

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)

    def attributes(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    def links(self) -> list[str]:
        return [attributes["href"] or "" for attributes in self.attributes("a")]


@pytest.fixture(scope="session")
def page(station: Station, episode: Episode, cues: Sequence[Cue]) -> StrictPage:
    return StrictPage(render_episode_page(station, episode, cues))


@pytest.fixture(scope="session")
def show_page(station: Station, episode: Episode, bare_episode: Episode) -> StrictPage:
    return StrictPage(render_show_page(station, [episode, bare_episode]))


def test_a_page_has_one_heading_one_main_part_and_a_language(page: StrictPage, show_page: StrictPage) -> None:
    for each in (page, show_page):
        names = [tag for tag, _ in each.tags]
        assert all(names.count(name) == 1 for name in ("h1", "main", "header", "footer", "title", "style"))
        assert each.attributes("html") == [{"lang": "en-US"}]
        levels = [int(name[1]) for name in names if re.fullmatch("h[1-6]", name)]
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_an_episode_is_told_on_its_page(
    page: StrictPage, station: Station, episode: Episode, cues: Sequence[Cue]
) -> None:
    assert [episode.title] == page.texts["h1"]
    assert [f"{episode.title} — {station.show.title}"] == page.texts["title"]
    assert "December 6, 2024 · 1 min · By J. Mansour" in page.texts["p"]
    assert page.texts["h3"] == [chapter.title for chapter in episode.chapters]
    said = "\n".join(page.texts["p"])
    assert all(cue.text in said for cue in cues)


def test_the_player_has_its_sound_and_captions_beside_it(page: StrictPage) -> None:
    (audio,) = page.attributes("audio")
    (track,) = page.attributes("track")

    assert (audio["src"], audio["preload"], "controls" in audio) == ("episode.mp3", "none", True)
    assert (track["src"], track["kind"], track["srclang"]) == ("transcript.vtt", "captions", "en-US")


def test_chapters_and_sentences_are_links_to_their_time(page: StrictPage, episode: Episode) -> None:
    seeking = [link for link in page.links() if "#t=" in link]

    assert seeking[:3] == ["episode.mp3#t=0", "episode.mp3#t=12.345", "episode.mp3#t=40"]
    assert seeking[3:5] == ["episode.mp3#t=0.9", "episode.mp3#t=4.35"]
    assert all(chapter.title in page.texts["a"] for chapter in episode.chapters)


def test_speakers_are_named_where_they_change(page: StrictPage) -> None:
    names = ("Anchor", "Correspondent", "Quotation")

    assert [text for text in page.texts["span"] if text in names] == [
        "Anchor",
        "Correspondent",
        "Quotation",
        "Correspondent",
    ]


def test_the_show_page_lists_episodes_newest_first(show_page: StrictPage, station: Station) -> None:
    assert [station.show.title] == show_page.texts["h1"]
    assert [link for link in show_page.links() if link.startswith("audio/")] == [
        "audio/2024-12-07-hama-falls/",
        "audio/2024-12-06-hama-falls/",
    ]
    assert [station.feed_url] == show_page.texts["code"]


def test_the_feed_is_announced(page: StrictPage, show_page: StrictPage) -> None:
    for each, address in ((page, "../../podcast.xml"), (show_page, "podcast.xml")):
        assert [address] == [link["href"] for link in each.attributes("link") if link["rel"] == "alternate"]
        assert address in each.links()


def test_a_page_knows_its_own_address(page: StrictPage, show_page: StrictPage, station: Station) -> None:
    for each, address in (
        (page, "https://pod.example/brief/audio/2024-12-06-hama-falls/"),
        (show_page, station.base_url),
    ):
        told = {link["property"]: link["content"] for link in each.attributes("meta") if "property" in link}
        assert [address] == [link["href"] for link in each.attributes("link") if link["rel"] == "canonical"]
        assert address == told["og:url"]
        assert {"og:title", "og:type", "og:image", "og:description", "og:site_name"} <= told.keys()


def test_nothing_is_fetched_from_elsewhere(page: StrictPage, show_page: StrictPage) -> None:
    for each in (page, show_page):
        fetched = [
            attributes.get("src") or ""
            for tag, attributes in each.tags
            if tag in FETCHED and "src" in attributes
        ]
        assert not any("//" in address for address in fetched)
        assert {link["rel"] for link in each.attributes("link")} == {"canonical", "alternate", "icon"}
        assert "url(" not in each.texts["style"][0]
        assert "import" not in each.texts["style"][0]


def test_an_episode_with_nothing_but_sound_has_a_page(station: Station, bare_episode: Episode) -> None:
    page = StrictPage(render_episode_page(station, bare_episode, []))

    assert page.attributes("track") == []
    assert page.attributes("section") == []
    assert page.texts.get("h2", []) == []


def test_a_show_without_episodes_has_a_page(station: Station) -> None:
    page = StrictPage(render_show_page(station, []))

    assert "The first episode is yet to come." in page.texts["p"]


def test_hostile_words_come_out_as_text(station: Station, episode: Episode, hostile: str) -> None:
    usual = dataclasses.replace(
        episode,
        quick_looks=(QuickLook("Text", "Label"),),
        chapters=(Chapter("Chapter", 0, 62_530),),
        byline="B.",
    )
    changed = dataclasses.replace(
        usual,
        title=hostile or "Title",
        byline=hostile.strip("\x00\x01\x1f ") and hostile,
        summary=hostile.strip("\x00\x01\x1f ") and hostile,
        quick_looks=(QuickLook(hostile, hostile or "Label"),),
        chapters=(Chapter(hostile or "Chapter", 0, 62_530),),
        source_url="https://news.example/" + hostile,
    )
    cue = Cue(0, 1000, hostile, "anchor", "intro")

    page = StrictPage(render_episode_page(station, changed, [cue]))
    show_page = StrictPage(render_show_page(station, [changed]))

    expected = StrictPage(render_episode_page(station, usual, [cue]))
    assert {tag for tag, _ in page.tags} <= {tag for tag, _ in expected.tags}
    assert len(page.attributes("script")) == 1
    assert page.texts["script"] == expected.texts["script"]
    assert {name for tag in page.tags for name in tag[1]} <= {
        name for tag in expected.tags for name in tag[1]
    }
    visible = "".join(character for character in hostile if character.isprintable()).strip()
    if visible:
        assert visible in "".join(c for c in page.texts["h1"][0] if c.isprintable())
        assert visible in "".join(c for c in "".join(show_page.texts["h3"]) if c.isprintable())
    assert not show_page.attributes("script")
