"""Web addresses: which may be fetched at all, and how each is written so that it can be read in one way only.

Programs differ in how they read an odd address, and what is checked must be what is connected to. So hosts
are names of letters, digits and hyphens, after IDNA (UTS #46, as browsers do), or IP addresses in their usual
form: no `0x7f.1`, no `2130706433`, no `%31`, no backslash, no zone.
"""

import ipaddress
import os
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit

from morning_edition.errors import FetchError
from morning_edition.fetching.ip_addresses import is_barred, is_link_local
from morning_edition.patterns import compile_late

ALLOW_PRIVATE = "MORNING_EDITION_ALLOW_PRIVATE"
LONGEST_URL = 8000
"""Characters; RFC 9110, section 4.1, asks that this much be understood."""
LONGEST_HOST = 253
"""RFC 1035, section 2.3.4."""
PORTS = {"http": 80, "https": 443}

BAD_PORTS = frozenset(
    int(port)
    for port in (
        "0 1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 "
        "115 117 119 123 135 137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 "
        "556 563 587 601 636 989 990 993 995 1719 1720 1723 2049 3659 4045 4190 5060 5061 6000 6566 6665 "
        "6666 6667 6668 6669 6679 6697 10080 "
    ).split()
)
"""Of mail, printers and the like, which may take a request's words for orders of their own; browsers refuse
them, too (https://fetch.spec.whatwg.org/#port-blocking)."""

_HOST = compile_late(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*\.?")
_NUMBER = compile_late(r"(?:.*\.)?(?:\d+|0x[0-9a-f]*)\.?")
"""A host whose last part is a number is an IPv4 address (https://url.spec.whatwg.org/#ends-in-a-number-checker)."""
_SECRET = compile_late(
    r"([?&;](?:(?:(?:access|auth|api|feed|session|bearer|private|secret|client|x-amz|x-goog|security)[_-]?)+"
    r"(?:key|token|signature|credential|secret)|token|auth|sig|signature|secret|password|passwd|pwd|jwt)=)"
    r"[^&;#\s\"]+",
    re.IGNORECASE,
)
"""A parameter that holds what only its owner may know; a bare `key` is mostly an article's."""
_UNESCAPED = "!$%&'()*+,/:;=?@~[]|"
"""What stays in a path or query as it is written; servers know it so."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request goes."""

    scheme: str
    host: str
    """In plain lower-case ASCII, an IPv6 address without its brackets."""
    port: int
    target: str
    """Path and query, escaped."""

    @property
    def url(self) -> str:
        """The address, written in the one way that everyone reads alike."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.target}"


def allows_private() -> bool:
    """Tell whether the newsroom lets addresses of its own network be read."""
    return os.environ.get(ALLOW_PRIVATE, "") not in {"", "0"}


def private_complaint(name: str) -> str:
    """Return the message for an address inside the network."""
    if allows_private():
        return link_local_complaint(name)
    return f"{name}: is inside a private network; set {ALLOW_PRIVATE}=1 if it is your own newsroom's"


def link_local_complaint(name: str) -> str:
    """Return the message for a link-local address, or one where clouds keep keys: no setting opens it."""
    return f"{name}: is a link-local address, as clouds keep their keys at; it is refused whatever is allowed"


def check_url(url: str, name: str, by_hand: str = "") -> Place:
    """Return where *url* leads; raises FetchError for one that is not to be fetched.

    *name* begins its message; *by_hand* is what a person may do about one that holds a password.
    """
    parts = _split(url, name)
    if parts.scheme not in PORTS or not parts.netloc:
        raise FetchError(f"{name}: is no web address; give one that begins with https://")
    if "@" in parts.netloc:
        way_out = by_hand or "give it without"
        raise FetchError(f"{name}: holds a name or password, which an address must not; {way_out}")
    host = _read_host(parts.hostname or "", bracketed="[" in parts.netloc)
    if not host:
        raise FetchError(f"{name}: is no web address; check how it is written")
    port = PORTS[parts.scheme] if parts.port is None else parts.port
    if port in BAD_PORTS:
        raise FetchError(f"{name}: its port {port} is not one of the web; check how it is written")
    if is_link_local(host):
        raise FetchError(link_local_complaint(name))
    private = allows_private()
    if is_barred(host, allow_private=private) or (not private and _is_local(host)):
        raise FetchError(private_complaint(name))
    query = f"?{_escape(parts.query)}" if parts.query else ""
    return Place(parts.scheme, host, port, (_escape(parts.path) or "/") + query)


def shown_url(url: str) -> str:
    """Return *url* as a message may show it: without a name, password and key, in one printable line."""
    scheme, slashes, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    if not re.fullmatch(r"[^:]*(:\d*)?|[^@]*@.*|\[.*", host):  # a password with a slash in it
        host, slash, path = rest.rpartition("@")[2], "", ""
    shown = scheme + slashes + host.rpartition("@")[2] + slash + hide_keys(path)
    return shown if shown.isprintable() else ascii(shown)[1:-1]


def hide_keys(text: str) -> str:
    """Return *text* with an ellipsis for each key in the addresses that it may hold."""
    return _SECRET.sub(r"\1…", text)


def public_url(url: str) -> str:
    """Return *url* without parameters that hold a key: as others may have it."""
    head, sign, rest = url.partition("?")
    query, fragment_sign, fragment = rest.partition("#")
    kept = [part for part in query.split("&") if not _SECRET.match(f"?{part}")]
    return head + ("?" if sign and any(kept) else "") + "&".join(kept) + fragment_sign + fragment


def _split(url: str, name: str) -> SplitResult:
    broken = len(url) > LONGEST_URL or any(unicodedata.category(sign) in ("Cc", "Cs") for sign in url)
    try:
        if broken:
            raise ValueError
        parts = urlsplit(url.strip())
        _ = parts.hostname, parts.port
    except ValueError:
        raise FetchError(f"{name}: is no web address; check how it is written") from None
    return parts


def _read_host(host: str, *, bracketed: bool) -> str:
    """Return *host* in ASCII; empty where it is none."""
    if bracketed:
        return str(_read_ip(host, ipaddress.IPv6Address) or "") if "%" not in host else ""
    if not host.isascii():
        host = _encode_host(host)
    if len(host.rstrip(".")) > LONGEST_HOST or not _HOST.fullmatch(host):
        return ""
    if _NUMBER.fullmatch(host):
        return str(_read_ip(host, ipaddress.IPv4Address) or "")
    return host


def _read_ip(
    host: str, kind: type[ipaddress.IPv4Address] | type[ipaddress.IPv6Address]
) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return kind(host)
    except ValueError:
        return None


def _encode_host(host: str) -> str:
    import idna

    try:
        return idna.encode(host[: LONGEST_HOST + 1], uts46=True, std3_rules=True).decode().lower()
    except (idna.IDNAError, UnicodeError, IndexError):
        return ""


def _is_local(host: str) -> bool:
    name = host.rstrip(".")
    return name == "localhost" or name.endswith(".localhost")


def _escape(part: str) -> str:
    return quote(part, safe=_UNESCAPED)
