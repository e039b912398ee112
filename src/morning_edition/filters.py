"""Filters of the FFmpeg libraries, run in this process on one channel of float samples."""

import itertools
import os
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

import av
import av.filter
import numpy as np
import numpy.typing as npt

from morning_edition.errors import AudioError

Samples = npt.NDArray[np.float32]
"""One channel, full scale at ±1.0."""

CORES = min(os.cpu_count() or 1, 3)
"""How much is worked on side by side: more than this wins little time on a programme, and takes memory."""

BLOCK_FRAMES = 1 << 17
"""Frames pushed at a time: enough to make the calls' cost vanish, little enough to keep memory flat."""


def cut_blocks(samples: Samples) -> Iterator[Samples]:
    """Yield *samples* in the blocks that are pushed at a time."""
    for start in range(0, len(samples), BLOCK_FRAMES):
        yield samples[start : start + BLOCK_FRAMES]


def filter_samples(samples: Samples, sample_rate_hz: int, chain: Sequence[tuple[str, str]]) -> Samples:
    """Run *samples* through a *chain* of (filter, options) and return as many samples as went in.

    The filters are those of https://ffmpeg.org/ffmpeg-filters.html. Raises `AudioError` when one is
    refused.
    """
    shaped = [*chain, ("aformat", "sample_fmts=flt:channel_layouts=mono")]
    blocks = [frame.to_ndarray()[0] for frame in run_filters(cut_blocks(samples), sample_rate_hz, shaped)]
    return np.concatenate(blocks) if blocks else samples[:0]


def run_filters(
    blocks: Iterable[Samples], sample_rate_hz: int, chain: Sequence[tuple[str, str]]
) -> Iterator[av.AudioFrame]:
    """Push *blocks*, the sound in order, through a *chain* of filters and yield the frames that come out.

    Raises `AudioError` when a filter is refused.
    """
    try:
        graph = av.filter.Graph()
        source = graph.add_abuffer(
            sample_rate=sample_rate_hz, format="flt", layout="mono", time_base=Fraction(1, sample_rate_hz)
        )
        links = [graph.add(name, options) for name, options in chain] + [graph.add("abuffersink")]
        for before, after in itertools.pairwise([source, *links]):
            before.link_to(after)
        graph.configure()
        start = 0
        for block in blocks:
            source.push(_make_frame(block, sample_rate_hz, start))
            start += len(block)
            yield from _drain(graph)
        source.push(None)
        yield from _drain(graph)
    except (av.error.FFmpegError, ValueError) as error:
        names = ", ".join(name for name, _ in chain)
        raise AudioError(f"the sound cannot be filtered ({names}): {error}") from error


def _make_frame(block: Samples, sample_rate_hz: int, start: int) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block[None]), format="flt", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = sample_rate_hz, start, Fraction(1, sample_rate_hz)
    return frame


def _drain(graph: av.filter.Graph) -> Iterator[av.AudioFrame]:
    while True:
        try:
            frame = graph.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
        if isinstance(frame, av.AudioFrame):
            yield frame
