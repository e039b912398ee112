"""What each kind of file of an episode is served as, told alike by feeds, pages and the server."""

import re

CHAPTERS_NAME = "chapters.json"
CHAPTERS_PLACE = re.compile(r"chapters(?:-[0-9a-f]{8})?\.json")
"""The same with the mark of its content."""
CHAPTERS_TYPE = "application/json+chapters"
"""Chapters for players (podcast namespace, <podcast:chapters>), apart from any other JSON."""

MEDIA_TYPES = {
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".opus": "audio/ogg",
    ".vtt": "text/vtt",
    ".srt": "application/x-subrip",
    ".json": "application/json",
    ".html": "text/html",
    ".jpg": "image/jpeg",
}
"""By a file's ending; Opus in Ogg is audio/ogg (RFC 7845, section 9)."""


def media_type_of(name: str) -> str:
    """Return the type of the file called *name*; empty for one of a kind that no episode has."""
    if CHAPTERS_PLACE.fullmatch(name):
        return CHAPTERS_TYPE
    return MEDIA_TYPES.get(name[name.rfind(".") :], "")
