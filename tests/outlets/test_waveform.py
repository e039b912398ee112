"""The waveform: bars that show where there is speech, music and silence."""

import itertools
import math
import random
import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence

import pytest

from morning_edition.outlets.waveform import cut, draw_waveform

BAR = re.compile(r"M(\d+) (\d+)h\.7V(\d+)h-\.7")


def heights(peaks: Sequence[float], bars: int = 300) -> list[int]:
    """Return the height of each bar, which all are mirrored and stand side by side."""
    svg = ET.fromstring(draw_waveform(peaks, bars=bars))  # noqa: S314 - our own drawing
    path = svg[0].attrib["d"]
    drawn = [tuple(map(int, bar)) for bar in BAR.findall(path)]
    assert BAR.sub("", path) == ""
    assert [place for place, _, _ in drawn] == list(range(bars))
    assert all(top + bottom == 100 and top >= 0 for _, top, bottom in drawn)
    return [bottom - top for _, top, bottom in drawn]


def test_the_picture_fits_its_place_and_is_nothing_to_those_who_hear_the_page() -> None:
    svg = ET.fromstring(draw_waveform([0.5], bars=40))  # noqa: S314
    assert svg.attrib == {
        "class": "waveform",
        "viewBox": "0 0 40 100",
        "preserveAspectRatio": "none",
        "aria-hidden": "true",
        "focusable": "false",
    }
    assert [(part.tag, part.attrib["fill"]) for part in svg] == [("path", "currentColor")]


def test_a_louder_stretch_has_a_higher_bar_and_the_loudest_fills_the_picture() -> None:
    drawn = heights([0.1, 0.2, 0.4, 0.6, 0.8], bars=5)
    assert all(before < after for before, after in itertools.pairwise(drawn))
    assert drawn[-1] == 98


def test_a_quiet_programme_looks_like_the_same_one_louder() -> None:
    loud = [abs(math.sin(place / 7)) for place in range(2000)]
    assert heights([peak / 50 for peak in loud]) == heights(loud)


def test_music_twice_as_loud_as_the_voice_leaves_the_voice_a_quarter_of_the_height() -> None:
    assert heights([0.45, 0.9], bars=2)[0] >= 25


def test_a_click_does_not_make_a_silent_stretch_loud() -> None:
    """A bar shows what its whole stretch comes to, not its highest peak."""
    click, speech = [1.0] + [0.0] * 9, [0.6] * 10
    drawn = heights([*click, *speech], bars=2)
    assert drawn[0] < drawn[1]


def test_silence_is_a_line_of_dots() -> None:
    assert set(heights([0.0] * 500)) == {2}


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_what_is_no_amplitude_is_silence(bad: float) -> None:
    assert heights([bad, 1.0], bars=2) == [2, 98]


def test_no_peaks_give_no_picture() -> None:
    assert draw_waveform([]) == ""


@pytest.mark.parametrize("count", [1, 2, 299, 300, 301, 2000, 100_000])
def test_a_programme_of_any_length_is_drawn_whole_and_small(count: int) -> None:
    noise = random.Random(count)
    peaks = [noise.random() for _ in range(count)]
    assert len(heights(peaks)) == 300
    assert len(draw_waveform(peaks)) <= 6000
    assert draw_waveform(peaks) == draw_waveform(list(peaks))


@pytest.mark.parametrize(("count", "parts"), [(0, 3), (1, 3), (2, 3), (3, 3), (10, 3), (2000, 300)])
def test_values_are_cut_in_parts_of_nearly_one_size_none_left_out(count: int, parts: int) -> None:
    cuts = list(cut(range(count), parts))
    assert len(cuts) == (parts if count else 0)
    assert {value for part in cuts for value in part} == set(range(count))
    assert not cuts or max(map(len, cuts)) - min(map(len, cuts)) <= 1
