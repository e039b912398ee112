"""Transcripts read back as players read them, each in its format, against the script and the sound."""

import html
import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from morning_edition.outlets.captions import show_words
from morning_edition.outlets.transcripts import SPEAKERS, draw_tags
from morning_edition.patterns import compile_late
from morning_edition.proof import Finding
from morning_edition.proof.agreement import MOST_APART_MS, compare, reason_of, tell
from morning_edition.script.script import Script

_CLOCK = r"(\d\d+):(\d\d):(\d\d)[.,](\d{3})"
_TIMING = compile_late(rf"{_CLOCK} --> {_CLOCK}")
_TIME = compile_late(_CLOCK)
_VOICE = compile_late(r"<v [^>]*>")
_MOMENT = compile_late(r"PT(\d+(?:\.\d{1,3})?)S")

_NAMES = frozenset(f"{name}:" for name in SPEAKERS.values())
"""What SRT puts before a speaker's words."""


@dataclass(frozen=True, slots=True)
class _Caption:
    start_ms: int
    end_ms: int
    words: tuple[str, ...]
    fault: str = ""
    """What is wrong with the times of its words."""


_UNREADABLE = (
    *(OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError),
    etree.LxmlError,
)


def prove_transcript(path: Path, script: Script | None, sound_ms: float) -> Iterator[Finding]:
    """Read a transcript as a player does: its captions are in order, end inside the sound, and say it all."""
    try:
        captions = list(_READERS[path.suffix](path.read_text("utf-8")))
    except _UNREADABLE as error:
        yield tell("transcript", path.name, f"cannot be read ({reason_of(error)})")
        return
    for before, caption in itertools.pairwise([_Caption(0, 0, ()), *captions]):
        if not before.end_ms <= caption.start_ms < caption.end_ms:
            at = f"{caption.start_ms / 1000:.3f} s"
            yield tell("transcript", path.name, f"the caption at {at} is not in order")
            break
    if captions and captions[-1].end_ms > sound_ms + MOST_APART_MS:
        end = f"{captions[-1].end_ms / 1000:.3f} s"
        yield tell("transcript", path.name, f"ends at {end}, after the sound ({sound_ms / 1000:.3f} s)")
    if script is not None:
        yield from _prove_words(path.name, captions, script)
    for fault in [caption.fault for caption in captions if caption.fault][:1]:
        yield tell("transcript", path.name, fault)


def _prove_words(file: str, captions: Sequence[_Caption], script: Script) -> Iterator[Finding]:
    said = [word for line in script.lines for word in show_words(line.text)]
    if file.endswith(".srt"):
        said = [*map(draw_tags, said)]
    at = 0
    for caption in captions:
        words = list(caption.words)
        if words != said[at : at + len(words)] and words[:1] and words[0] in _NAMES:
            words = words[1:]
        if words != said[at : at + len(words)]:
            wanted = " ".join(said[at : at + len(words)])
            yield from compare("transcript", file, "a caption", " ".join(words), wanted)
            return
        at += len(words)
    if at < len(said):
        yield tell("transcript", file, f"ends before the script’s “{' '.join(said[at : at + 8])}”")


def _read_vtt(text: str) -> Iterator[_Caption]:
    if not text.startswith("WEBVTT"):
        raise ValueError("it does not begin with WEBVTT")
    for timing, lines in _blocks(text.partition("\n")[2]):
        yield _caption(timing, [html.unescape(_VOICE.sub("", line)) for line in lines])


def _read_srt(text: str) -> Iterator[_Caption]:
    return itertools.starmap(_caption, _blocks(text))


def _blocks(text: str) -> Iterator[tuple[str, list[str]]]:
    """Give each block's timing and the lines below it."""
    for block in text.split("\n\n"):
        rows = [row for row in block.split("\n") if row]
        timing = next((number for number, row in enumerate(rows) if "-->" in row), None)
        if timing is not None:
            yield rows[timing], rows[timing + 1 :]
        elif rows:
            raise ValueError(f"this is no caption: {rows[0][:60]!r}")


def _caption(timing: str, lines: Sequence[str]) -> _Caption:
    match = _TIMING.fullmatch(timing)
    if match is None:
        raise ValueError(f"this is no timing: {timing[:60]!r}")
    start_ms, end_ms = (_add_up(match.groups()[at : at + 4]) for at in (0, 4))
    return _Caption(start_ms, end_ms, tuple(" ".join(lines).split()))


def _read_json(text: str) -> Iterator[_Caption]:
    for segment in json.loads(text)["segments"]:
        start_ms, end_ms = read_seconds(segment["startTime"]), read_seconds(segment["endTime"])
        words = tuple(segment["body"].split())
        timed = segment.get("words")
        fault = "" if timed is None else _find_fault(timed, words, start_ms, end_ms)
        yield _Caption(start_ms, end_ms, words, fault)


def _find_fault(timed: Sequence[Any], words: Sequence[str], start_ms: int, end_ms: int) -> str:
    """Tell where a caption's timed words are others than its own, or not in order inside it."""
    told = [word["word"] for word in timed]
    if told != list(words):
        return f"has the words “{' '.join(told)}” for “{' '.join(words)}”"
    at_ms = start_ms
    for word in timed:
        begins_ms, stops_ms = read_seconds(word["startTime"]), read_seconds(word["endTime"])
        if not at_ms <= begins_ms <= stops_ms <= end_ms:
            return f"the word “{word['word']}” at {begins_ms / 1000:.3f} s is not in its place"
        at_ms = stops_ms
    return ""


def _read_html(text: str) -> Iterator[_Caption]:
    """Give each paragraph, with the time that stands before it; it lasts until the next one begins."""
    body = lxml_html.document_fromstring(text).find("body")
    started = [_read_moment(time.get("datetime", "")) for time in body.findall("time")]
    spoken = [paragraph.text_content().split() for paragraph in body.findall("p")]
    ends = [*started[1:], started[-1] + 1] if started else []
    for start_ms, end_ms, words in zip(started, ends, spoken, strict=True):
        yield _Caption(start_ms, end_ms, tuple(words))


def _read_moment(duration: str) -> int:
    match = _MOMENT.fullmatch(duration)
    if match is None:
        raise ValueError(f"this is no time: {duration[:60]!r}")
    return read_seconds(match[1])


def read_seconds(value: Any) -> int:  # noqa: ANN401 - whatever JSON holds
    """Return in ms what a file tells in seconds. Raises ValueError, TypeError or OverflowError."""
    return round(float(value) * 1000)


def read_clock(text: str) -> int | None:
    """Return in ms what a file tells as `00:01:02.500`; None where it is something else."""
    match = _TIME.fullmatch(text)
    return _add_up(match.groups()) if match else None


def _add_up(parts: Sequence[str]) -> int:
    hours, minutes, seconds, thousandths = map(int, parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths


_READERS = {".vtt": _read_vtt, ".srt": _read_srt, ".json": _read_json, ".html": _read_html}
TRANSCRIPTS = tuple(f"transcript{suffix}" for suffix in _READERS)
