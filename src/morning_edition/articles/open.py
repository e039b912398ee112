"""Anything that holds an article, to an `Article`: read, told what it is, and given to its reader."""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

from morning_edition.articles.article import Article
from morning_edition.articles.encodings import decode_page, decode_text, is_wide
from morning_edition.articles.kinds import Kind, is_binary, tell_kind, unreadable_kind
from morning_edition.articles.language import detect_language
from morning_edition.articles.newsroom import read_newsroom_text
from morning_edition.articles.sources import LARGEST_BYTES, STANDARD_INPUT, Given, read_address, read_source
from morning_edition.errors import ArticleError
from morning_edition.patterns import compile_late

if TYPE_CHECKING:
    from morning_edition.articles.feeds import Entry

__all__ = ["LARGEST_BYTES", "STANDARD_INPUT", "open_article", "open_entry"]

_SCRIPT_LINE = compile_late(
    r" \^(?:headline|byline|lede|looks-title|look-\d+|deep-\d+(?:-\d+)?)$", re.MULTILINE
)
"""What only a `script.md` has: a line that ends in its place in the article."""

_SAVE = "save the article as plain text and give that"


def open_article(
    source: str,
    *,
    outlet: str = "",
    edition: str = "",
    stdin: BinaryIO | None = None,
) -> Article:
    """Read the article in *source*: a file, a web address, or what is piped in if that is `-`.

    It may be the newsroom's plain text, Markdown, a web page, a mail, or a feed, whose entry stands behind a
    `#` (`feed.xml#2`, `feed.xml#words of its title`; the newest without). *outlet* and *edition* are the
    station's own, and help to read a slug line; *stdin* stands in for the standard input.
    Raises ArticleError, whose message begins with the source's name.
    """
    given = read_source(source, stdin)
    with _named(given.origin.name):
        article = _read(given, outlet, edition)
    return replace(article, language=article.language or detect_language(article.text))


def open_entry(entry: "Entry", name: str, *, outlet: str = "", edition: str = "") -> Article:
    """Read the article that a feed's *entry* is; where the feed has a teaser only, on the entry's page.

    Else as `open_article`; *name* begins the message of every ArticleError.
    """
    with _named(name):
        article = _read_entry(entry, outlet, edition)
    return replace(article, language=article.language or detect_language(article.text))


@contextlib.contextmanager
def _named(name: str) -> Iterator[None]:
    """See that the message of an ArticleError begins with *name*."""
    try:
        yield
    except ArticleError as error:
        named = str(error).startswith(f"{name}: ")
        raise (error if named else ArticleError(f"{name}: {error}")) from error.__cause__


def _read(given: Given, outlet: str, edition: str) -> Article:
    _refuse_unreadable(given.raw)
    kind = _kind(given)
    if given.entry and not given.url and kind not in {Kind.FEED, Kind.JSON_FEED}:
        raise ArticleError(f"is {kind.value}, not a feed; give it without the #")
    if kind is Kind.TEXT:
        text = decode_text(given.raw, given.origin.name)
        _refuse_script(text)
        if text.lstrip("\ufeff \t\r\n").startswith("<?xml"):
            raise ArticleError(f"is XML, but no feed and no page; {_SAVE}")
        return replace(read_newsroom_text(text, outlet=outlet, edition=edition), source_url=given.url)
    if kind is Kind.MARKDOWN:
        from morning_edition.articles.markdown import read_markdown

        text = decode_text(given.raw, given.origin.name)
        _refuse_script(text)
        article = read_markdown(text, outlet=outlet, edition=edition)
        return replace(article, source_url=article.source_url or given.url)
    if kind is Kind.MAIL:
        from morning_edition.articles.mail import read_mail

        return read_mail(given.raw, outlet=outlet, edition=edition)
    text = decode_page(given.raw, given.origin.charset)
    if kind is Kind.HTML:
        from morning_edition.articles.html import read_html

        return read_html(text, url=given.url, outlet=outlet, edition=edition)
    return _read_feed(text, given, outlet, edition, is_json=kind is Kind.JSON_FEED)


def _read_feed(text: str, given: Given, outlet: str, edition: str, *, is_json: bool) -> Article:
    """Read the entry that was asked for: in the feed itself, or where that has a teaser only, on its page."""
    from morning_edition.articles.feeds import choose_entry, read_feed

    entry = choose_entry(read_feed(text, is_json=is_json, url=given.url), given.entry)
    return _read_entry(entry, outlet, edition)


def _read_entry(entry: "Entry", outlet: str, edition: str) -> Article:
    from morning_edition.articles.feeds import add_facts, read_entry
    from morning_edition.articles.html import read_html

    if not entry.is_teaser:
        return read_entry(entry, outlet=outlet, edition=edition)
    page = read_address(entry.link)
    _refuse_unreadable(page.raw)
    body = decode_page(page.raw, page.origin.charset)
    try:
        article = read_html(body, url=page.url, outlet=outlet, edition=edition)
    except ArticleError as error:
        raise ArticleError(f"the entry's page {page.origin.name} {error}") from error
    return add_facts(article, entry.facts)


def _kind(given: Given) -> Kind:
    raw = given.raw[:80_000]
    text = raw.decode("utf-16" if is_wide(raw) and len(raw) % 2 == 0 else "utf-8", "replace")
    return tell_kind(text, given.origin)


def _refuse_script(text: str) -> None:
    if text.startswith("---") and _SCRIPT_LINE.search(text):
        raise ArticleError("is a script, not an article; give the article that it was written from")


def _refuse_unreadable(raw: bytes) -> None:
    if not raw.strip():
        raise ArticleError(f"is empty; {_SAVE}")
    if kind := unreadable_kind(raw):
        raise ArticleError(f"is {kind}, not text; {_SAVE}")
    if not is_wide(raw) and is_binary(raw):
        raise ArticleError(f"is binary, not text; {_SAVE}")
