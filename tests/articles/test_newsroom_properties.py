"""Every article is read back in every form, and no word of any text is lost."""

import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from morning_edition.articles import Article, QuickLook, Section, read_newsroom_text
from morning_edition.articles.plain_lines import clean_text
from morning_edition.errors import ArticleError

WORDS = (
    "harbour ferry council people bridge morning winter engine plan river ticket été bay’s long-term".split()
)
CONNECTED = ["the", "of", "and/or", "with", "in", "24/7", "to", "3.5", "at 10:30", "near"]


def phrases(low: int, high: int) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(WORDS), min_size=low, max_size=high).map(" ".join)


def capital(text: str) -> str:
    return text[0].upper() + text[1:]


titles = st.lists(st.sampled_from(WORDS), min_size=2, max_size=6).map(
    lambda words: " ".join(map(capital, words))
)
sentences = (
    st.lists(st.sampled_from(WORDS + CONNECTED), min_size=3, max_size=25)
    .map(lambda words: capital(" ".join(words)))
    .flatmap(lambda text: st.sampled_from([f"{text} bay.", f"“{text} bay,” she said.", f"The {text} — bay."]))
)
paragraphs = st.lists(sentences, min_size=1, max_size=3).map(" ".join)
bodies = st.lists(paragraphs, min_size=1, max_size=3).map(tuple)


@st.composite
def articles(draw: st.DrawFn) -> Article:
    """Any whole article in the newsroom's style."""
    looks = draw(st.lists(st.builds(QuickLook, paragraphs, st.just("") | titles), min_size=1, max_size=4))
    headed = draw(st.lists(st.builds(Section, bodies, titles | titles.map("{}?".format)), max_size=3))
    return Article(
        headline=draw(titles),
        lede=draw(paragraphs),
        keywords=tuple(draw(st.lists(phrases(1, 4).map(capital), min_size=1, max_size=5))),
        outlet=draw(st.sampled_from(["Harbour Post", "Newslooks", "The Daily Bay", "Reuters"])),
        byline=draw(st.sampled_from(["R. Okafor", "J. Mansour", "Ana de la Cruz", "J. K. Lee"])),
        edition=draw(st.sampled_from(["Morning Edition", "Late Edition"])),
        quick_looks_title=draw(titles),
        quick_looks=tuple(looks),
        deep_look=(Section(draw(bodies)), *headed),
    )


@dataclass(frozen=True)
class Form:
    """One way to write an article down."""

    slash: str
    by: str
    sign: str
    looks_mark: str
    deep_mark: str
    lede_apart: bool
    width: int
    end: str


forms = st.builds(
    Form,
    slash=st.sampled_from(["/ ", " / "]),
    by=st.sampled_from(["", "By "]),
    sign=st.sampled_from(["- ", "• ", "* ", "· "]),
    looks_mark=st.sampled_from(["{}: Quick Looks", "{}: QUICK LOOK:", "Quick Looks: {}"]),
    deep_mark=st.sampled_from(["Deep Look", "DEEP LOOK:", "deep look"]),
    lede_apart=st.booleans(),
    width=st.sampled_from([0, 60, 72, 95]),
    end=st.sampled_from(["\n", "\r\n", "\n\n"]),
)


def wrapped(lines: Iterable[str], width: int) -> str:
    """Break each line at *width*, a blank line after each, as a mail program does."""
    return "\n\n".join("\n".join(textwrap.wrap(line, width)) for line in lines)


def write(article: Article, form: Form) -> str:
    slug = form.slash.join([*article.keywords, article.outlet, form.by + article.byline, article.edition])
    top = [slug, article.lede] if form.lede_apart else [slug + form.slash + article.lede]
    looks = [
        form.sign + (f"{look.label}: " if look.label else "") + look.text for look in article.quick_looks
    ]
    body = [line for section in article.deep_look for line in (section.heading, *section.paragraphs) if line]
    mark = form.looks_mark.format(article.quick_looks_title)
    lines = [*top, mark, *looks, article.headline, form.deep_mark, *body]
    if not form.width:
        return form.end.join(lines)
    return wrapped(lines, form.width).replace("\n", "\r\n" if form.end == "\r\n" else "\n")


@given(articles(), forms)
@settings(max_examples=100, deadline=None)
def test_every_article_reads_back_in_every_form(article: Article, form: Form) -> None:
    """What the newsroom wrote is what the product has, part for part."""
    text = write(article, form)
    assume(not form.width or shows_its_breaks(text))
    assert read_newsroom_text(text) == article


def shows_its_breaks(text: str) -> bool:
    """Tell whether half of the lines after a full one begin small; nobody could tell otherwise."""
    begins = [
        after.strip()[0] for block in re.split(r"(?:\r?\n){2}", text) for after in block.splitlines()[1:]
    ]
    return sum(map(str.islower, begins)) * 2 >= len(begins)


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)


def fields(article: Article) -> Iterator[str]:
    yield from (article.headline, article.lede, *article.keywords, article.outlet, article.byline)
    yield from (article.edition, article.quick_looks_title)
    for look in article.quick_looks:
        yield f"{look.label} {look.text}"
    for section in article.deep_look:
        yield " ".join((section.heading, *section.paragraphs))


def in_order(part: list[str], whole: list[str]) -> bool:
    rest = iter(whole)
    return all(word in rest for word in part)


MARK_WORDS = {"quick", "deep", "look", "looks", "by"}

MARKS = ["Quick Looks", "Deep Look", "Title: Quick Looks", "Deep Look: Title", "Label: ", ": ", "?", "”"]
SIGNS = ["- ", "• ", "1. ", "– ", "/ ", " / ", "/", "\n", "\n", "\n\n", "\r\n", "  ", "-"]
PARTS = [
    "A Title Here",
    "By R. Okafor",
    "Morning Edition",
    "Newslooks",
    "and/or",
    "https://a.example/b/",
    "U.S.",
]
PROSE = ["some words go on", "A whole sentence of prose."]

pieces = st.sampled_from([*MARKS, *SIGNS, *PARTS, *PROSE])
soups = (
    st.lists(pieces, max_size=40).map("".join)
    | st.text()
    | st.lists(pieces | st.text(max_size=5)).map("".join)
)


@example("News/ ABY A")
@given(soups)
@example("- /\n/ 0")
@example("Prose.\nA/ B/ C.\nQuick Looks")
@example("Quick Looks\nDeep Look: Quick Looks\nA")
@settings(max_examples=400, deadline=None)
def test_no_word_of_any_text_is_lost(text: str) -> None:
    """Any text at all gives an article that has all its words, in order in each field, or an ArticleError."""
    given_words = words(clean_text(text))
    kept = Counter(word for word in given_words if word.casefold() not in MARK_WORDS and len(word) > 2)
    try:
        article = read_newsroom_text(text)
    except ArticleError:
        assert not kept
        return
    read_words = Counter(word for field in fields(article) for word in words(field))
    assert not kept - read_words
    assert article.headline
    assert all(in_order(words(field), given_words) for field in fields(article))
    assert all(section.paragraphs and all(section.paragraphs) for section in article.deep_look)
