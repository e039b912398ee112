"""Files sent to a target, each seen to stand there as it should; and what is to go, removed.

What leads nowhere comes first, the feed last, and between one rank and the next nothing is under way.
"""

import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from morning_edition.errors import PublishError
from morning_edition.publish.inventory import PublicFile
from morning_edition.publish.lease import Lease
from morning_edition.publish.target import Stored, Target

SMALL_BYTES = 1024 * 1024
"""What is not larger is read once, and what was read is sent."""
PIECE_BYTES = 256 * 1024

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Checked:
    """A file's content, known to be what it should, and its checksums in hexadecimal."""

    content: bytes | Path
    sums: dict[str, str]


def send_files(
    target: Target, files: Sequence[PublicFile], lease: Lease, told: Callable[[PublicFile], None]
) -> None:
    """Send *files*, rank by rank; *told* hears of each that stands there as it should.

    Raises `PublishError` for the first that does not, or that is damaged on the disk; those of later ranks
    are then not sent.
    """

    def send(file: PublicFile) -> PublicFile:
        lease.cover(file.size_bytes)
        send_file(target, file)
        return file

    for _, rank in itertools.groupby(files, key=lambda file: file.rank):
        lease.check()
        for file in do_each(send, list(rank), at_once(target)):
            told(file)


def send_file(target: Target, file: PublicFile) -> None:
    """Send one file, and see that it stands there. Raises `PublishError`."""
    checked = check_file(file)
    target.send(file.path, checked.content, media_type=file.media_type, cache_control=file.cache_control)
    if not _matches(target, file, checked, target.look(file.path)):
        raise PublishError(f"{target.shown}: {file.path} did not arrive as it was sent; publish again")


def stands(target: Target, file: PublicFile) -> bool:
    """Tell whether *file* stands at the target as it should. Raises `PublishError`."""
    stored = target.look(file.path)
    if stored is None or stored.size_bytes != file.size_bytes:
        return False
    return _matches(target, file, check_file(file), stored)


def check_file(file: PublicFile) -> Checked:
    """Return what is in *file*; raises `PublishError` where that is not what it should be."""
    if file.content is None and file.source.is_symlink():
        raise PublishError(f"{file.source} is a link, and none is followed; {_way_out(file)}")
    try:
        if file.content is None and file.size_bytes > SMALL_BYTES:
            content: bytes | Path = file.source
            sums = _sum_pieces(_read_pieces(file.source))
        else:
            content = file.source.read_bytes() if file.content is None else file.content
            sums = _sum_pieces([content])
    except OSError as error:
        raise PublishError(
            f"{file.source}: cannot be read: {error.strerror or error}; {_way_out(file)}"
        ) from error
    if sums["sha256"] != file.sha256:
        raise PublishError(f"{file.source} is damaged: not what was recorded of it; {_way_out(file)}")
    return Checked(content, sums)


def remove_files(target: Target, paths: Sequence[str], lease: Lease) -> None:
    """Remove what stands at *paths*, and see that it is gone. Raises `PublishError`."""

    def remove(path: str) -> None:
        lease.cover(0)
        target.remove(path)
        if target.look(path) is not None:
            raise PublishError(f"{target.shown}: {path} is still there after its removal; publish again")

    lease.check()
    for _ in do_each(remove, paths, at_once(target)):
        pass


def at_once(target: Target) -> int:
    """Return how many threads may use *target* at the same time; one, where it does not say."""
    return int(getattr(target, "at_once", 1))


def do_each(work: Callable[[T], R], things: Sequence[T], most: int) -> Iterator[R]:
    """Yield what *work* gives for each of *things*, *most* at a time, in the order in which they end.

    Where one fails, none that was not begun is; those that were are waited for.
    """
    if most < 2 or len(things) < 2:
        yield from map(work, things)
        return
    pool = ThreadPoolExecutor(min(most, len(things)))
    try:
        for done in as_completed([pool.submit(work, thing) for thing in things]):
            yield done.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _matches(target: Target, file: PublicFile, checked: Checked, stored: Stored | None) -> bool:
    """Tell whether *stored* is *file*: by the target's own checksum, or else by what is read back from it."""
    if stored is None or stored.size_bytes != file.size_bytes:
        return False
    kind, _, told = stored.checksum.partition(":")
    if told and kind in checked.sums:
        return told.lower() == checked.sums[kind]
    return _sum_pieces(_cut(target.read(file.path), file.size_bytes))["sha256"] == file.sha256


def _cut(pieces: Iterable[bytes], size_bytes: int) -> Iterator[bytes]:
    """Yield *pieces* until they are longer than what is looked for."""
    for piece in pieces:
        yield piece
        size_bytes -= len(piece)
        if size_bytes < 0:
            return


def _sum_pieces(pieces: Iterable[bytes]) -> dict[str, str]:
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    for piece in pieces:
        sha256.update(piece)
        md5.update(piece)
    return {"sha256": sha256.hexdigest(), "md5": md5.hexdigest()}


def _read_pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            yield piece


def _way_out(file: PublicFile) -> str:
    folder, _, slug = file.path.rpartition("/")[0].partition("/")
    if folder == "audio" and slug:
        return f"`morning-edition regenerate {slug}` makes it anew"
    return "put it back, and publish again"
