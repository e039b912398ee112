"""The embed: a small player for other people's pages, and the code that puts it there."""

import dataclasses
import html
from collections.abc import Sequence

import lxml.html
import pytest

from morning_edition.episode import Episode, EpisodeFile
from morning_edition.mix.timeline import Cue
from morning_edition.outlets.embed import EMBED_HEIGHT, EMBED_WIDTH, describe_frame, render_embed
from morning_edition.outlets.episode_page import render_episode_page
from morning_edition.station import Show, Station

PEAKS = [0.2, 0.8] * 500


@pytest.fixture(scope="session")
def embed(station: Station, episode: Episode, cues: Sequence[Cue]) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(render_embed(station, episode, cues, PEAKS))


def test_the_embed_says_what_it_plays_and_whose_it_is(
    embed: lxml.html.HtmlElement, station: Station, episode: Episode
) -> None:
    assert [episode.title] == embed.xpath("//h1//text()")
    assert station.show.title in embed.text_content()
    assert embed.xpath("//audio/@src") == ["episode-00000000.mp3"]
    assert embed.xpath("//button/@aria-label") == ["Play"]
    assert embed.xpath("//select/@aria-label") == ["Speed"]
    assert len(embed.xpath("//*[@class='waveform']")) == 1


def test_links_of_the_embed_leave_the_frame(
    embed: lxml.html.HtmlElement, station: Station, episode: Episode
) -> None:
    assert embed.xpath("//base/@target") == ["_top"]
    assert {station.base_url, episode.url(station)} == set(embed.xpath("//a/@href"))


def test_search_engines_are_sent_from_the_embed_to_the_page(
    embed: lxml.html.HtmlElement, station: Station, episode: Episode
) -> None:
    assert [episode.url(station)] == embed.xpath("//link[@rel='canonical']/@href")


def test_without_script_the_embed_has_the_browsers_player(embed: lxml.html.HtmlElement) -> None:
    (audio,) = embed.xpath("//audio[@controls]")
    needs_script = "ancestor-or-self::*[contains(@class, 'scripted-only')]"

    assert not audio.xpath(needs_script)
    assert embed.xpath(f"//*[self::button or self::input or self::select][not({needs_script})]") == []


def test_the_embed_is_light(station: Station, episode: Episode, cues: Sequence[Cue]) -> None:
    """A newspaper's page may hold several."""
    assert len(render_embed(station, episode, cues, PEAKS).encode()) < 30_000


def test_an_episode_with_nothing_but_sound_has_an_embed(station: Station, bare_episode: Episode) -> None:
    embed = lxml.html.document_fromstring(render_embed(station, bare_episode, []))

    assert embed.xpath("//img/@src") == ["../../cover-small.jpg"]
    assert embed.xpath("//*[@class='waveform']") == []


def test_the_code_to_paste_frames_the_embed(station: Station, episode: Episode) -> None:
    frame = describe_frame(station, episode)
    (element,) = lxml.html.fragments_fromstring(frame.code)

    assert (frame.width, frame.height) == (EMBED_WIDTH, EMBED_HEIGHT)
    assert element.tag == "iframe"
    assert element.get("src") == frame.address == episode.url(station, "embed.html")
    assert element.get("title") == f"{episode.title} — {station.show.title}"
    assert (element.get("width"), element.get("height")) == ("640", "180")


def test_the_episodes_page_shows_the_code_only_if_there_is_an_embed(
    station: Station, episode: Episode
) -> None:
    there = dataclasses.replace(episode, files=(*episode.files, EpisodeFile("embed.html", 1, "0" * 64)))
    code = describe_frame(station, episode).code

    (shown,) = lxml.html.document_fromstring(render_episode_page(station, there, [])).xpath("//pre")
    assert shown.text_content() == code
    assert "<iframe" not in html.unescape(render_episode_page(station, episode, []))


def test_hostile_words_come_out_as_text(station: Station, episode: Episode, hostile: str) -> None:
    title = (hostile.strip("\x00\x01\x1f ") and hostile) or "Title"
    strange = dataclasses.replace(station, show=Show(title=title, base_url=station.show.base_url))
    changed = dataclasses.replace(episode, title=title, byline=hostile, outlet=hostile)

    embed = lxml.html.document_fromstring(render_embed(strange, changed, [], PEAKS))
    (frame,) = lxml.html.fragments_fromstring(describe_frame(strange, changed).code)

    usual = lxml.html.document_fromstring(render_embed(station, episode, [], PEAKS))
    assert [element.tag for element in embed.iter()] == [element.tag for element in usual.iter()]
    assert [sorted(element.keys()) for element in embed.iter()] == [sorted(e.keys()) for e in usual.iter()]
    assert sorted(frame.keys()) == ["allow", "height", "loading", "src", "style", "title", "width"]
    visible = "".join(character for character in title if character.isprintable()).strip()
    assert visible in "".join(c for c in embed.xpath("string(//h1)") if c.isprintable())
