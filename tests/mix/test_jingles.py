"""A station's own music: whatever file it is, it is heard in full, at the right speed, as loud as it was."""

import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from morning_edition.errors import AudioError
from morning_edition.loudness import measure_loudness
from morning_edition.mix.jingles import BUILT_IN_FOLDER, load_jingles

RATE = 44_100
PITCH_HZ = 440.0
HALF_SQUARE = np.float32(np.sqrt(0.5))

Sound = np.ndarray[Any, Any]

FILES = {
    "8 bit.wav": ("pcm_u8", "u8", RATE),
    "16 bit.wav": ("pcm_s16le", "s16", RATE),
    "24 bit.wav": ("pcm_s24le", "s32", RATE),
    "32 bit.wav": ("pcm_s32le", "s32", RATE),
    "float.wav": ("pcm_f32le", "flt", RATE),
    "double.wav": ("pcm_f64le", "dbl", RATE),
    "16 bit.flac": ("flac", "s16", RATE),
    "24 bit.flac": ("flac", "s32", RATE),
    "16 bit.aiff": ("pcm_s16be", "s16", RATE),
    "24 bit.aif": ("pcm_s24be", "s32", RATE),
    "a.mp3": ("libmp3lame", "fltp", RATE),
    "old.mp3": ("libmp3lame", "fltp", 22_050),
    "vorbis.ogg": ("vorbis", "fltp", RATE),
    "opus.ogg": ("libopus", "flt", 48_000),
    "a.opus": ("libopus", "flt", 48_000),
    "a.m4a": ("aac", "fltp", RATE),
    "alac.m4a": ("alac", "s32p", RATE),
    "8 k.wav": ("pcm_s16le", "s16", 8_000),
    "11 k.wav": ("pcm_s16le", "s16", 11_025),
    "48 k.flac": ("flac", "s16", 48_000),
    "96 k.wav": ("pcm_s24le", "s32", 96_000),
    "192 k.flac": ("flac", "s32", 192_000),
}
LOSSY = (".mp3", ".ogg", ".opus", "a.m4a")
CONTAINERS = {".m4a": "ipod", ".opus": "ogg", ".aif": "aiff"}


def tone(seconds: float, rate: int, channels: int = 1) -> Sound:
    """A tone that comes out of silence and goes back; each further channel half as loud as the one before."""
    at = np.arange(round(seconds * rate)) / rate
    one = 0.5 * np.sin(2 * np.pi * PITCH_HZ * at) * (np.sin(np.pi * at / seconds) - 0.05).clip(0)
    return np.stack([one * 0.5**channel for channel in range(channels)], axis=1).astype(np.float32)


def write(path: Path, sound: Sound, rate: int, codec: str = "pcm_f32le", form: str = "flt") -> Path:
    layout = {1: "mono", 2: "stereo", 3: "2.1", 6: "5.1"}[sound.shape[1]]
    container_format = CONTAINERS.get(path.suffix, path.suffix[1:])
    with av.open(str(path), "w", format=container_format) as container:
        options = {"strict": "experimental"}
        stream = container.add_stream(
            codec, rate=rate, layout=layout, format=form, bit_rate=160_000, options=options
        )
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(sound.astype(np.float32).T), format="fltp", layout=layout
        )
        frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def load(path: Path, channels: int = 1, rate: int = RATE) -> Sound:
    return load_jingles({"open": path}, rate, channels, loops=frozenset())["open"]


def load_loop(path: Path, channels: int = 1, rate: int = RATE) -> Sound:
    return load_jingles({"bed": path}, rate, channels, loops=frozenset({"bed"}))["bed"]


def loudest(sound: Sound) -> float:
    return float(np.abs(sound).max())


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("name", FILES)
def test_any_file_is_heard_as_it_is(name: str, channels: int, tmp_path: Path) -> None:
    """Sample for sample, within the noise of its format and of a change of rate."""
    codec, form, rate = FILES[name]
    sound = tone(0.4, rate).repeat(
        2 if codec == "vorbis" else 1, axis=1
    )  # which FFmpeg's own has in stereo only
    heard = load(write(tmp_path / name, sound, rate, codec, form), channels)
    meant = tone(0.4, RATE) / np.sqrt(channels)
    assert heard.dtype == np.float32
    assert heard.shape[1] == channels
    assert abs(len(heard) - len(meant)) <= (64 if codec == "vorbis" else 1)  # it fills its last block
    together = min(len(heard), len(meant))
    tolerance = 0.03 if name.endswith(LOSSY) else 0.008 if name.startswith("8 bit") else 0.001
    assert loudest(heard[:together] - meant[:together]) < tolerance


