"""An episode's tags as text that any file can hold."""

from collections.abc import Iterator

from morning_edition.mix.timeline import Chapter
from morning_edition.tags import Tags, one_line


def named_chapters(tags: Tags) -> Iterator[tuple[str, Chapter]]:
    """Yield the chapters in the order that they are heard, each with the name that players show."""
    for chapter in sorted(tags.chapters, key=lambda chapter: chapter.start_ms):
        yield one_line(chapter.title) or one_line(tags.title), chapter


def clip_utf8(text: str, most_bytes: int) -> str:
    """Return as much of *text* as its UTF-8 has room in *most_bytes*, with no character cut in two."""
    return text.encode()[:most_bytes].decode(errors="ignore")
