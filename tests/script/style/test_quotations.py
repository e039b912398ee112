"""Quoted words are told from apostrophes, inches and lost marks."""

import re

import pytest

from morning_edition.script.style.quotations import edit_outside, find_quotations, quoted_parts


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("He said “no” and “yes”.", ["“no”", "“yes”"]),
        ('He said "no" and "yes".', ['"no"', '"yes"']),
        ("He said ‘no’ and 'yes'.", ["‘no’", "'yes'"]),
        ("He said «no» and „yes“.", ["«no»", "„yes“"]),
        ("“He said ‘no’ to it”", ["“He said ‘no’ to it”"]),
        ("‘the soldiers’ commander’ left", ["‘the soldiers’ commander’"]),
        ("the soldiers’ ’80s, rock ’n’ roll, it’s", []),
        ("rock 'n' roll of the '80s isn't the dogs' own", []),
        ("a 6' 2\" man", []),
        ("“It goes on. And on.", ["“It goes on. And on."]),
        ("He said: “It goes on.", ["“It goes on."]),
        ("“One. “Two.”", ["“Two.”"]),
        ("", []),
        ('"We wait,” said Ono. "We wait.”', ['"We wait,”', '"We wait.”']),
        ('“We wait," said Ono. “We wait."', ['“We wait,"', '“We wait."']),
        ('"It goes “on” and on"', ['"It goes “on” and on"']),
        ('“He said "no" to it”', ['“He said "no" to it”']),
        ('“He said "no" to it."', ['“He said "no" to it."']),
        ('“It goes on with "no" and "yes".', ['“It goes on with "no" and "yes".']),
    ],
)
def test_quotations_are_found(text: str, quoted: list[str]) -> None:
    assert quoted == [text[found.start : found.end] for found in find_quotations(text)]


def test_each_sentence_knows_its_part_of_a_quotation() -> None:
    sentences = ["He said “one.", "Two.", "Three” and “four”."]

    parts = [
        [(sentence[part.start : part.end], part.opened, part.closed) for part in found]
        for sentence, found in zip(sentences, quoted_parts(sentences), strict=True)
    ]

    assert parts == [
        [("“one.", True, False)],
        [("Two.", False, False)],
        [("Three”", False, True), ("“four”", True, True)],
    ]


def test_quoted_words_are_not_edited() -> None:
    edited = edit_outside(["a “a a", "a” a", "a"], re.compile("a"), lambda match: "b")

    assert edited == ["b “a a", "a” b", "b"]
