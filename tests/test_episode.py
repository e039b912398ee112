"""An episode is a folder: its record is its memory, and it exists only once its sound does."""

import dataclasses
import datetime as dt
import hashlib
import json
import re
import uuid
import zoneinfo
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marked import STEADY, find, mark

from morning_edition.articles import QuickLook
from morning_edition.episode import (
    PLAIN_NAME,
    PODCAST_NAMESPACE,
    Correction,
    Episode,
    EpisodeFile,
    FormerFile,
    is_public,
    is_whole,
    load_episode,
    load_episodes,
    make_guid,
    make_show_guid,
    make_slug,
    parse_episode,
    sort_episodes,
)
from morning_edition.errors import EpisodeError
from morning_edition.former import MARKED
from morning_edition.mix.timeline import Chapter
from morning_edition.station import Outlet, Show, Station

DAY = dt.date(2025, 3, 11)
SIX = dt.datetime(2025, 3, 11, 6, tzinfo=dt.UTC)
SOUND_MARK = hashlib.sha256(b"sound").hexdigest()[:8]
FILES = {"episode.mp3": b"sound", "script.md": "# Intro — é\n".encode()}


def episode_of(slug: str = "2025-03-11-ferries-return", **changes: Any) -> Episode:
    episode = Episode(
        slug=slug,
        guid="5f0c1f1e-0000-5000-8000-000000000001",
        number=1,
        title="Ferries return",
        date=DAY,
        published=SIX,
        language="en-US",
        outlet="Harbour Post",
        byline="R. Okafor",
        edition="Morning Edition",
        summary="Boats cross the bay again.",
        keywords=("ferries", "harbour"),
        quick_looks=(QuickLook("Two boats.", "First"), QuickLook("One pier.")),
        source_url="https://news.example/ferries",
        duration_ms=61_000,
        chapters=(Chapter("Intro", 0, 1000), Chapter("Quick Looks", 1000, 61_000)),
        voices=("tone 1",),
        loudness_lufs=-16.0,
        true_peak_dbtp=-1.2,
        recipe="abc",
        files=tuple(
            EpisodeFile(name, len(content), hashlib.sha256(content).hexdigest())
            for name, content in FILES.items()
        ),
    )
    return dataclasses.replace(episode, **changes)


def shelve(station: Station, episode: Episode) -> Path:
    """Put *episode* on disk, whole."""
    folder = station.episodes_folder / episode.slug
    folder.mkdir(parents=True)
    for name, content in FILES.items():
        (folder / mark(name, hashlib.sha256(content).hexdigest())).write_bytes(content)
    (folder / "episode.json").write_text(episode.to_json(), encoding="utf-8")
    return folder


def changed_record(**changes: object) -> str:
    """Change what is told, as an older version may have written it: without a checksum."""
    record = json.loads(episode_of().to_json())
    del record["checksum"]
    return json.dumps(record | changes)


whole_numbers = st.integers(0, 10**12)
levels = st.floats(-100, 10, allow_nan=False)
offsets = st.integers(-12 * 60, 14 * 60).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)))
moments = st.datetimes(dt.datetime(1901, 1, 1), dt.datetime(8998, 1, 1), timezones=offsets)  # noqa: DTZ001 - as given to it
names = st.from_regex(PLAIN_NAME, fullmatch=True)
marks = st.text("0123456789abcdef", max_size=64)
episodes = st.builds(
    Episode,
    slug=st.text(),
    guid=st.text(),
    number=whole_numbers,
    title=st.text(),
    date=st.dates(),
    published=moments,
    language=st.text(),
    outlet=st.text(),
    byline=st.text(),
    edition=st.text(),
    summary=st.text(),
    keywords=st.lists(st.text(), max_size=3).map(tuple),
    quick_looks=st.lists(st.builds(QuickLook, st.text(), st.text()), max_size=3).map(tuple),
    source_url=st.text(),
    duration_ms=whole_numbers,
    chapters=st.lists(st.builds(Chapter, st.text(), whole_numbers, whole_numbers), max_size=3).map(tuple),
    voices=st.lists(st.text(), max_size=3).map(tuple),
    loudness_lufs=levels,
    true_peak_dbtp=levels,
    recipe=st.text(),
    files=st.lists(st.builds(EpisodeFile, names, whole_numbers, marks), max_size=3).map(tuple),
    updated=st.none() | moments,
    expires=st.none() | moments,
    corrections=st.lists(st.builds(Correction, moments, st.text(), st.text()), max_size=3).map(tuple),
    former=st.lists(st.builds(FormerFile, names, moments), max_size=3).map(tuple),
    stood_in=st.text(),
)


