"""Acronyms as letters or as a word, decided before a voice sees them: "HTS" is "H T S", "NATO" stays."""

import functools
import re

from morning_edition.patterns import compile_late
from morning_edition.spoken.english.acronym_list import COMMON_SHORT, LETTERS, SAID, SHOUTED_WORDS, WORDS
from morning_edition.spoken.english.letters import (
    LONGEST_LETTERS,
    close_letters,
    keep_stop,
    spell_letters,
    word_after,
    word_before,
)
from morning_edition.spoken.reading import Locale, make_reading

_ALWAYS_SPELLED = 3
"""So many letters and fewer are spelled, unless they are known for a word."""
_LONG = 5
"""More letters are a name, though no rule of English makes a word of them."""
_VOWELS = "AEIOUY"
_BEFORE_COUNTRY = frozenset("THE EX IN ACROSS VIA VS".split())
_PARTS = compile_late(rf"[{_VOWELS}]+|[^{_VOWELS}]+")
_ONSETS = frozenset(
    """
    B BL BR C CH CL CR D DR DW F FL FR G GH GL GR GW H J K KH KL KN KR L M N P PH PL PR Q R RH S SC SCH
    SCR SH SHR SK SL SM SN SP SPL SPR SQ ST STR SV SW T TH THR TR TS TW V VL W WH WR X Z ZH
    """.split()
)
_NAMES = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (
            "EY BIY SIY DIY IY EHF JHIY EYCH AY JHEY KEY EHL EHM EHN OW PIY KYUW AAR EHS TIY YUW VIY "
            "DAHBAHLYUW EHKS WAY ZIY"
        ).split(),
        strict=True,
    )
)
"""How the letters are said, in ARPABET without stress."""
_CODAS = frozenset(
    """
    B BS C CH CK CKS CT CTS D DGE DS F FF FT FTS G GH GN GS H K KS L LB LD LDS LF LK LKS LL LLS LM LMS
    LN LP LPS LS LT LTS LVE M MB MP MPS MS N NC NCH ND NDS NG NGS NK NKS NS NT NTS NX P PH PS PT PTS R
    RB RBS RC RCH RD RDS RF RG RK RKS RL RLS RM RMS RN RNS RP RPS RS RST RT RTH RTS RX S SH SK SKS SM SP
    SPS SS ST STS T TCH TH THS TS TT TTS TZ V X XT Z ZZ
    """.split()
)


def _say_acronym(match: re.Match[str], locale: Locale) -> str | None:
    letters, ending = match["letters"], match["ending"] or ""
    if ending == "+":
        ending = " plus"
    if len(letters) > LONGEST_LETTERS or not letters.isascii():
        return None
    special = SAID.get(letters)
    if special is not None:
        return special + ending
    if ending == "'S":
        return None if _is_shouted_word(letters) else spell_letters(letters, "'s")
    if _is_shouted_word(letters) and not _opens(match) if _is_shouted(match) else _is_word(letters):
        return None
    return spell_letters(letters, "'s" if ending.startswith("s") else ending)


@functools.lru_cache(maxsize=4096)
def _is_word(letters: str) -> bool:
    """Tell whether *letters* are said as a word where the words around them are written small."""
    if letters in WORDS or letters in COMMON_SHORT:
        return True
    if letters in LETTERS or len(letters) <= _ALWAYS_SPELLED or not _has_vowel(letters):
        return False
    return _in_dictionary(letters) or is_pronounceable(letters)


@functools.lru_cache(maxsize=4096)
def _is_shouted_word(letters: str) -> bool:
    """Tell whether *letters* are a word among others in capitals."""
    if letters in SHOUTED_WORDS or letters in COMMON_SHORT or letters in WORDS:
        return True
    if letters in LETTERS:
        return False
    if len(letters) <= _ALWAYS_SPELLED:
        return len(letters) == _ALWAYS_SPELLED and _has_vowel(letters) and _in_dictionary(letters)
    return _has_vowel(letters) and (_in_dictionary(letters) or is_pronounceable(letters))


def _has_vowel(letters: str) -> bool:
    return any(vowel in letters for vowel in _VOWELS)


def _opens(match: re.Match[str]) -> bool:
    """Tell a country from a pronoun: "US TROOPS LEAVE", "IN THE US"."""
    before, letters = word_before(match), match["letters"]
    if letters == "WHO":
        verb = word_after(match)
        return before == "" and verb.endswith("S") and not match.string.rstrip().endswith("?")
    return letters == "US" and (before[-1:] in ("", ":", ";") or before in _BEFORE_COUNTRY)


