"""`create` where a server does not promise that only one of two wins: look again a little later."""

import time
from collections.abc import Callable

SETTLE_S = 1.0
"""Longer than a server takes from looking whether something stands to putting something there."""


def has_won(read: Callable[[], bytes], content: bytes, *, settle_s: float = SETTLE_S) -> bool:
    """Tell whether *content*, unlike any other's, still stands after *settle_s* seconds.

    Of two who wrote at the same moment, the later one overwrote the earlier; both then find the later one's.
    """
    time.sleep(settle_s)
    return read() == content
