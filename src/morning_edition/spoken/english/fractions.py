"""Fractions and ratios: "5 1/2" is "five and a half", "⅔" "two thirds", "2:1" "two to one"."""

import re
import unicodedata

from morning_edition.patterns import compile_late
from morning_edition.spoken.english import cues
from morning_edition.spoken.english.numbers import cardinal, decimal, ordinal, spell_digits, year
from morning_edition.spoken.reading import Locale, make_reading

VULGAR = "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
WHOLE = r"[0-9]{1,3}(?:,[0-9]{3}){1,4}+|[0-9]{1,12}+"
LARGEST_NAMED = 20
"""Over more than this, more than a whole is two numbers: "120/80" is "one hundred twenty over eighty"."""

WHOLE_SHARE = 100
"""Tens that make up this are shares: "80/20"."""
LONGEST_BELOW = 4
"""What has more digits than this is no fraction but a number of a case, after the year: "24/123456"."""
BETTING = compile_late(
    r"\b(?:[Oo]dds|price[ds]?|bookmakers?|backed|betting)(?: [a-z]{2,9}){0,3} "
    r"(?:[0-9]{1,3}[/-][0-9]{1,3}(?:,| and| or| to) ){0,6}$"
)
BETTER = compile_late(r" (?:favou?rites?|shots?|outsiders?|underdogs?|chance|odds|winner|joint)\b")

SIZES = (2, 3, 4, 8, 16)
"""What the sizes of things are divided by: "a 3/4-inch bolt"."""
OUT_OF = (5, 10, 20, 100)
RATED = compile_late(r"\b(?:rated|ratings?|scored?|gave|marked|awarded)\b[^.;]*$", re.IGNORECASE)
"""What marks out of ten follow: "gave it 8/10"."""


def say_fraction(above: int, below: int, locale: Locale, *, alone: bool = False) -> str:
    """Say a fraction: "three quarters", "one thirty-second"; a half that stands *alone* is just "half"."""
    if (above, below) == (1, 2) and alone:
        return "half"
    if below == 2:
        part = "half" if above == 1 else "halves"
    elif below == 4:
        part = "quarter" if above == 1 else "quarters"
    else:
        part = ordinal(below, locale) + ("" if above == 1 else "s")
    return f"{cardinal(above, locale)} {part}"


def _say_mixed(whole: str, above: int, below: int, locale: Locale) -> str:
    said = say_fraction(above, below, locale)
    if above == 1 and below in (2, 3, 4):
        said = "a" + said.removeprefix("one")
    return f"{cardinal(whole, locale)} and {said}"


def _precedes_article(match: re.Match[str]) -> bool:
    return match.string.startswith((" a ", " an ", " the "), match.end())


def _is_odds(match: re.Match[str]) -> bool:
    """Tell the odds of a bet: "odds of 7/2", "the 5/1 favourite"."""
    line, start, end = match.string, match.start(), match.end()
    return bool(BETTING.search(line, max(0, start - 80), start) or BETTER.match(line, end))


def _say_written(match: re.Match[str], locale: Locale) -> str | None:
    above, below = int(match["above"].replace(",", "")), int(match["below"].replace(",", ""))
    if match["whole"]:
        return _say_mixed(match["whole"], above, below, locale) if 0 < above < below else None
    if _is_case_number(match):
        return f"{cardinal(above, locale)} {spell_digits(match['below'])}"
    if joint := _find_joint(match, above, below):
        return f"{cardinal(above, locale)}{joint}{cardinal(below, locale)}"
    if match["above"][0] == "0" or match["below"][0] == "0" or below == 1:
        return None
    if match.string[match.end() : match.end() + 1] == "-" and above < below and below in SIZES:
        return say_fraction(above, below, locale, alone=True).removesuffix("s")
    return say_fraction(above, below, locale, alone=_precedes_article(match))


def _is_case_number(match: re.Match[str]) -> bool:
    return len(match["above"]) == 2 and len(match["below"]) > LONGEST_BELOW and "," not in match["below"]


