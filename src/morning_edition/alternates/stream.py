"""One sound, block by block, through an FFmpeg encoder into a file."""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
from av.codec.context import Flags

from morning_edition.errors import AudioError
from morning_edition.files import tell_trouble
from morning_edition.filters import BLOCK_FRAMES, Samples

Cut = Callable[[int, int], Samples]
"""Gives a sound from one frame up to another. It is asked in order and without gaps."""

Block = np.ndarray[tuple[int, int], np.dtype[np.float32]]
"""Shape (frames, channels), full scale at ±1.0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a file is made of, in FFmpeg's words."""

    container: str
    codec: str
    sample_format: str
    sample_rate_hz: int
    channels: int
    bitrate_kbps: int
    container_options: Mapping[str, str]
    codec_options: Mapping[str, str]
    language: str = ""


def read_blocks(cut: Cut, length: int, channels: int) -> Iterator[Block]:
    """Yield the *length* frames that *cut* gives, in order. Raises `AudioError` when they are no sound."""
    if length < 1:
        raise AudioError("There is no sound to encode.")
    for first in range(0, length, BLOCK_FRAMES):
        last = min(first + BLOCK_FRAMES, length)
        block = np.asarray(cut(first, last), np.float32).reshape(last - first, -1)
        if block.shape[1] != channels:
            raise AudioError(f"The sound has {block.shape[1]} channels, and sound.channels is {channels}.")
        if not np.isfinite(block).all():
            raise AudioError("The sound holds values that are not numbers.")
        yield block


def write_stream(
    path: Path,
    blocks: Iterable[Block],
    form: Form,
    *,
    comments: Mapping[str, str] | None = None,
    marks: Sequence[Any] = (),
) -> None:
    """Encode *blocks* into a new file at *path*. Raises `AudioError`; what then stands there is of no use."""
    options = {"fflags": "bitexact", **form.container_options}
    # A relative name with a colon in it would be an address to FFmpeg.
    name = str(path.absolute())
    with (
        translate_errors(path),
        av.open(name, "w", format=form.container, container_options=options) as container,
    ):
        stream = _add_stream(container, form)
        container.metadata.update(comments or {})
        container.set_chapters(list(marks))
        for frame in _make_frames(blocks, form):
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


@contextlib.contextmanager
def translate_errors(path: Path) -> Iterator[None]:
    """Raise `AudioError` for what FFmpeg, or the disk, has against writing *path*."""
    try:
        yield
    except OSError as error:
        raise AudioError(f"{path}: cannot be written: {tell_trouble(error)}") from error
    except (av.FFmpegError, ValueError) as error:
        raise AudioError(f"{path}: the sound cannot be encoded: {error}") from error


def _add_stream(container: av.container.OutputContainer, form: Form) -> av.AudioStream:
    added = container.add_stream(
        form.codec,
        rate=form.sample_rate_hz,
        options=dict(form.codec_options),
        layout="mono" if form.channels == 1 else "stereo",
        format=form.sample_format,
        bit_rate=form.bitrate_kbps * 1000,
        time_base=Fraction(1, form.sample_rate_hz),
    )
    stream = cast("av.AudioStream", added)
    # Otherwise the encoder signs the first packet with its version.
    stream.codec_context.flags |= Flags.bitexact
    if form.language:
        stream.metadata["language"] = form.language
    return stream


def _make_frames(blocks: Iterable[Block], form: Form) -> Iterator[av.AudioFrame]:
    layout = "mono" if form.channels == 1 else "stereo"
    start = 0
    for block in blocks:
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block.T), format="fltp", layout=layout)
        frame.sample_rate, frame.pts = form.sample_rate_hz, start
        frame.time_base = Fraction(1, form.sample_rate_hz)
        start += len(block)
        yield frame
