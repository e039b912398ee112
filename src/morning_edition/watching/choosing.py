"""Which of the articles that a source holds are to be made: the new, the changed, and the unfinished."""

import datetime as dt
import functools
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from morning_edition.articles import Article
from morning_edition.standing import parse_article
from morning_edition.watching.items import Item, Look
from morning_edition.watching.memory import Followed, Known, is_ahead
from morning_edition.watching.pauses import MANY_BEGINNINGS

FRESH = dt.timedelta(days=1)
"""At the first look, what is older is not made."""
STALE = dt.timedelta(days=90)
"""What is older when it is first seen is none of today's news: a site has brought back its archive."""
FORGOTTEN = dt.timedelta(days=180)
"""What a source has not had for as long is forgotten."""
SAME_STORY = dt.timedelta(hours=18)
"""An entry with another id but the same page is the same story, if that one is no older; pages that come out
every day under one address are none."""


@dataclass(frozen=True, slots=True)
class Choosing:
    """How to choose."""

    now: dt.datetime
    backlog: int | None = None
    """How many to make at the first look; None for those that are fresh."""
    retry: bool = False
    """Whether to try again what has failed or was refused."""


def choose_items(followed: Followed, look: Look | None, choosing: Choosing) -> list[Item]:
    """Return what is to be made, the oldest first, each noted in *followed* as due; so is what is not.

    Once that is saved, nothing of it is lost, even if the source never tells of it again.
    """
    items = look.items if look else ()
    first = not followed.begun
    _match_pages(followed, items, choosing.now)
    due = [item for place, item in enumerate(items) if _take(followed, item, place, choosing, first=first)]
    unfinished = list(_find_unfinished(followed, {item.key for item in items}, choosing))
    if look:
        followed.begun = followed.begun or choosing.now.isoformat()
        _forget(followed, choosing.now)
    return sorted([*unfinished, *reversed(due)], key=lambda item: _is_suspect(followed.articles[item.key]))


def count_passed(followed: Followed) -> int:
    """Return how many articles of a source were passed over."""
    return sum(known.standing == "passed" for known in followed.articles.values())


def drop_vanished(followed: Followed, look: Look) -> list[str]:
    """Give up what is still to be made and was not read before its source dropped it; return its titles."""
    listed = {item.key for item in look.items}
    lost = {key: one for key, one in followed.articles.items() if one.is_unread and key not in listed}
    for key, known in lost.items():
        followed.articles[key] = replace(known, standing="failed", complaint="its source has dropped it")
    return [known.title or key for key, known in lost.items()]


def _is_suspect(known: Known) -> bool:
    """Tell an article that may be what ends the program each time; the others are made first."""
    return known.standing == "begun" and known.attempts >= MANY_BEGINNINGS


def _take(followed: Followed, item: Item, place: int, choosing: Choosing, *, first: bool) -> bool:
    """Tell whether *item* is to be made, and note it."""
    known = followed.articles.get(item.key)
    now = choosing.now
    if known is None:
        news = _is_news(item, place, choosing, first=first)
        note_item(followed, item, now, standing="due" if news else "passed")
        return news
    known = followed.articles[item.key] = replace(known, last_seen=now.date().isoformat())
    changed = known.fingerprint != item.fingerprint
    if _is_due(followed, known, item, choosing, changed=changed):
        if known.standing not in ("begun", "waiting", "due") or changed:
            followed.articles[item.key] = replace(
                known, standing="due", article="", attempts=0, next_try="", complaint=""
            )
        return True
    if changed:
        followed.articles[item.key] = replace(known, fingerprint=item.fingerprint)
    return False


def _is_due(followed: Followed, known: Known, item: Item, choosing: Choosing, *, changed: bool) -> bool:
    match known.standing:
        case "due" | "begun":
            return True
        case "waiting":
            return changed or choosing.retry or not is_ahead(known.next_try, choosing.now)
        case "failed" | "refused":
            return changed or choosing.retry
        case "made":
            return changed
        case "passed":
            return changed and _is_dated_anew(item, followed)
    return False


def _is_news(item: Item, place: int, choosing: Choosing, *, first: bool) -> bool:
    age = choosing.now - item.moment if item.moment else None
    if not first:
        return age is None or age < STALE
    if choosing.backlog is not None:
        return place < choosing.backlog
    return age is not None and age < FRESH


def _is_dated_anew(item: Item, followed: Followed) -> bool:
    """Tell an old story that has come out again since the source is followed."""
    return item.moment is not None and item.moment > dt.datetime.fromisoformat(followed.begun)


def _find_unfinished(followed: Followed, listed: set[str], choosing: Choosing) -> Iterator[Item]:
    """Yield what was begun, or waits, and is not *listed* now; the article itself was kept for that."""
    for key, known in followed.articles.items():
        waits = known.standing == "waiting" and (choosing.retry or not is_ahead(known.next_try, choosing.now))
        if key not in listed and known.article and (known.standing == "begun" or waits):
            name = known.title or key
            yield Item(key, name, known.title, known.fingerprint, keep_reader(known), link=known.link)


def keep_reader(known: Known) -> Callable[[], Article]:
    """Return what reads the article that was kept."""
    return functools.partial(parse_article, known.article)


def write_article(article: Article) -> str:
    """Return an article as it is kept."""
    return json.dumps(article.to_json(), ensure_ascii=False)


def note_item(followed: Followed, item: Item, now: dt.datetime, **facts: object) -> Known:
    """Write down what became of an *item* in the memory (which is still to be saved); return that."""
    day = now.date().isoformat()
    before = followed.articles.get(item.key) or Known(item.fingerprint, "passed", now.isoformat(), day)
    known = replace(
        before,
        fingerprint=item.fingerprint,
        link=item.link,
        title=item.title,
        last_seen=day,
        **facts,  # type: ignore[arg-type]
    )
    followed.articles[item.key] = known
    return known


def _match_pages(followed: Followed, items: Sequence[Item], now: dt.datetime) -> None:
    """Take an entry whose id is new, but not its page, as the one that was known: some count its versions."""
    listed = {item.key for item in items}
    pages = {
        known.link: key
        for key, known in followed.articles.items()
        if known.link and key not in listed and is_recent(known, now)
    }
    for item in items:
        if item.key not in followed.articles and (key := pages.pop(item.link, "")):
            followed.articles[item.key] = followed.articles.pop(key)


def is_recent(known: Known, now: dt.datetime) -> bool:
    """Tell whether an article was first seen so lately that its page's address stands for the same story."""
    return now - dt.datetime.fromisoformat(known.first_seen) < SAME_STORY


def _forget(followed: Followed, now: dt.datetime) -> None:
    day = (now - FORGOTTEN).date().isoformat()
    ended = [
        key
        for key, known in followed.articles.items()
        if known.last_seen < day and known.standing not in ("begun", "waiting")
    ]
    for key in ended:
        del followed.articles[key]
