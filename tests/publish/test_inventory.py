"""Which files are the site, what is told of each, and what never leaves the newsroom."""

import datetime as dt
import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from publications import NOW, Mornings, copy_station, make_station, render

from morning_edition.episode import load_episodes
from morning_edition.errors import PublishError
from morning_edition.life.tombstones import load_tombstones
from morning_edition.publish.inventory import FOR_EVER, PublicFile, Rank, list_site, refuse_unfinished
from morning_edition.serving.site import Site
from morning_edition.station import Station

FRESH = "public, max-age=300"


def take(station: Station, now: dt.datetime, *, waiting: str = "") -> dict[str, PublicFile]:
    """Return the site's files by their paths; the episode *waiting* is under embargo."""
    episodes = [
        replace(episode, published=now + dt.timedelta(seconds=1)) if episode.slug == waiting else episode
        for episode in load_episodes(station)
    ]
    files = list_site(station, episodes, load_tombstones(station), now)
    return {file.path: file for file in files}


@pytest.fixture
def station(mornings: Mornings, tmp_path: Path) -> Station:
    return copy_station(mornings.after, tmp_path / "station")


def test_each_file_is_what_its_record_tells(mornings: Mornings) -> None:
    """Path, length and checksum are those of the file on the disk."""
    files = take(mornings.after, NOW + dt.timedelta(hours=1))
    assert len(files) > 30
    for path, file in files.items():
        content = (mornings.after.root / path).read_bytes()
        assert (file.size_bytes, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())


def test_what_is_sent_is_what_is_served(mornings: Mornings) -> None:
    """Every file that is sent is served as well, under the same type; of a record's files none is missing."""
    now = NOW + dt.timedelta(hours=1)
    files, site = take(mornings.after, now), Site(mornings.after)
    for path, file in files.items():
        served = site.find(f"/{path}")
        assert served, path
        assert served.type == file.media_type
    former = {
        f"audio/{episode.slug}/{one.place}"
        for episode in load_episodes(mornings.after)
        for one in episode.former
    }
    standing = {
        path.relative_to(mornings.after.root).as_posix()
        for path in mornings.after.root.rglob("*")
        if path.is_file()
    }
    assert {path for path in standing if site.find(f"/{path}")} - files.keys() == former


@pytest.mark.parametrize(
    ("name", "media_type", "cache_control", "rank"),
    [
        ("episode-*.mp3", "audio/mpeg", FOR_EVER, Rank.MEDIA),
        ("chapters-*.json", "application/json+chapters", FOR_EVER, Rank.MEDIA),
        ("transcript-*.vtt", "text/vtt; charset=utf-8", FOR_EVER, Rank.MEDIA),
        ("transcript-*.html", "text/html; charset=utf-8", FOR_EVER, Rank.MEDIA),
        ("transcript-*.srt", "application/x-subrip", FOR_EVER, Rank.MEDIA),
        ("embed.html", "text/html; charset=utf-8", FRESH, Rank.EMBEDS),
        ("oembed.json", "application/json", FRESH, Rank.EMBEDS),
        ("index.html", "text/html; charset=utf-8", FRESH, Rank.PAGES),
        ("../../index.html", "text/html; charset=utf-8", FRESH, Rank.LISTS),
        ("../../cover.jpg", "image/jpeg", FRESH, Rank.MEDIA),
        ("../../show.opml", "text/x-opml; charset=utf-8", FRESH, Rank.LISTS),
        ("../../flash-briefing.json", "application/json", FRESH, Rank.BRIEFING),
        ("../../feed.json", "application/feed+json", FRESH, Rank.JSON_FEED),
        ("../../podcast.xml", "application/rss+xml; charset=utf-8", FRESH, Rank.FEED),
    ],
)
def test_type_and_caching(
    mornings: Mornings, name: str, media_type: str, cache_control: str, rank: Rank
) -> None:
    """What has a mark of its content may be kept for ever; what keeps its name is asked for again."""
    folder = mornings.after.root / "audio" / mornings.added
    (path,) = folder.resolve().glob(name) if "*" in name else [(folder / name).resolve()]
    file = take(mornings.after, NOW + dt.timedelta(hours=1))[
        path.relative_to(mornings.after.root.resolve()).as_posix()
    ]
    assert (file.media_type, file.cache_control, file.rank) == (media_type, cache_control, rank)


