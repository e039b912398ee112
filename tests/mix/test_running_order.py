"""The running order: what stands where, decided by arithmetic alone."""

import dataclasses
import datetime as dt
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from morning_edition.mix.reels import cut_reels
from morning_edition.mix.running_order import (
    LEAD_MP3_FRAMES,
    LONGEST_REEL_S,
    TAIL_MP3_FRAMES,
    Placement,
    RunningOrder,
    lay_out,
)
from morning_edition.mp3_frames import mp3_frame_length
from morning_edition.script.script import SEGMENT_KINDS, Line, Script, Segment, SegmentKind
from morning_edition.station import Bed, Pauses, Rundown, Sound, Spot
from morning_edition.station.sound import RATES_HZ

RATE_HZ = 48_000
MS = RATE_HZ // 1000
MP3_FRAME = 1152
MUSIC = {
    "open": 5900 * MS,
    "bed": 12_860 * MS,
    "sting": 1350 * MS,
    "bumper": 2950 * MS,
    "close": 6800 * MS,
}
RUNDOWN = Rundown()
SOUND = Sound(sample_rate_hz=RATE_HZ)


def line(opens: Any = "", *, pause_ms: int | None = None, chapter: str = "") -> Line:
    return Line("Text.", "Text.", opens=opens, pause_ms=pause_ms, chapter=chapter)


def script(*segments: Segment) -> Script:
    return Script("A day", dt.date(2024, 12, 6), "en-US", segments)


FULL = script(
    Segment("intro", "Intro", (line("paragraph"), line(), line("paragraph"))),
    Segment(
        "quick_looks",
        "Quick Looks",
        (line("paragraph"), line(), line("look"), line(), line("look"), line("look"), line()),
    ),
    Segment(
        "deep_look",
        "Deep Look",
        (
            line("paragraph"),
            line("paragraph"),
            line("chapter", chapter="Why"),
            line("paragraph"),
            line("chapter", chapter="Who pays"),
            line(),
        ),
    ),
    Segment("outro", "Outro", (line("paragraph"), line())),
)


def laid(
    programme: Script = FULL,
    take: int = 1000 * MS,
    *,
    sound: Sound = SOUND,
    music: dict[str, int] | None = None,
    rundown: Rundown = RUNDOWN,
) -> RunningOrder:
    return lay_out(programme, [take] * len(programme.lines), music or MUSIC, sound, rundown)


def gap(order: RunningOrder, after: int) -> int:
    """The frames from the end of one take to the start of the next."""
    return order.takes[after + 1].start - order.takes[after].end


def only(order: RunningOrder, piece: str | int) -> Placement:
    (place,) = (place for place in order.placements if place.piece == piece)
    return place


def test_music_and_speech_follow_the_programme_s_order() -> None:
    heard = sorted(laid().placements, key=lambda place: (place.start, str(place.piece)))
    assert [place.piece for place in heard] == [
        *("open", "bed", 0, 1, 2),
        *(3, 4, 5, 6, "sting", 7, "sting", 8, 9),
        *("bumper", 10, 11, "bumper", 12, 13, "bumper", 14, 15),
        *(16, 17, "close"),
    ]


def test_stings_stand_between_two_quick_looks_only() -> None:
    """None before the first, though a line of introduction goes before it, and none after the last."""
    one = script(Segment("quick_looks", "Quick Looks", (line("paragraph"), line("look"), line())))
    bare = script(Segment("quick_looks", "Quick Looks", (line("look"), line("look"), line("paragraph"))))
    assert [place.piece for place in laid(one).placements] == ["open", 0, 1, 2, "close"]
    assert [place.piece for place in laid(bare).placements] == ["open", 0, "sting", 1, 2, "close"]


def test_the_bumper_before_the_deep_look_is_full_and_the_others_are_lighter() -> None:
    bumpers = [place.gain_db for place in laid().placements if place.piece == "bumper"]
    lighter = SOUND.music_db + RUNDOWN.chapter.gain_db
    assert bumpers == [SOUND.music_db, lighter, lighter]
    assert lighter < SOUND.music_db


