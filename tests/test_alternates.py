"""The podcast's other forms: as long, as loud and as well described as the MP3, whatever reads them."""

import base64
import datetime as dt
import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import av
import numpy as np
import pytest
from mutagen.flac import Picture
from mutagen.mp4 import MP4
from mutagen.oggopus import OggOpus
from PIL import Image

from morning_edition.alternates import encode_m4a, encode_opus, overshoot_db
from morning_edition.alternates.opus import LARGEST_COVER
from morning_edition.decode import decode_sound
from morning_edition.errors import AudioError
from morning_edition.loudness import measure_loudness
from morning_edition.mix.jingles import BUILT_IN_FOLDER
from morning_edition.mix.timeline import Chapter
from morning_edition.tags import Tags

RATES = (24_000, 32_000, 44_100, 48_000)
FORMS = {"m4a": encode_m4a, "opus": encode_opus}
READERS = {"m4a": MP4, "opus": OggOpus}
AAC_FRAME = 1024
OPUS_RATE = 48_000
LAGS = 192_000

Sound = np.ndarray[Any, Any]
Encode = Callable[..., Path]


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (60, 60), "navy").save(file, "JPEG")
    return file.getvalue()


TAGS = Tags(
    title="Hamburg’s harbour\nreopens",
    album="The Morning Edition",
    artist="Ada Čapková",
    album_artist="The Morning Edition",
    published=dt.datetime(2026, 11, 22, 5, 30, tzinfo=dt.UTC),
    language="de-DE",
    comment="What reopened,\nand why.",
    publisher="The Harbour Post",
    copyright="© The Harbour Post",
    feed_url="https://news.example/podcast.xml",
    episode_guid="b4c2",
    category="News/Daily News",
    description="What reopened,\nand why.",
    keywords=("harbour", "trade"),
    cover_jpeg=picture(),
    transcript="Good morning.\nThe harbour\0 reopens.",
    chapters=(Chapter("Intro", 0, 700), Chapter("Kräne", 700, 1500), Chapter("Outro", 1500, 2337)),
    chapter_url="https://news.example/1/",
)
BARE = Tags(title="", album="", artist="", published=TAGS.published, genre="")


