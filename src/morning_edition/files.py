"""Files that are whole or not there at all."""

import contextlib
import hashlib
import os
from pathlib import Path


def write_whole(path: Path, content: bytes | str, *, durable: bool = True) -> None:
    """Put *content* at *path* in one step: a reader sees the old file or the new one, never a part.

    Text is written as UTF-8 with plain newlines. A *durable* file outlives a power cut; one that can be made
    again, or is flushed later with all around it, need not. Raises OSError; at *path* then stands what stood
    there, or the new file where only its flush failed.
    """
    payload = content.encode() if isinstance(content, str) else content
    path.parent.mkdir(parents=True, exist_ok=True)
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
