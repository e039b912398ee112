"""The templates of feed and pages, and the one environment that sets them."""

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2

from morning_edition.errors import StationError
from morning_edition.outlets.characters import LONGEST_VALUE, clean, plain, shorten
from morning_edition.outlets.times import clock, length_of, seconds_of, spell_date, timestamp
from morning_edition.templates import find_bytecode_cache, render_bounded, tell_template_fault


def typeset(template: str, /, own: Path | None = None, **values: object) -> str:
    """Return *template* with *values* in it: each cleaned and, unless it is markup, escaped.

    Templates in the folder *own* take the place of those of their names, and run in a sandbox. Raises
    `StationError`, which says where, for one of those that is broken.
    """
    if not own or not has_own_template(template, own):
        return _environment().get_template(template).render(values)
    try:
        return render_bounded(_own_environment(own).get_template(template), values)
    except Exception as error:  # a template can fail in any way that Python can
        raise StationError(tell_template_fault(error, own / template)) from error


def has_own_template(template: str, own: Path) -> bool:
    """Tell whether *template*, or of a page anything that it may be made of, is in the folder *own*."""
    if not template.endswith(".html.j2"):
        return (own / template).is_file()
    return any(path.name.endswith(_PARTS_OF_PAGES) for path in own.glob("*.j2"))


_PARTS_OF_PAGES = (".html.j2", ".css.j2", ".js.j2", ".svg.j2")


def _own_environment(own: Path) -> jinja2.Environment:
    from morning_edition.templates import OwnTemplates, Sandbox

    return _furnish(Sandbox(loader=jinja2.ChoiceLoader([OwnTemplates(own), _BUILT_IN]), **_HABITS))


@functools.cache
def _environment() -> jinja2.Environment:
    return _furnish(
        jinja2.Environment(loader=_BUILT_IN, bytecode_cache=find_bytecode_cache(), **_HABITS)  # noqa: S701
    )


def _furnish(environment: jinja2.Environment) -> jinja2.Environment:
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


def _publishable(value: object) -> object:
    return clean(value) if type(value) is str else value  # markup was cleaned where it was made


_BUILT_IN = jinja2.PackageLoader("morning_edition", "outlets/templates")
_HABITS: Mapping[str, Any] = {
    "autoescape": True,
    "undefined": jinja2.StrictUndefined,
    "finalize": _publishable,
    "trim_blocks": True,
    "lstrip_blocks": True,
    "keep_trailing_newline": True,
    "auto_reload": False,
}


def _brief(text: str) -> str:
    return shorten(clean(text), LONGEST_VALUE)