def _find_joint(match: re.Match[str], above: int, below: int) -> str:
    """Return what is said between two numbers that are no part of one: shares, odds, marks, readings."""
    if above + below == WHOLE_SHARE and not above % 10:
        return " "
    if _is_odds(match):
        return " to "
    if match["above"][0] == "0" or match["below"][0] == "0" or below == 1:
        return ""
    if below in OUT_OF and above <= below and _is_mark(match):
        return " out of "
    if above == below:
        return " "
    return " over " if above > below > LARGEST_NAMED else ""


def _is_mark(match: re.Match[str]) -> bool:
    """Tell "rated 8/10" and "4/5 stars"."""
    line, start, end = match.string, match.start(), match.end()
    return bool(RATED.search(line[max(0, start - 30) : start])) or line.startswith((" star", "-star"), end)


def _say_sign(match: re.Match[str], locale: Locale) -> str:
    above, below = (int(digits) for digits in unicodedata.normalize("NFKC", match["sign"]).split("\u2044"))
    whole = match["whole"]
    if whole:
        return _say_mixed(whole, above, below, locale)
    return say_fraction(above, below, locale, alone=_precedes_article(match))


def _say_years(match: re.Match[str], locale: Locale) -> str:
    second = match["second"]
    said = (
        year(second, locale)
        if len(second) == 4
        else cardinal(second)
        if second[0] != "0"
        else f"oh {cardinal(second)}"
    )
    return f"{year(match['first'], locale)} {said}"


def _say_ratio(match: re.Match[str], locale: Locale) -> str:
    return f"{cardinal(match['first'], locale)} to {cardinal(match['second'], locale)}"


READINGS = (
    make_reading(
        "two years of one season",
        r"""(?<![\w$£€/.,-])(?P<first>1[0-9]{3}|20[0-9]{2})/[ ]?
        (?P<second>1[0-9]{3}|20[0-9]{2}|[0-9]{2})(?![\w/-]|[.,][0-9])""",
        _say_years,
        needs="/",
    ),
    make_reading(
        "fraction",
        rf"""(?<![\w$£€/:])(?<![0-9][.,])(?<![A-Za-z]-)(?:(?P<whole>{WHOLE})(?:[ ]|-))?
        (?P<above>{WHOLE})/(?P<below>{WHOLE})(?:st|nd|rd|th|ST|ND|RD|TH)?s?(?![\w/]|[.,][0-9])""",
        _say_written,
        needs="/",
    ),
    make_reading(
        "decimal mark out of all",
        r"(?<![\w$£€/:.,-])(?P<above>[0-9]{1,2}\.[0-9])/(?P<below>5|10|20|100)(?![\w/]|[.,][0-9])",
        lambda match, locale: f"{decimal(match['above'], locale)} out of {cardinal(match['below'], locale)}",
        needs="/",
    ),
    make_reading(
        "dash between fractions",
        rf"""(?:(?<=/[0-9])|(?<=/[0-9]{{2}})|(?<=[{VULGAR}]))[ ]?[-–][ ]?(?=[0-9{VULGAR}])
        |(?<=[0-9])[-–](?=[0-9]{{1,3}}(?:[ ][0-9]{{1,2}}/[0-9]|[ ]?[{VULGAR}]))""",
        lambda match, locale: " to ",
        needs="-–",
        cue=rf"[-–] ?{cues.FIGURE}",
    ),
    make_reading(
        "sign of a fraction",
        rf"(?<![$£€/])(?:(?<![\w.,])(?P<whole>{WHOLE})[ -]?)?(?P<sign>[{VULGAR}])",
        _say_sign,
        needs=VULGAR,
    ),
    make_reading(
        "ratio",
        rf"(?<![\w.,/:$£€-])(?P<first>[0-9]{{1,12}}+):(?P<second>{WHOLE})(?![\w:]|[.,/][0-9])",
        _say_ratio,
        needs=":",
        cue=r"[0-9]:[0-9]",
    ),
)
