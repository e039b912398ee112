"""What a speech server says instead of speaking, in whatever form."""

import json
import re
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from morning_edition.errors import VoiceBusyError

LONGEST_ERROR = 200
SPENT = frozenset(
    {"quota_exceeded", "insufficient_quota", "billing_hard_limit_reached", "insufficient_credits"}
)
"""What servers call a used-up account, some with the status 429: waiting does not mend it."""


def read_complaint(content: bytes) -> tuple[str, str]:
    """Return code and message of an error's body, in any of the forms that speech servers write.

    `{"error": {"code", "message"}}` (OpenAI, Google), `{"detail": {"status", "message"}}` (ElevenLabs),
    `{"detail": [{"loc", "msg"}]}` (FastAPI), and either with a bare text.
    """
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        text = content[:LONGEST_ERROR].decode(errors="replace")
        return "", name_content(content) if text.lstrip()[:1] in {"<", ""} else text
    if isinstance(found, dict):
        found = found.get("error") or found.get("detail") or found
    if isinstance(found, list) and found:
        found = found[0]
    if not isinstance(found, dict):
        return "", found if isinstance(found, str) else ""
    codes = [found.get(name) for name in ("status", "code", "type")]
    code = next((code for code in codes if is_spent(code)), next((code for code in codes if code), ""))
    place = ".".join(map(str, found["loc"])) + ": " if isinstance(found.get("loc"), list) else ""
    said = found.get("message") or found.get("msg") or found.get("Message") or code
    return str(code), f"{place}{said}"


def is_spent(code: object) -> bool:
    """Tell whether *code*, whatever a server put there, says that an account is used up."""
    return isinstance(code, str) and code in SPENT


def in_one_line(text: str) -> str:
    """Return *text* without line feeds and what else would move a terminal's cursor."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def name_content(content: bytes) -> str:
    """Say what *content* is where it is clearly no sound; empty where it may be some."""
    begin = content[:1_000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not begin:
        return "nothing"
    if begin[:1] == b"<":
        return "a web page, perhaps this network wants a sign-in"
    if begin[:1] in {b"{", b"["}:
        return "JSON"
    return "text" if begin.isascii() and begin.decode().isprintable() else ""


def asked_wait_s(headers: Mapping[str, str]) -> float:
    """Return what Retry-After asks for, in seconds or as a time by the server's own clock; 0 for nothing."""
    asked = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]*)?", asked):
        return float(asked)
    try:
        by = parsedate_to_datetime(asked)
        now = parsedate_to_datetime(headers["Date"]).timestamp() if "Date" in headers else time.time()
        return max(by.timestamp() - now, 0.0)
    except (TypeError, ValueError, OverflowError):
        return 0.0


def broken_answer(engine: str, title: str) -> VoiceBusyError:
    """Return the error for a JSON answer that lacks what was asked for, and was charged for all the same."""
    return VoiceBusyError(f"{engine}: the answer of {title} is not as it should be", paid=True)
