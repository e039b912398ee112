"""The manifest: what stands at a target, kept there beside it, so that only what has changed is sent.

`.morning-edition/manifest.json` names nothing that is not public anyhow, and no page or feed leads to it.
What it says is there, is there with that content: whatever is about to be changed or removed is taken from
its list of files first, and named as unsure. So whoever is stopped leaves behind what the next one has to
look at, and nothing that it would take for granted.
"""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from morning_edition import __version__
from morning_edition.episode import Episode, is_public
from morning_edition.errors import PublishError
from morning_edition.files import sha256_of
from morning_edition.life.tombstones import Tombstone
from morning_edition.publish.places.names import check_name
from morning_edition.publish.target import Target

FOLDER_NAME = ".morning-edition"
MANIFEST_NAME = f"{FOLDER_NAME}/manifest.json"
FORMAT = 1
LONGEST_BYTES = 512 * 1024 * 1024
NEVER_KEPT = "private, no-store"
"""How caches are to treat what is only for those who publish."""

PUBLIC, WITHDRAWN, WAITING, UNHEARD = "public", "withdrawn", "waiting", "unheard"
"""What an episode may be. What waits for its time is in no manifest, nor is what was withdrawn unheard."""


@dataclass(frozen=True, slots=True)
class EpisodeNote:
    """What is known of an episode."""

    guid: str
    slug: str
    state: str
    updated: str = ""
    """When it changed last (ISO 8601); empty where it never did."""


@dataclass(frozen=True, slots=True)
class Filed:
    """What a file at the target holds."""

    sha256: str
    """Empty where it is only known to be there."""
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What stands at a target."""

    revision: int = 0
    """Counts what has been written."""
    show: str = ""
    """The show's GUID; empty where nobody knows."""
    max_age_s: int = 0
    """How long caches were told to keep what has no mark."""
    episodes: tuple[EpisodeNote, ...] = ()
    files: Mapping[str, Filed] = field(default_factory=dict)
    leaving: Mapping[str, dt.datetime] = field(default_factory=dict)
    """Which of the files are superseded, and since when no feed here names them."""
    unsure: frozenset[str] = frozenset()
    """What may be there or not, in whichever content: a sending was begun, or a removal."""

    def to_json(self) -> str:
        """Write it, with a checksum of itself."""
        record = {
            "format": FORMAT,
            "made_by": f"morning-edition {__version__}",
            "revision": self.revision,
            "show": self.show,
            "max_age_s": self.max_age_s,
            "episodes": [[one.guid, one.slug, one.state, one.updated] for one in self.episodes],
            "files": {path: [filed.sha256, filed.size_bytes] for path, filed in sorted(self.files.items())},
            "leaving": {path: since.isoformat() for path, since in sorted(self.leaving.items())},
            "unsure": sorted(self.unsure),
        }
        return json.dumps(record | {"checksum": _sum(record)}, ensure_ascii=False, indent=0) + "\n"


def parse_manifest(text: bytes) -> Manifest:
    """Read what `Manifest.to_json` wrote; raises, for anything else, what Python does of odd values.

    Raises `PublishError` for one of a later version, which is none of ours to mend.
    """
    record: dict[str, Any] = json.loads(text)
    if record.pop("checksum") != _sum(record):
        raise ValueError("its checksum is not that of what it says")
    if record["format"] != FORMAT:
        raise PublishError("it was written by a later version of morning-edition; use that one, or a later")
    return Manifest(
        revision=int(record["revision"]),
        show=_text(record["show"]),
        max_age_s=int(record["max_age_s"]),
        episodes=tuple(_read_note(*map(_text, one)) for one in record["episodes"]),
        files={_path(path): Filed(_text(sum_), int(size)) for path, (sum_, size) in record["files"].items()},
        leaving={_path(path): _moment(since) for path, since in record["leaving"].items()},
        unsure=frozenset(map(_path, record["unsure"])),
    )


def read_manifest(target: Target) -> Manifest | None:
    """Return the target's manifest; None where there is none, or one that is damaged.

    Raises `PublishError`.
    """
    content = read_whole(target, MANIFEST_NAME)
    try:
        return parse_manifest(content)
    except PublishError as error:
        raise PublishError(f"{target.shown}: {MANIFEST_NAME}: {error}") from error
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return None


def write_manifest(target: Target, manifest: Manifest) -> None:
    """Put *manifest* at the target. Raises `PublishError`."""
    content = manifest.to_json().encode()
    target.send(MANIFEST_NAME, content, media_type="application/json", cache_control=NEVER_KEPT)


def read_whole(target: Target, path: str, *, longest_bytes: int = LONGEST_BYTES) -> bytes:
    """Return what stands at *path*, empty for nothing. Raises `PublishError`, also where it never ends."""
    content = bytearray()
    for piece in target.read(path):
        content += piece
        if len(content) > longest_bytes:
            raise PublishError(f"{target.shown}: {path} is longer than {longest_bytes:,} bytes; remove it")
    return bytes(content)


def note_episodes(
    episodes: Iterable[Episode], stones: Iterable[Tombstone], now: dt.datetime
) -> tuple[EpisodeNote, ...]:
    """Return what this station knows of its episodes at *now* (aware)."""
    return (*_note_standing(episodes, now), *_note_withdrawn(stones))


def _note_standing(episodes: Iterable[Episode], now: dt.datetime) -> Iterator[EpisodeNote]:
    for episode in episodes:
        expired = episode.expires is not None and episode.expires <= now
        state = PUBLIC if is_public(episode, now) else WITHDRAWN if expired else WAITING
        updated = episode.updated.isoformat() if episode.updated else ""
        yield EpisodeNote(episode.guid, episode.slug, state, updated)


def _note_withdrawn(stones: Iterable[Tombstone]) -> Iterator[EpisodeNote]:
    for stone in stones:
        state = WITHDRAWN if stone.was_public else UNHEARD
        yield EpisodeNote(stone.guid, stone.slug, state, stone.withdrawn.isoformat())


def _sum(record: Mapping[str, Any]) -> str:
    return sha256_of(json.dumps(record, sort_keys=True))


def _read_note(guid: str, slug: str, state: str, updated: str) -> EpisodeNote:
    return EpisodeNote(guid, slug, state, updated and _moment(updated).isoformat())


def _path(value: object) -> str:
    """Return a path of the site's own: what stands there may be removed, and nothing else ever."""
    path = _text(value)
    try:
        check_name(path)
    except PublishError as error:
        raise ValueError(str(error)) from error
    if path.startswith(f"{FOLDER_NAME}/"):
        raise ValueError(f"{path} is none of the site")
    return path


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _moment(value: object) -> dt.datetime:
    moment = dt.datetime.fromisoformat(_text(value))
    if moment.tzinfo is None:
        raise ValueError(f"{value} has no time zone")
    return moment
