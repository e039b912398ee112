"""The frames of MPEG audio, Layer III, at a constant bit rate: how long they are, and where each begins.

MPEG-1 (ISO 11172-3) has 1152 samples a channel to the MP3 frame, in two granules; MPEG-2 (ISO 13818-3), for
the rates below 32 kHz, has one granule of 576.
"""

from dataclasses import dataclass

from morning_edition.errors import AudioError
from morning_edition.station.sound import HIGHEST_BITRATE_KBPS, MPEG1_BITRATES_KBPS, RATES_HZ

REMEDY = "remove .cache/reels and try again"
GRANULE = 576
MPEG1_LOWEST_HZ = 32_000
MPEG1_START, MPEG2_START = b"\xff\xfb", b"\xff\xf3"
"""What a header begins with: Layer III, without a checksum of its own."""
MPEG2_BITRATES_KBPS = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
RATE_NUMBERS = {44_100: 0, 48_000: 1, 32_000: 2, 24_000: 1}
MONO = 3

ENCODER_DELAY = 576
"""Silence that LAME puts before the first sample; decoders add 529 of their own and know it. Measured by
cross-correlation: the sound of a stream without Info frame is 1105 samples late at every rate."""
DECODER_DELAY = 529
CODEC_DELAY = ENCODER_DELAY + DECODER_DELAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Mp3Format:
    """What all MP3 frames of a stream have in common. Raises `AudioError` for what no MP3 can be."""

    sample_rate_hz: int
    channels: int
    bitrate_kbps: int

    def __post_init__(self) -> None:
        if self.sample_rate_hz not in RATES_HZ:
            raise AudioError(f"An MP3 has {_choices(RATES_HZ)} samples a second, not {self.sample_rate_hz}.")
        if self.bitrate_kbps not in bitrates_kbps(self.sample_rate_hz):
            raise AudioError(
                f"An MP3 of {self.sample_rate_hz} samples a second has "
                f"{_choices(bitrates_kbps(self.sample_rate_hz))} kbit/s, not {self.bitrate_kbps}."
            )
        if self.channels not in (1, 2):
            raise AudioError(f"An MP3 has 1 or 2 channels, not {self.channels}.")

    @property
    def is_mpeg1(self) -> bool:
        """Tell it from MPEG-2."""
        return self.sample_rate_hz >= MPEG1_LOWEST_HZ

    @property
    def frame_length(self) -> int:
        """Samples a channel in an MP3 frame."""
        return mp3_frame_length(self.sample_rate_hz)

    @property
    def frame_bytes(self) -> int:
        """Bytes of an MP3 frame without padding; a padded one has one more."""
        return self.frame_length // 8 * 1000 * self.bitrate_kbps // self.sample_rate_hz

    @property
    def rates(self) -> int:
        """The third byte of a header less its lowest two bits: the bit rate and the sample rate by number."""
        bitrates = MPEG1_BITRATES_KBPS if self.is_mpeg1 else MPEG2_BITRATES_KBPS
        return (bitrates.index(self.bitrate_kbps) + 1) << 2 | RATE_NUMBERS[self.sample_rate_hz]

    @property
    def side_bytes(self) -> int:
        """Bytes of side information, which follow the header."""
        mpeg1, mpeg2 = (17, 9) if self.channels == 1 else (32, 17)
        return mpeg1 if self.is_mpeg1 else mpeg2

    @property
    def trailing_frames(self) -> int:
        """How many MP3 frames after the last of a sound a decoder needs to give all of it."""
        return -(-CODEC_DELAY // self.frame_length)


def mp3_frame_length(sample_rate_hz: int) -> int:
    """Return how many samples a channel an MP3 frame has at a rate."""
    return 2 * GRANULE if sample_rate_hz >= MPEG1_LOWEST_HZ else GRANULE


def bitrates_kbps(sample_rate_hz: int) -> tuple[int, ...]:
    """Return the constant bit rates that an MP3 can have at a sample rate."""
    highest = HIGHEST_BITRATE_KBPS.get(sample_rate_hz, MPEG1_BITRATES_KBPS[-1])
    return tuple(bitrate for bitrate in MPEG1_BITRATES_KBPS if bitrate <= highest)


def find_frames(music: bytes, form: Mp3Format) -> list[int]:
    """Return where each MP3 frame of *music* begins, and at last where the last one ends.

    Each must be of that form and end where the next begins. Raises `AudioError` where one does not.
    """
    start, rates = (MPEG1_START if form.is_mpeg1 else MPEG2_START), form.rates
    lengths = form.frame_bytes, form.frame_bytes + 1
    at, starts = 0, []
    while music[at : at + 2] == start and len(music) - at >= lengths[0] and music[at + 2] >> 2 == rates:
        starts.append(at)
        at += lengths[music[at + 2] >> 1 & 1]
    if at != len(music) or not starts or (music[3] >> 6 == MONO) != (form.channels == 1):
        raise AudioError(f"A reel is not a whole stream of MP3 frames; {REMEDY}.")
    return [*starts, at]


def _choices(values: tuple[int, ...]) -> str:
    return f"{', '.join(map(str, values[:-1]))} or {values[-1]}"
