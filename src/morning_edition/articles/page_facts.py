"""What a web page says of its story: JSON-LD, Open Graph, other meta elements, and what it shows."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from morning_edition.articles.blocks import LONG_WORDS, Facts, even_text, squeeze
from morning_edition.articles.bylines import clean_byline, join_names
from morning_edition.articles.dates import date_in_url, read_date
from morning_edition.articles.json_ld import Statement, read_json_ld
from morning_edition.articles.markup import text_of
from morning_edition.patterns import compile_late

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MOST_KEYWORDS = 12
MOST_VALUES = 30
LONGEST_KEYWORD = 60
LONGEST_HEADLINE = 300
LONGEST_STANDFIRST = 80

_META = {
    "headline": "og:title twitter:title parsely-title sailthru.title dc.title dcterms.title title",
    "byline": "author byl parsely-author sailthru.author dc.creator dcterms.creator creator",
    "outlet": "og:site_name application-name dc.publisher dcterms.publisher twitter:site_name",
    "section": "article:section parsely-section section news_section og:article:section",
    "language": "og:locale content-language dc.language language",
    "image": "og:image:secure_url og:image og:image:url twitter:image twitter:image:src",
    "date": """
        article:published_time og:article:published_time article:published datepublished date.available
        parsely-pub-date sailthru.date dc.date.issued dcterms.created dc.date dcterms.date pubdate publishdate
        publish-date publish_date date.publish cxenseparse:recs:publishtime article_date_original date
    """,
    "keywords": "news_keywords article:tag parsely-tags keywords",
    "type": "og:type",
    "url": "og:url",
}
"""The names of the meta elements for each fact, the surest first."""

_SITE_SIGN = compile_late(r"\s+[|–—»«·•:-]+\s+|\s*[|»«]\s*|\s+::\s+|\s+-\s+")
_GENERIC = compile_late(r"(?:^(?:home|index|untitled|news|article|welcome)\W*$|^news\s+from\b)", re.I)
_BYLINE_CLASS = compile_late(
    r"(?:^|[\s_-])(?:byline(?:s|-name|__name)?|author(?:s|-name|__name)?)(?:$|[\s_-])", re.I
)
_STANDFIRST = compile_late(
    r"(?:^|[\s_-])(?:standfirst|dek|sub-?headline|article-?subtitle|article__(?:dek|lead|summary|subtitle)"
    r"|entry-subtitle|story-deck|subhead-line)(?:$|[\s_-])",
    re.I,
)
_BELOW = "following::*[self::p or self::h2 or self::div][position() <= 12]"
_SHOWN_DATES = (
    "//*[@itemprop='datePublished']",
    "//time[@pubdate or contains(@class,'publish') or contains(@class,'date')]",
    "//*[contains(@class,'published') or contains(@class,'timestamp') or contains(@class,'entry-date')]",
)


@dataclass(frozen=True, slots=True)
class PageFacts:
    """A page's facts, and what kind of page it says that it is."""

    facts: Facts
    statement: Statement
    page_type: str
    """Open Graph's: "article", "website", "video.other"; empty where it does not say."""


def read_page_facts(root: "HtmlElement", url: str) -> PageFacts:
    """Return what the page *root*, which was found at *url* (or nowhere), says of its story."""
    statement = read_json_ld(script.text or "" for script in root.iter("script") if _is_json_ld(script))
    meta = _read_meta(root)
    base = url or _first(meta, "url")
    outlet = statement.facts.outlet or _first(meta, "outlet")
    facts = Facts(
        headline=_headline(root, statement.facts.headline, _first(meta, "headline"), outlet),
        lede=_standfirst(root),
        byline=statement.facts.byline or _byline(root, meta, outlet),
        outlet=outlet,
        section=statement.facts.section or _first(meta, "section"),
        language=root.get("lang") or statement.facts.language or _first(meta, "language"),
        url=_canonical(root, base, [statement.facts.url, _first(meta, "url"), url]),
        image_url=_absolute(base, statement.facts.image_url or _first(meta, "image")),
        keywords=_keywords(statement.facts.keywords or _all_words(meta)),
        date=statement.facts.date or _date(root, meta, base),
    )
    return PageFacts(facts, statement, _first(meta, "type").lower())


def _is_json_ld(script: "HtmlElement") -> bool:
    return "ld+json" in (script.get("type") or "").lower()


def _read_meta(root: "HtmlElement") -> dict[str, list[str]]:
    meta: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        content = even_text((element.get("content") or "")[:2000])
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            values = meta.setdefault((element.get(attribute) or "").lower(), [])
            if content and len(values) < MOST_VALUES:
                values.append(content)
    return {name: values for name, values in meta.items() if name and values}


def _first(meta: dict[str, list[str]], fact: str) -> str:
    return next((meta[name][0] for name in _META[fact].split() if name in meta), "")


def _all_words(meta: dict[str, list[str]]) -> list[str]:
    lists = next((meta[name] for name in _META["keywords"].split() if name in meta), [])
    return [word for words in lists for word in re.split(r"[,;]", words)]


def _keywords(words: Iterable[str]) -> tuple[str, ...]:
    plain = (even_text(word) for word in words)
    kept = (word for word in plain if 1 < len(word) <= LONGEST_KEYWORD and ":" not in word)
    return tuple(dict.fromkeys(kept))[:MOST_KEYWORDS]


