"""What a page says of its story to machines: the JSON-LD of schema.org, in any of the shapes it comes in."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from morning_edition.articles.blocks import Facts
from morning_edition.articles.bylines import join_names
from morning_edition.articles.dates import read_date
from morning_edition.patterns import compile_late

LARGEST_CHARACTERS = 2_000_000
MOST_NODES = 5000

_ARTICLE = compile_late(r"(?:\w*Article|ReportageNewsArticle|BlogPosting|LiveBlogPosting|Report|NewsItem)")
_VIDEO = compile_late(r"VideoObject|AudioObject|PodcastEpisode")
_LISTING = compile_late(r"CollectionPage|ItemList|SearchResultsPage|WebSite|Blog")
_CDATA = compile_late(r"^\s*(?://)?\s*<!(?:\[CDATA\[|--)|(?://)?\s*(?:\]\]|--)>\s*$")
_CONTROL = compile_late(r"[\x00-\x1f]")
_TRAILING_COMMA = compile_late(r",(?=\s*[}\]])")

Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Statement:
    """What the JSON-LD of one page comes to."""

    facts: Facts = field(default_factory=Facts)
    body: str = ""
    """`articleBody`, mostly without any markup."""
    is_article: bool = False
    is_video: bool = False
    is_listing: bool = False
    is_paid: bool = False
    """Whether the page says that not everybody may read it."""
    words: int = 0
    """How many words the page says that the story has; 0 where it does not."""


def read_json_ld(scripts: Iterable[str]) -> Statement:
    """Return what the *scripts* of one page say of its story."""
    nodes = [node for script in scripts for node in _nodes(_load(script))]
    articles = [node for node in nodes if _is(node, _ARTICLE) and not _is(node, _LISTING)]
    article = max(articles, key=_fullness, default=None)
    is_video = any(_is(node, _VIDEO) for node in nodes)
    is_listing = any(_is(node, re.compile(r"CollectionPage|SearchResultsPage")) for node in nodes)
    if article is None:
        return Statement(is_video=is_video, is_listing=is_listing)
    return Statement(
        facts=_facts(article, nodes),
        body=_string(article.get("articleBody")),
        is_article=True,
        is_video=is_video,
        words=_number(article.get("wordCount")),
        is_paid=_string(article.get("isAccessibleForFree")).lower() == "false",
    )


def _load(script: str) -> Any:  # noqa: ANN401 - JSON may be anything
    """Parse one script; the usual mistakes are forgiven, and what is still no JSON is nothing."""
    text = _CDATA.sub("", script[:LARGEST_CHARACTERS]).strip().rstrip(";")
    for attempt in (text, _TRAILING_COMMA.sub("", _CONTROL.sub(" ", text))):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _nodes(value: Any) -> Iterator[Node]:  # noqa: ANN401 - JSON may be anything
    """Yield each object of *value*, of its `@graph`s and lists, outermost first."""
    waiting = [value]
    seen = 0
    while waiting and seen < MOST_NODES:
        seen += 1
        one = waiting.pop(0)
        if isinstance(one, list):
            waiting[:0] = one[:MOST_NODES]
        elif isinstance(one, dict):
            yield one
            waiting += [
                one[key] for key in ("@graph", "mainEntity", "mainEntityOfPage", "video") if key in one
            ]


def _is(node: Node, kinds: re.Pattern[str]) -> bool:
    types = node.get("@type")
    names = types if isinstance(types, list) else [types]
    return any(isinstance(name, str) and kinds.fullmatch(name.rpartition("/")[2]) for name in names)


def _fullness(node: Node) -> int:
    return sum(bool(node.get(key)) for key in ("headline", "datePublished", "author", "articleBody", "image"))


def _facts(article: Node, nodes: list[Node]) -> Facts:
    outlet = _name(article.get("publisher"), nodes)
    return Facts(
        headline=_string(article.get("headline")) or _string(article.get("name")),
        byline=_byline(article.get("author") or article.get("creator"), nodes, outlet),
        outlet=outlet,
        section=_string(_first(article.get("articleSection"))),
        language=_string(_first(article.get("inLanguage"))),
        url=_url(article.get("url")) or _url(article.get("mainEntityOfPage")),
        image_url=_url(article.get("image")) or _string(article.get("thumbnailUrl")),
        keywords=_keywords(article.get("keywords")),
        date=read_date(_string(article.get("datePublished")) or _string(article.get("dateCreated"))),
    )


def _byline(author: Any, nodes: list[Node], outlet: str) -> str:  # noqa: ANN401
    writers = author if isinstance(author, list) else [author]
    people = [_resolve(writer, nodes) for writer in writers]
    named = [person for person in people if not (isinstance(person, dict) and _is(person, _ORGANISATION))]
    return join_names((_name(person, nodes) for person in named), outlet=outlet)


_ORGANISATION = compile_late(r"\w*Organization|Corporation|Brand")


def _resolve(value: Any, nodes: list[Node]) -> Any:  # noqa: ANN401
    """Follow a reference by `@id` to the node that it names."""
    if isinstance(value, dict) and set(value) <= {"@id", "@type"} and "@id" in value:
        return next((node for node in nodes if node.get("@id") == value["@id"] and len(node) > 2), value)
    return value


def _name(value: Any, nodes: list[Node]) -> str:  # noqa: ANN401
    value = _resolve(_first(value), nodes)
    return _string(_first(value.get("name"))) if isinstance(value, dict) else _string(value)


def _first(value: Any) -> Any:  # noqa: ANN401
    return (value[0] if value else None) if isinstance(value, list) else value


def _url(value: Any) -> str:  # noqa: ANN401
    value = _first(value)
    if isinstance(value, dict):
        value = _first(value.get("url") or value.get("contentUrl") or value.get("@id"))
    return _string(value)


def _keywords(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    words = value if isinstance(value, list) else _string(value).split(",")
    return tuple(filter(None, (_string(word) for word in words)))


def _number(value: Any) -> int:  # noqa: ANN401
    text = str(value)
    return int(text) if isinstance(value, int | str) and text.isdecimal() and len(text) < 7 else 0


def _string(value: Any) -> str:  # noqa: ANN401
    if isinstance(value, bool):
        return str(value).lower()
    return unescape(value).strip() if isinstance(value, str) else ""
