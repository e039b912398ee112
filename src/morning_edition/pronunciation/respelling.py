"""Newspaper respelling: `lah-tah-KEE-ah`, `AHB-dur-RAH-mahn`, capitals for the stressed syllables.

Hyphens part syllables and spaces words. An apostrophe behind a syllable, as the Associated Press writes it,
is its stress too. Written without capitals, it is what an engine that takes nothing but text reads well.
"""

import re
import unicodedata

from morning_edition.patterns import compile_late
from morning_edition.pronunciation.phonemes import (
    BREAK,
    VOWELS,
    PhonemeError,
    Sound,
    split_syllables,
    split_words,
)

_ONSETS = dict(
    pair.split("=")
    for pair in (
        "tch=tʃ sch=ʃ ch=tʃ ck=k dh=ð dj=dʒ gh=ɡ gn=n-j hw=w kh=x kn=n ng=ŋ ph=f ps=s qu=k-w rh=r sh=ʃ "
        "th=θ ts=t-s tz=t-s wh=w wr=r zh=ʒ b=b c=k d=d f=f g=ɡ h=h j=dʒ k=k l=l m=m n=n p=p q=k r=r s=s "
        "t=t v=v w=w x=z y=j z=z"
    ).split()
)
_CODAS = _ONSETS | dict(
    pair.split("=")
    for pair in (
        "nk=ŋ-k nx=ŋ-k-s dge=dʒ dg=dʒ nj=n-dʒ x=k-s gn=n kn=k-n mb=m-b ps=p-s wr=r rh=r y=i h= w=w"
    ).split()
)
_NUCLEI = dict(
    pair.split("=")
    for pair in (
        "eye=aɪ igh=aɪ air=ɛ-r ayr=ɛ-r ehr=ɛ-r eer=ɪ-r ear=ɪ-r eir=ɪ-r ihr=ɪ-r ahr=ɑː-r aar=ɑː-r awr=ɔː-r "
        "ohr=ɔː-r oor=ʊ-r uhr=ɝ yur=j-ʊ-r owr=aʊ-r aa=ɑː ah=ɑː ai=eɪ au=ɔː aw=ɔː ay=eɪ ea=iː ee=iː eh=ɛ "
        "ei=eɪ eu=j-uː ew=uː ey=eɪ ia=iː-ə ie=iː ih=ɪ iy=iː oa=oʊ oe=oʊ oh=oʊ oi=ɔɪ oo=uː ou=uː ow=aʊ "
        "oy=ɔɪ ue=uː uh=ʌ ui=uː uu=ʊ uy=aɪ ar=ɑː-r er=ɝ ir=ɝ or=ɔː-r ur=ɝ"
    ).split()
)
_OPEN = {"a": "ɑː", "e": "eɪ", "i": "iː", "o": "oʊ", "u": "uː", "y": "aɪ"}
"""A single vowel at the end of its syllable."""
_CLOSED = {"a": "æ", "e": "ɛ", "i": "ɪ", "o": "ɒ", "u": "ʌ", "y": "ɪ"}
_LONG = {"a": "eɪ", "e": "iː", "i": "aɪ", "o": "oʊ", "u": "uː", "y": "aɪ"}
"""A single vowel before a consonant and a silent e."""


def _any_of(table: dict[str, str]) -> str:
    return "|".join(sorted(table, key=len, reverse=True))


# Possessive, because a row of consonants can be cut in more ways than there is time to try.
_SYLLABLE = compile_late(
    rf"(?P<onset>(?:{_any_of({key: '' for key in _ONSETS if key != 'y'})}|y(?=[aeiou]))*+)"
    rf"(?:(?P<long>[aeiouy])(?P<single>[bcdfgjklmnpstvz]|th|sh|ch)e"
    rf"|(?P<nucleus>{_any_of(_NUCLEI)}|[aeiouy])(?P<coda>(?:{_any_of(_CODAS)})*+))"
)
_WITHOUT_VOWEL = compile_late(rf"(?:{_any_of(_ONSETS)})++")
_WORD = compile_late(r"\S+")
_HYPHENS = "-‐‑–·•"
_PART = compile_late(rf"[^{_HYPHENS}]+")
_PRIMES = "'’ʹ′"
LONGEST = 200
"""Characters of one respelling."""


def parse_respelling(respelling: str) -> tuple[Sound, ...]:
    """Return the sounds that *respelling* spells, a `BREAK` between words; raises `PhonemeError`."""
    if len(respelling) > LONGEST:
        raise PhonemeError(f"a respelling of {len(respelling)} characters; {LONGEST} are the most")
    sounds: list[Sound] = []
    for word in _WORD.finditer(unicodedata.normalize("NFC", respelling)):
        found = _parse_word(word[0], word.start())
        if found:
            sounds += [Sound(BREAK)] * bool(sounds) + found
    if not sounds:
        raise PhonemeError(f"{respelling!r} holds no sound")
    return tuple(sounds)


def _parse_word(word: str, column: int) -> list[Sound]:
    syllables = [
        (part[0].strip(_PRIMES), part[0].rstrip()[-1] in _PRIMES, column + part.start())
        for part in _PART.finditer(word)
    ]
    syllables = [syllable for syllable in syllables if syllable[0]]
    stresses = _read_stresses(syllables)
    return [
        sound
        for (letters, _, start), stress in zip(syllables, stresses, strict=True)
        for sound in _parse_syllable(letters, stress, start)
    ]


