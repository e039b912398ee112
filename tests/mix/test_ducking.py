"""Talk-over, measured: the music of these tests is a constant, so that what comes out is its level."""

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from morning_edition.mix.ducking import STEP_FRAMES, shape_music
from morning_edition.mix.running_order import Ducking, Placement
from morning_edition.station import Bed

RATE = 24_000
"""The lowest there is: gains are reckoned in steps of so many frames, which are longest here."""
MS = RATE // 1000
USUAL = Bed()
LENGTH = 20_000 * MS
DUCKED_DB = -16.0
ONES = np.ones((3 * RATE, 1), np.float32)

Spans = tuple[tuple[int, int], ...]


def bed(*speech: tuple[int, int], length: int = LENGTH, **changed: Any) -> Placement:
    """The usual bed; *speech* tells in milliseconds from its start when somebody speaks.

    Ducking is changed by its own names, in frames.
    """
    frames = tuple((start * MS, end * MS) for start, end in speech)
    ducking = Ducking(
        frames, DUCKED_DB, USUAL.attack_ms * MS, USUAL.release_ms * MS, USUAL.shortest_gap_ms * MS
    )
    fades = (USUAL.fade_in_ms * MS, USUAL.fade_out_ms * MS)
    return Placement("bed", 5000, length, 0.0, *fades, dataclasses.replace(ducking, **changed))


def level_db(place: Placement) -> Any:
    """The level at each frame; -inf where it is silent."""
    shaped = shape_music(ONES, place, 0, place.length)
    assert shaped.shape == (place.length, 1)
    assert shaped.dtype == np.float32
    with np.errstate(divide="ignore"):
        return 20 * np.log10(shaped[:, 0].astype(np.float64))


def between(level: Any, start_ms: float, end_ms: float) -> Any:
    """The level from one moment to another, but for a step at either end."""
    return level[round(start_ms * MS) + STEP_FRAMES : max(round(end_ms * MS) - STEP_FRAMES, 0)]


def step_db(length_ms: float, depth_db: float = DUCKED_DB) -> float:
    """How far the level goes in one step, when it goes all the way in so many milliseconds."""
    return abs(depth_db) * min(STEP_FRAMES / max(length_ms * MS, 1), 1) + 0.01


def near(level: Any, expected: Any, tolerance: float = 0.01) -> bool:
    """Tell whether it is as expected all along; as quick as it must be for so many samples."""
    return bool(np.abs(level - expected).max(initial=0) <= tolerance)


@pytest.mark.parametrize("ducked_db", [0.0, -6.0, -16.0, -60.0])
def test_the_bed_is_down_from_the_first_to_the_last_sample_of_speech(ducked_db: float) -> None:
    level = level_db(bed((5000, 9000), ducked_db=ducked_db))
    assert near(between(level, 5000, 9000), ducked_db)
    assert level[5000 * MS : 9000 * MS].max() <= ducked_db + step_db(USUAL.attack_ms, ducked_db)


def test_the_bed_is_at_its_own_level_in_the_gaps() -> None:
    level = level_db(bed((5000, 7000), (10_000, 12_000)))
    for start, end in ((1000, 5000), (7000, 10_000), (12_000, 18_000)):
        open_air = between(level, start + USUAL.release_ms, end - USUAL.attack_ms)
        assert len(open_air)
        assert near(open_air, 0)


@pytest.mark.parametrize("gap_ms", [1, 10, 350, 650, 900, USUAL.shortest_gap_ms - 1])
def test_the_bed_does_not_pump_in_short_gaps(gap_ms: int) -> None:
    level = level_db(bed((5000, 7000), (7000 + gap_ms, 11_000)))
    assert near(between(level, 5000, 11_000), DUCKED_DB)


def test_the_shortest_gap_that_opens_lets_the_bed_come_all_the_way_up() -> None:
    """It is never caught halfway: a rise that turns around at once is heard as a swell."""
    level = level_db(bed((5000, 7000), (7000 + USUAL.shortest_gap_ms, 11_000)))
    assert level[(7000 + USUAL.release_ms) * MS + STEP_FRAMES] == pytest.approx(0, abs=0.01)
    assert USUAL.attack_ms + USUAL.release_ms <= USUAL.shortest_gap_ms


