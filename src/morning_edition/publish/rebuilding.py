"""A manifest that is missing or damaged, made anew from what stands at the target.

A target lists nothing. What it has is asked of it by the names that this station would send, and by those in
the feed that listeners have from there.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from morning_edition.errors import ConflictError
from morning_edition.former import MARKED
from morning_edition.publish.inventory import PublicFile
from morning_edition.publish.manifest import PUBLIC, EpisodeNote, Filed, Manifest, read_whole
from morning_edition.publish.sending import at_once, do_each, stands
from morning_edition.publish.target import Target
from morning_edition.station.site_names import FEED_NAME

if TYPE_CHECKING:
    from morning_edition.outlets.feed_reading import Element

STANDING = Filed("", 0)
"""Of what is there, but nobody has looked into it."""
SHOW_PAGE = "index.html"
PAGES = ("index.html", "embed.html", "oembed.json")
OF_AN_EPISODE = re.compile(r"/audio/([A-Za-z0-9][A-Za-z0-9._-]*)/([^/?#]+)$")


@dataclass(frozen=True, slots=True)
class _Published:
    """What a feed tells."""

    show: str
    episodes: tuple[EpisodeNote, ...]
    paths: frozenset[str]


def rebuild_manifest(target: Target, site: Sequence[PublicFile], *, take_over: bool) -> Manifest:
    """Return what can be known of *target* without its manifest. Raises `PublishError`.

    Raises `ConflictError`, unless to *take_over*, where somebody else's page or feed is there.
    """
    feed = read_whole(target, FEED_NAME)
    if not feed:
        _refuse_strangers(target, site, take_over=take_over)
        return Manifest()
    try:
        published = _read_feed(feed)
    except ValueError as error:
        if take_over:
            return Manifest(unsure=frozenset(file.path for file in site))
        raise ConflictError(
            f"{target.shown}: {FEED_NAME} there cannot be read ({error}); see whose it is, and publish with "
            "--take-over to replace it"
        ) from error
    return Manifest(
        show=published.show,
        episodes=published.episodes,
        files=dict.fromkeys(sorted(published.paths), STANDING),
        unsure=frozenset(file.path for file in site),
    )


def look_around(
    target: Target, manifest: Manifest, site: Sequence[PublicFile], looked: Callable[[], None]
) -> Manifest:
    """Return *manifest* with what of *site* it was unsure of, and stands there as it should."""

    def look(file: PublicFile) -> tuple[PublicFile, bool]:
        return file, stands(target, file)

    found: dict[str, Filed] = {}
    unsure = [file for file in site if file.path in manifest.unsure]
    for file, there in do_each(look, unsure, at_once(target)):
        looked()
        if there:
            found[file.path] = Filed(file.sha256, file.size_bytes)
    return replace(manifest, files={**manifest.files, **found}, unsure=manifest.unsure - found.keys())


def _refuse_strangers(target: Target, site: Sequence[PublicFile], *, take_over: bool) -> None:
    """Refuse to write over a page that somebody else has put at the target."""
    page = next((file for file in site if file.path == SHOW_PAGE), None)
    if not take_over and target.look(SHOW_PAGE) and not (page and stands(target, page)):
        raise ConflictError(
            f"{target.shown}: {SHOW_PAGE} there is another page, without a feed beside it; name a place of "
            "the show's own, or publish with --take-over to replace it"
        )


def _read_feed(content: bytes) -> _Published:
    """Read which show and episodes are in a feed, and what of theirs it leads to. Raises ValueError."""
    from morning_edition.outlets.feed_reading import PODCAST, find_addresses, parse_feed

    root = parse_feed(content.decode("utf-8-sig"))
    found = {(match[1], match[2]) for _, at in find_addresses(root) if (match := OF_AN_EPISODE.search(at))}
    paths = {f"audio/{slug}/{name}" for slug, name in found if MARKED.fullmatch(name)}
    paths |= {f"audio/{slug}/{name}" for slug, _ in found for name in PAGES}
    notes = tuple(_note_item(item) for item in root.iter("item"))
    return _Published((root.findtext(f"channel/{PODCAST}guid") or "").strip(), notes, frozenset(paths))


def _note_item(item: "Element") -> EpisodeNote:
    guid = (item.findtext("guid") or item.findtext("link") or item.findtext("title") or "").strip()
    return EpisodeNote(guid, next(_find_slugs(item), ""), PUBLIC)


def _find_slugs(item: "Element") -> Iterator[str]:
    for enclosure in item.iter("enclosure"):
        if match := OF_AN_EPISODE.search(enclosure.get("url") or ""):
            yield match[1]
