"""Music: known by its length and its bytes, and decoded only when something is mixed with it."""

import wave
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from morning_edition.errors import AudioError
from morning_edition.kept import Kept
from morning_edition.mix import music as music_module
from morning_edition.mix.jingles import load_jingles
from morning_edition.mix.music import Music
from morning_edition.station import Sound


def write_wav(path: Path, sound: Any, rate: int = 44_100) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes((sound * 32767).round().astype("<i2").tobytes())
    return path


def tone(length_s: float, hertz: float = 440) -> Any:
    return 0.25 * np.cos(2 * np.pi * hertz * np.arange(round(length_s * 44_100)) / 44_100)


def open_music(
    folder: Path,
    files: dict[str, Path],
    sound: Sound = Sound(),  # noqa: B008 - frozen
    loops: frozenset[str] = frozenset(),
) -> Music:
    return Music(files, loops, sound, Kept(folder / "reels", largest_mb=50))


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    return {
        "open": write_wav(tmp_path / "open.wav", tone(1.5)),
        "bed": write_wav(tmp_path / "bed.wav", tone(1)),
    }


@pytest.mark.parametrize("rate", [24_000, 44_100, 48_000])
def test_a_piece_is_as_long_as_it_sounds(rate: int, tmp_path: Path, files: dict[str, Path]) -> None:
    """At the programme's rate, to the frame."""
    music = open_music(tmp_path, files, Sound(sample_rate_hz=rate, channels=2))
    lengths = music.measure_lengths()
    assert lengths == {name: len(samples) for name, samples in music.load().items()}
    assert lengths == {"open": rate * 3 // 2, "bed": rate}
    assert music.load()["open"].shape == (rate * 3 // 2, 2)


def test_a_length_that_is_known_needs_no_decoding(
    tmp_path: Path, files: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = open_music(tmp_path, files).measure_lengths()

    def refuse(*given: object, **named: object) -> None:
        raise AssertionError("it was decoded")

    monkeypatch.setattr(music_module, "load_jingles", refuse)
    assert open_music(tmp_path, files).measure_lengths() == first
    with pytest.raises(AssertionError, match="it was decoded"):
        open_music(tmp_path, files, Sound(sample_rate_hz=48_000)).measure_lengths()


def test_music_is_decoded_once_however_many_ask(
    tmp_path: Path, files: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def count(*given: Any, **named: Any) -> Any:
        asked.append(given)
        return load_jingles(*given, **named)

    monkeypatch.setattr(music_module, "load_jingles", count)
    music = open_music(tmp_path, files)
    with ThreadPoolExecutor(8) as pool:
        loaded = list(pool.map(lambda number: music.load(), range(16)))
    assert len(asked) == 1
    assert all(one is loaded[0] for one in loaded)


def test_a_key_is_the_file_s_content_and_what_is_made_of_it(tmp_path: Path, files: dict[str, Path]) -> None:
    """Neither its name, nor its folder, nor what else is heard."""
    key = open_music(tmp_path, files).key("open")
    moved = files["open"].rename(tmp_path / "other.wav")
    assert open_music(tmp_path / "elsewhere", {"theme": moved}).key("theme") == key
    others = [
        open_music(tmp_path, {"open": moved}, Sound(sample_rate_hz=48_000)).key("open"),
        open_music(tmp_path, {"open": moved}, Sound(channels=2)).key("open"),
        open_music(tmp_path, {"open": moved}, loops=frozenset({"open"})).key("open"),
    ]
    write_wav(moved, tone(1.5, hertz=441))
    others.append(open_music(tmp_path, {"open": moved}).key("open"))
    assert len({key, *others}) == 5


def test_a_programme_may_have_no_music(tmp_path: Path) -> None:
    music = open_music(tmp_path, {})
    assert (music.measure_lengths(), dict(music.load())) == ({}, {})


@pytest.mark.parametrize("content", [b"", b"RIFF", b"no sound at all" * 99])
def test_a_file_that_is_no_good_is_named_each_time(content: bytes, tmp_path: Path) -> None:
    """Nothing is kept of it that would hide it from the next run."""
    broken = tmp_path / "open.wav"
    broken.write_bytes(content)
    for _ in range(2):
        with pytest.raises(AudioError, match=rf"^{broken}: .*sound\.jingles\.open in station\.toml"):
            open_music(tmp_path, {"open": broken}).measure_lengths()
