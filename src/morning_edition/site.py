"""The site around the episodes: all that stands at its root, derived from them, the feed last."""

import contextlib
import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from morning_edition import __version__
from morning_edition.covers import LARGEST_MB, find_show_cover, sum_own_cover
from morning_edition.episode import Episode, is_public, sort_episodes
from morning_edition.errors import EpisodeError
from morning_edition.files import sha256_of, tell_trouble, write_whole
from morning_edition.kept import Kept
from morning_edition.life.tombstones import load_tombstones
from morning_edition.outlets.briefing import BriefingItem, choose_items
from morning_edition.shelf import Content
from morning_edition.station import Station
from morning_edition.station.site_names import FEED_NAME

NOTE_NAME = "site.json"
"""In the cache: what the site was made of the last time."""


def publish_site(station: Station, episodes: Sequence[Episode], now: dt.datetime) -> Path:
    """Write what is derived from *episodes*: cover, pages, lists, briefing, and last the feed.

    Those that are under embargo at *now* (aware), or have expired, are not in it; that decides, too, what is
    too old for the flash briefing. Returns the feed's path. A file that would not change is not touched.
    Raises `EpisodeError` when the disk refuses, `StationError` when the station's own cover or a template of
    its own is no good; the feed that stood before then stands.
    """
    derived = _derive(station, episodes, now)
    if not _stands(station, derived):
        site = _render_site(station, derived)
        for name, content in site.items():
            try:
                write_changed(station.root / name, content)
            except OSError as error:
                said = tell_trouble(error)
                raise EpisodeError(f"{station.root / name}: cannot be written: {said}") from error
        sums = {name: sha256_of(content) for name, content in site.items()}
        note = json.dumps({"recipe": derived.recipe, "files": sums})
        with contextlib.suppress(OSError):  # only a matter of speed
            write_whole(station.cache_folder / NOTE_NAME, note, durable=False)
    return station.root / FEED_NAME


def is_published(station: Station, episodes: Sequence[Episode], now: dt.datetime) -> bool:
    """Tell whether the site of *episodes* stands as `publish_site` would write it."""
    return _stands(station, _derive(station, episodes, now))


@dataclass(frozen=True, slots=True)
class _Derived:
    """What the site is made of."""

    episodes: Sequence[Episode]
    """The public ones, newest first."""
    briefing: Sequence[BriefingItem]
    withdrawn: dt.datetime | None
    """When the latest that had been public was withdrawn."""
    recipe: str


def _derive(station: Station, episodes: Sequence[Episode], now: dt.datetime) -> _Derived:
    newest_first = sort_episodes(episode for episode in episodes if is_public(episode, now))
    stones = [stone for stone in load_tombstones(station) if stone.was_public]
    withdrawn = max((stone.withdrawn for stone in stones), default=None)
    briefing = choose_items(station, newest_first, now).items
    records = [episode.to_json() for episode in newest_first]
    own = [sum_own_cover(station), *_sum_files(station)]
    recipe = sha256_of(repr([__version__, station.fingerprint, own, records, briefing, withdrawn]))
    return _Derived(newest_first, briefing, withdrawn, recipe)


def try_own_feed(station: Station, episodes: Sequence[Episode]) -> None:
    """See that the station's own feed template and trailer are good. Raises `StationError`."""
    from morning_edition.outlets.feed import FEED_TEMPLATE
    from morning_edition.outlets.typeset import has_own_template

    if station.feed.trailer or has_own_template(FEED_TEMPLATE, station.templates_folder):
        _render_feed(station, sort_episodes(episodes), None)


def _render_feed(station: Station, newest_first: Sequence[Episode], withdrawn: dt.datetime | None) -> str:
    """Return the feed; one that the station's own template makes is looked at first."""
    from morning_edition.outlets.feed import FEED_TEMPLATE, render_feed
    from morning_edition.outlets.typeset import has_own_template

    feed = render_feed(station, newest_first, withdrawn=withdrawn)
    if has_own_template(FEED_TEMPLATE, station.templates_folder):
        from morning_edition.outlets.feed_check import check_feed

        check_feed(feed, station, newest_first)
    return feed


def _sum_files(station: Station) -> list[tuple[str, str]]:
    """Return name and checksum of the station's own files that the site is made of, besides its cover."""
    templates = sorted(path for path in station.templates_folder.glob("*") if path.is_file())
    trailer = station.root / station.feed.trailer
    files = [*templates, *([trailer] if trailer.is_file() else [])]
    return [(path.name, sha256_of(path.read_bytes())) for path in files]


def _render_site(station: Station, derived: _Derived) -> Content:
    """Return the files at the station's root, the feed last: it must name nothing that is not there."""
    from morning_edition.outlets.briefing import render_briefing_json, render_briefing_rss
    from morning_edition.outlets.json_feed import render_json_feed
    from morning_edition.outlets.m3u import render_m3u
    from morning_edition.outlets.opml import render_opml
    from morning_edition.outlets.show_page import render_show_page

    cover, newest_first = find_show_cover(station), derived.episodes
    feed = _render_feed(station, newest_first, derived.withdrawn)
    return {
        "cover.jpg": cover.large,
        "cover-small.jpg": cover.small,
        "index.html": render_show_page(station, newest_first, _find_code(station)),
        "show.opml": render_opml(station),
        "playlist.m3u": render_m3u(station, newest_first),
        "feed.json": render_json_feed(station, newest_first),
        "flash-briefing.xml": render_briefing_rss(station, derived.briefing),
        "flash-briefing.json": render_briefing_json(station, derived.briefing),
        FEED_NAME: feed,
    }


def _find_code(station: Station) -> Markup:
    """Return the QR code of the show's page; it is drawn anew only where the address is another."""
    from morning_edition.outlets.show_page import draw_code

    kept = Kept(station.cache_folder / "covers", largest_mb=LARGEST_MB)
    key = sha256_of(repr([__version__, "code", station.base_url]))
    if svg := kept.load(key):
        return Markup(svg.decode())  # noqa: S704 - our own, by its checksum
    code = draw_code(station.base_url)
    kept.store(key, code.encode())
    return code


def _stands(station: Station, derived: _Derived) -> bool:
    """Tell whether the site is on disk already as it would be rendered: the note of the last time says so."""
    try:
        noted = json.loads((station.cache_folder / NOTE_NAME).read_text("utf-8"))
        return bool(noted["recipe"] == derived.recipe) and all(
            sha256_of((station.root / name).read_bytes()) == checksum
            for name, checksum in noted["files"].items()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def write_changed(path: Path, content: bytes | str) -> None:
    """Write *content* to *path* unless it stands there already."""
    payload = content.encode() if isinstance(content, str) else content
    with contextlib.suppress(FileNotFoundError):
        if path.read_bytes() == payload:
            return
    write_whole(path, payload)
