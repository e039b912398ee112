"""One place of an article beside the lines that say it: what is lost, what is added, what is turned round."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from morning_edition.patterns import compile_late
from morning_edition.script.findings import Finding
from morning_edition.script.wording import HAND_OVER_WORDS, ORDINALS
from morning_edition.script.words import DATES, Word, Wording, WordKind, count_words

LOST_SHARE = 0.5
"""A sentence is lost, or invented, when so much of its words is; below that, single words are."""
MOST_COMPARED = 20
"""Sentences of a paragraph that a line is held against to find the one it repeats."""

_LEADS = frozenset({*ORDINALS, *HAND_OVER_WORDS, "and", "finally"})
_DAYS = frozenset("today tonight yesterday tomorrow morning afternoon evening night this on".split())
"""What style may say as the day's name."""
_ORDINAL = compile_late(r"\d+(?:st|nd|rd|th)")
_PLAIN: frozenset[WordKind] = frozenset({"word", "date"})


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the script, as its words."""

    wording: Wording
    number: int
    struck: bool = False
    reason: str = ""
    """Why it is struck."""


class Place:
    """One paragraph of the article beside the lines that say it."""

    def __init__(
        self, place: str, sentences: Sequence[Wording], rows: Sequence[Row], frame: Sequence[Row]
    ) -> None:
        self._place = place
        known = {one.key for one in sentences}
        left = Counter(one.key for one in sentences)
        left.subtract(Counter(row.wording.key for row in rows))
        self._sentences = list(_keep_counted(sentences, left))
        self._rows = [row for row in rows if row.wording.key not in known]
        self._frame_keys = {row.wording.key for row in frame}
        in_article, in_frame = count_words(sentences), count_words([row.wording for row in frame])
        self._own_words = in_frame - in_article
        self._own_losses = in_article - in_frame
        self._dates_days = any(word.removesuffix("'s") in _DAYS for word in self._own_losses) and any(
            word.removesuffix("'s") in DATES for word in self._own_words
        )
        if place.startswith("look-") or (place.startswith("deep-") and place.count("-") == 1):
            self._own_words.update(_LEADS)

    def compare(self) -> Iterator[Finding]:
        """Name what is lost and what is added; where nothing is, what is turned round."""
        heard = [row for row in self._rows if not row.struck]
        missing = count_words(self._sentences) - count_words([row.wording for row in self._rows])
        extra = count_words([row.wording for row in heard]) - count_words(self._sentences)
        lost = list(self._find_lost(missing))
        added = list(self._find_added(heard, extra))
        yield from lost
        yield from added
        if not lost and not added:
            yield from self._find_turned(heard)

    def _find_lost(self, missing: Counter[str]) -> Iterator[Finding]:
        """Give what is missing to the sentences that lack the most of it first."""
        for sentence in _most_first(self._sentences, missing):
            lacking = [word for word in _take(sentence, missing) if not self._may_be_lost(word)]
            if len(lacking) > LOST_SHARE * len(sentence.words):
                yield Finding("not spoken", "sentence", sentence.text, self._place, words=tuple(lacking))
            else:
                for word in lacking:
                    yield Finding(
                        "not spoken",
                        word.kind,
                        word.shown,
                        self._place,
                        sentence=sentence.text,
                        words=(word,),
                    )

    def _may_be_lost(self, word: Word) -> bool:
        return word.key.removesuffix("'s") in _DAYS and word.kind in _PLAIN and self._own_losses[word.key] > 0

    def _find_added(self, heard: Sequence[Row], extra: Counter[str]) -> Iterator[Finding]:
        numbers = {row.wording: row.number for row in heard}
        for wording in _most_first(list(numbers), extra):
            added = [word for word in _take(wording, extra) if not self._is_own(word)]
            yield from _tell_added(added, wording, self._place, numbers[wording])

    def _is_own(self, word: Word) -> bool:
        """Tell a word that the template or style says here; it is never a name or quoted.

        A figure it is only of a Quick Look, or of the date that is said for "yesterday".
        """
        numbered = self._place.startswith("look-") and _ORDINAL.fullmatch(word.key) is not None
        spelled = word.kind == "number" and not any(sign.isdigit() for sign in word.key)
        dated = word.kind == "number" and self._dates_days
        return (numbered or spelled or dated or word.kind in _PLAIN) and self._own_words[word.key] > 0

    def _find_turned(self, heard: Sequence[Row]) -> Iterator[Finding]:
        """Find lines that a hand has put in an order that neither the article nor style has."""
        told = f" {' '.join(one.key for one in self._sentences)} "
        for row in heard:
            plain = " ".join(word.key for word in row.wording.words if not self._is_own(word))
            known = row.wording.key in self._frame_keys or f" {row.wording.key} " in told
            if not known and f" {plain} " not in told:
                yield Finding("not in the article", "order", row.wording.text, self._place, row.number)


def _keep_counted(sentences: Iterable[Wording], left: Counter[str]) -> Iterator[Wording]:
    """Keep as many of each sentence as *left* counts."""
    for sentence in sentences:
        if left[sentence.key] > 0:
            left[sentence.key] -= 1
            yield sentence


def _most_first(wordings: Sequence[Wording], counted: Counter[str]) -> list[Wording]:
    """Put those first of whose words the largest share is *counted*; those of which none is are left out."""
    shares = {
        wording: sum(word.key in counted for word in wording.words) / len(wording.words)
        for wording in wordings
        if wording.words
    }
    return sorted(
        (wording for wording in wordings if shares.get(wording)), key=lambda wording: -shares[wording]
    )


def _take(wording: Wording, counted: Counter[str]) -> list[Word]:
    """Take the words of *wording* out of *counted*, as long as there are any."""
    taken = []
    for word in wording.words:
        if counted[word.key] > 0:
            counted[word.key] -= 1
            taken.append(word)
    return taken


def compare_copies(
    place: str, sentences: Sequence[Wording], copies: Sequence[Row], frame: Sequence[Row]
) -> Iterator[Finding]:
    """Compare lines that say a sentence of the story a first time, as Quick Looks picked from it do."""
    known = {one.key for one in sentences} | {row.wording.key for row in frame}
    for row in copies:
        if row.struck or row.wording.key in known:
            continue
        nearest = max(
            sentences[:MOST_COMPARED],
            key=lambda one: (row.wording.counted & one.counted).total(),
            default=None,
        )
        extra = row.wording.counted - (nearest.counted if nearest else Counter())
        added = _take(row.wording, extra)
        yield from _tell_added(added, row.wording, place, row.number)


def _tell_added(added: Sequence[Word], wording: Wording, place: str, row: int) -> Iterator[Finding]:
    """Tell what a line has *added*: as a sentence where that is most of it, else word by word."""
    if len(added) > LOST_SHARE * len(wording.words):
        yield Finding("not in the article", "sentence", wording.text, place, row, words=tuple(added))
    else:
        for word in added:
            yield Finding(
                "not in the article", word.kind, word.shown, place, row, wording.text, words=(word,)
            )
