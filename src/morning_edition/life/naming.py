"""Which episode an article is: the one of its name, or, where that was withdrawn, one made anew."""

import datetime as dt
import itertools
import re
from pathlib import Path

from morning_edition.articles.article import Article
from morning_edition.episode import TOMBSTONE_NAME, Episode, load_episode, make_slug
from morning_edition.errors import EpisodeError
from morning_edition.life.tombstones import load_tombstone
from morning_edition.standing import find_workplace, load_article, refused_folder
from morning_edition.station import Station

ANEW = "anew"
"""Under this name an episode's record keeps of which one it takes the place."""


def choose_slug(station: Station, slug: str, *, anew: bool = False) -> str:
    """Return *slug*, or, where that episode was withdrawn, what the one that takes its place is called.

    That is `<slug>-2`, or the next that is free; it is begun only if *anew* is asked for. Raises
    `EpisodeError` where it is not, which says when the episode was withdrawn, and why.
    """
    told = ""
    for number in itertools.count(1):
        name = slug if number == 1 else f"{slug}-{number}"
        if stone := load_tombstone(station.episodes_folder / name):
            told = stone.tell()
            continue
        episode = _find(station, name)
        if episode is None or _is_of(episode, slug):
            break
    if episode is None and told and not anew:
        raise EpisodeError(
            f"{told}, and is published no more; `morning-edition produce ARTICLE --anew` makes a new episode"
        )
    return name


def tell_withdrawn(station: Station, date: dt.date, headline: str) -> str:
    """Say that the edition of *date* was withdrawn, when and why; nothing where it was not."""
    stone = load_tombstone(station.episodes_folder / make_slug(date, headline))
    return stone.tell() if stone else ""


def _is_of(episode: Episode, slug: str) -> bool:
    """Tell whether *episode* is of the article that *slug* was made of."""
    return dict(episode.asked).get(ANEW, episode.slug) == slug


def _find(station: Station, slug: str) -> Episode | None:
    try:
        return load_episode(find_workplace(station, slug))
    except EpisodeError:
        return None


def find_waiting(station: Station, article: Article, now: dt.datetime, *, same: bool) -> Episode | None:
    """Return the episode of *article* that is under embargo at *now* (aware), of whatever day.

    An article that waits for its hour must not come out as an edition of today when it is produced again. It
    is known by its headline; where it is to be the *same*, as headlines may come again, by all that it says.
    """
    day = dt.date.min
    tail = make_slug(day, article.headline)[len(day.isoformat()) :]
    slugs = {*_list_names(station.episodes_folder), *_list_names(refused_folder(station, ""))}
    for slug in sorted(slugs):
        if not re.fullmatch(rf"\d{{4}}-\d\d-\d\d{re.escape(tail)}(-\d+)?", slug):
            continue
        episode = _find(station, slug)
        waits = episode and episode.published > now and not _is_gone(station, slug)
        if waits and (not same or _is_made_of(station, slug, article)):
            return episode
    return None


def _is_made_of(station: Station, slug: str, article: Article) -> bool:
    try:
        return load_article(find_workplace(station, slug)).to_json() == article.to_json()
    except EpisodeError:
        return False


def _list_names(folder: Path) -> list[str]:
    try:
        return [path.name for path in folder.iterdir()]
    except OSError:
        return []


def _is_gone(station: Station, slug: str) -> bool:
    return (station.episodes_folder / slug / TOMBSTONE_NAME).exists()
