"""Codes: numbers that name a thing and count nothing: "F-16", "MH370", "H5N1", "Boeing 737", "I-95"."""

import re

from morning_edition.patterns import compile_late
from morning_edition.spoken.english.acronym_list import LETTERS, WORDS
from morning_edition.spoken.english.acronyms import is_pronounceable
from morning_edition.spoken.english.letters import close_letters, spell_letters
from morning_edition.spoken.english.numbers import cardinal, decimal, pair_digits, pluralise, spell_digits
from morning_edition.spoken.reading import DIGITS, Locale, make_reading

_PIECE = compile_late(r"MiG|IPv|[A-Z]+s?(?![a-z])|[A-Z]?[a-z]+|[0-9]+(?:\.[0-9]+)?")
_SPECIAL = {
    "BRCA": "Bracka",
    "FTSE": "footsie",
    "MiG": "Mig",
    "Mk": "Mark",
    "MK": "Mark",
    "mp": "M P",
    "IPv": "I P V",
}
_ENDINGS = frozenset("ST ND RD TH AM PM".split())
_VIDEO = frozenset("144 240 360 480 576 720 1080 1440 2160 4320".split())
_YEARS = compile_late(r"(?:1[0-9]|20)[0-9][0-9]")
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


def say_code_number(digits: str) -> str:
    """Say the number of a code: "sixteen", "three eighty", "one oh one"; longer ones by digits."""
    if "." in digits:
        return decimal(digits)
    if digits[0] == "0" and len(digits) > 1:
        return spell_digits(digits, "oh")
    if len(digits) < 3 or (len(digits) == 4 and digits.endswith("000")):
        return cardinal(digits)
    return pair_digits(digits)


def spell_code(code: str) -> str:
    """Say a code of letters and digits: capitals one by one, words as words, each number by itself."""
    said: list[str] = []
    for piece in _PIECE.findall(code):
        if piece == "s" and said:
            said[-1] = pluralise(said[-1]) if said[-1][0].islower() else said[-1] + "'s"
        else:
            said.append(_say_piece(piece))
    return " ".join(said).replace("- ", "-")


def _say_piece(piece: str) -> str:
    if piece[0].isdigit():
        return say_code_number(piece)
    if piece in _SPECIAL:
        return _SPECIAL[piece]
    if len(piece) > 1 and piece[-1] == "s" and piece[:-1].isupper():
        return spell_letters(piece[:-1], "'s")
    word = piece in WORDS or (len(piece) > 3 and piece not in LETTERS and is_pronounceable(piece))
    return spell_letters(piece) if piece.isupper() and not word else piece


def _say_code(match: re.Match[str], locale: Locale) -> str | None:
    code = match.group()
    letters = match["letters"]
    if not any(sign.isupper() for sign in letters) and letters not in ("mp", "v", "covid", "vol"):
        return None
    # A name before a year is no code: "Euro-2024", "Pre-1990", "Cal.1996".
    if (
        len(letters) > 2
        and not letters.isupper()
        and (years := re.search(r"[0-9]{4}", code))
        and _YEARS.match(years[0])
    ):
        return None
    if letters == "v" or (letters == "V" and "." in code):
        return "version " + spell_code(code[1:])
    return close_letters(spell_code(code), match)


def _say_lettered(match: re.Match[str], locale: Locale) -> str | None:
    """Say "3D", "5G", "1080p", "747-400", "42-D"."""
    number, letters = match["number"], match["letters"]
    if letters in _ENDINGS or (letters == "p" and number not in _VIDEO):
        return None
    said = say_code_number(number)
    if letters == "ers":
        return said.removesuffix("e") + "ers"
    tail = "s" if match["plural"] else ""
    if not letters.isupper():
        return f"{said} {letters}{tail}"
    spelled = spell_letters(letters, "'s" if tail else "")
    return close_letters(f"{said} {spelled}", match)


def _say_lineage(match: re.Match[str], locale: Locale) -> str:
    return spell_code(" ".join((match["letters"], *match["branches"].split("."))))


def _say_several(match: re.Match[str], locale: Locale) -> str:
    """Say "over-65s" and "12-15s"."""
    low = f"{cardinal(match['low'])} to " if match["low"] else ""
    return low + pluralise(cardinal(match["number"]))


def _say_variant(match: re.Match[str], locale: Locale) -> str:
    said = say_code_number(match["number"])
    if match["variant"]:
        said += " " + spell_code(match["variant"])
    return (pluralise(said) if match["plural"] or match["several"] else said) + (
        " Max" if match["max"] else ""
    )


def _say_named(match: re.Match[str], locale: Locale) -> str:
    said = say_code_number(match["number"])
    if match["variant"]:
        said += " " + spell_code(match["variant"])
    return f"{match['name']} {pluralise(said) if match['plural'] else said}{match['letter'] or ''}"


