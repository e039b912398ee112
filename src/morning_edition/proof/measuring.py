"""Decoded sound in, all that is judged of it out: small enough to be kept for each reel, and joined.

Everything is measured once, on one reel, before and after which there is silence; what is measured of a
programme is put together from its reels.
"""

import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from morning_edition.filters import Samples
from morning_edition.loudness import Powers, join_powers, measure_powers
from morning_edition.proof.clicks import CLICK, Clicks, find_clicks
from morning_edition.true_peak import measure_true_peak

BIN_FRAMES = 576
"""Half an MP3 frame, 13 ms at 44.1 kHz; every reel has a whole number of them."""
BLOCK_BINS = 228
"""Worked on at a time: memory stays flat, and a core's cache holds it."""

FULL_SCALE = np.float32(32767 / 32768)
SHORTEST_RUN = 3
"""So many samples in a row at full scale are clipped; one or two may just have got there."""

SPECTRUM_FRAMES = 2 * BIN_FRAMES
BANDS = 64
SPECTRUM_EVERY = 6
"""One stretch in so many is looked at: what voices and music hold, they hold again and again."""
SPECTRUM_WINDOW = np.hanning(SPECTRUM_FRAMES).astype(np.float32)[:, None]

RUN = np.dtype([("frame", "<i8"), ("length", "<i8")])
Bins = npt.NDArray[np.float16]

MAGIC = b"MEAS\2"
ARRAYS: tuple[tuple[str, np.dtype[np.void] | str], ...] = (
    ("powers", "<f8"),
    ("peaks", "<f2"),
    ("levels", "<f2"),
    ("clipped", RUN),
    ("clicks", CLICK),
    ("offsets", "<f8"),
    ("spectrum", "<f8"),
)
HEADER = struct.Struct(f"<qId{len(ARRAYS)}I")
CHECKSUM = struct.Struct("<I")


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What was measured on a reel, or on a whole programme."""

    frames: int
    sample_rate_hz: int
    powers: Powers
    """Of a reel, as `measure_powers` gives them; of a programme, as `join_powers` does."""
    peaks: Bins
    """The highest amplitude of each bin, over all channels."""
    levels: Bins
    """The root of each bin's mean square, over all channels."""
    true_peak: float
    """The highest amplitude between the samples, over all channels."""
    clipped: npt.NDArray[np.void]
    """Where at least `SHORTEST_RUN` samples of a channel are at full scale: `frame` and `length`."""
    clicks: Clicks
    """Everything that may be a click: see `find_clicks`."""
    offsets: npt.NDArray[np.float64]
    """The mean of each channel."""
    spectrum: npt.NDArray[np.float64]
    """The mean power in `BANDS` bands of equal width, from 0 to half the sample rate."""

    @property
    def duration_ms(self) -> int:
        """How long it is."""
        return self.frames * 1000 // self.sample_rate_hz

    def to_bytes(self) -> bytes:
        """Return it as bytes: the same for the same, about 400 a second."""
        arrays = [np.asarray(getattr(self, name), dtype) for name, dtype in ARRAYS]
        head = HEADER.pack(self.frames, self.sample_rate_hz, self.true_peak, *map(len, arrays))
        content = head + b"".join(array.tobytes() for array in arrays)
        return MAGIC + CHECKSUM.pack(zlib.crc32(content)) + content

    @classmethod
    def from_bytes(cls, told: bytes) -> "Measured":
        """Return what was made *told*. Raises `ValueError` when that is damaged, or of another version."""
        start = len(MAGIC) + CHECKSUM.size
        content = told[start:]
        if told[:start] != MAGIC + CHECKSUM.pack(zlib.crc32(content)) or len(content) < HEADER.size:
            raise ValueError("not what was measured, or damaged")
        frames, sample_rate_hz, true_peak, *lengths = HEADER.unpack_from(content)
        arrays, at = {}, HEADER.size
        for (name, dtype), length in zip(ARRAYS, lengths, strict=True):
            arrays[name] = np.frombuffer(content, dtype, length, at)
            at += arrays[name].nbytes
        return cls(frames, sample_rate_hz, true_peak=true_peak, **arrays)


def measure_sound(samples: Samples, sample_rate_hz: int) -> Measured:
    """Measure *samples*, (frames,) or (frames, channels): one decoded reel."""
    sound = samples[:, None] if samples.ndim == 1 else samples
    blocks = [_measure_block(block) for block in _cut_blocks(sound)]
    peaks, levels, sums, spectra = (list(column) for column in zip(*blocks, strict=True))
    stretches = sum(len(spectrum) for spectrum in spectra)
    return Measured(
        frames=len(sound),
        sample_rate_hz=sample_rate_hz,
        powers=measure_powers(samples, sample_rate_hz),
        peaks=np.concatenate(peaks),
        levels=np.concatenate(levels),
        true_peak=measure_true_peak(sound),
        clipped=_find_clipped(sound, np.concatenate(peaks)),
        clicks=find_clicks(sound),
        offsets=np.sum(sums, axis=0) / max(len(sound), 1),
        spectrum=np.sum([spectrum.sum(axis=0) for spectrum in spectra], axis=0) / max(stretches, 1),
    )


