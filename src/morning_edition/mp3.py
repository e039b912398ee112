"""A whole sound as an MP3 of one reel."""

import io

import numpy as np
import numpy.typing as npt

from morning_edition.errors import AudioError
from morning_edition.mp3_frames import Mp3Format
from morning_edition.mp3_joining import join_reels
from morning_edition.mp3_reels import encode_reel


def encode_mp3(samples: npt.NDArray[np.int16], *, sample_rate_hz: int, bitrate_kbps: int) -> bytes:
    """Return *samples*, (frames,) for mono or (frames, 2) for stereo, as an MP3 stream without tags.

    The same samples give the same bytes, and decoders give back as many as there were, as loud as they were
    up to 0.45 dB under full scale. Raises `AudioError` when there are none, or when no MP3 has such rates.
    """
    if samples.dtype != np.int16 or samples.shape[1:] not in {(), (1,), (2,)}:
        raise AudioError("Only mono and stereo sound of 16 bits can be encoded as MP3.")
    channels = samples[:1].size or 1
    form = Mp3Format(sample_rate_hz=sample_rate_hz, channels=channels, bitrate_kbps=bitrate_kbps)
    reel = encode_reel(
        lambda first, last: samples[first:last].astype(np.float32) / np.float32(32768), len(samples), form
    )
    file = io.BytesIO()
    join_reels([reel], file, len(samples), form)
    return file.getvalue()
