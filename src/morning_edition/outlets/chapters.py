"""Chapters as JSON, for players that fetch them beside the sound.

Follows JSON Chapters 1.2
(https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/chapters/jsonChapters.md).
"""

import json
from collections.abc import Sequence

from morning_edition.mix.timeline import Chapter
from morning_edition.outlets.characters import clean

VERSION = "1.2.0"


def render_chapters(episode_title: str, chapters: Sequence[Chapter]) -> str:
    """Write `chapters.json`."""
    record = {
        "version": VERSION,
        "title": clean(episode_title).strip(),
        "chapters": [
            {
                "startTime": chapter.start_ms / 1000,
                "endTime": chapter.end_ms / 1000,
                "title": clean(chapter.title).strip(),
            }
            for chapter in chapters
        ],
    }
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"
