"""What an episode that stands is made again from: its own folder, and the voices that it had."""

import dataclasses
import datetime as dt
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from morning_edition.articles.article import Article, QuickLook, Section
from morning_edition.episode import Episode, EpisodeFile
from morning_edition.errors import EpisodeError, VoiceError
from morning_edition.files import sha256_of
from morning_edition.plan import plan_again, plan_edition
from morning_edition.standing import find_edited_script, find_standing, parse_article
from morning_edition.station import Part, Station, parse_station

DAY = dt.date(2024, 12, 6)
ARTICLE = Article(
    headline="Ferries return to the bay",
    lede="Boats crossed the bay on Monday.",
    keywords=("ferries", "naïve “boats”"),
    quick_looks=(QuickLook("Two boats began.", "First"), QuickLook("It cost $38.5 million.", extracted=True)),
    deep_look=(Section(("The first boat left.", "It was full.")), Section(("Riders pay.",), "Who Pays")),
    date=DAY,
    language="en-US",
)
LONELY = Article("Ferries return to the bay")
Stand = Callable[..., Episode]


@pytest.fixture
def station(tmp_path: Path) -> Station:
    settings = '[show]\ntitle = "Brief"\nbase_url = "https://news.example/"\n[cast.anchor]\nvoice = "auto"\n'
    return dataclasses.replace(parse_station(settings, tmp_path / "station.toml"), root=tmp_path)


@pytest.fixture
def stand(station: Station) -> Stand:
    """Let an episode stand whose slug is its own."""

    def make(article: Article = ARTICLE, slug: str = "an-older-name", **facts: Any) -> Episode:
        folder = station.episodes_folder / slug
        folder.mkdir(parents=True)
        (folder / "article.json").write_text(json.dumps(article.to_json()), encoding="utf-8")
        (folder / "script.md").write_text("as written", encoding="utf-8")
        return dataclasses.replace(episode_of(slug), **facts)

    return make


def episode_of(slug: str) -> Episode:
    return Episode(
        slug=slug,
        guid="a-guid",
        number=7,
        title="Ferries",
        date=DAY,
        published=dt.datetime(2024, 12, 6, 6, tzinfo=dt.UTC),
        language="en-US",
        outlet="",
        byline="",
        edition="",
        summary="",
        keywords=(),
        quick_looks=(),
        source_url="",
        duration_ms=1000,
        chapters=(),
        voices=(),
        loudness_lufs=-16.0,
        true_peak_dbtp=-1.0,
        recipe="a recipe",
        files=(EpisodeFile("script.md", 10, sha256_of("as written")),),
        cast=(
            ("anchor", "tone:low"),
            ("co_anchor", "tone:low"),
            ("correspondent", "tone:high"),
            ("quote", "tone:low"),
        ),
    )


# Made of the same, it is the same.


@pytest.mark.parametrize("article", [ARTICLE, LONELY], ids=["whole", "headline alone"])
def test_an_article_comes_back_as_it_was(article: Article) -> None:
    """`article.json` holds all of it: what is read back is what was written."""
    assert parse_article(json.dumps(article.to_json())) == article


def test_an_episode_s_own_folder_gives_the_same_plan(station: Station, stand: Stand) -> None:
    """Article, date and voices are those of its first day, and so is the recipe; only the slug is kept."""
    first = plan_edition(station, ARTICLE, DAY, voice="tone")
    again = plan_again(station, stand(), voice="tone")

    assert (again.article, again.date, again.recipe) == (first.article, first.date, first.recipe)
    assert (again.slug, first.slug) == ("an-older-name", "2024-12-06-ferries-return-to-the-bay")


# Its script.


def test_a_script_as_the_template_wrote_it_is_written_anew(station: Station, stand: Stand) -> None:
    assert plan_again(station, stand()).edited_script == ""


def test_a_script_edited_by_hand_is_read_as_it_stands(station: Station, stand: Stand) -> None:
    episode = stand()
    (episode.folder(station) / "script.md").write_text("as changed", encoding="utf-8")

    assert plan_again(station, episode).edited_script == "as changed"


