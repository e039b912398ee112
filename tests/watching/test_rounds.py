import dataclasses
import datetime as dt
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from morning_edition.errors import ArticleError, BusyError, FetchError, VoiceError
from morning_edition.files import write_whole
from morning_edition.watching.memory import Memory, load_memory

DAY = "2026-03-06"


def test_what_is_new_is_made_once(newsroom: Any, wire: Any) -> None:
    """However often it is looked at, and by however many processes one after another."""
    wire.stories = [wire.story("Bridge Opens", guid="1")]
    for _ in range(3):
        newsroom.look(wire.url)
    wire.stories.insert(0, wire.story("Ferry Sinks", guid="2"))
    for _ in range(3):
        newsroom.look(wire.url)
    assert newsroom.slugs == [f"{DAY}-bridge-opens", f"{DAY}-ferry-sinks"]
    assert newsroom.what == ["made", "made"]


@pytest.mark.parametrize("form", ["rss", "atom", "json"])
def test_every_form_of_feed_is_followed(newsroom: Any, wire: Any, form: str) -> None:
    """RSS, Atom and JSON Feed alike, and their changes."""
    wire.write = getattr(wire, form)
    wire.stories = [wire.story("Bridge Opens", guid="urn:1", link="https://news.example/1")]
    newsroom.look(wire.url)
    wire.stories[0].text += " One has sunk."
    newsroom.look(wire.url)
    assert newsroom.what == ["made", "changed"]


def test_a_feed_that_has_not_changed_is_not_sent_again(newsroom: Any, wire: Any) -> None:
    """The second request is conditional, and the server answers with nothing."""
    wire.stories = [wire.story("Bridge Opens", guid="1")]
    newsroom.look(wire.url)
    newsroom.look(wire.url)
    first, second = wire.server.asked
    assert "if-none-match" not in first.headers
    assert second.headers["if-none-match"] == newsroom.memory.sources[wire.url].etag
    assert second.headers["user-agent"].startswith("MorningEdition/")


def test_a_new_date_or_tracking_parameter_is_no_change(newsroom: Any, wire: Any) -> None:
    """Nor is another title of the whole feed: nothing of it would be read otherwise."""
    wire.write = wire.atom
    wire.stories = [wire.story("Bridge Opens", guid="https://n.example/1", link="https://n.example/1")]
    newsroom.look(wire.url)
    story = wire.stories[0]
    story.updated = story.moment + dt.timedelta(hours=3)
    story.guid = story.link = "https://n.example/1?utm_source=rss&fbclid=xyz"
    newsroom.look(wire.url)
    assert newsroom.what == ["made"]


def test_a_changed_article_keeps_its_day_and_folder(newsroom: Any, wire: Any) -> None:
    """Whatever its headline says by then, and however late it is."""
    wire.stories = [wire.story("Bridge Opens", guid="1")]
    newsroom.look(wire.url)
    newsroom.wait(days=2)
    wire.stories[0].title = "Bridge Opens at Last"
    newsroom.look(wire.url)
    assert newsroom.made == [
        (f"{DAY}-bridge-opens", DAY, "Bridge Opens"),
        (f"{DAY}-bridge-opens", DAY, "Bridge Opens at Last"),
    ]


def test_the_first_look_takes_the_last_day(newsroom: Any, wire: Any) -> None:
    """What is older, or has no date, is remembered and left."""
    wire.stories = [
        wire.story("Today", guid="1"),
        wire.story("Last Week", guid="2", moment=newsroom.now - dt.timedelta(days=7)),
        wire.story("Undated", guid="3", moment=None),
    ]
    newsroom.look(wire.url)
    wire.stories.append(wire.story("Undated and New", guid="4", moment=None))
    newsroom.look(wire.url)
    assert newsroom.slugs == [f"{DAY}-today", f"{DAY}-undated-and-new"]
    assert any("2 that were there before are left" in said for said in newsroom.said)