def test_the_setting_tells_how_long_caches_keep_the_feed(mornings: Mornings) -> None:
    """`publish.feed_max_age_s` is what feeds and pages say."""
    station = replace(mornings.after, publish=replace(mornings.after.publish, feed_max_age_s=60))
    assert take(station, NOW)["podcast.xml"].cache_control == "public, max-age=60"


def test_what_waits_or_is_gone_is_not_of_it(mornings: Mornings) -> None:
    """No file of an episode that is not public yet; of a withdrawn one the pages that say so."""
    before = take(mornings.after, NOW, waiting=mornings.added)
    slugs = {path.split("/")[1] for path in before if path.startswith("audio/")}
    assert slugs == {mornings.corrected, mornings.retracted}
    left = {path for path in before if f"/{mornings.retracted}/" in path}
    assert left == {f"audio/{mornings.retracted}/{name}" for name in ("index.html", "embed.html")}


def test_of_a_withdrawal_that_has_not_ended_nothing_is_sent(station: Station) -> None:
    """As long as the record is there, the page may still be the episode's."""
    slug = load_tombstones(station)[0].slug
    (station.root / "audio" / slug / "episode.json").write_text("{}")
    assert not [path for path in take(station, NOW) if slug in path]


def test_own_things_are_not_of_it(station: Station) -> None:
    """Whatever lies about is not sent, whichever kind it is of; an icon and robots.txt are."""
    folder = load_episodes(station)[0].folder(station)
    for path in (folder / "interview.mp3", folder / "notes.html", station.root / "draft.html"):
        path.write_text("raw")
    before = take(station, NOW)
    assert not [
        path for path in before if path.rpartition("/")[2] in ("interview.mp3", "notes.html", "draft.html")
    ]
    for name in ("favicon.ico", "robots.txt"):
        (station.root / name).write_text("raw")
    assert take(station, NOW).keys() - before.keys() == {"favicon.ico", "robots.txt"}


def test_the_trailer_is_of_it(station: Station) -> None:
    """Wherever it lies in the station's folder; nothing beside it is."""
    (station.root / "extras").mkdir()
    (station.root / "extras" / "trailer.mp3").write_bytes(b"sound")
    (station.root / "extras" / "other.mp3").write_bytes(b"sound")
    with_trailer = replace(station, feed=replace(station.feed, trailer="extras/trailer.mp3"))
    assert take(with_trailer, NOW).keys() - take(station, NOW).keys() == {"extras/trailer.mp3"}


def test_a_link_out_of_the_station_is_refused(station: Station, tmp_path: Path) -> None:
    """Nobody publishes a secret by a link."""
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    (station.root / "robots.txt").symlink_to(secret)
    with pytest.raises(PublishError, match=r"robots\.txt leads out of the station's folder"):
        take(station, NOW)


def test_a_site_that_was_never_written_is_refused(tmp_path: Path) -> None:
    """It says which file is missing."""
    station = make_station(tmp_path / "station")
    with pytest.raises(PublishError, match=r"cover\.jpg is not there"):
        refuse_unfinished(station, [*take(station, NOW).values()])


def test_a_feed_that_leads_to_what_is_not_public_is_refused(mornings: Mornings) -> None:
    """An old feed on the disk, or one that somebody has edited, is not sent."""
    refuse_unfinished(mornings.after, [*take(mornings.after, NOW).values()])
    with pytest.raises(PublishError, match=rf"podcast\.xml leads to audio/{mornings.added}/.* is not public"):
        refuse_unfinished(mornings.after, [*take(mornings.after, NOW, waiting=mornings.added).values()])


def test_a_station_without_episodes_is_a_site(tmp_path: Path) -> None:
    """Its feed is empty, and is sent last all the same."""
    station = make_station(tmp_path / "station")
    render(station)
    files = list(take(station, NOW))
    assert files[-1] == "podcast.xml"
    assert {Path(path).parent for path in files} == {Path()}
