"""The places of an article, as a script's lines name them: `headline`, `lede`, `look-2`, `deep-1-3`."""

from collections.abc import Iterator
from dataclasses import replace

from morning_edition.articles.article import Article, Section
from morning_edition.articles.headlines import borrow_headline
from morning_edition.station.checks import filled


def drop_empty(article: Article) -> Article:
    """Return *article* without Quick Looks, paragraphs and sections in which nothing stands."""
    looks = tuple(look for look in article.quick_looks if _has_text(look.text) or _has_text(look.label))
    sections = tuple(
        Section(tuple(filter(_has_text, section.paragraphs)), section.heading)
        for section in article.deep_look
    )
    sections = tuple(one for one in sections if one.paragraphs or _has_text(one.heading))
    if (looks, sections) == (article.quick_looks, article.deep_look):
        return article
    return replace(article, quick_looks=looks, deep_look=sections)


def _has_text(text: str) -> bool:
    return not filled(text)


def read_paragraphs(article: Article) -> Iterator[tuple[str, str]]:
    """Name each paragraph of the Deep Look with its place, in order."""
    for number, section in enumerate(article.deep_look, 1):
        for nth, paragraph in enumerate(section.paragraphs, 1):
            yield f"deep-{number}-{nth}", paragraph


def find_headline(article: Article) -> str:
    """Return the headline to say: none where it is only the beginning of what is read next."""
    looks = [look.text for look in article.quick_looks if not look.extracted]
    paragraphs = [paragraph for section in article.deep_look for paragraph in section.paragraphs]
    borrowed = borrow_headline([article.lede, *looks, *paragraphs])
    return "" if article.headline == borrowed else article.headline


def read_places(article: Article) -> Iterator[tuple[str, str]]:
    """Name each text of *article* that is to be read, in the order of reading, with its place."""
    yield "headline", find_headline(article)
    yield "byline", article.byline
    yield "lede", article.lede
    yield "looks-title", article.quick_looks_title
    for number, look in enumerate(article.quick_looks, 1):
        yield f"look-{number}", f"{look.label}\n{look.text}"
    for number, section in enumerate(article.deep_look, 1):
        yield f"deep-{number}", section.heading
        for nth, paragraph in enumerate(section.paragraphs, 1):
            yield f"deep-{number}-{nth}", paragraph