def speech(seconds: float, rate: int, channels: int, seed: int = 1) -> Sound:
    """Noise that comes and goes in syllables, darker than white, at about -20 LUFS."""
    chance = np.random.default_rng(seed)
    frames = round(seconds * rate)
    noise = chance.standard_normal((frames, channels))
    dark = np.apply_along_axis(lambda one: np.convolve(one, np.hanning(9) / 4.5, mode="same"), 0, noise)
    envelope = np.repeat(chance.uniform(0, 1, frames // 2000 + 1) ** 2, 2000)[:frames, None]
    return (dark * envelope * 0.3).clip(-0.8, 0.8).astype(np.float32)


def encode(
    path: Path, sound: Sound, rate: int, *, kbps: int = 64, tags: Tags = TAGS, channels: int = 0
) -> Path:
    FORMS[path.suffix[1:]](
        path,
        lambda first, last: sound[first:last],
        len(sound),
        sample_rate_hz=rate,
        channels=channels or sound.shape[1],
        bitrate_kbps=kbps,
        tags=tags,
    )
    return path


def decode(path: Path) -> Sound:
    with av.open(str(path)) as container:
        return np.concatenate([frame.to_ndarray() for frame in container.decode(audio=0)], axis=1).T


def boxes(content: bytes, at: int = 0) -> list[tuple[str, bytes]]:
    """The boxes of an MP4 that stand beside each other."""
    found = []
    while at < len(content):
        size = int.from_bytes(content[at : at + 4], "big")
        found.append((content[at + 4 : at + 8].decode("latin-1"), content[at + 8 : at + size]))
        at += size
    return found


def box(content: bytes, path: str) -> bytes:
    for name in path.split("."):
        content = dict(reversed(boxes(content)))[name]
    return content


def second(sound: Sound, rate: int) -> Sound:
    """The spectrum of the first second, up to the half of the lowest rate there is."""
    return np.fft.rfft(sound[:rate])[: min(RATES) // 2] / rate


def lag_ms(made: Sound, made_rate: int, sound: Sound, rate: int) -> float:
    """How much later *made* is than *sound*, at a resolution of 5 µs."""
    match = np.fft.irfft(second(made, made_rate) * np.conj(second(sound, rate)), LAGS)
    at = int(np.argmax(match))
    return (at if at < LAGS // 2 else at - LAGS) / LAGS * 1000


def level_db(sound: Sound) -> float:
    return 10 * float(np.log10(np.mean(np.square(sound, dtype=np.float64))))


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("form", FORMS)
def test_what_is_heard_is_as_long_and_as_loud_and_at_its_time(
    form: str, rate: int, channels: int, tmp_path: Path
) -> None:
    """Each channel is its own, its sound within 1 ms of its place, and within 0.3 dB of its level."""
    sound = speech(2.337, rate, channels)
    heard = decode(encode(tmp_path / f"a.{form}", sound, rate, kbps=64 * channels))
    heard_rate = rate if form == "m4a" else OPUS_RATE
    spare = AAC_FRAME if form == "m4a" else 1
    assert 0 <= len(heard) - round(len(sound) * heard_rate / rate) < spare
    assert heard.shape[1] == channels
    for made, meant in zip(heard.T, sound.T, strict=True):
        assert abs(lag_ms(made, heard_rate, meant, rate)) < 0.05
        assert level_db(made) == pytest.approx(level_db(meant), abs=0.3)


def true_peak_db(sound: Sound) -> float:
    """Each channel at four times its rate, by its spectrum."""
    spectrum = np.fft.rfft(sound, axis=0)
    return 20 * float(np.log10(np.abs(np.fft.irfft(spectrum, len(sound) * 4, axis=0)).max() * 4))


@pytest.mark.parametrize(("form", "kbps"), [("m4a", 48), ("m4a", 64), ("opus", 24), ("opus", 48)])
def test_music_is_as_loud_as_it_was_and_its_peak_hardly_higher(
    form: Literal["m4a", "opus"], kbps: int, tmp_path: Path
) -> None:
    """The station's own opening: within 0.3 LU, and no peak higher than is told beforehand."""
    sound = (decode(BUILT_IN_FOLDER / "open.flac")[: 5 * 44_100] / 32_768).astype(np.float32)
    heard = decode(encode(tmp_path / f"a.{form}", sound, 44_100, kbps=kbps))
    rate = 44_100 if form == "m4a" else OPUS_RATE
    assert measure_loudness(heard[:, 0], rate) == pytest.approx(
        measure_loudness(sound[:, 0], 44_100), abs=0.3
    )
    assert true_peak_db(heard[: 5 * rate]) - true_peak_db(sound) < overshoot_db(form, kbps, 1)


def test_the_more_bits_the_less_a_peak_rises() -> None:
    """Two channels share what there is."""
    assert [overshoot_db("opus", kbps, 1) for kbps in (16, 24, 47, 48, 256)] == [2.1, 1.1, 1.0, 0.6, 0.5]
    assert [overshoot_db("m4a", kbps, 1) for kbps in (32, 64, 96)] == [0.8, 0.2, 0.1]
    assert overshoot_db("m4a", 64, 2) == overshoot_db("m4a", 32, 1)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("form", FORMS)
def test_all_readers_are_told_the_length(form: str, rate: int, tmp_path: Path) -> None:
    sound = speech(2.337, rate, 1)
    path = encode(tmp_path / f"a.{form}", sound, rate)
    seconds = len(sound) / rate
    with av.open(str(path)) as container:
        assert float(container.duration / av.time_base) == pytest.approx(seconds, abs=0.05)
    assert READERS[form](path).info.length == pytest.approx(seconds, abs=0.05)


@pytest.mark.parametrize("rate", RATES)
def test_this_programs_own_reader_gives_back_every_frame_and_no_more(rate: int, tmp_path: Path) -> None:
    sound = speech(1.237, rate, 2)
    m4a, opus = (decode_sound(encode(tmp_path / f"a.{form}", sound, rate)) for form in FORMS)
    assert (m4a.sample_rate_hz, len(m4a.samples)) == (rate, len(sound))
    assert (opus.sample_rate_hz, len(opus.samples)) == (OPUS_RATE, round(len(sound) * OPUS_RATE / rate))


@pytest.mark.parametrize("frames", [44_100, 44_101, 45_057, 50_000])
def test_the_edit_list_tells_the_length_to_the_frame(frames: int, tmp_path: Path) -> None:
    """The encoder's silence before the sound, and the sound's length in frames: nothing is rounded."""
    path = encode(tmp_path / "a.m4a", speech(2, 44_100, 1)[:frames], 44_100)
    film = box(path.read_bytes(), "moov.mvhd")
    edits = box(path.read_bytes(), "moov.trak.edts.elst")
    timescale, length, begin = (
        int.from_bytes(part, "big") for part in (film[12:16], edits[8:12], edits[12:16])
    )
    assert (timescale, length, begin) == (44_100, frames, AAC_FRAME)


def test_an_m4a_says_what_it_is_and_can_be_played_before_it_is_all_there(tmp_path: Path) -> None:
    names = [name for name, _ in boxes(encode(tmp_path / "a.m4a", speech(1, 44_100, 1), 44_100).read_bytes())]
    assert names[0] == "ftyp"
    assert names.index("moov") < names.index("mdat")
    assert box((tmp_path / "a.m4a").read_bytes(), "ftyp")[:4] == b"M4A "


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("form", FORMS)
def test_the_same_sound_and_tags_give_the_same_bytes(form: str, channels: int, tmp_path: Path) -> None:
    sound = speech(2, 44_100, channels)
    first, second = (
        encode(tmp_path / f"{name}.{form}", sound, 44_100).read_bytes() for name in ("a", "another")
    )
    assert first == second


def test_no_clock_stands_in_an_m4a(tmp_path: Path) -> None:
    content = encode(tmp_path / "a.m4a", speech(1, 44_100, 1), 44_100).read_bytes()
    for path in ("moov.mvhd", "moov.trak.tkhd", "moov.trak.mdia.mdhd"):
        assert box(content, path)[4:12] == bytes(8)


def test_no_chance_stands_in_an_ogg(tmp_path: Path) -> None:
    """The number of its stream, which programs draw at random."""
    content = encode(tmp_path / "a.opus", speech(1, 44_100, 1), 44_100).read_bytes()
    assert content[14:18] == bytes(4)


@pytest.mark.parametrize("form", FORMS)
def test_ffmpeg_reads_the_chapters(form: str, tmp_path: Path) -> None:
    path = encode(tmp_path / f"a.{form}", speech(2.337, 44_100, 1), 44_100)
    with av.open(str(path)) as container:
        marks = container.chapters()
    times = [round(float(mark["start"] * (mark["time_base"] or 0)) * 1000) for mark in marks]
    assert [mark["metadata"]["title"] for mark in marks] == ["Intro", "Kräne", "Outro"]
    assert times == [0, 700, 1500]


def test_mutagen_reads_the_chapters_of_an_m4a(tmp_path: Path) -> None:
    chapters = MP4(encode(tmp_path / "a.m4a", speech(2.337, 44_100, 1), 44_100)).chapters
    assert [(chapter.title, chapter.start) for chapter in chapters] == [
        ("Intro", 0.0),
        ("Kräne", 0.7),
        ("Outro", 1.5),
    ]


def test_the_sound_of_an_m4a_refers_to_a_text_track_of_chapters(tmp_path: Path) -> None:
    """What Apple's players look for; the other list is Nero's."""
    content = encode(tmp_path / "a.m4a", speech(2.337, 44_100, 1), 44_100).read_bytes()
    tracks = [body for name, body in boxes(box(content, "moov")) if name == "trak"]
    assert int.from_bytes(box(tracks[0], "tref.chap"), "big") == 2
    assert box(tracks[1], "mdia.hdlr")[8:12] == b"text"


def test_opus_chapters_are_numbered_from_one(tmp_path: Path) -> None:
    late = (*TAGS.chapters[:2], Chapter("Late", 3_723_004, 3_800_000))
    tags = Tags(title="t", album="a", artist="b", published=TAGS.published, chapters=late)
    comments = OggOpus(encode(tmp_path / "a.opus", speech(1, 44_100, 1), 44_100, tags=tags))
    assert comments["chapter001"] == ["00:00:00.000"]
    assert comments["chapter002"] == ["00:00:00.700"]
    assert comments["chapter002name"] == ["Kräne"]
    assert comments["chapter003"] == ["01:02:03.004"]
    assert "chapter000" not in comments


def test_mutagen_reads_the_tags_of_an_m4a(tmp_path: Path) -> None:
    tags = MP4(encode(tmp_path / "a.m4a", speech(1, 44_100, 1), 44_100)).tags
    assert tags["©nam"] == ["Hamburg’s harbour reopens"]
    assert tags["©ART"] == ["Ada Čapková"]
    assert tags["©alb"] == tags["aART"] == ["The Morning Edition"]
    assert tags["©day"] == ["2026-11-22"]
    assert tags["©cmt"] == tags["ldes"] == ["What reopened,\nand why."]
    assert tags["desc"] == ["What reopened, and why."]
    assert tags["©lyr"] == ["Good morning.\nThe harbour reopens."]
    assert tags["keyw"] == ["harbour, trade"]
    assert tags["egid"] == ["b4c2"]
    assert tags["purl"] == ["https://news.example/podcast.xml"]
    assert tags["pcst"] is True
    assert [bytes(cover) for cover in tags["covr"]] == [TAGS.cover_jpeg]


def test_ffmpeg_reads_the_tags_of_an_m4a(tmp_path: Path) -> None:
    with av.open(str(encode(tmp_path / "a.m4a", speech(1, 44_100, 1), 44_100))) as container:
        read = container.metadata
        assert container.streams.audio[0].metadata["language"] == "deu"
        assert len(container.streams.video) == 1
    assert read["title"] == "Hamburg’s harbour reopens"
    assert read["artist"] == "Ada Čapková"
    assert read["album"] == "The Morning Edition"
    assert read["date"] == "2026-11-22"
    assert read["comment"] == "What reopened,\nand why."
    assert read["lyrics"] == "Good morning.\nThe harbour reopens."


def test_mutagen_reads_the_tags_of_an_opus(tmp_path: Path) -> None:
    comments = OggOpus(encode(tmp_path / "a.opus", speech(1, 44_100, 1), 44_100))
    assert comments["title"] == ["Hamburg’s harbour reopens"]
    assert comments["artist"] == ["Ada Čapková"]
    assert comments["album"] == comments["albumartist"] == ["The Morning Edition"]
    assert comments["date"] == ["2026-11-22"]
    assert comments["language"] == ["de-DE"]
    assert comments["organization"] == ["The Harbour Post"]
    assert comments["description"] == ["What reopened,\nand why."]
    assert comments["lyrics"] == ["Good morning.\nThe harbour reopens."]
    cover = Picture(base64.b64decode(comments["metadata_block_picture"][0]))
    assert (cover.type, cover.mime, cover.data) == (3, "image/jpeg", TAGS.cover_jpeg)


def test_ffmpeg_reads_the_tags_of_an_opus(tmp_path: Path) -> None:
    with av.open(str(encode(tmp_path / "a.opus", speech(1, 44_100, 1), 44_100))) as container:
        read = container.streams.audio[0].metadata
        assert len(container.streams.video) == 1
    assert read["TITLE"] == "Hamburg’s harbour reopens"
    assert read["ARTIST"] == "Ada Čapková"
    assert read["DATE"] == "2026-11-22"
    assert read["LYRICS"] == "Good morning.\nThe harbour reopens."


def test_a_cover_that_players_would_wait_for_is_left_out_of_an_opus(tmp_path: Path) -> None:
    tags = Tags(
        title="t", album="a", artist="b", published=TAGS.published, cover_jpeg=bytes(LARGEST_COVER + 1)
    )
    comments = OggOpus(encode(tmp_path / "a.opus", speech(1, 44_100, 1), 44_100, tags=tags))
    assert "metadata_block_picture" not in comments


@pytest.mark.parametrize("form", FORMS)
def test_of_what_is_empty_nothing_is_said(form: str, tmp_path: Path) -> None:
    read = READERS[form](encode(tmp_path / f"a.{form}", speech(1, 44_100, 1), 44_100, tags=BARE))
    said = {"m4a": {"©day", "pcst", "stik"}, "opus": {"date", "language"}}
    assert set(map(str.lower, dict(read))) == said[form]


def test_a_long_chapter_title_is_cut_between_two_letters(tmp_path: Path) -> None:
    """Nero's list has 255 bytes for one; half a letter would make the whole file unreadable to some."""
    chapters = (Chapter("ä" * 200, 0, 500), Chapter("a" + "ä" * 200, 500, 1000))
    tags = Tags(title="t", album="a", artist="b", published=TAGS.published, chapters=chapters)
    path = encode(tmp_path / "a.m4a", speech(1, 44_100, 1), 44_100, tags=tags)
    assert [chapter.title for chapter in MP4(path).chapters] == ["ä" * 127, "a" + "ä" * 127]


@pytest.mark.parametrize("form", FORMS)
def test_hundreds_of_chapters_and_a_long_transcript_are_kept(form: str, tmp_path: Path) -> None:
    chapters = tuple(Chapter(f"Part {at}", at * 2, at * 2 + 2) for at in range(300))
    tags = Tags(
        title="t",
        album="a",
        artist="b",
        published=TAGS.published,
        chapters=chapters,
        transcript="word " * 60_000,
    )
    path = encode(tmp_path / f"a.{form}", speech(1, 44_100, 1), 44_100, tags=tags)
    with av.open(str(path)) as container:
        read = {**container.metadata, **container.streams.audio[0].metadata}
        assert [mark["metadata"]["title"] for mark in container.chapters()] == [
            chapter.title for chapter in chapters
        ]
    assert read.get("lyrics", read.get("LYRICS")) == ("word " * 60_000).strip()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("frames", [1, 2, 100, 959, 1024])
def test_a_sound_of_a_few_frames_is_a_file(form: str, frames: int, tmp_path: Path) -> None:
    sound = speech(1, 44_100, 1)[:frames]
    heard = decode(encode(tmp_path / f"a.{form}", sound, 44_100))
    assert len(heard) >= round(frames * (1 if form == "m4a" else OPUS_RATE / 44_100))


@pytest.mark.parametrize("form", FORMS)
def test_silence_stays_silent(form: str, tmp_path: Path) -> None:
    heard = decode(encode(tmp_path / f"a.{form}", np.zeros((44_100, 2), np.float32), 44_100))
    assert np.abs(heard).max() < 1e-4


@pytest.mark.parametrize("form", FORMS)
def test_one_channel_may_come_without_its_axis(form: str, tmp_path: Path) -> None:
    sound = speech(1, 44_100, 1)
    bare = encode(tmp_path / f"a.{form}", sound[:, 0], 44_100, channels=1)
    assert bare.read_bytes() == encode(tmp_path / f"b.{form}", sound, 44_100).read_bytes()


@pytest.mark.parametrize("form", FORMS)
def test_where_the_sound_is_cut_does_not_matter(form: str, tmp_path: Path) -> None:
    """Blocks are views of a bigger array, read-only and with strides, as a mix may give them."""
    wide = np.zeros((200_000, 4), np.float32)
    wide[:, ::2] = speech(200_000 / 44_100, 44_100, 2)
    wide.flags.writeable = False
    path = encode(tmp_path / f"a.{form}", wide[:, ::2], 44_100)
    plain = encode(tmp_path / f"b.{form}", np.ascontiguousarray(wide[:, ::2]), 44_100)
    assert path.read_bytes() == plain.read_bytes()


@pytest.mark.parametrize("form", FORMS)
def test_no_sound_is_no_file(form: str, tmp_path: Path) -> None:
    with pytest.raises(AudioError, match=r"There is no sound to encode\."):
        encode(tmp_path / f"a.{form}", np.zeros((0, 1), np.float32), 44_100)


@pytest.mark.parametrize("form", FORMS)
def test_a_sound_of_other_channels_is_refused(form: str, tmp_path: Path) -> None:
    with pytest.raises(AudioError, match=r"The sound has 2 channels, and sound\.channels is 1\."):
        encode(tmp_path / f"a.{form}", speech(1, 44_100, 2), 44_100, channels=1)


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("form", FORMS)
def test_what_is_not_a_number_is_refused(form: str, value: float, tmp_path: Path) -> None:
    sound = speech(1, 44_100, 1)
    sound[20_000] = value
    with pytest.raises(AudioError, match=r"The sound holds values that are not numbers\."):
        encode(tmp_path / f"a.{form}", sound, 44_100)


@pytest.mark.parametrize("form", FORMS)
def test_a_rate_that_no_codec_has_is_refused(form: str, tmp_path: Path) -> None:
    with pytest.raises(AudioError, match="the sound cannot be encoded"):
        encode(tmp_path / f"a.{form}", speech(1, 44_100, 1), -1)


@pytest.mark.parametrize("form", FORMS)
def test_a_folder_that_is_not_there_is_named(form: str, tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / f"a.{form}"
    with pytest.raises(AudioError, match=f"a.{form}: cannot be written: No such file or directory"):
        encode(path, speech(1, 44_100, 1), 44_100)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
@pytest.mark.parametrize("form", FORMS)
def test_a_full_disk_is_told(form: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{form}"
    path.symlink_to("/dev/full")
    with pytest.raises(AudioError, match=f"a.{form}: cannot be written: No space left on device"):
        encode(path, speech(2, 44_100, 1), 44_100)


@pytest.mark.parametrize("form", FORMS)
def test_a_name_may_hold_any_sign(form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """FFmpeg would take what stands before a colon for a protocol."""
    monkeypatch.chdir(tmp_path)
    assert encode(Path(f"http:%d ä.{form}"), speech(1, 44_100, 1), 44_100).stat().st_size > 1000


@pytest.mark.parametrize("form", FORMS)
def test_bit_rates_are_kept(form: str, tmp_path: Path) -> None:
    """Within a fifth: neither codec's rate is constant."""
    for kbps in (48, 96):
        size = (
            encode(tmp_path / f"a.{form}", speech(5, 44_100, 1), 44_100, kbps=kbps, tags=BARE).stat().st_size
        )
        assert size * 8 / 5000 == pytest.approx(kbps, rel=0.2)


MEMORY = """
import datetime, sys
from pathlib import Path
import numpy as np
from morning_edition.alternates import encode_m4a, encode_opus
from morning_edition.mix.timeline import Chapter
from morning_edition.tags import Tags

RATE, MINUTES = 24_000, 10
tags = Tags(title="t", album="a", artist="b", published=datetime.datetime(2026, 1, 1))
sound = np.zeros((10 * RATE, 1), np.float32)  # silence is soon encoded
sound[:RATE, 0] = np.random.default_rng(0).standard_normal(RATE) * 0.1

def peak_kb():
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])

def encode(seconds):
    FORM(Path(sys.argv[1]), lambda a, b: np.take(sound, np.arange(a, b) % len(sound), axis=0), RATE * seconds,
        sample_rate_hz=RATE, channels=1, bitrate_kbps=32, tags=tags)

encode(20)
before = peak_kb()
encode(60 * MINUTES)
print(peak_kb() - before)
"""


@pytest.mark.thorough
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells a process's peak")
@pytest.mark.parametrize("form", FORMS)
def test_ten_minutes_take_no_more_memory_than_one(form: str, tmp_path: Path) -> None:
    """Held whole, its samples alone would be 58 MB; what may grow is the list of packets."""
    code = MEMORY.replace("FORM", f"encode_{form}")
    run = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / f"a.{form}")], capture_output=True, text=True, check=True
    )
    assert int(run.stdout) < 8_000
    assert run.stderr == ""
