"""Where an article is given: a file, the standard input, or a web address; out come bounded bytes."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urldefrag

from morning_edition.articles.kinds import Kind, Origin, tell_kind
from morning_edition.errors import ArticleError
from morning_edition.patterns import compile_late

LARGEST_BYTES = 250_000
"""No article's text is larger; a book of 300 pages has about a quarter of this."""

LARGEST_PAGE_BYTES = 10_000_000
"""Pages, feeds and mails carry much beside their text."""

STANDARD_INPUT = "standard input"
_HEAD_BYTES = 20_000
_OTHER_SCHEME = compile_late(r"[A-Za-z][A-Za-z0-9+.-]{1,20}://[!-~]+")


@dataclass(frozen=True, slots=True)
class Given:
    """What a source holds."""

    origin: Origin
    raw: bytes
    url: str = ""
    """The address it was found at; empty for files."""
    entry: str = ""
    """What stands behind the `#`: the entry of a feed."""


def read_source(source: str, stdin: BinaryIO | None = None) -> Given:
    """Return what *source* holds: a file, `-` for the standard input (or *stdin*), or a web address.

    Raises ArticleError, whose message begins with the source's name.
    """
    if not source:
        raise ArticleError('no article is named: give a file, an address, or "-" for the standard input')
    if source == "-":
        return Given(Origin(STANDARD_INPUT), _read_pipe(stdin))
    if source.lower().startswith(("http://", "https://")):
        return read_address(source)
    if _OTHER_SCHEME.match(source):
        from morning_edition.fetching import shown_url

        raise ArticleError(
            f"{shown_url(source)}: is no address that can be read; give one that begins with https://"
        )
    path, entry = _part_entry(source)
    name = path if path.isprintable() else repr(path)
    return Given(Origin(name, path), _read_file(Path(path), name), entry=entry)


def read_address(source: str) -> Given:
    """Return what the web address *source* holds, without its fragment; raises ArticleError."""
    from morning_edition.articles.fetch import fetch, public_url, shown_url

    address, fragment = urldefrag(source)
    name = shown_url(address)
    page = fetch(address, name)
    origin = Origin(name, public_url(page.url), page.media_type, page.charset)
    return Given(origin, page.raw, public_url(page.url), unquote(fragment))


def _part_entry(source: str) -> tuple[str, str]:
    """Part a feed's file from the entry behind its `#`, unless a file has the whole as its name."""
    path, sign, entry = source.partition("#")
    try:
        whole = not sign or Path(source).exists() or not Path(path).is_file()
    except (OSError, ValueError):
        whole = True
    return (source, "") if whole else (path, entry)


def _read_file(path: Path, name: str) -> bytes:
    try:
        with path.open("rb") as file:
            return _read_bounded(file, Origin(name, str(path)))
    except (FileNotFoundError, NotADirectoryError):
        complaint = "there is no such file; check its name and folder"
    except IsADirectoryError:
        complaint = "is a folder; name a file in it"
    except PermissionError:  # on Windows, of a folder too
        folder = path.is_dir()
        complaint = "is a folder; name a file in it" if folder else "may not be read; change its permissions"
    except (OSError, ValueError) as error:
        complaint = f"cannot be read ({getattr(error, 'strerror', None) or error}); give another file"
    raise ArticleError(f"{name}: {complaint}")


def _read_pipe(stdin: BinaryIO | None) -> bytes:
    if stdin is None and sys.stdin is None:
        raise ArticleError(f"{STANDARD_INPUT}: is closed; give a file")
    pipe = sys.stdin.buffer if stdin is None else stdin
    try:
        return _read_bounded(pipe, Origin(STANDARD_INPUT))
    except OSError as error:
        raise ArticleError(f"{STANDARD_INPUT}: cannot be read ({error.strerror}); give a file") from error


def _read_bounded(file: BinaryIO, origin: Origin) -> bytes:
    """Read as much as an article's text may have, and more only of what carries much beside it."""
    raw = file.read(LARGEST_BYTES + 1)
    if len(raw) <= LARGEST_BYTES:
        return raw
    kind = tell_kind(raw[:_HEAD_BYTES].decode("utf-8", "replace"), origin)
    limit = LARGEST_BYTES
    if kind in {Kind.HTML, Kind.FEED, Kind.JSON_FEED, Kind.MAIL}:
        limit = LARGEST_PAGE_BYTES
        raw += file.read(limit + 1 - len(raw))
    if len(raw) > limit:
        raise ArticleError(
            f"{origin.name}: is larger than {limit:,} bytes, which no article is; give one article"
        )
    return raw
