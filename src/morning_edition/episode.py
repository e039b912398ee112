"""The finished thing: a folder under `audio/`, described by its `episode.json`."""

import dataclasses
import datetime as dt
import itertools
import json
import re
import unicodedata
import uuid
from collections.abc import Iterable, Mapping
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
AUDIO_PLACES = "episode-*.mp3"
FLASH_NAME = "flash.mp3"
RECORD_NAME = "episode.json"
EPISODES_NAME = "audio"
"""The folder of those that stand; they are also kept elsewhere, when they were refused or withdrawn."""
TOMBSTONE_NAME = "withdrawn.json"
"""In the folder of an episode that is none any more."""
STEADY_NAMES = frozenset(
    "article.json embed.html episode.json index.html oembed.json proof.html proof.json script.md".split()
)
"""What keeps its name when its content changes: pages, which others link to, and what people edit."""
MARK_DIGITS = 8
YEARS = range(1900, 9000)
"""In which times can be reckoned with: there is room at both ends."""
FORMAT = 1
"""Raised when `episode.json` changes in a way that older readers cannot follow."""

PODCAST_NAMESPACE = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""From which podcast GUIDs are made
(https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/tags/guid.md)."""

PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
"""What a file of an episode may be called: a record that is edited leads nowhere else."""

LONGEST_SLUG = 70
"""Characters of the headline, each word with its hyphen."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class EpisodeFile:
    """One file of an episode, as it was when the episode was made."""

    name: str
    """What it is: `episode.mp3`."""
    size_bytes: int
    sha256: str

    @property
    def place(self) -> str:
        """What it is called on disk and on the web: `episode-1a2b3c4d.mp3`, with a mark of its content.

        So a feed that was fetched before a change still leads to what it tells of, and whoever keeps a copy
        by its address fetches the new one. Pages, and what people edit, keep their names.
        """
        if self.name in STEADY_NAMES or not self.sha256:
            return self.name
        stem, dot, suffix = self.name.rpartition(".")
        return f"{stem}-{self.sha256[:MARK_DIGITS]}{dot}{suffix}"

    def find_in(self, folder: Path) -> Path:
        """Return where it stands in *folder*: under its place, or else, where one is being made, its name."""
        marked = folder / self.place
        return marked if self.place == self.name or marked.exists() else folder / self.name


@dataclass(frozen=True, slots=True)
class FormerFile:
    """A file that a change has superseded; it stays a while, for apps that have read the feed before."""

    place: str
    """What it is called on disk and on the web."""
    superseded: dt.datetime
    """When, with its zone."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A note that something was wrong, and how it is."""

    moment: dt.datetime
    """When it was made, with its zone."""
    text: str
    """As it is written: one paragraph."""
    spoken: str = ""
    """As it is said, where that is another wording; `-` where it is not said at all."""


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
    """With its zone. An episode is in no feed before that: so it waits under embargo."""
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
    expires: dt.datetime | None = None
    """When it is withdrawn by itself, with its zone; None for never."""
    corrections: tuple[Correction, ...] = ()
    """The oldest first."""
    corrections_in: str = ""
    """Where those that are said are: `intro` or `outro`; empty where none is."""
    withdrawn_uids: tuple[str, ...] = ()
    """Of flash items that a correction has changed or removed: never used again."""
    former: tuple[FormerFile, ...] = ()
    """What changes have superseded, and is still there for those who have read the feed before."""
    stood_in: str = ""
    """Why the station's second voice reads it all, where the first gave out; empty where it did not."""
    edited: bool = False
    """Whether its `script.md` was edited by hand; it is then read as it stands, until it is removed."""

    @property
    def audio(self) -> EpisodeFile:
        """The podcast's enclosure."""
        return next(file for file in self.files if file.name == AUDIO_NAME)

    def find_place(self, name: str) -> str:
        """Return what the file *name* is called on disk and on the web; *name* itself where it has none."""
        return next((file.place for file in self.files if file.name == name), name)

    def url(self, station: Station, name: str = "") -> str:
        """Return the address of the episode's page, or of one file of its folder."""
        return f"{station.base_url}audio/{quote(self.slug)}/{quote(self.find_place(name))}"

    def folder(self, station: Station) -> Path:
        """Return where the episode stands on disk."""
        return station.episodes_folder / self.slug

    def to_json(self) -> str:
        """Write `episode.json`."""
        record = dataclasses.asdict(self)
        record["date"] = self.date.isoformat()
        record["published"] = self.published.isoformat()
        record["updated"] = self.updated.isoformat() if self.updated else None
        record["expires"] = self.expires.isoformat() if self.expires else None
        record["corrections"] = [
            {**dataclasses.asdict(one), "moment": one.moment.isoformat()} for one in self.corrections
        ]
        record["former"] = [
            {"place": one.place, "superseded": one.superseded.isoformat()} for one in self.former
        ]
        record["flash"] = [
            {**dataclasses.asdict(item), "updated": item.updated.isoformat()} for item in self.flash
        ]
        record["cast"] = dict(self.cast)
        record["asked"] = dict(self.asked)
        record = {"format": FORMAT} | record
        return json.dumps(record | {"checksum": _sum_record(record)}, ensure_ascii=False, indent=2) + "\n"


