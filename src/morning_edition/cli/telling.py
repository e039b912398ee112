"""What is told on a terminal: text that it shows, and never one that it obeys.

Words of servers, feeds and files that somebody has edited stand in messages; a terminal takes some signs in
them for orders (ECMA-48), and some turn round what stands behind them.
"""

import json
import re
import sys

LONGEST_MESSAGE = 4000
"""Characters: a path may have that many."""
_ORDERS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Controls, ends of lines and paragraphs, what turns text round (UAX #9), and halves of signs."""
_BEYOND_JSON = re.compile(r"[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""The same without what JSON escapes by itself."""


def one_line(text: str) -> str:
    """Return *text* in one line of bounded length, with spaces for all that is not to be seen."""
    line = " ".join(_ORDERS.sub(" ", text).split())
    return line if len(line) <= LONGEST_MESSAGE else f"{line[:LONGEST_MESSAGE]}…"


def complain(message: str) -> None:
    """Tell, on standard error, what is wrong."""
    say(f"morning-edition: {message}")


def say(message: str) -> None:
    """Tell something that is no result, on standard error, at once."""
    sys.stderr.write(f"{one_line(message)}\n")
    sys.stderr.flush()


def render_json(record: object, indent: int | None = 2) -> str:
    """Write *record* as JSON that can be read on a terminal as well."""
    text = json.dumps(record, ensure_ascii=False, indent=indent)
    return _BEYOND_JSON.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)
