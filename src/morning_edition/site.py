"""The site around the episodes: all that stands at its root, derived from them, the feed last."""

import contextlib
import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup

from morning_edition import __version__
from morning_edition.covers import LARGEST_MB, find_show_cover, sum_own_cover
from morning_edition.episode import Episode, sort_episodes
from morning_edition.errors import EpisodeError
from morning_edition.files import sha256_of, write_whole
from morning_edition.kept import Kept
from morning_edition.outlets.briefing import BriefingItem, choose_items
from morning_edition.shelf import Content
from morning_edition.station import Station
from morning_edition.station.site_names import FEED_NAME


def publish_site(station: Station, episodes: Sequence[Episode], now: dt.datetime) -> Path:
    """Write what is derived from *episodes*: cover, pages, lists, briefing, and last the feed.

    Returns the feed's path. A file that would not change is not touched; *now* (aware) decides what is too
    old for the flash briefing. Raises `EpisodeError` when the disk refuses, `StationError` when the station's
    own cover or a template of its own is no good; the feed that stood before then stands.
    """
    newest_first = sort_episodes(episodes)
    briefing = choose_items(station, newest_first, now).items
    note = station.cache_folder / "site.json"
    records = [episode.to_json() for episode in newest_first]
    own = [sum_own_cover(station), *_sum_files(station)]
    recipe = sha256_of(repr([__version__, station.fingerprint, own, records, briefing]))
    if not _stands(station, note, recipe):
        site = _render_site(station, newest_first, briefing)
        try:
            for name, content in site.items():
                write_changed(station.root / name, content)
        except OSError as error:
            raise EpisodeError(f"{station.root}: cannot be written: {error.strerror or error}") from error
        sums = {name: sha256_of(content) for name, content in site.items()}
        with contextlib.suppress(OSError):  # only a matter of speed
            write_whole(note, json.dumps({"recipe": recipe, "files": sums}), durable=False)
    return station.root / FEED_NAME


def try_own_feed(station: Station, episodes: Sequence[Episode]) -> None:
    """See that the station's own feed template and trailer are good. Raises `StationError`."""
    from morning_edition.outlets.feed import FEED_TEMPLATE
    from morning_edition.outlets.typeset import has_own_template

    if station.feed.trailer or has_own_template(FEED_TEMPLATE, station.templates_folder):
        _render_feed(station, sort_episodes(episodes))


def _render_feed(station: Station, newest_first: Sequence[Episode]) -> str:
    """Return the feed; one that the station's own template makes is looked at first."""
    from morning_edition.outlets.feed import FEED_TEMPLATE, render_feed
    from morning_edition.outlets.typeset import has_own_template

    feed = render_feed(station, newest_first)
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


def _render_site(
    station: Station, newest_first: Sequence[Episode], briefing: Sequence[BriefingItem]
) -> Content:
    """Return the files at the station's root, the feed last: it must name nothing that is not there."""
    from morning_edition.outlets.briefing import render_briefing_json, render_briefing_rss
    from morning_edition.outlets.json_feed import render_json_feed
    from morning_edition.outlets.m3u import render_m3u
    from morning_edition.outlets.opml import render_opml
    from morning_edition.outlets.show_page import render_show_page

    cover = find_show_cover(station)
    feed = _render_feed(station, newest_first)
    return {
        "cover.jpg": cover.large,
        "cover-small.jpg": cover.small,
        "index.html": render_show_page(station, newest_first, _find_code(station)),
        "show.opml": render_opml(station),
        "playlist.m3u": render_m3u(station, newest_first),
        "feed.json": render_json_feed(station, newest_first),
        "flash-briefing.xml": render_briefing_rss(station, briefing),
        "flash-briefing.json": render_briefing_json(station, briefing),
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


def _stands(station: Station, note: Path, recipe: str) -> bool:
    """Tell whether the site is on disk already as it would be rendered: the note of the last time says so."""
    try:
        noted = json.loads(note.read_text("utf-8"))
        return bool(noted["recipe"] == recipe) and all(
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
