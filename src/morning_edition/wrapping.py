"""The master and all that goes with it: the content of an episode's folder."""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from morning_edition.articles import Article
from morning_edition.covers import Cover, find_episode_cover
from morning_edition.episode import AUDIO_NAME, Episode, EpisodeFile, FlashItem
from morning_edition.files import sha256_of_file, write_whole
from morning_edition.mix.timeline import Cue, Timeline
from morning_edition.outlets.addresses import plain_address
from morning_edition.outlets.chapters import render_chapters
from morning_edition.outlets.embed import EMBED_NAME, render_embed
from morning_edition.outlets.episode_page import render_episode_page
from morning_edition.outlets.oembed import OEMBED_NAME, render_oembed
from morning_edition.outlets.transcripts import render_html, render_json, render_srt, render_vtt
from morning_edition.proof import MasterFigures, Proof
from morning_edition.proof.record import RECORD_NAME, REPORT_NAME, render_proof_json
from morning_edition.proof.report import render_proof_html
from morning_edition.script.script import Script
from morning_edition.shelf import Content
from morning_edition.station import Station
from morning_edition.tags import Tags

PAGE_NAME = "index.html"


def draw_cover(station: Station, article: Article, date: dt.date) -> Cover:
    """Draw the cover of an article's episode. Raises `StationError` for one of its own that is no good."""
    edition = article.edition or station.outlet.edition
    return find_episode_cover(station, edition=edition, date=date, headline=article.headline)


def render_companions(
    article: Article, script: Script, script_md: str, timeline: Timeline, corrections: Sequence[str] = ()
) -> Content:
    """Write all that goes with the sound and needs nothing from it but its timeline.

    *corrections* are those that stand on the transcript's page, each in one line.
    """
    return {
        "article.json": json.dumps(article.to_json(), ensure_ascii=False, indent=2) + "\n",
        "script.md": script_md,
        "chapters.json": render_chapters(article.headline, timeline.chapters),
        "transcript.vtt": render_vtt(timeline.cues),
        "transcript.srt": render_srt(timeline.cues),
        "transcript.json": render_json(timeline.cues),
        "transcript.html": render_html(script.title, script.language, timeline.cues, corrections),
    }


def wrap_episode(
    station: Station,
    draft: Episode,
    cues: Sequence[Cue],
    staged: Path,
    content: Content,
    peaks: Sequence[float],
) -> Episode:
    """Put *content* beside the masters in *staged*; return the episode with its list of files.

    Nothing of it is flushed to the disk yet: `store_episode` does that with all of them.

    The podcast's master comes first in the list, and the page, which shows the others, last. *peaks* are
    amplitudes of its sound from 0 to 1, in order.
    """
    for name, part in content.items():
        write_whole(staged / name, part, durable=False)
    sounds = [path.name for path in staged.iterdir() if path.name not in content]
    masters = sorted(sounds, key=lambda name: (name != AUDIO_NAME, name))
    shown = replace(draft, files=list_files(staged, [*masters, *content]))
    shown = _add(shown, staged, EMBED_NAME, render_embed(station, shown, cues, peaks))
    shown = _add(shown, staged, OEMBED_NAME, render_oembed(station, shown))
    return _add(shown, staged, PAGE_NAME, render_episode_page(station, shown, cues, peaks))


def _add(episode: Episode, staged: Path, name: str, content: str) -> Episode:
    write_whole(staged / name, content, durable=False)
    return replace(episode, files=(*episode.files, *list_files(staged, [name])))


def add_proof(episode: Episode, proof: Proof, staged: Path) -> Episode:
    """Put the proof beside the masters, and what it measured into the episode's record."""
    write_whole(staged / RECORD_NAME, render_proof_json(proof), durable=False)
    places = {file.name: file.place for file in episode.files}
    write_whole(staged / REPORT_NAME, render_proof_html(proof, places), durable=False)
    podcast = proof.masters[0]
    return replace(
        episode,
        loudness_lufs=round(podcast.loudness_lufs, 2),
        true_peak_dbtp=round(podcast.true_peak_dbtp, 2),
        flash=tuple(_measure_item(item, proof.masters) for item in episode.flash),
        files=(*episode.files, *list_files(staged, [RECORD_NAME, REPORT_NAME])),
    )


def _measure_item(item: FlashItem, masters: Iterable[MasterFigures]) -> FlashItem:
    """Return *item* with what the proof measured on its MP3; one that is only text stays as it is."""
    for master in masters:
        if item.file == master.file:
            return replace(
                item,
                duration_ms=master.duration_ms,
                loudness_lufs=round(master.loudness_lufs, 2),
                true_peak_dbtp=round(master.true_peak_dbtp, 2),
            )
    return item


def list_files(folder: Path, names: Iterable[str]) -> tuple[EpisodeFile, ...]:
    """Return name, size and checksum of each file."""
    return tuple(
        EpisodeFile(name, (folder / name).stat().st_size, sha256_of_file(folder / name)) for name in names
    )


def make_tags(station: Station, episode: Episode, cues: Sequence[Cue], cover_jpeg: bytes) -> Tags:
    """Say in ID3's words what the episode is."""
    return Tags(
        title=episode.title,
        album=station.show.title,
        artist=episode.byline or episode.outlet,
        album_artist=station.show.title,
        published=episode.published,
        language=episode.language,
        comment="\n\n".join(filter(None, [episode.summary, station.voice_notice.text])),
        publisher=episode.outlet,
        copyright=station.copyright,
        source_url=plain_address(episode.source_url),
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


def make_flash_tags(station: Station, episode: Episode, title: str, duration_ms: int) -> Tags:
    """Say the little that a smart speaker's file needs; *title* is empty for the episode's own."""
    return Tags(
        title=title or episode.title,
        album=station.show.title,
        artist=episode.outlet,
        published=episode.published,
        language=episode.language,
        comment=station.voice_notice.text,
        publisher=episode.outlet,
        copyright=station.copyright,
        duration_ms=duration_ms,
    )
