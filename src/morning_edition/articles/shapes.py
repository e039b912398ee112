"""What a line of newsroom text looks like: a mark, a bullet, a headline, a subhead or the end of a sentence.

Every question here is about one line by itself, its white space already evened out.
"""

import re
from dataclasses import dataclass

from morning_edition.patterns import compile_late

HEADLINE_WORDS = 25
"""No headline is longer, in words."""

SUBHEAD_WORDS = 12
PLAIN_SUBHEAD_WORDS = 8
"""A subhead is shorter still where its capitals are those of a sentence."""

_SMALL_WORDS = frozenset(
    """
    a about after against amid among an and are around as at be before behind between but by can de do down
    during for from had has have how if in inside into is it its la like near nor not of off on onto or out
    over per since so than that the their through to toward towards under until up upon v via vs was were what
    when where which while who will with within without yet
    """.split()
)
"""What title case leaves small."""

_BEFORE_MARK = compile_late(r"(?P<title>.*\w.*?)(?:\s*[:–—|]|\s+-)[\W_]*|[\W_]*")
_AFTER_MARK = compile_late(r"[\W_]*?(?:\s*[:–—|]|\s-)[\W_]*?(?P<title>[^\w\s]*\w.*)|[\W_]*")
_QUICK_LOOKS = compile_late(r"\bquick\s+looks?\b", re.IGNORECASE)
_DEEP_LOOK = compile_late(r"\bdeep\s+looks?\b", re.IGNORECASE)
_MARK_CHARACTERS = 250

_ITEM = compile_late(
    r"""
    (?P<round>[•‣⁃▪◦●·])\s*
  | (?P<dash>[-–—])(?:\s+|(?=[^\W\d_]))
  | (?P<star>[*+])(?:\s+|(?=[^\W\d_]))
  | (?P<number>\(?\d{1,2}[.)]{1,2})\s+
    """,
    re.VERBOSE,
)
_STOP = compile_late(r"[.!?…][\"'”’»)\]]*$")
_INITIALS = compile_late(r"(?:^|[\s(])(?:[A-Z]\.){2,}$")
_OPEN_END = compile_late(r"[.,;:…&/–—-][\"'”’»)\]]*$")
_LINK = compile_late(
    r"(?:(?:read|see)\s+(?:more|also|next)|related(?:\s+(?:articles|coverage|stories))?|more)\s*(?::|$)",
    re.IGNORECASE,
)
"""What leads to another story, and heads nothing of this one."""
_WORD = compile_late(r"[^\W_][\w'’.-]*")


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list, apart from its sign."""

    kind: str
    """The family of its sign: `round`, `dash`, `star` or `number`."""
    text: str


def quick_looks_mark(line: str) -> str | None:
    """Return the title on the line that opens the Quick Looks, perhaps empty; None for any other line."""
    return _title_at(_QUICK_LOOKS, line)


def deep_look_mark(line: str) -> str | None:
    """Return the title on the line that opens the Deep Look, mostly empty; None for any other line."""
    return _title_at(_DEEP_LOOK, line)


def is_mark(line: str) -> bool:
    """Tell the lines that open the Quick Looks and the Deep Look."""
    return quick_looks_mark(line) is not None or deep_look_mark(line) is not None


def _title_at(mark: re.Pattern[str], line: str) -> str | None:
    found = mark.search(line) if len(line) <= _MARK_CHARACTERS else None
    if found is None:
        return None
    before = _BEFORE_MARK.fullmatch(line[: found.start()])
    after = _AFTER_MARK.fullmatch(line[found.end() :])
    if before is None or after is None:
        return None
    return ": ".join(filter(None, (before["title"], after["title"])))


def list_item(line: str) -> Item | None:
    """Part the sign of a list's line from its text; None for a line without a sign."""
    found = _ITEM.match(line)
    if found is None or not any(map(str.isalnum, line[found.end() :])):
        return None
    return Item(kind=found.lastgroup or "", text=line[found.end() :])


def ends_sentence(line: str) -> bool:
    """Tell whether *line* closes with the stop of a sentence; "signed in the U.S." does not."""
    return _STOP.search(line) is not None and _INITIALS.search(line) is None


def is_headline(line: str) -> bool:
    """Tell whether *line* could be the article's headline: one line without a closing full stop."""
    open_end = _OPEN_END.search(line) is not None and _INITIALS.search(line) is None
    return not open_end and len(line.split()) <= HEADLINE_WORDS and list_item(line) is None


def is_subhead(line: str) -> bool:
    """Tell whether *line*, with a paragraph after it, is a subhead: short, without a closing full stop."""
    words = line.split()
    if not is_headline(line) or len(words) > SUBHEAD_WORDS or _LINK.match(line):
        return False
    if is_title_case(line):
        return True
    plain = len(words) <= PLAIN_SUBHEAD_WORDS and (line[0].isupper() or line[0].isdigit())
    return plain and not line.endswith("!") and not any(sign in line for sign in '"“”')


def is_title_case(line: str) -> bool:
    """Tell whether every word that counts has a capital, or is a number."""
    words = [word for word in _WORD.findall(line) if word.casefold() not in _SMALL_WORDS]
    capitals = [word for word in words if any(map(str.isupper, word)) or word[0].isdigit()]
    return bool(words) and capitals == words and not line.lstrip("\"'“‘(")[:1].islower()
