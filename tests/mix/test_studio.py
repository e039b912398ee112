"""The studio, measured: each reel holds its sounds at their very places, and is known by what is in it."""

import dataclasses
import datetime as dt
import tracemalloc
import wave
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from morning_edition.errors import AudioError
from morning_edition.files import sha256_of
from morning_edition.filters import Samples
from morning_edition.kept import Kept
from morning_edition.loudness import measure_loudness
from morning_edition.mix import studio as studio_module
from morning_edition.mix.dress import dress_take
from morning_edition.mix.ducking import shape_music
from morning_edition.mix.jingles import BUILT_IN_FOLDER
from morning_edition.mix.music import Music
from morning_edition.mix.programme import Programme, lay_programme
from morning_edition.mix.running_order import Ducking, Placement
from morning_edition.mix.studio import Studio, TakeNote
from morning_edition.script.script import Line, Role, Script, Segment
from morning_edition.station import Bed, Rundown, Sound, Spot, Station
from morning_edition.station.sound import RATES_HZ
from morning_edition.takes import Take
from morning_edition.voices import Speech, Utterance, Word
from morning_edition.voices.espeak import EspeakVoice
from morning_edition.voices.tone import ToneVoice

NAMES = ("open", "bed", "sting", "bumper", "close")
BUILT_IN = {name: BUILT_IN_FOLDER / f"{name}.flac" for name in NAMES}
BARE = Rundown(Spot(), Spot(), Spot(), Spot(), Spot(), Spot(), Spot(), Bed(music=""))
RATE = 44_100

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
    lines = tuple(Line(text, text, role, pause_ms=pause_ms, opens="paragraph") for text in spoken)
    return Script("Short", dt.date(2024, 12, 6), "en-US", (Segment("outro", "Outro", lines),))


def speak(script: Script) -> list[Take]:
    voice = ToneVoice()
    return [
        Take(voice.identity, line.spoken, voice.speak(Utterance(line.spoken)), sha256_of(line.spoken))
        for line in script.lines
    ]


@dataclass
class Rendered:
    """A studio, and the programme that was laid out in it."""

    studio: Studio
    programme: Programme
    sound: Sound
    music: Music

    @property
    def samples(self) -> Samples:
        return np.concatenate([self.studio.mix_reel(reel) for reel in self.programme.reels])

    @property
    def keys(self) -> list[str]:
        return [self.studio.key(reel) for reel in self.programme.reels]


def rendered(
    folder: Path,
    script: Script = SCRIPT,
    files: Mapping[str, Path] = BUILT_IN,
    *,
    sound: Sound = Sound(),  # noqa: B008 - frozen
    rundown: Rundown = Rundown(),  # noqa: B008 - frozen
    takes: Sequence[Take] = (),
    lufs: Sequence[float] = (),
) -> Rendered:
    kept = Kept(folder / "reels", largest_mb=100)
    music = Music(files, frozenset({"bed"}), sound, kept)
    takes = takes or speak(script)
    studio = Studio(takes, lufs or [sound.speech_lufs] * len(takes), music, sound, kept)
    station = Station(folder, sound=sound, running_order=rundown)
    programme = lay_programme(script, studio.note_takes(), music.measure_lengths(), station)
    return Rendered(studio, programme, sound, music)


def summed(made: Rendered, script: Script = SCRIPT) -> Any:
    """The programme once more: every piece added in one go at its place, in doubles."""
    sound, order = made.sound, made.programme.order
    dressed = [
        dress_take(take.speech, sound.sample_rate_hz, sound.speech_lufs).samples for take in speak(script)
    ]
    total = np.zeros((order.length, sound.channels))
    for place in order.placements:
        if isinstance(place.piece, int):
            piece = dressed[place.piece][:, None] * sound.channels**-0.5
        else:
            piece = shape_music(made.music.load()[place.piece], place, 0, place.length)
        total[place.start : place.start + len(piece)] += piece[: order.length - place.start]
    return total


