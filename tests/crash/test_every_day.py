"""Nothing lost: a few steps of each kind of command, tried every day; `--thorough` tries many more, and
MORNING_EDITION_CRASH=1 all of them."""

import pytest
from crash.conftest import Benches
from crash.scenarios import LEAVING, PRODUCING, SENDING

EVERY_DAY = {"produce": PRODUCING, "regenerate": PRODUCING, "retract": LEAVING, "publish": SENDING}
POINTS = ((0.95, "kill"), (0.8, "outage"), (0.6, "EIO"), (0.9, "ENOSPC"))
"""How far the command has come, and what happens then."""


@pytest.mark.parametrize("name", EVERY_DAY)
def test_a_command_that_is_stopped_near_its_end_loses_nothing(name: str, benches: Benches) -> None:
    """The feed is the old one or the new one, whole, and the same command again ends the work."""
    bench = benches(EVERY_DAY[name][name])
    for part, fault in POINTS:
        bench.try_step(round(len(bench.ran.steps) * part), fault)
