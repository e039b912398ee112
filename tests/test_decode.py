"""What `decode_sound` makes of real files of every kind, whole and broken."""

import io
import re
import wave
from pathlib import Path
from typing import Any

import av
import lameenc
import numpy as np
import pytest
from numpy.typing import NDArray

from morning_edition import decode
from morning_edition.decode import decode_sound
from morning_edition.errors import AudioError

RATE_HZ = 48_000
FRAMES = RATE_HZ
TONE = (np.sin(np.arange(FRAMES) * 2 * np.pi * 440 / RATE_HZ) * 12_000).astype("<i2")
TONE_LEVEL = 12_000 / 32_768

KINDS = {
    "a.wav": ("wav", "pcm_s16le"),
    "deep.wav": ("wav", "pcm_s24le"),
    "float.wav": ("wav", "pcm_f32le"),
    "double.wav": ("wav", "pcm_f64le"),
    "bytes.wav": ("wav", "pcm_u8"),
    "a.aiff": ("aiff", "pcm_s16be"),
    "a.flac": ("flac", "flac"),
    "a.mp3": ("mp3", "libmp3lame"),
    "a.ogg": ("ogg", "libopus"),
    "a.m4a": ("ipod", "aac"),
}


def encoded(kind: tuple[str, str], values: NDArray[Any] = TONE, layout: str = "mono") -> bytes:
    """Return packed 16-bit *values* as a file of the container and codec in *kind*."""
    file = io.BytesIO()
    with av.open(file, "w", format=kind[0]) as container:
        stream: Any = container.add_stream(kind[1], rate=RATE_HZ, layout=layout)
        frame = av.AudioFrame.from_ndarray(values.reshape(1, -1), format="s16", layout=layout)
        frame.sample_rate = RATE_HZ
        frame.pts = 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()


