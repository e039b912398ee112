"""Written to spoken: what the voice gets in place of what the eye reads."""

import functools
import re

from morning_edition.spoken.language import Heteronym, find_language
from morning_edition.spoken.reading import Locale, Reading, Spoken, read_line


def speak_line(written: str, language: str = "en-US", *, keep: re.Pattern[str] | None = None) -> Spoken:
    """Return the spoken form of one line in *language* (BCP 47), each word with where it comes from.

    What *keep* matches is said as it stands: the words that a lexicon knows.
    """
    locale = Locale.from_tag(language)
    readings = find_language(locale.language).readings
    return read_line(written, (_keep(keep), *readings) if keep else readings, locale)


@functools.lru_cache(8)
def _keep(pattern: re.Pattern[str]) -> Reading:
    return Reading("known", pattern.pattern, lambda match, locale: match.group())


def find_heteronyms(spoken: str, language: str = "en-US") -> tuple[Heteronym, ...]:
    """Return the words of one spoken line that are written like others, and how they are said here."""
    return find_language(Locale.from_tag(language).language).find_heteronyms(spoken)


def to_spoken(written: str, language: str = "en-US", *, keep: re.Pattern[str] | None = None) -> str:
    """Return the text of `speak_line`."""
    return speak_line(written, language, keep=keep).text
