"""Room in a folder of things kept by content: what was used longest ago goes first.

The folder holds files `AB/ABCDEF….suffix`, named by 64 hexadecimal digits; whatever else lies there is
somebody's own. Any number of processes may sweep it at the same time.
"""

import contextlib
import os
import re
import time
from collections.abc import Collection
from pathlib import Path

LEFTOVER_S = 24 * 60 * 60
"""No writer takes that long: an unfinished file of this age was left by one that was killed."""

Found = tuple[os.DirEntry[str], os.stat_result]
"""A file: no more is made of each while they are only counted."""


def sweep_folder(
    folder: Path, suffix: str, largest_bytes: int, used: Collection[str], *, sparing: bool = False
) -> None:
    """Remove files, down to *largest_bytes* in all, and what killed writers left. Nothing is raised.

    Those whose names are *used* go last, and only if there is too much of them alone; when *sparing*, they
    stay even then.
    """
    files, leftovers = _survey(folder, suffix)
    for leftover in leftovers:
        _remove(leftover)
    excess = sum(stat.st_size for _, stat in files) - largest_bytes

    def order(found: Found) -> tuple[bool, int]:
        file, stat = found
        return file.name.removesuffix(suffix) in used, stat.st_mtime_ns

    for file, stat in sorted(files, key=order) if excess > 0 else ():
        if excess <= 0 or (sparing and file.name.removesuffix(suffix) in used):
            return
        if _remove(file):
            excess -= stat.st_size


def _survey(folder: Path, suffix: str) -> tuple[list[Found], list[os.DirEntry[str]]]:
    """Return the files in *folder*, and the leftovers."""
    kept = re.compile(rf"[0-9a-f]{{64}}{re.escape(suffix)}")
    leftover = re.compile(rf"\.{kept.pattern}\.[0-9a-f]+\.tmp")
    files: list[Found] = []
    leftovers, oldest = [], time.time() - LEFTOVER_S
    for shelf in _scan(folder):
        for file in _scan(shelf) if re.fullmatch(r"[0-9a-f]{2}", shelf.name) else ():
            with contextlib.suppress(OSError):  # another process was here first
                if kept.fullmatch(file.name):
                    files.append((file, file.stat(follow_symlinks=False)))
                elif leftover.fullmatch(file.name) and file.stat(follow_symlinks=False).st_mtime < oldest:
                    leftovers.append(file)
    return files, leftovers


def _scan(folder: Path | os.DirEntry[str]) -> list[os.DirEntry[str]]:
    """Return what lies in *folder*; nothing when it is none, or cannot be read."""
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []


def _remove(file: os.DirEntry[str]) -> bool:
    """Remove a file; tell whether it is gone, by whomever."""
    try:
        Path(file.path).unlink(missing_ok=True)
    except OSError:
        return False
    return True
