"""The site's MP3s, as players and tag readers read them."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from mutagen.mp3 import MP3

TOLERANCE_S = 0.02

SOUNDS = ("episode.mp3", "flash.mp3")


def probe(run_program: Any, path: Path) -> Any:
    return json.loads(
        run_program(
            "ffprobe", "-v", "error", "-of", "json", "-show_chapters", "-show_format", "-show_streams", path
        )
    )


def told_chapters(site: Any) -> list[tuple[str, float]]:
    chapters = site.json("chapters.json", site.newest)["chapters"]
    return [(chapter["title"], pytest.approx(chapter["startTime"], abs=TOLERANCE_S)) for chapter in chapters]


def test_ffprobe_reads_the_chapters_of_the_json(site: Any, run_program: Any) -> None:
    """What is in the tag is what stands in `chapters.json`, in order."""
    shown = probe(run_program, site.path("episode.mp3", site.newest))
    read = [(chapter["tags"]["title"], float(chapter["start_time"])) for chapter in shown["chapters"]]
    assert read == told_chapters(site)
    assert float(shown["chapters"][-1]["end_time"]) == pytest.approx(site.newest.duration_ms / 1000, abs=0.06)


def test_mutagen_reads_the_chapters_of_the_json(site: Any) -> None:
    """The same, read by the library of many players."""
    tag = MP3(site.path("episode.mp3", site.newest)).tags
    frames = sorted(tag.getall("CHAP"), key=lambda frame: frame.start_time)
    read = [(str(frame.sub_frames["TIT2"]), frame.start_time / 1000) for frame in frames]
    assert read == told_chapters(site)
    (contents,) = tag.getall("CTOC")
    assert contents.child_element_ids == [frame.element_id for frame in frames]


# It tries the TDAT of version 2.3 as a date of 2.4, which Python 3.13 warns of, and logs that it is none.
@pytest.mark.filterwarnings("ignore:Parsing dates involving a day of month:DeprecationWarning")
def test_eyed3_reads_the_chapters_of_the_json(site: Any, caplog: pytest.LogCaptureFixture) -> None:
    """The same, read by the third."""
    eyed3 = pytest.importorskip("eyed3")
    with caplog.at_level(logging.CRITICAL, logger="eyed3"):
        tag = eyed3.load(site.path("episode.mp3", site.newest)).tag
    read = [(chapter.title, chapter.times.start / 1000) for chapter in tag.chapters]
    assert read == told_chapters(site)


def test_id3lib_reads_titles(site: Any, run_program: Any) -> None:
    """Old players read the tag of all sounds."""
    for name in SOUNDS:
        shown = run_program("id3v2", "-l", site.path(name, site.episodes[1]))
        assert site.episodes[1].title in shown


def test_title_and_show_are_those_of_the_feed(site: Any, run_program: Any) -> None:
    """Every sound names the episode and the show as the feed does."""
    for episode in site.episodes:
        tags = probe(run_program, site.path("episode.mp3", episode))["format"]["tags"]
        assert (tags["title"], tags["album"]) == (episode.title, site.station.show.title)


def test_the_cover_is_in_the_file(site: Any, run_program: Any) -> None:
    """The episode's MP3 has one square JPEG beside its one sound."""
    streams = probe(run_program, site.path("episode.mp3", site.newest))["streams"]
    assert [stream["codec_name"] for stream in streams] == ["mp3", "mjpeg"]
    assert 300 <= streams[1]["width"] == streams[1]["height"] <= 3000


@pytest.mark.parametrize(("name", "kbps"), [("episode.mp3", 96), ("flash.mp3", 256)])
def test_the_bit_rate_is_constant(site: Any, run_program: Any, name: str, kbps: int) -> None:
    """mp3val sees a constant bit rate and no fault; ffprobe the rate that the settings ask for."""
    for episode in site.episodes:
        shown = run_program("mp3val", site.path(name, episode))
        assert "CBR" in shown
        assert "WARNING" not in shown
        stream = probe(run_program, site.path(name, episode))["streams"][0]
        assert int(stream["bit_rate"]) == kbps * 1000


def test_readers_agree_on_the_length(site: Any, run_program: Any) -> None:
    """ffprobe, mutagen and the record give the same length."""
    path = site.path("episode.mp3", site.newest)
    seconds = site.newest.duration_ms / 1000
    assert float(probe(run_program, path)["format"]["duration"]) == pytest.approx(seconds, abs=0.06)
    assert MP3(path).info.length == pytest.approx(seconds, abs=0.06)
