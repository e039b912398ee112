import io
import shutil
import subprocess
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutagen.mp3 import MP3, BitrateMode

from morning_edition import mp3_info, mp3_reels
from morning_edition.decode import decode_sound
from morning_edition.errors import AudioError
from morning_edition.mp3 import encode_mp3
from morning_edition.mp3_frames import Mp3Format, bitrates_kbps
from morning_edition.mp3_info import crc16
from morning_edition.mp3_joining import join_reels
from morning_edition.mp3_reels import encode_reel
from morning_edition.station.sound import RATES_HZ

Samples = npt.NDArray[np.int16]

BITRATES_KBPS = {
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
HEADER_RATES_HZ = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000)}
MPEG1, MPEG2 = 3, 2


@dataclass(frozen=True)
class Frame:
    """One frame of Layer III as its header tells it (ISO 11172-3 and 13818-3, 2.4.2.3)."""

    at: int
    size: int
    bitrate_kbps: int
    sample_rate_hz: int
    channels: int


def walk(stream: bytes) -> list[Frame]:
    """Read every frame; fail at the first byte that belongs to none."""
    frames: list[Frame] = []
    at = 0
    while at < len(stream):
        sync, version, layer, no_crc = (
            stream[at] << 3 | stream[at + 1] >> 5,
            stream[at + 1] >> 3 & 3,
            stream[at + 1] >> 1 & 3,
            stream[at + 1] & 1,
        )
        assert (sync, layer, no_crc) == (0x7FF, 1, 1), f"no frame at byte {at}"
        assert version in {MPEG1, MPEG2}
        bitrate_kbps = BITRATES_KBPS[version][stream[at + 2] >> 4]
        sample_rate_hz = HEADER_RATES_HZ[version][stream[at + 2] >> 2 & 3]
        slots = 144_000 if version == MPEG1 else 72_000
        size = slots * bitrate_kbps // sample_rate_hz + (stream[at + 2] >> 1 & 1)
        channels = 1 if stream[at + 3] >> 6 == 3 else 2
        frames.append(Frame(at, size, bitrate_kbps, sample_rate_hz, channels))
        at += size
    assert at == len(stream), "the last frame is cut short"
    return frames


@dataclass(frozen=True)
class Info:
    """The Info frame, field by field."""

    frames: int
    total_bytes: int
    contents: bytes
    quality: int
    encoder: bytes
    method: int
    delay: int
    padding: int
    music_bytes: int
    music_crc: int
    own_crc: int
    crc_at: int


def read_info(frame: bytes) -> Info:
    mono, mpeg1 = frame[3] >> 6 == 3, frame[1] >> 3 & 3 == MPEG1
    side = {(True, True): 17, (False, True): 32, (True, False): 9, (False, False): 17}[mono, mpeg1]
    assert frame[4 : 4 + side] == bytes(side), "a player that does not know the frame must hear silence"
    stream = io.BytesIO(frame[4 + side :])

    def number(width: int) -> int:
        return int.from_bytes(stream.read(width), "big")

    assert stream.read(4) == b"Info"
    flags = number(4)
    frames, total_bytes = number(4), number(4)
    contents = stream.read(100) if flags & 4 else b""
    assert flags | 4 == 15
    quality, encoder, method = number(4), stream.read(9), number(1)
    stream.seek(11, io.SEEK_CUR)
    delays = number(3)
    stream.seek(4, io.SEEK_CUR)
    music_bytes, music_crc = number(4), number(2)
    crc_at = 4 + side + stream.tell()
    own_crc = number(2)
    assert not any(stream.read()), "the rest of the frame is empty"
    return Info(
        frames, total_bytes, contents, quality, encoder, method, delays >> 12, delays & 0xFFF,
        music_bytes, music_crc, own_crc, crc_at,
    )  # fmt: skip


def crc16_bit_by_bit(message: bytes) -> int:
    state = 0
    for byte in message:
        state ^= byte
        for _ in range(8):
            state = state >> 1 ^ (0xA001 if state & 1 else 0)
    return state


