"""Text for a voice that is not ours: nothing in it that is not to be read aloud, and never too much of it."""

import html
import re
import unicodedata

from morning_edition.outlets.characters import clean, shorten
from morning_edition.patterns import compile_late

_TAG = compile_late(r"<!\[CDATA\[|\]\]>|</?[A-Za-z!?][^<>]*>")
_REFERENCE = compile_late(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[A-Za-z]\w{0,31});")
MOST_LAYERS = 3
"""So often a text may have been escaped by mistake."""
JOINERS = "\u200c\u200d"
"""Unseen, but letters of Persian and the parts of emoji hang on them."""


def speakable(text: str) -> str:
    """Return *text* on one line, without markup, references, control characters and marks of direction."""
    for _ in range(MOST_LAYERS):
        bare = _TAG.sub(_part, _REFERENCE.sub(_resolve, _drop_unseen(text)))
        if bare == text:
            break
        text = bare
    text = _REFERENCE.sub(" ", _drop_unseen(text)).replace("<", " ").replace(">", " ")
    return " ".join(text.split())


def _drop_unseen(text: str) -> str:
    if text.isprintable():
        return text
    kept = (letter for letter in clean(text) if letter in JOINERS or unicodedata.category(letter) != "Cf")
    return "".join(kept)


def _part(tag: re.Match[str]) -> str:
    """Return what stands for a tag: a space, but for where signs hold on to the word that was in it."""
    before, after = tag.string[max(tag.start() - 1, 0) : tag.start()], tag.string[tag.end() : tag.end() + 1]
    holds = (before and before in "(“‘«") or (after and after in ",.:;!?…)”’»")
    return "" if holds else " "


def _resolve(reference: re.Match[str]) -> str:
    return html.unescape(reference[0])


def cut_at_sentence(text: str, limit: int) -> str:
    """Return as many whole sentences of *text* as *limit* holds; of a single longer one, its first words.

    Length counts as in UTF-16, in which most platforms count.
    """
    if _length(text) <= limit:
        return text

    from morning_edition.spoken import split_sentences

    kept: list[str] = []
    room = limit
    for sentence in split_sentences(text):
        room -= _length(sentence) + bool(kept)
        if room < 0:
            break
        kept.append(sentence)
    return " ".join(kept) or _cut_at_word(text, limit)


def _cut_at_word(text: str, limit: int) -> str:
    letters = limit
    while (over := _length(cut := shorten(text, letters)) - limit) > 0:
        letters -= max(over // 2, 1)  # letters that count twice are the most that there can be
    return cut


def _length(text: str) -> int:
    return len(text.encode("utf-16-le", "replace")) // 2
