"""The text of a `script.md` to its `Script`; what is wrong in it is told by line and column."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn

from morning_edition.errors import ScriptError
from morning_edition.patterns import compile_late
from morning_edition.script.head import Row, split_head, without_comments
from morning_edition.script.script import (
    ROLES,
    SEGMENT_KINDS,
    LeftOut,
    Line,
    Opening,
    Role,
    Script,
    Segment,
    SegmentKind,
)
from morning_edition.script.signs import STRIKE, find_stray, kind_named, unescape_text

LONGEST_PAUSE_MS = 60_000

_PAUSE = r"\{pause\s+(?P<pause>[0-9]{1,9})\}"
_SOURCE = r"\^(?P<source>[\w.-]+)"
_MARK = compile_late(rf"(?:^|\s)(?:{_PAUSE}|{_SOURCE})$")
_STRUCK = compile_late(r"~~(?P<body>(?:[^~\\]+|\\.|~(?!~))*+)~~")
_STRUCK_MARK = compile_late(
    rf"\s*(?:{_PAUSE}|{_SOURCE}|\{{left out(?::(?P<reason>(?:[^{{}}\\]+|\\.)*+))?\}})(?=\s|$)"
)
_KIND = compile_late(r"(?<!\\)\{(?P<kind>\w+)\}$")
_ROLE = compile_late(r"^\[(?P<role>[^\]]*)(?P<end>\]?)\s*(?P<rest>.*)$")


@dataclass(slots=True)
class _Part:
    kind: SegmentKind
    title: str
    number: int
    lines: list[Line] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    def close(self) -> Segment:
        return Segment(self.kind, self.title, tuple(self.lines), tuple(self.left_out))


def parse_script(text: str, *, to_spoken: Callable[[str], str], name: str = "script.md") -> Script:
    """Read a `script.md`; *to_spoken* gives a line's spoken form from its written one.

    Raises `ScriptError`, which names the file (*name*), line and column.
    """
    rows = [Row(number, row) for number, row in enumerate(re.split(r"\r\n?|\n", text.lstrip("\ufeff")), 1)]
    head, says, body = split_head(rows, name)
    try:
        date = dt.date.fromisoformat(head["date"].text)
    except ValueError as error:
        number, said = head["date"]
        raise ScriptError(f"{name}:{number}:1: the date must be like 2024-12-31, not {said!r}") from error
    parts = _Reader(name, to_spoken).read(list(without_comments(body, name)))
    if not any(part.lines for part in parts):
        end = f"{name}:{rows[-1].number}:1"
        said = "every line in it is struck; leave one to read" if parts else "there is no part to read"
        raise ScriptError(f"{end}: {said}; begin one with # Intro and put a line under it")
    return Script(unescape_text(head["title"].text), date, head["language"].text, parts, says)


class _Reader:
    """Reads one file from top to bottom; it knows its place for the sake of its errors."""

    def __init__(self, name: str, to_spoken: Callable[[str], str]) -> None:
        self._name = name
        self._to_spoken = to_spoken
        self._parts: list[_Part] = []
        self._role: Role = "anchor"
        self._opens: Opening = "paragraph"
        """What the next line that is heard begins; struck lines before it take nothing from it."""
        self._struck_opens: Opening = "paragraph"
        """What a struck line begins if it comes next."""
        self._chapter = ""
        self._chapter_row = 0

    def refuse(self, row: Row, said: str, column: int = 1) -> NoReturn:
        raise ScriptError(f"{self._name}:{row.number}:{column}: {said}")

    def read(self, rows: list[Row]) -> tuple[Segment, ...]:
        for row in rows:
            text = row.text.strip()
            if not text:
                self._opens = "chapter" if self._opens == "chapter" else "paragraph"
                self._struck_opens = "chapter" if self._struck_opens == "chapter" else "paragraph"
            elif text.startswith("## "):
                self._begin_chapter(row, text[3:])
            elif text.startswith("#"):
                self._begin_part(row, text)
            else:
                self._read_line(row, text)
        self._end_part()
        return tuple(part.close() for part in self._parts)

    def _begin_part(self, row: Row, text: str) -> None:
        if not text.startswith("# "):
            self.refuse(row, "a heading is # or ##, a space, and its title")
        self._end_part()
        match = _KIND.search(text)
        title = self._read_title(row, text[2 : match.start() if match else None])
        if not title:
            self.refuse(row, "a heading is # or ##, a space, and its title")
        name = match["kind"] if match else title
        known = next((kind for kind in SEGMENT_KINDS if kind == kind_named(name)), None)
        if known is None:
            kinds = ", ".join(kind.replace("_", " ") for kind in SEGMENT_KINDS)
            self.refuse(row, f"no part of the programme is called {name!r}; there are: {kinds}")
        self._parts.append(_Part(known, title, row.number))
        self._role, self._opens, self._struck_opens = "anchor", "paragraph", "paragraph"

    def _read_title(self, row: Row, title: str) -> str:
        if title.strip().startswith(STRIKE):
            self.refuse(
                row, "a heading cannot be struck; strike the lines under it", row.text.index(STRIKE) + 1
            )
        return unescape_text(title)

    def _end_part(self) -> None:
        self._end_chapter()
        if self._parts and not (self._parts[-1].lines or self._parts[-1].left_out):
            part = self._parts[-1]
            said = f"the part {part.title!r} has no line; remove it or give it one"
            raise ScriptError(f"{self._name}:{part.number}:1: {said}")

    def _end_chapter(self, row: Row | None = None) -> None:
        """Refuse a chapter under which nothing stands; one whose lines are all struck is merely silent."""
        if self._struck_opens != "chapter":
            return
        which = f"the chapter {self._chapter!r}" + (" before it" if row else "")
        said = f"{which} has no line; remove it or give it one"
        self.refuse(row or Row(self._chapter_row, ""), said)

    def _begin_chapter(self, row: Row, title: str) -> None:
        if not self._parts or self._parts[-1].kind != "deep_look":
            self.refuse(row, "only the Deep Look has chapters (##)")
        self._end_chapter(row)
        self._opens = self._struck_opens = "chapter"
        self._chapter, self._chapter_row = self._read_title(row, title), row.number

    def _read_line(self, row: Row, text: str) -> None:
        if not self._parts:
            self.refuse(row, "this line stands before the first part of the programme; begin with # Intro")
        is_look = text == "-" or text.startswith("- ")
        if is_look:
            if self._opens == "chapter" or self._parts[-1].kind != "quick_looks":
                self.refuse(row, "only Quick Looks begin with a hyphen; write \\- for a hyphen that is text")
            text = text[1:].lstrip()
        role = self._role
        if match := _ROLE.match(text):
            if not match["end"]:
                self.refuse(
                    row, "this bracket has no end; close it behind the role, or write \\[ for a bracket"
                )
            role, text = self._find_role(row, match["role"].strip()), match["rest"]
            if not text and not is_look:
                self._role = role
                return
        if is_look:
            self._opens = self._struck_opens = "look"
        if text.startswith(STRIKE):
            self._parts[-1].left_out.append(self._make_left_out(row, text, role))
        else:
            self._parts[-1].lines.append(self._make_line(row, text, role))
            self._opens = ""
        self._struck_opens = ""

    def _find_role(self, row: Row, name: str) -> Role:
        known = next((role for role in ROLES if role == name), None)
        if known is None:
            self.refuse(
                row, f"no role is called {name!r}; there are: {', '.join(ROLES)} (write \\[ for a bracket)"
            )
        return known

    def _make_line(self, row: Row, text: str, role: Role) -> Line:
        body, marks = text, dict[str, str]()
        while (match := _MARK.search(body)) and (found := str(match.lastgroup)) not in marks:
            marks[found] = match[found]
            body = body[: match.start()].rstrip()
        if not body:
            self.refuse(row, "there is no text on this line; remove it")
        if stray := find_stray(body):
            self.refuse(row, _explain(body, stray), _column(row, text, stray.start()))
        written = unescape_text(body)
        chapter = self._chapter if self._opens == "chapter" else ""
        pause_ms, source = self._read_pause(row, marks), marks.get("source", "")
        spoken = self._to_spoken(written)
        return Line(written, spoken, role, self._opens, pause_ms, source, chapter, row.number)

    def _make_left_out(self, row: Row, text: str, role: Role) -> LeftOut:
        struck = _STRUCK.match(text)
        if struck is None:
            said = (
                "this strike has no end; put ~~ before and after the whole text, or write \\~~ for the sign"
            )
            self.refuse(row, said, _column(row, text, 0))
        written = unescape_text(struck["body"])
        if not written:
            self.refuse(row, "there is no text between these ~~; remove them", _column(row, text, 0))
        marks, at = dict[str, str](), struck.end()
        while (match := _STRUCK_MARK.match(text, at)) and (
            found := str(match.lastgroup or "reason")
        ) not in marks:
            marks[found] = match[found] or ""
            at = match.end()
        if text[at:].strip():
            said = "a strike takes a whole line; after it stand only {left out: why}, {pause 900} and ^place"
            self.refuse(row, said, _column(row, text, at + len(text[at:]) - len(text[at:].lstrip())))
        return LeftOut(
            written,
            unescape_text(marks.get("reason", "")),
            before=len(self._parts[-1].lines),
            role=role,
            opens=self._struck_opens,
            pause_ms=self._read_pause(row, marks),
            source=marks.get("source", ""),
            chapter=self._chapter if self._struck_opens == "chapter" else "",
            row=row.number,
        )

    def _read_pause(self, row: Row, marks: dict[str, str]) -> int | None:
        pause_ms = int(marks["pause"]) if "pause" in marks else None
        if pause_ms is not None and pause_ms > LONGEST_PAUSE_MS:
            self.refuse(row, f"a pause of {pause_ms} ms is longer than {LONGEST_PAUSE_MS} ms")
        return pause_ms


def _column(row: Row, text: str, at: int) -> int:
    """Return the column of place *at* in *text*, with which *row* ends."""
    return len(row.text.rstrip()) - len(text) + at + 1


def _explain(body: str, stray: re.Match[str]) -> str:
    """Say what is wrong with a sign of the notation that stands where it has no meaning."""
    if stray["sign"] == STRIKE:
        return (
            "only a whole line can be struck, from its first word to its last; write \\~~ for the sign itself"
        )
    if stray["sign"] == "<!--":
        return "a comment takes whole lines; put it on a line of its own, or write \\<!-- for the sign itself"
    if body.startswith("{left out", stray.start()):
        return "{left out: why} stands after a struck text: ~~text~~ {left out: why}"
    return f"write \\{stray['sign']} for the sign itself; {{pause 900}} and ^place end a line"