@pytest.mark.parametrize(
    ("attack_ms", "release_ms"), [(250, 700), (5, 5), (5, 3000), (2000, 10), (1000, 4000)]
)
def test_the_bed_goes_down_and_comes_up_evenly_in_decibels(attack_ms: int, release_ms: int) -> None:
    """In the very times that are set, and it is down when the voice comes in."""
    level = level_db(bed((5000, 9000), attack=attack_ms * MS, release=release_ms * MS))
    for start, end, from_db, to_db in (
        (5000 - attack_ms, 5000, 0.0, DUCKED_DB),
        (9000, 9000 + release_ms, DUCKED_DB, 0.0),
    ):
        slope = level[start * MS : end * MS]
        even = np.linspace(from_db, to_db, len(slope) + 1)[:-1]
        assert near(slope, even, step_db(end - start))
        assert near(
            slope[STEP_FRAMES:-STEP_FRAMES], even[STEP_FRAMES:-STEP_FRAMES], 0.15 * step_db(end - start)
        )
    assert level[(5000 - attack_ms) * MS - STEP_FRAMES] == pytest.approx(0, abs=0.01)
    assert level[(9000 + release_ms) * MS + STEP_FRAMES] == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize("gap_ms", [1, 400, 1900, 4999])
def test_a_gap_too_short_to_come_up_in_leaves_the_bed_down(gap_ms: int) -> None:
    """Whatever the station calls a short gap: here it is none, and the bed takes five seconds."""
    slow = {"attack": 2000 * MS, "release": 3000 * MS, "shortest_gap": 0}
    level = level_db(bed((5000, 7000), (7000 + gap_ms, 14_000), **slow))
    assert near(between(level, 5000, 14_000), DUCKED_DB)


def test_the_bed_s_own_ends_are_fades() -> None:
    """It comes in from silence and goes to silence, and never turns around on the way."""
    amplitude = 10 ** (level_db(bed()) / 20)
    rise, fall = amplitude[: USUAL.fade_in_ms * MS], amplitude[-USUAL.fade_out_ms * MS :]
    assert (rise[0], rise[-1]) == (0, pytest.approx(1, abs=0.01))
    assert (fall[0], fall[-1]) == (pytest.approx(1, abs=0.01), pytest.approx(0, abs=0.001))
    assert (np.diff(rise) > -1e-6).all()
    assert (np.diff(fall) < 1e-6).all()
    assert near(amplitude[len(rise) : -len(fall)], 1, 0.001)


@pytest.mark.parametrize(("fade_in_ms", "fade_out_ms"), [(0, 0), (0, 300), (300, 0), (1500, 1500)])
def test_all_music_has_the_fades_that_are_set(fade_in_ms: int, fade_out_ms: int) -> None:
    """A quarter of a sine each; where they meet, the lower one is heard."""
    place = Placement("open", 0, 2000 * MS, -6.0, fade_in_ms * MS, fade_out_ms * MS)
    level = shape_music(ONES, place, 0, place.length)[:, 0] / 10 ** (-6 / 20)
    frames = np.arange(place.length)
    rise = np.minimum(frames / max(fade_in_ms * MS, 1), 1) if fade_in_ms else np.ones(place.length)
    fall = np.minimum((place.length - frames) / max(fade_out_ms * MS, 1), 1)
    fall = fall if fade_out_ms else np.ones(place.length)
    shortest = min(filter(None, (fade_in_ms, fade_out_ms)), default=0) * MS
    tolerance = STEP_FRAMES / shortest if shortest else 1e-5
    assert near(level, np.sin(np.minimum(rise, fall) * np.pi / 2), tolerance)


@pytest.mark.parametrize("lead_ms", [0, 1, 100, 410])
def test_a_voice_right_at_the_bed_s_start_is_never_under_loud_music(lead_ms: int) -> None:
    level = level_db(bed((lead_ms, lead_ms + 4000)))
    assert between(level, lead_ms, lead_ms + 4000).max() <= DUCKED_DB + 0.01


def test_a_voice_that_speaks_already_when_the_bed_begins_finds_it_down() -> None:
    level = level_db(bed((-3000, 2000), (9000, 10_000)))
    assert between(level, 0, 2000).max() <= DUCKED_DB + 0.01
    assert level[5000 * MS] == pytest.approx(0, abs=0.01)


def test_what_follows_finds_the_bed_down() -> None:
    """The next part's first line comes in while the bed fades away, or just after."""
    level = level_db(bed((1000, 18_200), (19_100, 25_000)))
    assert between(level, 18_200, 20_000).max() <= DUCKED_DB + 0.01


