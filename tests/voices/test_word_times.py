"""How the words of a text get their times from what an engine says that it said."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from morning_edition.voices import Word
from morning_edition.voices.word_times import place_words


def heard(*texts: str) -> list[Word]:
    """Return *texts* as words of 100 ms, with 50 ms between them, the first at 100 ms."""
    return [Word(text, 100 + 150 * place, 200 + 150 * place) for place, text in enumerate(texts)]


def placed(text: str, words: list[Word]) -> list[tuple[str, int, int]]:
    return [(word.text, word.start_ms, word.end_ms) for word in place_words(text, words)]


def test_the_same_words_have_the_same_times() -> None:
    """Whatever their marks, capitals and accents."""
    words = heard("rain", "FELL", "in", "orleans", "on", "friday")
    assert placed("“Rain fell,” in Orléans on Friday.", words) == [
        ("“Rain", 100, 200),
        ("fell,”", 250, 350),
        ("in", 400, 500),
        ("Orléans", 550, 650),
        ("on", 700, 800),
        ("Friday.", 850, 950),
    ]


@pytest.mark.parametrize(
    ("token", "said"),
    [
        ("Latakia", ["lah", "tah", "kee", "ah"]),
        ("Latakia", ["lah-tah-kee-ah"]),
        ("twenty-one", ["twenty", "one"]),
        ("1982", ["nineteen", "eighty", "two"]),
        ("$3.5m", ["three", "point", "five", "million", "dollars"]),
        ("3km", ["three", "kilometres"]),
        ("A320", ["a", "three", "twenty"]),
        ("COVID-19", ["covid", "nineteen"]),
        ("Mr.", ["mister"]),
        ("&", ["and"]),
        ("🙂", ["smiling", "face"]),
        ("AT&T", ["a", "t", "and", "t"]),
        ("U.S.", ["U", ".", "S"]),
    ],
)
def test_one_word_said_in_others_lasts_as_long_as_they_do(token: str, said: list[str]) -> None:
    words = heard("went", "to", *said, "in", "winter")
    times = placed(f"went to {token} in winter", words)

    assert times[2] == (token, words[2].start_ms, words[-3].end_ms)
    assert [(word.text, word.start_ms, word.end_ms) for word in words[-2:]] == times[-2:]


def test_words_that_the_engine_runs_together_share_their_time_by_letters() -> None:
    words = [Word("they", 0, 100), Word("had been here", 200, 310), Word("then", 400, 500)]
    assert placed("they had been here then", words)[1:4] == [
        ("had", 200, 230),
        ("been", 230, 270),
        ("here", 270, 310),
    ]


def test_numbers_in_a_row_share_what_was_said_of_them() -> None:
    words = heard("from", "nineteen", "to", "ninety", "people")
    assert placed("from 19-90 000 people", words)[1:3] == [("19-90", 250, 471), ("000", 471, 650)]


def test_words_that_were_not_told_of_share_the_gap() -> None:
    words = [Word("the", 0, 100), Word("fox", 900, 1000)]
    assert placed("the quick-ish grey fox", words) == [
        ("the", 0, 100),
        ("quick-ish", 100, 633),
        ("grey", 633, 900),
        ("fox", 900, 1000),
    ]


def test_words_before_and_after_all_that_was_told_take_no_time() -> None:
    words = [Word("the", 50, 100), Word("fox", 150, 200)]
    assert placed("See the fox run", words) == [
        ("See", 50, 50),
        ("the", 50, 100),
        ("fox", 150, 200),
        ("run", 200, 200),
    ]


def test_words_that_the_engine_adds_change_no_other() -> None:
    words = heard("um", "the", "er", "fox", "ran", "well")
    assert placed("The fox ran", words) == [("The", 250, 350), ("fox", 550, 650), ("ran", 700, 800)]


@pytest.mark.parametrize("mark", ["—", "…", "“", "/ /"])
def test_a_mark_that_is_not_said_takes_no_time(mark: str) -> None:
    times = placed(f"rain {mark} snow", heard("rain", "snow"))

    assert times[0] == ("rain", 100, 200)
    assert times[-1] == ("snow", 250, 350)
    assert {(start, end) for _, start, end in times[1:-1]} == {(200, 200)}


def test_the_same_word_again_and_again_stays_in_step() -> None:
    words = heard(*"ha ha ha no ha ha".split())
    assert placed("Ha ha ha, no, ha ha!", words)[3] == ("no,", 550, 650)


def test_a_word_run_together_with_another_is_not_taken_for_its_like_elsewhere() -> None:
    words = [Word("wanted to", 0, 400), Word("issue support", 450, 1000), Word("to", 1050, 1100)]
    assert placed("wanted to issue support to", words) == [
        ("wanted", 0, 300),
        ("to", 300, 400),
        ("issue", 450, 679),
        ("support", 679, 1000),
        ("to", 1050, 1100),
    ]


def test_a_digit_for_a_word_does_not_shift_its_neighbours() -> None:
    words = heard(*"in nineteen ninety in hama in two".split())
    assert placed("in 1990 in Hama in 2", words) == [
        ("in", 100, 200),
        ("1990", 250, 500),
        ("in", 550, 650),
        ("Hama", 700, 800),
        ("in", 850, 950),
        ("2", 1000, 1100),
    ]


def test_text_without_spaces_is_one_word() -> None:
    assert placed("今天下雨", heard("今天", "下雨")) == [("今天下雨", 100, 350)]


@pytest.mark.parametrize(("text", "words"), [("", heard("rain")), (" \n", heard("rain")), ("rain", [])])
def test_without_words_there_are_no_times(text: str, words: list[Word]) -> None:
    assert place_words(text, words) == ()


def test_times_that_overlap_or_run_backwards_are_put_in_order() -> None:
    words = [Word("one", 0, 300), Word("two", 200, 150), Word("three", 180, 400)]
    assert placed("one two three", words) == [("one", 0, 200), ("two", 200, 200), ("three", 200, 400)]


WORDS = st.sampled_from(
    "the a of had been 1982 3km twenty-one Latakia — & Ha ha. İstanbul ﷽ ½ e\u0301".split()
)
MS = st.integers(0, 60_000)


@given(
    st.lists(WORDS, max_size=30) | st.text().map(str.split),
    st.lists(st.builds(Word, WORDS | st.text(max_size=12), MS, MS), min_size=1, max_size=30),
)
def test_every_word_has_a_time_after_the_one_before(tokens: list[str], words: list[Word]) -> None:
    times = place_words(" ".join(tokens), words)

    assert [word.text for word in times] == tokens
    edges = [edge for word in times for edge in (word.start_ms, word.end_ms)]
    assert edges == sorted(edges)
    assert edges[:1] >= [words[0].start_ms] * len(edges[:1])
    assert edges[-1:] <= [max(max(word.start_ms, word.end_ms) for word in words)]


@given(st.lists(WORDS.filter(lambda word: any(map(str.isalnum, word))), min_size=1, max_size=30))
def test_an_engine_that_tells_of_each_word_is_believed(tokens: list[str]) -> None:
    words = heard(*tokens)
    assert place_words(" ".join(tokens), words) == tuple(words)


@pytest.mark.parametrize("word", ["a", "ab ba aab", "Rain fell in", "x" * 5_000])
def test_a_long_line_is_placed_in_no_time(word: str) -> None:
    text = (f"{word} " * (5_000 // len(word)))[:5_000]
    words = heard(*(token[::-1] + "s" for token in text.split()))
    began_s = time.monotonic()
    assert len(place_words(text, words)) == len(text.split())
    assert time.monotonic() - began_s < 1


def test_a_line_beyond_all_bounds_shares_the_time_evenly() -> None:
    words = [Word("?" * 20_000, 0, 2_000)]
    assert placed("x" * 10_000 + " " + "y" * 10_000, words)[1][1:] == (1_000, 2_000)
