"""Pictures in and out: the station's own cover is checked and read, finished covers become JPEG."""

import io
import warnings
from pathlib import Path

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from morning_edition import colours
from morning_edition.errors import StationError
from morning_edition.station import Station

SIDE_PX = 3000
SMALL_PX = 600
SMALLEST_SIDE_PX = 1400
LARGEST_BYTES = 512 * 1024
"""What Apple asks of artwork; larger pictures load slowly in every player."""
LARGEST_SMALL_BYTES = 50_000
"""The small cover is inside every MP3, ahead of the sound, and the most that a page loads."""

_QUALITIES = (85, 70, 55, 40)
_SIDES_PX = (SIDE_PX, 2000, SMALLEST_SIDE_PX)
"""Sizes to try for a large cover: below quality 40, more pixels make a picture worse."""


def read_own_cover(station: Station) -> Image.Image:
    """Read `artwork.cover` as an RGB picture of 3000 by 3000 pixels.

    What is transparent in it shows `artwork.background`. Raises StationError if the file is missing, outside
    the station's folder, no JPEG or PNG, broken, not square, or not 1400 to 3000 pixels wide.
    """
    path = _inside(station)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of broken EXIF data, which no cover needs
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(path, formats=("JPEG", "PNG")) as picture:
                _check(path, picture)
                ImageOps.exif_transpose(picture, in_place=True)
                flat = _flatten(picture, colours.parse(station.artwork.background))
        except UnidentifiedImageError as error:
            raise StationError(f"{path}: not a JPEG or PNG picture; save it as one of them") from error
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise StationError(
                f"{path}: too many pixels; a cover must be 1400 to 3000 pixels wide"
            ) from error
        except (OSError, SyntaxError, ValueError, EOFError) as error:
            raise StationError(f"{path}: a broken picture ({error}); save it anew") from error
    return flat if flat.width == SIDE_PX else flat.resize((SIDE_PX, SIDE_PX), Image.Resampling.BICUBIC)


def _inside(station: Station) -> Path:
    path = station.root / station.artwork.cover
    if not path.is_file():
        raise StationError(f'{path}: no such picture; put one there, or set artwork.cover to ""')
    if not path.resolve().is_relative_to(station.root.resolve()):
        raise StationError(f"{path}: the cover lies outside the station's folder; copy it there")
    return path


def _check(path: Path, picture: Image.Image) -> None:
    size = f"{path}: {picture.width} by {picture.height} pixels"
    if picture.width != picture.height:
        raise StationError(f"{size}; a cover must be square: crop it")
    if not SMALLEST_SIDE_PX <= picture.width <= SIDE_PX:
        raise StationError(f"{size}; a cover must be {SMALLEST_SIDE_PX} to {SIDE_PX} pixels wide: resize it")
    if picture.mode.startswith(("I", "F")):
        raise StationError(f"{path}: more than 8 bits a channel; save it as an ordinary RGB picture")


def _flatten(picture: Image.Image, ground: colours.Colour) -> Image.Image:
    """Return *picture* without transparency, in sRGB."""
    if picture.has_transparency_data:
        cut_out = picture if picture.mode == "RGBA" else picture.convert("RGBA")
        flat = Image.new("RGB", picture.size, ground)
        flat.paste(cut_out, mask=cut_out)
        return flat
    if profile := picture.info.get("icc_profile"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            if converted := ImageCms.profileToProfile(picture, source, target, outputMode="RGB"):
                return converted
        except (ImageCms.PyCMSError, OSError):
            pass  # a profile for another kind of picture: the plain conversion is what players would show
    return picture.convert("RGB")


def encode_large(picture: Image.Image) -> bytes:
    """Return *picture* as a JPEG of at most 512 KB, with fewer pixels if there is no other way.

    Baseline, with the standard tables: progressive is a quarter smaller, but takes twice as long and 25 MB
    more to make, for nothing that anybody asks.
    """
    for side in _SIDES_PX:
        scaled = picture if side == picture.width else picture.resize((side, side), Image.Resampling.LANCZOS)
        encoded = _encode(scaled, LARGEST_BYTES)
        if len(encoded) <= LARGEST_BYTES:
            break
    return encoded


def encode_small(picture: Image.Image) -> bytes:
    """Return a fifth of *picture* as a JPEG of at most 50 KB."""
    return _encode(picture.reduce(SIDE_PX // SMALL_PX), LARGEST_SMALL_BYTES, progressive=True)


def _encode(picture: Image.Image, most_bytes: int, *, progressive: bool = False) -> bytes:
    """Return *picture* in the best quality that *most_bytes* can hold, or in the lowest."""
    for quality in _QUALITIES:
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=quality, dpi=(72, 72), progressive=progressive)
        if file.tell() <= most_bytes:
            break
    return file.getvalue()
