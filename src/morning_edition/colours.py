"""Colours as three bytes, and how well one can be read on another (WCAG 2.2)."""

Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255 each."""

READABLE = 4.5
"""The least contrast of text on its ground (https://www.w3.org/TR/WCAG22/#contrast-minimum)."""
VISIBLE = 1.5
"""The least contrast of a shape that nobody has to read."""

BLACK: Colour = (0, 0, 0)
WHITE: Colour = (255, 255, 255)


def parse(code: str) -> Colour:
    """Read a colour such as "#12305b"."""
    red, green, blue = bytes.fromhex(code.removeprefix("#"))
    return red, green, blue


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast ratio of two colours, from 1 (the same) to 21 (black and white)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def readable(wanted: Colour, ground: Colour) -> Colour:
    """Return *wanted* if text in it can be read on *ground*, otherwise black or white."""
    return wanted if contrast(wanted, ground) >= READABLE else strongest(ground)


def strongest(ground: Colour) -> Colour:
    """Return black or white, whichever stands out more on *ground*; one of them always reaches 4.5."""
    return max(WHITE, BLACK, key=lambda colour: contrast(colour, ground))


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(channel / 255) for channel in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
