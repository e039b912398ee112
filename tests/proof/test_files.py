"""An episode's files agree with each other to within 50 ms, or the proof says which of them does not."""

import datetime as dt
import hashlib
import json
import re
import shutil
import time
import wave
from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from marked import find, mark, plain
from mutagen import id3
from mutagen.mp4 import MP4
from PIL import Image

from morning_edition.alternates import encode_m4a, encode_opus
from morning_edition.articles.open import open_article
from morning_edition.decode import decode_sound
from morning_edition.edition import produce
from morning_edition.episode import Episode, EpisodeFile
from morning_edition.mix.timeline import Chapter
from morning_edition.outlets.feed import render_feed
from morning_edition.plan import plan_edition
from morning_edition.proof import Finding
from morning_edition.proof.files import prove_files
from morning_edition.station import Station, parse_station
from morning_edition.wrapping import list_files, make_tags

ARTICLE = """\
Bay ferries/ commuters/ electric boats/ Harbour Post/ R. Okafor/ Morning Edition/ Ferries crossed the bay on \
Monday. It was the first time in nine years.
Ferries Return: Quick Looks
- First Crossing: Two boats & 412 people began at 6:15 a.m.
- Price Tag: It cost $38.5 million.
Ferries Return to the Bay
Deep Look
The first boat left at sunrise.
Why the Boats Came Back
“We never stopped looking at the water,” said the mayor.
Who Pays
Riders pay 60 percent --> of it: “all,” said one.
"""
SETTINGS = """
[show]
base_url = "https://news.example/brief/"
[cast.anchor]
voice = "tone"
rate = 2.0
[sound.jingles]
open = "tick.wav"
bed = "tick.wav"
sting = "tick.wav"
bumper = "tick.wav"
close = "tick.wav"
"""
DAY = dt.date(2024, 12, 6)
NOW = dt.datetime(2024, 12, 6, 14, 30, tzinfo=dt.UTC)


@dataclass
class Made:
    """An episode that a test may damage."""

    folder: Path
    episode: Episode
    station: Station

    def relist(self) -> None:
        """Write the record anew, so that a damage is not found by its checksum alone."""
        names = [file.name for file in self.episode.files]
        self.episode = replace(self.episode, files=list_files(self.folder, names))

    def add(self, name: str) -> None:
        """Put one more file into the record."""
        added = list_files(self.folder, [name])
        self.episode = replace(self.episode, files=(*self.episode.files, *added))

    def prove(self, *, feed: str = "", **decoded_ms: int) -> tuple[Finding, ...]:
        decoded = {f"{stem}.mp3": length for stem, length in decoded_ms.items()}
        return prove_files(self.folder, self.episode, self.station, decoded_ms=decoded, feed=feed)

    def change(self, name: str, old: str, new: str) -> None:
        text = (self.folder / name).read_text("utf-8")
        assert old in text
        (self.folder / name).write_text(text.replace(old, new, 1), "utf-8")
        self.relist()

    def tag(self, edit: Callable[[id3.ID3], object], name: str = "episode.mp3") -> None:
        """Change the tag of an MP3 as other programs would."""
        path = self.folder / name
        tag = id3.ID3(path)
        edit(tag)
        tag.save(path, v2_version=4, padding=lambda _: 0)
        self.relist()


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """An episode as it comes out; it is looked at, and never changed."""
    root = tmp_path_factory.mktemp("station")
    with wave.open(str(root / "tick.wav"), "wb") as tick:
        tick.setparams((1, 2, 44_100, 0, "NONE", ""))
        tick.writeframes((3000 * np.sin(np.arange(22_050) / 7)).astype("<i2").tobytes())
    (root / "article.txt").write_text(ARTICLE, "utf-8")
    station = parse_station(SETTINGS, root)
    plan = plan_edition(station, open_article(str(root / "article.txt")), DAY)
    made = produce(plan, NOW, lambda *_: None, force=True)  # a tone is not what other rooms take for speech
    return Made(made.folder, made.episode, station)


@pytest.fixture
def made(first: Made, tmp_path: Path) -> Made:
    """A copy of that episode, staged: in a folder of another name, each file under its plain name."""
    folder = tmp_path / "staged"
    folder.mkdir()
    for path in first.folder.iterdir():
        shutil.copy(path, folder / plain(path.name))
    return Made(folder, first.episode, first.station)


