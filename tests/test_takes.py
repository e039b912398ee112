"""How lines become takes: in order, each spoken once, side by side, and kept."""

import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from morning_edition.errors import AudioError, VoiceError
from morning_edition.paces import Paces
from morning_edition.pronunciation.diction import Diction
from morning_edition.pronunciation.entries import read_entry
from morning_edition.pronunciation.lexicon import Lexicon
from morning_edition.script.script import Line, Role
from morning_edition.take_cache import KeptTake, TakeCache
from morning_edition.takes import Take, Tally, estimate_lines, speak_lines
from morning_edition.voices import (
    NO_OPTIONS,
    USUAL,
    Delivery,
    Option,
    Speech,
    Traits,
    Utterance,
    Voice,
    VoiceNote,
)
from morning_edition.voices.tone import ToneVoice


class Recorder:
    """A voice of tones that notes what it was asked to say, and how many lines at once."""

    def __init__(self, name: str = "", delivery: Delivery = USUAL) -> None:
        self._tone = ToneVoice(name, delivery)
        self.heard: list[str] = []
        self.given: list[Utterance] = []
        self.at_once = 1
        self.most_at_once = 0
        self.before: Callable[[str], object] = lambda text: None
        """Called with each line before it is spoken."""
        self._now = 0
        self._lock = threading.Lock()

    @property
    def identity(self) -> str:
        return f"recorder {self._tone.identity}"

    @property
    def traits(self) -> Traits:
        return Traits(lines_at_once=self.at_once)

    def speak(self, line: Utterance) -> Speech:
        text = line.text
        with self._lock:
            self.heard.append(text)
            self.given.append(line)
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        try:
            self.before(text)
            return self._tone.speak(line)
        finally:
            with self._lock:
                self._now -= 1

    @classmethod
    def catalogue(cls, options: Mapping[str, Option] = NO_OPTIONS) -> tuple[VoiceNote, ...]:
        return ToneVoice.catalogue()


class Guest(Recorder):
    """The same, of another engine."""

    @property
    def identity(self) -> str:
        return f"guest {self._tone.identity}"


class Mute(Recorder):
    """A voice that gives a sound of its own choice."""

    sound = b""

    @property
    def identity(self) -> str:
        return "mute 1"

    def speak(self, line: Utterance) -> Speech:
        return Speech(self.sound, 24_000)


def lines_of(*texts: str, role: Role = "anchor") -> list[Line]:
    return [Line(text, text, role) for text in texts]


def cast_of(anchor: Voice, quote: Voice | None = None) -> Mapping[Role, Voice]:
    return {"anchor": anchor, "co_anchor": anchor, "correspondent": anchor, "quote": quote or anchor}


def speak(
    voice: Voice, texts: Sequence[str], cache: TakeCache, report: Callable[[Tally], None] = lambda tally: None
) -> tuple[Take, ...]:
    return speak_lines(lines_of(*texts), cast_of(voice), cache, report)


def count_cached(
    lines: Sequence[Line],
    cast: Mapping[Role, Voice],
    cache: TakeCache,
    utter: Callable[[str], Utterance] = Utterance,
) -> int:
    """Return how many of *lines*, each as often as it comes, need not be spoken."""
    estimate = estimate_lines(lines, cast, cache, utter, 160)
    return estimate.lines - estimate.lines_to_speak


def tones(*texts: str) -> list[Speech]:
    return [ToneVoice().speak(Utterance(text)) for text in texts]


TEXTS = ("Good morning.", "It is Monday.", "Ferries return to Kestrel Bay.", "The end.")


@pytest.fixture
def cache(tmp_path: Path) -> TakeCache:
    return TakeCache(tmp_path / "takes")


def take_files(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "takes").rglob("*") if path.is_file()]


# Every line is spoken, once.


def test_each_line_is_one_take_in_order(cache: TakeCache) -> None:
    """Whichever line is done first, the takes stand as the lines do."""
    voice = Recorder()
    voice.at_once = 4
    voice.before = lambda text: time.sleep(0.05 if text == TEXTS[0] else 0)
    takes = speak(voice, TEXTS, cache)

    assert [(take.voice, take.spoken) for take in takes] == [(voice.identity, text) for text in TEXTS]
    assert [take.speech for take in takes] == tones(*TEXTS)


