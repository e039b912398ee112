"""Reels encoded each by itself, and joined in silence, sound as if they had been encoded in one."""

import io
import itertools
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest
from mutagen.mp3 import MP3

from morning_edition.errors import AudioError
from morning_edition.mp3_frames import Mp3Format, bitrates_kbps, find_frames
from morning_edition.mp3_joining import JoinedStream, join_reels
from morning_edition.mp3_reels import decode_reel, encode_reel
from morning_edition.station.sound import RATES_HZ

Sound = npt.NDArray[np.float32]

SILENT_BEFORE, SILENT_AFTER = 3, 4
"""MP3 frames of silence that a reel begins and ends with."""
FORMATS = [
    Mp3Format(sample_rate_hz=rate, channels=channels, bitrate_kbps=bitrate)
    for rate in RATES_HZ
    for channels in (1, 2)
    for bitrate in (48, 96, 160, 256)
    if bitrate in bitrates_kbps(rate)
]
SPEECH = Mp3Format(sample_rate_hz=44_100, channels=1, bitrate_kbps=96)
SHORT_FRAMES = Mp3Format(sample_rate_hz=24_000, channels=2, bitrate_kbps=64)
LOW = Mp3Format(sample_rate_hz=48_000, channels=2, bitrate_kbps=32)
STEREO = Mp3Format(sample_rate_hz=44_100, channels=2, bitrate_kbps=96)
HIGH = Mp3Format(sample_rate_hz=32_000, channels=1, bitrate_kbps=256)


def speech_like(mp3_frames: int, form: Mp3Format, seed: int = 0) -> Sound:
    """Harmonics of a gliding pitch under syllables, with a rest at each end; (frames,) or (frames, 2)."""
    length = mp3_frames * form.frame_length
    times = np.arange(length) / form.sample_rate_hz
    phase = 2 * np.pi * np.cumsum(110 + 7 * seed + 30 * np.sin(4 * times)) / form.sample_rate_hz
    tone = sum(np.sin(part * phase) / part for part in range(1, 20))
    noise = np.random.default_rng(seed).standard_normal(length) * 0.05
    sound = ((tone * 0.2 + noise) * (0.3 + np.sin(15 * times) ** 2)).astype(np.float32)
    sound[: SILENT_BEFORE * form.frame_length] = 0
    sound[max(mp3_frames - SILENT_AFTER, 0) * form.frame_length :] = 0
    return sound if form.channels == 1 else np.stack([sound, np.roll(sound, 9) * np.float32(0.7)], axis=1)


def encode(sound: Sound, form: Mp3Format) -> bytes:
    return encode_reel(lambda first, last: sound[first:last], len(sound), form)


def join(reels: Iterable[bytes], length: int, form: Mp3Format) -> tuple[bytes, JoinedStream]:
    file = io.BytesIO()
    stream = join_reels(reels, file, length, form)
    return file.getvalue(), stream


def join_sounds(sounds: list[Sound], form: Mp3Format) -> tuple[bytes, JoinedStream]:
    return join((encode(sound, form) for sound in sounds), sum(map(len, sounds)), form)


def decode(stream: bytes) -> Sound:
    with av.open(io.BytesIO(stream), format="mp3") as container:
        return np.concatenate([frame.to_ndarray() for frame in container.decode(audio=0)], axis=1).T


def decibels(sound: npt.NDArray[np.float64] | Sound) -> float:
    return 10 * float(np.log10(np.mean(np.square(sound, dtype=np.float64)) + 1e-20))


def whole(sounds: list[Sound]) -> Sound:
    return np.concatenate([sound.reshape(len(sound), -1) for sound in sounds])


def worst_join_db(heard: Sound, usual: Sound, source: Sound, joins: list[int], form: Mp3Format) -> float:
    """Return by how much the noise around the worst join exceeds that of the *usual* encoding there.

    Noise is counted from -90 dBFS on, at the join itself, and with 0.1 s of sound on either side of its rest.
    """
    before = SILENT_AFTER * form.frame_length + form.sample_rate_hz // 10
    after = SILENT_BEFORE * form.frame_length + form.sample_rate_hz // 10
    excess = [
        max(decibels((heard - source)[part]), -90) - max(decibels((usual - source)[part]), -90)
        for at in joins
        for part in (slice(at - before, at), slice(at, at + after), slice(at - 1152, at + 576))
    ]
    return max(excess)


