"""What was published, as it is received: the feed is the one that was sent, and its sound can be played.

Apple asks for HEAD and byte ranges, so that a listener can begin anywhere
(https://podcasters.apple.com/support/823-podcast-requirements), and recommends that the feed tells whether it
has changed (https://podcasters.apple.com/4115-technical-updates-for-hosting-providers).
"""

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace

from morning_edition.errors import FetchError
from morning_edition.fetching import FEED, Fetched, Purpose, fetch, fetch_if_changed
from morning_edition.fetching.purpose import take_any
from morning_edition.outlets.feed_reading import Element, parse_feed

WAITS_S = (1.0, 2.0, 4.0, 8.0)
"""Between tries: caches may keep the former feed a moment."""
FEED_S = 20.0
"""For all tries together."""
ONE_REQUEST_S = 10.0

FEED_TYPES = frozenset({"application/rss+xml", "application/xml", "text/xml"})
_BASE = "check that show.base_url is where publish.to is served"
_RANGE = "bytes=0-1"
"""What Apple's player asks for first."""


def find_feed_faults(url: str, feed: bytes) -> Iterator[str]:
    """Fetch the feed at *url* until it is *feed*, the one that was sent, and say what is not well."""
    try:
        found = _fetch_until(url, feed)
    except FetchError as error:
        yield f"{error}; {_BASE}"
        return
    if not _is_same(found.raw, feed):
        yield (
            f"{url}: is not the feed that was sent; wait until caches have forgotten the former one "
            f"(publish.feed_max_age_s), or {_BASE}"
        )
    if found.url != url:
        yield f"{url}: leads to {found.url}; set show.base_url to where the site is"
    if found.media_type not in FEED_TYPES:
        shown = found.media_type or "nothing"
        yield f"{url}: is served as {shown[:80]!a}; have the server say application/rss+xml"
    yield from _find_condition_faults(url, found)


def find_sound_faults(feed: bytes) -> Iterator[str]:
    """Ask for the head and a part of the newest sound in *feed*, and say what is not as players need it."""
    try:
        enclosure = next(parse_feed(feed.decode()).iter("enclosure"), None)
    except ValueError:
        return  # not ours to judge: it was sent as it is
    if enclosure is None:
        return
    url, length, kind = (enclosure.get(key) or "" for key in ("url", "length", "type"))
    try:
        yield from _find_head_faults(url, length, kind)
        yield from _find_range_faults(url, length)
    except FetchError as error:
        yield f"{error}; {_BASE}"


def _fetch_until(url: str, feed: bytes) -> Fetched:
    """Return the feed at *url* once it is *feed*, or else as it was at last."""
    until_s = time.monotonic() + FEED_S
    bounds = replace(FEED, largest_bytes=4 * len(feed) + 1_000_000, refuse_type=take_any, by_hand=_BY_HAND)
    for wait_s in (*WAITS_S, None):
        left_s = until_s - time.monotonic()
        last = wait_s is None or left_s <= wait_s
        try:
            found = fetch(url, url, replace(bounds, total_s=min(ONE_REQUEST_S, max(1.0, left_s))))
            if last or _is_same(found.raw, feed):
                return found
        except FetchError:
            if last:
                raise
        time.sleep(wait_s or 0.0)
    raise AssertionError  # the last turn of the loop returns or raises


_BY_HAND = "see what your browser shows there"


def _is_same(found: bytes, sent: bytes) -> bool:
    """Tell whether two feeds say the same: some hosts write them anew in their own way."""
    if found == sent:
        return True
    try:
        return _sum_up(parse_feed(found.decode())) == _sum_up(parse_feed(sent.decode()))
    except ValueError:
        return False


def _sum_up(root: Element) -> list[tuple[str | None, ...]]:
    """Return what of a feed changes with every change: its date, and each item's GUID and sound."""
    sums: list[tuple[str | None, ...]] = [(root.findtext("channel/lastBuildDate"),)]
    for item in root.iter("item"):
        enclosure = item.find("enclosure")
        sums.append((item.findtext("guid"), None if enclosure is None else enclosure.get("url")))
    return sums


def _find_condition_faults(url: str, found: Fetched) -> Iterator[str]:
    if not found.etag and not found.modified:
        yield (
            f"{url}: is served without an ETag and a Last-Modified, so that every app fetches all of it each "
            "time; have the server send one"
        )
        return
    purpose = replace(FEED, total_s=ONE_REQUEST_S, by_hand=_BY_HAND)
    try:
        again = fetch_if_changed(url, url, found.etag, found.modified, purpose=purpose)
    except FetchError as error:
        yield str(error)
        return
    if again and again.raw == found.raw:
        yield (
            f"{url}: is sent whole to apps that have it already; have the server answer If-None-Match and "
            "If-Modified-Since"
        )


def _find_head_faults(url: str, length: str, kind: str) -> Iterator[str]:
    status, headers, _ = _ask_sound(url, "HEAD", {})
    if status != 200:
        yield f"{url}: answers HEAD with HTTP {status}, which Apple asks for; {_mend_server(status)}"
        return
    told = headers.get("content-length", "")
    if told and told != length:
        yield f"{url}: has {told[:20]!a} bytes, and the feed says {length}; publish again, or {_BASE}"
    served = headers.get("content-type", "").partition(";")[0].strip().lower()
    if served != kind:
        yield f"{url}: is served as {served[:80]!a}; have the server say {kind}"


def _find_range_faults(url: str, length: str) -> Iterator[str]:
    status, headers, part = _ask_sound(url, "GET", {"Range": _RANGE})
    if status == 200:
        yield (
            f"{url}: is sent whole where a part is asked for, and Apple refuses such shows; "
            "have the server answer byte ranges"
        )
    elif status != 206:
        yield f"{url}: answers a byte range with HTTP {status}; {_mend_server(status)}"
    elif not re.fullmatch(rf"bytes\s+0-1/{re.escape(length)}", told := headers.get("content-range", "")):
        yield (
            f"{url}: answers a byte range with Content-Range {told[:80]!a}, not bytes 0-1/{length}; "
            f"publish again, or {_BASE}"
        )
    elif len(part) != 2:
        yield f"{url}: answers a byte range of 2 bytes with {len(part)}; have the server send just that part"


def _ask_sound(url: str, method: str, headers: Mapping[str, str]) -> tuple[int, Mapping[str, str], bytes]:
    """Return status, headers and the first bytes of the answer, three at most."""
    from morning_edition.fetching.asking import ask

    purpose = Purpose("sound", "audio/*,*/*;q=0.5", total_s=ONE_REQUEST_S, by_hand=_BY_HAND)
    plain = {"Accept-Encoding": "identity", **headers}
    with ask(url, url, purpose, method=method, headers=plain) as answer:
        part = answer.glimpse(3) if method == "GET" and answer.status == 206 else b""
        return answer.status, answer.headers, part


def _mend_server(status: int) -> str:
    return _BASE if status in {401, 403, 404, 410} else "mend the server, or serve the site from another"
