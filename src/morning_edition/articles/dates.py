"""The day on which a story was published, out of the forms in which pages, feeds and mails give it."""

import datetime as dt
import email.utils
import re

from morning_edition.patterns import compile_late

_ISO = compile_late(r"(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_PLAIN = compile_late(r"(\d{4})(\d{2})(\d{2})(?:T?\d{4,6}\w*)?")
_SLASHED = compile_late(r"(\d{4})/(\d{1,2})/(\d{1,2})(?!\d)")
_IN_URL = compile_late(r"/(\d{4})[/-](\d{1,2})[/-](\d{1,2})(?=[/-]|$)")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_NAMED_FIRST = compile_late(r"\b([a-z]{3})[a-z]*\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b", re.IGNORECASE)
_NAMED_SECOND = compile_late(
    r"\b(\d{1,2})(?:st|nd|rd|th)?\s+([a-z]{3})[a-z]*\.?,?\s+(\d{4})\b", re.IGNORECASE
)
_LONGEST_CHARACTERS = 120

EARLIEST_YEAR = 1900


def read_date(text: str) -> dt.date | None:
    """Return the day that *text* names, in its own time zone; None where it names none for certain.

    A day in figures whose month could be its day ("03/04/2024") is not certain.
    """
    value = text.strip()[:_LONGEST_CHARACTERS]
    for form in (_ISO, _SLASHED, _PLAIN):
        if found := form.match(value):
            return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _NAMED_FIRST.search(value):
        return _day(int(found[3]), _month(found[1]), int(found[2]))
    if found := _NAMED_SECOND.search(value):
        return _day(int(found[3]), _month(found[2]), int(found[1]))
    return read_mail_date(value)


def read_mail_date(text: str) -> dt.date | None:
    """Return the day of a mail's or a feed's date (RFC 5322)."""
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return moment.date() if moment.year >= EARLIEST_YEAR else None


def date_in_url(url: str) -> dt.date | None:
    """Return the day in an address such as `/2024/12/05/story`."""
    found = _IN_URL.search(url)
    return _day(int(found[1]), int(found[2]), int(found[3])) if found else None


def _month(name: str) -> int:
    return _MONTHS.index(name.lower()) + 1 if name.lower() in _MONTHS else 0


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day) if year >= EARLIEST_YEAR else None
    except ValueError:
        return None
