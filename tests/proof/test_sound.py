"""How the sound of a master is judged: nothing in a clean one, and every fault that is planted."""

import dataclasses
import functools
import re
from collections.abc import Callable

import numpy as np
import pytest
import soxr

from morning_edition.decode import decode_sound
from morning_edition.filters import Samples, filter_samples
from morning_edition.loudness import measure_loudness
from morning_edition.mix.jingles import BUILT_IN_FOLDER
from morning_edition.mp3 import encode_mp3
from morning_edition.proof import Finding, MasterFigures
from morning_edition.proof.cue_sheet import CueSheet, LineSpan
from morning_edition.proof.measuring import Measured, join_measured, measure_sound
from morning_edition.proof.sound import figures, judge_sound
from morning_edition.voices import Utterance, Voice
from morning_edition.voices.espeak import EspeakVoice
from morning_edition.voices.flite import FliteVoice
from morning_edition.voices.tone import ToneVoice

RATE_HZ = 44_100
TARGET_LUFS = -30.0
CEILING_DBTP = -1.0
PAUSE_MS = 500

LINES = (
    "The first boat left the pier at sunrise, its deck full.",
    "Officials count passengers until spring.",
    "“People never stopped looking,” said the mayor.",
    "The old line closed after a storm.",
    "Plans for a second pier are to be put before the council.",
)
VOICES: dict[str, Callable[[], Voice]] = {
    "espeak": EspeakVoice,
    "espeak with a klatt voice": lambda: EspeakVoice("en+klatt2"),
    "tone": ToneVoice,
    "flite": FliteVoice,
}
BANDWIDTHS_HZ = {"espeak": 11_025, "espeak with a klatt voice": 11_025, "tone": 0, "flite": 8_000}


@dataclasses.dataclass
class Programme:
    """A programme as it goes into the encoder, to plant faults in."""

    samples: Samples
    sheet: CueSheet

    def span(self, number: int) -> slice:
        """The samples of a line."""
        line = self.sheet.lines[number]
        return slice(frame(line.start_ms), frame(line.end_ms))


def frame(time_ms: int) -> int:
    return time_ms * RATE_HZ // 1000


def fade(samples: Samples, length_ms: int = 5) -> Samples:
    ramp = np.sin(np.linspace(0, np.pi / 2, frame(length_ms), dtype=np.float32)) ** 2
    faded = samples.copy()
    faded[: len(ramp)] *= ramp
    faded[-len(ramp) :] *= ramp[::-1]
    return faded


