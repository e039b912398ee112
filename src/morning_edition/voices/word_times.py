"""The times of words as an engine tells them in, the time of each word of the text out.

An engine tells of its own words: respelled names, numbers read out, two words run together or one cut in
two, marks left out. What both have in common is found first by whole words, then between those by letters,
each time as the longest common subsequence (in the bit-parallel way of H. Hyyrö, "Bit-parallel LCS-length
computation revisited", 2004), which takes a line of 5,000 letters in hundredths of a second.
"""

import bisect
import itertools
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from morning_edition.voices import Word

LARGEST = 10_000
"""Letters beyond which nothing is compared, and all words share all the time: it would take 12 MB."""


@dataclass(slots=True)
class _Block:
    """Words of the text and what was heard of them, each from one to before another."""

    first: int
    after: int
    heard: int
    heard_after: int


def place_words(text: str, heard: Sequence[Word]) -> tuple[Word, ...]:
    """Return the words of *text*, as white space parts them, each with the time at which it is heard.

    *heard* is what the engine tells, in order, in whatever words. The times rise, and lie within those of
    *heard*. Words of which nothing was heard share the gap between their neighbours by letters; a mark
    without letters takes no time, unless it was read out. Without anything heard the result is empty.
    """
    tokens = text.split()
    if not tokens or not heard:
        return ()
    spans = _straighten(heard)
    letters = [_letters(token) for token in tokens]
    times: list[tuple[int, int]] = []
    for block in _blocks(letters, [[*map(_letters, word.text.split())] for word in heard]):
        pieces = spans[block.heard : block.heard_after]
        sizes = [len(word) for word in letters[block.first : block.after]]
        if not pieces:
            start = times[-1][1] if times else spans[0][0]
            pieces = [(start, _next_start(spans, block.heard) if any(sizes) else start)]
        times += _share(sizes, pieces)
    return tuple(Word(token, *span) for token, span in zip(tokens, times, strict=True))


def _letters(word: str) -> str:
    """Return the letters and digits of *word*, without accents and capitals."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", word.casefold())))


def _straighten(heard: Sequence[Word]) -> list[tuple[int, int]]:
    """Return the start and end of each word in ms, with what overlaps or runs backwards put in order."""
    starts = list(itertools.accumulate((word.start_ms for word in heard), max))
    ends = [max(word.end_ms, start) for word, start in zip(heard, starts, strict=True)]
    return [
        (start, min(end, after))
        for start, end, after in zip(starts, ends, [*starts[1:], ends[-1]], strict=True)
    ]


def _next_start(spans: Sequence[tuple[int, int]], index: int) -> int:
    return spans[index][0] if index < len(spans) else spans[-1][1]


def _blocks(said: Sequence[str], heard: Sequence[Sequence[str]]) -> list[_Block]:
    """Part all of *said* into blocks; what lies between two that match is a block of its own."""
    blocks = _matching(said, heard)
    for before, block in itertools.pairwise([_Block(0, 0, 0, 0), *blocks]):
        if before.after == block.first and said[block.first][0].isdigit():
            block.heard = before.heard_after  # "3km": the number was read out in words of its own
    for block, behind in itertools.pairwise([*blocks, _Block(len(said), len(said), len(heard), len(heard))]):
        if block.after == behind.first and said[block.after - 1][-1].isdigit():
            block.heard_after = behind.heard  # "A320"
    ends = [_Block(0, 0, 0, 0), *blocks, _Block(len(said), len(said), len(heard), len(heard))]
    gaps = [
        _Block(before.after, behind.first, before.heard_after, behind.heard)
        for before, behind in itertools.pairwise(ends)
        if before.after < behind.first
    ]
    return sorted([*blocks, *gaps], key=lambda block: block.first)


def _matching(said: Sequence[str], heard: Sequence[Sequence[str]]) -> list[_Block]:
    """Return what matches, in order; words that share a counterpart are in one block."""
    owners = [number for number, words in enumerate(heard) for _ in words]
    blocks: list[_Block] = []
    for index, place in _links(said, [*itertools.chain.from_iterable(heard)]):
        counterpart = owners[place]
        if blocks and (index < blocks[-1].after or counterpart < blocks[-1].heard_after):
            blocks[-1].after, blocks[-1].heard_after = index + 1, counterpart + 1
        else:
            blocks.append(_Block(index, index + 1, counterpart, counterpart + 1))
    return blocks


def _links(said: Sequence[str], heard: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Tell which words match: the same ones, and between those the ones with half their letters the same."""
    if max(sum(map(len, said)), sum(map(len, heard)), len(said), len(heard)) > LARGEST:
        return
    same = [(index, other) for index, other in _common(said, heard) if said[index]]
    start, start_heard = 0, 0
    for index, other in [*same, (len(said), len(heard))]:
        for near, far in _similar(said[start:index], heard[start_heard:other]):
            yield start + near, start_heard + far
        if index < len(said):
            yield index, other
        start, start_heard = index + 1, other + 1


def _similar(said: Sequence[str], heard: Sequence[str]) -> list[tuple[int, int]]:
    """Tell which words have half the letters of the shorter one in common, in order."""
    owners = [index for index, word in enumerate(said) for _ in word]
    others = [index for index, word in enumerate(heard) for _ in word]
    pairs = [(owners[a], others[b]) for a, b in _common("".join(said), "".join(heard))]
    counts = [(pair, len(list(same))) for pair, same in itertools.groupby(pairs)]
    return [pair for pair, count in counts if 2 * count >= min(len(said[pair[0]]), len(heard[pair[1]]))]


def _common(left: Sequence[str], right: Sequence[str]) -> list[tuple[int, int]]:
    """Return the places of a longest common subsequence in *left* and in *right*."""
    full = (1 << len(left)) - 1
    places: dict[str, int] = {}
    for index, item in enumerate(left):
        places[item] = places.get(item, 0) | 1 << index
    # In the row of an item of *right*, a bit of *left* is 0 where the common subsequence gets longer.
    rows = [full]
    for item in right:
        row = rows[-1]
        met = row & places.get(item, 0)
        rows.append((row + met | row - met) & full)
    pairs, at, other = [], len(left), len(right)
    while at and other:
        if left[at - 1] == right[other - 1]:
            at, other = at - 1, other - 1
            pairs.append((at, other))
        elif rows[other] >> at - 1 & 1:
            at -= 1
        else:
            other -= 1
    return pairs[::-1]


def _share(sizes: Sequence[int], pieces: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Share the time of *pieces*, without that between them, among words of so many letters."""
    sizes = sizes if any(sizes) else [1, *sizes[1:]]
    lasts = list(itertools.accumulate(end - start for start, end in pieces))
    edges = [lasts[-1] * share / sum(sizes) for share in itertools.accumulate(sizes, initial=0)]
    for begin, stop in itertools.pairwise(edges):
        start = _moment(pieces, lasts, begin, bisect.bisect_right(lasts, begin))
        yield start, max(start, _moment(pieces, lasts, stop, bisect.bisect_left(lasts, stop)))


def _moment(pieces: Sequence[tuple[int, int]], lasts: Sequence[int], elapsed: float, index: int) -> int:
    """Return the time at which *elapsed* ms of *pieces* have passed, which is in the one at *index*."""
    index = min(index, len(pieces) - 1)
    return round(pieces[index][1] - (lasts[index] - elapsed))
