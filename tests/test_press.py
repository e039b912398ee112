"""The press: masters measured on the files that it wrote, and nothing made a second time."""

import dataclasses
import datetime as dt
import re
import shutil
import subprocess
import wave
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mutagen.mp3 import MP3

from morning_edition import press as press_module
from morning_edition.decode import decode_sound
from morning_edition.errors import AudioError
from morning_edition.files import sha256_of
from morning_edition.filters import Samples
from morning_edition.kept import Kept
from morning_edition.loudness import measure_loudness
from morning_edition.master import measure_reel
from morning_edition.mix import studio as studio_module
from morning_edition.mix.dress import dress_take
from morning_edition.mix.jingles import BUILT_IN_FOLDER
from morning_edition.mix.music import Music
from morning_edition.mix.programme import Programme, lay_flash, lay_programme
from morning_edition.mix.reels import Reel
from morning_edition.mix.studio import Studio
from morning_edition.press import Order, Press, Pressed, Softer
from morning_edition.script.script import Line, Script, Segment
from morning_edition.station import Bed, MasterProfile, Rundown, Sound, Spot, Station
from morning_edition.station.sound import RATES_HZ, FlashProfile
from morning_edition.takes import Take
from morning_edition.voices import USUAL, Speech, Utterance
from morning_edition.voices.registry import open_voice

NAMES = ("open", "bed", "sting", "bumper", "close")
BUILT_IN = {name: BUILT_IN_FOLDER / f"{name}.flac" for name in NAMES}
BARE = Rundown(Spot(), Spot(), Spot(), Spot(), Spot(), Spot(), Spot(), Bed(music=""))
RATE = 44_100
TAG = b"ID3\4\0\0\0\0\0\x20" + bytes(32)
PODCAST, FLASH = MasterProfile(), FlashProfile()

LINES = (
    "Good morning. Ferries crossed the bay on Monday for the first time in nine years.",
    "The council hopes that it will take cars off the coast road.",
    "“We never stopped looking at the water,” said the mayor.",
    "Thank you for listening.",
)


def script_of(*texts: str) -> Script:
    """Each line is a part of the programme, as far as there are parts; the others are paragraphs."""
    kinds = ("intro", "quick_looks", "deep_look", "outro")
    parts = [Segment(kind, kind, (Line(text, text),)) for kind, text in zip(kinds, texts, strict=False)]  # type: ignore[arg-type]
    rest = tuple(Line(text, text, opens="paragraph") for text in texts[len(parts) :])
    parts[-1] = dataclasses.replace(parts[-1], lines=(*parts[-1].lines, *rest))
    return Script("Ferries", dt.date(2024, 12, 6), "en-US", tuple(parts))


def speak(script: Script, voice: str = "tone") -> list[Take]:
    speaker = open_voice(voice, USUAL)
    return [
        Take(
            speaker.identity,
            line.spoken,
            speaker.speak(Utterance(line.spoken)),
            sha256_of(f"{speaker.identity} {line.spoken}"),
        )
        for line in script.lines
    ]


class Watched(Studio):
    """A studio that notes what it was asked to mix."""

    asked: tuple[str, ...] = ()

    def mix_reel(self, reel: Reel) -> Samples:
        self.asked = (*self.asked, self.key(reel))
        return super().mix_reel(reel)


