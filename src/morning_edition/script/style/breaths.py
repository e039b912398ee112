"""Where to breathe in a sentence that is too long for one breath.

A cut between two lines is heard as the pause after a line, a breath; a comma as a third of that. So a
long sentence is cut where its writer put a mark between two clauses; where two clauses stand together with
no mark, it gets the comma that is missing and stays one line, for a cut there would sound like an end.
"""

import bisect
import math
import re

from morning_edition.patterns import compile_late
from morning_edition.script.style.airing import LONGEST_SENTENCE, Styled
from morning_edition.script.style.quotations import find_quotations

MOST_WORDS = 40
"""A sentence with more needs a breath."""
FEWEST_WORDS = 8
"""Neither side of a breath has fewer."""

_RELATIVE = (
    r"who|whom|whose|which|where|when|while|although|though|because|since|after|before|until|unless|if|as"
)
_SUBJECT = r"(?:I|he|it|she|that|there|these|they|this|those|we|you)"
_MARKS = compile_late(
    rf"""
      (?P<semicolon>;\ )
    | (?P<dash>\ ?(?:—|–|--)\ |\ -\ )
    | (?P<colon>(?<=[^\W\d]):\ )
    | ,\ (?:
          (?P<contrast>(?=(?:but|yet|whereas|so\ that|although|though|while)\b))
        | (?P<relative>(?=(?:(?:of|in|at|for|with|from)\ (?:which|whom)|{_RELATIVE})\b))
        | (?P<clause>(?=(?:and|or|nor|so)\ {_SUBJECT}\b))
        | (?P<participle>(?=(?:[a-z]{{3,}}ing|despite|including|following|according\ to|with|prompting)\ ))
        | (?P<joined>(?=(?:and|or)\ ))
      )
    | (?P<bare>\ (?=(?:but|whereas|although|(?:and|because)\ (?:he|she|it|they|we|there)|while)\ ))
    """,
    re.VERBOSE,
)
_DASH = compile_late(r"—|–|--| - ")
_COST = {
    "semicolon": 0, "dash": 3, "colon": 3, "contrast": 2, "clause": 2, "relative": 4, "participle": 5,
    "joined": 7, "bare": 12,
}  # fmt: skip
"""How much less a boundary is worth than a semicolon, in words off the middle."""
_LOOK_BACK = 120
"""How far back the words before a boundary are read, in characters; keeps the time linear."""
_ASIDE = compile_late(r"\([^()]*\)|\[[^\[\]]*\]")
_LIST_ITEM_WORDS = 6
_NO_BREATH_BEFORE = compile_late(r"\b(?:not|only|just|partly|largely|mainly|even|and|or|both)$")


def find_breath(sentence: str) -> int | None:
    """Return where *sentence* goes on after a breath, behind the space; None where no place is right."""
    best = _find_boundary(sentence)
    return None if best is None else best.end()


def breathe(line: Styled) -> list[Styled]:
    """Return *line*, in two where it is too long for one breath."""
    if len(line.text.split()) <= MOST_WORDS:
        return [line]
    boundary = _find_boundary(line.text)
    if boundary is None:
        return [line]
    first, second = line.text[: boundary.end()].rstrip(), line.text[boundary.end() :]
    if boundary.lastgroup == "bare":
        return [Styled(f"{first}, {second}", line.role)]
    return [*breathe(Styled(first, line.role)), *breathe(Styled(second, line.role))]


def _find_boundary(sentence: str) -> re.Match[str] | None:
    if len(sentence) > LONGEST_SENTENCE:
        return None
    shut = _mark_shut(sentence)
    words = [match.start() for match in re.finditer(r"\S+", sentence)]
    dashes = len(_DASH.findall(sentence))
    best, least = None, math.inf
    for boundary in _MARKS.finditer(sentence):
        if shut[boundary.end() - 1] or not _is_clean(boundary, dashes):
            continue
        if (cost := _rate(boundary, words)) < least:
            best, least = boundary, cost
    return best


def _rate(boundary: re.Match[str], words: list[int]) -> float:
    """Return how far *boundary* is from the best place, in words; no end where a side is too short."""
    before = bisect.bisect_left(words, boundary.end())
    after = len(words) - before
    if min(before, after) < FEWEST_WORDS:
        return math.inf
    return abs(before - after) / 2 + _COST[boundary.lastgroup or "bare"]


def _is_clean(boundary: re.Match[str], dashes: int) -> bool:
    """Tell a boundary between clauses from one inside a list, or behind a word that goes on."""
    before = boundary.string[max(0, boundary.start() - _LOOK_BACK) : boundary.start()]
    if boundary.lastgroup == "bare":
        return not (_NO_BREATH_BEFORE.search(before) or before.endswith(","))
    if boundary.lastgroup == "joined":
        _, comma, item = before.rpartition(", ")
        return not comma or len(item.split()) > _LIST_ITEM_WORDS
    if boundary.lastgroup == "dash":  # two of them enclose an aside; between figures it means "to"
        return dashes == 1 and not before[-1:].isdigit()
    return True


def _mark_shut(sentence: str) -> bytearray:
    """Mark each sign that stands in what is not to be broken: a quoted fragment, or parentheses."""
    shut = bytearray(len(sentence))
    quoted = [(part.start, part.end) for part in find_quotations(sentence)]
    aside = [match.span() for match in _ASIDE.finditer(sentence)]
    for start, end in quoted + aside:
        if end - start < len(sentence) - 3:  # what is quoted as a whole is no fragment
            shut[start:end] = b"\1" * (end - start)
    return shut
