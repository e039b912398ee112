"""Opus in an Ogg file, as RFC 7845 lays it out, with its tags and chapters as comments.

Chapters are written as "Chapter Extension" has them (https://wiki.xiph.org/Chapter_Extension), and the cover
as FLAC's picture block (RFC 9639, 8.8) in base64.
"""

import base64
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import soxr
from mutagen.flac import Picture

from morning_edition.alternates.stream import Block, Cut, Form, read_blocks, write_stream
from morning_edition.alternates.words import named_chapters
from morning_edition.tags import FRONT_COVER, Tags, one_line, plain_lines

RATE_HZ = 48_000
"""Opus decodes to this rate whatever went in; what else it takes, it would resample with less care."""

BIT_RATE_MODE = "constrained"
"""The stream keeps to the bit rate that was asked for. Left free, 64 kbit/s came to 97 for speech and 82 for
music; where both come to the same size, they leave about as much noise above a simple masking threshold (in
8.4 % of half-Bark bands at 97 kbit/s, and in 10.3 % when free)."""

EFFORT = 6
"""Of 10. From 7 on, libopus takes what it knows for speech to its speech codec below 64 kbit/s. Noise above
the threshold falls (from 48 to 37 % of half-Bark bands at 32 kbit/s, 32 to 25 % at 48), but so does loudness,
by 0.6 LU for some voices, and it takes three times as long. At 6 no voice of six lost more than 0.07 LU, from
24 kbit/s on; at 16 kbit/s both lose 0.7."""

LARGEST_COVER = 400_000
"""Bytes: comments come before the sound, and a player must have them all before it can begin."""


def encode_opus(
    path: Path,
    cut: Cut,
    length: int,
    *,
    sample_rate_hz: int,
    channels: int,
    bitrate_kbps: int,
    tags: Tags,
) -> None:
    """Write a sound of *length* frames to *path* as Opus, with the words, cover and chapters of *tags*.

    *cut* gives the sound from one frame up to another, (frames,) or (frames, *channels*), full scale at ±1.0.
    Raises `AudioError` when there is no sound, or it or the file is refused.
    """
    form = Form(
        container="ogg",
        codec="libopus",
        sample_format="flt",
        sample_rate_hz=RATE_HZ,
        channels=channels,
        bitrate_kbps=bitrate_kbps,
        container_options={},
        codec_options={"vbr": BIT_RATE_MODE, "compression_level": str(EFFORT)},
    )
    blocks = _resample(read_blocks(cut, length, channels), length, sample_rate_hz, channels)
    write_stream(path, blocks, form, comments=dict(_comments(tags)))


def _resample(blocks: Iterable[Block], length: int, sample_rate_hz: int, channels: int) -> Iterator[Block]:
    """Bring *blocks* to Opus' own rate; the end is rounded to a whole frame."""
    if sample_rate_hz == RATE_HZ:
        yield from blocks
        return
    resampler = soxr.ResampleStream(sample_rate_hz, RATE_HZ, channels, dtype="float32", quality="HQ")
    missing = round(length * RATE_HZ / sample_rate_hz)
    for block in blocks:
        length -= len(block)
        resampled = resampler.resample_chunk(block, last=not length).reshape(-1, channels)[:missing]
        missing -= len(resampled)
        yield resampled
    if missing:
        yield np.zeros((missing, channels), np.float32)


def _comments(tags: Tags) -> Iterator[tuple[str, str]]:
    """Yield the comments that say something: words, chapters, and last what is long."""
    for key, text in _words(tags):
        if text:
            yield key, text
    yield from _chapters(tags)
    if transcript := plain_lines(tags.transcript):
        yield "LYRICS", transcript
    if 0 < len(tags.cover_jpeg) <= LARGEST_COVER:
        yield "METADATA_BLOCK_PICTURE", _picture(tags.cover_jpeg)


def _words(tags: Tags) -> Iterator[tuple[str, str]]:
    yield "TITLE", one_line(tags.title)
    yield "ALBUM", one_line(tags.album)
    yield "ARTIST", one_line(tags.artist)
    yield "ALBUMARTIST", one_line(tags.album_artist)
    yield "DATE", f"{tags.published:%Y-%m-%d}"
    yield "GENRE", one_line(tags.genre)
    yield "LANGUAGE", one_line(tags.language)
    yield "ORGANIZATION", one_line(tags.publisher)
    yield "COPYRIGHT", one_line(tags.copyright)
    yield "CONTACT", one_line(tags.chapter_url)
    # FFmpeg gives COMMENT this name too, which is what the format's own specification has for it.
    yield "DESCRIPTION", plain_lines(tags.description or tags.comment)


def _chapters(tags: Tags) -> Iterator[tuple[str, str]]:
    """Yield the chapters, from 001 on as in the extension's examples; FFmpeg itself begins with 000."""
    for number, (name, chapter) in enumerate(named_chapters(tags), 1):
        minutes, rest_ms = divmod(chapter.start_ms, 60_000)
        hours, minutes = divmod(minutes, 60)
        yield f"CHAPTER{number:03}", f"{hours:02}:{minutes:02}:{rest_ms / 1000:06.3f}"
        yield f"CHAPTER{number:03}NAME", name


def _picture(jpeg: bytes) -> str:
    picture = Picture()
    picture.type, picture.mime, picture.data = FRONT_COVER, "image/jpeg", jpeg
    return base64.b64encode(picture.write()).decode()
