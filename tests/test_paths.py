"""No path leads out of the station, whoever wrote it: a headline, a setting, a template, a record, a target.

What is edited by hand, or damaged, is refused or passed over; what stands beside the station stays as it is.
"""

import dataclasses
import datetime as dt
import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from publications import NOW, be_quiet, list_folder, make_station, produce_article, render

from morning_edition.episode import FormerFile, load_episode, load_episodes, make_slug, parse_episode
from morning_edition.errors import AudioError, EpisodeError, MorningEditionError, PublishError, StationError
from morning_edition.files import sha256_of
from morning_edition.former import sweep_former
from morning_edition.life.listing import look_up
from morning_edition.life.retracting import choose_episodes, retract_episodes
from morning_edition.life.tombstones import load_tombstone
from morning_edition.mix.jingles import find_jingles
from morning_edition.outlets.typeset import typeset
from morning_edition.publish import publish_to
from morning_edition.publish.manifest import MANIFEST_NAME
from morning_edition.records import mend_records
from morning_edition.settling import settle_station
from morning_edition.shelf import stage_episode
from morning_edition.station import Station, load_station, parse_station
from morning_edition.watching.memory import load_memory

DAY = dt.date(2026, 3, 6)
LATER = NOW + dt.timedelta(days=40)
RESERVED = ("con", "prn", "aux", "nul", "com1", "lpt9")
"""Names of devices on Windows (Microsoft, "Naming Files, Paths, and Namespaces")."""
OUTSIDE = (
    *("../../x", "/etc/passwd", "..", ".", "a/b", "a\\b", "C:x", "\0", "", ".hidden", "a\nb"),
    *("episode.mp3/../../../x", "<script>"),
)

SLOW = pytest.mark.thorough
linked = pytest.mark.skipif(os.name == "nt", reason="links need a right of their own on Windows")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Station:
    station = make_station(tmp_path_factory.mktemp("paths") / "station")
    produce_article(station, "Tram Line Opens", "The tram opened at noon on Thursday.")
    render(station)
    return station


@pytest.fixture
def station(made: Station, tmp_path: Path) -> Station:
    shutil.copytree(made.root, tmp_path / "home" / "station")
    return load_station(tmp_path / "home" / "station")


@pytest.fixture
def outside(station: Station) -> Iterator[Path]:
    """Give a folder beside the station; nothing in it may change."""
    folder = station.root.parent / "outside"
    folder.mkdir()
    for name in ("x", "episode-00000000.mp3", ".x.0123456789abcdef.tmp", "note.html.j2"):
        (folder / name).write_text(name)
    before = look_around(station)
    yield folder
    assert look_around(station) == before


def look_around(station: Station) -> dict[str, bytes]:
    root = station.root.parent
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.is_relative_to(station.root)
    }


def folder_of(station: Station) -> Path:
    (folder,) = station.episodes_folder.glob("[!.]*")
    return folder


def reseal(path: Path, **changes: Any) -> None:
    """Edit a record, and give it the checksum that goes with it."""
    record = json.loads(path.read_text("utf-8")) | changes
    record.pop("checksum", None)
    checksum = sha256_of(json.dumps(record, sort_keys=True))
    path.write_text(json.dumps(record | {"checksum": checksum}), "utf-8")


HEADLINES = (
    *("...", "../../etc/passwd", "/etc/passwd", "\0", "a\0b", "a/b\\c:d", "CON", "nul.txt", "~root", "-rf"),
    *(".", "x" * 10_000, "word " * 2_000, "\u202e", "C:\\Windows", "\n\r\t", "%2e%2e%2f", "日本" * 5_000),
)


@pytest.mark.parametrize("headline", HEADLINES, ids=range(len(HEADLINES)))
def test_whatever_the_headline_the_folder_is_a_plain_name(headline: str) -> None:
    check_slug(make_slug(DAY, headline))


@given(st.text(max_size=300))
def test_any_headline_gives_a_plain_name(headline: str) -> None:
    check_slug(make_slug(DAY, headline))


def check_slug(slug: str) -> None:
    assert slug.startswith("2026-03-06-")
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert len(slug) < 100
    assert slug not in RESERVED  # it begins with a day


