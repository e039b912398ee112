"""Nothing lost: an episode made, and made again, on a disk that fails or by a process that is killed.

Whatever goes wrong at whichever step: what listeners fetch is whole and names nothing that is not there, and
the same command again ends where it would have ended at once.
"""

import pytest
from crash.bench import FAULTS
from crash.conftest import Try
from crash.scenarios import PRODUCING

pytestmark = pytest.mark.thorough


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", PRODUCING)
def test_nothing_is_lost_when_an_episode_is_made(name: str, fault: str, try_steps: Try) -> None:
    """The feed is the old one or the new one, and what was heard before can still be heard."""
    try_steps(PRODUCING[name], fault)
