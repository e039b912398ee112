"""Where the words of others begin and end: straight, curly and single marks, and guillemets.

Only the outermost quotation counts. One that is never closed goes on to the end of its paragraph, as one does
that runs over several; it counts only where it begins what is said, for a lost mark must not swallow copy.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from morning_edition.patterns import compile_late

_MARK = compile_late("[\"“”„«»'‘’]")
_OPENING_PLACE = compile_late(r"[\s(\[—–/-]")
_ELISION = compile_late(r"\d|(?:em|til|tis|twas|cause|n|bout|round|cos)\b", re.IGNORECASE)
CLOSERS = {'"': '"', "“": "”", "„": "“”", "«": "»", "'": "'", "‘": "’'"}
"""The marks that close what each mark opens."""
_MIXED = {'"': "”", "“": '"'}
"""What closes it where a typist or a system mixed straight and curly marks, and the right one is missing."""

MOST_APOSTROPHES = 30
"""How many marks are looked at for the end of a single-quoted stretch; keeps the time linear."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """One stretch of quoted words in a text."""

    start: int
    """Where its opening mark stands."""
    end: int
    """Behind its closing mark; the text's end where it has none."""
    opened: bool = True
    """Whether it begins here, and does not go on from the sentence before."""
    closed: bool = True
    """Whether it ends here."""


def find_quotations(text: str) -> list[Quotation]:
    """Return the quotations of *text* in order; none overlaps another."""
    marks = list(_MARK.finditer(text))
    found = []
    at = 0
    while at < len(marks):
        start = marks[at].start()
        close = _find_close(text, marks, at) if _opens(text, start) else None
        if close is None:
            at += 1
        else:
            last, closed = close
            found.append(Quotation(start, marks[last].end() if closed else len(text), closed=closed))
            at = last + 1
    return found


def _opens(text: str, start: int) -> bool:
    mark = text[start]
    if mark not in CLOSERS:
        return False
    before, after = text[start - 1 : start], text[start + 1 : start + 2]
    if not after or (after.isspace() and mark != "«"):
        return False
    if mark in "“„«":
        return True
    if before and not (_OPENING_PLACE.match(before) or before in "“„«\"'‘"):
        return False
    return mark == '"' or not _ELISION.match(text, start + 1)


def _find_close(text: str, marks: Sequence[re.Match[str]], at: int) -> tuple[int, bool] | None:
    """Find which of *marks* closes the one *at*; the last one, unclosed, where it runs to the text's end."""
    opener = marks[at][0]
    if opener in "'‘":
        closer = _find_single_close(text, marks, at)
        return None if closer is None else (closer, True)
    mixed, inner = None, 0
    for number in range(at + 1, len(marks)):
        mark = marks[number][0]
        begins = text[marks[number].start() - 1].isspace()
        if mark in CLOSERS[opener] and not (mark == opener and begins and mixed is not None):
            return number, True
        if mark == opener:
            break
        if _MIXED.get(opener) == mark and mixed is None:
            inner += 1 if mark == '"' and begins else -1
            mixed = number if inner < 0 else None
        elif opener == '"' and mark == "“":
            inner += 1
    else:
        if mixed is None and _begins_speech(text, marks[at].start()):
            return len(marks) - 1, False
    return None if mixed is None else (mixed, True)


def _begins_speech(text: str, start: int) -> bool:
    return not text[:start].strip() or text[max(0, start - 2) : start].rstrip()[-1:] in (
        ",",
        ":",
        ".",
        "!",
        "?",
    )


def _find_single_close(text: str, marks: Sequence[re.Match[str]], at: int) -> int | None:
    """Find the end of a single-quoted stretch, which an apostrophe looks like.

    A mark inside a word is none; one after an s may be a genitive's, and closes only for want of another.
    """
    doubtful = None
    for number in range(at + 1, min(at + MOST_APOSTROPHES, len(marks))):
        mark, place = marks[number][0], marks[number].start()
        if mark in CLOSERS[marks[at][0]]:
            if text[place + 1 : place + 2].isalnum() or text[place - 1].isspace():
                continue
            if text[place - 1] not in "sS" or not text[place + 1 : place + 2].isspace():
                return number
            doubtful = number if doubtful is None else doubtful
        elif mark in "‘'\"“”«»„":
            break
    return doubtful


def quoted_parts(sentences: Sequence[str]) -> list[list[Quotation]]:
    """Return, for each of a paragraph's *sentences*, the stretches of it that are quoted.

    A quotation that runs over several sentences has a part in each.
    """
    parts: list[list[Quotation]] = [[] for _ in sentences]
    ends = list(_offsets(sentences))
    number = 0
    for quotation in find_quotations(" ".join(sentences)):
        while ends[number][1] <= quotation.start:
            number += 1
        there = number
        while there < len(sentences) and ends[there][0] < quotation.end:
            start, end = ends[there]
            parts[there].append(
                Quotation(
                    max(quotation.start, start) - start,
                    min(quotation.end, end) - start,
                    quotation.start >= start,
                    quotation.closed and quotation.end <= end,
                )
            )
            there += 1
    return parts


def _offsets(sentences: Sequence[str]) -> Iterator[tuple[int, int]]:
    start = 0
    for sentence in sentences:
        yield start, start + len(sentence)
        start += len(sentence) + 1


def edit_outside(
    sentences: Sequence[str], pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str]
) -> list[str]:
    """Replace what *pattern* finds in *sentences*, but for what touches a quotation."""
    if not any(map(pattern.search, sentences)):
        return list(sentences)
    return [
        _edit(sentence, parts, pattern, replace)
        for sentence, parts in zip(sentences, quoted_parts(sentences), strict=True)
    ]


def _edit(
    sentence: str, parts: list[Quotation], pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str]
) -> str:
    pending = iter(parts)
    part = next(pending, None)

    def replace_unquoted(match: re.Match[str]) -> str:
        nonlocal part
        while part and part.end <= match.start():
            part = next(pending, None)
        return match[0] if part and part.start < match.end() else replace(match)

    return pattern.sub(replace_unquoted, sentence)
