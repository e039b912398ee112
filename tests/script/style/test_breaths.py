"""A sentence too long for one breath is broken between clauses, never inside what belongs together."""

import pytest

from morning_edition.script.style.airing import Styled
from morning_edition.script.style.breaths import breathe, find_breath

TWELVE = "the old mayor of the town met the people of the valley"
NAMED = TWELVE.replace("the old mayor", "Ana Ruiz")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (f"{TWELVE};", TWELVE),
        (f"{TWELVE} —", TWELVE),
        (f"{TWELVE}:", TWELVE),
        (f"{TWELVE},", f"but {TWELVE}"),
        (f"{TWELVE},", f"which {TWELVE}"),
        (f"{TWELVE},", f"in which {TWELVE}"),
        (f"{TWELVE},", f"and they left when {TWELVE}"),
        (f"{TWELVE},", f"saying that {TWELVE}"),
        (f"{TWELVE},", f"and {TWELVE}"),
        (TWELVE, f"but {TWELVE}"),
        (TWELVE, f"because they left when {TWELVE}"),
        (f"{TWELVE}, while {TWELVE};", f"{TWELVE}, while {TWELVE}"),
        (f"{TWELVE} on Monday, Dec. 5, 2024,", f"when {TWELVE}"),
        (f"“{TWELVE} and many people of the sea,", f"which {TWELVE}.”"),
    ],
)
def test_a_breath_is_found_between_clauses(first: str, second: str) -> None:
    assert len(first) + 1 == find_breath(f"{first} {second}")


@pytest.mark.parametrize(
    "sentence",
    [
        f"{TWELVE} and {TWELVE}",
        f"{TWELVE}, apples, pears, and {TWELVE}",
        f"{TWELVE} of 1,000,000 {TWELVE}",
        f"{TWELVE} at 10:30 with {TWELVE}",
        f"{TWELVE} of 2000 – 2050 in {TWELVE}",
        f"{TWELVE} — and {TWELVE} — and {TWELVE}",
        f"the mayor said “{TWELVE}, but {TWELVE}”, and left",
        f"the mayor ({TWELVE}; {TWELVE}) left",
        f"no; {TWELVE}",
        f"{TWELVE} not because they left when {TWELVE}",
        "",
        "; " * 3_000,
    ],
)
def test_no_breath_is_taken_where_none_is_right(sentence: str) -> None:
    assert find_breath(sentence) is None


def test_a_long_sentence_is_cut_where_its_writer_put_a_mark() -> None:
    long = f"{TWELVE} {TWELVE}, which {TWELVE} {TWELVE}."

    assert breathe(Styled(long, "quote")) == [
        Styled(f"{TWELVE} {TWELVE},", "quote"),
        Styled(f"which {TWELVE} {TWELVE}.", "quote"),
    ]


def test_a_long_sentence_without_a_mark_gets_the_comma_that_is_missing() -> None:
    long = f"{TWELVE} {TWELVE} but {NAMED} {NAMED}."

    assert breathe(Styled(long)) == [Styled(f"{TWELVE} {TWELVE}, but {NAMED} {NAMED}.")]


def test_a_sentence_of_three_breaths_has_three_lines() -> None:
    long = f"{TWELVE} {TWELVE}; {TWELVE} {TWELVE}; {TWELVE} {TWELVE}."

    assert len(breathe(Styled(long))) == 3


def test_forty_words_are_one_breath() -> None:
    forty = " ".join(["word"] * 19) + ", but " + " ".join(["word"] * 20)

    assert breathe(Styled(forty)) == [Styled(forty)]
    assert len(breathe(Styled(forty + " more"))) == 2
