"""What a disk has lost or damaged of episodes that stand: whoever publishes is told of it."""

import dataclasses
import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any

import feedparser
import pytest
from click.testing import Result
from publications import make_station, produce_article
from typer.testing import CliRunner

from morning_edition.cli import app
from morning_edition.cli.making import FAILED
from morning_edition.cli.options import REFUSED
from morning_edition.episode import Episode, load_episode
from morning_edition.errors import MorningEditionError
from morning_edition.station import load_station

TRAM = "2026-03-06-tram-line-opens"
FERRY = "2026-03-06-ferry-returns"
ARTICLE = (
    "trams/ Harbour Post//  Morning Edition/ The market reopened on Friday.\nMarket Reopens\n"
    "Deep Look\nIt was full at noon.\n"
)


@pytest.fixture(scope="module")
def pressed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A station with two episodes, the tram's and then the ferry's; made once for all tests."""
    station = make_station(tmp_path_factory.mktemp("pressed") / "station")
    produce_article(station, "Tram Line Opens", "The tram opened at noon on Thursday.")
    produce_article(station, "Ferry Returns", "The ferry came back on Thursday.")
    (station.root / "market.txt").write_text(ARTICLE, "utf-8")
    return station.root


@pytest.fixture
def made(pressed: Path, tmp_path: Path) -> Path:
    """The same in a folder of the test's own."""
    return Path(shutil.copytree(pressed, tmp_path / "made"))


def call(folder: Path, *arguments: str) -> Result:
    """Run a command in this process."""
    done = CliRunner().invoke(app, [*arguments, "--station", str(folder)])
    assert done.exception is None or isinstance(done.exception, (SystemExit, MorningEditionError))
    return done


def told(done: Result) -> str:
    """What was said on standard error, or is said at the end."""
    return " ".join((done.stderr + str(done.exception or "")).split())


def episode(folder: Path, slug: str = TRAM) -> Episode:
    return load_episode(folder / "audio" / slug)


def sound(folder: Path, slug: str = TRAM) -> Path:
    return folder / "audio" / slug / episode(folder, slug).audio.place


def titles(folder: Path) -> list[str]:
    return [entry.title for entry in feedparser.parse(str(folder / "podcast.xml")).entries]


