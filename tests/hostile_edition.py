"""What an edition of hostile words looks like: wherever a text of somebody else's can stand, they stand.

All its pages and files are rendered from it, without any sound.
"""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hostile import legible

from morning_edition.articles.article import QuickLook
from morning_edition.episode import Correction, Episode, EpisodeFile, FlashItem
from morning_edition.mix.timeline import Chapter, Cue
from morning_edition.outlets.briefing import choose_items, render_briefing_json, render_briefing_rss
from morning_edition.outlets.chapters import render_chapters
from morning_edition.outlets.embed import render_embed
from morning_edition.outlets.episode_page import render_episode_page
from morning_edition.outlets.feed import render_feed
from morning_edition.outlets.json_feed import render_json_feed
from morning_edition.outlets.m3u import render_m3u
from morning_edition.outlets.oembed import render_oembed
from morning_edition.outlets.opml import render_opml
from morning_edition.outlets.show_page import render_show_page
from morning_edition.outlets.transcripts import render_html, render_json, render_srt, render_vtt
from morning_edition.proof import Finding, LeftOutFact, Proof
from morning_edition.proof.report import render_proof_html
from morning_edition.station import Outlet, Owner, Show, Station
from morning_edition.voices import Word
from morning_edition.wrapping import make_tags

PUBLISHED = dt.datetime(2026, 3, 6, 6, tzinfo=dt.timezone(dt.timedelta(hours=-5)))
NOW = PUBLISHED + dt.timedelta(hours=6)
PEAKS = tuple((place * 37 % 100) / 100 for place in range(400))


@dataclass(frozen=True)
class Edition:
    """All that the outlets are rendered from."""

    station: Station
    episode: Episode
    cues: tuple[Cue, ...]
    proof: Proof


def make_edition(words: str, address: str = "https://news.example/story") -> Edition:
    """Return an edition that says *words* wherever somebody else's text can stand."""
    name = words if legible(words) else "The Brief"  # settings must be filled
    station = Station(
        Path("/station"),
        show=Show(title=name, subtitle=words, description=name[:900], base_url="https://pod.example/brief/"),
        outlet=Outlet(name=name, url="https://news.example/", edition=name),
        owner=Owner(name=words),
    )
    chapters = (Chapter(words, 0, 20_000), Chapter(words, 20_000, 40_000), Chapter(words, 40_000, 60_000))
    episode = Episode(
        slug="2026-03-06-hostile",
        guid="00000000-0000-5000-8000-000000000001",
        number=1,
        title=words,
        date=PUBLISHED.date(),
        published=PUBLISHED,
        language="en-US",
        outlet=words,
        byline=words,
        edition=words,
        summary=words,
        keywords=(words, words),
        quick_looks=(QuickLook(words, words), QuickLook(words)),
        source_url=address,
        duration_ms=60_000,
        chapters=chapters,
        voices=(words,),
        loudness_lufs=-16.0,
        true_peak_dbtp=-1.5,
        recipe="0123456789abcdef",
        files=tuple(EpisodeFile(file, 700_000, "0" * 64) for file in FILE_NAMES),
        soundbites=(Chapter(words, 21_000, 25_000), Chapter(words, 26_000, 30_000)),
        flash=(FlashItem("uid-1", words, words, PUBLISHED, "flash.mp3", 30_000, -14.0, -2.5),),
        corrections=(Correction(PUBLISHED, words, words), Correction(NOW, words)),
        corrections_in="intro",
        stood_in=words,
    )
    return Edition(station, episode, _make_cues(words), _make_proof(words))


FILE_NAMES = (
    *("episode.mp3", "article.json", "chapters.json", "cover.jpg", "cover-small.jpg", "embed.html"),
    *("flash.mp3", "index.html", "oembed.json", "proof.html", "proof.json", "script.md"),
    *("transcript.html", "transcript.json", "transcript.srt", "transcript.vtt"),
)


def _make_cues(words: str) -> tuple[Cue, ...]:
    """Return a line of *words* for each role, heard one after the other, and each word of them."""
    roles = (
        ("anchor", "intro"),
        ("co_anchor", "quick_looks"),
        ("correspondent", "deep_look"),
        ("quote", "outro"),
    )
    cues = []
    for place, (role, segment) in enumerate(roles):
        start_ms = 1_000 + place * 14_000
        heard = words.split()
        step_ms = 12_000 / max(1, len(heard))
        times = [
            Word(word, round(start_ms + at * step_ms), round(start_ms + (at + 1) * step_ms))
            for at, word in enumerate(heard)
        ]
        cues.append(Cue(start_ms, start_ms + 12_000, words, role, segment, tuple(times)))
    return tuple(cues)


def _make_proof(words: str) -> Proof:
    finding = Finding("truth", "failure", words, row=19)
    fact = LeftOutFact("name", words, "deep-1-2", words)
    return Proof(words, words, (), (finding, dataclasses.replace(finding, check=words)), 12, (fact,), True)


def render_pages(edition: Edition) -> Mapping[str, str]:
    """Return every HTML page of an edition, by the name of its file."""
    station, episode, cues = edition.station, edition.episode, edition.cues
    return {
        "show.html": render_show_page(station, [episode]),
        "episode.html": render_episode_page(station, episode, cues, PEAKS),
        "embed.html": render_embed(station, episode, cues, PEAKS),
        "transcript.html": render_html(episode.title, episode.language, cues),
        "proof.html": render_proof_html(edition.proof),
    }


def render_files(edition: Edition) -> Mapping[str, str]:
    """Return every other text of an edition and of its site, by the name of its file."""
    station, episode, cues = edition.station, edition.episode, edition.cues
    items = choose_items(station, [episode], NOW).items
    return {
        "podcast.xml": render_feed(station, [episode]),
        "feed.json": render_json_feed(station, [episode]),
        "show.opml": render_opml(station),
        "playlist.m3u": render_m3u(station, [episode]),
        "flash-briefing.json": render_briefing_json(station, items),
        "flash-briefing.xml": render_briefing_rss(station, items),
        "oembed.json": render_oembed(station, episode),
        "chapters.json": render_chapters(episode.title, episode.chapters),
        "transcript.vtt": render_vtt(cues),
        "transcript.srt": render_srt(cues),
        "transcript.json": render_json(cues),
        "episode.json": episode.to_json(),
    }


def tag_edition(edition: Edition, cover_jpeg: bytes = b"") -> bytes:
    """Return the ID3 tag of the edition's MP3."""
    from morning_edition.tags import render_tag

    return render_tag(make_tags(edition.station, edition.episode, edition.cues, cover_jpeg))
