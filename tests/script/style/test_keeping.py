"""No rule may change a name, a number or a quoted word, and none may lose or add a word that is not its own.

`find_changes` is the judge; it reads copy and lines without any of the rules' own means.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from morning_edition.articles import open_article
from morning_edition.script.style import (
    VERBATIM,
    Airing,
    Styled,
    Unread,
    leave_out,
    open_up_headline,
    restyle,
)
from morning_edition.spoken import split_sentences
from morning_edition.station.settings import Style

FRIDAY = dt.date(2024, 12, 6)
SAME_DAY = Airing(FRIDAY, FRIDAY, Style())
NEXT_DAY = Airing(FRIDAY, dt.date(2024, 12, 5), Style())
ARTICLES = Path(__file__).parents[3].parent / "shared" / "articles"
SAMPLES = Path(__file__).parents[2] / "data"

WORD = re.compile(r"[^\W_]+(?:[’'.,/&-][^\W_]+)*")
FOOTNOTE = re.compile(r"\[(?:\d{1,3}|[a-z]|note \d{1,3}|citation needed)\]")
QUOTED = re.compile(r'“[^“”"]*”|"[^“”"]*"')
MAY_COME = Counter({"or": 99, "that": 99})
"""What a gloss and a source that comes first add."""
DAY_WORDS = frozenset(
    "today yesterday tomorrow tonight this last morning afternoon evening night on at in the december 4 5 6 "
    "today's yesterday's tomorrow's tonight's "
    "wednesday thursday friday wednesday's thursday's friday's".split()
)
"""What resolving a day takes and adds."""


def words_in(texts: Iterable[str]) -> Counter[str]:
    return Counter(word for text in texts for word in WORD.findall(text))


def find_changes(
    copy: Sequence[str],
    lines: Sequence[Styled],
    unread: Sequence[Unread] = (),
    free: frozenset[str] = frozenset(),
) -> list[str]:
    """Name every word of *copy* that *lines* lack, have in another case, or have too much of.

    What is *unread* is left out of the account, and so are the *free* words and footnotes' marks.
    """
    before = words_in(copy)
    before -= words_in(item.text for item in unread)
    after = words_in(line.text for line in lines)
    begun = {word for text in copy for word in WORD.findall(text)[:1]}
    begins = {word for line in lines for word in WORD.findall(line.text)[:1]}
    lost, come = before - after, after - before
    for word in list(come.elements()):
        other = word[0].swapcase() + word[1:]
        if lost[other] and (word in begins if word[0].isupper() else other in begun):
            lost[other] -= 1
            come[word] -= 1
    lost -= words_in(mark for text in copy for mark in FOOTNOTE.findall(text))
    come -= MAY_COME
    return [
        f"{sign}{word}"
        for sign, words in (("-", lost), ("+", come))
        for word in words.elements()
        if word.lower() not in free
    ]


def quoted_in(texts: Iterable[str]) -> Counter[str]:
    return words_in(QUOTED.findall(" ".join(texts)))


def assert_kept(copy: Sequence[str], airing: Airing, free: frozenset[str] = frozenset()) -> list[Styled]:
    lines = restyle(copy, airing)
    _, unread = leave_out(copy, airing)
    assert find_changes(copy, lines, unread, free) == []
    return lines


def test_the_judge_sees_what_a_rule_might_do() -> None:
    copy = ["Ana Ruiz won 5-4.", "The end."]

    assert find_changes(copy, [Styled("Ana Ruiz won 5-4."), Styled("The end.")]) == []
    assert find_changes(copy, [Styled("the end."), Styled("Ana Ruiz won 5-4.")]) == []
    assert find_changes(copy, [Styled("Ana ruiz won 5-4."), Styled("The end.")]) == ["-Ruiz", "+ruiz"]
    assert find_changes(copy, [Styled("Ana Ruiz won 4-5."), Styled("The end.")]) == ["-5-4", "+4-5"]
    assert find_changes(copy, [Styled("Ana Ruiz won 5-4.")]) == ["-The", "-end"]
    assert find_changes(copy, [Styled("Ana Ruiz won 5-4, not lost."), Styled("The end.")]) == [
        "+not",
        "+lost",
    ]


NAMES = st.sampled_from(
    [
        "Ana Ruiz",
        "Bo O’Dean",
        "Hayat Tahrir al-Sham",
        "the World Health Organization",
        "Sen. Cy Li",
        "al-Golani",
        "officials",
        "Acme Inc.",
    ]
)
TITLES = st.sampled_from(
    ["", ", 42,", ", chief of the Observatory,", " (R-Texas)", " (HTS)", " (WHO)", ", who lives there,"]
)
VERBS = st.sampled_from(["said", "told reporters", "wrote on X", "warned", "adds", "asked"])
WHENS = st.sampled_from(["", " on Thursday", " in a statement", " yesterday", " today", " tonight"])
CLAIMS = st.sampled_from(
    [
        "The talks failed",
        "Rebels took 5 towns",
        "At least 1,200 people fled 40 miles (64 km)",
        "It was over in 2016[1]",
        "Hama fell today",
        "We will not go",
        "No",
    ]
)
JOINTS = st.sampled_from([", which was new, and ", "; ", " — ", " but ", ", and they ", ": "])
MARKS = st.sampled_from(["“”", '""', "‘’", "''", "«»"])
LONG = st.builds(str.join, JOINTS, st.lists(CLAIMS, min_size=1, max_size=9))


@st.composite
def sentences(draw: st.DrawFn) -> list[str]:
    """Make what a reporter writes: claims, sources, quotations whole, split and long, credits, datelines."""
    who, title, verb, when = draw(NAMES), draw(TITLES), draw(VERBS), draw(WHENS)
    claim, more = draw(LONG), draw(LONG)
    opens, closes = draw(MARKS)
    form = draw(
        st.sampled_from(
            [
                "{claim}.",
                "{claim}, {who} said{when}.",
                "{claim}, according to {who}.",
                "{opens}{claim},{closes} said {who}{title}{when}.",
                "{opens}{claim},{closes} {who}{title} {verb}{when}.",
                "{opens}{claim}{closes}, {who}{title} {verb}{when}.",
                "{opens}{claim},{closes} {who} {verb}{when}. | {opens}{more}.{closes}",
                "{opens}{claim},{closes} {who} {verb}, {opens}{more}.{closes}",
                "{opens}{claim},{closes} {who} {verb}, {opens}and {more}. | {claim}. | {more}.{closes}",
                "{opens}{claim}. | {more},{closes} {verb} {who}.",
                "{opens}{claim}. | {more}.{closes}",
                "{who} {verb}: {opens}{claim}. | {more}.{closes}",
                "{who} called it {opens}no{closes} ({more}).",
                "HAMA, Syria (AP) — {claim}.",
                "{claim}. | (AP Photo/{who})",
                "{claim} (Photo: {who}) in Hama.",
                "{opens}{claim}.",
            ]
        )
    )
    return form.format(**locals()).split(" | ")


PARAGRAPHS = st.lists(sentences(), max_size=4).map(lambda parts: [text for part in parts for text in part])


@settings(max_examples=400, deadline=None)
@given(PARAGRAPHS)
def test_no_word_of_generated_copy_is_changed_lost_or_added(copy: list[str]) -> None:
    assert_kept(copy, SAME_DAY)


@settings(max_examples=200, deadline=None)
@given(PARAGRAPHS)
def test_resolving_days_changes_nothing_but_days(copy: list[str]) -> None:
    assert_kept(copy, NEXT_DAY, DAY_WORDS)


@settings(max_examples=200, deadline=None)
@given(PARAGRAPHS)
def test_quoted_words_stay_quoted_and_as_they_were(copy: list[str]) -> None:
    airing = replace(NEXT_DAY, style=replace(Style(), slugs=False, dateline="keep"))

    assert quoted_in(copy) == quoted_in(line.text for line in restyle(copy, airing))


SIGNS = st.text(st.sampled_from("aB1 .,;:!?\"'“”‘’«»()[]—-&/\n\x00é"), max_size=60)


@settings(max_examples=400, deadline=None)
@given(st.lists(SIGNS | st.text(max_size=40) | CLAIMS, max_size=6))
def test_no_text_whatever_makes_a_rule_fail_or_lose_a_word(copy: list[str]) -> None:
    assert_kept(copy, SAME_DAY)
    restyle(copy, NEXT_DAY)


@settings(max_examples=200, deadline=None)
@given(
    SIGNS
    | st.text()
    | st.builds("{}{}{}".format, CLAIMS, JOINTS, CLAIMS)
    | st.builds("{}: {}".format, NAMES, CLAIMS)
)
def test_a_headline_keeps_its_words(text: str) -> None:
    said = open_up_headline(text, SAME_DAY)

    assert find_changes([text], [Styled(said)], free=frozenset({"and", "say", "says"})) == []


@pytest.mark.parametrize("rule", [*(name for name in Style.__slots__ if name != "dateline"), "dateline"])
@settings(max_examples=60, deadline=None)
@given(copy=PARAGRAPHS)
def test_each_rule_alone_keeps_every_word(rule: str, copy: list[str]) -> None:
    style = replace(VERBATIM, **{rule: "drop" if rule == "dateline" else True})

    assert_kept(copy, replace(SAME_DAY, style=style))


@pytest.mark.parametrize(
    "path", sorted([*ARTICLES.glob("*.txt"), *SAMPLES.glob("scripts/*.txt")]), ids=lambda path: path.stem
)
def test_no_word_of_an_article_is_changed_lost_or_added(path: Path) -> None:
    article = open_article(str(path))
    paragraphs = [
        article.lede,
        *(look.text for look in article.quick_looks),
        *(text for section in article.deep_look for text in section.paragraphs),
    ]
    for paragraph in paragraphs:
        copy = split_sentences(paragraph)
        lines = assert_kept(copy, SAME_DAY)
        assert quoted_in(copy) == quoted_in(line.text for line in lines)
