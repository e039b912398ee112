"""Every output under words that nobody would wish for: valid, whole, and nothing but text.

All that was written stays there to be read, but for what no XML and no HTML may hold.
"""

import io
import itertools
import json
import re
import xml.parsers.expat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import feedparser
import lxml.etree
import lxml.html
import podcastparser
import pytest
import webvtt
from hostile import ADDRESSES, HOSTILE, legible
from hostile_edition import Edition, make_edition, render_files, render_pages, tag_edition
from mutagen.id3 import ID3
from sample_station import BASE_URL

STYLE = re.compile("<style>[^<]*")
"""The same on all pages; what is checked of it takes the longest, and is checked elsewhere."""


@pytest.fixture(scope="module")
def editions() -> Mapping[str, Edition]:
    """Return an edition of each of the hostile words."""
    return {words: make_edition(words) for words in HOSTILE}


@pytest.fixture(scope="module")
def pages(editions: Mapping[str, Edition]) -> Mapping[str, Mapping[str, str]]:
    """Return the pages of each edition."""
    return {words: render_pages(edition) for words, edition in editions.items()}


@pytest.fixture(scope="module")
def files(editions: Mapping[str, Edition]) -> Mapping[str, Mapping[str, str]]:
    """Return the other files of each edition."""
    return {words: render_files(edition) for words, edition in editions.items()}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for *words* once for each of the hostile."""
    if "words" in metafunc.fixturenames:
        metafunc.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))


@pytest.mark.thorough
def test_the_nu_checker_finds_every_page_valid(
    pages: Mapping[str, Mapping[str, str]], tmp_path: Path, nu_checker: Callable[..., list[str]]
) -> None:
    """Whatever the words and the addresses, every page is valid HTML."""
    rendered = [*pages.values()]
    for address in ADDRESSES:
        rendered.append({"episode.html": render_pages(make_edition("Plain", address))["episode.html"]})
    paths = []
    for number, named in enumerate(rendered):
        for name, page in named.items():
            paths.append(tmp_path / f"{number}-{name}")
            paths[-1].write_text(STYLE.sub("<style>", page), "utf-8")
    assert len(paths) > 250
    assert nu_checker(paths, "--errors-only") == []


def test_no_page_has_an_element_or_an_attribute_of_the_words(
    pages: Mapping[str, Mapping[str, str]], words: str
) -> None:
    """A page has the elements and attributes that it has with plain words; where there are none, fewer."""
    for name, page in pages[words].items():
        plain = _build(pages["Plain"][name])
        built = _build(page)
        if legible(words):
            assert built == plain, name
        else:
            assert set(built) <= set(plain), name


def _build(page: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the elements of *page* in order, each with the names of its attributes."""
    return [(element.tag, tuple(sorted(element.keys()))) for element in _parse(page).iter(lxml.etree.Element)]


def _parse(page: str) -> Any:
    parser = lxml.html.HTMLParser(encoding="utf-8")
    return lxml.html.document_fromstring(page.encode(), parser=parser)


@pytest.mark.parametrize("address", ADDRESSES, ids=range(len(ADDRESSES)))
def test_no_page_runs_what_an_address_says(address: str) -> None:
    """Links lead to the web or to an app, or nowhere: none is a script, data or a file."""
    for page in render_pages(make_edition("Plain", address)).values():
        root = _parse(page)
        links = root.xpath("//@href | //@src | //@action | //@content")
        schemes = {link.strip().lower().partition(":")[0] for link in links if ":" in link}
        assert not schemes & {"javascript", "vbscript", "file"}
        assert not [link for link in root.xpath("//a/@href") if link.strip().lower().startswith("data")]
        assert not root.xpath("//@*[starts-with(name(), 'on')]")


def test_pages_show_the_words(pages: Mapping[str, Mapping[str, str]], words: str) -> None:
    """The headline stands on both pages and in the embed as it was written."""
    for name in ("episode.html", "embed.html", "show.html"):
        root = _parse(pages[words][name])
        shown = " ".join("".join(root.find("body").itertext()).split())
        assert legible(words)[:60] in shown, name


