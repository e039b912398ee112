"""Any other address that fsspec knows: `ftp://user@host/folder`, `smb://…`, `memory://…`.

A file is written under a name beside it and then moved by that file system's own `mv`: one step where that is
a rename, as with FTP; a copy where it has no better, and then a reader may meet a part. `create` looks first
and again after a moment: only a race closer than that is lost. No types, no cache headers, no checksums:
whoever publishes reads back what was sent. Settings, and passwords, come from the environment by fsspec's own
names, `FSSPEC_FTP_PASSWORD` (its documentation, "Configuration"); how long is waited, from there as well.
"""

import contextlib
import ftplib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from morning_edition.errors import PublishError
from morning_edition.publish.places.address import parse_address
from morning_edition.publish.places.claims import has_won
from morning_edition.publish.places.contents import open_content, read_pieces
from morning_edition.publish.places.names import check_name, list_folders, name_part
from morning_edition.publish.places.troubles import explain_broken, find_package, hush
from morning_edition.publish.target import Stored

READ_ONLY = frozenset({"http", "https", "data", "github", "git", "zip", "tar", "libarchive", "reference"})
FTP_MISSING = "550"
WILD = frozenset("*?[]")
SMALL_BYTES = 4 * 1024 * 1024
"""What is read at once, and so is never of two states."""


class Generic:
    """A target that is whatever one of fsspec's file systems reaches."""

    def __init__(self, address: str) -> None:
        """Connect to *address*, as many of fsspec's file systems do at once. Raises `PublishError`."""
        parsed = parse_address(address)
        self.shown = parsed.shown
        if parsed.scheme in READ_ONLY:
            raise PublishError(
                f"{parsed.scheme}://…: cannot be published to; try webdavs://, sftp:// or s3://"
            )
        with self._translated(""):
            self._fs, base = _open_file_system(self.shown, address)
        self._base = base.rstrip("/")

    def look(self, path: str) -> Stored | None:
        """Return its size."""
        with self._translated(path):
            try:
                told = self._fs.info(self._find(path))
            except Exception as error:
                if not _is_missing(error):
                    raise
                return None
            if told.get("type") == "directory":
                raise PublishError(f"{self.shown}/{path} is a folder, where a file belongs; remove it")
            return Stored(int(told["size"] or 0))

    def read(self, path: str) -> Iterator[bytes]:
        """Yield it in pieces."""
        stored = self.look(path)
        with self._translated(path), contextlib.suppress(FileNotFoundError):
            if stored is None:
                return
            if stored.size_bytes <= SMALL_BYTES:
                yield self._fs.cat_file(self._find(path))
                return
            with self._fs.open(self._find(path), "rb") as file:
                yield from read_pieces(file)

    def send(self, path: str, content: bytes | Path, *, media_type: str, cache_control: str) -> None:
        """Write a part beside it, and move it to its place."""
        with self._translated(path), self._written(path, content) as part:
            self._fs.mv(part, self._find(path))

    def create(self, path: str, content: bytes) -> bool:
        """Do the same where nothing stands, and see a moment later whether it still does.

        Two who create the same *content* at once may both be told that they won: let no two be alike.
        """
        if self.look(path) is not None:
            return False
        self.send(path, content, media_type="", cache_control="")
        return has_won(lambda: b"".join(self.read(path)), content)

    def remove(self, path: str) -> None:
        """Remove it, and leave its folder."""
        with self._translated(path):
            try:
                self._fs.rm_file(self._find(path))
            except Exception as error:
                if not _is_missing(error):
                    raise

    def close(self) -> None:
        """Leave its connections to fsspec, which ends them with its file systems."""
        self._fs = None

    def __repr__(self) -> str:
        """Show where it is."""
        return f"Generic({self.shown!r})"

    def _find(self, path: str) -> str:
        if set(path) & WILD:
            raise PublishError(f"{path!r}: fsspec takes such a name for many; leave out *, ?, [ and ]")
        return f"{self._base}/{check_name(path)}"

    @contextlib.contextmanager
    def _written(self, path: str, content: bytes | Path) -> Iterator[str]:
        """Give a part with *content*, which is gone at the end."""
        part = self._find(name_part(check_name(path)))
        for folder in list_folders(path):
            self._fs.makedirs(f"{self._base}/{folder}", exist_ok=True)
        try:
            with open_content(content) as stream, self._fs.open(part, "wb") as file:
                for piece in read_pieces(stream):
                    file.write(piece)
            yield part
        except BaseException:
            with contextlib.suppress(Exception):
                self._fs.rm_file(part)
            raise

    @contextlib.contextmanager
    def _translated(self, path: str) -> Iterator[None]:
        place = f"{self.shown.rstrip('/')}/{path}" if path else self.shown
        try:
            yield
        except PublishError:
            raise
        except Exception as error:
            raise PublishError(f"{place}: {explain_broken(error)}") from None


def _is_missing(error: Exception) -> bool:
    """Tell whether *error* says that nothing stands there."""
    said = str(error).startswith(FTP_MISSING)
    return isinstance(error, FileNotFoundError) or (isinstance(error, ftplib.error_perm) and said)


def _open_file_system(shown: str, address: str) -> tuple[Any, str]:
    try:
        import fsspec
    except ImportError:
        raise find_package(shown, "fsspec", "fsspec") from None
    hush("fsspec")
    try:
        fs, base = fsspec.core.url_to_fs(address, skip_instance_cache=True, use_listings_cache=False)
    except ImportError as error:
        missing = error.__cause__ or error
        package = getattr(missing, "name", None) or "that fsspec names for it"
        raise PublishError(f"{shown}: the package {package} is missing; install it with pip") from None
    except ValueError:
        raise PublishError(
            f"{shown}: no kind of target; name a folder, or s3://, sftp://, webdavs://, gs://, az://, or "
            "another that fsspec knows"
        ) from None
    return fs, str(base)
