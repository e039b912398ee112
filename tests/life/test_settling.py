"""A station brought in order: cheap where nothing is due, and careful with what it removes."""

import dataclasses
import datetime as dt
import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from morning_edition.life.agenda import AGENDA_NAME
from morning_edition.proof import Finding
from morning_edition.proof.record import parse_proof, render_proof_json
from morning_edition.settling import settle_station
from morning_edition.site import publish_site

SLUG = "2026-03-06-tram-line-opens"
NOW = dt.datetime(2026, 3, 6, 12, 30, tzinfo=dt.UTC)
MADE_AGAIN = NOW + dt.timedelta(hours=1)
OVER = MADE_AGAIN + dt.timedelta(hours=24)
CHANGED = (
    "trams/ Harbour Post/ A. Diaz/ Morning Edition/ The tram opened at noon on Thursday.\n"
    "Tram Line Opens\nDeep Look\nIt runs to the hospital.\n"
)
HEX = "0123456789abcdef"


def fill(newsroom: Any, days: int) -> None:
    """Put *days* more episodes on the shelf, as records whose sound is the first one's."""
    (episode,) = newsroom.episodes
    for number in range(days):
        day = episode.date - dt.timedelta(days=number + 1)
        copy = dataclasses.replace(
            episode,
            slug=f"{day}-story",
            number=number + 2,
            date=day,
            published=episode.published - dt.timedelta(days=number + 1),
        )
        folder = copy.folder(newsroom.station)
        folder.mkdir()
        (folder / "episode.json").write_text(copy.to_json(), "utf-8")
        os.link(episode.folder(newsroom.station) / episode.audio.place, folder / episode.audio.place)


def test_where_nothing_is_due_it_costs_nothing(newsroom: Any) -> None:
    """However many episodes there are: after one look their records are not read again."""
    fill(newsroom, 200)
    newsroom.settle()
    station = newsroom.station
    began = time.perf_counter()
    for _ in range(50):
        settle_station(station, NOW)
    assert (time.perf_counter() - began) / 50 < 0.002


def test_an_episode_that_is_made_leaves_the_agenda_in_order(newsroom: Any) -> None:
    """The day's own episode does not have all others read again the next day."""
    newsroom.settle()
    newsroom.make(CHANGED, now=MADE_AGAIN)
    agenda = newsroom.root / ".cache" / AGENDA_NAME
    before = agenda.stat().st_mtime_ns
    newsroom.settle(MADE_AGAIN)

    assert agenda.stat().st_mtime_ns == before


def test_superseded_files_stay_their_time(newsroom: Any) -> None:
    """Apps that have read the feed before still find what it named; a day later it is gone."""
    (old,) = newsroom.episodes
    new = newsroom.make(CHANGED, now=MADE_AGAIN).episode
    folder: Path = newsroom.root / "audio" / SLUG
    newsroom.settle(OVER - dt.timedelta(seconds=1))
    assert (folder / old.audio.place).is_file()

    newsroom.settle(OVER)
    assert {path.name for path in folder.iterdir()} == {
        "episode.json",
        *(file.place for file in new.files),
    }


def test_superseded_files_stay_as_long_as_the_feed_names_them(newsroom: Any) -> None:
    """However long nobody publishes what took their place."""
    (old,) = newsroom.episodes
    newsroom.make(CHANGED, now=MADE_AGAIN, publish=False)
    sound = newsroom.root / "audio" / SLUG / old.audio.place
    newsroom.settle(OVER)
    assert old.audio.place in newsroom.feeds
    assert sound.is_file()

    publish_site(newsroom.station, newsroom.episodes, OVER)
    newsroom.settle(OVER + dt.timedelta(hours=1))
    assert not sound.exists()


def test_what_killed_runs_left_is_cleared(newsroom: Any) -> None:
    """Half-made folders and unfinished files; what people have put there stays."""
    audio = newsroom.root / "audio"
    staged = audio / ".2026-03-07-storm.4711.tmp"
    staged.mkdir()
    (staged / "episode.mp3").write_bytes(b"half")
    (audio / "2026-03-07-empty").mkdir()
    gone = [
        audio / SLUG / f".episode.json.{HEX}.tmp",
        newsroom.root / f".podcast.xml.{HEX}.tmp",
        newsroom.root / ".cache" / f".site.json.{HEX}.tmp",
    ]
    (audio / "jingles").mkdir()
    (audio / "2026-03-05-notes").mkdir()
    stays = [
        audio / "jingles" / "open.wav",
        audio / "2026-03-05-notes" / "notes.txt",
        newsroom.root / ".notes.tmp",
        newsroom.root / f".draft.txt.{HEX}.tmp",
        audio / SLUG / "picture.jpg",
    ]
    for path in (*gone, *stays):
        path.write_bytes(b"x")
    newsroom.settle(thorough=True)

    assert [path for path in (staged, audio / "2026-03-07-empty", *gone) if path.exists()] == []
    assert [path for path in stays if not path.exists()] == []


