"""A story without Quick Looks gets them from its own sentences, untouched."""

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from morning_edition.articles import Article, QuickLook, Section
from morning_edition.script.extracting import fill_quick_looks, pick_sentences, stands_alone
from morning_edition.spoken import split_sentences

PARAGRAPHS = (
    "Eleven kelp farms have opened along the northern coast since 2021, and four more wait for a license. "
    "The farms employ 240 people in villages that lost their canneries.",
    "“It grows while we sleep,” said Ola Brandvik, who ropes kelp off Tarn Point. “And it asks for nothing.”",
    "Most of the kelp is dried and sold as fertilizer, at $900 a ton. "
    "A mill in Sandvik wants to make packaging from it. But nobody has paid for the machines.",
    "Crab fishers say the ropes take up water where they set their pots. They want a line drawn on the map.",
    "The coast guard has moved only one farm so far. "
    "The northern coast has room for 60 farms, the state says.",
)
STORY = Article("Kelp Farms Spread Along the Coast", deep_look=(Section(PARAGRAPHS),))


def texts(article: Article) -> list[str]:
    return [look.text for look in article.quick_looks]


def test_five_sentences_are_picked_word_for_word_and_in_order() -> None:
    sentences = [sentence for paragraph in PARAGRAPHS for sentence in split_sentences(paragraph)]
    picked = texts(fill_quick_looks(STORY))

    assert len(picked) == 5
    assert picked == [sentence for sentence in sentences if sentence in picked]


def test_a_pick_says_that_it_is_one_and_has_no_label() -> None:
    assert {(look.label, look.extracted) for look in fill_quick_looks(STORY).quick_looks} == {("", True)}


def test_a_pick_knows_its_place() -> None:
    for place, text in pick_sentences(STORY):
        assert text in PARAGRAPHS[int(place.removeprefix("deep-1-")) - 1]


def test_what_the_newsroom_wrote_stands() -> None:
    written = replace(STORY, quick_looks=(QuickLook("Kelp grows.", "Growth"),))

    assert fill_quick_looks(written) is written


def test_what_is_not_read_aloud_is_not_picked() -> None:
    """No caption; and of a sentence with a dateline, what is read of it."""
    shown = (
        "TARN POINT, Norway (AP) — Kelp farms now spread along the whole coast of the northern county.",
        "Kelp farms spread along the coast near the mill in Sandvik on Monday. Photo: Jane Okafor.",
    )
    picked = texts(fill_quick_looks(replace(STORY, deep_look=(Section(shown + PARAGRAPHS),))))

    assert picked[0] == "Kelp farms now spread along the whole coast of the northern county."
    assert not any("near the mill" in text for text in picked)


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_a_short_story_gets_none(count: int) -> None:
    """Fewer than four sentences are read as quickly as their Quick Looks would be."""
    said = tuple(f"The council of Port {name} bought a new ferry on Monday." for name in "ABC"[:count])

    assert texts(fill_quick_looks(Article("Ferries", deep_look=(Section(said),) if said else ()))) == []


def test_at_most_every_other_sentence_is_picked() -> None:
    short = replace(STORY, deep_look=(Section(PARAGRAPHS[:2]),))

    assert len(split_sentences(" ".join(PARAGRAPHS[:2]))) == 4
    assert len(texts(fill_quick_looks(short))) <= 2


def test_what_the_lede_says_is_not_picked_again() -> None:
    """It has just been read."""
    first = split_sentences(PARAGRAPHS[0])[0]
    lede = "Eleven kelp farms have opened along the northern coast since 2021; four more wait for licenses."

    assert first in texts(fill_quick_looks(STORY))
    assert first not in texts(fill_quick_looks(replace(STORY, lede=lede)))


def test_no_two_picks_say_the_same() -> None:
    doubled = replace(STORY, deep_look=(*STORY.deep_look, *STORY.deep_look))
    picked = texts(fill_quick_looks(doubled))

    assert sorted(set(picked)) == sorted(picked)


@pytest.mark.parametrize(
    "sentence",
    [
        "The council bought two ferries for $9 million on Monday.",
        "Die Behörde nannte das Vorhaben der Stadt „verfrüht“ und vertagte es.",
        "$900 a ton is what dried kelp is sold for in Sandvik.",
        "Officials said the bridge would “certainly” open before June 2.",
    ],
)
def test_a_statement_that_needs_nothing_before_it_stands_alone(sentence: str) -> None:
    assert stands_alone(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "But the coast guard has moved only one farm so far.",
        "However, the coast guard has moved only one farm so far.",
        "They want a line drawn on the map of the harbor.",
        "He’s been the harbor master of Skerry Point since 2011.",
        "This is the first time in nine years that boats cross.",
        "In addition, the council bought two ferries on Monday.",
        "In 2011, at age nineteen, she joined the council of Skerry.",
        "By that time, the harbor of Skerry was full of boats.",
        "The council also bought two ferries on Monday.",
        "After two years in Port Anders, she joined the council of Skerry.",
        "With the new ferry, they’ve doubled the boats of the harbor.",
        "The decision came after a debate of three hours on Monday.",
        "“We never stopped looking at the water on that side.",
        "And it asks for nothing from anybody here,” he said.",
        "“We never stopped looking at the water,” said the mayor.",
        "Who pays for the two new ferries of the council?",
        "Read more about the ferries in our weekend edition.",
        "Kelp grows fast.",
        "The Ferries of the Council of Port Anders",
        " ".join(["The council", *["bought two new ferries and"] * 12, "left."]),
        "",
        "…",
        '"The mayor" and "the council met on Monday in the harbor.',
    ],
)
def test_a_sentence_that_leans_on_another_or_is_cut_does_not(sentence: str) -> None:
    assert not stands_alone(sentence)


@given(st.lists(st.text(max_size=60), max_size=12), st.text(max_size=20), st.text(max_size=20))
def test_whatever_is_picked_stands_in_the_story(paragraphs: list[str], headline: str, lede: str) -> None:
    story = Article(headline, lede=lede, deep_look=(Section(tuple(paragraphs)),))

    for place, text in pick_sentences(story):
        assert text in split_sentences(paragraphs[int(place.removeprefix("deep-1-")) - 1])


@pytest.mark.parametrize(
    "paragraph",
    [
        "The council of Port Anders bought a new ferry on Monday. " * 5000,
        " ".join(f"The council of Port {n} bought ferry {n * 7} on Monday." for n in range(5000)),
        "word " * 50_000 + ".",
        "“" * 100_000,
        "A" * 250_000,
    ],
    ids=lambda text: text[:12],
)
def test_a_huge_story_takes_no_longer_than_its_length(paragraph: str) -> None:
    story = Article("Ferries", deep_look=(Section((paragraph,)),))
    begun = time.process_time()
    fill_quick_looks(story)

    assert time.process_time() - begun < 3