def shown(findings: tuple[Finding, ...]) -> list[str]:
    return [f"{finding.check}: {finding.text}" for finding in findings]


def test_a_good_episode_has_no_finding(first: Made) -> None:
    """Whatever else is given: its decoded length, its script, its feed."""
    feed = render_feed(first.station, [first.episode])

    assert first.prove() == ()
    assert first.prove(feed=feed, episode=first.episode.duration_ms + 1) == ()


def test_it_takes_next_to_no_time(first: Made) -> None:
    """Measured at 0.02 s; ten times that is a slow machine with much else to do."""
    first.prove()
    begun = time.process_time()
    first.prove()

    assert time.process_time() - begun < 0.25


def test_every_file_of_the_record_is_proved_by_size_and_checksum(made: Made) -> None:
    for file in made.episode.files:
        path = made.folder / file.name
        content = path.read_bytes()
        path.write_bytes(content + b"\n")
        longer = shown(made.prove())
        path.unlink()
        missing = shown(made.prove())
        path.write_bytes(b"")
        empty = shown(made.prove())
        path.write_bytes(content)

        size = len(content)
        assert longer[0].startswith(
            f"size: {file.name}: its size in bytes is {size + 1}, and should be {size};"
        )
        assert f"missing file: {file.name}: cannot be read (No such file or directory)" in missing[0]
        assert f"empty file: {file.name}: is empty; produce the episode again." in empty


def test_one_changed_byte_is_found_by_its_checksum(made: Made) -> None:
    path = made.folder / "index.html"
    path.write_bytes(path.read_bytes().replace(b"Ferries", b"Ferriez", 1))
    (found,) = made.prove()

    assert (found.check, found.severity) == ("checksum", "failure")
    assert found.text.startswith("index.html: its checksum (SHA-256) is “")


def set_text(name: str, text: str) -> Callable[[id3.ID3], object]:
    return lambda tag: tag.add(getattr(id3, name)(encoding=3, text=[text]))


def move_chapter(tag: id3.ID3) -> None:
    tag["CHAP:chp2"].start_time += 60


def rename_chapter(tag: id3.ID3) -> None:
    tag["CHAP:chp2"].sub_frames["TIT2"].text = ["Weather"]


def turn_contents(tag: id3.ID3) -> None:
    tag["CTOC:toc"].child_element_ids.reverse()


def lose_words(tag: id3.ID3) -> None:
    frame = tag.getall("USLT")[0]
    frame.text = frame.text.replace("412", "421")


def stretch_cover(tag: id3.ID3) -> None:
    picture = BytesIO()
    Image.new("RGB", (60, 40)).save(picture, "JPEG")
    tag.getall("APIC")[0].data = picture.getvalue()


def break_cover(tag: id3.ID3) -> None:
    tag.getall("APIC")[0].data = tag.getall("APIC")[0].data[:300]


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (set_text("TIT2", "Trains Return"), "the title (TIT2) is “Trains Return”, and should be “Ferries"),
        (set_text("TDRC", "2024-12-07 06:00"), "is “2024-12-07 06:00”, and should be “2024-12-06 06:00”"),
        (set_text("TLEN", "1000"), "the length (TLEN) is 1.000 s, and should be"),
        (set_text("TLEN", "long"), "its length (TLEN) is “long”, and no number"),
        (move_chapter, "the start of chapter 3 is"),
        (rename_chapter, "the title of chapter 3 is “Weather”, and should be “Deep Look”"),
        (lambda tag: tag.delall("CHAP:chp5"), "the number of chapters is 5, and should be 6"),
        (lambda tag: tag.delall("CTOC"), "the list of chapters (CTOC) is []"),
        (turn_contents, "the list of chapters (CTOC) is [['chp5', 'chp4'"),
        (lose_words, "& 421 people began"),
        (lambda tag: tag.delall("USLT"), "has no transcript (USLT)"),
        (lambda tag: tag.delall("APIC"), "has no cover (APIC)"),
        (stretch_cover, "its cover has 60 × 40 pixels, and should be square"),
        (break_cover, "its cover cannot be decoded (image file is truncated"),
    ],
)
def test_a_tag_that_says_something_else_is_found(
    edit: Callable[[id3.ID3], object], said: str, made: Made
) -> None:
    made.tag(edit)
    found = made.prove()

    assert [finding.severity for finding in found] == ["failure"] * len(found)
    assert [finding.master for finding in found] == ["podcast"] * len(found)
    assert said in " ".join(shown(found))
    assert len(found) <= 2