@pytest.mark.parametrize("name", ["podcast.xml", "flash-briefing.xml", "show.opml"])
def test_xml_is_well_formed_for_two_parsers(
    files: Mapping[str, Mapping[str, str]], words: str, name: str
) -> None:
    """Expat and libxml2 read it, and find neither an entity nor an element of the words."""
    content = files[words][name].encode()
    xml.parsers.expat.ParserCreate().Parse(content, True)
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True)
    root = lxml.etree.fromstring(content, parser)
    plain = lxml.etree.fromstring(files["Plain"][name].encode(), parser)
    assert root.getroottree().docinfo.doctype == ""
    assert {element.tag for element in root.iter()} <= {element.tag for element in plain.iter()}


def test_feedparser_reads_the_feed(files: Mapping[str, Mapping[str, str]], words: str) -> None:
    """It finds no fault, and the one item with its sound."""
    read = feedparser.parse(files[words]["podcast.xml"].encode())
    assert not read.bozo, read.get("bozo_exception")
    (entry,) = read.entries
    assert entry.enclosures[0].href == BASE_URL + "audio/2026-03-06-hostile/episode-00000000.mp3"


def test_the_feed_tells_the_words_to_the_letter(files: Mapping[str, Mapping[str, str]], words: str) -> None:
    """Read as XML, title, people and summary are the words."""
    item = lxml.etree.fromstring(files[words]["podcast.xml"].encode()).find("channel/item")
    if legible(words):
        title = " ".join(item.findtext("title").split())
        assert title == legible(words) or (title[-1] == "…" and legible(words).startswith(title[:-1]))
        person = item.findtext("{https://podcastindex.org/namespace/1.0}person")
        assert legible(person).removesuffix("…") in legible(words)


def test_podcastparser_reads_the_feed(files: Mapping[str, Mapping[str, str]], words: str) -> None:
    """gPodder's parser finds the one episode and its chapters."""
    read = podcastparser.parse(BASE_URL + "podcast.xml", io.BytesIO(files[words]["podcast.xml"].encode()))
    (entry,) = read["episodes"]
    assert entry["total_time"] == 60
    if legible(words):
        assert len(entry["chapters"]) == 3


def test_json_is_json_and_tells_the_words(files: Mapping[str, Mapping[str, str]], words: str) -> None:
    """Each JSON file is read by a parser that takes neither NaN nor bad UTF-8, and has the words."""
    for name, text in files[words].items():
        if name.endswith(".json"):
            read = json.loads(text.encode("utf-8", "surrogatepass" if name == "episode.json" else "strict"))
            assert read is not None, name
    titles = {
        "feed.json": json.loads(files[words]["feed.json"])["items"][0]["title"],
        "oembed.json": json.loads(files[words]["oembed.json"])["title"],
        "chapters.json": json.loads(files[words]["chapters.json"])["title"],
    }
    if legible(words):
        assert {name: legible(title) for name, title in titles.items()} == dict.fromkeys(
            titles, legible(words)
        )


def test_the_html_in_json_has_nothing_of_the_words(
    files: Mapping[str, Mapping[str, str]], words: str
) -> None:
    """The notes in the JSON feed, and the frame of oEmbed, are built as with plain words."""
    for name, find in {
        "feed.json": lambda read: read["items"][0]["content_html"],
        "oembed.json": lambda read: read["html"],
    }.items():
        built, plain = (
            _build(f"<main>{find(json.loads(files[key][name]))}</main>") for key in (words, "Plain")
        )
        if legible(words):
            assert built == plain, name
        else:
            assert set(built) <= set(plain), name


def test_the_flash_briefing_can_be_read_aloud(files: Mapping[str, Mapping[str, str]], words: str) -> None:
    """What is said has no markup, no control character, and fits; where nothing is said there is no item."""
    items = json.loads(files[words]["flash-briefing.json"])
    for item in items:
        assert item["titleText"].strip()
        assert 0 < len(item["mainText"]) < 4500
        assert legible(item["mainText"]) == " ".join(item["mainText"].split())
        assert lxml.html.fromstring(f"<p>{item['mainText']}</p>").xpath("count(.//*)") == 0
    assert len(items) == 1 or not any(map(str.isalnum, re.sub(r"<[^>]*>|&\w+;", "", legible(words))))


def test_a_vtt_reader_reads_the_words(files: Mapping[str, Mapping[str, str]], words: str) -> None:
    """webvtt-py, which is strict, finds the cues in order, and in them the words and no others."""
    read = webvtt.from_string(files[words]["transcript.vtt"]).captions
    times = [(caption.start_in_seconds, caption.end_in_seconds) for caption in read]
    assert times == sorted(times)
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(times))
    assert {caption.voice for caption in read} <= {"Anchor", "Co-anchor", "Correspondent", "Quotation"}


