"""Is a script true to its article: what of it is not spoken, and what is spoken that it does not hold.

Words are compared place by place, whatever their order is there: style may turn a sentence round, but neither
add nor lose a name, a number or a quoted word. What stands struck in the script is accounted for. The words
that the template says around the article are known from the script that it would write now: the frame.
"""

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from morning_edition.articles.article import Article
from morning_edition.errors import ScriptError
from morning_edition.script.copy_names import part_pronouncers
from morning_edition.script.findings import Finding, Findings
from morning_edition.script.places import read_places
from morning_edition.script.reading import parse_script
from morning_edition.script.script import Line, Script
from morning_edition.script.wording import HAND_OVER_WORDS, ORDINALS
from morning_edition.script.words import Word, Wording, WordKind, count_words, read_words
from morning_edition.script.writing import Selection, select_reading, write_script
from morning_edition.spoken import split_sentences
from morning_edition.station import Station

LOST_SHARE = 0.5
"""A sentence is lost, or invented, when so much of its words is; below that, single words are."""
LIKENESS_WORDS = 20
"""A word that stands in more sentences than these says nothing about which one is meant."""
LARGEST_FILE_BYTES = 10_000_000

_LEADS = frozenset({*ORDINALS, *HAND_OVER_WORDS, "and", "finally"})
_NUMBERS = frozenset({*ORDINALS, "and finally"})
"""What a Quick Look may be announced by; a line struck by hand does not make the others' numbers false."""
_DAYS = frozenset("today tonight yesterday tomorrow morning afternoon evening night this on".split())
"""What style may say as the day's name."""
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)")
_PLAIN: frozenset[WordKind] = frozenset({"word", "date"})


def check_own(article: Article, station: Station, date: dt.date) -> Findings:
    """Check the script that would be written of *article*. Raises `ScriptError`."""
    selection = select_reading(article, station, date)
    script = _parse(write_script(article, station, date, selection), f"{station.root / 'templates'}")
    return check_truth(selection.article, script, script)


def check_file(article: Article, station: Station, path: Path) -> Findings:
    """Check the script at *path*. Raises `ScriptError` where it cannot be read."""
    script = _parse(_load(path), str(path))
    selection = select_reading(article, station, script.date)
    heard = {line.source for line in script.lines}
    cuts = {struck.source: struck.reason for struck in script.left_out if struck.source not in heard}
    chosen = Selection(selection.article, selection.origins, _cut_looks(script, selection) | cuts)
    frame = _parse(write_script(article, station, script.date, chosen), str(path))
    return check_truth(selection.article, script, frame)


def _cut_looks(script: Script, selection: Selection) -> dict[str, str]:
    """Name the picked Quick Looks that are struck: their lines tell the story's place, not their own."""
    parts = [part for part in script.parts if part.kind == "quick_looks"]
    heard = {line.text for part in parts for line in part.lines}
    struck = {line.text: line.reason for part in parts for line in part.left_out}
    looks = enumerate(selection.article.quick_looks, 1)
    return {
        f"look-{number}": struck[look.text]
        for number, look in looks
        if look.extracted and look.text in struck and look.text not in heard
    }


def _parse(text: str, name: str) -> Script:
    return parse_script(text, to_spoken=str, name=name)


