"""Addresses from outside, made safe to link to."""

import re
from urllib.parse import quote, urlsplit, urlunsplit

UNESCAPED = "!$%&'()*+,/:;=?@~"
"""What may stand in a path, query or fragment besides letters, digits and -._ (RFC 3986 §3.3 to §3.5)."""


def plain_address(address: str) -> str:
    """Return a web address in plain ASCII; empty for anything that is not a web address.

    A name and password in it are left out: they are nobody else's.
    """
    try:
        parts = urlsplit(address.strip())
        port = f":{parts.port}" if parts.port else ""
        host = parts.netloc.rpartition("@")[2]
        netloc = host if address.isascii() else (parts.hostname or "").encode("idna").decode() + port
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not re.fullmatch(r"[A-Za-z0-9._~%:\[\]-]+", netloc):
        return ""
    return urlunsplit((parts.scheme, netloc, *map(_escape, (parts.path, parts.query, parts.fragment))))


def _escape(part: str) -> str:
    """Escape what is not escaped yet; a percent sign that escapes nothing is one of those."""
    return re.sub("%(?![0-9A-Fa-f]{2})", "%25", quote(part, safe=UNESCAPED, errors="ignore"))
