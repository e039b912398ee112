"""Withdrawn: out of every feed, off the disk that listeners reach, and never to come back under its name."""

import datetime as dt
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from morning_edition.episode import make_guid
from morning_edition.errors import EpisodeError
from morning_edition.files import write_whole
from morning_edition.life.naming import choose_slug
from morning_edition.life.retracting import choose_episodes, read_reason
from morning_edition.life.tombstones import make_tombstone
from morning_edition.serving.site import Site
from morning_edition.site import publish_site

SLUG = "2026-03-06-tram-line-opens"
NOW = dt.datetime(2026, 3, 6, 12, 30, tzinfo=dt.UTC)
STORM = (
    "storms/ Harbour Post/ A. Diaz/ Morning Edition/ The storm came at noon on Thursday.\n"
    "Storm Two\nDeep Look\nIt left at one.\n"
)
HOSTILE = '</p><script>alert(1)</script> "&amp;" & <b>'


def left_in(root: Path) -> set[str]:
    return {path.name for path in (root / "audio" / SLUG).iterdir()}


def test_a_retracted_episode_is_nowhere(newsroom: Any) -> None:
    """Not in feed, briefing, playlist or page; its folder tells that it is gone, and has no sound."""
    (before,) = newsroom.episodes
    newsroom.retract(reason="A name was wrong.")

    assert newsroom.episodes == ()
    assert not re.search(rf"{SLUG}|{before.guid}|{before.title}", newsroom.feeds)
    assert left_in(newsroom.root) == {"withdrawn.json", "index.html", "embed.html"}
    site = Site(newsroom.station)
    assert site.find(f"/audio/{SLUG}/")
    assert site.find(f"/audio/{SLUG}/embed.html")
    assert not site.find(f"/audio/{SLUG}/withdrawn.json")


@pytest.mark.parametrize("name", ["index.html", "embed.html"])
def test_the_page_that_is_left_says_what_it_was_and_why_it_is_gone(name: str, newsroom: Any) -> None:
    """Whoever has embedded the player sees it too; search engines are asked to forget both."""
    newsroom.retract(reason="A name was wrong.")
    page = (newsroom.root / "audio" / SLUG / name).read_text("utf-8")

    for said in ("Tram Line Opens", "March 6, 2026", "was withdrawn on March 6, 2026", "A name was wrong."):
        assert said in page
    assert '<meta name="robots" content="noindex">' in page
    assert not re.search(r"<audio|\.mp3|enclosure", page)


@pytest.mark.parametrize("name", ["index.html", "embed.html"])
def test_a_script_in_a_reason_comes_out_as_text(name: str, newsroom: Any) -> None:
    newsroom.retract(reason=HOSTILE)
    page = (newsroom.root / "audio" / SLUG / name).read_text("utf-8")

    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_the_files_are_kept_for_the_newsroom(newsroom: Any) -> None:
    """All but the pages, until somebody deletes them."""
    (episode,) = newsroom.episodes
    places = {file.place for file in episode.files} - {"index.html", "embed.html"}
    newsroom.retract()

    kept = newsroom.root / ".cache" / "withdrawn" / SLUG
    assert {path.name for path in kept.iterdir()} == {*places, "episode.json"}


def test_the_history_has_one_line_of_it(newsroom: Any) -> None:
    """With what was withdrawn, and what listeners are told."""
    (episode,) = newsroom.episodes
    newsroom.retract(reason="A name was wrong.")
    made, gone = newsroom.events

    assert (made.what, gone.what, gone.slug) == ("produced", "retracted", SLUG)
    assert gone.facts["guid"] == made.facts["guid"] == episode.guid
    assert gone.facts["sha256"] == episode.audio.sha256
    assert gone.facts["reason"] == "A name was wrong."


@pytest.mark.parametrize("stage", ["noted", "published", "half moved"])
def test_what_a_killed_run_has_begun_is_ended(stage: str, newsroom: Any) -> None:
    """From the tombstone on, whoever comes next ends it; in the history it stands once."""
    (episode,) = newsroom.episodes
    folder = newsroom.root / "audio" / SLUG
    stone = make_tombstone(episode, "retracted", NOW, "A name was wrong.")
    write_whole(folder / "withdrawn.json", stone.to_json())
    if stage != "noted":
        publish_site(newsroom.station, (), NOW)
    if stage == "half moved":
        kept = newsroom.root / ".cache" / "withdrawn" / SLUG
        kept.mkdir(parents=True)
        (folder / episode.audio.place).replace(kept / episode.audio.place)

    assert newsroom.settle(thorough=True) == [f"ended the withdrawal of {SLUG}"]
    assert newsroom.settle(thorough=True) == []
    assert left_in(newsroom.root) == {"withdrawn.json", "index.html", "embed.html"}
    assert episode.guid not in newsroom.feeds
    assert (newsroom.root / ".cache" / "withdrawn" / SLUG / episode.audio.place).is_file()
    assert [event.what for event in newsroom.events] == ["produced", "retracted"]