def sound(frames: int, channels: int = 1, sample_rate_hz: int = 44_100) -> Samples:
    """A sweep that speaks up and falls silent, with a little noise: no two moments of it are alike."""
    time = np.arange(frames) / sample_rate_hz
    noise = np.random.default_rng(7).standard_normal(frames)
    left = 9_000 * np.sin(2 * np.pi * (200 + 900 * time) * time) * (1 + np.sin(11 * time)) / 2 + 60 * noise
    if channels == 1:
        return left.astype(np.int16)
    return np.stack((left, np.roll(left, 40) * 0.6), axis=1).astype(np.int16)


def decode(stream: bytes) -> npt.NDArray[np.float64]:
    with av.open(io.BytesIO(stream), format="mp3") as container:
        planes = [frame.to_ndarray() for frame in container.decode(audio=0)]
    return np.concatenate(planes, axis=1).T.astype(np.float64)


def check_stream(stream: bytes, samples: Samples, sample_rate_hz: int, bitrate_kbps: int) -> None:
    """All that can be said of a stream without decoding it."""
    first, *others = walk(stream)
    kinds = {(frame.bitrate_kbps, frame.sample_rate_hz, frame.channels) for frame in (first, *others)}
    assert kinds == {(bitrate_kbps, sample_rate_hz, samples.ndim)}
    info, music = read_info(stream[: first.size]), stream[first.size :]
    assert info.frames == len(others)
    assert info.total_bytes == info.music_bytes == len(stream)
    assert info.delay == 576
    frame_length = 576 if sample_rate_hz == 24_000 else 1152
    assert info.delay + len(samples) + info.padding == frame_length * len(others)
    # A decoder is 529 samples late: less padding, and it would lose the end.
    assert info.padding >= 529
    assert info.encoder.startswith(b"LAME")
    assert info.method == 1
    assert 0 < info.quality <= 100
    assert info.music_crc == crc16(music)
    assert info.own_crc == crc16_bit_by_bit(stream[: info.crc_at])
    assert list(info.contents) == sorted(info.contents)


def run_program(name: str, *arguments: object) -> subprocess.CompletedProcess[bytes]:
    program = shutil.which(name) or pytest.skip(f"{name} is not installed")
    return subprocess.run([program, *map(str, arguments)], capture_output=True, check=False, timeout=60)


def cut_in_three(samples: Samples, sample_rate_hz: int) -> list[Samples]:
    """Cut at whole MP3 frames; the last part is as long as it likes."""
    frame_length = 576 if sample_rate_hz == 24_000 else 1152
    third = len(samples) // 3 // frame_length * frame_length
    return [samples[:third], samples[third : 2 * third], samples[2 * third :]]


def joined(parts: list[Samples], sample_rate_hz: int, bitrate_kbps: int) -> bytes:
    form = Mp3Format(sample_rate_hz=sample_rate_hz, channels=parts[0].ndim, bitrate_kbps=bitrate_kbps)
    reels = (
        encode_reel(lambda first, last, part=part: part[first:last] / np.float32(32768), len(part), form)  # type: ignore[misc]
        for part in parts
    )
    file = io.BytesIO()
    join_reels(reels, file, sum(map(len, parts)), form)
    return file.getvalue()


@pytest.fixture(scope="module", params=[1, 2], ids=["mono", "stereo"])
def samples(request: pytest.FixtureRequest) -> Samples:
    return sound(100_003, request.param)


