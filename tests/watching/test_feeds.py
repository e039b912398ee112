import datetime as dt
import random
from typing import Any

import pytest

from morning_edition.articles.feeds import list_entries
from morning_edition.errors import FetchError
from morning_edition.watching.feeds import find_moment, identify, look_at_feed, sum_entry
from morning_edition.watching.items import read_hours, read_ttl_s, tidy_link
from morning_edition.watching.memory import Followed
from morning_edition.watching.pauses import LONGEST_PAUSE_S, find_next_hour, find_pause_s

NOW = dt.datetime(2026, 3, 6, 12, 0, tzinfo=dt.UTC)


def entry(wire: Any, **facts: Any) -> Any:
    (found,) = list_entries(wire.rss([wire.story(**facts)]))
    return found


@pytest.mark.parametrize(
    ("facts", "known_by"),
    [
        ({"guid": "tag:1", "link": "https://n.example/1"}, "tag:1"),
        ({"link": "https://n.example/1?id=7&utm_source=x"}, "https://n.example/1?id=7"),
        ({"guid": "https://n.example/all?fbclid=1#story-7"}, "https://n.example/all#story-7"),
        ({}, "Bridge Opens 20260306110000"),
    ],
)
def test_an_entry_is_known_by_the_best_it_has(wire: Any, facts: dict[str, str], known_by: str) -> None:
    """Its id, else its link, else its title and date; never by where a visitor comes from."""
    assert identify(entry(wire, title="Bridge Opens", **facts)) == known_by


@pytest.mark.parametrize(
    ("facts", "same"),
    [
        ({"link": "https://n.example/1?utm_source=b", "moment": NOW}, True),
        ({"text": 'It <a href="https://n.example/?utm_id=9">opened</a>. '}, True),
        ({"text": "It opened  .  "}, False),
        ({"title": "Bridge Closes"}, False),
    ],
)
def test_the_fingerprint_is_of_what_is_read(wire: Any, facts: dict[str, Any], same: bool) -> None:
    """Words count; where links lead, and when it was written, do not."""
    usual = {"title": "Bridge Opens", "guid": "1", "text": "It opened."}
    assert (sum_entry(entry(wire, **usual)) == sum_entry(entry(wire, **usual | facts))) is same


@pytest.mark.parametrize("zone", ["+00:00", "+05:30", "-08:00", "Z"])
def test_a_json_feeds_moment_counts_its_zone(wire: Any, zone: str) -> None:
    """Else a story of an hour ago could seem to be of yesterday."""
    (found,) = list_entries(
        '{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1", "title": "T", '
        f'"date_published": "2026-03-06T12:00:00{zone}"}}]}}',
        is_json=True,
    )
    assert find_moment(found) == dt.datetime.fromisoformat(f"2026-03-06T12:00:00{zone}")


def test_an_empty_feed_is_no_failure(wire: Any, newsroom: Any) -> None:
    """A new one has no entries yet."""
    look = look_at_feed(wire.url, Followed(), newsroom.station, NOW, anew=False)
    assert look is not None
    assert list(look.items) == []


def test_a_server_that_tells_no_versions_apart_is_not_read_again(wire: Any, newsroom: Any) -> None:
    """The same bytes are nothing new."""
    wire.validates = False
    wire.stories = [wire.story("Bridge Opens", guid="1")]
    first = look_at_feed(wire.url, Followed(), newsroom.station, NOW, anew=False)
    assert first is not None
    followed = Followed(content=first.content)
    assert look_at_feed(wire.url, followed, newsroom.station, NOW, anew=False) is None


def test_entries_with_one_id_are_one(wire: Any, newsroom: Any) -> None:
    """The newest of them."""
    moments = [NOW - dt.timedelta(hours=hours) for hours in (3, 1, 2)]
    wire.stories = [wire.story(f"At {one.hour}", guid="1", moment=one) for one in moments]
    look = look_at_feed(wire.url, Followed(), newsroom.station, NOW, anew=False)
    assert look is not None
    assert [item.title for item in look.items] == ["At 11"]


@pytest.mark.parametrize(
    "body",
    [b"", b"nothing", b"{}", b'{"version": "https://jsonfeed.org/version/1", "items": [', b"<rss><channel>"],
)
def test_what_is_no_feed_is_told(wire: Any, newsroom: Any, body: bytes) -> None:
    """In one line that begins with its address."""
    wire.server.always = wire.server.reply(body)
    with pytest.raises(FetchError) as told:
        look_at_feed(wire.url, Followed(), newsroom.station, NOW, anew=False)
    assert str(told.value).startswith(f"{wire.url}: ")


def test_pauses_grow_with_chance_and_end() -> None:
    """Each about twice as long as the one before, a quarter more or less, six hours at most."""
    chance = random.Random(1)
    for failures in range(1, 40):
        pause_s = find_pause_s(failures, 60, 0, chance)
        usual_s = min(60 * 2 ** (failures - 1), LONGEST_PAUSE_S)
        assert 0.75 * usual_s <= pause_s <= 1.25 * usual_s
    assert find_pause_s(1, 60, 7200, chance) == 7200
    assert find_pause_s(1, 60, 1e9, chance) == 86_400


def test_hours_and_minutes_of_a_feed_are_read() -> None:
    """Nonsense asks for nothing."""
    assert read_hours("<skipHours><hour>0</hour><hour> 24 </hour><hour>7</hour></skipHours>") == {0, 7}
    assert read_ttl_s("<ttl> 15 </ttl>") == 900
    assert (read_hours("<skipHours>"), read_ttl_s("<ttl>soon</ttl>")) == (frozenset(), 0)


def test_the_next_hour_is_one_that_is_not_skipped() -> None:
    """A feed that skips every hour is looked at all the same."""
    assert find_next_hour(NOW, set()) == NOW
    assert find_next_hour(NOW, {12, 13}) == NOW.replace(hour=14)
    assert find_next_hour(NOW.replace(hour=23, minute=5), {23, 0}) == dt.datetime(
        2026, 3, 7, 1, tzinfo=dt.UTC
    )
    assert find_next_hour(NOW, set(range(24))) == NOW


@pytest.mark.parametrize(
    ("link", "tidied"),
    [
        ("https://n.example/a?x=1&utm_source=rss&y=2#top", "https://n.example/a?x=1&y=2"),
        ("https://n.example/?p=123", "https://n.example/?p=123"),
        ("https://[broken/", "https://[broken/"),
        ("", ""),
    ],
)
def test_links_are_tidied(link: str, tidied: str) -> None:
    """What chooses a page stays; what tells where a visitor comes from goes."""
    assert tidy_link(link) == tidied
