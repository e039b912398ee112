"""Reels joined into one MP3.

All the data of a reel's frames lies in its own frames, so reels follow each other byte for byte, and one that
changes leaves the bytes of all others as they are. Where both are silent at the join, the halves of the sound
that overlap there are silent too, and what is heard is what one encoding of the whole would have given.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO

from morning_edition.errors import AudioError
from morning_edition.mp3_frames import ENCODER_DELAY, REMEDY, Mp3Format, find_frames
from morning_edition.mp3_info import Music, crc16, find_encoder, info_frame
from morning_edition.mp3_reels import QUALITY


@dataclass(frozen=True, slots=True)
class ReelPlace:
    """Where a reel's MP3 frames are in a stream, in bytes from the beginning of its Info frame."""

    start: int
    end: int
    end_heard: int
    """Where the MP3 frames end that a decoder must have to give all of the reel's sound: a little later."""


@dataclass(frozen=True, slots=True)
class JoinedStream:
    """One MP3 stream, its Info frame first."""

    total_bytes: int
    reels: tuple[ReelPlace, ...]


def join_reels(reels: Iterable[bytes], file: BinaryIO, length: int, form: Mp3Format) -> JoinedStream:
    """Write reels that `encode_reel` gave, one after the other, as a stream of *length* samples a channel.

    The stream begins where *file* stands, which must be able to seek; there it stands at the end. Each reel
    but the last is a whole number of MP3 frames long. One reel at a time is held. Raises `AudioError` for
    none, for a damaged one, and for a length that is not that of them all.
    """
    joining = _Joining(file, form)
    for reel in reels:
        joining.add(reel)
    return joining.end(length)


class _Joining:
    """What has been written of a stream so far."""

    def __init__(self, file: BinaryIO, form: Mp3Format) -> None:
        self._file, self._form = file, form
        self._start = file.tell()
        self._at = file.write(bytes(form.frame_bytes))  # the Info frame's place
        self._crc = self._frames = 0
        self._header = self._encoder = self._trailing = b""
        self._places: list[tuple[int, int]] = []
        self._first_ends: list[list[int]] = []
        """Where the first few MP3 frames of each reel end, and at last the trailing ones."""

    def add(self, reel: bytes) -> None:
        starts, trailing_frames = find_frames(reel, self._form), self._form.trailing_frames
        frames = len(starts) - 1 - trailing_frames
        if frames < 1:
            raise AudioError(f"A reel of MP3 frames holds no sound; {REMEDY}.")
        if not self._frames:
            self._header, self._encoder = reel[:4], find_encoder(reel)
        self._first_ends.append([self._at + end for end in starts[1 : 1 + min(frames, trailing_frames)]])
        start = self._at
        self._write(memoryview(reel)[: starts[frames]])
        self._places.append((start, self._at))
        self._trailing = reel[starts[frames] :]
        self._frames += frames

    def _write(self, music: memoryview) -> None:
        self._crc = crc16(music, self._crc)
        self._at += self._file.write(music)

    def end(self, length: int) -> JoinedStream:
        if not self._places:
            raise AudioError("There is no sound to encode.")
        self._first_ends.append([self._at + end for end in find_frames(self._trailing, self._form)[1:]])
        self._write(memoryview(self._trailing))
        told = self._tell(length)
        self._file.seek(self._start)
        self._file.write(info_frame(told, self._form))
        self._file.seek(self._start + self._at)
        return JoinedStream(self._at, tuple(self._place(number) for number in range(len(self._places))))

    def _tell(self, length: int) -> Music:
        frame_length = self._form.frame_length
        if -(-length // frame_length) != self._frames:
            raise AudioError(f"The reels of a programme of {length} samples do not add up to it; {REMEDY}.")
        frames = self._frames + self._form.trailing_frames
        return Music(
            header=self._header,
            frames=frames,
            total_bytes=self._at,
            crc=self._crc,
            padding=frames * frame_length - ENCODER_DELAY - length,
            encoder=self._encoder,
            quality=QUALITY,
        )

    def _place(self, number: int) -> ReelPlace:
        # A reel of a single MP3 frame may have to be followed by two, those of two others.
        following = list(chain(*self._first_ends[number + 1 : number + 3]))
        return ReelPlace(*self._places[number], following[self._form.trailing_frames - 1])
