"""What stands around the lines of a `script.md`: its head, and the comments that nobody reads."""

from collections.abc import Iterator
from typing import NamedTuple

from morning_edition.errors import ScriptError
from morning_edition.script.signs import split_say

HEAD_KEYS = ("title", "date", "language")
SAY_KEY = "say"


class Row(NamedTuple):
    """One row of a file."""

    number: int
    """From 1."""
    text: str


def split_head(rows: list[Row], name: str) -> tuple[dict[str, Row], tuple[tuple[str, str], ...], list[Row]]:
    """Part a file in its head, how names are said, and its body. Raises `ScriptError`."""
    fences = [index for index, row in enumerate(rows) if row.text.strip() == "---"][:2]
    if len(fences) < 2 or any(row.text.strip() for row in rows[: fences[0]]):
        raise ScriptError(
            f"{name}:1:1: the file begins with its head: title, date and language between two ---"
        )
    head: dict[str, Row] = {}
    says: list[tuple[str, str]] = []
    for row in rows[fences[0] + 1 : fences[1]]:
        key, colon, value = (part.strip() for part in row.text.partition(":"))
        if not row.text.strip():
            continue
        if not colon or key not in (*HEAD_KEYS, SAY_KEY):
            raise ScriptError(
                f"{name}:{row.number}:1: the head holds {', '.join(HEAD_KEYS)}, as in `title: …`, "
                "and `say: …`"
            )
        if key == SAY_KEY:
            says.append(_read_say(row, value, name))
        elif value:
            head[key] = Row(row.number, value)
    if missing := [key for key in HEAD_KEYS if key not in head]:
        raise ScriptError(f"{name}:1:1: the head lacks {' and '.join(missing)}")
    return head, tuple(says), rows[fences[1] + 1 :]


def _read_say(row: Row, value: str, name: str) -> tuple[str, str]:
    say = split_say(value)
    if say is None:
        column = row.text.index(":") + 2
        raise ScriptError(
            f"{name}:{row.number}:{column}: write a name and how it is said, "
            "as in `say: Latakia = lah-tah-KEE-ah`"
        )
    return say


def without_comments(rows: list[Row], name: str) -> Iterator[Row]:
    """Leave out comments, which begin at a line's start, whole lines at a time."""
    opened: Row | None = None
    for row in rows:
        if opened is None and row.text.lstrip().startswith("<!--"):
            opened = row
        if opened is None:
            yield row
        elif "-->" in row.text:
            opened = None
    if opened:
        raise ScriptError(f"{name}:{opened.number}:1: this comment has no end; close it with -->")
