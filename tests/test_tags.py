import dataclasses
import datetime as dt
import io
import json
import logging
import shutil
import subprocess
import zoneinfo
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutagen.id3 import ID3
from PIL import Image

from morning_edition.errors import AudioError
from morning_edition.mix.timeline import Chapter
from morning_edition.mp3 import encode_mp3
from morning_edition.tags import Tags, language_code, tag_mp3


def cover() -> bytes:
    stream = io.BytesIO()
    Image.effect_mandelbrot((300, 300), (-2, -1.5, 1, 1.5), 50).convert("RGB").save(stream, "JPEG")
    return stream.getvalue()


UNTAGGED = encode_mp3(np.zeros(44_100, np.int16), sample_rate_hz=44_100, bitrate_kbps=96)
COVER = cover()
CHAPTERS = tuple(
    # The third title is the longest and the first the shortest: sorted by size, they would change places.
    Chapter(title, start, end)
    for title, start, end in (
        ("Intro", 0, 150),
        ("Quick Looks", 150, 400),
        ("The rebels’ road south: “nobody expected it”", 400, 901),
        ("Closing", 901, 1_000),
    )
)
LEAST = Tags(
    title="Hama falls",
    album="Morning Edition",
    artist="The Newsroom",
    published=dt.datetime(2024, 12, 6, 6, 5, tzinfo=zoneinfo.ZoneInfo("Asia/Tokyo")),
)
FULL = dataclasses.replace(
    LEAST,
    title="Hama falls — “a stunning setback”",
    album_artist="The Newsroom’s desk",
    language="de-AT",
    comment="First line.\nSecond line.",
    publisher="Newsroom Ltd",
    copyright="© The Newsroom",
    source_url="https://news.example/syrië?a=1&b=%20",
    feed_url="https://podcast.example/podcast.xml",
    episode_guid="f0c4a1d2",
    category="Daily News",
    description="What happened\nand why.",
    keywords=("Syria", "", "Hama"),
    duration_ms=1_000,
    cover_jpeg=COVER,
    transcript="Anchor: Good morning.\r\nЭто утро.\n",
    chapters=CHAPTERS,
    chapter_url="https://podcast.example/audio/2024-12-06-hama-falls/",
)


def frames_in_file_order(tagged: bytes) -> list[tuple[str, bytes]]:
    """Read a v2.3 tag by hand, to its last byte."""
    assert tagged[:6] == b"ID3\x03\x00\x00", "version 2.3, no unsynchronisation, no extended header"
    size = sum(byte << shift for byte, shift in zip(tagged[6:10], (21, 14, 7, 0), strict=True))
    frames, at = [], 10
    while at < 10 + size:
        name, length = tagged[at : at + 4].decode("ascii"), int.from_bytes(tagged[at + 4 : at + 8], "big")
        assert name.isalnum()
        assert tagged[at + 8 : at + 10] == b"\0\0", "no frame flags"
        frames.append((name, tagged[at + 10 : at + 10 + length]))
        at += 10 + length
    assert at == 10 + size, "neither padding nor a cut frame"
    assert tagged[at:] == UNTAGGED
    return frames


def read(tagged: bytes) -> ID3:
    return ID3(io.BytesIO(tagged), translate=False)


def run_program(name: str, *arguments: object) -> str:
    program = shutil.which(name) or pytest.skip(f"{name} is not installed")
    ran = subprocess.run([program, *map(str, arguments)], capture_output=True, check=True, timeout=60)
    assert ran.stderr == b""
    return ran.stdout.decode()


@pytest.fixture(scope="module")
def full() -> bytes:
    return tag_mp3(UNTAGGED, FULL)


