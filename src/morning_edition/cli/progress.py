"""How far the work is: bars on a terminal, a plain line a stage off one."""

import sys
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Self

from morning_edition.cli.telling import one_line

if TYPE_CHECKING:
    from rich.progress import Progress as Bars

STAGES = {
    "fetch": ("fetching", "bytes"),
    "speak": ("speaking", "lines"),
    "mix": ("mixing", "parts"),
    "master": ("mastering", "parts"),
    "proof": ("proofing", "parts"),
    "publish": ("publishing", ""),
    "send": ("sending", "files"),
}

AMOUNTS = frozenset(("send",))
"""Stages of which the first word tells how much there is to do, and not how much is done."""


class Progress:
    """A context in which stages may be reported as (stage, done, total), on standard error."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._stack = ExitStack()
        self._bars: Bars | None = None
        self._tasks: dict[str, object] = {}

    def __enter__(self) -> Self:
        if not self._quiet and sys.stderr.isatty():
            self._bars = self._stack.enter_context(_make_bars())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def __call__(self, stage: str, done: int, total: int, told: str = "", /) -> None:
        """Tell that *done* of *total* are done in *stage*, or what is *told* of it."""
        verb, unit = STAGES[stage]
        if self._bars:
            if stage not in self._tasks:
                self._tasks[stage] = self._bars.add_task(verb, total=total, told="")
            told = told or (f"{done:,}/{total:,} {unit}" if unit else "")
            self._bars.update(self._tasks[stage], completed=done, total=total, told=told)  # type: ignore[arg-type]
        elif not self._quiet and stage not in self._tasks:
            self._tasks[stage] = True
            amount = (told if stage in AMOUNTS else "") or (f"{total:,} {unit}" if unit else "")
            self.say(f"{verb} {amount}".rstrip())

    def say(self, message: str) -> None:
        """Tell one line, above the bars where there are any."""
        if self._quiet:
            return
        message = one_line(message)
        if self._bars:
            self._bars.console.print(message, markup=False, highlight=False, soft_wrap=True)
        else:
            sys.stderr.write(f"{message}\n")
            sys.stderr.flush()

    def begin(self, title: str) -> None:
        """Begin the next article: its stages are told anew."""
        self._tasks.clear()
        self.say(title)


def _make_bars() -> "Bars":
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    return Bars(
        TextColumn("{task.description:<10}"),
        BarColumn(),
        TextColumn("{task.fields[told]}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )
