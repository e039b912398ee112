"""A `Script` to the text of its `script.md`."""

import itertools
from collections.abc import Iterator

from morning_edition.script.script import LeftOut, Line, Role, Script, Segment
from morning_edition.script.signs import GUIDE, STRIKE, escape_text, kind_named, write_say


def render_script(script: Script) -> str:
    """Write *script* as `script.md`; `parse_script` reads the same script from it again."""
    head = [
        "---",
        f"title: {escape_text(script.title)}",
        f"date: {script.date}",
        f"language: {script.language}",
        *itertools.starmap(write_say, script.says),
        "---",
    ]
    return "\n\n".join(["\n".join(head), GUIDE, *map(_render_part, script.parts)]) + "\n"


def _render_part(part: Segment) -> str:
    kind = "" if kind_named(part.title) == part.kind else f" {{{part.kind}}}"
    usual = (part.lines or part.left_out)[0].role
    rows = [f"# {escape_text(part.title)}{kind}"]
    if usual != "anchor":
        rows.append(f"\n[{usual}]")
    open_chapter: str | None = None  # one that so far has nothing but struck lines
    for index, row in enumerate(_in_order(part)):
        if row.opens or not index:
            rows.append("")
        heard = isinstance(row, Line)
        if row.opens == "chapter" and not (heard and row.chapter == open_chapter):
            rows += [f"## {escape_text(row.chapter)}", ""]
            open_chapter = row.chapter
        rows.append(_render_row(row, usual))
        open_chapter = None if heard else open_chapter
    return "\n".join(rows)


def _in_order(part: Segment) -> Iterator[Line | LeftOut]:
    struck = iter(part.left_out)
    following = next(struck, None)
    for index in range(len(part.lines) + 1):
        while following and following.before <= index:
            yield following
            following = next(struck, None)
        if index < len(part.lines):
            yield part.lines[index]


def _render_row(row: Line | LeftOut, usual: Role) -> str:
    mark = "- " if row.opens == "look" else ""
    role = f"[{row.role}] " if row.role != usual else ""
    pause = f" {{pause {row.pause_ms}}}" if row.pause_ms is not None else ""
    source = f" ^{row.source}" if row.source else ""
    text = strike_text(row.text, row.reason) if isinstance(row, LeftOut) else escape_text(row.text)
    return f"{mark}{role}{text}{pause}{source}"


def strike_text(text: str, reason: str = "") -> str:
    """Write *text* struck, with the *reason* why it is not read."""
    why = escape_text(reason).replace("}", r"\}")
    return f"{STRIKE}{escape_text(text)}{STRIKE}" + (f" {{left out: {why}}}" if why else "")
