"""What a source's bytes are: newsroom text, Markdown, a web page, a feed, a mail, or nothing to read.

Content is asked first; a file's extension or a server's media type only where the content could be either.
"""

import re
from dataclasses import dataclass
from enum import Enum
from pathlib import PurePath
from urllib.parse import urlsplit

from morning_edition.patterns import compile_late


class Kind(Enum):
    """The forms that an article comes in."""

    TEXT = "plain text"
    MARKDOWN = "Markdown"
    HTML = "a web page"
    FEED = "a feed"
    JSON_FEED = "a JSON feed"
    MAIL = "a mail"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where bytes came from, as far as that tells what they are."""

    name: str
    """How messages call it."""
    path: str = ""
    """The file's name, or the address."""
    media_type: str = ""
    charset: str = ""

    @property
    def extension(self) -> str:
        """The extension in small letters, with its dot."""
        path = urlsplit(self.path).path if self.media_type else self.path
        return PurePath(path).suffix.lower()


_UNREADABLE = (
    (rb"%PDF-", "a PDF"),
    (rb"PK\x03\x04(?s:.{0,4000})word/", "a Word document"),
    (rb"PK\x03\x04(?s:.{26,60})mimetypeapplication/vnd\.oasis", "an OpenDocument file"),
    (rb"PK(?:\x03\x04|\x05\x06)", "a zip archive"),
    (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word document"),
    (rb"\{\\rtf", "an RTF document"),
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
_UNREADABLE_KINDS = tuple((compile_late(pattern, re.IGNORECASE), kind) for pattern, kind in _UNREADABLE)
_HEAD_BYTES = 4096
_CONTROL_BYTES = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b")) + b"\x7f"

_PROLOGUE = compile_late(
    r"(?:\s|\ufeff|<\?xml[^>]{0,400}\?>|<\?xml-stylesheet[^>]{0,400}\?>|<!--.{0,2000}?-->)*+", re.DOTALL
)
_FEED = compile_late(r"<(?:rss|feed|rdf:RDF)\b|<!DOCTYPE\s+(?:rss|feed)\b", re.IGNORECASE)
_DOCTYPE = compile_late(r"<!DOCTYPE\b(?!\s+html)", re.IGNORECASE)
_HTML = compile_late(r"<(?:!doctype\s+html|html|head|body|main|article|meta|title)\b", re.IGNORECASE)
_TAG = compile_late(
    r"</?(?:p|div|h[1-6]|ul|ol|li|br|blockquote|section|span|a|strong|em|figure|table)\b[^<>]{0,500}>",
    re.IGNORECASE,
)
_JSON_FEED = compile_late(
    r'\s*\{.{0,3000}?"(?:version"\s*:\s*"https?:\\?/\\?/(?:www\.)?jsonfeed\.org|items"\s*:\s*\[)', re.DOTALL
)
_MAIL_FIELD = compile_late(r"(?:[A-Za-z][A-Za-z0-9-]{1,60}):[ \t]?\S?")
_MAIL_FIELDS = frozenset(
    """
    arc-seal authentication-results bcc cc content-type date delivered-to dkim-signature from in-reply-to
    list-id list-unsubscribe message-id mime-version received reply-to return-path sender subject to x-mailer
    x-originating-ip x-received
    """.split()
)
_MARKDOWN = compile_late(
    r"""
    ^\#{1,6}[ ]\S | ^(?:={3,}|-{3,})[ ]*$ | \[[^\]\n]{1,200}\]\([^)\s]{1,500}\) | ^!\[ | ^>[ ]
  | \*\*[^*\s][^*\n]{0,200}\*\* | ^```
    """,
    re.VERBOSE | re.MULTILINE,
)
_STRONG_MARKDOWN = compile_late(r"^#{1,6} \S|\[[^\]\n]{1,200}\]\(https?://[^)\s]{1,500}\)", re.MULTILINE)
_KEY = compile_late(r"[A-Za-z_][\w-]*\s*[:=]")
_MOST_FRONT_LINES = 80

_BY_EXTENSION = {
    ".md": Kind.MARKDOWN,
    ".markdown": Kind.MARKDOWN,
    ".mdown": Kind.MARKDOWN,
    ".mkd": Kind.MARKDOWN,
    ".html": Kind.HTML,
    ".htm": Kind.HTML,
    ".xhtml": Kind.HTML,
    ".eml": Kind.MAIL,
    ".rss": Kind.FEED,
    ".atom": Kind.FEED,
}
_BY_MEDIA_TYPE = {
    "text/html": Kind.HTML,
    "application/xhtml+xml": Kind.HTML,
    "text/markdown": Kind.MARKDOWN,
    "message/rfc822": Kind.MAIL,
}


def unreadable_kind(raw: bytes) -> str:
    """Name what *raw* is when it is something that holds no article's text; empty where it may be text."""
    head = raw[:_HEAD_BYTES]
    return next((kind for pattern, kind in _UNREADABLE_KINDS if pattern.match(head)), "")


def is_binary(raw: bytes) -> bool:
    """Tell bytes that no text has: a NUL, or more stray control bytes than one in twenty."""
    controls = len(raw) - len(raw.translate(None, _CONTROL_BYTES))
    return b"\0" in raw or (controls > 3 and controls * 20 > len(raw))


def tell_kind(text: str, origin: Origin) -> Kind:
    """Tell what *text* is; its first few thousand characters are enough."""
    head = text[:20_000]
    start = head[_PROLOGUE.match(head).end() :][:400]  # type: ignore[union-attr]
    if _FEED.match(start) or (_DOCTYPE.match(start) and _FEED.search(head)):
        return Kind.FEED
    if _HTML.match(start):
        return Kind.HTML
    if _JSON_FEED.match(head):
        return Kind.JSON_FEED
    if _is_mail(head):
        return Kind.MAIL
    named = _BY_MEDIA_TYPE.get(origin.media_type) or _BY_EXTENSION.get(origin.extension)
    if named in {Kind.HTML, Kind.MARKDOWN, Kind.MAIL}:
        return named
    if origin.extension in {".txt", ".text"}:
        return Kind.TEXT
    if start.startswith("<") and len(_TAG.findall(head)) > 2:
        return Kind.HTML
    return Kind.MARKDOWN if _is_markdown(head) else Kind.TEXT


def _is_mail(head: str) -> bool:
    """Tell a mail by its head: field after field, two at least that only mails have."""
    lines = head.splitlines()[:60]
    if lines and lines[0].startswith("From ") and "@" in lines[0]:
        lines = lines[1:]
    fields = set()
    addressed = False
    for line in lines:
        if not line.strip():
            break
        addressed = addressed or "@" in line
        if line[0] in " \t":
            continue
        if not _MAIL_FIELD.match(line):
            return False
        fields.add(line.partition(":")[0].lower())
    sent = fields & {"from", "subject", "mime-version", "received"}
    return addressed and len(fields & _MAIL_FIELDS) >= 2 and bool(sent)


def _is_markdown(head: str) -> bool:
    """Tell Markdown from newsroom text, which has dashes and stars of its own."""
    if _has_front_matter(head.splitlines()[:_MOST_FRONT_LINES]):
        return True
    signs = len(_MARKDOWN.findall(head))
    return signs > 1 and _STRONG_MARKDOWN.search(head) is not None


def _has_front_matter(lines: list[str]) -> bool:
    """Tell a text that begins with keys between two fences."""
    fence = lines[0].strip() if lines else ""
    if fence not in {"---", "+++"}:
        return False
    closed = any(line.strip() == fence for line in lines[1:])
    return closed and len(lines) > 1 and _KEY.match(lines[1]) is not None
