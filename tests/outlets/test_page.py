"""The pages: well-formed, complete in themselves, and safe whatever the words are."""

import base64
import dataclasses
import gzip
import hashlib
import itertools
import json
import re
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

import pytest

from morning_edition.articles.article import QuickLook
from morning_edition.episode import Episode, EpisodeFile
from morning_edition.mix.timeline import Chapter, Cue
from morning_edition.outlets.episode_page import render_episode_page
from morning_edition.outlets.show_page import render_show_page
from morning_edition.station import Outlet, Show, Station
from morning_edition.station.publishing import Links, VoiceNotice
from morning_edition.voices import Word

VOID = {"meta", "link", "br", "track", "img", "hr", "input", "base", "use", "path", "rect"}
FETCHED = {"audio", "track", "img", "script", "iframe", "source", "video", "embed", "use"}
NEEDS_SCRIPT = "scripted-only"

PEAKS = [0.1, 0.9, 0.4, 0.7] * 100
SITE = {"podcast.xml", "feed.json", "show.opml", "playlist.m3u", "flash-briefing.json", "cover-small.jpg", ""}

Tag = tuple[str, dict[str, str | None]]


class StrictPage(HTMLParser):
    """Fails on any tag that is not closed in its place; keeps tags, and text by the tag it stands in."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.source = page
        self.open: list[Tag] = []
        self.tags: list[Tag] = []
        self.texts: dict[str, list[str]] = {}
        self.always_there: list[Tag] = []
        """All tags but those that are shown with the script only."""
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(attrs) == len(dict(attrs)), self.get_starttag_text()
        self.tags.append((tag, dict(attrs)))
        if not any(NEEDS_SCRIPT in (given.get("class") or "") for _, given in [*self.open, self.tags[-1]]):
            self.always_there.append(self.tags[-1])
        if tag not in VOID:
            self.open.append(self.tags[-1])
            self.texts.setdefault(tag, []).append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.open.pop()[0]

    def handle_data(self, data: str) -> None:
        for tag in {name for name, _ in self.open}:
            self.texts[tag][-1] += data

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)

    def attributes(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    def all_with(self, attribute: str) -> list[str]:
        return [given[attribute] or "" for _, given in self.tags if attribute in given]

    def links(self) -> list[str]:
        return [attributes["href"] or "" for attributes in self.attributes("a")]

    def told(self) -> dict[str, str | None]:
        """Return what its meta elements say."""
        return {
            str(given.get("property") or given.get("name") or given.get("http-equiv")): given["content"]
            for given in self.attributes("meta")
            if "content" in given
        }

    def announced(self) -> dict[str | None, str | None]:
        """Return the addresses of its other forms, by type."""
        return {
            given["type"]: given["href"] for given in self.attributes("link") if given["rel"] == "alternate"
        }


@pytest.fixture(scope="session")
def whole_episode(episode: Episode) -> Episode:
    """Has every file that an episode can have, and is heard to say its Quick Looks."""
    names = ("cover-small.jpg", "embed.html", "oembed.json", "transcript.html")
    return dataclasses.replace(
        episode,
        files=(*episode.files, *(EpisodeFile(name, 1000, "0" * 64) for name in names)),
        soundbites=(
            Chapter("Major Victory", 13_000, 22_000),
            Chapter("Rebels aim to take Homs, 40 km…", 23_500, 30_000),
        ),
    )


@pytest.fixture(scope="session")
def page(station: Station, whole_episode: Episode, cues: Sequence[Cue]) -> StrictPage:
    return StrictPage(render_episode_page(station, whole_episode, cues, PEAKS))


@pytest.fixture(scope="session")
def show_page(station: Station, episode: Episode, bare_episode: Episode) -> StrictPage:
    return StrictPage(render_show_page(station, [episode, bare_episode]))


def test_a_page_has_one_heading_one_main_part_and_a_language(page: StrictPage, show_page: StrictPage) -> None:
    for each in (page, show_page):
        names = [tag for tag, _ in each.tags]
        assert all(names.count(name) == 1 for name in ("h1", "main", "header", "footer", "style"))
        assert each.attributes("html") == [{"lang": "en-US", "dir": "ltr"}]
        levels = [int(name[1]) for name in names if re.fullmatch("h[1-6]", name)]
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_what_a_page_refers_to_inside_is_there(page: StrictPage, show_page: StrictPage) -> None:
    for each in (page, show_page):
        ids = each.all_with("id")
        assert len(ids) == len(set(ids))
        inside = [link[1:] for link in each.all_with("href") if link.startswith("#")]
        labels = " ".join(each.all_with("aria-labelledby")).split()
        assert {*inside, *labels} <= set(ids)


def test_pictures_have_their_place_before_they_are_there(page: StrictPage, show_page: StrictPage) -> None:
    for each in (page, show_page):
        (picture,) = each.attributes("img")
        assert (picture["width"], picture["height"], picture["alt"]) == ("600", "600", "")


def test_an_episode_is_told_on_its_page(
    page: StrictPage, station: Station, episode: Episode, cues: Sequence[Cue]
) -> None:
    assert [episode.title] == page.texts["h1"]
    assert [f"{episode.title} — {station.show.title}"] == page.texts["title"]
    assert "December 6, 2024 · 1 min · By J. Mansour" in page.texts["p"]
    assert {station.voice_notice.text, episode.summary} <= set(page.texts["p"])
    assert page.texts["h3"][-3:] == [chapter.title for chapter in episode.chapters]
    assert [cue.text for cue in cues] == [
        text for text in page.texts["span"] if text in {c.text for c in cues}
    ]


def test_the_player_has_its_sound_and_captions_beside_it(page: StrictPage) -> None:
    (audio,) = page.attributes("audio")
    (track,) = page.attributes("track")

    assert (audio["src"], audio["preload"], "controls" in audio) == ("episode-00000000.mp3", "none", True)
    assert (track["src"], track["kind"], track["srclang"]) == ("transcript-00000000.vtt", "captions", "en-US")


def test_the_players_slider_tells_time_in_words(page: StrictPage) -> None:
    (slider,) = [given for given in page.attributes("input") if given["type"] == "range"]

    assert (slider["aria-label"], slider["max"]) == ("Position", "62.53")
    assert slider["aria-valuetext"] == "0:00 of 1:02"


def test_the_waveform_is_drawn_where_it_is_known(
    page: StrictPage, station: Station, episode: Episode, cues: Sequence[Cue]
) -> None:
    without = StrictPage(render_episode_page(station, episode, cues, []))

    assert "waveform" in page.all_with("class")
    assert "waveform" not in without.all_with("class")
    assert "scrub flat" in without.all_with("class")


def test_chapters_and_paragraphs_are_links_to_their_time(page: StrictPage, episode: Episode) -> None:
    seeking = [
        link.partition("#t=")[2] for link in page.links() if link.startswith("episode-00000000.mp3#t=")
    ]

    assert seeking == ["13,22", "23.5,30", "0", "12.345", "40", "0.9", "13", "40.8", "49.5", "55.1"]
    assert all(any(chapter.title in text for text in page.texts["a"]) for chapter in episode.chapters)


def test_quick_looks_play_from_where_they_are_heard(page: StrictPage, episode: Episode) -> None:
    assert [text.strip() for text in page.texts["a"] if "Quick Look " in text] == [
        "Play Quick Look 1: Major Victory, 0:09",
        "Play Quick Look 2: Rebels aim to take Homs, 40 km south of Hama., 0:06",
    ]
    assert {look.text for look in episode.quick_looks} <= set(page.texts["p"])


def test_a_quick_look_that_is_not_heard_has_nothing_to_play(station: Station, episode: Episode) -> None:
    page = StrictPage(render_episode_page(station, episode, []))

    assert {look.text for look in episode.quick_looks} <= set(page.texts["p"])
    assert not any("Quick Look " in text for text in page.texts["a"])


def test_speakers_are_named_where_they_change(page: StrictPage) -> None:
    names = ("Anchor", "Correspondent", "Quotation")

    assert [text for text in page.texts["p"] if text in names] == [
        "Anchor",
        "Correspondent",
        "Quotation",
        "Correspondent",
    ]


def test_every_word_of_a_sentence_has_its_time(station: Station, episode: Episode) -> None:
    words = (Word("Hama", 1_020, 1_400), Word("has", 1_400, 1_690), Word("fallen.", 1_690, 2_333))
    cues = [
        Cue(1_000, 2_333, "Hama has fallen.", "anchor", "intro", words),
        Cue(3_000, 4_000, "So?", "anchor", "intro"),
    ]
    page = StrictPage(render_episode_page(station, episode, cues))

    times = json.loads(next(text for text in page.texts["script"] if text.startswith("[[")))

    assert times == [[2, 38, 29, 64], [100]]


def test_the_show_page_lists_episodes_newest_first(show_page: StrictPage, station: Station) -> None:
    assert [station.show.title] == show_page.texts["h1"]
    assert [link for link in show_page.links() if link.startswith("audio/")] == [
        "audio/2024-12-07-hama-falls/",
        "audio/2024-12-07-hama-falls/#play",
        "audio/2024-12-06-hama-falls/",
    ]


def test_the_show_can_be_subscribed_to(station: Station, episode: Episode) -> None:
    listed = dataclasses.replace(station, links=Links(spotify="https://spotify.example/show?a=1&b=2"))
    page = StrictPage(render_show_page(listed, [episode]))

    assert [station.feed_url] == page.texts["code"]
    assert "https://spotify.example/show?a=1&b=2" in page.links()
    assert {"podcast.xml", "feed.json", "show.opml", "flash-briefing.json"} <= set(page.links())
    assert [f"QR code of {station.base_url}"] == page.texts["title"][1:]


def test_an_address_that_no_code_can_hold_has_none(station: Station) -> None:
    far = dataclasses.replace(station, show=Show(base_url="https://pod.example/" + "x" * 5000))

    assert "QR code" not in render_show_page(far, [])


def test_feeds_and_the_embed_are_announced(page: StrictPage, show_page: StrictPage) -> None:
    assert page.announced() == {
        "application/rss+xml": "../../podcast.xml",
        "application/feed+json": "../../feed.json",
        "application/json+oembed": "https://pod.example/brief/audio/2024-12-06-hama-falls/oembed.json",
    }
    assert show_page.announced() == {
        "application/rss+xml": "podcast.xml",
        "application/feed+json": "feed.json",
    }


def test_a_page_knows_its_own_address(page: StrictPage, show_page: StrictPage, station: Station) -> None:
    for each, address in (
        (page, "https://pod.example/brief/audio/2024-12-06-hama-falls/"),
        (show_page, station.base_url),
    ):
        assert [address] == [link["href"] for link in each.attributes("link") if link["rel"] == "canonical"]
        assert address == each.told()["og:url"]


def test_who_shares_a_page_shows_its_picture_words_and_sound(page: StrictPage, show_page: StrictPage) -> None:
    folder = "https://pod.example/brief/audio/2024-12-06-hama-falls/"
    told = page.told()

    assert (
        told
        | {
            "og:type": "article",
            "og:locale": "en_US",
            "og:image": folder + "cover-small-00000000.jpg",
            "og:image:width": "600",
            "og:audio": folder + "episode-00000000.mp3",
            "og:audio:type": "audio/mpeg",
            "twitter:card": "player",
            "twitter:player": folder + "embed.html",
            "twitter:player:width": "640",
            "twitter:player:height": "180",
        }
        == told
    )
    assert show_page.told()["og:image"] == "https://pod.example/brief/cover-small.jpg"
    assert show_page.told()["twitter:card"] == "summary"


def test_a_player_is_promised_only_over_https(station: Station, whole_episode: Episode) -> None:
    """X shows no player that comes over plain http."""
    plain = dataclasses.replace(station, show=Show(base_url="http://pod.example/"))
    told = StrictPage(render_episode_page(plain, whole_episode, [])).told()

    assert told["twitter:card"] == "summary"
    assert not {"twitter:player", "og:audio:secure_url"} & told.keys()


def test_nothing_is_fetched_from_elsewhere(page: StrictPage, show_page: StrictPage) -> None:
    for each in (page, show_page):
        fetched = [given.get("src") or given.get("href") or "" for tag, given in each.tags if tag in FETCHED]
        assert not any("//" in address for address in fetched)
        assert {link["rel"] for link in each.attributes("link")} == {"canonical", "alternate", "icon"}
        assert "url(" not in each.texts["style"][0]
        assert "@import" not in each.texts["style"][0]


def test_the_policy_lets_run_what_is_on_the_page_and_nothing_else(
    page: StrictPage, show_page: StrictPage
) -> None:
    for each in (page, show_page):
        policy = dict(part.split(" ", 1) for part in str(each.told()["Content-Security-Policy"]).split("; "))
        run = [
            text
            for given, text in zip(each.attributes("script"), each.texts["script"], strict=True)
            if given.get("type") in (None, "module")
        ]
        assert policy["script-src"].split() == [fingerprint(text) for text in run]
        assert policy["style-src"].split() == [fingerprint(each.texts["style"][0])]
        assert policy["default-src"] == "'none'"
        given = {name for _, attributes in each.tags for name in attributes}
        assert not {name for name in given if name == "style" or name.startswith("on")}


def fingerprint(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_without_script_there_is_no_button_that_does_nothing(page: StrictPage, show_page: StrictPage) -> None:
    for each in (page, show_page):
        assert not {"button", "select", "input", "dialog"} & {tag for tag, _ in each.always_there}
    assert {"audio", "a", "summary"} <= {tag for tag, _ in page.always_there}


def test_every_button_has_something_to_do(page: StrictPage) -> None:
    script = page.texts["script"][-1]
    wanted = set(page.all_with("data-do"))

    assert wanted == {
        found[1] or found[2] for found in re.finditer(r'actions(?:\.(\w+)|\["([\w-]+)"\]) =', script)
    }


def test_only_what_is_there_is_linked_to(station: Station, bare_episode: Episode) -> None:
    page = StrictPage(render_episode_page(station, bare_episode, []))
    own = [link for link in [*page.links(), *page.all_with("src")] if "//" not in link and link[0] != "#"]

    assert {link.partition("#")[0] for link in own} <= {"episode-00000000.mp3"} | {
        f"../../{name}" for name in SITE
    }
    assert page.announced().keys() == {"application/rss+xml", "application/feed+json"}
    assert page.told()["twitter:card"] == "summary"


def test_an_episode_with_nothing_but_sound_has_a_page(station: Station, bare_episode: Episode) -> None:
    page = StrictPage(render_episode_page(station, bare_episode, []))

    assert page.attributes("track") == []
    assert page.texts["h2"] == ["Take it with you", "Keyboard shortcuts"]


def test_a_show_without_episodes_has_a_page(station: Station) -> None:
    page = StrictPage(render_show_page(station, []))

    assert "The first episode is yet to come." in page.texts["p"]
    assert page.texts["h2"] == ["Subscribe", "Episodes"]


def test_where_people_read_no_page_speaks_of_an_ai_voice(station: Station, episode: Episode) -> None:
    people = dataclasses.replace(station, voice_notice=VoiceNotice(text=""))

    assert "AI voice" not in render_episode_page(people, episode, []) + render_show_page(people, [episode])


@pytest.mark.parametrize(
    ("language", "direction"),
    [("ar", "rtl"), ("he-IL", "rtl"), ("pa-Arab-PK", "rtl"), ("ur-Latn", "ltr"), ("fr", "ltr")],
)
def test_a_page_runs_the_way_its_language_is_written(
    station: Station, episode: Episode, language: str, direction: str
) -> None:
    page = StrictPage(render_episode_page(station, dataclasses.replace(episode, language=language), []))

    assert page.attributes("html") == [{"lang": language, "dir": direction}]


def test_a_long_edition_has_a_page_that_is_not_too_heavy(station: Station, episode: Episode) -> None:
    """Three hours of 27,000 words, each with its time, come to at most 100 KB as they are sent."""
    words = [f"word{at % 977}" for at in range(27_000)]
    cues = []
    for first in range(0, len(words), 15):
        timed = tuple(
            Word(word, (first + at) * 400, (first + at + 1) * 400)
            for at, word in enumerate(words[first : first + 15])
        )
        cues.append(
            Cue(
                first * 400, (first + 15) * 400, " ".join(w.text for w in timed), "anchor", "deep_look", timed
            )
        )

    page = render_episode_page(station, dataclasses.replace(episode, duration_ms=10_800_000), cues, PEAKS)

    assert len(page.encode()) < 600_000
    assert len(gzip.compress(page.encode())) < 100_000


def test_an_old_show_has_a_page_that_is_not_too_heavy(station: Station, episode: Episode) -> None:
    """Each of 500 episodes takes a quarter of a kilobyte, the newest a little more."""
    episodes = [
        dataclasses.replace(episode, slug=f"2024-12-06-{number}", number=number) for number in range(500)
    ]

    page = render_show_page(station, episodes)

    assert page.count("<time") == len(episodes)
    assert len(page.encode()) < 40_000 + 300 * len(episodes)


def test_a_stations_own_styles_are_under_its_policy(
    tmp_path: Path, station: Station, episode: Episode
) -> None:
    """Who sets styles or a script of their own needs to know nothing of the policy."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "episode.css.j2").write_text("h1 { color: {{ light.link }} }\n")
    (tmp_path / "templates" / "keys.js.j2").write_text("actions.keys = () => {};\n")

    page = StrictPage(render_episode_page(dataclasses.replace(station, root=tmp_path), episode, []))

    assert page.texts["style"][0].endswith("h1 { color: #12305b }\n")
    for text in (page.texts["style"][0], page.texts["script"][-1]):
        assert fingerprint(text) in str(page.told()["Content-Security-Policy"])