@pytest.mark.parametrize(("backlog", "made"), [(0, []), (2, ["b", "a"]), (9, ["c", "b", "a"])])
def test_a_backlog_is_the_newest_of_the_first_look(
    newsroom: Any, wire: Any, backlog: int, made: list[str]
) -> None:
    """The oldest of them first, so that they are numbered in their order."""
    wire.stories = [
        wire.story(name, guid=name, text=f"{name}. {wire.full}", moment=newsroom.now - dt.timedelta(days=age))
        for age, name in enumerate("abc", 3)
    ]
    newsroom.look(wire.url, backlog=backlog)
    newsroom.look(wire.url, backlog=backlog)
    assert newsroom.slugs == [f"{DAY}-{name}" for name in made]


def test_an_archive_that_comes_back_is_left(newsroom: Any, wire: Any) -> None:
    """A site that puts its old stories into its feed does not flood the show."""
    wire.stories = [wire.story("Today", guid="1")]
    newsroom.look(wire.url)
    old = newsroom.now - dt.timedelta(days=200)
    wire.stories += [wire.story(f"Old {n}", guid=f"old-{n}", moment=old) for n in range(5)]
    newsroom.look(wire.url)
    assert newsroom.slugs == [f"{DAY}-today"]


def test_an_id_that_counts_versions_is_the_same_article(newsroom: Any, wire: Any) -> None:
    """Some feeds give an entry a new id with every change; its page stays."""
    wire.stories = [wire.story("Bridge Opens", guid="https://n.example/1#0", link="https://n.example/1")]
    newsroom.look(wire.url)
    wire.stories = [
        wire.story(
            "Bridge Closes", guid="https://n.example/1#1", link="https://n.example/1", text="No. " * 200
        )
    ]
    newsroom.look(wire.url)
    assert newsroom.slugs == [f"{DAY}-bridge-opens"] * 2


def test_a_page_that_comes_out_every_day_is_a_new_article(newsroom: Any, wire: Any) -> None:
    """Today's weather must not take the place of yesterday's."""
    for _ in range(2):
        moment = newsroom.now
        wire.stories = [
            wire.story(
                "Weather", guid=moment.isoformat(), link="https://n.example/w", text=f"{moment} {wire.full}"
            )
        ]
        newsroom.look(wire.url)
        newsroom.wait(days=1)
    assert newsroom.slugs == [f"{DAY}-weather", "2026-03-07-weather"]


def test_two_stories_with_one_headline_are_two_episodes(newsroom: Any, wire: Any) -> None:
    """The second gets a folder of its own."""
    wire.stories = [
        wire.story("Briefing", guid="1", text=f"Morning. {wire.full}"),
        wire.story("Briefing", guid="2", text=f"Evening. {wire.full}"),
    ]
    newsroom.look(wire.url)
    assert sorted(newsroom.slugs) == [f"{DAY}-briefing", f"{DAY}-briefing-2"]


def test_a_story_in_two_feeds_is_made_once(newsroom: Any, wire: Any) -> None:
    """Whether it has the same page there, or only the same words; its changes are those of the first feed."""
    page, mirror = "https://n.example/1", "https://mirror.example/1"
    feeds = {
        "/a": [wire.story("Bridge Opens", guid="1", link=f"{page}?utm_medium=a")],
        "/b": [
            wire.story("Bridge Opens", guid="x", link=page, text=f"Teaser. {wire.full}"),
            wire.story("Bridge Opens", guid="y", link=mirror),
        ],
    }
    wire.server.always = lambda asked: wire.server.reply(wire.rss(feeds[asked.path]).encode())
    urls = [f"{wire.server.url}{path}" for path in feeds]
    newsroom.look(*urls)
    feeds["/b"][0].text += " Changed."
    newsroom.look(*urls)
    assert newsroom.slugs == [f"{DAY}-bridge-opens"]
    feeds["/a"][0].text += " Changed."
    newsroom.look(*urls)
    assert newsroom.slugs == [f"{DAY}-bridge-opens"] * 2