@pytest.fixture(scope="module")
def episode(full: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("episode") / "episode.mp3"
    path.write_bytes(full)
    return path


def test_frames_stand_in_the_order_they_are_read(full: bytes) -> None:
    """Words first, chapters as they are heard, what is long last."""
    assert [name for name, _ in frames_in_file_order(full)] == [
        *("TIT2", "TALB", "TPE1", "TPE2", "TYER", "TDAT", "TIME", "TCON", "TLAN", "TLEN", "TPUB", "TCOP"),
        *("TGID", "TCAT", "TDES", "TKWD", "COMM", "PCST", "WFED", "WOAF", "WOAS"),
        *("CTOC", "CHAP", "CHAP", "CHAP", "CHAP", "USLT", "APIC"),
    ]


def test_what_is_empty_is_not_said() -> None:
    assert [name for name, _ in frames_in_file_order(tag_mp3(UNTAGGED, LEAST))] == [
        *("TIT2", "TALB", "TPE1", "TYER", "TDAT", "TIME", "TCON", "TLAN", "PCST")
    ]


@pytest.mark.parametrize(
    ("frame", "text"),
    [
        ("TIT2", "Hama falls — “a stunning setback”"),
        ("TALB", "Morning Edition"),
        ("TPE1", "The Newsroom"),
        ("TPE2", "The Newsroom’s desk"),
        ("TYER", "2024"),
        ("TDAT", "0612"),
        ("TIME", "0605"),
        ("TCON", "Podcast"),
        ("TLAN", "ger"),
        ("TLEN", "1000"),
        ("TPUB", "Newsroom Ltd"),
        ("TCOP", "2024 The Newsroom"),
        ("TGID", "f0c4a1d2"),
        ("TCAT", "Daily News"),
        ("TDES", "What happened and why."),
        ("TKWD", "Syria, Hama"),
        ("COMM::ger", "First line.\nSecond line."),
        ("USLT::ger", "Anchor: Good morning.\nЭто утро."),
    ],
)
def test_mutagen_reads_the_words(full: bytes, frame: str, text: str) -> None:
    """The date is the newsroom's own: at six in Tokyo it is still yesterday in Greenwich."""
    assert str(read(full)[frame]) == text


def test_links_are_plain_ascii(full: bytes) -> None:
    tag = read(full)
    assert tag["WOAS"].url == "https://news.example/syri%C3%AB?a=1&b=%20"
    assert tag["WOAF"].url == FULL.chapter_url
    assert tag["WFED"].url == FULL.feed_url
    assert dict(frames_in_file_order(full))["PCST"] == bytes(4)


def test_the_cover_is_the_picture_given(full: bytes) -> None:
    picture = read(full).getall("APIC")[0]
    assert (picture.mime, picture.type, picture.data) == ("image/jpeg", 3, COVER)


def test_chapters_stand_in_the_order_they_are_heard(full: bytes) -> None:
    """Players list them as they stand in the file, whatever the table of contents says."""
    chapters = [body for name, body in frames_in_file_order(full) if name == "CHAP"]
    starts = [int.from_bytes(body[len("chp0\0") :][:4], "big") for body in chapters]
    assert [body[:5] for body in chapters] == [b"chp0\0", b"chp1\0", b"chp2\0", b"chp3\0"]
    assert starts == [0, 150, 400, 901]


def test_chapters_given_out_of_order_are_put_in_order(full: bytes) -> None:
    shuffled = (CHAPTERS[3], CHAPTERS[1], CHAPTERS[0], CHAPTERS[2])
    assert tag_mp3(UNTAGGED, dataclasses.replace(FULL, chapters=shuffled)) == full


def test_the_table_of_contents_names_every_chapter(full: bytes) -> None:
    contents = read(full).getall("CTOC")
    assert [(entry.element_id, int(entry.flags)) for entry in contents] == [("toc", 3)]
    assert contents[0].child_element_ids == ["chp0", "chp1", "chp2", "chp3"]


def test_each_chapter_has_times_title_and_link(full: bytes) -> None:
    for index, chapter in enumerate(CHAPTERS):
        frame = read(full)[f"CHAP:chp{index}"]
        assert (frame.start_time, frame.end_time) == (chapter.start_ms, chapter.end_ms)
        assert (frame.start_offset, frame.end_offset) == (0xFFFFFFFF, 0xFFFFFFFF)
        assert str(frame.sub_frames["TIT2"]) == chapter.title
    links = [read(full)[f"CHAP:chp{index}"].sub_frames["WXXX:"].url for index in range(4)]
    assert links == [FULL.chapter_url + mark for mark in ("#t=0", "#t=0.15", "#t=0.4", "#t=0.901")]


def test_chapters_without_a_page_have_no_link() -> None:
    tag = read(tag_mp3(UNTAGGED, dataclasses.replace(FULL, chapter_url="")))
    assert list(tag["CHAP:chp2"].sub_frames) == ["TIT2"]
    assert "WOAF" not in tag


def test_a_tag_holds_255_chapters_and_no_more() -> None:
    many = tuple(Chapter(f"Chapter {index}", index, index + 1) for index in range(256))
    tag = read(tag_mp3(UNTAGGED, dataclasses.replace(FULL, chapters=many[:255])))
    assert len(tag.getall("CTOC")[0].child_element_ids) == len(tag.getall("CHAP")) == 255
    with pytest.raises(AudioError, match="holds 255 chapters, and there are 256"):
        tag_mp3(UNTAGGED, dataclasses.replace(FULL, chapters=many))


def test_tagging_again_replaces_the_tag(full: bytes) -> None:
    assert tag_mp3(full, FULL) == full
    assert tag_mp3(full, LEAST) == tag_mp3(UNTAGGED, LEAST)


@pytest.mark.parametrize(
    ("given", "title"),
    [
        ("Nul\0 and\x1b[31m bell\a", "Nul and[31m bell"),
        ("Two\r\nlines\tand a tab", "Two lines and a tab"),
        ("half \ud83d a face", "half  a face"),
        ("\ufeffmarked", "marked"),
        ("flag 🇸🇾, family 👩‍👩‍👧, sunrise 🌅", "flag 🇸🇾, family 👩‍👩‍👧, sunrise 🌅"),
        ("a\xa0non-breaking space", "a\xa0non-breaking space"),
        ("حماة 大马士革 Дамаск", "حماة 大马士革 Дамаск"),
        ("  <b>R&amp;B</b> / (17)  ", "<b>R&amp;B</b> / (17)"),
    ],
)
def test_hostile_titles_come_back_readable(given: str, title: str) -> None:
    tags = dataclasses.replace(FULL, title=given, chapters=(Chapter(given, 0, 1_000),))
    tag = read(tag_mp3(UNTAGGED, tags))
    assert str(tag["TIT2"]) == str(tag["CHAP:chp0"].sub_frames["TIT2"]) == title


@pytest.mark.parametrize("given", ["", "\0", " \n ", "\ud800"])
def test_what_is_empty_once_cleaned_is_not_said(given: str) -> None:
    tags = dataclasses.replace(LEAST, comment=given, publisher=given, transcript=given, keywords=(given,))
    names = {name for name, _ in frames_in_file_order(tag_mp3(UNTAGGED, tags))}
    assert not names & {"COMM", "TPUB", "USLT", "TKWD"}


@pytest.mark.parametrize("letter", ["a", "é", "я", "🌅"])
def test_a_long_transcript_comes_back_whole(letter: str) -> None:
    transcript = "\n".join([letter * 49] * 100)
    tags = dataclasses.replace(FULL, transcript=transcript)
    assert read(tag_mp3(UNTAGGED, tags)).getall("USLT")[0].text == transcript


@settings(max_examples=60, deadline=None, derandomize=True)
@given(text=st.text(max_size=60))
def test_whatever_is_said_leaves_a_whole_tag(text: str) -> None:
    tags = Tags(
        title=text,
        album=text,
        artist=text,
        published=LEAST.published,
        language=text,
        comment=text,
        copyright=text,
        source_url=text,
        keywords=(text, text),
        transcript=text,
        chapters=(Chapter(text, 0, 5),),
        chapter_url=text,
    )
    tagged = tag_mp3(UNTAGGED, tags)
    frames_in_file_order(tagged)
    assert len(read(tagged).getall("CHAP")) == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("The Newsroom", "2024 The Newsroom"),
        ("Copyright (c) The Newsroom", "2024 The Newsroom"),
        ("© 2019 The Newsroom", "2019 The Newsroom"),
        ("Copyrighters’ Guild", "2024 Copyrighters’ Guild"),
    ],
)
def test_a_copyright_begins_with_its_year(given: str, said: str) -> None:
    """Players put the sign in front themselves."""
    assert str(read(tag_mp3(UNTAGGED, dataclasses.replace(LEAST, copyright=given)))["TCOP"]) == said


