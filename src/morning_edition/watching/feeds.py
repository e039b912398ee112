"""A feed looked at: fetched only where it has changed, and listed."""

import datetime as dt
import functools
import re
from collections import Counter

from morning_edition.articles import Article
from morning_edition.articles.encodings import decode_page
from morning_edition.articles.feeds import Entry, list_entries
from morning_edition.articles.kinds import Kind, Origin, tell_kind
from morning_edition.articles.open import open_entry
from morning_edition.errors import ArticleError, FetchError
from morning_edition.fetching import Fetched, fetch_if_changed, public_url, shown_url
from morning_edition.files import sha256_of
from morning_edition.patterns import compile_late
from morning_edition.station import Station
from morning_edition.watching.items import Item, Look, read_hours, read_ttl_s, squeeze_line, tidy_link
from morning_edition.watching.memory import Followed
from morning_edition.watching.pauses import LONGEST_ASKED_S, find_next_hour

_END = compile_late(
    r"</(?:\w+:)?(?:rss|feed|rdf)\s*>\s*(?:<!--.{0,2000}?-->\s*)*$", re.IGNORECASE | re.DOTALL
)
_TAIL_CHARACTERS = 5000
_HEAD_CHARACTERS = 80_000


def look_at_feed(
    url: str, followed: Followed, station: Station, now: dt.datetime, *, anew: bool
) -> Look | None:
    """Return what the feed at *url* holds at *now*; None where it is as it was when it was *followed* last.

    With *anew* it is fetched even so. Raises `FetchError`; also for what is no feed (any more), or only a
    part of one.
    """
    name = shown_url(url)
    etag, modified = ("", "") if anew else (followed.etag, followed.modified)
    fetched = fetch_if_changed(followed.moved or url, name, etag, modified)
    if fetched is None:
        return None
    content = sha256_of(fetched.raw)
    if content == followed.content and not anew:
        return None
    text = decode_page(fetched.raw, fetched.charset)
    pause_s = _find_pause_s(text, now)
    items = _list_items(text, fetched, name, station)
    moved = fetched.permanent_url or followed.moved
    moved = moved if moved == public_url(moved) else ""  # a key is written down nowhere
    return Look(items, fetched.etag, fetched.modified, content, moved, pause_s)


def _list_items(text: str, fetched: Fetched, name: str, station: Station) -> list[Item]:
    origin = Origin(name, fetched.url, fetched.media_type, fetched.charset)
    kind = tell_kind(text[:_HEAD_CHARACTERS], origin)
    if kind not in (Kind.FEED, Kind.JSON_FEED):
        raise FetchError(f"{name}: is {kind.value}, not a feed; check the address")
    if kind is Kind.FEED and not _END.search(text[-_TAIL_CHARACTERS:]):
        raise FetchError(f"{name}: is only a part of a feed; it is tried again")
    try:
        entries = list_entries(text, is_json=kind is Kind.JSON_FEED, url=fetched.url)
    except ArticleError as error:
        raise FetchError(f"{name}: {error}") from error
    links = [tidy_link(public_url(entry.link)) for entry in entries]
    shared = {link for link, count in Counter(links).items() if count > 1}
    items = [
        _make_item(entry, "" if link in shared else link, name, station)
        for entry, link in zip(entries, links, strict=True)
    ]
    return list({item.key: item for item in reversed(items)}.values())[::-1]


def _make_item(entry: Entry, link: str, name: str, station: Station) -> Item:
    title = squeeze_line(entry.facts.headline)
    named = f"{name}#{squeeze_line(entry.facts.headline, 80)}"
    read = functools.partial(_read, entry, named, station)
    return Item(identify(entry), named, title, sum_entry(entry), read, find_moment(entry), link)


def _read(entry: Entry, name: str, station: Station) -> Article:
    return open_entry(entry, name, outlet=station.outlet.name, edition=station.outlet.edition)


def identify(entry: Entry) -> str:
    """Return by what an *entry* is known again: its id, else its link, else its title and date."""
    guid = tidy_tracking(entry.guid) or tidy_link(entry.link)
    if guid != public_url(guid):  # a key is written down nowhere
        guid = f"{public_url(guid)}#{sha256_of(guid)[:8]}"
    return guid or f"{squeeze_line(entry.facts.headline)} {entry.moment}"


def tidy_tracking(guid: str) -> str:
    """Return an id; where it is a web address, without what tells where a visitor comes from."""
    if not guid.startswith(("https://", "http://")):
        return guid
    _, sign, fragment = guid.partition("#")  # some number their versions there, others all their stories
    return tidy_link(guid) + sign + fragment


def sum_entry(entry: Entry) -> str:
    """Return a fingerprint of what the feed gives of an *entry* that is read: its words, no link, no date."""
    words = [(block.kind, block.text) for block in entry.blocks]
    return sha256_of(repr([entry.facts.headline, entry.facts.byline, words]))


def find_moment(entry: Entry) -> dt.datetime | None:
    """Return when an *entry* was published; None where the feed does not say."""
    try:
        return dt.datetime.strptime(entry.moment, "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC)
    except ValueError:
        return None


def _find_pause_s(text: str, now: dt.datetime) -> float:
    """Return for how many seconds an RSS feed asks not to be fetched again, a day at most."""
    head = re.split(r"<item[\s>]", text[:_HEAD_CHARACTERS], maxsplit=1)[0]
    until = find_next_hour(now + dt.timedelta(seconds=read_ttl_s(head)), read_hours(head))
    return min((until - now).total_seconds(), LONGEST_ASKED_S)
