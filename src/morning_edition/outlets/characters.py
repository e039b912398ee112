"""Which characters may be published, and how much of a text that is too long."""

import html
import re

from markupsafe import Markup

from morning_edition.patterns import compile_late

LONGEST_VALUE = 255
"""Characters of any value of a feed but a description (Apple, "A Podcaster's Guide to RSS")."""

PLANES_WITH_NONCHARACTERS = range(1, 17)

_UNPUBLISHABLE = compile_late(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(rf"\U{plane:04x}fffe\U{plane:04x}ffff" for plane in PLANES_WITH_NONCHARACTERS)
    + "]"
)

_TAKEN_FOR_MARKUP = compile_late(r"&#?\w+;?|<(?=[A-Za-z/!?])|]]>")


def clean(text: str) -> str:
    """Remove what XML 1.0 (§2.2) forbids or discourages and HTML (§13.2.3.5) calls a parse error.

    These are control characters, lone surrogates and noncharacters; all else stays as it is.
    """
    # Nothing unpublishable is printable, and this question is answered ten times as fast as the pattern.
    return text if text.isprintable() else _UNPUBLISHABLE.sub("", text)


def plain(text: str) -> Markup:
    """Return *text* for a place between two tags, its quotation marks left alone.

    Some clients show or cut a title at every entity, and an apostrophe stands in most headlines.
    """
    return Markup(html.escape(clean(text), quote=False))  # noqa: S704 - escaped right here


def barely_escaped(text: str) -> Markup:
    """Return *text* for a CDATA section that some clients show as HTML and others as plain text.

    Only what HTML would take for a tag or a reference is escaped: nearly all of it reads right in both.
    """
    return Markup(_TAKEN_FOR_MARKUP.sub(_escape_what_html_reads, clean(text)))  # noqa: S704


def _escape_what_html_reads(found: re.Match[str]) -> str:
    is_name = found[0].startswith("&") and html.unescape(found[0]) == found[0]
    return found[0] if is_name else html.escape(found[0], quote=False)


def shorten(text: str, limit: int) -> str:
    """Return *text* trimmed and, beyond *limit* characters, cut with an ellipsis, if possible at a space."""
    text = text.strip()
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    words = cut.rpartition(" ")[0]
    return (words if len(words) > limit // 2 else cut).rstrip() + "…"


def first_filled(*texts: str) -> str:
    """Return the first of *texts* in which something is left to publish, trimmed; empty if there is none."""
    return next((kept for text in texts if (kept := clean(text).strip())), "")
