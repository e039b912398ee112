"""Pronouncers in copy, as agencies write them: "Latakia (lah-tah-KEE-ah)". They are not for reading out.

A parenthesis is taken for one only if it can be said and sounds like the name before it, so that "(US-led)",
"(D-Md.)" and "(left-to-right)" stay what they are.
"""

import re
import unicodedata
from dataclasses import dataclass

from morning_edition.patterns import compile_late
from morning_edition.pronunciation.entries import Entry
from morning_edition.pronunciation.phonemes import PhonemeError, Sound, parse_ipa
from morning_edition.pronunciation.respelling import parse_respelling

_LOOK_BACK = 120
"""Characters before a parenthesis in which its name stands."""
_LIKE_ENOUGH = 0.6
"""Of the consonants, how many must be the same in name and respelling."""
_VERY_LIKE = 0.75
"""The same for a word without a capital."""

_BRACKETS = compile_late(
    r"""
    [ \u00a0]?[(\[]
    (?P<cue>(?:pronounced|pron\.|say|sounds\ like)[ :]\ ?)?
    ["'“‘]?(?P<sound>/[^/\n()\[\]]{2,80}/|[A-Za-z][A-Za-z'’′ʹ‐‑·\- ]{1,80}?)["”]?
    [)\]]
    """,
    re.VERBOSE,
)
_WORD = compile_late(r"[^\s()\[\]\"“”,;:!?]+")
_LONE_SYLLABLE = compile_late(
    r"(?=[A-Z]{3,8}$)[B-DF-HJ-NP-TV-Z]*+(?:[AEIOU]H|EE|OO|A[WY]|O[WY]|EYE)[B-DF-HJ-NP-TV-Z]*+"
)
"""One syllable in capitals with a vowel that respellings write and hardly an acronym has: "KOHM"."""
_TAILS = frozenset(
    """
    allied area armed backed based born bound brokered built certified chaired controlled driven era
    established facing flagged friendly free funded held hosted imposed installed land led level
    like linked listed made mandated only owned ready related run sanctioned sponsored
    style supplied supported trained wide zone
    """.split()
)
"""What stands behind an acronym and a hyphen."""