def _say_world_war(match: re.Match[str], locale: Locale) -> str:
    return f"World War {cardinal(match['number']).capitalize()}"


def _say_calibre(match: re.Match[str], locale: Locale) -> str:
    return pair_digits(match["number"]) if len(match["number"]) > 2 else cardinal(match["number"])


_NAMES = (
    r"[Bb]oeing|Airbus|Embraer|Cessna|[Ff]light|Flt|[Rr]oute|[Hh]ighway|Interstate|Room|[Aa]partment|Apt\.?|Suite|Channel|"
    r"[Bb]us|Peugeot|Porsche|BMW|Xbox|Nokia|Galaxy|GeForce|Radeon|Ryzen|Leopard|Form|Area|Studio|Section|Article|Resolution"
)

READINGS = (
    make_reading(
        "lineage of a virus",
        r"(?<![\w.])(?!NO|PP?\b)(?P<letters>[A-Z]{1,3})(?P<branches>(?:\.[0-9]{1,3}){1,5})(?!\w|\.\w)",
        _say_lineage,
        needs=".",
    ),
    make_reading("world war", r"\bWW-?(?P<number>[12])\b", _say_world_war, needs="W"),
    make_reading(
        "calibre",
        r"(?<![\w.])\.(?P<number>[1-9][0-9]{1,2})"
        r"(?=[ -](?:calib(?:er|re)|rifle|handgun|pistol|revolver|magnum|Magnum)\b)",
        _say_calibre,
        needs=".",
    ),
    make_reading(
        "motorway that was a road",
        r"\b(?P<road>A[0-9]{1,4})\(M\)",
        lambda match, locale: f"{spell_code(match['road'])} M",
        needs="(",
    ),
    make_reading(
        "named number",
        rf"""\b(?P<name>{_NAMES})[ ](?P<number>[0-9]{{3,4}})(?:-(?P<variant>[0-9]{{1,4}}(?:[A-Z]{{2}})?))?
        (?:(?P<plural>s)|(?P<letter>[A-Z]))?(?![\w,]*\d|\w|[ ](?:million|people|votes))""",
        _say_named,
        needs=DIGITS,
        cue=r"[a-zA-Z.] [0-9]{3}",
    ),
    make_reading(
        "the secret agent", r"(?<![\w.,-])007(?![\w-])", lambda match, locale: "double oh seven", needs="7"
    ),
    make_reading(
        "code",
        r"""(?<![\w.,@#$£€-])(?P<letters>[A-Za-z]{1,10}(?:-[A-Z]{1,2}[a-z]?[A-Z]?)?)
        (?:-|(?<=[A-Z])-[ ])? [0-9]+
        (?: \.[0-9]+(?!\w|\.[0-9])
        |   (?:-?[A-Za-z]{0,4}(?<![a-z]{2})-?[0-9]+){0,3}(?:-?[A-Z]{1,3}|[A-Z]s|s|neo|[a-z])? )
        (?!\w|[-/][0-9])""",
        _say_code,
        needs=DIGITS,
        cue=r"[A-Za-z](?:-|- )?[0-9]",
    ),
    make_reading(
        "code with its letters last",
        r"""(?<![\w.,/$£€:-])(?P<number>[0-9]{1,4})-?(?P<letters>[A-Z]{1,3}|(?<=[0-9])(?:p|ers|neo|Max))
        (?P<plural>s)?(?!\w|-[0-9])""",
        _say_lettered,
        needs=DIGITS,
        cue=r"[0-9]-?[A-Zpen]",
    ),
    make_reading(
        "several of one number",
        r"(?<![\w.,$£€'])(?:(?P<low>[1-9][0-9]?)[-–])?(?P<number>[1-9]?[1-9])s\b",
        _say_several,
        needs="s",
    ),
    make_reading(
        "number with its variant",
        r"""(?<![\w.,/$£€:-])(?P<number>7[0-9]7)
        (?: -(?P<variant>[0-9]{1,3}(?:[A-Z]{2})?)(?P<several>s)? | (?P<max>[ ]MAX)\b | (?P<plural>s)
        |    (?=[ ](?:Max|Dreamliner|jet|plane))
        |    (?<=[Tt]he[ ]7[0-8]7)(?=[,;:]|[ ](?:fleet|had|has|is|that|was|which)\b) ) (?![\w-])""",
        _say_variant,
        needs="7",
        cue=r"7[0-9]7",
    ),
    make_reading(
        "chemical formula",
        r"(?<![\w])(?:[A-Z][a-z]?[₀-₉]*){1,6}(?![a-z])(?<=[A-Z₀-₉a-z])",
        lambda match, locale: (
            spell_code(match.group().translate(_SUBSCRIPTS)) if re.search("[₀-₉]", match.group()) else None
        ),
        needs="₀₁₂₃₄₅₆₇₈₉",
    ),
)