def test_a_fault_of_the_article_is_told_once_and_waits_for_a_change(newsroom: Any, wire: Any) -> None:
    """Nobody is told of it every five minutes."""
    newsroom.faults["Bridge Opens"] = ArticleError("it is no article")
    wire.stories = [wire.story("Bridge Opens", guid="1"), wire.story("Good", guid="2", text=f"a {wire.full}")]
    for _ in range(3):
        newsroom.look(wire.url)
        newsroom.wait(days=1)
    assert sorted(newsroom.what) == ["failed", "made"]
    newsroom.faults.clear()
    wire.stories[0].text += " Changed."
    newsroom.look(wire.url)
    assert newsroom.slugs == [f"{DAY}-good", f"{DAY}-bridge-opens"]


def test_a_failure_that_may_pass_is_tried_again_ever_later(newsroom: Any, wire: Any) -> None:
    """With the article that was read, day and folder of the first time; and in the end it is given up."""
    newsroom.faults["Bridge Opens"] = VoiceError("no voice answers")
    wire.stories = [wire.story("Bridge Opens", guid="1")]
    tries = []
    for _ in range(20):
        newsroom.look(wire.url)
        (known,) = newsroom.memory.sources[wire.url].articles.values()
        if not known.next_try or known.standing != "waiting":
            break
        wait = dt.datetime.fromisoformat(known.next_try) - newsroom.now
        tries.append(wait.total_seconds())
        newsroom.now += wait
    assert len(tries) == 7
    assert tries[-1] > 20 * tries[0] > 0
    assert newsroom.what == ["waiting", "failed"]
    newsroom.faults.clear()
    newsroom.look(wire.url)
    assert newsroom.made == []
    newsroom.look(wire.url, retry=True)
    assert newsroom.slugs == [f"{DAY}-bridge-opens"]


def test_what_waits_is_made_without_the_feed(newsroom: Any, wire: Any) -> None:
    """Even where its source has dropped the article meanwhile."""
    newsroom.faults["Bridge Opens"] = VoiceError("no voice answers")
    wire.stories = [wire.story("Bridge Opens", guid="1")]
    newsroom.look(wire.url)
    wire.stories = []
    newsroom.faults.clear()
    newsroom.wait(days=1)
    newsroom.look(wire.url)
    assert newsroom.made == [(f"{DAY}-bridge-opens", DAY, "Bridge Opens")]


def test_a_page_that_cannot_be_fetched_is_tried_again(newsroom: Any, wire: Any) -> None:
    """The feed has a teaser alone; that it has not changed since does not keep anybody from it."""
    page = f"<html><title>Bridge Opens</title><body><article><p>{wire.full}</p></article></html>"
    wire.stories = [
        wire.story("Bridge Opens", guid="1", link=f"{wire.server.url}/page", text="It opened. Read more…")
    ]
    pages = [
        wire.server.reply(status=503),
        wire.server.reply(page.encode(), headers={"Content-Type": "text/html"}),
    ]
    wire.server.always = lambda asked: pages.pop(0) if asked.path == "/page" else wire.answer(asked)
    newsroom.look(wire.url)
    newsroom.wait(hours=1)
    newsroom.look(wire.url)
    assert newsroom.what == ["waiting", "made"]


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ({"status": 503, "headers": {"Retry-After": "7200"}}, "HTTP 503"),
        ({"status": 404}, "HTTP 404"),
        ({"body": b"<!DOCTYPE html><html><p>Sign in to the hotel's network.</p></html>"}, "not a feed"),
        ({"body": b"<rss version='2.0'><channel><item><title>Half"}, "only a part"),
        ({"body": b"\x00\xff\x00garbage" * 50}, "not a feed"),
        ({"reset": True}, "damaged"),
    ],
)
def test_a_source_that_fails_stops_no_other(
    newsroom: Any, wire: Any, reply: dict[str, Any], words: str, tmp_path: Path, write_article: Any
) -> None:
    """It is told once, left alone for a while, and followed on from where it was when it answers again."""
    write_article(tmp_path / "in" / "a.txt", "From a Folder")
    wire.stories = [wire.story("Before", guid="1", text=f"b {wire.full}")]
    newsroom.look(wire.url)
    wire.server.always = wire.server.reply(**reply)
    done = newsroom.look(wire.url, str(tmp_path / "in"))
    assert "unreachable" in done.what
    assert words in newsroom.told[1].error
    asked = len(wire.server.asked)
    newsroom.look(wire.url)
    assert len(wire.server.asked) == asked
    newsroom.wait(hours=3)
    newsroom.look(wire.url)
    wire.server.always = wire.answer
    wire.stories.append(wire.story("After", guid="2", moment=newsroom.now, text=f"c {wire.full}"))
    newsroom.wait(hours=3)
    newsroom.look(wire.url)
    assert newsroom.what == ["made", "unreachable", "made", "made"]
    assert newsroom.slugs == [f"{DAY}-before", f"{DAY}-from-a-folder", f"{DAY}-after"]


