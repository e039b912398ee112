"""Text for the speaker's own voice: nothing in it that is not to be read aloud, and never too much of it."""

import time
import unicodedata

import pytest

from morning_edition.outlets.plain_text import cut_at_sentence, speakable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        (
            "Plain, with “quotes” & an ampersand; AT&T, R&D.",
            "Plain, with “quotes” & an ampersand; AT&T, R&D.",
        ),
        ("<b>Bold</b> claims", "Bold claims"),
        ("“<b>Bold</b>”: <i>claims</i>, all.", "“Bold”: claims, all."),
        ('<speak>Hi <break time="1s"/>there</speak>', "Hi there"),
        ("a < b > c", "a b c"),
        ("Fish &amp; chips &#38; peas", "Fish & chips & peas"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "alert(1)"),
        ("&amp;amp;amp; deep", "& deep"),
        ("x?a=1&copy=2", "x?a=1&copy=2"),
        ("<![CDATA[x]]>", "x"),
        ("nul\x00 bell\x07 escape\x1b[31m", "nul bell escape[31m"),
        ("evil \u202eesrever\u202c text\u200b", "evil esrever text"),
        ("👩‍👩‍👧‍👦 می‌خواهم", "👩‍👩‍👧‍👦 می‌خواهم"),
        ("one\n\ntwo\u2028three", "one two three"),
    ],
)
def test_only_words_are_left(text: str, expected: str) -> None:
    assert speakable(text) == expected


def test_whatever_comes_in_nothing_else_comes_out(hostile: str) -> None:
    """What was made speakable once stays as it is."""
    said = speakable(hostile)
    assert not set(said) & set("<>")
    assert not [letter for letter in said if unicodedata.category(letter) in {"Cc", "Cs", "Cn"}]
    assert speakable(said) == said


@pytest.mark.parametrize("unit", ["<!--", "<a ", "&amp;", "&amp", "<", "]]>", "\u202e", "&#8203;"])
def test_hostile_text_takes_no_time(unit: str) -> None:
    started = time.perf_counter()
    assert speakable(speakable(unit * 50_000)) == speakable(unit * 50_000)
    assert time.perf_counter() - started < 3


def test_a_text_that_is_too_long_ends_with_a_sentence() -> None:
    text = "Mr. Smith came at 6 p.m. on Monday. He left. “Why?” she asked. Nobody knew."
    assert cut_at_sentence(text, 1000) == text
    assert cut_at_sentence(text, len(text)) == text
    assert (
        cut_at_sentence(text, len(text) - 1)
        == "Mr. Smith came at 6 p.m. on Monday. He left. “Why?” she asked."
    )
    assert cut_at_sentence(text, 40) == "Mr. Smith came at 6 p.m. on Monday."


@pytest.mark.parametrize("text", ["word " * 3000, "x" * 9000, "🚢" * 9000, "🚢 " * 9000])
def test_one_endless_sentence_is_cut_all_the_same(text: str) -> None:
    """Letters outside the basic plane count twice, as in UTF-16."""
    cut = cut_at_sentence(text.strip(), 4499)
    assert 2000 < len(cut.encode("utf-16-le")) // 2 <= 4499
    assert cut.endswith("…")
