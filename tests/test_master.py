"""The master, as its listeners get it: decoded again, then measured by two meters."""

import dataclasses
import datetime as dt
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from morning_edition.decode import decode_sound
from morning_edition.errors import AudioError
from morning_edition.loudness import measure_loudness
from morning_edition.master import CLOSE_ENOUGH_LU, Master, master_mix
from morning_edition.mix.jingles import BUILT_IN_FOLDER, load_jingles
from morning_edition.mix.mixing import Mix, mix_programme
from morning_edition.mix.running_order import JINGLE_NAMES
from morning_edition.mix.timeline import Chapter, Timeline
from morning_edition.script.script import Line, Script, Segment
from morning_edition.station import Cast, MasterProfile, Sound, Station
from morning_edition.takes import Take
from morning_edition.voices import USUAL, Utterance
from morning_edition.voices.registry import open_voice

STATION = Station(Path())
PROFILES = {"podcast": STATION.podcast, "flash": STATION.flash}

LINES = (
    "Good morning. Ferries crossed the bay on Monday for the first time in nine years.",
    "The council hopes that it will take cars off the coast road.",
    "“We never stopped looking at the water,” said the mayor.",
    "Thank you for listening.",
)


@cache
def programme(voice: str, sample_rate_hz: int = 44_100) -> Mix:
    """A real mix of four lines, each a part of the programme, and the built-in theme."""
    speaker = open_voice(voice, USUAL)
    kinds = ("intro", "quick_looks", "deep_look", "outro")
    parts = [Segment(kind, kind, (Line(text, text),)) for kind, text in zip(kinds, LINES, strict=True)]  # type: ignore[arg-type]
    script = Script("Ferries", dt.date(2024, 12, 6), "en-US", tuple(parts))
    takes = [
        Take(speaker.identity, line.spoken, speaker.speak(Utterance(line.spoken))) for line in script.lines
    ]
    files = {name: BUILT_IN_FOLDER / f"{name}.flac" for name in JINGLE_NAMES}
    music = load_jingles(files, sample_rate_hz)
    return mix_programme(script, takes, Cast(), Sound(sample_rate_hz=sample_rate_hz), music)


def mix_of(samples: Any, sample_rate_hz: int = 44_100) -> Mix:
    duration_ms = len(samples) * 1000 // sample_rate_hz
    timeline = Timeline(duration_ms, (), (Chapter("All", 0, duration_ms),))
    return Mix(samples.astype(np.float32), sample_rate_hz, timeline)


def speech_like(level_db: float, length_s: float = 6.0) -> Any:
    """Pulses in syllables, with pauses, at a level in dBFS (RMS)."""
    time = np.arange(round(44_100 * length_s)) / 44_100
    sound = np.sin(2 * np.pi * 150 * time) ** 5 * np.sin(2 * np.pi * 2 * time) ** 2
    sound *= np.sin(2 * np.pi * 0.2 * time) > -0.5
    return sound * 10 ** (level_db / 20) / np.sqrt(np.mean(sound**2))


def decoded(master: Master) -> Any:
    sound = decode_sound(master.mp3)
    assert sound.samples.shape[1] == 1
    return sound.samples[:, 0]


def true_peak_dbtp(samples: Any) -> float:
    """The highest value at eight times the rate, raised in the frequency domain, piece by piece."""
    highest = 0.0
    for start in range(0, len(samples), 1 << 16):
        piece = np.pad(samples[max(start - 4096, 0) : start + (1 << 16) + 4096].astype(np.float64), 4096)
        raised = np.fft.irfft(np.fft.rfft(piece), 8 * len(piece)) * 8
        highest = max(highest, float(np.abs(raised[8 * 8192 : -8 * 8192]).max(initial=0)))
    return 20 * float(np.log10(highest))


