"""The station's own theme: what listeners and the mix may rely on in the five files that are shipped."""

import re
import subprocess
import sys
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = ROOT / "scripts" / "make-jingles"
BUILT_IN = ROOT / "src" / "morning_edition" / "starter" / "jingles"
STATION = ROOT / "audio" / "jingles"

RATE = 44_100
BAR = 94_500
"""Samples in a bar of four beats at 112 a minute."""
SECONDS = {"open": (5, 6), "bed": (12, 14), "sting": (1.0, 1.4), "bumper": (2.5, 3), "close": (6, 7)}
D_MAJOR = {2, 4, 6, 7, 9, 11, 1}
"""Counted in semitones above C."""
SHORT = ("open", "sting", "bumper", "close")
STEP_16_BIT = 1 / 32_768

Sound = np.ndarray[Any, Any]


def decoded(path: Path) -> Sound:
    with av.open(str(path)) as container:
        return np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)]) / 32_768


def shipped(name: str) -> Sound:
    return decoded(BUILT_IN / f"{name}.flac")


def readings(sound: Sound, folder: Path) -> dict[str, list[float]]:
    """FFmpeg's EBU R 128 meter, ten times a second: M and I in LUFS, true_peak in parts of full scale."""
    graph = av.filter.Graph()
    source = graph.add_abuffer(format="flt", sample_rate=RATE, layout="mono", time_base=Fraction(1, RATE))
    chain = [
        source,
        graph.add("ebur128", "metadata=1:peak=true"),
        graph.add("ametadata", mode="print", file=str(folder / "loudness"), direct="1"),
        graph.add("abuffersink"),
    ]
    for before, after in pairwise(chain):
        before.link_to(after)
    graph.configure()
    frame = av.AudioFrame.from_ndarray(sound.astype(np.float32)[np.newaxis], format="flt", layout="mono")
    frame.sample_rate, frame.pts = RATE, 0
    source.push(frame)
    source.push(None)
    with pytest.raises((av.error.EOFError, av.error.BlockingIOError)):
        while True:
            chain[-1].pull()
    report = (folder / "loudness").read_text(encoding="utf-8")
    return {
        key: [float(value) for value in re.findall(rf"r128\.{key}=(\S+)", report)]
        for key in ("M", "I", "true_peak")
    }


def clicks(sound: Sound) -> int:
    """Count the places where the second difference stands 12 times above its own RMS 10 ms either way.

    The second difference is the waveform's bend. In music it is spread over every swing of the wave, so that
    no value stands far above its neighbours (the theme's own come to 10 at most, where the shaker sets in);
    a splice that misses, or a dropped sample, puts nearly all of it into two or three samples (20 for a bare
    step). Below one 16-bit step it is rounding.
    """
    bend = np.abs(np.diff(sound, 2))
    window = np.full(882, 1 / 882)
    around = np.sqrt(np.convolve(bend**2, window, mode="same"))
    return int(np.sum(bend > 12 * np.maximum(around, STEP_16_BIT)))


def power(sound: Sound) -> tuple[Sound, Sound]:
    """Frequencies, and the part of the whole energy that lies on each."""
    size = max(len(sound), 1 << 18)
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), size)) ** 2
    hertz = np.arange(len(spectrum)) * (RATE / size)
    return hertz, spectrum / spectrum.sum()


def share(sound: Sound, low_hz: float, high_hz: float) -> float:
    hertz, part = power(sound)
    return float(part[(hertz >= low_hz) & (hertz < high_hz)].sum())


@pytest.mark.parametrize("name", SECONDS)
def test_both_folders_hold_the_same_file(name: str) -> None:
    assert (BUILT_IN / f"{name}.flac").read_bytes() == (STATION / f"{name}.flac").read_bytes()


def test_the_theme_stays_small() -> None:
    assert sum(path.stat().st_size for path in BUILT_IN.glob("*.flac")) < 900_000
    assert {path.stem for path in BUILT_IN.glob("*.flac")} == set(SECONDS)


@pytest.mark.parametrize("name", SECONDS)
def test_files_are_mono_flac_of_16_bits_without_tags(name: str) -> None:
    with av.open(str(BUILT_IN / f"{name}.flac")) as container:
        context = container.streams.audio[0].codec_context
        form = (context.name, context.sample_rate, context.layout.name, context.format.name)
        assert form == ("flac", RATE, "mono", "s16")
        assert not container.metadata


@pytest.mark.parametrize("name", SECONDS)
def test_each_piece_has_its_length(name: str) -> None:
    shortest, longest = SECONDS[name]
    assert shortest <= len(shipped(name)) / RATE <= longest


@pytest.mark.parametrize("name", SECONDS)
def test_pieces_are_level_with_each_other_and_the_bed_below(name: str, tmp_path: Path) -> None:
    heard = readings(shipped(name), tmp_path)
    # A sting is one gesture, hardly longer than the meter's window: its loudest 400 ms are what is heard.
    loudness = max(heard["M"]) if name == "sting" else heard["I"][-1]
    assert loudness == pytest.approx(-24 if name == "bed" else -20, abs=0.5)


