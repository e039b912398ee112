"""The colours of pages: a station's own where they can be read, and readable where they could not."""

import itertools
import xml.etree.ElementTree as ET
from urllib.parse import unquote

import pytest

from morning_edition.colours import READABLE, VISIBLE, contrast, parse
from morning_edition.outlets.palette import DISCERNIBLE, draw_icon, mix_scheme
from morning_edition.station import Artwork

COLOURS = (
    "#000000",
    "#ffffff",
    "#808080",
    "#12305b",
    "#f5a623",
    "#e4002b",
    "#00ff00",
    "#ffff00",
    "#0000ff",
    "#fffbe0",
)

TEXTS = (
    ("ink", "paper"),
    ("ink", "raised"),
    ("ink", "tint"),
    ("quiet", "paper"),
    ("quiet", "raised"),
    ("link", "paper"),
    ("link", "raised"),
    ("on_mark", "mark"),
    ("on_stage", "stage"),
    ("quiet_on_stage", "stage"),
    ("on_play", "play"),
    ("stage", "on_stage"),
)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(("background", "accent"), [*itertools.product(COLOURS, COLOURS)])
def test_whatever_a_station_sets_all_texts_can_be_read(background: str, accent: str, dark: bool) -> None:
    """WCAG 2.2, 1.4.3 and 1.4.11."""
    scheme = mix_scheme(Artwork(background=background, ink=accent, accent=accent), dark=dark)

    def ratio(one: str, other: str) -> float:
        return contrast(parse(getattr(scheme, one)), parse(getattr(scheme, other)))

    assert {pair: ratio(*pair) for pair in TEXTS if ratio(*pair) < READABLE} == {}
    assert ratio("play", "stage") >= DISCERNIBLE
    assert ratio("mark", "paper") >= VISIBLE


def test_readable_colours_of_a_station_stay_as_they_are() -> None:
    scheme = mix_scheme(Artwork(background="#12305b", ink="#fefefe", accent="#f5a623"), dark=False)

    assert (scheme.stage, scheme.on_stage, scheme.play, scheme.mark) == (
        "#12305b",
        "#fefefe",
        "#f5a623",
        "#f5a623",
    )
    assert scheme.link == "#12305b"


def test_a_light_stage_is_dimmed_in_the_dark() -> None:
    light, dark = (mix_scheme(Artwork(background="#ffffff"), dark=dark) for dark in (False, True))

    assert light.stage == "#ffffff"
    assert contrast(parse(dark.stage), parse("#000000")) < 3


def test_a_tabs_icon_is_a_picture_in_the_shows_colours() -> None:
    kind, _, svg = draw_icon(Artwork(background="#12305b", accent="#f5a623")).partition(",")
    ground, sun = ET.fromstring(unquote(svg))  # noqa: S314 - our own drawing

    assert kind == "data:image/svg+xml"
    assert (ground.get("fill"), sun.get("fill")) == ("#12305b", "#f5a623")
