"""Times as they are typed: `2026-11-24T06:00`, `06:00`, `now`."""

import datetime as dt
import zoneinfo

import typer

from morning_edition.episode import YEARS
from morning_edition.station import Station

NOW = "now"
NEVER = "never"


def read_moment(text: str, show: Station, now: dt.datetime, hint: str) -> dt.datetime:
    """Return the time to come that *text* is, where the station is unless it names an offset.

    An hour alone is the next such hour. What is no time, or is over, is misuse; but `now` is *now* (aware).
    """
    if text == NOW:
        return now
    try:
        moment = _read_hour(text, show, now) or _read_iso(text, show)
    except (ValueError, OverflowError) as error:
        said = f"{_show(text)} is no time; write 2026-11-24T06:00, or 06:00 for the next such hour"
        raise typer.BadParameter(said, param_hint=hint) from error
    if moment.year not in YEARS:
        raise typer.BadParameter(f"{text} is too far away; name an earlier time", param_hint=hint)
    if moment <= now:
        raise typer.BadParameter(f"{text} is over; name a time to come", param_hint=hint)
    return moment


def read_day(text: str, hint: str) -> dt.date | None:
    """Return the day that *text* is; None for no text. What is no day is misuse."""
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise typer.BadParameter(f"{_show(text)} is no day; write 2026-11-24", param_hint=hint) from error


def _show(text: str) -> str:
    return text if text.isprintable() else ascii(text)


def _read_hour(text: str, show: Station, now: dt.datetime) -> dt.datetime | None:
    if ":" not in text[:3] or len(text) > len("06:00:00"):
        return None
    hour = dt.time.fromisoformat(text.zfill(5) if text[1:2] == ":" else text)
    zone = zoneinfo.ZoneInfo(show.show.timezone)
    today = dt.datetime.combine(now.astimezone(zone).date(), hour, zone)
    return today if today > now else dt.datetime.combine(today.date() + dt.timedelta(days=1), hour, zone)


def _read_iso(text: str, show: Station) -> dt.datetime:
    moment = dt.datetime.fromisoformat(text)
    if len(text) <= len("2026-11-24"):
        raise ValueError("a day, and no time of it")
    zone = zoneinfo.ZoneInfo(show.show.timezone)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return moment.astimezone(zone)