def test_a_server_is_left_alone_as_long_as_it_asks(newsroom: Any, wire: Any) -> None:
    """Retry-After counts, though the next try would come sooner."""
    wire.server.always = wire.server.reply(status=503, headers={"Retry-After": "7200"})
    newsroom.look(wire.url)
    until = dt.datetime.fromisoformat(newsroom.memory.sources[wire.url].next_look)
    assert until - newsroom.now == dt.timedelta(hours=2)


def test_a_feed_that_is_gone_is_given_up(newsroom: Any, wire: Any) -> None:
    """HTTP 410 is for good; only who asks for it has it tried once more."""
    wire.server.always = wire.server.reply(status=410)
    newsroom.look(wire.url)
    newsroom.wait(days=3)
    newsroom.look(wire.url)
    assert newsroom.what == ["gone"]
    assert len(wire.server.asked) == 1
    wire.server.always = wire.answer
    wire.stories = [wire.story("Back", guid="1", moment=newsroom.now)]
    newsroom.look(wire.url, retry=True)
    assert newsroom.what == ["gone", "made"]


def test_a_feed_that_has_moved_for_good_is_looked_at_there(newsroom: Any, wire: Any) -> None:
    """The old address is not asked any more."""
    wire.stories = [wire.story("Bridge Opens", guid="1")]
    wire.server.replies = [wire.server.reply(status=301, headers={"Location": "/new.xml"})]
    newsroom.look(wire.url)
    newsroom.look(wire.url)
    assert [asked.path for asked in wire.server.asked] == ["/feed.xml", "/new.xml", "/new.xml"]
    assert newsroom.what == ["made"]


def test_a_feed_is_left_alone_as_long_as_it_says(newsroom: Any, wire: Any) -> None:
    """RSS tells how long it stays as it is (ttl), and in which hours nobody writes it (skipHours)."""
    head = "<ttl>90</ttl><skipHours><hour>13</hour><hour>14</hour></skipHours>"
    wire.write = lambda stories: wire.rss(stories, head)
    newsroom.look(wire.url)
    assert newsroom.memory.sources[wire.url].next_look == "2026-03-06T15:00:00+00:00"


def test_a_killed_round_goes_on_with_the_same_day_and_folder(newsroom: Any, wire: Any) -> None:
    """Even after midnight, with another headline, and though the feed has dropped the article."""
    newsroom.now = newsroom.now.replace(hour=23, minute=59)
    wire.stories = [wire.story("Bridge Opens", guid="1", moment=newsroom.now)]
    newsroom.faults["Bridge Opens"] = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        newsroom.look(wire.url)
    newsroom.faults.clear()
    newsroom.wait(minutes=10)
    wire.stories = []
    newsroom.look(wire.url)
    assert newsroom.made == [(f"{DAY}-bridge-opens", DAY, "Bridge Opens")]


def test_a_killed_round_goes_on_with_what_has_changed_meanwhile(newsroom: Any, wire: Any) -> None:
    """The folder stays, the words are the new ones."""
    wire.stories = [wire.story("Bridge Opens", guid="1")]
    newsroom.faults["Bridge Opens"] = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        newsroom.look(wire.url)
    wire.stories[0].title = "Bridge Closes"
    newsroom.wait(days=1)
    newsroom.look(wire.url)
    assert newsroom.made == [(f"{DAY}-bridge-opens", DAY, "Bridge Closes")]