def test_all_music_stands_at_the_music_s_gain_and_speech_at_none() -> None:
    sound = dataclasses.replace(SOUND, music_db=-3.0)
    rundown = Rundown(chapter=Spot("bumper", -7.0))
    gains = {(place.piece, place.gain_db) for place in laid(sound=sound, rundown=rundown).placements}
    music = {(name, -3.0) for name in MUSIC} | {("bumper", -10.0)}
    assert gains == music | {(index, 0.0) for index in range(len(FULL.lines))}


def test_every_place_of_the_running_order_can_have_music_or_none() -> None:
    spots = {field.name: Spot(field.name) for field in dataclasses.fields(Rundown) if field.name != "bed"}
    everywhere = Rundown(bed=Bed(music=""), **spots)
    order = laid(music=dict.fromkeys(spots, 500 * MS), rundown=everywhere)
    assert [place.piece for place in order.placements if isinstance(place.piece, str)] == [
        *("opening", "quick_looks", "look", "look", "deep_look", "chapter", "chapter", "outro", "closing")
    ]
    silent = Rundown(bed=Bed(music=""), **{name: Spot("") for name in spots})
    assert [place.piece for place in laid(rundown=silent).placements] == list(range(len(FULL.lines)))


def test_what_follows_music_comes_in_on_its_tail_or_after_it() -> None:
    for overlap_ms, expected_ms in ((1200, 4700), (0, 5900), (-700, 6600), (20_000, 0)):
        order = laid(rundown=Rundown(opening=Spot("open", overlap_ms=overlap_ms)))
        assert order.takes[0].start == expected_ms * MS


def test_fades_are_as_long_as_they_are_set() -> None:
    opening = only(laid(rundown=Rundown(opening=Spot("open", fade_in_ms=70, fade_out_ms=900))), "open")
    assert (opening.fade_in, opening.fade_out) == (70 * MS, 900 * MS)


def test_the_bed_lies_under_the_whole_intro_and_no_further() -> None:
    order = laid()
    bed = only(order, "bed")
    assert bed.start == order.takes[0].start - RUNDOWN.bed.lead_ms * MS
    assert bed.end == order.takes[2].end + RUNDOWN.bed.tail_ms * MS


def test_a_bed_lies_under_all_parts_that_are_named_and_makes_room_for_every_line() -> None:
    order = laid(rundown=Rundown(bed=Bed(under="quick_looks, deep_look outro")))
    bed = only(order, "bed")
    assert bed.start == order.takes[3].start - RUNDOWN.bed.lead_ms * MS
    assert bed.end == order.takes[-1].end + RUNDOWN.bed.tail_ms * MS
    assert bed.ducking is not None
    assert bed.ducking.speech == tuple(
        (take.start - bed.start, take.end - bed.start) for take in order.takes[3:]
    )


def test_a_bed_makes_room_for_what_is_said_over_its_end() -> None:
    order = laid()
    bed = only(order, "bed")
    assert order.takes[3].start < bed.end
    assert bed.ducking is not None
    assert bed.ducking.speech[-1] == (order.takes[3].start - bed.start, order.takes[3].end - bed.start)


def test_only_the_intro_has_a_bed() -> None:
    outro = script(Segment("outro", "Outro", (line(),)))
    assert [place.piece for place in laid(outro).placements] == ["open", 0, "close"]


def test_the_close_comes_after_the_last_word_and_a_moment_s_silence_after_it() -> None:
    order = laid()
    close = order.placements[-1]
    assert 0 <= close.start - order.takes[-1].end - SOUND.pauses.closing_ms * MS < MP3_FRAME
    assert 0 <= order.length - close.end - SOUND.pauses.end_ms * MS < MP3_FRAME


def test_what_comes_next_decides_the_pause() -> None:
    """To the frame between two sentences; where a reel may begin, up to the next MP3 frame."""
    pauses = Pauses(sentence_ms=310, paragraph_ms=420, chapter_ms=530, segment_ms=640)
    order = laid(sound=dataclasses.replace(SOUND, pauses=pauses))
    sting = 1350 - RUNDOWN.look.overlap_ms
    bumper = 2950 - RUNDOWN.deep_look.overlap_ms
    wanted_ms = [
        *(310, 420, 640),
        *(310, 420, 310, 310 + sting, 310 + sting, 310, 640 + bumper),
        *(420, 530 + bumper, 420, 530 + bumper, 310, 640),
        310,
    ]
    inside = [FULL.lines[index + 1].opens == "" for index in range(len(FULL.lines) - 1)]
    for index, (pause_ms, exact) in enumerate(zip(wanted_ms, inside, strict=True)):
        late = gap(order, index) - pause_ms * MS
        assert late == 0 if exact else 0 <= late < MP3_FRAME


