"""What every marked-up source comes to: blocks of text in the order of reading, and facts about the story."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Literal

from morning_edition.articles.plain_lines import clean_text
from morning_edition.articles.shapes import ends_sentence
from morning_edition.patterns import compile_late

BlockKind = Literal["heading", "paragraph", "item", "quote"]

_EAST_ASIAN = compile_late("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
"""Letters of scripts that put no space between words."""

_LETTERS_A_WORD = 2.5
_OTHER_STOPS = ("。", "！", "？", "」", "”", "।", "။", "؟", "۔", "።")
LONG_WORDS = 25
"""No line of a list, a menu or a caption is longer, as a rule."""
RUN_ON_WORDS = 60
"""What has more words and no mark among them is a row of links."""
_STOP = compile_late("[.!?…:;,—–]|[\u0600-\u0e7f\u0f00-\u109f\u1780-\u17ff\u3000-\u9fff]")


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph, line of a list or quotation: plain text in one line."""

    text: str
    kind: BlockKind = "paragraph"

    @property
    def words(self) -> int:
        """How many words it has."""
        return count_words(self.text)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a source says of its story beside the text; empty where it says nothing."""

    headline: str = ""
    lede: str = ""
    byline: str = ""
    outlet: str = ""
    section: str = ""
    language: str = ""
    """As declared, in whatever form."""
    url: str = ""
    image_url: str = ""
    keywords: tuple[str, ...] = ()
    date: dt.date | None = None

    def filled_from(self, other: "Facts") -> "Facts":
        """Return these facts, with those of *other* where there are none."""
        gaps = {field.name for field in fields(self) if not getattr(self, field.name)}
        return replace(self, **{name: getattr(other, name) for name in gaps})


def even_text(text: str) -> str:
    """Return *text* in one line, without invisible characters, its white space evened out."""
    return " ".join(clean_text(text).split())


def count_words(text: str) -> int:
    """Count words, also of languages that put no space between them."""
    unspaced = len(_EAST_ASIAN.findall(text))
    return len(_EAST_ASIAN.sub(" ", text).split()) + round(unspaced / _LETTERS_A_WORD)


def all_words(blocks: Iterable[Block]) -> int:
    """Count the words of *blocks* together."""
    return sum(block.words for block in blocks)


def is_prose(block: Block) -> bool:
    """Tell a block that tells something: it ends as sentences do, or is long."""
    if block.kind == "heading":
        return False
    if ends_sentence(block.text) or block.text.endswith(_OTHER_STOPS):
        return True
    return block.words > LONG_WORDS and (block.words <= RUN_ON_WORDS or _STOP.search(block.text) is not None)


def squeeze(text: str) -> str:
    """Return the letters and figures of *text* alone, in small letters, for comparing."""
    return "".join(filter(str.isalnum, text.casefold()))
