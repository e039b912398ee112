"""What something is fetched for: how much of it there may be, and how messages speak of it."""

from collections.abc import Callable
from dataclasses import dataclass

LARGEST_BYTES = 10_000_000
TOTAL_S = 30.0


def take_any(_: str) -> str:
    """Take every type of content."""
    return ""


@dataclass(frozen=True, slots=True)
class Purpose:
    """What is asked for, and within which bounds."""

    what: str = "page"
    """What messages call it: "sent a damaged page"."""
    accept: str = "*/*"
    largest_bytes: int = LARGEST_BYTES
    """Of what is sent, and of what that unpacks to."""
    total_s: float = TOTAL_S
    """For everything: the name, the redirects, the last byte."""
    by_hand: str = "open it in your browser to see what it says"
    """What a person may do where a program cannot go on."""
    without_login: str = "give it without"
    """What to do about an address with a name or password in it."""
    refuse_type: Callable[[str], str] = take_any
    """Says what is wrong with a type of content, in lower case and without parameters; empty where nothing
    is. Asked before anything of it is read."""


FEED = Purpose(
    "feed",
    "application/rss+xml,application/atom+xml,application/feed+json,application/xml;q=0.9,"
    "text/xml;q=0.9,application/json;q=0.8,*/*;q=0.5",
    by_hand="open it in your browser, and find another address of the feed",
)