@pytest.mark.parametrize("boundary", range(len(FULL.lines)))
def test_a_line_s_own_pause_takes_the_place_of_the_usual_one(boundary: int) -> None:
    """Whatever follows it, the end of the programme included."""

    def with_pause(pause_ms: int) -> RunningOrder:
        lines = iter(range(len(FULL.lines)))
        segments = [
            Segment(
                part.kind,
                part.title,
                tuple(
                    line(
                        one.opens, chapter=one.chapter, pause_ms=pause_ms if next(lines) == boundary else None
                    )
                    for one in part.lines
                ),
            )
            for part in FULL.segments
        ]
        return laid(script(*segments))

    none, long = with_pause(1000), with_pause(4000)
    after = [place.start for place in none.takes[boundary + 1 :]] + [none.length]
    later = [place.start for place in long.takes[boundary + 1 :]] + [long.length]
    for early, late in zip(after, later, strict=True):
        assert late - early == pytest.approx(3000 * MS, abs=MP3_FRAME)
    assert none.takes[: boundary + 1] == long.takes[: boundary + 1]


def test_every_part_and_every_subhead_begins_a_chapter() -> None:
    order = laid()
    titles = [chapter.title for chapter in order.chapters]
    assert titles == ["Intro", "Quick Looks", "Deep Look", "Why", "Who pays", "Outro"]
    starts = {chapter.title: chapter.start_ms for chapter in order.chapters}
    bumpers = [order.to_ms(place.start) for place in order.placements if place.piece == "bumper"]
    assert [starts["Deep Look"], starts["Why"], starts["Who pays"]] == bumpers
    firsts = [order.to_ms(order.takes[index].start) for index in (3, 16)]
    assert [starts["Quick Looks"], starts["Outro"]] == firsts


def test_a_subhead_right_at_the_deep_look_s_start_is_a_chapter_too() -> None:
    deep = script(Segment("deep_look", "Deep Look", (line("chapter", chapter="Why"), line())))
    intro = Segment("intro", "Intro", (line(),))
    order = laid(script(intro, *deep.segments))
    assert [chapter.title for chapter in order.chapters] == ["Intro", "Deep Look", "Why"]
    assert order.chapters[2].start_ms == order.to_ms(order.takes[1].start)


def test_a_chapter_of_which_nothing_is_heard_is_left_out() -> None:
    """Players refuse one without length, or show it as the next one's name."""
    quiet = dataclasses.replace(SOUND, pauses=Pauses(0, 0, 0, 0))
    parts = script(Segment("quick_looks", "Silent", (line(),)), Segment("outro", "Outro", (line(),)))
    order = laid(parts, take=0, sound=quiet, music=MUSIC | {"open": 1200 * MS})
    assert [(chapter.title, chapter.start_ms) for chapter in order.chapters] == [("Outro", 0)]


def test_a_reel_begins_wherever_something_opens_after_a_rest() -> None:
    order = laid()
    opened = [index for index, one in enumerate(FULL.lines) if one.opens and index]
    lead = LEAD_MP3_FRAMES * MP3_FRAME
    starts = [cut + lead for cut in order.cuts[1:]]
    heard = {place.start for place in order.placements}
    assert all(start in heard for start in starts)
    # The intro's bed goes on under what follows it, so no reel begins before the bed has ended.
    assert len(starts) == len([index for index in opened if index > 4]) + 1  # and one with the closing music


