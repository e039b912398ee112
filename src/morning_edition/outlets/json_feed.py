"""The show for feed readers that take JSON: station and episodes in, `feed.json` out.

Follows JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/).
"""

import html
import json
import re
from collections.abc import Sequence
from typing import Any

from morning_edition.episode import Episode, sort_episodes
from morning_edition.outlets.addresses import plain_address
from morning_edition.outlets.characters import clean, first_filled
from morning_edition.outlets.enclosures import list_enclosures
from morning_edition.outlets.layout import COVER_NAME, SMALL_COVER_NAME
from morning_edition.outlets.show_notes import render_show_notes
from morning_edition.station import Station

VERSION = "https://jsonfeed.org/version/1.1"
JSON_FEED_NAME = "feed.json"

Record = dict[str, Any]


def render_json_feed(station: Station, episodes: Sequence[Episode]) -> str:
    """Write `feed.json`, newest episode first."""
    icon = station.base_url + SMALL_COVER_NAME
    record = {
        "version": VERSION,
        "title": first_filled(station.show.title),
        "home_page_url": station.link,
        "feed_url": station.base_url + JSON_FEED_NAME,
        "description": first_filled(station.show.description),
        "icon": icon,
        "favicon": icon,
        "authors": [_author(station.outlet.name, plain_address(station.outlet.url))],
        "language": station.show.language,
        "hubs": [{"type": "WebSub", "url": station.feed.hub}] if station.feed.hub else [],
    }
    items = [_item(station, episode) for episode in sort_episodes(episodes)]
    return json.dumps(_filled(record) | {"items": items}, ensure_ascii=False, indent=1) + "\n"


def _item(station: Station, episode: Episode) -> Record:
    names = {file.name for file in episode.files}
    notes = render_show_notes(station, episode)
    record = {
        "id": episode.guid,
        "url": episode.url(station),
        "external_url": plain_address(episode.source_url),
        "title": first_filled(episode.title, station.show.title),
        "content_html": notes,
        "content_text": _strip(notes),
        "summary": first_filled(episode.summary),
        "image": episode.url(station, COVER_NAME) if COVER_NAME in names else "",
        "date_published": episode.published.isoformat(),
        "date_modified": episode.updated.isoformat() if episode.updated else "",
        "authors": [_author(first_filled(episode.byline, episode.outlet, station.outlet.name))],
        "tags": list(dict.fromkeys(filter(None, map(first_filled, episode.keywords)))),
        "language": episode.language or station.show.language,
        "attachments": _attachments(station, episode),
    }
    return _filled(record)


def _attachments(station: Station, episode: Episode) -> list[Record]:
    """Return the programme in each of its forms, the MP3 first; some readers play the first and no other."""
    return [
        {
            "url": enclosure.url,
            "mime_type": enclosure.type,
            "size_in_bytes": enclosure.size_bytes,
            "duration_in_seconds": round(episode.duration_ms / 1000),
        }
        for enclosure in list_enclosures(episode, episode.url(station))
        if not enclosure.rel
    ]


def _strip(notes: str) -> str:
    """Return show notes as plain text; their tags are ours, and no other `<` is left in them."""
    told = re.sub(r'<a href="([^"]*)">([^<]*)</a>', r"\2: \1", str(notes))
    told = told.replace("</p>\n", "\n\n").replace("<li>", "• ").replace("<ul>\n", "").replace("</ul>", "")
    return html.unescape(re.sub("<[^>]*>", "", told)).strip()


def _author(name: str, url: str = "") -> Record:
    return _filled({"name": clean(name).strip(), "url": url})


def _filled(record: Record) -> Record:
    """Return *record* without what is empty, as JSON Feed wants it."""
    return {name: value for name, value in record.items() if value}
