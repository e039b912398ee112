"""What changes have superseded: files that feeds which were fetched before still lead to.

Each has a name of its own content, so the old stands beside the new. It stays for the station's
`publish.former_hours`, and goes once no feed names it any more.
"""

import contextlib
import datetime as dt
import re
import zoneinfo
from dataclasses import replace
from pathlib import Path

from morning_edition.episode import MARK_DIGITS, Episode, FormerFile
from morning_edition.files import sha256_of_file
from morning_edition.station import Station

MARKED = re.compile(r"(?:episode|flash(?:-[1-5])?|transcript|chapters|cover(?:-small)?)-[0-9a-f]{8}\.\w{2,4}")
"""What an episode's files are called that have a mark; other things in its folder are somebody's own."""
LEFTOVER = re.compile(r"\..+\.[0-9a-f]{16}\.tmp")
"""What a killed writer leaves."""


def note_former(station: Station, episode: Episode, before: Episode | None, now: dt.datetime) -> Episode:
    """Return *episode* with what it supersedes of *before*, and what that one had superseded lately."""
    if before is None:
        return episode
    moment = now.astimezone(zoneinfo.ZoneInfo(station.show.timezone)).replace(microsecond=0)
    current = {file.place for file in episode.files}
    stood = [FormerFile(file.place, moment) for file in before.files if file.place != file.name]
    named = {one.place: one for one in (*stood, *keep_former(station, before, now))}
    return replace(episode, former=tuple(one for place, one in named.items() if place not in current))


def keep_former(station: Station, episode: Episode, now: dt.datetime) -> tuple[FormerFile, ...]:
    """Return what of the superseded is still to stay at *now* (aware)."""
    grace = dt.timedelta(hours=station.publish.former_hours)
    return tuple(one for one in episode.former if now - one.superseded < grace)


def sweep_former(station: Station, episode: Episode, now: dt.datetime) -> None:
    """Remove from an episode's folder what is superseded and has had its time, and what killed writers left.

    Only once a feed that does not name it is published. What cannot be removed stays until the next time.
    """
    folder = episode.folder(station)
    kept = {file.place for file in episode.files} | {one.place for one in keep_former(station, episode, now)}
    had = {one.place for one in episode.former}
    for path in sorted(folder.glob("*")):
        with contextlib.suppress(OSError):
            if path.name not in kept and (path.name in had or _is_left_over(path)):
                path.unlink()


def _is_left_over(path: Path) -> bool:
    """Tell whether this program has made the file: its mark is of its content. A date can look like one, too.

    Raises OSError.
    """
    if MARKED.fullmatch(path.name):
        return sha256_of_file(path).startswith(path.stem[-MARK_DIGITS:])
    return bool(LEFTOVER.fullmatch(path.name))
