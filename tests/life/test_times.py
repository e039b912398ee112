"""Under embargo until its hour, and gone after its last: in no feed before, and in none afterwards."""

import datetime as dt
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from morning_edition.articles import Article
from morning_edition.errors import EpisodeError
from morning_edition.life.naming import find_waiting
from morning_edition.life.times import Wishes, choose_times
from morning_edition.life.tombstones import load_tombstones, make_tombstone
from morning_edition.publish.inventory import list_site
from morning_edition.serving import site as serving
from morning_edition.serving.site import Site
from morning_edition.site import publish_site
from morning_edition.standing import load_article

NOW = dt.datetime(2026, 3, 6, 12, 30, tzinfo=dt.UTC)
SOON = NOW + dt.timedelta(hours=17, minutes=30)
LATER = NOW + dt.timedelta(days=2)
DAY = dt.date(2026, 3, 7)
STORM = (
    "storms/ Harbour Post/ A. Diaz/ Morning Edition/ The storm came at noon on Thursday.\n"
    "Storm Warning\nDeep Look\nIt left at one.\n"
)
SLUG = "2026-03-07-storm-warning"
TRAM = "2026-03-06-tram-line-opens"


def whats(newsroom: Any, slug: str = SLUG) -> list[str]:
    return [event.what for event in newsroom.events if event.slug == slug]


def test_an_embargoed_episode_is_in_no_feed_before_its_hour(newsroom: Any) -> None:
    """It stands, whole and proved, and nothing that listeners read tells of it; then all does."""
    episode = newsroom.make(STORM, date=DAY, embargo=SOON).episode
    assert (episode.published, episode.number, episode.updated) == (SOON, 2, None)
    assert not re.search(rf"{SLUG}|Storm Warning|{episode.guid}", newsroom.feeds)
    newsroom.settle(SOON - dt.timedelta(seconds=1))
    assert episode.guid not in newsroom.feeds

    assert newsroom.settle(SOON) == [f"out of embargo: {SLUG}"]
    assert newsroom.feeds.count(episode.guid) >= 2
    assert "Sat, 07 Mar 2026 01:00:00 -0500" in newsroom.feeds
    assert newsroom.settle(SOON) == []
    assert whats(newsroom) == ["produced", "released"]


def test_the_history_is_enough_to_know_what_was_released(newsroom: Any) -> None:
    """With every cache gone it is still noted, and once."""
    newsroom.make(STORM, date=DAY, embargo=SOON)
    shutil.rmtree(newsroom.root / ".cache")
    newsroom.settle(LATER)
    shutil.rmtree(newsroom.root / ".cache")
    newsroom.settle(LATER)

    assert whats(newsroom) == ["produced", "released"]


