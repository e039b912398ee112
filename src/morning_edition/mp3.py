"""MP3 at a constant bit rate: samples in, one whole MPEG-1 Layer III stream out.

LAME encodes, in this process. The stream opens with an Info frame, laid out as the "Mp3 Info Tag rev 1
specifications" have it (http://gabriel.mp3-tech.org/mp3infotag.html), from which players know the length
without reading on and which silence to cut off, so that exactly the samples that went in are heard.
"""

import functools
import re
import struct

import lameenc
import numpy as np
import numpy.typing as npt

from morning_edition.errors import AudioError
from morning_edition.splices import FRAME_SAMPLES, Cut, encode_side_by_side
from morning_edition.station.settings import MPEG1_BITRATES_KBPS

MPEG1_RATES_HZ = (32_000, 44_100, 48_000)

QUALITY = 5
"""LAME's effort, 0 (most) to 9. Measured on 235 s of mono at 96 kbit/s: 2 takes 2.8 s, 3 and 4 take 1.2 s,
5 takes 1.1 s, 7 takes 0.6 s. The share of half-Bark bands whose noise stands above a simple masking
threshold, for two synthetic voices and a voice over music: 0.5, 1.8, 5.6 % at 2; 0.1, 1.8, 5.8 % at 3;
0.1, 0.9, 5.8 % at 4 and 5; 0.5, 1.5, 7.1 % at 7."""

BLOCK_SECONDS = 5
"""Handed to the encoder at a time; it lets go of the interpreter while it works on them."""

ENCODER_DELAY = 576
"""Silence that LAME puts before the first sample; decoders add 529 of their own and know it. Measured by
cross-correlation: the sound of a stream without Info frame is 1105 samples late at every rate."""

ENCODER_GAINS = {192: 0.97, 224: 0.98, 256: 1.0, 320: 1.0}
LOW_BITRATE_GAIN = 0.95
"""LAME turns the sound down by this much before it encodes it, by the bit rate, to keep its own overshoots
from clipping; a master has that room already. Measured with a tone at every rate, mono and stereo."""

INFO_FRAMES, INFO_BYTES, INFO_CONTENTS, INFO_QUALITY = 1, 2, 4, 8


def encode_mp3(samples: npt.NDArray[np.int16], *, sample_rate_hz: int, bitrate_kbps: int) -> bytes:
    """Return *samples*, (frames,) for mono or (frames, 2) for stereo, as an MP3 stream without tags.

    The same samples give the same bytes, and decoders give back as many as there were, as loud as they were
    up to 0.45 dB under full scale. Raises `AudioError` when there are none, or when MPEG-1 has no such rate.
    """
    if samples.dtype != np.int16 or samples.shape[1:] not in {(), (1,), (2,)}:
        raise AudioError("Only mono and stereo sound of 16 bits can be encoded as MP3.")
    return encode_cuts(
        lambda first, last: samples[first:last].astype(np.float32) / np.float32(32768),
        len(samples) if samples.size else 0,
        sample_rate_hz=sample_rate_hz,
        bitrate_kbps=bitrate_kbps,
    )


def encode_cuts(cut: Cut, length: int, *, sample_rate_hz: int, bitrate_kbps: int) -> bytes:
    """Do what `encode_mp3` does with sound that need not be in memory at once.

    *cut* gives its samples from one up to another, full scale at ±1.0; each channel has *length* of them.
    """
    _check(length, sample_rate_hz, bitrate_kbps)
    frame_bytes = 144_000 * bitrate_kbps // sample_rate_hz
    encode = functools.partial(_encode, cut, sample_rate_hz, bitrate_kbps)
    music = encode_side_by_side(cut, length, encode, frame_bytes)
    frames = _count_frames(music, frame_bytes)
    padding = frames * FRAME_SAMPLES - ENCODER_DELAY - length
    return _info_frame(music, frame_bytes, frames, padding, bitrate_kbps) + music


def _check(length: int, sample_rate_hz: int, bitrate_kbps: int) -> None:
    if not length:
        raise AudioError("There is no sound to encode.")
    if sample_rate_hz not in MPEG1_RATES_HZ:
        raise AudioError(f"An MP3 has {_choices(MPEG1_RATES_HZ)} samples a second, not {sample_rate_hz}.")
    if bitrate_kbps not in MPEG1_BITRATES_KBPS:
        raise AudioError(f"An MP3 has {_choices(MPEG1_BITRATES_KBPS)} kbit/s, not {bitrate_kbps}.")


def _choices(values: tuple[int, ...]) -> str:
    return f"{', '.join(map(str, values[:-1]))} or {values[-1]}"


