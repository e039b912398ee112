"""A sheet to print a cover on: captions, rules, blocks of text and the sun.

All lengths are pixels of a sheet 3000 wide.
"""

from dataclasses import dataclass
from typing import Literal

from PIL import Image, ImageDraw

from morning_edition import colours
from morning_edition.artwork import lettering
from morning_edition.artwork.lettering import SANS, SERIF
from morning_edition.artwork.picture import SIDE_PX
from morning_edition.station import Artwork, Station

MARGIN = 210
COLUMN = SIDE_PX - 2 * MARGIN

Side = Literal["left", "middle", "right"]

_TRACKING = 0.14
"""Room between the capitals of a caption, in font sizes."""
_SMALLEST_CAPTION_PX = 60
DISC = 0.5
"""The sun's disc, as a share of its outermost ring's radius."""
_RINGS = ((1.0, 0.045, 90), (0.84, 0.06, 150), (0.67, 0.075, 215))
"""Outer radius and thickness as shares of the radius, and strength up to 255; from the outside in."""
_GLITTER = (0.98, 0.66, 0.8, 0.4, 0.52)
"""The sun on the water, or lines of print: widths as shares of the disc's, from the horizon down."""


@dataclass(frozen=True, slots=True)
class Ink:
    """The colours of one cover, each fit to be seen on its ground."""

    ground: colours.Colour
    text: colours.Colour
    signal: colours.Colour
    """The accent where it has to be read."""
    sun: colours.Colour
    """The accent where it only has to be seen."""

    @classmethod
    def of(cls, artwork: Artwork) -> "Ink":
        """Take the station's colours, or black and white where hers cannot be told from the ground."""
        ground, ink, accent = map(colours.parse, (artwork.background, artwork.ink, artwork.accent))
        text = colours.readable(ink, ground)
        standing_out = colours.contrast(accent, ground)
        return cls(
            ground=ground,
            text=text,
            signal=accent if standing_out >= colours.READABLE else text,
            sun=accent if standing_out >= colours.VISIBLE else text,
        )


class Sheet:
    """A picture to print on, in the station's colours and language."""

    def __init__(self, picture: Image.Image, station: Station) -> None:
        self.picture = picture
        self.ink = Ink.of(station.artwork)
        self._language = station.show.language
        self._draw = ImageDraw.Draw(picture)

    def area(self, left: float, top: float, right: float, bottom: float, colour: colours.Colour) -> None:
        """Fill a rectangle; *right* and *bottom* are the first pixels outside it."""
        self._draw.rectangle((round(left), round(top), round(right) - 1, round(bottom) - 1), fill=colour)

    def double_rule(self, top: int) -> None:
        """Draw the thick and the thin line that stand under a newspaper's name."""
        self.area(MARGIN, top, SIDE_PX - MARGIN, top + 16, self.ink.sun)
        self.area(MARGIN, top + 34, SIDE_PX - MARGIN, top + 39, self.ink.sun)

    def caption(
        self, text: str, baseline: int, side: Side, *, size_px: int, room_px: int, colour: colours.Colour
    ) -> None:
        """Set one line of wide capitals at a margin or in the middle, smaller if it needs to be."""
        capitals = lettering.settable(lettering.capitals(text, self._language), SANS)
        size_px = max(min(size_px, int(room_px / (_tracked(capitals) or 1))), _SMALLEST_CAPTION_PX)
        capitals = lettering.shorten(capitals, room_px / size_px, _tracked)
        free = COLUMN - _tracked(capitals) * size_px
        x = MARGIN + {"left": 0.0, "middle": free / 2, "right": free}[side]
        font = lettering.font(SANS, size_px)
        for letter in capitals:
            self._draw.text((round(x), baseline), letter, fill=colour, font=font, anchor="ls")
            x += (lettering.ems(letter, SANS) + _TRACKING) * size_px

    def block(self, block: lettering.Block, top: int, *, centred: bool = False) -> None:
        """Set a block in the serif face, its first line's capitals reaching up to *top*."""
        font = lettering.font(SERIF, block.size_px)
        x, anchor = (SIDE_PX // 2, "ms") if centred else (MARGIN, "ls")
        for number, line in enumerate(block.lines):
            baseline = top + block.size_px * (lettering.CAPITALS + lettering.LEADING * number)
            self._draw.text((x, round(baseline)), line, fill=self.ink.text, font=font, anchor=anchor)

    def sunrise(self, centre: int, horizon: int, radius: int) -> None:
        """Draw half a sun with its rings above the horizon, and its light below."""
        light = _half_sun(radius)
        self.picture.paste(self.ink.sun, (centre - radius, horizon - radius), light)
        self.area(0, horizon, SIDE_PX, horizon + 14, self.ink.sun)
        for row, share in enumerate(_GLITTER, start=1):
            half, top = radius * DISC * share, horizon + radius * 0.07 * row
            self.area(centre - half, top, centre + half, top + radius * 0.026, self.ink.sun)


def _tracked(capitals: str) -> float:
    """Return the width of a caption, in font sizes."""
    return lettering.ems(capitals, SANS) + _TRACKING * max(len(capitals) - 1, 0)


def _half_sun(radius: int) -> Image.Image:
    """Draw the upper half of the sun as a mask, twice as large first for smooth edges."""
    mask = Image.new("L", (4 * radius, 2 * radius), 0)
    draw = ImageDraw.Draw(mask)
    for outer, thickness, strength in _RINGS:
        draw.circle((2 * radius, 2 * radius), 2 * radius * outer, fill=strength)
        draw.circle((2 * radius, 2 * radius), 2 * radius * (outer - thickness), fill=0)
    draw.circle((2 * radius, 2 * radius), 2 * radius * DISC, fill=255)
    return mask.reduce(2)
