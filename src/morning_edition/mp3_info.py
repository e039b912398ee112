"""The Info frame that opens an MP3 of constant bit rate, and its checksum.

It is laid out as the "Mp3 Info Tag rev 1 specifications" have it
(http://gabriel.mp3-tech.org/mp3infotag.html). From it players know the length without reading on, and which
silence to cut off, so that exactly the samples that went in are heard.
"""

import functools
import re
import struct
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from morning_edition.mp3_frames import ENCODER_DELAY, Mp3Format

FRAMES, BYTES, CONTENTS, QUALITY = 1, 2, 4, 8
"""Which fields there are."""

BLOCK_BYTES = 1 << 16
"""Taken at a time for the checksum: 2.4 ms a megabyte, half of what it takes at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Music:
    """What an Info frame tells about the MP3 frames after it."""

    header: bytes
    """The four bytes that the first one begins with."""
    frames: int
    total_bytes: int
    """Those of the Info frame among them."""
    crc: int
    padding: int
    """Samples at the end that are not to be heard."""
    encoder: bytes
    quality: int
    """LAME's effort, 0 (most) to 9."""


def info_frame(music: Music, form: Mp3Format) -> bytes:
    """Return a frame of the stream's own form that sounds silent and tells about the others."""
    # The first frame's header, less its padding bit and what it says of how its two channels are joined.
    header = bytes((*music.header[:2], music.header[2] & ~0x02, music.header[3] & ~0x30))
    start = header + bytes(form.side_bytes)
    # At the lowest bit rates the table of contents finds no room, and LAME leaves out the whole frame; yet
    # at a constant bit rate the table says nothing that the length does not.
    contents = bytes(percent * 256 // 100 for percent in range(100))
    fixed = len(start) + 16 + 4 + 36
    if fixed + len(contents) > form.frame_bytes:
        contents = b""
    flags = FRAMES | BYTES | QUALITY | (CONTENTS if contents else 0)
    info = struct.pack(">4sIII", b"Info", flags, music.frames, music.total_bytes) + contents
    info += struct.pack(">I", 60 - music.quality)  # as LAME counts it where the bit rate is constant
    info += _lame_extension(music, form)
    told = start + info
    return (told + struct.pack(">H", crc16(told))).ljust(form.frame_bytes, b"\0")


def _lame_extension(music: Music, form: Mp3Format) -> bytes:
    sample_rate = {44_100: 1, 48_000: 2}.get(form.sample_rate_hz, 0)
    stereo_mode = {0: 1, 1: 3, 2: 2, 3: 0}[music.header[3] >> 6]
    return struct.pack(
        ">9sBBIHHBB3sBBHIH",
        music.encoder,
        0x01,  # revision 0, constant bit rate
        0,  # lowpass: lameenc does not tell
        0,  # peak: not measured
        0,  # replay gains: the master's loudness is what it is meant to be
        0,
        0x14,  # nspsytune and the fourth hearing threshold, as LAME uses them here
        min(form.bitrate_kbps, 255),
        (ENCODER_DELAY << 12 | music.padding).to_bytes(3, "big"),
        sample_rate << 6 | stereo_mode << 2 | 2,  # noise shaping of the second kind
        0,  # no gain applied
        form.bitrate_kbps,
        music.total_bytes,
        music.crc,
    )


def find_encoder(music: bytes) -> bytes:
    """Return the encoder's name and version, as LAME signs what room a frame leaves."""
    # What follows the version may look like one more digit.
    return min(re.findall(rb"LAME\d\.\d+", music), key=len, default=b"LAME4.0")[:9]


def crc16(message: bytes | memoryview, crc: int = 0) -> int:
    """Return the CRC-16 that the Info frame uses: polynomial 0x8005, reflected, from 0 (CRC-16/ARC).

    *crc* is that of what came before, where a message comes piece by piece.
    """
    for at in range(0, len(message), BLOCK_BYTES):
        crc = _go_on(crc, message[at : at + BLOCK_BYTES])
    return crc


def _go_on(crc: int, block: bytes | memoryview) -> int:
    """Go on from *crc* through a block, halving the number of its pieces until one is left.

    Zeros in front of a message change nothing where the CRC starts at 0, and the CRC of two pieces is that
    of the second combined with that of the first, moved on by the second's length.
    """
    if len(block) % 2:
        crc = int(_moved_on(0)[crc ^ block[0]])
        block = block[1:]
    pieces = np.frombuffer(block, "<u2").copy()
    if not len(pieces):
        return crc
    pieces[0] ^= crc
    pieces, level = _moved_on(1)[pieces], 1
    while len(pieces) > 1:
        if len(pieces) % 2:
            pieces = np.concatenate((pieces[:1] * 0, pieces))
        pieces = _moved_on(level)[pieces[0::2]] ^ pieces[1::2]
        level += 1
    return int(pieces[0])


@functools.cache
def _moved_on(level: int) -> npt.NDArray[np.uint16]:
    """Return what becomes of each state of the CRC under 2 ** *level* bytes of zeros."""
    if level:
        half = _moved_on(level - 1)
        return half[half]
    states: npt.NDArray[np.uint16] = np.arange(1 << 16, dtype=np.uint16)
    for _ in range(8):
        states = (states >> np.uint16(1)) ^ (states & np.uint16(1)) * np.uint16(0xA001)
    return states
