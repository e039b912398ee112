"""The mix, measured: every sound is where the timeline says, whole, at its gain, and without a click."""

import datetime as dt
import io
import os
import subprocess
import sys
import wave
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from morning_edition.errors import AudioError
from morning_edition.filters import Samples
from morning_edition.mix.dress import dress_take, fill_grid
from morning_edition.mix.ducking import shape_bed
from morning_edition.mix.jingles import BUILT_IN_FOLDER, find_jingles, load_jingles
from morning_edition.mix.mixing import BLOCK_MS, Mix, mix_programme
from morning_edition.mix.running_order import JINGLE_NAMES, JingleName, lay_out
from morning_edition.script.script import Line, Role, Script, Segment
from morning_edition.station import Cast, Jingles, Part, Sound, Station
from morning_edition.takes import Take
from morning_edition.voices import Speech, Utterance, Word
from morning_edition.voices.tone import ToneVoice

RATES = (32_000, 44_100, 48_000)
BUILT_IN: dict[JingleName, Path] = {name: BUILT_IN_FOLDER / f"{name}.flac" for name in JINGLE_NAMES}

SCRIPT = Script(
    "A day",
    dt.date(2024, 12, 6),
    "en-US",
    (
        Segment(
            "intro", "Intro", (Line("Good morning.", "Good morning."), Line("Ferries are back.", "Ferries"))
        ),
        Segment(
            "quick_looks",
            "Quick Looks",
            (
                Line("Here they are.", "Here they are"),
                Line("First: two boats.", "First two boats", opens="look"),
                Line("Second: a pier.", "Second a pier", opens="look"),
            ),
        ),
        Segment(
            "deep_look",
            "Deep Look",
            (
                Line("Now, the Deep Look.", "Now the deep look", "correspondent"),
                Line("Why they came back", "Why", "correspondent", opens="chapter", chapter="Why"),
                Line("“A way to work.”", "A way to work", "quote", opens="paragraph"),
            ),
        ),
        Segment("outro", "Outro", (Line("Thank you.", "Thank you"),)),
    ),
)


def outro(*spoken: str, pause_ms: int | None = None, role: Role = "anchor") -> Script:
    lines = tuple(Line(text, text, role, pause_ms=pause_ms) for text in spoken)
    return Script("Short", dt.date(2024, 12, 6), "en-US", (Segment("outro", "Outro", lines),))


def speak(script: Script) -> list[Take]:
    voice = ToneVoice()
    return [Take(voice.identity, line.spoken, voice.speak(Utterance(line.spoken))) for line in script.lines]


def write_wav(path: Path, sound: Any, rate: int = 44_100) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(sound, -1, 1) * 32767).round().astype("<i2").tobytes())
    return path


def tone(length_s: float, rate: int = 44_100, hertz: float = 440, peak: float = 0.25) -> Any:
    """It begins and ends in full swing."""
    return peak * np.cos(2 * np.pi * hertz * np.arange(round(length_s * rate)) / rate)


@pytest.fixture
def quiet(tmp_path: Path) -> dict[JingleName, Path]:
    """Jingles of which nothing is heard, so that only speech is."""
    seconds = {"open": 2.0, "bed": 1.0, "sting": 0.5, "bumper": 1.0, "close": 1.0}
    return {
        name: write_wav(tmp_path / f"quiet-{name}.wav", np.zeros(int(44_100 * seconds[name])))
        for name in JINGLE_NAMES
    }


def mixed(
    script: Script, jingles: dict[JingleName, Path], *, sound: Sound | None = None, cast: Cast | None = None
) -> Mix:
    sound = sound or Sound()
    music = load_jingles(jingles, sound.sample_rate_hz)
    return mix_programme(script, speak(script), cast or Cast(), sound, music)


