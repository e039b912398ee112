"""What is sent, bytes or a file, read in pieces: nothing long is ever whole in memory."""

import contextlib
import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from morning_edition.errors import PublishError

PIECE_BYTES = 256 * 1024


@contextlib.contextmanager
def open_content(content: bytes | Path) -> Iterator[BinaryIO]:
    """Give *content* as a stream of bytes. Raises `PublishError` for a file that cannot be opened."""
    if isinstance(content, bytes):
        yield io.BytesIO(content)
        return
    try:
        stream = content.open("rb")
    except OSError as error:
        raise PublishError(f"{content}: cannot be read: {error.strerror or error}") from error
    with stream:
        yield stream


def measure_content(content: bytes | Path) -> int:
    """Return its length in bytes. Raises `PublishError`."""
    if isinstance(content, bytes):
        return len(content)
    try:
        return content.stat().st_size
    except OSError as error:
        raise PublishError(f"{content}: cannot be read: {error.strerror or error}") from error


def md5_of(content: bytes | Path) -> bytes:
    """Return its MD5, which stores reckon to find what the line has damaged. Raises `PublishError`."""
    digest = hashlib.md5(usedforsecurity=False)
    with open_content(content) as stream:
        for piece in read_pieces(stream):
            digest.update(piece)
    return digest.digest()


def read_pieces(stream: BinaryIO) -> Iterator[bytes]:
    """Yield what is left in *stream*."""
    while piece := stream.read(PIECE_BYTES):
        yield piece
