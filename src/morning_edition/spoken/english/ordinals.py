"""Ordinals: "21st" is "twenty-first", "1,000th" "one thousandth", "5ths" "fifths"."""

import re

from morning_edition.spoken.english.numbers import ordinal
from morning_edition.spoken.reading import DIGITS, Locale, make_reading


def _say_ordinal(match: re.Match[str], locale: Locale) -> str:
    said = ordinal(match["digits"], locale)
    return f"{said.removeprefix('one ')}s" if match["plural"] else said


READINGS = (
    make_reading(
        "ordinal",
        r"""(?<![0-9.,])(?P<digits>[0-9]{1,3}(?:,[0-9]{3})++|[0-9]{1,36}+)
        (?:st|nd|rd|th|ST|ND|RD|TH|ˢᵗ|ⁿᵈ|ʳᵈ|ᵗʰ|[ºª])(?P<plural>s)?(?!\w)""",
        _say_ordinal,
        needs=DIGITS,
    ),
    make_reading(
        "ordinal of a regiment",
        r"(?<![\w.,])(?P<digits>[0-9]{0,3}[23])d(?P<plural>)(?=[ ][A-Z][a-z])",
        _say_ordinal,
        needs="d",
    ),
)