def _cut_blocks(sound: Samples) -> Iterator[Samples]:
    """Yield *sound* in blocks of whole bins, the last filled with silence; at least one block."""
    frames = BLOCK_BINS * BIN_FRAMES
    for start in range(0, max(len(sound), 1), frames):
        block = sound[start : start + frames]
        missing = -len(block) % BIN_FRAMES
        yield np.pad(block, ((0, missing), (0, 0))) if missing else block


def _measure_block(block: Samples) -> tuple[Bins, Bins, npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the peaks and levels of a block's bins, its channels' sums, and spectra of some stretches."""
    rows = block.reshape(-1, BIN_FRAMES * block.shape[1])
    peaks = np.maximum(rows.max(axis=1, initial=0), -rows.min(axis=1, initial=0))
    levels = np.sqrt(np.einsum("ij,ij->i", rows, rows) / rows.shape[1])
    spans = block[: len(block) // SPECTRUM_FRAMES * SPECTRUM_FRAMES]
    stretches = spans.reshape(-1, SPECTRUM_FRAMES, block.shape[1])[::SPECTRUM_EVERY] * SPECTRUM_WINDOW
    powers = (np.abs(np.fft.rfft(stretches, axis=1)[:, :-1]) ** 2).sum(axis=2, dtype=np.float64)
    bands = powers.reshape(len(powers), BANDS, BIN_FRAMES // BANDS).sum(axis=2)
    return peaks.astype(np.float16), levels.astype(np.float16), block.sum(axis=0, dtype=np.float64), bands


def _find_clipped(sound: Samples, peaks: Bins) -> npt.NDArray[np.void]:
    """Return the runs of clipped samples of *sound*, looked for in bins whose *peaks* are that high."""
    runs = []
    for first, last in find_runs(peaks >= np.float16(FULL_SCALE)):
        start = first * BIN_FRAMES
        for channel in np.abs(sound[start : last * BIN_FRAMES]).T:
            runs += [(start + on, off - on) for on, off in find_runs(channel >= FULL_SCALE)]
    return np.array(sorted(run for run in runs if run[1] >= SHORTEST_RUN), RUN)


def find_runs(true: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return where *true* holds: the first place of each run and the one after its last."""
    edges = np.flatnonzero(np.diff(true, prepend=False, append=False))
    return [(int(first), int(last)) for first, last in edges.reshape(-1, 2)]


def join_measured(parts: Sequence[tuple[int, Measured]], length: int) -> Measured:
    """Return what is measured on a programme of *length* frames from its reels.

    *parts* are the frame that each reel begins at, a whole number of bins, and what was measured on it.
    Raises `ValueError` when there are none, or they differ in sample rate or channels.
    """
    measured = [part for _, part in parts]
    if len({(part.sample_rate_hz, len(part.offsets)) for part in measured}) != 1:
        raise ValueError("reels of one programme have the same sample rate and channels")
    (rate_hz,) = {part.sample_rate_hz for part in measured}
    weights = [part.frames / max(length, 1) for part in measured]
    return Measured(
        frames=length,
        sample_rate_hz=rate_hz,
        powers=join_powers([(start, part.powers) for start, part in parts], length, rate_hz),
        peaks=_lay_bins([(start, part.peaks) for start, part in parts], length),
        levels=_lay_bins([(start, part.levels) for start, part in parts], length),
        true_peak=max(part.true_peak for part in measured),
        clipped=np.concatenate([_move(part.clipped, start) for start, part in parts]),
        clicks=np.concatenate([_move(part.clicks, start) for start, part in parts]),
        offsets=np.sum(
            [part.offsets * weight for part, weight in zip(measured, weights, strict=True)], axis=0
        ),
        spectrum=np.sum(
            [part.spectrum * weight for part, weight in zip(measured, weights, strict=True)], axis=0
        ),
    )


def _lay_bins(parts: Sequence[tuple[int, Bins]], length: int) -> Bins:
    laid: Bins = np.zeros(-(-length // BIN_FRAMES), np.float16)
    for start, bins in parts:
        first = start // BIN_FRAMES
        laid[first : first + len(bins)] = bins[: len(laid) - first]
    return laid


def _move(found: npt.NDArray[np.void], by_frames: int) -> npt.NDArray[np.void]:
    moved = found.copy()
    moved["frame"] += by_frames
    return moved
