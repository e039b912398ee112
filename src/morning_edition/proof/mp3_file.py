"""An MP3 as players find it: its ID3 tag, its Info frame and its stream, against what the record says.

Only the head of the file is read: of a constant bit rate, length and size say the rest.
"""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from mutagen import MutagenError, id3
from mutagen.mp3 import MPEGInfo
from PIL import Image

from morning_edition.episode import AUDIO_NAME, Episode
from morning_edition.mix.timeline import Chapter
from morning_edition.mp3_frames import mp3_frame_length
from morning_edition.proof import Finding
from morning_edition.proof.agreement import compare, compare_ms, one_line, reason_of, tell
from morning_edition.script.script import Script
from morning_edition.station.sound import MPEG1_BITRATES_KBPS
from morning_edition.tags import UNWANTED

TAG_HEADER_BYTES = 10
LONGEST_INFO_BYTES = 256
"""Of the first frame, up to the end of what an Info frame tells."""
MPEG1_KBPS = (0, *MPEG1_BITRATES_KBPS, 0)
MPEG2_KBPS = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0)
TRANSCRIPT = b"USLT"
_FRAMES = {name: kind for name, kind in id3.Frames.items() if name != TRANSCRIPT.decode()}
COVER_DECODED = (64, 64)
"""A cover is decoded as small as JPEG allows: all of its bytes are read, and little is worked out."""


@dataclass(frozen=True, slots=True)
class Mp3Stream:
    """What an MP3 says of its sound."""

    duration_ms: float
    """By the Info frame, less the silence that it has players cut off."""
    length_ms: float
    """By mutagen."""
    bitrate_kbps: int
    """By the header of its first frame; mutagen reckons it from the Info frame."""
    sample_rate_hz: int
    channels: int
    told_bytes: int
    """What the Info frame says the sound takes."""
    sound_bytes: int
    """What stands behind the tag."""
    counted_bytes: float
    """What so many frames take at that bit rate."""
    frame_bytes: float


@dataclass(frozen=True, slots=True)
class Mp3Tag:
    """An ID3 tag, and its transcript, which mutagen would take long to read: None where there is none."""

    frames: id3.ID3
    transcript: str | None


def prove_mp3(
    path: Path, form: tuple[int, int, int]
) -> tuple[Mp3Stream | None, Mp3Tag | None, list[Finding]]:
    """Read an MP3's stream and tag, and what is wrong with its stream.

    *form* is bit rate (kbit/s), sample rate (Hz) and channels as the station has them. No stream comes back
    where it cannot be read.
    """
    try:
        stream, tag = _read(path)
    except (MutagenError, OSError, ValueError, IndexError, struct.error) as error:
        return (
            None,
            None,
            [tell("MP3 stream", path.name, f"cannot be read ({reason_of(error)})")],
        )
    return stream, tag, list(_prove_stream(path.name, stream, form))


def _read(path: Path) -> tuple[Mp3Stream, Mp3Tag | None]:
    with path.open("rb") as file:
        header = file.read(TAG_HEADER_BYTES)
        sound_at = _find_sound(header)
        file.seek(sound_at)
        first = file.read(LONGEST_INFO_BYTES)
        sound_bytes = file.seek(0, io.SEEK_END) - sound_at
        info: Any = MPEGInfo(file, offset=sound_at)
        file.seek(0)
        tag = _read_tag(file) if sound_at else None
    at = first.find(b"Info")
    if at < 0:
        raise ValueError("no Info frame opens its sound")
    flags, frames, told_bytes = struct.unpack_from(">III", first, at + 4)
    if flags & 3 != 3:
        raise ValueError("its Info frame tells no length")
    cut = at + 16 + 100 * (flags >> 2 & 1) + 4 * (flags >> 3 & 1) + 21
    delay_and_padding = int.from_bytes(first[cut : cut + 3], "big")
    frame_length = mp3_frame_length(info.sample_rate)
    heard = frames * frame_length - (delay_and_padding >> 12) - (delay_and_padding & 0xFFF)
    bitrate_kbps = _read_bitrate(first)
    frame_bytes = frame_length * bitrate_kbps * 125 / info.sample_rate
    stream = Mp3Stream(
        duration_ms=heard / info.sample_rate * 1000,
        length_ms=info.length * 1000,
        bitrate_kbps=bitrate_kbps,
        sample_rate_hz=info.sample_rate,
        channels=info.channels,
        told_bytes=told_bytes,
        sound_bytes=sound_bytes,
        counted_bytes=(frames + 1) * frame_bytes,
        frame_bytes=frame_bytes,
    )
    return stream, tag


def _read_bitrate(header: bytes) -> int:
    """Return the bit rate that a frame's header tells (ISO 11172-3, 2.4.2.3; ISO 13818-3, 2.4.2.3)."""
    mpeg1 = header[1] >> 3 & 1
    return (MPEG1_KBPS if mpeg1 else MPEG2_KBPS)[header[2] >> 4]


def _read_tag(file: BinaryIO) -> Mp3Tag:
    frames = id3.ID3(file, known_frames=_FRAMES)
    transcripts = [raw[TAG_HEADER_BYTES:] for raw in frames.unknown_frames if raw.startswith(TRANSCRIPT)]
    return Mp3Tag(frames, _read_transcript(transcripts[0]) if transcripts else None)