@pytest.fixture
def episode(samples: Samples, tmp_path: Path) -> Path:
    path = tmp_path / "episode.mp3"
    path.write_bytes(joined(cut_in_three(samples, 44_100), 44_100, 96))
    return path


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize(
    ("sample_rate_hz", "bitrate_kbps"),
    [(rate, kbps) for rate in (32_000, 44_100, 48_000) for kbps in (64, 128, 256)]
    + [(24_000, 48), (24_000, 160)],
)
def test_decoders_give_back_as_many_samples(sample_rate_hz: int, bitrate_kbps: int, channels: int) -> None:
    """Nothing of the silence that encoding adds is heard, nothing of the sound is lost."""
    for length in (sample_rate_hz // 20, 5_759, 5_760, 5_761, sample_rate_hz * 2 + 1):
        source = sound(length, channels, sample_rate_hz)
        stream = encode_mp3(source, sample_rate_hz=sample_rate_hz, bitrate_kbps=bitrate_kbps)
        check_stream(stream, source, sample_rate_hz, bitrate_kbps)
        assert decode(stream).shape == (length, channels)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(length=st.integers(2_205, 132_300), channels=st.sampled_from([1, 2]))
def test_any_length_comes_back_whole(length: int, channels: int) -> None:
    source = sound(length, channels)
    stream = encode_mp3(source, sample_rate_hz=44_100, bitrate_kbps=96)
    check_stream(stream, source, 44_100, 96)
    assert decode(stream).shape == (length, channels)


@pytest.mark.parametrize("length", [1, 575, 576, 577, 1_151, 1_152, 1_153, 1_727, 1_728, 1_729, 2_304])
def test_the_shortest_sounds_are_whole_streams(length: int) -> None:
    source = sound(length)
    check_stream(encode_mp3(source, sample_rate_hz=44_100, bitrate_kbps=256), source, 44_100, 256)


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("bitrate_kbps", [32, 40, 48, 56])
@pytest.mark.parametrize("sample_rate_hz", RATES_HZ)
def test_low_bit_rates_keep_their_info_frame(sample_rate_hz: int, bitrate_kbps: int, channels: int) -> None:
    """It does without its table of contents there, and is as large as every other frame."""
    source = sound(30_001, channels, sample_rate_hz)
    stream = encode_mp3(source, sample_rate_hz=sample_rate_hz, bitrate_kbps=bitrate_kbps)
    check_stream(stream, source, sample_rate_hz, bitrate_kbps)
    assert decode(stream).shape == (30_001, channels)


@pytest.mark.parametrize("sample_rate_hz", RATES_HZ)
def test_the_sound_stays_where_it_was(sample_rate_hz: int) -> None:
    source = sound(70_001, 1, sample_rate_hz)
    heard = decode(encode_mp3(source, sample_rate_hz=sample_rate_hz, bitrate_kbps=128))[:, 0] * 32_768
    spectrum = np.fft.rfft(heard, 1 << 18) * np.conj(np.fft.rfft(source, 1 << 18))
    assert int(np.argmax(np.fft.irfft(spectrum))) == 0
    noise = heard - source
    assert np.sum(noise**2) < np.sum(source.astype(np.float64) ** 2) / 100


def test_the_two_channels_stay_apart() -> None:
    source = sound(70_001, 2)
    heard = decode(encode_mp3(source, sample_rate_hz=44_100, bitrate_kbps=256)) * 32_768
    for channel in (0, 1):
        assert np.corrcoef(heard[:, channel], source[:, channel])[0, 1] > 0.99
    assert np.corrcoef(heard[:, 0], source[:, 1])[0, 1] < 0.9


def test_sound_in_blocks_is_one_stream(monkeypatch: pytest.MonkeyPatch, samples: Samples) -> None:
    """How much the encoder gets at a time is nobody's business."""
    whole = encode_mp3(samples, sample_rate_hz=44_100, bitrate_kbps=96)
    monkeypatch.setattr(mp3_reels, "BLOCK_SECONDS", 1)
    assert encode_mp3(samples, sample_rate_hz=44_100, bitrate_kbps=96) == whole


def test_a_view_of_a_sound_is_encoded_as_its_copy() -> None:
    stereo = sound(10_000, 2)
    view = encode_mp3(stereo[::2, 0], sample_rate_hz=44_100, bitrate_kbps=96)
    assert view == encode_mp3(stereo[::2, 0].copy(), sample_rate_hz=44_100, bitrate_kbps=96)


def test_the_contents_point_into_the_file_in_proportion() -> None:
    stream = encode_mp3(sound(300_000), sample_rate_hz=44_100, bitrate_kbps=96)
    first, *others = walk(stream)
    contents = read_info(stream[: first.size]).contents
    for percent in range(100):
        place = others[percent * len(others) // 100].at
        assert abs(contents[percent] - 256 * place / len(stream)) < 2


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize(
    ("sample_rate_hz", "bitrate_kbps"),
    [(rate, kbps) for rate in RATES_HZ for kbps in (48, 96, 160, 256) if kbps in bitrates_kbps(rate)],
)
def test_joined_reels_are_one_valid_stream(sample_rate_hz: int, bitrate_kbps: int, channels: int) -> None:
    """Also where a reel begins or ends in the middle of a sound."""
    source = sound(50_003, channels, sample_rate_hz)
    stream = joined(cut_in_three(source, sample_rate_hz), sample_rate_hz, bitrate_kbps)
    check_stream(stream, source, sample_rate_hz, bitrate_kbps)
    assert decode(stream).shape == (50_003, channels)


def test_a_checksum_may_be_taken_piece_by_piece() -> None:
    """However the pieces fall, and however long they are."""
    message = np.random.default_rng(5).bytes(3 * mp3_info.BLOCK_BYTES + 5)
    whole = crc16_bit_by_bit(message)
    for cut in (0, 1, 2, 3, 1000, mp3_info.BLOCK_BYTES, mp3_info.BLOCK_BYTES + 1, len(message)):
        assert crc16(message[cut:], crc16(message[:cut])) == whole


@pytest.mark.parametrize("message", [b"", b"1", b"12", b"123456789", bytes(99), bytes(range(256)) * 9 + b"!"])
def test_the_checksum_is_the_one_of_its_name(message: bytes) -> None:
    assert crc16(message) == crc16_bit_by_bit(message)


def test_the_checksum_has_its_published_check_value() -> None:
    assert crc16(b"123456789") == 0xBB3D


@pytest.mark.parametrize(
    ("samples", "sample_rate_hz", "bitrate_kbps", "said"),
    [
        (np.zeros(0, np.int16), 44_100, 96, "There is no sound to encode."),
        (np.zeros((0, 2), np.int16), 44_100, 96, "There is no sound to encode."),
        (np.zeros((9, 3), np.int16), 44_100, 96, "Only mono and stereo sound"),
        (np.zeros(9, np.float32), 44_100, 96, "of 16 bits can be encoded"),
        (np.zeros(9, np.int16), 22_050, 96, "32000, 44100 or 48000 samples a second, not 22050."),
        (np.zeros(9, np.int16), 24_000, 192, "24000 samples a second has 32, .* or 160 kbit/s, not 192."),
        (np.zeros(9, np.int16), 44_100, 100, "256 or 320 kbit/s, not 100."),
    ],
)
def test_what_cannot_be_encoded_is_said(
    samples: Any, sample_rate_hz: int, bitrate_kbps: int, said: str
) -> None:
    with pytest.raises(AudioError, match=said):
        encode_mp3(samples, sample_rate_hz=sample_rate_hz, bitrate_kbps=bitrate_kbps)


class Stammerer:
    """An encoder that slips a byte in between two frames."""

    def __init__(self) -> None:
        self._encoder = real_encoder()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._encoder, name)

    def flush(self) -> bytes:
        return b"\0" + bytes(self._encoder.flush())


real_encoder = mp3_reels.lameenc.Encoder


def test_a_broken_stream_goes_no_further(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mp3_reels.lameenc, "Encoder", Stammerer)
    with pytest.raises(AudioError, match="broken stream"):
        encode_mp3(sound(30_000), sample_rate_hz=44_100, bitrate_kbps=96)


def test_mutagen_reads_length_mode_and_encoder(samples: Samples, episode: Path) -> None:
    info = MP3(episode).info
    assert info.length == pytest.approx(len(samples) / 44_100, abs=0.0005)
    assert (info.bitrate_mode, info.sketchy) == (BitrateMode.CBR, False)
    assert info.bitrate == pytest.approx(96_000, abs=10)
    assert info.encoder_info.startswith("LAME ")
    assert info.encoder_settings == "-b 96"


def test_eyed3_reads_the_same(samples: Samples, episode: Path) -> None:
    eyed3 = pytest.importorskip("eyed3")
    info = eyed3.load(episode).info
    assert info.bit_rate == (False, 96)
    assert info.time_secs == pytest.approx(len(samples) / 44_100, abs=0.06)
    assert (info.lame_tag["encoder_delay"], info.lame_tag["vbr_method"]) == (576, "Constant Bitrate")
    assert info.lame_tag["music_length"] == episode.stat().st_size


def test_mp3val_finds_nothing(episode: Path) -> None:
    said = run_program("mp3val", episode).stdout.decode()
    assert "CBR" in said
    # That there are no tags yet is the one thing it may remark upon.
    assert [line for line in said.splitlines() if "WARNING" in line or "ERROR" in line] == [
        f'WARNING: "{episode}": No supported tags in the file'
    ]


def test_mp3check_finds_nothing(episode: Path) -> None:
    checked = run_program("mp3check", "-e", episode)
    assert (checked.returncode, checked.stdout) == (0, b"")


def test_ffmpeg_finds_nothing(samples: Samples, episode: Path) -> None:
    decoded = run_program("ffmpeg", "-v", "warning", "-i", episode, "-f", "s16le", "-")
    assert decoded.stderr == b""
    assert len(decoded.stdout) == samples.nbytes


@pytest.mark.parametrize(
    ("program", "arguments"), [("lame", ("--quiet", "--decode")), ("mpg123", ("-q", "-w"))]
)
def test_other_decoders_agree(
    program: str, arguments: tuple[str, ...], samples: Samples, episode: Path
) -> None:
    heard = episode.with_suffix(".wav")
    # One names the source first, the other where to write.
    files = (heard, episode) if program == "mpg123" else (episode, heard)
    assert run_program(program, *arguments, *files).stderr == b""
    with wave.open(str(heard)) as sound_file:
        assert (sound_file.getnframes(), sound_file.getnchannels()) == (len(samples), samples.ndim)


def test_lame_itself_counts_the_same_way(samples: Samples, tmp_path: Path) -> None:
    """Its own Info frame has the same fields, sums and checksums for the same sound."""
    raw, encoded = tmp_path / "sound.raw", tmp_path / "sound.mp3"
    raw.write_bytes(samples.tobytes())
    mode = ("-m", "m") if samples.ndim == 1 else ("-m", "j")
    options = (
        "--quiet",
        "-r",
        "-s",
        "44.1",
        "--resample",
        "44.1",
        "--cbr",
        "-b",
        "96",
        "-q",
        mp3_reels.QUALITY,
    )
    run_program("lame", *options, *mode, raw, encoded)
    theirs = encoded.read_bytes()
    frame = walk(theirs)[0].size
    check_stream(theirs, samples, 44_100, 96)
    ours = encode_mp3(samples, sample_rate_hz=44_100, bitrate_kbps=96)
    mine, lames = read_info(ours[:frame]), read_info(theirs[:frame])
    for field in ("frames", "total_bytes", "quality", "method", "delay", "padding", "music_bytes", "crc_at"):
        assert getattr(mine, field) == getattr(lames, field)


@pytest.mark.parametrize(
    ("sample_rate_hz", "bitrate_kbps"),
    [(rate, kbps) for rate in (24_000, 44_100) for kbps in bitrates_kbps(rate)],
)
def test_decoded_sound_is_as_loud_as_what_was_encoded(sample_rate_hz: int, bitrate_kbps: int) -> None:
    """LAME's own gain, another at each bit rate, is made up for to within 0.02 dB."""
    tone = (12_000 * np.sin(2 * np.pi * 997 * np.arange(2 * sample_rate_hz) / sample_rate_hz)).astype(
        np.int16
    )
    encoded = encode_mp3(tone, sample_rate_hz=sample_rate_hz, bitrate_kbps=bitrate_kbps)
    decoded = decode_sound(encoded).samples[:, 0]
    middle = slice(sample_rate_hz // 2, sample_rate_hz * 3 // 2)
    change_db = 10 * np.log10(np.mean(decoded[middle] ** 2) / np.mean((tone[middle] / 32768) ** 2))
    assert abs(change_db) < 0.02
