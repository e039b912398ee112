"""The sounds of English, and of the foreign names in its news; IPA is the form that all others pass through.

A pronunciation is a row of `Sound`s. Spelled in IPA, a stress mark stands before its syllable and a space
between two words; read, signs of other languages become the nearest sound that a newsreader would say.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

BREAK = " "
"""The phone of a sound that is none: the gap between two words."""


class Sound(NamedTuple):
    """One phoneme."""

    phone: str
    """As `VOWELS` and `CONSONANTS` write it, or `BREAK`."""
    stress: int = 0
    """Of a vowel: 1 primary, 2 secondary, 0 none."""


class PhonemeError(ValueError):
    """What was to be a pronunciation is none; the message names the sign and its column."""


VOWELS = frozenset("iː i ɪ eɪ ɛ æ ɑː ɒ ɔː oʊ ʊ uː ʌ ə ɝ ɚ aɪ aʊ ɔɪ".split())
CONSONANTS = frozenset("p b t d k ɡ tʃ dʒ f v θ ð s z ʃ ʒ h x m n ŋ l r j w".split())

ARPABET = dict(
    pair.split(":", 1)
    for pair in (
        "AA:ɑː AE:æ AH:ʌ AO:ɔː AW:aʊ AY:aɪ EH:ɛ ER:ɝ EY:eɪ IH:ɪ IY:iː OW:oʊ OY:ɔɪ UH:ʊ UW:uː B:b CH:tʃ D:d "
        "DH:ð F:f G:ɡ HH:h JH:dʒ K:k L:l M:m N:n NG:ŋ P:p R:r S:s SH:ʃ T:t TH:θ V:v W:w Y:j Z:z ZH:ʒ"
    ).split()
)
UNSTRESSED_ARPABET = {"AH": "ə", "ER": "ɚ", "IY": "i"}

NEAREST = dict(
    pair.split(":", 1)
    for pair in (
        "i:i u:uː u̯:w e:ɛ eː:eɪ ei:eɪ o:oʊ oː:oʊ ou:oʊ əʊ:oʊ ɔ:ɔː a:ɑː aː:ɑː ɑ:ɑː ɒː:ɑː æː:æ ɛː:ɛ ai:aɪ "
        "au:aʊ ɔi:ɔɪ y:uː yː:uː ø:ɝ øː:ɝ œ:ɝ œː:ɝ ɜ:ɝ ɜː:ɝ ɜr:ɝ ɜɹ:ɝ ɜːr:ɝ ɜːɹ:ɝ ɝː:ɝ ər:ɚ əɹ:ɚ ᵻ:ɪ ɨ:ɪ "
        "ɪ̈:ɪ ʉ:uː ɯ:ʊ ɤ:ʌ ɐ:ə ɘ:ə ɵ:ʊ ʏ:ʊ ɪː:iː ʊː:uː g:ɡ ɹ:r ɾ:r ʁ:r ʀ:r ɽ:r ɻ:r χ:x ç:x ɣ:ɡ ɢ:ɡ ɟ:ɡ q:k "
        "c:k ħ:h ɦ:h ɬ:l ɫ:l ɭ:l ɮ:l ɱ:m ɳ:n ɴ:n ʈ:t ɖ:d ɗ:d ɓ:b ɠ:ɡ β:v ʋ:v ɸ:f ʍ:w ɥ:w ɰ:w ʝ:j ʂ:ʃ ɕ:ʃ "
        "ʐ:ʒ ʑ:ʒ ʤ:dʒ ʧ:tʃ tɕ:tʃ tʂ:tʃ ʈʂ:tʃ dʑ:dʒ dʐ:dʒ ɖʐ:dʒ"
    ).split()
)
PAIRS = {
    "ɛə": ("ɛ", "r"), "ɛər": ("ɛ", "r"), "eə": ("ɛ", "r"), "eər": ("ɛ", "r"), "ɪə": ("ɪ", "r"),
    "ɪər": ("ɪ", "r"), "ʊə": ("ʊ", "r"), "ʊər": ("ʊ", "r"), "ɲ": ("n", "j"), "ʎ": ("l", "j"), "ʦ": ("t", "s"),
    "ʣ": ("d", "z"), "n̩": ("ə", "n"), "m̩": ("ə", "m"), "l̩": ("ə", "l"), "r̩": ("ɚ",), "ɛ̃": ("æ", "n"),
    "æ̃": ("æ", "n"), "ɑ̃": ("ɑː", "n"), "ã": ("ɑː", "n"), "ɔ̃": ("oʊ", "n"), "õ": ("oʊ", "n"), "œ̃": ("ʌ", "n"),
    "ẽ": ("ɛ", "n"), "ĩ": ("iː", "n"), "ũ": ("uː", "n"), "ɐ̃": ("ʌ", "n"),
}  # fmt: skip
"""Signs that stand for two sounds."""

_SIGNS: dict[str, tuple[str, ...]] = {
    **{phone: (phone,) for phone in VOWELS | CONSONANTS},
    **{sign: (phone,) for sign, phone in NEAREST.items()},
    **{unicodedata.normalize("NFD", sign): phones for sign, phones in PAIRS.items()},
}
_LONGEST_SIGN = max(map(len, _SIGNS))
_STRESSES = {"ˈ": 1, "'": 1, "ˌ": 2}
_SILENT = frozenset("/[]().ːˑ‿|ʔʕʰʲʷʼˠˤ˞͜͡")
"""What may stand in IPA and changes no sound that a newsreader would make."""

_ONSETS = frozenset(
    tuple(cluster.split("-"))
    for cluster in (
        "p-r p-l b-r b-l t-r d-r k-r k-l ɡ-r ɡ-l f-r f-l θ-r ʃ-r s-p s-t s-k s-m s-n s-l s-w t-w d-w k-w "
        "ɡ-w h-w s-p-r s-t-r s-k-r s-p-l s-k-w p-j b-j t-j d-j k-j ɡ-j m-j n-j f-j v-j h-j l-j s-j r-j"
    ).split()
)


def parse_ipa(ipa: str) -> tuple[Sound, ...]:
    """Return the sounds that *ipa* spells, a `BREAK` between words; raises `PhonemeError`."""
    # Decomposed, a nasal sign is the same in whichever of its two forms it came; columns count the original.
    text, columns = _decompose(ipa)
    sounds: list[Sound] = []
    stress, at = 0, 0
    while at < len(text):
        sign = text[at]
        if sign in _STRESSES:
            stress = _STRESSES[sign]
        elif sign.isspace() or sign in "-‑":
            if sounds and sounds[-1].phone != BREAK:
                sounds.append(Sound(BREAK))
        elif found := _match_sign(text, at):
            for phone in _SIGNS[found]:
                sounds.append(Sound(phone, stress if phone in VOWELS else 0))
                stress = 0 if phone in VOWELS else stress
            at += len(found) - 1
        elif sign not in _SILENT and not unicodedata.combining(sign):
            raise PhonemeError(f"{sign!r} in column {columns[at]} is no sign of IPA")
        at += 1
    return _strip(sounds, ipa)


def _decompose(ipa: str) -> tuple[str, list[int]]:
    pieces = [unicodedata.normalize("NFD", sign) if sign != "ç" else sign for sign in ipa]
    columns = [column for column, piece in enumerate(pieces, 1) for _ in piece]
    # A tie bar joins two signs that are known side by side.
    kept = [(sign, column) for sign, column in zip("".join(pieces), columns, strict=True) if sign not in "͜͡"]
    return "".join(sign for sign, _ in kept), [column for _, column in kept]


def _match_sign(text: str, at: int) -> str:
    """Return the longest known sign at *at*; empty where there is none."""
    for length in range(_LONGEST_SIGN, 0, -1):
        if (sign := text[at : at + length]) in _SIGNS and len(sign) == length:
            return sign
    return ""


def _strip(sounds: list[Sound], source: str) -> tuple[Sound, ...]:
    while sounds and sounds[-1].phone == BREAK:
        sounds.pop()
    if not sounds:
        raise PhonemeError(f"{source!r} holds no sound")
    return tuple(sounds)


def parse_arpabet(phones: str) -> tuple[Sound, ...]:
    """Return the sounds of ARPABET such as `D AH0 M AE1 S K AH0 S`; raises `PhonemeError`."""
    sounds = []
    for match in re.finditer(r"\S+", phones):
        name = match[0].rstrip("012")
        if name not in ARPABET:
            raise PhonemeError(f"{match[0]!r} in column {match.start() + 1} is no phone of ARPABET")
        stress = int(match[0][len(name) :] or 0)
        weak = UNSTRESSED_ARPABET if stress == 0 else {}
        sounds.append(Sound(weak.get(name, ARPABET[name]), stress))
    return _strip(sounds, phones)


def write_ipa(sounds: tuple[Sound, ...]) -> str:
    """Spell *sounds* in IPA, as `parse_ipa` reads it."""
    return " ".join(map(_write_word, split_words(sounds)))


def _write_word(word: tuple[Sound, ...]) -> str:
    text = ""
    for syllable in split_syllables(word):
        text += ("", "ˈ", "ˌ")[max(sound.stress for sound in syllable)]
        for phone, _ in syllable:
            # A dot parts what would be read as one sign.
            tail = text[-_LONGEST_SIGN:]
            one_sign = any(tail[at:] + phone in _SIGNS for at in range(len(tail)))
            text += f".{phone}" if one_sign else phone
    return text


def split_words(sounds: tuple[Sound, ...]) -> Iterator[tuple[Sound, ...]]:
    """Yield the sounds of each word, none of them empty."""
    start = 0
    for at, sound in enumerate((*sounds, Sound(BREAK))):
        if sound.phone == BREAK:
            if at > start:
                yield sounds[start:at]
            start = at + 1


def split_syllables(word: tuple[Sound, ...]) -> list[tuple[Sound, ...]]:
    """Cut a word's sounds into syllables, each with as many consonants before its vowel as can begin one."""
    vowels = [at for at, sound in enumerate(word) if sound.phone in VOWELS]
    starts = [0]
    for before, vowel in itertools.pairwise(vowels):
        cluster = tuple(sound.phone for sound in word[before + 1 : vowel])
        keep = next(size for size in range(min(len(cluster), 3), -1, -1) if _can_begin(cluster, size))
        starts.append(vowel - keep)
    return [word[start:end] for start, end in zip(starts, [*starts[1:], len(word)], strict=True)]


def _can_begin(cluster: tuple[str, ...], size: int) -> bool:
    onset = cluster[len(cluster) - size :]
    return size == 0 or onset in _ONSETS or (size == 1 and onset != ("ŋ",))
