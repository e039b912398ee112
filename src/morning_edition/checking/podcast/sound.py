"""An episode's MP3 as directories and apps take it: its frames, its tag, and how loud it is.

Follows Apple's "Audio requirements" (https://podcasters.apple.com/support/893-audio-requirements), "ID3
tag version 2.3.0" and the "ID3v2 Chapter Frame Addendum" (https://id3.org/id3v2-chapters-1.0).
"""

import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from morning_edition.checking.alexa.item import METERS_DIFFER_DB
from morning_edition.checking.mp3_sound import Mp3Frames, read_frames
from morning_edition.checking.podcast.companions import Mark
from morning_edition.checking.podcast.remarks import Remark, advise, refuse
from morning_edition.decode import decode_sound
from morning_edition.errors import AudioError
from morning_edition.loudness import measure_loudness
from morning_edition.true_peak import measure_true_peak

LARGEST_BYTES = 100_000_000
"""An hour and a half at 128 kbit/s."""
SAMPLE_RATES_HZ = (44_100, 48_000)
TAKEN_KBPS = {1: (64, 320), 2: (96, 320)}
"""By the number of channels."""
RECOMMENDED_KBPS = {1: (96, 128), 2: (128, 256)}
TARGET_LUFS, TOLERANCE_LU = -16.0, 1.0
CEILING_DBTP = -1.0
TAG_VERSION = (2, 3, 0)
READ_FRAMES = ("CHAP", "CTOC", "TIT2")
UNSYNCHRONISED_OR_EXTENDED = 0xC0


@dataclass(frozen=True, slots=True)
class Heard:
    """What was found in an MP3."""

    duration_ms: float
    marks: tuple[Mark, ...] | None
    """The chapters of its tag; None where it has no tag."""
    title: str
    """By its tag; empty for none."""
    remarks: tuple[Remark, ...]
    content: bytes


def hear_mp3(path: Path) -> Heard:
    """Read every frame's header and the tag of the MP3 at *path*. Raises `AudioError` where it is none."""
    content = _read(path)
    frames = read_frames(content)
    tag = _read_tag(content)
    remarks = [*_judge_frames(frames, _sample_rate_of(content)), *_judge_tag(tag, content)]
    marks = None if tag is None else tuple(_mark(chapter) for chapter in tag.getall("CHAP"))
    title = "" if tag is None else _text(tag)
    return Heard(frames.duration_s * 1000, marks, title, tuple(remarks), content)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise AudioError(f"cannot be read ({error.strerror or error})") from error
    if len(content) > LARGEST_BYTES:
        raise AudioError(f"has more than {LARGEST_BYTES // 1_000_000} MB")
    return content


def _sample_rate_of(content: bytes) -> int:
    from mutagen import MutagenError
    from mutagen.mp3 import MPEGInfo

    try:
        info: Any = MPEGInfo(io.BytesIO(content))
    except MutagenError as error:
        raise AudioError(f"holds no MP3 frame ({error})") from error
    return int(info.sample_rate)


def _judge_frames(frames: Mp3Frames, sample_rate_hz: int) -> Iterator[Remark]:
    if sample_rate_hz not in SAMPLE_RATES_HZ:
        yield refuse(f"has {sample_rate_hz:,} samples a second, and Apple takes 44,100 or 48,000")
    if len(frames.bitrates_kbps) > 1:
        rates = ", ".join(map(str, sorted(frames.bitrates_kbps)[:5]))
        yield refuse(
            f"changes its bit rate ({rates} kbit/s), in which Apple’s players seek to the wrong place"
        )
    if len(frames.channels) > 1:
        yield refuse("changes between mono and stereo; produce the episode again")
    rate, channels = frames.bitrates_kbps[0], frames.channels[0]
    for limits, remark, verb in (
        (TAKEN_KBPS, refuse, "takes"),
        (RECOMMENDED_KBPS, advise, "would like"),
    ):
        least, most = limits[channels]
        if not least <= rate <= most:
            said = f"has {rate} kbit/s in {channels} channel{'s' if channels > 1 else ''}"
            yield remark(f"{said}, and Apple {verb} {least} to {most}; set bitrate_kbps under [podcast]")
            return


def _judge_tag(tag: Any, content: bytes) -> Iterator[Remark]:  # noqa: ANN401 - mutagen has no types
    if tag is None:
        yield advise("has no ID3 tag: apps that play the file by itself show no title and no chapters")
        return
    if tag.version != TAG_VERSION:
        version = ".".join(map(str, tag.version[:2]))
        yield advise(f"has a tag of ID3v{version}, and old players read 2.3 alone")
    if content[5] & UNSYNCHRONISED_OR_EXTENDED:
        yield refuse(
            "has an ID3 tag with unsynchronisation or an extended header, which AntennaPod cannot read"
        )
    chapters, tables = tag.getall("CHAP"), tag.getall("CTOC")
    starts = [chapter.start_time for chapter in chapters]
    if starts != sorted(starts):
        yield refuse("has chapters out of order in its tag, and players list them as they stand")
    listed = [list(table.child_element_ids) for table in tables]
    if chapters and listed != [[chapter.element_id for chapter in chapters]]:
        yield refuse("has no table of contents (CTOC) that lists its chapters once each, in order")


def _read_tag(content: bytes) -> Any:  # noqa: ANN401 - mutagen has no types
    from mutagen import MutagenError, id3

    known = {name: id3.Frames[name] for name in READ_FRAMES}
    try:
        return id3.ID3(io.BytesIO(content), known_frames=known, translate=False, load_v1=False)
    except id3.ID3NoHeaderError:
        return None
    except (MutagenError, ValueError, IndexError, EOFError) as error:
        raise AudioError(f"has a tag that cannot be read ({error})") from error


def _mark(chapter: Any) -> Mark:  # noqa: ANN401 - mutagen has no types
    return Mark(chapter.start_time, _text(chapter.sub_frames))


def _text(frames: Any) -> str:  # noqa: ANN401 - mutagen has no types
    return str(next(iter(frames.getall("TIT2")), ""))


def measure_sound(heard: Heard) -> tuple[dict[str, float], Sequence[Remark]]:
    """Decode a sound and measure it; return loudness and true peak, and what is to be said of them.

    Raises `AudioError` where it cannot be decoded.
    """
    pcm = decode_sound(heard.content, name="it")
    loudness_lufs = measure_loudness(pcm.samples, pcm.sample_rate_hz)
    peak = measure_true_peak(pcm.samples)
    peak_dbtp = 20 * math.log10(peak) if peak else -math.inf
    return {"loudness_lufs": loudness_lufs, "true_peak_dbtp": peak_dbtp}, list(
        _judge(loudness_lufs, peak_dbtp)
    )


def _judge(loudness_lufs: float, peak_dbtp: float) -> Iterator[Remark]:
    if not abs(loudness_lufs - TARGET_LUFS) <= TOLERANCE_LU + METERS_DIFFER_DB:
        said = f"is at {loudness_lufs:.1f} LUFS, and Apple asks for {TARGET_LUFS:g} ± {TOLERANCE_LU:g}"
        yield advise(f"{said}; set loudness_lufs under [podcast] to {TARGET_LUFS:g}")
    if peak_dbtp > CEILING_DBTP + METERS_DIFFER_DB:
        said = f"has a true peak of {peak_dbtp:.1f} dBTP, and Apple asks for {CEILING_DBTP:g} at most"
        yield advise(f"{said}; set true_peak_dbtp under [podcast] to {CEILING_DBTP:g}")
