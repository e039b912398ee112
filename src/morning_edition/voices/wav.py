"""Speech as a WAV file, which every player plays."""

import io
import wave

from morning_edition.voices import Speech


def wrap_wav(speech: Speech) -> bytes:
    """Return *speech* as a WAV file of 16 bits and one channel."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(speech.sample_rate_hz)
        sound.writeframes(speech.pcm)
    return file.getvalue()
