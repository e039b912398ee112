"""An MP3 as a strict player takes it: each frame's header is read, and its sound decoded and measured."""

import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from morning_edition.decode import decode_sound
from morning_edition.errors import AudioError
from morning_edition.loudness import measure_loudness
from morning_edition.mp3_frames import MPEG2_BITRATES_KBPS
from morning_edition.station.sound import MPEG1_BITRATES_KBPS
from morning_edition.true_peak import measure_true_peak

LARGEST_BYTES = 48_000_000
"""Twenty minutes at 320 kbit/s."""
LONGEST_MEASURED_S = 601
"""What is longer is refused for that."""
RATES_HZ = (44_100, 48_000, 32_000)
"""Of MPEG-1, by number; MPEG-2 has half of each (ISO 11172-3 and ISO 13818-3, 2.4.2.3)."""
HEADER_BYTES, TAG_BYTES, OLD_TAG_BYTES = 4, 10, 128
LAYER_3 = 0xE2
MPEG1 = 3
HALVINGS = {MPEG1: 1, 2: 2, 0: 4}
"""By how much a version's sample rates are lower than those of MPEG-1."""
MONO = 3


@dataclass(frozen=True, slots=True)
class Mp3Frames:
    """What the headers of an MP3's frames say, all of them."""

    bitrates_kbps: tuple[int, ...]
    """Each that occurs, the most frequent first."""
    channels: tuple[int, ...]
    lowest_rate_hz: int
    """The lowest of their sample rates."""
    duration_s: float
    """With the silence that players cut off."""


@dataclass(frozen=True, slots=True)
class Mp3Sound:
    """An MP3, measured."""

    frames: Mp3Frames
    duration_ms: int
    loudness_lufs: float
    true_peak_dbtp: float


def measure_mp3(path: Path) -> Mp3Sound:
    """Read and measure the MP3 at *path*. Raises `AudioError` where it is none, is damaged, or far too long.

    One of more than ten minutes is not decoded: how long it is says enough; its loudness is then NaN.
    """
    content = _read(path)
    frames = read_frames(content)
    if frames.duration_s > LONGEST_MEASURED_S:
        return Mp3Sound(frames, round(frames.duration_s * 1000), math.nan, math.nan)
    pcm = decode_sound(content, name=path.name)
    peak = measure_true_peak(pcm.samples)
    return Mp3Sound(
        frames,
        len(pcm.samples) * 1000 // pcm.sample_rate_hz,
        measure_loudness(pcm.samples, pcm.sample_rate_hz),
        20 * math.log10(peak) if peak else -math.inf,
    )


def _read(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise AudioError("is not there")
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise AudioError(f"cannot be read ({error})") from error
    if len(content) > LARGEST_BYTES:
        raise AudioError(f"has more than {LARGEST_BYTES // 1_000_000} MB")
    return content


def read_frames(content: bytes) -> Mp3Frames:
    """Read the header of each frame. Raises `AudioError` for anything that is not a stream of frames."""
    at, end = _find_stream(content)
    bitrates: Counter[int] = Counter()
    channels: Counter[int] = Counter()
    rates: set[int] = set()
    seconds = 0.0
    while at < end:
        bitrate_kbps, rate_hz, frame_samples, padding = _read_header(content[at : at + HEADER_BYTES], at)
        bitrates[bitrate_kbps] += 1
        rates.add(rate_hz)
        channels[1 if content[at + 3] >> 6 == MONO else 2] += 1
        seconds += frame_samples / rate_hz
        at += frame_samples * bitrate_kbps * 125 // rate_hz + padding
    if at != end or not seconds:
        raise AudioError("is cut short" if seconds else "holds no MP3 frame")
    return Mp3Frames(
        tuple(rate for rate, _ in bitrates.most_common()),
        tuple(count for count, _ in channels.most_common()),
        min(rates),
        seconds,
    )


def _find_stream(content: bytes) -> tuple[int, int]:
    """Return where the frames begin and end: between an ID3v2 tag and an ID3v1 tag, if there are any."""
    start, end = 0, len(content)
    if content[:3] == b"ID3" and len(content) >= TAG_BYTES:
        a, b, c, d = content[6:TAG_BYTES]
        start = TAG_BYTES + (a << 21 | b << 14 | c << 7 | d)
    if content[-OLD_TAG_BYTES:][:3] == b"TAG":
        end -= OLD_TAG_BYTES
    return start, end


def _read_header(header: bytes, at: int) -> tuple[int, int, int, int]:
    """Return bit rate (kbit/s), sample rate (Hz), samples a channel, and bytes of padding of a frame."""
    if len(header) < HEADER_BYTES or header[0] != 0xFF or header[1] & 0xE6 != LAYER_3:
        raise AudioError(f"has no MP3 frame where one should begin, {at:,} bytes in")
    version, rate_number, bitrate_number = header[1] >> 3 & 3, header[2] >> 2 & 3, header[2] >> 4
    if version not in HALVINGS or rate_number == len(RATES_HZ) or bitrate_number in (0, 15):
        raise AudioError(f"has a frame of no bit rate or sample rate, {at:,} bytes in")
    bitrates = MPEG1_BITRATES_KBPS if version == MPEG1 else MPEG2_BITRATES_KBPS
    frame_samples = 1152 if version == MPEG1 else 576
    rate_hz = RATES_HZ[rate_number] // HALVINGS[version]
    return bitrates[bitrate_number - 1], rate_hz, frame_samples, header[2] >> 1 & 1
