"""Roman numerals: "Henry VIII" is "Henry the Eighth", "Chapter XXII" "Chapter twenty-two"."""

import re

from morning_edition.patterns import compile_late
from morning_edition.spoken.english.letters import word_after, word_before
from morning_edition.spoken.english.numbers import cardinal, ordinal
from morning_edition.spoken.english.roman_names import (
    CENTURIES,
    COUNTED,
    CROWNS,
    DIVISIONS,
    GIVEN_NAMES,
    KINGS,
    LONG_DIVISIONS,
    NOT_KINGS_TEN,
)
from morning_edition.spoken.reading import Locale, make_reading

_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_CANONICAL = compile_late(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_SURE = frozenset("II III VII VIII XII XIII XIV XVI XVII XVIII XXI XXII XXIII XXIV XXVI XXVII XXVIII".split())
"""What no acronym is written like: they are numbers after any word."""
_LETTERS_TOO = frozenset(
    "XL XX XXX CD DC CC CV MC DI LI CI MD MI MM DIM MIX LIV DL ML XXL CL DM CM LL".split()
)
"""What is an acronym or a word too, unless something counted stands before it."""
_LARGEST_HEADING = 99
_LARGEST_OF_BIBLE = 4
_BIBLE = compile_late(
    r" (?:Samuel|Kings|Chronicles|Corinthians|Thessalonians|Timothy|Peter|John|Maccabees|Esdras)\b"
)
_DRIPS = frozenset(
    "drip drips fluid fluids line lines infusion infusions bag bags therapy access antibiotics drug".split()
)
_I_DO = frozenset(
    "am believe do don't feel guess hope know like love mean need say suppose think want wish would".split()
)
_GOES_ON = compile_late(r"[\"')\]]*(?:[,;:!?-]| +[\"'(]*[a-z])")
_INITIAL = compile_late(r"\ ?[A-Z]\.")
_CAPITALS = compile_late(r"(?:\W*[A-Z][A-Z'-]*\b){1,3}")
_NAMES_BEFORE = compile_late(r"(?:[A-Z][\w'-]*\.?,?\ ){1,4}$")
_LOOK_BACK = 60


def read_roman(roman: str) -> int:
    """Return the number that *roman* stands for; 0 where it is none."""
    if not roman or not _CANONICAL.fullmatch(roman):
        return 0
    values = [_VALUES[letter] for letter in roman]
    return sum(
        -value if value < after else value for value, after in zip(values, [*values[1:], 0], strict=True)
    )


def _say_heading(match: re.Match[str], locale: Locale) -> str | None:
    """Say a line of nothing else, or a number with a heading behind it."""
    roman, line = match["roman"], match.string
    number = read_roman(roman)
    if not 0 < number <= _LARGEST_HEADING:
        return None
    rest = line[match.end() :].lstrip("\"')].:-—– ")
    if rest and len(roman) == 1 and not (match["mark"] in (":", "--", "—") or _CAPITALS.fullmatch(rest)):
        opens = match["mark"] == "." and _CAPITALS.match(rest) and not any(map(str.islower, rest[:24]))
        if not opens or _INITIAL.match(line, match.end()):
            return None
    if rest and roman in _LETTERS_TOO:
        return None
    if not rest and roman in ("C", "D", "L", "M", "XL") and not match["mark"]:
        return None
    return match["before"] + cardinal(number, locale)


def _say_roman(match: re.Match[str], locale: Locale) -> str | None:
    roman = match["roman"]
    number = read_roman(roman)
    if not number:
        return None
    if match["th"]:
        return ordinal(number, locale)
    if _BIBLE.match(match.string, match.end()) and number <= _LARGEST_OF_BIBLE:
        return ordinal(number, locale).capitalize()
    before = word_before(match)
    said = _say_counted(match, before, number, locale) or _say_name(match, before, number, locale)
    said = said or _say_other(match, before, number, locale)
    if said is None:
        return None
    return said + (match["ending"] or (match["stop"] and _keep_stop(match)) or "")


def _keep_stop(match: re.Match[str]) -> str:
    """Old books put a stop behind every numeral: it ends nothing before a small letter or another mark."""
    return "" if _GOES_ON.match(match.string, match.end()) else "."


def _say_counted(match: re.Match[str], before: str, number: int, locale: Locale) -> str | None:
    roman = match["roman"]
    word = before.strip("\"'([{.,:;-").lower()
    if word_after(match).strip(".,;:!?").lower() in CENTURIES and len(roman) > 1:
        return ordinal(number, locale)
    if word not in COUNTED and not (word in ("and", "to", "or", "&") or roman == "I" or before.endswith(",")):
        return None
    if word not in COUNTED:
        return _say_next_in_list(match, number, locale)
    if len(roman) == 1:
        letters = "IVXLC" if word in LONG_DIVISIONS else "IVX" if word in DIVISIONS else "IV"
        if roman not in letters or (roman == "I" and before.strip("\"'([").islower()):
            return None
        if roman == "V" and word in ("model", "series", "plan", "group"):
            return None
    elif roman in _LETTERS_TOO and word not in DIVISIONS and not before[0].isupper():
        return None
    return cardinal(number, locale)


_LIST = compile_late(r"(?P<head>[A-Za-z]+)\.?\ (?:[IVXLC]+(?:,\ |,?\ and\ |\ to\ |,?\ or\ |\ &\ ))+$")


def _say_next_in_list(match: re.Match[str], number: int, locale: Locale) -> str | None:
    """Say the later numbers of "Parts I, II and V" and "World Wars I and II"."""
    found = _LIST.search(match.string, max(0, match.start() - _LOOK_BACK), match.start())
    if found is None or found["head"].lower() not in COUNTED:
        return None
    return cardinal(number, locale)


def _say_name(match: re.Match[str], before: str, number: int, locale: Locale) -> str | None:
    name = before.strip("\"'([").removesuffix(",")
    roman = match["roman"]
    if not name or not name[0].isupper() or number > 40 or roman in ("L", "C", "D", "M"):
        return None
    if name.endswith("'s") or not (_is_king(match, name, roman) or _is_grandson(match, name, roman)):
        return None
    return "the " + ordinal(number, locale).capitalize()


def _is_king(match: re.Match[str], name: str, roman: str) -> bool:
    named = name.capitalize() if name.isupper() else name
    crowned = _NAMES_BEFORE.search(match.string, max(0, match.start() - _LOOK_BACK), match.start())
    words = crowned.group().replace(",", " ").split() if crowned else []
    if named not in KINGS and not (
        len(words) > 1 and any(word.capitalize() in CROWNS for word in words[:-1])
    ):
        return False
    if roman == "X":
        return named not in NOT_KINGS_TEN
    if roman != "I":
        return True
    return word_after(match).strip(".,;:!?").lower() not in _I_DO and not word_before(match).endswith(",")


def _is_grandson(match: re.Match[str], name: str, roman: str) -> bool:
    """Tell "John D. Rockefeller IV": a given name begins the names before the numeral."""
    if roman not in ("II", "III", "IV", "V"):
        return False
    found = _NAMES_BEFORE.search(match.string, max(0, match.start() - _LOOK_BACK), match.start())
    words = found.group().replace(",", " ").split() if found else []
    first = next((word for word in words[:-1] if word in GIVEN_NAMES), None)
    return first is not None and (roman != "V" or len(words) > 2)


def _say_other(match: re.Match[str], before: str, number: int, locale: Locale) -> str | None:
    roman = match["roman"]
    if roman in _SURE:
        return cardinal(number, locale)
    if len(roman) < 2 or roman in _LETTERS_TOO or number > _LARGEST_HEADING:
        return None
    name = before.strip("\"'([")
    if not name or not name[0].isupper() or name[-1] in ".!?:;" or name.isupper():
        return None
    return None if word_after(match).strip(".,;:!?").lower() in _DRIPS else cardinal(number, locale)


_NUMERAL = r"(?P<roman>[IVXLCDM]+)"

READINGS = (
    make_reading(
        "heading in Roman numerals",
        rf"^ (?P<before>[\[('\"]?) {_NUMERAL} (?=(?P<mark>[.:)\]]|--|—|$))",
        _say_heading,
        needs="IVXLC",
    ),
    make_reading(
        "range of Roman numerals",
        r"(?<=[a-z]\ ) (?P<first>[IVXLC]+) [-–] (?P<last>[IVXLC]+) (?![\w'-])",
        lambda match, locale: (
            f"{cardinal(read_roman(match['first']), locale)} to {cardinal(read_roman(match['last']), locale)}"
            if read_roman(match["first"])
            and read_roman(match["last"])
            and word_before(match).lower().strip(".") in COUNTED
            else None
        ),
        needs="IVXLC",
    ),
    make_reading(
        "Roman numeral",
        rf"(?:(?<![\w.'&@/+-]) | (?<=\d\.) | (?<=--)) {_NUMERAL}"
        r"(?:(?P<th>th|st|nd|rd)\b | (?P<stop>\.(?![A-Z]))? (?P<ending>'s)? (?![\w'+/&@]))",
        _say_roman,
        needs="IVXLC",
    ),
)
