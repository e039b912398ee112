"""The podcast feed: station and episodes in, `podcast.xml` out.

Follows RSS 2.0 (https://www.rssboard.org/rss-specification), Apple's "A Podcaster's Guide to RSS"
(https://help.apple.com/itc/podcasts_connect/#/itcb54353390), the podcast namespace, tag by tag
(https://github.com/Podcastindex-org/podcast-namespace/tree/main/docs/tags), PSP-1
(https://github.com/Podcast-Standards-Project/PSP-1-Podcast-RSS-Specification), WebSub (https://www.w3.org/TR/websub/)
and Podlove Simple Chapters 1.2 (https://podlove.org/simple-chapters/), which some clients read instead of
podcast:chapters.

Not in it, on purpose: itunes:subtitle, which Apple no longer documents; podcast:images, which podcast:image
has superseded; and a podcast:person for the voices, who are none.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from email.utils import format_datetime

from markupsafe import Markup

from morning_edition.episode import AUDIO_NAME, Episode, make_show_guid, sort_episodes
from morning_edition.outlets.addresses import plain_address
from morning_edition.outlets.characters import LONGEST_VALUE, barely_escaped, first_filled, plain, shorten
from morning_edition.outlets.corrections import list_corrections
from morning_edition.outlets.enclosures import Enclosure, list_enclosures
from morning_edition.outlets.media_types import CHAPTERS_NAME, media_type_of
from morning_edition.outlets.show_facts import LONGEST_NAME, find_trailer, name_licence, tell_frequency
from morning_edition.outlets.show_notes import render_show_notes
from morning_edition.outlets.times import seconds_of
from morning_edition.outlets.typeset import typeset
from morning_edition.station import Station

FEED_TEMPLATE = "podcast.xml.j2"

LONGEST_DESCRIPTION_BYTES = 4000
"""Apple, "A Podcaster's Guide to RSS", <description>."""

LONGEST_CORRECTIONS_BYTES = 3000
"""Of a description; the show notes have them all."""

LONGEST_SOUNDBITE_MS = 120_000
"""Podcast namespace, <podcast:soundbite>. It recommends 15 s at least, too; a Quick Look is as long as it is,
and a longer bite would run into the next."""

TRANSCRIPTS = ("transcript.vtt", "transcript.srt", "transcript.json", "transcript.html")

SMALL_COVER_PIXELS = 600


@dataclass(frozen=True, slots=True)
class Soundbite:
    """A stretch of the episode that may be heard by itself; times in seconds."""

    title: Markup
    start: str
    duration: str


@dataclass(frozen=True, slots=True)
class Item:
    """An episode, with what the feed works out from it; addresses are empty for files that it lacks."""

    episode: Episode
    title: Markup
    description: Markup
    """The summary, then the corrections, short enough, for a CDATA section."""
    summary: Markup
    """The same, escaped."""
    notes: Markup
    """Show notes in HTML, for a CDATA section."""
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
    small_cover: str
    chapters: str
    transcripts: tuple[tuple[str, str], ...]
    """Address and type of each."""
    enclosures: tuple[Enclosure, ...]
    """The sound in every form, the MP3 first."""
    soundbites: tuple[Soundbite, ...]
    links: tuple[tuple[str, str], ...]
    """Address and name of each place where the story can be read."""


def render_feed(
    station: Station, episodes: Sequence[Episode], *, withdrawn: dt.datetime | None = None
) -> str:
    """Write `podcast.xml`. Its dates are the episodes', so that the same episodes give the same feed.

    *withdrawn* (aware) is when an episode was last taken out of it: a change, too. Raises `StationError`
    where the station's own template is broken.
    """
    newest_first = sort_episodes(episodes)
    changes = [episode.updated or episode.published for episode in newest_first]
    changes += [withdrawn] if withdrawn else []
    return typeset(
        FEED_TEMPLATE,
        station.templates_folder,
        station=station,
        show=station.show,
        guid=make_show_guid(station),
        published=format_datetime(newest_first[0].published) if newest_first else "",
        updated=format_datetime(max(changes)) if changes else "",
        explicit=str(station.show.explicit).lower(),
        frequency=tell_frequency(station),
        licence=name_licence(station),
        trailer=find_trailer(station, newest_first),
        small_cover_pixels=SMALL_COVER_PIXELS,
        items=[_item(station, episode) for episode in newest_first],
    )


def _item(station: Station, episode: Episode) -> Item:
    page = episode.url(station)
    urls = {file.name: page + file.place for file in episode.files}
    title = first_filled(episode.title, station.show.title)
    summary = _describe(episode, first_filled(episode.summary, title))
    author = first_filled(episode.byline, episode.outlet, station.outlet.name)
    source = plain_address(episode.source_url)
    return Item(
        episode,
        title=plain(shorten(title, LONGEST_VALUE)),
        description=summary(barely_escaped),
        summary=summary(plain),
        notes=render_show_notes(station, episode),
        author=plain(shorten(author, LONGEST_VALUE)),
        writer=plain(shorten(first_filled(episode.byline), LONGEST_NAME)),
        published=format_datetime(episode.published),
        language=episode.language or station.show.language,
        seconds=count_seconds(episode.duration_ms),
        page=page,
        source=source,
        audio=urls[AUDIO_NAME],
        size_bytes=episode.audio.size_bytes,
        cover=urls.get("cover.jpg", ""),
        small_cover=urls.get("cover-small.jpg", ""),
        chapters=urls.get(CHAPTERS_NAME, ""),
        transcripts=tuple((urls[name], media_type_of(name)) for name in TRANSCRIPTS if name in urls),
        enclosures=list_enclosures(episode, page),
        soundbites=tuple(_soundbites(episode)),
        links=tuple(_links(source, page)),
    )


def count_seconds(duration_ms: float) -> int:
    """Return a duration as itunes:duration tells it: in whole seconds, and never none."""
    return max(1, round(duration_ms / 1000))


def _describe(episode: Episode, summary: str) -> Callable[[Callable[[str], Markup]], Markup]:
    """Return what escapes an episode's description: rather than a correction, the summary is cut."""
    noted = "\n\n".join(one.line for one in list_corrections(episode))

    def write(escape: Callable[[str], Markup]) -> Markup:
        last = "\n\n" + _fit(noted, escape, LONGEST_CORRECTIONS_BYTES) if noted else Markup()
        return _fit(summary, escape, LONGEST_DESCRIPTION_BYTES - len(last.encode())) + last

    return write


def _fit(text: str, escape: Callable[[str], Markup], limit_bytes: int) -> Markup:
    """Return *text* escaped, and short enough with its escapes."""
    while len((escaped := escape(text)).encode()) > limit_bytes:
        text = shorten(text, len(text) * 9 // 10)
    return escaped


def _soundbites(episode: Episode) -> Iterator[Soundbite]:
    """Give those that lie within the sound, each no longer than players take."""
    for bite in episode.soundbites:
        end_ms = min(bite.end_ms, episode.duration_ms, bite.start_ms + LONGEST_SOUNDBITE_MS)
        if 0 <= bite.start_ms < end_ms:
            title = plain(shorten(first_filled(bite.title), LONGEST_NAME))
            yield Soundbite(title, seconds_of(bite.start_ms), seconds_of(end_ms - bite.start_ms))


def _links(source: str, page: str) -> Iterator[tuple[str, str]]:
    """Give what podcast:contentLink may point to: of other people's pages, only what is encrypted."""
    if source.startswith("https://"):
        yield source, "Read the story"
    yield page, "Listen and read along"
