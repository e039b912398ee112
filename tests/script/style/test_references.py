"""References of HTML that were left in a text: their semicolon is no stop."""

import pytest

from morning_edition.script.lines import end_sentence
from morning_edition.script.style.references import ends_in_reference


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fish &amp;", True),
        ("5&euro;", True),
        ("an ampersand: &#38;", True),
        ("an ampersand: &#x26;", True),
        ("&CounterClockwiseContourIntegral;", True),
        ("R&D;", False),
        ("AT&T;", False),
        ("R&Design;", False),
        ("Fish &amp; chips;", False),
        ("Fish &amp", False),
        (f"&{'a' * 100_000};", False),
        ("", False),
    ],
)
def test_a_reference_is_told_from_a_name_with_an_ampersand(text: str, expected: bool) -> None:
    assert ends_in_reference(text) is expected


@pytest.mark.parametrize(
    ("phrase", "sentence"), [("It costs 5&euro;", "It costs 5&euro;."), ("It costs;", "It costs.")]
)
def test_a_sentence_that_ends_in_a_reference_keeps_it_whole(phrase: str, sentence: str) -> None:
    assert end_sentence(phrase) == sentence