def test_what_was_found_is_made_though_the_first_of_it_was_interrupted(newsroom: Any, wire: Any) -> None:
    """The feed says that nothing has changed; it is asked for all of it nevertheless."""
    wire.stories = [
        wire.story(name, guid=name, text=f"{name}. {wire.full}") for name in ("One", "Two", "Three")
    ]
    newsroom.faults["Three"] = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        newsroom.look(wire.url)
    newsroom.faults.clear()
    newsroom.wait(days=2)
    newsroom.look(wire.url)
    newsroom.look(wire.url)
    assert sorted(newsroom.slugs) == [f"{DAY}-three", "2026-03-08-one", "2026-03-08-two"]


def test_an_article_that_ends_the_program_is_given_up(newsroom: Any, wire: Any) -> None:
    """It must not keep all others from being made for ever."""
    wire.stories = [wire.story("Bad", guid="1"), wire.story("Good", guid="2", text=f"a {wire.full}")]
    newsroom.look(wire.url)
    memory = newsroom.memory
    followed = memory.sources[wire.url]
    followed.articles["1"] = dataclasses.replace(followed.articles["1"], standing="begun", attempts=50)
    memory.save()
    newsroom.look(wire.url)
    assert newsroom.what == ["made", "made", "failed"]
    assert "begun 50 times" in newsroom.told[-1].error


def test_a_busy_station_costs_no_try(newsroom: Any, wire: Any) -> None:
    """The article is made once the other process has ended."""
    wire.stories = [wire.story("Bridge Opens", guid="1")]
    newsroom.faults["Bridge Opens"] = BusyError("somebody is at it")
    for _ in range(12):
        with pytest.raises(BusyError):
            newsroom.look(wire.url)
    newsroom.faults.clear()
    newsroom.look(wire.url)
    assert newsroom.what == ["made"]


def test_a_fault_of_the_program_stops_no_other_article(newsroom: Any, wire: Any) -> None:
    """It is told like any other, and not tried again."""
    newsroom.faults["Odd"] = ZeroDivisionError("division by zero")
    wire.stories = [wire.story("Good", guid="1", text=f"a {wire.full}"), wire.story("Odd", guid="2")]
    newsroom.look(wire.url)
    assert sorted(newsroom.what) == ["failed", "made"]


def test_nothing_is_made_where_it_cannot_be_written_down(newsroom: Any, wire: Any) -> None:
    """Else a restart would make it a second time."""
    wire.stories = [wire.story("Bridge Opens", guid="1")]
    memory = Memory(newsroom.station.root / "file" / ".watch.json")
    (newsroom.station.root / "file").write_text("", "utf-8")
    with pytest.raises(OSError, match=r"file"):
        newsroom.look(wire.url, memory=memory)
    assert newsroom.made == []


def test_a_withdrawn_episode_is_never_made_again(newsroom: Any, wire: Any) -> None:
    """Neither when its article changes, nor when all that was known of it is lost."""
    wire.stories = [wire.story("Bridge Opens", guid="1")]
    newsroom.look(wire.url)
    slug = newsroom.slugs[0]
    stone = {
        "format": 1, "slug": slug, "guid": "g", "number": 1, "title": "Bridge Opens", "date": DAY,
        "published": newsroom.now.isoformat(), "withdrawn": newsroom.now.isoformat(), "kind": "retracted",
        "reason": "", "language": "en",
    }  # fmt: skip
    write_whole(newsroom.station.episodes_folder / slug / "withdrawn.json", json.dumps(stone))
    wire.stories[0].text += " Changed."
    newsroom.look(wire.url)
    (newsroom.station.root / ".watch.json").unlink()
    newsroom.look(wire.url)
    assert len(newsroom.made) == 1
    assert any("was withdrawn" in said for said in newsroom.said)


