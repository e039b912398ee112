"""The signs of `script.md`: the guide that stands in each file, and how text is told from notation."""

import re
from typing import Final

from morning_edition.patterns import compile_late

GUIDE = """\
<!--
One line is one sentence, read in one breath. An empty line begins a new paragraph.
  # Title          a part of the programme: Intro, Quick Looks, Deep Look, Outro
  ## Title         a chapter of the Deep Look
  - text           the first line of a Quick Look
  [correspondent]  alone on a line: who reads from here on (anchor, co_anchor, correspondent, quote);
                   before a text: who reads that one line
  ~~text~~         a line that is struck: it stands here and is not read. Put ~~ around any whole text to
                   leave it out; take them away, and the reason with them, to have it read
  {left out: why}  after a struck text: the reason
  {pause 900}      after a text: the silence that follows it, in thousandths of a second
  ^look-1          after a text: the place in the article that it comes from
In the head, a line such as `say: Latakia = lah-tah-KEE-ah` tells how a name is said; one line a name.
A comment such as this one is never read; it takes whole lines.
A backslash before a sign takes its meaning away: \\{ \\^ \\~ \\\\, and \\# \\- \\[ \\< at a line's start.
-->"""

STRIKE: Final = "~~"

_ESCAPABLE = compile_late(r"[\\{^]|~(?=~|$)|<(?=!--)")
_STRAY = compile_late(r"\\.|(?P<sign>[{^]|~~|<!--)")
_EQUALS = compile_late(r"\\.|(?P<sign>=)")


def escape_text(text: str) -> str:
    """Return *text* on one line, with the notation's signs taken for what they are."""
    return re.sub(r"^[#\-\[<~]", r"\\\g<0>", _ESCAPABLE.sub(r"\\\g<0>", " ".join(text.split())))


def unescape_text(text: str) -> str:
    """Return what `escape_text` made *text* of."""
    return " ".join(re.sub(r"\\(.)", r"\1", text).split())


def find_stray(text: str, start: int = 0) -> re.Match[str] | None:
    """Find the first sign of the notation in *text* that no backslash stands before, as `sign`."""
    return next((match for match in _STRAY.finditer(text, start) if match["sign"]), None)


def split_say(text: str) -> tuple[str, str] | None:
    """Part "Latakia = lah-tah-KEE-ah" into the name and how it is said; None where either is missing."""
    equals = next((match.start() for match in _EQUALS.finditer(text) if match["sign"]), None)
    if equals is None:
        return None
    name, said = unescape_text(text[:equals]), unescape_text(text[equals + 1 :])
    return (name, said) if name and said else None


def write_say(name: str, said: str) -> str:
    """Write the head's line that tells how *name* is said."""
    left, right = (re.sub("=", r"\\=", escape_text(text)) for text in (name, said))
    return f"say: {left} = {right}"


def kind_named(title: str) -> str:
    """Return the kind of segment that a title names by itself: "Quick Looks" is `quick_looks`."""
    return re.sub(r"\W+", "_", title.strip().lower())