_CLASSES = {
    "p": "P", "b": "P", "f": "F", "v": "FW", "t": "T", "d": "T", "s": "SC", "z": "SC", "m": "M", "n": "N",
    "l": "L", "r": "R", "k": "K", "q": "KC", "g": "KCF", "c": "KSC", "x": "KSC", "j": "CKY", "h": "",
    "w": "FW", "y": "",
}  # fmt: skip
"""What sounds a consonant letter may stand for, in names of any origin."""
_SOUND_CLASSES = dict(
    pair.split("=")
    for pair in (
        "p=P b=P f=F v=F t=T d=T θ=T ð=T s=S z=S ʃ=C ʒ=C tʃ=C dʒ=C m=M n=N ŋ=N l=L r=R k=K ɡ=K x=K "
        "w=W ɚ=R ɝ=R"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Pronouncer:
    """A name in copy, and how the copy says that it is said."""

    name: str
    respelling: str
    """A newspaper respelling, or IPA between slashes."""
    start: int
    end: int
    """The characters to be left out, with the space before them."""

    @property
    def entry(self) -> Entry:
        """The same for a lexicon."""
        if self.respelling.startswith("/"):
            return Entry(self.name, given_ipa=self.respelling.strip("/"))
        return Entry(self.name, self.respelling)


def find_pronouncers(text: str) -> tuple[Pronouncer, ...]:
    """Return the pronouncers in *text*, in order."""
    found = (_read(text, match) for match in _BRACKETS.finditer(text))
    return tuple(pronouncer for pronouncer in found if pronouncer)


def without_pronouncers(text: str) -> str:
    """Return *text* without its pronouncers and the spaces before them; all else stays."""
    pieces, at = [], 0
    for pronouncer in find_pronouncers(text):
        pieces.append(text[at : pronouncer.start])
        at = pronouncer.end
    return "".join([*pieces, text[at:]])


def _read(text: str, match: re.Match[str]) -> Pronouncer | None:
    respelling = match["sound"].strip()
    lone = not match["cue"] and _LONE_SYLLABLE.fullmatch(respelling) is not None
    if not (match["cue"] or lone or respelling.startswith("/") or _looks_respelled(respelling)):
        return None
    try:
        phones = [sound.phone for sound in _parse(respelling)]
    except PhonemeError:
        return None
    words = len(respelling.split())
    before = text[max(0, match.start() - _LOOK_BACK) : match.start()]
    likeness = {name: _compare(name, phones) for name in _find_names(before, words)}
    likely = [
        name
        for name, degree in likeness.items()
        if degree >= (_LIKE_ENOUGH if match["cue"] or (_is_name(name) and not lone) else _VERY_LIKE)
        and not (lone and (name.upper() == respelling or not _is_name(name)))
    ]
    if not likely:
        return None
    name = max(likely, key=lambda name: likeness[name] + (len(name.split()) == words) / 4)
    return Pronouncer(name, respelling, match.start(), match.end())


def _is_name(word: str) -> bool:
    return any(map(str.isupper, word))


def _parse(respelling: str) -> tuple[Sound, ...]:
    return parse_ipa(respelling[1:-1]) if respelling.startswith("/") else parse_respelling(respelling)


def _looks_respelled(text: str) -> bool:
    """Tell a respelling by its syllables: each in one case, some of them capitals, some of them not."""
    syllables = [syllable for syllable in re.split(r"[-‐‑· ]", text) if syllable]
    letters = [syllable.strip("'’′ʹ") for syllable in syllables]
    capital = [syllable.isupper() for syllable in letters]
    if len(letters) < 2 or not all(letters) or not any(capital):
        return False
    if not all(syllable.isupper() or syllable.islower() for syllable in letters):
        return False
    return not (all(capital) and "'" not in text) and letters[-1] not in _TAILS


def _find_names(before: str, words: int) -> list[str]:
    """Return what the name may be: as many words as the respelling has, or what follows the last hyphen."""
    written = [word for word in _WORD.findall(before) if any(map(str.isalnum, word))]
    if not written:
        return []
    names = [
        " ".join(written[-count:]) for count in sorted({words, words - 1, 1} - {0}) if count <= len(written)
    ]
    if re.search(r"[-‐‑]", written[-1]):
        names.append(re.split(r"[-‐‑]", written[-1])[-1])
    return [re.sub(r"['’]s$", "", name) for name in names]


def _compare(name: str, phones: list[str]) -> float:
    """Return how alike name and sounds are in their consonants, from 0 to 1; 0 where they begin otherwise."""
    plain = unicodedata.normalize("NFD", name.lower())
    letters = [letter for letter in plain if "a" <= letter <= "z"]
    written = [_CLASSES[letter] for letter in letters if _CLASSES.get(letter)]
    heard = [_SOUND_CLASSES[phone] for phone in phones if phone in _SOUND_CLASSES]
    if not letters or not written or not heard:
        return 0.0
    opens = phones[0] in _SOUND_CLASSES and phones[0] != "w"
    if opens and heard[0] not in "".join(written[:2]):
        return 0.0
    if not opens and letters[0] in "bcdfklmnpqrstvz":
        return 0.0
    return _longest_common(_merge(written), _merge(heard)) / max(len(_merge(written)), len(_merge(heard)))


def _merge(classes: list[str]) -> list[str]:
    """Take double letters for one."""
    return [item for at, item in enumerate(classes) if at == 0 or item != classes[at - 1]]


def _longest_common(written: list[str], heard: list[str]) -> int:
    row = [0] * (len(heard) + 1)
    for may_be in written:
        before = row[:]
        for at, sound in enumerate(heard):
            row[at + 1] = before[at] + 1 if sound in may_be else max(row[at], before[at + 1])
    return row[-1]
