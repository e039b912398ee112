"""Addresses from outside, made safe to link to."""

import pytest

from morning_edition.outlets.addresses import plain_address


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://news.example/a?b=1&c=%20d#e", "https://news.example/a?b=1&c=%20d#e"),
        ("https://news.example/сирия", "https://news.example/%D1%81%D0%B8%D1%80%D0%B8%D1%8F"),
        ("https://münchen.example:8080/", "https://xn--mnchen-3ya.example:8080/"),
        ("https://news.example/a b", "https://news.example/a%20b"),
        ("https://desk:secret@news.example/a", "https://news.example/a"),
        ("https://desk:secret@münchen.example/", "https://xn--mnchen-3ya.example/"),
        ("https://@/", ""),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("https://", ""),
        ("https://[", ""),
        ("https://a:b/", ""),
        ("https://x y/", ""),
        ("https://news.example/100%/[a]?b=[]#c#d", "https://news.example/100%25/%5Ba%5D?b=%5B%5D#c%23d"),
    ],
)
def test_a_web_address_comes_out_in_plain_ascii_and_nothing_else_does(address: str, expected: str) -> None:
    assert expected == plain_address(address)


def test_no_words_make_an_address_that_is_not_plain(hostile: str) -> None:
    address = plain_address("https://news.example/" + hostile)

    assert address.isascii()
    assert address.isprintable()
    assert not set(address) & set(' "<>\\^`{|}[]')
    assert plain_address(hostile) == "" or hostile.startswith("http")
