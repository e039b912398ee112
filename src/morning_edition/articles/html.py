"""A web page to an `Article`; a page that holds no article is refused with what it holds instead."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from morning_edition.articles.article import Article
from morning_edition.articles.assembling import make_article, read_story
from morning_edition.articles.blocks import Block, all_words, even_text, is_prose, squeeze
from morning_edition.articles.crowding import refuse_crowded
from morning_edition.articles.markup import depth_of, read_blocks
from morning_edition.articles.no_article import ends_at_wall, found_instead, look_at
from morning_edition.articles.page_facts import PageFacts, read_page_facts, with_url
from morning_edition.articles.page_text import (
    marked_blocks,
    name_paragraphs,
    page_blocks,
    promote_subheads,
    prune,
)
from morning_edition.articles.shapes import is_mark
from morning_edition.errors import ArticleError
from morning_edition.patterns import compile_late

if TYPE_CHECKING:
    from lxml.html import HtmlElement

DEEPEST = 400
"""trafilatura calls itself for each level of a page; Python's own limit is not far above this."""

MOST_ELEMENTS = 30_000
MOST_CHARACTERS = 1_000_000
"""Of text that a page shows."""

_DECLARATION = compile_late(r"\A\s*<\?xml[^>]{0,400}\?>")
_CONTROL = compile_late("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CONTROL_REFERENCE = compile_late(
    r"&#(?:x0*(?:[0-8bcef]|1[0-9a-f]|fff[ef]|d[89a-f][0-9a-f]{2})|0*(?:[0-8]|1[124-9]|2\d|3[01]))(?:;|(?![\da-f]))",
    re.IGNORECASE,
)
"""What XML has no place for, which trafilatura builds."""

_PARAGRAPH_END = compile_late(r"\s*\n\s*")
_TAGS = compile_late(r"</?[a-z][^<>]{0,2000}>", re.IGNORECASE)


def read_html(text: str, *, url: str = "", outlet: str = "", edition: str = "") -> Article:
    """Read the article on the page *text*, which was found at *url*.

    *outlet* and *edition* are the station's own names. Raises ArticleError, which says what was found.
    """
    root = parse_html(text)
    _refuse_endless(root)
    page = read_page_facts(root, url)
    facts = with_url(page.facts, url)
    look = look_at(root)
    if look.characters > MOST_CHARACTERS:
        raise ArticleError(
            f"holds {look.characters:,} characters of text, which no article does; give one story"
        )
    prune(root)
    name_paragraphs(root)
    promote_subheads(root)
    blocks = _choose(root, page)
    story, facts = read_story(blocks, facts)
    found = found_instead(story, page, look, cut_off=ends_at_wall(blocks))
    if found and not any(is_mark(block.text) for block in story):
        raise ArticleError(f"holds no article, but {found}")
    return make_article(story, facts, outlet=outlet, edition=edition)


def read_fragment(text: str) -> list[Block]:
    """Return the blocks of *text*, HTML that holds an article's text alone: a feed's entry, a mail's body."""
    if not text.strip():
        return []
    root = parse_html(f"<div>{text}</div>")
    prune(root)
    promote_subheads(root)
    return read_blocks(root)


def parse_html(text: str) -> "HtmlElement":
    """Parse *text* as browsers do, who understand anything; raises ArticleError where nothing is left."""
    import lxml.etree
    import lxml.html

    refuse_crowded(text)
    plain = _CONTROL_REFERENCE.sub("", _CONTROL.sub("", _DECLARATION.sub("", text)))
    parser = lxml.html.HTMLParser(remove_comments=True, remove_pis=True, encoding="utf-8", huge_tree=False)
    try:
        root = lxml.html.document_fromstring(plain.encode("utf-8", "replace"), parser=parser)
    except (lxml.etree.LxmlError, ValueError, AssertionError):
        raise ArticleError("holds no article, but no text at all; give another file") from None
    return root


def _refuse_endless(root: "HtmlElement") -> None:
    """Refuse what has more in it than any newspaper's page; those have about 2,000 elements."""
    elements = sum(1 for _ in root.iter())
    if elements > MOST_ELEMENTS:
        raise ArticleError(f"holds no article, but {elements:,} elements of a page; give one story")


def _choose(root: "HtmlElement", page: PageFacts) -> Sequence[Block]:
    """Return the text as the page shows it, or, where that is much less, as it tells it to machines."""
    blocks = _shown_blocks(root)
    told = _told_blocks(page.statement.body)
    if all_words(told) > 1.6 * all_words(blocks) + 40:
        return told
    return blocks


def _shown_blocks(root: "HtmlElement") -> list[Block]:
    """Take trafilatura's word, unless the page is too deep or too large for it."""
    if depth_of(root, DEEPEST) >= DEEPEST:
        return read_blocks(root)
    marked = marked_blocks(root)
    try:
        blocks = page_blocks(root)
    except (RecursionError, ValueError):  # deep nesting, and characters that XML does not know
        return marked or read_blocks(root)
    much_more = all_words(filter(is_prose, marked)) > 2 * all_words(filter(is_prose, blocks))
    return marked if much_more else blocks


def _told_blocks(body: str) -> list[Block]:
    """Part a JSON-LD `articleBody` at its line ends; the tags that some leave in it part it too."""
    if _TAGS.search(body):
        return read_fragment(body)
    lines = (even_text(line) for line in _PARAGRAPH_END.split(body))
    return [Block(line) for line in lines if squeeze(line)]