def test_what_was_being_put_aside_as_refused_is_not_lost(newsroom: Any) -> None:
    """A run that was killed when the old edition was gone already has left the only copy of the script."""
    staged = newsroom.root / "audio" / f".{SLUG}.4711.tmp"
    shutil.copytree(newsroom.root / "audio" / SLUG, staged)
    proof = parse_proof((staged / "proof.json").read_text("utf-8"))
    failed = dataclasses.replace(proof, findings=(Finding("dead air", "failure", "4 s of silence."),))
    (staged / "proof.json").write_text(render_proof_json(failed), "utf-8")
    (staged / "script.md").write_text("edited for an hour", "utf-8")
    newsroom.settle(thorough=True)

    kept = newsroom.root / ".cache" / "refused" / SLUG / "script.md"
    assert kept.read_text("utf-8") == "edited for an hour"
    assert not staged.exists()


@pytest.mark.parametrize("thorough", [False, True])
def test_an_older_version_s_files_get_the_names_that_feeds_have_now(thorough: bool, newsroom: Any) -> None:
    """Where they are whole; the plain names stay, for feeds and pages that name them still."""
    (episode,) = newsroom.episodes
    folder: Path = newsroom.root / "audio" / SLUG
    for file in episode.files:
        (folder / file.place).rename(folder / file.name)
    (folder / "transcript.vtt").write_text("WEBVTT\n\ndamaged", "utf-8")
    shutil.rmtree(newsroom.root / ".cache")
    newsroom.settle(thorough=thorough)

    missing = {file.name for file in episode.files if not (folder / file.place).exists()}
    assert missing == {"transcript.vtt"}
    assert (folder / "episode.mp3").read_bytes() == (folder / episode.audio.place).read_bytes()


@pytest.mark.parametrize("content", ["", "{", '{"format": 1}', "[]", '{"format": 1, "due": 7}'])
def test_a_damaged_agenda_is_made_anew(content: str, newsroom: Any) -> None:
    agenda = newsroom.root / ".cache" / AGENDA_NAME
    newsroom.settle()
    whole = agenda.read_bytes()
    agenda.write_text(content, "utf-8")
    newsroom.settle()

    assert agenda.read_bytes() == whole


def test_a_damaged_record_stops_nothing(newsroom: Any) -> None:
    """The rest is settled; what needs a feed waits until it is mended."""
    newsroom.make(CHANGED, now=MADE_AGAIN, expires=OVER)
    other = newsroom.root / "audio" / "2026-03-05-other"
    other.mkdir()
    (other / "episode.json").write_text("{}", "utf-8")
    assert newsroom.settle(OVER) == []
    shutil.rmtree(other)

    assert newsroom.settle(OVER) == [f"expired: {SLUG}"]


def test_an_empty_station_is_in_order(newsroom: Any, tmp_path: Path) -> None:
    empty = type(newsroom)(tmp_path / "empty")
    empty.root.mkdir()
    assert empty.settle(thorough=True) == []


def test_what_a_killed_run_had_no_time_to_note_is_noted(newsroom: Any) -> None:
    """An episode that stands is in the history; one that is older than the history is not."""
    newsroom.make(CHANGED, now=MADE_AGAIN)
    history = newsroom.root / "history.jsonl"
    first, second = history.read_bytes().splitlines(keepends=True)
    history.write_bytes(first.replace(b"2026-03-06T", b"2020-03-06T") + second[:40])
    newsroom.settle(MADE_AGAIN, thorough=True)
    newsroom.settle(MADE_AGAIN, thorough=True)
    *_, noted = newsroom.events

    assert [event.what for event in newsroom.events] == ["produced", "regenerated"]
    assert noted.facts["sha256"] == newsroom.episodes[0].audio.sha256
    assert noted.facts["noted"] == "later"


def test_a_damaged_tombstone_stops_nothing_that_mends_it(newsroom: Any) -> None:
    """What is due waits, so that the episode can be retracted again."""
    newsroom.retract()
    (newsroom.root / "audio" / SLUG / "withdrawn.json").write_text("{", "utf-8")
    assert newsroom.settle(OVER, thorough=True) == []
    newsroom.retract(SLUG)
    assert newsroom.settle(OVER, thorough=True) == []
