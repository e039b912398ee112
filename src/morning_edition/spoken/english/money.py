"""Money: "$3.5m" is "three point five million dollars"; "a $5 bill" has but one dollar."""

import re

from morning_edition.patterns import compile_late
from morning_edition.spoken.english import cues
from morning_edition.spoken.english.amounts import (
    APART,
    FRACTION,
    NUMBER,
    RANGE,
    SCALES,
    TO,
    describes,
    is_one,
    say_number,
)
from morning_edition.spoken.english.currencies import CODES, DOLLAR, DOLLARS, LETTERS, POUND, SIGNS, Currency
from morning_edition.spoken.english.money_words import DEALS, KINDS, PER
from morning_edition.spoken.english.numbers import cardinal
from morning_edition.spoken.reading import DIGITS, Locale, make_reading

_SIGN = "[" + "".join(SIGNS) + "]"
_SCALE = (
    r"(?:[ -]?(?:[Hh]undred|[Tt]housand|[Mm]illion|[Bb]illion|[Tt]rillion|[Qq]uadrillion"
    r"|lakh[ ]crore|lakh|crore|MM|mln|bln|mil|mn|bn|BN|Bn|trn|tn|[bBmM])"
    r"|[kKtT])(?![A-Za-z0-9])"
)
_AMOUNT = rf"""
    (?P<low>[0-9]{{1,6}},[0-9]{{2}}(?![0-9,.])|{NUMBER}{FRACTION}?) (?P<low_scale>{_SCALE})?
    (?: {TO} (?P<again>{_SIGN})? (?P<high>{NUMBER}{FRACTION}?) (?P<high_scale>{_SCALE})? (?![0-9-]) )?
"""
_RATE = r"""
    (?: -(?P<rate>(?:an?|per)-[a-z]+) | [ ]?/[ ]?(?P<per>(?:sq[ ]ft|[a-z]+|MWh|L)\b)(?:\.(?=[ ][a-z]))?
    | (?P<owner>'s?)(?=[ ]worth\b) )?
"""
_NOUNS = compile_late(r" ([A-Za-z]+)(?: ([A-Za-z]+))?")
_COMMA = compile_late(r",(?=[0-9]{2}$)")
"""The comma of "€3,50", which is a point elsewhere."""
_PLUS_NOUN = compile_late(r"-(?:plus|odd) [a-z]{3,}\b")
_VIDEO = frozenset(("144", "240", "360", "480", "576", "720", "1080", "1440", "2160", "4320"))


def _say_sign(match: re.Match[str], locale: Locale) -> str | None:
    letters, sign = match["letters"] or match["apart"], match["sign"]
    if letters and sign != "$":
        return None
    currency = DOLLARS[letters] if letters else SIGNS[sign]
    if (code := match["code"]) and currency == DOLLAR:
        currency = CODES[code]
    return ("minus " if match["minus"] else "") + _say(match, currency, locale)


def _say_code(match: re.Match[str], locale: Locale) -> str | None:
    return _say(match, CODES.get(match["code"]) or LETTERS[match["code"]], locale)


def _say(match: re.Match[str], currency: Currency, locale: Locale) -> str:
    """Say one amount or two, and for what: "two million dollar a year", "ten pounds per week"."""
    groups = match.groupdict()
    rate, per = groups.get("rate"), groups.get("per")
    scale = match["high_scale"] or match["low_scale"] or ""
    singular = bool(rate or groups.get("named")) or (not per and _describes(match, scale))
    said = _say_amounts(match, currency, locale, singular=singular)
    if groups.get("owner"):
        return said + ("'" if said.endswith("s") else "'s")
    if rate:
        return f"{said} {rate.replace('-', ' ')}"
    return f"{said} per {PER.get(per, per)}" if per else said


def _describes(match: re.Match[str], scale: str) -> bool:
    line, end = match.string, match.end()
    return (
        describes(match, alone="-" in scale) or _is_deal(line, end) or _PLUS_NOUN.match(line, end) is not None
    )