def test_a_flash_briefing_is_proved_by_its_own_profile(made: Made) -> None:
    made.tag(lambda tag: tag.delall("TLEN"), "flash.mp3")
    (found,) = made.prove()

    assert (found.check, found.master) == ("tag", "flash")
    shutil.copy(made.folder / "episode.mp3", made.folder / "flash.mp3")
    made.relist()
    assert "bit rate: flash.mp3: the bit rate in kbit/s is 96, and should be 256" in " ".join(
        shown(made.prove())
    )


def test_a_flash_briefing_that_is_too_long_is_found(made: Made) -> None:
    made.station = replace(made.station, flash=replace(made.station.flash, longest_s=2))

    assert "duration: flash.mp3: " in " ".join(shown(made.prove()))


def test_a_file_without_its_tag_is_found(made: Made) -> None:
    id3.delete(made.folder / "episode.mp3")
    made.relist()

    assert shown(made.prove()) == ["tag: episode.mp3: has no ID3 tag; produce the episode again."]


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda mp3: mp3[:-2000], "MP3 stream: episode.mp3: the length of its sound in bytes is"),
        (lambda mp3: mp3 + mp3[-2000:], "MP3 stream: episode.mp3: the length of its sound in bytes is"),
        (lambda mp3: mp3.replace(b"Info", b"Inf0", 1), "cannot be read (no Info frame opens its sound)"),
        (lambda mp3: mp3[:5000], "MP3 stream: episode.mp3: cannot be read"),
        (lambda mp3: b"RIFF" + bytes(9000), "MP3 stream: episode.mp3: cannot be read"),
    ],
)
def test_a_damaged_stream_is_found(damage: Callable[[bytes], bytes], said: str, made: Made) -> None:
    path = made.folder / "episode.mp3"
    path.write_bytes(damage(path.read_bytes()))
    made.relist()

    assert said in " ".join(shown(made.prove()))


def test_an_info_frame_that_tells_another_length_is_found(made: Made) -> None:
    path = made.folder / "episode.mp3"
    mp3 = bytearray(path.read_bytes())
    at = mp3.index(b"Info") + 8
    frames = int.from_bytes(mp3[at : at + 4], "big")
    mp3[at : at + 4] = (frames - 10).to_bytes(4, "big")
    path.write_bytes(mp3)
    made.relist()
    found = " ".join(shown(made.prove(episode=made.episode.duration_ms)))

    assert "duration: episode.mp3: the length that the file tells is" in found
    assert "bit rate: episode.mp3: has" in found


@pytest.mark.parametrize("apart_ms", [-51, 60, 3000])
def test_a_sound_of_another_length_than_the_record_s_is_found(apart_ms: int, made: Made) -> None:
    decoded = made.prove(episode=made.episode.duration_ms + apart_ms)
    made.episode = replace(made.episode, duration_ms=made.episode.duration_ms + apart_ms)
    recorded = made.prove()

    assert "duration: episode.mp3: the length that the file tells" in " ".join(shown(decoded))
    assert "duration: episode.mp3: the length of its sound" in " ".join(shown(recorded))


