"""Bytes to text: byte order marks, what the server or the page says, and the mixtures of old exports."""

import re

from morning_edition.errors import ArticleError
from morning_edition.patterns import compile_late

_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_DECLARED = compile_late(
    rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{2,40})|<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{2,40})""",
    re.IGNORECASE,
)
_DECLARATION_BYTES = 4096
_GUESS_BYTES = 50_000
FEWEST_FOREIGN_BYTES = 20
"""Fewer bytes beyond ASCII are too few to guess by, and mostly Western."""

_WIDE = {"utf-16", "utf-32"}


def marked_encoding(raw: bytes) -> str:
    """Return the encoding that a byte order mark names; UTF-8 without one."""
    return next((encoding for mark, encoding in _BYTE_ORDER_MARKS if raw.startswith(mark)), "utf-8")


def is_wide(raw: bytes) -> bool:
    """Tell text whose characters have two bytes or four, and so NULs among them."""
    return marked_encoding(raw) in _WIDE


def decode_text(raw: bytes, name: str) -> str:
    """Decode a newsroom's file; raises ArticleError, which *name* begins, for damaged UTF-16 and UTF-32."""
    encoding = marked_encoding(raw)
    if encoding in _WIDE:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            raise ArticleError(f"{name}: is damaged {encoding.upper()}; save it again as UTF-8") from None
    lines = raw.removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True)
    return "".join(map(_decode_line, lines))


def decode_page(raw: bytes, charset: str) -> str:
    """Decode a page or a feed: by its mark, then *charset* as the server said, its own word, or a guess.

    UTF-8 that is valid is taken as such whatever a page says, for no other encoding looks like it by chance.
    """
    marked = marked_encoding(raw)
    if marked != "utf-8":
        return raw.decode(marked, errors="replace")
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        broken_at = error.start
    found = _DECLARED.search(raw[:_DECLARATION_BYTES])
    declared = (found[1] or found[2]).decode("ascii", "replace") if found else ""
    for encoding in (charset, declared):
        if encoding and (text := _try(raw, encoding)) is not None:
            return text
    if charset in {"utf-8", "utf8"} or declared.lower() in {"utf-8", "utf8"}:
        return raw.decode(errors="replace")
    return _guess(raw, broken_at)


def _try(raw: bytes, encoding: str) -> str | None:
    """Decode as browsers do, to whom Latin-1 is Windows-1252; None where that fails."""
    plain = encoding.strip().lower()
    names = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252"}
    names |= {
        "gb2312": "gb18030",
        "gbk": "gb18030",
        "shift_jis": "cp932",
        "shift-jis": "cp932",
        "euc-kr": "cp949",
    }
    if plain.startswith(("utf", "idna", "punycode", "unicode", "raw", "undefined")):
        return None  # not encodings of pages, or tried before this
    try:
        return raw.decode(names.get(plain, plain), errors="replace" if plain in names else "strict")
    except (LookupError, ValueError):
        return None


def _guess(raw: bytes, broken_at: int) -> str:
    """Guess from what stands around the first byte that is not UTF-8."""
    from charset_normalizer import from_bytes

    start = max(0, broken_at - _GUESS_BYTES // 2)
    sample = raw[start : start + _GUESS_BYTES]
    if sum(byte > 127 for byte in sample) < FEWEST_FOREIGN_BYTES:
        return raw.decode("cp1252", errors="replace")
    best = from_bytes(sample).best()
    encoding = best.encoding if best else "cp1252"
    return raw.decode(encoding, errors="replace")


def _decode_line(line: bytes) -> str:
    """Decode by lines: copy pasted into an old export is UTF-8 in one and Windows-1252 in the next."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")
