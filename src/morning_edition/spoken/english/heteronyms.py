"""Words written alike and said in two ways ("lead", "live", "record"): which it is, by their neighbours.

Where the neighbours do not tell, the voice is left to say it as it would.
"""

from collections.abc import Sequence

from morning_edition.patterns import compile_late
from morning_edition.spoken.english.heteronym_rules import DECIDERS, Place
from morning_edition.spoken.english.heteronym_words import PAST
from morning_edition.spoken.language import Heteronym

_WORD = compile_late(r"[^\W\d_]+(?:['’][^\W\d_]+)*|[.,;:!?()\"“”—]")


def find_heteronyms(spoken_text: str) -> tuple[Heteronym, ...]:
    """Return the heteronyms of one line that its words decide, in order."""
    words = list(_WORD.finditer(spoken_text))
    texts = [match.group().replace("’", "'").lower() for match in words]
    shouted, is_past = spoken_text.isupper(), not PAST.isdisjoint(texts)
    found = []
    for index, match in enumerate(words):
        decide = DECIDERS.get(texts[index])
        if decide is None:
            continue
        ipa = decide(_place(texts, index, match.group(), shouted=shouted, is_past=is_past))
        if ipa is not None:
            found.append(Heteronym(match.start(), match.end(), ipa))
    return tuple(found)


def _place(texts: Sequence[str], index: int, written: str, *, shouted: bool, is_past: bool) -> Place:
    def near(offset: int) -> str:
        at = index + offset
        return texts[at] if 0 <= at < len(texts) and texts[at][0].isalpha() else ""

    return Place(
        before=near(-1),
        before_that=near(-2) if near(-1) else "",
        after=near(1),
        after_that=near(2) if near(1) else "",
        written=written,
        is_name=written[0].isupper() and near(-1) != "" and not shouted,
        is_past=is_past,
    )
