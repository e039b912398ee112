"""Transcripts read back in each format: what says too little, too late or out of its place is found."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from morning_edition.mix.timeline import Cue
from morning_edition.outlets.transcripts import render_html, render_json, render_srt, render_vtt
from morning_edition.proof.transcripts import TRANSCRIPTS, prove_transcript
from morning_edition.script.script import Line, Script, Segment

TEXTS = (
    "Good morning; this is The Morning Brief.",
    "It is 6:30, & the <ferries> are back: two boats, forty bicycles, and one dog --> the bay.",
    "\x1b—",
    "Thank you.",
)
SCRIPT = Script(
    "A day",
    dt.date(2024, 12, 6),
    "en-US",
    (
        Segment("intro", "Intro", tuple(Line(text, text) for text in TEXTS[:2])),
        Segment("outro", "Outro", tuple(Line(text, text, "correspondent") for text in TEXTS[2:])),
    ),
)
CUES = [
    Cue(at * 8000 + 500, at * 8000 + 8000, line.text, line.role, segment.kind, timing="voice")
    for at, (segment, line) in enumerate((part, line) for part in SCRIPT.parts for line in part.lines)
]
SOUND_MS = 32_500


def write(folder: Path, cues: list[Cue]) -> dict[str, Path]:
    made = {
        "transcript.vtt": render_vtt(cues),
        "transcript.srt": render_srt(cues),
        "transcript.json": render_json(cues),
        "transcript.html": render_html("Ferries", "en-US", cues),
    }
    for name, text in made.items():
        (folder / name).write_text(text, "utf-8")
    return {name: folder / name for name in made}


def found(path: Path, sound_ms: float = SOUND_MS) -> list[str]:
    return [finding.text for finding in prove_transcript(path, SCRIPT, sound_ms)]


def test_there_are_four_forms() -> None:
    assert set(TRANSCRIPTS) == {f"transcript.{form}" for form in ("vtt", "srt", "json", "html")}


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_a_transcript_of_every_line_passes(name: str, tmp_path: Path) -> None:
    assert found(write(tmp_path, CUES)[name]) == []


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_a_line_left_out_or_cut_off_is_found(name: str, tmp_path: Path) -> None:
    (cut_off,) = found(write(tmp_path, CUES[:-1])[name])
    assert cut_off.startswith(f"{name}: ends before the script’s “Thank you.”")
    (left_out,) = found(write(tmp_path, CUES[1:])[name])
    assert "and should be" in left_out


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_a_transcript_beyond_the_sound_or_out_of_order_is_found(name: str, tmp_path: Path) -> None:
    path = write(tmp_path, CUES)[name]
    assert f"{name}: ends at" in found(path, sound_ms=10_000)[0]
    swapped = write(tmp_path, [CUES[0], CUES[3], CUES[2], CUES[1]])[name]
    assert any("is not in order" in one for one in found(swapped))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "cannot be read"),
        ("<html><body><cite>Anchor:</cite><time>0:00</time><p>Good</p>", "this is no time"),
        ("<html><body><time datetime='PT1S'>0:01</time><p>One</p><p>Two</p>", "cannot be read"),
        ("<html><body><p>Good morning", "cannot be read"),
        ("<html><body></body></html>", "ends before the script’s “Good morning;"),
    ],
)
def test_a_page_that_players_cannot_read_is_found(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "transcript.html"
    path.write_text(text, "utf-8")
    assert said in found(path)[0]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"startTime": 0.2}, "the word “Good” at 0.200 s is not in its place"),
        ({"endTime": 30.0}, "is not in its place"),
        ({"startTime": 0.9, "endTime": 0.6}, "is not in its place"),
        ({"word": "Bad"}, "has the words “Bad morning;"),
        ({"startTime": "soon"}, "cannot be read"),
    ],
)
def test_a_word_outside_its_segment_is_found(values: dict[str, Any], said: str, tmp_path: Path) -> None:
    path = write(tmp_path, CUES)["transcript.json"]
    record = json.loads(path.read_text("utf-8"))
    record["segments"][0]["words"][0].update(values)
    path.write_text(json.dumps(record), "utf-8")
    assert said in found(path)[0]


def test_segments_without_words_pass_as_they_were_made_before(tmp_path: Path) -> None:
    path = write(tmp_path, CUES)["transcript.json"]
    record = json.loads(path.read_text("utf-8"))
    for segment in record["segments"]:
        del segment["words"]
    path.write_text(json.dumps(record), "utf-8")
    assert found(path) == []
