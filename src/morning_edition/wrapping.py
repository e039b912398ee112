"""The master and all that goes with it: the content of an episode's folder."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from morning_edition.articles import Article
from morning_edition.episode import AUDIO_NAME, Episode, EpisodeFile
from morning_edition.files import sha256_of
from morning_edition.mix.timeline import Cue, Timeline
from morning_edition.outlets.chapters import render_chapters
from morning_edition.outlets.page import render_episode_page
from morning_edition.outlets.transcripts import render_json, render_srt, render_vtt
from morning_edition.shelf import Content
from morning_edition.station import Station
from morning_edition.tags import Tags, tag_mp3

if TYPE_CHECKING:
    from morning_edition.artwork import EpisodeCover


def draw_cover(station: Station, article: Article, date: dt.date) -> "EpisodeCover":
    """Draw the cover of an article's episode. Raises `StationError` for one of its own that is no good."""
    from morning_edition.artwork import draw_episode_cover

    edition = article.edition or station.outlet.edition
    return draw_episode_cover(station, edition=edition, date=date, headline=article.headline)


def render_companions(article: Article, script_md: str, timeline: Timeline) -> Content:
    """Write all that goes with the sound and needs nothing from it but its timeline."""
    return {
        "article.json": json.dumps(article.to_json(), ensure_ascii=False, indent=2) + "\n",
        "script.md": script_md,
        "chapters.json": render_chapters(article.headline, timeline.chapters),
        "transcript.vtt": render_vtt(timeline.cues),
        "transcript.srt": render_srt(timeline.cues),
        "transcript.json": render_json(timeline.cues),
    }


def wrap_episode(
    station: Station,
    draft: Episode,
    cues: Sequence[Cue],
    mp3: bytes,
    cover: "EpisodeCover",
    companions: Content,
) -> tuple[Episode, Content]:
    """Return the episode with its list of files, and the files themselves.

    The sound comes first in the folder, and the page, which shows the others, last.
    """
    content: dict[str, bytes | str] = {
        AUDIO_NAME: tag_mp3(mp3, make_tags(station, draft, cues, cover.small)),
        "cover.jpg": cover.large,
        **companions,
    }
    shown = replace(draft, files=list_files(content))
    content["index.html"] = render_episode_page(station, shown, cues)
    return replace(draft, files=list_files(content)), content


def list_files(content: Content) -> tuple[EpisodeFile, ...]:
    """Return name, size and checksum of each file."""
    payloads = {name: part.encode() if isinstance(part, str) else part for name, part in content.items()}
    return tuple(EpisodeFile(name, len(payload), sha256_of(payload)) for name, payload in payloads.items())


def make_tags(station: Station, episode: Episode, cues: Sequence[Cue], cover_jpeg: bytes) -> Tags:
    """Say in ID3's words what the episode is."""
    return Tags(
        title=episode.title,
        album=station.show.title,
        artist=episode.byline or episode.outlet,
        album_artist=station.show.title,
        published=episode.published,
        language=episode.language,
        comment=episode.summary,
        publisher=episode.outlet,
        copyright=station.copyright,
        source_url=episode.source_url,
        feed_url=station.feed_url,
        episode_guid=episode.guid,
        category=f"News/{station.show.category}",
        description=episode.summary,
        keywords=episode.keywords,
        duration_ms=episode.duration_ms,
        cover_jpeg=cover_jpeg,
        transcript="\n".join(cue.text for cue in cues),
        chapters=episode.chapters,
        chapter_url=episode.url(station),
    )
