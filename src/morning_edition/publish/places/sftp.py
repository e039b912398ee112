"""SFTP: `sftp://user@host:port/folder`, through `paramiko`; a folder from `/`, or `/~/…` from one's home.

A file is written under a name beside it, measured, and renamed over its place by OpenSSH's
`posix-rename@openssh.com` (its PROTOCOL, section 4.3), which other servers have as well. `create` opens
with SSH_FXF_EXCL (draft-ietf-secsh-filexfer-02, section 6.3): only one of two can; for a moment, others may
find the file empty. Types and cache headers are for the web server to set. fsspec's own way there accepts any
server's key, so it is not used.
"""

import contextlib
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from morning_edition.errors import PublishError
from morning_edition.publish.places.address import parse_address
from morning_edition.publish.places.contents import PIECE_BYTES, measure_content, open_content, read_pieces
from morning_edition.publish.places.leftovers import is_leftover
from morning_edition.publish.places.names import check_name, list_folders, name_part
from morning_edition.publish.places.patience import CALL_S
from morning_edition.publish.places.ssh import open_ssh
from morning_edition.publish.places.troubles import explain_broken, explain_os_error, find_package
from morning_edition.publish.target import Stored

Result = TypeVar("Result")


class Sftp:
    """A target that is a folder of an SFTP server; it is made with the first file, where its parent is."""

    def __init__(self, address: str) -> None:
        """Take an *address*; the connection is made when it is needed. Raises `PublishError`."""
        self._address = parse_address(address)
        self.shown = self._address.shown
        if not self._address.host:
            raise PublishError("sftp://…: the address names no host; write it as sftp://user@host/folder")
        _check_package(self.shown)
        path = self._address.decoded_path
        self._base = (path.removeprefix("~").lstrip("/") or ".") if path.startswith("~") else f"/{path}"
        self._client: Any = None
        self._channel: Any = None
        self._swept: set[str] = set()

    def look(self, path: str) -> Stored | None:
        """Return its size; servers tell no checksum. Links are not followed."""
        return self._again(path, lambda: self._look(self._find(path)))

    def read(self, path: str) -> Iterator[bytes]:
        """Yield it in pieces."""
        stored = self.look(path)
        if stored is None:
            return
        with self._translated(path):
            try:
                file = self._connect().open(self._find(path), "rb")
            except FileNotFoundError:
                return
            with file:
                file.prefetch(stored.size_bytes)
                while piece := file.read(PIECE_BYTES):
                    yield piece

    def send(self, path: str, content: bytes | Path, *, media_type: str, cache_control: str) -> None:
        """Write a part beside it, and rename it over its place."""
        self._again(path, lambda: self._send(path, content))

    def create(self, path: str, content: bytes) -> bool:
        """Open it exclusively, and write it at one go."""
        place = self._find(path)
        with self._translated(path):
            self._make_folders(path)
            channel = self._connect()
            try:
                file = channel.open(place, "wbx")
            except OSError:
                if self._look(place) is None:
                    raise
                return False
            with file:
                file.write(content)
        return True

    def remove(self, path: str) -> None:
        """Remove it, and leave its folder."""
        place = self._find(path)

        def remove() -> None:
            with contextlib.suppress(FileNotFoundError):
                self._connect().remove(place)

        self._again(path, remove)

    def close(self) -> None:
        """End its connection."""
        client, self._client, self._channel = self._client, None, None
        if client:
            client.close()

    def __repr__(self) -> str:
        """Show where it is."""
        return f"Sftp({self.shown!r})"

    def _connect(self) -> Any:  # noqa: ANN401 - paramiko has no types
        """Return the way to the server's files, made when it is first needed."""
        if self._channel is None:
            self._client = open_ssh(self._address)
            self._channel = self._client.open_sftp()
            self._channel.get_channel().settimeout(CALL_S)
        return self._channel

    def _find(self, path: str) -> str:
        return f"{self._base.rstrip('/')}/{check_name(path)}"

    def _look(self, place: str) -> Stored | None:
        try:
            found = self._connect().lstat(place)
        except FileNotFoundError:
            return None
        if not stat.S_ISREG(found.st_mode or 0):
            raise PublishError(
                f"{self.shown}: {place} is a link or a folder, where a file belongs; remove it"
            )
        return Stored(int(found.st_size or 0))

    def _send(self, path: str, content: bytes | Path) -> None:
        place, part = self._find(path), self._find(name_part(path))
        self._look(place)
        self._make_folders(path)
        channel = self._connect()
        try:
            with open_content(content) as stream, channel.open(part, "wbx") as file:
                file.set_pipelined(True)
                for piece in read_pieces(stream):
                    file.write(piece)
            channel.chmod(part, 0o644)  # a web server must read it
            if channel.lstat(part).st_size != measure_content(content):
                raise PublishError(
                    f"{self.shown}/{path}: only a part of it has come; is the disk full there?"
                )
            _rename(channel, part, place)
        except BaseException:
            with contextlib.suppress(Exception):
                channel.remove(part)
            raise

    def _make_folders(self, path: str) -> None:
        """Make the folders that *path* lies in, and sweep the one it lies in, once for each."""
        channel = self._connect()
        folders = [self._base, *(self._find(folder) for folder in list_folders(path))]
        for folder in folders:
            if folder not in self._swept:
                with contextlib.suppress(OSError):  # it is there already
                    channel.mkdir(folder, 0o755)
                self._sweep(channel, folder)
                self._swept.add(folder)

    def _sweep(self, channel: Any, folder: str) -> None:  # noqa: ANN401
        """Remove the parts that killed publishers left. Raises OSError where *folder* is not there."""
        if stat.S_ISLNK(channel.lstat(folder).st_mode or 0) and folder != self._base:
            raise PublishError(f"{self.shown}: {folder} is a link, which is not followed; remove it")
        for entry in channel.listdir_attr(folder):
            if is_leftover(entry.filename, entry.st_mtime or 0):
                with contextlib.suppress(OSError):
                    channel.remove(f"{folder}/{entry.filename}")

    def _again(self, path: str, work: Callable[[], Result]) -> Result:
        """Do *work*; once more, over a new connection, where an old one turns out to be broken."""
        with self._translated(path):
            fresh = self._channel is None
            try:
                return work()
            except Exception as error:
                if fresh or not _is_broken(error):
                    raise
            self.close()
            return work()

    @contextlib.contextmanager
    def _translated(self, path: str) -> Iterator[None]:
        try:
            yield
        except PublishError:
            raise
        except Exception as error:
            if _is_broken(error):
                self.close()
            said = explain_broken(error) if _is_broken(error) else _explain(error)
            raise PublishError(f"{self.shown}/{path}: {said}") from None


def _rename(channel: Any, part: str, place: str) -> None:  # noqa: ANN401
    """Put *part* in the place of whatever stands at *place*. Raises OSError and `PublishError`."""
    try:
        channel.posix_rename(part, place)
    except OSError as error:
        if error.errno is not None or "upport" not in str(error):
            raise
        try:
            channel.rename(part, place)  # some replace what stands there without being asked
        except OSError:
            raise PublishError(
                f"{place}: the server cannot replace a file in one step (posix-rename@openssh.com); publish "
                "to one that can"
            ) from None


def _is_broken(error: BaseException) -> bool:
    """Tell whether *error* is of the connection, and not of a file."""
    kind = type(error).__name__
    return (
        isinstance(error, EOFError | TimeoutError | ConnectionError)
        or "SSH" in kind
        or (isinstance(error, OSError) and "closed" in str(error).lower())
    )


def _explain(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "its folder is not there; make it on the server, or check the address"
    if isinstance(error, OSError) and error.errno:
        return explain_os_error(error)
    return "the server refuses it (is the disk full, or the folder not yours?); see to it, and publish again"


def _check_package(shown: str) -> None:
    import importlib.util

    if importlib.util.find_spec("paramiko") is None:
        raise find_package(shown, "paramiko", "sftp")
