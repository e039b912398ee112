"""Telephone numbers: digit by digit, with a breath between groups; "1-800-FLOWERS" keeps its word."""

import re

from morning_edition.patterns import compile_late
from morning_edition.spoken.english.acronym_list import COMMON_SHORT
from morning_edition.spoken.english.letters import spell_letters
from morning_edition.spoken.english.numbers import spell_digits
from morning_edition.spoken.reading import DIGITS, Locale, make_reading

_GROUP = compile_late(r"[0-9]+|[A-Z]+")
_BEFORE = compile_late(
    r"(?:call|phone|tel|telephone|fax|dial|number|mobile|cell|hotline|text|at)\b[.:]?[ ](?:is |at |on )?$",
    re.I,
)


def _say_phone(match: re.Match[str], locale: Locale) -> str:
    """Say each group of a number; letters that stand for digits stay a word, and 800 is "eight hundred"."""
    written, _, extension = (
        re.split(r"(,?[ ]?(?:ext\.?|extension|x)[ ]?)", match.group(), maxsplit=1)
        if match["extension"]
        else (match.group(), "", "")
    )
    zero = "zero" if locale.is_american else "oh"
    groups = [_say_group(group, zero) for group in _GROUP.findall(written)]
    said = ("plus " if written.startswith("+") else "") + ", ".join(groups)
    return f"{said}, extension {spell_digits(extension, zero)}" if extension else said


def _say_group(group: str, zero: str) -> str:
    if group == "800":
        return "eight hundred"
    if not group.isalpha():
        return spell_digits(group, zero)
    return group if len(group) > 3 or group in COMMON_SHORT else spell_letters(group)


def _say_local(match: re.Match[str], locale: Locale) -> str | None:
    line, start = match.string, match.start()
    if not (match.group().startswith("555") or _BEFORE.search(line, max(0, start - 20), start)):
        return None
    return _say_phone(match, locale)


_CALLING = compile_late(
    r"(?:\b(?:call(?:s|ed|ing)?|dial(?:s|l?ed|l?ing)?|phon(?:es?|ed|ing)"
    r"|ring|rang|rung|via|text(?:ing)?|calls?[ ]to))[ ]\"?(?:[0-9]{3}(?:,|,?[ ]or)[ ]){0,3}$",
    re.I,
)
_AFTER_CALL = compile_late(
    r"[ -](?:calls?|callers?|dispatch\w*|operators?|emergency|cent(?:er|re)|call-?takers?|systems?"
    r"|recordings?|tapes?|audio|hotline|lifeline|services?|handlers?)\b"
)


_COUNTED = compile_late(r"[ -](?!(?:was|is|has|does)\b)(?:[a-z]+s|people|more|of|days?|others)\b|[,.]\d")


_HOUSE = compile_late(
    r"[ ](?:[NSEW]\.?[ ])?(?:[A-Z]\w{0,20}[ ]){1,2}(?:St|Street|Ave|Avenue|Rd|Road|Dr|Drive|Blvd|Ln|Lane"
    r"|Way|Ct|Court)\b"
)


def _say_emergency(match: re.Match[str], locale: Locale) -> str | None:
    line, start, end = match.string, match.start(), match.end()
    called = _CALLING.search(line, max(0, start - 32), start) and not _COUNTED.match(line, end)
    if called or _AFTER_CALL.match(line, end):
        return spell_digits(match.group(), "oh" if match.group() == "101" else "zero")
    if (
        match.group() == "911"
        and not _HOUSE.match(line, end)
        and not (_COUNTED.match(line, end) or line.startswith("/", end))
    ):
        return None if line[max(0, start - 8) : start] == "Porsche " else "nine one one"
    return None


def _say_secret(match: re.Match[str], locale: Locale) -> str:
    return match["before"] + spell_digits(match["digits"])


_EXTENSION = r"(?P<extension>,?[ ]?(?:ext\.?|extension|x)[ ]?[0-9]{1,6})?"

READINGS = (
    make_reading(
        "American telephone number",
        rf"""(?<![\w.,$+-]) (?:\+?1[ .-]?)? (?:\([0-9]{{3}}\)[ .-]{{0,2}}|[0-9]{{3}}[ .-])
        [0-9]{{3}}[ .-][0-9]{{4}} {_EXTENSION} (?![\w-])""",
        _say_phone,
        needs="-. ",
        cue=r"[0-9][ .-][0-9]{4}",
    ),
    make_reading(
        "freephone number in letters",
        r"""(?<![\w.,$-])(?:1-)?8[0-9]{2}-(?:[A-Z]{5,12}|[A-Z0-9]{1,8}(?:-[A-Z0-9]{1,8}){1,3}(?<=[A-Z]))
        (?P<extension>x)?(?![\w-])""",
        _say_phone,
        needs="-",
    ),
    make_reading(
        "international telephone number",
        rf"(?<!\w)\+[1-9][0-9]{{0,2}}(?:[ .-]?\(?[0-9]{{1,5}}\)?){{2,6}}"
        rf"(?<=[0-9]{{2}}){_EXTENSION}(?!\w|\.[0-9])",
        lambda match, locale: (
            _say_phone(match, locale) if 8 <= sum(sign.isdigit() for sign in match.group()) <= 21 else None
        ),
        needs="+",
    ),
    make_reading(
        "British telephone number",
        rf"(?<![\w.,$-])\(?0[1-35789][0-9]{{1,3}}\)?[ -][0-9]{{3,4}}[ -]?[0-9]{{3,4}} {_EXTENSION} (?![\w-])",
        _say_phone,
        needs="0",
    ),
    make_reading(
        "European helpline",
        r"(?<![\w.,$-])116[ ]?(?:000|006|111|117|123)(?P<extension>x)?(?![\w,.]*\d|[ ]\d)",
        lambda match, locale: ", ".join(
            spell_digits(part) for part in (match.group()[:3], match.group()[-3:])
        ),
        needs="1",
    ),
    make_reading(
        "number to text",
        r"(?P<before>\b[Tt]ext(?:ing|ed)?[ ](?:\"?[A-Z]{2,12}\"?[ ]to[ ])?)(?P<digits>[0-9]{5,6})\b",
        lambda match, locale: match["before"] + spell_digits(match["digits"]),
        needs=DIGITS,
    ),
    make_reading("emergency number apart", r"\b9-1-1\b", lambda match, locale: "nine one one", needs="9"),
    make_reading(
        "emergency number",
        r"(?<![\w.,$£€/-])(?:911|999|988|000|1[01][0-9]|[2-8]11)(?![\w/]|-\d)",
        _say_emergency,
        needs="19",
    ),
    make_reading(
        "secret number",
        r"""(?P<before>\b(?:card|account|phone|number)\b[^.,;0-9]{0,20}[ ]end(?:s|ed|ing)[ ](?:in|with)[ ])
        (?P<digits>[0-9]{3,6})\b""",
        _say_secret,
        needs=DIGITS,
    ),
    make_reading(
        "local telephone number",
        rf"(?<![\w.,$-])[0-9]{{3}}-[0-9]{{4}} {_EXTENSION} (?![\w-])",
        _say_local,
        needs="-",
    ),
)