@pytest.mark.parametrize("apart_ms", [-49, 0, 49])
def test_what_is_nearer_than_50_ms_agrees(apart_ms: int, first: Made) -> None:
    assert first.prove(episode=first.episode.duration_ms + apart_ms) == ()


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("transcript.vtt", "412", "421", "a caption is"),
        ("transcript.srt", "412", "421", "a caption is"),
        ("transcript.json", "412", "421", "a caption is"),
        ("transcript.vtt", "WEBVTT", "WEBVTX", "cannot be read (it does not begin with WEBVTT)"),
        ("transcript.vtt", " --> ", " -> ", "cannot be read (this is no caption"),
        ("transcript.srt", "00:00:0", "0:0:0", "cannot be read (this is no timing"),
        ("transcript.json", '"segments"', '"segment"', "cannot be read ('segments')"),
        ("transcript.json", "{", "", "cannot be read ("),
        ("transcript.json", '"startTime": ', '"startTime": 9', "is not in order"),
        ("chapters.json", '"startTime": 0.0', '"startTime": 0.06', "the start of chapter 1 is 0.060 s"),
        ("chapters.json", "Who Pays", "Who Paid", "the title of chapter 5 is “Who Paid”"),
        ("chapters.json", '"chapters"', '"chapter"', "cannot be read ('chapters')"),
    ],
)
def test_a_companion_that_says_something_else_is_found(
    name: str, old: str, new: str, said: str, made: Made
) -> None:
    made.change(name, old, new)
    found = made.prove()

    assert found
    assert all(finding.text.startswith(f"{name}: ") for finding in found)
    assert said in found[0].text


@pytest.mark.parametrize("name", ["transcript.vtt", "transcript.srt", "transcript.json"])
def test_a_transcript_that_lacks_its_end_is_found(name: str, made: Made) -> None:
    path = made.folder / name
    if name.endswith("json"):
        record = json.loads(path.read_text("utf-8"))
        del record["segments"][-1]
        path.write_text(json.dumps(record), "utf-8")
    else:
        path.write_text(path.read_text("utf-8").rstrip("\n").rpartition("\n\n")[0] + "\n", "utf-8")
    made.relist()
    (found,) = made.prove()

    assert found.text.startswith(f"{name}: ends before the script’s “")


def test_cues_that_end_after_the_sound_are_found(made: Made) -> None:
    found = " ".join(shown(made.prove(episode=made.episode.duration_ms - 5000)))

    for name in ("transcript.vtt", "transcript.srt", "transcript.json"):
        assert f"transcript: {name}: ends at" in found
    assert "chapters: chapters.json: the end of the last chapter is" in found


def test_chapters_of_the_record_that_leave_a_gap_are_found(made: Made) -> None:
    chapters = list(made.episode.chapters)
    chapters[2] = Chapter(chapters[2].title, chapters[2].start_ms + 400, chapters[2].end_ms)
    made.episode = replace(made.episode, chapters=tuple(chapters))

    assert "chapters: episode.json: chapter 3 is from" in " ".join(shown(made.prove()))


def test_a_cover_that_is_not_square_or_no_picture_is_found(made: Made) -> None:
    Image.new("RGB", (300, 200)).save(made.folder / "cover.jpg", "JPEG")
    made.relist()
    oblong = shown(made.prove())
    (made.folder / "cover.jpg").write_bytes(b"GIF89a")
    made.relist()

    assert oblong == [
        "cover: cover.jpg: its cover has 300 × 200 pixels, and should be square; produce the episode again."
    ]
    assert "cover: cover.jpg: its cover cannot be decoded" in shown(made.prove())[0]


@pytest.mark.parametrize(
    ("pattern", "new", "said"),
    [
        (r'length="\d+"', 'length="12345"', "its length in bytes is “12345”, and should be “"),
        ('type="audio/mpeg"', 'type="audio/mp3"', "its type is “audio/mp3”, and should be “audio/mpeg”"),
        (r'episode-\w+\.mp3"', 'other.mp3"', "the enclosure is “other.mp3”, and should be “<episode.mp3>”"),
        (r"<itunes:duration>\d+", "<itunes:duration>9", "itunes:duration is “9”, and should be"),
        (r"<guid.*?</guid>", '<guid isPermaLink="false">x</guid>', "has 0 items with the GUID"),
        (r"<enclosure[^>]*/>", "", "the item has no enclosure"),
        (r"transcript-\w+\.srt", "transcript.ssa", "links to transcript.ssa, which is not there"),
        (r"transcript-\w+\.srt", "transcript.srt", "links to transcript.srt, which is not there"),
        ('type="text/vtt"', 'type="text/plain"', "the type of <transcript.vtt> is “text/plain”"),
        (r'start="00:00:00\.000"', 'start="00:00:07.000"', "the start of chapter 1 is 7.000 s"),
        ("</rss>", "", "cannot be read ("),
    ],
)
def test_a_feed_that_says_something_else_is_found(pattern: str, new: str, said: str, first: Made) -> None:
    """Each file is told by the name that it has on the web."""
    said = re.sub(r"<([\w.]+)>", lambda name: find(first.folder, name[1]).name, said)
    feed = render_feed(first.station, [first.episode])
    changed = re.sub(pattern, new, feed, count=1, flags=re.S)
    assert changed != feed
    found = first.prove(feed=changed)

    assert {finding.check for finding in found} == {"feed"}
    assert said in " ".join(shown(found))


