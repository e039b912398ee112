"""An address as a QR code (ISO/IEC 18004), on pages and on a terminal.

A code is dark on light, with four light modules around it; many phones read no other.
"""

import itertools

from markupsafe import Markup

from morning_edition.outlets.characters import clean

QUIET_ZONE = 4
"""Modules, as the standard asks for."""

Rows = tuple[tuple[bool, ...], ...]

HALF_BLOCKS = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
BLACK_ON_WHITE = "\x1b[38;5;16;48;5;231m"
"""Of the 256 colours those two that no terminal's theme changes."""
USUAL_COLOURS = "\x1b[0m"


def draw_qr(text: str, *, label: str) -> Markup:
    """Return *text* as an inline `svg` element that is called *label* by those who hear the page.

    It is dark on light in dark mode, too, unless a style sets its `color`. Raises ValueError for a text that
    is too long for a code: 2,331 bytes are not.
    """
    rows = _encode(text)
    path = "".join(
        f"M{run[0]} {y}h{len(run)}v1h-{len(run)}z" for y, row in enumerate(rows) for run in _dark_runs(row)
    )
    return Markup(
        '<svg class="qr" viewBox="0 0 {size} {size}" color="#000" shape-rendering="crispEdges" role="img">'
        '<title>{label}</title><path fill="#fff" d="M0 0h{size}v{size}H0z"/>'
        '<path fill="currentColor" d="{path}"/></svg>'
    ).format(size=len(rows), label=clean(label), path=path)


def print_qr(text: str) -> str:
    """Return *text* as lines for a terminal, two rows of modules each. Raises ValueError like `draw_qr`."""
    rows = _encode(text)
    pairs = itertools.zip_longest(rows[::2], rows[1::2], fillvalue=(False,) * len(rows))
    lines = ("".join(HALF_BLOCKS[pair] for pair in zip(*both, strict=True)) for both in pairs)
    return "\n".join(f"{BLACK_ON_WHITE}{line}{USUAL_COLOURS}" for line in lines) + "\n"


def _encode(text: str) -> Rows:
    """Return which modules are dark, row by row, the quiet zone included."""
    import segno

    code = segno.make_qr(clean(text), error="m")
    return tuple(tuple(map(bool, row)) for row in code.matrix_iter(border=QUIET_ZONE))


def _dark_runs(row: tuple[bool, ...]) -> list[list[int]]:
    """Return the places of dark modules, those that touch each other together."""
    groups = itertools.groupby(range(len(row)), key=row.__getitem__)
    return [list(places) for dark, places in groups if dark]
