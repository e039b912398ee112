"""Talk-over, measured: the bed of these tests is a constant, so that what comes out is its level."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from morning_edition.mix.ducking import (
    ATTACK_MS,
    FADE_IN_MS,
    FADE_OUT_MS,
    RELEASE_MS,
    SHORTEST_GAP_MS,
    shape_bed,
    trace_ducking,
)
from morning_edition.mix.running_order import Placement

RATE = 8000
BED = Placement("bed", 5000, 20_000)
BED_DB = -16.0


def voices(*spans: tuple[int, int]) -> list[Placement]:
    """Takes from and to these points of the programme."""
    return [Placement(index, start, end - start) for index, (start, end) in enumerate(spans)]


def level_db(speech: Sequence[Placement], *, bed: Placement = BED, bed_db: float = BED_DB) -> Any:
    """The bed's level at each sample; -inf where it is silent."""
    shaped = shape_bed(np.ones(3 * RATE, np.float32), bed, speech, bed_db, RATE)
    assert len(shaped) == bed.length_ms * RATE // 1000
    with np.errstate(divide="ignore"):
        return 20 * np.log10(shaped.astype(np.float64))


def at(level: Any, time_ms: float) -> float:
    """The level at a point of the programme."""
    return float(level[int((time_ms - BED.start_ms) * RATE / 1000)])


def between(level: Any, start_ms: int, end_ms: int) -> Any:
    return level[(start_ms - BED.start_ms) * RATE // 1000 : (end_ms - BED.start_ms) * RATE // 1000]


@pytest.mark.parametrize("bed_db", [0.0, -6.0, -16.0, -60.0])
def test_the_bed_is_down_from_the_first_to_the_last_sample_of_speech(bed_db: float) -> None:
    level = level_db(voices((10_000, 14_000)), bed_db=bed_db)
    assert between(level, 10_000, 14_000) == pytest.approx(bed_db, abs=0.01)


def test_the_bed_is_at_its_own_level_in_the_gaps() -> None:
    level = level_db(voices((10_000, 12_000), (15_000, 17_000)))
    for start, end in ((6000, 10_000), (12_000, 15_000), (17_000, 23_000)):
        open_air = between(level, start + RELEASE_MS, end - ATTACK_MS)
        assert open_air == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize("gap_ms", [10, 350, 650, 900, SHORTEST_GAP_MS - 10])
def test_the_bed_does_not_pump_in_short_gaps(gap_ms: int) -> None:
    level = level_db(voices((10_000, 12_000), (12_000 + gap_ms, 16_000)))
    assert between(level, 10_000, 16_000) == pytest.approx(BED_DB, abs=0.01)


def test_the_shortest_gap_that_opens_lets_the_bed_come_all_the_way_up() -> None:
    """It is never caught halfway: a rise that turns around at once is heard as a swell."""
    level = level_db(voices((10_000, 12_000), (12_000 + SHORTEST_GAP_MS, 16_000)))
    assert at(level, 12_000 + RELEASE_MS + 1) == pytest.approx(0, abs=0.01)
    assert ATTACK_MS + RELEASE_MS <= SHORTEST_GAP_MS


def test_the_bed_goes_down_and_comes_up_evenly_in_decibels() -> None:
    level = level_db(voices((10_000, 14_000)))
    for start, end, from_db, to_db in (
        (10_000 - ATTACK_MS, 10_000, 0.0, BED_DB),
        (14_000, 14_000 + RELEASE_MS, BED_DB, 0.0),
    ):
        slope = between(level, start, end)
        assert slope == pytest.approx(np.linspace(from_db, to_db, len(slope) + 1)[:-1], abs=0.05)


def test_the_bed_s_own_ends_are_fades() -> None:
    """It comes in from silence and goes to silence, and never turns around on the way."""
    amplitude = 10 ** (level_db([]) / 20)
    rise, fall = amplitude[: FADE_IN_MS * RATE // 1000], amplitude[-FADE_OUT_MS * RATE // 1000 :]
    assert (rise[0], rise[-1]) == (0, pytest.approx(1, abs=0.01))
    assert (fall[0], fall[-1]) == (pytest.approx(1, abs=0.01), pytest.approx(0, abs=0.001))
    assert (np.diff(rise) > -1e-6).all()
    assert (np.diff(fall) < 1e-6).all()
    assert amplitude[len(rise) : -len(fall)] == pytest.approx(1, abs=0.001)


@pytest.mark.parametrize("lead_ms", [0, 100, 410])
def test_a_voice_right_at_the_bed_s_start_is_never_under_loud_music(lead_ms: int) -> None:
    level = level_db(voices((BED.start_ms + lead_ms, BED.start_ms + 4000)))
    assert between(level, BED.start_ms + lead_ms, BED.start_ms + 4000).max() <= BED_DB + 0.01


def test_speech_outside_the_bed_does_not_matter() -> None:
    inside = voices((10_000, 14_000))
    around = voices((0, 2000), (10_000, 14_000), (40_000, 41_000))
    assert (level_db(inside) == level_db(around)).all()


def test_what_follows_the_intro_finds_the_bed_down() -> None:
    """The next part's first line comes in while the bed fades away."""
    level = level_db(voices((6000, 23_200), (24_100, 30_000)))
    assert between(level, 23_200, 25_000).max() <= BED_DB + 0.01


def test_a_line_without_sound_does_not_duck_the_bed() -> None:
    assert at(level_db(voices((15_000, 15_000))), 15_000) == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize("rate", [32_000, 44_100, 48_000])
def test_ducking_makes_no_step_larger_than_the_music_s_own(rate: int) -> None:
    """A sine of 100 Hz has small steps; a gain that jumped, or a loop that missed, would stand out."""
    hertz = 100
    loop = (0.5 * np.sin(2 * np.pi * hertz * np.arange(rate) / rate)).astype(np.float32)
    speech = voices((5100, 7000), (9000, 12_000), (14_000, 26_000))
    shaped = shape_bed(loop, BED, speech, BED_DB, rate)
    own = np.abs(np.diff(loop)).max()
    assert np.abs(np.diff(shaped)).max() <= own * 1.001


def test_a_bed_cut_as_a_loop_is_repeated_without_a_seam() -> None:
    """Sample after sample, whether or not its length is a whole number of anything."""
    loop = np.sin(2 * np.pi * np.arange(1237) / 1237).astype(np.float32)
    shaped = shape_bed(loop, Placement("bed", 0, 4000), [], BED_DB, RATE)
    middle = slice(FADE_IN_MS * RATE // 1000, (4000 - FADE_OUT_MS) * RATE // 1000)
    assert shaped[middle] == pytest.approx(np.tile(loop, 99)[middle], abs=1e-6)


def test_the_corners_stand_in_order() -> None:
    """Linear interpolation between them is defined at no others."""
    points, levels = trace_ducking(
        BED, voices((4000, 4500), (5100, 6000), (7200, 8000), (30_000, 31_000)), -9
    )
    assert points == sorted(points)
    assert set(levels) == {0.0, -9}