def _read_stresses(syllables: list[tuple[str, bool, int]]) -> list[int]:
    """Return each syllable's stress: the last capitals are the primary one, unless an apostrophe tells."""
    capital = [at for at, (letters, _, _) in enumerate(syllables) if letters.isupper()]
    primed = [at for at, (_, prime, _) in enumerate(syllables) if prime]
    if not capital and not primed:
        return [1] if len(syllables) == 1 else [0] * len(syllables)
    primary = (primed or capital)[-1]
    return [1 if at == primary else 2 * (at in capital or at in primed) for at in range(len(syllables))]


def _parse_syllable(letters: str, stress: int, start: int) -> list[Sound]:
    """Read one syllable; *start* is its column in the whole, counted from 0."""
    text = letters.lower()
    for at, sign in enumerate(text):
        if not ("a" <= sign <= "z"):
            raise PhonemeError(
                f"{letters[at : at + 1]!r} in column {start + at + 1} is no letter of a respelling"
            )
    phones: list[str] = []
    if match := _SYLLABLE.fullmatch(text):
        phones += _spell(match["onset"], _ONSETS)
        if match["long"]:
            phones += [_LONG[match["long"]], *_spell(match["single"], _CODAS)]
        else:
            coda = _spell(match["coda"], _CODAS)
            table = _NUCLEI | (_CLOSED if match["coda"] else _OPEN)
            phones += [*table[match["nucleus"]].split("-"), *coda]
    elif _WITHOUT_VOWEL.fullmatch(text):
        phones += _spell(text, _ONSETS)
    else:
        raise PhonemeError(f"{letters!r} in column {start + 1} is no syllable; part syllables with hyphens")
    return [_stressed(phone, stress) for phone in _undouble(phones)]


def _spell(letters: str, table: dict[str, str]) -> list[str]:
    pieces = re.findall(_any_of(table), letters)
    return [phone for piece in pieces for phone in table[piece].split("-") if phone]


def _undouble(phones: list[str]) -> list[str]:
    """Take the second of two like sounds away: "ss" is one."""
    return [phone for at, phone in enumerate(phones) if at == 0 or phone != phones[at - 1]]


def _stressed(phone: str, stress: int) -> Sound:
    if phone not in VOWELS:
        return Sound(phone)
    weak = {"ʌ": "ə", "ɝ": "ɚ", "iː": "i"} if stress == 0 else {}
    return Sound(weak.get(phone, phone), stress)


_WRITTEN = dict(
    pair.split("=")
    for pair in (
        "iː=ee i=ee ɪ=ih eɪ=ay ɛ=eh æ=a ɑː=ah ɒ=o ɔː=aw oʊ=oh ʊ=uu uː=oo ʌ=uh ə=uh ɝ=ur ɚ=ur aɪ=eye aʊ=ow "
        "ɔɪ=oy p=p b=b t=t d=d k=k ɡ=g tʃ=ch dʒ=j f=f v=v θ=th ð=dh s=s z=z ʃ=sh ʒ=zh h=h x=kh m=m n=n "
        "ŋ=ng l=l r=r j=y w=w"
    ).split()
)


_SHORT = {"ɪ": "i", "ɛ": "e", "ʌ": "u", "ə": "u"}
"""Vowels that a consonant closes need no more than a letter, and are read better so."""
_BEFORE_R = {"ɪ": "ee", "ɛ": "ai", "ɔː": "o", "ʊ": "oo"}


def write_respelling(sounds: tuple[Sound, ...]) -> str:
    """Write *sounds* as `parse_respelling` reads them, with capitals for the primary stress."""
    return _write(sounds, capitals=True)


def write_plain(sounds: tuple[Sound, ...]) -> str:
    """Write *sounds* for an engine that takes nothing but text: no capitals, which it might spell out.

    Of eight ways of writing that were tried on 300 words of CMUdict, eSpeak's rules read this one best.
    """
    return _write(sounds, capitals=False).replace("uu", "oo")


def _write(sounds: tuple[Sound, ...], *, capitals: bool) -> str:
    words = []
    for word in split_words(sounds):
        syllables = []
        for syllable in _close_syllables(split_syllables(word)):
            letters = _write_syllable(syllable)
            stressed = any(sound.stress == 1 for sound in syllable)
            syllables.append(letters.upper() if capitals and stressed else letters)
        words.append("-".join(filter(None, syllables)))
    return " ".join(words)


def _write_syllable(syllable: tuple[Sound, ...]) -> str:
    letters = ""
    for at, (phone, _) in enumerate(syllable):
        following = syllable[at + 1].phone if at + 1 < len(syllable) else ""
        if following == "r" and phone in _BEFORE_R:
            letters += _BEFORE_R[phone]
        elif following and phone in _SHORT:
            letters += _SHORT[phone]
        elif phone == "aɪ" and at:
            letters += "igh" if following else "y"
        else:
            letters += _WRITTEN[phone]
    return letters


def _close_syllables(syllables: list[tuple[Sound, ...]]) -> list[tuple[Sound, ...]]:
    """Give a syllable that would end in a short a or o the consonant after it: "BASH-ahr", not "BA-shahr"."""
    closed = list(syllables)
    for at in range(len(closed) - 1):
        following = closed[at + 1]
        if closed[at][-1].phone in ("æ", "ɒ") and following[0].phone not in VOWELS:
            closed[at], closed[at + 1] = (*closed[at], following[0]), following[1:]
    return closed
