"""The Quick Looks that are heard: which lines each has, what it is called, and how it reads."""

import datetime as dt

import pytest

from morning_edition.articles.article import QuickLook
from morning_edition.mix.looks import cut_soundbites, find_looks, number_looks
from morning_edition.mix.running_order import Placement, RunningOrder
from morning_edition.mix.timeline import Chapter
from morning_edition.script.script import Line, Script, Segment

LOOKS = (QuickLook("Two boats began.", "First Crossing"), QuickLook("It cost much.", "Who Pays?"))


def look(*texts: str) -> tuple[Line, ...]:
    return tuple(Line(text, text, opens="" if place else "look") for place, text in enumerate(texts))


def script_of(*lines: Line) -> Script:
    intro = Segment("intro", "Intro", (Line("Good morning.", "Good morning."),))
    looks = Segment("quick_looks", "Quick Looks", (Line("Here they are.", "Here they are."), *lines))
    return Script("A day", dt.date(2024, 12, 6), "en-US", (intro, looks))


@pytest.mark.parametrize(
    ("lines", "title", "text"),
    [
        (
            ("First, First Crossing.", "Two boats began."),
            "First Crossing",
            "First Crossing: Two boats began.",
        ),
        (("First Crossing.", "Two boats began."), "First Crossing", "First Crossing: Two boats began."),
        (("And finally, Who Pays?", "It cost much."), "Who Pays?", "Who Pays? It cost much."),
        (("Next up, Who Pays?", "It cost much."), "Who Pays?", "Who Pays? It cost much."),
        (("Second, Another Label.", "It cost much."), "Another Label", "Another Label: It cost much."),
        (("And finally.", "Nobody knows.", "Nor why."), "Nobody knows. Nor why.", "Nobody knows. Nor why."),
        (("21st, First Crossing.", "Two boats began."), "First Crossing", "First Crossing: Two boats began."),
        (("Two boats began.",), "Two boats began.", "Two boats began."),
        (("Second boat sinks.",), "Second boat sinks.", "Second boat sinks."),
        (("First.",), "First.", "First."),
    ],
)
def test_a_quick_look_goes_by_its_label_or_its_first_words(
    lines: tuple[str, ...], title: str, text: str
) -> None:
    """What only counts them is not of its words."""
    (found,) = find_looks(script_of(*look(*lines)), LOOKS)
    assert (found.title, found.text) == (title, text)
    assert found.lines == tuple(range(2, 2 + len(lines)))


def test_first_words_are_cut_between_two_words() -> None:
    (found,) = find_looks(script_of(*look("And so it goes on and on " * 9)), ())
    assert len(found.title) <= 60
    assert found.title.endswith("…")


def test_lines_are_counted_through_the_whole_script() -> None:
    script = script_of(*look("One.", "More."), *look("Two."))
    assert number_looks(script) == ((2, 3), (4,))


def test_a_script_without_quick_looks_has_none() -> None:
    assert find_looks(script_of(), LOOKS) == ()


def test_a_soundbite_is_a_quick_look_from_its_first_line_to_its_last() -> None:
    """One of which nothing is heard has none."""
    found = find_looks(
        script_of(*look("First, First Crossing.", "Two boats began."), *look("Two."), *look("3.")), LOOKS
    )
    places = ((2, 10_000, 5_000), (3, 16_000, 4_000), (4, 30_000, 0), (5, 40_000, 1_000))
    order = RunningOrder(tuple(Placement(*place) for place in places), (0,), (), 60_000, 1000)
    assert cut_soundbites(found, order) == (
        Chapter("First Crossing", 10_000, 20_000),
        Chapter("3.", 40_000, 41_000),
    )
