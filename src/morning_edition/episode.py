"""The finished thing: a folder under `audio/`, described by its `episode.json`."""

import dataclasses
import datetime as dt
import itertools
import json
import re
import unicodedata
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from morning_edition.articles.article import QuickLook
from morning_edition.errors import EpisodeError
from morning_edition.files import sha256_of, sha256_of_file
from morning_edition.mix.timeline import Chapter
from morning_edition.station import Station

AUDIO_NAME = "episode.mp3"
FLASH_NAME = "flash.mp3"
RECORD_NAME = "episode.json"
FORMAT = 1
"""Raised when `episode.json` changes in a way that older readers cannot follow."""

PODCAST_NAMESPACE = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""From which podcast GUIDs are made
(https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/tags/guid.md)."""

LONGEST_SLUG = 70
"""Characters of the headline, each word with its hyphen."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class EpisodeFile:
    """One file of an episode, as it was when the episode was made."""

    name: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class FlashItem:
    """One item of the flash briefing."""

    uid: str
    """Never changes, whatever is mended later."""
    title: str
    text: str
    """What is heard in it, as it is written; of any length."""
    updated: dt.datetime
    """When its text or its sound changed last, with its zone."""
    file: str = ""
    """Its MP3 in the episode's folder; empty where there is only the text."""
    duration_ms: int = 0
    loudness_lufs: float = 0.0
    true_peak_dbtp: float = 0.0


@dataclass(frozen=True, slots=True)
class Episode:
    """What feeds, pages and tags need to know of an episode; `episode.json` holds exactly this."""

    slug: str
    """The folder's name: `2024-12-06-hama-falls`."""
    guid: str
    """Never changes, whatever is mended later."""
    number: int
    """Counts the station's episodes from 1."""
    title: str
    date: dt.date
    published: dt.datetime
    """With its zone."""
    language: str
    outlet: str
    byline: str
    edition: str
    summary: str
    """Plain text, one paragraph."""
    keywords: tuple[str, ...]
    quick_looks: tuple[QuickLook, ...]
    source_url: str
    duration_ms: int
    chapters: tuple[Chapter, ...]
    voices: tuple[str, ...]
    """Identities of the voices that speak in it."""
    loudness_lufs: float
    true_peak_dbtp: float
    recipe: str
    """A fingerprint of all that went in: the same again would give the same episode."""
    files: tuple[EpisodeFile, ...]
    """Every file of the folder but `episode.json` itself, by name."""
    cast: tuple[tuple[str, str], ...] = ()
    """Each role and what it was read with, as a setting names it (`piper:en_US-ryan-medium`)."""
    asked: tuple[tuple[str, str], ...] = ()
    """What was asked for this once, in place of the station's settings: `depth`, `minutes`, `voice`."""
    season: int = 0
    """That it belongs to; 0 for none."""
    updated: dt.datetime | None = None
    """When what listeners hear or read of it changed last, with its zone; None where it never did."""
    soundbites: tuple[Chapter, ...] = ()
    """Each Quick Look that is heard, by its label or its first words."""
    flash: tuple[FlashItem, ...] = ()
    """What of it goes into the flash briefing, in order."""
    edited: bool = False
    """Whether its `script.md` was edited by hand; it is then read as it stands, until it is removed."""

    @property
    def audio(self) -> EpisodeFile:
        """The podcast's enclosure."""
        return next(file for file in self.files if file.name == AUDIO_NAME)

    def url(self, station: Station, name: str = "") -> str:
        """Return the address of the episode's page, or of one file of its folder."""
        return f"{station.base_url}audio/{quote(self.slug)}/{quote(name)}"

    def folder(self, station: Station) -> Path:
        """Return where the episode stands on disk."""
        return station.episodes_folder / self.slug

    def to_json(self) -> str:
        """Write `episode.json`."""
        record = dataclasses.asdict(self)
        record["date"] = self.date.isoformat()
        record["published"] = self.published.isoformat()
        record["updated"] = self.updated.isoformat() if self.updated else None
        record["flash"] = [
            {**dataclasses.asdict(item), "updated": item.updated.isoformat()} for item in self.flash
        ]
        record["cast"] = dict(self.cast)
        record["asked"] = dict(self.asked)
        return json.dumps({"format": FORMAT} | record, ensure_ascii=False, indent=2) + "\n"