@pytest.mark.parametrize("sample_rate_hz", RATES_HZ)
def test_what_stands_behind_a_change_moves_by_whole_mp3_frames(sample_rate_hz: int) -> None:
    """So that its reels sound, and are encoded, as they were."""
    sound = Sound(sample_rate_hz=sample_rate_hz)
    lengths = [sample_rate_hz * 3] * len(FULL.lines)
    music = {name: length * sample_rate_hz // RATE_HZ for name, length in MUSIC.items()}
    longer = [length + 12_345 * (index == 5) for index, length in enumerate(lengths)]
    before, after = (cut_reels(lay_out(FULL, takes, music, sound, RUNDOWN)) for takes in (lengths, longer))
    changed = [
        number
        for number, (one, other) in enumerate(zip(before, after, strict=True))
        if (one.length, one.placements) != (other.length, other.placements)
    ]
    assert len(changed) == 1
    moved = after[-1].start - before[-1].start
    assert moved % mp3_frame_length(sample_rate_hz) == 0


def test_a_long_paragraph_is_cut_between_two_of_its_sentences() -> None:
    """Else an hour without a break would have to be mixed in one."""
    endless = script(Segment("deep_look", "Deep Look", tuple(line() for _ in range(300))))
    order = laid(endless, take=5000 * MS)
    reels = cut_reels(order)
    assert max(reel.length for reel in reels[1:]) < (LONGEST_REEL_S + 12) * RATE_HZ
    assert len(reels) > 25


pauses = st.none() | st.integers(0, 5000)
lengths = st.integers(0, 400_000)


@st.composite
def segments(draw: st.DrawFn, kind: SegmentKind) -> Segment:
    kinds = {"quick_looks": ["", "paragraph", "look"], "deep_look": ["", "paragraph", "chapter"]}
    opens = st.sampled_from(kinds.get(kind, ["", "paragraph"]))
    lines = draw(
        st.lists(st.builds(line, opens, pause_ms=pauses, chapter=st.just("Sub")), min_size=1, max_size=6)
    )
    return Segment(kind, kind, tuple(lines))


scripts = st.lists(st.sampled_from(SEGMENT_KINDS).flatmap(segments), min_size=1, max_size=5).map(
    lambda parts: script(*parts)
)
sounds = st.builds(Sound, st.sampled_from(RATES_HZ), pauses=st.builds(Pauses, *[st.integers(0, 5000)] * 6))
spots = st.builds(Spot, st.sampled_from(["", *MUSIC]), overlap_ms=st.integers(-5000, 20_000))
beds = st.builds(
    Bed,
    st.sampled_from(["", "bed"]),
    st.lists(st.sampled_from(SEGMENT_KINDS), min_size=1).map(" ".join),
    lead_ms=st.integers(0, 3000),
    tail_ms=st.integers(0, 3000),
)
rundowns = st.builds(Rundown, *[spots] * 7, beds)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(programme=scripts, sound=sounds, rundown=rundowns, data=st.data())
def test_any_programme_is_laid_out_soundly(
    programme: Script, sound: Sound, rundown: Rundown, data: st.DataObject
) -> None:
    """One voice at a time and in order, chapters on end from 0, reels on end with rests between them."""
    count = len(programme.lines)
    takes = data.draw(st.lists(lengths, min_size=count, max_size=count))
    order = lay_out(programme, takes, {name: data.draw(lengths) for name in MUSIC}, sound, rundown)
    mp3_frame = mp3_frame_length(sound.sample_rate_hz)

    assert [place.piece for place in order.takes] == list(range(count))
    assert [place.length for place in order.takes] == takes
    assert all(before.end <= after.start for before, after in pairwise(order.takes))
    assert all(0 <= place.start <= place.end <= order.length for place in order.placements)

    assert order.length % mp3_frame == 0
    reels = cut_reels(order)
    assert [reel.start for reel in reels] == [0, *(reel.end for reel in reels[:-1])]
    assert reels[-1].end == order.length
    for cut in order.cuts[1:]:
        assert cut % mp3_frame == 0
        rest = range(cut - TAIL_MP3_FRAMES * mp3_frame, cut + LEAD_MP3_FRAMES * mp3_frame)
        assert not any(
            place.start < rest.stop and place.end > rest.start for place in order.placements if place.length
        )

    edges = [0, *(chapter.end_ms for chapter in order.chapters)]
    assert [chapter.start_ms for chapter in order.chapters] == edges[:-1]
    assert edges[-1] == order.to_ms(order.length)
    assert all(chapter.start_ms < chapter.end_ms for chapter in order.chapters)