@dataclass(frozen=True)
class Programme:
    """Joined reels, and the same sound encoded in one."""

    form: Mp3Format
    sounds: list[Sound]
    heard: Sound
    usual: Sound

    @property
    def joins(self) -> list[int]:
        return list(itertools.accumulate(len(sound) for sound in self.sounds[:-1]))


@pytest.fixture(
    scope="module",
    params=FORMATS,
    ids=lambda form: f"{form.sample_rate_hz}-{form.channels}-{form.bitrate_kbps}",
)
def programme(request: pytest.FixtureRequest) -> Programme:
    form: Mp3Format = request.param
    sounds = [speech_like(30 + 3 * number, form, number) for number in range(4)]
    joined, _ = join_sounds(sounds, form)
    one, _ = join_sounds([np.concatenate(sounds)], form)
    return Programme(form, sounds, decode(joined), decode(one))


@pytest.fixture(scope="module")
def three_reels() -> list[Sound]:
    return [speech_like(frames, SPEECH, frames) for frames in (60, 41, 77)]


def test_a_join_is_quieter_than_the_codecs_own_noise(programme: Programme) -> None:
    """The noise around a join is that of one encoding; where both sides rest, there is no difference."""
    form, heard, usual = programme.form, programme.heard, programme.usual
    assert worst_join_db(heard, usual, whole(programme.sounds), programme.joins, form) < 1
    for at in programme.joins:
        rest = slice(at - 3 * form.frame_length + 1105, at + (SILENT_BEFORE - 2) * form.frame_length)
        assert decibels((heard - usual)[rest]) < -100


def test_joined_reels_stay_where_they_were(programme: Programme) -> None:
    """To the sample: the sound correlates best with its source where it is not moved at all."""
    assert programme.heard.shape == whole(programme.sounds).shape
    for at, sound in zip([0, *programme.joins], programme.sounds, strict=True):
        mono, part = sound.reshape(len(sound), -1)[:, 0], programme.heard[at : at + len(sound), 0]
        spectrum = np.fft.rfft(part, 1 << 17) * np.conj(np.fft.rfft(mono, 1 << 17))
        assert int(np.argmax(np.fft.irfft(spectrum))) == 0


@pytest.mark.parametrize("form", [SPEECH, SHORT_FRAMES])
def test_a_wrong_join_is_found(form: Mp3Format) -> None:
    """Planted: a reel that begins in mid-sound, and one whose first frame lacks the data that it lends."""
    sound = speech_like(90, form)
    source, at = whole([sound]), 45 * form.frame_length
    one = encode(sound, form)
    streams = (
        join_sounds([sound], form),
        join_sounds([sound[:at], sound[at:]], form),
        join([encode(sound[:at], form), one[find_frames(one, form)[45] :]], len(sound), form),
    )
    usual, cut_in_sound, without_lent = (decode(stream) for stream, _ in streams)
    assert worst_join_db(cut_in_sound, usual, source, [at], form) > 4
    assert worst_join_db(without_lent, usual, source, [at], form) > 4


def test_a_changed_reel_leaves_all_others_as_they_are(three_reels: list[Sound]) -> None:
    """Byte for byte, though it has become longer."""
    changed = [three_reels[0], speech_like(52, SPEECH, 9), three_reels[2]]
    old, old_stream = join_sounds(three_reels, SPEECH)
    new, new_stream = join_sounds(changed, SPEECH)
    same = [
        old[was.start : was.end] == new[now.start : now.end]
        for was, now in zip(old_stream.reels, new_stream.reels, strict=True)
    ]
    assert same == [True, False, True]