def test_a_line_that_comes_twice_is_spoken_once(cache: TakeCache) -> None:
    """A refrain costs nothing, and stands wherever it comes."""
    voice = Recorder()
    takes = speak(voice, ["Sport.", "A goal.", "Sport.", "A try.", "Sport."], cache)

    assert sorted(voice.heard) == ["A goal.", "A try.", "Sport."]
    assert [take.spoken for take in takes] == ["Sport.", "A goal.", "Sport.", "A try.", "Sport."]
    assert [take.speech for take in takes] == tones("Sport.", "A goal.", "Sport.", "A try.", "Sport.")


def test_a_second_run_speaks_nothing(cache: TakeCache) -> None:
    """What was spoken once is the same the next time, word times included."""
    first = speak(Recorder(), TEXTS, cache)
    voice = Recorder()

    assert speak(voice, TEXTS, cache) == first
    assert voice.heard == []


def test_only_what_has_changed_is_spoken_again(cache: TakeCache) -> None:
    voice = Recorder()
    speak(voice, TEXTS, cache)
    voice.heard.clear()
    speak(voice, [TEXTS[3], "It is Tuesday.", TEXTS[0]], cache)

    assert voice.heard == ["It is Tuesday."]


def test_no_lines_are_no_takes(cache: TakeCache) -> None:
    assert speak(Recorder(), [], cache) == ()


# What a take is kept by.


@pytest.mark.parametrize(
    "other",
    [
        Line("Other letters on paper", "Good morning.", "anchor"),
        Line("", "Good morning.", "correspondent"),
        Line("", "Good morning.", "anchor", "chapter", 900, "deep-1-3", "A title"),
    ],
)
def test_a_take_is_kept_by_its_spoken_form(cache: TakeCache, other: Line) -> None:
    """The written form, the role, pauses and chapters may change without a word spoken again."""
    voice = Recorder()
    speak(voice, ["Good morning."], cache)

    assert count_cached([other], cast_of(voice), cache) == 1
    speak_lines([other], cast_of(voice), cache)
    assert voice.heard == ["Good morning."]


@pytest.mark.parametrize("voice", [Recorder("low"), Recorder("", Delivery(rate=1.1))])
def test_another_voice_speaks_the_line_anew(cache: TakeCache, voice: Recorder) -> None:
    """A change of voice or pace is heard in every line."""
    speak(Recorder(), TEXTS, cache)

    assert count_cached(lines_of(*TEXTS), cast_of(voice), cache) == 0
    speak(voice, TEXTS, cache)
    assert sorted(voice.heard) == sorted(TEXTS)


def test_two_voices_in_one_cast_do_not_mix(cache: TakeCache) -> None:
    """The same words from anchor and guest are two takes, each in the voice of its role."""
    anchor, guest = Recorder("low"), Recorder("high")
    lines = [replace(line, role=role) for line in lines_of(*TEXTS) for role in ("anchor", "quote")]
    for _ in range(2):
        takes = speak_lines(lines, cast_of(anchor, guest), cache)
        assert [take.voice for take in takes] == [anchor.identity, guest.identity] * len(TEXTS)
        for line, take in zip(lines, takes, strict=True):
            assert take.speech == ToneVoice("low" if line.role == "anchor" else "high").speak(
                Utterance(line.spoken)
            )

    assert sorted(anchor.heard) == sorted(guest.heard) == sorted(TEXTS)


def test_lines_that_need_not_be_spoken_are_counted(cache: TakeCache) -> None:
    """A plan tells how many lines stand there already, each as often as it comes."""
    speak(Recorder(), TEXTS[:2], cache)

    assert count_cached(lines_of(TEXTS[0], *TEXTS), cast_of(Recorder()), cache) == 3


class Dear(Recorder):
    """A voice that costs two cents a thousand characters."""

    @property
    def traits(self) -> Traits:
        return Traits(usd_a_million_characters=20.0)


