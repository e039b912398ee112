"""Requests that ask for a file on a condition (RFC 9110 §13), and dates as HTTP writes them (§5.6.7)."""

import datetime as dt
import email.utils
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass

NOT_MODIFIED = 304
FAILED = 412
ENTITY_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\uffff]*"')


@dataclass(frozen=True, slots=True)
class Validators:
    """What tells whether somebody's copy of a file is the newest."""

    etag: str
    """Strong, with its quotes."""
    modified_s: int
    """Seconds since 1970; HTTP's dates have no others."""
    last_modified: str
    """The same for the header of that name."""

    @classmethod
    def of(cls, etag: str, modified_s: int) -> "Validators":
        """Return those of a file with this tag that was changed at that moment."""
        return cls(etag, modified_s, email.utils.formatdate(modified_s, usegmt=True))


def judge_conditions(headers: Mapping[str, str], current: Validators) -> int | None:
    """Return 304 or 412 where a condition in *headers* asks for it, None where the file is to be sent.

    In the order of §13.2.2: an entity tag wins over a date.
    """
    wanted = headers.get("If-Match")
    moment = parse_date(headers.get("If-Unmodified-Since")) if wanted is None else None
    if wanted is not None and not _lists(wanted, current.etag, weakly=False):
        return FAILED
    if moment is not None and current.modified_s > moment:
        return FAILED
    if (had := headers.get("If-None-Match")) is not None:
        return NOT_MODIFIED if _lists(had, current.etag, weakly=True) else None
    moment = parse_date(headers.get("If-Modified-Since"))
    return NOT_MODIFIED if moment is not None and current.modified_s <= moment else None


def range_applies(if_range: str | None, current: Validators, now_s: float) -> bool:
    """Tell whether a part may be sent: the client's first part, if it has one, is of the file as it stands.

    A date stands for one content only a second after the last change (§8.8.2.2).
    """
    if if_range is None:
        return True
    told = if_range.strip()
    if told.endswith('"'):
        return told == current.etag
    return told == current.last_modified and now_s >= current.modified_s + 1


def parse_date(header: str | None) -> int | None:
    """Return a moment in any of the three forms of §5.6.7 as seconds since 1970; None for anything else."""
    if header is None:
        return None
    try:
        moment = email.utils.parsedate_to_datetime(header)
    except (ValueError, OverflowError):
        return _parse_asctime(header)
    return int(moment.replace(tzinfo=moment.tzinfo or dt.UTC).timestamp())


def _parse_asctime(header: str) -> int | None:
    try:
        parsed = time.strptime(header, "%a %b %d %H:%M:%S %Y")
    except ValueError:
        return None
    return int(dt.datetime(*parsed[:6], tzinfo=dt.UTC).timestamp())


def _lists(header: str, etag: str, *, weakly: bool) -> bool:
    """Tell whether *etag*, a strong one, is among those of a header (§8.8.3.2), or any would do."""
    if header.strip() == "*":
        return True
    tags = ENTITY_TAG.findall(header)
    return etag in tags or (weakly and f"W/{etag}" in tags)