def test_hostile_words_come_out_as_text(station: Station, episode: Episode, hostile: str) -> None:
    usual = dataclasses.replace(
        episode,
        quick_looks=(QuickLook("Text", "Label"),),
        chapters=(Chapter("Chapter", 0, 62_530),),
        soundbites=(Chapter("Label", 0, 1000),),
        byline="B.",
    )
    filled = hostile.strip("\x00\x01\x1f ") and hostile
    changed = dataclasses.replace(
        usual,
        title=hostile or "Title",
        byline=filled,
        edition=hostile,
        outlet=hostile,
        summary=filled,
        quick_looks=(QuickLook(hostile, hostile or "Label"),),
        soundbites=(Chapter(hostile, 0, 1000),),
        chapters=(Chapter(hostile or "Chapter", 0, 62_530),),
        source_url="https://news.example/" + hostile,
    )
    strange = dataclasses.replace(
        station,
        outlet=Outlet(name=hostile or "Outlet"),
        show=Show(title=hostile or "Show", subtitle=hostile, description=hostile or "Show"),
    )
    cue = Cue(0, 1000, hostile, "anchor", "intro")

    page = StrictPage(render_episode_page(strange, changed, [cue], PEAKS))
    show_page = StrictPage(render_show_page(strange, [changed]))

    expected = StrictPage(
        render_episode_page(station, usual, [Cue(0, 1000, "Said.", "anchor", "intro")], PEAKS)
    )
    assert {tag for tag, _ in page.tags} <= {tag for tag, _ in expected.tags}
    assert page.texts["script"][-1] == expected.texts["script"][-1]
    assert {given.get("type") for given in page.attributes("script")} <= {
        given.get("type") for given in expected.attributes("script")
    }
    assert {name for tag in page.tags for name in tag[1]} <= {
        name for tag in expected.tags for name in tag[1]
    }
    visible = "".join(character for character in hostile if character.isprintable()).strip()
    if visible:
        assert visible in "".join(c for c in page.texts["h1"][0] if c.isprintable())
        assert visible in "".join(c for c in "".join(show_page.texts["h3"]) if c.isprintable())
        assert visible in "".join(c for c in "".join(page.texts["span"]) if c.isprintable())