def test_a_plan_tells_what_is_still_to_be_spoken_and_its_price(cache: TakeCache) -> None:
    """What is kept costs nothing, and a line that comes twice is paid for once."""
    voice = Dear()
    lines = lines_of(*TEXTS, TEXTS[3])
    speak(voice, TEXTS[:2], cache)
    estimate = estimate_lines(lines, cast_of(voice), cache, Utterance, 120)
    left = sum(map(len, TEXTS[2:]))
    kept_s = sum(tone.duration_ms for tone in tones(*TEXTS[:2])) / 1000

    assert (estimate.lines, estimate.lines_to_speak) == (5, 2)
    assert (estimate.characters, estimate.characters_to_speak) == (sum(map(len, TEXTS)) + 8, left)
    assert estimate.usd == pytest.approx(left * 20 / 1e6)
    assert estimate.seconds == pytest.approx(kept_s + (5 + 2 + 2) * 60 / 120)


def test_what_was_spoken_is_counted_with_its_price(cache: TakeCache) -> None:
    speak(Dear(), TEXTS[:1], cache)
    told: list[Tally] = []
    speak(Dear(), TEXTS, cache, told.append)
    new = sum(map(len, TEXTS[1:]))

    assert (told[0].new_characters, told[0].usd) == (0, 0)
    assert (told[-1].new_characters, told[-1].characters) == (new, sum(map(len, TEXTS)))
    assert told[-1].usd == pytest.approx(new * 20 / 1e6)
    assert told[-1].sound_ms == sum(tone.duration_ms for tone in tones(*TEXTS))


def test_a_plan_names_the_lines_that_are_to_be_spoken(cache: TakeCache) -> None:
    """In running order, with the row of each; a line that comes twice is named once, where it comes first."""
    voice = Recorder()
    speak(voice, TEXTS[1:2], cache)
    lines = [replace(line, row=row) for row, line in enumerate(lines_of(*TEXTS, TEXTS[0]), 10)]
    estimate = estimate_lines(lines, cast_of(voice), cache, Utterance, 120)

    assert [line.row for line in estimate.to_speak] == [10, 12, 13]
    assert [line.text for line in estimate.to_speak] == [TEXTS[0], TEXTS[2], TEXTS[3]]


def test_a_plan_tells_how_long_the_work_takes_as_it_was_measured(tmp_path: Path, cache: TakeCache) -> None:
    """What a run takes to speak is what the next plan tells of such a run, beside the making."""
    voice = Recorder()
    voice.before = lambda text: time.sleep(0.1)
    paces = Paces(tmp_path / "paces.json")
    texts = [f"This line has number {number}." for number in range(10, 20)]
    speak_lines(lines_of(*texts), cast_of(voice), cache, paces=paces)
    others = lines_of(*[text.replace("line", "lane") for text in texts])
    unheard = estimate_lines(others, cast_of(voice), cache, Utterance, 120)
    heard = estimate_lines(others, cast_of(voice), cache, Utterance, 120, paces)
    done = estimate_lines(lines_of(*texts), cast_of(voice), cache, Utterance, 120, paces)

    assert 0.9 < heard.work_s - unheard.work_s < 3
    assert 0 < done.work_s < heard.work_s


# Names, as a lexicon has them.


def utter_with(**respellings: str) -> Callable[[str], Utterance]:
    entries = (read_entry(name, respelling) for name, respelling in respellings.items())
    return Diction(lexicon=Lexicon(tuple(entries))).utter


def test_a_line_comes_to_its_voice_with_its_names(cache: TakeCache) -> None:
    """What the lexicon says of a line goes with it, and with no other."""
    voice = Recorder()
    speak_lines(lines_of(*TEXTS), cast_of(voice), cache, utter=utter_with(Kestrel="KES-truhl"))
    given = {line.text: [(said.start, said.respelling) for said in line.says] for line in voice.given}

    assert given == {text: [] for text in TEXTS} | {TEXTS[2]: [(18, "kes-truhl")]}


