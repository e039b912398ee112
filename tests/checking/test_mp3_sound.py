"""MP3s as a strict player takes them: each frame is looked at, and what is heard is measured."""

import os
from pathlib import Path

import numpy as np
import pytest

from morning_edition.checking.mp3_sound import measure_mp3, read_frames
from morning_edition.errors import AudioError
from morning_edition.mp3 import encode_mp3

RATE = 44_100


def tone(seconds: float, *, bitrate_kbps: int = 256, rate: int = RATE, channels: int = 1) -> bytes:
    """A tone that swells and fades: no encoder overshoots on it."""
    frames = round(seconds * rate)
    wave = np.sin(np.arange(frames) * 0.1) * np.hanning(frames) * 8000
    samples = np.repeat(wave[:, None], channels, axis=1).astype(np.int16)
    return encode_mp3(samples, sample_rate_hz=rate, bitrate_kbps=bitrate_kbps)


@pytest.mark.parametrize(
    ("rate", "bitrate_kbps"), [(44_100, 256), (48_000, 96), (32_000, 320), (24_000, 160)]
)
@pytest.mark.parametrize("channels", [1, 2])
def test_an_mp3_is_measured_as_it_is(rate: int, bitrate_kbps: int, channels: int, tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(tone(2, bitrate_kbps=bitrate_kbps, rate=rate, channels=channels))
    sound = measure_mp3(path)
    assert sound.duration_ms == 2000
    assert (sound.frames.bitrates_kbps, sound.frames.channels) == ((bitrate_kbps,), (channels,))
    assert sound.true_peak_dbtp == pytest.approx(20 * np.log10(8000 / 32768), abs=0.3)
    assert sound.frames.duration_s == pytest.approx(2.1, abs=0.1)


def test_tags_at_both_ends_are_no_sound() -> None:
    music = tone(1)
    tag = b"ID3\3\0\0" + bytes([0, 0, 2, 3]) + bytes(2 * 128 + 3)
    assert read_frames(tag + music + b"TAG" + bytes(125)) == read_frames(music)


def test_frames_of_another_bit_rate_are_found() -> None:
    """The most frequent comes first."""
    frames = read_frames(tone(2) + tone(1, bitrate_kbps=96))
    assert frames.bitrates_kbps == (256, 96)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "holds no MP3 frame"),
        (b"<html>not found</html>", "no MP3 frame where one should begin, 0 bytes in"),
        (b"ID3\3\0\0\x7f\x7f\x7f\x7f", "holds no MP3 frame"),
        (b"ID3", "no MP3 frame"),
        (tone(1)[:-10], "is cut short"),
        (tone(1) + b"junk!", "no MP3 frame where one should begin"),
        (b"\xff\xfb\xf0\x00" * 9, "no bit rate or sample rate"),
        (b"\xff\xfb\x0c\x00" * 9, "no bit rate or sample rate"),
        (b"\xff\xeb\x90\x00" * 9, "no bit rate or sample rate"),
    ],
)
def test_what_is_no_mp3_is_said_to_be_none(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(content)
    with pytest.raises(AudioError, match=said):
        measure_mp3(path)


def test_one_that_is_too_long_is_not_decoded(tmp_path: Path) -> None:
    """How long it is says enough."""
    path = tmp_path / "a.mp3"
    path.write_bytes(tone(20) * 31)
    sound = measure_mp3(path)
    assert sound.duration_ms == pytest.approx(620_000, abs=5_000)
    assert np.isnan(sound.loudness_lufs)


def test_a_pipe_or_a_folder_is_no_file(tmp_path: Path) -> None:
    """Nobody waits for what will never come."""
    os.mkfifo(tmp_path / "pipe.mp3")
    (tmp_path / "folder.mp3").mkdir()
    for name in ("pipe.mp3", "folder.mp3", "absent.mp3"):
        with pytest.raises(AudioError, match="is not there"):
            measure_mp3(tmp_path / name)


def test_a_file_of_any_size_is_not_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    with path.open("wb") as file:
        file.truncate(10**11)
    with pytest.raises(AudioError, match="more than 48 MB"):
        measure_mp3(path)