def _headline(root: "HtmlElement", stated: str, shared: str, outlet: str) -> str:
    """Choose the headline that is shown, if machines are told much the same; else what they are told."""
    title = text_of(root.find(".//title")) if root.find(".//title") is not None else ""
    named = [name for name in (even_text(stated), shared) if name] or ([title] if title else [])
    marked = [
        *root.iter("h1"),
        *root.xpath("//*[@itemprop='headline' or contains(@class,'entry-title')]")[:2],
    ]
    shown = [text for one in marked if 0 < len(text := _own_text(one)) <= LONGEST_HEADLINE]
    for text in shown:
        if any(_alike(text, name) for name in named):
            return text
    if named and not (shown and _GENERIC.search(named[0])):
        return without_site(named[0], outlet, title)[:LONGEST_HEADLINE]
    return shown[0] if shown else ""


def _own_text(heading: "HtmlElement") -> str:
    """Return a heading's text without the link to the front page that some put beside it."""
    text = text_of(heading)
    links = " ".join(map(text_of, heading.iter("a")))
    alone = text.removesuffix(links).strip()
    return alone if links and len(alone.split()) > 3 else text


def _alike(text: str, other: str) -> bool:
    """Tell two wordings of one headline; the site's name alone is none."""
    mine, others = (set(re.findall(r"\w+", one.casefold())) for one in (text, other))
    if len(squeeze(text)) * 2 < len(squeeze(other)):
        return False
    return len(mine & others) * 2 > len(mine) or squeeze(text) in squeeze(other)


def without_site(headline: str, outlet: str, title: str = "") -> str:
    """Take the publication's name off the end or the beginning of *headline*.

    It is known as *outlet*, or by standing in *title* alone, behind a sign that parts it.
    """
    cuts = list(_SITE_SIGN.finditer(headline))
    if not cuts:
        return headline
    names = squeeze(outlet)
    first, last = headline[: cuts[0].start()], headline[cuts[-1].end() :]
    if names and (squeeze(last) in names or names in squeeze(last)):
        return without_site(headline[: cuts[-1].start()], outlet)
    if names and squeeze(first) == names:
        return headline[cuts[0].end() :]
    barred = "|" in cuts[-1][0] or "»" in cuts[-1][0]
    own_title = not title or squeeze(title) == squeeze(headline)
    if len(last.split()) <= 4 and (
        barred or (own_title and headline[: cuts[-1].start()].count(" ") > 3 and barred)
    ):
        return without_site(headline[: cuts[-1].start()], outlet, title)
    return headline


def _byline(root: "HtmlElement", meta: dict[str, list[str]], outlet: str) -> str:
    for name in _META["byline"].split():
        if byline := join_names(meta.get(name, []), outlet=outlet):
            return byline
    for path in ("//*[@rel='author']", "//*[@itemprop='author']"):
        texts = [text for one in root.xpath(path)[:4] if len(text := text_of(one)) < 200]
        if byline := join_names(texts, outlet=outlet):
            return byline
    return _shown_byline(root, outlet)


def _shown_byline(root: "HtmlElement", outlet: str) -> str:
    """Find a byline by its class, but take it only with its "By"."""
    for element in root.iter("p", "span", "div", "address", "li"):
        if _BYLINE_CLASS.search(element.get("class") or "") is None:
            continue
        text = text_of(element)
        if len(text) < 200 and re.match(r"by\b", text, re.IGNORECASE):
            return clean_byline(text, outlet=outlet)
    return ""


def _standfirst(root: "HtmlElement") -> str:
    """Return the paragraph that a page shows right below its headline; its cards have such ones too."""
    headline = next(root.iter("h1"), None)
    for element in () if headline is None else headline.xpath(_BELOW):
        text = text_of(element)
        named = _STANDFIRST.search(element.get("class") or "") is not None
        if named and element.find(".//p") is None:
            return text if 4 <= len(text.split()) <= LONGEST_STANDFIRST else ""
        if element.tag == "p" and len(text.split()) > LONG_WORDS:
            break
    return ""


def _date(root: "HtmlElement", meta: dict[str, list[str]], url: str) -> dt.date | None:
    texts = [meta[name][0] for name in _META["date"].split() if name in meta]
    for path in _SHOWN_DATES:
        for one in root.xpath(path)[:2]:
            texts += [one.get(name) or "" for name in ("datetime", "content", "title")] + [text_of(one)]
    stated = (read_date(text) for text in texts)
    return next((date for date in stated if date), None) or date_in_url(url)


def _canonical(root: "HtmlElement", base: str, others: Sequence[str]) -> str:
    links = [
        link.get("href") or "" for link in root.iter("link") if "canonical" in (link.get("rel") or "").split()
    ]
    found = (_absolute(base, link) for link in [*links[:1], *others])
    return next((link for link in found if link), "")


def _absolute(base: str, link: str) -> str:
    """Return *link* as a whole web address; empty for anything else, and for one with a password."""
    try:
        whole = urljoin(base, link.strip()) if link.strip() else ""
        parts = urlsplit(whole)
    except ValueError:
        return ""
    plain = parts.scheme in {"http", "https"} and parts.netloc and "@" not in parts.netloc
    return whole if plain and whole.isprintable() and " " not in whole and len(whole) < 2000 else ""


def with_url(facts: Facts, url: str) -> Facts:
    """Return *facts* with *url* where they have none."""
    return facts if facts.url else replace(facts, url=_absolute("", url))