def _load(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE_BYTES + 1)
    except FileNotFoundError as error:
        raise ScriptError(f"{path}: there is no such file") from error
    except OSError as error:
        raise ScriptError(f"{path}: cannot be read: {error.strerror}") from error
    if len(content) > LARGEST_FILE_BYTES:
        raise ScriptError(f"{path}: larger than {LARGEST_FILE_BYTES:,} bytes; this is not a script")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScriptError(f"{path}: not UTF-8 text; save it as UTF-8") from error


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the script, as its words."""

    wording: Wording
    number: int
    struck: bool = False


def check_truth(article: Article, script: Script, frame: Script) -> Findings:
    """Compare *script* with *article*; *frame* is the script that the template would write of it now.

    Both scripts may be the same one; it is then checked against the article alone.
    """
    written = {place: _sentences(text) for place, text in read_places(article) if text.strip()}
    rows, copies, loose = _sort_rows(script, written, frame)
    own, own_copies, _ = _sort_rows(frame, written, frame)
    said = " ".join(read_words(line.text).key for line in script.lines)
    picks = {f"look-{number}" for number, look in enumerate(article.quick_looks, 1) if look.extracted}
    found: list[Finding] = []
    for place, sentences in written.items():
        if place in rows:
            found += _Place(place, sentences, rows[place], own.get(place, ())).compare()
        elif place not in picks and (place.count("-") == 2 or not _is_said(sentences, said)):
            found += [Finding("not spoken", "sentence", one.text, place) for one in sentences]
        found += _compare_copies(place, sentences, copies.get(place, ()), own_copies.get(place, ()))
    found += [Finding("not in the article", "sentence", row.wording.text, row=row.number) for row in loose]
    return tuple(found)


def _sentences(text: str) -> list[Wording]:
    wordings = (read_words(sentence) for sentence in split_sentences(part_pronouncers(text)[0]))
    return [wording for wording in wordings if wording.words]


def _is_said(sentences: Sequence[Wording], said: str) -> bool:
    """Tell whether a title is said anyway, as part of something else."""
    return f" {' '.join(one.key for one in sentences)} " in f" {said} "


def _sort_rows(
    script: Script, written: dict[str, list[Wording]], frame: Script
) -> tuple[dict[str, list[_Row]], dict[str, list[_Row]], list[_Row]]:
    """Sort a script's lines: by place, those read twice by place, and those that nobody knows."""
    own = {read_words(line.text).key for line in frame.lines if not line.source} | _NUMBERS
    home = {one.key: place for place, sentences in written.items() for one in sentences}
    rows, copies, loose = defaultdict[str, list[_Row]](list), defaultdict[str, list[_Row]](list), list[_Row]()
    for part in script.parts:
        picks = part.kind == "quick_looks"
        lines: list[tuple[str, _Row]] = [(line.source, _read_row(line)) for line in part.lines]
        lines += [(line.source, _Row(read_words(line.text), line.row, struck=True)) for line in part.left_out]
        for source, row in lines:
            place = source if source in written else home.get(row.wording.key, "")
            if place:
                (copies if picks and place.count("-") == 2 else rows)[place].append(row)
            elif not row.struck and row.wording.key not in own:
                loose.append(row)
    return rows, copies, loose


def _read_row(line: Line) -> _Row:
    return _Row(read_words(line.text), line.row)


class _Place:
    """One paragraph of the article beside the lines that say it."""

    def __init__(
        self, place: str, sentences: Sequence[Wording], rows: Sequence[_Row], frame: Sequence[_Row]
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
        if place.startswith("look-") or (place.startswith("deep-") and place.count("-") == 1):
            self._own_words.update(_LEADS)

    def compare(self) -> Iterator[Finding]:
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
                yield Finding("not spoken", "sentence", sentence.text, self._place)
            else:
                yield from (
                    Finding("not spoken", word.kind, word.shown, self._place, sentence=sentence.text)
                    for word in lacking
                )

    def _may_be_lost(self, word: Word) -> bool:
        return word.key.removesuffix("'s") in _DAYS and word.kind in _PLAIN and self._own_losses[word.key] > 0

    def _find_added(self, heard: Sequence[_Row], extra: Counter[str]) -> Iterator[Finding]:
        numbers = {row.wording: row.number for row in heard}
        for wording in _most_first(list(numbers), extra):
            added = [word for word in _take(wording, extra) if not self._is_own(word)]
            number = numbers[wording]
            if len(added) > LOST_SHARE * len(wording.words):
                yield Finding("not in the article", "sentence", wording.text, self._place, number)
            else:
                yield from (
                    Finding("not in the article", word.kind, word.shown, self._place, number, wording.text)
                    for word in added
                )

    def _is_own(self, word: Word) -> bool:
        """Tell a word that the template or style says here; it is never a name, a number or quoted."""
        numbered = self._place.startswith("look-") and _ORDINAL.fullmatch(word.key) is not None
        return (numbered or word.kind in _PLAIN) and self._own_words[word.key] > 0

    def _find_turned(self, heard: Sequence[_Row]) -> Iterator[Finding]:
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


def _compare_copies(
    place: str, sentences: Sequence[Wording], copies: Sequence[_Row], frame: Sequence[_Row]
) -> Iterator[Finding]:
    """Compare lines that say a sentence of the story a first time, as Quick Looks picked from it do."""
    known = {one.key for one in sentences} | {row.wording.key for row in frame}
    for row in copies:
        if row.struck or row.wording.key in known:
            continue
        nearest = max(
            sentences[:LIKENESS_WORDS],
            key=lambda one: (row.wording.counted & one.counted).total(),
            default=None,
        )
        extra = row.wording.counted - (nearest.counted if nearest else Counter())
        added = _take(row.wording, extra)
        if len(added) > LOST_SHARE * len(row.wording.words):
            yield Finding("not in the article", "sentence", row.wording.text, place, row.number)
        else:
            for word in added:
                yield Finding(
                    "not in the article", word.kind, word.shown, place, row.number, row.wording.text
                )
