"""After the site was sent: subscribers are told, and what listeners get is looked at as they get it.

Nothing here undoes a publication: what is not well becomes a remark, with the way out.
"""

from collections.abc import Callable, Iterable, Iterator
from urllib.parse import urlencode, urlsplit

from morning_edition.errors import FetchError
from morning_edition.fetching import Purpose, shown_url
from morning_edition.publish.reception import find_feed_faults, find_sound_faults
from morning_edition.station import Station
from morning_edition.station.site_names import FEED_NAME

_HUB = Purpose("hub", total_s=10.0, by_hand="check feed.hub")


NEWS = frozenset({FEED_NAME, "feed.json", "flash-briefing.xml", "flash-briefing.json"})
"""What subscribers are told of."""


def announce(
    station: Station, feed: bytes, sent: Iterable[str], tell: Callable[[str], None]
) -> tuple[str, ...]:
    """Tell the feed's hub, if it has one, of what was just *sent*; look at what listeners get.

    *feed* is what they should get. *sent* are paths below the target: without feed and briefing among them
    there is no news, and no hub is told. *tell* hears what is being done. Returns remarks on what is not
    well; takes a minute at most.
    """
    if _is_example(station):
        tell(f"{station.base_url} is an example: set show.base_url, and what is published there is looked at")
        return ()
    return tuple(_announce(station, feed, tell, is_new=not NEWS.isdisjoint(sent)))


def _announce(station: Station, feed: bytes, tell: Callable[[str], None], *, is_new: bool) -> Iterator[str]:
    tell(f"fetching {station.feed_url} as listeners do")
    yield from find_feed_faults(station.feed_url, feed)
    if station.feed.hub and is_new:  # only now: it fetches the feed at once
        tell(f"telling {shown_url(station.feed.hub)}")
        yield from _tell_hub(station)
    tell("asking for a part of the newest sound")
    yield from find_sound_faults(feed)


def _is_example(station: Station) -> bool:
    """Nobody can be at a name that ends in .example (RFC 2606, section 2)."""
    host = (urlsplit(station.base_url).hostname or "").rstrip(".")
    return host == "example" or host.endswith(".example")


def _tell_hub(station: Station) -> Iterator[str]:
    """Say that the feed has changed.

    WebSub leaves open how (https://www.w3.org/TR/websub/#publishing). All hubs understand what PubSubHubbub
    0.3 had, hub.url (https://pubsubhubbub.github.io/PubSubHubbub/pubsubhubbub-core-0.3.html#publishing);
    some have named it hub.topic since, and each leaves aside what it does not know.
    """
    from morning_edition.fetching.asking import ask

    name = f"the hub {shown_url(station.feed.hub)}"
    form = {"hub.mode": "publish", "hub.url": station.feed_url, "hub.topic": station.feed_url}
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    try:
        with ask(
            station.feed.hub, name, _HUB, method="POST", headers=headers, content=urlencode(form).encode()
        ) as answer:
            status = answer.status
    except FetchError as error:
        yield str(error)
        return
    if 300 <= status < 400:
        yield f"{name}: has moved (HTTP {status}), and told nobody; find its address, and set feed.hub to it"
    elif not 200 <= status < 300:
        yield f"{name}: told nobody (HTTP {status}); check feed.hub, or empty it to do without a hub"
