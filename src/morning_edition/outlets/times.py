"""Times and dates as listeners and players read them, in English whatever the machine's locale."""

import datetime as dt

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def timestamp(time_ms: int, mark: str = ".") -> str:
    """Write 00:01:02.500, with *mark* before the thousandths."""
    seconds, thousandths = divmod(time_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{mark}{thousandths:03}"


def clock(time_ms: int) -> str:
    """Write 01:02, or 1:01:02 from the first hour on."""
    minutes, seconds = divmod(time_ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"


def seconds_of(time_ms: int) -> str:
    """Write 62.5, as a media fragment (https://www.w3.org/TR/media-frags/#naming-time) wants it."""
    return f"{time_ms / 1000:.3f}".rstrip("0").rstrip(".")


def length_of(duration_ms: int) -> str:
    """Write "4 min", "under a minute" or "1 h 5 min"."""
    hours, minutes = divmod(round(duration_ms / 60_000), 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min" if minutes else "under a minute"


def spell_date(date: dt.date) -> str:
    """Write December 6, 2024."""
    return f"{MONTHS[date.month - 1]} {date.day}, {date.year}"


def short_clock(time_ms: int) -> str:
    """Write 1:02, or 1:01:02 from the first hour on, as players count."""
    return clock(time_ms).removeprefix("0")
