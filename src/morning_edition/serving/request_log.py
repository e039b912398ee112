"""A line for each request, for whoever watches.

Lines are written beside the answers: a terminal that is held, or a pipe that nobody reads, holds up nobody
and loses lines.
"""

import collections
import contextlib
import os
import threading
import time

MOST_WAITING = 1000
"""Lines that wait; beyond that the oldest are lost."""
TOGETHER_S = 0.05
"""Lines of so long are written at once."""


class RequestLog:
    """Lines to the open file *descriptor*; None writes none."""

    def __init__(self, descriptor: int | None) -> None:
        self._descriptor = descriptor
        self._lines: collections.deque[str] = collections.deque(maxlen=MOST_WAITING)
        self._wanted = threading.Event()
        self._closing = False
        self._writer = threading.Thread(target=self._write, name="request log", daemon=True)
        if descriptor is not None:
            self._writer.start()

    @property
    def is_open(self) -> bool:
        """Whether anybody reads it."""
        return self._descriptor is not None

    def tell(self, client: str, request: str, status: int, outcome: str) -> None:
        """Write who asked for what, and what came of it."""
        line = f"{time.strftime('%H:%M:%S')}  {client}  {request}  {status}  {outcome}"
        self._lines.append(f"{line.encode('ascii', 'backslashreplace').decode()}\n")
        self._wanted.set()

    def close(self) -> None:
        """Write what is left, unless nobody takes it."""
        if self.is_open:
            self._closing = True
            self._wanted.set()
            self._writer.join(timeout=0.5)

    def _write(self) -> None:
        while not self._closing or self._lines:
            self._wanted.wait()
            if not self._closing:
                time.sleep(TOGETHER_S)
            self._wanted.clear()
            with contextlib.suppress(OSError):
                os.write(self._descriptor or 0, "".join(self._take()).encode())

    def _take(self) -> list[str]:
        return [self._lines.popleft() for _ in range(len(self._lines))]
