"""What killed runs, and older versions of this program, have left on the disk."""

import contextlib
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from morning_edition.episode import RECORD_NAME, TOMBSTONE_NAME, Episode, EpisodeFile
from morning_edition.files import sha256_of_file
from morning_edition.former import LEFTOVER
from morning_edition.life.history import HISTORY_NAME
from morning_edition.proof.record import RECORD_NAME as PROOF_NAME
from morning_edition.records import COPIES_NAME
from morning_edition.standing import refused_folder
from morning_edition.station import Station
from morning_edition.station.site_names import SITE_NAMES

STAGED = re.compile(r"\.(.+)\.\d+\.tmp")
"""A folder in which an episode was being made."""
DATED = re.compile(r"\d{4}-\d\d-\d\d-.+")


def clear_leftovers(station: Station) -> None:
    """Remove what killed runs have left half done. The caller holds the station: nobody is at it.

    An edition that was about to be kept as refused, with what somebody has edited in it, is kept. What cannot
    be removed stays until the next time.
    """
    with contextlib.suppress(OSError):
        for path in list(station.episodes_folder.iterdir()):
            if path.is_symlink():
                continue  # what it leads to is somebody else's
            if (staged := STAGED.fullmatch(path.name)) and path.is_dir():
                _save_refused(station, path, staged[1])
                shutil.rmtree(path, ignore_errors=True)
            elif DATED.fullmatch(path.name) and path.is_dir():
                _clear_folder(path)
    _clear_refused(station)
    for path in _list_own(station):
        with contextlib.suppress(OSError):
            path.unlink()


def adopt_plain_files(station: Station, episode: Episode) -> None:
    """Give the files of an episode that an older version has made the names that feeds have for them now."""
    if not (episode.folder(station) / episode.audio.place).exists():
        link_plain_files(station, episode)


def link_plain_files(station: Station, episode: Episode) -> None:
    """Put each whole file that lacks its marked name there, too: old feeds and pages name the plain one."""
    folder = episode.folder(station)
    for file in episode.files:
        if file.place != file.name and not (folder / file.place).exists() and _is_whole(file, folder):
            with contextlib.suppress(OSError):
                _link(folder / file.name, folder / file.place)


def _is_whole(file: EpisodeFile, folder: Path) -> bool:
    path = folder / file.name
    try:
        return path.stat().st_size == file.size_bytes and sha256_of_file(path) == file.sha256
    except OSError:
        return False


def _link(plain: Path, marked: Path) -> None:
    try:
        os.link(plain, marked)
    except OSError:  # a disk without such links
        part = marked.with_name(f".{marked.name}.{os.urandom(8).hex()}.tmp")
        shutil.copyfile(plain, part)
        part.replace(marked)


def _save_refused(station: Station, staged: Path, slug: str) -> None:
    """Keep what was to take the place of an edition that was refused before, and is gone already."""
    kept = refused_folder(station, slug)
    if (kept / RECORD_NAME).exists() or not (staged / RECORD_NAME).exists() or _passes(staged):
        return
    with contextlib.suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(kept, ignore_errors=True)
        shutil.move(staged, kept)


def _clear_refused(station: Station) -> None:
    """Bring back a refused edition whose place nothing has taken; remove what was to be removed."""
    from morning_edition.shelf import FORMER, GONE

    folder = refused_folder(station, "")
    for path in folder.glob(f".*{FORMER}"):
        kept = path.with_name(path.name[1 : -len(FORMER)])
        with contextlib.suppress(OSError):
            if not kept.exists():
                path.replace(kept)
    for path in (*folder.glob(f".*{FORMER}"), *folder.glob(f".*{GONE}")):
        shutil.rmtree(path, ignore_errors=True)


def _passes(staged: Path) -> bool:
    from morning_edition.proof.record import parse_proof

    try:
        proof = parse_proof((staged / PROOF_NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return True
    return proof.passed or proof.forced


def _clear_folder(folder: Path) -> None:
    for path in list(folder.iterdir()):
        if LEFTOVER.fullmatch(path.name):
            path.unlink(missing_ok=True)
    if not any(folder.iterdir()):
        folder.rmdir()


def _list_own(station: Station) -> Iterator[Path]:
    """Yield the unfinished files at the station's root that only this program writes, while it is held."""
    own = (*SITE_NAMES, HISTORY_NAME, TOMBSTONE_NAME, ".lock.json")
    for name in own:
        yield from station.root.glob(f".{name}.{'[0-9a-f]' * 16}.tmp")
    for name in ("site.json", "agenda.json", "station-files.json", f"{COPIES_NAME}/*.json"):
        folder, _, name = name.rpartition("/")
        yield from (station.cache_folder / folder).glob(f".{name}.{'[0-9a-f]' * 16}.tmp")
