"""The Quick Looks: lines under their mark to labelled bullets, and what stands after the last of them."""

import itertools
from collections.abc import Sequence

from morning_edition.articles.article import QuickLook
from morning_edition.articles.plain_lines import TextLine, join_rows
from morning_edition.articles.shapes import ends_sentence, is_headline, is_title_case, list_item

LABEL_WORDS = 6
PLAIN_LABEL_WORDS = 3
"""A label is shorter still where its capitals are those of a sentence."""

_CLAUSE_WORDS = frozenset(
    """
    add added adds are be been can could did do does had has have he i is it may might must said say says she
    should tell tells they told warn warned warns was we were will would wrote you
    """.split()
)
"""Words that make a clause of the words before a colon: "Police say: stay away"."""


def read_looks(lines: Sequence[TextLine], *, deep_follows: bool) -> tuple[tuple[QuickLook, ...], list[str]]:
    """Return the Quick Looks in *lines*, and the lines after them.

    *deep_follows* says that the Deep Look's mark comes next, so that a headline may be the last line.
    """
    kinds = [item.kind if (item := list_item(line.text)) else "" for line in lines]
    first_kind = next(filter(None, kinds), "")
    if not first_kind:
        count = _count_bare(lines, deep_follows=deep_follows)
        return tuple(read_look(line.text) for line in lines[:count]), [line.text for line in lines[count:]]
    starts = [index for index, kind in enumerate(kinds) if kind == first_kind]
    end = starts[-1] + 1
    while end < len(lines) and _goes_on(
        lines[end - 1], lines[end], may_be_headline=deep_follows and end == len(lines) - 1
    ):
        end += 1
    edges = [*range(starts[0]), *starts, end]
    texts = [_join(lines[start:stop]) for start, stop in itertools.pairwise(edges)]
    return tuple(map(read_look, texts)), [line.text for line in lines[end:]]


def read_look(text: str) -> QuickLook:
    """Part the label from *text*, if it has one."""
    label, _, rest = text.partition(": ")
    if not any(map(str.isalnum, rest)) or not is_label(label.strip()):
        return QuickLook(text=text)
    return QuickLook(text=rest.strip(), label=label.strip())


def is_label(words: str) -> bool:
    """Tell a label from the beginning of a sentence: few words, with the capitals of a title or no verb."""
    count = len(words.split())
    if not 0 < count <= LABEL_WORDS or not (words[0].isupper() or words[0].isdigit()) or ends_sentence(words):
        return False
    if is_title_case(words) and not _CLAUSE_WORDS & {words.split()[-1].casefold()}:
        return True
    return count <= PLAIN_LABEL_WORDS and not _CLAUSE_WORDS & set(words.casefold().split())


def _count_bare(lines: Sequence[TextLine], *, deep_follows: bool) -> int:
    """Count the looks at the head of *lines*, where none has a bullet's sign."""
    if deep_follows:
        return len(lines) - 1 if lines and not ends_sentence(lines[-1].text) else len(lines)
    bare = (index for index, line in enumerate(lines) if not read_look(line.text).label)
    return next(bare, len(lines))


def _goes_on(line: TextLine, following: TextLine, *, may_be_headline: bool) -> bool:
    """Tell whether *following* belongs to the last bullet, whose text so far ends with *line*."""
    if following.text[0].islower():
        return True
    if following.after_blank or (may_be_headline and is_headline(following.text) and not following.indented):
        return False
    open_end = line.text.endswith((":", ","))
    return open_end or following.indented or not (ends_sentence(line.text) or is_headline(following.text))


def _join(rows: Sequence[TextLine]) -> str:
    item = list_item(rows[0].text)
    return join_rows([item.text if item else rows[0].text, *(row.text for row in rows[1:])])
