"""A feed's entry is an article: its own text where that is whole, its page where it is a teaser."""

import datetime as dt
import http.server
import itertools
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from morning_edition.articles import Article, open_article
from morning_edition.articles.feeds import choose_entry, read_entry, read_feed
from morning_edition.errors import ArticleError

PARAGRAPHS = tuple(
    f"In the {place} of the town the mayor said on Monday that the old pier would open again, that the "
    "repairs had cost less than was feared, and that nobody who had worked on them would lose their place "
    "before the spring."
    for place in ("north", "south", "east", "west", "middle")
)
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
RSS = f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Bay Post</title><language>en-gb</language><link>https://bay.example/</link>
<item><title>Pier &amp; café open</title><link>https://bay.example/pier</link><guid>pier-1</guid>
<dc:creator>Ana Ruiz</dc:creator><category>Local</category><category>Ships</category>
<pubDate>Thu, 05 Dec 2024 06:00:00 -0500</pubDate><description>The pier is open …</description>
<content:encoded>
<![CDATA[{BODY}<p>The post <a href="x">Pier</a> appeared first on <a href="y">Bay Post</a>.</p>]]>
</content:encoded></item>
<item><title>Lighthouse strike</title><link>https://bay.example/strike</link>
<pubDate>Fri, 06 Dec 2024 06:00:00 -0500</pubDate>
<description>{BODY.replace("<", "&lt;")}</description></item>
</channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Bay Post</title>
<entry><title type="html">&lt;b&gt;Pier&lt;/b&gt; opens</title><id>tag:bay.example,2024:1</id>
<link href="https://bay.example/pier"/>
<author><name>Ana Ruiz</name></author><author><name>Bo Lee</name></author>
<published>2024-12-05T06:00:00-05:00</published>
<content type="html">{BODY.replace("<", "&lt;")}</content></entry>
</feed>"""
JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Bay Post",
        "items": [
            {
                "id": "1",
                "title": "Pier opens",
                "url": "https://bay.example/pier",
                "content_html": BODY,
                "date_published": "2024-12-05T06:00:00-05:00",
                "authors": [{"name": "Ana Ruiz"}],
                "tags": ["pier"],
                "image": "https://bay.example/p.jpg",
                "language": "en",
            },
            {
                "id": "2",
                "title": "Strike",
                "content_text": "\n\n".join(PARAGRAPHS),
                "date_published": "2024-12-06",
            },
        ],
    }
)


def paragraphs(article: Article) -> tuple[str, ...]:
    return tuple(paragraph for section in article.deep_look for paragraph in section.paragraphs)


def test_entries_stand_newest_first() -> None:
    """Whatever the feed's own order."""
    assert [entry.facts.headline for entry in read_feed(RSS)] == ["Lighthouse strike", "Pier & café open"]
    assert [entry.facts.headline for entry in read_feed(JSON, is_json=True)] == ["Strike", "Pier opens"]


@pytest.mark.parametrize(
    ("feed", "wanted", "headline", "byline"),
    [
        (RSS, "pier-1", "Pier & café open", "Ana Ruiz"),
        (RSS, "cafe", "Pier & café open", ""),
        (RSS, "https://bay.example/strike", "Lighthouse strike", ""),
        (ATOM, "", "Pier opens", "Ana Ruiz and Bo Lee"),
        (JSON, "Pier", "Pier opens", "Ana Ruiz"),
        (JSON, "1", "Strike", ""),
    ],
)
def test_an_entry_is_read_from_the_feed(feed: str, wanted: str, headline: str, byline: str) -> None:
    """Named by guid, link, words of its title or its place; every kind of feed gives the same."""
    entries = read_feed(feed, is_json=feed is JSON)
    if wanted == "cafe":
        with pytest.raises(ArticleError, match="no entry is called 'cafe'"):
            choose_entry(entries, wanted)
        return
    article = read_entry(choose_entry(entries, wanted))
    assert (headline, byline) == (article.headline, article.byline)
    assert paragraphs(article) == PARAGRAPHS
    assert article.outlet == "Bay Post"


