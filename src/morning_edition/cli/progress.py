"""How far the work is: bars on a terminal, a plain line a stage off one."""

import sys
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.progress import Progress as Bars

STAGES = {
    "speak": ("speaking", "lines"),
    "mix": ("mixing", "s"),
    "master": ("mastering", ""),
    "publish": ("publishing", ""),
}


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

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Tell that *done* of *total* are done in *stage*."""
        if self._bars:
            self._move_bar(self._bars, stage, done, total)
        elif not self._quiet and stage not in self._tasks:
            self._tasks[stage] = True
            verb, unit = STAGES[stage]
            self.say(f"{verb} {total} {unit}" if unit else verb)

    def say(self, message: str) -> None:
        """Tell one line, above the bars where there are any."""
        if self._quiet:
            return
        if self._bars:
            self._bars.console.print(message, markup=False, highlight=False, soft_wrap=True)
        else:
            sys.stderr.write(f"{message}\n")
            sys.stderr.flush()

    def begin(self, title: str) -> None:
        """Begin the next article: its stages are told anew."""
        self._tasks.clear()
        self.say(title)

    def _move_bar(self, bars: "Bars", stage: str, done: int, total: int) -> None:
        verb, unit = STAGES[stage]
        if stage not in self._tasks:
            self._tasks[stage] = bars.add_task(verb, total=total, unit=unit)
        bars.update(self._tasks[stage], completed=done, total=total)  # type: ignore[arg-type]


def _make_bars() -> "Bars":
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    return Bars(
        TextColumn("{task.description:<10}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[unit]}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )
