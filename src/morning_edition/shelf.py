"""Episodes on disk: whole folders in, whole files replaced.

All files of an episode are on disk, in a folder beside, before the first is put in its place. A new episode's
folder then appears in one step. In one that stood before each file is replaced, the record last: whoever is
stopped in between leaves a folder that the next run mends.
"""

import contextlib
import errno
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from morning_edition.episode import RECORD_NAME, Episode
from morning_edition.errors import EpisodeError, ProofError
from morning_edition.files import write_whole
from morning_edition.proof import Proof
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
        write_whole(staged / RECORD_NAME, episode.to_json())
        for path in staged.iterdir():
            path.chmod(0o644)  # a web server must read it, whatever the umask of the one who produces
        staged.chmod(0o755)
        if folder.exists():
            _replace_files(folder, staged, [*(file.name for file in episode.files), RECORD_NAME])
        else:
            staged.replace(folder)
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
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(kept, ignore_errors=True)
        shutil.move(staged, kept)
    except OSError as error:
        raise ProofError(proof, kept, None, error.strerror or str(error)) from error
    raise ProofError(proof, kept, find_script(station, episode.slug))


def discard_refused(station: Station, slug: str) -> None:
    """Remove an edition that was refused: it is mended, or no longer wanted."""
    shutil.rmtree(refused_folder(station, slug), ignore_errors=True)


def _replace_files(folder: Path, staged: Path, files: Sequence[str]) -> None:
    for name in files:
        if (folder / name).is_dir():
            raise IsADirectoryError(errno.EISDIR, f"{name} is a folder there; remove it")
    for name in files:
        (staged / name).replace(folder / name)
    for path in folder.iterdir():
        if path.name not in files and path.is_file():
            path.unlink()
