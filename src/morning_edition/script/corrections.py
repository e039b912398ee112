"""Corrections as lines of the script: what was wrong, and how it is, said by the anchor.

They never stand in `script.md`, which is the article's copy and may be edited by hand: they are put into the
script once it is read, in the intro before the headline or where the outro begins, the newest first. A part
that the programme lacks is made for them.
"""

import dataclasses
import itertools
from collections.abc import Callable, Iterator, Sequence

from morning_edition.episode import Correction
from morning_edition.script.lines import end_sentence
from morning_edition.script.script import Line, Script, Segment
from morning_edition.script.wording import spell_number
from morning_edition.spoken import split_sentences
from morning_edition.station.publishing import Corrections

SOURCE = "correction"
"""Begins the place that such a line comes from: `correction-1` is the oldest."""
SILENT = "-"
"""Stands for the words of a correction that is only written."""
TITLES = ("Correction", "Corrections")
"""Of the part that is made for one, or for several."""


def find_place(corrections: Sequence[Correction], settings: Corrections) -> str:
    """Return the part in which *corrections* are said: `intro` or `outro`; empty where none is."""
    said = any(one.spoken != SILENT for one in corrections)
    return settings.spoken if said and settings.spoken != "nowhere" else ""


def is_correction(line: Line) -> bool:
    """Tell whether *line* says a correction, or leads to one."""
    return line.source.partition("-")[0] == SOURCE


def add_corrections(
    script: Script,
    corrections: Sequence[Correction],
    place: str,
    settings: Corrections,
    to_spoken: Callable[[str], str],
) -> Script:
    """Return *script* with the lines of those that are said; none where *place* is empty.

    *to_spoken* gives a line's spoken form from its written one.
    """
    said = [(number, one) for number, one in enumerate(corrections, 1) if one.spoken != SILENT]
    if not (said and place):
        return script
    lines = tuple(_write_lines(said, settings, to_spoken))
    parts = list(script.parts)
    at = next((number for number, part in enumerate(parts) if part.kind == place), None)
    if at is not None:
        parts[at] = _put_in(parts[at], lines)
    elif place == "intro":
        parts.insert(0, Segment("intro", TITLES[len(said) > 1], lines))
    else:
        parts.append(Segment("outro", TITLES[len(said) > 1], lines))
    return dataclasses.replace(script, parts=tuple(parts))


def _write_lines(
    said: Sequence[tuple[int, Correction]], settings: Corrections, to_spoken: Callable[[str], str]
) -> Iterator[Line]:
    lead, told = settings.lead, ""
    if len(said) > 1:
        lead, told = "", settings.several.replace("{count}", spell_number(len(said)))
    if told:
        text = end_sentence(told[0].upper() + told[1:])
        yield Line(text, to_spoken(text), opens="paragraph", source=SOURCE)
    for number, one in reversed(said):
        written = f"{lead} {one.spoken or one.text}".strip()
        for place, sentence in enumerate(split_sentences(written)):
            text = end_sentence(sentence)
            opens = "" if place else "paragraph"
            yield Line(text, to_spoken(text), opens=opens, source=f"{SOURCE}-{number}")  # type: ignore[arg-type]


def _put_in(part: Segment, lines: tuple[Line, ...]) -> Segment:
    """Put *lines* where they belong in the intro or the outro; what follows them opens a paragraph."""
    at = _find_headline(part.lines) if part.kind == "intro" else 0
    after = [
        dataclasses.replace(line, opens=line.opens or "paragraph") if not number else line
        for number, line in enumerate(part.lines[at:])
    ]
    struck = tuple(
        dataclasses.replace(one, before=one.before + len(lines)) if one.before >= at else one
        for one in part.left_out
    )
    return dataclasses.replace(part, lines=(*part.lines[:at], *lines, *after), left_out=struck)


def _find_headline(lines: Sequence[Line]) -> int:
    """Return the number of the first line that is the article's, or else of the second paragraph."""
    sourced = (number for number, line in enumerate(lines) if line.source)
    opening = (number for number, line in enumerate(lines) if number and line.opens)
    return next(itertools.chain(sourced, opening), len(lines))