@pytest.mark.parametrize("rate", [24_000, 32_000, 44_100, 48_000])
def test_ducking_makes_no_step_larger_than_the_music_s_own(rate: int) -> None:
    """A sine of 100 Hz has small steps; a gain that jumped, or a loop that missed, would stand out."""
    loop = (0.5 * np.sin(2 * np.pi * 100 * np.arange(rate) / rate)).astype(np.float32)[:, None]
    speech = ((rate // 10, 2 * rate), (4 * rate, 7 * rate), (9 * rate, 21 * rate))
    ducking = Ducking(speech, DUCKED_DB, rate // 4, rate * 7 // 10, rate * 6 // 5)
    place = Placement("bed", 0, 20 * rate, 0.0, rate * 9 // 10, rate * 3 // 2, ducking)
    shaped = shape_music(loop, place, 0, place.length)
    assert np.abs(np.diff(shaped[:, 0])).max() <= np.abs(np.diff(loop[:, 0])).max() * 1.001


def test_a_bed_cut_as_a_loop_is_repeated_without_a_seam() -> None:
    """Sample after sample and channel by channel, whether or not its length is a whole number of anything."""
    turns = 2 * np.pi * np.arange(1237) / 1237
    loop = np.stack([np.sin(turns), np.cos(turns)], axis=1).astype(np.float32)
    place = dataclasses.replace(bed(length=4000 * MS), fade_in=0, fade_out=0)
    assert shape_music(loop, place, 0, place.length) == pytest.approx(np.tile(loop, (99, 1))[: 4000 * MS])


def test_music_that_is_not_repeated_ends_with_its_file() -> None:
    place = Placement("sting", 0, len(ONES), -6.0)
    shaped = shape_music(ONES, place, 0, len(ONES) + 500)
    assert shaped.shape == ONES.shape
    assert shaped == pytest.approx(10 ** (-6 / 20))


def test_nothing_of_a_place_is_nothing() -> None:
    assert shape_music(ONES, bed(), 700, 700).shape == (0, 1)
    assert shape_music(ONES, bed(), 0, 0).shape == (0, 1)


SPANS = st.lists(st.integers(0, 4000), max_size=6).map(lambda gaps: tuple(np.cumsum(gaps).tolist()))
STATIONS = st.fixed_dictionaries(
    {
        "ducked_db": st.floats(-60, 0),
        "attack": st.integers(5, 5000).map(lambda ms: ms * MS),
        "release": st.integers(5, 10_000).map(lambda ms: ms * MS),
        "shortest_gap": st.integers(0, 5000).map(lambda ms: ms * MS),
    }
)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(edges=SPANS, station=STATIONS)
def test_no_setting_lets_music_come_up_under_a_voice_or_jump(
    edges: tuple[int, ...], station: dict[str, Any]
) -> None:
    """Whatever a station sets: down where somebody speaks, and nowhere steeper than the attack or release."""
    speech = tuple((a, z) for a, z in zip(edges[::2], edges[1::2], strict=False) if a < z)
    place = dataclasses.replace(bed(*speech, **station), fade_in=0, fade_out=0)
    level = level_db(place)
    for start, end in speech:
        assert near(between(level, start, end), station["ducked_db"])
    slope_db = np.diff(level)
    lead = speech[0][0] * MS if speech else 1
    attack = min(station["attack"], lead or 1)
    # A step is straight in amplitude, so that it is only as a whole as steep as it should be in decibels.
    steps_db = np.add.reduceat(slope_db, np.arange(0, len(slope_db), STEP_FRAMES))
    downward, upward = steps_db.min(initial=0), steps_db.max(initial=0)
    assert downward >= station["ducked_db"] * min(STEP_FRAMES / attack, 1) - 0.01
    assert upward <= -station["ducked_db"] * min(STEP_FRAMES / station["release"], 1) + 0.01
    assert level.max() <= 0.001


@settings(max_examples=30, deadline=None, derandomize=True)
@given(first=st.integers(0, LENGTH), length=st.integers(0, 30_000))
def test_a_part_of_a_place_is_that_part_of_the_whole(first: int, length: int) -> None:
    place = bed((100, 2000), (5000, 6000), (19_000, 30_000))
    loop = np.sin(np.arange(2474, dtype=np.float32)).reshape(-1, 2)
    last = min(first + length, LENGTH)
    whole = shape_music(loop, place, 0, LENGTH)
    assert (shape_music(loop, place, first, last) == whole[first:last]).all()