def test_what_the_disk_does_not_let_go_is_named(newsroom: Any) -> None:
    """It is in no feed all the same, and goes as soon as the disk lets it."""
    obstacle = newsroom.root / ".cache" / "withdrawn"
    obstacle.write_text("in the way", "utf-8")
    (episode,) = newsroom.episodes
    newsroom.retract()
    assert episode.guid not in newsroom.feeds
    assert any("could not be moved away" in told for told in newsroom.settle())

    obstacle.unlink()
    assert newsroom.settle(NOW + dt.timedelta(hours=1)) == [f"ended the withdrawal of {SLUG}"]
    assert left_in(newsroom.root) == {"withdrawn.json", "index.html", "embed.html"}


def test_a_damaged_record_beside_it_changes_nothing(newsroom: Any) -> None:
    """Its site could not be published; so the withdrawal does not begin."""
    other = newsroom.root / "audio" / "2026-03-05-other"
    other.mkdir()
    (other / "episode.json").write_text("{}", "utf-8")
    feeds = newsroom.feeds

    with pytest.raises(EpisodeError, match=r"2026-03-05-other/episode.json: cannot be used"):
        newsroom.retract(SLUG)
    assert not (newsroom.root / "audio" / SLUG / "withdrawn.json").exists()
    assert newsroom.feeds == feeds


def test_to_retract_it_again_is_nothing_to_do(newsroom: Any) -> None:
    newsroom.retract()
    choice = choose_episodes(newsroom.station, ["1", SLUG])

    assert choice.episodes == ()
    assert [stone.slug for stone in choice.gone] == [SLUG]


def test_a_damaged_tombstone_is_written_anew(newsroom: Any) -> None:
    """To retract the episode again mends it, from the record that is kept."""
    newsroom.retract()
    stone = newsroom.root / "audio" / SLUG / "withdrawn.json"
    stone.write_text("{", "utf-8")
    newsroom.retract(SLUG, reason="Once more.")

    assert "Once more." in stone.read_text("utf-8")
    assert newsroom.make(STORM).episode.number == 2


def test_what_was_only_refused_cannot_be_retracted(newsroom: Any) -> None:
    refused = newsroom.root / ".cache" / "refused"
    refused.mkdir(parents=True, exist_ok=True)
    shutil.move(newsroom.root / "audio" / SLUG, refused / SLUG)

    with pytest.raises(EpisodeError, match=r"refused by the proof and never published"):
        choose_episodes(newsroom.station, [SLUG])


def test_a_refused_edition_goes_with_its_episode(newsroom: Any) -> None:
    """Nothing is left that would be made again by mistake; what somebody has edited in it is kept."""
    refused = newsroom.root / ".cache" / "refused" / SLUG
    shutil.copytree(newsroom.root / "audio" / SLUG, refused)
    newsroom.retract()

    assert not refused.exists()
    assert (newsroom.root / ".cache" / "withdrawn" / SLUG / "refused" / SLUG / "script.md").is_file()


# What comes after it.


def test_its_article_makes_no_episode_by_itself(newsroom: Any) -> None:
    newsroom.retract(reason="A name was wrong.")
    with pytest.raises(EpisodeError, match=r"was retracted on 2026-03-06 \(A name was wrong\.\).*--anew"):
        newsroom.make()


def test_made_anew_it_shares_nothing_with_what_was_withdrawn(newsroom: Any) -> None:
    """Another folder, GUID, number and uid; from then on the article goes on with that one."""
    (old,) = newsroom.episodes
    newsroom.retract()
    new = newsroom.make(anew=True).episode

    assert (new.slug, new.number) == (f"{SLUG}-2", 2)
    assert new.guid == make_guid(newsroom.station, new.slug) != old.guid
    assert {item.uid for item in new.flash}.isdisjoint(item.uid for item in old.flash)
    again = newsroom.make()
    assert (again.unchanged, again.episode) == (True, new)
    newsroom.retract(new.slug)
    assert choose_slug(newsroom.station, SLUG, anew=True) == f"{SLUG}-3"


def test_anew_is_no_harm_where_nothing_was_withdrawn(newsroom: Any) -> None:
    assert newsroom.make(anew=True).unchanged


def test_the_episode_of_another_article_is_not_taken_for_it(newsroom: Any) -> None:
    """A headline that ends in a number may have the name that the next one would get."""
    newsroom.make(STORM.replace("Storm Two", "Tram Line Opens 2"))
    newsroom.retract(SLUG)

    with pytest.raises(EpisodeError, match=r"was retracted"):
        choose_slug(newsroom.station, SLUG)
    assert choose_slug(newsroom.station, SLUG, anew=True) == f"{SLUG}-3"


@pytest.mark.parametrize(
    ("text", "said"), [("", "it is empty"), (" \n—\x07", "it is empty"), ("x" * 501, "501 characters long")]
)
def test_a_reason_is_a_short_paragraph(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_reason(text)
    assert read_reason(" A name\n was \x1b[1mwrong. ") == "A name was [1mwrong."
