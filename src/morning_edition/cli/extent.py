"""Options that say how much of an article is read, and how it is turned for the ear."""

import dataclasses
from collections.abc import Mapping
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


def note_asked(
    *,
    depth: Depth | None = None,
    minutes: float | None = None,
    verbatim: bool = False,
    pick_quick_looks: bool | None = None,
    voice: str = "",
) -> dict[str, str]:
    """Return what was asked for as an episode's record keeps it."""
    asked = {
        "depth": depth.value if depth else "",
        "minutes": "" if minutes is None else f"{minutes:g}",
        "verbatim": "yes" if verbatim else "",
        "pick_quick_looks": "" if pick_quick_looks is None else "yes" if pick_quick_looks else "no",
        "voice": voice,
    }
    return {name: value for name, value in asked.items() if value}


def adapt_again(show: Station, asked: Mapping[str, str]) -> Station:
    """Return *show* with what had been asked for when an episode was made."""
    picked = asked.get("pick_quick_looks")
    return adapt_station(
        show,
        depth=Depth(asked["depth"]) if asked.get("depth") in set(Depth) else None,
        minutes=float(asked["minutes"]) if "minutes" in asked else None,
        verbatim="verbatim" in asked,
        pick_quick_looks=picked == "yes" if picked else None,
    )


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
