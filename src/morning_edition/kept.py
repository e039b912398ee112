"""What can be made again, kept on disk by content until other things need the room more.

A file is a checksum of its key and of all that follows, and what was kept: `AB/ABCDEF….kept`. It appears in
one step, and when it was last used is the time that it bears. So any number of processes may share a folder
without a lock: the worst that one can do to another is to have something made again. The folder may be
deleted at any time.
"""

import contextlib
import hashlib
import os
import time
from pathlib import Path

from morning_edition.files import write_whole
from morning_edition.sweeping import sweep_folder

SUFFIX = ".kept"
STAMP_NAME = ".swept"
CHECKSUM_BYTES = hashlib.sha256().digest_size


class Kept:
    """Things in *folder*, of *largest_mb* megabytes in all once it was swept.

    A key is the hexadecimal SHA-256 of all that decides what the thing is. A file that is damaged counts as
    absent; a folder that cannot be read or written only slows. Nothing here raises.
    """

    def __init__(self, folder: Path, *, largest_mb: int) -> None:
        self._folder = folder
        self._largest_bytes = largest_mb * 1_000_000
        self._used: set[str] = set()

    def load(self, key: str) -> bytes | None:
        """Return what is kept under *key*, which counts as used by this; None where nothing whole is."""
        path = self._path(key)
        try:
            content = path.read_bytes()
        except OSError:
            return None
        payload = content[CHECKSUM_BYTES:]
        whole = _checksum(key, payload) == content[:CHECKSUM_BYTES]
        with contextlib.suppress(OSError):  # another process may have removed it meanwhile
            if whole:
                self._used.add(key)
                os.utime(path)
            else:
                path.unlink()
        return payload if whole else None

    def store(self, key: str, payload: bytes) -> None:
        """Keep *payload* under *key*, if that can be done."""
        self._used.add(key)
        with contextlib.suppress(OSError):
            write_whole(self._path(key), _checksum(key, payload) + payload, durable=False)

    def sweep(self, *, once_in_s: float = 0.0) -> None:
        """Remove what was used longest ago, down to the bound, and what killed writers left.

        What this run has loaded or stored goes last, and only if there is too much of that alone. Nothing is
        done when it was done less than *once_in_s* ago: to look at ten thousand files takes its time.
        """
        if once_in_s and self._was_swept(once_in_s):
            return
        sweep_folder(self._folder, SUFFIX, self._largest_bytes, self._used)

    def _was_swept(self, since_s: float) -> bool:
        """Tell whether that was done in the last seconds; if not, it is taken to be done now."""
        stamp = self._folder / STAMP_NAME
        with contextlib.suppress(OSError):
            if 0 <= time.time() - stamp.stat().st_mtime < since_s:
                return True
        with contextlib.suppress(OSError):
            stamp.touch()
        return False

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}{SUFFIX}"


def _checksum(key: str, payload: bytes) -> bytes:
    """Return what tells that *payload* is whole and was made under *key*."""
    checksum = hashlib.sha256(key.encode())
    checksum.update(payload)
    return checksum.digest()
