"""`morning-edition serve`: the site on this machine, or in its network."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from morning_edition.cli.options import QuietOption, StationOption, open_station

if TYPE_CHECKING:
    import socket

    from morning_edition.station import Station


def serve(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The port to listen at; 0 is any free one.")
    ] = 8000,
    host: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="The address of this machine to listen at; by default this machine alone reaches it.",
            show_default=False,
        ),
    ] = "",
    lan: Annotated[
        bool, typer.Option("--lan", help="Let others in the network in, and show a QR code for a phone.")
    ] = False,
    local_addresses: Annotated[
        bool | None,
        typer.Option(
            "--local-addresses/--published-addresses",
            help="Have feeds and pages name this server, or the site's base_url; by default with --lan this "
            "server.",
            show_default=False,
        ),
    ] = None,
    quiet: QuietOption = False,
    station: StationOption = None,
) -> None:
    """Serve the site to browsers, players and podcast apps, until Ctrl-C."""
    from morning_edition.serving import Serving, open_door, serve_site
    from morning_edition.serving.addresses import EVERYWHERE, LOOPBACK
    from morning_edition.serving.crew import count_processes

    if lan and host:
        raise typer.BadParameter("is another way to say --host 0.0.0.0; leave one out", param_hint="--lan")
    show = open_station(station)
    door = open_door(host or (EVERYWHERE if lan else LOOPBACK), port)
    local = lan if local_addresses is None else local_addresses
    log_to = None if quiet else sys.stderr.fileno()
    serving = Serving(show, local_addresses=local, log_to=log_to, processes=count_processes())
    serve_site(door, serving, ready=lambda: _tell(show, door, lan=lan, local=local, quiet=quiet))


def _tell(show: "Station", door: "socket.socket", *, lan: bool, local: bool, quiet: bool) -> None:
    """Print where the site is; with it, unless *quiet*, what to know of it."""
    from morning_edition.serving.addresses import find_newest, list_origins
    from morning_edition.station.site_names import FEED_NAME

    origins = list_origins(door)
    newest = find_newest(show)
    for origin in origins:
        typer.echo(f"page     {origin}\nfeed     {origin}{FEED_NAME}")
        if newest:
            typer.echo(f"episode  {origin}{newest}")
    if not quiet:
        if lan:
            _show_code(origins[0])
        named = f"this server (not {show.base_url})" if local else f"{show.base_url} (see --local-addresses)"
        typer.echo(f"feeds and pages name {named}; Ctrl-C stops it", err=True)
        if not newest:
            typer.echo("no episode yet; make one with `morning-edition produce ARTICLE`", err=True)
    sys.stdout.flush()


def _show_code(address: str) -> None:
    """Print *address* as a QR code, where the terminal has the signs for one."""
    from morning_edition.outlets.qr import print_qr

    code = print_qr(address)
    try:
        code.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        typer.echo("this terminal cannot show a QR code; it has no UTF-8", err=True)
    else:
        typer.echo(code)
