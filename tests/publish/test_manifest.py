"""What is kept at a target: nothing secret, nothing that is not so, and nothing that cannot be made anew."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from publications import NOW, Faulty, Mornings, be_quiet, link_folder, list_folder

from morning_edition.errors import ConflictError, PublishError
from morning_edition.publish.course import send_site
from morning_edition.publish.manifest import (
    MANIFEST_NAME,
    PUBLIC,
    EpisodeNote,
    Filed,
    Manifest,
    parse_manifest,
    read_manifest,
)

FULL = Manifest(
    revision=7,
    show="8d1c",
    max_age_s=300,
    episodes=(EpisodeNote("g-1", "2026-03-06-ferries", PUBLIC, NOW.isoformat()),),
    files={"podcast.xml": Filed("ab" * 32, 12), "audio/ü x/a.mp3": Filed("", 0)},
    leaving={"audio/ü x/a.mp3": NOW},
    unsure=frozenset({"index.html"}),
)


def test_what_is_written_is_what_is_read() -> None:
    """Whatever it says, it says again."""
    assert parse_manifest(FULL.to_json().encode()) == FULL
    assert parse_manifest(Manifest().to_json().encode()) == Manifest()


def test_every_damage_is_noticed() -> None:
    """A byte changed, lost or added: it is none any more, and nobody relies on it."""
    content = FULL.to_json().encode()
    for place in range(0, len(content) - 1, 7):
        for damaged in (content[:place], content[:place] + b"9" + content[place:]):
            try:
                read = parse_manifest(damaged)
            except (ValueError, KeyError, TypeError, AttributeError):
                continue
            assert read == FULL  # white space


@pytest.mark.parametrize("content", [b"[]", b"null", b"7", b'""', b"{}", b"[" * 100_000, b"\xff\xfe", b""])
def test_what_is_no_manifest_is_none(tmp_path: Path, content: bytes) -> None:
    """Whatever lies in its place."""
    target = Faulty(tmp_path / "public")
    target.send(MANIFEST_NAME, content, media_type="", cache_control="")
    assert read_manifest(target) is None


def test_a_manifest_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    """It is not damaged; who publishes needs the later version."""
    from morning_edition.publish.manifest import _sum

    record = {"format": 2, "files": {}}
    target = Faulty(tmp_path / "public")
    content = json.dumps(record | {"checksum": _sum(record)}).encode()
    target.send(MANIFEST_NAME, content, media_type="", cache_control="")
    with pytest.raises(PublishError, match=r"a later version of morning-edition"):
        read_manifest(target)


def test_it_tells_what_is_there_and_nothing_else(mornings: Mornings, today: Path) -> None:
    """Every file with its length and checksum; no folder of this machine, nothing that waits."""
    manifest = json.loads((today / MANIFEST_NAME).read_bytes())
    there = list_folder(today)
    assert manifest["files"].keys() == there.keys()
    assert all(manifest["files"][path][1] == len(content) for path, content in there.items())
    assert str(mornings.after.root) not in (today / MANIFEST_NAME).read_text("utf-8")
    assert sorted((slug, state) for _, slug, state, _ in manifest["episodes"]) == sorted(
        [(mornings.corrected, "public"), (mornings.added, "public"), (mornings.retracted, "withdrawn")]
    )
    assert manifest["unsure"] == []
    superseded = [path for path in manifest["leaving"] if f"audio/{mornings.corrected}/" in path]
    assert superseded


def test_it_never_claims_what_is_not_there(mornings: Mornings, yesterday: Path, tmp_path: Path) -> None:
    """At no moment of a publication."""
    folder = link_folder(yesterday, tmp_path / "public")
    target, false = Faulty(folder), []

    def watch() -> None:
        manifest = parse_manifest((folder / MANIFEST_NAME).read_bytes())
        there = list_folder(folder)
        false.extend(
            path for path, filed in manifest.files.items() if len(there.get(path, b"")) != filed.size_bytes
        )
        false.extend(path for path in there if path not in manifest.files.keys() | manifest.unsure)

    target.watch = watch
    send_site(mornings.after, target, NOW, be_quiet)
    assert false == []


@pytest.mark.parametrize("damage", [b"", b"{", None])
def test_a_lost_manifest_is_made_anew(
    mornings: Mornings, yesterday: Path, today: Path, tmp_path: Path, damage: bytes | None
) -> None:
    """From what stands there: no sound of that is sent again, and what was retracted since still goes.

    Nobody knows which headers pages have there, so they are.
    """
    folder = link_folder(yesterday, tmp_path / "public")
    (folder / MANIFEST_NAME).unlink()
    if damage is not None:
        (folder / MANIFEST_NAME).write_bytes(damage)
    sent = send_site(mornings.after, Faulty(folder), NOW, be_quiet)
    assert list_folder(folder) == list_folder(today)
    again = {path for path in sent.sent if list_folder(yesterday).get(path) == list_folder(today)[path]}
    assert not [path for path in again if re.search(r"-[0-9a-f]{8}\.", path)]
    assert sent.remarks == ("its manifest was missing or damaged, and is made anew from what stands there",)


def test_a_lost_manifest_does_not_hide_a_conflict(mornings: Mornings, today: Path, tmp_path: Path) -> None:
    """The feed that stands there tells what others have published."""
    folder = link_folder(today, tmp_path / "public")
    (folder / MANIFEST_NAME).unlink()
    with pytest.raises(ConflictError, match=rf"would vanish.*{mornings.added}"):
        send_site(mornings.before, Faulty(folder), NOW, be_quiet)
    assert list_folder(folder) == list_folder(today)


def test_another_page_is_not_written_over(mornings: Mornings, tmp_path: Path) -> None:
    """A place where somebody has a site of another kind is refused, unless it is to be taken over."""
    folder = tmp_path / "public"
    folder.mkdir()
    (folder / "index.html").write_text("My garden")
    with pytest.raises(ConflictError, match=r"index\.html there is another page"):
        send_site(mornings.before, Faulty(folder), NOW, be_quiet)
    assert list_folder(folder) == {"index.html": b"My garden"}
    send_site(mornings.before, Faulty(folder), NOW, be_quiet, take_over=True)
    assert b"My garden" not in list_folder(folder)["index.html"]


@pytest.mark.parametrize(
    "feed", [b"<rss>", b"<html></html>", b"\x00\xff", b'<!DOCTYPE x [<!ENTITY a "b">]><rss/>']
)
def test_a_feed_that_cannot_be_read_is_somebodys(mornings: Mornings, tmp_path: Path, feed: bytes) -> None:
    """Nobody knows what it tells, so it is not written over; unless it is to be."""
    folder = tmp_path / "public"
    folder.mkdir()
    (folder / "podcast.xml").write_bytes(feed)
    with pytest.raises(ConflictError, match=r"podcast\.xml there cannot be read"):
        send_site(mornings.before, Faulty(folder), NOW, be_quiet)
    send_site(mornings.before, Faulty(folder), NOW, be_quiet, take_over=True)
    assert list_folder(folder)["podcast.xml"].startswith(b"<?xml ")


def test_other_headers_are_told_again(mornings: Mornings, yesterday: Path, tmp_path: Path) -> None:
    """Where caches are to keep pages for another time, what has no mark is sent again, and nothing else."""
    folder = link_folder(yesterday, tmp_path / "public")
    station = replace(mornings.before, publish=replace(mornings.before.publish, feed_max_age_s=60))
    sent = send_site(station, Faulty(folder), NOW, be_quiet)
    assert "podcast.xml" in sent.sent
    assert not [path for path in sent.sent if path.endswith(".mp3")]
    assert send_site(station, Faulty(folder), NOW, be_quiet).sent == ()
