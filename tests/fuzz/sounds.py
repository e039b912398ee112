"""A short sound in each form that a jingle may have."""

import functools
import io
import wave
from typing import Any


@functools.cache
def sounds() -> tuple[bytes, ...]:
    """Return a short sound in each form that a jingle may have."""
    import numpy as np

    frames = (np.sin(np.arange(600) / 5) * 8000).astype("<i2")
    made = io.BytesIO()
    with wave.open(made, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(24_000)
        writer.writeframes(frames.tobytes())
    return (made.getvalue(), *(_encode(form, frames) for form in ("flac", "mp3", "ogg", "mp4", "aiff")))


def _encode(form: str, frames: Any) -> bytes:
    import av

    codecs = {"flac": "flac", "mp3": "libmp3lame", "ogg": "libopus", "mp4": "aac", "aiff": "pcm_s16be"}
    made = io.BytesIO()
    with av.open(made, "w", format=form) as container:
        stream = container.add_stream(codecs[form], rate=24_000, layout="mono")
        frame = av.AudioFrame.from_ndarray(frames[None, :], format="s16", layout="mono")
        frame.sample_rate = 24_000
        resampler = av.AudioResampler(
            format=stream.codec_context.format or "fltp",
            layout="mono",
            rate=24_000,
            frame_size=stream.codec_context.frame_size or 0,
        )
        for piece in (*resampler.resample(frame), *resampler.resample(None)):
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    return made.getvalue()
