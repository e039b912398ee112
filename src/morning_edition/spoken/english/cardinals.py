"""Whole numbers: "2,977" is "two thousand nine hundred seventy-seven"; and whatever digits are left."""

import re
import unicodedata

from morning_edition.spoken.english.numbers import cardinal, spell_digits
from morning_edition.spoken.reading import DIGITS, Locale, make_reading

POWERS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", "01234567890123456789")


def _say_whole(match: re.Match[str], locale: Locale) -> str:
    return cardinal(match["number"], locale)


def _say_any(match: re.Match[str], locale: Locale) -> str:
    digits = match.group()
    return spell_digits(digits) if int(digits[0]) == 0 and len(digits) > 1 else cardinal(digits, locale)


def _say_signed(match: re.Match[str], locale: Locale) -> str:
    return {"-": "minus ", "+": "plus ", "±": "plus or minus "}[match.group()]


def _say_number_sign(match: re.Match[str], locale: Locale) -> str:
    return "numbers " if "s" in match.group().lower() else "number "


def _say_times(match: re.Match[str], locale: Locale) -> str:
    return " times"


def _say_power(match: re.Match[str], locale: Locale) -> str:
    digits = match.group().translate(POWERS)
    named = {"2": "squared", "3": "cubed"}.get(digits)
    return " " + (named or f"to the power of {cardinal(digits, locale)}")


def _say_other_digit(match: re.Match[str], locale: Locale) -> str | None:
    value = unicodedata.numeric(match.group(), None)
    return f" {cardinal(int(value), locale)} " if value is not None and value == int(value) else None


READINGS = (
    make_reading(
        "number sign",
        r"(?:\b(?:(?:Nos?|NOS?|nos?)\.[ ]?|N[°º][ ]?|(?:Nos?|NO)[ ])|(?<![\w&])\#[ ]?|№[ ]?)(?=[0-9])",
        _say_number_sign,
        needs=DIGITS,
    ),
    make_reading("number sign before Roman", r"\bNos?\.[ ](?=[IVX]+\b)", _say_number_sign, needs="IVX"),
    make_reading("sum", r"(?<=[0-9a-z)])[ ]?\+[ ]?(?=[0-9])", lambda match, locale: " plus ", needs="+"),
    make_reading("sign of a number", r"(?<![\w.,)\]'\"%-])[-+±](?=\.?[0-9])", _say_signed, needs="-+±"),
    make_reading(
        "number in groups of three",
        r"(?<![\d.,])(?P<number>[0-9]{1,3}(?:,[0-9]{2,3})++(?<=,[0-9]{3}))(?![0-9])",
        _say_whole,
        needs=",",
    ),
    make_reading(
        "number in groups apart",
        r"(?<![\d.,])(?<!\d[ ])(?P<number>[1-9][0-9]{0,2}(?:[ ][0-9]{3})++)(?![ ]?[0-9])",
        _say_whole,
        needs=DIGITS,
    ),
    make_reading("times", r"(?<=[0-9])x(?![\w-])", _say_times, needs="x"),
    make_reading("power", r"(?:(?<=[0-9)])|(?<=\b[a-z]))[⁰¹²³⁴⁵⁶⁷⁸⁹]+", _say_power, needs="⁰¹²³⁴⁵⁶⁷⁸⁹"),
    make_reading("any other digits", r"\d+", _say_any),
    make_reading("any other sign of a number", r"[⁰¹²³⁴⁵⁶⁷⁸⁹₀-₉①-⓿❶-➓㉑-㉟㊱-㊿Ⅰ-ↈ]", _say_other_digit),
)
