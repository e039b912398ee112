"""References: numbers of books, papers, laws and cases: "ISBN 0-486-43365-X", "No. 22-451", "401(k)"."""

import re

from morning_edition.patterns import compile_late
from morning_edition.spoken.english.codes import say_code_number
from morning_edition.spoken.english.electronic import say_address
from morning_edition.spoken.english.numbers import cardinal, spell_digits
from morning_edition.spoken.reading import DIGITS, Locale, make_reading

_OF_LAW = compile_late(r"\b(?:[Aa]rt(?:icle|\.)|[Ss]ec(?:tion|t?\.)|[Rr]ule|s\.|r\.|[Pp]ara(?:graph|\.)?) $")


def _say_digits(match: re.Match[str], locale: Locale) -> str:
    return f"{' '.join(match['name'])} {_spell_with_x(match['digits'])}"


def _say_docket(match: re.Match[str], locale: Locale) -> str:
    """Say "No. 22-451": one number of two parts, where "Nos. 98-102" are many."""
    said = f"number {say_code_number(match['first'])}"
    last = match["last"]
    return f"{said} {say_code_number(last) if len(last) < 5 else spell_digits(last, 'oh')}"


def _say_doi(match: re.Match[str], locale: Locale) -> str:
    paper = match["paper"]
    spelled = spell_digits(paper) if not re.search(r"[A-Za-z]", paper) else say_address(paper)
    return f"D O I ten point {spell_digits(match['publisher'])} {spelled}"


def _spell_with_x(digits: str) -> str:
    return spell_digits(digits) + (" X" if digits[-1] in "xX" else "")


def _say_tax(match: re.Match[str], locale: Locale) -> str | None:
    if len(match["number"]) < 3 and not _OF_LAW.search(
        match.string, max(0, match.start() - 12), match.start()
    ):
        return None
    letters = " ".join(
        sign if sign.isalpha() else cardinal(sign) for sign in re.findall(r"\((\w+)\)", match["parts"])
    )
    return f"{say_code_number(match['number'])} {letters}"


READINGS = (
    make_reading(
        "book number",
        r"""\b(?P<name>ISBN|ISSN|OCLC|LCCN)(?:-1[03])?:?[ ]?
        (?P<digits>[0-9](?:-?[0-9])++(?:[ ]?-?[ ]?[xX]\b)?)""",
        _say_digits,
        needs=DIGITS,
    ),
    make_reading(
        "DOI",
        r"\b(?:doi|DOI):?[ ]?10\.(?P<publisher>[0-9]{4,9})[ ]?/[ ]?(?P<paper>[\w.;()/-]{0,80}\w)",
        _say_doi,
        needs="/",
    ),
    make_reading(
        "number of a case",
        r"\b[Nn]o\.[ ]?(?P<first>[0-9]{1,4})-(?P<last>[0-9]{3,8})(?![\w-])",
        _say_docket,
        needs="-",
    ),
    make_reading(
        "section of law",
        r"(?<![\w.])(?P<number>[0-9]{1,3})(?P<parts>(?:\([a-z0-9]\)){1,4})",
        _say_tax,
        needs="(",
    ),
)
