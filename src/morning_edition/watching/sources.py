"""What is followed: feeds by their addresses, and folders."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from morning_edition.errors import FetchError
from morning_edition.files import sha256_of
from morning_edition.station import Station
from morning_edition.watching.items import Look
from morning_edition.watching.memory import Followed


@dataclass(frozen=True, slots=True)
class Source:
    """A feed or a folder."""

    name: str
    """By which it is remembered, and as messages call it."""
    url: str = ""
    folder: Path | None = None

    def look(
        self, followed: Followed, station: Station, now: dt.datetime, *, anew: bool = False
    ) -> Look | None:
        """Return what it holds at *now*; None where nothing has changed, unless *anew* is asked for.

        Raises `FetchError`.
        """
        if self.folder:
            from morning_edition.watching.folders import look_at_folder

            return look_at_folder(self.folder, self.name, station, now)
        from morning_edition.watching.feeds import look_at_feed

        return look_at_feed(self.url, followed, station, now, anew=anew or followed.holds_unread())


def find_sources(given: tuple[str, ...], station: Station) -> list[Source]:
    """Return the sources that are named, or those of the station's settings, each once.

    A folder in the settings is one beside `station.toml`; one that is not there is no fault yet: disks come
    and go. Raises `FetchError` for no source, and for an address that must not be fetched.
    """
    root = Path() if given else station.root
    found = [_find_source(text, root, station) for text in given or station.watch.sources]
    if not found:
        raise FetchError(
            "nothing to watch: name feeds or folders, or set watch.sources in the station's station.toml"
        )
    return list({source.name: source for source in found}.values())


def _find_source(text: str, root: Path, station: Station) -> Source:
    if text.lower().startswith(("http://", "https://")):
        from morning_edition.fetching.web_addresses import check_url, shown_url

        check_url(text, shown_url(text), "give the feed's address without")
        return Source(_name_feed(text), url=text)
    if "://" in text:
        raise FetchError(
            f"{text.partition('://')[0]}://…: is no address that can be followed; give one that begins with https://"
        )
    folder = root / text
    return Source(_name_folder(folder, station), folder=folder)


def _name_feed(url: str) -> str:
    """Return a feed's address, without a key in it: told from others by a checksum, where there is one."""
    from morning_edition.fetching import shown_url

    return url if shown_url(url) == url else f"{shown_url(url)}#{sha256_of(url)[:8]}"


def _name_folder(folder: Path, station: Station) -> str:
    """Return a folder's name, which is the same wherever `watch` is started and the station stands."""
    whole, home = folder.resolve(), station.root.resolve()
    return whole.relative_to(home).as_posix() if whole.is_relative_to(home) else str(whole)