@given(episodes)
def test_a_record_that_is_written_and_read_again_is_the_same_episode(episode: Episode) -> None:
    text = episode.to_json()

    read = parse_episode(text)

    assert read == episode
    assert read.published.utcoffset() == episode.published.utcoffset()
    assert read.to_json() == text


def test_a_record_is_read_by_people_too() -> None:
    text = episode_of(title="Café “Noir”").to_json()

    assert text.startswith('{\n  "format": 1,\n  "slug": "2025-03-11-ferries-return",\n')
    assert '"title": "Café “Noir”"' in text
    assert text.endswith("}\n")


DAMAGES: list[dict[str, object]] = [
    {"format": 2},
    {"extra": 1},
    {"title": None},
    {"title": ["a"]},
    {"number": "1"},
    {"number": True},
    {"duration_ms": 1.5},
    {"loudness_lufs": "-16"},
    {"date": "11/3/2025"},
    {"date": 20250311},
    {"published": "yesterday"},
    {"published": "2025-03-11T06:00:00"},
    {"keywords": "ferries"},
    {"keywords": [1]},
    {"voices": None},
    {"quick_looks": [{"label": "First"}]},
    {"quick_looks": [{"text": None}]},
    {"quick_looks": ["First"]},
    {"chapters": [{"title": "Intro", "start_ms": "0", "end_ms": 9}]},
    {"chapters": 7},
    {"files": []},
    {"files": [{"name": "script.md", "size_bytes": 1, "sha256": ""}]},
    {"files": [{"name": "episode.mp3", "size_bytes": "5", "sha256": ""}]},
    {"slug": "2025-03-12-another"},
]


@pytest.mark.parametrize(
    "text",
    [
        *["", "{", "[]", "5", "null", "{}", '{"format": 1}', "[" * 100_000],
        *[pytest.param(changed_record(**damage), id=str(damage)) for damage in DAMAGES],
    ],
    ids=lambda text: text[:15],
)
def test_a_damaged_record_is_refused_by_its_name(tmp_path: Path, text: str) -> None:
    station = Station(tmp_path)
    folder = shelve(station, episode_of())
    (folder / "episode.json").write_text(text, encoding="utf-8")

    for load in (lambda: load_episode(folder), lambda: load_episodes(station)):
        with pytest.raises(EpisodeError) as caught:
            load()

        told = str(caught.value)
        assert told.startswith(f"{folder / 'episode.json'}: cannot be used (")
        assert told.endswith("); produce the article again, or remove the folder")
        assert len(told.splitlines()) == 1


def test_a_record_that_is_no_text_is_refused(tmp_path: Path) -> None:
    folder = shelve(Station(tmp_path), episode_of())
    (folder / "episode.json").write_bytes(b'{"title": "\xff"}')

    with pytest.raises(EpisodeError, match=r"episode\.json: cannot be used "):
        load_episode(folder)


def test_a_folder_without_a_record_is_no_episode(tmp_path: Path) -> None:
    (tmp_path / "audio" / "2025-03-11-x").mkdir(parents=True)

    assert load_episodes(Station(tmp_path)) == ()
    with pytest.raises(EpisodeError, match=r"episode\.json: cannot be used .*No such file"):
        load_episode(tmp_path / "audio" / "2025-03-11-x")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=300)
