"""What is known of each source and each of its articles: `.watch.json` in the station's folder.

It is no cache: without it, articles would be made a second time. It is replaced as a whole at every step, and
ends with a checksum of itself.
"""

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

from morning_edition.episode import PLAIN_NAME
from morning_edition.files import sha256_of, write_whole
from morning_edition.station import Station

MEMORY_NAME = ".watch.json"
FORMAT = 1

Standing = Literal["passed", "due", "begun", "made", "refused", "failed", "waiting", "elsewhere", "withdrawn"]
"""What became of an article.

`passed` over at the first look, `due` and not begun, `begun` and perhaps not ended, `made`, `refused` by the
proof, `failed` for good, `waiting` to be tried again, followed `elsewhere`, or its episode is `withdrawn`.
"""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Known:
    """One article of a source."""

    fingerprint: str
    """Of what the source gives of it, as it was when it was dealt with."""
    standing: Standing
    first_seen: str
    """ISO 8601, with its zone."""
    last_seen: str
    """The day."""
    link: str = ""
    title: str = ""
    day: str = ""
    """The edition's; chosen before anything is made, so that it stays after midnight."""
    slug: str = ""
    reading: str = ""
    """A fingerprint of the article that was read, as it was made last."""
    article: str = ""
    """The article itself, as JSON, while it is begun or waiting: its source may have dropped it by then."""
    attempts: int = 0
    """How often it was begun and not ended."""
    next_try: str = ""
    """Not to be tried before; ISO 8601, with its zone."""
    complaint: str = ""
    """What was told of it last."""

    @property
    def is_unread(self) -> bool:
        """Whether it is still to be made, and only its source has the text."""
        return self.standing in ("due", "waiting", "begun") and not self.article


@dataclass(slots=True)
class Followed:
    """One source."""

    begun: str = ""
    """When it was first looked at; empty before that."""
    etag: str = ""
    modified: str = ""
    content: str = ""
    """A checksum of what it gave last, for servers that do not tell whether it has changed."""
    moved: str = ""
    """Where it has gone for good; empty where it is where it was."""
    next_look: str = ""
    """Not to be looked at before; ISO 8601, with its zone."""
    failures: int = 0
    """In a row."""
    complaint: str = ""
    gone: bool = False
    """Whether it has said that it will never come back."""
    articles: dict[str, Known] = field(default_factory=dict)

    def is_due(self, now: dt.datetime) -> bool:
        """Tell whether it may be looked at."""
        return not (self.gone or is_ahead(self.next_look, now))

    def holds_unread(self) -> bool:
        """Tell whether something is still to be made of which only the source has the text."""
        return any(one.is_unread for one in self.articles.values())


@dataclass(slots=True)
class Memory:
    """All that is known."""

    path: Path
    sources: dict[str, Followed] = field(default_factory=dict)
    recovered: str = ""
    """When it was begun anew, because it was damaged."""
    sent: str = ""
    """A checksum of the site as it was sent last."""
    sent_at: str = ""
    """When; empty where the last try has failed."""
    unsent: str = ""
    """Why it could not be sent the last time; empty where it was."""

    def follow(self, name: str) -> Followed:
        """Return what is known of the source *name*."""
        return self.sources.setdefault(name, Followed())

    def save(self) -> None:
        """Write it down, for good. Raises OSError; what was written before then still stands."""
        record = {
            "format": FORMAT,
            "recovered": self.recovered,
            "sent": self.sent,
            "sent_at": self.sent_at,
            "unsent": self.unsent,
            "sources": {name: _write_followed(source) for name, source in self.sources.items()},
        }
        text = json.dumps(record, indent=1)
        write_whole(self.path, text[:-2] + f',\n "checksum": "{sha256_of(text)}"\n}}\n')


def find_memory(station: Station) -> Path:
    """Return where a station keeps what it knows of its sources."""
    return station.root / MEMORY_NAME


def load_memory(path: Path) -> Memory:
    """Read what `Memory.save` wrote; nothing is known where there is no file.

    Raises ValueError, KeyError, TypeError or AttributeError where it is damaged, and OSError.
    """
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return Memory(path)
    body, sign, checksum = text.rpartition(',\n "checksum": "')
    if not sign or sha256_of(body + "\n}") != checksum.partition('"')[0]:
        raise ValueError("its checksum is not that of what it says")
    record: dict[str, Any] = json.loads(text)
    if record["format"] != FORMAT:
        raise ValueError("made by another version of morning-edition")
    sources = {name: _read_followed(source) for name, source in record["sources"].items()}
    return Memory(
        path, sources, record["recovered"], record["sent"], record["sent_at"], record.get("unsent", "")
    )


def is_ahead(moment: str, now: dt.datetime) -> bool:
    """Tell whether *moment* (ISO 8601; empty for none) is still to come at *now* (aware)."""
    return bool(moment) and now < dt.datetime.fromisoformat(moment)


def _write_followed(source: Followed) -> dict[str, Any]:
    return _drop_usual(source) | {
        "articles": {key: _drop_usual(known) for key, known in source.articles.items()}
    }


def _read_followed(record: Mapping[str, Any]) -> Followed:
    articles = {key: _read_known(known) for key, known in record["articles"].items()}
    for moment in (record.get("begun"), record.get("next_look")):
        _check_moment(moment)
    return _rebuild(Followed, {**record, "articles": articles})


def _read_known(record: Mapping[str, Any]) -> Known:
    """Read one article; an episode's folder is where its name says, and nowhere else."""
    known = _rebuild(Known, record)
    if known.standing not in get_args(Standing):
        raise ValueError(f"{known.standing[:80]!a} is no standing")
    if known.slug and not PLAIN_NAME.fullmatch(known.slug):
        raise ValueError(f"{known.slug[:80]!a} is no name of an episode")
    for day in filter(None, (known.day, known.last_seen)):
        dt.date.fromisoformat(day)
    for moment in (known.first_seen, known.next_try):
        _check_moment(moment)
    return known


def _check_moment(text: str | None) -> None:
    if text and dt.datetime.fromisoformat(text).tzinfo is None:
        raise ValueError(f"{text[:80]!a} has no time zone")


def _drop_usual(value: Known | Followed) -> dict[str, Any]:
    """Return the fields that differ from their defaults: thousands of articles are kept."""
    return {
        each.name: held
        for each in dataclasses.fields(value)
        if each.name != "articles" and (held := getattr(value, each.name)) != each.default
    }


def _rebuild(kind: type[T], record: Mapping[str, Any]) -> T:
    """Make a *kind* of its *record*, whose texts and numbers are checked to be such."""
    made = kind(**record)
    for each in dataclasses.fields(kind):  # type: ignore[arg-type]
        value = getattr(made, each.name)
        if each.type in (str, int, bool) and type(value) is not each.type:
            raise TypeError(f"{each.name} cannot be {value!r}")
    return made
