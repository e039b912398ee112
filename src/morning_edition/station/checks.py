"""What a setting may hold. Each check says what a value must be, or nothing when it is right."""

import datetime as dt
import re
import unicodedata
import zoneinfo
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

UNSEEN = ("Cc", "Cf", "Cs", "Cn")
"""Controls, formats, surrogates and what is no character: what feeds leave out, and nobody sees."""

Check = Callable[[Any], str]
"""Says what is wrong with a value, in words that follow "must be"; empty when it is right."""

NEWS_CATEGORIES = (
    "Business News",
    "Daily News",
    "Entertainment News",
    "News Commentary",
    "Politics",
    "Sports News",
    "Tech News",
)
"""Apple's subcategories of News, letter for letter
(https://podcasters.apple.com/support/1691-apple-podcasts-categories)."""


def between(low: float, high: float) -> Check:
    """Ask for a number from *low* to *high*."""
    return lambda value: "" if low <= value <= high else f"between {low:g} and {high:g}"


def one_of(*choices: object) -> Check:
    """Ask for one of *choices*."""
    return lambda value: "" if value in choices else f"one of {', '.join(map(str, choices))}"


def some_of(*choices: str) -> Check:
    """Ask for one or more of *choices*, with spaces or commas between them."""
    wanted = f"one or more of {', '.join(choices)}"
    return lambda value: (
        "" if value.strip() and set(re.split(r"[\s,]+", value.strip())) <= {*choices} else wanted
    )


def filled(value: str) -> str:
    """Ask for a text with something in it."""
    seen = any(not sign.isspace() and unicodedata.category(sign) not in UNSEEN for sign in value)
    return "" if seen else "filled in"


def description(value: str) -> str:
    """Ask for a text that is not longer than directories allow."""
    return filled(value) or ("" if len(value.encode()) <= 4000 else "at most 4000 bytes long")


def language(value: str) -> str:
    """Ask for a language tag (BCP 47), by its form."""
    return "" if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", value) else "a language tag such as en-US"


def web_address(value: str) -> str:
    """Ask for an address that a browser can open."""
    try:
        parts = urlsplit(value)
        good = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0 and value.isascii()
        if "@" in parts.netloc:
            return "a web address without a name and password, which others would read"
    except ValueError:
        good = False
    if not good or re.search(r"[\s<>\"]", value):
        return "a web address such as https://news.example/briefing/"
    return ""


def folder_address(value: str) -> str:
    """Ask for a web address that others can be put behind."""
    if said := web_address(value):
        return said
    return "a web address without ? and #" if "?" in value or "#" in value else ""


def target_or_empty(value: str) -> str:
    """Ask for a folder or an address to send files to, without a password in it, or nothing."""
    if not value:
        return ""
    scheme, sign, rest = value.partition("://")
    if sign and not re.fullmatch(r"[a-z][a-z0-9+.-]*", scheme):
        return 'a folder, or an address such as "s3://bucket/briefing"'
    if sign and ":" in rest.split("/")[0].rpartition("@")[0]:
        return "an address without a password; it comes from the environment"
    if sign and ("?" in rest or "#" in rest):
        return "an address without ? and #; keys come from the environment"
    return (
        "" if value.isprintable() and value.strip() == value else "a folder, or an address to send files to"
    )


def web_address_or_empty(value: str) -> str:
    """Ask for a web address, or nothing."""
    return web_address(value) if value else ""


def mail_or_empty(value: str) -> str:
    """Ask for a mail address, or nothing."""
    good = not value or re.fullmatch(r"[^@\s<>,]+@([^@\s<>,.]+\.)+[^@\s<>,.]+", value)
    return "" if good else "a mail address such as desk@news.example"


def time_zone(value: str) -> str:
    """Ask for a time zone that this machine knows (IANA)."""
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return "a time zone such as America/New_York"
    return ""


def time_of_day(value: str) -> str:
    """Ask for hours and minutes."""
    return "" if re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value) else 'a time of day such as "06:00"'


def date_or_empty(value: str) -> str:
    """Ask for a date, or nothing."""
    try:
        good = not value or (bool(dt.date.fromisoformat(value)) and len(value) == len("2026-01-31"))
    except ValueError:
        good = False
    return "" if good else "a date such as 2026-01-31"


def one_sentence(value: str) -> str:
    """Ask for a text of one line that ends as a sentence, or nothing."""
    if not value:
        return ""
    good = len(value) <= 250 and value.isprintable() and value.strip() == value and value[-1] in ".!?。！？।؟"
    return "" if good else "one sentence with its full stop, of at most 250 characters"


def short_line(value: str) -> str:
    """Ask for a few words on one line, or nothing."""
    good = len(value) <= 100 and value.strip() == value and (not value or value.isprintable())
    return "" if good else "a few words on one line, of at most 100 characters"


def colour(value: str) -> str:
    """Ask for a colour in hexadecimal."""
    return "" if re.fullmatch(r"#[0-9a-fA-F]{6}", value) else 'a colour such as "#12305b"'


def inside(value: str) -> str:
    """Ask for a path that stays inside the station's folder."""
    first, *others = value.replace("\\", "/").split("/")
    outside = (others and not first) or ".." in (first, *others) or ":" in value or "\0" in value
    return "a path inside the station's folder" if outside else ""


def own_picture(value: str) -> str:
    """Ask for a path inside the station's folder that is not where the finished cover is put."""
    name = value.replace("\\", "/").removeprefix("./").casefold()
    return "another file than cover.jpg, which is made from it" if name == "cover.jpg" else inside(value)


def voice(value: str) -> str:
    """Ask for an engine, with or without one of its voices."""
    good = re.fullmatch(r"[a-z][a-z0-9_-]*(:.+)?", value)
    return "" if good else 'an engine, or ENGINE:VOICE, such as "espeak" or "espeak:en-us+edward"'


def voice_or_empty(value: str) -> str:
    """Ask for a voice, or nothing."""
    return voice(value) if value else ""


def encoding(value: str) -> str:
    """Ask for the name of an encoding of text that Python knows."""
    try:
        "".encode(value)
    except (LookupError, ValueError):
        return 'an encoding of text such as "utf-8" or "iso-8859-1"'
    return ""


def category(value: str) -> str:
    """Ask for one of Apple's news categories."""
    return "" if value in NEWS_CATEGORIES else f"one of {', '.join(NEWS_CATEGORIES)}"
