"""What a speech server sent, as speech: any kind of sound file in, one channel of 16 bits out."""

import io
import wave
from typing import TYPE_CHECKING

from morning_edition.errors import AudioError, VoiceBusyError, VoiceError
from morning_edition.voices import Speech
from morning_edition.voices.network.complaints import name_content

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LOWEST_RATE_HZ, HIGHEST_RATE_HZ = 8_000, 96_000
"""Below a telephone's and above a studio's, a rate is a mistake."""


def read_sound(content: bytes, *, engine: str, title: str, paid: bool = True) -> Speech:
    """Return the sound in *content*, a WAV (streamed or not), MP3, FLAC, Ogg or AAC, at its own rate.

    *paid* tells whether the service charges for its answers. Raises `VoiceBusyError` when it is something
    else, or broken, and `VoiceError` for an absurd rate.
    """
    from morning_edition.decode import decode_sound

    if plain := read_plain_wav(content):
        return plain
    try:
        sound = decode_sound(content, name="it")
    except AudioError as error:
        raise VoiceBusyError(f"{engine}: {title} {_complaint(content, error)}", paid=paid) from error
    if not LOWEST_RATE_HZ <= sound.sample_rate_hz <= HIGHEST_RATE_HZ:
        raise VoiceError(
            f"{engine}: {title} answers with {sound.sample_rate_hz} samples a second, which no speech has; "
            f"choose another voice, or a rate from {LOWEST_RATE_HZ} to {HIGHEST_RATE_HZ}"
        )
    return Speech(_narrow(sound.samples), sound.sample_rate_hz)


def read_plain_wav(content: bytes) -> Speech | None:
    """Return the sound of the plainest WAV: one channel of 16 bits, as long as it says; None for any other.

    It takes a hundredth of what decoding takes, for which the next line would wait.
    """
    if content[:4] != b"RIFF":
        return None
    try:
        with wave.open(io.BytesIO(content)) as file:
            if (file.getnchannels(), file.getsampwidth()) != (1, 2):
                return None
            pcm, rate_hz = file.readframes(file.getnframes()), file.getframerate()
            whole = len(pcm) == 2 * file.getnframes()
    except (wave.Error, EOFError):
        return None
    if not (pcm and whole and LOWEST_RATE_HZ <= rate_hz <= HIGHEST_RATE_HZ):
        return None
    return Speech(pcm, rate_hz)


def read_pcm(content: bytes, sample_rate_hz: int) -> Speech:
    """Return bare samples as speech: signed, little-endian, 16 bits; half a sample at the end is left out."""
    return Speech(content[: len(content) // 2 * 2], sample_rate_hz)


def _narrow(samples: "NDArray[np.float32]") -> bytes:
    """Return samples of any number of channels, full scale 1.0, as one channel of 16 bits."""
    mono = samples[:, 0] if samples.shape[1] == 1 else samples.mean(axis=1)
    scaled: NDArray[np.float32] = (mono * 32768).round().clip(-32768, 32767)
    return scaled.astype("<i2").tobytes()


def _complaint(content: bytes, error: AudioError) -> str:
    named = name_content(content)
    if named:
        return f"answers with {named}"
    return f"answers with sound that is broken ({str(error).partition(';')[0].removeprefix('it: ')})"
