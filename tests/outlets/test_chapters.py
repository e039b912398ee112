"""Chapters for players that fetch them beside the sound."""

import json

from morning_edition.episode import Episode
from morning_edition.mix.timeline import Chapter
from morning_edition.outlets.chapters import render_chapters


def test_chapters_are_told_in_seconds(episode: Episode) -> None:
    assert json.loads(render_chapters(episode.title, episode.chapters)) == {
        "version": "1.2.0",
        "title": episode.title,
        "chapters": [
            {"startTime": 0, "endTime": 12.345, "title": "Introduction"},
            {"startTime": 12.345, "endTime": 40, "title": "Quick Looks"},
            {"startTime": 40, "endTime": 62.53, "title": "Hama & after"},
        ],
    }


def test_an_episode_may_have_no_chapters() -> None:
    assert json.loads(render_chapters("Hama", []))["chapters"] == []


def test_any_words_can_be_stored(hostile: str) -> None:
    text = render_chapters(hostile, [Chapter(hostile, 0, 1000)])

    record = json.loads(text.encode())
    assert record["title"] == record["chapters"][0]["title"]
    assert not set(record["title"]) & set("\x00\x07\x1b\ud800\uffff")
