"""Where listeners can follow the show: directories that have it, and apps that open any feed's address.

Forms of address that apps have no documents of are those of https://github.com/podlove/podlove-ui
(packages/clients) and https://github.com/nathangathright/podcast-platform-links, where both agree.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from morning_edition.outlets.addresses import plain_address
from morning_edition.station import Station


@dataclass(frozen=True, slots=True)
class App:
    """A way to follow the show."""

    name: str
    url: str


def list_apps(station: Station) -> tuple[App, ...]:
    """Return the directories that the station names, then the apps that open its feed; none twice."""
    links = station.links
    directories = [
        App("Apple Podcasts", plain_address(links.apple)),
        App("Spotify", plain_address(links.spotify)),
        App("Amazon Music", plain_address(links.amazon)),
        App("YouTube", plain_address(links.youtube)),
        App("Alexa", plain_address(links.alexa)),
    ]
    named = {app.name: app for app in directories if app.url}
    openers = {app.name: app for app in _list_openers(station.feed_url)}
    return tuple((named | {name: app for name, app in openers.items() if name not in named}).values())


def _list_openers(feed_url: str) -> Iterator[App]:
    """Give each app with an address that opens the feed in it; *feed_url* is in plain ASCII.

    Some take the feed's address in place of their own host and path, some as a value, escaped.
    """
    feed = plain_address(feed_url) or feed_url
    scheme, _, bare = feed.partition("://")
    value = quote(feed, safe="")
    # Apple's own scheme, which iOS and macOS give to no other app (https://castro.fm/blog/a-podcast-url-scheme).
    yield App("Apple Podcasts", f"podcast://{bare}")
    # Alone in wanting the feed's own scheme, too (podcast-platform-links, "Podcast App URL Schemes").
    yield App("Overcast", f"overcast://x-callback-url/add?url={value}")
    # Not `subscribehttps`, which is for Android alone (IntentUtil.kt of Automattic/pocket-casts-android).
    yield App("Pocket Casts", f"pktc://subscribe/{bare}")
    yield App("Castro", f"castro{'s' if scheme == 'https' else ''}://subscribe/{bare}")
    # https://antennapod.org/documentation/podcasters-hosters/add-on-antennapod
    yield App("AntennaPod", f"https://antennapod.org/deeplink/subscribe?url={value}")
    yield App("Podcast Addict", f"https://podcastaddict.com/feed/{value}")
    yield App("Player FM", f"https://player.fm/subscribe?id={value}")
    # share/applications/gpodder-url-handler.desktop.in of gpodder/gpodder
    yield App("gPodder", f"gpodder://{bare}")
