"""Words for a picture: which characters can be set, where lines break, how large they can be.

Two faces ship with the program, both with Latin (Vietnamese too), Greek and Cyrillic. Lines are laid out
by Pillow itself, not by Raqm, so that a cover is the same on every machine, whether FriBidi is there or not.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from PIL import ImageFont

SERIF = "NotoSerif-CondensedBold.ttf"
SANS = "NotoSans-SemiBold.ttf"

LEADING = 1.14
"""From one baseline to the next, in font sizes: a Vietnamese capital with two accents is 1.05 high."""

CAPITALS = 0.72
"""Height of a capital letter, in font sizes."""

_FONTS = Path(__file__).parent.parent / "fonts"
_RULER_PX = 200
"""Letters are measured once, at this size."""
_SLACK = 0.985
"""How full a line may be: hinting makes letters up to 1 % wider at other sizes."""
_STAND_INS = str.maketrans({"−": "–", "\N{HYPHEN}": "-", "\N{NON-BREAKING HYPHEN}": "-"})
_LONGEST = 600
"""Characters; more than any cover can hold at the smallest size."""


@dataclass(frozen=True, slots=True)
class Block:
    """Text as it will stand."""

    lines: tuple[str, ...]
    size_px: int

    @property
    def height_px(self) -> int:
        """From the top of the first line's capitals to the last line's baseline."""
        return round(self.size_px * (LEADING * (len(self.lines) - 1) + CAPITALS)) if self.lines else 0


@lru_cache(maxsize=64)
def font(face: str, size_px: int) -> ImageFont.FreeTypeFont:
    """Load one of our faces."""
    return ImageFont.truetype(_FONTS / face, size_px, layout_engine=ImageFont.Layout.BASIC)


def settable(text: str, face: str) -> str:
    """Return *text* as *face* can set it, on one line, without what the face has no letters for.

    Returns nothing if more than a third of the letters would be lost: half a headline misleads.
    """
    plain = unicodedata.normalize("NFC", text[:_LONGEST]).translate(_STAND_INS)
    pieces = [_in_face(character, face) for character in plain]
    letters = [piece for piece, character in zip(pieces, plain, strict=True) if character.isalnum()]
    if sum(not piece for piece in letters) * 3 > len(letters):
        return ""
    return " ".join("".join(pieces).split())


@lru_cache(maxsize=4096)
def _in_face(character: str, face: str) -> str:
    """Return *character*, or what stands for it in *face*: its plain form, a space, or nothing."""
    if character.isspace():
        return " "
    if _has(character, face):
        return character
    plain = "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c))
    return plain if plain != character and all(_has(c, face) for c in plain) else ""


def _has(character: str, face: str) -> bool:
    if unicodedata.category(character)[0] in "CM":
        return False
    drawn, missing = (font(face, 32).getmask(c) for c in (character, "\uffff"))
    return drawn.size != missing.size or bytes(drawn) != bytes(missing)


def capitals(text: str, language: str) -> str:
    """Return *text* in capitals, as readers of *language* (BCP 47) write them."""
    primary = language.partition("-")[0].lower()
    if primary in {"tr", "az"}:
        text = text.replace("i", "İ")
    if primary == "el":  # Greek capitals bear no accents
        return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).replace("\u0301", "").upper())
    return text.upper()


def ems(text: str, face: str) -> float:
    """Return how wide *text* is, in font sizes: the sum of its letters, as neither face has kerning pairs."""
    return sum(_advance(character, face) for character in text)


@lru_cache(maxsize=4096)
def _advance(character: str, face: str) -> float:
    return font(face, _RULER_PX).getlength(character) / _RULER_PX


def shorten(text: str, room_ems: float, measure: Callable[[str], float]) -> str:
    """Return *text*, or as many of its words and an ellipsis as *measure* says go into *room_ems*."""
    if measure(text) <= room_ems:
        return text
    kept = text[: bisect_right(range(len(text)), room_ems, key=lambda end: measure(text[:end] + "…")) - 1]
    words, space, _ = kept.rpartition(" ")
    return (words if space and not text[len(kept)].isspace() else kept).rstrip(" ,;:–—-") + "…"


def fit(
    text: str, face: str, *, room_px: tuple[int, int], sizes_px: tuple[int, int], most_lines: int
) -> Block:
    """Set *text* as large as it goes into *room_px* (width, height) in at most *most_lines* lines.

    *sizes_px* is the smallest and the largest size. At the smallest, long words are broken and what is
    still too much ends in an ellipsis. The lines come out about equally long.
    """
    smallest, largest = sizes_px
    words = [_Word(word, ems(word, face)) for word in text.split()]
    longest = max((word.ems for word in words), default=0.0)
    space = ems(" ", face)
    for size in range(largest, smallest - 1, -10):
        column = room_px[0] * _SLACK / size
        lines = _wrap(words, space, column)
        if longest <= column and len(lines) <= min(most_lines, _lines_in(room_px[1], size)):
            return Block(_balance(words, space, column, longest), size)
    return _squeeze(text, face, room_px, smallest, most_lines)


class _Word(NamedTuple):
    text: str
    ems: float


def _lines_in(height_px: int, size_px: int) -> int:
    return int((height_px / size_px - CAPITALS) / LEADING) + 1


def _wrap(words: list[_Word], space: float, column: float) -> tuple[str, ...]:
    lines: list[str] = []
    used = 0.0
    for word in words:
        if lines and used + space + word.ems <= column:
            lines[-1] += " " + word.text
            used += space + word.ems
        else:
            lines.append(word.text)
            used = word.ems
    return tuple(lines)


def _balance(words: list[_Word], space: float, column: float, longest: float) -> tuple[str, ...]:
    """Wrap into about the narrowest column that needs no line more than *column* does."""
    line_count = len(_wrap(words, space, column))
    low, high = longest, column
    for _ in range(8):
        middle = (low + high) / 2
        if len(_wrap(words, space, middle)) <= line_count:
            high = middle
        else:
            low = middle
    return _wrap(words, space, high)


def _squeeze(text: str, face: str, room_px: tuple[int, int], size_px: int, most_lines: int) -> Block:
    """Set as much of *text* as goes in at *size_px*, wherever lines have to break."""
    column = room_px[0] * _SLACK / size_px
    most = min(most_lines, _lines_in(room_px[1], size_px))
    words = [part for word in text.split() for part in _break(word, face, column)]
    lines = _wrap(words, ems(" ", face), column)
    if len(lines) > most:
        rest = " ".join(lines[most - 1 :])
        lines = (*lines[: most - 1], shorten(rest, column, lambda piece: ems(piece, face)))
    return Block(lines, size_px)


def _break(word: str, face: str, column: float) -> list[_Word]:
    """Cut *word* into pieces no wider than *column*."""
    pieces = [_Word("", 0.0)]
    for character in word:
        text, used = pieces[-1]
        advance = _advance(character, face)
        if text and used + advance > column:
            pieces.append(_Word(character, advance))
        else:
            pieces[-1] = _Word(text + character, used + advance)
    return pieces
