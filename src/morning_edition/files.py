"""Files that are whole or not there at all."""

import contextlib
import errno
import hashlib
import itertools
import os
from pathlib import Path

NO_ROOM = frozenset((errno.ENOSPC, errno.EDQUOT)) if hasattr(errno, "EDQUOT") else frozenset((errno.ENOSPC,))
"""What a system says where a disk, or what one may take of it, is full."""


def tell_trouble(error: OSError) -> str:
    """Return what a disk has refused, in the system's words; with a way out, where these do not tell one."""
    said = error.strerror or str(error)
    if error.errno in NO_ROOM:
        return f"{said}; make room on the disk"
    if error.errno == errno.EROFS:
        return f"{said}; have the disk mounted for writing"
    return said


def write_whole(path: Path, content: bytes | str, *, durable: bool = True) -> None:
    """Put *content* at *path* in one step: a reader sees the old file or the new one, never a part.

    Text is written as UTF-8 with plain newlines. A *durable* file outlives a power cut; one that can be made
    again, or is flushed later with all around it, need not. Raises OSError; at *path* then stands what stood
    there, or the new file where only its flush failed.
    """
    payload = content.encode() if isinstance(content, str) else content
    make_folder(path.parent, durable=durable)
    part = path.with_name(f".{path.name}.{os.urandom(8).hex()}.tmp")  # named before it is there to be left
    try:
        with part.open("xb") as file:
            file.write(payload)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        part.chmod(0o644)  # a web server must read it, whatever the umask of the one who produces
        part.replace(path)
        if durable:
            flush_folder(path.parent)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def make_folder(folder: Path, *, durable: bool = True) -> None:
    """Make *folder*, and those that it lies in, where they are not there. Raises OSError.

    What is *durable* is still there after a power cut.
    """
    upwards = (folder, *folder.parents)
    made = list(itertools.takewhile(lambda one: not one.exists(), upwards)) if durable else []
    folder.mkdir(parents=True, exist_ok=True)
    for one in made:
        flush_folder(one.parent)


def flush_file(path: Path) -> None:
    """Have a file outlive a power cut. Raises OSError."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def flush_folder(folder: Path) -> None:
    """Have what was renamed in *folder* outlive a power cut, where the system can do that. Raises OSError."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def sha256_of(content: bytes | str) -> str:
    """Return the hexadecimal SHA-256 of *content* (text as UTF-8)."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def sha256_of_file(path: Path) -> str:
    """Return the hexadecimal SHA-256 of a file, however long it is. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
