"""The dictionary: whole, quick, and forgiving of case and apostrophes."""

import subprocess
import sys
import time

import pytest

from morning_edition.pronunciation.cmudict import find_pronunciations, is_word


@pytest.mark.parametrize(
    ("word", "pronunciations"),
    [
        ("Damascus", ("D AH0 M AE1 S K AH0 S",)),
        ("HOMS", ("HH AA1 M Z",)),
        ("a", ("AH0", "EY1")),
        ("read", ("R EH1 D", "R IY1 D")),
        ("'twas", ("T W AH1 Z",)),
        ("a.m.", ("EY2 EH1 M",)),
        ("zywicki", ("Z IH0 W IH1 K IY0",)),
        ("Latakia", ()),
        ("", ()),
        ("'s", ("EH1 S",)),
        ("two words", ()),
        ("a\na", ()),
        ("é", ()),
        ("x" * 100_000, ()),
    ],
)
def test_a_word_is_found_in_any_case_with_all_its_pronunciations(
    word: str, pronunciations: tuple[str, ...]
) -> None:
    """The most usual comes first, and a word that is not there has none."""
    assert find_pronunciations(word) == pronunciations
    assert is_word(word) == bool(pronunciations)


@pytest.mark.parametrize(
    ("word", "pronunciation"),
    [
        ("Hama’s", "HH AA1 M AH0 Z"),
        ("Ankara's", "AE1 NG K ER0 AH0 Z"),
        ("Nash's", "N AE1 SH IH0 Z"),
        ("Basque's", "B AE1 S K S"),
        ("leaders'", "L IY1 D ER0 Z"),
    ],
)
def test_a_possessive_follows_its_word(word: str, pronunciation: str) -> None:
    assert find_pronunciations(word)[0] == pronunciation


def test_a_first_look_up_takes_no_time_that_a_command_would_feel() -> None:
    """The module reads nothing until it is asked, and then one letter's file."""
    code = (
        "import time; a = time.process_time(); from morning_edition.pronunciation import cmudict; "
        "b = time.process_time(); cmudict.is_word('strange'); print(b - a, time.process_time() - b)"
    )
    times_s = [
        [float(part) for part in subprocess.check_output([sys.executable, "-c", code], text=True).split()]
        for _ in range(5)
    ]

    assert min(importing for importing, _ in times_s) < 0.05
    assert min(looking for _, looking in times_s) < 0.01


def test_a_thousand_words_take_less_than_a_second() -> None:
    begun = time.process_time()
    for number in range(1000):
        is_word(f"{'abcdefghijklmnopqrstuvwxyz'[number % 26]}word{number}")

    assert time.process_time() - begun < 1
