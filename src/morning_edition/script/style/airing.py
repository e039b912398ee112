"""What the rules go by, and what they make."""

import datetime as dt
from dataclasses import dataclass

from morning_edition.script.script import Role
from morning_edition.station.settings import Style

VERBATIM = Style(
    speaker_first=False,
    source_first=False,
    quotations=False,
    parentheses=False,
    days=False,
    headlines=False,
    dateline="keep",
    slugs=False,
    breaths=False,
)
"""All rules off: copy is read as it stands."""

LONGEST_SENTENCE = 2_000
"""Characters of the longest sentence that rules look into; what is longer is no prose, and stays as it is."""


@dataclass(frozen=True, slots=True)
class Airing:
    """When copy goes on air, and which rules are on."""

    date: dt.date
    """The edition's day."""
    article_date: dt.date | None
    """The day the article was written, where it is known."""
    style: Style


@dataclass(frozen=True, slots=True)
class Styled:
    """One line to be read, still in written form ("40 km", "Sen.").

    It ends as it should sound, in a colon or a comma too where the next line goes on: add no full stop.
    """

    text: str
    role: Role | None = None
    """`quote` where the line is a quotation's own words; None: whoever reads."""


@dataclass(frozen=True, slots=True)
class Unread:
    """What copy holds for the eye alone."""

    text: str
    reason: str
    """Why it is not read, such as "dateline"."""