def write_wav(path: Path, sound: Any, rate: int = RATE) -> Path:
    """Write a sound of shape (frames,) or (frames, 2)."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1 if sound.ndim == 1 else 2)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(sound, -1, 1) * 32767).round().astype("<i2").tobytes())
    return path


def tone(length_s: float, rate: int = RATE, hertz: float = 440, peak: float = 0.25) -> Any:
    """It begins and ends in full swing."""
    return peak * np.cos(2 * np.pi * hertz * np.arange(round(length_s * rate)) / rate)


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


# A reel is the sum of what is placed in it.


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("rate", RATES_HZ)
def test_the_programme_is_the_plain_sum_of_its_pieces(rate: int, channels: int, tmp_path: Path) -> None:
    """Sample for sample, across its reels, with the station's own music."""
    rundown = Rundown(opening=Spot("open", -2.0, 1200, 50, 300), chapter=Spot("bumper", -7.0, 500))
    made = rendered(tmp_path, sound=Sound(sample_rate_hz=rate, channels=channels), rundown=rundown)
    assert len(made.programme.reels) >= 4
    assert made.samples.shape == (made.programme.order.length, channels)
    assert np.abs(made.samples - summed(made)).max() < 1e-6


def test_the_loudest_settings_do_not_clip(tmp_path: Path) -> None:
    """It is the master that holds peaks down, and it does not flatten them."""
    files = {**BUILT_IN, "close": write_wav(tmp_path / "loud.wav", tone(2, peak=0.99))}
    rundown = dataclasses.replace(BARE, closing=Spot("close", 20.0))
    made = rendered(tmp_path, outro("aaaa"), files, sound=Sound(music_db=10.0), rundown=rundown)
    assert np.abs(made.samples).max() > 30
    assert np.abs(made.samples - summed(made, outro("aaaa"))).max() < 1e-5


def test_each_take_stands_at_its_own_level(tmp_path: Path) -> None:
    """A part's gain in the cast is heard in full, and on nobody else."""
    levels = (-20.0, -26.0, -17.0)
    made = rendered(tmp_path, outro("word", "work", "worn"), rundown=BARE, lufs=levels)
    for place, lufs in zip(made.programme.order.takes, levels, strict=True):
        heard = np.tile(made.samples[place.start : place.end], (3, 1))
        assert measure_loudness(heard, RATE) == pytest.approx(lufs, abs=0.5)


def test_nothing_clicks_in_the_station_s_own_sound(tmp_path: Path) -> None:
    """Nor where the bed is repeated, nor between reels: the intro is longer than the bed."""
    long = Segment(
        "intro", "Intro", tuple(Line("Good", "Good morning to all", pause_ms=1500) for _ in range(9))
    )
    script = dataclasses.replace(SCRIPT, parts=(long, *SCRIPT.parts[1:]))
    for rate in (24_000, 44_100, 48_000):
        made = rendered(tmp_path, script, sound=Sound(sample_rate_hz=rate))
        bed = next(place for place in made.programme.order.placements if place.piece == "bed")
        assert bed.length > len(made.music.load()["bed"])
        assert clicks(made.samples[:, 0], rate) == []


def test_jingles_cut_off_in_full_sound_do_not_click(tmp_path: Path) -> None:
    """Nor does a bed whose end does not lead into its start."""
    seconds = {"open": 2.0, "bed": 1.0013, "sting": 0.5, "bumper": 1.5, "close": 1.0}
    rough = {name: write_wav(tmp_path / f"{name}.wav", tone(seconds[name], hertz=331)) for name in NAMES}
    assert clicks(rendered(tmp_path, files=rough).samples[:, 0], RATE) == []


@pytest.mark.parametrize("second", [4, 17])
def test_the_click_detector_finds_what_it_is_for(second: int, tmp_path: Path) -> None:
    """A bare step, 30 samples lost, a gap of 3 ms, in the midst of music and speech."""
    samples, at = rendered(tmp_path).samples[:, 0], second * RATE
    at += int(np.argmax(np.abs(samples[at : at + 3 * RATE])))
    step, gap = samples.copy(), samples.copy()
    step[at:] += 0.05
    gap[at : at + 126] = 0
    for damaged in (step, gap, np.delete(samples, slice(at, at + 30))):
        assert clicks(damaged, RATE)


def test_a_sound_that_would_go_on_behind_its_reel_is_cut_off_there(tmp_path: Path) -> None:
    """Whatever the running order says, a reel is as long as it is."""
    made = rendered(tmp_path)
    (reel,) = (reel for reel in made.programme.reels if reel.start == 0)
    short = dataclasses.replace(reel, length=1152 * 10)
    assert np.array_equal(made.studio.mix_reel(short), made.studio.mix_reel(reel)[: 1152 * 10])


