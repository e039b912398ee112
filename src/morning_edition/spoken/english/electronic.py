"""Addresses of the net: "jane@example.com", "www.example.com/news", "@name", "#MeToo", "report.pdf"."""

import re

from morning_edition.patterns import compile_late
from morning_edition.spoken.english.numbers import cardinal, spell_digits, year
from morning_edition.spoken.reading import Locale, make_reading

_SAID_DOMAINS = (
    "com|org|net|gov|edu|info|biz|mil|int|museum|coop|app|dev|blog|news|shop|online|site|tech|store|"
    "live|media|world|london|berlin|nyc|scot|co|ac|abc|sport|travel|team|life|today|club|space|art|"
    "music|film|radio|game|games"
)
_SPELLED_DOMAINS = (
    "uk|us|eu|ca|au|nz|ie|de|fr|es|nl|ch|se|dk|fi|pl|pt|gr|cz|hu|ro|ru|ua|il|jp|cn|hk|kr|tw|sg|th|vn|"
    "ph|pk|za|ng|ke|br|ar|mx|cl|tv|fm|io|ai|ly|gg|cc|ws|sm|li|lu|tk|fj"
)
_WORDY_DOMAINS = "it|in|is|at|be|no|me|to|so|my|am|as|by"
"""Country codes that are words as well: an address only after "www." or another domain."""
_FILES = (
    "pdf|jpg|jpeg|png|gif|svg|mp3|mp4|wav|zip|exe|doc|docx|xls|"
    "xlsx|ppt|pptx|csv|txt|html|htm|php|asp|aspx|json|xml|py|js|cfm"
)
_LETTER = "A-Za-z\u00c0-\u024f\u0370-\u1fff\u3040-\u9fff\uac00-\ud7a3"
"""What names are made of; signs like "²" count as letters in `re`, and are none here."""
_RUN = compile_late(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+|[^\W\d_]+|.", re.S)
_NAMES = {
    ".": "dot",
    "/": "slash",
    "-": "dash",
    "_": "underscore",
    "@": "at",
    ":": "colon",
    "?": "question mark",
    "=": "equals",
    "&": "and",
    "+": "plus",
    "%": "percent",
    "#": "hash",
    "~": "tilde",
}
_SPELLED = frozenset(
    (
        *_SPELLED_DOMAINS.split("|"),
        *_WORDY_DOMAINS.split("|"),
        "html",
        "htm",
        "php",
        "pdf",
        "mp",
        "cfm",
        "csv",
        "xml",
        "exe",
        "svg",
        "asp",
        "png",
        "txt",
        "xls",
        "xlsx",
        "docx",
        "ppt",
        "pptx",
        "aspx",
        "js",
        "py",
    )
)
LONGEST_PATH = 60
"""Of an address with a longer path, the host alone is said: nobody could write down the rest."""


def say_address(address: str) -> str:
    """Say every part of an address: words as they stand, digits one by one, signs by name."""
    said = []
    after_dot = False
    for run in _RUN.findall(address):
        if run.isdecimal():
            said.append(spell_digits(run))
        elif run in _NAMES or not run.isalnum():
            said.append(_NAMES.get(run, ""))
        elif after_dot and run in _SPELLED:
            said.append(" ".join(run.upper()))
        else:
            said.append({"jpg": "J peg"}.get(run, run) if after_dot else run)
        after_dot = run == "."
    return " ".join(" ".join(said).split())


def _say_url(match: re.Match[str], locale: Locale) -> str:
    """Say host and path: no "https", no "www", no query."""
    host, path = match["host"], (match["path"] or "").split("?")[0].split("#")[0].rstrip("/")
    return say_address(host + (path if len(path) <= LONGEST_PATH else ""))


def _say_mail(match: re.Match[str], locale: Locale) -> str:
    return say_address(match.group())


def _say_domain(match: re.Match[str], locale: Locale) -> str | None:
    if match["top"] in _WORDY_DOMAINS.split("|") and match["host"].count(".") < 2:
        # A missing space after a full stop looks the same: "he said.at once".
        after = match.string[match.end() : match.end() + 2]
        if after[:1] == " " and after[1:].islower():
            return None
    return _say_url(match, locale)


def _say_loud_domain(match: re.Match[str], locale: Locale) -> str | None:
    """Say "GOV.UK" as an address, but not "THE U.S.COM"."""
    host: str = match["host"]
    return say_address((host + (match["path"] or "")).lower()) if len(host.partition(".")[0]) > 1 else None


def split_name(name: str) -> str:
    """Return the words of a run-together name: "WeWon2024" is "We Won twenty twenty-four"."""
    said = []
    for run in _RUN.findall(name):
        if run.isdecimal():
            said.append(year(run) if len(run) == 4 and run[:2] in ("19", "20") else cardinal(run))
        elif run.isupper() and len(run) in (2, 3):
            said.append(" ".join(run))
        elif run != "_":
            said.append(run)
    return " ".join(said)


_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9-]*+)(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*+))+"
_PATH = r"(?:/[^\s<>\"()\[\]{}|]*(?<![.,;:!?'…]))"

READINGS = (
    make_reading(
        "URL",
        rf"""(?<![A-Za-z])(?:(?:https?|ftp)[ ]?:[ ]?//[ ]?(?:www\.)?|www\.)
        (?P<host>(?:{_HOST}|localhost)(?::[0-9]+)?)(?P<path>{_PATH})?""",
        _say_url,
        needs=".",
        cue=r"(?i://|www\.)",
        flags=re.IGNORECASE,
    ),
    make_reading(
        "e-mail address",
        r"(?<![\w.+%-])[A-Za-z0-9_.+%-]++@[A-Za-z0-9][A-Za-z0-9-]*+(?:\.[A-Za-z0-9][A-Za-z0-9-]*+)+",
        _say_mail,
        needs="@",
    ),
    make_reading(
        "domain",
        rf"""(?<![\w.@/-])(?P<host>(?:[A-Za-z0-9][A-Za-z0-9-]*+\.)+
        (?P<top>{_SAID_DOMAINS}|{_SPELLED_DOMAINS}|{_WORDY_DOMAINS}))(?<!\bU\.S)(?![\w-])(?P<path>{_PATH})?""",
        _say_domain,
        needs=".",
        cue=r"[A-Za-z0-9-]\.[a-z]",
    ),
    make_reading(
        "domain in capitals",
        r"(?<![\w.@/-])(?P<host>(?:[A-Z0-9][A-Z0-9-]*+\.)+(?:UK|COM|ORG|NET|EU|GOV))(?![\w-])(?P<path>/[\w/-]*\w)?",
        _say_loud_domain,
        needs=".",
    ),
    make_reading(
        "address of a machine",
        r"(?<![\w.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![\w.]*\w)",
        lambda match, locale: say_address(match.group()),
        needs=".",
    ),
    make_reading(
        "file",
        rf"(?<![\w.@/-])[{_LETTER}0-9_-]++\.(?:{_FILES})\b(?!\.\w)",
        _say_mail,
        needs=".",
        cue=r"\.[a-zA-Z]",
    ),
    make_reading(
        "handle",
        r"(?<![\w@.])@(?P<name>[A-Za-z_][A-Za-z0-9_]{0,49})",
        lambda match, locale: "at " + split_name(match["name"]),
        needs="@",
    ),
    make_reading(
        "hashtag",
        rf"(?<![\w&#])[#＃](?P<name>(?=[0-9]{{0,9}}[{_LETTER}_])[{_LETTER}0-9_]++)",
        lambda match, locale: "hashtag " + split_name(match["name"]),
        needs="#＃",
    ),
)
