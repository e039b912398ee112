"""`script.md`: the script as a file that reads as plain Markdown, in and out.

A file has a head between two lines of `---` (title, date, language), then its segments. `GUIDE` below is the
notation as a producer finds it in the file. `parse_script(render_script(script))` is *script* again.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple, NoReturn

from morning_edition.errors import ScriptError
from morning_edition.script.script import (
    ROLES,
    SEGMENT_KINDS,
    Line,
    Opening,
    Role,
    Script,
    Segment,
    SegmentKind,
)

GUIDE = """\
<!--
One line is one sentence, read in one breath. An empty line begins a new paragraph.
  # Title          a part of the programme: Intro, Quick Looks, Deep Look, Outro
  ## Title         a chapter of the Deep Look
  - text           the first line of a Quick Look
  [correspondent]  alone on a line: who reads from here on (anchor, correspondent, quote);
                   before a text: who reads that one line
  {pause 900}      after a text: the silence that follows it, in thousandths of a second
  ^look-1          after a text: the place in the article that it comes from
A backslash before a sign takes its meaning away: \\{ \\^ \\\\, and \\# \\- \\[ \\< at a line's start.
-->"""

HEAD_KEYS = ("title", "date", "language")
LONGEST_PAUSE_MS = 60_000

_ESCAPABLE = re.compile(r"[\\{^]")
_TAIL = re.compile(
    r"^(?P<text>.*?)(?:(?:^|\s+)(?<!\\)\{pause\s+(?P<pause>\d+)\})?(?:(?:^|\s+)(?<!\\)\^(?P<source>[\w.-]+))?$"
)
_HEADING = re.compile(r"^(?P<title>.*?)(?:\s*(?<!\\)\{(?P<kind>\w+)\})?$")
_ROLE = re.compile(r"^\[(?P<role>[^\]]*)\]\s*(?P<rest>.*)$")


def escape_text(text: str) -> str:
    """Return *text* on one line, with the notation's signs taken for what they are."""
    return re.sub(r"^[#\-\[<]", r"\\\g<0>", _ESCAPABLE.sub(r"\\\g<0>", " ".join(text.split())))


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def render_script(script: Script) -> str:
    """Write *script* as `script.md`."""
    head = "\n".join(
        ["---", f"title: {script.title}", f"date: {script.date}", f"language: {script.language}", "---"]
    )
    return "\n\n".join([head, GUIDE, *(_render_segment(segment) for segment in script.segments)]) + "\n"


def _render_segment(segment: Segment) -> str:
    kind = "" if _kind_of(segment.title) == segment.kind else f" {{{segment.kind}}}"
    parts = [f"# {escape_text(segment.title)}{kind}"]
    usual = segment.lines[0].role
    if usual != "anchor":
        parts.append(f"\n[{usual}]")
    for index, line in enumerate(segment.lines):
        if line.opens or not index:
            parts.append("")
        if line.opens == "chapter":
            parts += [f"## {escape_text(line.chapter)}", ""]
        parts.append(_render_line(line, usual))
    return "\n".join(parts)


def _render_line(line: Line, usual: Role) -> str:
    mark = "- " if line.opens == "look" else ""
    role = f"[{line.role}] " if line.role != usual else ""
    pause = f" {{pause {line.pause_ms}}}" if line.pause_ms is not None else ""
    source = f" ^{line.source}" if line.source else ""
    return f"{mark}{role}{escape_text(line.text)}{pause}{source}"


def _kind_of(title: str) -> str:
    """Return the kind of segment that a title names by itself: "Quick Looks" is `quick_looks`."""
    return re.sub(r"\W+", "_", title.strip().lower())


class _Row(NamedTuple):
    number: int
    text: str


class _Reader:
    """Reads one file from top to bottom; it knows its place for the sake of its errors."""

    def __init__(self, name: str, to_spoken: Callable[[str], str]) -> None:
        self._name = name
        self._to_spoken = to_spoken
        self._segments: list[tuple[SegmentKind, str, list[Line], int]] = []
        self._role: Role = "anchor"
        self._opens: Opening = "paragraph"
        self._chapter = ""

    def refuse(self, row: _Row, said: str, column: int = 1) -> NoReturn:
        raise ScriptError(f"{self._name}:{row.number}:{column}: {said}")

    def read(self, rows: list[_Row]) -> tuple[Segment, ...]:
        for row in rows:
            text = row.text.strip()
            if not text:
                self._opens = self._opens if self._opens == "chapter" else "paragraph"
            elif text.startswith("## "):
                self._begin_chapter(row, text[3:])
            elif text.startswith("#"):
                self._begin_segment(row, text)
            else:
                self._read_line(row, text)
        self._end_segment()
        return tuple(Segment(kind, title, tuple(lines)) for kind, title, lines, _ in self._segments)

    def _begin_segment(self, row: _Row, text: str) -> None:
        if not text.startswith("# "):
            self.refuse(row, "a heading is # or ##, a space, and its title")
        self._end_segment()
        match = _HEADING.match(text[2:].strip())
        title = _unescape(match["title"]) if match else ""
        kind = (match and match["kind"]) or _kind_of(title)
        known = next((kind_ for kind_ in SEGMENT_KINDS if kind_ == kind), None)
        if known is None:
            kinds = ", ".join(kind_.replace("_", " ") for kind_ in SEGMENT_KINDS)
            self.refuse(row, f"no part of the programme is called {title!r}; there are: {kinds}")
        self._segments.append((known, title, [], row.number))
        self._role, self._opens = "anchor", "paragraph"

    def _end_segment(self) -> None:
        if self._opens == "chapter":
            raise ScriptError(
                f"{self._name}: the chapter {self._chapter!r} has no line; remove it or give it one"
            )
        if self._segments and not self._segments[-1][2]:
            _, title, _, number = self._segments[-1]
            raise ScriptError(
                f"{self._name}:{number}:1: the part {title!r} has no line; remove it or give it one"
            )

    def _begin_chapter(self, row: _Row, title: str) -> None:
        if not self._segments or self._segments[-1][0] != "deep_look":
            self.refuse(row, "only the Deep Look has chapters (##)")
        if self._opens == "chapter":
            self.refuse(row, f"the chapter {self._chapter!r} before it has no line; remove it or give it one")
        self._opens, self._chapter = "chapter", _unescape(" ".join(title.split()))

    def _read_line(self, row: _Row, text: str) -> None:
        if not self._segments:
            self.refuse(row, "this line stands before the first part of the programme; begin with # Intro")
        opens = self._opens
        if text.startswith("- "):
            if opens == "chapter" or self._segments[-1][0] != "quick_looks":
                self.refuse(row, "only Quick Looks begin with a hyphen; write \\- for a hyphen that is text")
            opens, text = "look", text[2:].lstrip()
        role = self._role
        if match := _ROLE.match(text):
            role, text = self._find_role(row, match["role"].strip()), match["rest"]
            if not text:
                self._role = role
                return
        self._segments[-1][2].append(self._make_line(row, text, role, opens))
        self._opens = ""

    def _find_role(self, row: _Row, name: str) -> Role:
        known = next((role for role in ROLES if role == name), None)
        if known is None:
            self.refuse(
                row, f"no role is called {name!r}; there are: {', '.join(ROLES)} (write \\[ for a bracket)"
            )
        return known

    def _make_line(self, row: _Row, text: str, role: Role, opens: Opening) -> Line:
        match = _TAIL.match(text)
        body = match["text"].strip() if match else text
        if not match or not body:
            self.refuse(row, "there is no text on this line; remove it")
        if stray := re.search(r"(?<!\\)(?:\\\\)*([{^])", body):
            column = row.text.find(stray[1]) + 1
            self.refuse(
                row, f"write \\{stray[1]} for the sign itself; {{pause 900}} and ^place end a line", column
            )
        pause_ms = int(match["pause"]) if match["pause"] else None
        if pause_ms is not None and pause_ms > LONGEST_PAUSE_MS:
            self.refuse(row, f"a pause of {pause_ms} ms is longer than {LONGEST_PAUSE_MS} ms")
        written = _unescape(body)
        chapter = self._chapter if opens == "chapter" else ""
        return Line(written, self._to_spoken(written), role, opens, pause_ms, match["source"] or "", chapter)


def parse_script(text: str, *, to_spoken: Callable[[str], str], name: str = "script.md") -> Script:
    """Read a `script.md`; *to_spoken* gives a line's spoken form from its written one.

    Raises `ScriptError`, which names the file (*name*), line and column.
    """
    rows = [_Row(number, row) for number, row in enumerate(re.split(r"\r\n?|\n", text.lstrip("\ufeff")), 1)]
    head, body = _split_head(rows, name)
    try:
        date = dt.date.fromisoformat(head["date"])
    except ValueError as error:
        raise ScriptError(f"{name}: the head's date must be like 2024-12-31, not {head['date']!r}") from error
    segments = _Reader(name, to_spoken).read(list(_without_comments(body, name)))
    if not segments:
        raise ScriptError(f"{name}: there is no part to read; begin one with # Intro and put a line under it")
    return Script(head["title"], date, head["language"], segments)


def _split_head(rows: list[_Row], name: str) -> tuple[dict[str, str], list[_Row]]:
    fences = [index for index, row in enumerate(rows) if row.text.strip() == "---"][:2]
    if len(fences) < 2 or any(row.text.strip() for row in rows[: fences[0]]):
        raise ScriptError(
            f"{name}:1:1: the file begins with its head: title, date and language between two ---"
        )
    head = {}
    for row in rows[fences[0] + 1 : fences[1]]:
        key, colon, value = row.text.partition(":")
        if not row.text.strip():
            continue
        if not colon or key.strip() not in HEAD_KEYS:
            raise ScriptError(
                f"{name}:{row.number}:1: the head holds {', '.join(HEAD_KEYS)}, as in `title: …`"
            )
        head[key.strip()] = value.strip()
    if missing := [key for key in HEAD_KEYS if not head.get(key)]:
        raise ScriptError(f"{name}:1:1: the head lacks {' and '.join(missing)}")
    return head, rows[fences[1] + 1 :]


def _without_comments(rows: list[_Row], name: str) -> Iterator[_Row]:
    """Leave out comments, which begin at a line's start, whole lines at a time."""
    opened: _Row | None = None
    for row in rows:
        if opened is None and row.text.lstrip().startswith("<!--"):
            opened = row
        if opened is None:
            yield row
        elif "-->" in row.text:
            opened = None
    if opened:
        raise ScriptError(f"{name}:{opened.number}:1: this comment has no end; close it with -->")
