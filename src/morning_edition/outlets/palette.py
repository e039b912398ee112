"""The colours of pages: made from the station's artwork, and readable whatever it sets (WCAG 2.2 AA)."""

import colorsys
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from morning_edition.colours import (
    BLACK,
    READABLE,
    VISIBLE,
    Colour,
    contrast,
    parse,
    readable,
    strongest,
)
from morning_edition.station import Artwork

DISCERNIBLE = 3.0
"""The least contrast of controls and of what shows their state
(https://www.w3.org/TR/WCAG22/#non-text-contrast)."""

LIGHT_PAPER: Colour = (255, 255, 255)
LIGHT_INK: Colour = (24, 27, 33)
DARK_PAPER: Colour = (17, 19, 23)
DARK_INK: Colour = (234, 236, 239)

STEPS = tuple(step / 20 for step in range(21))


@dataclass(frozen=True, slots=True)
class Scheme:
    """The colours of one scheme, light or dark, as CSS takes them."""

    paper: str
    ink: str
    quiet: str
    """Of dates, times and notes."""
    line: str
    raised: str
    """The ground of cards and fields."""
    link: str
    tint: str
    """Behind the sentence that is spoken."""
    mark: str
    """Behind the word that is spoken."""
    on_mark: str
    stage: str
    """The ground of the player."""
    on_stage: str
    quiet_on_stage: str
    play: str
    """The play button, and the part of the waveform that has been heard."""
    on_play: str
    rest: str
    """The part of the waveform that has not."""
    hover: str
    """Behind a control of the player under the pointer."""


def mix_scheme(artwork: Artwork, *, dark: bool) -> Scheme:
    """Mix the colours of pages from those of the covers."""
    paper, ink = (DARK_PAPER, DARK_INK) if dark else (LIGHT_PAPER, LIGHT_INK)
    ground, accent = parse(artwork.background), parse(artwork.accent)
    stage = _blend(ground, DARK_PAPER, 0.85) if dark and strongest(ground) == BLACK else ground
    on_stage = readable(parse(artwork.ink), stage)
    play = accent if contrast(accent, stage) >= DISCERNIBLE else on_stage
    mark = accent if contrast(accent, paper) >= VISIBLE else _shade(accent, paper, VISIBLE)
    colours = {
        "paper": paper,
        "ink": ink,
        "quiet": _toward(paper, ink, paper, 5.5),
        "line": _blend(ink, paper, 0.86),
        "raised": _blend(ink, paper, 0.955 if not dark else 0.94),
        "link": _shade(ground, _blend(ink, paper, 0.9), READABLE),
        "tint": _blend(mark, paper, 0.78),
        "mark": mark,
        "on_mark": strongest(mark),
        "stage": stage,
        "on_stage": on_stage,
        "quiet_on_stage": _toward(_blend(on_stage, stage, 0.3), on_stage, stage, READABLE),
        "play": play,
        "on_play": strongest(play),
        "rest": _blend(on_stage, stage, 0.58),
        "hover": _blend(on_stage, stage, 0.86),
    }
    return Scheme(**{name: _code(colour) for name, colour in colours.items()})


def draw_icon(artwork: Artwork) -> str:
    """Draw the icon of a browser's tab, a sun on the cover's ground, as a `data:` address."""
    ground, sun = parse(artwork.background), parse(artwork.accent)
    seen = sun if contrast(sun, ground) >= DISCERNIBLE else strongest(ground)
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">'
        f'<rect width="16" height="16" rx="3.5" fill="{_code(ground)}"/>'
        f'<path d="M3.5 10a4.5 4.5 0 0 1 9 0zM2 11.25h12v1.25H2z" fill="{_code(seen)}"/></svg>'
    )
    return "data:image/svg+xml," + quote(svg, safe="=:/")


def _toward(colour: Colour, end: Colour, ground: Colour, least: float) -> Colour:
    """Move *colour* toward *end* until it has the contrast *least* with *ground*, as little as needed."""
    shades: Iterable[Colour] = (_blend(colour, end, step) for step in STEPS)
    return next((shade for shade in shades if contrast(shade, ground) >= least), strongest(ground))


def _shade(colour: Colour, ground: Colour, least: float) -> Colour:
    """Make *colour* as much lighter or darker as it takes for the contrast *least*; its hue stays."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(channel / 255 for channel in colour))
    end = strongest(ground)[0] / 255
    levels = (lightness + (end - lightness) * step for step in STEPS)
    shades = (_from_hls(hue, level, saturation) for level in levels)
    return next(shade for shade in shades if contrast(shade, ground) >= least)


def _from_hls(hue: float, lightness: float, saturation: float) -> Colour:
    red, green, blue = (round(255 * channel) for channel in colorsys.hls_to_rgb(hue, lightness, saturation))
    return red, green, blue


def _blend(one: Colour, other: Colour, share: float) -> Colour:
    """Return *one* with a *share*, 0 to 1, of *other* in it."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _code(colour: Colour) -> str:
    return "#" + bytes(colour).hex()