@given(st.sampled_from([field.name for field in dataclasses.fields(Episode)]), json_values)
def test_a_record_with_any_value_is_read_or_refused(name: str, value: object) -> None:
    try:
        episode = parse_episode(changed_record(**{name: value}))
    except (ValueError, KeyError, TypeError):
        return
    assert sort_episodes([episode, episode_of()])
    assert {
        type(getattr(episode, field.name)) in (field.type, int)
        for field in dataclasses.fields(Episode)
        if field.type in (str, int, float)
    } == {True}


def test_a_station_without_episodes_has_none(tmp_path: Path) -> None:
    assert load_episodes(Station(tmp_path)) == ()


def test_episodes_are_listed_newest_first(tmp_path: Path) -> None:
    station = Station(tmp_path)
    hours = dt.timedelta(hours=1)
    noon_in_tokyo = dt.datetime(2025, 3, 11, 12, tzinfo=zoneinfo.ZoneInfo("Asia/Tokyo"))  # 03:00 UTC
    for episode in (
        episode_of("2025-03-11-b", number=2),
        episode_of("2025-03-11-a", number=3),
        episode_of("2025-03-11-d", number=4, published=noon_in_tokyo),
        episode_of("2025-03-11-c", number=1, published=SIX + hours),
    ):
        shelve(station, episode)

    assert [episode.slug[-1] for episode in load_episodes(station)] == ["c", "a", "b", "d"]
    assert [episode.slug[-1] for episode in load_episodes(station, without="2025-03-11-a")] == ["c", "b", "d"]


def test_an_episode_that_is_left_out_may_be_damaged(tmp_path: Path) -> None:
    station = Station(tmp_path)
    shelve(station, episode_of("2025-03-11-a"))
    (shelve(station, episode_of("2025-03-11-b")) / "episode.json").write_text("{", encoding="utf-8")

    assert [episode.slug for episode in load_episodes(station, without="2025-03-11-b")] == ["2025-03-11-a"]


@pytest.mark.parametrize("sound", [None, b"", b"soun", b"sounds"])
def test_an_episode_without_its_whole_sound_does_not_exist(tmp_path: Path, sound: bytes | None) -> None:
    station = Station(tmp_path)
    shelve(station, episode_of("2025-03-11-a"))
    path = find(shelve(station, episode_of("2025-03-11-b")), "episode.mp3")
    path.unlink()
    if sound is not None:
        path.write_bytes(sound)

    assert [episode.slug for episode in load_episodes(station)] == ["2025-03-11-a"]


def test_jingles_and_folders_being_made_are_no_episodes(tmp_path: Path) -> None:
    station = Station(tmp_path)
    (tmp_path / "audio" / "jingles").mkdir(parents=True)
    half = shelve(station, episode_of())
    half.rename(half.with_name(f".{half.name}.123.tmp"))

    assert load_episodes(station) == ()


def test_a_whole_episode_has_every_file_as_it_was(tmp_path: Path) -> None:
    station = Station(tmp_path)
    folder = shelve(station, episode_of())
    (folder / "notes.txt").write_text("nobody's business", encoding="utf-8")

    assert is_whole(episode_of(), station)


@pytest.mark.parametrize("name", FILES)
def test_an_episode_with_a_changed_or_missing_file_is_not_whole(tmp_path: Path, name: str) -> None:
    station = Station(tmp_path)
    path = find(shelve(station, episode_of()), name)
    content = path.read_bytes()

    path.write_bytes(content[:-1] + b"?")
    changed = is_whole(episode_of(), station)
    path.write_bytes(content)
    mended = is_whole(episode_of(), station)
    path.unlink()

    assert (changed, mended, is_whole(episode_of(), station)) == (False, True, False)


