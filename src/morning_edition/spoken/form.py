"""Written English to spoken form: what the voice gets in place of what the eye reads."""

import re

READINGS = (
    (r"\s*(?:—|–(?=\s)|(?<=\s)–|(?<=\s)-(?=\s)|--)\s*", ", "),  # a dash is a breath
    (r"(?<=\d)\s*–\s*(?=\d)", " to "),
    (r"(?<=\d)\s?km\b", " kilometers"),
    (r"(?<=\d)\s?kg\b", " kilograms"),
    (r"\bNo\.\s?(?=\d)", "number "),
    (r"\s&\s", " and "),
    (r"\bWorld War II\b", "World War Two"),
    (r"\bWorld War I\b", "World War One"),
)
_COMPILED = tuple((re.compile(pattern), reading) for pattern, reading in READINGS)


def to_spoken(text: str) -> str:
    """Return the spoken form of one written line."""
    for pattern, reading in _COMPILED:
        text = pattern.sub(reading, text)
    return re.sub(r"\s+", " ", re.sub(r"\s+,", ",", text)).strip(" ,")
