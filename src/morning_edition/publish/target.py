"""Where a site is sent: the one seam between what is sent in which order, and how a place takes it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Stored:
    """A file as the target has it."""

    size_bytes: int
    checksum: str = ""
    """`sha256:…` or `md5:…` in hexadecimal, as the target itself reckons it; empty where it tells none."""


class Target(Protocol):
    """**Protocol:** a folder somewhere. Paths are relative, with slashes; all raise `PublishError`.

    A file is there whole, or as it was before: nobody ever reads a part of it.
    """

    shown: str
    """Its address as messages may show it: no password, no key."""

    def look(self, path: str) -> Stored | None:
        """Return what stands at *path*; None for nothing."""

    def read(self, path: str) -> Iterator[bytes]:
        """Yield what stands at *path*, in pieces; nothing where nothing stands."""

    def send(self, path: str, content: bytes | Path, *, media_type: str, cache_control: str) -> None:
        """Put *content*, or that of a file, at *path* in one step, whatever stands there."""

    def create(self, path: str, content: bytes) -> bool:
        """Put *content* at *path* only where nothing stands; False where something does.

        No two contents may be alike. Some targets show the file empty for a moment.
        """

    def remove(self, path: str) -> None:
        """Remove what stands at *path*, if anything does."""

    def close(self) -> None:
        """End its connections."""
