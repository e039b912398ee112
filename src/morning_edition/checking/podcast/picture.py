"""Artwork, held against what Apple and Spotify take.

Apple, "Artwork requirements" (https://podcasters.apple.com/support/896-artwork-requirements); Spotify,
"Podcast Delivery Specification" 1.6.
"""

import warnings
from collections.abc import Iterator
from pathlib import Path

from morning_edition.checking.podcast.remarks import Remark, advise, refuse

SMALLEST_PX, LARGEST_PX = 1400, 3000
MOST_BYTES = 512 * 1024
MOST_BYTES_READ = 32_000_000
ENDINGS = {"JPEG": (".jpg", ".jpeg"), "PNG": (".png",)}
COLOURS = {"RGB", "P"}
DECODED = (64, 64)
"""As small as JPEG allows: all of its bytes are read, and little is worked out."""


def find_picture_remarks(path: Path) -> Iterator[Remark]:
    """Say what is wrong with the artwork at *path*."""
    name = path.name
    try:
        size_bytes = path.stat().st_size
        if size_bytes > MOST_BYTES_READ:
            raise ValueError(f"it has more than {MOST_BYTES_READ // 1_000_000} MB")
        kind, (width, height), colour = _open(path)
    except Exception as error:  # Pillow raises what it likes of damaged pictures
        yield refuse(f"{name} cannot be read as JPEG or PNG, which Apple and Spotify take ({error})")
        return
    if path.suffix.lower() not in ENDINGS[kind]:
        yield refuse(f"{name} is a {kind}, and Apple wants an ending that says so")
    if width != height:
        yield refuse(f"{name} has {width} × {height} pixels, and Apple and Spotify want a square")
    if not all(SMALLEST_PX <= side <= LARGEST_PX for side in (width, height)):
        said = f"{name} has {width} × {height} pixels, and Apple takes {SMALLEST_PX} to {LARGEST_PX}"
        yield refuse(f"{said}; set cover under [artwork], or leave it empty to have one drawn")
    elif width < LARGEST_PX:
        yield advise(f"{name} has {width} × {height} pixels, and Apple would like {LARGEST_PX}")
    if colour not in COLOURS:
        yield refuse(f"{name} has the colours {colour}, and Apple wants RGB without transparency")
    if size_bytes > MOST_BYTES:
        yield advise(
            f"{name} has {size_bytes // 1024:,} KB, and Apple would like {MOST_BYTES // 1024} at most"
        )


def _open(path: Path) -> tuple[str, tuple[int, int], str]:
    """Return format, size and colours, having decoded it where it is no larger than it may be."""
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(path, formats=tuple(ENDINGS)) as picture:
            size, colour = picture.size, picture.mode
            if "transparency" in picture.info:
                colour = f"{colour} with transparency"
            if max(size) <= LARGEST_PX:
                picture.draft("RGB", DECODED)
                picture.load()
            return picture.format or "", size, colour
