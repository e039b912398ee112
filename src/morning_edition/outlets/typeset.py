"""The templates of feed and pages, and the one environment that sets them."""

import functools

import jinja2

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


def _publishable(value: object) -> object:
    return clean(value) if type(value) is str else value  # markup was cleaned where it was made


def _brief(text: str) -> str:
    return shorten(clean(text), LONGEST_VALUE)
