"""Words written alike are said as their neighbours have it, or left to the voice."""

import time
from pathlib import Path

import pytest

from morning_edition.spoken.english.heteronyms import find_heteronyms


def read_cases() -> list[tuple[str, str, str]]:
    """Return a sentence, one word of it, and how that is said."""
    lines = Path(__file__).with_name("heteronyms.tsv").read_text("utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines if not line.startswith("# ")]  # type: ignore[misc]


@pytest.mark.parametrize(("sentence", "word", "ipa"), read_cases())
def test_neighbours_tell_how_a_word_is_said(sentence: str, word: str, ipa: str) -> None:
    """Nouns from verbs, metals from leaders, birds from divers."""
    said = {sentence[found.start : found.end].lower(): found.ipa for found in find_heteronyms(sentence)}
    assert ipa == said[word.lower()]


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "Nothing here is said in two ways.",
        "Analysts project growth.",
        "The two accounts conflict.",
        "He moved to Live Oak.",
    ],
)
def test_what_neighbours_do_not_tell_is_left_to_the_voice(sentence: str) -> None:
    """A plural before a verb looks like a verb before a noun."""
    assert find_heteronyms(sentence) == ()


def test_curly_apostrophes_and_names_are_seen() -> None:
    """ "The White House's" holds no verb, and "don’t use" no noun."""
    assert [found.ipa for found in find_heteronyms("They don’t use it.")] == ["juːz"]
    assert [found.ipa for found in find_heteronyms("He left the White House.")] == ["haʊs"]


@pytest.mark.parametrize("word", ["lead ", "read ", "to use ", "a", ". "])
def test_a_long_line_takes_no_longer_than_its_length(word: str) -> None:
    """250 kB within seconds."""
    began = time.process_time()
    find_heteronyms(word * (250_000 // len(word)))
    assert time.process_time() - began < 20