def _read_transcript(frame: bytes) -> str:
    """Return a transcript's text: behind its encoding, language and name (section 4.9)."""
    encoding = ("latin-1", "utf-16", "utf-16-be", "utf-8")[frame[0] & 3]
    return frame[4:].decode(encoding, "replace").partition("\0")[2].strip("\ufeff\0")


def _find_sound(header: bytes) -> int:
    """Return where an ID3v2 tag ends ("ID3 tag version 2.3.0", section 3.1)."""
    if header[:3] != b"ID3":
        return 0
    a, b, c, d = header[6:10]
    return TAG_HEADER_BYTES + (a << 21 | b << 14 | c << 7 | d)


def _prove_stream(file: str, stream: Mp3Stream, form: tuple[int, int, int]) -> Iterator[Finding]:
    bitrate_kbps, sample_rate_hz, channels = form
    yield from compare("bit rate", file, "the bit rate in kbit/s", stream.bitrate_kbps, bitrate_kbps)
    yield from compare("MP3 stream", file, "the sample rate in Hz", stream.sample_rate_hz, sample_rate_hz)
    yield from compare("MP3 stream", file, "the number of channels", stream.channels, channels)
    yield from compare(
        "MP3 stream", file, "the length of its sound in bytes", stream.sound_bytes, stream.told_bytes
    )
    if abs(stream.counted_bytes - stream.told_bytes) > stream.frame_bytes:
        said = f"has {stream.told_bytes:,} bytes of sound for {stream.counted_bytes:,.0f} by its bit rate"
        yield tell("bit rate", file, said)
    yield from compare_ms(
        "duration", file, "the length that mutagen finds", stream.length_ms, stream.duration_ms
    )


def prove_tag(file: str, tag: id3.ID3, episode: Episode, sound_ms: float) -> Iterator[Finding]:
    """Compare what every master's tag says, with the record and with the sound's own length."""
    if title := one_line(episode.title):
        yield from compare("tag", file, "the title (TIT2)", one_line(_text(tag, "TIT2")), title)
    published = f"{episode.published:%Y-%m-%d %H:%M}"
    dated = _text(tag, "TDRC").replace("T", " ")[: len(published)]
    yield from compare("tag", file, "the date (TYER, TDAT, TIME)", dated, published)
    length = _text(tag, "TLEN")
    if not length.isdigit():
        yield tell("tag", file, f"its length (TLEN) is “{length}”, and no number")
        return
    yield from compare_ms("tag", file, "the length (TLEN)", int(length), sound_ms)


def prove_podcast_tag(tag: Mp3Tag, episode: Episode, script: Script | None) -> Iterator[Finding]:
    """Compare what the podcast's tag says besides: chapters, cover, transcript."""
    yield from _prove_chapters(tag.frames, episode)
    yield from _prove_cover(tag.frames)
    if tag.transcript is None:
        yield tell("tag", AUDIO_NAME, "has no transcript (USLT)")
    elif script is not None:
        said = UNWANTED.sub("", " ".join(line.text for line in script.lines))
        heard = " ".join(tag.transcript.split())
        yield from compare("tag", AUDIO_NAME, "the transcript (USLT)", heard, " ".join(said.split()))


def _prove_chapters(tag: id3.ID3, episode: Episode) -> Iterator[Finding]:
    marks = tag.getall("CHAP")
    children = [list(contents.child_element_ids) for contents in tag.getall("CTOC")]
    listed = [mark.element_id for mark in sorted(marks, key=lambda mark: mark.start_time)]
    yield from compare("tag", AUDIO_NAME, "the list of chapters (CTOC)", children, [listed] if listed else [])
    named = {mark.element_id: mark for mark in marks}
    ordered = [named[name] for name in listed]
    found = [Chapter(_text(mark.sub_frames, "TIT2"), mark.start_time, mark.end_time) for mark in ordered]
    yield from prove_chapters("tag", AUDIO_NAME, found, episode.chapters)


def prove_chapters(
    check: str, file: str, found: list[Chapter], expected: tuple[Chapter, ...], *, ends: bool = True
) -> Iterator[Finding]:
    """Compare chapters, in order; where they have no *ends* of their own, by their beginnings."""
    yield from compare(check, file, "the number of chapters", len(found), len(expected))
    for number, (mark, chapter) in enumerate(zip(found, expected, strict=False), 1):
        titles = one_line(mark.title), one_line(chapter.title)
        yield from compare(check, file, f"the title of chapter {number}", *titles)
        yield from compare_ms(check, file, f"the start of chapter {number}", mark.start_ms, chapter.start_ms)
        if ends:
            yield from compare_ms(check, file, f"the end of chapter {number}", mark.end_ms, chapter.end_ms)


def _prove_cover(tag: id3.ID3) -> Iterator[Finding]:
    pictures = tag.getall("APIC")
    if not pictures:
        yield tell("tag", AUDIO_NAME, "has no cover (APIC)")
        return
    yield from prove_picture(AUDIO_NAME, pictures[0].data)


def prove_picture(file: str, content: bytes) -> Iterator[Finding]:
    """Decode a cover, and see that it is square."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            width, height = picture.size
            picture.draft("RGB", COVER_DECODED)
            picture.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        yield tell("cover", file, f"its cover cannot be decoded ({error})")
        return
    if width != height:
        yield tell("cover", file, f"its cover has {width} × {height} pixels, and should be square")


def _text(tag: object, name: str) -> str:
    frame = tag.get(name)  # type: ignore[attr-defined]
    return "" if frame is None else str(frame)
