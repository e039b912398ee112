"""Nothing lost: an episode corrected, refused, or made beside a damaged one, on a disk that fails.

Whatever goes wrong at whichever step: what listeners fetch is whole and names nothing that is not there, and
the same command again ends where it would have ended at once.
"""

import pytest
from crash.bench import FAULTS
from crash.conftest import Try
from crash.scenarios import CORRECTING

pytestmark = pytest.mark.thorough


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", CORRECTING)
def test_nothing_is_lost_when_an_episode_is_corrected_or_refused(
    name: str, fault: str, try_steps: Try
) -> None:
    """The feed is the old one or the new one, and what was heard before can still be heard."""
    try_steps(CORRECTING[name], fault)
