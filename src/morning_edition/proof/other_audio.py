"""The podcast's master in other forms, as players find it: AAC in M4A, Opus in Ogg."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from morning_edition.episode import Episode
from morning_edition.mix.timeline import Chapter
from morning_edition.proof import Finding
from morning_edition.proof.agreement import compare, one_line, tell
from morning_edition.proof.mp3_file import prove_chapters

if TYPE_CHECKING:
    from av.container.core import Chapter as Mark

CODECS: Mapping[str, str] = {".m4a": "aac", ".opus": "opus"}
LONGEST_TITLE_BYTES = 255
"""Of a chapter in an M4A."""


def prove_container(path: Path, episode: Episode) -> tuple[float | None, list[Finding]]:
    """Open an audio file; return how long its sound is by its own word (ms), and what is wrong with it.

    No length comes back where the file cannot be read.
    """
    import av

    try:
        with av.open(str(path)) as container:
            streams = [stream.codec_context.name for stream in container.streams.audio]
            length_ms = (container.duration or 0) / 1000
            marks = [
                Chapter(mark["metadata"].get("title", ""), _ms(mark, "start"), _ms(mark, "end"))
                for mark in container.chapters()
            ]
    except (av.FFmpegError, OSError, ValueError) as error:
        return None, [tell("audio stream", path.name, f"cannot be read ({error})")]
    findings = list(compare("audio stream", path.name, "its sound", streams, [CODECS[path.suffix]]))
    wanted = tuple(replace(chapter, title=_name(chapter, episode)) for chapter in episode.chapters)
    findings += prove_chapters("chapters", path.name, marks, wanted)
    return length_ms, findings


def _ms(mark: "Mark", end: Literal["start", "end"]) -> int:
    return round(mark[end] * (mark["time_base"] or 0) * 1000)


def _name(chapter: Chapter, episode: Episode) -> str:
    title = one_line(chapter.title) or one_line(episode.title)
    return title.encode()[:LONGEST_TITLE_BYTES].decode(errors="ignore")
