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
    station: Station, slug: str, date: dt.date, wishes: Wishes, before: Episode | None, now: dt.datetime
) -> Times:
    """Return the times of the edition of *date*, whose episode *before* stands or not.

    Raises `EpisodeError` for an embargo on what is public already, and for an expiry before the publication.
    """
    kept = before or _find_refused(station, slug)
    published = _choose_publication(station, date, wishes, before, kept, now)
    expires = None if wishes.for_ever else wishes.expires or (kept.expires if kept else None)
    if expires and expires <= published:
        raise EpisodeError(
            f"{slug} would expire before it comes out ({tell_moment(station, published)}); "
            "give it a later --expires"
        )
    return Times(published, in_zone(station, expires) if expires else None)


def _choose_publication(
    station: Station,
    date: dt.date,
    wishes: Wishes,
    before: Episode | None,
    kept: Episode | None,
    now: dt.datetime,
) -> dt.datetime:
    lasts = bool(wishes.embargo and wishes.embargo > now)
    if before and before.published <= now:
        if lasts:
            raise EpisodeError(
                f"{before.slug} is public since {tell_moment(station, before.published)}, and what is public "
                f"can be put under no embargo; `morning-edition retract {before.slug}` withdraws it"
            )
        return before.published
    if wishes.embargo and lasts:
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