def runs(samples: Any, rate: int) -> list[tuple[float, float]]:
    """Start and end in milliseconds of each stretch of sound; a break shorter than 20 ms does not count."""
    loud = np.flatnonzero(np.abs(samples) > np.abs(samples).max() * 0.02)
    breaks = np.flatnonzero(np.diff(loud) > rate // 50)
    firsts, lasts = loud[[0, *(breaks + 1)]], loud[[*breaks, -1]]
    return [(first * 1000 / rate, last * 1000 / rate) for first, last in zip(firsts, lasts, strict=True)]


def clicks(samples: Any, rate: int) -> list[float]:
    """The times in milliseconds where the second difference is 8 times its own RMS 10 ms either way.

    The second difference is the waveform's bend. Speech and music spread it over every swing, so that no
    value stands far above its neighbours (4.2 times at most in these mixes); a step, a splice that misses, a
    lost sample puts nearly all of it into two or three (16 to 23 times). Below -80 dBFS nothing is heard.
    """
    bend = np.abs(np.diff(samples.astype(np.float64), 2))
    size = rate // 50
    around = np.sqrt(np.convolve(bend**2, np.full(size, 1 / size), mode="same"))
    return [float(at * 1000 / rate) for at in np.flatnonzero(bend > 8 * np.maximum(around, 1e-4 / 8))]


def summed(script: Script, jingles: dict[JingleName, Path], sound: Sound) -> Samples:
    """The mix once more: every piece added in one go at its place."""
    rate = sound.sample_rate_hz
    dressed = [dress_take(take.speech, rate, sound.speech_lufs).samples for take in speak(script)]
    music = load_jingles(jingles, rate)
    lengths = {name: len(fill_grid(piece, rate)) * 1000 // rate for name, piece in music.items()}
    order = lay_out(script, [len(take) * 1000 // rate for take in dressed], lengths, sound)
    total = np.zeros(order.duration_ms * rate // 1000)
    for place in order.placements:
        if isinstance(place.piece, int):
            piece = dressed[place.piece]
        elif place.piece == "bed":
            piece = shape_bed(music["bed"], place, order.takes, sound.bed_db, rate)
        else:
            piece = music[place.piece]
        start = place.start_ms * rate // 1000
        total[start : start + len(piece)] += piece * 10 ** (place.gain_db / 20)
    return total.astype(np.float32)


@pytest.mark.parametrize("rate", RATES)
def test_every_cue_and_word_is_heard_when_it_says(rate: int, quiet: dict[JingleName, Path]) -> None:
    """Within 10 ms, each of them; and nothing is heard outside."""
    mix = mixed(SCRIPT, quiet, sound=Sound(sample_rate_hz=rate))
    cues = mix.timeline.cues
    heard = runs(mix.samples, rate)
    words = [word for cue in cues for word in cue.words]
    assert [word.text for word in words] == " ".join(line.spoken for line in SCRIPT.lines).split()
    assert [word.start_ms for word in words] == pytest.approx([start for start, _ in heard], abs=10)
    assert [word.end_ms for word in words] == pytest.approx([end for _, end in heard], abs=10)
    assert [cue.start_ms for cue in cues] == pytest.approx([cue.words[0].start_ms for cue in cues], abs=10)
    for cue in cues:
        assert cue.words[-1].end_ms <= cue.end_ms <= cue.words[-1].end_ms + 40


def test_cues_are_the_script_s_lines_in_order(quiet: dict[JingleName, Path]) -> None:
    timeline = mixed(SCRIPT, quiet).timeline
    kinds = [segment.kind for segment in SCRIPT.segments for _ in segment.lines]
    assert [(cue.text, cue.role, cue.segment) for cue in timeline.cues] == [
        (line.text, line.role, kind) for line, kind in zip(SCRIPT.lines, kinds, strict=True)
    ]
    assert all(before.end_ms <= after.start_ms for before, after in pairwise(timeline.cues))


@pytest.mark.parametrize("rate", RATES)
def test_the_sound_is_as_long_as_the_timeline_says(rate: int, quiet: dict[JingleName, Path]) -> None:
    mix = mixed(SCRIPT, quiet, sound=Sound(sample_rate_hz=rate))
    assert mix.sample_rate_hz == rate
    assert len(mix.samples) * 1000 == mix.timeline.duration_ms * rate
    assert mix.timeline.chapters[-1].end_ms == mix.timeline.duration_ms


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("over_ms", [10, 290, 350, 2010, 9990])
def test_a_programme_may_have_any_length(over_ms: int, rate: int, quiet: dict[JingleName, Path]) -> None:
    """Also those at which a millisecond is a broken number of samples, or a broken binary number."""
    sound = Sound(sample_rate_hz=rate)
    shorter_ms = mixed(outro("a", pause_ms=2000), quiet, sound=sound).timeline.duration_ms
    wanted_ms = 5 * BLOCK_MS + over_ms
    mix = mixed(outro("a", pause_ms=2000 + wanted_ms - shorter_ms), quiet, sound=sound)
    assert mix.timeline.duration_ms == wanted_ms
    assert len(mix.samples) * 1000 == wanted_ms * rate


@pytest.mark.parametrize("rate", RATES)
def test_the_mix_is_the_plain_sum_of_its_pieces(rate: int) -> None:
    """Sample for sample, across the blocks in which it is laid."""
    sound = Sound(sample_rate_hz=rate, music_db=-2.5, bumper_db=-7.0)
    mix = mixed(SCRIPT, BUILT_IN, sound=sound)
    assert mix.timeline.duration_ms > 2 * BLOCK_MS
    assert np.abs(mix.samples - summed(SCRIPT, BUILT_IN, sound)).max() < 1e-6


def test_a_tone_goes_through_the_blocks_joins_unbroken(tmp_path: Path, quiet: dict[JingleName, Path]) -> None:
    jingles = quiet | {"open": write_wav(tmp_path / "long.wav", tone(25, hertz=441))}
    samples = mixed(outro("a"), jingles).samples[44_100 : 44_100 * 23]
    turns = np.cos(2 * np.pi * 441 * np.arange(44_100, 44_100 * 23) / 44_100)
    assert np.abs(samples - 0.25 * turns).max() < 1e-4
    assert np.abs(np.diff(samples)).max() < 0.25 * 2 * np.pi * 441 / 44_100 + 1e-4


def test_the_loudest_settings_do_not_clip_the_mix(tmp_path: Path, quiet: dict[JingleName, Path]) -> None:
    """It is the master that holds peaks down, and it does not flatten them."""
    jingles = quiet | {"open": write_wav(tmp_path / "loud.wav", tone(2, peak=0.99))}
    sound = Sound(music_db=12.0, speech_lufs=-12.0)
    samples = mixed(outro("aaaaaaaa"), jingles, sound=sound).samples
    assert np.abs(samples).max() > 3.9
    assert np.abs(samples - summed(outro("aaaaaaaa"), jingles, sound)).max() < 1e-5


def test_each_role_stands_at_its_gain(quiet: dict[JingleName, Path]) -> None:
    def peak(role: Role, gain_db: float) -> float:
        cast = Cast(correspondent=Part(gain_db=gain_db), quote=Part(gain_db=-gain_db))
        return float(np.abs(mixed(outro("word", role=role), quiet, cast=cast).samples).max())

    anchor = peak("anchor", 6)
    assert 20 * np.log10(peak("correspondent", 6) / anchor) == pytest.approx(6, abs=0.1)
    assert 20 * np.log10(peak("quote", 6) / anchor) == pytest.approx(-6, abs=0.1)


def test_music_stands_at_its_gain(tmp_path: Path, quiet: dict[JingleName, Path]) -> None:
    files: dict[JingleName, Path] = {
        "open": write_wav(tmp_path / "open.wav", tone(2)),
        "bumper": write_wav(tmp_path / "bumper.wav", tone(2)),
    }
    mix = mixed(SCRIPT, quiet | files, sound=Sound(music_db=-6.0, bumper_db=-4.0))
    starts = {chapter.title: chapter.start_ms for chapter in mix.timeline.chapters}
    for at_ms, gain_db in ((0, -6), (starts["Deep Look"], -6), (starts["Why"], -10)):
        music = mix.samples[(at_ms + 100) * 441 // 10 : (at_ms + 700) * 441 // 10]
        assert 20 * np.log10(np.abs(music).max() / 0.25) == pytest.approx(gain_db, abs=0.05)


def test_the_bed_is_down_under_speech_by_its_setting(tmp_path: Path, quiet: dict[JingleName, Path]) -> None:
    """Heard in the short pause between two lines."""
    jingles = quiet | {"bed": write_wav(tmp_path / "bed.wav", tone(1, hertz=1000))}
    mix = mixed(SCRIPT, jingles, sound=Sound(bed_db=-20.0))
    first, second = mix.timeline.cues[0].words[-1], mix.timeline.cues[1].words[0]
    between = mix.samples[(first.end_ms + 8) * 441 // 10 : (second.start_ms - 8) * 441 // 10]
    assert 20 * np.log10(np.abs(between).max() / 0.25) == pytest.approx(-20, abs=0.3)


CODECS = {".wav": "pcm_s16le", ".flac": "flac", ".mp3": "libmp3lame", ".ogg": "libopus", ".m4a": "aac"}


def encode(path: Path, sound: Any, rate: int, layout: str) -> Path:
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(CODECS[path.suffix], rate=rate)
        stream.layout = layout
        for at in range(0, len(sound), 1024):
            block = np.repeat(sound[None, at : at + 1024], 1 if layout == "mono" else 2, axis=0)
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block, np.float32), "fltp", layout)
            frame.sample_rate, frame.pts = rate, at
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.mark.parametrize("layout", ["mono", "stereo"])
@pytest.mark.parametrize(
    ("kind", "rate"),
    [
        *((".wav", 8000), (".wav", 96_000), (".flac", 48_000), (".flac", 22_050), (".mp3", 44_100)),
        *((".mp3", 24_000), (".ogg", 48_000), (".ogg", 24_000), (".m4a", 44_100), (".m4a", 48_000)),
    ],
)
def test_a_station_s_own_jingle_is_heard_as_it_is(
    kind: str, rate: int, layout: str, tmp_path: Path, quiet: dict[JingleName, Path]
) -> None:
    """As long, as loud, as high and where it should be, whatever its format, rate and channels."""
    sound = np.zeros(2 * rate)
    sound[rate // 5 : rate * 7 // 10] = tone(0.5, rate, peak=0.4)
    own = encode(tmp_path / f"own{kind}", sound, rate, layout)
    station = Station(tmp_path, sound=Sound(jingles=Jingles(open=own.name)))
    mix = mixed(outro("a"), quiet | {"open": find_jingles(station)["open"]})
    (start, end), _ = runs(mix.samples, 44_100)
    assert [start, end] == pytest.approx([200, 700], abs=10)
    burst = mix.samples[44_100 * 3 // 10 : 44_100 // 2]
    assert np.sqrt(2 * np.mean(burst**2)) == pytest.approx(0.4, rel=0.05)
    assert np.argmax(np.abs(np.fft.rfft(burst * np.hanning(len(burst))))) / 0.2 == pytest.approx(440, abs=5)
    assert mix.timeline.cues[0].start_ms == pytest.approx(800, abs=10)


def test_a_missing_jingle_is_named_with_its_setting(tmp_path: Path) -> None:
    station = Station(tmp_path, sound=Sound(jingles=Jingles(sting="audio/jingles/ping.wav")))
    with pytest.raises(AudioError) as caught:
        find_jingles(station)
    assert str(caught.value) == (
        f"{tmp_path}/audio/jingles/ping.wav: no such file; sound.jingles.sting in station.toml names it "
        "(leave it empty for the built-in one)"
    )


@pytest.mark.parametrize("content", [b"", b"RIFF", b"no sound at all" * 99, b"<html>not found</html>"])
def test_a_broken_jingle_is_named(content: bytes, tmp_path: Path, quiet: dict[JingleName, Path]) -> None:
    broken = tmp_path / "bumper.wav"
    broken.write_bytes(content)
    with pytest.raises(AudioError, match=f"^{broken}: "):
        mixed(outro("a"), quiet | {"bumper": broken})


@pytest.mark.parametrize("rate", RATES)
def test_nothing_clicks_in_the_station_s_own_sound(rate: int) -> None:
    """Two intros long, so that the bed is repeated."""
    long = Segment(
        "intro", "Intro", tuple(Line("Good", "Good morning to all", pause_ms=1000) for _ in range(13))
    )
    script = Script("Long", SCRIPT.date, "en-US", (long, *SCRIPT.segments[1:]))
    mix = mixed(script, BUILT_IN, sound=Sound(sample_rate_hz=rate))
    assert clicks(mix.samples, rate) == []


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("length", [22_050, 22_051, 23_457])
def test_a_bed_cut_as_a_loop_is_one_at_every_rate(length: int, rate: int, tmp_path: Path) -> None:
    """Resampled, it has the same waves, and its end still leads into its start."""
    turns = 220 * np.arange(length) / length
    own = write_wav(tmp_path / "bed.wav", 0.5 * np.sin(2 * np.pi * turns))
    loop = load_jingles({"bed": own}, rate)["bed"]
    assert len(loop) == round(length * rate / 44_100)
    assert np.abs(loop - 0.5 * np.sin(2 * np.pi * 220 * np.arange(len(loop)) / len(loop))).max() < 1e-4


def test_jingles_cut_off_in_full_sound_do_not_click(tmp_path: Path) -> None:
    """Nor does a bed whose end does not lead into its start."""
    seconds = {"open": 2.0, "bed": 1.0013, "sting": 0.5, "bumper": 1.5, "close": 1.0}
    rough: dict[JingleName, Path] = {
        name: write_wav(tmp_path / f"{name}.wav", tone(seconds[name], hertz=331)) for name in JINGLE_NAMES
    }
    assert clicks(mixed(SCRIPT, rough).samples, 44_100) == []


@pytest.mark.parametrize("at", [44_100 * 4, 44_100 * 17])
def test_the_click_detector_finds_what_it_is_for(at: int) -> None:
    """A bare step, 30 samples lost, a gap of 3 ms, in the midst of music and speech."""
    samples = mixed(SCRIPT, BUILT_IN).samples
    step, gap = samples.copy(), samples.copy()
    step[at:] += 0.05
    gap[at : at + 126] = 0
    for damaged in (step, gap, np.delete(samples, slice(at, at + 30))):
        assert clicks(damaged, 44_100)


def test_a_programme_of_which_nothing_is_heard_is_refused(quiet: dict[JingleName, Path]) -> None:
    script = outro("one", "two")
    silent = [Take("none", line.spoken, Speech(bytes(48_000), 24_000)) for line in script.lines]
    with pytest.raises(AudioError, match="every take is silent; try another voice"):
        mix_programme(script, silent, Cast(), Sound(), load_jingles(quiet, 44_100))


def test_a_line_without_sound_has_no_cue(quiet: dict[JingleName, Path]) -> None:
    script = outro("one", "two", "three")
    takes = speak(script)
    takes[1] = Take("none", "two", Speech(bytes(48_000), 24_000, (Word("two", 0, 100),)))
    cues = mix_programme(script, takes, Cast(), Sound(), load_jingles(quiet, 44_100)).timeline.cues
    assert [cue.text for cue in cues] == ["one", "three"]


def test_the_report_counts_the_seconds_up_to_the_end(quiet: dict[JingleName, Path]) -> None:
    told: list[tuple[int, int]] = []
    script, music = outro("a", pause_ms=22_000), load_jingles(quiet, 44_100)
    mix_programme(
        script, speak(script), Cast(), Sound(), music, lambda done, total: told.append((done, total))
    )
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1][0] == told[-1][1] > 20
    assert len(told) == pytest.approx(told[-1][1] * 1000 / BLOCK_MS, abs=1)


def test_the_same_programme_gives_the_same_samples(quiet: dict[JingleName, Path]) -> None:
    assert mixed(SCRIPT, BUILT_IN).samples.tobytes() == mixed(SCRIPT, BUILT_IN).samples.tobytes()


WATCH = """
import os, os.path, sys
asked = []
def watch(real):
    def watched(path, *rest, **more):
        asked.append(str(path))
        return real(path, *rest, **more)
    return watched
os.access, os.path.isfile = watch(os.access), watch(os.path.isfile)
sys.addaudithook(lambda event, args: asked.append(f"{event} {args}") if event in
    {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn"} else None)
IMPORT
marks = ("ffmpeg", "avconv", "Popen", "os.")
print(*[name for name in asked if any(mark in name for mark in marks)], sep="\\n")
"""


def watched_import(statement: str, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run *statement* where the only ffmpeg is one that leaves a witness, and return what was looked for."""
    programs = folder / "bin"
    programs.mkdir()
    for name in ("ffmpeg", "avconv", "ffprobe", "avprobe"):
        (programs / name).write_text(f"#!/bin/sh\n/usr/bin/touch {folder / 'witness'}\n", encoding="utf-8")
        (programs / name).chmod(0o755)
    return subprocess.run(
        [sys.executable, *options, "-c", WATCH.replace("IMPORT", statement)],
        env={**os.environ, "PATH": str(programs)},
        cwd=programs,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_pydub_never_looks_for_a_program(tmp_path: Path) -> None:
    """Neither on the PATH nor in the working folder, and it runs none when sounds are laid."""
    statement = (
        "from morning_edition.mix.segments import AudioSegment\n"
        "one = AudioSegment(bytes(8000), sample_width=4, frame_rate=8000, channels=1)\n"
        "assert len(one.overlay(one, position=10).raw_data) == 8000"
    )
    done = watched_import(statement, tmp_path, "-W", "error::RuntimeWarning")
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "", "")
    assert not (tmp_path / "witness").exists()


def test_that_watch_would_see_it(tmp_path: Path) -> None:
    """pydub left to itself looks for one; without that, the test before this one would prove nothing."""
    done = watched_import("import warnings; warnings.simplefilter('ignore'); import pydub", tmp_path)
    assert "./avconv" in done.stdout.split("\n")


def test_pydub_s_own_warnings_reach_nobody(tmp_path: Path) -> None:
    """Compiled anew, it has some on every Python; here each of them would be an error."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", "import morning_edition.mix.segments"],
        env={**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_jingles_are_read_without_a_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    own = encode(tmp_path / "own.mp3", tone(1.0), 44_100, "stereo")
    assert len(load_jingles({"open": own}, 44_100)["open"]) == pytest.approx(44_100, abs=100)
    assert io.BytesIO(own.read_bytes()).read(3) != b"RIF"