def parse_episode(text: str) -> Episode:
    """Read what `Episode.to_json` wrote; raises ValueError, KeyError or TypeError on anything else."""
    record: dict[str, Any] = json.loads(text)
    checksum = record.pop("checksum", None)
    if checksum is not None and checksum != _sum_record(record):
        raise ValueError("its checksum is not that of what it says")
    if r"\ud" in text.lower():  # half a surrogate pair could be written to no file
        json.dumps(record, ensure_ascii=False).encode()
    if record.pop("format") != FORMAT:
        raise ValueError("made by another version of morning-edition")
    return _rebuild(
        Episode,
        record
        | {
            "date": dt.date.fromisoformat(record["date"]),
            "published": parse_moment(record["published"]),
            "keywords": _texts(record["keywords"]),
            "quick_looks": tuple(_rebuild(QuickLook, look) for look in record["quick_looks"]),
            "chapters": tuple(_rebuild(Chapter, chapter) for chapter in record["chapters"]),
            "updated": parse_moment(record["updated"]) if record.get("updated") else None,
            "expires": parse_moment(record["expires"]) if record.get("expires") else None,
            "corrections": tuple(
                _rebuild(Correction, one | {"moment": parse_moment(one["moment"])})
                for one in record.get("corrections", [])
            ),
            "withdrawn_uids": _texts(record.get("withdrawn_uids", [])),
            "former": tuple(
                _keep_inside(
                    _rebuild(FormerFile, one | {"superseded": parse_moment(one["superseded"])}), "place"
                )
                for one in record.get("former", [])
            ),
            "soundbites": tuple(_rebuild(Chapter, bite) for bite in record.get("soundbites", [])),
            "flash": tuple(
                _keep_inside(_rebuild(FlashItem, item | {"updated": parse_moment(item["updated"])}), "file")
                for item in record.get("flash", [])
            ),
            "voices": _texts(record["voices"]),
            "cast": _pairs(record.get("cast", {})),
            "asked": _pairs(record.get("asked", {})),
            "files": tuple(
                _keep_inside(_rebuild(EpisodeFile, file), "name", "sha256") for file in record["files"]
            ),
        },
    )


def _sum_record(record: Mapping[str, Any]) -> str:
    """Return what tells that a record is as it was written, however it is laid out."""
    return sha256_of(json.dumps(record, sort_keys=True))


