"""A round: every source looked at, every article that is due made, the site brought up to date and sent."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from morning_edition.errors import BusyError, EpisodeError, FetchError, PublishError
from morning_edition.files import sha256_of
from morning_edition.holding import hold_station
from morning_edition.life.shortfalls import list_shortfalls
from morning_edition.settling import settle_station
from morning_edition.station import Station
from morning_edition.station.site_names import FEED_NAME, SITE_NAMES
from morning_edition.watching.attending import attend, let_go
from morning_edition.watching.choosing import Choosing, choose_items, count_passed, drop_vanished
from morning_edition.watching.desk import Desk
from morning_edition.watching.items import Look
from morning_edition.watching.memory import Followed, is_ahead
from morning_edition.watching.pauses import find_pause_s
from morning_edition.watching.results import Result, What
from morning_edition.watching.sources import Source

SEND_AGAIN = dt.timedelta(hours=1)
"""What has been superseded is removed where listeners fetch it from, even where nothing else changes."""


@dataclass(slots=True)
class Round:
    """What a round came to."""

    what: set[What] = field(default_factory=set)
    is_unsettled: bool = False
    """Whether something is still being written, which is looked at again soon."""
    told: set[str] = field(default_factory=set)
    """What has been said of the station's episodes."""


def go_round(desk: Desk, sources: Sequence[Source], *, send: bool = True) -> Round:
    """Look at all *sources*, and make and publish what is due. One that fails never stops the others.

    Raises `BusyError` where another process holds the station too long, OSError where the memory cannot be
    written, and the error of a site that cannot be published.
    """
    done = Round()
    for source in sources:
        _attend_source(desk, source, done)
    _update_site(desk, done)
    if send and desk.station.publish.to:
        _send(desk, done)
    return done


def _attend_source(desk: Desk, source: Source, done: Round) -> None:
    followed = desk.memory.follow(source.name)
    first = not followed.begun
    look = _look(desk, source, followed, done)
    items = choose_items(followed, look, Choosing(desk.clock(), desk.backlog, desk.retry))
    for title in drop_vanished(followed, look) if look else ():
        desk.say(f"{source.name}: {title}: was dropped before it could be read")
    if look or items:
        desk.memory.save()
    if look and first and (passed := count_passed(followed)):
        desk.say(f"{source.name}: {passed:,} that were there before are left; --backlog N makes the newest N")
    for item in items:
        try:
            if result := attend(desk, source.name, item):
                done.what.add(result.what)
        except (BusyError, KeyboardInterrupt):
            let_go(desk, source.name, item)
            raise


def _look(desk: Desk, source: Source, followed: Followed, done: Round) -> Look | None:
    """Return what *source* holds; None where nothing has changed, or it cannot be looked at now."""
    now = desk.clock()
    if not (desk.retry or source.folder or followed.is_due(now)):
        if desk.once:
            later = "it is gone for good" if followed.gone else f"not before {followed.next_look}"
            desk.say(f"{source.name}: is not looked at; {later}; --retry looks now")
        return None
    try:
        look = source.look(followed, desk.station, now, anew=desk.retry)
    except FetchError as error:
        result = _note_unreachable(desk, source, followed, error)
        done.what.add(result.what)
        desk.announce(result)
        desk.memory.save()
        return None
    if followed.failures:
        desk.say(f"{source.name}: answers again")
    followed.failures, followed.complaint, followed.next_look, followed.gone = 0, "", "", False
    if look:
        if look.moved and look.moved != followed.moved:
            desk.say(f"{source.name}: has moved for good to {look.moved}, and is looked at there")
        followed.etag, followed.modified, followed.content = look.etag, look.modified, look.content
        followed.moved = look.moved
        if look.is_unsettled:
            done.is_unsettled = True
            desk.say(f"{source.name}: something in it is still being written, and left for the next look")
        if look.pause_s:
            followed.next_look = (now + dt.timedelta(seconds=look.pause_s)).isoformat(timespec="seconds")
    return look


def _note_unreachable(desk: Desk, source: Source, followed: Followed, error: FetchError) -> Result:
    now, said = desk.clock(), " ".join(str(error).split())
    news, followed.complaint = said != followed.complaint, said
    followed.failures += 1
    if error.gone:
        followed.gone = True
        return Result(now, "gone", source.name, error=f"{said}; it is given up", is_news=news)
    if source.folder:  # to look again costs nobody anything
        followed.next_look = ""
        return Result(now, "unreachable", source.name, error=said, is_news=news)
    pause_s = find_pause_s(followed.failures, desk.every_s, error.wait_s, desk.chance)
    followed.next_look = (now + dt.timedelta(seconds=pause_s)).isoformat(timespec="seconds")
    return Result(now, "unreachable", source.name, error=said, next_try=followed.next_look, is_news=news)


def _update_site(desk: Desk, done: Round) -> None:
    """Bring the site up to date: what waited under embargo comes out in its time, what expires goes."""
    if desk.station.episodes_folder.is_dir():
        before = _sum_feed(desk.station)
        with hold_station(desk.station, "watch", tell=desk.say) as killed:
            settle_station(desk.station, desk.clock(), thorough=killed, tell=desk.say)
        if _sum_feed(desk.station) != before:
            _tell_shortfalls(desk, done)


def _sum_feed(station: Station) -> str:
    path = station.root / FEED_NAME
    return sha256_of(path.read_bytes()) if path.is_file() else ""


def _tell_shortfalls(desk: Desk, done: Round) -> None:
    """Say, once a round, what is published without, for want of its sound."""
    for said in list_shortfalls(desk.station):
        if said not in done.told:
            desk.say(said)
        done.told.add(said)


def _send(desk: Desk, done: Round) -> None:
    """Send the site to where listeners fetch it, if it has changed since it was sent, or that has failed."""
    memory, station, now = desk.memory, desk.station, desk.clock()
    content = sum_site(station)
    lately = is_ahead(memory.sent_at and _add(memory.sent_at, SEND_AGAIN), now)
    if not content or (memory.sent == content and lately):
        return
    from morning_edition.publish import publish_to

    try:
        with hold_station(station, "watch", tell=desk.say):
            _tell_shortfalls(desk, done)
            publish_to(station, station.publish.to, now, desk.report)
    except (PublishError, EpisodeError) as error:
        said = " ".join(str(error).split())
        result = Result(now, "unsent", path=station.publish.to, error=said, is_news=said != memory.unsent)
        memory.sent_at, memory.unsent = "", said
    else:
        result = Result(now, "sent", path=station.publish.to, is_news=memory.sent != content)
        memory.sent, memory.sent_at, memory.unsent = content, now.isoformat(timespec="seconds"), ""
    done.what.add(result.what)
    desk.announce(result)
    memory.save()


def _add(moment: str, span: dt.timedelta) -> str:
    return (dt.datetime.fromisoformat(moment) + span).isoformat()


def sum_site(station: Station) -> str:
    """Return a checksum of what is sent; empty where there is nothing yet."""
    feeds = [station.root / name for name in SITE_NAMES]
    records = sorted(station.episodes_folder.glob("[!.]*/*.json"))
    sums = [(str(path), sha256_of(path.read_bytes())) for path in (*feeds, *records) if path.is_file()]
    return sha256_of(repr(sums)) if sums else ""
