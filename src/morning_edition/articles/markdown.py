"""Markdown to an `Article`: front matter, headings, paragraphs, lists and quotations, as plain text.

CommonMark, with tables and struck text, which are left out, and front matter as most site builders take it.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from morning_edition.articles.article import Article
from morning_edition.articles.assembling import make_article, read_story
from morning_edition.articles.blocks import Block, BlockKind, Facts, even_text
from morning_edition.articles.bylines import clean_byline, join_names
from morning_edition.articles.dates import read_date
from morning_edition.articles.newsroom import read_newsroom_text
from morning_edition.articles.plain_lines import clean_text
from morning_edition.articles.shapes import is_mark, is_subhead
from morning_edition.patterns import compile_late

if TYPE_CHECKING:
    from markdown_it.token import Token

LONGEST_LINE = 20_000
"""No paragraph has more characters, and the reader's time grows with the square of a line's brackets."""

_FENCE = compile_late(r"(---|\+\+\+)[ \t]*\n(.*?)\n?(?:---|\+\+\+|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_LONGEST_FRONT = 20_000
_PAIR = compile_late(r"([A-Za-z_][\w .-]{0,40}?)\s*:(?:\s+(.*))?")
_LIST_LINE = compile_late(r"\s*-\s+(.+)")
_FOOTNOTE = compile_late(r"^\[\^[^\]\n]{1,60}\]:[^\n]*(?:\n(?:[ \t]+[^\n]*|(?=\n[ \t])))*", re.MULTILINE)
_FOOTNOTE_MARK = compile_late(r"\[\^[^\]\n]{1,60}\]")
_SHORTCODE = compile_late(r"\{\{[<%].{0,300}?[%>]\}\}|\{:[^}\n]{0,100}\}|\{%.{0,300}?%\}")
_PICTURE_LINE = compile_late(
    r"^\s*!\[[^\]\n]{0,500}\]\([^)\n]{0,1000}\)\s*\n(?:[*_][^*_\n]{1,300}[*_]|Photo:[^\n]{1,200})\s*$", re.M
)

_NAMES = {
    "headline": ("title", "headline"),
    "byline": ("author", "authors", "byline", "by", "writer"),
    "outlet": ("outlet", "publication", "publisher", "source_name", "site"),
    "section": ("section", "category", "categories", "desk"),
    "language": ("lang", "language", "locale"),
    "url": ("canonical_url", "canonical", "url", "link", "permalink", "source_url"),
    "image": ("image", "cover", "featured_image", "thumbnail", "hero"),
    "lede": ("standfirst", "subtitle", "dek", "lede", "deck"),
    "date": ("date", "published", "publishdate", "pubdate", "published_at"),
    "keywords": ("keywords", "tags"),
}


def read_markdown(text: str, *, outlet: str = "", edition: str = "") -> Article:
    """Read the article in the Markdown *text*.

    *outlet* and *edition* are the station's own names. Raises ArticleError if there is nothing to say in it.
    """
    if max(map(len, text.splitlines()), default=0) > LONGEST_LINE:
        return read_newsroom_text(text, outlet=outlet, edition=edition)
    front, body = part_front_matter(clean_text(text))
    facts = read_front_facts(front)
    blocks = list(markdown_blocks(body))
    if not facts.headline and blocks and blocks[0].kind == "heading":
        facts = facts.filled_from(Facts(headline=blocks[0].text))
    story, facts = read_story(blocks, facts)
    return make_article(story, facts, outlet=outlet, edition=edition)


def part_front_matter(text: str) -> tuple[dict[str, Any], str]:
    """Return the keys before the text, in small letters, and the text."""
    found = _FENCE.match(text[:_LONGEST_FRONT].lstrip("\n"))
    if found is None:
        return {}, text
    pairs = _read_toml(found[2]) if found[1] == "+++" else _read_pairs(found[2].split("\n"))
    if not pairs:
        return {}, text
    return pairs, text.lstrip("\n")[found.end() :]


def read_front_facts(front: dict[str, Any]) -> Facts:
    """Return what front matter says of the story, by the names that newsrooms and site builders use."""
    texts = {fact: _texts(front, names) for fact, names in _NAMES.items()}
    first = {fact: values[0] if values else "" for fact, values in texts.items()}
    web = {
        fact: first[fact] if first[fact].startswith(("http://", "https://")) else ""
        for fact in ("url", "image")
    }
    return Facts(
        headline=first["headline"],
        lede=first["lede"],
        byline=join_names(texts["byline"]) or clean_byline(first["byline"]),
        outlet=first["outlet"],
        section=first["section"],
        language=first["language"],
        url=web["url"],
        image_url=web["image"],
        keywords=tuple(word for text in texts["keywords"] for word in _words(text)),
        date=read_date(first["date"]),
    )


def markdown_blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of Markdown *text*: links as words; pictures, notes, code, comments, tables not."""
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"maxNesting": 40, "html": True}).enable(["table", "strikethrough"])
    plain = _FOOTNOTE_MARK.sub("", _FOOTNOTE.sub("", _SHORTCODE.sub("", _PICTURE_LINE.sub("", text))))
    yield from _read_tokens(reader.parse(plain))