def test_the_feed_tells_the_length_of_the_file_that_is_there(made: Made) -> None:
    """Not of one that the record remembers."""
    listed = tuple(
        EpisodeFile(file.name, file.size_bytes + (file.name == "episode.mp3"), file.sha256)
        for file in made.episode.files
    )
    made.episode = replace(made.episode, files=listed)

    assert [finding.check for finding in made.prove()] == ["size", "feed"]


def test_a_script_that_cannot_be_read_is_found(made: Made) -> None:
    (made.folder / "script.md").write_text("Hello.", "utf-8")
    made.relist()

    assert shown(made.prove())[0].startswith("script: script.md: cannot be read (script.md:1:1: ")


@pytest.fixture
def with_others(made: Made) -> Made:
    """The episode, with its sound as M4A and Opus too."""
    sound = decode_sound(made.folder / "episode.mp3").samples
    tags = make_tags(made.station, made.episode, [], b"")
    for name, encode in (("episode.m4a", encode_m4a), ("episode.opus", encode_opus)):
        encode(
            made.folder / name,
            lambda first, last: sound[first:last, 0],
            len(sound),
            sample_rate_hz=44_100,
            channels=1,
            bitrate_kbps=32,
            tags=tags,
        )
        made.add(name)
    return made


def test_other_forms_of_the_master_are_proved_too(with_others: Made) -> None:
    assert with_others.prove() == ()

    with_others.episode = replace(
        with_others.episode, duration_ms=with_others.episode.duration_ms + 3000, chapters=()
    )
    found = " ".join(shown(with_others.prove()))
    for name in ("episode.m4a", "episode.opus"):
        assert f"duration: {name}: the length of its sound is" in found
        assert f"chapters: {name}: the number of chapters is 6, and should be 0" in found


def test_another_form_of_another_kind_or_none_is_found(with_others: Made) -> None:
    folder = with_others.folder
    shutil.copy(folder / "episode.opus", folder / "episode.m4a")
    (folder / "episode.opus").write_bytes(b"OggS" + bytes(400))
    with_others.relist()
    found = " ".join(shown(with_others.prove()))

    assert "audio stream: episode.m4a: its sound is ['opus'], and should be ['aac']" in found
    assert "audio stream: episode.opus: cannot be read (" in found


def test_the_feed_s_other_enclosures_are_proved_too(with_others: Made) -> None:
    size = (with_others.folder / "episode.m4a").stat().st_size
    feed = render_feed(with_others.station, [with_others.episode])
    place = with_others.episode.find_place("episode.m4a")
    assert place == mark(
        "episode.m4a", hashlib.sha256((with_others.folder / "episode.m4a").read_bytes()).hexdigest()
    )
    url = f"https://news.example/brief/audio/x/{place}"

    def offer(length: int, kind: str) -> str:
        offered = (
            f'<podcast:alternateEnclosure type="{kind}" length="{length}">'
            f'<podcast:source uri="{url}"/></podcast:alternateEnclosure></item>'
        )
        return feed.replace("</item>", offered, 1)

    assert with_others.prove(feed=offer(size, "audio/mp4")) == ()
    assert len(with_others.prove(feed=offer(size + 1, "audio/mpeg"))) == 2


def test_tags_of_a_changed_m4a_do_not_matter_while_its_sound_is_whole(with_others: Made) -> None:
    m4a = MP4(with_others.folder / "episode.m4a")
    m4a["©nam"] = ["Another"]
    m4a.save()
    with_others.relist()

    assert with_others.prove() == ()