@pytest.mark.parametrize(
    "name",
    [
        *("episode.mp3", "episode.m4a", "episode.opus", "flash.mp3", "flash-5.mp3", "cover.jpg"),
        *("cover-small.jpg", "chapters.json", "transcript.html", "transcript.json", "transcript.vtt"),
    ],
)
def test_what_feeds_name_has_a_mark_of_its_content(name: str) -> None:
    """Another content, another name; of the same content, the same."""
    one, other = (EpisodeFile(name, 5, hashlib.sha256(said).hexdigest()) for said in (b"one", b"other"))
    stem, suffix = name.split(".")

    assert one.place == f"{stem}-7692c3ad.{suffix}"
    assert re.fullmatch(rf"{stem}-[0-9a-f]{{8}}\.{suffix}", other.place)
    assert other.place != one.place
    assert MARKED.fullmatch(one.place)
    assert not MARKED.fullmatch(name)


@pytest.mark.parametrize("name", sorted(STEADY))
def test_pages_and_what_people_edit_keep_their_names(name: str) -> None:
    """Others link to them, or look for them there."""
    assert EpisodeFile(name, 5, hashlib.sha256(b"one").hexdigest()).place == name


def test_a_file_is_found_under_its_name_while_it_is_being_made(tmp_path: Path) -> None:
    """The one with the mark comes first, once it is there."""
    file = episode_of().audio
    (tmp_path / "episode.mp3").write_bytes(b"sound")
    assert file.find_in(tmp_path) == tmp_path / "episode.mp3"
    (tmp_path / file.place).write_bytes(b"sound")
    assert file.find_in(tmp_path) == tmp_path / f"episode-{SOUND_MARK}.mp3"


@pytest.mark.parametrize(
    ("changes", "public"),
    [
        ({}, True),
        ({"published": SIX + dt.timedelta(seconds=1)}, False),
        ({"published": SIX.astimezone(zoneinfo.ZoneInfo("Asia/Tokyo"))}, True),
        ({"expires": SIX}, False),
        ({"expires": SIX + dt.timedelta(seconds=1)}, True),
        ({"expires": SIX - dt.timedelta(days=1)}, False),
        ({"published": SIX + dt.timedelta(days=1), "expires": SIX + dt.timedelta(days=2)}, False),
    ],
)
def test_an_episode_is_public_from_its_hour_until_it_expires(changes: Any, public: bool) -> None:
    """Both ends are moments, wherever their clocks stand; at the second it expires, it has."""
    assert is_public(episode_of(**changes), SIX) is public


