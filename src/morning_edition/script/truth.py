"""Is a script true to its article: what of it is not spoken, and what is spoken that it does not hold.

Words are compared place by place, whatever their order is there: style may turn a sentence round, but neither
add nor lose a name, a number or a quoted word. What stands struck in the script is accounted for. The words
that the template says around the article are known from the script that it would write now: the frame.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from morning_edition.articles.article import Article
from morning_edition.errors import ScriptError
from morning_edition.script.comparing import Place, Row, compare_copies
from morning_edition.script.copy_names import part_pronouncers
from morning_edition.script.findings import Finding, Findings
from morning_edition.script.places import read_places
from morning_edition.script.reading import parse_script
from morning_edition.script.script import Line, Script
from morning_edition.script.wording import ORDINALS
from morning_edition.script.words import Wording, read_words
from morning_edition.script.writing import Selection, select_reading, write_script
from morning_edition.spoken import split_sentences
from morning_edition.station import Station

LARGEST_FILE_BYTES = 10_000_000

_NUMBERS = frozenset({*ORDINALS, "and finally"})
"""What a Quick Look may be announced by; a line struck by hand does not make the others' numbers false."""


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
            found += Place(place, sentences, rows[place], own.get(place, ())).compare()
        elif place not in picks and (place.count("-") == 2 or not _is_said(sentences, said)):
            found += [Finding("not spoken", "sentence", one.text, place) for one in sentences]
        found += compare_copies(place, sentences, copies.get(place, ()), own_copies.get(place, ()))
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
) -> tuple[dict[str, list[Row]], dict[str, list[Row]], list[Row]]:
    """Sort a script's lines: by place, those read twice by place, and those that nobody knows."""
    own = {read_words(line.text).key for line in frame.lines if not line.source} | _NUMBERS
    home = {one.key: place for place, sentences in written.items() for one in sentences}
    rows, copies, loose = defaultdict[str, list[Row]](list), defaultdict[str, list[Row]](list), list[Row]()
    for part in script.parts:
        picks = part.kind == "quick_looks"
        lines: list[tuple[str, Row]] = [(line.source, _read_row(line)) for line in part.lines]
        lines += [(line.source, Row(read_words(line.text), line.row, struck=True)) for line in part.left_out]
        for source, row in lines:
            place = source if source in written else home.get(row.wording.key, "")
            if place:
                (copies if picks and place.count("-") == 2 else rows)[place].append(row)
            elif not row.struck and row.wording.key not in own:
                loose.append(row)
    return rows, copies, loose


def _read_row(line: Line) -> Row:
    return Row(read_words(line.text), line.row)
