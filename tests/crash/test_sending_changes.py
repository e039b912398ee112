"""Nothing lost: a site sent from which something goes, or where something comes out.

Whatever goes wrong at whichever step: what listeners fetch is whole and names nothing that is not there, and
the same command again ends where it would have ended at once.
"""

import pytest
from crash.bench import FAULTS
from crash.conftest import Try
from crash.scenarios import SENDING_CHANGES

pytestmark = pytest.mark.thorough


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", SENDING_CHANGES)
def test_nothing_is_lost_when_something_goes_or_comes_out(name: str, fault: str, try_steps: Try) -> None:
    """What goes is removed there after the feed no longer names it."""
    try_steps(SENDING_CHANGES[name], fault)