def test_the_same_reels_give_the_same_bytes_on_any_number_of_threads(three_reels: list[Sound]) -> None:
    alone, _ = join_sounds(three_reels, SPEECH)
    for threads in (1, 3):
        with ThreadPoolExecutor(threads) as pool:
            reels = pool.map(encode, three_reels, itertools.repeat(SPEECH))
            assert join(reels, sum(map(len, three_reels)), SPEECH)[0] == alone


def test_samples_in_columns_are_encoded_as_one_row() -> None:
    """Mono sound may come as (frames,) or (frames, 1)."""
    sound = speech_like(20, SPEECH)
    assert encode(sound.reshape(-1, 1), SPEECH) == encode(sound, SPEECH)


def test_places_are_those_of_the_reels_frames(three_reels: list[Sound]) -> None:
    """The first follows the Info frame, each begins where the one before it ends, and holds its own."""
    stream, joined = join_sounds(three_reels, SPEECH)
    starts = [place.start for place in joined.reels]
    assert starts == [SPEECH.frame_bytes, *(place.end for place in joined.reels[:-1])]
    assert joined.total_bytes == len(stream)
    for sound, place in zip(three_reels, joined.reels, strict=True):
        own = stream[place.start : place.end]
        assert own == encode(sound, SPEECH)[: len(own)]
        assert len(find_frames(own, SPEECH)) - 1 == len(sound) / SPEECH.frame_length
        assert len(find_frames(stream[place.end : place.end_heard], SPEECH)) - 1 == SPEECH.trailing_frames


@pytest.mark.parametrize("form", [SPEECH, SHORT_FRAMES, LOW, HIGH])
def test_a_reel_read_back_is_what_a_decoder_of_the_whole_hears(form: Mp3Format) -> None:
    """Sample for sample, also where it begins or ends in mid-sound, or is a single MP3 frame long."""
    sound = speech_like(70, form)
    cuts = [0, 20, 21, 22, 40, 70]
    parts = [sound[a * form.frame_length : b * form.frame_length] for a, b in itertools.pairwise(cuts)]
    stream, joined = join_sounds(parts, form)
    everything = decode(stream)
    for cut, part, place in zip(cuts, parts, joined.reels, strict=False):
        heard = decode_reel(stream[place.start : place.end_heard], len(part), form)
        assert heard.dtype == np.float32
        assert np.array_equal(heard, everything[cut * form.frame_length :][: len(part)])


def test_the_last_reel_need_not_be_a_whole_number_of_frames() -> None:
    sounds = [speech_like(20, SPEECH), speech_like(20, SPEECH)[: -SPEECH.frame_length - 7]]
    stream, joined = join_sounds(sounds, SPEECH)
    assert len(decode(stream)) == 40 * 1152 - 1152 - 7
    last = joined.reels[-1]
    heard = decode_reel(stream[last.start : last.end_heard], len(sounds[1]), SPEECH)
    assert np.array_equal(heard, decode(stream)[20 * 1152 :])


@pytest.mark.parametrize("form", [SPEECH, SHORT_FRAMES])
def test_silent_reels_are_silent(form: Mp3Format) -> None:
    """Such as a long rest between two parts."""
    silence = np.zeros((30 * form.frame_length, form.channels), np.float32)
    stream, _ = join_sounds([silence, silence], form)
    assert decibels(decode(stream)) < -110


def test_a_stream_begins_where_the_file_stands(tmp_path: Path, three_reels: list[Sound]) -> None:
    """What stood before it, such as tags, stays; what comes after goes to its end."""
    expected, _ = join_sounds(three_reels, SPEECH)
    path = tmp_path / "episode.mp3"
    with path.open("wb") as file:
        file.write(b"before")
        reels = (encode(sound, SPEECH) for sound in three_reels)
        joined = join_reels(reels, file, sum(map(len, three_reels)), SPEECH)
        file.write(b"after")
    assert path.read_bytes() == b"before" + expected + b"after"
    assert joined.total_bytes == len(expected)


def fresh_copies(reel: bytes, count: int) -> Iterator[bytes]:
    for _ in range(count):
        yield bytes(bytearray(reel))


