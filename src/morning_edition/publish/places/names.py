"""What a file may be called at a target: the same names for a folder, a bucket and a server."""

import os

from morning_edition.errors import PublishError

LONGEST_BYTES = 1000
"""Of a whole path: Amazon's keys end at 1,024, with the prefix."""


def check_name(path: str) -> str:
    """Return *path* if it names a file inside the target, with slashes and nothing else to lead out of it.

    Raises `PublishError`.
    """
    parts = path.split("/")
    bad = any(part in ("", ".", "..") for part in parts) or not path.isprintable() or "\\" in path
    if bad or len(path.encode(errors="replace")) > LONGEST_BYTES:
        raise PublishError(f"{path!r} is no path inside the target; name files by plain relative paths")
    return path


def name_part(path: str) -> str:
    """Return where *path* is written before it takes its place: beside it, hidden, never twice the same."""
    folder, slash, name = path.rpartition("/")
    return f"{folder}{slash}.{name[:100]}.{os.urandom(8).hex()}.tmp"


def list_folders(path: str) -> list[str]:
    """Return the folders that *path* lies in, the outermost first: `a`, `a/b` for `a/b/c`."""
    parts = path.split("/")[:-1]
    return ["/".join(parts[: count + 1]) for count in range(len(parts))]
