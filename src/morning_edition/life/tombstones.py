"""Tombstones: what is left of an episode that was withdrawn, so that nothing of it is ever used again.

`withdrawn.json` in the episode's folder. As soon as it is there the episode is none any more, whatever else
still stands beside it.
"""

import dataclasses
import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from morning_edition.episode import TOMBSTONE_NAME, Episode, parse_moment, refuse_link
from morning_edition.errors import EpisodeError
from morning_edition.station import Station

FORMAT = 1
KINDS = ("retracted", "expired")


@dataclass(frozen=True, slots=True)
class Tombstone:
    """An episode that is no more."""

    slug: str
    guid: str
    """Never used again."""
    number: int
    title: str
    date: dt.date
    published: dt.datetime
    """With its zone."""
    withdrawn: dt.datetime
    """When, with its zone."""
    kind: str
    """`retracted` by somebody, or `expired` by itself."""
    reason: str = ""
    """What listeners are told, as plain text."""
    language: str = ""

    @property
    def was_public(self) -> bool:
        """Tell whether it had come out when it was withdrawn; else nobody is to hear that there was one."""
        return self.published <= self.withdrawn

    def folder(self, station: Station) -> Path:
        """Return where it stands on disk."""
        return station.episodes_folder / self.slug

    def url(self, station: Station) -> str:
        """Return the address of its folder on the web."""
        return f"{station.base_url}audio/{quote(self.slug)}/"

    def tell(self) -> str:
        """Say when and why it was withdrawn, in words that go on after a semicolon."""
        day, why = self.withdrawn.date().isoformat(), " ".join(self.reason.split())
        if self.kind == "expired":
            return f"{self.slug} expired on {day}"
        return f"{self.slug} was retracted on {day} ({why})" if why else f"{self.slug} was retracted on {day}"

    def to_json(self) -> str:
        """Write `withdrawn.json`."""
        record = dataclasses.asdict(self) | {
            "date": self.date.isoformat(),
            "published": self.published.isoformat(),
            "withdrawn": self.withdrawn.isoformat(),
        }
        return json.dumps({"format": FORMAT} | record, ensure_ascii=False, indent=2) + "\n"


def make_tombstone(episode: Episode, kind: str, moment: dt.datetime, reason: str = "") -> Tombstone:
    """Return what is left of *episode* when it is withdrawn at *moment* (aware)."""
    return Tombstone(
        slug=episode.slug,
        guid=episode.guid,
        number=episode.number,
        title=episode.title,
        date=episode.date,
        published=episode.published,
        withdrawn=moment,
        kind=kind,
        reason=reason,
        language=episode.language,
    )


def load_tombstone(folder: Path) -> Tombstone | None:
    """Return the tombstone in *folder*; None where there is none. Raises `EpisodeError` for a damaged one."""
    path = folder / TOMBSTONE_NAME
    refuse_link(folder)
    try:
        record = json.loads(path.read_text("utf-8"))
        if record.pop("format") != FORMAT or record["kind"] not in KINDS or record["slug"] != folder.name:
            raise ValueError("it is none of this episode")
        moments = {name: parse_moment(record[name]) for name in ("published", "withdrawn")}
        return Tombstone(**record | moments | {"date": dt.date.fromisoformat(record["date"])})
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        said = " ".join((str(error) or type(error).__name__).split())
        raise EpisodeError(f"{path}: cannot be used ({said}); retract the episode again") from error


def load_tombstones(station: Station) -> tuple[Tombstone, ...]:
    """Return all of *station*'s, by their names. Raises `EpisodeError` for a damaged one."""
    folders = sorted(path.parent for path in station.episodes_folder.glob(f"[!.]*/{TOMBSTONE_NAME}"))
    return tuple(stone for folder in folders if (stone := load_tombstone(folder)))