def test_memory_does_not_grow_with_the_programme(tmp_path: Path) -> None:
    """Joining ten times as many reels takes but a note of each one's place more."""
    reel = encode(speech_like(200, SPEECH), SPEECH)

    def peak(count: int) -> int:
        with (tmp_path / "episode.mp3").open("wb") as file:
            tracemalloc.start()
            join_reels(fresh_copies(reel, count), file, count * 200 * 1152, SPEECH)
            used = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return used

    peak(1)
    assert peak(300) - peak(30) < 270 * 1000


def test_three_hours_are_one_stream(tmp_path: Path) -> None:
    form = Mp3Format(sample_rate_hz=44_100, channels=1, bitrate_kbps=32)
    reel = encode(speech_like(1000, form), form)
    path = tmp_path / "episode.mp3"
    with path.open("wb") as file:
        joined = join_reels(fresh_copies(reel, 414), file, 414 * 1000 * 1152, form)
    info, total_bytes = MP3(path).info, path.stat().st_size
    path.unlink()
    assert info.length == pytest.approx(414 * 1000 * 1152 / 44_100, abs=0.001)
    assert info.bitrate == pytest.approx(32_000, abs=10)
    assert (total_bytes, len(joined.reels)) == (joined.total_bytes, 414)


def test_a_programme_of_no_reels_is_refused() -> None:
    with pytest.raises(AudioError, match="no sound to encode"):
        join([], 0, SPEECH)
    with pytest.raises(AudioError, match="no sound to encode"):
        encode(np.zeros(0, np.float32), SPEECH)


@pytest.mark.parametrize(
    "damage",
    [
        lambda reel: b"",
        lambda reel: reel[:-1],
        lambda reel: reel + b"\0",
        lambda reel: reel[1:],
        lambda reel: reel[:1000] + reel[1001:],
        lambda reel: reel[:418],
        lambda reel: encode(speech_like(20, SHORT_FRAMES), SHORT_FRAMES),
        lambda reel: encode(speech_like(20, STEREO), STEREO),
        lambda reel: b"not an MP3",
        lambda reel: b"\xff\xfb",
    ],
)
def test_a_damaged_reel_goes_no_further(damage: Callable[[bytes], bytes]) -> None:
    """Kept ones may have been cut short, or be another rate's."""
    reel = damage(encode(speech_like(20, SPEECH), SPEECH))
    with pytest.raises(AudioError, match=r"remove \.cache"):
        join([reel], 20 * 1152, SPEECH)


def test_frames_of_the_same_size_may_be_of_other_rates() -> None:
    """288 bytes each: only the header tells one from the other."""
    ours, theirs = (
        Mp3Format(sample_rate_hz=rate, channels=1, bitrate_kbps=bitrate)
        for rate, bitrate in ((48_000, 96), (32_000, 64))
    )
    with pytest.raises(AudioError, match=r"remove \.cache"):
        join([encode(speech_like(20, theirs), theirs)], 20 * 1152, ours)


def test_reels_must_add_up_to_the_programme() -> None:
    """One that was left out, or is kept from another version, would put all that follows in a wrong place."""
    reel = encode(speech_like(20, SPEECH), SPEECH)
    for length in (19 * 1152, 20 * 1152 + 1, 40 * 1152):
        with pytest.raises(AudioError, match="do not add up"):
            join([reel], length, SPEECH)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda music: music[:-2000], "less sound"),
        (lambda music: b"", "less sound"),
        (lambda music: b"not an MP3" * 40, "damaged|less sound"),
        (lambda music: encode(speech_like(20, SHORT_FRAMES), SHORT_FRAMES), "another kind"),
    ],
)
def test_a_damaged_stream_cannot_be_read_back(damage: Callable[[bytes], bytes], said: str) -> None:
    music = damage(encode(speech_like(20, SPEECH), SPEECH))
    with pytest.raises(AudioError, match=said):
        decode_reel(music, 20 * 1152, SPEECH)


def test_a_format_has_one_or_two_channels() -> None:
    with pytest.raises(AudioError, match="1 or 2 channels, not 3"):
        Mp3Format(sample_rate_hz=44_100, channels=3, bitrate_kbps=96)
