"""What of a station's editions a smart speaker gets, in which order, and why not the rest."""

import dataclasses
import datetime as dt
import json
import re
import uuid
from itertools import pairwise
from typing import Any

import feedparser
import pytest
from lxml import etree

from morning_edition.episode import Episode, EpisodeFile, FlashItem
from morning_edition.outlets.briefing import (
    BriefingItem,
    Choice,
    choose_items,
    render_briefing_json,
    render_briefing_rss,
)
from morning_edition.station import Station

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
PUBLISHED = dt.datetime(2024, 12, 6, 6, tzinfo=dt.timezone(dt.timedelta(hours=-5)))
NOW = PUBLISHED + 2 * HOUR


def item(number: int = 1, **changes: Any) -> FlashItem:
    made = FlashItem(
        str(uuid.uuid5(uuid.NAMESPACE_URL, str(number))),
        f"Headline {number}",
        f"What happened, in sentence {number}.",
        PUBLISHED,
        f"flash-{number}.mp3",
        30_000,
        -14.0,
        -2.4,
    )
    return dataclasses.replace(made, **changes)


def edition(episode: Episode, *items: FlashItem, days: int = 0, number: int = 1) -> Episode:
    """An edition so many days after the first; its items are dated as it is."""
    published = PUBLISHED + days * DAY
    return dataclasses.replace(
        episode,
        slug=f"{published:%Y-%m-%d}-edition-{number}",
        title=f"Edition {number}",
        number=number,
        published=published,
        flash=tuple(
            dataclasses.replace(one, updated=one.updated + days * DAY, uid=f"{one.uid[:-2]}{number:02}")
            for one in items
        ),
        files=(*episode.files, EpisodeFile("flash-1.mp3", 960_000, "0" * 64)),
    )


def titles(choice: Choice) -> list[str]:
    return [one.title for one in choice.items]


def reasons(choice: Choice) -> list[str]:
    return [one.reason for one in choice.left_out]


def dates(choice: Choice) -> list[str]:
    return [f"{one.date:%d %H:%M:%S}" for one in choice.items]


# What is chosen.


def test_an_edition_is_one_item_with_its_addresses(station: Station, episode: Episode) -> None:
    made = edition(episode, item())
    (chosen,) = choose_items(station, [made], NOW).items
    page = "https://pod.example/brief/audio/2024-12-06-edition-1/"
    assert chosen == BriefingItem(
        made.flash[0].uid,
        PUBLISHED.astimezone(dt.UTC),
        "Headline 1",
        "What happened, in sentence 1.",
        page,
        f"{page}flash-1-00000000.mp3",
        960_000,
    )


def test_no_edition_is_no_item(station: Station) -> None:
    assert choose_items(station, [], NOW) == Choice((), ())


def test_the_newest_editions_come_first_five_items_in_all(station: Station, episode: Episode) -> None:
    editions = [edition(episode, item(), days=days, number=days + 1) for days in range(7)]
    choice = choose_items(station, editions, PUBLISHED + 6 * DAY)
    assert dates(choice) == [f"{day:02} 11:00:00" for day in (12, 11, 10, 9, 8)]
    assert reasons(choice) == ["five newer ones are in it"] * 2
    assert [one.slug for one in choice.left_out] == ["2024-12-07-edition-2", "2024-12-06-edition-1"]


def test_headlines_keep_their_running_order_by_the_second(station: Station, episode: Episode) -> None:
    """The newest is played first: each is dated a second before the one that comes before it."""
    choice = choose_items(station, [edition(episode, item(1), item(2), item(3))], NOW)
    assert titles(choice) == ["Headline 1", "Headline 2", "Headline 3"]
    assert dates(choice) == ["06 11:00:00", "06 10:59:59", "06 10:59:58"]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (1, ["06 12:30:00", "06 10:59:59", "06 10:59:58", "06 10:59:57"]),
        (3, ["06 12:30:00", "06 12:29:59", "06 12:29:58", "06 10:59:57"]),
        (4, ["06 12:30:00", "06 12:29:59", "06 12:29:58", "06 12:29:57"]),
    ],
)
def test_a_headline_that_was_changed_takes_those_before_it_along(
    changed: int, expected: list[str], station: Station, episode: Episode
) -> None:
    """Those after it keep their dates, and nothing is ever dated later than the change."""
    mended = [
        item(number, updated=PUBLISHED + (1.5 * HOUR if number == changed else 0 * HOUR))
        for number in (1, 2, 3, 4)
    ]
    assert dates(choose_items(station, [edition(episode, *mended)], NOW)) == expected


