"""Nothing lost: episodes that come out and go, on a disk that fails or by a process that is killed.

Whatever goes wrong at whichever step: what listeners fetch is whole and names nothing that is not there, and
the same command again ends where it would have ended at once.
"""

import pytest
from crash.bench import FAULTS
from crash.conftest import Try
from crash.scenarios import LEAVING

pytestmark = pytest.mark.thorough


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", LEAVING)
def test_nothing_is_lost_when_an_episode_comes_out_or_goes(name: str, fault: str, try_steps: Try) -> None:
    """What was withdrawn is out of the feed before it is away, and is kept for the newsroom."""
    try_steps(LEAVING[name], fault)
