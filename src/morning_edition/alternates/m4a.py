"""AAC in an M4A file, with chapters and the tags that iTunes made common.

Chapters stand in the file twice, since players look in two places: as a text track that the sound refers to
("QuickTime File Format Specification", "Chapter Lists") and as Nero's list, `moov.udta.chpl`. The edit list
names the encoder's silence ahead of the sound and the sound's own length (ISO/IEC 14496-12, 8.6.6). The index
stands before the sound, so that a player can begin before it has all.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from mutagen import MutagenError
from mutagen.mp4 import MP4, AtomDataType, MP4Cover

from morning_edition.alternates.stream import Cut, Form, read_blocks, translate_errors, write_stream
from morning_edition.alternates.words import clip_utf8, named_chapters
from morning_edition.errors import AudioError
from morning_edition.tags import Tags, language_code, one_line, plain_lines

CODER = "fast"
"""How the encoder spends its bits. Measured on a minute of speech at 64, 96 and 128 kbit/s, `fast` leaves a
signal-to-noise ratio of 29, 37 and 43 dB, with noise above a simple masking threshold in 20, 8 and 4 % of
half-Bark bands, in 0.25 to 0.42 s. FFmpeg's default, `twoloop`, leaves 21, 27 and 30 dB, and 28, 15 and 9 %,
in 0.9 s. On music it is 42, 51 and 58 dB against 28, 29 and 37. Bandwidth, loudness (both within 0.06 LU) and
size are the same, and peaks rise by 0.1 dB at most; with `twoloop` by up to 1.2."""

LONGEST_TITLE = 255
"""Bytes that Nero's list has for a chapter's name."""

PODCAST = 21
"""What `stik` calls it."""

TERMINOLOGICAL = dict(
    pair.split(":")
    for pair in (
        "alb:sqi baq:eus bur:mya chi:zho cze:ces dut:nld fre:fra ger:deu gre:ell ice:isl mac:mkd may:msa "
        "per:fas rum:ron slo:slk wel:cym"
    ).split()
)
"""Where the codes of ISO 639-2/T, which MP4 asks for (8.4.2.3), are not those of 639-2/B."""


def encode_m4a(
    path: Path,
    cut: Cut,
    length: int,
    *,
    sample_rate_hz: int,
    channels: int,
    bitrate_kbps: int,
    tags: Tags,
) -> None:
    """Write a sound of *length* frames to *path* as AAC-LC, with the words, cover and chapters of *tags*.

    *cut* gives the sound from one frame up to another, (frames,) or (frames, *channels*), full scale at ±1.0.
    A bit rate beyond what AAC allows (6 bits a sample and channel) becomes the highest one. Raises
    `AudioError` when there is no sound, or it or the file is refused.
    """
    language = language_code(tags.language)
    form = Form(
        container="ipod",
        codec="aac",
        sample_format="fltp",
        sample_rate_hz=sample_rate_hz,
        channels=channels,
        bitrate_kbps=bitrate_kbps,
        # An edit list counts in the film's units: at the usual 1,000 a second the end would be rounded.
        container_options={"movflags": "faststart", "movie_timescale": str(sample_rate_hz)},
        codec_options={"aac_coder": CODER},
        language=TERMINOLOGICAL.get(language, language),
    )
    write_stream(path, read_blocks(cut, length, channels), form, marks=_mark_chapters(tags))
    _tag(path, tags)


def _mark_chapters(tags: Tags) -> Sequence[Any]:
    """Return the chapters as PyAV wants them: its own type for them differs from version to version."""
    return [
        {
            "id": number,
            "start": chapter.start_ms,
            "end": chapter.end_ms,
            "time_base": Fraction(1, 1000),
            "metadata": {"title": clip_utf8(name, LONGEST_TITLE)},
        }
        for number, (name, chapter) in enumerate(named_chapters(tags))
    ]


def _tag(path: Path, tags: Tags) -> None:
    try:
        with translate_errors(path):
            m4a = MP4(path)
            for key, value in _items(tags):
                m4a[key] = value
            m4a.save(padding=lambda _: 0)
    except MutagenError as error:
        raise AudioError(f"{path}: cannot be tagged: {error}") from error


def _items(tags: Tags) -> Iterator[tuple[str, object]]:
    """Yield the items of `ilst` that say something."""
    for key, text in _words(tags):
        if text:
            yield key, [text]
    yield "pcst", True
    yield "stik", [PODCAST]
    if tags.cover_jpeg:
        yield "covr", [MP4Cover(tags.cover_jpeg, AtomDataType.JPEG)]


def _words(tags: Tags) -> Iterator[tuple[str, str]]:
    yield "©nam", one_line(tags.title)
    yield "©alb", one_line(tags.album)
    yield "©ART", one_line(tags.artist)
    yield "aART", one_line(tags.album_artist)
    yield "©day", f"{tags.published:%Y-%m-%d}"
    yield "©gen", one_line(tags.genre)
    yield "cprt", one_line(tags.copyright)
    yield "©cmt", plain_lines(tags.comment)
    yield "desc", one_line(tags.description)
    yield "ldes", plain_lines(tags.description)
    yield "keyw", ", ".join(filter(None, map(one_line, tags.keywords)))
    yield "catg", one_line(tags.category)
    yield "purl", one_line(tags.feed_url)
    yield "egid", one_line(tags.episode_guid)
    yield "©lyr", plain_lines(tags.transcript)
