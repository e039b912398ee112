"""Templates of a station's own: where they failed, told as the one who wrote them would look for it."""

import traceback
from pathlib import Path

import jinja2


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
