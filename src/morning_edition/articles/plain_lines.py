"""Plain text of any origin to clean lines: one line for each paragraph, bullet and heading.

In goes text as a file holds it, with any line ends, invisible characters and spaces, its paragraphs perhaps
broken into lines of a fixed width. Out come the lines that have words.
"""

import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from morning_edition.articles.shapes import (
    deep_look_mark,
    ends_sentence,
    is_subhead,
    list_item,
    quick_looks_mark,
)

WIDEST_WRAP = 120
"""Lines longer than this, in characters, were not broken by hand or by a mail program."""

_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_HUNG = re.compile(r"\w-$")


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
    suspended = following.startswith(("and ", "or ", "to "))
    return row.endswith("—") or (_HUNG.search(row) is not None and following[:1].isalnum() and not suspended)


def _broken_rows(rows: list[str]) -> set[int]:
    """Name the rows that go on in the next: those that had no room for its first word.

    Only if lines that begin small show that the text was broken to a width at all.
    """
    width = max((len(row) for row in rows if len(row) <= WIDEST_WRAP and " " in row.strip()), default=0)
    full = {index for index, pair in enumerate(itertools.pairwise(rows)) if _is_full(*pair, width)}
    small = [index for index in full if rows[index + 1].lstrip()[0].islower()]
    if len(small) * 3 < len(full):
        return set()
    return {
        index for index in full if not (ends_sentence(rows[index]) and _stands_alone(index + 1, rows, full))
    }


def _is_full(row: str, following: str, width: int) -> bool:
    words = following.split(maxsplit=1)
    if not row.strip() or not words or len(row) > width or len(row) + 1 + len(words[0]) <= width:
        return False
    item = list_item(following.strip())
    if item and not item.text[0].islower():
        return False
    return not (_is_mark(row.strip()) or _is_mark(following.strip()))


def _is_mark(row: str) -> bool:
    return quick_looks_mark(row) is not None or deep_look_mark(row) is not None


def _stands_alone(index: int, rows: list[str], full: set[int]) -> bool:
    return index not in full and is_subhead(" ".join(rows[index].split()))