def test_the_facts_of_an_entry_are_the_articles() -> None:
    """Date, tags, link, picture, language."""
    rss = read_entry(choose_entry(read_feed(RSS), "pier-1"))
    assert rss.date == dt.date(2024, 12, 5)
    assert rss.keywords == ("Local", "Ships")
    assert rss.source_url == "https://bay.example/pier"
    assert rss.language == "en-GB"
    of_json = read_entry(choose_entry(read_feed(JSON, is_json=True), "Pier"))
    assert (of_json.image_url, of_json.keywords) == ("https://bay.example/p.jpg", ("pier",))


@pytest.mark.parametrize(
    ("text", "teaser"),
    [
        (BODY, False),
        (f"<p>{PARAGRAPHS[0]}</p>", True),
        (BODY.removesuffix(".</p>") + " …</p>", True),
        (BODY + "<p>[...]</p>", True),
        (BODY + "<p>Walk on [&hellip;]</p>", True),
        (BODY + "<p><a href='x'>Continue reading</a></p>", True),
        (BODY + "<p>What happened next. Read more on our site</p>", True),
    ],
)
def test_a_teaser_is_told_from_the_whole_text(text: str, teaser: bool) -> None:
    """By its length, and by how it ends."""
    item = {"url": "https://bay.example/", "content_html": text}
    feed = json.dumps({"version": "https://jsonfeed.org/version/1", "items": [item]})
    assert read_feed(feed, is_json=True)[0].is_teaser == teaser


@pytest.mark.parametrize(
    "feed",
    [
        "<rss version='2.0'><channel><title>x</title></channel></rss>",
        "<feed xmlns='http://www.w3.org/2005/Atom'/>",
        "<rss",
        "<rss><channel><item>" * 3000,
    ],
)
def test_a_feed_without_entries_is_refused(feed: str) -> None:
    """Or is read for what it has; nothing else happens."""
    with pytest.raises(ArticleError):
        read_entry(choose_entry(read_feed(feed), ""))


@pytest.mark.parametrize(
    "feed",
    [
        "{",
        '{"items": []}',
        '{"items": {}}',
        '{"items": [1, null]}',
        "[" * 100_000,
        '{"items": [{"title": 5}]}',
    ],
)
def test_a_json_feed_of_any_shape_is_survived(feed: str) -> None:
    """It ends in a refusal."""
    with pytest.raises(ArticleError):
        read_entry(choose_entry(read_feed(feed, is_json=True), ""))


def test_entities_are_not_multiplied() -> None:
    """A feed of a few hundred bytes cannot fill the memory."""
    names = "abcdefghi"
    rows = "".join(f'<!ENTITY {b} "{f"&{a};" * 20}">' for a, b in itertools.pairwise(names))
    item = "<item><title>&i;</title></item>"
    bomb = f'<!DOCTYPE rss [<!ENTITY a "boom ">{rows}]><rss version="2.0"><channel>{item}</channel></rss>'
    with pytest.raises(ArticleError) as caught:
        read_entry(choose_entry(read_feed(bomb), ""))
    assert len(str(caught.value)) < 2000


class Site(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = f"<html><body><h1>Pier opens</h1><article>{BODY}</article></body></html>"
        found = self.path == "/pier"
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("MORNING_EDITION_ALLOW_PRIVATE", "1")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def a_teaser(folder: Path, link: str) -> Path:
    feed = folder / "feed.xml"
    item = f"<title>Pier</title><link>{link}</link><description>Open …</description>"
    item += "<author>a@example.com (Ana Ruiz)</author>"
    feed.write_text(f"<rss version='2.0'><channel><title>Bay Post</title><item>{item}</item></channel></rss>")
    return feed


def test_a_teasers_page_is_fetched(site: str, tmp_path: Path) -> None:
    """And what only the feed knows is added."""
    article = open_article(str(a_teaser(tmp_path, f"{site}/pier")))
    assert paragraphs(article) == PARAGRAPHS
    assert (article.headline, article.byline, article.outlet) == ("Pier opens", "Ana Ruiz", "Bay Post")
    assert article.source_url == f"{site}/pier"


def test_a_teaser_whose_page_is_gone_is_refused(site: str, tmp_path: Path) -> None:
    """The message names the feed and the page."""
    feed = a_teaser(tmp_path, f"{site}/gone")
    with pytest.raises(ArticleError) as caught:
        open_article(str(feed))
    assert str(caught.value) == (f"{feed}: {site}/gone: holds no page any more (HTTP 404); check the address")