def bare_mp3() -> bytes:
    encoder = lameenc.Encoder()
    encoder.set_in_sample_rate(RATE_HZ)
    encoder.set_channels(1)
    encoder.set_bit_rate(64)
    encoder.silence()
    return bytes(encoder.encode(TONE.tobytes()) + encoder.flush())


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_file_gives_the_sound_that_was_put_in(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(encoded(KINDS[name]))
    sound = decode_sound(tmp_path / name)
    assert sound.sample_rate_hz == RATE_HZ
    assert sound.samples.dtype == np.float32
    assert sound.samples.shape[1] == 1
    steady = sound.samples[5_000:40_000, 0]
    assert np.sqrt(np.mean(steady**2)) == pytest.approx(
        TONE_LEVEL / np.sqrt(2), rel=0.06
    )  # LAME turns down by 5 %


@pytest.mark.parametrize("name", ["a.wav", "deep.wav", "float.wav", "double.wav", "a.aiff", "a.flac"])
def test_what_loses_nothing_in_the_file_loses_nothing_here(name: str) -> None:
    assert np.array_equal(decode_sound(encoded(KINDS[name])).samples[:, 0], TONE / np.float32(32_768))


@pytest.mark.parametrize("name", KINDS)
def test_the_silence_an_encoder_adds_is_left_out(name: str) -> None:
    assert len(decode_sound(encoded(KINDS[name])).samples) == FRAMES


@pytest.mark.parametrize("name", ["a.mp3", "a.m4a"])
def test_what_was_first_is_still_first(name: str) -> None:
    sound = decode_sound(encoded(KINDS[name]))
    together = np.corrcoef(sound.samples[5_000:40_000, 0], TONE[5_000:40_000])[0, 1]
    assert together > 0.99


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.mp3", "a.m4a"])
def test_channels_stay_apart(name: str) -> None:
    """Packed and planar alike."""
    both = np.stack([TONE, np.zeros_like(TONE)], axis=1)
    samples = decode_sound(encoded(KINDS[name], both, layout="stereo")).samples
    assert samples.shape[1] == 2
    assert np.abs(samples[5_000:40_000, 0]).max() > 0.3
    assert np.abs(samples[5_000:40_000, 1]).max() < 0.01


def test_an_mp3_without_an_info_header_is_read_to_its_end() -> None:
    assert 0 <= len(decode_sound(bare_mp3()).samples) - FRAMES < 4 * 1_152


def test_a_very_short_mp3_without_an_info_header_keeps_its_sound() -> None:
    assert len(decode_sound(bare_mp3()[:600]).samples) > 0


@pytest.mark.parametrize("tail", [b"TAG" + b"x" * 125, bytes(1_000), b"APETAGEX" + bytes(120)])
def test_tags_behind_the_last_frame_are_no_damage(tail: bytes) -> None:
    whole = decode_sound(bare_mp3())
    assert np.array_equal(decode_sound(bare_mp3() + tail).samples, whole.samples)


def test_a_wav_from_a_pipe_is_as_long_as_what_came() -> None:
    wav = bytearray(encoded(KINDS["a.wav"]))
    wav[4:8] = b"\xff" * 4
    start = wav.index(b"data") + 4
    wav[start : start + 4] = b"\xff" * 4
    assert len(decode_sound(bytes(wav)).samples) == FRAMES


@pytest.mark.parametrize("name", ["a.wav", "a.aiff", "a.flac", "a.mp3", "a.m4a", "a.ogg"])
@pytest.mark.parametrize("kept", [0.5, 0.1])
def test_a_file_that_was_cut_short_is_refused(name: str, kept: float, tmp_path: Path) -> None:
    content = encoded(KINDS[name])
    path = tmp_path / name
    path.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(AudioError, match=re.escape(str(path))):
        decode_sound(path)


def test_damage_in_the_middle_is_refused() -> None:
    content = bytearray(bare_mp3())
    content[4_000:4_060] = b"\xff" * 60
    with pytest.raises(AudioError, match=r"^open\.mp3: damaged; "):
        decode_sound(bytes(content), name="open.mp3")


@pytest.mark.parametrize(
    ("name", "value"),
    [("float.wav", np.float32(np.nan).tobytes()), ("double.wav", np.float64(1e300).tobytes())],
)
def test_values_that_are_not_numbers_are_refused(name: str, value: bytes) -> None:
    content = encoded(KINDS[name])[: -len(value)] + value
    with pytest.raises(AudioError, match="not numbers"):
        decode_sound(bytes(content))


def test_a_kind_of_samples_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(AudioError, match=r"^wide: not a sound that can be read; "):
        decode_sound(encoded(("wav", "pcm_s64le")), name="wide")


def test_a_title_in_a_broken_encoding_is_no_matter() -> None:
    title = b"TIT2\0\0\0\x04\0\0\x03\xff\xfe\xe9"
    tag = b"ID3\x04\0\0\0\0\0" + bytes([len(title)]) + title
    assert len(decode_sound(tag + bare_mp3()).samples) == len(decode_sound(bare_mp3()).samples)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"RIFF",
        bytes(5_000),
        b"<html><body>Please sign in</body></html>" * 40,
        "Über die Brücke.\n".encode() * 100,
        b"ID3",
        b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f",
        b"#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:1,\nfile:///tmp/a.wav\n#EXT-X-ENDLIST\n",
        b"ffconcat version 1.0\nfile /tmp/a.wav\n",
    ],
)
def test_what_is_not_sound_is_refused_by_name(content: bytes) -> None:
    with pytest.raises(AudioError, match=r"^jingle: not a sound that can be read; use WAV"):
        decode_sound(content, name="jingle")


def test_a_file_without_samples_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
    with pytest.raises(AudioError, match=r"empty\.wav: "):
        decode_sound(path)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match=re.escape(f"{tmp_path / 'no.wav'}: no such file; check the path")):
        decode_sound(tmp_path / "no.wav")
    with pytest.raises(AudioError, match=re.escape(f"{tmp_path}: cannot be read: ")):
        decode_sound(tmp_path)


@pytest.mark.parametrize("content", [encoded(KINDS["a.wav"]), bare_mp3()], ids=["told", "found out"])
def test_a_sound_that_is_too_long_is_refused(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decode, "LONGEST_S", 0.5)
    with pytest.raises(AudioError, match="longer than"):
        decode_sound(content)
