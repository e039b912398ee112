"""The episode as other sites show it when somebody links to it.

Follows oEmbed 1.0 (https://oembed.com), as a file: the page names it in its head (§4, "Discovery"), so a site
that asks for `maxwidth` gets the same answer as others, and the player fits itself to its frame.
"""

import json

from morning_edition.episode import Episode
from morning_edition.outlets.addresses import plain_address
from morning_edition.outlets.characters import clean, first_filled
from morning_edition.outlets.embed import describe_frame
from morning_edition.outlets.layout import SMALL_COVER_NAME, SMALL_COVER_PX
from morning_edition.station import Station

OEMBED_NAME = "oembed.json"


def render_oembed(station: Station, episode: Episode) -> str:
    """Write `oembed.json`."""
    frame = describe_frame(station, episode)
    own = any(file.name == SMALL_COVER_NAME for file in episode.files)
    record = {
        "version": "1.0",
        "type": "rich",
        "title": first_filled(episode.title, station.show.title),
        "author_name": first_filled(episode.byline, episode.outlet, station.outlet.name),
        "provider_name": clean(station.outlet.name).strip(),
        "provider_url": plain_address(station.outlet.url) or station.base_url,
        "thumbnail_url": episode.url(station, SMALL_COVER_NAME)
        if own
        else station.base_url + SMALL_COVER_NAME,
        "thumbnail_width": SMALL_COVER_PX,
        "thumbnail_height": SMALL_COVER_PX,
        "html": frame.code,
        "width": frame.width,
        "height": frame.height,
    }
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"
