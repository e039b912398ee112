"""How long to leave a source or an article alone before it is tried again."""

import datetime as dt
import random
from collections.abc import Set

LONGEST_PAUSE_S = 6 * 3600.0
LONGEST_ASKED_S = 24 * 3600.0
"""However long a server asks to be left alone."""
FIRST_RETRY_S = 60.0
MOST_ATTEMPTS = 8
"""Of an article that fails for a cause that may pass: the last is about two hours after the first."""
MOST_BEGINNINGS = 50
"""Of an article with which the program ended each time: the power may go often, or it may be at fault."""
MANY_BEGINNINGS = 3
"""What was begun as often comes after all others."""
JITTER = 0.25


def find_pause_s(failures: int, first_s: float, asked_s: float, chance: random.Random) -> float:
    """Return how many seconds to wait after so many *failures* in a row, at least as long as *asked_s*.

    It doubles each time, with a quarter more or less, so that not all who failed at once come back at once.
    """
    grown_s = min(first_s * 2.0 ** min(failures - 1, 30), LONGEST_PAUSE_S)
    spread_s = grown_s * chance.uniform(1 - JITTER, 1 + JITTER)
    return max(spread_s, min(asked_s, LONGEST_ASKED_S))


def find_next_hour(now: dt.datetime, skipped: Set[int]) -> dt.datetime:
    """Return *now*, or the first full hour after it that is not among those *skipped* (0 to 23, in UTC)."""
    moment = now.astimezone(dt.UTC)
    if moment.hour not in skipped or len(skipped) > 23:
        return now
    moment = moment.replace(minute=0, second=0, microsecond=0)
    while moment.hour in skipped:
        moment += dt.timedelta(hours=1)
    return moment
