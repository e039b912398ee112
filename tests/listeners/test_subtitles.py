"""The transcripts and chapters beside the sound, as players and validators read them."""

import html
import json
import re
import shutil
import subprocess
from itertools import pairwise
from typing import Any

import pytest
import webvtt

from morning_edition.outlets.transcripts import draw_tags


def test_webvtt_py_reads_the_cues(site: Any) -> None:
    """A strict parser reads the VTT: its cues are in order, with their speakers, inside the sound."""
    captions = webvtt.read(str(site.path("transcript.vtt", site.newest))).captions
    times = [(caption.start_in_seconds, caption.end_in_seconds) for caption in captions]
    assert len(times) > 20
    assert times == sorted(times)
    assert {caption.voice for caption in captions} >= {"Anchor", "Correspondent"}
    assert captions[-1].end_in_seconds <= site.newest.duration_ms / 1000


def test_the_w3c_parser_finds_no_fault(site: Any, run_node: Any) -> None:
    """The parser and validator of the W3C has nothing to say of the VTT."""
    script = """
        const {WebVTTParser} = require(process.argv[1]);
        const text = require("fs").readFileSync(process.argv[2], "utf8");
        const {cues, errors} = new WebVTTParser().parse(text, "subtitles");
        console.log(JSON.stringify({cues: cues.length, errors}));
    """
    read = run_node("webvtt-parser", script, site.path("transcript.vtt", site.newest))
    assert read["errors"] == []
    assert read["cues"] == site.path("transcript.vtt", site.newest).read_text("utf-8").count(" --> ")


@pytest.mark.parametrize("name", ["transcript.vtt", "transcript.srt"])
def test_ffmpeg_reads_as_many_cues_as_there_are(site: Any, run_program: Any, name: str) -> None:
    """ffmpeg reads every cue of both formats, at its time."""
    path = site.path(name, site.newest)
    shown = run_program("ffprobe", "-v", "error", "-of", "json", "-show_packets", path)
    packets = json.loads(shown)["packets"]
    segments = site.json("transcript.json", site.newest)["segments"]
    assert len(packets) == path.read_text("utf-8").count(" --> ")
    assert float(packets[0]["pts_time"]) == pytest.approx(segments[0]["startTime"], abs=0.002)


def test_all_formats_have_the_same_words(site: Any) -> None:
    """VTT, SRT and JSON tell the same, word for word."""
    vtt = webvtt.read(str(site.path("transcript.vtt", site.newest))).captions
    srt = webvtt.from_srt(str(site.path("transcript.srt", site.newest))).captions
    segments = site.json("transcript.json", site.newest)["segments"]
    told = [" ".join(segment["body"] for segment in segments).split()]
    told += [" ".join(html.unescape(caption.text) for caption in vtt).split()]
    spoken = " ".join(caption.raw_text for caption in srt)
    speakers = {"Anchor:", "Correspondent:", "Quotation:"}
    assert told[0] == told[1]
    assert [*map(draw_tags, told[0])] == [word for word in spoken.split() if word not in speakers]


def test_the_words_of_the_json_are_its_text(site: Any) -> None:
    """Joined by spaces the words of a segment are its body; their times are in order and inside it."""
    for segment in site.json("transcript.json", site.newest)["segments"]:
        words = segment["words"]
        assert " ".join(word["word"] for word in words) == segment["body"]
        edges = [segment["startTime"], *(word["startTime"] for word in words)]
        assert edges == sorted(edges)
        assert words[-1]["endTime"] <= segment["endTime"] + 0.001


def test_cues_follow_the_voice(site: Any) -> None:
    """Where a line follows a pause, ffmpeg hears that pause end within a tenth of a second of it."""
    if not shutil.which("ffmpeg"):
        pytest.skip("ffmpeg is not installed")
    sound = site.path("episode.mp3", site.newest)
    listening = ["-af", "silencedetect=noise=-38dB:d=0.2", "-f", "null", "-"]
    heard = subprocess.run(
        ["ffmpeg", "-v", "info", "-i", sound, *listening], capture_output=True, text=True, check=True
    )
    ends = [float(found) for found in re.findall(r"silence_end: ([\d.]+)", heard.stderr)]
    music = [chapter.start_ms / 1000 for chapter in site.newest.chapters]
    segments = [
        cue for cue in site.json("transcript.json", site.newest)["segments"] if cue["segment"] == "deep_look"
    ]
    after_pause = [
        cue["startTime"]
        for before, cue in pairwise(segments)
        if cue["startTime"] - before["endTime"] >= 0.3
        and not any(0 <= cue["startTime"] - start < 5 for start in music)
    ]
    late = [start for start in after_pause if not any(abs(start - end) <= 0.1 for end in ends)]
    assert after_pause
    assert late == []


def test_chapters_are_those_of_the_record(site: Any) -> None:
    """The chapters' JSON is of version 1.2, begins at 0, ascends, and ends inside the sound."""
    told = site.json("chapters.json", site.newest)
    starts = [chapter["startTime"] for chapter in told["chapters"]]
    assert told["version"] == "1.2.0"
    assert starts[0] == 0
    assert starts == sorted(set(starts))
    assert starts[-1] < site.newest.duration_ms / 1000
    assert [chapter["title"] for chapter in told["chapters"]] == [
        chapter.title for chapter in site.newest.chapters
    ]
