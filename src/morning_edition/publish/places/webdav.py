"""WebDAV (RFC 4918): `webdavs://host/folder`, or `webdav://` without TLS.

A file is put under a name beside it, then moved to its place (section 9.9): `Overwrite: T` replaces what
stands there, `Overwrite: F` must be refused where something does (section 10.6). Nobody reads a part, but a
server may remove the old file before it moves the new one (section 9.9.3): for an instant, none is there.
Servers that look first and move then may let two pass, so `create` looks again after a moment.

User and password come from MORNING_EDITION_WEBDAV_USER and MORNING_EDITION_WEBDAV_PASSWORD. The type goes
with each file, but most servers tell their own by its name; cache headers are for the web server to set.
"""

import contextlib
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import requests

from morning_edition.errors import PublishError
from morning_edition.publish.places.address import parse_address
from morning_edition.publish.places.claims import has_won
from morning_edition.publish.places.contents import PIECE_BYTES, measure_content, open_content
from morning_edition.publish.places.names import check_name, list_folders, name_part
from morning_edition.publish.places.patience import CALL_S, CONNECT_S
from morning_edition.publish.places.troubles import explain_broken, explain_status
from morning_edition.publish.target import Stored

USER = "MORNING_EDITION_WEBDAV_USER"
PASSWORD = "MORNING_EDITION_WEBDAV_PASSWORD"  # noqa: S105 - the name of the variable
WAY_OUT = f"check {USER} and {PASSWORD} in the environment, and what that user may do there"
TRIES = 3
PAUSE_S = 0.5
BUSY = frozenset({429, 500, 502, 503, 504})
SETTLE_S = 0.5


