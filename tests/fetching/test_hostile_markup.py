"""What a stranger's feed or page says is read as words: no entity, no include, no script, and it ends."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from morning_edition.articles import open_article
from morning_edition.articles.feeds import MOST_ENTRIES, read_feed
from morning_edition.checking.alexa.briefing_files import read_rss
from morning_edition.errors import ArticleError, EpisodeError, LexiconError
from morning_edition.outlets.feed_reading import parse_feed
from morning_edition.pronunciation.pls import NAMESPACE, read_pls

SECRET = "the secret of this machine"
LAUGHS = '<!ENTITY a0 "lol">' + "".join(
    f'<!ENTITY a{number} "{f"&a{number - 1};" * 10}">' for number in range(1, 10)
)
PROSE = "The harbour board met on Monday and agreed to mend the pier before the spring. " * 20

DOCTYPES: dict[str, tuple[str, str]] = {
    "laughs": (f"<!DOCTYPE r [{LAUGHS}]>", "&a9;"),
    "long entity": (f'<!DOCTYPE r [<!ENTITY a "{"x" * 50_000}">]>', "&a;" * 20_000),
    "file": ('<!DOCTYPE r [<!ENTITY e SYSTEM "file://{path}">]>', "&e;"),
    "path": ('<!DOCTYPE r [<!ENTITY e SYSTEM "{path}">]>', "&e;"),
    "address": ('<!DOCTYPE r [<!ENTITY e SYSTEM "{url}/entity">]>', "&e;"),
    "outside": ('<!DOCTYPE r SYSTEM "{url}/dtd">', "&e;"),
    "public": ('<!DOCTYPE r PUBLIC "-//W3C//DTD XHTML 1.0//EN" "{url}/dtd">', "&e;"),
    "parameter": ('<!DOCTYPE r [<!ENTITY % p SYSTEM "{url}/parameter">%p;]>', "&e;"),
    "parameter file": ('<!DOCTYPE r [<!ENTITY % p SYSTEM "file://{path}">%p;]>', "&e;"),
    "recursive": ('<!DOCTYPE r [<!ENTITY a "&b;"><!ENTITY b "&a;">]>', "&a;"),
    "include": ("", '<i:include xmlns:i="http://www.w3.org/2001/XInclude" parse="text" href="{path}"/>'),
    "style sheet": ('<?xml-stylesheet type="text/xsl" href="{url}/style"?>', "&amp;"),
    "schema": (
        "",
        '<x xmlns:s="http://www.w3.org/2001/XMLSchema-instance" s:schemaLocation="u {url}/schema"/>',
    ),
}


@pytest.fixture
def trap(stage: Any, tmp_path: Path) -> Iterator[Callable[[str], tuple[str, str]]]:
    """Give a case with addresses and paths that hold a secret; see at the end that none was asked for."""
    (tmp_path / "secret").write_text(SECRET)
    for path in ("entity", "dtd", "parameter", "style", "schema"):
        stage.answer(f"/{path}", f'<!ENTITY e "{SECRET}">'.encode())

    def fill(case: str) -> tuple[str, str]:
        begin, body = (
            text.replace("{path}", str(tmp_path / "secret")).replace("{url}", stage.url)
            for text in DOCTYPES[case]
        )
        return begin, body

    yield fill
    assert stage.asked == []


def write_feed(begin: str, body: str) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{begin}<rss version="2.0"><channel><title>Bay</title>'
        f"<item><title>Pier {body}</title><description>{PROSE}{body}</description></item></channel></rss>"
    )


@pytest.mark.parametrize("case", DOCTYPES)
def test_a_feed_with_entities_is_read_without_them(case: str, trap: Callable[[str], tuple[str, str]]) -> None:
    """Nothing is fetched or opened, nothing grows, and the story is still there."""
    start = time.monotonic()
    (entry,) = read_feed(write_feed(*trap(case)), url="https://bay.example/feed")
    said = entry.facts.headline + entry.body
    assert entry.facts.headline.startswith("Pier")
    assert SECRET not in said
    assert len(said) < 200_000
    assert said.count("lol") < 20
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("case", DOCTYPES)
def test_own_feeds_are_looked_at_without_entities(
    case: str, trap: Callable[[str], tuple[str, str]], tmp_path: Path
) -> None:
    """A template of somebody's, or a host that changed the file, gains nothing either."""
    begin, body = trap(case)
    feed = write_feed(begin, body)
    path = tmp_path / "flash-briefing.xml"
    path.write_text(feed)
    for read in (lambda: parse_feed(feed), lambda: read_rss(path)):
        try:
            assert SECRET not in repr(read())
        except (ValueError, EpisodeError) as error:
            assert SECRET not in str(error)
    if "DOCTYPE" in begin:
        with pytest.raises(ValueError, match=r"DOCTYPE|XML"):
            parse_feed(feed)


@pytest.mark.parametrize("case", [case for case in DOCTYPES if "DOCTYPE" in DOCTYPES[case][0]])
def test_a_lexicon_with_entities_is_refused(case: str, trap: Callable[[str], tuple[str, str]]) -> None:
    """It needs none."""
    begin, body = trap(case)
    lexeme = f"<lexeme><grapheme>x{body}</grapheme><alias>y</alias></lexeme>"
    text = f'<?xml version="1.0"?>{begin}<lexicon version="1.0" xmlns="{NAMESPACE}">{lexeme}</lexicon>'
    with pytest.raises(LexiconError) as caught:
        read_pls(text.encode())
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("case", DOCTYPES)
def test_a_page_with_entities_is_read_without_them(
    case: str, trap: Callable[[str], tuple[str, str]], tmp_path: Path
) -> None:
    """Also one that says it is XML."""
    begin, body = trap(case)
    head = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Pier opens</title></head>'
    text = f"{head}<body><h1>Pier opens {body}</h1>"
    paragraphs = f"<p>{PROSE}</p>" * 3
    path = tmp_path / "page.html"
    path.write_text(f'<?xml version="1.0"?>{begin}{text}<article>{paragraphs}{body}</article></body></html>')
    article = open_article(str(path))
    assert SECRET not in repr(article)
    assert len(repr(article)) < 200_000


