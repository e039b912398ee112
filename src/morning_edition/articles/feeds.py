"""A feed to one of its entries, and that to an `Article`: RSS, Atom and JSON Feed, full text or a teaser."""

import datetime as dt
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import unescape
from typing import Any

from morning_edition.articles.article import Article
from morning_edition.articles.assembling import make_article, read_story
from morning_edition.articles.blocks import Block, Facts, all_words, even_text, is_prose, squeeze
from morning_edition.articles.bylines import join_names
from morning_edition.articles.crowding import cut_feed
from morning_edition.articles.dates import read_date
from morning_edition.articles.html import read_fragment
from morning_edition.articles.markup import text_of
from morning_edition.errors import ArticleError
from morning_edition.fetching import public_url
from morning_edition.patterns import compile_late

FULL_TEXT_WORDS = 150
"""An entry with fewer words is a teaser, if there is a page behind it."""

FEWEST_WORDS = 15
LONGEST_TITLE = 100
MOST_ENTRIES = 2000

_TEASER_END = compile_late(
    r"(?:…|\.\.\.|\[(?:…|\.\.\.|&hellip;)\]|(?:read|learn|see)\s+(?:more|on|the\s+full\s+\w+)|continue\s+reading|full\s+story|weiterlesen"
    r"|lire\s+la\s+suite|leer\s+más)[\s\W]*(?:here|→|»|on\s+.{2,60})?\W*$",
    re.IGNORECASE,
)
_END_CHARACTERS = 600
_TAG = compile_late(r"<[^<>]*>?")
_APPEARED = compile_late(
    r"(?:the\s+post|the\s+article)\s.{1,300}\s(?:appeared\s+first\s+on|first\s+appeared\s+on)\s.{1,120}", re.I
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One story in a feed."""

    facts: Facts
    guid: str = ""
    body: str = ""
    """HTML: the fullest that the feed gives."""
    moment: str = ""
    """When it was published, in a form that sorts, in UTC; empty where the feed does not say."""
    link: str = ""

    @property
    def blocks(self) -> list[Block]:
        """The text that the feed gives of it."""
        return [block for block in read_fragment(self.body) if not _APPEARED.fullmatch(block.text)]

    @property
    def is_teaser(self) -> bool:
        """Whether there is more to read behind its link."""
        end = even_text(unescape(_TAG.sub(" ", self.body[-_END_CHARACTERS:])))
        ends_open = _TEASER_END.search(end) is not None
        return bool(self.link) and (ends_open or all_words(self.blocks) < FULL_TEXT_WORDS)


def read_feed(text: str, *, is_json: bool = False, url: str = "") -> list[Entry]:
    """Return the entries of the feed *text*, newest first; raises ArticleError when it has none.

    *url* is where it was found, to which its links may be relative.
    """
    entries = list_entries(text, is_json=is_json, url=url)
    if not entries:
        raise ArticleError("is a feed without entries; give another, or the story's own address")
    return entries


def list_entries(text: str, *, is_json: bool = False, url: str = "") -> list[Entry]:
    """Return the entries of the feed *text*, newest first; there may be none. Raises ArticleError."""
    entries = _json_entries(text) if is_json else _xml_entries(text, url)
    return sorted(entries, key=lambda entry: entry.moment, reverse=True)


def choose_entry(entries: Sequence[Entry], wanted: str) -> Entry:
    """Return the entry that *wanted* names: a place from the newest, a guid or link, or words of a title.

    Empty stands for the newest. Raises ArticleError when there is no such entry.
    """
    if not wanted:
        return entries[0]
    if wanted.isdecimal() and len(wanted) < 6:
        if 1 <= int(wanted) <= len(entries):
            return entries[int(wanted) - 1]
        if len(entries) == MOST_ENTRIES:
            raise ArticleError(f"is read to its {MOST_ENTRIES:,}th entry; #{wanted} is not among them")
        raise ArticleError(f"has {_count(len(entries))}; #{wanted} is not among them")
    for entry in entries:
        if wanted in {entry.guid, entry.link, entry.facts.headline}:
            return entry
    for entry in entries:
        if squeeze(wanted) and squeeze(wanted) in squeeze(f"{entry.facts.headline} {entry.guid}"):
            return entry
    newest = entries[0].facts.headline
    raise ArticleError(f"no entry is called {wanted!r}; the newest of {len(entries)} is {newest!r}")


def read_entry(entry: Entry, *, outlet: str = "", edition: str = "") -> Article:
    """Make an article of what the feed itself holds of *entry*; raises ArticleError if that is too little."""
    story, facts = read_story(entry.blocks, entry.facts)
    if all_words(filter(is_prose, story)) < FEWEST_WORDS:
        raise ArticleError(
            f"the entry {entry.facts.headline!r} holds no article, but {all_words(story)} words; give another"
        )
    return make_article(story, facts, outlet=outlet, edition=edition)


def add_facts(article: Article, facts: Facts) -> Article:
    """Return the *article* of an entry's page with what only the feed knew of it."""
    return replace(
        article,
        byline=article.byline or facts.byline,
        outlet=article.outlet or facts.outlet,
        date=article.date or facts.date,
        keywords=article.keywords or facts.keywords,
        source_url=article.source_url or facts.url,
        image_url=article.image_url or facts.image_url,
    )


def _xml_entries(text: str, url: str) -> list[Entry]:
    import feedparser

    text = cut_feed(text, MOST_ENTRIES)
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    try:
        feed = feedparser.parse(
            io.BytesIO(text.encode("utf-8", "replace")),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError, AssertionError):
        raise ArticleError("is a damaged feed; give the story's own address") from None
    title = _plain(feed.feed.get("title", ""))
    language = str(feed.feed.get("language", ""))
    return [_xml_entry(entry, title, language) for entry in feed.entries[:MOST_ENTRIES]]


def _xml_entry(entry: Any, outlet: str, language: str) -> Entry:  # noqa: ANN401 - feedparser has no types
    bodies = [str(one.get("value", "")) for one in entry.get("content", [])] + [str(entry.get("summary", ""))]
    link = _web(entry.get("link", ""))
    writers = [str(writer.get("name", "")) for writer in entry.get("authors", [])] or [
        entry.get("author", "")
    ]
    published = str(entry.get("published") or entry.get("updated") or "")
    moment = entry.get("published_parsed") or dict.get(
        entry, "updated_parsed"
    )  # not what feedparser puts for it
    facts = Facts(
        headline=_plain(entry.get("title", "")),
        byline=join_names((_writer(str(writer)) for writer in writers), outlet=outlet),
        outlet=_plain(entry.get("source", {}).get("title", "")) or outlet,
        language=language,
        url=public_url(link),
        image_url=_image(entry),
        keywords=tuple(
            _plain(tag.get("term") or "") for tag in entry.get("tags", [])[:12] if tag.get("term")
        ),
        date=read_date(published),
    )
    stamp = "{:04}{:02}{:02}{:02}{:02}{:02}".format(*moment[:6]) if moment else ""
    return _entry(facts, str(entry.get("id", "")), bodies, stamp, link)


def _json_entries(text: str) -> list[Entry]:
    try:
        feed = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        raise ArticleError("is a damaged JSON feed; give the story's own address") from None
    items = feed.get("items") if isinstance(feed, dict) else None
    stories = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    return [_json_entry(item, feed) for item in stories[:MOST_ENTRIES]]


def _json_entry(item: dict[str, Any], feed: dict[str, Any]) -> Entry:
    def text(key: str, source: dict[str, Any] = item) -> str:
        value = source.get(key)
        return value if isinstance(value, str) else ""

    writers = item.get("authors") or item.get("author") or feed.get("authors") or []
    people = [one for one in (writers if isinstance(writers, list) else [writers]) if isinstance(one, dict)]
    tags: list[Any] = item["tags"] if isinstance(item.get("tags"), list) else []
    outlet = even_text(text("title", feed))
    link = _web(text("url")) or _web(text("external_url"))
    facts = Facts(
        headline=even_text(text("title")),
        byline=join_names((text("name", one) for one in people), outlet=outlet),
        outlet=outlet,
        language=text("language") or text("language", feed),
        url=public_url(link),
        image_url=_web(text("image")) or _web(text("banner_image")),
        keywords=tuple(even_text(tag) for tag in tags[:12] if isinstance(tag, str)),
        date=read_date(text("date_published")),
    )
    plain = "".join(f"<p>{_escape(line)}</p>" for line in text("content_text").splitlines() if line.strip())
    bodies = [text("content_html"), plain, text("summary")]
    return _entry(facts, text("id"), bodies, _stamp(text("date_published")), link)


def _stamp(text: str) -> str:
    """Return a JSON feed's date (RFC 3339) in the form of `Entry.moment`; what is none sorts as it stands."""
    try:
        moment = dt.datetime.fromisoformat(text)
        return f"{moment.astimezone(dt.UTC) if moment.tzinfo else moment:%Y%m%d%H%M%S}"
    except (ValueError, OverflowError):
        return re.sub(r"\D", "", text[:19])


def _entry(facts: Facts, guid: str, bodies: Sequence[str], moment: str, link: str) -> Entry:
    body = max(bodies, key=len)
    headline = facts.headline or _plain(body[:2000])[:LONGEST_TITLE]
    return Entry(replace(facts, headline=headline), guid, body, moment, link)


def _writer(text: str) -> str:
    """Take the name out of RSS's "editor@paper.example (Ana Ruiz)"."""
    found = re.search(r"\(([^()]{2,80})\)\s*$", text) if "@" in text else None
    return found[1] if found else text


def _image(entry: Any) -> str:  # noqa: ANN401 - feedparser has no types
    media = [*entry.get("media_content", []), *entry.get("media_thumbnail", []), *entry.get("enclosures", [])]
    for one in media:
        kind = f"{one.get('type', '')} {one.get('medium', '')}"
        address = _web(one.get("url") or one.get("href") or "")
        if address and (kind.strip() == "" or "image" in kind):
            return address
    return ""


def _web(address: object) -> str:
    text = address.strip() if isinstance(address, str) else ""
    whole = text.startswith(("https://", "http://")) and text.isprintable() and " " not in text
    return text if whole and "@" not in text.split("/")[2] else ""


def _plain(markup: object) -> str:
    """Return the words of a title, which may be HTML."""
    text = str(markup)
    if "<" not in text:
        return even_text(text)
    from morning_edition.articles.html import parse_html

    return text_of(parse_html(f"<div>{text}</div>"))


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _count(entries: int) -> str:
    return "one entry" if entries == 1 else f"{entries} entries"
