"""Parts that a killed publisher has left at a target: known by their names, swept when nobody writes them."""

import re
import time

LEFTOVER = re.compile(r"\..+\.[0-9a-f]{16}\.tmp")
LEFTOVER_S = 24 * 60 * 60
"""No sending takes that long, and no two clocks are that far apart."""


def is_leftover(name: str, modified_s: float) -> bool:
    """Tell whether a file called *name*, last written at *modified_s* (Unix time), was left behind."""
    return bool(LEFTOVER.fullmatch(name)) and modified_s < time.time() - LEFTOVER_S