@pytest.mark.parametrize(
    ("language", "code"),
    [
        *(("en", "eng"), ("en-US", "eng"), ("EN-gb", "eng"), ("de", "ger"), ("fr-CA", "fre")),
        *(("zh-Hant-TW", "chi"), ("nb", "nob"), ("yue", "yue"), ("xx", "und"), ("", "und"), ("ééé", "und")),
    ],
)
def test_languages_have_three_letters(language: str, code: str) -> None:
    assert language_code(language) == code


# It tries the TDAT of version 2.3 as a date of 2.4, which Python 3.13 warns of, and logs that it is none.
@pytest.mark.filterwarnings("ignore:Parsing dates involving a day of month:DeprecationWarning")
def test_eyed3_reads_the_tag(episode: Path, caplog: pytest.LogCaptureFixture) -> None:
    eyed3 = pytest.importorskip("eyed3")
    with caplog.at_level(logging.CRITICAL, logger="eyed3"):
        tag: Any = eyed3.load(episode).tag
    assert tag.version == (2, 3, 0)
    assert (tag.title, tag.album, tag.artist) == (FULL.title, FULL.album, FULL.artist)
    assert (tag.album_artist, tag.genre.name) == (FULL.album_artist, "Podcast")
    assert tag.recording_date.year == 2024
    assert [tuple(chapter.times) for chapter in tag.chapters] == [(c.start_ms, c.end_ms) for c in CHAPTERS]
    assert [chapter.title for chapter in tag.chapters] == [chapter.title for chapter in CHAPTERS]
    contents = next(iter(tag.table_of_contents))
    assert (contents.toplevel, contents.ordered, len(contents.child_ids)) == (True, True, 4)
    assert tag.images[0].image_data == COVER
    assert tag.lyrics[0].text == "Anchor: Good morning.\nЭто утро."


