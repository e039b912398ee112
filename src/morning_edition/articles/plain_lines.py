"""Plain text of any origin to clean lines: one line for each paragraph, bullet and heading.

In goes text as a file holds it, with any line ends, invisible characters and spaces, its paragraphs perhaps
broken into lines of a fixed width. Out come the lines that have words.
"""

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from morning_edition.articles.shapes import ends_sentence, is_mark, is_subhead, list_item
from morning_edition.patterns import compile_late

WIDEST_WRAP = 120
"""Lines longer than this, in characters, were not broken by hand or by a mail program."""

_INVISIBLE = compile_late("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
_CONTROL = compile_late(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")

_MARK_END = compile_late(r"looks?\W*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line, its white space evened out, and how it stood on the page."""

    text: str
    indented: bool = False
    after_blank: bool = False


def clean_text(text: str) -> str:
    """Return *text* composed (NFC), without invisible and control characters, lines ended by line feeds."""
    visible = _CONTROL.sub("", _INVISIBLE.sub("", text))
    return unicodedata.normalize("NFC", "\n".join(visible.splitlines()))


def text_lines(text: str) -> list[TextLine]:
    """Return the lines of *text* that have words, paragraphs that were broken into lines made whole again."""
    rows = [row.rstrip() for row in clean_text(text).splitlines()]
    broken = _broken_rows(rows)
    starts = [index for index in range(len(rows)) if index - 1 not in broken]
    lines = [
        TextLine(join_rows(rows[start:end]), rows[start][:1].isspace(), start > 0 and not rows[start - 1])
        for start, end in itertools.pairwise([*starts, len(rows)])
    ]
    return [line for line in lines if any(map(str.isalnum, line.text))]


def join_rows(rows: Sequence[str]) -> str:
    """Join the rows of one paragraph; a compound broken at its hyphen becomes one word again."""
    pieces: list[str] = []
    for row in rows:
        text = " ".join(row.split())
        if pieces and not _hangs(pieces[-1], text):
            pieces.append(" ")
        pieces.append(text)
    return "".join(pieces)


def _hangs(row: str, following: str) -> bool:
    """Tell a row broken inside a compound or after a dash; "two-" before "and three-year" is neither."""
    compound = (
        row.endswith("-") and following[:1].isalnum() and not following.startswith(("and ", "or ", "to "))
    )
    return (compound or row.endswith("—")) and row[-2:-1].strip() != ""


def _broken_rows(rows: Sequence[str]) -> set[int]:
    """Name the rows that go on in the next: those that had no room for its first word.

    Only if enough of the next begin small to show that the text was broken to a width at all.
    """
    room = {index: _room(*pair) for index, pair in enumerate(itertools.pairwise(rows)) if _may_go_on(*pair)}
    small = [widths for index, widths in room.items() if rows[index + 1].lstrip()[0].islower()]
    width = _common(small, room.values())
    full = {index for index, widths in room.items() if width in widths}
    if sum(width in widths for widths in small) * 3 < len(full):
        return set()
    return {
        index for index in full if not (ends_sentence(rows[index]) and _stands_alone(index + 1, rows, full))
    }


def _room(row: str, following: str) -> range:
    """Name the widths at which *row* is whole and the first word of *following* does not fit."""
    return range(len(row), len(row) + 1 + len(following.split(maxsplit=1)[0]))


def _common(small: Iterable[range], every: Iterable[range]) -> int:
    """Find the width that most of *small* have in common, and of these most of *every*."""
    counts = Counter(width for widths in small for width in widths if width <= WIDEST_WRAP)
    others = Counter(width for widths in every for width in widths if width <= WIDEST_WRAP)
    return max(counts, key=lambda width: (counts[width], others[width]), default=0)


def _may_go_on(row: str, following: str) -> bool:
    if not row or not following or len(row) > WIDEST_WRAP:
        return False
    item = list_item(following.strip())
    if item and not item.text[0].islower():
        return False
    whole = is_mark(row.strip()) and _MARK_END.search(row)
    return not whole and not is_mark(following.strip())


def _stands_alone(index: int, rows: Sequence[str], full: set[int]) -> bool:
    """Tell a subhead in a text without blank lines."""
    followed = index + 1 < len(rows) and rows[index + 1] != ""
    return followed and index not in full and is_subhead(" ".join(rows[index].split()))
