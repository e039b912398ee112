"""What a look at a source finds: its articles as they are now, none of them read yet."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from morning_edition.articles import Article
from morning_edition.patterns import compile_late

_TRACKING = compile_late(
    r"(?:utm|at|mc|pk|mtm|hsa|itm|ns)_\w+|(?:fb|g|tt|tw|y|d)clid|msclkid|gclsrc|igshid|cmpid|cmp|ref|smid",
    re.I,
)
"""Parameters of a link that tell where a visitor comes from, and change nothing of what is read there."""


@dataclass(frozen=True, slots=True)
class Item:
    """One article of a source."""

    key: str
    """By which it is known again."""
    name: str
    """How messages call it."""
    title: str
    fingerprint: str
    """Of what the source gives of it that is read."""
    read: Callable[[], Article]
    """Raises `ArticleError` and `FetchError`."""
    moment: dt.datetime | None = None
    """When it was published, with its zone; None where the source does not say."""
    link: str = ""
    """Its page, without what tells where a visitor comes from; empty where others of the source share it."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a source held when it was looked at."""

    items: Sequence[Item]
    """The newest first."""
    etag: str = ""
    modified: str = ""
    content: str = ""
    """A checksum of all of it."""
    moved: str = ""
    """Where it has gone for good."""
    pause_s: float = 0.0
    """How long it asks not to be looked at again."""
    is_unsettled: bool = False
    """Whether something in it is still being written."""


def tidy_link(link: str) -> str:
    """Return *link* without fragment and without parameters that tell where a visitor comes from."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return link
    kept = [part for part in parts.query.split("&") if not _TRACKING.fullmatch(part.partition("=")[0])]
    return urlunsplit(parts._replace(query="&".join(kept), fragment=""))


def squeeze_line(text: str, longest: int = 200) -> str:
    """Return *text* as one printable line, cut to *longest* characters."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def read_hours(markup: str) -> frozenset[int]:
    """Return the hours, 0 to 23 in UTC, in which an RSS feed asks not to be looked at (`skipHours`).

    https://www.rssboard.org/rss-specification#optionalChannelElements
    """
    found = re.search(r"<skipHours>(.{0,2000}?)</skipHours>", markup[:20_000], re.S | re.I)
    hours = re.findall(r"<hour>\s*(\d{1,2})\s*</hour>", found[1], re.I) if found else []
    return frozenset(int(hour) % 24 for hour in hours)


def read_ttl_s(markup: str) -> float:
    """Return for how many seconds an RSS feed says that it stays as it is (`ttl`); 0 where it does not."""
    found = re.search(r"<ttl>\s*(\d{1,6})\s*</ttl>", markup[:20_000], re.I)
    return int(found[1]) * 60.0 if found else 0.0
