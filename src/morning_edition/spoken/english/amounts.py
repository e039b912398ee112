"""Amounts: numbers before a unit, a currency or a percent sign, and whether they describe what follows."""

import re

from morning_edition.patterns import compile_late
from morning_edition.spoken.english.numbers import cardinal, decimal, ordinal
from morning_edition.spoken.reading import Locale

NUMBER = r"(?:(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]++)(?:\.[0-9]++)?|\.[0-9]++)"
"""Digits with commas, with a point, or after a point alone; possessive, so that long ones fail at once."""
FRACTION = r"(?:[ -]?[1-9][0-9]?/[1-9][0-9]?(?![0-9/])|[ ]?[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞])"
PART = r"[1-9][0-9]?/[1-9][0-9]?(?![0-9/])|[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞]"
"""Less than one."""
APART = r"(?<![\w.,])(?<![A-Z]-)(?<!\b[a-z]-)(?<!\b[A-Z][a-z]-)(?<!\b[A-Z][a-z]{2}-)(?<![0-9]/)"
"""What stands before a number that is whole: no letter, no code ("F-16"), nothing of a longer number."""
TO = r"(?:[-–—]|[ ][-–—][ ])"
"""Between the ends of a range."""
RANGE = rf"(?P<low>{NUMBER}{FRACTION}?)(?:{TO}(?P<high>{NUMBER}{FRACTION}?))?"

SCALES = {
    "hundred": "hundred",
    "thousand": "thousand",
    "million": "million",
    "billion": "billion",
    "trillion": "trillion",
    "quadrillion": "quadrillion",
    "lakh": "lakh",
    "crore": "crore",
    "mln": "million",
    "mil": "million",
    "mm": "million",
    "mn": "million",
    "m": "million",
    "bln": "billion",
    "bn": "billion",
    "b": "billion",
    "trn": "trillion",
    "tn": "trillion",
    "t": "trillion",
    "k": "thousand",
}
WORD_SCALE = r"(?:hundred|thousand|million|billion|trillion|quadrillion|lakh|crore)"

SIGNS = {
    "½": "1/2",
    "⅓": "1/3",
    "⅔": "2/3",
    "¼": "1/4",
    "¾": "3/4",
    "⅕": "1/5",
    "⅖": "2/5",
    "⅗": "3/5",
    "⅘": "4/5",
    "⅙": "1/6",
    "⅚": "5/6",
    "⅛": "1/8",
    "⅜": "3/8",
    "⅝": "5/8",
    "⅞": "7/8",
}
_PART = compile_late(r"[0-9]{1,2}/[0-9]{1,2}")
_MIXED = compile_late(rf"(?P<number>{NUMBER}?)(?P<fraction>{FRACTION})")

NO_NOUNS = frozenset(
    """
    a about above across adrift after against ago all along also although among an and annually apart
    are around as at available away back became because become been before behind being below beneath
    between beyond both but by came can clear could daily deep despite did do does down during each
    earlier east every except extra farther fell for from further gave go goes had has have he her
    here high higher his how i if in inland inside instead into is it its just last later left less
    like long longer lost lower made may might monthly more most must my near next north not now of
    off offshore on once one only onto or our out outside over paid past people per plus put right
    rose she should since so some south spent square still such tall than that the their them then
    there these they thick this those though through throughout till to today tomorrow tonight too
    took toward towards twice under unless unlike until up upon us using versus via vs was we weekly
    weighing went were west when where whether which while who whom whose why wide will with within
    without worth would wrapped yesterday yet you your
    """.split()
)
"""Words that an amount before them does not describe: "a $5 bill", but "the $5 in his pocket"."""
_ARTICLE = compile_late(
    r"(?:^|[\s(\"'])(an?|another|every|each|the|this|that|its|his|her|their|our|my|your)"
    r"(?:\s[a-z]+(?:-[a-z]+)*)?\s$",
    re.I,
)
_ONE = frozenset(("a", "an", "another", "every", "each"))
_VERB = compile_late(r"[^s]s$")
_NOUN = compile_late(r"\s([a-z]{2,})\b(?!')")


def say_number(written: str, locale: Locale) -> str:
    """Say "1,200", "3.14", ".5", "4 1/2" or "5½"."""
    if (mixed := _MIXED.fullmatch(written)) and mixed["fraction"]:
        part = _say_fraction(mixed["fraction"].strip(" -"), bool(mixed["number"]), locale)
        return f"{say_number(mixed['number'], locale)} and {part}" if mixed["number"] else part
    return decimal(written.replace(",", ""), locale)


def _say_fraction(written: str, follows: bool, locale: Locale) -> str:
    above, _, below = SIGNS.get(written, written).partition("/")
    name = {"2": "half", "4": "quarter"}.get(below) or ordinal(below, locale)
    if above == "1":
        return f"{'a' if follows else 'one'} {name}"
    plural = "halves" if name == "half" else name + "s"
    return f"{cardinal(above, locale)} {plural}"


def say_range(low: str, high: str | None, locale: Locale) -> str:
    """Say one number, or two with "to" between."""
    said = say_number(low, locale)
    return f"{said} to {say_number(high, locale)}" if high else said


def is_one(written: str) -> bool:
    """Whether the unit after *written* is singular: "1", "1/2"; "1.0", "0.5" and "1 million" are not."""
    return written == "1" or written in SIGNS or _PART.fullmatch(written) is not None


def describes(match: re.Match[str], *, alone: bool = False) -> bool:
    """Whether the amount is an adjective, its unit singular: "a $5 bill", not "the $5 he owed".

    With *alone* no article need stand before it: "9mm pistols".
    """
    line, start, end = match.string, match.start(), match.end()
    if line[end : end + 1] == "-" and line[end + 1 : end + 2].isalpha():
        return not line.startswith(("-plus", "-odd", "-and", "-or", "-to"), end)
    noun = _NOUN.match(line, end)
    if not noun or noun[1] in NO_NOUNS or (noun[1].endswith(("ed", "ly")) and noun[1] != "butterfly"):
        return False
    if alone:
        return True
    article = _ARTICLE.search(line, max(0, start - 30), start)
    # After "the" a word in "s" may be a verb: "the extra $5 helps".
    return article is not None and (article[1].lower() in _ONE or not _VERB.search(noun[1]))
