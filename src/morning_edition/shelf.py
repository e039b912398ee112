"""Episodes on disk: whole folders in, whole files replaced.

All files of an episode are on disk, in a folder beside, before the first is put in its place. A new episode's
folder then appears in one step. In one that stood before, the files that feeds name are put beside the old
ones, under names of their content; then each of the others is replaced, the record last. Whoever is stopped
in between leaves a folder in which all that the feed names still stands, and that the next run mends.
"""

import contextlib
import errno
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from morning_edition.episode import RECORD_NAME, STEADY_NAMES, Episode, refuse_link
from morning_edition.errors import EpisodeError, ProofError
from morning_edition.files import flush_file, flush_folder, write_whole
from morning_edition.proof import Proof
from morning_edition.records import keep_copy
from morning_edition.standing import find_script, find_standing, refused_folder
from morning_edition.station import Station

Content = Mapping[str, bytes | str]
"""The files of one folder, by name."""


def prepare_shelf(station: Station) -> None:
    """See that episodes can be put on disk, before anybody works on one. Raises `EpisodeError`."""
    folder = station.episodes_folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, "you may not write there")
    except OSError as error:
        raise EpisodeError(f"{folder}: cannot be written: {error.strerror or error}") from error


@contextlib.contextmanager
def stage_episode(station: Station, slug: str) -> Iterator[Path]:
    """Give a folder beside the episodes to make one in; it is gone afterwards. Raises `EpisodeError`."""
    prepare_shelf(station)
    refuse_link(station.episodes_folder / slug)
    staged = station.episodes_folder / f".{slug}.{os.getpid()}.tmp"
    try:
        staged.mkdir(parents=True, exist_ok=True)
        yield staged
    except OSError as error:
        raise EpisodeError(f"{staged}: cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def store_episode(station: Station, episode: Episode, staged: Path) -> Path:
    """Put an episode on the shelf: the files in *staged*, and its record. Returns the folder.

    Raises `EpisodeError` when the disk refuses; what stood before then still stands.
    """
    folder = episode.folder(station)
    try:
        record = episode.to_json()
        write_whole(staged / RECORD_NAME, record)
        _mark_files(staged, episode)
        _flush_files(staged)
        staged.chmod(0o755)
        if folder.exists():
            places = sorted((file.place for file in episode.files), key=STEADY_NAMES.__contains__)
            _replace_files(folder, staged, places)
            keep_copy(station, episode.slug, record)
            _replace_files(folder, staged, [RECORD_NAME])
        else:
            keep_copy(station, episode.slug, record)
            staged.replace(folder)
            flush_folder(folder.parent)
        discard_refused(station, episode.slug)
    except OSError as error:
        raise EpisodeError(f"{folder}: cannot be written: {error.strerror or error}") from error
    return folder


def refuse_episode(station: Station, episode: Episode, proof: Proof, staged: Path) -> NoReturn:
    """Keep what the proof refuses where nobody publishes it, to be heard and mended. Raises `ProofError`.

    Where it cannot be kept, it is refused all the same.
    """
    kept = refused_folder(station, episode.slug)
    here = find_script(station, episode.slug).parent == kept
    try:
        # A script that a producer has edited where the episode stands is edited there, and not here.
        edited = episode.edited and (here or not find_standing(station, episode.slug))
        write_whole(staged / RECORD_NAME, replace(episode, edited=edited).to_json())
        _mark_files(staged, episode)
        _flush_files(staged)
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(kept, ignore_errors=True)
        shutil.move(staged, kept)
        flush_folder(kept.parent)
    except OSError as error:
        raise ProofError(proof, kept, None, error.strerror or str(error)) from error
    raise ProofError(proof, kept, find_script(station, episode.slug))


def discard_refused(station: Station, slug: str) -> None:
    """Remove an edition that was refused: it is mended, or no longer wanted."""
    shutil.rmtree(refused_folder(station, slug), ignore_errors=True)


def _mark_files(staged: Path, episode: Episode) -> None:
    """Give the files in *staged* the names that they have on the web."""
    for file in episode.files:
        if file.place != file.name:
            (staged / file.name).replace(staged / file.place)


def _flush_files(staged: Path) -> None:
    """Have all that is in *staged* outlive a power cut, and a web server read it, whatever the umask."""
    for path in staged.iterdir():
        path.chmod(0o644)
        flush_file(path)
    flush_folder(staged)


def _replace_files(folder: Path, staged: Path, files: Sequence[str]) -> None:
    for name in files:
        if (folder / name).is_dir():
            raise IsADirectoryError(errno.EISDIR, f"{name} is a folder there; remove it")
    for name in files:
        (staged / name).replace(folder / name)
    flush_folder(folder)
