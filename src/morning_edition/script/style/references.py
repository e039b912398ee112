"""References of HTML that were left in a text, such as "&amp;": their semicolon is no stop."""

from html.entities import html5

from morning_edition.patterns import compile_late

_REFERENCE = compile_late(r"&(?:#\w{1,8};|(?P<name>[A-Za-z]\w{1,31};))$")
LONGEST = 34
"""Characters, the sign & and the semicolon counted."""


def ends_in_reference(text: str) -> bool:
    """Tell whether *text* ends with a reference; "R&D;" is none."""
    match = _REFERENCE.search(text[-LONGEST:])
    return match is not None and (not match["name"] or match["name"] in html5)
