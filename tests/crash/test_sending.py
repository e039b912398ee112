"""Nothing lost: a site sent to where listeners fetch it, on disks that fail.

Whatever goes wrong at whichever step: what listeners fetch is whole and names nothing that is not there, and
the same command again ends where it would have ended at once.
"""

import pytest
from crash.bench import FAULTS
from crash.conftest import Try
from crash.scenarios import SENDING

pytestmark = pytest.mark.thorough


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", SENDING)
def test_nothing_is_lost_when_a_site_is_sent(name: str, fault: str, try_steps: Try) -> None:
    """Both feeds, here and there, are the old one or the new one."""
    try_steps(SENDING[name], fault)
