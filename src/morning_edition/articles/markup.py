"""A tree of markup to blocks of text, in the order of reading: lxml's trees of HTML, and trafilatura's.

The walk is flat, so that no depth of nesting is too deep for it.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from morning_edition.articles.blocks import Block, BlockKind, even_text
from morning_edition.articles.boilerplate import is_boilerplate
from morning_edition.articles.shapes import ends_sentence, is_mark, list_item
from morning_edition.patterns import compile_late

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

DEEPEST = 500
"""Deeper nesting is no page that anybody wrote."""

_KINDS: dict[str, BlockKind] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "head"), "heading"),
    **dict.fromkeys(("li", "item", "dd"), "item"),
    **dict.fromkeys(("blockquote", "quote", "q-block"), "quote"),
}
_BLOCKS = frozenset(_KINDS) | frozenset(
    """
    address article aside body center dl dt fieldset figure footer form header hr list main ol p pre section
    summary details table tbody tfoot thead tr td th ul div html row cell amp-img
    """.split()
)
_SILENT = frozenset(
    """
    audio button canvas figcaption iframe input map math meta nav noscript object option rp rt script select
    style svg template textarea title video graphic
    """.split()
)
_BREAKS = frozenset({"br", "lb"})
_PARAGRAPH_BREAK = compile_late(r"[ \t\r\f\v]*\n[ \t\r\f\v]*\n\s*")
_LINE_BREAK = "\n"
_SPACE = compile_late(r"\s+")


def read_blocks(root: "Element", *, html: bool = True) -> list[Block]:
    """Return the text below *root*, in the order of reading.

    *html* says that it is HTML, whose `head` holds no text; trafilatura's is a heading.
    """
    blocks: list[Block] = []
    for kind, text in _runs(root, html=html):
        blocks += (Block(line, kind) for line in _lines(text))
    return blocks


def depth_of(root: "Element", limit: int = DEEPEST) -> int:
    """Return how deep the tree nests, counted to *limit* at most."""
    from lxml import etree

    depth = deepest = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
        if deepest >= limit:
            break
    return deepest


def text_of(element: "Element") -> str:
    """Return all text below *element* in one line."""
    return even_text(" ".join(piece for piece in element.itertext() if isinstance(piece, str)))


def _runs(root: "Element", *, html: bool) -> Iterator[tuple[BlockKind, str]]:
    """Yield each run of text between the edges of blocks, with the kind of the block around it."""
    from lxml import etree

    pieces: list[str] = []
    kinds: list[BlockKind] = ["paragraph"]
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else ""
        silent = not tag or tag in _SILENT or (html and tag == "head")
        is_block = tag in _BLOCKS and not silent
        if event == "start":
            if silent:
                walk.skip_subtree()
                continue
            if is_block:
                yield kinds[-1], "".join(pieces)
                pieces.clear()
                kinds.append(_KINDS.get(tag, kinds[-1]))
            if tag in _BREAKS:
                pieces.append(_LINE_BREAK)
            pieces.append(_text(element.text))
            continue
        if is_block:
            yield kinds.pop(), "".join(pieces)
            pieces.clear()
        if element is not root:
            pieces.append(_text(element.tail))
    yield "paragraph", "".join(pieces)


def _text(text: str | None) -> str:
    """Return *text*, in which a line's end is a mere space; empty for none."""
    return _SPACE.sub(" ", text) if text else ""


def _lines(text: str) -> list[str]:
    """Part a run at its line breaks: at each double one, and at single ones that end a line of text."""
    if _LINE_BREAK not in text:
        line = even_text(text)
        return [line] if any(map(str.isalnum, line)) else []
    lines: list[str] = []
    for paragraph in _PARAGRAPH_BREAK.split(text):
        rows = [row for row in map(even_text, paragraph.split(_LINE_BREAK)) if row]
        lines += rows if _are_lines(rows) else [" ".join(rows)]
    return [line for line in lines if any(map(str.isalnum, line))]


def _are_lines(rows: Sequence[str]) -> bool:
    """Tell rows that are lines of their own from one sentence that was broken by hand."""
    if any(_is_sign(row) or is_boilerplate(row) for row in rows):
        return True
    return len(rows) > 1 and sum(ends_sentence(row) for row in rows) * 2 >= len(rows)


def _is_sign(row: str) -> bool:
    return is_mark(row) or list_item(row) is not None
