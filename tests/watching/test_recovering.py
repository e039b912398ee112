import contextlib
import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import pytest

from morning_edition.articles import Article
from morning_edition.edition import produce
from morning_edition.episode import load_episodes
from morning_edition.errors import BusyError, EpisodeError, StationError
from morning_edition.files import write_whole
from morning_edition.life.tombstones import make_tombstone
from morning_edition.plan import plan_edition
from morning_edition.watching.alone import watch_alone
from morning_edition.watching.memory import find_memory
from morning_edition.watching.recovering import open_memory


@pytest.fixture
def newsroom(newsroom: Any) -> Any:
    """One that really makes its episodes."""
    make = newsroom.make

    def really_make(article: Article, day: dt.date, slug: str) -> Any:
        plan = plan_edition(newsroom.station, article, day, slug=slug)
        produce(plan, newsroom.now, lambda *told: None)
        return make(article, day, slug)

    newsroom.make = really_make
    return newsroom


def damage(newsroom: Any) -> Any:
    """Damage the memory, and return the one that is begun anew."""
    path = find_memory(newsroom.station)
    path.write_bytes(path.read_bytes()[:-40])
    return open_memory(newsroom.station, newsroom.now, newsroom.said.append)


@pytest.mark.parametrize("days", [0, pytest.param(1, marks=pytest.mark.thorough)])
def test_nothing_is_made_twice_after_damage(newsroom: Any, wire: Any, days: int) -> None:
    """What stands is known again by its words, though the day is another; what changes stays that episode."""
    wire.stories = [wire.story("Bridge Opens", guid="1", link="https://n.example/1")]
    newsroom.look(wire.url)
    newsroom.wait(days=days)
    newsroom.look(wire.url, memory=damage(newsroom), backlog=5)
    newsroom.look(wire.url)
    assert len(newsroom.made) == 1
    wire.stories[0].text += " One has sunk."
    newsroom.look(wire.url)
    (episode,) = load_episodes(newsroom.station)
    assert (episode.slug, len(newsroom.made)) == (newsroom.slugs[0], 2)


@pytest.mark.thorough
def test_an_article_that_changed_before_the_damage_keeps_its_episode(newsroom: Any, wire: Any) -> None:
    """Its page is the same."""
    wire.stories = [wire.story("Bridge Opens", guid="1", link="https://n.example/1")]
    newsroom.look(wire.url)
    newsroom.wait(days=3)
    wire.stories[0].title, wire.stories[0].text = "Bridge Closes", "Nobody crosses it any more. " * 50
    newsroom.look(wire.url, memory=damage(newsroom), backlog=5)
    (episode,) = load_episodes(newsroom.station)
    assert (episode.title, episode.slug) == ("Bridge Closes", newsroom.slugs[0])


def test_a_damaged_memory_is_kept_and_told(newsroom: Any, wire: Any) -> None:
    """Under another name, to be looked at."""
    newsroom.look(wire.url)
    damage(newsroom)
    (kept,) = newsroom.station.root.glob(".watch.json.damaged-*")
    assert kept.name == ".watch.json.damaged-20260306T120000Z"
    assert "is damaged (its checksum" in newsroom.said[-1]
    assert newsroom.memory.recovered


@pytest.mark.thorough
def test_what_was_withdrawn_before_the_damage_is_not_made_again(newsroom: Any, wire: Any) -> None:
    """Even on another day."""
    wire.stories = [wire.story("Bridge Opens", guid="1")]
    newsroom.look(wire.url)
    (episode,) = load_episodes(newsroom.station)
    stone = make_tombstone(episode, "retracted", newsroom.now)
    write_whole(stone.folder(newsroom.station) / "withdrawn.json", stone.to_json())
    newsroom.wait(days=1)
    newsroom.look(wire.url, memory=damage(newsroom), backlog=5)
    assert len(newsroom.made) == 1


@pytest.mark.thorough
def test_what_was_produced_by_hand_is_not_made_again(
    newsroom: Any, tmp_path: Path, write_article: Any
) -> None:
    """Nor what a watch has made whose memory nobody has kept."""
    write_article(tmp_path / "in" / "a.txt", "Bridge Opens")
    newsroom.look(str(tmp_path / "in"))
    find_memory(newsroom.station).unlink()
    newsroom.wait(hours=20)
    newsroom.look(str(tmp_path / "in"))
    assert len(newsroom.made) == 1
    assert any("stands already as 2026-03-06-bridge-opens" in said for said in newsroom.said)


@pytest.mark.thorough
def test_damage_to_both_memory_and_episodes_is_refused(newsroom: Any, wire: Any) -> None:
    """Then nobody can know what was made; the message says what to mend, and nothing is set aside."""
    wire.stories = [wire.story("Bridge Opens", guid="1")]
    newsroom.look(wire.url)
    record = newsroom.station.episodes_folder / newsroom.slugs[0] / "episode.json"
    record.write_text("{", "utf-8")
    shutil.rmtree(newsroom.station.cache_folder / "records")
    with pytest.raises(EpisodeError, match=r"produce the article again, or remove the folder"):
        damage(newsroom)
    assert find_memory(newsroom.station).exists()


def test_a_memory_that_cannot_be_read_is_refused(newsroom: Any) -> None:
    """It is there, and what it says is wanted."""
    find_memory(newsroom.station).mkdir()
    with pytest.raises(StationError, match=r"cannot be read: Is a directory; without it"):
        open_memory(newsroom.station, newsroom.now, newsroom.said.append)


def test_two_do_not_watch_one_station(newsroom: Any) -> None:
    """The second is told who does; once the first has ended it may."""
    twice = r"is watched already, by process \d+ of .+ since 2026-03-06T12"
    with contextlib.ExitStack() as watching:
        watching.enter_context(watch_alone(newsroom.station, newsroom.now))
        with pytest.raises(BusyError, match=twice):
            watching.enter_context(watch_alone(newsroom.station, newsroom.now))
    with watch_alone(newsroom.station, newsroom.now):
        assert (newsroom.station.root / ".watch.lock.json").exists()
    assert not (newsroom.station.root / ".watch.lock.json").exists()
