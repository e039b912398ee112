"""Copy for the ear: broadcast style, one small rule a module, each with its switch in the station's settings.

No rule changes a name, a number or a quoted word; what is not certain stays as it is written.
"""

from morning_edition.script.style.airing import VERBATIM, Airing, Styled, Unread
from morning_edition.script.style.breaths import find_breath
from morning_edition.script.style.headlines import open_up_headline
from morning_edition.script.style.parentheses import drop_glosses
from morning_edition.script.style.restyling import restyle
from morning_edition.script.style.slugs import leave_out

__all__ = [
    "VERBATIM",
    "Airing",
    "Styled",
    "Unread",
    "drop_glosses",
    "find_breath",
    "leave_out",
    "open_up_headline",
    "restyle",
]
