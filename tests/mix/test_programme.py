"""Programmes laid out of takes: what is told of them is true to the sound, and the flash is the short one."""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from morning_edition.kept import Kept
from morning_edition.mix.jingles import BUILT_IN_FOLDER
from morning_edition.mix.music import Music
from morning_edition.mix.programme import Programme, lay_flash, lay_headlines, lay_programme
from morning_edition.mix.studio import Studio, TakeNote
from morning_edition.mp3_frames import mp3_frame_length
from morning_edition.script.script import Line, Script, Segment
from morning_edition.station import Bed, Rundown, Sound, Spot, Station
from morning_edition.station.sound import RATES_HZ, FlashProfile
from morning_edition.takes import Take
from morning_edition.voices import Speech, Utterance, Word
from morning_edition.voices.tone import ToneVoice

NAMES = ("open", "bed", "sting", "bumper", "close")
BARE = Rundown(Spot(), Spot(), Spot(), Spot(), Spot(), Spot(), Spot(), Bed(music=""))
RATE = 44_100

INTRO = Segment(
    "intro", "Intro", (Line("Good morning.", "Good morning."), Line("Ferries are back.", "Ferries"))
)
LOOKS = Segment(
    "quick_looks",
    "Quick Looks",
    (
        Line("Here they are.", "Here they are"),
        Line("First: two boats.", "First two boats", opens="look"),
        Line("They are electric.", "They are electric"),
        Line("Second: a pier.", "Second a pier", opens="look"),
        Line("Third: the fare.", "Third the fare", opens="look"),
        Line("It is low.", "It is low"),
    ),
)
DEEP = Segment(
    "deep_look",
    "Deep Look",
    (
        Line("Now, the Deep Look.", "Now the deep look", "correspondent"),
        Line("Why they came back", "Why", "correspondent", opens="chapter", chapter="Why"),
        Line("“A way to work.”", "A way to work", "quote", opens="paragraph"),
    ),
)
OUTRO = Segment("outro", "Outro", (Line("Thank you.", "Thank you"),))


def script_of(*parts: Segment) -> Script:
    return Script("A day", dt.date(2024, 12, 6), "en-US", parts)


SCRIPT = script_of(INTRO, LOOKS, DEEP, OUTRO)


def speak(script: Script) -> list[Take]:
    voice = ToneVoice()
    return [
        Take(voice.identity, line.spoken, voice.speak(Utterance(line.spoken)), line.spoken)
        for line in script.lines
    ]


@dataclasses.dataclass
class Spoken:
    """A script with its takes, and the music around it."""

    script: Script
    station: Station
    studio: Studio
    notes: list[TakeNote]
    music_lengths: dict[str, int]

    @property
    def podcast(self) -> Programme:
        return lay_programme(self.script, self.notes, self.music_lengths, self.station)

    @property
    def flash(self) -> Programme | None:
        return self.flash_of(600)

    @property
    def headlines(self) -> list[Programme]:
        """One for each Quick Look: none is too short."""
        return self.headlines_of(0)

    def headlines_of(self, shortest_ms: int, longest_s: float = 600) -> list[Programme]:
        profile = FlashProfile(longest_s=longest_s)  # type: ignore[arg-type]
        station = dataclasses.replace(self.station, flash=profile)
        return lay_headlines(self.script, self.notes, self.music_lengths, station, shortest_ms=shortest_ms)

    def flash_of(self, longest_s: float) -> Programme | None:
        profile = FlashProfile(longest_s=longest_s)  # type: ignore[arg-type]
        station = dataclasses.replace(self.station, flash=profile)
        return lay_flash(self.script, self.notes, self.music_lengths, station)

    def render(self, programme: Programme) -> Any:
        return np.concatenate([self.studio.mix_reel(reel) for reel in programme.reels])[:, 0]


def spoken(
    folder: Path,
    script: Script = SCRIPT,
    *,
    sound: Sound = Sound(),  # noqa: B008 - frozen
    rundown: Rundown = Rundown(),  # noqa: B008 - frozen
    takes: Sequence[Take] = (),
) -> Spoken:
    kept = Kept(folder / "reels", largest_mb=50)
    files = {name: BUILT_IN_FOLDER / f"{name}.flac" for name in NAMES}
    music = Music(files, frozenset({"bed"}), sound, kept)
    studio = Studio(takes or speak(script), [sound.speech_lufs] * len(script.lines), music, sound, kept)
    station = Station(folder, sound=sound, running_order=rundown)
    return Spoken(script, station, studio, studio.note_takes(), music.measure_lengths())


