"""A folder of this machine, or of a disk that it has mounted: `/srv/www`, `file:///srv/www`.

Every file comes in one step, and outlives a power cut: a part beside it, fsync, rename, fsync of its folder.
No link inside the folder is followed, so nothing is read or written outside; the folder itself may be one.
Types and cache headers are for the web server to set.
"""

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from morning_edition.errors import PublishError
from morning_edition.files import sha256_of_file
from morning_edition.publish.places.contents import open_content, read_pieces
from morning_edition.publish.places.leftovers import is_leftover
from morning_edition.publish.places.names import check_name, list_folders, name_part
from morning_edition.publish.places.troubles import explain_os_error
from morning_edition.publish.target import Stored

LINKLESS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})
"""What disks without hard links (FAT, some network shares) answer."""


class Folder:
    """A target that is a folder; it is made with the first file, in a parent that is there."""

    def __init__(self, base: Path) -> None:
        """Take *base*, an absolute path. Raises `PublishError` where nothing can be put."""
        self.shown = str(base)
        self._base = base
        self._swept: set[Path] = set()
        with self._translated(base):
            if base.exists() and not base.is_dir():
                raise PublishError(f"{base} is not a folder; name a folder to publish to")
            if not base.exists() and not base.parent.is_dir():
                raise PublishError(
                    f"{base}: {base.parent} is not there; make it, or mount the disk that it is on"
                )

    def look(self, path: str) -> Stored | None:
        """Return its size and SHA-256; the whole file is read for it."""
        place = self._find(path)
        with self._translated(place), contextlib.suppress(FileNotFoundError):
            return Stored(place.stat().st_size, f"sha256:{sha256_of_file(place)}")
        return None

    def read(self, path: str) -> Iterator[bytes]:
        """Yield it in pieces."""
        place = self._find(path)
        with self._translated(place), contextlib.suppress(FileNotFoundError), place.open("rb") as file:
            yield from read_pieces(file)

    def send(self, path: str, content: bytes | Path, *, media_type: str, cache_control: str) -> None:
        """Write a part beside it, and let it take its place."""
        place = self._find(path)
        with open_content(content) as stream, self._written(place, stream) as part:
            part.replace(place)

    def create(self, path: str, content: bytes) -> bool:
        """Write a part, and link it to its place: the system refuses where something stands."""
        place = self._find(path)
        with open_content(content) as stream, self._written(place, stream) as part:
            return _link(part, place)

    def remove(self, path: str) -> None:
        """Remove it, and leave its folder."""
        place = self._find(path)
        with self._translated(place):
            place.unlink(missing_ok=True)
            _sync_folder(place.parent)

    def close(self) -> None:
        """Do nothing: no connection is kept."""

    def __repr__(self) -> str:
        """Show where it is."""
        return f"Folder({self.shown!r})"

    def _find(self, path: str) -> Path:
        """Return where *path* is on the disk; no link is on the way there. Raises `PublishError`."""
        check_name(path)
        if os.name == "nt" and ":" in path:  # another drive, or a hidden stream of a file
            raise PublishError(f"{path!r} is no name that Windows takes")
        place = self._base / path
        for step in (*(self._base / folder for folder in list_folders(path)), place):
            with self._translated(step):
                if step.is_symlink():
                    raise PublishError(f"{step} is a link, which is not followed; remove it")
        with self._translated(place):
            if place.is_dir():
                raise PublishError(f"{place} is a folder, where a file belongs; remove it")
        return place

    @contextlib.contextmanager
    def _written(self, place: Path, stream: BinaryIO) -> Iterator[Path]:
        """Give a part beside *place* with all that is in *stream*, then see to it that its place is kept."""
        part = place.with_name(name_part(place.name))
        with self._translated(place):
            self._make_folders(place.parent)
            self._sweep(place.parent)
            try:
                with part.open("xb") as file:
                    for piece in read_pieces(stream):
                        file.write(piece)
                    file.flush()
                    os.fsync(file.fileno())
                part.chmod(0o644)  # a web server must read it, whatever the umask of the one who publishes
                yield part
                _sync_folder(place.parent)
            finally:
                with contextlib.suppress(OSError):
                    part.unlink()

    def _make_folders(self, folder: Path) -> None:
        missing = []
        while not folder.exists() and folder != self._base.parent:
            missing.append(folder)
            folder = folder.parent
        for made in reversed(missing):
            with contextlib.suppress(FileExistsError):
                made.mkdir()
                made.chmod(0o755)
                _sync_folder(made.parent)

    def _sweep(self, folder: Path) -> None:
        """Remove the parts that killed publishers left, once for each folder."""
        if folder in self._swept:
            return
        self._swept.add(folder)
        for path in folder.glob(".*.tmp"):
            with contextlib.suppress(OSError):
                if is_leftover(path.name, path.lstat().st_mtime):
                    path.unlink()

    @contextlib.contextmanager
    def _translated(self, place: Path) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise PublishError(f"{place}: {explain_os_error(error)}") from error


def _link(part: Path, place: Path) -> bool:
    """Give *part* the name *place*, too; False where something stands. Raises OSError."""
    with contextlib.suppress(FileExistsError):
        try:
            os.link(part, place)
        except OSError as error:
            if error.errno not in LINKLESS:
                raise
            _copy_exclusively(part, place)
        return True
    return False


def _copy_exclusively(part: Path, place: Path) -> None:
    """Do the same on a disk without links: for a moment, others may find it empty."""
    with place.open("xb") as file:
        file.write(part.read_bytes())
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Have the disk keep the names in *folder*; where a system knows no such thing, it does so itself."""
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
