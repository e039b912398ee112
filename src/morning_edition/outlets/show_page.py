"""The show's page: what it is, where it can be subscribed to, and its episodes, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from morning_edition.episode import Episode, sort_episodes
from morning_edition.outlets.addresses import plain_address
from morning_edition.outlets.characters import clean, first_filled, shorten
from morning_edition.outlets.corrections import list_corrections
from morning_edition.outlets.layout import (
    LONGEST_PREVIEW,
    SMALL_COVER_NAME,
    SMALL_COVER_PX,
    Picture,
    typeset_page,
)
from morning_edition.outlets.linked_data import describe_show
from morning_edition.outlets.qr import draw_qr
from morning_edition.outlets.subscribing import list_apps
from morning_edition.outlets.times import spell_date
from morning_edition.station import Station

STYLES = ("base.css.j2", "show.css.j2")
SCRIPTS = ("show.js.j2",)

LONGEST_TEASER = 180
"""Characters of an earlier episode's summary."""

FORMATS = (
    ("podcast.xml", "RSS"),
    ("feed.json", "JSON Feed"),
    ("show.opml", "OPML"),
    ("playlist.m3u", "M3U playlist"),
    ("flash-briefing.json", "Flash briefing"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One episode in the list."""

    episode: Episode
    title: str
    page: str
    """Seen from the show's page."""
    edition: str
    summary: str
    corrected: str = ""
    """When it was corrected last, in words; empty where it never was."""


def render_show_page(station: Station, episodes: Sequence[Episode], code: Markup | None = None) -> str:
    """Write the `index.html` at the station's root.

    *code* is the page's own QR code, where it was drawn before. Raises `StationError` for a broken template
    of the station's own.
    """
    newest_first = sort_episodes(episodes)
    entries = [_make_entry(station, episode) for episode in newest_first]
    return typeset_page(
        "show.html.j2",
        station,
        language=station.show.language,
        styles=STYLES,
        scripts=SCRIPTS,
        home="",
        address=station.base_url,
        picture=Picture(SMALL_COVER_NAME, station.base_url + SMALL_COVER_NAME, SMALL_COVER_PX),
        picture_alt=f"Cover of {station.show.title}",
        title=station.show.title,
        page_title=station.show.title,
        description=shorten(clean(station.show.description), LONGEST_PREVIEW),
        linked_data=describe_show(station, newest_first),
        newest=entries[0] if entries else None,
        earlier=entries[1:],
        newest_summary=first_filled(newest_first[0].summary) if entries else "",
        apps=list_apps(station),
        code=draw_code(station.base_url) if code is None else code,
        outlet_link=plain_address(station.outlet.url),
        formats=FORMATS,
    )


def draw_code(address: str) -> Markup:
    """Return the QR code of *address*; empty for one that no code can hold."""
    try:
        return draw_qr(address, label=f"QR code of {address}")
    except ValueError:
        return Markup()


def _make_entry(station: Station, episode: Episode) -> Entry:
    return Entry(
        episode,
        first_filled(episode.title, station.show.title),
        episode.url(station).removeprefix(station.base_url),
        first_filled(episode.edition),
        shorten(first_filled(episode.summary), LONGEST_TEASER),
        next((f"Corrected {spell_date(one.moment.date())}" for one in list_corrections(episode)), ""),
    )