@pytest.mark.parametrize("name", [*OUTSIDE[:1], *(pytest.param(one, marks=SLOW) for one in OUTSIDE[1:])])
@pytest.mark.parametrize("field", ["name", "place"])
def test_a_record_that_names_a_file_elsewhere_is_refused(
    name: str, field: str, station: Station, outside: Path
) -> None:
    """Loaded, published, withdrawn, settled, restored: none of it reads, moves or removes what it names."""
    folder = folder_of(station)
    record = json.loads((folder / "episode.json").read_text("utf-8"))
    if field == "place":
        changes = {"former": [{"place": name, "superseded": "2026-03-01T06:00:00+00:00"}]}
    else:
        changes = {"files": [*record["files"], {"name": name, "size_bytes": 1, "sha256": "00"}]}
    reseal(folder / "episode.json", **changes)
    shutil.rmtree(station.cache_folder / "records", ignore_errors=True)
    with pytest.raises(EpisodeError, match=r"episode\.json: cannot be used .* cannot be '"):
        load_episode(folder)
    with pytest.raises(EpisodeError):
        publish_to(station, str(station.root.parent / "www"), NOW, be_quiet)
    with pytest.raises(EpisodeError):
        retract_episodes(station, choose_episodes(station, [folder.name]).episodes, "", NOW)
    settle_station(station, LATER, thorough=True)
    assert mend_records(station, [folder.name], LATER, be_quiet) == ()
    entry = look_up(station, folder.name, NOW)
    assert entry and entry.state == "damaged"


@pytest.mark.parametrize("sha256", ["../../../x", "/etc/passwd", "0" * 8 + "/../x"])
def test_a_checksum_that_is_a_path_is_refused(sha256: str, station: Station) -> None:
    """The mark of a file's content stands in its name."""
    text = (folder_of(station) / "episode.json").read_text("utf-8")
    record = json.loads(text)
    record.pop("checksum")
    record["files"][0]["sha256"] = sha256
    with pytest.raises(ValueError, match="sha256 cannot be"):
        parse_episode(json.dumps(record))


def test_what_is_swept_is_the_episodes_own(station: Station, outside: Path) -> None:
    """Even where what is superseded was never read from a record: only names in the folder are looked at."""
    (episode,) = load_episodes(station)
    before = sorted(path.name for path in folder_of(station).iterdir())
    place = f"../../../{outside.name}/episode-00000000.mp3"
    sweep_former(station, dataclasses.replace(episode, former=(FormerFile(place, NOW),)), LATER)
    assert sorted(path.name for path in folder_of(station).iterdir()) == before


@linked
def test_an_episodes_folder_that_is_a_link_is_not_followed(station: Station, outside: Path) -> None:
    """It is refused by its name, and nothing behind it is published, withdrawn, swept or written."""
    folder = folder_of(station)
    shutil.move(folder, outside / folder.name)
    (outside / folder.name / ".x.0123456789abcdef.tmp").write_text("somebody's")
    folder.symlink_to(outside / folder.name)
    kept = list_folder(outside)
    with pytest.raises(EpisodeError, match="is a link, and none is followed"):
        load_episodes(station)
    with pytest.raises(EpisodeError, match="is a link"):
        load_tombstone(folder)
    with pytest.raises(EpisodeError, match="is a link"), stage_episode(station, folder.name):
        pass
    with pytest.raises(EpisodeError, match="is a link"):
        retract_episodes(station, choose_episodes(station, [folder.name]).episodes, "", NOW)
    settle_station(station, LATER, thorough=True)
    assert list_folder(outside) == kept
    shutil.rmtree(outside / folder.name)


@linked
def test_a_file_of_an_episode_that_is_a_link_is_not_published(station: Station, outside: Path) -> None:
    sound = next(folder_of(station).glob("episode-*.mp3"))
    shutil.move(sound, outside / sound.name)
    sound.symlink_to(outside / sound.name)
    with pytest.raises(PublishError, match="is a link, and none is followed"):
        publish_to(station, str(station.root.parent / "www"), NOW, be_quiet)
    assert not (station.root.parent / "www" / "podcast.xml").exists()
    shutil.rmtree(station.root.parent / "www")
    (outside / sound.name).unlink()


@linked
def test_what_a_link_in_the_episodes_folder_leads_to_is_not_cleared(station: Station, outside: Path) -> None:
    """Neither by a name that a killed run would have left, nor by one of an edition."""
    (outside / "2026-03-01-x").mkdir()
    (outside / "2026-03-01-x" / ".x.0123456789abcdef.tmp").write_text("somebody's")
    (station.episodes_folder / ".2026-03-01-x.123.tmp").symlink_to(outside)
    (station.episodes_folder / "2026-03-01-x").symlink_to(outside / "2026-03-01-x")
    settle_station(station, LATER, thorough=True)
    assert (outside / "2026-03-01-x" / ".x.0123456789abcdef.tmp").exists()
    shutil.rmtree(outside / "2026-03-01-x")


