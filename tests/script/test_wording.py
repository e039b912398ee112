"""Numbers, dates and hand-overs are said as people say them."""

import datetime as dt

import pytest

from morning_edition.script.wording import (
    HAND_OVER_WORDS,
    format_hand_over,
    format_spoken_date,
    spell_number,
    spell_ordinal,
)


@pytest.mark.parametrize(
    ("number", "spelled"),
    [(0, "zero"), (1, "one"), (12, "twelve"), (20, "twenty"), (21, "21"), (-1, "-1")],
)
def test_small_numbers_are_spelled(number: int, spelled: str) -> None:
    assert spell_number(number) == spelled


@pytest.mark.parametrize(
    ("number", "spelled"),
    [
        (1, "first"),
        (12, "twelfth"),
        (20, "twentieth"),
        (21, "21st"),
        (22, "22nd"),
        (23, "23rd"),
        (24, "24th"),
        (101, "101st"),
        (111, "111th"),
        (112, "112th"),
        (113, "113th"),
    ],
)
def test_small_ordinals_are_spelled(number: int, spelled: str) -> None:
    assert spell_ordinal(number) == spelled


@pytest.mark.parametrize(
    ("date", "said"),
    [
        (dt.date(2024, 12, 6), "Friday, December 6th"),
        (dt.date(2025, 1, 1), "Wednesday, January 1st"),
        (dt.date(2025, 3, 2), "Sunday, March 2nd"),
        (dt.date(2025, 3, 3), "Monday, March 3rd"),
        (dt.date(2025, 3, 11), "Tuesday, March 11th"),
        (dt.date(2025, 3, 12), "Wednesday, March 12th"),
        (dt.date(2025, 3, 13), "Thursday, March 13th"),
        (dt.date(2024, 2, 29), "Thursday, February 29th"),
        (dt.date(2025, 5, 31), "Saturday, May 31st"),
    ],
)
def test_a_date_is_said_as_people_say_it(date: dt.date, said: str) -> None:
    assert format_spoken_date(date) == said


@pytest.mark.parametrize(
    ("heading", "number", "count", "said"),
    [
        ("Who Pays", 1, 1, "Next: Who Pays"),
        ("Who Pays?", 1, 1, "Next, a question: Who Pays?"),
        ("Four Flights", 1, 3, "Next: Four Flights"),
        ("Four Flights", 2, 3, "Now: Four Flights"),
        ("Four Flights", 3, 3, "And last: Four Flights"),
        ("What’s Next for Port Anders?", 3, 3, "And last, a question: What’s Next for Port Anders?"),
        ("Four Flights", 2, 2, "Now: Four Flights"),
        ("Four Flights", 4, 9, "Also in this story: Four Flights"),
        ("Four Flights", 5, 9, "Next: Four Flights"),
        ("Next Steps", 1, 2, "Moving on: Next Steps"),
        ("And Now the Weather", 2, 3, "Moving on: And Now the Weather"),
        ("What Next?", 1, 2, "A question: What Next?"),
        ("“Who, Me?”", 1, 2, "Next, a question: “Who, Me?”"),
        ("Local: Guns and Fins", 1, 3, "Next, Local: Guns and Fins"),
        ("  Two\n rows ", 1, 2, "Next: Two rows"),
        ("", 1, 1, ""),
    ],
)
def test_a_subhead_is_a_hand_over(heading: str, number: int, count: int, said: str) -> None:
    """The title itself is said as it stands, and nothing is said twice."""
    assert format_hand_over(heading, number, count) == said


def test_a_hand_over_says_nothing_but_what_is_known_to_be_one() -> None:
    for number in range(1, 7):
        for heading in ("X", "X?", "Next X", "Now X?", "Last X"):
            said = format_hand_over(heading, number, 6).removesuffix(heading)
            assert set(said.lower().replace(",", "").replace(":", "").split()) <= HAND_OVER_WORDS
