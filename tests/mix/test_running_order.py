"""The running order: what stands where, decided by arithmetic alone."""

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from morning_edition.mix import running_order
from morning_edition.mix.running_order import GRID_MS, JingleName, RunningOrder, lay_out, snap
from morning_edition.script.script import SEGMENT_KINDS, Line, Script, Segment, SegmentKind
from morning_edition.station import Pauses, Sound

JINGLE_MS: dict[JingleName, int] = {
    "open": 5900,
    "bed": 12_860,
    "sting": 1350,
    "bumper": 2950,
    "close": 6800,
}


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
    take_ms: int = 1000,
    *,
    sound: Sound | None = None,
    jingle_ms: dict[JingleName, int] | None = None,
) -> RunningOrder:
    return lay_out(programme, [take_ms] * len(programme.lines), jingle_ms or JINGLE_MS, sound or Sound())


def gap_ms(order: RunningOrder, after: int) -> int:
    """The time from the end of one take to the start of the next."""
    return order.takes[after + 1].start_ms - order.takes[after].end_ms


def test_music_and_speech_follow_the_programme_s_order() -> None:
    heard = sorted(laid().placements, key=lambda place: (place.start_ms, str(place.piece)))
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
    bumpers = [place for place in laid().placements if place.piece == "bumper"]
    assert [place.gain_db for place in bumpers] == [0.0, Sound().bumper_db, Sound().bumper_db]


def test_all_music_stands_at_the_music_s_gain_and_speech_at_none() -> None:
    sound = Sound(music_db=-3.0, bumper_db=-7.0)
    gains = {(place.piece, place.gain_db) for place in laid(sound=sound).placements}
    music = {(name, -3.0) for name in JINGLE_MS} | {("bumper", -10.0)}
    assert gains == music | {(index, 0.0) for index in range(len(FULL.lines))}


def test_the_opening_rings_out_under_the_first_words() -> None:
    first = laid().takes[0]
    assert first.start_ms == JINGLE_MS["open"] - running_order.OPEN_OVERLAP_MS


def test_the_bed_lies_under_the_whole_intro_and_no_further() -> None:
    order = laid()
    (bed,) = (place for place in order.placements if place.piece == "bed")
    assert bed.start_ms == order.takes[0].start_ms - running_order.BED_LEAD_MS
    assert bed.end_ms == order.takes[2].end_ms + running_order.BED_TAIL_MS


def test_only_the_intro_has_a_bed() -> None:
    outro = script(Segment("outro", "Outro", (line(),)))
    assert [place.piece for place in laid(outro).placements] == ["open", 0, "close"]


def test_the_close_comes_after_the_last_word_and_a_moment_s_silence_after_it() -> None:
    order = laid()
    close = order.placements[-1]
    assert close.start_ms == order.takes[-1].end_ms + running_order.CLOSE_LEAD_MS
    assert order.duration_ms == close.end_ms + running_order.END_SILENCE_MS


def test_what_comes_next_decides_the_pause() -> None:
    sound = Sound(pauses=Pauses(sentence_ms=110, paragraph_ms=220, chapter_ms=330, segment_ms=440))
    order = laid(sound=sound)
    sting = JINGLE_MS["sting"] - running_order.STING_OVERLAP_MS
    bumper = JINGLE_MS["bumper"] - running_order.BUMPER_OVERLAP_MS
    assert [gap_ms(order, index) for index in range(len(FULL.lines) - 1)] == [
        *(110, 220, 440),
        *(110, 220, 110, 110 + sting, 110 + sting, 110, 440 + bumper),
        *(220, 330 + bumper, 220, 330 + bumper, 110, 440),
        110,
    ]


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

    none, long = with_pause(0), with_pause(4000)
    after = [place.start_ms for place in none.takes[boundary + 1 :]] + [none.duration_ms]
    later = [place.start_ms for place in long.takes[boundary + 1 :]] + [long.duration_ms]
    assert [late - early for early, late in zip(after, later, strict=True)] == [4000] * len(after)
    assert none.takes[: boundary + 1] == long.takes[: boundary + 1]


