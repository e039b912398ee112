"""The sounds of an episode as podcast:alternateEnclosure tells them: files that a player may take instead.

Follows https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/tags/alternate-enclosure.md; the
checksums are written as Subresource Integrity asks (https://www.w3.org/TR/SRI/, section 3.1).
"""

import base64
from collections.abc import Iterator
from dataclasses import dataclass

from morning_edition.episode import AUDIO_NAME, FLASH_NAME, Episode, EpisodeFile
from morning_edition.outlets.media_types import media_type_of

SHA256_BYTES = 32


@dataclass(frozen=True, slots=True)
class Enclosure:
    """One sound that a player may take."""

    url: str
    type: str
    size_bytes: int
    bitrate: int
    """Bits a second on average, of all that is in the file; 0 where nobody knows how long it is."""
    title: str
    """At most 32 characters."""
    integrity: str
    """`sha256-…`, by which a player can tell that what it fetched is what was published; empty for a record
    that does not know."""
    codecs: str
    """RFC 6381; empty where the type says it all."""
    rel: str
    """What it holds in place of the programme; empty where it is the programme itself."""
    default: bool
    """Whether it is the item's enclosure."""


def list_enclosures(episode: Episode, page: str) -> tuple[Enclosure, ...]:
    """Return the sounds among the episode's files, the podcast's MP3 first; *page* is its folder's address.

    The MP3 is given again for its checksum, for which RSS has no place.
    """
    files = {file.name: file for file in episode.files}
    return tuple(_enclose(episode, page, files[name]) for name in _FORMS if name in files)


_FORMS = {
    AUDIO_NAME: ("MP3", "", ""),
    "episode.m4a": ("AAC", "mp4a.40.2", ""),
    "episode.opus": ("Opus", "opus", ""),
    FLASH_NAME: ("Flash briefing", "", "flash briefing"),
}
"""Title, codecs and rel of each."""


def _enclose(episode: Episode, page: str, file: EpisodeFile) -> Enclosure:
    title, codecs, rel = _FORMS[file.name]
    lengths_ms = [episode.duration_ms] if not rel else list(_lengths_ms(episode, file.name))
    return Enclosure(
        url=page + file.place,
        type=media_type_of(file.name),
        size_bytes=file.size_bytes,
        bitrate=round(file.size_bytes * 8000 / lengths_ms[0]) if lengths_ms and lengths_ms[0] else 0,
        title=title,
        integrity=write_integrity(file.sha256),
        codecs=codecs,
        rel=rel,
        default=file.name == AUDIO_NAME,
    )


def _lengths_ms(episode: Episode, name: str) -> Iterator[int]:
    return (item.duration_ms for item in episode.flash if item.file == name)


def write_integrity(sha256: str) -> str:
    """Return a checksum as podcast:integrity has it (W3C, "Subresource Integrity", section 3.1)."""
    try:
        digest = bytes.fromhex(sha256)
    except ValueError:
        return ""
    return "sha256-" + base64.b64encode(digest).decode() if len(digest) == SHA256_BYTES else ""
