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
from morning_edition.files import flush_file, flush_folder, make_folder, tell_trouble, write_whole
from morning_edition.proof import Proof
from morning_edition.records import keep_copy
from morning_edition.standing import find_script, find_standing, refused_folder
from morning_edition.station import Station

FORMER, GONE = ".former.tmp", ".gone.tmp"
"""What ends the names of refused editions that are about to be replaced, or removed."""

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
        raise EpisodeError(f"{folder}: cannot be written: {tell_trouble(error)}") from error


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
        raise EpisodeError(f"{staged}: cannot be written: {tell_trouble(error)}") from error
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
            places = [file.place for file in episode.files]
            _refuse_folders(folder, [*places, RECORD_NAME])
            _replace_files(folder, staged, [place for place in places if place not in STEADY_NAMES])
            _replace_files(folder, staged, [place for place in places if place in STEADY_NAMES])
            keep_copy(station, episode.slug, record)
            _replace_files(folder, staged, [RECORD_NAME])
        else:
            keep_copy(station, episode.slug, record)
            staged.replace(folder)
            flush_folder(folder.parent)
        discard_refused(station, episode.slug)
    except OSError as error:
        raise EpisodeError(f"{folder}: cannot be written: {tell_trouble(error)}") from error
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
        _take_place(staged, kept)
    except OSError as error:
        raise ProofError(proof, kept, None, tell_trouble(error)) from error
    raise ProofError(proof, kept, find_script(station, episode.slug))


def discard_refused(station: Station, slug: str) -> None:
    """Remove an edition that was refused: it is mended, or no longer wanted."""
    kept = refused_folder(station, slug)
    gone = kept.with_name(f".{slug}{GONE}")
    shutil.rmtree(gone, ignore_errors=True)
    with contextlib.suppress(OSError):  # in one step: half of it would be taken for the edition
        kept.replace(gone)
    shutil.rmtree(gone, ignore_errors=True)


def _mark_files(staged: Path, episode: Episode) -> None:
    """Give the files in *staged* the names that they have on the web."""
    for file in episode.files:
        if file.place != file.name:
            (staged / file.name).replace(staged / file.place)


def _take_place(staged: Path, kept: Path) -> None:
    """Put *staged* where *kept* was; until it is there, nothing of the former one is lost. Raises OSError."""
    make_folder(kept.parent)
    former = kept.with_name(f".{kept.name}{FORMER}")
    if kept.exists():
        shutil.rmtree(former, ignore_errors=True)
        kept.replace(former)
    try:
        shutil.move(staged, kept)
        flush_folder(kept.parent)
    except OSError:
        with contextlib.suppress(OSError):
            shutil.rmtree(kept, ignore_errors=True)
            former.replace(kept)
        raise
    shutil.rmtree(former, ignore_errors=True)


def _flush_files(staged: Path) -> None:
    """Have all that is in *staged* outlive a power cut, and a web server read it, whatever the umask."""
    for path in staged.iterdir():
        path.chmod(0o644)
        flush_file(path)
    flush_folder(staged)


def _refuse_folders(folder: Path, files: Sequence[str]) -> None:
    """See that no folder is where a file must go, before the first is replaced. Raises OSError."""
    for name in files:
        if (folder / name).is_dir():
            raise IsADirectoryError(errno.EISDIR, f"{name} is a folder there; remove it")


def _replace_files(folder: Path, staged: Path, files: Sequence[str]) -> None:
    """Put *files* into *folder*, there to outlive a power cut before anything else is done."""
    for name in files:
        (staged / name).replace(folder / name)
    flush_folder(folder)
