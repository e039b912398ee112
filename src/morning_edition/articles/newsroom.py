"""The newsroom's plain text to an `Article`: slug line, Quick Looks, headline, Deep Look.

Every word of the text ends up in some field, in the order of reading; marks, bullet signs and the slug line's
slashes do not. A line that is nothing but the day becomes the article's date.
"""

import datetime as dt
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from morning_edition.articles.article import Article, Section
from morning_edition.articles.headlines import borrow_headline, read_front
from morning_edition.articles.looks import read_looks
from morning_edition.articles.plain_lines import TextLine, text_lines
from morning_edition.articles.shapes import (
    deep_look_mark,
    is_headline,
    is_subhead,
    list_item,
    quick_looks_mark,
)
from morning_edition.articles.slug_line import SlugLine, byline_name, read_slug_line
from morning_edition.errors import ArticleError
from morning_edition.patterns import compile_late

SLUG_LINES = 3
"""The slug line is one of the first so many lines, with nothing but headlines above it."""

SLUG_ROWS = 40
"""A slug line that has a row for each of its parts has at most so many."""


_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE_LINE = compile_late(
    rf"""
    (?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\ )?
    (?:{_MONTH}\ {_DAY},?\ \d{{4}} | {_DAY}\ {_MONTH},?\ \d{{4}} | \d{{4}}-\d{{2}}-\d{{2}})
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class _Zones:
    """The text, parted at its marks."""

    top: list[TextLine]
    looks_title: str | None
    """None when there is no mark."""
    looks: list[TextLine]
    deep_title: str | None
    deep: list[TextLine]
    looks_last: bool
    """Whether the Quick Looks stand after the Deep Look."""


def read_newsroom_text(text: str, *, outlet: str = "", edition: str = "") -> Article:
    """Read the newsroom's plain *text* in full; what it lacks, `Article.missing` tells.

    *outlet* and *edition* are the station's own names: they help to read the slug line and are not filled in.
    Raises ArticleError when there is nothing to say in the text.
    """
    zones = _part(text_lines(text))
    found, byline, top = _read_top(zones.top, outlet, edition)
    date, top = _take_date(top)
    slug = found or SlugLine()
    deep_follows = zones.deep_title is not None and not zones.looks_last
    looks, after = read_looks(zones.looks, deep_follows=deep_follows)
    top, middle, body = _place(zones, top, after, has_lede=bool(slug.lede))
    front = read_front(top, middle, title=zones.looks_title or "", lede=slug.lede, slugged=found is not None)
    sections = read_sections([*front.opening, *body])
    if front.headline and zones.deep_title:
        sections = _entitle(sections, zones.deep_title)
    article = Article(
        headline=front.headline or zones.deep_title or "",
        lede=front.lede,
        keywords=slug.keywords,
        outlet=slug.outlet,
        byline=slug.byline or byline,
        edition=slug.edition,
        quick_looks_title=front.title,
        quick_looks=looks,
        deep_look=sections,
        date=date,
    )
    return article if article.headline else replace(article, headline=_make_headline(article))


def read_sections(lines: Sequence[str]) -> tuple[Section, ...]:
    """Tell subheads from paragraphs: a subhead has a paragraph after it, so nothing is ever without one."""
    is_heading = [False] * len(lines)
    for index in range(len(lines) - 2, -1, -1):
        is_heading[index] = is_subhead(lines[index]) and not is_heading[index + 1]
    starts = [index for index, heading in enumerate(is_heading) if heading]
    sections = [Section(_paragraphs(lines[: starts[0] if starts else None]))]
    for start, end in itertools.pairwise([*starts, len(lines)]):
        sections.append(Section(_paragraphs(lines[start + 1 : end]), lines[start]))
    return tuple(section for section in sections if section.paragraphs)


def _paragraphs(lines: Sequence[str]) -> tuple[str, ...]:
    """Take the signs off bullets, but not numbers, which say something."""
    items = [(line, list_item(line)) for line in lines]
    return tuple(item.text if item and item.kind != "number" else line for line, item in items)


def _part(lines: list[TextLine]) -> _Zones:
    looks_titles = [quick_looks_mark(line.text) for line in lines]
    deep_titles = [deep_look_mark(line.text) for line in lines]
    looks_at = next((index for index, title in enumerate(looks_titles) if title is not None), None)
    deep_at = next((i for i, title in enumerate(deep_titles) if title is not None and i != looks_at), None)
    marks = sorted(mark for mark in (looks_at, deep_at) if mark is not None)
    ends = dict(itertools.pairwise([*marks, len(lines)]))
    return _Zones(
        top=lines[: marks[0] if marks else None],
        looks_title=None if looks_at is None else looks_titles[looks_at],
        looks=[] if looks_at is None else lines[looks_at + 1 : ends[looks_at]],
        deep_title=None if deep_at is None else deep_titles[deep_at],
        deep=[] if deep_at is None else lines[deep_at + 1 : ends[deep_at]],
        looks_last=len(marks) == 2 and marks[0] == deep_at,
    )


def _read_top(lines: Sequence[TextLine], outlet: str, edition: str) -> tuple[SlugLine | None, str, list[str]]:
    """Return the slug line, a byline that has a line to itself, and the rest."""
    texts = _join_slug([line.text for line in lines])
    slug: SlugLine | None = None
    for index, text in enumerate(texts[:SLUG_LINES]):
        if slug := read_slug_line(text, outlet=outlet, edition=edition):
            del texts[index]
            break
        if not is_headline(text):
            break
    byline = ""
    for index, text in enumerate(texts[:SLUG_LINES]):
        if not (slug and slug.byline) and (byline := byline_name(text)):
            del texts[index]
            break
    return slug, byline, texts


def _take_date(texts: list[str]) -> tuple[dt.date | None, list[str]]:
    """Part the day from the first lines, where one of them is nothing else: "Monday, May 18, 2015"."""
    at = next((at for at, text in enumerate(texts[:SLUG_LINES]) if _DATE_LINE.fullmatch(text)), None)
    if at is None:
        return None, texts
    from morning_edition.articles.dates import read_date

    date = read_date(texts[at].partition("day")[2].lstrip(", ") or texts[at])
    return date, texts if date is None else [*texts[:at], *texts[at + 1 :]]


def _join_slug(texts: list[str]) -> list[str]:
    """Make a slug line whole that goes on after each slash on a new line."""
    rows = list(itertools.takewhile(lambda text: text.endswith("/"), texts[:SLUG_ROWS]))
    if not rows:
        return texts
    return [" ".join(texts[: len(rows) + 1]), *texts[len(rows) + 1 :]]


def _place(
    zones: _Zones, top: list[str], after: list[str], *, has_lede: bool
) -> tuple[list[str], list[str], list[str]]:
    """Tell what stands at the top, what around the headline in the middle, and what is the body."""
    deep = [line.text for line in zones.deep]
    if zones.deep_title is not None:
        return (top, [], deep + after) if zones.looks_last else (top, after, deep)
    if zones.looks_title is not None:
        head = 1 if after and is_headline(after[0]) else 0
        return top, after[:head], after[head:]
    head = 1 if top and is_headline(top[0]) else 0
    if not has_lede and head < len(top) and not (head and is_headline(top[head])):
        head += 1
    return top[:head], [], top[head:]


def _entitle(sections: tuple[Section, ...], title: str) -> tuple[Section, ...]:
    """Put the Deep Look's own title over its first section, or before it."""
    if sections and not sections[0].heading:
        return replace(sections[0], heading=title), *sections[1:]
    return Section((title,)), *sections


def _make_headline(article: Article) -> str:
    headings = [section.heading for section in article.deep_look]
    paragraphs = [paragraph for section in article.deep_look for paragraph in section.paragraphs]
    looks = [look.text for look in article.quick_looks]
    said = [article.quick_looks_title, article.lede, *headings, *looks, *paragraphs, *article.keywords]
    headline = borrow_headline([*said, article.byline, article.outlet, article.edition])
    if not headline:
        raise ArticleError("there is not one word in it to read aloud: give the article's text")
    return headline
