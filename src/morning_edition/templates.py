"""What all templates share: where ours are kept compiled, and where a station's own failed."""

import errno
import os
import re
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jinja2
import jinja2.sandbox
from jinja2.exceptions import SecurityError

from morning_edition import __version__


def tell_template_fault(error: Exception, template: Path) -> str:
    """Return what is wrong, behind the file and line where it is; *template* is the one asked for."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        return f"{error.filename or template}:{error.lineno}: {error.message}"
    if isinstance(error, jinja2.TemplateNotFound):
        return f"{_find_spot(error, template)}: no template is called {error.name}"
    if isinstance(error, OSError):
        return f"{error.filename or template}: {error.strerror or error}"
    return f"{_find_spot(error, template)}: {str(error) or type(error).__name__}"


def _find_spot(error: Exception, template: Path) -> str:
    """Name the template and the line in it where *error* arose; Jinja puts them on the traceback."""
    frames = reversed(traceback.extract_tb(error.__traceback__))
    spots = (f"{frame.filename}:{frame.lineno}" for frame in frames if frame.filename.endswith(".j2"))
    return next(spots, str(template))


LONGEST_BYTES = 50_000_000
"""Of what one template may write; a feed of 10,000 episodes has about as much."""
LONGEST_S = 60.0
"""How long it may write at it; ours take a second for that feed."""
LONGEST_REPEATED = 1_000_000
"""Signs or items that `*` may give, and digits that a number may have."""


class OwnTemplates(jinja2.FileSystemLoader):
    """A station's own templates: files in its folder `templates`, of which none leads out of the station."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._root = folder.parent

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        """Return a template's text, file, and what tells whether it has stayed the same."""
        source, path, is_same = super().get_source(environment, template)
        if not Path(path).resolve().is_relative_to(self._root.resolve()):
            raise PermissionError(errno.EACCES, "it leads out of the station's folder; copy it there", path)
        return source, path, is_same


class Sandbox(jinja2.sandbox.SandboxedEnvironment):
    """Where a station's own templates run: no file, no attribute that is Python's own, no endless number.

    `range` is bounded by Jinja (100,000), repetition and powers are here; what a template writes, and how
    long it takes, is bounded while it is written.
    """

    intercepted_binops = frozenset({"*", "**", "%"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401
        """Reckon, unless what comes of it has no bounds."""
        if _is_endless(operator, left, right):
            raise SecurityError(f"{operator} gives too much here; write less")
        return super().call_binop(context, operator, left, right)


def _is_endless(operator: str, left: object, right: object) -> bool:
    if operator == "%":
        return isinstance(left, str) and bool(re.search(r"%[^a-zA-Z%]*(?:\d{5}|\*)", left))
    if operator == "**":
        return (
            isinstance(left, int) and isinstance(right, int) and left.bit_length() * right > LONGEST_REPEATED
        )
    counts = [one for one in (left, right) if isinstance(one, int)]
    several = [len(one) for one in (left, right) if isinstance(one, str | list | tuple | bytes)]
    if len(counts) == 2:
        return sum(one.bit_length() for one in counts) > LONGEST_REPEATED
    return bool(counts and several) and counts[0] * several[0] > LONGEST_REPEATED


def render_bounded(template: jinja2.Template, values: Mapping[str, object]) -> str:
    """Return what *template* writes with *values*, bounded in size and time. Raises whatever it raises."""
    until_s = time.monotonic() + LONGEST_S
    pieces, size = [], 0
    for piece in template.generate(values):
        size += len(piece)
        if size > LONGEST_BYTES:
            raise SecurityError(f"writes more than {LONGEST_BYTES:,} signs; write less")
        if time.monotonic() > until_s:
            raise SecurityError(f"writes for more than {LONGEST_S:.0f} seconds; write less")
        pieces.append(piece)
    return "".join(pieces)


def find_bytecode_cache() -> jinja2.BytecodeCache | None:
    """Return where this user's compiled templates are kept, as Python keeps its modules'; None for nowhere.

    To compile ours takes a tenth of a second. Templates of a station's own are never kept.
    """
    import platformdirs

    try:
        folder = (
            platformdirs.user_cache_path("morning-edition", ensure_exists=True) / f"templates-{__version__}"
        )
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError:
        return None
    return jinja2.FileSystemBytecodeCache(str(folder)) if os.access(folder, os.W_OK | os.X_OK) else None