def speak(voice: Voice, text: str) -> Samples:
    """One line at the target, trimmed with a little air, a whole number of 10 ms long."""
    speech = voice.speak(Utterance(text))
    sound = np.frombuffer(speech.pcm, "<i2").astype(np.float32) / 32768
    sound = soxr.resample(
        filter_samples(sound, speech.sample_rate_hz, [("highpass", "frequency=80")]),
        speech.sample_rate_hz,
        RATE_HZ,
    )
    loud = np.flatnonzero(np.abs(sound) > np.abs(sound).max() / 300)
    sound = sound[max(int(loud[0]) - frame(10), 0) : int(loud[-1]) + frame(30)]
    sound = fade(sound[: len(sound) // 441 * 441])
    return np.asarray(sound * 10 ** ((TARGET_LUFS - measure_loudness(sound, RATE_HZ)) / 20), np.float32)


@functools.cache
def clean(name: str) -> Programme:
    """Music, lines with pauses, a bed under the first of them, and music again."""
    music = {
        path.stem: decode_sound(path).samples.mean(axis=1).astype(np.float32) / 4
        for path in BUILT_IN_FOLDER.glob("*.flac")
    }
    voice = VOICES[name]()
    pieces: list[tuple[int, Samples]] = [(0, music["bumper"])]
    at_ms = len(music["bumper"]) * 1000 // RATE_HZ - 500
    lines, beds = [], [(0, at_ms + 500)]
    for row, text in enumerate(LINES, 3):
        take = speak(voice, text)
        if row == 3:
            bed = fade(np.resize(music["bed"], len(take) + frame(1600)), 800) / 6
            pieces.append((at_ms - 400, bed))
            beds.append((at_ms - 400, at_ms - 400 + len(bed) * 1000 // RATE_HZ))
        lines.append(LineSpan(at_ms, at_ms + len(take) * 1000 // RATE_HZ, row, pause_ms=PAUSE_MS))
        pieces.append((at_ms, take))
        at_ms = lines[-1].end_ms + PAUSE_MS
    pieces.append((at_ms, music["sting"]))
    beds.append((at_ms, at_ms + len(music["sting"]) * 1000 // RATE_HZ))
    laid = np.zeros(frame(beds[-1][1] + 300) // 576 * 576 + 576, np.float32)
    for start_ms, piece in pieces:
        laid[frame(start_ms) : frame(start_ms) + len(piece)] += piece
    laid *= np.float32(10 ** ((TARGET_LUFS - measure_loudness(laid, RATE_HZ)) / 20))
    return Programme(laid, CueSheet(tuple(lines), tuple(beds), 300, BANDWIDTHS_HZ[name]))


@pytest.fixture
def programme() -> Programme:
    made = clean("espeak")
    return Programme(made.samples.copy(), made.sheet)


def measure(samples: Samples) -> Measured:
    """What is measured of it as it is, as one reel: an encoder takes time, and no silence or step away."""
    return join_measured([(0, measure_sound(samples, RATE_HZ))], len(samples))


def hear(samples: Samples) -> Measured:
    """What is measured of it after an encoder."""
    narrow = np.clip(samples * 32767, -32768, 32767).round().astype(np.int16)
    heard = decode_sound(encode_mp3(narrow, sample_rate_hz=RATE_HZ, bitrate_kbps=96)).samples
    return measure(heard)


def judge(measured: Measured, sheet: CueSheet, **changed: float) -> tuple[Finding, ...]:
    asked = {"target_lufs": TARGET_LUFS, "ceiling_dbtp": CEILING_DBTP, **changed}
    return judge_sound(measured, master="podcast", bitrate_kbps=96, sheet=sheet, **asked)


def only(findings: tuple[Finding, ...], check: str) -> Finding:
    """The one finding of a *check*; every finding is complete, and in plain words."""
    for finding in findings:
        assert finding.master == "podcast"
        assert finding.text.endswith(".")
        assert "; " in finding.text
        assert not re.search(r"nan|inf\b|None|array", finding.text)
    (found,) = [finding for finding in findings if finding.check == check]
    return found


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(
            name,
            marks=pytest.mark.skipif(name == "flite" and not FliteVoice.is_available(), reason="no libflite"),
        )
        for name in VOICES
    ],
)
def test_nothing_is_found_in_a_clean_programme(name: str) -> None:
    """Whoever reads it: voices with soft and hard sounds, music with attacks, pauses as asked for."""
    made = clean(name)

    assert judge(hear(made.samples), made.sheet) == ()


@pytest.mark.parametrize("change_db", [0.8, -0.8])
def test_a_master_off_its_loudness_is_refused(programme: Programme, change_db: float) -> None:
    """More than half an LU off either way."""
    found = only(
        judge(measure(programme.samples * np.float32(10 ** (change_db / 20))), programme.sheet), "loudness"
    )

    assert found.severity == "failure"
    assert f"{TARGET_LUFS + change_db:.1f} LUFS" in found.text
    assert "[podcast]" in found.text


@pytest.mark.parametrize("length", [0, 576, 5 * RATE_HZ])
def test_silence_is_refused(length: int) -> None:
    """What cannot be measured is not published, and needs no list of lines that are not heard."""
    sound = np.zeros(length, np.float32)
    sheet = CueSheet((LineSpan(0, 4000, 3),))

    (found,) = judge_sound(
        measure(sound), master="flash", target_lufs=-14, ceiling_dbtp=-2, bitrate_kbps=256, sheet=sheet
    )

    assert (found.check, found.severity, found.master) == ("loudness", "failure", "flash")


def test_a_peak_over_the_ceiling_is_refused(programme: Programme) -> None:
    """It is told near where it is, with the ceiling; the loudness is as asked for."""
    heard = hear(programme.samples)
    peak_dbtp = 20 * np.log10(heard.true_peak)

    assert judge(heard, programme.sheet, ceiling_dbtp=peak_dbtp + 0.01) == ()
    found = only(judge(heard, programme.sheet, ceiling_dbtp=round(peak_dbtp - 0.3, 2)), "true peak")

    assert found.severity == "failure"
    assert f"{peak_dbtp:.2f} dBTP" in found.text
    place = int(np.abs(programme.samples).argmax()) * 1000 // RATE_HZ
    assert found.start_ms == pytest.approx(place, abs=30)


def test_clipped_sound_is_refused(programme: Programme) -> None:
    """Where it lies at full scale for several samples."""
    programme.samples[programme.span(2)] *= 40

    found = only(judge(hear(programme.samples), programme.sheet), "clipping")

    assert found.severity == "failure"
    assert found.start_ms is not None
    assert programme.sheet.lines[2].start_ms <= found.start_ms <= programme.sheet.lines[2].end_ms


def test_a_moment_far_over_the_target_is_told(programme: Programme) -> None:
    """Music that is 12 LU louder than all the rest startles."""
    start_ms = programme.sheet.music[-1][0] + 1000
    times = np.arange(frame(600)) / RATE_HZ
    programme.samples[frame(start_ms) : frame(start_ms + 600)] += fade(
        np.asarray(0.3 * np.sin(2 * np.pi * 1000 * times), np.float32), 50
    )

    found = only(judge(measure(programme.samples), programme.sheet, target_lufs=-29), "momentary loudness")

    assert found.severity == "warning"
    assert found.start_ms == pytest.approx(start_ms, abs=300)


def test_a_line_that_ends_in_full_wave_clicks(programme: Programme) -> None:
    """A take cut off where it is loud is refused, with its row."""
    cut = programme.span(3)
    stop_ms = programme.sheet.lines[3].end_ms
    end_ms = max(range(stop_ms - 900, stop_ms - 600), key=lambda ms: abs(programme.samples[frame(ms) - 1]))
    programme.samples[frame(end_ms) : cut.stop] = 0
    lines = list(programme.sheet.lines)
    lines[3] = dataclasses.replace(lines[3], end_ms=end_ms)
    lines[4] = dataclasses.replace(lines[4], pause_ms=lines[4].start_ms - end_ms)

    found = only(
        judge(hear(programme.samples), dataclasses.replace(programme.sheet, lines=tuple(lines))), "click"
    )

    assert (found.severity, found.row) == ("failure", 6)
    assert "ends with a click" in found.text
    assert found.start_ms == pytest.approx(end_ms, abs=2)


def test_a_click_between_the_lines_is_told(programme: Programme) -> None:
    """One in a pause, and a loud one in a line: a warning that says where the first is."""
    at_ms = programme.sheet.lines[2].end_ms + 200
    programme.samples[frame(at_ms)] += 0.03
    programme.samples[frame(programme.sheet.lines[3].start_ms + 777)] += 0.5

    found = only(judge(hear(programme.samples), programme.sheet), "click")

    assert found.severity == "warning"
    assert "2 clicks" in found.text
    assert found.start_ms == pytest.approx(at_ms, abs=2)


def test_at_a_low_rate_a_voice_may_be_sharp(programme: Programme) -> None:
    """At 24 kHz nothing in a line is taken for a click; what is in a pause still is."""
    spoken, pause = programme.span(3).start + frame(777), programme.span(3).start - frame(200)
    checks = []
    for at in (spoken, pause):
        samples = programme.samples.copy()
        samples[at : at + 2] += 0.5
        low = soxr.resample(samples, RATE_HZ, 24_000).astype(np.float32)
        measured = join_measured([(0, measure_sound(low, 24_000))], len(low))
        checks.append({finding.check for finding in judge(measured, programme.sheet)})

    assert [check & {"click"} for check in checks] == [set(), {"click"}]


def test_music_that_begins_at_once_is_no_click(programme: Programme) -> None:
    """Where a line ends and a drum begins at the same moment, the drum is meant."""
    at_ms = programme.sheet.lines[-1].end_ms
    programme.samples[frame(at_ms) : frame(at_ms + 30)] += 0.3 * np.linspace(
        1, 0, frame(30), dtype=np.float32
    )
    sheet = dataclasses.replace(programme.sheet, music=(*programme.sheet.music, (at_ms, at_ms + 500)))

    assert "click" in {finding.check for finding in judge(hear(programme.samples), programme.sheet)}
    assert "click" not in {finding.check for finding in judge(hear(programme.samples), sheet)}


@pytest.mark.parametrize(("missing_ms", "check"), [(700, "long pause"), (1500, "dead air")])
def test_a_pause_longer_than_asked_for_is_dead_air(programme: Programme, missing_ms: int, check: str) -> None:
    """Half a second more is told, a second more is refused, before the line that comes too late."""
    sheet, at = programme.sheet, programme.span(2).start - frame(250)
    later = [
        dataclasses.replace(line, start_ms=line.start_ms + missing_ms, end_ms=line.end_ms + missing_ms)
        for line in sheet.lines[2:]
    ]
    music = (*sheet.music[:-1], tuple(edge + missing_ms for edge in sheet.music[-1]))
    moved = dataclasses.replace(sheet, lines=(*sheet.lines[:2], *later), music=music)  # type: ignore[arg-type]
    samples = np.insert(programme.samples, at, np.zeros(frame(missing_ms), np.float32))

    (found,) = judge(measure(samples), moved)

    assert (found.check, found.row) == (check, 5)
    assert found.severity == ("failure" if check == "dead air" else "warning")
    assert f"{(PAUSE_MS + missing_ms) / 1000:.1f} s" in found.text
    asked = [dataclasses.replace(line, pause_ms=PAUSE_MS + missing_ms) for line in moved.lines]
    assert judge(measure(samples), dataclasses.replace(moved, lines=tuple(asked))) == ()


def test_a_missing_piece_of_music_is_dead_air(programme: Programme) -> None:
    """What the running order says is music, and is silence, is heard as such; so at the very end."""
    programme.samples[frame(programme.sheet.music[-1][0]) :] = 0

    found = only(judge(measure(programme.samples), programme.sheet), "dead air")

    assert found.severity == "failure"
    assert "the end" in found.text


@pytest.mark.parametrize("number", [0, 2])
def test_a_line_that_is_not_heard_is_refused(programme: Programme, number: int) -> None:
    """Silent where it should sound, whether or not music lies under it."""
    made = clean("tone")
    samples, span = programme.samples, programme.span(number)
    samples[span] = 0
    if number == 0:
        bed = made.samples[frame(made.sheet.music[-1][0]) :][: frame(1000)]
        samples[span] = np.resize(bed / np.abs(bed).max() / 200, span.stop - span.start)

    found = only(judge(measure(samples), programme.sheet), "silent line")

    assert (found.severity, found.row) == ("failure", number + 3)
    assert (found.start_ms, found.end_ms) == (
        programme.sheet.lines[number].start_ms,
        programme.sheet.lines[number].end_ms,
    )


@pytest.mark.parametrize("part", ["end", "start"])
def test_a_line_that_falls_silent_is_refused(programme: Programme, part: str) -> None:
    """Half of it is missing, at its end or its start, though its time is kept."""
    span = programme.span(4)
    middle = (span.start + span.stop) // 2
    half = slice(middle, span.stop) if part == "end" else slice(span.start, middle)
    programme.samples[half] = 0

    found = only(judge(measure(programme.samples), programme.sheet), "dead air")

    assert (found.severity, found.row) == ("failure", 7)


@pytest.mark.parametrize(("silent_ms", "severity"), [(1400, "warning"), (3500, "failure")])
def test_a_long_pause_in_a_line_is_told(programme: Programme, silent_ms: int, severity: str) -> None:
    """A voice may pause for breath, but not for seconds."""
    sheet, span = programme.sheet, programme.span(4)
    middle = (
        span.start + int(np.abs(programme.samples[span][frame(1000) : frame(2500)]).argmin()) + frame(1000)
    )
    before, after = programme.samples[:middle], programme.samples[middle:]
    silence = np.zeros(frame(silent_ms), np.float32)
    samples = np.concatenate([before[: -frame(5)], fade(before[-frame(10) :])[-frame(5) :], silence, after])
    last = dataclasses.replace(sheet.lines[4], end_ms=sheet.lines[4].end_ms + silent_ms)
    music = (*sheet.music[:-1], (sheet.music[-1][0] + silent_ms, sheet.music[-1][1] + silent_ms))

    found = judge(measure(samples), dataclasses.replace(sheet, lines=(*sheet.lines[:4], last), music=music))

    silences = [one for one in found if one.check in {"dead air", "long pause"}]
    assert [(one.severity, one.row) for one in silences] == [(severity, 7)]


@pytest.mark.parametrize(("step_db", "severity"), [(2.5, "warning"), (-2.5, "warning"), (6.0, "failure")])
def test_a_step_in_level_is_told(programme: Programme, step_db: float, severity: str) -> None:
    """From one line to the next; not where the role is read louder on purpose."""
    programme.samples[programme.span(4)] *= np.float32(10 ** (step_db / 20))
    changed = {"target_lufs": measure_loudness(programme.samples, RATE_HZ), "ceiling_dbtp": 3.0}

    found = only(judge(measure(programme.samples), programme.sheet, **changed), "level step")

    assert (found.severity, found.row) == (severity, 7)
    assert re.search(rf"{abs(step_db):.0f}?\.\d LU {'louder' if step_db > 0 else 'softer'}", found.text)
    lines = (*programme.sheet.lines[:4], dataclasses.replace(programme.sheet.lines[4], gain_db=step_db))
    assert (
        judge(measure(programme.samples), dataclasses.replace(programme.sheet, lines=lines), **changed) == ()
    )


@pytest.mark.parametrize(("offset", "severity"), [(0.003, "warning"), (-0.02, "failure")])
def test_an_offset_is_told(programme: Programme, offset: float, severity: str) -> None:
    """Direct current under everything: a tenth of a per cent is told, one per cent refused."""
    sound = np.asarray(programme.samples + np.float32(offset))

    found = only(judge(measure(sound), programme.sheet), "offset")
    assert found.severity == severity
    assert f"{offset:+.1%}" in found.text.replace(f"{offset:+.2%}", f"{offset:+.1%}")


def test_a_telephone_is_told(programme: Programme) -> None:
    """A voice that could reach 11 kHz and ends at 3.4; not one that has no more to give."""
    narrow = soxr.resample(soxr.resample(programme.samples, RATE_HZ, 7_400), 7_400, RATE_HZ)
    narrow = narrow[: len(programme.samples)].astype(np.float32)
    target = {"target_lufs": measure_loudness(narrow, RATE_HZ)}
    heard = hear(narrow)

    found = only(judge(heard, programme.sheet, **target), "bandwidth")

    assert found.severity == "warning"
    assert "3." in found.text
    assert "bandwidth" not in {
        finding.check
        for hz in (0, 4_000)
        for finding in judge(heard, dataclasses.replace(programme.sheet, voice_hz=hz), **target)
    }


@pytest.mark.parametrize(("levels_db", "way_out"), [((0.0, -16.0), "gain_db"), ((0.0, 0.0), "another voice")])
def test_a_range_out_of_bounds_is_told(levels_db: tuple[float, float], way_out: str) -> None:
    """A minute or more that goes from loud to soft, and one that stays at one level like a tone."""
    times = np.arange(RATE_HZ * 16) / RATE_HZ
    tone = 0.1 * np.sin(2 * np.pi * 440 * times)
    sound = np.concatenate([tone * 10 ** (level / 20) for level in levels_db * 2]).astype(np.float32)
    loudness = measure_loudness(sound, RATE_HZ)

    found = only(judge(measure(sound), CueSheet(()), target_lufs=loudness), "loudness range")
    assert found.severity == "warning"
    assert way_out in found.text


def report(samples: Samples) -> MasterFigures:
    return figures(
        hear(samples),
        master="podcast",
        file="episode.mp3",
        target_lufs=TARGET_LUFS,
        ceiling_dbtp=CEILING_DBTP,
    )


def test_figures_tell_what_was_measured(programme: Programme) -> None:
    """What the report shows is what is judged: loudness, peaks, and a value for each second."""
    told = report(programme.samples)

    assert (told.name, told.file) == ("podcast", "episode.mp3")
    assert told.duration_ms == len(programme.samples) * 1000 // RATE_HZ
    assert told.loudness_lufs == pytest.approx(TARGET_LUFS, abs=0.1)
    assert told.true_peak_dbtp == pytest.approx(20 * np.log10(np.abs(programme.samples).max()), abs=0.6)
    assert TARGET_LUFS < told.momentary_max_lufs < TARGET_LUFS + 10
    assert 9_000 < told.bandwidth_hz < 11_500
    assert 1000 < len(told.peaks) <= 2000
    assert max(told.peaks) == pytest.approx(10 ** (told.true_peak_dbtp / 20), rel=0.05)
    assert len(told.short_term_lufs) == pytest.approx(told.duration_ms / 1000 - 3, abs=1)


def test_figures_of_silence_are_told_as_such() -> None:
    """No loudness, no peak, and no value for any second."""
    told = report(np.zeros(10 * RATE_HZ, np.float32))

    assert told.loudness_lufs == told.momentary_max_lufs == -np.inf
    assert told.true_peak_dbtp < -100
    assert set(told.short_term_lufs) == {None}
    assert (told.bandwidth_hz, told.range_lu) == (0, 0.0)


def test_a_long_programme_is_judged_at_once() -> None:
    """Three hours with two thousand lines: what was measured of one reel, laid again and again."""
    made = clean("espeak")
    reel = measure_sound(made.samples[: len(made.samples) // 576 * 576], RATE_HZ)
    count = 10_800_000 // reel.duration_ms
    joined = join_measured([(number * reel.frames, reel) for number in range(count)], count * reel.frames)
    moved = [
        dataclasses.replace(
            line,
            start_ms=line.start_ms + round(number * reel.frames * 1000 / RATE_HZ),
            end_ms=line.end_ms + round(number * reel.frames * 1000 / RATE_HZ),
            pause_ms=2000,
        )
        for number in range(count)
        for line in made.sheet.lines
    ]
    sheet = CueSheet(tuple(moved), (), 300, 11_025)

    found = judge(joined, sheet)

    assert len(moved) > 1000
    assert {finding.severity for finding in found} <= {"warning"}
    assert len(joined.peaks) > 700_000