def flip(path: Path) -> None:
    """Turn one bit; the size stays."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def lose(path: Path) -> None:
    path.unlink()


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


# Sound that is not there.


@pytest.mark.parametrize(("harm", "reason"), [(lose, "is not there"), (cut, "is cut short")])
def test_what_leaves_the_feed_for_want_of_sound_is_a_failure_that_names_it(
    harm: Any, reason: str, made: Path
) -> None:
    """The feed is written without it; once it tells of it no more, that is only mentioned."""
    name = sound(made).name
    harm(sound(made))
    preview = call(made, "publish", "--dry-run", "--json", "-q")
    done = call(made, "publish", "--json", "-q")
    said = f"{TRAM} is not in the feed: {name} {reason}; `morning-edition regenerate {TRAM}` makes it again"

    assert done.exit_code == FAILED
    assert said in told(done)
    assert json.loads(done.stdout)["not_in_feed"] == [{"slug": TRAM, "file": name, "reason": reason}]
    assert json.loads(preview.stdout)["not_in_feed"] == json.loads(done.stdout)["not_in_feed"]
    assert titles(made) == ["Ferry Returns"]
    again = call(made, "publish", "-q")
    assert (again.exit_code, said in told(again)) == (0, True)
    assert call(made, "regenerate", TRAM, "-q", "--force").exit_code == 0
    assert sorted(titles(made)) == ["Ferry Returns", "Tram Line Opens"]
    assert "not in the feed" not in told(call(made, "publish", "-q"))


def test_whoever_publishes_is_told_and_no_number_is_given_twice(made: Path) -> None:
    """`produce` makes a new episode meanwhile, and `retract` withdraws another."""
    sound(made, FERRY).unlink()
    done = call(made, "produce", str(made / "market.txt"), "--date", "2026-03-06", "--json", "-q", "--force")
    (record,) = json.loads(done.stdout)["episodes"]

    assert done.exit_code == 0
    assert f"{FERRY} is not in the feed" in told(done)
    assert [one["slug"] for one in record["not_in_feed"]] == [FERRY]
    assert episode(made, record["slug"]).number == 3
    unchanged = call(made, "produce", str(made / "market.txt"), "--date", "2026-03-06", "-q")
    assert f"{FERRY} is not in the feed" in told(unchanged)
    assert f"{FERRY} is not in the feed" in told(
        call(made, "retract", TRAM, "--reason", "It was wrong.", "--yes", "-q")
    )


def test_a_correction_waits_for_the_sound(made: Path) -> None:
    """Listeners have heard it; so nobody says that they have not."""
    sound(made).unlink()
    done = call(made, "correct", TRAM, "It was on Friday.", "-q")
    assert done.exit_code == FAILED
    assert "is not there; `morning-edition regenerate" in told(done)
    assert told(done).rstrip("1").rstrip().endswith("then correct it")
    assert "nobody has heard it" not in told(done)


def test_a_round_of_watch_tells_of_it_and_sends_no_feed_that_leads_to_nothing(made: Path) -> None:
    """Until something is made or published, the feed on disk still tells of it; listeners keep theirs."""
    sound(made).unlink()
    with (made / "station.toml").open("a", encoding="utf-8") as settings:
        settings.write('[publish]\nto = "../public"\n')
    (made / "inbox").mkdir()
    done = call(made, "watch", str(made / "inbox"), "--once")
    assert f"{TRAM} is not in the feed" in told(done)
    assert (done.exit_code, "`publish` writes it anew" in told(done)) == (FAILED, True)
    call(made, "publish", "-q")
    done = call(made, "watch", str(made / "inbox"), "--once")
    assert (done.exit_code, f"{TRAM} is not in the feed" in told(done)) == (0, True)


# Damage that no size tells.


def test_a_flipped_bit_is_found_by_whoever_looks(made: Path) -> None:
    """`check` in all its forms, `proof` and `show` name file and way out; `publish` leaves the feed alone."""
    path = sound(made)
    flip(path)
    feed = (made / "podcast.xml").read_bytes()
    for arguments in (["check"], ["check", "--as", "alexa"], ["check", "--as", "podcast", "--json"]):
        done = call(made, *arguments)
        assert done.exit_code == REFUSED
        assert f"{path.name} is damaged; `morning-edition regenerate {TRAM}`" in done.stdout
    done = call(made, "proof", TRAM)
    assert (done.exit_code, f"{path.name} is damaged" in done.stdout) == (REFUSED, True)
    assert f"{path.name} is damaged" in call(made, "show", TRAM).stdout
    assert json.loads(call(made, "show", TRAM, "--json").stdout)["damaged"] == [f"{path.name} is damaged"]

    (made / "station.toml").write_text((made / "station.toml").read_text("utf-8").replace("Brief", "News"))
    done = call(made, "publish", "-q")
    assert done.exit_code == FAILED
    assert f"{path.name} is damaged; `morning-edition regenerate {TRAM}` makes it again" in told(done)
    assert (made / "podcast.xml").read_bytes() == feed


def test_publishing_looks_at_the_newest_ten(made: Path) -> None:
    """The eleventh is found by `check`, and does not keep the news from going out."""
    whole = episode(made, FERRY)
    for number in range(3, 13):
        slug = f"2026-03-07-number-{number}"
        later = whole.published + dt.timedelta(hours=number)
        copy = dataclasses.replace(whole, slug=slug, guid=slug, number=number, published=later)
        shutil.copytree(made / "audio" / FERRY, made / "audio" / slug)
        (made / "audio" / slug / "episode.json").write_text(copy.to_json(), "utf-8")
    flip(sound(made))
    assert call(made, "publish", "-q").exit_code == 0
    assert "is damaged" in call(made, "check").stdout
    flip(sound(made, "2026-03-07-number-3"))
    assert "2026-03-07-number-3: episode-" in told(call(made, "publish", "-q"))


def test_a_missing_file_is_found_as_well(made: Path) -> None:
    (path,) = (made / "audio" / TRAM).glob("transcript-*.vtt")
    path.unlink()
    for arguments in (["check"], ["proof", TRAM], ["show", TRAM]):
        assert f"{path.name} is not there" in call(made, *arguments).stdout


def test_what_a_producer_edits_is_no_damage(made: Path) -> None:
    with (made / "audio" / TRAM / "script.md").open("a", encoding="utf-8") as script:
        script.write("\nGood night.\n")
    assert "damaged" not in call(made, "check").stdout
    assert call(made, "publish", "-q").exit_code == 0


def test_what_nobody_gets_yet_is_not_looked_at(made: Path) -> None:
    """Under embargo."""
    waits = dataclasses.replace(episode(made), published=dt.datetime.now(dt.UTC) + dt.timedelta(days=1))
    flip(sound(made))
    (made / "audio" / TRAM / "episode.json").write_text(waits.to_json(), "utf-8")
    assert "damaged" not in call(made, "check").stdout


# Numbers.


def test_two_episodes_of_one_number_are_both_told(made: Path) -> None:
    """When they are published, and when somebody asks for the number; one that was retracted counts."""
    twin = dataclasses.replace(episode(made, FERRY), number=1)
    (made / "audio" / FERRY / "episode.json").write_text(twin.to_json(), "utf-8")
    said = f"{FERRY} and {TRAM} both have the number 1"

    done = call(made, "publish", "-q")
    assert (done.exit_code, f"episodes {said}; remove the folder" in told(done)) == (0, True)
    assert f"episodes {said}" in told(
        call(made, "produce", str(made / "market.txt"), "--date", "2026-03-06", "-q", "--force")
    )
    assert said in told(call(made, "show", "1"))
    assert call(made, "retract", FERRY, "--reason", "It was wrong.", "--yes", "-q").exit_code == 0
    assert f"{TRAM} and {FERRY} both have the number 1" in told(call(made, "show", "1"))


def test_an_episode_made_again_over_a_damaged_record_is_the_same_to_apps(made: Path) -> None:
    """Number, GUID and date are those that the feed on disk tells."""
    before = episode(made)
    shutil.rmtree(made / ".cache" / "records")
    (made / "audio" / TRAM / "episode.json").write_text("{", "utf-8")
    station = load_station(made)
    text = "The tram opened at noon on Thursday."
    after = produce_article(station, "Tram Line Opens", text, before.published + dt.timedelta(hours=3))

    assert (after.guid, after.number, after.published) == (before.guid, before.number, before.published)
    assert sorted(titles(made)) == ["Ferry Returns", "Tram Line Opens"]


def test_without_a_feed_that_can_be_read_the_number_is_a_new_one(made: Path) -> None:
    shutil.rmtree(made / ".cache" / "records")
    (made / "audio" / TRAM / "episode.json").write_text("{", "utf-8")
    (made / "podcast.xml").write_bytes(b"\xff<rss")
    before = episode(made, FERRY)
    after = produce_article(load_station(made), "Tram Line Opens", "The tram opened at noon on Thursday.")
    assert after.number == before.number + 1


def test_a_refused_edition_keeps_its_number_to_itself(made: Path) -> None:
    """Nobody else gets it, though nobody has heard it."""
    kept = made / ".cache" / "refused" / "2026-03-06-storm"
    kept.mkdir(parents=True)
    storm = dataclasses.replace(episode(made), slug=kept.name, number=7)
    (kept / "episode.json").write_text(storm.to_json(), "utf-8")
    after = produce_article(load_station(made), "Market Reopens", "The market reopened on Friday.")
    assert after.number == 8