def test_ffprobe_lists_the_chapters(episode: Path) -> None:
    shown = run_program(
        "ffprobe", "-v", "warning", "-of", "json", "-show_chapters", "-show_format", "-show_streams", episode
    )
    probed = json.loads(shown)
    listed = [(chapter["start"], chapter["end"], chapter["tags"]["title"]) for chapter in probed["chapters"]]
    assert listed == [(chapter.start_ms, chapter.end_ms, chapter.title) for chapter in CHAPTERS]
    tags = probed["format"]["tags"]
    assert (tags["title"], tags["album"], tags["artist"]) == (FULL.title, FULL.album, FULL.artist)
    assert tags["date"].startswith("2024-12-06")
    assert [(stream["codec_name"], stream.get("width", 0)) for stream in probed["streams"]] == [
        ("mp3", 0),
        ("mjpeg", 300),
    ]


def test_id3lib_reads_the_tag(episode: Path) -> None:
    """Old players are made with it."""
    shown = run_program("id3v2", "-l", episode)
    assert "TALB (Album/Movie/Show title): Morning Edition" in shown
    assert f"TIT2 (Title/songname/content description): {FULL.title}" in shown
    assert shown.count("CHAP (") == 4


def test_mp3val_sees_one_tag_and_no_error(episode: Path) -> None:
    shown = run_program("mp3val", episode)
    assert "+ID3v2, CBR" in shown
    assert "WARNING" not in shown
    assert "ERROR" not in shown