class WebDav:
    """A target that is a folder of a WebDAV server; the folder must be there."""

    at_once = 4
    """How many threads may use it at the same time."""

    def __init__(self, address: str) -> None:
        """Take an *address*. Raises `PublishError`."""
        parsed = parse_address(address)
        if parsed.user or not parsed.host:
            raise PublishError(
                f"{parsed.scheme}://…: write the address as {parsed.scheme}://host/folder; user and password "
                f"come from {USER} and {PASSWORD}"
            )
        self.shown = parsed.shown
        scheme = "http" if parsed.scheme in ("webdav", "dav") else "https"
        self._url = f"{scheme}://{parsed.netloc}{quote(f'/{parsed.decoded_path}'.rstrip('/'))}"
        self._session = _open_session()
        self._made: set[str] = set()
        """The folders that are there, as this session knows."""

    def look(self, path: str) -> Stored | None:
        """Return its size; servers tell no checksum."""
        _check(path)
        with self._translated(path):
            head = self._ask("HEAD", path, missing_ok=True)
            if head is None:
                return None
            if "Content-Length" in head.headers:
                return Stored(int(head.headers["Content-Length"]))
            return Stored(sum(len(piece) for piece in self.read(path)))

    def read(self, path: str) -> Iterator[bytes]:
        """Yield it in pieces."""
        _check(path)
        with self._translated(path):
            answer = self._ask("GET", path, missing_ok=True, stream=True)
            if answer is not None:
                with answer:
                    yield from answer.iter_content(PIECE_BYTES)

    def send(self, path: str, content: bytes | Path, *, media_type: str, cache_control: str) -> None:
        """Put a part beside it, and move it to its place."""
        with self._translated(path), self._put(path, content, media_type) as part:
            self._move(part, path, overwrite=True)

    def create(self, path: str, content: bytes) -> bool:
        """Put a part, and move it to its place if nothing stands there.

        Two who create the same *content* at once may both be told that they won: let no two be alike.
        """
        with self._translated(path), self._put(path, content, "") as part:
            if not self._move(part, path, overwrite=False):
                return False
        return has_won(lambda: b"".join(self.read(path)), content, settle_s=SETTLE_S)

    def remove(self, path: str) -> None:
        """Remove it, and leave its folder."""
        _check(path)
        with self._translated(path):
            self._ask("DELETE", path, missing_ok=True)

    def close(self) -> None:
        """End its connections."""
        self._session.close()

    def __repr__(self) -> str:
        """Show where it is."""
        return f"WebDav({self.shown!r})"

    @contextlib.contextmanager
    def _put(self, path: str, content: bytes | Path, media_type: str) -> Iterator[str]:
        """Give a part with *content*, which is gone at the end."""
        _check(path)
        self._make_folders(path)
        part = name_part(path)
        try:
            headers = {"Content-Type": media_type or "application/octet-stream"}
            self._ask("PUT", part, content=content, headers=headers)
            self._check_length(part, measure_content(content))
            yield part
        except BaseException:
            with contextlib.suppress(Exception):
                self._ask("DELETE", part, missing_ok=True)
            raise

    def _check_length(self, part: str, size_bytes: int) -> None:
        """See that it came whole before it takes its place. Raises `PublishError`."""
        stored = self.look(part)
        if stored is None or stored.size_bytes != size_bytes:
            raise PublishError(f"{self.shown}/{part}: only a part of it has come; publish again")

    def _move(self, part: str, path: str, *, overwrite: bool) -> bool:
        """Give *part* the name *path*; False where something stands that is not to be overwritten."""
        headers = {"Destination": self._find(path), "Overwrite": "T" if overwrite else "F"}
        try:
            self._ask("MOVE", part, headers=headers)
        except requests.HTTPError as error:
            if error.response.status_code == 412 and not overwrite:
                self._ask("DELETE", part, missing_ok=True)
                return False
            raise
        return True

    def _make_folders(self, path: str) -> None:
        for folder in list_folders(path):
            if folder not in self._made and self._ask("HEAD", f"{folder}/", missing_ok=True) is None:
                try:
                    self._ask("MKCOL", f"{folder}/")
                except requests.HTTPError as error:
                    if error.response.status_code != 405:  # somebody else has made it
                        raise
            self._made.add(folder)

    def _find(self, path: str) -> str:
        return f"{self._url}/{quote(path)}"

    def _ask(
        self,
        method: str,
        path: str,
        *,
        content: bytes | Path = b"",
        headers: Mapping[str, str] | None = None,
        missing_ok: bool = False,
        stream: bool = False,
    ) -> requests.Response | None:
        """Ask, and again where the line broke or the server is busy. Raises what `requests` does."""
        for left in reversed(range(TRIES)):
            try:
                answer = self._ask_once(method, path, content, headers, stream=stream)
            except requests.ConnectionError:
                if not left or method == "MOVE":  # one that was done cannot be told from one that was not
                    raise
            else:
                if answer.status_code not in BUSY or not left:
                    break
            time.sleep(PAUSE_S * (TRIES - left))
        if answer.status_code < 300 and answer.status_code != 207:  # 207 tells of parts that were refused
            return answer
        answer.close()
        if answer.status_code != 404 or not missing_ok:
            raise requests.HTTPError(response=answer)
        return None

    def _ask_once(
        self,
        method: str,
        path: str,
        content: bytes | Path,
        headers: Mapping[str, str] | None,
        *,
        stream: bool,
    ) -> requests.Response:
        with open_content(content) as body:
            return self._session.request(
                method,
                self._find(path),
                data=body if measure_content(content) else None,  # an empty one would be sent in chunks
                headers=headers,
                stream=stream,
                allow_redirects=False,  # a PUT would become a GET, and the password go elsewhere
                timeout=(CONNECT_S, CALL_S),
            )

    def _is_there(self) -> bool:
        """Tell whether its folder is; in doubt it is."""
        with contextlib.suppress(requests.RequestException):
            return self._ask("HEAD", "", missing_ok=True) is not None
        return True

    @contextlib.contextmanager
    def _translated(self, path: str) -> Iterator[None]:
        try:
            yield
        except requests.HTTPError as error:
            status = error.response.status_code
            said = explain_status(status, WAY_OUT)
            if status == 409 and not self._is_there():
                said = f"there is no folder {self.shown} (status 409); make it there, and publish again"
            raise PublishError(f"{self.shown}/{path}: {said}") from None
        except (requests.RequestException, OSError, ValueError) as error:
            raise PublishError(f"{self.shown}/{path}: {explain_broken(error)}") from None


def _check(path: str) -> None:
    """Refuse what servers are known to cut from a Destination, and then move to another name."""
    if set(check_name(path)) & set("?#;"):
        raise PublishError(f"{path!r}: not every WebDAV server takes such a name; leave out ?, # and ;")


def _open_session() -> requests.Session:
    session = requests.Session()
    session.headers.update({"User-Agent": "morning-edition", "Accept-Encoding": "identity"})
    user = os.environ.get(USER, "")
    if user:
        session.auth = (user, os.environ.get(PASSWORD, ""))
    return session
