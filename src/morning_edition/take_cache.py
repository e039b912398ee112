"""Takes on disk, by content: speech in, the same speech out until other takes need the room more.

A file is a line with a mark and the checksum of all that follows, a line of JSON, and the samples as they
are: `AB/ABCDEF….take`. It appears in one step, and when it was last used is the time that it bears. So any
number of processes may share a folder without a lock: the worst that one can do to another is to have a line
spoken again. The folder may be deleted at any time.

The samples are not compressed. 60 takes of 4.5 s, 12 MB, are loaded and checked in 10 ms as they are; to
unpack them takes 50 ms more from zlib, for 22 % less on disk, and 90 ms more from FLAC, for half.
"""

import contextlib
import hashlib
import json
import os
import re
import time
from collections.abc import Iterable
from dataclasses import astuple
from pathlib import Path

from morning_edition.files import write_whole
from morning_edition.voices import Speech, Word

MARK = b"morning-edition take 2 "
"""What a file begins with; its number is raised when the form of the files changes."""
LARGEST_MB = 1000
"""Six hours at 22 kHz."""
LEFTOVER_S = 24 * 60 * 60
"""No writer takes that long: an unfinished file of this age was left by one that was killed."""

SUFFIX = ".take"
TAKE = re.compile(r"[0-9a-f]{64}\.take")
LEFTOVER = re.compile(r"\.[0-9a-f]{64}\.take\.[0-9a-f]+\.tmp")
SHELF = re.compile(r"[0-9a-f]{2}")


Found = tuple[os.DirEntry[str], os.stat_result]
"""A file of the cache: no more is made of each while they are only counted."""


class TakeCache:
    """Takes in *folder*, of *largest_mb* megabytes in all once it was swept.

    A key is the hexadecimal SHA-256 of all that decides how a take sounds. A file that is damaged, or of
    another make, counts as absent; a folder that cannot be read or written only slows. Nothing here raises.
    """

    def __init__(self, folder: Path, *, largest_mb: int = LARGEST_MB) -> None:
        self._folder = folder
        self._largest_bytes = largest_mb * 1_000_000
        self._used: set[str] = set()

    def load(self, key: str) -> Speech | None:
        """Return the take kept under *key*, which counts as used by this; None where none is whole."""
        path = self._path(key)
        try:
            content = path.read_bytes()
        except OSError:
            return None
        speech = _unseal(key, content)
        with contextlib.suppress(OSError):
            if speech is None:
                path.unlink()
            else:
                self._used.add(key)
                os.utime(path)
        return speech

    def store(self, key: str, speech: Speech) -> None:
        """Keep *speech* under *key*, if that can be done."""
        self._used.add(key)
        with contextlib.suppress(OSError):
            write_whole(self._path(key), _seal(key, speech), durable=False)

    def sweep(self) -> None:
        """Remove what was used longest ago, down to the bound, and what killed writers left.

        What this cache has loaded or stored goes last, and only if there is too much of that alone.
        """
        takes, leftovers = _survey(self._folder)
        for leftover in leftovers:
            _remove(leftover)
        excess = sum(found.st_size for _, found in takes) - self._largest_bytes
        if excess > 0:
            self._evict(takes, excess)

    def _evict(self, takes: Iterable[Found], excess: int) -> None:
        """Remove as many of *takes* as hold *excess* bytes."""

        def order(take: Found) -> tuple[bool, int]:
            file, found = take
            return file.name.removesuffix(SUFFIX) in self._used, found.st_mtime_ns

        for file, found in sorted(takes, key=order):
            if excess <= 0:
                return
            if _remove(file):
                excess -= found.st_size

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}{SUFFIX}"


def _seal(key: str, speech: Speech) -> bytes:
    """Return the content of the file that keeps *speech* under *key*."""
    record = {"sample_rate_hz": speech.sample_rate_hz, "words": [astuple(word) for word in speech.words]}
    head = json.dumps(record, default=int)  # an engine may count in numpy's numbers
    body = head.encode() + b"\n" + speech.pcm
    return b"".join((MARK, _checksum(key, body), b"\n", body))


def _unseal(key: str, content: bytes) -> Speech | None:
    """Return what `_seal` was given, or None when it did not write *content*, all of it, under *key*."""
    body = len(MARK) + 2 * hashlib.sha256().digest_size + 1
    if not content.startswith(MARK):
        return None
    if content[:body] != b"".join((MARK, _checksum(key, memoryview(content)[body:]), b"\n")):
        return None
    pcm = content.index(b"\n", body) + 1
    record = json.loads(content[body:pcm])
    return Speech(content[pcm:], record["sample_rate_hz"], tuple(Word(*word) for word in record["words"]))


def _checksum(key: str, body: bytes | memoryview) -> bytes:
    """Return what tells that *body* is whole and was made under *key*."""
    checksum = hashlib.sha256(key.encode())
    checksum.update(body)
    return checksum.hexdigest().encode()


def _survey(folder: Path) -> tuple[list[Found], list[os.DirEntry[str]]]:
    """Return the takes in *folder*, and the leftovers; what else lies there is somebody's own."""
    takes: list[Found] = []
    leftovers, oldest = [], time.time() - LEFTOVER_S
    for shelf in _scan(folder):
        for file in _scan(shelf) if SHELF.fullmatch(shelf.name) else ():
            with contextlib.suppress(OSError):  # another process was here first
                if TAKE.fullmatch(file.name):
                    takes.append((file, file.stat(follow_symlinks=False)))
                elif LEFTOVER.fullmatch(file.name) and file.stat(follow_symlinks=False).st_mtime < oldest:
                    leftovers.append(file)
    return takes, leftovers


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
