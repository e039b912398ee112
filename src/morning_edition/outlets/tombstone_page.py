"""The pages that are left of an episode that was withdrawn: its own, and the one that others show in a frame.

They say what it was, that it is gone, since when and why; nothing can be heard there, and search engines are
asked to forget them (https://developers.google.com/search/docs/crawling-indexing/block-indexing).
"""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from morning_edition.life.tombstones import Tombstone
from morning_edition.outlets.characters import first_filled, shorten
from morning_edition.outlets.embed import EMBED_NAME
from morning_edition.outlets.layout import (
    FROM_EPISODE_TO_HOME,
    LONGEST_PREVIEW,
    SMALL_COVER_NAME,
    SMALL_COVER_PX,
    Picture,
    name_page,
    typeset_page,
)
from morning_edition.outlets.times import spell_date
from morning_edition.station import Station

PAGE_NAME = "index.html"
TOMBSTONE_PAGES = (PAGE_NAME, EMBED_NAME)
"""What listeners still find in the folder."""

TEMPLATES = {PAGE_NAME: "tombstone.html.j2", EMBED_NAME: "tombstone-embed.html.j2"}
STYLES = {
    PAGE_NAME: ("base.css.j2", "tombstone.css.j2"),
    EMBED_NAME: ("base.css.j2", "tombstone-embed.css.j2"),
}


def render_tombstone(station: Station, stone: Tombstone) -> dict[str, str]:
    """Write the pages of the episode's folder, by name.

    Raises `StationError` for a broken template of the station's own.
    """
    title = first_filled(stone.title, station.show.title)
    status = _tell_status(station, stone)
    values: dict[str, Any] = {
        "home": FROM_EPISODE_TO_HOME,
        "show_address": station.link,
        "linked_data": "",
        "picture": Picture(
            FROM_EPISODE_TO_HOME + SMALL_COVER_NAME, station.base_url + SMALL_COVER_NAME, SMALL_COVER_PX
        ),
        "picture_alt": f"Cover of {station.show.title}",
        "title": title,
        "page_title": name_page(title, station),
        "description": shorten(status, LONGEST_PREVIEW),
        "stone": stone,
        "status": status,
        "reason": first_filled(stone.reason),
    }
    return {
        name: typeset_page(
            template,
            station,
            language=stone.language or station.show.language,
            styles=STYLES[name],
            address=stone.url(station),
            **values,
        )
        for name, template in TEMPLATES.items()
    }


def _tell_status(station: Station, stone: Tombstone) -> str:
    day = spell_date(_day_of(station, stone))
    if stone.kind == "expired":
        return f"This episode is no longer available. It was withdrawn on {day}."
    return f"This episode was withdrawn on {day}."


def _day_of(station: Station, stone: Tombstone) -> date:
    return stone.withdrawn.astimezone(ZoneInfo(station.show.timezone)).date()