def _is_deal(line: str, at: int) -> bool:
    """Tell "$45m deal" and "£22bn black hole", which need no article."""
    found = _NOUNS.match(line, at)
    if found is None:
        return False
    first, second = ((word or "").lower() for word in found.groups())
    return _names_deal(first) or (first in KINDS and _names_deal(second))


def _names_deal(word: str) -> bool:
    return word in DEALS or word.removesuffix("s") in DEALS


def _say_amounts(match: re.Match[str], currency: Currency, locale: Locale, *, singular: bool) -> str:
    """Say one amount, or two with "to" between; the money is named twice where its sign stands twice."""
    low, high, again = _COMMA.sub(".", match["low"]), match["high"], match.groupdict().get("again")
    low_scale, high_scale = _scale(match["low_scale"]), _scale(match["high_scale"])
    if high is None:
        return say_money(low, low_scale, currency, locale, singular=singular)
    # "€1.5-€2bn" is in billions at both ends, and an adjective names its money but once.
    if again and not singular and bool(low_scale) == bool(high_scale):
        first = say_money(low, low_scale, currency, locale)
    else:
        first = f"{say_number(low, locale)} {low_scale}".strip()
    return f"{first} to {say_money(high, high_scale, currency, locale, singular=singular)}"


def _scale(written: str | None) -> str:
    word = (written or "").strip(" -").lower()
    return SCALES.get(word, word)


def say_money(number: str, scale: str, currency: Currency, locale: Locale, *, singular: bool = False) -> str:
    """Say *number* times *scale* of a *currency*; *singular* where it describes a noun."""
    if not scale and currency.cent and (cents := _split(number)):
        return _say_cents(*cents, currency, locale, singular=singular)
    name = currency.one if singular or (not scale and is_one(number)) else currency.many
    return f"{say_number(number, locale)} {scale} {name}".replace("  ", " ")


def _split(number: str) -> tuple[int, int] | None:
    """Return whole and hundredths of "2.50", "2.5" and ".99"; None where there are none, or thousandths."""
    whole, point, fraction = number.replace(",", "").partition(".")
    fraction = fraction.rstrip("0")
    if not point or not fraction.isdigit() or len(fraction) > 2 or len(whole) > 15:
        return (int(whole), 0) if point and not fraction and whole.isdigit() and len(whole) < 16 else None
    return int(whole or "0"), int(fraction.ljust(2, "0"))


def _say_cents(whole: int, cents: int, currency: Currency, locale: Locale, *, singular: bool) -> str:
    said = f"{cardinal(whole, locale)} {currency.one if singular or whole == 1 else currency.many}"
    if not cents:
        return said
    if singular and whole and currency is POUND:
        return f"{said} {cardinal(cents, locale)}"
    one = cents == 1 or (singular and currency is not POUND)
    below = f"{cardinal(cents, locale)} {currency.cent if one else currency.cents}"
    if not whole:
        return below
    return f"{said} {'and ' if locale.is_american and not singular else ''}{below}"


def _say_lower_end(match: re.Match[str], locale: Locale) -> str | None:
    """Say "from $5 to $10 million" in millions at both ends; "from $900 to $1 million" is not."""
    low, high = match["low"], match["high"]
    return f"{match['before']}{say_number(low, locale)}{match['to']}" if float(low) < float(high) else None


def _say_pence(match: re.Match[str], locale: Locale) -> str | None:
    number, unit = match["low"], match["unit"]
    if unit == "p" and (number in _VIDEO or ("." in number and len(number) > 5)):
        return None
    one, many = (POUND.cent, POUND.cents) if unit == "p" else (DOLLAR.cent, DOLLAR.cents)
    high = f" to {say_number(match['high'], locale)}" if match["high"] else ""
    name = one if (unit != "p" and describes(match)) or (is_one(number) and not high) else many
    rate = f" {match['rate'].replace('-', ' ')}" if match["rate"] else ""
    per = f" per {PER.get(match['per'], match['per'])}" if match["per"] else ""
    if not locale.is_american:
        per = per.replace("liter", "litre")
    return f"{say_number(number, locale)}{high} {name}{rate or per}"


