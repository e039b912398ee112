"""Options that say how much of an article is read, and how it is turned for the ear."""

import dataclasses
from enum import StrEnum
from typing import Annotated

import typer

from morning_edition.station import Station


class Depth(StrEnum):
    """How deep a story is read."""

    BRIEF = "brief"
    QUICK = "quick"
    FULL = "full"


DepthOption = Annotated[
    Depth | None,
    typer.Option(
        "--depth",
        help="Read headline and lede (brief), the Quick Looks too (quick), or all (full).",
        show_default=False,
    ),
]
MinutesOption = Annotated[
    float | None,
    typer.Option(
        "--minutes",
        metavar="N",
        min=0,
        max=600,
        help="Stop after the last paragraph that ends within N minutes, music not counted; 0 reads all.",
        show_default=False,
    ),
]
VerbatimOption = Annotated[
    bool, typer.Option("--verbatim", help="Read the copy as it is written, with no rule of style.")
]
QuickLooksOption = Annotated[
    bool | None,
    typer.Option(
        "--pick-quick-looks/--no-pick-quick-looks",
        help="Pick sentences as Quick Looks where the newsroom wrote none, or do not.",
        show_default=False,
    ),
]


def adapt_station(
    show: Station,
    *,
    depth: Depth | None = None,
    minutes: float | None = None,
    verbatim: bool = False,
    pick_quick_looks: bool | None = None,
) -> Station:
    """Return *show* with what was asked for in place of its settings."""
    asked = {
        "depth": depth.value if depth else None,
        "minutes": minutes,
        "pick_quick_looks": pick_quick_looks,
    }
    given = {name: value for name, value in asked.items() if value is not None}
    adapted = dataclasses.replace(show, script=dataclasses.replace(show.script, **given)) if given else show  # type: ignore[arg-type]
    if not verbatim:
        return adapted
    from morning_edition.script.style import VERBATIM

    return dataclasses.replace(adapted, style=VERBATIM)
