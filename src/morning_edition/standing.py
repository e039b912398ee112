"""An episode that stands: what its folder holds from which it can be made again."""

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from morning_edition.articles.article import Article, QuickLook, Section
from morning_edition.episode import RECORD_NAME, Episode, is_whole, load_episode
from morning_edition.errors import EpisodeError
from morning_edition.files import sha256_of, sha256_of_file
from morning_edition.station import Station

ARTICLE_NAME = "article.json"
SCRIPT_NAME = "script.md"
REFUSED_NAME = "refused"

T = TypeVar("T")


def find_standing(station: Station, slug: str) -> Episode | None:
    """Return the episode that stands under *slug*; None for none, or for one with a damaged record."""
    try:
        return load_episode(station.episodes_folder / slug)
    except EpisodeError:
        return None


def is_unchanged(episode: Episode, station: Station, recipe: str) -> bool:
    """Tell whether *recipe* would give *episode* as it stands, all of whose files are there."""
    return episode.recipe == recipe and is_whole(episode, station)


def find_workplace(station: Station, slug: str) -> Path:
    """Return the folder in which an edition is mended.

    That is where the proof refused it last, with what it found; unless a producer has begun where it stands.
    """
    standing, refused = find_standing(station, slug), refused_folder(station, slug)
    begun = standing and _was_touched(standing, standing.folder(station))
    return refused if (refused / RECORD_NAME).is_file() and not begun else station.episodes_folder / slug


def find_script(station: Station, slug: str) -> Path:
    """Return where a producer edits an edition's script."""
    return find_workplace(station, slug) / SCRIPT_NAME


def refused_folder(station: Station, slug: str) -> Path:
    """Return where an edition is kept that the proof refused."""
    return station.cache_folder / REFUSED_NAME / slug


def find_correction(station: Station, slug: str) -> str:
    """Return the script of an edition, where somebody has edited it by hand; else nothing."""
    folder = find_workplace(station, slug)
    try:
        episode = load_episode(folder)
    except EpisodeError:
        return ""
    return find_edited_script(episode, folder)


def _was_touched(episode: Episode, folder: Path) -> bool:
    """Tell whether somebody has edited the script or the article in *folder*."""
    recorded = {file.name: file.sha256 for file in episode.files}.get(ARTICLE_NAME)
    path = folder / ARTICLE_NAME
    corrected = path.is_file() and sha256_of_file(path) != recorded
    return corrected or bool(find_edited_script(episode, folder))


def find_edited_script(episode: Episode, folder: Path) -> str:
    """Return the `script.md` in *folder* where it is not the one that the template wrote, else nothing."""
    try:
        content = (folder / SCRIPT_NAME).read_bytes()
    except FileNotFoundError:
        return ""
    recorded = {file.name: file.sha256 for file in episode.files}.get(SCRIPT_NAME)
    return content.decode(errors="replace") if episode.edited or sha256_of(content) != recorded else ""


def load_article(folder: Path) -> Article:
    """Return the article of the edition in *folder*. Raises `EpisodeError` where its file is no good."""
    path = folder / ARTICLE_NAME
    try:
        return parse_article(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise EpisodeError(f"{path} is not there; put it back, or produce the article again") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        said = " ".join((str(error) or type(error).__name__).split())
        raise EpisodeError(
            f"{path}: cannot be used ({said}); mend it, or produce the article again"
        ) from error


def parse_article(text: str) -> Article:
    """Read what `Article.to_json` gave; raises ValueError, KeyError, TypeError or AttributeError."""
    record: dict[str, Any] = json.loads(text)
    json.dumps(record, ensure_ascii=False).encode()  # half a surrogate pair could be written to no file
    day = record.get("date")
    article = _rebuild(
        Article,
        record
        | {
            "date": dt.date.fromisoformat(day) if day is not None else None,
            "keywords": _texts(record.get("keywords", [])),
            "quick_looks": tuple(_rebuild(QuickLook, look) for look in record.get("quick_looks", [])),
            "deep_look": tuple(_read_section(section) for section in record.get("deep_look", [])),
        },
    )
    if not article.headline.strip():
        raise ValueError("it has no headline")
    return article


def _read_section(record: Mapping[str, Any]) -> Section:
    return _rebuild(Section, {**record, "paragraphs": _texts(record["paragraphs"])})


def _rebuild(kind: type[T], record: Mapping[str, Any]) -> T:
    """Make a *kind* from its *record*, whose texts and flags are checked to be such."""
    made = kind(**record)
    for field in dataclasses.fields(kind):  # type: ignore[arg-type]
        value = getattr(made, field.name)
        if field.type in (str, bool) and type(value) is not field.type:
            raise TypeError(f"{field.name} cannot be {value!r}")
    return made


def _texts(values: object) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise TypeError(f"{values!r} is no list of texts")
    return tuple(values)