_LETTERS = "|".join(map(re.escape, sorted(DOLLARS, key=len, reverse=True)))
_AFTER = "|".join(code for code in (*CODES, *LETTERS) if code.isalpha() and code not in ("Rs", "Re"))
"""Behind a number "Rs" are letters: "the 3 Rs"."""
_CODE = "|".join(map(re.escape, sorted((*CODES, *LETTERS), key=len, reverse=True)))
_SHORT_CODE = rf"(?:[A-Z]{{2,3}}|{'|'.join(map(re.escape, LETTERS))})"
"""What looks like a code: three capitals, or the few that are written otherwise."""

READINGS = (
    make_reading(
        "sign before money",
        rf"(?<![\w.,)\]'\"%-])[-+](?={_SIGN}[ ]?\.?[0-9])",
        lambda match, locale: "minus " if match.group() == "-" else "plus ",
        needs="-+",
    ),
    make_reading(
        "lower end of a sum",
        rf"""(?P<before>\b(?:from|between)[ ])(?P<sign>{_SIGN})(?P<low>[0-9]{{1,3}}(?:\.[0-9])?)
        (?P<to>[ ](?:to|and)[ ])
        (?=(?P=sign)(?P<high>[0-9]{{1,3}}(?:\.[0-9])?)[ ]?(?:[mbt]n?|(?:m|b|tr)illion)\b)""",
        _say_lower_end,
        needs="".join(SIGNS),
    ),
    make_reading(
        "money after its sign",
        rf"""
        (?=[A-Z{_SIGN[1:]})
        (?: (?<![A-Za-z.]) (?: (?P<letters>{_LETTERS}) | (?P<apart>NZ|HK|AU|CA|SG|NT)[ ] ) )?
        (?P<sign>{_SIGN}) (?P<minus>-)? [ ]? {_AMOUNT}
        (?: [ ](?P<code>USD|CAD|AUD|NZD|HKD|SGD)\b | [ ](?:dollars?|pounds?|euros?)\b
        |   -(?P<named>dollar|pound|euro)\b )? {_RATE}
        """,
        _say_sign,
        needs="".join(SIGNS),
    ),
    make_reading(
        "money after its code",
        rf"""\b(?!COP[ ]?[0-9]{{1,2}}\b(?![ ]?(?:m|bn|million|billion|trillion)\b))
        (?P<code>{_CODE})[ ]? {_AMOUNT} {_RATE}""",
        _say_code,
        needs=DIGITS,
        cue=rf"{_SHORT_CODE} ?[0-9.]",
    ),
    make_reading(
        "rand",
        rf"\bR[ ]?(?=[0-9.]{{1,9}}(?:m|bn|[ ](?:million|billion|trillion))\b) {_AMOUNT}",
        lambda match, locale: _say(match, CODES["ZAR"], locale),
        needs="R",
        cue=r"R ?[0-9.]",
    ),
    make_reading(
        "money before its code",
        rf"{APART} {_AMOUNT} [ ]?(?P<code>{_AFTER})(?!\w|\.\w) {_RATE}",
        _say_code,
        needs=DIGITS,
        cue=rf"\w ?{_SHORT_CODE}\b",
    ),
    make_reading(
        "money before its sign",
        rf"{APART} {_AMOUNT} [ ]?(?P<sign>{_SIGN})(?![0-9])",
        lambda match, locale: _say(match, SIGNS[match["sign"]], locale),
        needs="".join(SIGNS),
    ),
    make_reading(
        "pence and cents",
        rf"""{APART} {RANGE} (?: (?P<unit>p|c)(?![\w'.]*\w) | [ ]?¢ )
        (?: -(?P<rate>an?-[a-z]+)
        |   [ ]?/[ ]?(?P<per>l(?:it(?:re|er))?|kWh|mile|min(?:ute)?|day|kg|lb|share)\b )?""",
        _say_pence,
        needs="pc¢",
        cue=rf"{cues.FIGURE} ?[pc¢]",
    ),
)
