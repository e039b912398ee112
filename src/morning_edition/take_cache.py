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
from dataclasses import astuple, dataclass
from pathlib import Path

from morning_edition.errors import AudioError
from morning_edition.files import write_whole
from morning_edition.sweeping import sweep_folder
from morning_edition.voices import Speech, Word

MARK = b"morning-edition take 2 "
"""What a file begins with; its number is raised when the form of the files changes."""
HEAD_BYTES = 4096
"""Of a file, read first: its lines of text end there, unless an engine tells of a hundred words."""
LARGEST_MB = 1000
"""Six hours at 22 kHz."""
SUFFIX = ".take"


@dataclass(frozen=True, slots=True)
class KeptTake:
    """A take that stands in a cache: what it is, while its samples are on disk alone."""

    path: Path
    key: str
    samples: int
    """How many it has."""
    sample_rate_hz: int
    words: tuple[Word, ...]
    checksum: str
    """Of all that it is."""

    @property
    def duration_ms(self) -> int:
        """How long the sound lasts."""
        return round(self.samples * 1000 / self.sample_rate_hz)

    def load(self) -> Speech:
        """Read it back. Raises `AudioError` when it was removed, or damaged, since it was found."""
        try:
            found = _unseal(self.path, self.key)
        except OSError as error:
            raise AudioError(
                f"{self.path}: cannot be read any more ({error.strerror}); run it again, and the line is "
                "spoken anew"
            ) from error
        if found and found[1] == self.checksum:  # another run may have spoken it anew, and otherwise
            return found[0]
        raise AudioError(f"{self.path}: is not what it was; run it again, and the line is spoken anew")


class TakeCache:
    """Takes in *folder*, of *largest_mb* megabytes in all once it was swept.

    A key is the hexadecimal SHA-256 of all that decides how a take sounds. A file that is damaged, or of
    another make, counts as absent; a folder that cannot be read or written only slows. Nothing here raises.
    """

    def __init__(self, folder: Path, *, largest_mb: int = LARGEST_MB) -> None:
        self._folder = folder
        self._largest_bytes = largest_mb * 1_000_000
        self._used: set[str] = set()
        self._checksums: dict[str, str] = {}
        self.damaged: list[Path] = []
        """What was to be loaded, and was not what had been stored; it is gone."""

    def load(self, key: str) -> Speech | None:
        """Return the take kept under *key*, which counts as used by this; None where none is whole."""
        path = self._path(key)
        try:
            found = _unseal(path, key)
        except OSError:
            return None
        with contextlib.suppress(OSError):
            if found is None:
                self.damaged.append(path)
                self._used.discard(key)
                path.unlink()
                return None
            self._used.add(key)
            self._checksums[key] = found[1]
            os.utime(path)
        return found[0] if found else None

    def store(self, key: str, speech: Speech) -> None:
        """Keep *speech* under *key*, if that can be done."""
        content, self._checksums[key] = _seal(key, speech)
        with contextlib.suppress(OSError):
            write_whole(self._path(key), content, durable=False)
            self._used.add(key)

    def find(self, key: str) -> KeptTake | None:
        """Return what is known of the take under *key*, which counts as used; None where none is whole."""
        speech = self.load(key)
        return self.describe(key, speech) if speech else None

    def checksum(self, key: str) -> str:
        """Return that of the take that was last loaded or stored under *key*, whether it could be or not."""
        return self._checksums[key]

    def describe(self, key: str, speech: Speech) -> KeptTake | None:
        """Return *speech*, which this cache has loaded or stored under *key*, without its samples.

        None where it could not be stored: the speech itself is then all that there is.
        """
        if key not in self._used:
            return None
        samples, checksum = len(speech.pcm) // 2, self._checksums[key]
        return KeptTake(self._path(key), key, samples, speech.sample_rate_hz, speech.words, checksum)

    def sweep(self, *, sparing: bool = False) -> None:
        """Remove what was used longest ago, down to the bound, and what killed writers left.

        What this cache has loaded or stored goes last, and only if there is too much of that alone; when
        *sparing*, it stays even then, for somebody may still want to read it back.
        """
        sweep_folder(self._folder, SUFFIX, self._largest_bytes, self._used, sparing=sparing)

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}{SUFFIX}"


def _seal(key: str, speech: Speech) -> tuple[bytes, str]:
    """Return the content of the file that keeps *speech* under *key*, and its checksum."""
    record = {"sample_rate_hz": speech.sample_rate_hz, "words": [astuple(word) for word in speech.words]}
    head = json.dumps(record, default=int).encode() + b"\n"  # an engine may count in numpy's numbers
    checksum = _checksum(key, head, speech.pcm)
    return b"".join((MARK, checksum, b"\n", head, speech.pcm)), checksum.decode()


def _unseal(path: Path, key: str) -> tuple[Speech, str] | None:
    """Return what `_seal` was given, and the checksum; None when it did not write all of it under *key*.

    The samples are read into place, since to copy them takes as long as to check them. Raises OSError.
    """
    body = len(MARK) + 2 * hashlib.sha256().digest_size + 1
    with path.open("rb", buffering=0) as file:
        head = file.read(HEAD_BYTES)
        while (pcm_at := head.find(b"\n", body) + 1) == 0:
            if not (head.startswith(MARK) and (more := file.read(HEAD_BYTES))):
                return None
            head += more
        file.seek(pcm_at)
        pcm = file.readall()
    checksum = _checksum(key, head[body:pcm_at], pcm)
    if head[:body] != b"".join((MARK, checksum, b"\n")):
        return None
    record = json.loads(head[body:pcm_at])
    words = tuple(Word(*word) for word in record["words"])
    return Speech(pcm, record["sample_rate_hz"], words), checksum.decode()


def _checksum(key: str, head: bytes, pcm: bytes) -> bytes:
    """Return what tells that a take is whole and was made under *key*."""
    checksum = hashlib.sha256(key.encode())
    checksum.update(head)
    checksum.update(pcm)
    return checksum.hexdigest().encode()
