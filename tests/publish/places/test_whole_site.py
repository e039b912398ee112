"""A whole site, sent to a real server of each kind: what listeners get there is what the station has."""

import contextlib
from pathlib import Path
from typing import Any

import pytest
from listening import find_faults
from publications import BASE_URL, NOW, Mornings, be_quiet, list_folder

from morning_edition.errors import ConflictError
from morning_edition.publish.course import send_site
from morning_edition.publish.lease import hold_target
from morning_edition.publish.manifest import MANIFEST_NAME, parse_manifest

pytestmark = pytest.mark.thorough


def fetch_all(site: Any, folder: Path) -> Path:
    """Fetch what the manifest lists, as files in *folder*."""
    for path in parse_manifest(site.fetch(MANIFEST_NAME)).files:
        copy = folder / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(site.fetch(path))
    return folder


def test_two_mornings(site: Any, mornings: Mornings, today: Path, tmp_path: Path) -> None:
    """After both, what stands there is to the byte what a folder would hold, and nothing else."""
    with contextlib.closing(site.open()) as target:
        first = send_site(mornings.before, target, NOW, be_quiet)
        assert find_faults(fetch_all(site, tmp_path / "first"), BASE_URL) == []
        second = send_site(mornings.after, target, NOW, be_quiet)
        assert first.unchanged == 0 < second.unchanged
        assert send_site(mornings.after, target, NOW, be_quiet).sent == ()
    assert list_folder(fetch_all(site, tmp_path / "second")) == list_folder(today)
    assert [path for path in second.removed if site.fetch(path)] == []


def test_a_second_producer_is_told(site: Any, mornings: Mornings) -> None:
    """On every kind of target; and nothing is sent."""
    with contextlib.closing(site.open()) as target, contextlib.closing(site.open()) as other:
        with hold_target(target, NOW), pytest.raises(ConflictError, match=r"publishes there since"):
            send_site(mornings.before, other, NOW, be_quiet)
        assert site.fetch("podcast.xml") is None
        assert send_site(mornings.before, other, NOW, be_quiet).sent[-1] == "podcast.xml"


def test_a_lost_manifest(site: Any, mornings: Mornings, today: Path, tmp_path: Path) -> None:
    """It is made anew from what stands there, whichever checksum the target tells, or none."""
    with contextlib.closing(site.open()) as target:
        send_site(mornings.before, target, NOW, be_quiet)
        target.remove(MANIFEST_NAME)
        sent = send_site(mornings.after, target, NOW, be_quiet)
    assert len(sent.remarks) == 1
    assert not [path for path in sent.sent if mornings.corrected in path and "cover" in path]
    assert list_folder(fetch_all(site, tmp_path / "copy")) == list_folder(today)
