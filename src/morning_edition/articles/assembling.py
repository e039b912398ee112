"""Blocks of text and facts about the story to an `Article`, the newsroom's three tiers among them."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from morning_edition.articles.article import Article, Section
from morning_edition.articles.blocks import Block, Facts, even_text, is_prose, squeeze
from morning_edition.articles.boilerplate import drop_boilerplate, drop_labels, drop_repeats
from morning_edition.articles.bylines import clean_byline
from morning_edition.articles.headlines import borrow_headline
from morning_edition.articles.language import choose_language
from morning_edition.articles.newsroom import read_newsroom_text
from morning_edition.articles.shapes import is_mark
from morning_edition.errors import ArticleError
from morning_edition.patterns import compile_late

BYLINE_WORDS = 10
BYLINE_BLOCKS = 4

_BY = compile_late(r"(?:(?:words|written|story|text)\s+)?by\b:?\s", re.IGNORECASE)


def read_story(blocks: Sequence[Block], facts: Facts) -> tuple[list[Block], Facts]:
    """Return *blocks* without the page's own lines, and without what the *facts* say already.

    A byline among the first of them goes to the facts, which come back with it.
    """
    bylines = {block: clean_byline(block.text) for block in blocks[:BYLINE_BLOCKS] if _is_byline(block)}
    named = [facts.headline, facts.lede, facts.byline, f"By {facts.byline}", facts.outlet, facts.section]
    if facts.date:
        day = facts.date
        named += [f"{day:%B} {day.day}, {day.year}", f"{day.day} {day:%B} {day.year}", day.isoformat()]
    rest = [block for at, block in enumerate(blocks) if at >= BYLINE_BLOCKS or not bylines.get(block)]
    story = drop_labels(drop_boilerplate(drop_repeats(rest, named)), facts.headline)
    return story, facts.filled_from(Facts(byline=next(filter(None, bylines.values()), "")))


def make_article(blocks: Sequence[Block], facts: Facts, *, outlet: str = "", edition: str = "") -> Article:
    """Make the article of *blocks*, which hold no boilerplate any more.

    *outlet* and *edition* are the station's own names, as `read_newsroom_text` takes them. Raises
    ArticleError when there is nothing to say in them.
    """
    if any(is_mark(block.text) for block in blocks):
        article = read_newsroom_text(_newsroom_text(blocks, facts), outlet=outlet, edition=edition)
    else:
        article = Article(facts.headline, facts.lede, deep_look=read_sections(blocks))
        if not article.deep_look:
            raise ArticleError("there is not one word in it to read aloud: give the article's text")
    return _fill(article, facts)


def read_sections(blocks: Sequence[Block]) -> tuple[Section, ...]:
    """Put each paragraph under the heading that stands over it.

    A heading right over another is read as a paragraph; one with nothing below it is the page's, and is not.
    """
    kept = list(blocks)
    while kept and kept[-1].kind == "heading":
        kept.pop()
    sections: list[Section] = []
    heading = ""
    paragraphs: list[str] = []
    for block, following in itertools.pairwise([*kept, Block("")]):
        if block.kind == "heading" and following.kind != "heading":
            sections.append(Section(tuple(paragraphs), heading))
            heading, paragraphs = block.text, []
        else:
            paragraphs.append(block.text)
    sections.append(Section(tuple(paragraphs), heading))
    return tuple(section for section in sections if section.paragraphs)


def _fill(article: Article, facts: Facts) -> Article:
    """Put the facts where the text said nothing."""
    said = article.text
    repeated = squeeze(facts.lede) and squeeze(facts.lede)[:120] in squeeze(said)
    return replace(
        article,
        headline=article.headline or borrow_headline([facts.headline, said]),
        lede=article.lede if repeated or article.lede or article.quick_looks else facts.lede,
        keywords=article.keywords or facts.keywords,
        outlet=article.outlet or even_text(facts.outlet),
        byline=article.byline or facts.byline,
        date=article.date or facts.date,
        language=choose_language(facts.language, said),
        source_url=article.source_url or facts.url,
        section=article.section or even_text(facts.section),
        image_url=article.image_url or facts.image_url,
    )


def _is_byline(block: Block) -> bool:
    """Tell "By Ana Ruiz, Chief Reporter", which has a line to itself."""
    return block.words <= BYLINE_WORDS and _BY.match(block.text) is not None and not is_prose(block)


def _newsroom_text(blocks: Sequence[Block], facts: Facts) -> str:
    """Write *blocks* as the newsroom would, so that its reader finds the tiers."""
    lines = [facts.headline] if facts.headline else []
    lines += [f"• {block.text}" if block.kind == "item" else block.text for block in blocks]
    return "\n\n".join(lines)
