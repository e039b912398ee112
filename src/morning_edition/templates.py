"""What all templates share: where ours are kept compiled, and where a station's own failed."""

import os
import traceback
from pathlib import Path

import jinja2

from morning_edition import __version__


def tell_template_fault(error: Exception, template: Path) -> str:
    """Return what is wrong, behind the file and line where it is; *template* is the one asked for."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        return f"{error.filename or template}:{error.lineno}: {error.message}"
    if isinstance(error, jinja2.TemplateNotFound):
        return f"{_find_spot(error, template)}: no template is called {error.name}"
    return f"{_find_spot(error, template)}: {str(error) or type(error).__name__}"


def _find_spot(error: Exception, template: Path) -> str:
    """Name the template and the line in it where *error* arose; Jinja puts them on the traceback."""
    frames = reversed(traceback.extract_tb(error.__traceback__))
    spots = (f"{frame.filename}:{frame.lineno}" for frame in frames if frame.filename.endswith(".j2"))
    return next(spots, str(template))


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