def test_the_w3c_parser_reads_every_vtt(
    files: Mapping[str, Mapping[str, str]], tmp_path: Path, run_node: Callable[..., Any]
) -> None:
    """The W3C's parser and validator finds no fault in any of them, and the words in all."""
    script = """
        const {WebVTTParser} = require(process.argv[1]);
        const parser = new WebVTTParser(require(process.argv[1] + "/html-entities.json"));
        const fs = require("fs");
        console.log(JSON.stringify(process.argv.slice(2).map((path) => {
            const {cues, errors} = parser.parse(fs.readFileSync(path, "utf8"), "subtitles");
            const read = (node) =>
                node.type === "text" ? node.value : node.children.map(read).join("");
            return {errors, said: cues.map((cue) => read(cue.tree)).join(" ")};
        })));
    """
    paths = []
    for number, words in enumerate(HOSTILE):
        paths.append(tmp_path / f"{number}.vtt")
        paths[-1].write_text(files[words]["transcript.vtt"], "utf-8")
    for words, read in zip(HOSTILE, run_node("webvtt-parser", script, *paths), strict=True):
        assert read["errors"] == [], words
        assert read["said"].split() == (legible(words).replace("-->", "→") + " ").split() * 4, words


def test_an_srt_is_numbered_and_timed(files: Mapping[str, Mapping[str, str]], words: str) -> None:
    """Each card has its number, its times and one or two lines; no words look like a head or a tag."""
    text = files[words]["transcript.srt"]
    cards = [card.split("\n") for card in text.strip("\n").split("\n\n")] if text.strip("\n") else []
    assert [card[0] for card in cards] == [str(number) for number in range(1, len(cards) + 1)]
    assert all(" --> " in card[1] and 1 <= len(card[2:]) <= 2 for card in cards)
    assert text.count("-->") == len(cards)
    assert re.search(r"<[a-zA-Z/!?]", text) is None


def test_all_transcripts_have_the_same_words(files: Mapping[str, Mapping[str, str]], words: str) -> None:
    """VTT, SRT, JSON and HTML tell the words four times: one line of each role."""
    segments = json.loads(files[words]["transcript.json"])["segments"]
    said = " ".join(segment["body"] for segment in segments).split()
    assert said == legible(words).replace("-->", "→").split() * 4
    assert all(" ".join(word["word"] for word in segment["words"]) == segment["body"] for segment in segments)


def test_a_playlist_has_one_address_and_no_line_of_the_words(
    files: Mapping[str, Mapping[str, str]], words: str
) -> None:
    """The M3U has a head, a line for the sound, and its address."""
    lines = files[words]["playlist.m3u"].splitlines()
    assert lines[0] == "#EXTM3U"
    assert [line for line in lines if not line.startswith("#")] == [
        BASE_URL + "audio/2026-03-06-hostile/episode-00000000.mp3"
    ]
    assert len([line for line in lines if line.startswith("#EXTINF:60,")]) == 1


def test_a_tag_holds_the_words(editions: Mapping[str, Edition], words: str, tmp_path: Path) -> None:
    """mutagen reads title, artist and chapters from the tag as they were written."""
    path = tmp_path / "tag"
    path.write_bytes(tag_edition(editions[words]))
    tag = ID3(path)
    chapters = [str(frame.sub_frames["TIT2"]) for frame in tag.getall("CHAP") if "TIT2" in frame.sub_frames]
    assert len(tag.getall("CHAP")) == 3
    if legible(words):
        wanted = legible(words).replace("\ufeff", "").replace("\u2028", " ").replace("\u2029", " ")
        read = [legible(text).replace("\ufeff", "") for text in (str(tag["TIT2"]), *chapters)]
        assert read == [" ".join(wanted.split())] * 4


def test_chapters_have_titles_that_can_be_shown(files: Mapping[str, Mapping[str, str]], words: str) -> None:
    """Each chapter of the JSON has a title, even where the article gives none that can be read."""
    chapters = json.loads(files[words]["chapters.json"])["chapters"]
    assert [chapter["startTime"] for chapter in chapters] == [0, 20, 40]
    if legible(words):
        assert all(legible(chapter["title"]) == legible(words) for chapter in chapters)
