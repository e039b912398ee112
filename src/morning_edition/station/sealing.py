"""The station's own files, sealed: what the disk has damaged is refused, and never published.

After each run that went well `.cache/station-files.json` notes size, time and SHA-256 of each file that it
was made of: settings, lexicon, templates, cover, jingles, trailer. Who edits a file gives it another time;
one whose content is another while size and time are as they were was changed by nobody.
"""

import contextlib
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from pathlib import Path

from morning_edition.errors import AudioError, StationError
from morning_edition.files import sha256_of, write_whole
from morning_edition.station.settings import Station
from morning_edition.station.toml import FILE_NAME

NOTE_NAME = "station-files.json"
LEXICON_NAME = "lexicon.toml"
FORMAT = 1
SETTLED_S = 2.0
"""A file that was changed less than that ago may change again without another time: FAT counts by 2 s."""
FIRST_TIME_S = 315_619_200.0
"""2 January 1980: archives that are to be the same each time give all their files an earlier one."""


@dataclass(frozen=True, slots=True)
class Seal:
    """What a file was when it was read."""

    size_bytes: int
    modified_ns: int
    """0 where that tells nothing: it was changed a moment ago, or has no time of its own."""
    sha256: str


def seal_files(station: Station, files: Iterable[Path], jingles: Iterable[Path] = ()) -> dict[Path, Seal]:
    """Read the station's *files* and *jingles*, which are there, and its settings and lexicon, if they are.

    Raises `AudioError` for a jingle, and `StationError` for any other, that has changed by itself.
    """
    noted = _load(station)
    own = [path for name in (FILE_NAME, LEXICON_NAME) if (path := station.root / name).is_file()]
    found = {}
    for path, error in [
        *((path, StationError) for path in (*own, *files)),
        *((path, AudioError) for path in jingles),
    ]:
        found[path] = seal = _seal(path)
        before = noted.get(_name(station, path), seal)
        same_look = (before.size_bytes, before.modified_ns) == (seal.size_bytes, seal.modified_ns)
        if same_look and before.sha256 != seal.sha256:
            raise error(
                f"{path}: damaged, its content has changed, and neither its size nor its time; put it back "
                "from a backup, or `touch` it if somebody meant the change"
            )
    return found


def note_seals(station: Station, seals: Mapping[Path, Seal]) -> None:
    """Note *seals* for the next run, if that can be done; those of files outside the station are left out."""
    named = {_name(station, path): seal for path, seal in seals.items()}
    current = {name: seal for name, seal in named.items() if name and seal.modified_ns}
    if current == _load(station):
        return
    record = {"format": FORMAT, "files": {name: astuple(seal) for name, seal in sorted(current.items())}}
    with contextlib.suppress(OSError):
        write_whole(
            station.cache_folder / NOTE_NAME,
            json.dumps(record | {"checksum": _sum(record)}, indent=1) + "\n",
            durable=False,
        )


def _seal(path: Path) -> Seal:
    state = path.stat()
    telling = FIRST_TIME_S < state.st_mtime < time.time() - SETTLED_S
    return Seal(state.st_size, state.st_mtime_ns if telling else 0, sha256_of(path.read_bytes()))


def _name(station: Station, path: Path) -> str:
    """Return what the note calls a file of the station; empty for one of somebody else's."""
    return path.relative_to(station.root).as_posix() if path.is_relative_to(station.root) else ""


def _load(station: Station) -> dict[str, Seal]:
    """Return what was noted; nothing where the note itself is damaged, or was never written."""
    try:
        record = json.loads((station.cache_folder / NOTE_NAME).read_bytes())
        if record.pop("checksum") != _sum(record) or record["format"] != FORMAT:
            return {}
        return {name: Seal(*seal) for name, seal in record["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _sum(record: Mapping[str, object]) -> str:
    return sha256_of(json.dumps(record, sort_keys=True))