def parse_episode(text: str) -> Episode:
    """Read what `Episode.to_json` wrote; raises ValueError, KeyError or TypeError on anything else."""
    record: dict[str, Any] = json.loads(text)
    if record.pop("format") != FORMAT:
        raise ValueError("made by another version of morning-edition")
    return _rebuild(
        Episode,
        record
        | {
            "date": dt.date.fromisoformat(record["date"]),
            "published": _moment(record["published"]),
            "keywords": _texts(record["keywords"]),
            "quick_looks": tuple(_rebuild(QuickLook, look) for look in record["quick_looks"]),
            "chapters": tuple(_rebuild(Chapter, chapter) for chapter in record["chapters"]),
            "updated": _moment(record["updated"]) if record.get("updated") else None,
            "soundbites": tuple(_rebuild(Chapter, bite) for bite in record.get("soundbites", [])),
            "flash": tuple(
                _rebuild(FlashItem, item | {"updated": _moment(item["updated"])})
                for item in record.get("flash", [])
            ),
            "voices": _texts(record["voices"]),
            "cast": _pairs(record.get("cast", {})),
            "asked": _pairs(record.get("asked", {})),
            "files": tuple(_rebuild(EpisodeFile, file) for file in record["files"]),
        },
    )


def _moment(value: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError(f"{value} has no time zone")
    return moment


def _rebuild(kind: type[T], record: dict[str, Any]) -> T:
    """Make a *kind* from its *record*, whose texts and numbers are checked to be such."""
    made = kind(**record)
    for field in dataclasses.fields(kind):  # type: ignore[arg-type]
        value = getattr(made, field.name)
        allowed = (int, float) if field.type is float else (field.type,)
        if field.type in (str, int, float) and type(value) not in allowed:
            raise TypeError(f"{field.name} cannot be {value!r}")
    return made


def _pairs(values: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(values, dict):
        raise TypeError(f"{values!r} is no table of texts")
    return tuple(zip(values, _texts(list(values.values())), strict=True))


def _texts(values: object) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise TypeError(f"{values!r} is no list of texts")
    return tuple(values)


def load_episode(folder: Path) -> Episode:
    """Read the episode in *folder*; raises `EpisodeError` when its record is damaged."""
    path = folder / RECORD_NAME
    try:
        episode = parse_episode(path.read_text(encoding="utf-8"))
        if episode.slug != folder.name:
            raise ValueError(f"it belongs to {episode.slug}")
        _ = episode.audio
    except (OSError, ValueError, KeyError, TypeError, AttributeError, StopIteration, RecursionError) as error:
        raise EpisodeError(
            f"{path}: cannot be used ({str(error) or type(error).__name__}); "
            "produce the article again, or remove the folder"
        ) from error
    return episode


def load_episodes(station: Station, *, without: str = "") -> tuple[Episode, ...]:
    """Read all episodes of *station* but the one whose slug is *without*, newest first.

    An episode exists only once its sound does: a folder without its MP3, or with one of another size than
    its record says, is left out, so that no feed can point to what is not there. Raises `EpisodeError` for
    a damaged record.
    """
    folders = [path.parent for path in station.episodes_folder.glob(f"[!.]*/{RECORD_NAME}")]
    episodes = [load_episode(folder) for folder in folders if folder.name != without]
    return sort_episodes(episode for episode in episodes if is_heard(episode, station))


def sort_episodes(episodes: Iterable[Episode]) -> tuple[Episode, ...]:
    """Return *episodes* newest first."""
    return tuple(sorted(episodes, key=lambda episode: (episode.published, episode.number), reverse=True))


def is_heard(episode: Episode, station: Station) -> bool:
    """Tell whether the episode's sound stands on disk with the size that its record says."""
    try:
        return (episode.folder(station) / AUDIO_NAME).stat().st_size == episode.audio.size_bytes
    except OSError:
        return False


def is_whole(episode: Episode, station: Station) -> bool:
    """Tell whether every file of the episode stands on disk exactly as its record says."""
    folder = episode.folder(station)
    try:
        return all(sha256_of_file(folder / file.name) == file.sha256 for file in episode.files)
    except OSError:
        return False


def make_slug(date: dt.date, headline: str) -> str:
    """Name an episode's folder: the date, then the headline in plain letters, whole words only.

    Where words are cut off, or letters have no plain form, a few signs made from all of it keep two headlines
    of a day apart.
    """
    plain = unicodedata.normalize("NFKD", headline.replace("’", "").replace("'", ""))
    words = re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode().lower())
    ends = itertools.accumulate(len(word) + 1 for word in words)
    kept = words[: sum(end <= LONGEST_SLUG for end in ends)]
    lost = any(letter.isalpha() and not letter.isascii() for letter in plain)
    mark = [sha256_of(plain.encode(errors="replace"))[:8]] if lost or len(kept) < len(words) else []
    return "-".join([date.isoformat(), *([*kept, *mark] or ["edition"])])


def make_show_guid(station: Station) -> str:
    """Return the show's podcast:guid: a UUIDv5 of the feed's address without scheme or closing slash."""
    return str(uuid.uuid5(PODCAST_NAMESPACE, station.feed_url.split("://", 1)[1].rstrip("/")))


def make_guid(station: Station, slug: str) -> str:
    """Return a new episode's GUID: one show and one folder always give the same."""
    return str(uuid.uuid5(uuid.UUID(make_show_guid(station)), slug))