def test_an_edition_that_is_corrected_comes_first_with_the_true_time(
    station: Station, episode: Episode
) -> None:
    """At each correction, though a newer edition is out; and the date of that one stays."""
    older, newer = edition(episode, item(1)), edition(episode, item(2), days=1, number=2)
    for minutes in (30, 90):
        moment = newer.published + dt.timedelta(minutes=minutes)
        mended = dataclasses.replace(older, flash=(item(1, updated=moment),))
        choice = choose_items(station, [mended, newer], NOW + DAY)
        assert titles(choice) == ["Headline 1", "Headline 2"]
        assert [one.date for one in choice.items] == [moment, newer.published]


def test_headlines_that_were_not_changed_keep_their_dates(station: Station, episode: Episode) -> None:
    """A correction of an older edition, or of one that comes after them, moves only what it changes."""
    older = edition(episode, item(1), item(2), item(3))
    newer = edition(episode, item(4), item(5), days=1, number=2)
    before = {one.title: one.date for one in choose_items(station, [older, newer], NOW + DAY).items}
    moment = newer.published + HOUR
    mended = dataclasses.replace(older, flash=(*older.flash[:1], item(2, updated=moment), *older.flash[2:]))
    choice = choose_items(station, [mended, newer], NOW + DAY)
    assert titles(choice) == ["Headline 1", "Headline 2", "Headline 4", "Headline 5", "Headline 3"]
    after = {one.title: one.date for one in choice.items}
    assert after["Headline 1"] == moment
    assert after["Headline 2"] == moment - dt.timedelta(seconds=1)
    assert all(after[f"Headline {number}"] == before[f"Headline {number}"] for number in (3, 4, 5))


def test_the_newest_five_are_of_whichever_edition(station: Station, episode: Episode) -> None:
    """A correction pushes the last headline of today's edition out, and it is said why."""
    older = dataclasses.replace(edition(episode, item(9)), flash=(item(9, updated=PUBLISHED + DAY + HOUR),))
    newer = edition(episode, *map(item, range(1, 6)), days=1, number=2)
    choice = choose_items(station, [older, newer], NOW + DAY)
    assert titles(choice) == ["Headline 9", *(f"Headline {number}" for number in range(1, 5))]
    assert [(one.title, one.reason) for one in choice.left_out] == [
        ("Headline 5", "five newer ones are in it")
    ]


def test_two_editions_of_an_hour_are_in_the_order_of_publication(station: Station, episode: Episode) -> None:
    editions = [edition(episode, item(number), number=number) for number in (1, 2)]
    choice = choose_items(station, editions, NOW)
    assert titles(choice) == ["Headline 2", "Headline 1"]
    assert dates(choice) == ["06 11:00:00", "06 11:00:00"]


def test_an_item_without_sound_is_its_text(station: Station, episode: Episode) -> None:
    (chosen,) = choose_items(station, [edition(episode, item(file="", duration_ms=0))], NOW).items
    assert (chosen.stream, chosen.size_bytes) == ("", 0)
    assert "streamUrl" not in json.loads(render_briefing_json(station, [chosen]))[0]


# What is left out.


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"text": "<p> </p>"}, "it has no text"),
        ({"duration_ms": 9_940}, "it is 9.9 s long, and 10 s are the least"),
        ({"duration_ms": 660_000}, "it is 11.0 min long, and 10 min are the most"),
        ({"loudness_lufs": -19.1}, "it is at -19.1 LUFS, and must be from -19 to -9"),
        ({"loudness_lufs": -8.9}, "it is at -8.9 LUFS, and must be from -19 to -9"),
        ({"loudness_lufs": float("-inf")}, "it is at -inf LUFS, and must be from -19 to -9"),
        ({"updated": NOW + HOUR}, "it is dated 2024-12-06 09:00 -0500, and that is still to come"),
    ],
)
def test_an_item_that_a_speaker_would_refuse_is_left_out_with_the_reason(
    changes: dict[str, Any], reason: str, station: Station, episode: Episode
) -> None:
    choice = choose_items(station, [edition(episode, item(1, **changes), item(2))], NOW)
    assert (titles(choice), reasons(choice)) == (["Headline 2"], [reason])
    assert choice.left_out[0].slug == "2024-12-06-edition-1"


@pytest.mark.parametrize(
    "changes", [{"duration_ms": 10_000}, {"duration_ms": 600_000}, {"loudness_lufs": -19.0}, {"updated": NOW}]
)
def test_the_limits_themselves_are_within(
    changes: dict[str, Any], station: Station, episode: Episode
) -> None:
    assert len(choose_items(station, [edition(episode, item(1, **changes))], NOW).items) == 1


def test_an_edition_is_in_it_for_seven_days(station: Station, episode: Episode) -> None:
    """A late correction brings an old story back no more."""
    made = edition(episode, item())
    assert len(choose_items(station, [made], PUBLISHED + 7 * DAY).items) == 1
    mended = dataclasses.replace(made, flash=(item(updated=PUBLISHED + 7 * DAY),))
    choice = choose_items(station, [mended], PUBLISHED + 7 * DAY + HOUR)
    assert (choice.items, reasons(choice)) == (
        (),
        ["it came out on 2024-12-06, more than 7 days ago"],
    )
    assert choice.left_out[0].expired


