"""Companies: what stands behind their names, "Bay Ferries Co." being "Bay Ferries Company"."""

import re

from morning_edition.spoken.english.letters import keep_stop, word_before
from morning_edition.spoken.reading import Locale, make_reading

_SAID = {
    "Assn": "Association",
    "Bros": "Brothers",
    "Co": "Company",
    "Cos": "Companies",
    "Corp": "Corporation",
    "Inc": "Inc",
    "Intl": "International",
    "Int'l": "International",
    "Ltd": "Limited",
    "Mfg": "Manufacturing",
    "Natl": "National",
    "Nat'l": "National",
    "Pty": "Proprietary",
    "bros": "brothers",
    "inc": "inc",
    "ltd": "limited",
    "plc": "P L C",
    "INC": "Inc",
    "CORP": "Corporation",
    "LTD": "Limited",
    "BROS": "Brothers",
}
_NEED_STOP = frozenset(("Co", "Cos"))
"""What begins other words, cut off, without the stop."""


def _say_company(match: re.Match[str], locale: Locale) -> str | None:
    before = word_before(match).rstrip(",")
    if not before or not (before[0].isupper() or before[0].isdigit() or before[-1] in "&)."):
        return None
    if match["kind"] in _NEED_STOP and not match["stop"] and not before.endswith("&"):
        return None
    said = "Co" if match["kind"] == "Co" and before.endswith("&") else _SAID[match["kind"]]
    return said + (match["ending"] or (match["stop"] and keep_stop(match)) or "")


READINGS = (
    make_reading(
        "company",
        rf"(?<=[\ &]) (?P<kind>{'|'.join(sorted(_SAID, key=len, reverse=True))})\b"
        r"(?P<stop>\.?) (?P<ending>'s)? (?![\w-])",
        _say_company,
    ),
)
