"""How much is read: by depth and by minutes, whole paragraphs, and never nothing."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from morning_edition.articles import Article, QuickLook, Section
from morning_edition.script import Script
from morning_edition.script.extent import cut_to_depth, estimate_ms, measure_places, tell_cuts
from morning_edition.script.notation import parse_script
from morning_edition.script.writing import select_reading, write_script
from morning_edition.station import Cast, Extent, Station

DAY = dt.date(2025, 3, 11)
SENTENCE = "The council of Port Anders met on {} and bought two new ferries for the bay."
STORY = Article(
    "Ferries Return",
    lede="Ferries crossed the bay on Monday.",
    quick_looks=(QuickLook("Two boats began.", "First"), QuickLook("It cost $38 million.", "Price")),
    deep_look=(
        Section((SENTENCE.format("Monday"), SENTENCE.format("Tuesday"))),
        Section((SENTENCE.format("Friday"), SENTENCE.format("Sunday")), "Who Pays"),
    ),
)
DEEP = ["deep-1-1", "deep-1-2", "deep-2-1", "deep-2-2"]


def station(**extent: object) -> Station:
    return Station(Path("nowhere"), script=Extent(**extent))  # type: ignore[arg-type]


def written(article: Article, **extent: object) -> Script:
    return parse_script(write_script(article, station(**extent), DAY), to_spoken=str)


def heard(script: Script) -> set[str]:
    return {line.source for line in script.lines if line.source}


@pytest.mark.parametrize(
    ("depth", "read"),
    [
        ("brief", {"headline", "lede"}),
        ("quick", {"headline", "lede", "look-1", "look-2"}),
        ("full", {"headline", "lede", "look-1", "look-2", "deep-2", *DEEP}),
    ],
)
def test_the_depth_says_which_tiers_are_read(depth: str, read: set[str]) -> None:
    assert heard(written(STORY, depth=depth)) == read


@pytest.mark.parametrize("depth", ["brief", "quick"])
def test_nothing_is_said_of_a_part_that_is_not_read(depth: str) -> None:
    script = written(STORY, depth=depth)

    assert "Now, the Deep Look." not in [line.text for line in script.lines]
    assert "deep_look" not in [segment.kind for segment in script.segments]
    assert "deep_look" in [part.kind for part in script.parts]


def test_what_is_not_read_stands_struck_in_its_place() -> None:
    script = written(STORY, depth="quick")

    assert [(one.source, one.opens, one.chapter, one.role) for one in script.parts[2].left_out] == [
        ("deep-1-1", "paragraph", "", "correspondent"),
        ("deep-1-2", "paragraph", "", "correspondent"),
        ("deep-2", "chapter", "Who Pays", "correspondent"),
        ("deep-2-1", "paragraph", "", "correspondent"),
        ("deep-2-2", "paragraph", "", "correspondent"),
    ]
    assert {one.reason for one in script.left_out} == {"the depth is quick"}


@pytest.mark.parametrize(
    ("article", "read"),
    [
        (replace(STORY, lede=""), "deep-1-1"),
        (replace(STORY, lede="", deep_look=()), "look-1"),
        (Article("Headline", deep_look=(Section(("One.",)),)), "deep-1-1"),
    ],
)
def test_a_story_without_a_lede_is_never_cut_to_its_headline(article: Article, read: str) -> None:
    assert heard(written(article, depth="brief")) - {"headline"} == {read}
    assert read in heard(written(article, minutes=0.01))


def test_an_article_of_nothing_but_a_headline_can_be_brief() -> None:
    assert heard(written(Article("Headline"), depth="brief", minutes=1)) == {"headline"}


def test_minutes_cut_paragraphs_from_the_end() -> None:
    """The longer the time, the more is read; whatever is read is a beginning of the whole."""
    places = ["look-1", "look-2", *DEEP]
    counts = []
    for minutes in (0.01, 0.2, 0.35, 0.45, 0.55, 0.65, 0.8, 5):
        read = heard(written(STORY, minutes=minutes))
        counts.append(len([place for place in places if place in read]))
        assert [place for place in places if place in read] == places[: counts[-1]]
    assert counts == sorted(counts)
    assert (counts[0], counts[-1]) == (0, 6)
    assert len(set(counts)) > 4


def test_no_paragraph_is_cut_in_two() -> None:
    long = replace(STORY, deep_look=(Section((" ".join([SENTENCE.format("Monday")] * 40),) * 2),))
    script = written(long, minutes=1)

    assert not {one.source for one in script.left_out} & heard(script)
    assert len([one for one in script.left_out if one.source == "deep-1-1"]) == 40


def test_what_is_read_fits_the_minutes() -> None:
    long = replace(STORY, deep_look=(Section(tuple(SENTENCE.format(f"May {n}") for n in range(1, 31))),))
    for minutes in (1, 2, 3):
        show = station(minutes=minutes)
        script = written(long, minutes=minutes)
        spent_ms = sum(estimate_ms(line, show) for line in script.lines)
        assert (minutes - 0.15) * 60_000 < spent_ms <= minutes * 60_000


def test_the_looks_that_are_read_are_counted() -> None:
    programmes = [[line.text for line in written(STORY, minutes=n / 50).lines] for n in range(10, 30)]
    one, two = "Here is the story in one Quick Look.", "Here is the story in two Quick Looks."

    assert any(one in texts and "First." in texts for texts in programmes)
    assert any(two in texts and "First, First." in texts for texts in programmes)
    assert not any(one in texts and "Price." in texts for texts in programmes)


def test_a_chapter_of_which_nothing_is_read_is_silent() -> None:
    script = written(STORY, minutes=0.7)

    assert "deep-1-1" in heard(script)
    assert "deep-2" not in heard(script)
    assert not any(line.chapter for line in script.lines)


def test_a_faster_voice_reads_more_in_the_same_time() -> None:
    line = written(STORY).lines[0]
    usual, fast = station(), station(words_a_minute=320)
    assert estimate_ms(line, fast) < estimate_ms(line, usual)
    quick_cast = replace(usual, cast=Cast(anchor=replace(Cast().anchor, rate=2.0)))
    assert estimate_ms(line, quick_cast) == estimate_ms(line, fast)


def test_every_line_is_counted_once() -> None:
    show, script = station(), written(STORY)
    rest_ms, by_place = measure_places(script, show)

    assert set(by_place) == {"look-1", "look-2", *DEEP}
    assert rest_ms + sum(by_place.values()) == sum(estimate_ms(line, show) for line in script.lines)


def test_the_producer_is_told_what_is_left_out() -> None:
    assert tell_cuts(STORY, {}) == ""
    assert tell_cuts(STORY, cut_to_depth(STORY, "quick")) == (
        "left out 4 paragraphs, 64 words: the depth is quick"
    )
    assert select_reading(STORY, station(depth="brief"), DAY).told == (
        "left out 2 Quick Looks and 4 paragraphs, 73 words: the depth is brief"
    )
    assert tell_cuts(STORY, {"deep-2-2": "past 1 minute"}) == (
        "left out 1 paragraph, 16 words: past 1 minute"
    )


def test_picked_quick_looks_can_be_switched_off() -> None:
    said = (
        "Eleven kelp farms have opened on the northern coast since 2021.",
        "A mill in Sandvik wants to make packaging and cups from dried plants.",
        "Crab fishers say that ropes take up water where pots are set.",
        "The state plans 60 licenses for growers by the end of May.",
    )
    long = Article("Kelp", deep_look=(Section(said),))

    assert "quick_looks" in [part.kind for part in written(long).parts]
    assert "quick_looks" not in [part.kind for part in written(long, pick_quick_looks=False).parts]
