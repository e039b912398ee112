"""The seam by language: what a language brings so that its written lines can be said.

A language is a folder beside this file whose `language.py` has a `LANGUAGE`; `FOLDERS` names it by its tag.
"""

import functools
import importlib
from collections.abc import Callable
from dataclasses import dataclass

from morning_edition.spoken.reading import Reading

FOLDERS = {"en": "english"}


@dataclass(frozen=True, slots=True)
class Heteronym:
    """A word written like another and said otherwise, where its neighbours tell which it is."""

    start: int
    """In characters of the spoken text."""
    end: int
    ipa: str


@dataclass(frozen=True, slots=True)
class Language:
    """How one language's written forms are said."""

    tag: str
    """The primary tag of BCP 47."""
    readings: tuple[Reading, ...]
    """In the order of their rights."""
    find_heteronyms: Callable[[str], tuple[Heteronym, ...]] = lambda spoken: ()
    """Finds them in one line's spoken form, in order."""


@functools.cache
def find_language(tag: str) -> Language:
    """Return the language of a primary *tag*; one without a folder has no readings: it is said as written."""
    folder = FOLDERS.get(tag)
    if folder is None:
        return Language(tag, ())
    found: Language = importlib.import_module(f"morning_edition.spoken.{folder}.language").LANGUAGE
    return found
