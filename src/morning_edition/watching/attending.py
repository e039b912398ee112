"""One article attended to: read, placed, made, and written down at every step.

That it is begun, its day and its folder are on disk before anything is made. So a run that was killed is gone
on with in the same folder, with the same GUID, even after midnight.
"""

import datetime as dt
import os
from dataclasses import replace

from morning_edition.articles import Article
from morning_edition.errors import (
    ArticleError,
    BusyError,
    EpisodeError,
    FetchError,
    MorningEditionError,
    ProofError,
)
from morning_edition.files import tell_trouble
from morning_edition.watching.choosing import keep_reader, note_item, write_article
from morning_edition.watching.desk import Desk, sum_reading
from morning_edition.watching.items import Item
from morning_edition.watching.memory import Followed, Known
from morning_edition.watching.pauses import FIRST_RETRY_S, MOST_ATTEMPTS, MOST_BEGINNINGS, find_pause_s
from morning_edition.watching.placing import choose_place, find_owner, find_twin, is_withdrawn
from morning_edition.watching.results import Result

FOR_GOOD = frozenset((401, 402, 403, 407, 410, 451))
"""What a server answers that will not give a page to anybody like us."""


def attend(desk: Desk, source: str, item: Item) -> Result | None:
    """Make the episode of *item*, of *source*; tell what came of it, and return that; None for nothing.

    Whatever fails is noted and told, where it is not what was told the last time. Raises `BusyError` where
    another process holds the station, and OSError where nothing can be noted.
    """
    followed = desk.memory.follow(source)
    try:
        result = _make(desk, followed, source, item)
    except BusyError:
        raise
    except MorningEditionError as error:
        result = _note_failure(desk, followed, source, item, error)
    except OSError as error:
        said = f"{error.filename or item.name}: {tell_trouble(error)}"
        result = _note_failure(desk, followed, source, item, EpisodeError(said))
    except Exception as error:
        if os.environ.get("MORNING_EDITION_DEBUG"):
            raise
        said = f"{item.name}: a fault of the program ({type(error).__name__}: {error})"
        result = _note_failure(desk, followed, source, item, ArticleError(said))
    if result:
        desk.announce(result)
    if result and result.is_good:
        note_item(followed, item, desk.clock(), standing="made", article="", attempts=0, complaint="")
    desk.memory.save()  # only now: what was made is told at least once, whoever is killed when
    return result


def _make(desk: Desk, followed: Followed, source: str, item: Item) -> Result | None:
    """Return what came of making the episode; None where there was nothing to make."""
    known = followed.articles[item.key]
    now = desk.clock()
    if not known.slug and (owner := find_owner(desk.memory, source, item, now)):
        note_item(followed, item, now, standing="elsewhere", complaint=owner)
        return None
    if known.standing == "begun" and known.attempts >= MOST_BEGINNINGS:
        raise ArticleError(f"{item.name}: was begun {known.attempts} times, and the program ended each time")
    article = keep_reader(known)() if known.article else item.read()
    reading = sum_reading(article)
    if known.standing == "due" and known.reading == reading:
        note_item(followed, item, now, standing="made")
        return None
    begun = _begin(desk, followed, item, article, reading)
    if begun is None:
        return None
    record = desk.make(article, dt.date.fromisoformat(begun.day), begun.slug)
    note_item(followed, item, desk.clock(), reading=reading)
    return Result(
        desk.clock(),
        "changed" if known.reading else "made",
        source,
        item.name,
        path=str(next(iter(record.get("paths", [])), "")),
        episode=record,
        is_news=known.reading != reading,
    )


def _begin(desk: Desk, followed: Followed, item: Item, article: Article, reading: str) -> Known | None:
    """Write down that *item* is begun, and where it goes; None where its episode stands, or must not."""
    now = desk.clock()
    known = followed.articles[item.key]
    day, slug = known.day, known.slug
    if not slug:
        if twin := find_twin(desk.memory, known, reading, now):
            note_item(followed, item, now, standing="elsewhere", complaint=twin)
            desk.say(f"{item.name}: reads the same as {twin}, and is not made again")
            return None
        place = choose_place(desk, article, reading)
        day, slug = place.day.isoformat(), place.slug
        if place.stands:
            note_item(followed, item, now, standing="made", day=day, slug=slug, reading=reading)
            desk.say(f"{item.name}: stands already as {slug}")
            return None
    if is_withdrawn(desk.station, slug):
        note_item(followed, item, now, standing="withdrawn", day=day, slug=slug, article="")
        desk.say(f"{item.name}: its episode {slug} was withdrawn, and is not made again")
        return None
    begun = note_item(
        followed,
        item,
        now,
        standing="begun",
        day=day,
        slug=slug,
        article=write_article(article),
        attempts=known.attempts + 1,
    )
    desk.memory.save()
    return begun


def let_go(desk: Desk, source: str, item: Item) -> None:
    """Write down that whoever was at *item* was asked to stop: that is no failure of the article."""
    followed = desk.memory.follow(source)
    known = followed.articles.get(item.key)
    if known and known.standing == "begun" and known.attempts:
        followed.articles[item.key] = replace(known, attempts=known.attempts - 1)
        desk.memory.save()


def _note_failure(
    desk: Desk, followed: Followed, source: str, item: Item, error: MorningEditionError
) -> Result:
    now, said = desk.clock(), " ".join(str(error).split())
    known = followed.articles[item.key]
    news = said != known.complaint
    if isinstance(error, ProofError):
        note_item(followed, item, now, standing="refused", complaint=said, article="", attempts=0)
        facts = desk.describe(error) if news else {}
        return Result(now, "refused", source, item.name, error=said, episode=facts, is_news=news)
    attempts = known.attempts + (known.standing != "begun")
    if _may_pass(error) and attempts < MOST_ATTEMPTS:
        asked_s = getattr(find_fetch_error(error), "wait_s", 0.0)
        pause_s = find_pause_s(attempts, FIRST_RETRY_S, asked_s, desk.chance)
        next_try = (now + dt.timedelta(seconds=pause_s)).isoformat(timespec="seconds")
        facts = {"standing": "waiting", "complaint": said, "attempts": attempts, "next_try": next_try}
        note_item(followed, item, now, **facts)
        return Result(now, "waiting", source, item.name, error=said, next_try=next_try, is_news=news)
    note_item(followed, item, now, standing="failed", complaint=said, article="", attempts=0)
    return Result(now, "failed", source, item.name, error=said)


def find_fetch_error(error: BaseException | None) -> FetchError | None:
    """Return the failed fetch that lies behind *error*, if one does."""
    while error and not isinstance(error, FetchError):
        error = error.__cause__
    return error if isinstance(error, FetchError) else None


def _may_pass(error: MorningEditionError) -> bool:
    """Tell what may pass by itself, or once the station is mended, from a fault of the article's own."""
    if fetching := find_fetch_error(error):
        return fetching.status not in FOR_GOOD
    return not isinstance(error, ArticleError)
