"""Which phonemes belong to which words, where eSpeak writes two words as one, or one as several."""

import itertools
from collections.abc import Callable, Sequence
from typing import NamedTuple

SPACE = " "
STRESSES = "ˈˌ"
MOST_TOGETHER = 4
"""Words that are run together: "would have been"."""
MOST_APART = 10
"""Words that one is read as: a number."""
STRAY = 12
"""How many words the two sides may be apart at any place."""
MISS = 2.0
"""What an unlike first phoneme costs, in phonemes too many; an unlike last one costs half."""
MERGE = 0.5
"""What taking words together costs, so that it is not done for nothing."""


class Token(NamedTuple):
    """A word."""

    spoken: str
    """As it was given to eSpeak."""
    written: str
    """As it stands in the line."""


class _Pair(NamedTuple):
    """Some words and the phonemes of them all."""

    tokens: int
    groups: int


_MOVES = [
    *(_Pair(tokens, 1) for tokens in range(1, MOST_TOGETHER + 1)),
    *(_Pair(1, groups) for groups in range(2, MOST_APART + 1)),
    _Pair(2, 2),
]


def match_words(
    tokens: Sequence[Token], sentences: Sequence[Sequence[str]], alone: Callable[[str], str]
) -> tuple[list[list[int]], tuple[str, ...]]:
    """Return for each phoneme of each sentence the number of its word, -1 for none, and the words.

    *alone* tells the phonemes of a word by itself. Words that eSpeak runs together become one.
    """
    numbers = [[-1] * len(sentence) for sentence in sentences]
    groups = _find_groups(sentences)
    heard = [token for token in tokens if any(map(str.isalnum, token.spoken))]
    if not heard or not groups:
        return numbers, ()
    said = [
        "".join(sign for sign in (sentences[row][at] for row, at in group) if sign not in STRESSES)
        for group in groups
    ]
    words: list[str] = []
    first = begun = 0
    for move in _match([alone(token.spoken) for token in heard], said):
        for row, at in itertools.chain.from_iterable(groups[begun : begun + move.groups]):
            numbers[row][at] = len(words)
        words.append(" ".join(token.written for token in heard[first : first + move.tokens]))
        first, begun = first + move.tokens, begun + move.groups
    return numbers, tuple(words)


def _find_groups(sentences: Sequence[Sequence[str]]) -> list[list[tuple[int, int]]]:
    """Return the places of the phonemes between two spaces, marks left out."""
    groups: list[list[tuple[int, int]]] = []
    for row, sentence in enumerate(sentences):
        for blank, places in itertools.groupby(range(len(sentence)), lambda at: sentence[at] == SPACE):  # noqa: B023
            group = [(row, at) for at in places if not blank and _is_sound(sentence[at])]
            if group:
                groups.append(group)
    return groups


def _is_sound(sign: str) -> bool:
    return sign in STRESSES or not all(not part.isalnum() for part in sign) or ord(sign[0]) > 0x2FF


def _match(alone: Sequence[str], said: Sequence[str]) -> list[_Pair]:
    """Return how many words go with how many groups, in order, at the least cost in all."""
    tokens, groups = len(alone), len(said)
    best: dict[tuple[int, int], tuple[float, _Pair]] = {(0, 0): (0.0, _Pair(0, 0))}
    for first in range(tokens):
        middle = first * groups // tokens
        for begun in range(max(0, middle - STRAY), min(groups, middle + STRAY) + 1):
            if (first, begun) not in best:
                continue
            cost = best[first, begun][0]
            for move in _MOVES:
                place = (first + move.tokens, begun + move.groups)
                if place[0] > tokens or place[1] > groups:
                    continue
                total = cost + _unlike(alone[first : place[0]], said[begun : place[1]])
                if place not in best or total < best[place][0]:
                    best[place] = (total, move)
    return _trace(best, tokens, groups)


def _trace(best: dict[tuple[int, int], tuple[float, _Pair]], tokens: int, groups: int) -> list[_Pair]:
    place, moves = (tokens, groups), []
    if place not in best:
        return [_Pair(tokens, groups)]
    while place != (0, 0):
        move = best[place][1]
        moves.append(move)
        place = (place[0] - move.tokens, place[1] - move.groups)
    return moves[::-1]


def _unlike(alone: Sequence[str], said: Sequence[str]) -> float:
    wanted, heard = "".join(alone), "".join(said)
    cost = abs(len(wanted) - len(heard)) + MERGE * (len(alone) + len(said) - 2)
    cost += MISS * (wanted[:1] != heard[:1]) + MISS / 2 * (wanted[-1:] != heard[-1:])
    return cost
