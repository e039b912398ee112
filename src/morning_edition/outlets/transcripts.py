"""The transcript in the four formats that podcast players fetch: the same words and speakers in each.

Follows WebVTT (https://www.w3.org/TR/webvtt1/) and, for SRT, JSON, HTML and line lengths, the podcast
namespace
(https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/transcripts/transcripts.md).
What else is known of a caption (its words, where their times are from, its part of the programme) stands in
the JSON alone, whose readers ask for keys by name. A NOTE in the WebVTT would be lost on players, and some
read such a file as SRT, where it breaks the first card.
"""

import functools
import html
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from morning_edition.mix.timeline import Cue
from morning_edition.outlets.captions import Caption, Fit, Lines, divide, fold, words_of
from morning_edition.outlets.characters import first_filled, plain
from morning_edition.outlets.times import clock, seconds_of, timestamp
from morning_edition.patterns import compile_late
from morning_edition.script.script import Role, SegmentKind

SPEAKERS: dict[Role, str] = {
    "anchor": "Anchor",
    "co_anchor": "Co-anchor",
    "correspondent": "Correspondent",
    "quote": "Quotation",
}
"""What listeners read for each role."""

HEADINGS: dict[SegmentKind, str] = {
    "intro": "Introduction",
    "quick_looks": "Quick Looks",
    "deep_look": "Deep Look",
    "outro": "Closing",
}
"""What they read for each part of the programme."""

VTT_LINE = 65 - len("<v Correspondent>")
"""The namespace's 65 characters, the longest voice span's tag included."""

SRT_LINE = 32
_TAG = compile_late(r"<(?=[a-zA-Z/!?])")
"""Where a tag could begin (https://html.spec.whatwg.org/multipage/parsing.html#tag-open-state)."""
JSON_VERSION = "1.0.0"
LONGEST_MONOLOGUE_MS = 30_000
"""After which a paragraph ends with its sentence, so that the next one can show the time."""


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
            blocks.append("\n".join([str(len(blocks) + 1), timing, *map(draw_tags, caption.lines), ""]))
    return "\n".join(blocks)


def draw_tags(text: str) -> str:
    """Return *text* as SRT may have it: `‹b>` for `<b>`, while `x < y` stays.

    SRT has tags in most players, and no way to escape them. Entities are shown as they are by some
    (https://github.com/CCExtractor/ccextractor/issues/248); others drop whatever looks like a tag
    (https://github.com/Chocobozzz/PeerTube/issues/2116), or put it into a page as HTML
    (https://github.com/animebook/animebook.github.io/pull/52).
    """
    return _TAG.sub("‹", text)


def render_json(cues: Sequence[Cue]) -> str:
    """Write `transcript.json`: one segment a caption of the VTT, as players show them as they are.

    Beside the namespace's keys it has `words` with their times, `timing` (where these are from: `voice`,
    `aligned` or `estimated`) and `segment` (the part of the programme).
    """
    rows = [
        json.dumps(_write_segment(cue, caption), ensure_ascii=False) for cue in cues for caption in _show(cue)
    ]
    listed = ",\n".join(rows)
    return f'{{"version": "{JSON_VERSION}", "segments": [\n{listed}\n]}}\n'


def _write_segment(cue: Cue, caption: Caption) -> dict[str, object]:
    return {
        "speaker": SPEAKERS[cue.role],
        "startTime": caption.start_ms / 1000,
        "endTime": caption.end_ms / 1000,
        "body": caption.text,
        "segment": cue.segment,
        "timing": cue.timing,
        "words": [
            {"word": word.text, "startTime": word.start_ms / 1000, "endTime": word.end_ms / 1000}
            for word in caption.words
        ],
    }


def render_html(
    episode_title: str, language: str, cues: Sequence[Cue], corrections: Sequence[str] = ()
) -> str:
    """Write `transcript.html`: a page of its own, each paragraph with its speaker and its time.

    *corrections* stand before it, the newest first, in elements that no reader takes for what is said.

    The three stand side by side in the body, where readers look for them, and a remark comes first: one
    widespread reader (transcriptator) takes no page that begins with its DOCTYPE.
    """
    title = plain(first_filled(episode_title, "Transcript"))
    rows = [
        "<!-- Transcript -->",
        "<!doctype html>",
        f'<html lang="{html.escape(language)}">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width">',
        f"<title>{title}</title>",
        "</head>",
        '<body dir="auto">',
        f"<h1>{title}</h1>",
        *(f"<aside>{plain(one)}</aside>" for one in corrections),
    ]
    part = ""
    for monologue in _find_monologues(cues):
        if monologue.segment != part:
            part = monologue.segment
            rows.append(f"<h2>{HEADINGS[monologue.segment]}</h2>")
        rows += [
            f"<cite>{SPEAKERS[monologue.role]}:</cite>",
            f'<time datetime="PT{seconds_of(monologue.start_ms)}S">{clock(monologue.start_ms)}</time>',
            f"<p>{html.escape(' '.join(monologue.words), quote=False)}</p>",
        ]
    return "\n".join([*rows, "</body>", "</html>", ""])


@dataclass(frozen=True, slots=True)
class _Monologue:
    """Sentences of one speaker, in one part of the programme."""

    role: Role
    segment: SegmentKind
    start_ms: int
    words: list[str]


def _find_monologues(cues: Sequence[Cue]) -> Iterator[_Monologue]:
    current: _Monologue | None = None
    for cue in cues:
        words = [word.text for word in words_of(cue)]
        if not words:
            continue
        if (
            current is None
            or (cue.role, cue.segment) != (current.role, current.segment)
            or cue.end_ms - current.start_ms > LONGEST_MONOLOGUE_MS
        ):
            if current:
                yield current
            current = _Monologue(cue.role, cue.segment, cue.start_ms, [])
        current.words.extend(words)
    if current:
        yield current


@functools.lru_cache(maxsize=1024)
def _show(cue: Cue) -> tuple[Caption, ...]:
    """Divide a cue into captions, once for the formats that show the same."""
    return tuple(divide(cue, _fit_vtt))


def _fit_vtt(words: Sequence[str], _opens: bool) -> Lines:
    return fold(words, VTT_LINE)


def _fit_srt(speaker: str, *, opens_turn: bool) -> Fit:
    """Set captions so that AntennaPod, too, shows every word.

    It takes what stands before ": " for a speaker and drops what stands after the next colon. So a caption
    ends after a colon and then has its speaker's name, and one that has a name has no other colon inside.
    """

    def fit(words: Sequence[str], opens: bool) -> Lines:
        named = opens and opens_turn
        if ":" in "".join(words):
            named = named or words[-1].endswith(":")
            colon_inside = any(":" in word if named else word.endswith(":") for word in words[:-1])
            if colon_inside or (named and ":" in words[-1][:-1] and len(words) > 1):
                return ()
        return fold([f"{speaker}:", *words] if named else words, SRT_LINE)

    return fit
