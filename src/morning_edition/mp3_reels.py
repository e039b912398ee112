"""A reel's sound as MP3 frames at a constant bit rate, and back; LAME encodes, FFmpeg decodes, in here.

A reel is a stretch of a programme between two rests. Encoded by itself it needs no data from before it: its
first frame's `main_data_begin` is 0 (ISO 11172-3, 2.4.2.7). An encoder whose reservoir is empty fills it
within the silence that a reel begins with.
"""

from collections.abc import Callable

import av
import lameenc
import numpy as np
import numpy.typing as npt

from morning_edition.errors import AudioError
from morning_edition.mp3_frames import CODEC_DELAY, Mp3Format, find_frames

QUALITY = 5
"""LAME's effort, 0 (most) to 9. Measured on 235 s of mono at 96 kbit/s: 2 takes 2.8 s, 3 and 4 take 1.2 s,
5 takes 1.1 s, 7 takes 0.6 s. The share of half-Bark bands whose noise stands above a simple masking
threshold, for two synthetic voices and a voice over music: 0.5, 1.8, 5.6 % at 2; 0.1, 1.8, 5.8 % at 3;
0.1, 0.9, 5.8 % at 4 and 5; 0.5, 1.5, 7.1 % at 7."""

BLOCK_SECONDS = 5
"""Handed to the encoder at a time; it lets go of the interpreter while it works on them."""

ENCODER_GAINS = {192: 0.97, 224: 0.98, 256: 1.0, 320: 1.0}
LOW_BITRATE_GAIN = 0.95
"""LAME turns the sound down by this much before it encodes it, by the bit rate, to keep its own overshoots
from clipping; a master has that room already. Measured with a tone at every rate, mono and stereo."""

Cut = Callable[[int, int], npt.NDArray[np.float32]]
"""From one sample up to another: those samples of a sound, full scale at ±1.0."""


def encode_reel(cut: Cut, length: int, form: Mp3Format) -> bytes:
    """Return a reel as MP3 frames, which need none from before it, and the few more that end its sound.

    *cut* gives its samples, (frames,) or (frames, channels), from one up to another; each channel has
    *length* of them. The same samples give the same bytes. Raises `AudioError` when there are none.
    """
    if not length:
        raise AudioError("There is no sound to encode.")
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_in_sample_rate(form.sample_rate_hz)
    # Left to itself, LAME brings low bit rates down to lower sample rates.
    encoder.set_out_sample_rate(form.sample_rate_hz)
    encoder.set_channels(form.channels)
    encoder.set_bit_rate(form.bitrate_kbps)
    encoder.set_quality(QUALITY)
    gain = np.float32(32768 / ENCODER_GAINS.get(form.bitrate_kbps, LOW_BITRATE_GAIN))
    encoded = []
    block_length = BLOCK_SECONDS * form.sample_rate_hz
    for start in range(0, length, block_length):
        block = cut(start, min(start + block_length, length)) * gain
        np.rint(block, out=block).clip(-32768, 32767, out=block)
        encoded.append(encoder.encode(block.astype("<i2").tobytes()))
    music = b"".join([*encoded, encoder.flush()])
    _check(music, length, form)
    return music


def _check(music: bytes, length: int, form: Mp3Format) -> None:
    """Raise `AudioError` unless these are as many MP3 frames as the sound and what ends it must give."""
    try:
        frames = len(find_frames(music, form)) - 1
    except AudioError:
        frames = 0
    if frames != -(-length // form.frame_length) + form.trailing_frames:
        raise AudioError("The MP3 encoder gave a broken stream; install another version of lameenc.")


def decode_reel(music: bytes, length: int, form: Mp3Format) -> npt.NDArray[np.float32]:
    """Return the sound of a reel from its MP3 frames and those after it, up to `ReelPlace.end_heard`.

    The result is (frames, channels), *length* of them: those that a decoder of the whole stream gives there.
    Raises `AudioError` when the frames are damaged or hold less.
    """
    decoder = av.Codec("mp3float", "r").create("audio")
    try:
        frames = decoder.decode(av.Packet(music))
    except av.FFmpegError as error:
        raise AudioError("The MP3 frames of a reel are damaged; write the MP3 again.") from error
    sound = np.empty((len(frames) * form.frame_length, form.channels), np.float32)
    if any((frame.samples, len(frame.planes)) != (form.frame_length, form.channels) for frame in frames):
        raise AudioError(
            "The MP3 frames of a reel are of another kind than they should be; write the MP3 again."
        )
    # A third faster than an array for each.
    for frame, block in zip(frames, sound.reshape(-1, form.frame_length, form.channels), strict=True):
        for channel, plane in enumerate(frame.planes):
            block[:, channel] = np.frombuffer(memoryview(plane), np.float32, form.frame_length)
    if len(sound) < CODEC_DELAY + length:
        raise AudioError("The MP3 frames of a reel hold less sound than they should; write the MP3 again.")
    return sound[CODEC_DELAY : CODEC_DELAY + length]
