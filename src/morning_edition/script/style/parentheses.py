"""Parentheses become clauses between commas, a name's short form a gloss; the marks of footnotes go.

What a pronouncer or a number stands in, and what is quoted, stays as it is.
"""

import re
from collections.abc import Sequence

from morning_edition.patterns import compile_late
from morning_edition.script.style.airing import Unread
from morning_edition.script.style.quotations import edit_outside

FOOTNOTE = compile_late(r"(?<=[\w.,;:!?\"”’)\]])\[(?:\d{1,3}|[a-z]|note \d{1,3}|citation needed)\]")
"""The mark of a footnote behind a word; no more to the ear than a page's number."""
_BRACKETS = compile_late(
    r"(?P<before>\S) \((?P<inside>[^()\[\]\s](?:[^()\[\]]{0,198}[^()\[\]\s])?)\)(?P<after>[^\w(]|$)"
)
_NESTED = compile_late(r"\([^()]*\(")
_WHOLE = compile_late(r"\((?P<inside>[^()]{3,}?)(?P<stop>[.!?]?)\)[.]?")
_PRONOUNCER = compile_late(
    r"(?:pronounced|say|rhymes with)\b.*|(?=.*[a-z])(?=.*[A-Z]{2})(?=[^-]+-)[A-Za-z' -]+", re.DOTALL
)
_ITEM = compile_late(r"[a-zA-Z]|[ivx]{1,4}|\W+|\d{3}|s|es")
_LISTED = compile_late(r",| (?:and|or)\b")
_SHORT_FORM = compile_late(r"[A-Z][A-Za-z0-9&.-]{0,9}")
_MOST_WORDS_BETWEEN_COMMAS = 8


def open_parentheses(sentences: Sequence[str]) -> list[str]:
    """Return *sentences* without the parentheses that the ear can do without."""
    bare = edit_outside(sentences, FOOTNOTE, lambda match: "")
    freed = [_free(sentence) for sentence in bare]
    return edit_outside(freed, _BRACKETS, _open)


def drop_glosses(sentences: Sequence[str], said: set[str]) -> tuple[list[str], list[Unread]]:
    """Part from *sentences* the glosses that are among those *said*; what is new comes to be among them."""
    unread: list[Unread] = []

    def drop(match: re.Match[str]) -> str:
        if not _is_gloss(match):
            return match[0]
        if match["inside"] in said:
            unread.append(Unread(f"({match['inside']})", "this short form was told before"))
            return match["before"] + match["after"]
        said.add(match["inside"])
        return match[0]

    return edit_outside(sentences, _BRACKETS, drop), unread


def _free(sentence: str) -> str:
    """Take the parentheses off a sentence that stands in them as a whole."""
    whole = _WHOLE.fullmatch(sentence)
    return whole["inside"] + (whole["stop"] or ".") if whole and " " in whole["inside"] else sentence


def _open(match: re.Match[str]) -> str:
    inside, after = match["inside"], match["after"]
    if _stays(match) or _NESTED.match(match.string, max(0, match.string.rfind("(", 0, match.end("before")))):
        return match[0]
    clause = f"or {inside}" if _is_gloss(match) else inside
    ends = "" if after in ("", ".", ",", ";", ":", "!", "?", "…", "—", "–") else ","
    if _is_long(inside):
        return f"{match['before']} — {clause}{' —' if after == ' ' else ''}{after}"
    comma = "" if match["before"] in ",;:—–" else ","
    return f"{match['before']}{comma} {clause}{ends}{after}"


def _stays(match: re.Match[str]) -> bool:
    inside = match["inside"]
    if inside.isdigit() and match["before"] in ",;:.":
        return True
    if _PRONOUNCER.fullmatch(inside) or _ITEM.fullmatch(inside) or "://" in inside:
        return True
    return inside[-1] in ".!?" and inside[0].isupper() and " " in inside


def _is_long(inside: str) -> bool:
    return ", " in inside or len(inside.split()) > _MOST_WORDS_BETWEEN_COMMAS


def _is_gloss(match: re.Match[str]) -> bool:
    """Tell the short form of the name before it, by its letters: Hayat Tahrir al-Sham (HTS)."""
    short = match["inside"]
    if _LISTED.match(match.string, match.end("inside") + 1) and ", " in _text_before(match, 80):
        return False  # among others, "or" would tell of a choice
    if not _SHORT_FORM.fullmatch(short) or sum(map(str.isupper, short)) < 2:
        return False
    letters = [sign.lower() for sign in short if sign.isalnum()]
    words = _words_before(match, len(letters) + 4)
    begins = (at for at, word in enumerate(words) if word[:1].lower() == letters[0] and at < len(words) - 1)
    return any(_spells(words[at:], letters) for at in begins)


def _text_before(match: re.Match[str], most: int) -> str:
    return match.string[max(0, match.end("before") - most) : match.end("before")]


def _words_before(match: re.Match[str], count: int) -> list[str]:
    clause = re.split(r"[,;:.!?] ", _text_before(match, 160))[-1]
    return [part for word in clause.split()[-count:] for part in re.split(r"[-–]", word) if part]


def _spells(words: Sequence[str], letters: Sequence[str]) -> bool:
    """Tell whether *letters* come, in order, in *words*, most of them as initials."""
    word, place, initials = 0, 1, 1
    for letter in letters[1:]:
        next_word = next((at for at in range(word + 1, len(words)) if words[at][0].lower() == letter), None)
        if next_word is not None:
            word, place, initials = next_word, 1, initials + 1
            continue
        place = words[word].lower().find(letter, place) + 1
        if not place:
            return False
    return initials >= 2 and initials * 2 >= len(letters)