@pytest.mark.parametrize("name", SECONDS)
def test_peaks_leave_3_db(name: str, tmp_path: Path) -> None:
    assert 20 * np.log10(max(readings(shipped(name), tmp_path)["true_peak"])) <= -3


@pytest.mark.parametrize("name", SHORT)
def test_pieces_begin_and_end_in_silence(name: str) -> None:
    sound = shipped(name)
    loudest = np.abs(sound).max()
    assert sound[0] == sound[-1] == 0
    assert np.abs(sound[: RATE // 1000]).max() < 0.02 * loudest
    assert np.abs(sound[-RATE * 30 // 1000 :]).max() < 0.01 * loudest


@pytest.mark.parametrize("name", SECONDS)
def test_nothing_clicks(name: str) -> None:
    sound = shipped(name)
    assert clicks(sound) == 0
    assert np.abs(np.diff(sound)).max() < 0.3 * np.abs(sound).max()


@pytest.mark.parametrize("name", SECONDS)
@pytest.mark.parametrize("place", [0.13, 0.37, 0.61, 0.88])
def test_a_bad_splice_would_be_found(name: str, place: float) -> None:
    sound = shipped(name)
    sound[int(place * len(sound)) :] += 0.08
    assert clicks(sound) > 0


def test_the_bed_is_whole_bars_and_its_end_runs_into_its_start() -> None:
    bed = shipped("bed")
    assert len(bed) % BAR == 0
    assert abs(bed[0] - bed[-1]) <= np.abs(np.diff(bed)).max()
    assert clicks(np.roll(bed, BAR // 2)) == 0


def test_the_bed_sounds_on_across_its_seam() -> None:
    """A loop that fades at its ends would pump at every turn."""
    turn = np.roll(shipped("bed"), BAR // 2)
    bars = [float(np.sqrt(np.mean(bar**2))) for bar in turn.reshape(-1, BAR)]
    assert bars[0] > 0.7 * np.mean(bars)


def test_a_loop_cut_short_would_be_found() -> None:
    """The seam's rule can fail."""
    found = [clicks(np.roll(shipped("bed")[:-cut], BAR // 2)) for cut in (100, 700, 1500, 2500)]
    assert any(found)


@pytest.mark.parametrize("name", SECONDS)
def test_there_is_no_direct_current(name: str) -> None:
    assert abs(shipped(name).mean()) < 1e-4


def test_the_bed_leaves_the_band_of_speech_open() -> None:
    bed = shipped("bed")
    assert share(bed, 0, 500) > 0.98
    assert share(bed, 500, 4000) < 0.01
    assert share(bed, 4000, RATE / 2) > share(bed, 1000, 4000)


@pytest.mark.parametrize("name", SHORT)
def test_the_theme_is_bright_without_being_sharp(name: str) -> None:
    sound = shipped(name)
    assert share(sound, 500, 3000) > 0.2
    assert share(sound, 3000, RATE / 2) < 0.02


def pitches(sound: Sound) -> list[float]:
    """How much of the *sound* lies on each of the twelve pitches, from C."""
    hertz, part = power(sound)
    heard = (hertz > 60) & (hertz < 4000)
    pitch = np.round(12 * np.log2(hertz[heard] / 440) + 9).astype(int) % 12
    return [float(part[heard][pitch == number].sum() / part[heard].sum()) for number in range(12)]


@pytest.mark.parametrize("name", SECONDS)
def test_all_five_are_in_one_key(name: str) -> None:
    shares = pitches(shipped(name))
    assert sum(shares[number] for number in D_MAJOR) > 0.95


def test_the_close_comes_to_rest_on_the_tonic() -> None:
    ring = shipped("close")[-2 * RATE :]
    shares = pitches(ring)
    assert shares.index(max(shares)) == 2
    hertz, part = power(ring)
    bass = hertz[np.argmax(np.where(hertz < 110, part, 0))]
    assert bass == pytest.approx(73.4, abs=1.5)


@pytest.fixture(scope="module")
def remade(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """What two runs of the script wrote."""
    folders = [tmp_path_factory.mktemp("jingles") for _ in range(2)]
    runs = [subprocess.Popen([sys.executable, str(SCRIPT), str(folder)]) for folder in folders]
    assert [run.wait(timeout=60) for run in runs] == [0, 0]
    return folders


@pytest.mark.parametrize("name", SECONDS)
def test_the_script_writes_the_same_bytes_each_time(name: str, remade: list[Path]) -> None:
    first, second = ((folder / f"{name}.flac").read_bytes() for folder in remade)
    assert first == second


@pytest.mark.parametrize("name", SECONDS)
def test_the_shipped_files_are_what_the_script_makes(name: str, remade: list[Path]) -> None:
    """Sample for sample; another processor's arithmetic may round one differently, and FLAC follows it."""
    made = decoded(remade[0] / f"{name}.flac")
    assert np.abs(made - shipped(name)).max() <= STEP_16_BIT


def test_the_script_says_how_to_get_what_it_lacks() -> None:
    run = subprocess.run([sys.executable, "-I", "-S", str(SCRIPT)], capture_output=True, text=True)
    assert run.returncode == 1
    assert "scripts/test" in run.stderr
    assert "Traceback" not in run.stderr
