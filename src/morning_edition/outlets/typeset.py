"""The templates of feed and pages, and the one environment that sets them."""

import functools
import os

import jinja2

from morning_edition import __version__
from morning_edition.outlets.characters import clean, plain, shorten
from morning_edition.outlets.times import clock, length_of, seconds_of, spell_date, timestamp

LONGEST_VALUE = 255
"""Characters of any value but a description (Apple, "A Podcaster's Guide to RSS")."""


def typeset(template: str, **values: object) -> str:
    """Return *template* with *values* in it: each cleaned and, unless it is markup, escaped."""
    return _environment().get_template(template).render(values)


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("morning_edition", "outlets/templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_publishable,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        bytecode_cache=_find_bytecode_cache(),
    )
    environment.filters |= {
        "brief": _brief,
        "clock": clock,
        "length": length_of,
        "plain": plain,
        "seconds": seconds_of,
        "spelled": spell_date,
        "timestamp": timestamp,
    }
    return environment


def _find_bytecode_cache() -> jinja2.BytecodeCache | None:
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


def _publishable(value: object) -> object:
    return clean(value) if type(value) is str else value  # markup was cleaned where it was made


def _brief(text: str) -> str:
    return shorten(clean(text), LONGEST_VALUE)
