"""One request to the web and its answer, redirects followed one by one: each is looked at like the first."""

import http.client
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.cookiejar import CookieJar
from types import MappingProxyType
from urllib.parse import urldefrag, urljoin
from urllib.request import Request

import urllib3

from morning_edition import __version__
from morning_edition.errors import FetchError
from morning_edition.fetching.complaints import complain, complain_of_time
from morning_edition.fetching.line import CONNECT_S, READ_S, Line
from morning_edition.fetching.purpose import Purpose
from morning_edition.fetching.resolving import PrivateAddressError
from morning_edition.fetching.unpacking import ENCODINGS, DamagedError, TooLargeError, unpack
from morning_edition.fetching.web_addresses import Place, allows_private, check_url, private_complaint

USER_AGENT = f"MorningEdition/{__version__}"
MOST_REDIRECTS = 5
NO_HEADERS: Mapping[str, str] = MappingProxyType({})

_FOR_GOOD = {301, 308}
_REDIRECTS = {302, 303, 307} | _FOR_GOOD
_NETWORK_ERRORS = (
    *(urllib3.exceptions.HTTPError, http.client.HTTPException, OSError, UnicodeError),
    *(ValueError, DamagedError, TooLargeError),
)
"""ValueError is what http.client says of a header that cannot be sent."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answers; its body is read while the context of `ask` lasts."""

    url: str
    """Where it was found, after redirects."""
    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    permanent: bool
    """Whether there were redirects, and each of them for good."""
    body: urllib3.BaseHTTPResponse

    @property
    def media_type(self) -> str:
        """The type of its content, in lower case and without parameters; empty where no such is told."""
        told = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        return told if told.isprintable() else ""

    def read(self, largest_bytes: int) -> bytes:
        """Return its body, unpacked."""
        return unpack(self._read_piece, self.headers.get("content-encoding", ""), largest_bytes)

    def glimpse(self, size_bytes: int) -> bytes:
        """Return the beginning of its body as it was sent, so many bytes at most."""
        found = b""
        while len(found) < size_bytes and (piece := self._read_piece(size_bytes - len(found))):
            found += piece
        return found

    def _read_piece(self, size_bytes: int) -> bytes:
        return self.body.read1(size_bytes, decode_content=False)


@contextmanager
def ask(
    url: str,
    name: str,
    purpose: Purpose,
    *,
    method: str = "GET",
    headers: Mapping[str, str] = NO_HEADERS,
    content: bytes = b"",
) -> Iterator[Answer]:
    """Send a request to *url*; the context is its answer, whatever its status.

    GET and HEAD follow redirects, but from https never to plain http. *name* begins the message of every
    FetchError. What is read in the context is bounded in time, too.
    """
    asked = {"User-Agent": USER_AGENT, "Accept": purpose.accept, "Accept-Encoding": ENCODINGS, **headers}
    line = Line(time.monotonic() + purpose.total_s, allow_private=allows_private())
    try:
        with line:
            answer = _follow(line, url, name, purpose, method, asked, content)
            with closing(answer.body):
                yield answer
            if line.has_ended:
                raise FetchError(f"{name}: {complain_of_time(purpose)}")
    except PrivateAddressError:
        raise FetchError(private_complaint(name)) from None
    except _NETWORK_ERRORS as error:
        ended = line.has_ended and not isinstance(error, TooLargeError)
        said = complain_of_time(purpose) if ended else complain(error, purpose)
        raise FetchError(f"{name}: {said}") from error


def _follow(
    line: Line, url: str, name: str, purpose: Purpose, method: str, headers: Mapping[str, str], content: bytes
) -> Answer:
    cookies = CookieJar()
    permanent = False
    for count in range(MOST_REDIRECTS + 1):
        place = check_url(url, name, purpose.without_login)
        body = _send(line, place, name, method, headers, content, cookies)
        found = {key.lower(): value for key, value in body.headers.items()}
        follows = method in {"GET", "HEAD"} and body.status in _REDIRECTS and "location" in found
        if not follows:
            if line.has_ended:  # a head that was cut off looks whole
                body.close()
                raise TimeoutError
            return Answer(url, body.status, found, permanent, body)
        body.close()
        permanent = body.status in _FOR_GOOD and (permanent or count == 0)
        url = _find_next(url, found["location"])
        if place.scheme == "https" and url.lower().startswith("http:"):
            raise FetchError(
                f"{name}: leads from https to plain http, where anyone on the way can change it; "
                f"{purpose.by_hand}"
            )
    raise FetchError(f"{name}: leads from page to page without end; {purpose.by_hand}")


def _send(
    line: Line,
    place: Place,
    name: str,
    method: str,
    headers: Mapping[str, str],
    content: bytes,
    cookies: CookieJar,
) -> urllib3.BaseHTTPResponse:
    """Send one request; cookies live as long as the fetch, as some sites lead in circles without."""
    request = Request(place.url, headers=dict(headers))  # noqa: S310 - http and https only, as was checked
    cookies.add_cookie_header(request)
    cookie = request.get_header("Cookie")
    answer = line.open(place, name).urlopen(
        method,
        place.url,
        headers={**headers, **({"Cookie": cookie} if cookie else {})},
        body=content or None,
        redirect=False,
        retries=False,
        preload_content=False,
        decode_content=False,
        timeout=urllib3.Timeout(connect=CONNECT_S, read=READ_S),
    )
    cookies.extract_cookies(answer, request)  # type: ignore[arg-type]  # has what is asked of it
    return answer


def _find_next(url: str, location: str) -> str:
    """Return where a redirect leads; http.client reads as Latin-1 what servers may write in UTF-8."""
    with suppress(UnicodeError):
        location = location.encode("latin-1").decode()
    with suppress(ValueError):
        return urldefrag(urljoin(url, location.strip())).url
    return location  # which is no address, as will be found
