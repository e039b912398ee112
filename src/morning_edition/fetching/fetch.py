"""A web address to the bytes behind it: bounded in time and size, and never from inside the network."""

from collections.abc import Mapping
from dataclasses import dataclass

from morning_edition.errors import FetchError
from morning_edition.fetching.purpose import FEED, Purpose

LONGEST_VALIDATOR = 1000
"""Characters of an ETag or a date that are kept."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a web address gave."""

    url: str
    """Where it was found, after redirects."""
    raw: bytes
    charset: str = ""
    """As the server said; mostly empty or right."""
    media_type: str = ""
    etag: str = ""
    """By which the server tells whether it is another the next time (RFC 9110, section 8.8.3), or empty."""
    modified: str = ""
    """Its Last-Modified, as the server wrote it; may be empty."""
    permanent_url: str = ""
    """Where it has moved for good; empty where it has not, or where a redirect on the way is for now only."""


def fetch(url: str, name: str, purpose: Purpose) -> Fetched:
    """Return what *url* holds; *name* begins the message of every FetchError."""
    fetched = _fetch(url, name, purpose, {})
    if fetched is None:
        raise FetchError(f"{name}: says that nothing has changed (HTTP 304), unasked; {purpose.by_hand}")
    return fetched


def fetch_if_changed(
    url: str, name: str, etag: str, modified: str, *, purpose: Purpose = FEED
) -> Fetched | None:
    """Return the feed at *url*, or None where it is as it was (RFC 9110, section 13).

    *etag* and *modified* are those of the last time, empty the first time; *name* begins the message of every
    FetchError.
    """
    asked = {"If-None-Match": _read_validator(etag), "If-Modified-Since": _read_validator(modified)}
    headers = {key: value for key, value in asked.items() if value}
    return _fetch(url, name, purpose, headers) if headers else fetch(url, name, purpose)


def _fetch(url: str, name: str, purpose: Purpose, headers: Mapping[str, str]) -> Fetched | None:
    from morning_edition.fetching.asking import ask
    from morning_edition.fetching.complaints import asked_wait_s, complain_of_status

    with ask(url, name, purpose, headers=headers) as answer:
        if answer.status == 304:
            return None
        if answer.status != 200:
            said = complain_of_status(answer.status, purpose)
            wait_s = asked_wait_s(answer.headers)
            raise FetchError(f"{name}: {said}", status=answer.status, wait_s=wait_s)
        if said := purpose.refuse_type(answer.media_type):
            raise FetchError(f"{name}: {said}", status=200)
        return Fetched(
            answer.url,
            answer.read(purpose.largest_bytes),
            _read_charset(answer.headers.get("content-type", "")),
            answer.media_type,
            _read_validator(answer.headers.get("etag", "")),
            _read_validator(answer.headers.get("last-modified", "")),
            answer.url if answer.permanent else "",
        )


def _read_charset(content_type: str) -> str:
    for part in content_type.split(";")[1:]:
        key, _, value = part.partition("=")
        if key.strip().lower() == "charset":
            return value.strip(" \"'").lower() if value.isprintable() else ""
    return ""


def _read_validator(text: str) -> str:
    """Return what a server gave to tell versions apart, if it can be sent back; empty otherwise."""
    text = text.strip()
    good = text.isprintable() and len(text) <= LONGEST_VALIDATOR and all(ord(sign) < 256 for sign in text)
    return text if good else ""
