"""Pieces of an MP3, encoded side by side and spliced into the one stream that they are pieces of.

A frame of Layer III keeps its place in time, but its data may begin up to 511 bytes before it, in what the
frames ahead have left over (ISO 11172-3, 2.4.2.7, `main_data_begin`). Two encodings of the same samples, each
long enough under way to sound alike, are spliced in front of a frame at which the one that ends had left at
least as many bytes over as the one that goes on wants: these are put into their place, and no other byte
changes. Both must have the same windows there, so that the halves of the sound that overlap belong together.

Where pieces begin depends on the sound's length alone: the same samples give the same bytes on any machine.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from morning_edition.filters import CORES

FRAME_SAMPLES = 1152
CODEC_DELAY = 1105
"""Samples by which what a frame sounds lags behind what went into it: LAME's 576, and a decoder's 529."""

PIECE_FRAMES = 2000
"""52 s at 44.1 kHz: long against the overlap, short against a programme."""
RUN_UP_FRAMES = 30
"""0.8 s: by then an encoder has forgotten that it began in silence."""
OVERLAP_FRAMES = 60
"""Where a splice is looked for: 1.5 s. Of the frames of speech two in three will do at 96 kbit/s."""
LAST_FRAMES = 4
"""At its end an encoder hears silence coming, and does not encode as if more followed."""

Cut = Callable[[int, int], npt.NDArray[np.float32]]
"""From one sample up to another: those samples of a sound, full scale at ±1.0."""
Encode = Callable[[int, int], bytes]
"""From one sample up to another: that part of the sound as frames at a constant bit rate."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The frames of one encoding."""

    frames: Sequence[bytes]
    first: int
    """The number of its first frame in the whole stream."""

    def frame(self, number: int) -> bytes:
        """Return a frame by its number in the whole stream."""
        return self.frames[number - self.first]


def encode_side_by_side(cut: Cut, length: int, encode: Encode, frame_bytes: int) -> bytes:
    """Encode the *length* samples of a sound in pieces, on all cores, and splice them.

    *frame_bytes* is the length of a frame without padding. Sound that offers no place for a splice, and
    sound too short to be worth it, is encoded in one.
    """
    count = max(round(length / FRAME_SAMPLES / PIECE_FRAMES), 1)
    starts = [PIECE_FRAMES * number for number in range(count)]

    def encode_piece(start: int) -> Piece:
        first = max(start - RUN_UP_FRAMES, 0)
        end = (start + PIECE_FRAMES + OVERLAP_FRAMES + LAST_FRAMES) * FRAME_SAMPLES
        music = encode(first * FRAME_SAMPLES, length if start == starts[-1] else end)
        return Piece(split_frames(music, frame_bytes), first)

    with ThreadPoolExecutor(CORES) as pool:
        pieces = list(pool.map(encode_piece, starts))
    spliced = list(pieces[0].frames)
    for start, piece in zip(starts[1:], pieces[1:], strict=True):
        number = find_splice(cut, Piece(spliced, 0), piece, start)
        if number is None:
            return encode(0, length)
        spliced = splice(Piece(spliced, 0), piece, number)
    return b"".join(spliced)


def split_frames(music: bytes, frame_bytes: int) -> list[bytes]:
    """Cut a stream into its frames; a padded one is a byte longer. What follows no header stays in one."""
    frames, at = [], 0
    while at < len(music):
        end = at + frame_bytes + (music[at + 2] >> 1 & 1 if at + 2 < len(music) else 0)
        frames.append(music[at:end])
        at = end
    return frames


def find_splice(cut: Cut, before: Piece, after: Piece, start: int) -> int | None:
    """Return the number of the frame to go over at, the quietest that will do; None where none will."""

    def loudness(number: int) -> Any:  # noqa: ANN401 - a number of numpy's
        middle = number * FRAME_SAMPLES - CODEC_DELAY
        around = cut(max(middle - FRAME_SAMPLES // 2, 0), middle + FRAME_SAMPLES // 2)
        return np.abs(around).sum(dtype=np.float64)

    candidates = range(start, start + OVERLAP_FRAMES)
    return next((number for number in sorted(candidates, key=loudness) if _fits(before, after, number)), None)


def _fits(before: Piece, after: Piece, number: int) -> bool:
    ends, goes_on = before.frame(number), after.frame(number)
    return _main_data_begin(goes_on) <= _main_data_begin(ends) and _windows(goes_on) == _windows(ends)


def splice(before: Piece, after: Piece, number: int) -> list[bytes]:
    """Return the frames of *before* up to frame *number*, and those of *after* from there on."""
    frames = list(before.frames[: number - before.first])
    wanted = _main_data_begin(after.frame(number))
    at, giver = len(frames) - 1, number - 1
    lent = b""
    while len(lent) < wanted:
        lent = _main_data(after.frame(giver)) + lent
        giver -= 1
    lent = lent[len(lent) - wanted :]
    while lent:
        room = len(_main_data(frames[at]))
        taken = lent[-room:]
        frames[at] = frames[at][: len(frames[at]) - len(taken)] + taken
        lent, at = lent[: -len(taken)], at - 1
    return [*frames, *after.frames[number - after.first :]]


def _is_mono(frame: bytes) -> bool:
    return frame[3] >> 6 == 3


def _main_data(frame: bytes) -> bytes:
    """Return what follows the header and the side information."""
    return frame[4 + (17 if _is_mono(frame) else 32) :]


def _main_data_begin(frame: bytes) -> int:
    return frame[4] << 1 | frame[5] >> 7


def _windows(frame: bytes) -> list[int]:
    """Return the windows of each granule and channel: 0 for the usual one, or its type (2.4.1.7).

    `window_switching_flag`, `block_type` and `mixed_block_flag` are read as one number of four bits.
    """
    mono = _is_mono(frame)
    side = int.from_bytes(frame[4 : 4 + (17 if mono else 32)], "big")
    bits, first, parts = (136, 18, 2) if mono else (256, 20, 4)
    fields = [side >> (bits - (first + 59 * part + 33) - 4) & 0xF for part in range(parts)]
    return [field if field & 0x8 else 0 for field in fields]