def _encode(cut: Cut, sample_rate_hz: int, bitrate_kbps: int, first: int, last: int) -> bytes:
    """Encode a sound from one sample up to another, block by block."""
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_in_sample_rate(sample_rate_hz)
    # Left to itself, LAME brings low bit rates down to the sample rates of MPEG-2.
    encoder.set_out_sample_rate(sample_rate_hz)
    encoder.set_channels(1 if cut(0, 1).ndim == 1 else cut(0, 1).shape[1])
    encoder.set_bit_rate(bitrate_kbps)
    encoder.set_quality(QUALITY)
    gain = np.float32(32768 / ENCODER_GAINS.get(bitrate_kbps, LOW_BITRATE_GAIN))
    encoded = []
    for start in range(first, last, BLOCK_SECONDS * sample_rate_hz):
        block = cut(start, min(start + BLOCK_SECONDS * sample_rate_hz, last)) * gain
        encoded.append(encoder.encode(block.round().clip(-32768, 32767).astype("<i2").tobytes()))
    return b"".join([*encoded, encoder.flush()])


def _count_frames(music: bytes, frame_bytes: int) -> int:
    """Walk from frame to frame: each must have the first one's rates and end where the next begins."""
    at = frames = 0
    while at < len(music):
        if music[at : at + 2] != b"\xff\xfb" or music[at + 2] >> 2 != music[2] >> 2:
            break
        at += frame_bytes + (music[at + 2] >> 1 & 1)
        frames += 1
    if at != len(music):
        raise AudioError("The MP3 encoder gave a broken stream; install another version of lameenc.")
    return frames


def _info_frame(music: bytes, frame_bytes: int, frames: int, padding: int, bitrate_kbps: int) -> bytes:
    """Return a frame of the stream's own kind that sounds silent and tells about the others."""
    # The first frame's header, less its padding bit and what it says of how its two channels are joined.
    header = bytes((*music[:2], music[2] & ~0x02, music[3] & ~0x30))
    mono = header[3] >> 6 == 3
    start = header + bytes(17 if mono else 32)
    total_bytes = frame_bytes + len(music)
    # At the lowest bit rates the table of contents finds no room, and LAME leaves out the whole frame; yet
    # at a constant bit rate the table says nothing that the length does not.
    contents = bytes(percent * 256 // 100 for percent in range(100))
    fixed = len(start) + 16 + 4 + 36
    if fixed + len(contents) > frame_bytes:
        contents = b""
    flags = INFO_FRAMES | INFO_BYTES | INFO_QUALITY | (INFO_CONTENTS if contents else 0)
    info = struct.pack(">4sIII", b"Info", flags, frames, total_bytes) + contents
    info += struct.pack(">I", 60 - QUALITY)  # as LAME counts it where the bit rate is constant
    info += _lame_extension(header, music, total_bytes, padding, bitrate_kbps)
    told = start + info
    return (told + struct.pack(">H", crc16(told))).ljust(frame_bytes, b"\0")


def _lame_extension(header: bytes, music: bytes, total_bytes: int, padding: int, bitrate_kbps: int) -> bytes:
    sample_rate = {1: 2, 0: 1, 2: 0}[header[2] >> 2 & 3]
    stereo_mode = {0: 1, 1: 3, 2: 2, 3: 0}[header[3] >> 6]
    return struct.pack(
        ">9sBBIHHBB3sBBHIH",
        _encoder_name(music),
        0x01,  # revision 0, constant bit rate
        0,  # lowpass: lameenc does not tell
        0,  # peak: not measured
        0,  # replay gains: the master's loudness is what it is meant to be
        0,
        0x14,  # nspsytune and the fourth hearing threshold, as LAME uses them here
        min(bitrate_kbps, 255),
        (ENCODER_DELAY << 12 | padding).to_bytes(3, "big"),
        sample_rate << 6 | stereo_mode << 2 | 2,  # noise shaping of the second kind
        0,  # no gain applied
        bitrate_kbps,
        total_bytes,
        crc16(music),
    )


def _encoder_name(music: bytes) -> bytes:
    # LAME signs what room a frame leaves, and what follows may look like one more digit.
    return min(re.findall(rb"LAME\d\.\d+", music), key=len, default=b"LAME4.0")[:9]


def crc16(message: bytes) -> int:
    """Return the CRC-16 that the Info frame uses: polynomial 0x8005, reflected, from 0 (CRC-16/ARC).

    As it starts at 0, zeros in front change nothing, and the CRC of two pieces is that of the second
    combined with that of the first, moved on by the second's length: so pieces are joined two by two.
    """
    move_on: npt.NDArray[np.uint16] = np.arange(1 << 16, dtype=np.uint16)
    for _ in range(16):
        move_on = (move_on >> np.uint16(1)) ^ (move_on & np.uint16(1)) * np.uint16(0xA001)
    words = np.frombuffer(bytes(len(message) % 2) + message, "<u2")
    pieces = move_on[words]
    while len(pieces) > 1:
        if len(pieces) % 2:
            pieces = np.concatenate((pieces[:1] * 0, pieces))
        pieces = move_on[pieces[0::2]] ^ pieces[1::2]
        move_on = move_on[move_on]
    return int(pieces[0]) if len(pieces) else 0
