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
A comment such as this one is never read; it takes whole lines.
A backslash before a sign takes its meaning away: \\{ \\^ \\\\, and \\# \\- \\[ \\< at a line's start.
-->"""

HEAD_KEYS = ("title", "date", "language")
LONGEST_PAUSE_MS = 60_000

_ESCAPABLE = re.compile(r"[\\{^]")
_STRAY = re.compile(r"(?<!\\)(?:\\\\)*(?P<sign>[{^])")
_MARK = re.compile(r"(?:^|\s)(?:\{pause\s+(?P<pause>[0-9]{1,9})\}|\^(?P<source>[\w.-]+))$")
_KIND = re.compile(r"(?<!\\)\{(?P<kind>\w+)\}$")
_ROLE = re.compile(r"^\[(?P<role>[^\]]*)\]\s*(?P<rest>.*)$")


def escape_text(text: str) -> str:
    """Return *text* on one line, with the notation's signs taken for what they are."""
    return re.sub(r"^[#\-\[<]", r"\\\g<0>", _ESCAPABLE.sub(r"\\\g<0>", " ".join(text.split())))


def _unescape(text: str) -> str:
    return " ".join(re.sub(r"\\(.)", r"\1", text).split())


def render_script(script: Script) -> str:
    """Write *script* as `script.md`."""
    head = "\n".join(
        [
            "---",
            f"title: {escape_text(script.title)}",
            f"date: {script.date}",
            f"language: {script.language}",
            "---",
        ]
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
        self._chapter_row = 0

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
        match = _KIND.search(text)
        title = _unescape(text[2 : match.start() if match else None])
        if not title:
            self.refuse(row, "a heading is # or ##, a space, and its title")
        name = match["kind"] if match else title
        known = next((kind for kind in SEGMENT_KINDS if kind == _kind_of(name)), None)
        if known is None:
            kinds = ", ".join(kind.replace("_", " ") for kind in SEGMENT_KINDS)
            self.refuse(row, f"no part of the programme is called {name!r}; there are: {kinds}")
        self._segments.append((known, title, [], row.number))
        self._role, self._opens = "anchor", "paragraph"

    def _end_segment(self) -> None:
        if self._opens == "chapter":
            raise ScriptError(
                f"{self._name}:{self._chapter_row}:1: "
                f"the chapter {self._chapter!r} has no line; remove it or give it one"
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
        self._opens, self._chapter, self._chapter_row = "chapter", _unescape(title), row.number

    def _read_line(self, row: _Row, text: str) -> None:
        if not self._segments:
            self.refuse(row, "this line stands before the first part of the programme; begin with # Intro")
        opens = self._opens
        if text == "-" or text.startswith("- "):
            if opens == "chapter" or self._segments[-1][0] != "quick_looks":
                self.refuse(row, "only Quick Looks begin with a hyphen; write \\- for a hyphen that is text")
            opens, text = "look", text[1:].lstrip()
        role = self._role
        if match := _ROLE.match(text):
            role, text = self._find_role(row, match["role"].strip()), match["rest"]
            if not text and opens != "look":
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
        body, marks = text, dict[str, str]()
        while (match := _MARK.search(body)) and (found := str(match.lastgroup)) not in marks:
            marks[found] = match[found]
            body = body[: match.start()].rstrip()
        if not body:
            self.refuse(row, "there is no text on this line; remove it")
        if stray := _STRAY.search(body):
            column = len(row.text.rstrip()) - len(text) + stray.start("sign") + 1
            said = f"write \\{stray['sign']} for the sign itself; {{pause 900}} and ^place end a line"
            self.refuse(row, said, column)
        pause_ms = int(marks["pause"]) if "pause" in marks else None
        if pause_ms is not None and pause_ms > LONGEST_PAUSE_MS:
            self.refuse(row, f"a pause of {pause_ms} ms is longer than {LONGEST_PAUSE_MS} ms")
        written = _unescape(body)
        chapter = self._chapter if opens == "chapter" else ""
        source = marks.get("source", "")
        return Line(written, self._to_spoken(written), role, opens, pause_ms, source, chapter)


def parse_script(text: str, *, to_spoken: Callable[[str], str], name: str = "script.md") -> Script:
    """Read a `script.md`; *to_spoken* gives a line's spoken form from its written one.

    Raises `ScriptError`, which names the file (*name*), line and column.
    """
    rows = [_Row(number, row) for number, row in enumerate(re.split(r"\r\n?|\n", text.lstrip("\ufeff")), 1)]
    head, body = _split_head(rows, name)
    try:
        date = dt.date.fromisoformat(head["date"].text)
    except ValueError as error:
        number, said = head["date"]
        raise ScriptError(f"{name}:{number}:1: the date must be like 2024-12-31, not {said!r}") from error
    segments = _Reader(name, to_spoken).read(list(_without_comments(body, name)))
    if not segments:
        end = f"{name}:{rows[-1].number}:1"
        raise ScriptError(f"{end}: there is no part to read; begin one with # Intro and put a line under it")
    return Script(_unescape(head["title"].text), date, head["language"].text, segments)


def _split_head(rows: list[_Row], name: str) -> tuple[dict[str, _Row], list[_Row]]:
    fences = [index for index, row in enumerate(rows) if row.text.strip() == "---"][:2]
    if len(fences) < 2 or any(row.text.strip() for row in rows[: fences[0]]):
        raise ScriptError(
            f"{name}:1:1: the file begins with its head: title, date and language between two ---"
        )
    head: dict[str, _Row] = {}
    for row in rows[fences[0] + 1 : fences[1]]:
        key, colon, value = row.text.partition(":")
        if not row.text.strip():
            continue
        if not colon or key.strip() not in HEAD_KEYS:
            raise ScriptError(
                f"{name}:{row.number}:1: the head holds {', '.join(HEAD_KEYS)}, as in `title: …`"
            )
        if value.strip():
            head[key.strip()] = _Row(row.number, value.strip())
    if missing := [key for key in HEAD_KEYS if key not in head]:
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
