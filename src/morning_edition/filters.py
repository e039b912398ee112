"""Filters of the FFmpeg libraries, run in this process on one or two channels of float samples."""

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
"""Shape (frames,), one channel, or (frames, channels); full scale at ±1.0."""

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
    shaped = [*chain, ("aformat", f"sample_fmts=flt:channel_layouts={_layout(samples)}")]
    blocks = [take_samples(frame) for frame in run_filters(cut_blocks(samples), sample_rate_hz, shaped)]
    return np.concatenate(blocks).reshape(-1, *samples.shape[1:]) if blocks else samples[:0]


def take_samples(frame: av.AudioFrame) -> Samples:
    """Return the samples of a *frame* of interleaved floats: (frames,) for one channel, else 2-D."""
    channels = len(frame.layout.channels)
    samples: Samples = frame.to_ndarray()[0]
    return samples if channels == 1 else samples.reshape(-1, channels)


def run_filters(
    blocks: Iterable[Samples], sample_rate_hz: int, chain: Sequence[tuple[str, str]]
) -> Iterator[av.AudioFrame]:
    """Push *blocks*, the sound in order, through a *chain* of filters and yield the frames that come out.

    The first block tells how many channels there are. Raises `AudioError` when a filter is refused.
    """
    waiting = iter(blocks)
    first = next(waiting, np.zeros(0, np.float32))
    layout = _layout(first)
    try:
        graph = av.filter.Graph()
        source = graph.add_abuffer(
            sample_rate=sample_rate_hz, format="flt", layout=layout, time_base=Fraction(1, sample_rate_hz)
        )
        links = [graph.add(name, options) for name, options in chain] + [graph.add("abuffersink")]
        for before, after in itertools.pairwise([source, *links]):
            before.link_to(after)
        graph.configure()
        start = 0
        for block in itertools.chain([first], waiting):
            if len(block):
                source.push(_make_frame(block, sample_rate_hz, start, layout))
                start += len(block)
                yield from _drain(graph)
        source.push(None)
        yield from _drain(graph)
    except (av.error.FFmpegError, ValueError) as error:
        names = ", ".join(name for name, _ in chain)
        raise AudioError(f"the sound cannot be filtered ({names}): {error}") from error


def _layout(samples: Samples) -> str:
    return "mono" if samples.ndim == 1 or samples.shape[1] == 1 else "stereo"


def _make_frame(block: Samples, sample_rate_hz: int, start: int, layout: str) -> av.AudioFrame:
    interleaved = np.ascontiguousarray(block).reshape(1, -1)
    frame = av.AudioFrame.from_ndarray(interleaved, format="flt", layout=layout)
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
