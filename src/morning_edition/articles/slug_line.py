"""The slug line: keywords/ outlet/ byline/ edition/ lede. Any part may be missing.

What a part is, is told by what it looks like (an edition says so, a byline has an initial or "By", a lede is
prose), by the station's own names, and failing these by its place.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from morning_edition.articles.shapes import ends_sentence, is_title_case
from morning_edition.patterns import compile_late

KEYWORD_WORDS = 9
"""A part with more words than this is prose."""

LONGEST_CHARACTERS = 5000
"""A line with more than this, lede and all, is no slug line."""

_SLASH = compile_late(r"/")
_NOT_SEPARATORS = compile_late(
    r"""
    \b\w{1,12}://\S+ | \bwww\.\S+ | \d/\d | \bs/he\b | \bw/o\b
  | \b(?:and|either)\s*/\s*or\b | \bs?he\s*/\s*s?he\b | \b(?:his|her|him)\s*/\s*(?:his|her|him)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BY = compile_late(r"\Aby\b:?\s+(?=\S)", re.IGNORECASE)
_EDITION = compile_late(r"(?:\S+ ){0,3}edition", re.IGNORECASE)
_STATES = compile_late(r"(?:U\.S|U\.K|U\.N|E\.U|D\.C)\.")
_INITIALLED = compile_late(r"(?:[^\W\d_]\.[ -]?){1,3}\s?[^\W\d_][\w'’-]+(?: [\w.'’-]+){0,2}")
_PARTICLES = frozenset("al bin da de del der di du el la le van von".split())
_OUTLET = compile_late(
    r"""
    \b(?:Bulletin|Chronicle|Courier|Daily|Dispatch|Echo|Examiner|Gazette|Globe|Guardian|Herald|Inquirer|Journal
    |Ledger|Mail|Mirror|Monitor|News\w*|Observer|Post|Press|Radio|Record|Register|Reporter|Review|Sentinel|Standard
    |Star|Telegraph|Times|Tribune|TV|Weekly|Wire|Reuters|AP|AFP|BBC|CNN|NPR)\b | \w\.(?:com|net|news|org)\b
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class SlugLine:
    """The parts of a slug line; empty where it has none."""

    keywords: tuple[str, ...] = ()
    outlet: str = ""
    byline: str = ""
    edition: str = ""
    lede: str = ""


def read_slug_line(line: str, *, outlet: str = "", edition: str = "") -> SlugLine | None:
    """Part *line* at its slashes; None when it is no slug line.

    *outlet* and *edition* are names to know when they are met; nothing is filled in from them.
    """
    cuts = _separators(line) if len(line) <= LONGEST_CHARACTERS else []
    pieces, lede = _part_lede(line, cuts, edition)
    if not pieces or any(len(piece.split()) > KEYWORD_WORDS for piece in pieces):
        return None
    slug = replace(_sort(pieces, outlet, edition), lede=lede)
    certain = slug.outlet or slug.byline or slug.edition or len(cuts) > 1
    parted = lede and not lede[0].islower() and not line[cuts[0] - 1].isspace()
    return slug if certain or parted else None


def byline_name(line: str) -> str:
    """Return the name on a line that is all byline ("By R. Okafor"); empty for any other line."""
    by = _BY.match(line)
    name = line[by.end() :] if by else ""
    return name if len(name.split()) <= KEYWORD_WORDS and is_title_case(name) else ""


def _separators(line: str) -> list[int]:
    """Name the slashes that part: those beside a space, or all where none is, but never an "and/or"."""
    kept = [match.span() for match in _NOT_SEPARATORS.finditer(line)]
    slashes = [m.start() for m in _SLASH.finditer(line) if not any(a <= m.start() < b for a, b in kept)]
    spaced = [at for at in slashes if line[at - 1 : at].isspace() or line[at + 1 : at + 2].strip() == ""]
    if spaced:
        return spaced
    return slashes if len(slashes) > 2 else []


def _part_lede(line: str, cuts: list[int], edition: str) -> tuple[list[str], str]:
    """Return the parts before the lede, and the lede with whatever slashes it has."""
    starts = [0, *(cut + 1 for cut in cuts)]
    pieces = [line[start:end].strip() for start, end in zip(starts, [*cuts, len(line)], strict=True)]
    after_edition = False
    for index, piece in enumerate(pieces):
        last = index == len(pieces) - 1
        if _is_prose(piece, last=last) or (after_edition and piece and not _is_person(piece)):
            return [part for part in pieces[:index] if part], line[starts[index] :].strip()
        after_edition = after_edition or _is_edition(piece, edition)
    return [piece for piece in pieces if piece], ""


def _is_prose(piece: str, *, last: bool) -> bool:
    words = piece.split()
    if len(words) > KEYWORD_WORDS:
        return True
    return ends_sentence(piece) and len(words) > (1 if last else 4) and not _is_person(piece)


def _sort(pieces: list[str], outlet: str, edition: str) -> SlugLine:
    """Tell outlet, byline and edition from the keywords."""
    places = {
        "edition": _first(_is_edition(piece, edition) for piece in pieces),
        "byline": _first(bool(byline_name(piece)) for piece in pieces),
        "outlet": _first(_is_same(piece, outlet) for piece in pieces),
    }
    end = len(pieces) if places["edition"] is None else places["edition"]
    if places["byline"] is None:
        places["byline"] = _byline_place(pieces, places["outlet"], end)
    if places["outlet"] is None:
        places["outlet"] = _outlet_place(pieces, places["byline"], end)
    named = {part: pieces[place] for part, place in places.items() if place is not None}
    if "byline" in named:
        named["byline"] = _BY.sub("", named["byline"], count=1)
    keywords = tuple(piece for index, piece in enumerate(pieces) if index not in places.values())
    return SlugLine(keywords=keywords, **named)


def _byline_place(pieces: list[str], outlet: int | None, end: int) -> int | None:
    """Find the writer: between outlet and edition, or a name in the last place."""
    if outlet is not None and outlet + 1 < len(pieces) and outlet + 1 != end:
        after = pieces[outlet + 1]
        return outlet + 1 if end < len(pieces) or _is_person(after) else None
    last = end - 1 if outlet is None else outlet - 1
    if last < 0 or _is_outlet(pieces[last]) or not _is_person(pieces[last]):
        return None
    beside_known = outlet is None and (end < len(pieces) or (last > 0 and _is_outlet(pieces[last - 1])))
    return last if beside_known or _INITIALLED.fullmatch(pieces[last]) else None


def _outlet_place(pieces: list[str], byline: int | None, end: int) -> int | None:
    """Find the newsroom: in the place before the writer or the edition."""
    last = (end if byline is None else byline) - 1
    if last < 0:
        return None
    piece = pieces[last]
    words = len(piece.split())
    in_place = byline is not None and is_title_case(piece) and (words == 1 or (last > 0 and words <= 4))
    return last if in_place or _is_outlet(piece) else None


def _first(answers: Iterable[bool]) -> int | None:
    return next((index for index, answer in enumerate(answers) if answer), None)


def _is_same(piece: str, name: str) -> bool:
    return bool(name) and piece.casefold() == name.strip().casefold()


def _is_edition(piece: str, edition: str) -> bool:
    return _is_same(piece, edition) or _EDITION.fullmatch(piece) is not None


def _is_outlet(piece: str) -> bool:
    return _OUTLET.search(piece) is not None


def _is_person(piece: str) -> bool:
    """Tell "J. Mansour", "By Rosa Okafor" and "Ana de la Cruz" from a keyword."""
    if _STATES.match(piece):
        return False
    if byline_name(piece) or _INITIALLED.fullmatch(piece):
        return True
    words = piece.split()
    names = [word for word in words if word.split("-")[0] not in _PARTICLES]
    return 2 <= len(words) <= 5 and all(
        word[0].isupper() and not any(map(str.isdigit, word)) for word in names
    )