@linked
@pytest.mark.parametrize("setting", ["sting", "open"])
def test_a_jingle_that_leads_out_of_the_station_is_refused(
    setting: str, station: Station, outside: Path
) -> None:
    """As a cover and a trailer are; only a lexicon may include others' files."""
    (station.root / "own.wav").symlink_to(outside / "x")
    text = (station.root / "station.toml").read_text("utf-8")
    text = text.replace(f'{setting} = ""', f'{setting} = "own.wav"')
    with pytest.raises(AudioError, match=r"own\.wav: leads out of the station's folder"):
        find_jingles(parse_station(text, station.root))


@linked
def test_a_jingle_may_be_a_link_within_the_station(station: Station) -> None:
    (station.root / "real.wav").write_bytes(b"x")
    (station.root / "own.wav").symlink_to(station.root / "real.wav")
    text = (station.root / "station.toml").read_text("utf-8").replace('sting = ""', 'sting = "own.wav"')
    assert station.root / "own.wav" in find_jingles(parse_station(text, station.root)).values()


@linked
@pytest.mark.parametrize("name", ["robots.txt", "trailer.mp3"])
def test_a_file_of_the_site_that_leads_out_is_not_published(
    name: str, station: Station, outside: Path
) -> None:
    (station.root / name).symlink_to(outside / "x")
    text = (station.root / "station.toml").read_text("utf-8") + '[feed]\ntrailer = "trailer.mp3"\n'
    with pytest.raises(PublishError, match="leads out of the station's folder"):
        publish_to(parse_station(text, station.root), str(station.root.parent / "www"), NOW, be_quiet)


AT_TARGET = ("../../x", "/etc/passwd", "a/../../x", "", ".", "a\\b", "a\0b", ".morning-edition/lease.json")
WAYS_OUT = (
    *(
        '{% include "../../outside/x" %}',
        '{% include "/etc/passwd" %}',
        '{% extends "../../outside/note.html.j2" %}',
    ),
    *('{% import "../station.toml" as x %}', '{% from "../station.toml" import x %}'),
    *('{% include "..\\\\station.toml" %}', '{% include "linked.html.j2" %}', '{% include "folder/x" %}'),
)


@linked
@pytest.mark.parametrize("template", WAYS_OUT)
def test_a_template_leads_nowhere_but_to_the_stations_own(
    template: str, station: Station, outside: Path
) -> None:
    """By no name, and by no link in the folder."""
    own = station.templates_folder
    own.mkdir()
    (own / "linked.html.j2").symlink_to(outside / "note.html.j2")
    (own / "folder").symlink_to(outside)
    (own / "show.html.j2").write_text(template)
    with pytest.raises(StationError) as refused:
        typeset("show.html.j2", own)
    assert re.search("no template is called|leads out of the station", str(refused.value))


@pytest.mark.parametrize("path", [AT_TARGET[0], *(pytest.param(one, marks=SLOW) for one in AT_TARGET[1:])])
@pytest.mark.parametrize("where", ["files", "unsure", "leaving"])
def test_a_manifest_that_names_what_is_none_of_the_site_counts_for_nothing(
    path: str, where: str, station: Station, outside: Path
) -> None:
    """Whoever can write there could have named anything: nothing outside the target is removed."""
    target = station.root.parent / "www"
    publish_to(station, str(target), NOW, be_quiet)
    record = json.loads((target / MANIFEST_NAME).read_text("utf-8"))
    if where == "unsure":
        reseal(target / MANIFEST_NAME, unsure=[path])
    else:
        reseal(
            target / MANIFEST_NAME,
            files=record["files"] | {path: ["", 0]},
            leaving={path: "2026-03-01T06:00:00+00:00"} if where == "leaving" else {},
        )
    before = list_folder(target)
    sent = publish_to(station, str(target), LATER, be_quiet)
    assert sent.removed == ()
    assert list_folder(target) == before
    shutil.rmtree(target)


@pytest.mark.parametrize("slug", ["../../x", "/etc", "a/b", "..", ".x", "a\nb"])
def test_a_memory_that_names_a_folder_elsewhere_is_damaged(slug: str, tmp_path: Path) -> None:
    from morning_edition.watching.memory import Known, Memory

    memory = Memory(tmp_path / ".watch.json")
    known = Known("f", "begun", "2026-03-06T06:00:00+00:00", "2026-03-06", day="2026-03-06", slug=slug)
    memory.follow("articles").articles["x"] = known
    memory.save()
    with pytest.raises(ValueError, match="no name of an episode"):
        load_memory(tmp_path / ".watch.json")


@pytest.mark.parametrize("name", ["../../outside", "/", "..", "../outside/x", "audio/../../outside"])
def test_an_episode_is_named_by_nothing_outside(name: str, station: Station, outside: Path) -> None:
    with pytest.raises(MorningEditionError):
        choose_episodes(station, [name])
