"""When an episode is before listeners: from its publication, under embargo until then, to its expiry."""

import datetime as dt
import zoneinfo
from dataclasses import dataclass

from morning_edition.episode import Episode, load_episode
from morning_edition.errors import EpisodeError
from morning_edition.standing import refused_folder
from morning_edition.station import Station


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was asked of an episode's time; what was not asked for stays as it is."""

    embargo: dt.datetime | None = None
    """In no feed before that, with its zone; a time that is over lifts an embargo."""
    expires: dt.datetime | None = None
    """Withdrawn then, with its zone."""
    for_ever: bool = False
    """Not to expire any more."""


NOTHING_WISHED = Wishes()


@dataclass(frozen=True, slots=True)
class Times:
    """When an episode comes out, and when it goes."""

    published: dt.datetime
    expires: dt.datetime | None


def choose_times(
    station: Station,
    slug: str,
    date: dt.date,
    wishes: Wishes,
    before: Episode | None,
    now: dt.datetime,
    aired: dt.datetime | None = None,
) -> Times:
    """Return the times of the edition of *date*, whose episode *before* stands or not.

    *aired* is its publication (aware) where none stands that can be read, and the feed still tells of it.
    Raises `EpisodeError` for an embargo on what is public already, for an expiry before the publication, and
    for an episode to be made that would have expired already: its GUID would be spent for nothing.
    """
    kept = before or _find_refused(station, slug)
    public = before.published if before else aired
    if public and public <= now:
        published = _keep_publication(station, slug, wishes, public, now)
    else:
        published = _choose_publication(station, date, wishes, kept, now)
    expires = None if wishes.for_ever else wishes.expires or (kept.expires if kept else None)
    if expires and expires <= published:
        raise EpisodeError(
            f"{slug} would expire before it comes out ({tell_moment(station, published)}); "
            "give it a later --expires"
        )
    if before is None:
        _refuse_over(station, slug, published, expires, now)
    return Times(published, in_zone(station, expires) if expires else None)


def _refuse_over(
    station: Station, slug: str, published: dt.datetime, expires: dt.datetime | None, now: dt.datetime
) -> None:
    if expires and expires <= now:
        raise EpisodeError(
            f"{slug} would have expired already ({tell_moment(station, expires)}); "
            "give it a later --expires, or never"
        )
    days = station.feed.keep_days
    if days and published + dt.timedelta(days=days) <= now:
        raise EpisodeError(
            f"{slug} would have expired already: it is of {tell_moment(station, published)}, and "
            f"feed.keep_days is {days}; give it a later --date, or raise keep_days (0 keeps all for ever)"
        )


def _keep_publication(
    station: Station, slug: str, wishes: Wishes, public: dt.datetime, now: dt.datetime
) -> dt.datetime:
    if wishes.embargo and wishes.embargo > now:
        raise EpisodeError(
            f"{slug} is public since {tell_moment(station, public)}, and what is public "
            f"can be put under no embargo; `morning-edition retract {slug}` withdraws it"
        )
    return public


def _choose_publication(
    station: Station,
    date: dt.date,
    wishes: Wishes,
    kept: Episode | None,
    now: dt.datetime,
) -> dt.datetime:
    if wishes.embargo and wishes.embargo > now:
        return in_zone(station, wishes.embargo)
    if kept and kept.published > now and not wishes.embargo:
        return kept.published
    return find_publication(station, date, now)


def find_publication(station: Station, date: dt.date, now: dt.datetime) -> dt.datetime:
    """Return when the edition of *date* is published: at the station's hour, but never after *now*."""
    zone = zoneinfo.ZoneInfo(station.show.timezone)
    planned = dt.datetime.combine(date, dt.time.fromisoformat(station.show.publish_at), zone)
    return min(planned, in_zone(station, now))


def in_zone(station: Station, moment: dt.datetime) -> dt.datetime:
    """Return *moment* (aware) as the station's clock shows it, to the second."""
    return moment.astimezone(zoneinfo.ZoneInfo(station.show.timezone)).replace(microsecond=0)


def tell_moment(station: Station, moment: dt.datetime) -> str:
    """Write `2026-11-24 06:00 CET`."""
    return f"{in_zone(station, moment):%Y-%m-%d %H:%M %Z}"


def _find_refused(station: Station, slug: str) -> Episode | None:
    try:
        return load_episode(refused_folder(station, slug))
    except EpisodeError:
        return None