def test_a_script_once_edited_stays_so_until_it_is_removed(station: Station, stand: Stand) -> None:
    """It is what the record says it is, and still nobody's but the producer's."""
    episode = stand(edited=True)
    assert find_edited_script(episode, episode.folder(station)) == "as written"
    (episode.folder(station) / "script.md").unlink()

    assert find_edited_script(episode, episode.folder(station)) == ""


# Its voices.


def test_a_role_read_by_auto_keeps_its_voice(station: Station, stand: Stand) -> None:
    """A better voice on the machine is for new episodes."""
    voices = plan_again(station, stand()).voices

    assert voices == dict(episode_of("x").cast)


def test_a_voice_that_a_setting_names_is_the_setting_s(station: Station, stand: Stand) -> None:
    """Who changes a setting wants it heard; the roles that are left to `auto` keep theirs."""
    cast = dataclasses.replace(station.cast, correspondent=Part(voice="tone:middle"))
    voices = plan_again(dataclasses.replace(station, cast=cast), stand()).voices

    assert voices == dict(episode_of("x").cast) | {"correspondent": "tone:middle"}


def test_a_voice_that_is_asked_for_reads_all(station: Station, stand: Stand) -> None:
    assert set(plan_again(station, stand(), voice="tone").voices.values()) == {"tone"}


def test_a_record_without_a_cast_leaves_it_to_auto(station: Station, stand: Stand) -> None:
    """An episode of an earlier version is read by what the machine has now."""
    assert "auto" not in plan_again(station, stand(cast=())).voices.values()


def test_a_kept_voice_that_is_gone_is_told_with_the_way_out(station: Station, stand: Stand) -> None:
    """No other voice steps in unasked."""
    episode = stand(cast=(*episode_of("x").cast[:3], ("quote", "piper:en_US-nobody-low")))
    with pytest.raises(VoiceError) as refused:
        plan_again(station, episode)

    assert "; an-older-name was read by piper:en_US-nobody-low: " in str(refused.value)
    assert str(refused.value).endswith("to have it read by another, name one with --voice")
    assert plan_again(station, episode, voice="tone").voices["quote"] == "tone"


# A folder that is not whole.


DAMAGES = {
    "empty": "",
    "half of it": '{"headline": "Ferr',
    "a list": "[]",
    "a text": '"headline"',
    "too deep": "[" * 100_000,
    "no headline": '{"lede": "Boats."}',
    "an empty headline": '{"headline": " "}',
    "a number for a text": '{"headline": "Boats", "lede": 7}',
    "a text for a list": '{"headline": "Boats", "keywords": "bay"}',
    "a text for a flag": '{"headline": "Boats", "quick_looks": [{"text": "x", "extracted": "no"}]}',
    "a Quick Look of nothing": '{"headline": "Boats", "quick_looks": [{}]}',
    "a section without paragraphs": '{"headline": "Boats", "deep_look": [{"heading": "x"}]}',
    "no date": '{"headline": "Boats", "date": "Monday"}',
    "what a later version knows": '{"headline": "Boats", "mood": "calm"}',
    "half a character": '{"headline": "Boats \\ud800"}',
}


@pytest.mark.parametrize("content", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_article_is_named_with_the_way_out(station: Station, stand: Stand, content: str) -> None:
    episode = stand()
    path = episode.folder(station) / "article.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(EpisodeError) as refused:
        plan_again(station, episode)

    assert str(refused.value).startswith(f"{path}: cannot be used (")
    assert str(refused.value).endswith("); mend it, or produce the article again")


def test_an_article_that_is_not_there_is_named_with_the_way_out(station: Station, stand: Stand) -> None:
    episode = stand()
    path = episode.folder(station) / "article.json"
    path.unlink()
    with pytest.raises(EpisodeError) as refused:
        plan_again(station, episode)

    assert str(refused.value) == f"{path} is not there; put it back, or produce the article again"


def test_what_does_not_stand_is_not_found(station: Station, stand: Stand) -> None:
    """A folder without a record, or with a damaged one, is as good as none."""
    folder = stand().folder(station)
    assert find_standing(station, "an-older-name") is None
    (folder / "episode.json").write_text("{", encoding="utf-8")
    assert find_standing(station, "an-older-name") is None
    shutil.rmtree(folder)
    assert find_standing(station, "an-older-name") is None