def test_only_lines_with_an_answered_name_are_spoken_again(cache: TakeCache) -> None:
    """A new answer costs the lines that hold the name; the takes of all others stand."""
    voice = Recorder()
    speak(voice, TEXTS, cache)
    voice.heard.clear()
    one, other = utter_with(Kestrel="KES-truhl"), utter_with(Kestrel="KEST-rel")
    lines = lines_of(*TEXTS)

    assert count_cached(lines, cast_of(voice), cache, one) == len(TEXTS) - 1
    for utter in (one, one, other):
        speak_lines(lines, cast_of(voice), cache, utter=utter)
    assert voice.heard == [TEXTS[2]] * 2
    assert count_cached(lines, cast_of(voice), cache, one) == len(TEXTS)


def test_what_a_voice_never_sees_costs_no_line(cache: TakeCache) -> None:
    """An answer for another engine alone speaks nothing again."""
    voice = Recorder()
    entry = {"respelling": "KES-truhl"}
    for table in (entry, entry | {"phonemes": {"espeak": "k'Est@L"}}):
        diction = Diction(lexicon=Lexicon((read_entry("Kestrel", table),)))
        speak_lines(lines_of(*TEXTS), cast_of(voice), cache, utter=diction.utter)

    assert sorted(voice.heard) == sorted(TEXTS)


# The cache's files.