@pytest.mark.parametrize("rate", [24_000, 32_000, 44_100, 48_000])
def test_music_is_brought_to_the_programmes_rate(rate: int, tmp_path: Path) -> None:
    heard = load(write(tmp_path / "a.wav", tone(1, 37_800), 37_800), 1, rate)
    assert len(heard) == rate
    assert loudest(heard - tone(1, rate)) < 0.001


def test_a_mono_file_lies_in_the_middle_of_a_stereo_programme(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", tone(1, RATE), RATE)
    assert np.allclose(load(path, 2), load(path, 1) * HALF_SQUARE, atol=1e-7)


def test_a_stereo_file_keeps_its_sides(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", tone(1, RATE, 2), RATE)
    assert np.allclose(load(path, 2), tone(1, RATE, 2) * HALF_SQUARE, atol=1e-6)


def test_a_stereo_file_is_averaged_for_a_mono_programme(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", tone(1, RATE, 2), RATE)
    assert np.allclose(load(path, 1), tone(1, RATE) * 0.75, atol=1e-6)


@pytest.mark.parametrize("count", [3, 6])
@pytest.mark.parametrize("channels", [1, 2])
def test_of_more_channels_the_average_is_heard(count: int, channels: int, tmp_path: Path) -> None:
    sound = tone(1, RATE, count)
    heard = load(write(tmp_path / "a.wav", sound, RATE), channels)
    meant = sound.mean(axis=1, keepdims=True) / np.sqrt(channels)
    assert heard.shape == (RATE, channels)
    assert loudest(heard - meant) < 1e-6


@pytest.mark.parametrize("sides", [1, 2])
def test_music_is_as_loud_in_stereo_as_in_mono(sides: int, tmp_path: Path) -> None:
    same = np.repeat(tone(2, RATE), sides, axis=1)
    path = write(tmp_path / "a.wav", same, RATE)
    loudness = [measure_loudness(load(path, channels), RATE) for channels in (1, 2)]
    assert loudness[0] == pytest.approx(loudness[1], abs=0.05)


def test_what_was_cut_off_in_full_sound_ends_in_silence_on_all_channels(tmp_path: Path) -> None:
    heard = load(write(tmp_path / "a.wav", np.full((RATE, 2), 0.5), RATE), 2)
    assert np.abs(heard[[0, -1]]).max() == 0
    assert loudest(np.diff(heard, axis=0)) < 0.02


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("file_rate", [8_000, 22_050, 44_100, 48_000, 96_000])
def test_a_loop_has_no_seam(file_rate: int, channels: int, tmp_path: Path) -> None:
    """Whole periods of a tone, repeated, are one tone: nothing bends where the end meets the start."""
    at = np.arange(file_rate) / file_rate
    loop = 0.5 * np.sin(2 * np.pi * PITCH_HZ * at)[:, None].repeat(2, axis=1)
    heard = load_loop(write(tmp_path / "a.wav", loop, file_rate), channels)
    bend = np.abs(np.diff(np.concatenate([heard, heard]), 2, axis=0))
    assert len(heard) == RATE
    assert bend.max() < 1.02 * bend[100:1000].max()
    assert loudest(heard) * np.sqrt(channels) == pytest.approx(0.5, abs=0.001)


def test_a_loop_of_no_whole_length_at_another_rate_has_no_seam(tmp_path: Path) -> None:
    """Its periods fill 7001 frames, which are 6432.2 at the programme's rate."""
    loop = 0.5 * np.sin(2 * np.pi * 70 * np.arange(7001) / 7001)[:, None]
    heard = load_loop(write(tmp_path / "a.wav", loop, 48_000), 1)
    bend = np.abs(np.diff(np.concatenate([heard, heard]), 2, axis=0))
    assert len(heard) == 6432
    assert bend.max() < 1.02 * bend[100:1000].max()


def test_a_loop_whose_end_does_not_lead_into_its_start_fades(tmp_path: Path) -> None:
    """One channel that would click is enough."""
    sides = np.stack([np.zeros(RATE), np.linspace(-0.5, 0.5, RATE)], axis=1)
    heard = load_loop(write(tmp_path / "a.wav", sides, RATE), 2)
    assert np.abs(heard[[0, -1]]).max() == 0


@pytest.mark.parametrize("loader", [load, load_loop])
@pytest.mark.parametrize("file_rate", [8_000, 44_100, 192_000])
@pytest.mark.parametrize("frames", [1, 2, 3, 100])
def test_a_file_of_a_few_samples_is_music(
    loader: Callable[..., Sound], file_rate: int, frames: int, tmp_path: Path
) -> None:
    heard = loader(write(tmp_path / "a.wav", np.full((frames, 1), 0.5), file_rate), 2)
    assert len(heard) == pytest.approx(max(frames * RATE / file_rate, 1), abs=1)
    assert np.isfinite(heard).all()


@pytest.mark.parametrize("loader", [load, load_loop])
def test_silence_is_music(loader: Callable[..., Sound], tmp_path: Path) -> None:
    heard = loader(write(tmp_path / "a.flac", np.zeros((48_000, 2)), 48_000, "flac", "s16"), 2)
    assert heard.shape == (RATE, 2)
    assert not heard.any()


def test_a_wrong_ending_does_not_matter(tmp_path: Path) -> None:
    """What a file is, its first bytes tell."""
    path = write(tmp_path / "a.flac", tone(0.5, RATE), RATE, "flac", "s16").rename(tmp_path / "a.wav")
    assert loudest(load(path) - tone(0.5, RATE)) < 0.001


def test_names_and_order_are_kept(tmp_path: Path) -> None:
    files = {
        name: write(tmp_path / f"{number}.wav", tone(0.1 + number / 10, RATE), RATE)
        for number, name in enumerate(("music/early bird.wav", "open", "ä:b"))
    }
    heard = load_jingles(files, RATE, 1, loops=frozenset())
    assert [(name, len(sound)) for name, sound in heard.items()] == [
        ("music/early bird.wav", 4410),
        ("open", 8820),
        ("ä:b", 13_230),
    ]


def test_no_music_is_fine() -> None:
    assert load_jingles({}, RATE, 2, loops=frozenset({"bed"})) == {}


def truncated(path: Path) -> Path:
    write(path, tone(2, RATE), RATE, *{".wav": ("pcm_s16le", "s16"), ".flac": ("flac", "s16")}[path.suffix])
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path


def text(path: Path) -> Path:
    path.write_text("This is no music.\n" * 100)
    return path


def empty(path: Path) -> Path:
    path.touch()
    return path


def missing(path: Path) -> Path:
    return path


NO_SOUND = "not a sound that can be read; use WAV, FLAC, MP3, Ogg or M4A"
CUT_SHORT = "damaged or cut short, it holds less than its header tells; export or download it again"


@pytest.mark.parametrize(
    ("make", "file", "reason"),
    [
        (truncated, "a.wav", CUT_SHORT),
        (truncated, "a.flac", CUT_SHORT),
        (text, "a.wav", NO_SOUND),
        (text, "a.mp3", NO_SOUND),
        (empty, "a.wav", NO_SOUND),
        (missing, "a.wav", "no such file; check the path"),
    ],
)
@pytest.mark.parametrize(
    ("name", "setting"), [("sting", "sound.jingles.sting"), ("music/a.wav", "running_order")]
)
def test_a_file_that_is_no_good_is_named_with_its_setting(
    make: Callable[[Path], Path], file: str, reason: str, name: str, setting: str, tmp_path: Path
) -> None:
    good = write(tmp_path / "good.wav", tone(0.1, RATE), RATE)
    path = make(tmp_path / file)
    with pytest.raises(AudioError) as raised:
        load_jingles({"open": good, name: path}, RATE, 1, loops=frozenset())
    assert str(raised.value) == f"{path}: {reason} ({setting} in station.toml names it)"


@pytest.mark.parametrize("channels", [1, 2])
def test_the_built_in_theme_is_there_at_once(channels: int) -> None:
    """It takes a tenth of a second of processor time; three times that is left for slow machines."""
    files = {path.stem: path for path in BUILT_IN_FOLDER.glob("*.flac")}
    load_jingles(files, RATE, channels, loops=frozenset({"bed"}))
    begun = time.process_time()
    load_jingles(files, RATE, channels, loops=frozenset({"bed"}))
    assert time.process_time() - begun < 0.3
