"""What went wrong with a fetch, in words that tell the way out."""

import datetime as dt
import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from urllib3 import exceptions

from morning_edition.fetching.line import CONNECT_S
from morning_edition.fetching.purpose import Purpose
from morning_edition.fetching.unpacking import DamagedError, TooLargeError

LONGEST_WAIT_S = 86_400.0
"""A day; who asks for more is visited again after that."""


def complain_of_status(status: int, purpose: Purpose) -> str:
    """Say what an HTTP *status* means for the producer."""
    if status in {401, 402, 403, 407, 451}:
        return f"is not shown to programs or strangers (HTTP {status}); {purpose.by_hand}"
    if status in {404, 410}:
        return f"holds no {purpose.what} any more (HTTP {status}); check the address"
    if status == 429:
        return f"asks for fewer visits (HTTP 429); try again later, or {purpose.by_hand}"
    if status >= 500:
        return f"has trouble of its own (HTTP {status}); try again later"
    return f"gave no {purpose.what} (HTTP {status}); {purpose.by_hand}"


def complain_of_time(purpose: Purpose) -> str:
    """Say that the time was up."""
    return f"took longer than {purpose.total_s:.0f} seconds; try again later"


def complain(error: Exception, purpose: Purpose) -> str:
    """Say what an *error* of the network means for the producer."""
    match error:
        case TooLargeError():
            return f"is larger than {purpose.largest_bytes:,} bytes, which no {purpose.what} is"
        case exceptions.SSLError():
            return f"cannot prove that it is who it says (its certificate is not valid); {purpose.by_hand}"
        case exceptions.ProxyError():
            return "cannot be reached: the proxy does not answer; check HTTPS_PROXY and NO_PROXY"
        case exceptions.NewConnectionError():
            return "cannot be reached; check the address and your connection"
        case exceptions.TimeoutError() | TimeoutError():
            return f"did not answer within {CONNECT_S:.0f} seconds; try again later"
        case exceptions.LocationParseError() | exceptions.LocationValueError() | UnicodeError():
            return "is no web address; check how it is written"
        case DamagedError() | exceptions.DecodeError() | exceptions.ProtocolError():
            return f"sent a damaged {purpose.what}; try again"
    return "cannot be reached; check the address and your connection"


def asked_wait_s(headers: Mapping[str, str]) -> float:
    """Return what Retry-After asks for, in seconds or as a time by the server's own clock; 0 for nothing.

    *headers* have names in lower case (RFC 9110, section 10.2.3).
    """
    asked = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", asked):
        return min(float(asked), LONGEST_WAIT_S)
    try:
        wait = _read_moment(asked) - _read_moment(headers.get("date", ""))
        return min(max(wait.total_seconds(), 0.0), LONGEST_WAIT_S)
    except (TypeError, ValueError, OverflowError):
        return 0.0


def _read_moment(text: str) -> dt.datetime:
    moment = parsedate_to_datetime(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