@pytest.mark.parametrize(
    "text",
    [
        write_feed("", "<b>" * 20_000),
        write_feed("", "&lt;div&gt;" * 50_000),
        write_feed("", f'<a x="{"y" * 2_000_000}">z</a>'),
        write_feed("", "<a " + " ".join(f'x{number}="1"' for number in range(100_000)) + ">z</a>"),
        write_feed("", "<a " + " ".join(f'x{number}="1"' for number in range(1900)) + ">z</a>"),
        write_feed("", "<" * 2_000_000),
        write_feed("<!DOCTYPE r [" + "<!ENTITY " * 100_000, ""),
        write_feed("<!DOCTYPE " + "[" * 100_000 + "<" * 100_000, ""),
        write_feed("", "<![CDATA[" * 100_000),
        write_feed("", "<!--" * 100_000),
        write_feed("", "]]>" * 100_000),
    ],
    ids="deep deep-text long-value attributes fewer angles entities doctype cdata remarks ends".split(),
)
def test_a_feed_of_any_shape_is_read_or_refused_soon(text: str) -> None:
    """In seconds, not hours; with what can be read of it, or a clear error."""
    start = time.monotonic()
    try:
        assert len(read_feed(text)) == 1
    except ArticleError as error:
        assert str(error).isprintable()
    assert time.monotonic() - start < 8


def test_a_feed_without_end_is_read_to_its_bound() -> None:
    """Its first 2,000 entries, however many follow."""
    items = "".join(f"<item><title>Story {number}</title></item>" for number in range(50_000))
    entries = read_feed(f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>')
    assert len(entries) == MOST_ENTRIES
    assert entries[-1].facts.headline == "Story 1999"
    atom = "".join(f"<entry><title>Story {number}</title></entry>" for number in range(3000))
    assert len(read_feed(f'<feed xmlns="http://www.w3.org/2005/Atom">{atom}</feed>')) == MOST_ENTRIES


def test_a_page_with_an_element_of_endless_attributes_is_refused(tmp_path: Path) -> None:
    """Parsers would compare each with all the others."""
    path = tmp_path / "page.html"
    attributes = " ".join(f'x{number}="1"' for number in range(100_000))
    path.write_text(f"<html><body><p {attributes}>{PROSE}</p></body></html>")
    with pytest.raises(ArticleError, match=r"more than 2,000 attributes"):
        open_article(str(path))


@pytest.mark.parametrize(
    "evil",
    [
        "<script>evil()</script>",
        "<style>body { background: url(evil()) }</style>",
        "<noscript><p>evil()</p></noscript>",
        '<img src="x" onerror="evil()" alt="">',
        '<svg onload="evil()"><script>evil()</script></svg>',
        '<a href="javascript:evil()">more</a>',
        '<a href="&#106;avascript:evil()">more</a>',
        '<iframe srcdoc="<script>evil()</script>"></iframe>',
        '<object data="data:text/html,evil()"></object><embed src="evil()">',
        "<template><p>evil()</p></template>",
        '<p onclick="evil()" style="x:expression(evil())">The board thanked all who came.</p>',
        '<base href="javascript:evil()"><link rel="canonical" href="javascript:evil()">',
        '<meta property="og:image" content="javascript:evil()"><meta name="og:url" content="data:,evil()">',
        '<script type="application/ld+json">{"@type": "NewsArticle", "image": "javascript:evil()"}</script>',
        "<!-- <p>evil()</p> -->",
        '<math><mtext><script>evil()</script></mtext></math><xmp hidden="">evil()</xmp>',
    ],
)
def test_nothing_that_runs_comes_out_of_a_page(evil: str, tmp_path: Path) -> None:
    """Of scripts, handlers and addresses that are scripts, nothing reaches the article."""
    path = tmp_path / "page.html"
    body = "".join(f"<p>{PROSE}</p>{evil}" for _ in range(3))
    path.write_text(
        f"<html><head><title>Pier opens</title>{evil}</head><body><article><h1>Pier opens</h1>{body}"
    )
    assert "evil" not in repr(open_article(str(path)))


@pytest.mark.parametrize(
    "link",
    [
        *"javascript:evil() JaVaScRiPt:evil() data:text/html,evil file:///evil //evil.example/ evil".split(),
        *(
            "https://me:evil@bay.example/",
            "vbscript:evil",
            "ftp://evil.example/",
            "https://bay.example/ evil",
        ),
    ],
)
@pytest.mark.parametrize("kind", ["rss", "atom", "json"])
def test_a_feeds_link_is_an_address_of_the_web_or_none(kind: str, link: str) -> None:
    """Neither its page nor its picture is anything else."""
    match kind:
        case "rss":
            text = write_feed("", "").replace(
                "</item>", f'<link>{link}</link><enclosure url="{link}" type="image/png"/></item>'
            )
        case "atom":
            text = (
                '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Pier</title>'
                f'<link href="{link}"/><link rel="enclosure" type="image/png" href="{link}"/></entry></feed>'
            )
        case _:
            text = f'{{"items": [{{"title": "Pier", "url": "{link}", "image": "{link}"}}]}}'
    (entry,) = read_feed(text, is_json=kind == "json")
    assert (entry.link, entry.facts.url, entry.facts.image_url) == ("", "", "")
