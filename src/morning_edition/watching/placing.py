"""Where an article's episode goes: its day and folder, chosen once, and those that stand already found."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from morning_edition.articles import Article
from morning_edition.episode import TOMBSTONE_NAME, Episode, load_episodes, make_slug
from morning_edition.errors import EpisodeError
from morning_edition.life.naming import choose_slug
from morning_edition.life.tombstones import load_tombstones
from morning_edition.standing import load_article
from morning_edition.station import Station
from morning_edition.watching.choosing import SAME_STORY, is_recent
from morning_edition.watching.desk import Desk, sum_reading
from morning_edition.watching.items import Item, tidy_link
from morning_edition.watching.memory import Known, Memory

LATELY = dt.timedelta(days=7)
"""How far back an article is known again by its words alone."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an episode goes."""

    day: dt.date
    slug: str
    stands: bool = False
    """Whether one made of the same words stands there, though nobody remembers."""


def find_owner(memory: Memory, source: str, item: Item, now: dt.datetime) -> str:
    """Return another source that has the same page lately; empty where there is none."""
    if not item.link:
        return ""
    for name, followed in memory.sources.items():
        for known in followed.articles.values():
            same = known.link == item.link and known.standing != "passed"
            if same and name != source and is_recent(known, now):
                return name
    return ""


def is_withdrawn(station: Station, slug: str) -> bool:
    """Tell whether the episode *slug* was withdrawn, and nobody has made another in its place."""
    if not (station.episodes_folder / slug / TOMBSTONE_NAME).exists():
        return False
    try:
        choose_slug(station, slug)
    except EpisodeError:
        return True
    return False


def find_twin(memory: Memory, article: Known, reading: str, now: dt.datetime) -> str:
    """Return the name of another article, made lately, that reads the same; empty where there is none."""
    since = (now - LATELY).isoformat()
    for known in _all_known(memory):
        if known is not article and known.reading == reading and known.first_seen >= since:
            return known.title or known.slug
    return ""


def choose_place(desk: Desk, article: Article, reading: str) -> Place:
    """Choose the day and folder of an article that has none yet.

    An episode that stands, and is of no article that is remembered, is taken for its own if it was made of
    the same words or the same page, or has its very name. Raises `EpisodeError` for a damaged record.
    """
    owned = {known.slug for known in _all_known(desk.memory)} - {""}
    for episode in load_episodes(desk.station):
        if episode.slug not in owned and (place := _match(desk, episode, article, reading)):
            return place
    for stone in load_tombstones(desk.station) if desk.memory.recovered else ():
        if stone.slug == make_slug(stone.date, article.headline) and desk.today() - stone.date < LATELY:
            return Place(stone.date, stone.slug)
    day = desk.today()
    name = make_slug(day, article.headline)
    count, slug = 1, name
    while slug in owned:
        count += 1
        slug = f"{name}-{count}"
    return Place(day, slug)


def _match(desk: Desk, episode: Episode, article: Article, reading: str) -> Place | None:
    """Return the place of *episode*, if it is *article*'s."""
    now, recovered = desk.clock(), bool(desk.memory.recovered)
    if not recovered and desk.today() - episode.date > LATELY:
        return None
    same_page = bool(article.source_url) and tidy_link(article.source_url) == tidy_link(episode.source_url)
    lately = recovered or now - episode.published < SAME_STORY
    same_words = _read_before(desk.station, episode) == reading
    named = make_slug(episode.date, article.headline) == episode.slug and (
        recovered or episode.date == desk.today()
    )
    if same_words or named or (same_page and lately):
        return Place(episode.date, episode.slug, stands=same_words)
    return None


def _read_before(station: Station, episode: Episode) -> str:
    """Return the fingerprint of what an episode was made of; empty where that is not there any more."""
    try:
        return sum_reading(load_article(episode.folder(station)))
    except EpisodeError:
        return ""


def _all_known(memory: Memory) -> Iterator[Known]:
    for followed in memory.sources.values():
        yield from followed.articles.values()