@dataclass
class Shop:
    """Everything between takes and masters, with what it keeps in *folder*."""

    folder: Path
    script: Script
    takes: Sequence[Take]
    sound: Sound
    rundown: Rundown
    files: Mapping[str, Path]
    told: list[tuple[str, int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.kept = Kept(self.folder / "reels", largest_mb=100)
        music = Music(self.files, frozenset({"bed"}), self.sound, self.kept)
        loudness = [self.sound.speech_lufs] * len(self.takes)
        self.studio = Watched(self.takes, loudness, music, self.sound, self.kept)
        station = Station(self.folder, sound=self.sound, running_order=self.rundown)
        notes, lengths = self.studio.note_takes(), music.measure_lengths()
        self.podcast: Programme = lay_programme(self.script, notes, lengths, station)
        self.flash = lay_flash(self.script, notes, lengths, station)

    def order(self, name: str, profile: MasterProfile | None = None) -> Order:
        programme = self.podcast if name == "podcast" else self.flash
        assert programme
        profile = profile or (PODCAST if name == "podcast" else FLASH)
        return Order(name, programme, profile, self.folder / f"{name}.mp3", lambda: TAG)

    def press(
        self, *orders: Order, softer_db: Softer | None = None, studio: Studio | None = None
    ) -> list[Pressed]:
        press = Press(studio or self.studio, self.sound, self.kept, lambda *stage: self.told.append(stage))
        return press.press(orders or [self.order("podcast"), self.order("flash")], softer_db or {})

    def press_until_under(self, order: Order) -> Pressed:
        """As a programme is made: reels that the encoder brought over the ceiling are pressed softer."""
        softer_db: dict[tuple[str, str], float] = {}
        for _ in range(4):
            (pressed,) = self.press(order, softer_db=softer_db)
            samples = decoded(pressed)
            for reel in order.programme.reels:
                over_db = true_peak_dbtp(samples[reel.start : reel.end]) - order.profile.true_peak_dbtp
                if over_db > 0:
                    key = self.studio.key(reel)
                    softer_db[order.name, key] = softer_db.get((order.name, key), 0.0) + over_db + 0.1
        return pressed

    @property
    def keys(self) -> list[str]:
        return [self.studio.key(reel) for reel in self.podcast.reels]


class Closed(Studio):
    """A studio in which nothing can be mixed any more."""

    def __init__(self, studio: Studio) -> None:
        self.key = studio.key  # type: ignore[method-assign]

    def mix_reel(self, reel: Reel) -> Samples:
        raise AssertionError(f"asked for the reel at {reel.start}")


def open_shop(
    folder: Path,
    texts: Sequence[str] = LINES,
    *,
    voice: str = "tone",
    sound: Sound = Sound(),  # noqa: B008 - frozen
    rundown: Rundown = Rundown(),  # noqa: B008 - frozen
    files: Mapping[str, Path] = BUILT_IN,
    takes: Sequence[Take] = (),
) -> Shop:
    folder.mkdir(exist_ok=True)
    script = script_of(*texts)
    return Shop(folder, script, takes or speak(script, voice), sound, rundown, files)


def write_wav(path: Path, sound: Any, rate: int = RATE) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes((np.clip(sound, -1, 1) * 32767).round().astype("<i2").tobytes())
    return path


def decoded(pressed: Pressed) -> Any:
    """The sound of the file that was written, of shape (frames, channels)."""
    return decode_sound(pressed.order.path).samples


def true_peak_dbtp(samples: Any) -> float:
    """The highest value at eight times the rate, raised in the frequency domain, piece by piece."""
    highest = 1e-9
    for start in range(0, len(samples), 1 << 16):
        piece = samples[max(start - 4096, 0) : start + (1 << 16) + 4096].astype(np.float64)
        padded = np.pad(piece, ((4096, 4096), (0, 0)))
        raised = np.fft.irfft(np.fft.rfft(padded, axis=0), 8 * len(padded), axis=0) * 8
        highest = max(highest, float(np.abs(raised[8 * 4096 : -8 * 4096]).max(initial=0)))
    return 20 * float(np.log10(highest))


def ffmpeg_reading(path: Path) -> tuple[float, float]:
    """Integrated loudness and true peak, as the ffmpeg program hears the file."""
    program = shutil.which("ffmpeg") or pytest.skip("ffmpeg is not installed")
    command = [program, "-nostats", "-i", str(path), "-af", "ebur128=peak=true", "-f", "null", "-"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stderr
    summary = told[told.rindex("Summary:") :]
    (loudness,) = re.findall(r"I:\s+(\S+) LUFS", summary)
    (peak,) = re.findall(r"Peak:\s+(\S+) dBFS", summary)
    return float(loudness), float(peak)


# Every outlet has its loudness and its peak.


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("voice", ["tone", "espeak"])
def test_every_master_has_its_outlet_s_loudness_and_peak(voice: str, channels: int, tmp_path: Path) -> None:
    """As reckoned, by our meter and by ffmpeg's, and under the ceiling once decoded."""
    shop = open_shop(tmp_path, voice=voice, sound=Sound(channels=channels))
    for pressed in shop.press():
        profile, heard = pressed.order.profile, decoded(pressed)
        assert pressed.level.loudness_lufs == pytest.approx(profile.loudness_lufs, abs=0.1)
        assert measure_loudness(heard, RATE) == pytest.approx(profile.loudness_lufs, abs=0.3)
        assert true_peak_dbtp(heard) <= profile.true_peak_dbtp
        theirs, their_peak = ffmpeg_reading(pressed.order.path)
        assert theirs == pytest.approx(profile.loudness_lufs, abs=0.3)
        assert their_peak <= profile.true_peak_dbtp
        assert heard.shape == (pressed.order.programme.order.length, channels)


KINDS: dict[str, tuple[Sequence[str], Rundown, Sound]] = {
    "speech alone": (LINES, BARE, Sound()),
    "one short line": (("Hello.",), BARE, Sound()),
    "one word over music": (("Hello.",), Rundown(), Sound()),
    "music far louder than speech": (LINES[:2], Rundown(), Sound(music_db=8.0, speech_lufs=-28.0)),
    "music under all of it": (LINES[:2], Rundown(bed=Bed(under="intro quick_looks")), Sound(music_db=0.0)),
    "long silences": (LINES, BARE, Sound(pauses=dataclasses.replace(Sound().pauses, segment_ms=5000))),
    "many paragraphs": (LINES * 4, Rundown(), Sound()),
}


@pytest.mark.parametrize(("texts", "rundown", "sound"), KINDS.values(), ids=KINDS.keys())
def test_programmes_of_every_kind_come_out_as_loud(
    texts: Sequence[str], rundown: Rundown, sound: Sound, tmp_path: Path
) -> None:
    shop = open_shop(tmp_path, texts, voice="espeak", sound=sound, rundown=rundown)
    for pressed in shop.press():
        target = pressed.order.profile.loudness_lufs
        assert pressed.level.loudness_lufs == pytest.approx(target, abs=0.1)
        assert measure_loudness(decoded(pressed), RATE) == pytest.approx(target, abs=0.3)
        assert pressed.level.gain_db == round(pressed.level.gain_db, 1)


@pytest.mark.parametrize("rate", RATES_HZ)
def test_every_sample_rate_of_a_programme_is_pressed_alike(rate: int, tmp_path: Path) -> None:
    """An MP3 of 24 kHz has no more than 160 kbit/s."""
    shop = open_shop(tmp_path, voice="espeak", sound=Sound(sample_rate_hz=rate))
    for pressed in shop.press():
        profile = pressed.order.profile
        sound = decode_sound(pressed.order.path)
        assert sound.sample_rate_hz == rate
        assert measure_loudness(sound.samples, rate) == pytest.approx(profile.loudness_lufs, abs=0.3)
        assert true_peak_dbtp(sound.samples) <= profile.true_peak_dbtp
        assert pressed.form.bitrate_kbps == min(profile.bitrate_kbps, 160 if rate == 24_000 else 320)
        assert len(sound.samples) == pressed.order.programme.order.length


def seconds() -> Any:
    return np.arange(RATE * 2) / RATE


HOSTILE = {
    "square bursts": lambda: (
        np.sign(np.sin(2 * np.pi * 440 * seconds())) * (np.sin(6 * np.pi * seconds()) > 0)
    ),
    "clicks": lambda: np.where(np.arange(RATE * 2) % 7001 == 0, 1.0, 0.0),
    "near Nyquist": lambda: np.sin(2 * np.pi * 15_500 * seconds() + 0.3),
    "a quarter of the rate": lambda: np.sin(np.pi / 2 * np.arange(RATE * 2) + np.pi / 4),
    "noise": lambda: np.random.default_rng(7).uniform(-1, 1, RATE * 2),
}


@pytest.mark.parametrize("bitrate_kbps", [48, 96, 256])
@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_sound_is_over_the_ceiling_once_it_is_decoded(
    make: Any, bitrate_kbps: int, tmp_path: Path
) -> None:
    """Though an encoder adds to the peaks of some by decibels: their reels are pressed again, softer."""
    files = {**BUILT_IN, "close": write_wav(tmp_path / "hostile.wav", make())}
    rundown = dataclasses.replace(BARE, closing=Spot("close", 12.0))
    shop = open_shop(tmp_path, LINES[:1], voice="espeak", rundown=rundown, files=files)
    order = shop.order("podcast", dataclasses.replace(PODCAST, bitrate_kbps=bitrate_kbps))
    assert true_peak_dbtp(decoded(shop.press_until_under(order))) <= PODCAST.true_peak_dbtp


def test_a_softer_reel_leaves_all_others_as_they_are(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, rundown=BARE)
    (usual,) = shop.press(shop.order("podcast"))
    before, file = decoded(usual), usual.order.path.read_bytes()
    reel = shop.podcast.reels[1]
    (softer,) = shop.press(shop.order("podcast"), softer_db={("podcast", shop.studio.key(reel)): 9.0})
    after = decoded(softer)
    inside = slice(reel.start, reel.end)
    assert softer.level == usual.level
    assert true_peak_dbtp(after[inside]) < min(true_peak_dbtp(before[inside]), usual.level.ceiling_db - 8)
    assert np.array_equal(after[: reel.start], before[: reel.start])
    assert np.array_equal(after[reel.end :], before[reel.end :])
    places = [(place.start, place.end) for place in usual.stream.reels]
    assert [(place.start, place.end) for place in softer.stream.reels] == places
    same = [
        file[usual.sound_at + start : usual.sound_at + end]
        == softer.order.path.read_bytes()[softer.sound_at + start : softer.sound_at + end]
        for start, end in places
    ]
    assert same == [number != 1 for number in range(len(places))]


def test_silence_cannot_be_pressed(tmp_path: Path) -> None:
    """A programme of which there is only what no meter hears."""
    files = {**BUILT_IN, "close": write_wav(tmp_path / "silent.wav", np.zeros(RATE))}
    rundown = dataclasses.replace(BARE, closing=Spot("close"))
    faint = np.full(100, 40, "<i2").tobytes() + bytes(2000)
    takes = [Take("none", "a", Speech(faint, 24_000), sha256_of("a"))]
    shop = open_shop(tmp_path, ["a"], rundown=rundown, files=files, takes=takes)
    order = shop.order("podcast")
    silent = dataclasses.replace(order.programme, reels=order.programme.reels[-1:])
    with pytest.raises(AudioError, match=r"^the mix is silent; try another voice$"):
        shop.press(dataclasses.replace(order, programme=silent))


# Files.


@pytest.mark.parametrize("name", ["podcast", "flash"])
def test_other_programs_read_what_was_written(name: str, tmp_path: Path) -> None:
    shop = open_shop(tmp_path)
    (pressed,) = shop.press(shop.order(name))
    content = pressed.order.path.read_bytes()
    assert content.startswith(TAG)
    assert (pressed.sound_at, len(content)) == (len(TAG), len(TAG) + pressed.stream.total_bytes)
    bare = tmp_path / "bare.mp3"
    bare.write_bytes(content[pressed.sound_at :])
    info: Any = MP3(bare).info
    programme = pressed.order.programme
    assert info.length * 1000 == pytest.approx(programme.timeline.duration_ms, abs=1)
    assert (info.sample_rate, info.channels) == (RATE, 1)
    assert info.bitrate == pytest.approx(pressed.order.profile.bitrate_kbps * 1000, abs=200)
    assert len(pressed.stream.reels) == len(programme.reels)
    assert all(before.end == after.start for before, after in pairwise(pressed.stream.reels))


def test_each_reel_is_heard_where_the_programme_has_it(tmp_path: Path) -> None:
    """To the frame: what is decoded and what was mixed rise and fall together, at one gain."""
    shop = open_shop(tmp_path, LINES[:2], voice="espeak", rundown=BARE)
    (pressed,) = shop.press(shop.order("podcast", MasterProfile(loudness_lufs=-26, bitrate_kbps=192)))
    heard = decoded(pressed)[:, 0]
    for reel in shop.podcast.reels:
        mixed = shop.studio.mix_reel(reel)[:, 0] * np.float32(10 ** (pressed.level.gain_db / 20))
        error = heard[reel.start : reel.end] - mixed
        assert 10 * np.log10(np.mean(error**2) / np.mean(mixed**2)) < -20


def test_a_file_that_cannot_be_written_is_an_error_of_the_disk(tmp_path: Path) -> None:
    shop = open_shop(tmp_path)
    order = dataclasses.replace(shop.order("podcast"), path=tmp_path / "nowhere" / "podcast.mp3")
    with pytest.raises(FileNotFoundError):
        shop.press(order)


def test_every_stage_is_told_to_its_end(tmp_path: Path) -> None:
    shop = open_shop(tmp_path)
    shop.press()
    assert list(dict.fromkeys(stage for stage, _, _ in shop.told)) == ["mix", "master"]
    for stage in ("mix", "master"):
        steps = [(done, total) for name, done, total in shop.told if name == stage]
        assert steps == [(done, steps[0][1]) for done in range(steps[0][1] + 1)]


# Nothing is made twice.


def contents(pressed: Sequence[Pressed]) -> list[bytes]:
    return [one.order.path.read_bytes() for one in pressed]


def test_both_masters_are_pressed_from_one_mixing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each reel is dressed, mixed and measured once, though two masters hold it at two levels."""
    dressed, measured = [], []
    shop = open_shop(tmp_path)
    dress, measure = dress_take, measure_reel

    def count_dressing(*given: Any) -> Any:
        dressed.append(given[0])
        return dress(*given)

    def count_measuring(*given: Any) -> Any:
        measured.append(given[0])
        return measure(*given)

    monkeypatch.setattr(studio_module, "dress_take", count_dressing)
    monkeypatch.setattr(press_module, "measure_reel", count_measuring)
    shop.press()
    assert shop.flash
    reels = {shop.studio.key(reel) for reel in (*shop.podcast.reels, *shop.flash.reels)}
    assert len(measured) == len(reels)
    assert len(dressed) <= 1 + len(shop.flash.reels)  # all were held from the laying out, but for another end


def test_the_same_again_encodes_nothing(tmp_path: Path) -> None:
    """Another run finds all that it needs: it gives the same bytes from a studio that mixes no more."""
    first = contents(open_shop(tmp_path).press())
    again = open_shop(tmp_path)
    assert contents(again.press(studio=Closed(again.studio))) == first


def test_what_is_kept_does_not_change_what_is_made(tmp_path: Path) -> None:
    """Cold, warm, and where nothing can be kept."""
    cold = contents(open_shop(tmp_path / "one").press())
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "reels").write_text("in the way", "utf-8")
    assert contents(open_shop(tmp_path / "two").press()) == cold


def test_frames_that_are_too_many_to_hold_are_read_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = contents(open_shop(tmp_path / "one").press())
    monkeypatch.setattr(press_module, "MOST_HELD_BYTES", 0)
    assert contents(open_shop(tmp_path / "two").press()) == usual
    (tmp_path / "three").mkdir()
    (tmp_path / "three" / "reels").write_text("in the way", "utf-8")
    assert contents(open_shop(tmp_path / "three").press()) == usual


@pytest.mark.parametrize("cores", [1, 3])
def test_as_many_cores_as_there_are_give_the_same_bytes(
    cores: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = contents(open_shop(tmp_path / "usual").press())
    for module in (press_module, studio_module):
        monkeypatch.setattr(module, "CORES", cores)
    assert contents(open_shop(tmp_path / "other").press()) == usual


def test_one_changed_take_is_one_reel_encoded(tmp_path: Path) -> None:
    """All other reels keep their bytes, where the programme's gain stays the same to the tenth."""
    texts = [f"Line number {number} of many." for number in range(12)]
    first = open_shop(tmp_path, texts, rundown=BARE)
    (before,) = first.press(first.order("podcast"))
    old = before.order.path.read_bytes()
    changed = open_shop(tmp_path, [*texts[:6], "Line thirteen, not six.", *texts[7:]], rundown=BARE)
    (after,) = changed.press(changed.order("podcast"))
    new = after.order.path.read_bytes()
    assert after.level.gain_db == before.level.gain_db
    (key,) = set(changed.keys) - set(first.keys)
    assert set(changed.studio.asked) == {key}
    reels = [
        {file[one.sound_at + place.start : one.sound_at + place.end] for place in one.stream.reels}
        for one, file in ((before, old), (after, new))
    ]
    assert len(reels[1] - reels[0]) == 1


def test_another_gain_is_another_encoding_but_no_other_mixing(tmp_path: Path) -> None:
    """A master at another loudness needs the reels once more; how loud they are is known."""
    open_shop(tmp_path).press()
    again = open_shop(tmp_path)
    louder = again.order("podcast", MasterProfile(loudness_lufs=-18))
    again.press(louder)
    assert sorted(again.studio.asked) == sorted(set(again.keys))


@pytest.mark.parametrize(
    "damage",
    [lambda content: content[:-1], lambda content: b"", lambda content: content[:99] + b"\0" * 99],
    ids=["cut short", "empty", "overwritten"],
)
def test_what_was_kept_and_damaged_is_made_again(damage: Any, tmp_path: Path) -> None:
    first = contents(open_shop(tmp_path).press())
    for path in (tmp_path / "reels").rglob("*.kept"):
        path.write_bytes(damage(path.read_bytes()))
    assert contents(open_shop(tmp_path).press()) == first
    again = open_shop(tmp_path)
    assert contents(again.press(studio=Closed(again.studio))) == first


def test_a_reel_that_comes_twice_is_encoded_once(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, ["one", "two", "three", "same", "same", "same", "same", "last"], rundown=BARE)
    (pressed,) = shop.press(shop.order("podcast"))
    assert len(shop.podcast.reels) > len(set(shop.keys))
    assert len(shop.studio.asked) == 2 * len(set(shop.keys))  # to measure it, and to encode it
    assert decoded(pressed).shape[0] == shop.podcast.order.length