# Mono and stereo.


def test_stereo_is_as_loud_as_mono(tmp_path: Path) -> None:
    mono, stereo = (
        measure_loudness(rendered(tmp_path, sound=Sound(channels=channels)).samples, RATE)
        for channels in (1, 2)
    )
    assert stereo == pytest.approx(mono, abs=0.02)


def test_voices_stand_in_the_middle(tmp_path: Path) -> None:
    mono, stereo = (
        rendered(tmp_path, rundown=BARE, sound=Sound(channels=channels)).samples for channels in (1, 2)
    )
    assert np.array_equal(stereo[:, 0], stereo[:, 1])
    assert stereo[:, 0] == pytest.approx(mono[:, 0] / np.sqrt(2), abs=1e-6)
    assert np.abs(stereo).max() > 0.05


def test_stereo_music_keeps_its_sides(tmp_path: Path) -> None:
    """And lies under a voice that stays in the middle."""
    sides = np.stack([tone(2, hertz=500), tone(2, hertz=800)], axis=1)
    files = {**BUILT_IN, "bed": write_wav(tmp_path / "sides.wav", sides)}
    rundown = dataclasses.replace(BARE, bed=Bed(under="outro"))
    made = rendered(tmp_path, outro("aa"), files, sound=Sound(channels=2), rundown=rundown)
    samples = made.samples[made.programme.order.takes[0].end + RATE // 5 :][: RATE // 2]
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))[:, None], axis=0))
    assert list(np.argmax(spectrum, axis=0) * 2) == [500, 800]
    assert spectrum[400, 0] < spectrum[400, 1] / 1000
    speech = made.samples[made.programme.order.takes[0].start :][: RATE // 10]
    left, right = speech.T.astype(np.float64)
    assert left @ right > 0.9 * np.sqrt((left @ left) * (right @ right))


# Reels are known by their content.


def test_what_is_said_elsewhere_leaves_a_reel_s_key_as_it_is(tmp_path: Path) -> None:
    """One line more at the programme's start moves all that follows, and changes one reel."""
    before = rendered(tmp_path)
    intro = SCRIPT.parts[0]
    longer = dataclasses.replace(intro, lines=(*intro.lines, Line("And more.", "And much more of that")))
    after = rendered(tmp_path, dataclasses.replace(SCRIPT, parts=(longer, *SCRIPT.parts[1:])))
    assert after.keys[1:] == before.keys[1:]
    assert after.keys[0] != before.keys[0]
    moved = [reel.start for reel in after.programme.reels[1:]]
    assert all(new > old.start for new, old in zip(moved, before.programme.reels[1:], strict=True))
    for new, old in zip(after.programme.reels[1:], before.programme.reels[1:], strict=True):
        assert np.array_equal(after.studio.mix_reel(new), before.studio.mix_reel(old))


def test_the_same_line_twice_is_one_reel_mixed_twice(tmp_path: Path) -> None:
    made = rendered(tmp_path, outro("same", "same", "same"), rundown=BARE)
    first, second, third = made.keys
    assert (first == second, second == third) == (False, False)  # the first one begins without a lead
    middle = rendered(tmp_path, outro("one", "same", "same", "two"), rundown=BARE).keys
    assert middle[1] == middle[2]
    assert len(set(middle)) == 3


DUCKING = Ducking(((900, 5000),), -16.0, 400, 700, 1200)
PLACE = Placement("bed", 100, 9000, -5.0, 300, 400, DUCKING)
OTHER_DUCKING: dict[str, Any] = {
    "speech": ((901, 5000),),
    "ducked_db": -15.9,
    "attack": 401,
    "release": 701,
    "shortest_gap": 1201,
}
OTHERS = {
    "another place": dataclasses.replace(PLACE, start=101),
    "another length": dataclasses.replace(PLACE, length=8999),
    "another gain": dataclasses.replace(PLACE, gain_db=-5.1),
    "another rise": dataclasses.replace(PLACE, fade_in=301),
    "another fall": dataclasses.replace(PLACE, fade_out=401),
    "other music": dataclasses.replace(PLACE, piece="open"),
    "no ducking": dataclasses.replace(PLACE, ducking=None),
    **{
        f"another {name}": dataclasses.replace(PLACE, ducking=dataclasses.replace(DUCKING, **{name: value}))
        for name, value in OTHER_DUCKING.items()
    },
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS.keys())
def test_whatever_changes_a_reel_s_music_changes_its_key(other: Placement, tmp_path: Path) -> None:
    made = rendered(tmp_path, outro("a"))
    reel = dataclasses.replace(made.programme.reels[0], length=11_520)
    keys = {made.studio.key(dataclasses.replace(reel, placements=(place,))) for place in (PLACE, other)}
    assert len(keys) == 2
    assert made.studio.key(dataclasses.replace(reel, length=12_672)) != made.studio.key(reel)


def test_another_take_level_rate_or_music_file_is_another_key(tmp_path: Path) -> None:
    """And what it was before is the key it had before."""
    script, sound = outro("a", "b"), Sound()
    first = rendered(tmp_path, script)
    other_take = [dataclasses.replace(speak(script)[0], key=sha256_of("another voice")), speak(script)[1]]
    louder = [sound.speech_lufs + 0.5, sound.speech_lufs]
    close = write_wav(tmp_path / "close.wav", tone(1))
    files = {**BUILT_IN, "close": close}
    own = rendered(tmp_path, script, files)
    write_wav(close, tone(1, peak=0.2))

    assert rendered(tmp_path, script).keys == first.keys
    assert rendered(tmp_path, script, takes=other_take).keys[0] != first.keys[0]
    assert rendered(tmp_path, script, takes=other_take).keys[1:] == first.keys[1:]
    assert rendered(tmp_path, script, lufs=louder).keys[0] != first.keys[0]
    for other in (Sound(sample_rate_hz=48_000), Sound(channels=2)):
        assert not set(rendered(tmp_path, script, sound=other).keys) & set(first.keys)
    assert rendered(tmp_path, script, files).keys[-1] != own.keys[-1]
    assert rendered(tmp_path, script, files).keys[:-1] == own.keys[:-1]


def test_a_longer_pause_inside_a_reel_changes_it_and_between_two_moves_the_second(tmp_path: Path) -> None:
    def keys(pause_ms: int, opens: Any) -> list[str]:
        lines = (Line("a", "a", pause_ms=pause_ms), Line("b", "b", opens=opens), Line("c", "c"))
        script = dataclasses.replace(SCRIPT, parts=(Segment("outro", "Outro", lines),))
        return rendered(tmp_path, script, rundown=BARE).keys

    inside, longer = keys(350, ""), keys(360, "")
    assert (len(inside), len(longer), set(inside) & set(longer)) == (1, 1, set())
    between, further = keys(900, "paragraph"), keys(1500, "paragraph")
    assert (len(between), between[1:]) == (2, further[1:])


# Nothing is done twice, and nothing is needed to be there.


def test_a_take_that_was_measured_before_is_not_touched(tmp_path: Path) -> None:
    """Its length and words are kept; its sound is asked for only by a reel."""
    first = rendered(tmp_path)
    gone = [dataclasses.replace(take, held=Speech(b"", 24_000, take.words)) for take in speak(SCRIPT)]
    again = rendered(tmp_path, takes=gone)
    assert again.programme == first.programme
    assert again.keys == first.keys


LINE = "Two boats came back."


def note_wordless(folder: Path, language: str = "en-US", *, text: str = LINE, gone: bool = False) -> TakeNote:
    """Note a take of the embedded voice that tells no words, or one of the same name that is silent."""
    speech = EspeakVoice().speak(Utterance(LINE))
    held = Speech(bytes(2 * len(speech.pcm) if gone else 0) or speech.pcm, speech.sample_rate_hz)
    other = speak(outro("a"))[0]  # not all of a programme is silent
    takes = [Take("mute", text, held, sha256_of(LINE)), other]
    kept = Kept(folder, largest_mb=10)
    music = Music({}, frozenset(), Sound(), kept)
    return Studio(takes, [-20, -20], music, Sound(), kept, language).note_takes()[0]


def test_words_are_looked_for_once(tmp_path: Path) -> None:
    """Those of a take that tells none are kept with its note, which a second run reads back."""
    first = note_wordless(tmp_path)
    assert (first.timing, [word.text for word in first.words]) == ("aligned", LINE.split())
    assert note_wordless(tmp_path, gone=True) == first


def test_words_are_looked_for_anew_where_others_were_read(tmp_path: Path) -> None:
    """In another language, or where the same sound goes with another text."""
    note_wordless(tmp_path)
    assert note_wordless(tmp_path, "tlh").timing == "estimated"
    assert [word.text for word in note_wordless(tmp_path, text="Boats came").words] == ["Boats", "came"]


def test_words_that_the_voice_tells_are_the_take_s_own(tmp_path: Path) -> None:
    """Also of a line that comes many times, whose takes are made ready side by side."""
    script = outro(*["Two boats"] * 12)
    cues = rendered(tmp_path, script, rundown=BARE).programme.timeline.cues
    assert [cue.timing for cue in cues] == ["voice"] * 12
    assert {tuple(word.end_ms - cue.start_ms for word in cue.words) for cue in cues} == {
        tuple(word.end_ms - cues[0].start_ms for word in cues[0].words)
    }


@pytest.mark.parametrize("harm", ["damaged", "a file in the way"])
def test_what_is_kept_only_saves_time(harm: str, tmp_path: Path) -> None:
    first = rendered(tmp_path / "first")
    if harm == "damaged":
        for path in (tmp_path / "first").rglob("*.kept"):
            path.write_bytes(path.read_bytes()[:-1] + b"\0\0")
        again = rendered(tmp_path / "first")
    else:
        (tmp_path / "reels").write_text("mine", "utf-8")
        again = rendered(tmp_path)
    assert again.programme == first.programme
    assert np.array_equal(again.samples, first.samples)


def test_threads_mix_the_same(tmp_path: Path) -> None:
    """Eight at once, the same reels among them, which share their takes."""
    script = outro(*"abcdefabcdef")
    made = rendered(tmp_path, script)
    with ThreadPoolExecutor(8) as pool:
        mixed = list(pool.map(made.studio.mix_reel, made.programme.reels * 2))
    alone = rendered(tmp_path / "other", script)
    assert np.array_equal(np.concatenate(mixed), np.tile(alone.samples, (2, 1)))


@pytest.mark.parametrize("bound", [0, 200_000])
def test_what_does_not_fit_is_made_again_and_is_the_same(
    bound: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = rendered(tmp_path / "usual").samples
    monkeypatch.setattr(studio_module, "MOST_HELD_BYTES", bound)
    assert np.array_equal(rendered(tmp_path / "little").samples, usual)


def test_a_long_programme_is_not_held_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two minutes of sound, 21 MB, where 2 MB may be held: no more than a few reels are there at once."""
    monkeypatch.setattr(studio_module, "MOST_HELD_BYTES", 2_000_000)
    pcm = (tone(3, 24_000) * 32_767).astype("<i2").tobytes()
    speech = Speech(pcm, 24_000, (Word("line", 0, 3000),))
    script = outro(*(f"line {number}" for number in range(40)))
    takes = [Take("tone", line.spoken, speech, sha256_of(line.spoken)) for line in script.lines]
    rendered(tmp_path, outro("a"), rundown=BARE)  # what is loaded once does not count
    tracemalloc.start()
    try:
        made = rendered(tmp_path, script, rundown=BARE, takes=takes)
        frames = sum(len(made.studio.mix_reel(reel)) for reel in made.programme.reels)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert frames > 120 * RATE
    assert peak < 10_000_000


def test_a_programme_of_which_nothing_is_heard_is_refused(tmp_path: Path) -> None:
    script = outro("one", "two")
    silent = [Take("none", line.spoken, Speech(bytes(48_000), 24_000), line.spoken) for line in script.lines]
    with pytest.raises(AudioError, match="every take is silent; try another voice"):
        rendered(tmp_path, script, takes=silent)


def test_a_broken_jingle_is_named_before_anything_is_mixed(tmp_path: Path) -> None:
    broken = tmp_path / "bumper.wav"
    broken.write_bytes(b"<html>not found</html>")
    with pytest.raises(AudioError, match=rf"^{broken}: .*sound\.jingles\.bumper in station\.toml"):
        rendered(tmp_path, outro("a"), {**BUILT_IN, "bumper": broken})
