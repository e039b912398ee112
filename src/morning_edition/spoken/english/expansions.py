"""Shortened words that are said in full wherever they stand: "vs." is "versus", "etc." "et cetera"."""

import re

from morning_edition.spoken.english.letters import keep_stop, word_before
from morning_edition.spoken.reading import DIGITS, Locale, make_reading

_WITH_STOP = {
    "approx": "approximately",
    "appt": "appointment",
    "assoc": "associate",
    "asst": "assistant",
    "avg": "average",
    "bldg": "building",
    "cf": "compare",
    "cont": "continued",
    "depts": "departments",
    "dept": "department",
    "dist": "district",
    "div": "division",
    "esp": "especially",
    "etc": "et cetera",
    "excl": "excluding",
    "exec": "executive",
    "fwd": "forward",
    "govt": "government",
    "hosp": "hospital",
    "ibid": "ibidem",
    "incl": "including",
    "intl": "international",
    "max": "maximum",
    "mgmt": "management",
    "misc": "miscellaneous",
    "mtg": "meeting",
    "natl": "national",
    "pop": "population",
    "pvt": "private",
    "sched": "scheduled",
    "univ": "university",
    "viz": "namely",
}
_EITHER_WAY = {
    "vs": "versus",
    "etc": "et cetera",
    "approx": "approximately",
    "dept": "department",
    "depts": "departments",
    "govt": "government",
    "gov't": "government",
    "ltd": "limited",
    "dep't": "department",
    "int'l": "international",
    "nat'l": "national",
}
"""What stands without a stop too."""
_BEFORE_NUMBERS = {
    "vol": "volume",
    "vols": "volumes",
    "ch": "chapter",
    "chap": "chapter",
    "chaps": "chapters",
    "apt": "apartment",
    "ste": "suite",
    "ext": "extension",
    "art": "article",
    "arts": "articles",
    "para": "paragraph",
    "prop": "proposition",
    "paras": "paragraphs",
    "sec": "section",
    "sect": "section",
    "secs": "sections",
    "bk": "book",
    "pt": "part",
    "pts": "parts",
    "p": "P",
    "pp": "P P",
    "c": "circa",
    "ca": "circa",
    "est": "established",
}
_SINCE = {"y": "year", "m": "month", "q": "quarter"}
_NEED_NO_STOP = frozenset("vol vols chap chaps p pp ca".split())


def _alternatives(words: object) -> str:
    found = sorted(map(str, words), key=len, reverse=True)  # type: ignore[call-overload]
    return "|".join(f"[{word[0].upper()}{word[0]}]{word[1:]}" for word in found)


def _as_written(said: str, written: str) -> str:
    """Give *said* the capital of what is written."""
    return said[0].upper() + said[1:] if written[0].isupper() else said


def _say_word(match: re.Match[str], locale: Locale) -> str | None:
    word = match["word"].lower()
    said = _EITHER_WAY.get(word) or (_WITH_STOP.get(word) if match["stop"] else None)
    if said is None:
        return None
    return (said if word == "vs" else _as_written(said, match["word"])) + (
        keep_stop(match) if match["stop"] and word != "vs" else ""
    )


def _say_before_number(match: re.Match[str], locale: Locale) -> str | None:
    word = match["word"].lower()
    if not match["stop"] and word not in _NEED_NO_STOP:
        return None
    if word in ("c", "ca") and match["word"] != word:
        return None
    return _as_written(_BEFORE_NUMBERS[word], match["word"])


def _say_et_cetera(match: re.Match[str], locale: Locale) -> str:
    return "et cetera" + (keep_stop(match) if match.group().endswith(".") else "")


def _say_since(match: re.Match[str], locale: Locale) -> str:
    span = _SINCE[match.group()[0].lower()]
    return f"{span} {'over' if locale.is_american else 'on'} {span}"


def _say_against(match: re.Match[str], locale: Locale) -> str | None:
    """Names stand on both sides; those who say "Roe v. Wade" say the letter."""
    before = word_before(match)
    return "V" if before[:1].isupper() or before[:1].isdigit() else None


READINGS = (
    make_reading(
        "Latin between clauses",
        r"(?<![\w.]) (?P<latin>e\.\ ?g|i\.\ ?e)\. (?!\w)",
        lambda match, locale: "for example" if match["latin"][0] == "e" else "that is",
        needs=".",
    ),
    make_reading("and so on", r"&\ ?c\b\.?", _say_et_cetera, needs="&"),
    make_reading(
        "one against another", r"(?<=[\w.,)]\ ) v\b \.? (?=\ ['\"(]?[A-Z\d])", _say_against, needs="v"
    ),
    make_reading(
        "shortened word before a number",
        rf"(?<![\w.'@/-]) (?P<word>{_alternatives(_BEFORE_NUMBERS)})\b (?P<stop>\.?) (?=\ ?(?:\d|[IVXL]+\b))",
        _say_before_number,
        needs=(*DIGITS, *"IVXL"),
    ),
    make_reading(
        "change since",
        r"(?<![\w/])(?:(?P<one>[ymq])/(?P=one)|(?P<letter>[ymq])o(?P=letter)|(?P<big>[YMQ])o(?P=big))(?![\w/])",
        _say_since,
        needs="oO/",
    ),
    make_reading(
        "retired",
        r"(?:(?<=\()|(?<=,\ ))[Rr]et\.? (?=[),])",
        lambda match, locale: "retired",
        needs="R r".split(),
    ),
    make_reading("also known as", r"(?<![\w.])aka(?![\w.'-])", lambda match, locale: "A.K.A", needs="k"),
    make_reading(
        "volume",
        r"(?<![\w.'@/-]) (?P<word>[Vv]ols?) \b (?P<stop>\.?) (?!['\w-])",
        lambda match, locale: (
            _as_written("volumes" if match["word"].endswith("s") else "volume", match["word"])
            + (keep_stop(match) if match["stop"] else "")
        ),
        needs="v V".split(),
    ),
    make_reading(
        "shortened word",
        rf"(?<![\w.'@/-]) (?P<word>{_alternatives(_WITH_STOP | _EITHER_WAY)}|VS)\b (?P<stop>\.?) (?![\w'@-])",
        _say_word,
    ),
)
