"""Transcripts and chapters as apps fetch them beside the sound.

Follows the podcast namespace (https://podcastindex.org/namespace/1.0) and JSON Chapters 1.2
(https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/chapters/jsonChapters.md).
"""

import itertools
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from morning_edition.checking.podcast.remarks import Remark, refuse
from morning_edition.outlets.characters import shorten
from morning_edition.proof.agreement import MOST_APART_MS, one_line, reason_of

LARGEST_BYTES = 4_000_000
"""Ten hours of speech have a quarter of that."""
CAPTIONED = (".vtt", ".srt")
READABLE = (*CAPTIONED, ".json", ".html")
LONGEST_SHOWN = 80
CHAPTERS_APART_MS = 20
"""What two lists of the same chapters may differ by: AntennaPod and others would tell them apart."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a chapter begins, and its title."""

    start_ms: float
    title: str


def find_transcript_remarks(path: Path, sound_ms: float) -> Iterator[Remark]:
    """Say what is wrong with the transcript at *path*, beside a sound of *sound_ms* (infinite: not known)."""
    from morning_edition.proof.transcripts import prove_transcript

    if path.suffix not in READABLE:
        return
    try:
        content = _read(path)
        findings = list(prove_transcript(path, None, sound_ms))
    except (OSError, ValueError) as error:
        yield refuse(f"{path.name} cannot be read ({reason_of(error)})")
        return
    yield from (refuse(finding.text.removesuffix(".")) for finding in findings)
    if path.suffix in CAPTIONED and b"-->" not in content:
        yield refuse(f"{path.name} has no caption, and Apple shows none of it; produce the episode again")


def read_chapters(path: Path, sound_ms: float) -> tuple[list[Mark], list[Remark]]:
    """Return the chapters in the JSON at *path*, and what is wrong with them."""
    try:
        record = json.loads(_read(path).decode())
        marks = [_read_mark(one) for one in record["chapters"]]
        if not isinstance(record.get("version"), str):
            raise ValueError("it tells no version")
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        ArithmeticError,
        RecursionError,
    ) as error:
        said = f"{path.name} is no JSON of chapters ({shorten(reason_of(error), LONGEST_SHOWN)})"
        return [], [refuse(f"{said}; produce the episode again")]
    return marks, [refuse(f"{path.name}: {said}") for said in _find_order_faults(marks, sound_ms)]


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(LARGEST_BYTES + 1)
    if len(content) > LARGEST_BYTES:
        raise ValueError(f"it has more than {LARGEST_BYTES // 1_000_000} MB")
    return content


def _read_mark(record: dict[str, object]) -> Mark:
    start, title = record["startTime"], record.get("title", "")
    if not isinstance(start, int | float) or isinstance(start, bool) or not math.isfinite(start):
        raise ValueError("a startTime is no number")
    if not isinstance(title, str):
        raise ValueError("a title is no text")
    return Mark(start * 1000, title)


def _find_order_faults(marks: Sequence[Mark], sound_ms: float) -> Iterator[str]:
    if not marks:
        yield "it has no chapter; produce the episode again"
        return
    if marks[0].start_ms:
        yield f"its first chapter begins at {marks[0].start_ms / 1000:.3f} s, and must begin at 0"
    for before, mark in itertools.pairwise(marks):
        if mark.start_ms <= before.start_ms:
            yield f"the chapter at {mark.start_ms / 1000:.3f} s is not after the one before it"
            break
    if max(mark.start_ms for mark in marks) >= sound_ms + MOST_APART_MS:
        yield f"it has a chapter after the end of the sound, which lasts {sound_ms / 1000:.3f} s"
    if not all(mark.title.strip() for mark in marks):
        yield "a chapter has no title, and players show an empty line"


def find_chapter_differences(what: str, found: Sequence[Mark], told: Sequence[Mark]) -> Iterator[Remark]:
    """Say where *found* are other chapters than those *told* in the JSON; *what* is where they stand."""
    if len(found) != len(told):
        yield refuse(f"{what} has {len(found)} chapters, and chapters.json has {len(told)}")
        return
    for number, (mark, other) in enumerate(zip(found, told, strict=True), 1):
        if one_line(mark.title) != one_line(other.title):
            titles = [shorten(one_line(title), LONGEST_SHOWN) for title in (mark.title, other.title)]
            yield refuse(f"{what} calls chapter {number} “{titles[0]}”, and chapters.json “{titles[1]}”")
            return
        if not abs(mark.start_ms - other.start_ms) <= CHAPTERS_APART_MS:
            times = f"{mark.start_ms / 1000:.3f} s, and chapters.json at {other.start_ms / 1000:.3f} s"
            yield refuse(f"{what} begins chapter {number} at {times}")
            return
