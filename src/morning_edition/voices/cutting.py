"""Lines cut where a reader would draw breath, for engines that take only so much at a time."""

import bisect
import dataclasses
import itertools
import re
from collections.abc import Mapping, Sequence

from morning_edition.patterns import compile_late
from morning_edition.pronunciation.utterance import Utterance

PIECE_COST = 3
INSIDE_WORD_COST = 10_000
# The cost of a pause there, later rules over earlier ones. A clause's end is worth a request more; a
# space between words is taken only for want of anything better, the one after "Gen." or "U.S." last of all.
CUTS = (
    (9, compile_late(r" ")),
    (
        5,
        compile_late(r" (?=(?:and|but|or|nor|so|yet|that|which|who|because|while|when|if|as|after|before) )"),
    ),
    (2, compile_late(r"(?<=,) |(?<=,[”’\"')\]]) |(?<=[，、])")),
    (1, compile_late(r"(?<=[;:—–]) |(?<=[—；：])")),
    (0, compile_late(r"(?<=[.!?…]) |(?<=[.!?…][”’\"')\]]) |(?<=[。！？])")),
    (12, compile_late(r"(?<=\b[A-Z]\.) |(?<=\b(?:Dr|Jr|Lt|Mr|Ms|Mt|No|Sr|St|vs)\.) ")),
    (12, compile_late(r"(?<=\b(?:Col|Gen|Gov|Mrs|Rep|Rev|Sen|Sgt)\.) |(?<=\b(?:Capt|Prof|Reps|Sens)\.) ")),
)
WINDOW = 400
"""How far back from the longest piece that is allowed a better place for the cut is looked for."""
PAUSES_MS = {",，、": 120, ";:—–；：": 180, ".!?…。！？": 250}
"""The silence after a piece by the mark at its end; none where words were parted."""


def find_cuts(text: str, longest: int, whole: Sequence[tuple[int, int]] = ()) -> list[tuple[int, int]]:
    """Return where the pieces of *text* begin and end, each at most *longest* characters; only space is lost.

    The cuts that disturb least are taken, with no more of them than they are worth. *text* has single
    spaces. What lies between the places in *whole* is not cut, unless it is longer than a piece.
    """
    costs = {match.start(): cost for cost, rule in CUTS for match in rule.finditer(text)}
    for start, end in whole:
        for place in range(start + 1, end):
            costs.pop(place, None)
    costs[len(text)] = -PIECE_COST
    places = _find_places(costs, longest)
    total = {len(text): 0}  # the cost of all the cuts in what begins at a place
    ends: dict[int, int] = {}
    for start in sorted({0, *(_skip(text, place) for place in places)} - {len(text)}, reverse=True):
        last = start + longest
        after = bisect.bisect_right(places, last)
        first = bisect.bisect_left(places, max(start + 1, min(last, len(text)) - WINDOW))
        total[start], further = min(
            (PIECE_COST + costs.get(end, INSIDE_WORD_COST) + total[_skip(text, end)], -end)
            for end in places[min(first, after - 1) : after]
        )
        ends[start] = -further
    pieces, start = [], 0
    while start < len(text):
        pieces.append((start, ends[start]))
        start = _skip(text, ends[start])
    return pieces


def _find_places(costs: Mapping[int, int], longest: int) -> list[int]:
    """Return where a piece may end, in order: also inside words that are longer than a piece."""
    places = []
    for before, place in itertools.pairwise([0, *sorted(costs)]):
        places += [*range(before + longest, place, longest), place]
    return places


def _skip(text: str, end: int) -> int:
    """Return where the piece after one that ends there begins."""
    return end + text.startswith(" ", end)


def cut_text(text: str, longest: int) -> list[str]:
    """Cut *text* into pieces of at most *longest* characters, as `find_cuts` does."""
    text = " ".join(text.split())
    return [text[start:end] for start, end in find_cuts(text, longest)]


def cut_utterance(line: Utterance, longest: int) -> list[Utterance]:
    """Cut *line* likewise, and not inside what is said otherwise than it is written."""
    even = re.sub(r"\s", " ", line.text)  # a space for a space, so that every place stays where it is
    pieces = []
    for start, end in find_cuts(even, longest, [(said.start, said.end) for said in line.says]):
        says = tuple(
            dataclasses.replace(said, start=said.start - start, end=said.end - start)
            for said in line.says
            if start <= said.start and said.end <= end
        )
        pieces.append(Utterance(line.text[start:end], says))
    return [piece for piece in pieces if piece.text.strip()]


def pause_after(piece: str) -> int:
    """Return the silence, in milliseconds, that the mark at the end of *piece* asks for."""
    end = piece.rstrip("”’\"')]")[-1:]
    return next((pause for marks, pause in PAUSES_MS.items() if end and end in marks), 0)
