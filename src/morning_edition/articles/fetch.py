"""A web address to the bytes behind it: bounded in time and size, and never from inside the network.

Only http and https, no names or passwords in the address, few redirects, and no address that is not public:
that is asked of the machine really connected to, so that a name which points elsewhere a moment later gains
nothing. A newsroom whose own system is inside its network sets MORNING_EDITION_ALLOW_PRIVATE=1.
"""

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urljoin, urlsplit

from morning_edition import __version__
from morning_edition.articles.ip_addresses import is_private
from morning_edition.errors import ArticleError

if TYPE_CHECKING:
    import requests

LARGEST_BYTES = 10_000_000
CONNECT_S = 10.0
TOTAL_S = 30.0
MOST_REDIRECTS = 5

ALLOW_PRIVATE = "MORNING_EDITION_ALLOW_PRIVATE"
USER_AGENT = f"MorningEdition/{__version__}"

_PIECE_BYTES = 65_536
_ACCEPT = (
    "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/feed+json,*/*;q=0.5"
)
_TEXT_TYPES = ("text/", "application/xhtml", "application/xml", "application/rss", "application/atom")
_MORE_TEXT_TYPES = ("application/json", "application/feed+json", "message/rfc822", "application/octet-stream")
_BY_HAND = "open it in your browser, save the page and give that file"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a web address gave."""

    url: str
    """Where it was found, after redirects."""
    raw: bytes
    charset: str = ""
    """As the server said; mostly empty or right."""
    media_type: str = ""


def fetch(url: str, name: str) -> Fetched:
    """Return what *url* holds; *name* begins the message of every ArticleError."""
    import requests
    import urllib3

    from morning_edition.articles.guarded import PrivateAddressError, guarded_session

    until_s = time.monotonic() + TOTAL_S
    try:
        with guarded_session(until_s, allow_private=allows_private()) as session:
            return _follow(session, url, name, until_s)
    except PrivateAddressError:
        raise ArticleError(
            f"{name}: is inside a private network; set {ALLOW_PRIVATE}=1 if it is your own newsroom's"
        ) from None
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, UnicodeError) as error:
        raise ArticleError(f"{name}: {_complaint(error, until_s)}") from error


def allows_private() -> bool:
    """Tell whether the newsroom lets addresses of its own network be read."""
    return os.environ.get(ALLOW_PRIVATE, "") not in {"", "0"}


def check_url(url: str, name: str) -> SplitResult:
    """Return the parts of *url*; raises ArticleError for one that is not to be fetched."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ArticleError(f"{name}: is no web address; check how it is written") from None
    if parts.scheme.lower() not in {"http", "https"} or not host:
        raise ArticleError(f"{name}: is no web address; give one that begins with https://")
    if "@" in parts.netloc:
        raise ArticleError(
            f"{name}: holds a name or password, which an address must not; log in with your browser, "
            "save the page and give that file"
        )
    return parts


def shown_url(url: str) -> str:
    """Return *url* as a message may show it: without a name and password, in one printable line."""
    scheme, slashes, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    shown = scheme + slashes + host.rpartition("@")[2] + slash + path
    return shown if shown.isprintable() else ascii(shown)[1:-1]


def _follow(session: "requests.Session", url: str, name: str, until_s: float) -> Fetched:
    for _ in range(MOST_REDIRECTS + 1):
        host = check_url(url, name).hostname or ""
        if not allows_private() and (is_private(host) or host == "localhost" or host.endswith(".localhost")):
            raise ArticleError(
                f"{name}: is inside a private network; set {ALLOW_PRIVATE}=1 if it is your own newsroom's"
            )
        headers = {"User-Agent": USER_AGENT, "Accept": _ACCEPT, "Accept-Encoding": "gzip, deflate"}
        with session.get(
            url, headers=headers, stream=True, allow_redirects=False, timeout=(CONNECT_S, CONNECT_S)
        ) as answer:
            if not answer.is_redirect:
                return _read(answer, url, name, until_s)
            url = urljoin(url, answer.headers["location"])
    raise ArticleError(f"{name}: leads from page to page without end; {_BY_HAND}")


def _read(answer: "requests.Response", url: str, name: str, until_s: float) -> Fetched:
    if answer.status_code != 200:
        raise ArticleError(f"{name}: {_status_complaint(answer.status_code)}")
    content_type = answer.headers.get("content-type", "")
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type and not media_type.startswith(_TEXT_TYPES + _MORE_TEXT_TYPES) and "xml" not in media_type:
        shown = media_type if media_type.isprintable() and len(media_type) < 80 else "no text"
        raise ArticleError(f"{name}: is {shown}, not an article; give the address of the article's page")
    pieces, size = [], 0
    while piece := answer.raw.read1(_PIECE_BYTES, decode_content=True):
        pieces.append(piece)
        size += len(piece)
        if size > LARGEST_BYTES:
            raise ArticleError(f"{name}: is larger than {LARGEST_BYTES:,} bytes, which no article's page is")
        if time.monotonic() > until_s:
            raise ArticleError(f"{name}: took longer than {TOTAL_S:.0f} seconds; try again later")
    return Fetched(url, b"".join(pieces), _charset(content_type), media_type)


def _charset(content_type: str) -> str:
    for part in content_type.split(";")[1:]:
        key, _, value = part.partition("=")
        if key.strip().lower() == "charset":
            return value.strip(" \"'").lower()
    return ""


def _status_complaint(status: int) -> str:
    """Say what an HTTP *status* means for the producer."""
    if status in {401, 402, 403, 407, 451}:
        return f"is not shown to programs or strangers (HTTP {status}); {_BY_HAND}"
    if status in {404, 410}:
        return f"holds no page any more (HTTP {status}); check the address"
    if status == 429:
        return f"asks for fewer visits (HTTP 429); try again later, or {_BY_HAND}"
    if status >= 500:
        return f"has trouble of its own (HTTP {status}); try again later"
    return f"gave no page (HTTP {status}); {_BY_HAND}"


def _complaint(error: Exception, until_s: float) -> str:
    import requests
    import urllib3

    if time.monotonic() > until_s - 0.1:
        return f"took longer than {TOTAL_S:.0f} seconds; try again later"
    if isinstance(error, requests.exceptions.SSLError):
        return f"cannot prove that it is who it says (its certificate is not valid); {_BY_HAND}"
    if isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError):
        return f"did not answer within {CONNECT_S:.0f} seconds; try again later"
    if isinstance(
        error, requests.exceptions.InvalidURL | urllib3.exceptions.LocationParseError | UnicodeError
    ):
        return "is no web address; check how it is written"
    if isinstance(error, urllib3.exceptions.DecodeError | urllib3.exceptions.ProtocolError):
        return "sent a damaged page; try again"
    return "cannot be reached; check the address and your connection"
