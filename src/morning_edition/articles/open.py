"""An article's file, or what is piped in, to an `Article`: bounded, decoded, refused if it is no text."""

import re
import sys
from pathlib import Path
from typing import BinaryIO

from morning_edition.articles.article import Article
from morning_edition.articles.newsroom import read_newsroom_text
from morning_edition.errors import ArticleError

LARGEST_BYTES = 250_000
"""No article is larger; a book of 300 pages has about a quarter of this."""

STANDARD_INPUT = "standard input"

_SAVE = "save the article as plain text and give that"

_SIGNATURES = (
    (rb"%PDF-", "a PDF"),
    (rb"PK\x03\x04(?s:.{0,4000})word/", "a Word document"),
    (rb"PK\x03\x04(?s:.{26,60})mimetypeapplication/vnd\.oasis", "an OpenDocument file"),
    (rb"PK(?:\x03\x04|\x05\x06)", "a zip archive"),
    (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word document"),
    (rb"\{\\rtf", "an RTF document"),
    (rb"\s*<(?:!doctype\s+html|html)\b", "a web page"),
    (rb"\x89PNG\r\n", "a PNG picture"),
    (rb"\xff\xd8\xff", "a JPEG picture"),
    (rb"GIF8[79]a", "a GIF picture"),
    (rb"RIFF(?s:.{4})WAVE", "a WAV sound"),
    (rb"RIFF(?s:.{4})WEBP", "a WebP picture"),
    (rb"ID3[\x02-\x04]", "an MP3 sound"),
    (rb"OggS", "an Ogg sound"),
    (rb"fLaC", "a FLAC sound"),
    (rb"(?s:.{4})ftyp", "an MPEG-4 film or sound"),
    (rb"\x1f\x8b", "a gzip archive"),
    (rb"\x7fELF|MZ(?s:.{58,})PE\x00\x00", "a program"),
)
_KINDS = tuple((re.compile(pattern, re.IGNORECASE), kind) for pattern, kind in _SIGNATURES)

_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_CONTROL_BYTES = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b")) + b"\x7f"


def open_article(
    source: str, *, outlet: str = "", edition: str = "", stdin: BinaryIO | None = None
) -> Article:
    """Read the article in the file *source*, or what is piped in if that is `-`.

    *outlet* and *edition* are the station's own names, as `read_newsroom_text` takes them; *stdin* stands in
    for the standard input. Raises ArticleError, whose message begins with the source's name.
    """
    name = STANDARD_INPUT if source == "-" else source if source.isprintable() else repr(source)
    if not source:
        raise ArticleError('no article is named: give a file, or "-" for the standard input')
    if source.lower().startswith(("http://", "https://")):
        raise ArticleError(
            f"{name}: web addresses cannot be read yet; save the article's text to a file and give that"
        )
    raw = _read_pipe(stdin) if source == "-" else _read_file(Path(source), name)
    _refuse_unreadable(raw, name)
    text = _decode(raw, name)
    try:
        return read_newsroom_text(text, outlet=outlet, edition=edition)
    except ArticleError as error:
        raise ArticleError(f"{name}: {error}") from None


def _read_file(path: Path, name: str) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_BYTES + 1)
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
        return pipe.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise ArticleError(f"{STANDARD_INPUT}: cannot be read ({error.strerror}); give a file") from error


def _refuse_unreadable(raw: bytes, name: str) -> None:
    if len(raw) > LARGEST_BYTES:
        raise ArticleError(
            f"{name}: is larger than {LARGEST_BYTES:,} bytes, which no article is; give one article"
        )
    if not raw.strip():
        raise ArticleError(f"{name}: is empty; {_SAVE}")
    kind = next((kind for pattern, kind in _KINDS if pattern.match(raw)), "")
    if kind:
        raise ArticleError(f"{name}: is {kind}, not text; {_SAVE}")
    if _encoding(raw) not in {"utf-16", "utf-32"} and _is_binary(raw):
        raise ArticleError(f"{name}: is binary, not text; {_SAVE}")


def _is_binary(raw: bytes) -> bool:
    """Tell bytes that no text has: a NUL, or more stray control bytes than one in twenty."""
    controls = len(raw) - len(raw.translate(None, _CONTROL_BYTES))
    return b"\0" in raw or (controls > 3 and controls * 20 > len(raw))


def _encoding(raw: bytes) -> str:
    return next((encoding for mark, encoding in _BYTE_ORDER_MARKS if raw.startswith(mark)), "utf-8")


def _decode(raw: bytes, name: str) -> str:
    encoding = _encoding(raw)
    if encoding.startswith("utf-8"):
        lines = raw.removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True)
        return "".join(map(_decode_line, lines))
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        raise ArticleError(f"{name}: is damaged {encoding.upper()}; save it again as UTF-8") from None


def _decode_line(line: bytes) -> str:
    """Decode by lines: copy pasted into an old export is UTF-8 in one and Windows-1252 in the next."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")
