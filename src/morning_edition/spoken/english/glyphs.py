"""What print alone has: joiners within words, a space lost after a full stop."""

import re

from morning_edition.spoken.reading import Locale, make_reading

_UNSEEN = "\u200c\u200d"


def _say_seen(match: re.Match[str], locale: Locale) -> str:
    return re.sub(f"[{_UNSEEN}]", "", match.group())


READINGS = (
    make_reading(
        "word with an unseen break",
        rf"\b[^\W\d_]++(?:[{_UNSEEN}]++[^\W\d_]++)+",
        _say_seen,
        needs=_UNSEEN,
    ),
    make_reading(
        "space lost after a full stop",
        r"(?<=[a-z0-9%)][a-z0-9%)])(?P<mark>[.!?])(?=[A-Z][a-z]++(?:\ |,|'))",
        lambda match, locale: match["mark"] + " ",
        needs=".!?",
    ),
)
