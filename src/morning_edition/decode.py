"""Sound files and bytes in, samples out: WAV, AIFF, FLAC, MP3, Ogg and M4A, without the ffmpeg program.

The silence that an encoder adds is left out where the file tells of it (the LAME tag of an MP3, the edit
list of an M4A, the granules of an Ogg), so a jingle is as long as what was encoded.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import av
import numpy as np
from numpy.typing import NDArray

from morning_edition.errors import AudioError

LONGEST_S = 15 * 60
LARGEST_VALUES = LONGEST_S * 96_000 * 2
"""The same bound for files of many channels or an unusual rate: 690 MB of samples."""
# Playlists, which FFmpeg also calls formats, would let a file name other files and addresses to open.
FORMATS = "wav,w64,aiff,flac,mp3,ogg,mov,aac"
LENIENT: dict[str, Any] = {} if int(av.__version__.split(".")[0]) >= 19 else {"metadata_errors": "replace"}
"""A tag that is not UTF-8 spoils no sound; PyAV replaces what it cannot read by itself from version 19 on."""
SHORTFALL_S = 0.1
"""How much less sound than its header tells a file may hold: Opus counts what a decoder throws away."""
LARGEST_PADDING = 2_048
"""Frames of silence that an AAC encoder may need to fill its last block; FFmpeg leaves them in."""


@dataclass(frozen=True, slots=True, eq=False)
class Pcm:
    """Decoded sound."""

    samples: NDArray[np.float32]
    """Shape (frames, channels); full scale is -1.0 to 1.0, and decoded MP3 may lie slightly outside."""
    sample_rate_hz: int


def decode_sound(source: Path | bytes, *, name: str = "") -> Pcm:
    """Read the first audio stream of *source*, a file or its content, at its own rate and channels.

    *name* is what errors call it, by default the path. Raises `AudioError` when there is no such file, or
    it is not sound, damaged, cut short, empty of sound, or longer than `LONGEST_S`.
    """
    name = name or (str(source) if isinstance(source, Path) else "sound")
    try:
        with source.open("rb") if isinstance(source, Path) else io.BytesIO(source) as file:
            _refuse_short_wav(file, name)
            return _decode(file, name)
    except (
        av.FFmpegError,
        ValueError,
    ) as error:  # the latter from PyAV, for samples that numpy has no type for
        raise AudioError(f"{name}: not a sound that can be read; use WAV, FLAC, MP3, Ogg or M4A") from error
    except FileNotFoundError as error:
        raise AudioError(f"{name}: no such file; check the path") from error
    except OSError as error:
        raise AudioError(f"{name}: cannot be read: {error.strerror or error}") from error


def _decode(file: BinaryIO, name: str) -> Pcm:
    """Decode all of *file*; FFmpeg's own errors pass through."""
    length_is_told = not _length_is_a_guess(file)
    with av.open(file, options={"format_whitelist": FORMATS}, **LENIENT) as container:
        if not container.streams.audio:
            raise AudioError(f"{name}: holds no sound; use WAV, FLAC, MP3, Ogg or M4A")
        stream = container.streams.audio[0]
        told_s = float((stream.duration or 0) * (stream.time_base or 0)) if length_is_told else 0.0
        if told_s > LONGEST_S:
            raise _too_long(name)
        blocks, rate = _gather(_frames(container, stream, name), name)
    samples = np.concatenate(blocks)
    if len(samples) < (told_s - SHORTFALL_S) * rate:
        raise _cut_short(name)
    told = round(told_s * rate)
    if 0 < told < len(samples) <= told + LARGEST_PADDING:
        samples = samples[:told]
    if not np.isfinite(samples).all():
        raise AudioError(f"{name}: holds values that are not numbers; export it again")
    return Pcm(samples, rate)


def _frames(container: Any, stream: Any, name: str) -> Iterator[av.AudioFrame]:  # noqa: ANN401 - PyAV's overloads
    """Decode packet by packet: what cannot be read at the very end is a tag, anywhere else it is damage."""
    unreadable = False
    for packet in container.demux(stream):
        try:
            frames = packet.decode()
        except av.error.InvalidDataError:
            unreadable = True
            continue
        for frame in frames:
            if unreadable:
                raise AudioError(f"{name}: damaged; export or download it again")
            yield frame


def _gather(frames: Iterator[av.AudioFrame], name: str) -> tuple[list[NDArray[np.float32]], int]:
    """Collect the samples of *frames*, which share one sample rate and number of channels."""
    blocks: list[NDArray[np.float32]] = []
    kinds: set[tuple[int, int]] = set()
    values = 0
    for frame in frames:
        blocks.append(_samples(frame))
        kinds.add((frame.sample_rate, blocks[-1].shape[1]))
        values += blocks[-1].size
        rate, channels = min(kinds)
        if len(kinds) > 1:
            raise AudioError(f"{name}: changes its rate or channels midway; export it again")
        if values > min(LARGEST_VALUES, LONGEST_S * rate * channels):
            raise _too_long(name)
    if not values:
        raise AudioError(f"{name}: holds no sound at all; export or download it again")
    return blocks, rate


def _samples(frame: av.AudioFrame) -> NDArray[np.float32]:
    """Return *frame* as (frames, channels), whether it holds bytes, integers or floats, planar or not."""
    values = frame.to_ndarray()
    shaped = values.T if frame.format.is_planar else values.reshape(-1, len(frame.layout.channels))
    if shaped.dtype.kind == "f":
        with np.errstate(over="ignore"):  # becomes infinite, which is refused
            return np.ascontiguousarray(shaped, dtype=np.float32)
    middle = 128.0 if shaped.dtype.kind == "u" else 0.0
    full_scale = 2.0 ** (8 * shaped.dtype.itemsize - 1)
    return np.ascontiguousarray((shaped - middle) / full_scale, dtype=np.float32)


def _refuse_short_wav(file: BinaryIO, name: str) -> None:
    """Raise `AudioError` when a WAV ends before its header says; FFmpeg would take what there is."""
    head = file.read(8)
    told_bytes = int.from_bytes(head[4:8], "little")
    held_bytes = file.seek(0, io.SEEK_END) - 8
    file.seek(0)
    # What is written to a pipe does not know its length and tells the largest there is, or nearly.
    if head[:4] == b"RIFF" and 0 < held_bytes + 1 < told_bytes < 0x7FFF_0000:
        raise _cut_short(name)


def _length_is_a_guess(file: BinaryIO) -> bool:
    """Tell whether *file* is bare MPEG frames: an MP3 without Xing, Info or VBRI header, or raw AAC."""
    head = file.read(10)
    start = 0
    if head[:3] == b"ID3":  # four bytes of seven bits each; the ten of the tag's header are not in them
        size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9] if len(head) == 10 else 0
        start = 10 + size
    file.seek(start)
    frame = file.read(256)
    file.seek(0)
    is_mpeg = frame[:1] == b"\xff" or head[:3] == b"ID3"
    return is_mpeg and not any(mark in frame for mark in (b"Xing", b"Info", b"VBRI"))


def _cut_short(name: str) -> AudioError:
    return AudioError(
        f"{name}: damaged or cut short, it holds less than its header tells; export or download it again"
    )


def _too_long(name: str) -> AudioError:
    return AudioError(f"{name}: longer than {LONGEST_S // 60} minutes; cut it down")
