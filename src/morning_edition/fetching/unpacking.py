"""What a server sent, unpacked piece by piece: never more at once than is asked for.

Only gzip and deflate are understood, which are asked for (RFC 9110, section 8.4.1), and each by itself: gzip
inside gzip is how a few bytes become terabytes.
"""

import zlib
from collections.abc import Callable, Iterator

PIECE_BYTES = 65_536
_GZIP = 16 + zlib.MAX_WBITS
_ZLIB_METHOD = 8
ENCODINGS = "gzip, deflate"


class DamagedError(Exception):
    """What was sent is not what it says it is, or ends too early."""


class TooLargeError(Exception):
    """More was sent than there may be."""


def unpack(read: Callable[[int], bytes], encoding: str, largest_bytes: int) -> bytes:
    """Return all that *read* gives (a piece of up to so many bytes; nothing at the end), unpacked.

    *encoding* is the server's Content-Encoding. Raises DamagedError, TooLargeError.
    """
    pieces = _bound(iter(lambda: read(PIECE_BYTES), b""), largest_bytes)
    match encoding.strip().lower():
        case "" | "identity":
            return b"".join(pieces)
        case "gzip" | "x-gzip":
            return b"".join(_bound(_inflate(pieces, _GZIP), largest_bytes))
        case "deflate":
            return b"".join(_bound(_inflate(pieces, 0), largest_bytes))
    raise DamagedError


def _bound(pieces: Iterator[bytes], largest_bytes: int) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > largest_bytes:
            raise TooLargeError
        yield piece


def _inflate(pieces: Iterator[bytes], form: int) -> Iterator[bytes]:
    """Unpack gzip, of one member or several, or deflate, which some servers send without zlib's head."""
    packed = next(pieces, b"")
    if not packed:
        return  # nothing, as an answer without a body is
    bits = form or (zlib.MAX_WBITS if _has_zlib_head(packed) else -zlib.MAX_WBITS)
    unpacker = zlib.decompressobj(bits)
    try:
        while True:
            yield unpacker.decompress(packed, PIECE_BYTES)
            packed = unpacker.unconsumed_tail
            if unpacker.eof and unpacker.unused_data.startswith(b"\x1f\x8b") and form == _GZIP:
                packed, unpacker = unpacker.unused_data, zlib.decompressobj(bits)
            elif unpacker.eof:
                break
            packed = packed or next(pieces, b"")
            if not packed:
                yield unpacker.flush()
                break
    except zlib.error as error:
        raise DamagedError from error
    if not unpacker.eof:
        raise DamagedError
    for _ in pieces:  # what stands behind the end is nobody's, as browsers have it
        pass


def _has_zlib_head(packed: bytes) -> bool:
    """RFC 1950, section 2.2: the method, and a check of the first two bytes."""
    return packed[0] & 0x0F == _ZLIB_METHOD and int.from_bytes(packed[:2], "big") % 31 == 0
