"""`morning-edition script`: the script alone, or the truth about one."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from morning_edition.cli.extent import (
    DepthOption,
    MinutesOption,
    QuickLooksOption,
    VerbatimOption,
    adapt_station,
)
from morning_edition.cli.options import (
    REFUSED,
    DateOption,
    JsonOption,
    StationOption,
    choose_day,
    open_station_if_any,
    read_article,
    write_output,
)
from morning_edition.cli.telling import complain, render_json

if TYPE_CHECKING:
    from morning_edition.articles import Article
    from morning_edition.station import Station


def script(
    article: Annotated[
        str, typer.Argument(metavar="ARTICLE", help="An article file; - reads standard input.")
    ],
    written: Annotated[
        Path | None,
        typer.Argument(
            metavar="[SCRIPT.md]", help="With --check: the script to hold against it.", show_default=False
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write it there instead of printing it."),
    ] = None,
    check: Annotated[
        bool,
        typer.Option(
            "--check",
            help="Say what of the article is not spoken, and what is spoken that it does not hold; "
            "exit with 3 if there is any.",
        ),
    ] = False,
    depth: DepthOption = None,
    minutes: MinutesOption = None,
    verbatim: VerbatimOption = False,
    pick_quick_looks: QuickLooksOption = None,
    date: DateOption = None,
    as_json: JsonOption = False,
    station: StationOption = None,
) -> None:
    """Write an article's script, as the script.md that a producer can edit; or check one against it."""
    if check and output:
        raise typer.BadParameter("a check writes no script; leave one of the two", param_hint="--output")
    for given, hint in ((written is not None, "SCRIPT.md"), (as_json, "--json")):
        if given and not check:
            raise typer.BadParameter("only --check takes it", param_hint=hint)
    from morning_edition.life.naming import tell_withdrawn

    show = adapt_station(
        open_station_if_any(station),
        depth=depth,
        minutes=minutes,
        verbatim=verbatim,
        pick_quick_looks=pick_quick_looks,
    )
    read = read_article(article, show)
    day = choose_day(date, show, dt.datetime.now(dt.UTC))
    if withdrawn := tell_withdrawn(show, day, read.headline):
        complain(withdrawn)
    if check:
        _check(read, show, day, written, as_json=as_json)
    else:
        _write(read, show, day, output)


def _write(read: "Article", show: "Station", day: dt.date, output: Path | None) -> None:
    from morning_edition.script.writing import select_reading, write_script

    selection = select_reading(read, show, day)
    text = write_script(read, show, day, selection)
    if output is None:
        typer.echo(text, nl=False)
    else:
        write_output(output, text)
    if selection.told:
        complain(selection.told)


def _check(read: "Article", show: "Station", day: dt.date, written: Path | None, *, as_json: bool) -> None:
    from morning_edition.script.truth import check_file, check_own

    findings = check_file(read, show, written) if written else check_own(read, show, day)
    name = str(written or "the script")
    if as_json:
        record = {"true": not findings, "findings": [finding.to_json() for finding in findings]}
        typer.echo(render_json(record))
    else:
        for finding in findings:
            typer.echo(finding.tell(name))
    if findings:
        raise typer.Exit(REFUSED)
