"""Files that are whole or not there at all."""

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path


def write_whole(path: Path, content: bytes | str, *, durable: bool = True) -> None:
    """Put *content* at *path* in one step: a reader sees the old file or the new one, never a part.

    Text is written as UTF-8 with plain newlines. A *durable* file outlives a power cut; one that can be made
    again need not. Raises OSError; what stood at *path* then still stands.
    """
    payload = content.encode() if isinstance(content, str) else content
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(payload)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        Path(name).chmod(0o644)  # mkstemp makes files that a web server could not read
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def sha256_of(content: bytes | str) -> str:
    """Return the hexadecimal SHA-256 of *content* (text as UTF-8)."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()