def _read_tokens(tokens: Iterable["Token"]) -> Iterator[Block]:
    kinds: list[BlockKind] = ["paragraph"]
    in_table = False
    for token in tokens:
        if token.type in {"table_open", "table_close"}:
            in_table = token.nesting == 1
        elif token.nesting == 1:
            kinds.append(_kind(token.type, kinds[-1]))
        elif token.nesting == -1:
            kinds.pop()
        elif token.type == "inline" and not in_table:
            lines = "".join(_words_of(token.children or [])).split("\n")
            for line in _whole_lines(lines):
                yield Block(line, _kind_of_line(token, kinds[-1]))
        elif token.type == "html_block":
            yield from _html_blocks(token.content)


def _kind(opening: str, around: BlockKind) -> BlockKind:
    if opening == "heading_open":
        return "heading"
    if opening == "list_item_open":
        return "item"
    return "quote" if opening == "blockquote_open" else around


def _kind_of_line(token: "Token", around: BlockKind) -> BlockKind:
    """Take a line that is all bold and short for a subhead."""
    children = [child for child in token.children or [] if child.type != "text" or child.content.strip()]
    bold = len(children) > 2 and children[0].type == "strong_open" and children[-1].type == "strong_close"
    once = sum(child.type == "strong_open" for child in children) == 1
    return (
        "heading"
        if around == "paragraph" and bold and once and is_subhead(even_text(token.content.strip("*_ ")))
        else around
    )


def _words_of(children: Iterable["Token"]) -> Iterator[str]:
    """Yield the words of inline *children*; a hard break ends a line, struck words are not said."""
    struck = 0
    for child in children:
        struck += child.nesting if child.type in {"s_open", "s_close"} else 0
        if struck:
            continue
        if child.type in {"text", "code_inline", "text_special"}:
            yield child.content
        elif child.type == "softbreak":
            yield "\n"
        elif child.type == "hardbreak" or (child.type == "html_inline" and child.content.startswith("<br")):
            yield "\n\n"


def _whole_lines(lines: list[str]) -> Iterator[str]:
    """Join rows that were broken in the source; hard breaks, and the newsroom's marks, part them."""
    rows: list[str] = []
    for row in map(even_text, [*lines, ""]):
        marked = is_mark(row)
        if (not row or marked) and rows:
            yield " ".join(rows)
            rows = []
        if marked:
            yield row
        elif row:
            rows.append(row)


def _html_blocks(content: str) -> list[Block]:
    from morning_edition.articles.html import read_fragment

    return (
        []
        if content.lstrip().startswith("<!--") and content.rstrip().endswith("-->")
        else read_fragment(content)
    )


def _read_toml(text: str) -> dict[str, Any]:
    try:
        return {key.lower(): value for key, value in tomllib.loads(text).items()}
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def _read_pairs(lines: list[str]) -> dict[str, Any]:
    """Read `key: value` lines, and lists under a key: as much of YAML as front matter has."""
    pairs: dict[str, Any] = {}
    key = ""
    for line in lines:
        if found := _PAIR.fullmatch(line.rstrip()):
            key = found[1].strip().lower()
            pairs[key] = _value(found[2] or "")
        elif key and (item := _LIST_LINE.fullmatch(line)):
            so_far = pairs[key] if isinstance(pairs[key], list) else []
            pairs[key] = [*so_far[:50], _value(item[1])]
    return pairs


def _value(text: str) -> Any:  # noqa: ANN401 - a text, or a list of them
    value = text.strip()
    if value.startswith("[") and value.endswith("]"):
        return [_value(part) for part in value[1:-1].split(",")[:50] if part.strip()]
    if value[:1] in {'"', "'"} and value.endswith(value[:1]) and len(value) > 1:
        return value[1:-1]
    return re.sub(r"\s+#\s.*", "", value) if " # " in value else value


def _texts(front: dict[str, Any], names: Iterable[str]) -> list[str]:
    value = next((front[name] for name in names if front.get(name)), None)
    values = value if isinstance(value, list) else [value]
    named = [one.get("name", "") if isinstance(one, dict) else one for one in values]
    return [even_text(str(one)) for one in named if one is not None and str(one).strip()]


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]
