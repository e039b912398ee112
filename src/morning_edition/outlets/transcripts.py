"""The transcript in the three formats that podcast players fetch: the same words and speakers in each.

Follows WebVTT (https://www.w3.org/TR/webvtt1/) and, for SRT, JSON and line lengths, the podcast namespace
(https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/transcripts/transcripts.md).
"""

import functools
import html
import json
from collections.abc import Sequence

from morning_edition.mix.timeline import Cue
from morning_edition.outlets.captions import Caption, Fit, Lines, divide, fold, words_of
from morning_edition.outlets.times import timestamp
from morning_edition.script.script import Role

SPEAKERS: dict[Role, str] = {
    "anchor": "Anchor",
    "co_anchor": "Co-anchor",
    "correspondent": "Correspondent",
    "quote": "Quotation",
}
"""What listeners read for each role."""

VTT_LINE = 65 - len("<v Correspondent>")
"""The namespace's 65 characters, the longest voice span's tag included."""

SRT_LINE = 32
JSON_VERSION = "1.0.0"


def render_vtt(cues: Sequence[Cue]) -> str:
    """Write `transcript.vtt`: every caption in its speaker's voice span."""
    blocks = ["WEBVTT\n"]
    for cue in cues:
        for caption in _show(cue):
            timing = f"{timestamp(caption.start_ms)} --> {timestamp(caption.end_ms)}"
            text = html.escape("\n".join(caption.lines), quote=False)
            blocks.append(f"{timing}\n<v {SPEAKERS[cue.role]}>{text}\n")
    return "\n".join(blocks)


def render_srt(cues: Sequence[Cue]) -> str:
    """Write `transcript.srt`: the speaker's name stands where the speaker changes."""
    blocks: list[str] = []
    speaker = ""
    for cue in filter(words_of, cues):
        opens_turn, speaker = SPEAKERS[cue.role] != speaker, SPEAKERS[cue.role]
        for caption in divide(cue, _fit_srt(speaker, opens_turn=opens_turn)):
            timing = f"{timestamp(caption.start_ms, ',')} --> {timestamp(caption.end_ms, ',')}"
            blocks.append("\n".join([str(len(blocks) + 1), timing, *caption.lines, ""]))
    return "\n".join(blocks)


def render_json(cues: Sequence[Cue]) -> str:
    """Write `transcript.json`: one segment a caption of the VTT, as players show them as they are."""
    segments = [
        {
            "speaker": SPEAKERS[cue.role],
            "startTime": caption.start_ms / 1000,
            "endTime": caption.end_ms / 1000,
            "body": " ".join(caption.words),
        }
        for cue in cues
        for caption in _show(cue)
    ]
    return json.dumps({"version": JSON_VERSION, "segments": segments}, ensure_ascii=False, indent=1) + "\n"


@functools.lru_cache(maxsize=1024)
def _show(cue: Cue) -> tuple[Caption, ...]:
    """Divide a cue into captions, once for both formats that show the same."""
    return tuple(divide(cue, _fit_vtt))


def _fit_vtt(words: Sequence[str], _opens: bool) -> Lines:
    return fold(words, VTT_LINE)


def _fit_srt(speaker: str, *, opens_turn: bool) -> Fit:
    """Set captions so that AntennaPod, too, shows every word.

    It takes what stands before ": " for a speaker and drops what stands after the next colon. So a caption
    ends after a colon and then has its speaker's name, and one that has a name has no other colon inside.
    """

    def fit(words: Sequence[str], opens: bool) -> Lines:
        named = (opens and opens_turn) or words[-1].endswith(":")
        colon_inside = any(":" in word if named else word.endswith(":") for word in words[:-1])
        if colon_inside or (named and ":" in words[-1][:-1] and len(words) > 1):
            return ()
        return fold([f"{speaker}:", *words] if named else words, SRT_LINE)

    return fit
