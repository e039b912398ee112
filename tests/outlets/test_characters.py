"""Which characters are published, and how much of a long text."""

from html.parser import HTMLParser

import pytest

from morning_edition.outlets.characters import barely_escaped, clean, first_filled, plain, shorten


class Shown(HTMLParser):
    """The text of a description, which has no tag, as a client shows it that takes it for HTML."""

    def __init__(self, description: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.feed(str(description))
        self.close()

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        raise AssertionError(tag)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("Homs & Hama; AT&T’s <3", "Homs & Hama; AT&T’s <3"),
        ("a < b > c", "a < b > c"),
        ("<b>Hama</b>", "&lt;b>Hama&lt;/b>"),
        ("&copy &#65; &amp;", "&amp;copy &amp;#65; &amp;amp;"),
        ("]]>", "]]&gt;"),
    ],
)
def test_a_description_reads_right_as_html_and_nearly_always_as_text(text: str, escaped: str) -> None:
    assert escaped == barely_escaped(text)


def test_no_words_turn_into_markup(hostile: str) -> None:
    assert clean(hostile) == Shown(barely_escaped(hostile)).text == Shown(plain(hostile)).text
    assert "]]>" not in barely_escaped(hostile)


def test_controls_surrogates_and_noncharacters_are_not_published() -> None:
    assert clean("a\x00b\x0bc\x7fd\x85e\ud800f\ufdd0g\uffffh\U0010fffei") == "abcdefghi"
    assert clean("tab\tline\nsoft\xadhyphen \u202e \ue000 👍") == "tab\tline\nsoft\xadhyphen \u202e \ue000 👍"


@pytest.mark.parametrize(
    ("text", "short"),
    [
        (" Hama falls ", "Hama falls"),
        ("Hama falls to rebels", "Hama falls…"),
        ("Hamafallstorebels", "Hamafallstor…"),
        ("A headlinewithoutspaces", "A headlinewi…"),
    ],
)
def test_a_long_text_is_cut_at_a_space_unless_little_would_be_left(text: str, short: str) -> None:
    assert short == shorten(text, 13)


def test_the_first_text_with_anything_in_it_is_taken() -> None:
    assert first_filled("", " \x00", " Hama ", "Homs") == "Hama"
    assert first_filled("", "\x00") == ""
