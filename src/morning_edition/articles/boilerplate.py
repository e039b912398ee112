"""Lines that stand among an article's paragraphs and are not the article, told by their words.

A line is dropped whole or not at all, and only when the whole of it has a known form: "Read more: …" has one,
"Read more books, she told the class" has not. A heading over other stories, comments or footnotes takes with
it what stands below.
"""

import re
from collections.abc import Sequence

from morning_edition.articles.blocks import LONG_WORDS, Block, is_prose, squeeze
from morning_edition.articles.boilerplate_lines import CERTAIN_LINES, CLOSING_LINES, LIKELY_LINES
from morning_edition.articles.shapes import ends_sentence
from morning_edition.patterns import compile_late

LONGEST_CHARACTERS = 600
"""Longer lines are text, whatever they begin with."""

CLOSING_WORDS = 9

MOST_DATELINE_WORDS = 14

LABEL_WORDS = 4
"""A name under a picture has no more."""

_FLAGS = re.VERBOSE | re.IGNORECASE | re.DOTALL
_CERTAIN = compile_late("|".join(f"(?:{form})" for form in CERTAIN_LINES.values()), _FLAGS)
_LIKELY = compile_late("|".join(f"(?:{form})" for form in LIKELY_LINES.values()), _FLAGS)
_CLOSING = compile_late("|".join(f"(?:{form})" for form in CLOSING_LINES.values()), _FLAGS)
_AGENCY = compile_late(r"[A-Z]{2,5}")
_DATED = compile_late(r"\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b|\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}:\d{2}\b")
_TELLS = compile_late(r"[\"“”«»]|\b(?:said|says|told|according\s+to|announced)\b", re.IGNORECASE)
"""Signs of a line that tells something."""


def is_boilerplate(text: str) -> bool:
    """Tell whether the whole line *text* belongs to the page and not to the story."""
    if len(text) > LONGEST_CHARACTERS:
        return False
    if _CERTAIN.fullmatch(text):
        return True
    return _LIKELY.fullmatch(text) is not None and _TELLS.search(text) is None


def closes_article(text: str) -> bool:
    """Tell whether *text* stands over other stories, comments, tags or footnotes."""
    short = len(text) < 100 and len(text.split()) <= CLOSING_WORDS
    return short and not ends_sentence(text) and _CLOSING.fullmatch(text.strip(" :»>…")) is not None


def drop_boilerplate(blocks: Sequence[Block]) -> list[Block]:
    """Return *blocks* without the lines that are not the article."""
    return [block for block in _without_closings(blocks) if not is_boilerplate(block.text)]


def drop_repeats(blocks: Sequence[Block], said: Sequence[str]) -> list[Block]:
    """Return *blocks* without those at the top that say again what is *said*: headline, byline, date."""
    known = {squeeze(text) for text in said if text}
    top = next((at + 1 for at, block in enumerate(blocks[:6]) if block.words > LONG_WORDS), 6)
    return [block for at, block in enumerate(blocks) if at >= top or not _is_said(block, known)]


def drop_labels(blocks: Sequence[Block], headline: str) -> list[Block]:
    """Return *blocks* without the names under pictures: short paragraphs whose words the *headline* has."""
    known = f" {_even(headline)} "
    return [block for block in blocks if not (_is_label(block) and f" {_even(block.text)} " in known)]


def _is_label(block: Block) -> bool:
    return block.kind == "paragraph" and block.words <= LABEL_WORDS and not is_prose(block)


def _even(text: str) -> str:
    return " ".join("".join(sign if sign.isalnum() else " " for sign in text.casefold()).split())


def _is_said(block: Block, known: set[str]) -> bool:
    """Tell a line of the page's head; "Ana Ruiz | Palma | 08/01/2014" is one, and an agency's sign."""
    if squeeze(block.text) in known or _AGENCY.fullmatch(block.text):
        return True
    return (
        block.words <= MOST_DATELINE_WORDS and not is_prose(block) and _DATED.search(block.text) is not None
    )


def _without_closings(blocks: Sequence[Block]) -> list[Block]:
    """Drop what stands from a closing line to where prose goes on."""
    kept: list[Block] = []
    index = 0
    while index < len(blocks):
        block = blocks[index]
        if closes_article(block.text):
            end = _closed_until(blocks, index + 1)
            if block.kind == "heading" or end > index + 1:
                index = end
                continue
        kept.append(block)
        index += 1
    return kept


def _closed_until(blocks: Sequence[Block], start: int) -> int:
    """Find where prose goes on after a list: the first long paragraph, or the heading over it."""
    for index in range(start, len(blocks)):
        block = blocks[index]
        if block.kind != "item" and block.words > LONG_WORDS and is_prose(block):
            headed = index - 1 >= start and blocks[index - 1].kind == "heading"
            return index - 1 if headed else index
    return len(blocks)