def flip(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda content: b"",
    "one byte lost at the end": lambda content: content[:-1],
    "half of it lost": lambda content: content[: len(content) // 2],
    "all sound lost": lambda content: b"\n".join(content.split(b"\n")[:2]) + b"\n",
    "first byte flipped": lambda content: flip(content, 0),
    "another sample rate": lambda content: content.replace(b"24000", b"24001", 1),
    "another word": lambda content: content.replace(b"Good", b"Wood", 1),
    "a sample flipped": lambda content: flip(content, len(content) - 500),
    "something appended": lambda content: content + b"\0\0",
    "text": lambda content: "Héllo\n".encode("latin-1"),
    "JSON of another shape": lambda content: b"[1, 2]\n[]",
    "JSON too deep to read": lambda content: b"[" * 100_000,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_take_is_spoken_again_and_replaced(
    tmp_path: Path, cache: TakeCache, damage: Callable[[bytes], bytes]
) -> None:
    """No damage is ever heard: a take that is not whole counts as absent."""
    first = speak(Recorder(), ["Good morning."], cache)
    (file,) = take_files(tmp_path)
    whole = file.read_bytes()
    assert damage(whole) != whole
    file.write_bytes(damage(whole))
    voice = Recorder()

    assert count_cached(lines_of("Good morning."), cast_of(voice), cache) == 0
    assert speak(voice, ["Good morning."], cache) == first
    assert voice.heard == ["Good morning."]
    assert file.read_bytes() == whole


def test_a_take_in_another_s_place_is_not_taken_for_it(tmp_path: Path, cache: TakeCache) -> None:
    """A file that was copied over another is whole, and still the wrong line."""
    speak(Recorder(), ["Good morning."], cache)
    (file,) = take_files(tmp_path)
    speak(Recorder(), ["The end."], cache)
    (other,) = {*take_files(tmp_path)} - {file}
    file.write_bytes(other.read_bytes())
    voice = Recorder()

    (take,) = speak(voice, ["Good morning."], cache)
    assert take.speech == ToneVoice().speak(Utterance("Good morning."))
    assert voice.heard == ["Good morning."]


def test_a_folder_in_a_take_s_place_only_slows(tmp_path: Path, cache: TakeCache) -> None:
    speak(Recorder(), ["Good morning."], cache)
    (file,) = take_files(tmp_path)
    file.unlink()
    file.mkdir()

    for _ in range(2):
        (take,) = speak(Recorder(), ["Good morning."], cache)
        assert take.speech == ToneVoice().speak(Utterance("Good morning."))
    assert take_files(tmp_path) == []


def test_a_cache_that_cannot_be_written_only_slows(tmp_path: Path) -> None:
    """The programme is made all the same; the next run speaks it again."""
    (tmp_path / "takes").write_text("a file where the folder should be")
    cache = TakeCache(tmp_path / "takes")
    voice = Recorder()

    for _ in range(2):
        assert [take.speech for take in speak(voice, TEXTS, cache)] == tones(*TEXTS)
    assert len(voice.heard) == 2 * len(TEXTS)
    assert count_cached(lines_of(*TEXTS), cast_of(voice), cache) == 0


def test_the_cache_holds_takes_and_nothing_else(tmp_path: Path, cache: TakeCache) -> None:
    """No unfinished files are left beside them."""
    speak(Recorder(), TEXTS, cache)

    assert [path.suffix for path in take_files(tmp_path)] == [".take"] * len(TEXTS)


# A long programme's sound stays on disk.


@pytest.fixture
def nothing_held(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every programme be too long to be held in memory."""
    monkeypatch.setattr("morning_edition.takes.MOST_HELD_BYTES", 0)


@pytest.mark.usefixtures("nothing_held")
def test_the_sound_of_a_long_programme_is_read_back(cache: TakeCache) -> None:
    """Spoken now or before, each take tells what it is without its samples, and gives them when asked."""
    speak(Recorder(), TEXTS[:2], cache)
    takes = speak(Recorder(), TEXTS, cache)

    assert {type(take.held) for take in takes} == {KeptTake}
    assert [take.speech for take in takes] == tones(*TEXTS)
    assert [take.duration_ms for take in takes] == [tone.duration_ms for tone in tones(*TEXTS)]
    assert [take.words for take in takes] == [tone.words for tone in tones(*TEXTS)]
    assert {take.sample_rate_hz for take in takes} == {24_000}


def test_the_sound_of_a_short_programme_is_in_memory(tmp_path: Path, cache: TakeCache) -> None:
    """It is there even when the cache is removed while it is mixed."""
    takes = speak(Recorder(), TEXTS, cache)
    shutil.rmtree(tmp_path / "takes")

    assert [take.speech for take in takes] == tones(*TEXTS)


def test_three_hours_hold_no_more_than_minutes(cache: TakeCache, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is held in memory is bounded, however long the programme is, and whoever speaks or keeps it."""
    monkeypatch.setattr("morning_edition.takes.MOST_HELD_BYTES", 500_000)
    texts = [f"A line of many words, which has number {number}." for number in range(30)]
    for takes in (speak(Recorder(), texts, cache), speak(Recorder(), texts, cache)):
        held = sum(len(take.held.pcm) for take in takes if isinstance(take.held, Speech))
        whole = sum(len(take.speech.pcm) for take in takes)

        assert whole > 5 * 500_000
        assert 0 < held <= 500_000


@pytest.mark.usefixtures("nothing_held")
def test_a_long_programme_is_held_where_nothing_can_be_kept(tmp_path: Path) -> None:
    """A disk that cannot be written takes memory, and the programme is made all the same."""
    (tmp_path / "takes").write_text("a file where the folder should be")
    takes = speak(Recorder(), TEXTS, TakeCache(tmp_path / "takes"))

    assert [take.speech for take in takes] == tones(*TEXTS)


@pytest.mark.usefixtures("nothing_held")
def test_a_run_s_own_takes_outlive_a_cache_that_is_too_small(tmp_path: Path) -> None:
    """What is still to be mixed is not swept away; the bound holds again after the run."""
    cache = TakeCache(tmp_path / "takes", largest_mb=0)
    takes = speak(Recorder(), TEXTS, cache)
    assert [take.speech for take in takes] == tones(*TEXTS)
    cache.sweep()

    assert take_files(tmp_path) == []


@pytest.mark.usefixtures("nothing_held")
@pytest.mark.parametrize("damage", [None, b"", b"other"], ids=["removed", "emptied", "overwritten"])
def test_a_take_that_goes_meanwhile_is_an_error(
    tmp_path: Path, cache: TakeCache, damage: bytes | None
) -> None:
    """Another sound, or none, is never mixed in its place; to run it again mends it."""
    (take,) = speak(Recorder(), ["Good morning."], cache)
    (file,) = take_files(tmp_path)
    file.unlink()
    if damage is not None:
        file.write_bytes(damage)
    with pytest.raises(AudioError, match=r"\.take: .*; run it again, and the line is spoken anew$"):
        _ = take.speech

    (again,) = speak(Recorder(), ["Good morning."], cache)
    assert [again.speech] == tones("Good morning.")


def test_a_line_that_is_read_in_another_way_has_another_key(tmp_path: Path) -> None:
    """Who keeps what was mixed of a take must not mix it with another reading of the same line."""
    keys = []
    for duration_ms in (600, 700, 600):
        voice = Mute()
        voice.sound = ToneVoice().speak(Utterance("Good morning.")).pcm[: duration_ms * 48]
        (take,) = speak(voice, ["Good morning."], TakeCache(tmp_path / "takes"))
        keys.append(take.key)
        shutil.rmtree(tmp_path / "takes")

    assert keys[0] == keys[2] != keys[1]


def test_takes_of_the_same_sound_have_the_same_key(tmp_path: Path, cache: TakeCache) -> None:
    """A line and its voice make the key; whether it was kept, or could be, does not."""
    (tmp_path / "file").write_text("a file where a folder should be")
    first, again = (speak(Recorder(), ["Good morning.", "The end."], cache) for _ in range(2))
    (other,) = speak(Recorder("low"), ["Good morning."], cache)
    nowhere = speak(Recorder(), ["Good morning."], TakeCache(tmp_path / "file" / "takes"))

    assert [take.key for take in first] == [take.key for take in again]
    assert nowhere[0].key == first[0].key
    assert len({first[0].key, first[1].key, other.key, ""}) == 4


# Side by side.


@pytest.mark.parametrize("at_once", [1, 3])
def test_as_many_lines_are_spoken_at_once_as_the_voice_can(cache: TakeCache, at_once: int) -> None:
    """Neither more, which would break an engine or have it refused, nor fewer, which would take longer."""
    meeting = threading.Barrier(at_once, timeout=10)
    voice = Recorder()
    voice.at_once = at_once
    voice.before = lambda text: meeting.wait()
    speak(voice, [f"Line {number}." for number in range(9)], cache)

    assert len(voice.heard) == 9
    assert voice.most_at_once == at_once


def test_two_engines_speak_at_the_same_time(cache: TakeCache) -> None:
    """A slow engine does not hold up another; each keeps to its own limit."""
    meeting = threading.Barrier(2, timeout=10)
    anchor, guest = Recorder("low"), Guest("high")
    anchor.before = guest.before = lambda text: meeting.wait()
    lines = [*lines_of(*TEXTS), *lines_of(*TEXTS, role="quote")]

    assert len(speak_lines(lines, cast_of(anchor, guest), cache)) == 8
    assert (anchor.most_at_once, guest.most_at_once) == (1, 1)


def test_a_voice_that_can_speak_no_line_at_once_speaks_one(cache: TakeCache) -> None:
    voice = Recorder()
    voice.at_once = 0

    assert len(speak(voice, TEXTS, cache)) == len(TEXTS)


# Progress.


def test_progress_counts_each_take_once_up_to_the_total(cache: TakeCache) -> None:
    """It starts with what is there, and the total is known from the start."""
    speak(Recorder(), TEXTS[:1], cache)
    told: list[tuple[int, int]] = []
    voice = Recorder()
    voice.at_once = 3
    speak(voice, [*TEXTS, *TEXTS], cache, lambda tally: told.append((tally.lines, tally.of_lines)))

    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_progress_is_told_when_there_is_nothing_to_do(cache: TakeCache) -> None:
    speak(Recorder(), TEXTS, cache)
    told: list[tuple[int, int]] = []
    speak(Recorder(), TEXTS, cache, lambda tally: told.append((tally.lines, tally.of_lines)))

    assert told == [(4, 4)]


# When something goes wrong.


def refuse(text: str) -> None:
    if text == "Fail.":
        raise VoiceError("recorder: the line was refused; try again later")


@pytest.mark.parametrize("at_once", [1, 3])
def test_takes_finished_before_a_failure_are_kept(cache: TakeCache, at_once: int) -> None:
    """The error is the voice's own, with the line; the next run speaks only the rest."""
    texts = ["A long line that goes first.", "Another line.", "Fail.", "x", "y"]
    voice = Recorder()
    voice.at_once = at_once
    voice.before = refuse
    with pytest.raises(VoiceError, match=r"^recorder: the line was refused; try again later, for: 'Fail\.'$"):
        speak(voice, texts, cache)

    spoken = [text for text in voice.heard if text != "Fail."]
    assert {"A long line that goes first.", "Another line."} <= {*spoken}
    assert count_cached(lines_of(*texts), cast_of(voice), cache) == len(spoken)

    again = Recorder()
    assert [take.spoken for take in speak(again, texts, cache)] == texts
    assert sorted([*spoken, *again.heard]) == sorted(texts)


def test_a_failure_stops_all_voices(cache: TakeCache) -> None:
    """When one voice gives up, no other goes on to speak lines that nobody will hear, and may have to pay."""
    begun = threading.Event()
    anchor, guest = Recorder("low"), Guest("high")

    def fail(text: str) -> None:
        if text == "Fail.":
            begun.wait(10)
            refuse(text)
        time.sleep(0.3)

    def go_on(text: str) -> None:
        begun.set()
        time.sleep(0.01)

    anchor.before, guest.before, anchor.at_once = fail, go_on, 2
    lines = [
        *lines_of("A line that is being spoken.", "Fail."),
        *lines_of(*[str(number) for number in range(50)], role="quote"),
    ]
    with pytest.raises(VoiceError):
        speak_lines(lines, cast_of(anchor, guest), cache)

    assert len(guest.heard) < 15


@pytest.mark.parametrize("sound", [b"", bytes(48_000)], ids=["no samples", "silence"])
def test_a_voice_that_gives_no_sound_for_words_is_refused(cache: TakeCache, sound: bytes) -> None:
    """A sentence that nobody would hear does not go on air."""
    voice = Mute()
    voice.sound = sound
    with pytest.raises(VoiceError) as refused:
        speak(voice, ["Good morning."], cache)

    message = (
        "mute gave no sound for a line: 'Good morning.'; tried 3 times; try again later, or use another voice"
    )
    assert str(refused.value) == message
    assert count_cached(lines_of("Good morning."), cast_of(voice), cache) == 0


def test_a_long_line_is_cut_in_the_message(cache: TakeCache) -> None:
    with pytest.raises(VoiceError) as refused:
        speak(Mute(), ["word " * 100], cache)

    assert len(str(refused.value)) < 160


@pytest.mark.parametrize("text", ["", "…", "— –", "?!"])
def test_a_line_with_nothing_to_say_may_be_silent(cache: TakeCache, text: str) -> None:
    (take,) = speak(Mute(), [text], cache)

    assert take.speech.pcm == b""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that a program can send itself")
def test_ctrl_c_stops_after_the_lines_in_the_air(cache: TakeCache) -> None:
    """No further line is begun, and what was finished is kept."""
    voice = Recorder()
    voice.at_once = 2

    def interrupt(text: str) -> None:
        time.sleep(0.02)
        if text == "Line 15.":
            os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.02)

    voice.before = interrupt
    texts = [f"Line {number}." for number in range(100)]
    with pytest.raises(KeyboardInterrupt):
        speak(voice, texts, cache)

    assert len(voice.heard) < 30
    assert voice.most_at_once == 2
    assert count_cached(lines_of(*texts), cast_of(voice), cache) == len(voice.heard)


def test_an_interruption_while_progress_is_told_stops_as_well(cache: TakeCache) -> None:
    voice = Recorder()
    voice.before = lambda text: time.sleep(0.01)

    def report(tally: Tally) -> None:
        if tally.lines == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        speak(voice, [f"Line {number}." for number in range(100)], cache, report)

    assert 3 <= len(voice.heard) < 30


def test_a_voice_gives_its_memory_back_when_the_last_line_is_spoken(cache: TakeCache) -> None:
    """Before the mix, which needs memory too; and not when nothing was spoken."""
    released: list[int] = []

    class Heavy(Recorder):
        def release(self) -> None:
            released.append(len(self.heard))

    for _ in range(2):
        speak(Heavy(), TEXTS, cache)
    assert released == [len(TEXTS)]