def runs(samples: Any, rate: int) -> list[tuple[float, float]]:
    """Start and end in milliseconds of each stretch of sound; a break shorter than 20 ms does not count."""
    loud = np.flatnonzero(np.abs(samples) > np.abs(samples).max() * 0.02)
    breaks = np.flatnonzero(np.diff(loud) > rate // 50)
    firsts, lasts = loud[[0, *(breaks + 1)]], loud[[*breaks, -1]]
    return [(first * 1000 / rate, last * 1000 / rate) for first, last in zip(firsts, lasts, strict=True)]


def told(programme: Programme | None) -> list[str]:
    return [cue.text for cue in programme.timeline.cues] if programme else []


def pieces(programme: Programme) -> list[str | int]:
    places = sorted(programme.order.placements, key=lambda place: (place.start, str(place.piece)))
    return [place.piece for place in places]


# What is told is what is heard.


@pytest.mark.parametrize("rate", RATES_HZ)
def test_every_cue_and_word_is_heard_when_it_says(rate: int, tmp_path: Path) -> None:
    """Within 10 ms, each of them; and nothing is heard outside. Here they are written as they are said."""
    parts = [
        dataclasses.replace(
            part, lines=tuple(dataclasses.replace(line, text=line.spoken) for line in part.lines)
        )
        for part in SCRIPT.parts
    ]
    made = spoken(tmp_path, script_of(*parts), sound=Sound(sample_rate_hz=rate), rundown=BARE)
    programme = made.podcast
    cues = programme.timeline.cues
    heard = runs(made.render(programme), rate)
    words = [word for cue in cues for word in cue.words]
    assert [word.text for word in words] == " ".join(line.spoken for line in SCRIPT.lines).split()
    assert [word.start_ms for word in words] == pytest.approx([start for start, _ in heard], abs=10)
    assert [word.end_ms for word in words] == pytest.approx([end for _, end in heard], abs=10)
    assert [cue.start_ms for cue in cues] == pytest.approx([cue.words[0].start_ms for cue in cues], abs=10)
    for cue in cues:
        assert cue.words[-1].end_ms <= cue.end_ms <= cue.words[-1].end_ms + 40


def test_cues_are_the_script_s_lines_in_order(tmp_path: Path) -> None:
    timeline = spoken(tmp_path).podcast.timeline
    kinds = [segment.kind for segment in SCRIPT.segments for _ in segment.lines]
    assert [(cue.text, cue.role, cue.segment) for cue in timeline.cues] == [
        (line.text, line.role, kind) for line, kind in zip(SCRIPT.lines, kinds, strict=True)
    ]
    assert all(before.end_ms <= after.start_ms for before, after in pairwise(timeline.cues))


@pytest.mark.parametrize("rate", RATES_HZ)
@pytest.mark.parametrize("short", [False, True], ids=["podcast", "flash"])
def test_the_sound_is_as_long_as_the_timeline_says(short: bool, rate: int, tmp_path: Path) -> None:
    """Reels follow each other without a gap, each a whole number of MP3 frames long."""
    made = spoken(tmp_path, sound=Sound(sample_rate_hz=rate))
    programme = made.flash if short else made.podcast
    assert programme
    assert len(made.render(programme)) == programme.order.length
    assert programme.timeline.duration_ms == round(programme.order.length * 1000 / rate)
    assert programme.timeline.chapters[-1].end_ms == programme.timeline.duration_ms
    assert all(reel.length % mp3_frame_length(rate) == 0 for reel in programme.reels)
    assert [reel.start for reel in programme.reels[1:]] == [reel.end for reel in programme.reels[:-1]]


def test_chapters_begin_where_their_first_sound_is_heard(tmp_path: Path) -> None:
    """Measured: silence before, and sound within 30 ms, but for the first, which is the beginning."""
    made = spoken(tmp_path, rundown=BARE)
    programme = made.podcast
    samples = np.abs(made.render(programme))
    chapters = programme.timeline.chapters
    assert [chapter.title for chapter in chapters] == ["Intro", "Quick Looks", "Deep Look", "Why", "Outro"]
    for chapter in chapters[1:]:
        at = chapter.start_ms * RATE // 1000
        assert samples[at - RATE // 5 : at - 50].max() == 0
        assert samples[at : at + RATE * 30 // 1000].max() > 0.01


def test_a_line_without_sound_has_no_cue(tmp_path: Path) -> None:
    takes = speak(SCRIPT)
    takes[1] = Take("none", "two", Speech(bytes(48_000), 24_000, (Word("two", 0, 100),)), "two")
    made = spoken(tmp_path, takes=takes)
    expected = [line.text for number, line in enumerate(SCRIPT.lines) if number != 1]
    assert told(made.podcast) == expected
    assert all(reel.length > 0 for reel in made.podcast.reels)


@pytest.mark.parametrize("ending", ["closing music", "nothing"])
@pytest.mark.parametrize("pause_ms", [0, 900, 5000])
def test_a_programme_may_end_in_any_way(pause_ms: int, ending: str, tmp_path: Path) -> None:
    """With a long pause after its last line and nothing behind it, it just ends."""
    last = dataclasses.replace(OUTRO.lines[0], pause_ms=pause_ms)
    script = script_of(INTRO, dataclasses.replace(OUTRO, lines=(last,)))
    rundown = Rundown() if ending == "closing music" else dataclasses.replace(Rundown(), closing=Spot())
    made = spoken(tmp_path, script, rundown=rundown)
    programme = made.podcast
    assert all(reel.length > 0 for reel in programme.reels)
    samples = made.render(programme)
    end_ms = programme.timeline.duration_ms - runs(samples, RATE)[-1][1]
    assert 200 < end_ms < 1000


# The flash briefing.


def test_a_flash_is_intro_and_quick_looks_with_the_closing_music(tmp_path: Path) -> None:
    """What leads into the Quick Looks is said where all of them are: it may count them."""
    made = spoken(tmp_path)
    assert made.flash
    assert {cue.segment for cue in made.flash.timeline.cues} == {"intro", "quick_looks"}
    assert told(made.flash) == [line.text for line in (*INTRO.lines, *LOOKS.lines)]
    assert [piece for piece in pieces(made.flash) if isinstance(piece, str)] == [
        *("open", "bed", "sting", "sting", "close")
    ]
    assert [chapter.title for chapter in made.flash.timeline.chapters] == ["Intro", "Quick Looks"]


def test_a_flash_is_made_of_the_same_takes(tmp_path: Path) -> None:
    """Each line is heard in it as it is in the podcast, sample for sample, with the words at their times."""
    made = spoken(tmp_path, rundown=BARE)
    podcast, flash = made.podcast, made.flash
    assert flash
    whole, short = made.render(podcast), made.render(flash)
    stands = {place.piece: place for place in podcast.order.takes}
    for place in flash.order.takes:
        other = stands[place.piece]
        assert np.array_equal(short[place.start : place.end], whole[other.start : other.end])
    cues = {cue.text: cue for cue in podcast.timeline.cues}
    for cue in flash.timeline.cues:
        moved = cue.start_ms - cues[cue.text].start_ms
        for word, said in zip(cue.words, cues[cue.text].words, strict=True):
            assert word.text == said.text
            assert word.start_ms == pytest.approx(said.start_ms + moved, abs=1)


def test_a_flash_shares_its_reels_with_the_podcast(tmp_path: Path) -> None:
    """So that both are measured at once: all up to the last Quick Look."""
    made = spoken(tmp_path, rundown=BARE)
    assert made.flash
    podcast, flash = ([made.studio.key(reel) for reel in one.reels] for one in (made.podcast, made.flash))
    assert len(set(flash) & set(podcast)) >= len(flash) - 2


def test_a_flash_ends_after_the_last_quick_look_that_fits(tmp_path: Path) -> None:
    """Never in the midst of one; the closing music is part of its length."""
    made = spoken(tmp_path)
    full = made.flash
    assert full
    two = made.flash_of(full.timeline.duration_ms / 1000 - 0.001)
    assert two
    assert told(two)[-1] == "Second: a pier."
    assert "Here they are." not in told(two)
    assert pieces(two)[-1] == "close"
    one = made.flash_of(two.timeline.duration_ms / 1000 - 0.001)
    assert told(one)[-2:] == ["First: two boats.", "They are electric."]
    assert made.flash_of(full.timeline.duration_ms / 1000) == full
    for programme in (one, two, full):
        assert programme
        heard = runs(made.render(programme), RATE)
        assert heard[-1][1] <= programme.timeline.duration_ms


def test_a_flash_in_which_no_quick_look_fits_is_the_intro(tmp_path: Path) -> None:
    """Without the words that lead into what does not follow; without room for the intro there is none."""
    made = spoken(tmp_path)
    one = made.flash_of(1000)
    assert one
    lengths_s = np.arange(one.timeline.duration_ms // 1000, 0, -1)
    flashes = [told(made.flash_of(float(longest))) for longest in lengths_s]
    assert ["Good morning.", "Ferries are back."] in flashes
    assert all("Here they are." not in flash for flash in flashes)
    assert flashes[-1] == []


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((DEEP, OUTRO), None),
        ((OUTRO,), None),
        ((INTRO, DEEP, OUTRO), 2),
        ((LOOKS, DEEP), 6),
        ((OUTRO, LOOKS, DEEP, INTRO), 8),
        ((DEEP, INTRO), 2),
        ((dataclasses.replace(INTRO, lines=()), LOOKS, OUTRO), 6),
        ((dataclasses.replace(LOOKS, lines=LOOKS.lines[:1]), DEEP), 1),
    ],
    ids=[
        "no short part",
        "an outro only",
        "no Quick Looks",
        "no intro",
        "another order",
        "an intro at the end",
        "a struck intro",
        "Quick Looks that are none",
    ],
)
def test_a_flash_holds_what_a_script_has_of_it(
    parts: tuple[Segment, ...], expected: int | None, tmp_path: Path
) -> None:
    """Scripts are edited by hand: parts may be missing, struck, or in another order, which is kept."""
    made = spoken(tmp_path, script_of(*parts))
    flash = made.flash
    if expected is None:
        assert flash is None
        return
    assert flash
    taken = [line.text for part in parts if part.kind in ("intro", "quick_looks") for line in part.lines]
    texts = told(flash)
    assert len(texts) == expected
    assert [text for text in taken if text in texts] == texts
    assert [place.piece for place in flash.order.takes] == [
        number for number, line in enumerate(made.script.lines) if line.text in texts
    ]
    assert len(made.render(flash)) == flash.order.length


def test_what_a_flash_leaves_out_need_not_be_there(tmp_path: Path) -> None:
    """A Deep Look that nobody can hear makes no difference to it."""
    takes = speak(SCRIPT)
    silent = [
        Take("none", take.spoken, Speech(bytes(9600), 24_000), f"silent {take.spoken}")
        if number >= len(INTRO.lines) + len(LOOKS.lines)
        else take
        for number, take in enumerate(takes)
    ]
    assert spoken(tmp_path / "a", takes=silent).flash == spoken(tmp_path / "b").flash


# Headlines.


def test_headlines_are_the_flash_briefing_in_pieces(tmp_path: Path) -> None:
    """One a Quick Look, in order: the first with intro and opening, the others each with the sting."""
    made = spoken(tmp_path)
    assert [told(one) for one in made.headlines] == [
        ["Good morning.", "Ferries are back.", "First: two boats.", "They are electric."],
        ["Second: a pier."],
        ["Third: the fare.", "It is low."],
    ]
    music = [[piece for piece in pieces(one) if isinstance(piece, str)] for one in made.headlines]
    assert music == [["open", "bed"], ["sting"], ["sting"]]


def test_headlines_are_made_of_the_same_takes(tmp_path: Path) -> None:
    """Each line is heard in them as it is in the podcast, sample for sample."""
    made = spoken(tmp_path, rundown=BARE)
    whole = made.render(made.podcast)
    stands = {place.piece: place for place in made.podcast.order.takes}
    for one in made.headlines:
        short = made.render(one)
        assert len(short) == one.order.length
        for place in one.order.takes:
            other = stands[place.piece]
            assert np.array_equal(short[place.start : place.end], whole[other.start : other.end])


def test_a_headline_is_the_same_whatever_else_there_is(tmp_path: Path) -> None:
    """Another Quick Look behind it, or before it, changes not a sample of it."""
    fewer = dataclasses.replace(LOOKS, lines=LOOKS.lines[:-2])
    many, few = spoken(tmp_path / "a"), spoken(tmp_path / "b", script_of(INTRO, fewer, DEEP, OUTRO))
    for one, other in zip(many.headlines, few.headlines, strict=False):
        assert np.array_equal(many.render(one), few.render(other))


def looks_of(lengths_s: Sequence[float], *, intro_s: float = 5) -> tuple[Script, list[Take]]:
    """A script of an intro and Quick Looks of one line each, which last so long."""
    lines = [Line(f"Look {place}.", f"look {place}", opens="look") for place in range(len(lengths_s))]
    script = script_of(
        dataclasses.replace(INTRO, lines=INTRO.lines[:1]),
        dataclasses.replace(LOOKS, lines=tuple(lines)),
        OUTRO,
    )
    takes = []
    for line, length_s in zip(script.lines, [intro_s, *lengths_s, 1], strict=True):
        wave = np.sin(np.arange(round(length_s * 24_000)) / 9) * 9000
        speech = Speech(wave.astype("<i2").tobytes(), 24_000)
        takes.append(Take("tone", line.spoken, speech, f"{line.spoken} {length_s}"))
    return script, takes


def laid_looks(programmes: Sequence[Programme]) -> list[str]:
    """Return the numbers of the Quick Looks in each, with an i where the intro is."""
    return [
        "".join("i" if text == "Good morning." else text[-2] for text in told(programme))
        for programme in programmes
    ]


@pytest.mark.parametrize(
    ("lengths_s", "expected"),
    [
        ([12, 12], ["i0", "1"]),
        ([6, 6, 6, 6, 6], ["i0", "12", "34"]),
        ([6, 6, 6, 6], ["i0", "123"]),
        ([6, 6], ["i01"]),
        ([3, 1, 12], ["i01", "2"]),
        ([12, 12, 2], ["i0", "12"]),
        ([12, 4, 3, 5], ["i0", "123"]),
        ([1, 1], ["i01"]),
        ([1], ["i0"]),
        ([12, 0, 12], ["i0", "2"]),
        ([0, 12, 12], ["i1", "2"]),
        ([0, 0], []),
    ],
)
def test_quick_looks_are_joined_until_they_last_long_enough(
    lengths_s: Sequence[float], expected: list[str], tmp_path: Path
) -> None:
    """Ten seconds here. The intro counts, and goes before the first that is heard; one of which nothing is
    heard is in none; and what is left over at the end is in the last."""
    script, takes = looks_of(lengths_s)
    programmes = spoken(tmp_path, script, rundown=BARE, takes=takes).headlines_of(10_000)
    assert laid_looks(programmes) == expected
    if len(expected) > 1:
        assert all(programme.timeline.duration_ms >= 10_000 for programme in programmes)


def test_between_joined_quick_looks_stands_the_sting(tmp_path: Path) -> None:
    """As in the flash briefing; and they are of the same takes."""
    script, takes = looks_of([6, 3, 3, 3])
    made = spoken(tmp_path, script, takes=takes)
    first, second = made.headlines_of(10_000)
    assert [piece for piece in pieces(first) if isinstance(piece, int)] == [0, 1]
    assert pieces(second) == ["sting", 2, "sting", 3, "sting", 4]
    assert len(made.render(second)) == second.order.length
    assert all(before.end_ms <= after.start_ms for before, after in pairwise(second.timeline.cues))


@pytest.mark.parametrize(
    ("lengths_s", "expected"),
    [
        ([27, 12], ["0", "1"]),
        ([12, 6, 28, 12], ["i0", "1", "2", "3"]),
        ([12, 26, 6], ["i0", "1", "2"]),
        ([40, 12], ["0", "1"]),
    ],
)
def test_nothing_is_joined_to_what_would_then_be_too_long(
    lengths_s: Sequence[float], expected: list[str], tmp_path: Path
) -> None:
    """Thirty seconds here; the intro goes before it makes a Quick Look too long."""
    script, takes = looks_of(lengths_s)
    made = spoken(tmp_path, script, rundown=BARE, takes=takes)
    assert laid_looks(made.headlines_of(10_000, longest_s=30)) == expected


def test_a_script_without_quick_looks_has_no_headlines(tmp_path: Path) -> None:
    assert spoken(tmp_path, script_of(INTRO, DEEP, OUTRO)).headlines == []


def test_without_an_intro_the_first_headline_is_its_quick_look(tmp_path: Path) -> None:
    made = spoken(tmp_path, script_of(LOOKS, DEEP))
    assert told(made.headlines[0]) == ["First: two boats.", "They are electric."]
    assert "open" in pieces(made.headlines[0])
