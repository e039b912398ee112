"""The podcast feed: station and episodes in, `podcast.xml` out.

Follows RSS 2.0 (https://www.rssboard.org/rss-specification), Apple's "A Podcaster's Guide to RSS"
(https://help.apple.com/itc/podcasts_connect/#/itcb54353390), the podcast namespace
(https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md), PSP-1
(https://github.com/Podcast-Standards-Project/PSP-1-Podcast-RSS-Specification) and Podlove Simple Chapters
1.2 (https://podlove.org/simple-chapters/), which some clients read instead of podcast:chapters.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import format_datetime

from markupsafe import Markup

from morning_edition.episode import AUDIO_NAME, Episode, make_show_guid, sort_episodes
from morning_edition.outlets.addresses import plain_address
from morning_edition.outlets.characters import barely_escaped, first_filled, plain, shorten
from morning_edition.outlets.typeset import LONGEST_VALUE, typeset
from morning_edition.station import Station

LONGEST_DESCRIPTION_BYTES = 4000
"""Apple, "A Podcaster's Guide to RSS", <description>."""

LONGEST_NAME = 128
"""Characters of a name in podcast:person; longer ones may be cut by whoever reads them."""

TRANSCRIPT_TYPES = {
    "transcript.vtt": "text/vtt",
    "transcript.srt": "application/x-subrip",
    "transcript.json": "application/json",
}


@dataclass(frozen=True, slots=True)
class Item:
    """An episode, with what the feed works out from it; addresses are empty for files that it lacks."""

    episode: Episode
    title: Markup
    brief_title: Markup
    summary: str
    description: Markup
    """The summary again, short enough."""
    author: Markup
    writer: Markup
    """Empty when the article did not name one."""
    published: str
    language: str
    seconds: int
    page: str
    source: str
    audio: str
    size_bytes: int
    cover: str
    chapters: str
    transcripts: tuple[tuple[str, str], ...]
    """Address and type of each."""


def render_feed(station: Station, episodes: Sequence[Episode]) -> str:
    """Write `podcast.xml`. Its date is the newest episode's, so that the same episodes give the same feed."""
    items = [_item(station, episode) for episode in sort_episodes(episodes)]
    return typeset(
        "podcast.xml.j2",
        station=station,
        show=station.show,
        guid=make_show_guid(station),
        published=items[0].published if items else "",
        explicit=str(station.show.explicit).lower(),
        items=items,
    )


def _item(station: Station, episode: Episode) -> Item:
    page = episode.url(station)
    urls = {file.name: page + file.name for file in episode.files}
    title = first_filled(episode.title, station.show.title)
    summary = first_filled(episode.summary, title)
    return Item(
        episode,
        title=plain(title),
        brief_title=plain(shorten(title, LONGEST_VALUE)),
        summary=summary,
        description=_description(summary),
        author=plain(
            shorten(first_filled(episode.byline, episode.outlet, station.outlet.name), LONGEST_VALUE)
        ),
        writer=plain(shorten(first_filled(episode.byline), LONGEST_NAME)),
        published=format_datetime(episode.published),
        language=episode.language or station.show.language,
        seconds=max(1, round(episode.duration_ms / 1000)),
        page=page,
        source=plain_address(episode.source_url),
        audio=urls[AUDIO_NAME],
        size_bytes=episode.audio.size_bytes,
        cover=urls.get("cover.jpg", ""),
        chapters=urls.get("chapters.json", ""),
        transcripts=tuple((urls[name], kind) for name, kind in TRANSCRIPT_TYPES.items() if name in urls),
    )


def _description(text: str) -> Markup:
    """Return *text* as HTML that fits into a description, escapes included."""
    while len((escaped := barely_escaped(text)).encode()) > LONGEST_DESCRIPTION_BYTES:
        text = shorten(text, len(text) * 9 // 10)
    return escaped
