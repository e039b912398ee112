"""What copy holds for the eye and the desk: picture credits, captions, the wires' own marks."""

import re
from collections.abc import Sequence

from morning_edition.articles.boilerplate_lines import CERTAIN_LINES
from morning_edition.patterns import compile_late
from morning_edition.script.style.airing import Airing, Unread
from morning_edition.script.style.datelines import find_dateline

_AGENCIES = (
    r"(?:AFP|AP|Alamy|Anadolu|Bloomberg|EPA|Getty(?:\ Images)?|PA(?:\ Media|\ Wire)?|REUTERS|Reuters"
    r"|Shutterstock|TASS|UPI|Xinhua|dpa)"
)
_PICTURE = (
    r"(?:CREDIT|[Cc]redits?|[Gg]raphic|IMAGE|[Ii]llustration|[Ii]mages?|PHOTO|[Pp]hoto(?:graph)?s?|[Pp]ictures?"
    r"|[Vv]ideo)"
)
_CREDIT = compile_late(
    rf"""
    \ ?[(\[]
    (?:
        (?:File\ )?{_PICTURE}(?:\ [Cc]redit)?(?:\ by\b|:)[^()\[\]]{{1,120}}
      | AP\ Photo[^()\[\]]{{0,120}}
      | [Ff]ile\ (?:image|photo|picture)
      | {_AGENCIES}(?:\ Photo)?/[^()\[\]]{{1,80}}
      | [^()\[\]]{{1,80}}(?:/|via\ ){_AGENCIES}
      | Getty\ Images
    )
    [)\]]
    """,
    re.VERBOSE,
)
"""A picture's credit in parentheses."""
_CREDIT_LINE = compile_late(
    rf"""
    (?:
        {_PICTURE}(?:\ [Cc]ourtesy|\ [Cc]redit)?:\ ?
      | {_PICTURE}\ (?:by|courtesy\ of)\ (?=[A-Z])
      | {_AGENCIES}(?:\ Photo)?\ ?/\ ?
    )
    \S+(?:\ \S+){{0,7}}
  | (?:\S+\ ){{0,5}}(?:/\ ?|via\ ){_AGENCIES}\.?
  | (?:AP\ Photo|Getty\ Images)\.?
    """,
    re.VERBOSE,
)
"""A sentence that is nothing but a picture's credit."""
_FILE = compile_late(
    r"FILE(?: IMAGE| PHOTO| PICTURE)?(?: ?[-–—:] ?)|File (?:image|photo|picture)(?::| from\b| of\b)"
)
_WIRE = compile_late(
    r"""
    \#{1,5} | -?30- | \(?(?:ENDS?|MORE|more)\) | ENDS | MTF
  | \W?(?:END\ OF\ STORY|MORE\ TO\ (?:COME|FOLLOW))\W?
  | (?:EDITORS?|EDS|Eds)[.:]\ .{0,200}
    """,
    re.VERBOSE,
)
_DESK = compile_late(
    r"""
    \ ?\((?:Additional\ |Further\ )?(?:Compiled|[Ee]diting|[Rr]eporting|[Ww]riting)\ by\ [^()]{1,240}\)
  | ^(?:Additional\ |Further\ )?(?:Compiled|Editing|Reporting|Writing)\ [Bb]y\ (?=[A-Z]).{1,240}$
  | ^Our\ Standards:\ .{1,60}$
    """,
    re.VERBOSE,
)
"""Who wrote and edited an agency's copy, as its foot has it."""
_TICKER = compile_late(
    r"""
    \ \((?:ASX|BSE|ETR|HKEX|LON|LSE|NASDAQ|NSE|NYSE|Nasdaq|TSX|TYO):\ ?[A-Z0-9.]{1,8}\)
  | \ \([A-Z0-9]{3,6}\.[A-Z]{1,2}\)
    """,
    re.VERBOSE,
)
_PICTURED = compile_late(r" \((?:not )?pictured(?: [^()]{1,30})?\)")
_CUTS = ((_CREDIT, "picture credit"), (_PICTURED, "caption"), (_TICKER, "ticker"), (_DESK, "slug"))
_LINK = compile_late(CERTAIN_LINES["a link to another story"], re.VERBOSE | re.IGNORECASE | re.DOTALL)
LONGEST_LINK = 300
"""Characters of "Read more: …" and its like."""
_SAINTS = frozenset({"ST.", "FT.", "MT."})
"""First words of cities whose full stop, in capitals, looks like a sentence's."""
MOST_CAPTION_SENTENCES = 4
"""A paragraph of more sentences is copy with a picture's credit in it."""


def leave_out(sentences: Sequence[str], airing: Airing) -> tuple[list[str], list[Unread]]:
    """Part one paragraph's *sentences* in what is read and what only the eye has use for.

    A dateline that is said comes back as a sentence of its own.
    """
    read, unread = _drop_slugs(sentences) if airing.style.slugs else (list(sentences), [])
    if not read or airing.style.dateline == "keep":
        return read, unread
    if read[0] in _SAINTS and len(read) > 1:
        read = [f"{read[0]} {read[1]}", *read[2:]]
    length, place = find_dateline(read[0])
    if not length:
        return read, unread
    first, rest = read[0][:length].strip(), [read[0][length:], *read[1:]]
    if airing.style.dateline == "drop" or not place:
        return rest, [Unread(first, "dateline"), *unread]
    return [f"From {place}:", *rest], unread


def _drop_slugs(sentences: Sequence[str]) -> tuple[list[str], list[Unread]]:
    if len(sentences) == 1 and len(sentences[0]) <= LONGEST_LINK and _LINK.fullmatch(sentences[0]):
        return [], [Unread(sentences[0], "link to another story")]
    if _is_caption(sentences):
        return [], [Unread(sentence, "caption") for sentence in sentences]
    read: list[str] = []
    unread: list[Unread] = []
    for sentence in sentences:
        if reason := _judge(sentence):
            unread.append(Unread(sentence, reason))
            continue
        kept = sentence
        for pattern, reason in _CUTS:
            unread.extend(Unread(match[0].strip(), reason) for match in pattern.finditer(kept))
            kept = pattern.sub("", kept).strip()
        if kept.strip(".") or kept == sentence:
            read.append(kept)
    return read, unread


def _is_caption(sentences: Sequence[str]) -> bool:
    """Tell the paragraph under a picture: it is marked as filed, or ends in the picture's credit."""
    if not sentences or len(sentences) > MOST_CAPTION_SENTENCES or find_dateline(sentences[0])[0]:
        return False
    if _FILE.match(sentences[0]):
        return True
    last = sentences[-1]
    credited = [match.end() for match in _CREDIT.finditer(last)]
    if credited and not last[credited[-1] :].strip(" ."):
        return True
    return len(sentences) > 1 and _CREDIT_LINE.fullmatch(last) is not None


def _judge(sentence: str) -> str:
    """Return why *sentence* is not read; empty for what is."""
    if len(sentence) > 250:
        return ""
    if _WIRE.fullmatch(sentence.removesuffix(".")):
        return "slug"
    return "picture credit" if _CREDIT_LINE.fullmatch(sentence) else ""
