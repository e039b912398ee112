"""A run that goes on until it is stopped: by the system (SIGTERM), or by a person (Ctrl-C)."""

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType, TracebackType
from typing import Self


class Stopped(KeyboardInterrupt):
    """Somebody has asked to stop."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.by_system = number == signal.SIGTERM


class Stopping:
    """A context in which whoever asks to stop is heard at once, or, while held back, between two steps.

    Who asks a second time is heard at once in any case.
    """

    def __init__(self) -> None:
        self._asked = 0
        self._held = False
        self._before: dict[int, object] = {}

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            self._before = {
                number: signal.signal(number, self._ask) for number in (signal.SIGTERM, signal.SIGINT)
            }
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)  # type: ignore[arg-type]  # what `signal` itself has given

    def _ask(self, number: int, frame: FrameType | None) -> None:
        again, self._asked = self._asked, number
        if again or not self._held:
            raise Stopped(number)

    @contextlib.contextmanager
    def held_back(self) -> Iterator[None]:
        """Hold it back until the context ends, or `stop_if_asked` is called in it."""
        self._held = True
        try:
            yield
        finally:
            self._held = False
        self.stop_if_asked()

    def stop_if_asked(self) -> None:
        """Raise `Stopped` where somebody has asked; in the main thread alone."""
        if self._asked and threading.current_thread() is threading.main_thread():
            raise Stopped(self._asked)
