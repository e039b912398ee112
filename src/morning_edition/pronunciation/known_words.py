"""Which words a voice may be trusted with: those of the dictionary, and what English makes of them."""

import functools
import unicodedata

from morning_edition.pronunciation.cmudict import is_word

_ENDINGS = tuple(
    (ending, instead)
    for ending, _, instead in (
        pair.partition(":")
        for pair in """
        ies:y ied:y iest:y ier:y ily:y es: es:e s: ed: ed:e ing: ing:e er: er:e ers: ers:e est: est:e ly:
        ness: less: ful: ish: ism: ist: ists: ize: ized: ise: ised: ization:ize isation:ize isation: able:
        able:e ship: hood: gate: land: town: ville: field: shire: wide: ward: wards: man: men: woman:
        women: person: people:
        """.split()
    )
)
"""What a word may end in, and what stands there in the word it comes from."""
_PREFIXES = tuple(
    """
    anti auto bi bio co counter cross crypto cyber de deep dis down e eco ex extra fore geo hyper in
    inter intra kilo macro mega meta micro mid mini mis multi narco neo non nano out over pan para photo
    poly post pre pro proto pseudo psycho quasi radio re semi sub super supra tele trans tri ultra un
    under up vice
    """.split()
)
_SPELLINGS = (
    ("our", "or"), ("ise", "ize"), ("ising", "izing"), ("isa", "iza"), ("yse", "yze"), ("tre", "ter"),
    ("ogue", "og"), ("ll", "l"), ("ae", "e"), ("oe", "e"), ("ence", "ense"),
)  # fmt: skip
"""British spellings of what the dictionary, an American one, has otherwise."""
_SHORTEST_STEM = 3
_SHORTEST_PART = 4
"""Letters of either half of a compound; with three, most foreign names would be one."""
_LONGEST = 60


@functools.lru_cache(maxsize=8192)
def is_known(word: str) -> bool:
    """Tell whether *word*, without regard to case, can be read by the rules of English.

    That is so for each word of the dictionary, its possessive and its inflections, for known words behind a
    prefix, for two known words written as one, and if each part of a hyphened compound is known.
    """
    plain = _without_accents(word.replace("’", "'").lower())
    if len(plain) > _LONGEST:
        return False
    return all(_is_known_part(part) for part in plain.replace("‑", "-").split("-") if part)


def _without_accents(word: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", word) if not unicodedata.combining(sign))


def _is_known_part(word: str) -> bool:
    if len(word) < 2 or _is_inflected(word):
        return True
    if any(
        _is_inflected(word.replace(british, american, 1))
        for british, american in _SPELLINGS
        if british in word
    ):
        return True
    for prefix in _PREFIXES:
        rest = word.removeprefix(prefix)
        if rest != word and len(rest) >= _SHORTEST_PART and _is_inflected(rest):
            return True
    return any(
        _is_inflected(word[at:]) and is_word(word[:at])
        for at in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)
    )


def _is_inflected(word: str) -> bool:
    if is_word(word):
        return True
    for ending, instead in _ENDINGS:
        if word.endswith(ending):
            stem = word[: -len(ending)]
            if len(stem) >= _SHORTEST_STEM and (is_word(stem + instead) or _is_doubled(stem, ending)):
                return True
    return False


def _is_doubled(stem: str, ending: str) -> bool:
    """Tell "stopped": the consonant before the ending is doubled."""
    return ending in ("ed", "ing", "er", "ers", "est") and stem[-1] == stem[-2] and is_word(stem[:-1])
