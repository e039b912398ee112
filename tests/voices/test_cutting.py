"""Where a line is cut for an engine that takes only so much at a time."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from morning_edition.pronunciation.utterance import Pronounced
from morning_edition.voices import Utterance
from morning_edition.voices.cutting import cut_text, cut_utterance, pause_after

LINE = "The council met on Monday, and nobody spoke; the vote, said Gen. Moss, was close. It passed."


@given(st.text(alphabet="ab ,.;é—", max_size=300), st.integers(1, 60))
def test_only_space_is_lost_and_no_piece_is_too_long(text: str, longest: int) -> None:
    pieces = cut_text(text, longest)

    assert "".join(pieces).replace(" ", "") == text.replace(" ", "")
    assert all(len(piece) <= longest for piece in pieces)


@pytest.mark.parametrize(
    ("longest", "pieces"),
    [
        (100, [LINE]),
        (
            85,
            [
                "The council met on Monday, and nobody spoke; the vote, said Gen. Moss, was close.",
                "It passed.",
            ],
        ),
        (
            50,
            [
                "The council met on Monday, and nobody spoke;",
                "the vote, said Gen. Moss, was close. It passed.",
            ],
        ),
    ],
)
def test_cuts_stand_where_a_reader_draws_breath(longest: int, pieces: list[str]) -> None:
    assert cut_text(LINE, longest) == pieces


def test_names_go_with_the_piece_that_they_stand_in() -> None:
    """Each keeps its answer, at its place in the piece."""
    line = Utterance(
        "In Hama, people wait. In Latakia, too.",
        (Pronounced(3, 7, "hah-mah", "ˈhɑmɑ"), Pronounced(25, 32, "lah-tah-kee-ah")),
    )
    pieces = cut_utterance(line, 22)

    assert [piece.text for piece in pieces] == ["In Hama, people wait.", "In Latakia, too."]
    assert [piece.text[said.start : said.end] for piece in pieces for said in piece.says] == [
        "Hama",
        "Latakia",
    ]
    assert [piece.respelled for piece in pieces] == ["In hah-mah, people wait.", "In lah-tah-kee-ah, too."]


@pytest.mark.parametrize(
    ("piece", "pause_ms"), [("one,", 120), ("one;", 180), ("one.”", 250), ("one", 0), ("", 0), ("”", 0)]
)
def test_the_mark_at_a_piece_s_end_tells_its_pause(piece: str, pause_ms: int) -> None:
    assert pause_after(piece) == pause_ms


@pytest.mark.parametrize("text", ["word, " * 20_000, "a" * 100_000, "aaaa bbbb " * 5 + "c" * 100_000])
def test_a_very_long_line_is_cut_in_no_time(text: str) -> None:
    begun = time.process_time()
    pieces = cut_text(text, 4_000)

    assert max(map(len, pieces)) <= 4_000
    assert time.process_time() - begun < 20
