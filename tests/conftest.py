"""What every test needs: to be interruptible, for a run started in the background is not."""

import os
import signal
import tempfile
from pathlib import Path

signal.signal(signal.SIGINT, signal.default_int_handler)
# No voice is fetched while testing, and none that this user has installed takes part.
os.environ["MORNING_EDITION_OFFLINE"] = "1"
os.environ["MORNING_EDITION_VOICES"] = str(Path(tempfile.gettempdir()) / "morning-edition-no-voices")