def test_what_is_under_embargo_cannot_be_fetched(newsroom: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither its page nor its sound, for whoever guesses the address; from its hour on both can."""
    episode = newsroom.make(STORM, date=DAY, embargo=SOON).episode
    site = Site(newsroom.station)
    paths = [f"/audio/{SLUG}/", f"/audio/{SLUG}/{episode.audio.place}"]
    clock = NOW.timestamp()
    monkeypatch.setattr(serving.time, "time", lambda: clock)
    assert [site.find(path) for path in paths] == [None, None]
    assert site.find(f"/audio/{TRAM}/")

    clock = SOON.timestamp()
    assert all(site.find(path) for path in paths)


def test_a_damaged_record_hides_what_is_under_embargo_all_the_same(
    newsroom: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.make(STORM, date=DAY, embargo=SOON)
    record = newsroom.root / "audio" / SLUG / "episode.json"
    record.write_bytes(record.read_bytes()[:-200])
    monkeypatch.setattr(serving.time, "time", NOW.timestamp)

    assert Site(newsroom.station).find(f"/audio/{SLUG}/") is None


def test_an_embargo_stays_is_moved_and_lifted(newsroom: Any) -> None:
    """Made again it keeps its hour; another one is put into its tags; `now` brings it out."""
    first = newsroom.make(STORM, date=DAY, embargo=SOON).episode
    assert newsroom.make(STORM, date=DAY).unchanged
    assert newsroom.make(STORM, date=DAY, embargo=SOON).unchanged
    moved = newsroom.make(STORM, date=DAY, embargo=LATER)
    assert (moved.unchanged, moved.new_characters, moved.episode.published) == (False, 0, LATER)
    assert (moved.episode.guid, moved.episode.number) == (first.guid, first.number)
    assert moved.episode.audio.sha256 != first.audio.sha256

    lifted = newsroom.make(STORM, date=DAY, embargo=NOW).episode
    assert (lifted.published, lifted.updated) == (NOW, None)
    assert lifted.guid in newsroom.feeds
    assert whats(newsroom) == ["produced", "regenerated", "regenerated", "released"]
    assert newsroom.make(STORM, date=DAY, embargo=NOW).unchanged


def test_what_nobody_has_heard_yet_has_not_changed(newsroom: Any) -> None:
    """A change under embargo is dated by the publication, in the feed and in the briefing."""
    newsroom.make(STORM, date=DAY, embargo=SOON)
    changed = newsroom.make(STORM.replace("at one", "at two"), date=DAY).episode

    assert (changed.updated, changed.published) == (None, SOON)
    assert {item.updated for item in changed.flash} == {SOON}


def test_what_is_public_can_be_put_under_no_embargo(newsroom: Any) -> None:
    with pytest.raises(EpisodeError, match=r"is public since 2026-03-06 06:00 EST.*retract"):
        newsroom.make(embargo=LATER)


def test_an_article_that_waits_is_known_on_any_day(newsroom: Any) -> None:
    """Produced again the evening before, it must not come out as an edition of that day."""
    newsroom.make(STORM, date=DAY, embargo=SOON)
    storm, another = Article("Storm Warning"), Article("Storm")
    own = load_article(newsroom.root / "audio" / SLUG)
    found = find_waiting(newsroom.station, storm, NOW, same=False)

    assert found
    assert found.date == DAY
    assert find_waiting(newsroom.station, storm, SOON, same=False) is None
    assert find_waiting(newsroom.station, another, NOW, same=False) is None
    # With an embargo of its own, another story of that headline is another edition.
    assert find_waiting(newsroom.station, storm, NOW, same=True) is None
    assert find_waiting(newsroom.station, own, NOW, same=True) == found


def test_an_edition_that_was_refused_keeps_its_embargo(newsroom: Any) -> None:
    """Mended before its hour, it waits on; else it would come out at once."""
    newsroom.make(STORM, date=DAY, embargo=SOON, expires=LATER)
    refused = newsroom.root / ".cache" / "refused"
    refused.mkdir(exist_ok=True)
    shutil.move(newsroom.root / "audio" / SLUG, refused / SLUG)
    times = choose_times(newsroom.station, SLUG, DAY, Wishes(), None, NOW)

    assert (times.published, times.expires) == (SOON, LATER)


@pytest.mark.parametrize("how", ["retracted", "ended by the next run"])
def test_what_was_never_public_leaves_nothing_public(how: str, newsroom: Any) -> None:
    """Withdrawn under its embargo: no page, no reason, no feed moved; GUID and number are spent."""
    episode = newsroom.make(STORM, date=DAY, embargo=SOON).episode
    before = newsroom.feeds
    folder: Path = newsroom.root / "audio" / SLUG
    if how == "retracted":
        newsroom.retract(SLUG, reason="It must not be known.")
    else:
        stone = make_tombstone(episode, "retracted", NOW, "It must not be known.")
        (folder / "withdrawn.json").write_text(stone.to_json(), "utf-8")
        newsroom.settle(thorough=True)
    newsroom.settle(LATER)
    publish_site(newsroom.station, newsroom.episodes, NOW)

    assert {path.name for path in folder.iterdir()} == {"withdrawn.json"}
    assert newsroom.feeds == before
    stones = load_tombstones(newsroom.station)
    assert not [file for file in list_site(newsroom.station, (), stones, LATER) if SLUG in file.path]
    assert not any(
        Site(newsroom.station).find(f"/audio/{SLUG}/{name}")
        for name in ("", "embed.html", "withdrawn.json", episode.audio.place)
    )
    assert (newsroom.root / ".cache" / "withdrawn" / SLUG / episode.audio.place).is_file()
    with pytest.raises(EpisodeError, match=r"was retracted on 2026-03-06 \(It must not be known\.\)"):
        newsroom.make(STORM, date=DAY)
    assert newsroom.make(STORM, date=DAY, anew=True).episode.number == episode.number + 1


# The end.


def test_an_episode_expires_at_its_hour(newsroom: Any) -> None:
    """Withdrawn as if it had been retracted, but the page says that it is no longer available."""
    episode = newsroom.make(STORM, date=DAY, now=SOON, expires=LATER).episode
    assert episode.guid in newsroom.feeds
    assert newsroom.settle(LATER - dt.timedelta(seconds=1)) == []
    assert newsroom.settle(LATER) == [f"expired: {SLUG}"]

    assert episode.guid not in newsroom.feeds
    folder: Path = newsroom.root / "audio" / SLUG
    assert {path.name for path in folder.iterdir()} == {"withdrawn.json", "index.html", "embed.html"}
    for page in ("index.html", "embed.html"):
        assert "no longer available" in (folder / page).read_text("utf-8")
    assert whats(newsroom) == ["produced", "expired"]
    with pytest.raises(EpisodeError, match=r"expired on 2026-03-08.*--anew"):
        newsroom.make(STORM, date=DAY, now=LATER)


def test_an_expiry_stays_and_can_be_taken_back(newsroom: Any) -> None:
    newsroom.make(STORM, date=DAY, now=SOON, expires=LATER)
    assert newsroom.make(STORM, date=DAY, now=SOON).episode.expires == LATER
    kept = newsroom.make(STORM, date=DAY, now=SOON, for_ever=True)

    assert (kept.unchanged, kept.episode.expires) == (False, None)
    assert newsroom.settle(LATER) == []


def test_a_station_that_keeps_episodes_for_days_withdraws_the_older(newsroom: Any) -> None:
    """By the time of their publication; 0 keeps all for ever."""
    newsroom.settle(NOW)
    keeping = type(newsroom)(newsroom.root, "[feed]\nkeep_days = 30\n")
    (episode,) = newsroom.episodes
    end = episode.published + dt.timedelta(days=30)
    assert newsroom.settle(end) == []
    assert keeping.settle(end - dt.timedelta(seconds=1)) == []
    assert keeping.settle(end) == [f"expired: {TRAM}"]


def test_nothing_expires_before_it_comes_out(newsroom: Any) -> None:
    with pytest.raises(EpisodeError, match=r"would expire before it comes out"):
        newsroom.make(STORM, date=DAY, embargo=LATER, expires=SOON)


def test_what_would_be_over_at_once_is_not_made(newsroom: Any) -> None:
    """Nothing is spoken or spent: the same article makes its episode as soon as that is put right."""
    keeping = type(newsroom)(newsroom.root, "[feed]\nkeep_days = 30\n")
    old = NOW.date() - dt.timedelta(days=31)
    with pytest.raises(EpisodeError, match=r"expired already: it is of 2026-02-03.*keep_days is 30.*--date"):
        keeping.make(STORM, date=old)
    with pytest.raises(
        EpisodeError, match=r"expired already \(2026-03-06 07:29 EST\); give it a later --exp"
    ):
        newsroom.make(STORM, date=old, expires=NOW - dt.timedelta(minutes=1))
    assert not list(newsroom.root.glob("audio/*storm*"))
    assert newsroom.make(STORM, date=old).episode.number == 2
