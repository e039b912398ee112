"""What every test needs: to be interruptible, for a run started in the background is not."""

import signal

signal.signal(signal.SIGINT, signal.default_int_handler)