def _is_shouted(match: re.Match[str]) -> bool:
    """Tell a word in a heading of capitals from an acronym in a sentence."""
    found = False
    for around in (word_before(match), word_after(match)):
        if around.islower():
            return False
        if word := "".join(filter(str.isalpha, around)):
            if len(word) == 1 or not word.isupper() or not _could_be_word(word):
                return False
            found = True
    return found


def _could_be_word(letters: str) -> bool:
    """Tell a word in capitals from one more acronym in a row of them; names may be short: "XI", "LI"."""
    if letters in LETTERS:
        return False
    return len(letters) == 2 or len(letters) > _LONG or _is_shouted_word(letters)


def _in_dictionary(letters: str) -> bool:
    """Tell whether the dictionary has a word of these letters, and not the letters' names."""
    from morning_edition.pronunciation.cmudict import find_pronunciations

    found = find_pronunciations(letters.lower())
    return bool(found) and _without_stress(found[0]) != _letter_names(letters)


def _without_stress(phones: str) -> str:
    return re.sub(r"[012 ]", "", phones)


def _letter_names(letters: str) -> str:
    return "".join(_NAMES[letter] for letter in letters)


def is_pronounceable(letters: str) -> bool:
    """Tell whether English could have a word of these capitals, by what words begin and end with."""
    parts = _PARTS.findall(letters)
    if not _has_vowel(letters) or len(letters) < _ALWAYS_SPELLED + 1:
        return False
    for place, part in enumerate(parts):
        if part[0] in _VOWELS:
            if len(part) > 2 or part in ("AA", "II", "UU", "YY", "IU", "UO", "AO", "YI"):
                return False
        elif not _may_stand(part, first=place == 0, last=place == len(parts) - 1):
            return False
    return True


def _may_stand(consonants: str, *, first: bool, last: bool) -> bool:
    if first:
        return consonants in _ONSETS
    if last:
        return consonants in _CODAS
    return any(
        (not consonants[:cut] or consonants[:cut] in _CODAS) and consonants[cut:] in _ONSETS
        for cut in range(len(consonants))
    )


def _say_dotted(match: re.Match[str], locale: Locale) -> str | None:
    """Say "U.S." and "F.B.I.": points between letters are no stops, but the last may be."""
    letters = re.sub(r"[^A-Za-z]", "", match["dotted"])
    if len(letters) > LONGEST_LETTERS:
        return None
    ending = match["ending"] or ""
    stop = keep_stop(match) if not ending and match.group().endswith(".") else ""
    return spell_letters(letters, "'s" if ending else "") + stop


def _say_run_in(match: re.Match[str], locale: Locale) -> str:
    """Part "U.S.economy", between which a space was lost."""
    return spell_letters(match["dotted"].replace(".", "")) + " "


def _say_pair(match: re.Match[str], locale: Locale) -> str:
    ending = "'s" if match["ending"] else ""
    said = f"{spell_letters(match['first'])} and {spell_letters(match['last'], ending)}"
    return close_letters(said, match)


_MIXED = "|".join(sorted((re.escape(word) for word in SAID if not word.isupper()), key=len, reverse=True))

READINGS = (
    make_reading(
        "dotted acronym",
        r"(?:(?<![\w.@/-])|(?<=[a-z]-)) (?P<dotted>(?:[A-Za-z]\.){2,12}"
        r" | (?:[A-Za-z]\.){1,11}[A-Za-z](?=[\s,;:)'\"-]|$)"
        r" | [A-Z]\.(?:\ [A-Z]\.){1,4}(?=\ [a-z]|$))"
        r"(?P<ending>'?s\b)? (?![\w@])",
        _say_dotted,
        needs=".",
    ),
    make_reading(
        "dotted acronym run into a word",
        r"(?<![\w.@/-]) (?P<dotted>(?:[A-Z]\.){2,6}) (?=[a-z]{3}|[A-Z][a-z]{2})(?![a-z]++[.@])",
        _say_run_in,
        needs=".",
    ),
    make_reading(
        "letters and letters",
        r"(?<![\w&]) (?P<first>[A-Z]{1,3}) \ ?&\ ? (?P<last>[A-Z]{1,2}) (?P<ending>'?s)? (?![\w&])",
        _say_pair,
        needs="&",
    ),
    make_reading(
        "acronym of two cases", rf"(?<![\w.@/]) (?P<letters>{_MIXED}) (?P<ending>'s)? (?!\w)", _say_acronym
    ),
    make_reading(
        "acronym",
        r"(?P<letters>[A-Z](?<![\w@#&.].)(?<![A-Z]'.)[A-Z]{1,39}) (?P<ending>s'|'[sS]|s|'d|'ed|\+(?!\d))?"
        r"(?![\w@_]|'(?:T|LL|RE|VE|D|M)\b)",
        _say_acronym,
    ),
)
