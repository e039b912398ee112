"""What is made of the sound that a speech server sends."""

import io
import struct

import av
import numpy as np
import pytest

from morning_edition.errors import VoiceBusyError, VoiceError
from morning_edition.voices import Speech
from morning_edition.voices.sound import read_pcm, read_plain_wav, read_sound
from morning_edition.voices.wav import wrap_wav


def tone(duration_ms: int, rate_hz: int) -> bytes:
    frames = rate_hz * duration_ms // 1000
    return (np.sin(np.arange(frames) * 2 * np.pi * 300 / rate_hz) * 8_000).astype("<i2").tobytes()


def wav(duration_ms: int = 500, rate_hz: int = 24_000) -> bytes:
    return wrap_wav(Speech(tone(duration_ms, rate_hz), rate_hz))


def encoded(form: str, codec: str, rate_hz: int = 24_000, duration_ms: int = 500) -> bytes:
    """Return the tone in another format."""
    file = io.BytesIO()
    with av.open(file, "w", format=form) as container:
        stream = container.add_stream(codec, rate=rate_hz)
        stream.layout = "mono"
        samples = np.frombuffer(tone(duration_ms, rate_hz), "<i2")[None, :]
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="s16", layout="mono")
        frame.sample_rate = rate_hz
        resampler = av.AudioResampler(
            format=stream.format, layout="mono", rate=rate_hz, frame_size=stream.frame_size
        )
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    return file.getvalue()


def read(content: bytes) -> Speech:
    return read_sound(content, engine="test", title="Test Speech")


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 22_050, 24_000, 44_100, 48_000])
def test_a_wav_comes_out_as_it_went_in(rate_hz: int) -> None:
    """At its own rate, to the sample."""
    assert read(wav(500, rate_hz)) == Speech(tone(500, rate_hz), rate_hz)


@pytest.mark.parametrize(
    ("riff", "data"),
    [
        (0xFFFFFFFF, 0xFFFFFFFF),
        (0xFFFFFFFF, 0xFFFFFFFF - 36),
        (0x7FFFFFFF, 0x7FFFFFFF - 36),
        (0, 0),
        (36, 0),
        (0xFFFFFFFF, 0),
    ],
)
def test_a_wav_that_was_streamed_is_read_to_its_end(riff: int, data: int) -> None:
    """Servers begin to send before they know the length, and write what they please in its place."""
    content = bytearray(wav())
    content[4:8] = struct.pack("<I", riff)
    content[40:44] = struct.pack("<I", data)
    assert read(bytes(content)).pcm == tone(500, 24_000)


@pytest.mark.parametrize(
    ("form", "codec", "rate_hz"),
    [
        ("mp3", "libmp3lame", 24_000),
        ("flac", "flac", 22_050),
        ("ogg", "libopus", 48_000),
        ("adts", "aac", 44_100),
    ],
)
def test_other_formats_are_read_too(form: str, codec: str, rate_hz: int) -> None:
    """Some servers answer in MP3 whatever they were asked for."""
    speech = read(encoded(form, codec, rate_hz))
    assert speech.sample_rate_hz == rate_hz
    assert speech.duration_ms == pytest.approx(500, abs=60)
    assert np.abs(np.frombuffer(speech.pcm, "<i2")).max() == pytest.approx(8_000, rel=0.1)


def test_two_channels_become_one() -> None:
    left = np.frombuffer(tone(200, 24_000), "<i2")
    both = np.stack([left, left // 2], axis=1)
    header = bytearray(wav(200)[:44])
    header[4:8] = struct.pack("<I", 36 + both.nbytes)
    header[22:24] = struct.pack("<H", 2)
    header[28:34] = struct.pack("<IH", 96_000, 4)
    header[40:44] = struct.pack("<I", both.nbytes)
    speech = read(bytes(header) + both.tobytes())
    assert speech.duration_ms == 200
    assert np.abs(np.frombuffer(speech.pcm, "<i2") - left * 0.75).max() <= 1.5


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "answers with nothing"),
        (b"  \n", "answers with nothing"),
        (
            b"<!doctype html><title>Sign in</title>",
            "answers with a web page, perhaps this network wants a sign-in",
        ),
        (b'\xef\xbb\xbf <html lang="en">', "answers with a web page"),
        (b'{"error": "busy"}', "answers with JSON"),
        (b"Service unavailable", "answers with text"),
        (b"\xff\xfb\x90\x64" + bytes(range(256)), "answers with sound that is broken"),
        (wav()[:44], "answers with sound that is broken"),
        (wav()[: len(wav()) // 2], "answers with sound that is broken .damaged or cut short"),
        (encoded("flac", "flac")[:800], "answers with sound that is broken"),
    ],
)
def test_what_is_no_sound_may_be_some_the_next_time(content: bytes, message: str) -> None:
    """A broken take is never kept, and what came instead is named."""
    with pytest.raises(VoiceBusyError, match=f"^test: Test Speech {message}") as caught:
        read(content)
    assert caught.value.paid


def test_what_a_service_gives_away_is_not_paid() -> None:
    with pytest.raises(VoiceBusyError) as caught:
        read_sound(b"", engine="test", title="Test Speech", paid=False)
    assert not caught.value.paid


@pytest.mark.parametrize("rate_hz", [50, 4_000, 192_000])
def test_a_rate_that_no_speech_has_is_refused(rate_hz: int) -> None:
    with pytest.raises(VoiceError, match=f"{rate_hz} samples a second") as caught:
        read(wav(500, rate_hz))
    assert not isinstance(caught.value, VoiceBusyError)


def test_the_loudest_sample_stays_what_it_is() -> None:
    """Nothing wraps around at full scale."""
    pcm = struct.pack("<6h", 32767, -32768, 0, 1, -1, 32767) * 1000
    assert read(wrap_wav(Speech(pcm, 24_000))).pcm == pcm


def test_bare_samples_are_taken_as_they_are() -> None:
    assert read_pcm(b"\x01\x00\x02\x00\x03", 22_050) == Speech(b"\x01\x00\x02\x00", 22_050)


def test_a_plain_wav_is_taken_as_it_is() -> None:
    """Sample for sample; whatever is not quite that goes the long way round."""
    speech = Speech(bytes(range(256)) * 300, 24_000)
    whole = wrap_wav(speech)

    assert read_plain_wav(whole) == speech
    assert read_sound(whole, engine="x", title="X") == speech
    for other in (whole[:-1], whole[:60], b"", b"RIFF", whole.replace(b"WAVE", b"WAVX"), whole[:44]):
        assert read_plain_wav(other) is None
