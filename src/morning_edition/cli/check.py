"""`morning-edition check`: what a platform would make of the station's folder."""

import dataclasses
import datetime as dt
import math
import zoneinfo
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from morning_edition.cli.options import REFUSED, JsonOption, StationOption, open_station
from morning_edition.cli.telling import render_json

if TYPE_CHECKING:
    from morning_edition.checking import Checked, Fault
    from morning_edition.station import Station

SHOWN = 10
"""Of what is taken or passed over, which may be years of editions; `--json` has it all."""
SHOWN_REFUSED = 50
LONGEST_TITLE = 100
"""Characters of a title that are shown; `--json` has it whole."""


def check(
    platform: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="PLATFORM",
            help="As whom to look at it: alexa, podcast; by default as each of them.",
            show_default=False,
        ),
    ] = None,
    at: Annotated[
        str,
        typer.Option(
            "--at", metavar="TIME", help="When (2024-12-06T07:30); by default now.", show_default=False
        ),
    ] = "",
    as_json: JsonOption = False,
    station: StationOption = None,
) -> None:
    """Play platforms over the station's files; exit with 3 if any of them would refuse something.

    Each file of each public episode is compared with its record, too, and what is damaged is refused.

    With --json, a single platform gives an object, and all of them give a list of those.
    """
    from morning_edition.checking.platforms import PLATFORMS

    if platform is not None and platform not in PLATFORMS:
        raise typer.BadParameter(f"name one of: {', '.join(PLATFORMS)}", param_hint="--as")
    show = open_station(station)
    now = _read_moment(at, show)
    damage = _find_damage(show, now)
    played = [PLATFORMS[platform](show, now)] if platform else _check_as_each(show, now)
    checked = [dataclasses.replace(one, faults=(*one.faults, *damage)) for one in played]
    if as_json:
        records = [_describe(one) for one in checked]
        typer.echo(render_json(records[0] if platform else records))
    else:
        typer.echo("\n\n".join(map(_tell, checked)))
    if any(one.faults for one in checked):
        raise typer.Exit(REFUSED)


def _find_damage(show: "Station", now: dt.datetime) -> "list[Fault]":
    """Return what no platform would play as it was made: files that are not as their records say."""
    from morning_edition.checking import Fault
    from morning_edition.life.shortfalls import find_all_damaged

    return [Fault(slug, said) for slug, said in find_all_damaged(show, now)]


def _check_as_each(show: "Station", now: dt.datetime) -> "list[Checked]":
    """Play one platform after another; what one of them cannot read is refused, and the next is played."""
    from morning_edition.checking import Checked, Fault
    from morning_edition.checking.platforms import PLATFORMS
    from morning_edition.errors import EpisodeError

    checked = []
    for name, play in PLATFORMS.items():
        try:
            checked.append(play(show, now))
        except EpisodeError as error:
            where, _, said = str(error).partition(": ")
            checked.append(Checked(name.title(), "", (), (Fault(where, said),)))
    return checked


def _read_moment(at: str, show: "Station") -> dt.datetime:
    """Return the moment that was asked for, where the station is unless it names a zone; else now."""
    if not at:
        return dt.datetime.now(dt.UTC)
    try:
        moment = dt.datetime.fromisoformat(at)
        zoned = moment if moment.tzinfo else moment.replace(tzinfo=zoneinfo.ZoneInfo(show.show.timezone))
        return zoned.astimezone(dt.UTC)
    except (ValueError, OverflowError) as error:
        raise typer.BadParameter(f"{at} is no time; write 2024-12-06T07:30", param_hint="--at") from error


def _describe(checked: "Checked") -> dict[str, Any]:
    return {
        "as": checked.platform,
        "file": checked.file or None,
        "items": [
            {"title": entry.title, "does": entry.does}
            | {name: _number(it) for name, it in entry.facts.items()}
            for entry in checked.entries
        ],
        **{
            name: [{"where": fault.where, "text": fault.text} for fault in faults]
            for name, faults in (
                ("refused", checked.faults),
                ("skipped", checked.skipped),
                ("notes", checked.notes),
            )
        },
    }


def _number(fact: object) -> object:
    """Return null for what no number tells, such as the loudness of silence: JSON has no word for it."""
    return None if isinstance(fact, float) and not math.isfinite(fact) else fact


def _tell(checked: "Checked") -> str:
    count = len(checked.entries)
    items = f"{count or 'no'} item{'' if count == 1 else 's'} of {checked.file}"
    from morning_edition.outlets.characters import shorten

    lines = [f"{checked.platform} {f'would take {items}' if checked.file else 'could read nothing'}:"]
    for number, entry in enumerate(checked.entries[:SHOWN], 1):
        lines += [
            f"{number:>3}  {shorten(_one_line(entry.title), LONGEST_TITLE)}",
            f"     {_one_line(entry.does)}",
        ]
    lines += [f"     … and {count - SHOWN:,} more; --json tells them all"] if count > SHOWN else []
    for heading, faults in (
        ("refused", checked.faults),
        ("skipped", checked.skipped),
        ("could be better", checked.notes),
    ):
        lines += _tell_faults(heading, faults)
    return "\n".join(lines)


def _tell_faults(heading: str, faults: "Sequence[Fault]") -> list[str]:
    shown = faults[: SHOWN_REFUSED if heading == "refused" else SHOWN]
    lines = [f"{heading}: {_one_line(fault.where)}: {_one_line(fault.text)}" for fault in shown]
    more = len(faults) - len(shown)
    return [*lines, *([f"{heading}: … and {more:,} more; --json tells them all"] if more else [])]


def _one_line(text: str) -> str:
    from morning_edition.outlets.characters import clean

    return " ".join(clean(text).split())