def test_an_episode_under_embargo_is_one_and_one_that_was_withdrawn_is_none(tmp_path: Path) -> None:
    station = Station(tmp_path)
    shelve(station, episode_of("2025-03-11-a", published=SIX + dt.timedelta(days=9)))
    gone = shelve(station, episode_of("2025-03-11-b"))
    (gone / "withdrawn.json").write_text("{}", "utf-8")

    assert [episode.slug for episode in load_episodes(station)] == ["2025-03-11-a"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"number": 1,', '"number": 2,'),
        ("Ferries return", "Ferries returm"),
        ('"size_bytes": 5', '"size_bytes": 6'),
        ('"former": []', '"former": [], "more": 1'),
        ('"checksum": "', '"checksum": "0'),
    ],
)
def test_a_record_that_is_not_as_it_was_written_is_refused(old: str, new: str, tmp_path: Path) -> None:
    """A disk that gives out, or a hand that slips: it is named, and nothing is made of it."""
    folder = shelve(Station(tmp_path), episode_of())
    path = folder / "episode.json"
    text = path.read_text("utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new), "utf-8")

    with pytest.raises(EpisodeError, match=rf"{re.escape(str(path))}: cannot be used \(its checksum is not"):
        load_episode(folder)


def test_a_record_may_be_laid_out_anew(tmp_path: Path) -> None:
    """The checksum is of what it says, not of how."""
    record = json.loads(episode_of().to_json())

    assert parse_episode(json.dumps(dict(reversed(record.items())))) == episode_of()


def test_a_record_of_before_the_checksums_is_read() -> None:
    record = json.loads(episode_of().to_json())
    for name in ("checksum", "former", "corrections", "expires", "stood_in"):
        del record[name]

    assert parse_episode(json.dumps(record)) == episode_of()


def test_an_episodes_files_have_addresses_in_its_folder() -> None:
    station = Station(Path("station"), show=Show(base_url="https://podcast.example/news"))

    assert episode_of().url(station) == "https://podcast.example/news/audio/2025-03-11-ferries-return/"
    folder = "https://podcast.example/news/audio/2025-03-11-ferries-return/"
    assert episode_of().url(station, "episode.mp3") == f"{folder}episode-{SOUND_MARK}.mp3"
    assert episode_of().url(station, "script.md") == f"{folder}script.md"
    assert episode_of().url(station, "flash.mp3") == f"{folder}flash.mp3"
    assert episode_of().folder(station) == Path("station", "audio", "2025-03-11-ferries-return")


@pytest.mark.parametrize(
    ("headline", "slug"),
    [
        (
            "Syrian Insurgents Capture Hama City, Deal Crushing Blow",
            "syrian-insurgents-capture-hama-city-deal-crushing-blow",
        ),
        ("Assad’s Fall: What's Next?", "assads-fall-whats-next"),
        ("Café Zürich & Ångström", "cafe-zurich-angstrom"),
        ("½ ﬁne 5\u00a0km", "12-fine-5-km"),
        ("سقوط حماة", "d3e5b761"),
        ("日本 5 : 0", "5-0-7ed53a6a"),
        ("👩‍👩‍👧‍👦", "edition"),
        ("", "edition"),
        ("???", "edition"),
        ("../../etc/passwd", "etc-passwd"),
        ("..\\..\\windows", "windows"),
        ("/root\0.txt", "root-txt"),
        ("CON", "con"),
        ("-rf ~ $(rm) `id` %2e%2e", "rf-rm-id-2e-2e"),
        ("x" * 69, "x" * 69),
        ("x" * 70, "c71bd109"),
        ("short " + "x" * 300, "short-0a25c0c0"),
    ],
)
def test_an_episodes_folder_is_named_in_plain_letters(headline: str, slug: str) -> None:
    assert make_slug(DAY, headline) == f"2025-03-11-{slug}"


@given(st.dates(), st.text(max_size=200))
def test_no_headline_makes_a_folder_that_cannot_be_made_or_linked_to(date: dt.date, headline: str) -> None:
    slug = make_slug(date, headline)

    assert re.fullmatch(r"\d{4}-\d\d-\d\d(-[a-z0-9]+)+", slug)
    assert slug.isascii()
    assert slug.startswith(date.isoformat())
    assert len(slug) <= 90
    assert episode_of(slug).url(Station(Path())).endswith(f"/audio/{slug}/")


def test_the_shows_guid_is_what_the_podcast_namespace_asks_for() -> None:
    """The first is the namespace's own example: a feed's address without scheme and closing slash."""
    station = Station(Path(), show=Show(base_url="https://podcast.example/"))

    example = uuid.uuid5(PODCAST_NAMESPACE, "podnews.net/rss")

    assert str(example) == "9b024349-ccf0-5f69-a609-6b82873eab3c"
    assert make_show_guid(station) == str(uuid.uuid5(PODCAST_NAMESPACE, "podcast.example/podcast.xml"))


def test_an_episodes_guid_depends_on_show_and_folder_alone() -> None:
    station = Station(Path(), show=Show(base_url="https://podcast.example/"))
    renamed = Station(
        Path("moved"), show=Show(title="New", base_url="http://podcast.example"), outlet=Outlet("N")
    )
    elsewhere = Station(Path(), show=Show(base_url="https://other.example/"))

    guid = make_guid(station, "2025-03-11-a")

    assert guid == "8b226baf-cfe1-57b0-bb3a-101744d10072"
    assert make_guid(renamed, "2025-03-11-a") == guid
    assert len({guid, make_guid(station, "2025-03-11-b"), make_guid(elsewhere, "2025-03-11-a")}) == 3
