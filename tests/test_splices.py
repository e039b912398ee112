"""Pieces encoded side by side sound as if they had been encoded in one."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest

from morning_edition import mp3, splices
from morning_edition.decode import decode_sound
from morning_edition.mp3 import encode_mp3
from morning_edition.splices import FRAME_SAMPLES, OVERLAP_FRAMES, PIECE_FRAMES, RUN_UP_FRAMES, split_frames

RATE_HZ = 44_100
PIECE_SAMPLES = 240 * FRAME_SAMPLES

Whole = npt.NDArray[np.int16]


@pytest.fixture
def short_pieces(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Cut every six seconds, so that a test need not be minutes long; note where pieces are spliced."""
    spliced: list[int] = []
    find = splices.find_splice

    def find_and_note(*arguments: object) -> int | None:
        number: int | None = find(*arguments)  # type: ignore[arg-type]
        if number is not None:
            spliced.append(number)
        return number

    monkeypatch.setattr(splices, "PIECE_FRAMES", PIECE_SAMPLES // FRAME_SAMPLES)
    monkeypatch.setattr(splices, "find_splice", find_and_note)
    return spliced


def speech_like(seconds: float, channels: int = 1) -> Whole:
    """Harmonics of a gliding pitch under syllables of 200 ms, with a pause now and then."""
    times = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    phase = 2 * np.pi * np.cumsum(120 + 30 * np.sin(2 * np.pi * 0.7 * times)) / RATE_HZ
    tone = sum(np.sin(part * phase) / part for part in range(1, 25))
    syllables = np.clip(np.sin(2 * np.pi * 2.5 * times), 0, 1) * (np.sin(2 * np.pi * 0.35 * times) > -0.6)
    noise = np.random.default_rng(7).standard_normal(len(times)) * 0.01
    sound = ((tone * syllables * 0.2 + noise * syllables) * 32_767).clip(-32_768, 32_767).astype(np.int16)
    return sound if channels == 1 else np.stack([sound, np.roll(sound, 30)], axis=1)


def encode(samples: Whole, bitrate_kbps: int) -> bytes:
    """Encode without cutting."""
    scaled = samples / np.float32(32_768)
    return mp3._encode(lambda first, last: scaled[first:last], RATE_HZ, bitrate_kbps, 0, len(samples))


def in_one(samples: Whole, bitrate_kbps: int) -> bytes:
    """Encode as `encode_mp3` does, but in one piece."""
    music = encode(samples, bitrate_kbps)
    frame_bytes = 144_000 * bitrate_kbps // RATE_HZ
    frames = mp3._count_frames(music, frame_bytes)
    padding = frames * FRAME_SAMPLES - mp3.ENCODER_DELAY - len(samples)
    return mp3._info_frame(music, frame_bytes, frames, padding, bitrate_kbps) + music


def noise_at(decoded: npt.NDArray[np.float32], samples: Whole, number: int) -> float:
    """Return the loudest error of two frames around the beginning of one, of full scale."""
    middle = number * FRAME_SAMPLES - splices.CODEC_DELAY
    around = slice(middle - 2 * FRAME_SAMPLES, middle + 2 * FRAME_SAMPLES)
    wanted = samples.reshape(len(samples), -1)[around] / 32_768
    return float(np.abs(decoded[around] - wanted).max())


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("bitrate_kbps", [64, 96, 256])
def test_a_splice_is_quieter_than_the_codecs_own_noise(
    bitrate_kbps: int, channels: int, short_pieces: list[int]
) -> None:
    """Frame by frame as long as in one piece, and nowhere further from the original."""
    samples = speech_like(26, channels)
    spliced = encode_mp3(samples, sample_rate_hz=RATE_HZ, bitrate_kbps=bitrate_kbps)
    whole = in_one(samples, bitrate_kbps)
    heard, reference = decode_sound(spliced).samples, decode_sound(whole).samples
    assert len(short_pieces) == 3
    assert heard.shape == reference.shape == samples.reshape(len(samples), -1).shape
    usual = float(np.abs(reference - samples.reshape(len(samples), -1) / 32_768).max())
    for number in short_pieces:
        assert noise_at(heard, samples, number) <= max(1.5 * noise_at(reference, samples, number), usual / 4)


def test_no_decoder_is_missing_data_at_a_splice(short_pieces: list[int]) -> None:
    """Every byte that a frame lends from those before it is there: a wrong one would sound as a burst."""
    samples = speech_like(26)
    heard = decode_sound(encode_mp3(samples, sample_rate_hz=RATE_HZ, bitrate_kbps=96)).samples[:, 0]
    error = heard - samples / 32_768
    loudest = [np.abs(error[at : at + FRAME_SAMPLES]).max() for at in range(0, len(error), FRAME_SAMPLES)]
    assert short_pieces
    assert max(loudest) < 0.05


def test_where_a_splice_lies_decides_nothing_else() -> None:
    """Planted: frames put together without their lent data are heard at once, so the tests above can tell."""
    samples = speech_like(26)
    frame_bytes = 144_000 * 96 // RATE_HZ
    first = split_frames(encode(samples, 96), frame_bytes)
    start = 400
    second = split_frames(encode(samples[(start - 30) * FRAME_SAMPLES :], 96), frame_bytes)
    worst = 0.0
    for number in range(start, start + 40):
        music = b"".join([*first[:number], *second[number - start + 30 :]])
        heard = decode_sound(mp3._info_frame(music, frame_bytes, len(first), 600, 96) + music).samples
        worst = max(worst, noise_at(heard, samples, number))
    assert worst > 0.1


def test_the_same_sound_gives_the_same_bytes_on_any_number_of_cores(
    monkeypatch: pytest.MonkeyPatch, short_pieces: list[int]
) -> None:
    """Pieces begin where the sound's length says, not where the machine likes."""
    samples = speech_like(30)
    streams = set()
    for cores in (1, 2, 7):
        monkeypatch.setattr(splices, "CORES", cores)
        streams.add(encode_mp3(samples, sample_rate_hz=RATE_HZ, bitrate_kbps=96))
    assert len(streams) == 1


def test_sound_without_a_place_for_a_splice_is_encoded_in_one(
    monkeypatch: pytest.MonkeyPatch, short_pieces: list[int]
) -> None:
    """Rather slow than wrong."""
    samples = speech_like(20)
    monkeypatch.setattr(splices, "_fits", lambda *pieces: False)
    assert encode_mp3(samples, sample_rate_hz=RATE_HZ, bitrate_kbps=96) == in_one(samples, 96)
    assert not short_pieces


def test_silence_and_short_sound_need_no_pieces() -> None:
    """What is not longer than a piece is not cut at all."""
    samples = speech_like(2)
    assert encode_mp3(samples, sample_rate_hz=RATE_HZ, bitrate_kbps=96) == in_one(samples, 96)


@pytest.mark.parametrize("extra", [-1, 0, 1, 500, 1151])
def test_the_length_is_exact_whatever_is_left_over(extra: int, short_pieces: list[int]) -> None:
    """As many samples come out as went in, at lengths around a whole number of pieces."""
    samples = speech_like(20)[: 3 * PIECE_SAMPLES + extra]
    stream = encode_mp3(samples, sample_rate_hz=RATE_HZ, bitrate_kbps=96)
    assert len(decode_sound(stream).samples) == len(samples)
    assert len(short_pieces) == 2


def test_a_digitally_silent_stretch_can_be_spliced(short_pieces: list[int]) -> None:
    """In silence frames lend nothing, and any of them will do."""
    samples = np.concatenate([speech_like(5), np.zeros(RATE_HZ * 10, np.int16), speech_like(5)])
    heard = decode_sound(encode_mp3(samples, sample_rate_hz=RATE_HZ, bitrate_kbps=96)).samples
    assert short_pieces
    assert np.abs(heard[RATE_HZ * 7 : RATE_HZ * 13]).max() < 1e-4


def test_the_overlap_is_short_against_a_piece() -> None:
    """What is encoded twice costs less than a twentieth."""
    assert (RUN_UP_FRAMES + OVERLAP_FRAMES) / PIECE_FRAMES < 0.05