def test_a_thousand_entries_are_looked_at_in_seconds(newsroom: Any, wire: Any) -> None:
    """And remembered: at the second look none of them is new."""
    old = newsroom.now - dt.timedelta(days=3)
    wire.stories = [wire.story(f"Story {n}", guid=str(n), moment=old) for n in range(1000)]
    newsroom.look(wire.url)
    wire.stories[500].title = "Story 500 Changed"
    wire.stories.append(wire.story("New", guid="new"))
    newsroom.look(wire.url)
    assert newsroom.slugs == [f"{DAY}-new"]
    assert len(newsroom.memory.sources[wire.url].articles) == 1001


def test_a_folder_is_followed(newsroom: Any, tmp_path: Path, write_article: Any) -> None:
    """By the names of its files: new ones, and changed ones into the same episode; gone ones are left."""
    folder = tmp_path / "in"
    path = write_article(folder / "a.txt", "Bridge Opens")
    newsroom.look(str(folder))
    newsroom.look(str(folder))
    write_article(path, "Bridge Closes", "No. " * 100)
    newsroom.look(str(folder))
    path.unlink()
    newsroom.look(str(folder))
    assert newsroom.slugs == [f"{DAY}-bridge-opens"] * 2
    assert newsroom.what == ["made", "changed"]


def test_a_file_that_is_renamed_or_touched_is_not_made_again(
    newsroom: Any, tmp_path: Path, write_article: Any
) -> None:
    """Its words are the same."""
    path = write_article(tmp_path / "in" / "a.txt", "Bridge Opens")
    newsroom.look(str(tmp_path / "in"))
    path.rename(path.with_name("b.txt"))
    newsroom.look(str(tmp_path / "in"))
    write_article(path, "Bridge Opens")
    newsroom.look(str(tmp_path / "in"))
    assert newsroom.what == ["made"]


def test_a_folder_that_goes_and_comes_back_is_followed_on(
    newsroom: Any, tmp_path: Path, write_article: Any
) -> None:
    """A disk that is not mounted is told once, and loses nothing; it is looked for in every round."""
    folder = tmp_path / "in"
    write_article(folder / "a.txt", "Bridge Opens")
    newsroom.look(str(folder))
    shutil.move(folder, tmp_path / "away")
    newsroom.look(str(folder))
    newsroom.look(str(folder))
    shutil.move(tmp_path / "away", folder)
    write_article(folder / "b.txt", "Pier Opens")
    newsroom.look(str(folder))
    assert newsroom.what == ["made", "unreachable", "made"]


def test_a_feed_that_is_left_alone_says_how_to_look_now(newsroom: Any, wire: Any) -> None:
    """It is a run of cron's that looks at nothing."""
    wire.server.always = wire.server.reply(status=503)
    newsroom.look(wire.url)
    newsroom.look(wire.url, once=True)
    assert re.search(r"is not looked at; not before .*; --retry looks now$", newsroom.said[-1])


def test_nothing_to_watch_is_told(newsroom: Any) -> None:
    """With the ways out."""
    with pytest.raises(FetchError, match=r"name feeds or folders, or set watch\.sources"):
        newsroom.look()


@pytest.mark.parametrize("source", ["ftp://n.example/feed", "https://ana:secret@n.example/feed", "http://"])
def test_an_address_that_cannot_be_followed_is_refused(newsroom: Any, source: str) -> None:
    """Before anything is looked at; a password in it is not shown."""
    with pytest.raises(FetchError) as refused:
        newsroom.look(source)
    assert "secret" not in str(refused.value)
    assert not (newsroom.station.root / ".watch.json").exists()


def test_what_is_known_holds_no_article_that_is_made(newsroom: Any, wire: Any) -> None:
    """The words are kept only as long as they may be wanted."""
    wire.stories = [wire.story("Bridge Opens", guid="1")]
    newsroom.look(wire.url)
    known = load_memory(newsroom.station.root / ".watch.json").sources[wire.url].articles["1"]
    assert (known.standing, known.article, known.attempts) == ("made", "", 0)