def test_an_edition_of_tomorrow_is_not_in_it(station: Station, episode: Episode) -> None:
    choice = choose_items(station, [edition(episode, item())], PUBLISHED - HOUR)
    assert reasons(choice) == ["it is dated 2024-12-06 06:00 -0500, and that is still to come"]


def test_without_https_there_is_no_briefing(station: Station, episode: Episode) -> None:
    show = dataclasses.replace(station.show, base_url="http://pod.example/")
    choice = choose_items(dataclasses.replace(station, show=show), [edition(episode, item())], NOW)
    assert reasons(choice) == [
        "its addresses do not begin with https; set base_url under [show] to one that does"
    ]


def test_an_edition_of_an_older_version_is_to_be_made_again(station: Station, episode: Episode) -> None:
    choice = choose_items(station, [edition(episode)], NOW)
    assert reasons(choice) == [
        "it has no items yet; `morning-edition regenerate 2024-12-06-edition-1` gives it some"
    ]


# How it is written.

FIELDS = ["uid", "updateDate", "titleText", "mainText", "streamUrl", "redirectionUrl"]


def test_the_json_has_the_fields_and_dates_that_amazon_names(station: Station, episode: Episode) -> None:
    chosen = choose_items(station, [edition(episode, item())], NOW).items
    (record,) = json.loads(render_briefing_json(station, chosen))
    assert list(record) == FIELDS
    assert record["updateDate"] == "2024-12-06T11:00:00.0Z"
    assert uuid.UUID(record["uid"]).version == 5


def test_it_is_an_array_even_with_nothing_in_it(station: Station) -> None:
    assert json.loads(render_briefing_json(station, [])) == []
    feed = feedparser.parse(render_briefing_rss(station, []).encode())
    assert (feed.bozo, feed.entries, feed.feed.title) == (False, [], "The Morning Brief")


def test_the_rss_form_has_the_same_items(station: Station, episode: Episode) -> None:
    editions = [
        edition(episode, item(1), item(2, file="")),
        edition(episode, item(3), days=1, number=2),
    ]
    chosen = choose_items(station, editions, NOW + DAY).items
    feed = feedparser.parse(render_briefing_rss(station, chosen).encode())
    assert not feed.bozo
    for entry, one in zip(feed.entries, chosen, strict=True):
        assert (entry.id, entry.title, entry.description, entry.link) == (
            *(one.uid, one.title, one.text),
            one.page,
        )
        assert dt.datetime(*entry.published_parsed[:6], tzinfo=dt.UTC) == one.date
        sounds = [(sound.href, sound.type, int(sound.length)) for sound in entry.enclosures]
        assert sounds == ([(one.stream, "audio/mpeg", one.size_bytes)] if one.stream else [])


def test_hostile_words_come_out_as_plain_text_in_both(
    station: Station, episode: Episode, hostile: str
) -> None:
    """Whatever a title or a text holds, both forms are valid, and have the same."""
    show = dataclasses.replace(station.show, title=hostile or "Show", description=hostile or "About")
    named = dataclasses.replace(station, show=show)
    made = edition(episode, item(1, title=hostile, text=f"{hostile} said. Then more."))
    chosen = choose_items(named, [made], NOW).items
    (record,) = json.loads(render_briefing_json(named, chosen).encode())
    rss = etree.fromstring(render_briefing_rss(named, chosen).encode())
    assert record["titleText"].strip()
    assert not re.search(r"[<>\x00-\x1f\x7f-\x9f\u202e]|&\w+;", record["titleText"] + record["mainText"])
    assert [rss.findtext(f"channel/item/{name}") for name in ("title", "description")] == [
        record["titleText"],
        record["mainText"],
    ]


def test_a_text_is_cut_at_a_sentence_under_the_limit(station: Station, episode: Episode) -> None:
    text = " ".join(f"This is sentence {number} of a great many." for number in range(1000))
    (chosen,) = choose_items(station, [edition(episode, item(1, text=text, title="word " * 100))], NOW).items
    assert 4400 < len(chosen.text) < 4500
    assert chosen.text.endswith(" of a great many.")
    assert len(chosen.title) <= 255


def test_ten_years_of_editions_take_no_time(station: Station, episode: Episode) -> None:
    editions = [edition(episode, item(), days=-days, number=days + 1) for days in range(3650)]
    choice = choose_items(station, editions, NOW)
    assert len(choice.items) == 5
    assert len(choice.items) + len(choice.left_out) == 3650
    assert all(newer.date > older.date for newer, older in pairwise(choice.items))