def test_a_pause_off_the_grid_is_never_cut_short() -> None:
    pair = script(Segment("outro", "Outro", (line(pause_ms=1), line())))
    assert gap_ms(laid(pair), 0) == 10
    assert [snap(length) for length in (0, 0.1, 10, 10.5, 11)] == [0, 10, 10, 20, 20]


def test_every_part_and_every_subhead_begins_a_chapter() -> None:
    order = laid()
    titles = [chapter.title for chapter in order.chapters]
    assert titles == ["Intro", "Quick Looks", "Deep Look", "Why", "Who pays", "Outro"]
    starts = {chapter.title: chapter.start_ms for chapter in order.chapters}
    bumpers = [place.start_ms for place in order.placements if place.piece == "bumper"]
    assert [starts["Deep Look"], starts["Why"], starts["Who pays"]] == bumpers
    assert (starts["Quick Looks"], starts["Outro"]) == (order.takes[3].start_ms, order.takes[16].start_ms)


def test_a_subhead_right_at_the_deep_look_s_start_is_a_chapter_too() -> None:
    deep = script(Segment("deep_look", "Deep Look", (line("chapter", chapter="Why"), line())))
    intro = Segment("intro", "Intro", (line(),))
    order = laid(script(intro, *deep.segments))
    assert [chapter.title for chapter in order.chapters] == ["Intro", "Deep Look", "Why"]
    assert order.chapters[2].start_ms == order.takes[1].start_ms


def test_a_chapter_of_which_nothing_is_heard_is_left_out() -> None:
    """Players refuse one without length, or show it as the next one's name."""
    quiet = Sound(pauses=Pauses(0, 0, 0, 0))
    parts = script(Segment("quick_looks", "Silent", (line(),)), Segment("outro", "Outro", (line(),)))
    order = laid(parts, take_ms=0, sound=quiet, jingle_ms=JINGLE_MS | {"open": 1200})
    assert [(chapter.title, chapter.start_ms) for chapter in order.chapters] == [("Outro", 0)]


grid = st.integers(0, 900).map(lambda points: points * GRID_MS)
pauses = st.none() | st.integers(0, 5000)


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
sounds = st.builds(Sound, pauses=st.builds(Pauses, *[st.integers(0, 5000)] * 4))


@settings(max_examples=120, deadline=None, derandomize=True)
@given(programme=scripts, sound=sounds, data=st.data())
def test_any_programme_is_laid_out_soundly(programme: Script, sound: Sound, data: st.DataObject) -> None:
    """On the grid, one voice at a time and in order, chapters on end from 0, and nothing after the end."""
    count = len(programme.lines)
    take_ms = data.draw(st.lists(grid, min_size=count, max_size=count))
    jingle_ms: dict[JingleName, int] = {name: data.draw(grid) for name in JINGLE_MS}
    order = lay_out(programme, take_ms, jingle_ms, sound)

    assert [place.piece for place in order.takes] == list(range(count))
    assert [place.length_ms for place in order.takes] == take_ms
    assert all(before.end_ms <= after.start_ms for before, after in pairwise(order.takes))
    for place in order.placements:
        assert (place.start_ms % GRID_MS, place.length_ms % GRID_MS) == (0, 0)
        assert 0 <= place.start_ms <= place.end_ms <= order.duration_ms - running_order.END_SILENCE_MS
    assert order.duration_ms % GRID_MS == 0

    edges = [0, *(chapter.end_ms for chapter in order.chapters)]
    assert [chapter.start_ms for chapter in order.chapters] == edges[:-1]
    assert edges[-1] == order.duration_ms
    assert all(chapter.start_ms < chapter.end_ms for chapter in order.chapters)

    titles = [part.title for part in programme.segments]
    heads = [one.chapter for one in programme.lines if one.opens == "chapter"]
    assert len(order.chapters) <= len(titles) + len(heads)
    if min(take_ms) > 0:
        # Only a Deep Look's own chapter may be empty, where a subhead comes at once and the bumper is short.
        opens_at_once = [part for part in programme.segments if part.lines[0].opens == "chapter"]
        assert len(order.chapters) >= len(titles) + len(heads) - len(opens_at_once)