def _keep_inside(made: T, *fields: str) -> T:
    """See that no name in the *fields* of *made* leads out of an episode's folder. Raises ValueError."""
    for field in fields:
        name = getattr(made, field)
        if not PLAIN_NAME.fullmatch(name) and (name or field in ("name", "place")):
            raise ValueError(f"{field} cannot be {name[:80]!a}")
    return made


def parse_moment(value: str) -> dt.datetime:
    """Read a time as records hold it. Raises ValueError, TypeError; also for one of no newsroom's age."""
    moment = dt.datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError(f"{value} has no time zone")
    if moment.year not in YEARS:
        raise ValueError(f"{value} is no time of ours")
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


def refuse_link(folder: Path) -> None:
    """See that an episode's *folder* is one, and leads nowhere else. Raises `EpisodeError`."""
    if folder.is_symlink():
        raise EpisodeError(
            f"{folder}: is a link, and none is followed; put the episode's folder itself there"
        )


def load_episode(folder: Path, *, copied: list[str] | None = None) -> Episode:
    """Read the episode in *folder*, by a copy of its record where that is damaged and a copy is kept.

    Its slug is then put on the list *copied*. Raises `EpisodeError` when there is neither.
    """
    path = folder / RECORD_NAME
    refuse_link(folder)
    try:
        episode = parse_episode(path.read_text(encoding="utf-8"))
        if episode.slug != folder.name:
            raise ValueError(f"it belongs to {episode.slug}")
        _ = episode.audio
    except (OSError, ValueError, KeyError, TypeError, AttributeError, StopIteration, RecursionError) as error:
        from morning_edition.records import find_copy

        if path.exists() and folder.parent.name == EPISODES_NAME and (copy := find_copy(folder)):
            if copied is not None:
                copied.append(copy.slug)
            return copy
        raise EpisodeError(
            f"{path}: cannot be used ({str(error) or type(error).__name__}); "
            "produce the article again, or remove the folder"
        ) from error
    return episode


def load_episodes(
    station: Station,
    *,
    without: str = "",
    copied: list[str] | None = None,
    unheard: list[Episode] | None = None,
) -> tuple[Episode, ...]:
    """Read all episodes of *station* but the one whose slug is *without*, newest first.

    An episode exists only once its sound does: a folder without its MP3, or with one of another size than
    its record says, is left out, so that no feed can point to what is not there, and put on the list
    *unheard*. One that was withdrawn is none any more; one under embargo is. A damaged record is read by its
    copy, and its slug put on the list *copied*; without one `EpisodeError` is raised.
    """
    found = [path.parent for path in station.episodes_folder.glob(f"[!.]*/{RECORD_NAME}")]
    folders = [folder for folder in found if not (folder / TOMBSTONE_NAME).exists()]
    episodes = [load_episode(folder, copied=copied) for folder in folders if folder.name != without]
    heard: list[Episode] = []
    left_out: list[Episode] = [] if unheard is None else unheard
    for episode in episodes:
        (heard if is_heard(episode, station) else left_out).append(episode)
    return sort_episodes(heard)


def is_public(episode: Episode, now: dt.datetime) -> bool:
    """Tell whether the episode is for listeners at *now* (aware): neither under embargo nor expired."""
    return episode.published <= now and (episode.expires is None or now < episode.expires)


def sort_episodes(episodes: Iterable[Episode]) -> tuple[Episode, ...]:
    """Return *episodes* newest first."""
    return tuple(sorted(episodes, key=lambda episode: (episode.published, episode.number), reverse=True))


def is_heard(episode: Episode, station: Station) -> bool:
    """Tell whether the episode's sound stands on disk with the size that its record says."""
    try:
        return episode.audio.find_in(episode.folder(station)).stat().st_size == episode.audio.size_bytes
    except OSError:
        return False


def is_whole(episode: Episode, station: Station) -> bool:
    """Tell whether every file of the episode stands on disk exactly as its record says."""
    folder = episode.folder(station)
    try:
        return all(sha256_of_file(folder / file.place) == file.sha256 for file in episode.files)
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