def ffmpeg_reading(master: Master, folder: Path) -> tuple[float, float]:
    """Integrated loudness and true peak, as the ffmpeg program hears the file."""
    program = shutil.which("ffmpeg") or pytest.skip("ffmpeg is not installed")
    path = folder / "master.mp3"
    path.write_bytes(master.mp3)
    command = [program, "-nostats", "-i", str(path), "-af", "ebur128=peak=true", "-f", "null", "-"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stderr
    summary = told[told.rindex("Summary:") :]
    (loudness,) = re.findall(r"I:\s+(\S+) LUFS", summary)
    (peak,) = re.findall(r"Peak:\s+(\S+) dBFS", summary)
    return float(loudness), float(peak)


@pytest.mark.parametrize("voice", ["tone", "espeak"])
@pytest.mark.parametrize("name", PROFILES)
def test_every_master_has_its_outlet_s_loudness_and_peak(name: str, voice: str, tmp_path: Path) -> None:
    """Within half a unit, by our meter and by ffmpeg's, and under the ceiling once decoded."""
    profile = PROFILES[name]
    master = master_mix(programme(voice), profile)
    heard = decoded(master)
    assert measure_loudness(heard, 44_100) == pytest.approx(profile.loudness_lufs, abs=0.5)
    assert true_peak_dbtp(heard) <= profile.true_peak_dbtp
    theirs, their_peak = ffmpeg_reading(master, tmp_path)
    assert theirs == pytest.approx(profile.loudness_lufs, abs=0.5)
    assert their_peak <= profile.true_peak_dbtp


@pytest.mark.parametrize("rate", [32_000, 48_000])
def test_every_sample_rate_of_a_programme_is_mastered_alike(rate: int) -> None:
    master = master_mix(programme("espeak", rate), STATION.podcast)
    sound = decode_sound(master.mp3)
    assert sound.sample_rate_hz == rate
    assert measure_loudness(sound.samples[:, 0], rate) == pytest.approx(-16, abs=0.5)
    assert true_peak_dbtp(sound.samples[:, 0]) <= -1


@pytest.mark.parametrize("name", PROFILES)
def test_the_numbers_told_are_the_ones_measured(name: str) -> None:
    """They are of the sound before the encoder, which moves them by little."""
    master = master_mix(programme("espeak"), PROFILES[name])
    heard = decoded(master)
    assert master.loudness_lufs == pytest.approx(measure_loudness(heard, 44_100), abs=0.2)
    assert master.true_peak_dbtp == pytest.approx(true_peak_dbtp(heard), abs=0.5)
    assert abs(master.loudness_lufs - PROFILES[name].loudness_lufs) <= CLOSE_ENOUGH_LU + 0.005


@pytest.mark.parametrize("bitrate_kbps", [64, 128, 192, 224, 320])
def test_no_bit_rate_changes_the_loudness(bitrate_kbps: int) -> None:
    """LAME has a gain of its own at some; the sound comes out of each as loud."""
    profile = dataclasses.replace(STATION.podcast, bitrate_kbps=bitrate_kbps)
    master = master_mix(mix_of(speech_like(-30)), profile)
    assert measure_loudness(decoded(master), 44_100) == pytest.approx(-16, abs=0.2)


@pytest.mark.parametrize("level_db", [-60, -20, 12])
@pytest.mark.parametrize("name", PROFILES)
def test_a_mix_may_come_in_at_any_level(name: str, level_db: float) -> None:
    profile = PROFILES[name]
    master = master_mix(mix_of(speech_like(level_db)), profile)
    heard = decoded(master)
    assert measure_loudness(heard, 44_100) == pytest.approx(profile.loudness_lufs, abs=0.5)
    assert true_peak_dbtp(heard) <= profile.true_peak_dbtp


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(0),
        np.zeros(44_100 * 3),
        np.full(44_100 * 3, 1e-6),
        speech_like(-90),
        np.ones(4410),
    ],
    ids=["nothing", "silence", "an offset", "faint", "less than any meter hears"],
)
def test_a_silent_mix_is_refused(samples: Any) -> None:
    with pytest.raises(AudioError, match=r"^the mix is silent; try another voice$"):
        master_mix(mix_of(samples), STATION.podcast)


def test_the_same_gain_is_heard_from_the_first_to_the_last_second() -> None:
    """A loud programme's parts keep their distance in level; what a listener turns up stays turned up."""
    quiet, loud = speech_like(-30, 5), speech_like(-24, 5)
    heard = decoded(master_mix(mix_of(np.concatenate([quiet, loud, quiet])), STATION.podcast))
    first, second, third = (measure_loudness(heard[at * 220_500 :][:220_500], 44_100) for at in range(3))
    assert second - first == pytest.approx(6, abs=0.5)
    assert third == pytest.approx(first, abs=0.2)


def test_peaks_are_turned_down_and_not_cut_off() -> None:
    """Under a full-scale peak a sine is still a sine: what the limiter adds stays 40 dB below it."""
    time = np.arange(44_100 * 4) / 44_100
    sound = 0.05 * np.sin(2 * np.pi * 300 * time)
    sound[44_100 * 2 : 44_100 * 2 + 4410] *= 18
    heard = decoded(master_mix(mix_of(sound), dataclasses.replace(STATION.podcast, bitrate_kbps=320)))
    burst = heard[44_100 * 2 + 441 : 44_100 * 2 + 3969]
    spectrum = np.abs(np.fft.rfft(burst * np.blackman(len(burst)))) ** 2
    tone = round(300 * len(burst) / 44_100)
    others = np.delete(spectrum, slice(tone - 4, tone + 5)).sum()
    assert 10 * np.log10(spectrum[tone - 4 : tone + 5].sum() / others) > 40


@pytest.mark.parametrize("name", PROFILES)
def test_the_master_is_as_long_as_the_mix(name: str) -> None:
    mix = programme("tone")
    master = master_mix(mix, PROFILES[name])
    assert master.duration_ms == mix.timeline.duration_ms
    assert len(decoded(master)) == len(mix.samples)


def test_a_profile_of_the_station_s_own_is_met() -> None:
    profile = MasterProfile(loudness_lufs=-23.0, true_peak_dbtp=-6.0, bitrate_kbps=128)
    heard = decoded(master_mix(programme("espeak"), profile))
    assert measure_loudness(heard, 44_100) == pytest.approx(-23, abs=0.5)
    assert true_peak_dbtp(heard) <= -6


def test_the_same_mix_gives_the_same_bytes() -> None:
    mix = mix_of(speech_like(-20, 3))
    assert master_mix(mix, STATION.podcast) == master_mix(mix, STATION.podcast)
