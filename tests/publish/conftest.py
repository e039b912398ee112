"""Two mornings of a station, and a target as each of them left it; made once, for all tests of publishing."""

from pathlib import Path

import pytest
from publications import (
    HOUR,
    NOW,
    Mornings,
    be_quiet,
    copy_station,
    link_folder,
    make_station,
    produce_article,
    render,
    retract,
)

from morning_edition.publish import publish_to


@pytest.fixture(scope="session")
def mornings(tmp_path_factory: pytest.TempPathFactory) -> Mornings:
    """One episode is corrected overnight, one retracted, one new. Nobody may write into these."""
    root = tmp_path_factory.mktemp("mornings")
    before = make_station(root / "before")
    corrected = produce_article(before, "Tram Line Opens", "The tram opened at noon on Thursday.")
    retracted = produce_article(before, "Seed Bank Flooded", "Water broke into the seed bank.")
    render(before)
    after = copy_station(before, root / "after")
    later = NOW + HOUR
    produce_article(after, "Tram Line Opens", "The tram opened at one on Thursday.", later)
    retract(after, retracted.slug, later)
    added = produce_article(after, "Ferries Return", "Ferries crossed the bay on Monday.", later)
    render(after, later)
    return Mornings(before, after, corrected.slug, retracted.slug, added.slug)


@pytest.fixture(scope="session")
def yesterday(mornings: Mornings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A target as the first morning left it; to be copied."""
    folder = tmp_path_factory.mktemp("yesterday") / "public"
    publish_to(mornings.before, str(folder), NOW, be_quiet)
    return folder


@pytest.fixture(scope="session")
def today(mornings: Mornings, yesterday: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same after the second morning."""
    folder = link_folder(yesterday, tmp_path_factory.mktemp("today") / "public")
    publish_to(mornings.after, str(folder), NOW, be_quiet)
    return folder
