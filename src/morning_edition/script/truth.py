"""Is a script true to its article: what of it is not spoken, and what is spoken that it does not hold.

Words are compared place by place, whatever their order is there: style may turn a sentence round, but neither
add nor lose a name, a number or a quoted word. What stands struck in the script is accounted for. The words
that the template says around the article are known from the script that it would write now: the frame.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from morning_edition.articles.article import Article
from morning_edition.errors import ScriptError
from morning_edition.script.comparing import LOST_SHARE, Place, Row, compare_copies
from morning_edition.script.copy_names import part_pronouncers
from morning_edition.script.findings import Finding, Findings
from morning_edition.script.places import read_places
from morning_edition.script.reading import parse_script
from morning_edition.script.script import Script
from morning_edition.script.wording import ORDINALS
from morning_edition.script.words import Word, Wording, read_words
from morning_edition.script.writing import Selection, select_reading, write_script
from morning_edition.spoken import split_sentences
from morning_edition.station import Station

LARGEST_FILE_BYTES = 10_000_000

_NUMBERS = frozenset({*ORDINALS, "and finally"})
"""What a Quick Look may be announced by; a line struck by hand does not make the others' numbers false."""


@dataclass(frozen=True, slots=True)
class Compared:
    """An article and its script, side by side."""

    findings: Findings
    written: Mapping[str, Sequence[Wording]]
    """What the article holds, by place."""
    rows: Mapping[str, Sequence[Row]]
    """What the script says or strikes, by place; under "" what it strikes of no place."""
    copies: Mapping[str, Sequence[Row]]
    """The lines that say a sentence of the story beforehand, by its place: Quick Looks picked from it."""


def check_own(article: Article, station: Station, date: dt.date) -> Findings:
    """Check the script that would be written of *article*. Raises `ScriptError`."""
    selection = select_reading(article, station, date)
    script = _parse(write_script(article, station, date, selection), f"{station.root / 'templates'}")
    return check_truth(selection.article, script, script)


def check_file(article: Article, station: Station, path: Path) -> Findings:
    """Check the script at *path*. Raises `ScriptError` where it cannot be read."""
    script = _parse(_load(path), str(path))
    selection = select_reading(article, station, script.date)
    frame = write_frame(article, station, script.date, script, selection)
    return check_truth(selection.article, script, frame)


def write_frame(
    article: Article, station: Station, date: dt.date, script: Script, selection: Selection
) -> Script:
    """Return the script that the template would write now, if it were to strike what *script* strikes.

    Raises `ScriptError`.
    """
    heard = {line.source for line in script.lines}
    cuts = {struck.source: struck.reason for struck in script.left_out if struck.source not in heard}
    chosen = Selection(selection.article, selection.origins, _cut_looks(script, selection) | cuts)
    return _parse(write_script(article, station, date, chosen), f"{station.root / 'templates'}")


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


def check_truth(article: Article, script: Script, frame: Script) -> Findings:
    """Do what `compare_sides` does, for its findings alone."""
    return compare_sides(article, script, frame).findings


def compare_sides(article: Article, script: Script, frame: Script) -> Compared:
    """Compare *script* with *article*; *frame* is the script that the template would write of it now.

    Both scripts may be the same one; it is then checked against the article alone.
    """
    written = {place: _sentences(text) for place, text in read_places(article) if text.strip()}
    rows, copies, loose = _sort_rows(script, written, frame)
    own, own_copies = (rows, copies) if frame is script else _sort_rows(frame, written, frame)[:2]
    said = ""
    picks = {f"look-{number}" for number, look in enumerate(article.quick_looks, 1) if look.extracted}
    found: list[Finding] = []
    for place, sentences in written.items():
        if place in rows:
            found += Place(place, sentences, rows[place], own.get(place, ())).compare()
        elif place not in picks:
            said = said or " ".join(read_words(line.text).key for line in script.lines)
            if place.count("-") == 2 or not _is_said(sentences, said):
                found += [
                    Finding("not spoken", "sentence", one.text, place, words=one.words) for one in sentences
                ]
        found += compare_copies(place, sentences, copies.get(place, ()), own_copies.get(place, ()))
    found += _tell_loose(loose, written, frame)
    return Compared(tuple(found), written, rows, copies)


def _tell_loose(
    loose: Sequence[Row], written: Mapping[str, Sequence[Wording]], frame: Script
) -> Iterator[Finding]:
    """Tell the lines that nobody knows, and which of their words.

    A line that is one of the template's own, changed, is held against that one, whatever it counts in words:
    once a Quick Look is struck by hand, "five Quick Looks" is what nobody changed. What else is added by hand
    is held against the whole article and template.
    """
    if not loose:
        return
    own = [(one.counted, one) for one in (read_words(line.text) for line in frame.lines if not line.source)]
    known = {word.name for _, one in own for word in one.words}
    known |= {word.name for sentences in written.values() for one in sentences for word in one.words}
    for row in loose:
        words, counted = row.wording.words, row.wording.counted
        _, held = max(own, key=lambda one: (counted & one[0]).total(), default=(counted, row.wording))
        near = (counted & held.counted).total() > LOST_SHARE * len(words)
        names = {word.name for word in held.words} if near else known
        added = [word for word in words if word.name not in names and not (near and _counts(word, names))]
        yield Finding("not in the article", "sentence", row.wording.text, row=row.number, words=tuple(added))


def _counts(word: Word, names: Collection[str]) -> bool:
    """Tell a number in words, and what is more than one of what *names* hold."""
    spelled = word.kind == "number" and not any(sign.isdigit() for sign in word.key)
    return spelled or word.name.removesuffix("s") in names or f"{word.name}s" in names


def _sentences(text: str) -> list[Wording]:
    wordings = (read_words(sentence) for sentence in split_sentences(part_pronouncers(text)[0]))
    return [wording for wording in wordings if wording.words]


def _is_said(sentences: Sequence[Wording], said: str) -> bool:
    """Tell whether a title is said anyway, as part of something else."""
    return f" {' '.join(one.key for one in sentences)} " in f" {said} "


def _sort_rows(
    script: Script, written: dict[str, list[Wording]], frame: Script
) -> tuple[dict[str, list[Row]], dict[str, list[Row]], list[Row]]:
    """Sort a script's lines: by place, those read twice by place, and those that nobody knows."""
    own = {read_words(line.text).key for line in frame.lines if not line.source} | _NUMBERS
    home = {one.key: place for place, sentences in written.items() for one in sentences}
    known = {
        one.text: one for sentences in written.values() for one in sentences
    }  # most lines are as written

    def read(text: str) -> Wording:
        return known.get(text) or read_words(text)

    rows, copies, loose = defaultdict[str, list[Row]](list), defaultdict[str, list[Row]](list), list[Row]()
    for part in script.parts:
        picks = part.kind == "quick_looks"
        lines: list[tuple[str, Row]] = [(line.source, Row(read(line.text), line.row)) for line in part.lines]
        lines += [
            (line.source, Row(read(line.text), line.row, struck=True, reason=line.reason))
            for line in part.left_out
        ]
        for source, row in lines:
            place = source if source in written else home.get(row.wording.key, "")
            if place:
                (copies if picks and place.count("-") == 2 else rows)[place].append(row)
            elif row.struck:
                rows[""].append(row)
            elif row.wording.key not in own:
                loose.append(row)
    return rows, copies, loose
