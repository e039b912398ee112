"""Where a server on this machine can be reached, and what there is to be heard."""

import contextlib
import ipaddress
import socket
from collections.abc import Iterator
from urllib.parse import quote

from morning_edition.episode import AUDIO_PLACES, RECORD_NAME
from morning_edition.station import Station

LOOPBACK = "127.0.0.1"
EVERYWHERE = "0.0.0.0"  # noqa: S104 - asked for with --lan
DOCUMENTATION = "192.0.2.1"
"""An address that nobody has (RFC 5737): the system tells the way to it, and nothing is sent."""


def list_origins(door: socket.socket) -> tuple[str, ...]:
    """Return the addresses of a server that listens at *door*, each ending in a slash, the best one first."""
    host, port = door.getsockname()[:2]
    hosts = list(_own_addresses()) if ipaddress.ip_address(host.split("%")[0]).is_unspecified else [host]
    return tuple(f"http://{format_place(name, port)}/" for name in dict.fromkeys([*hosts] or [LOOPBACK]))


def format_place(host: str, port: int) -> str:
    """Return host and port as an address has them; HTTP's own port goes without saying."""
    named = f"[{host}]" if ":" in host else host
    return named if port == 80 else f"{named}:{port}"


def find_newest(station: Station) -> str:
    """Return the path of the newest episode's page, below the site's address; empty where there is none."""
    folders = [path.parent for path in station.episodes_folder.glob(f"[!.]*/{RECORD_NAME}")]
    heard = [folder for folder in folders if any(folder.glob(AUDIO_PLACES))]
    newest = max(
        heard, key=lambda folder: (folder.name[:10], (folder / RECORD_NAME).stat().st_mtime), default=None
    )
    return f"audio/{quote(newest.name)}/" if newest else ""


def _own_addresses() -> Iterator[str]:
    """Yield this machine's addresses in its networks: the one that others would see, then the rest."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        way.connect((DOCUMENTATION, 9))
        yield way.getsockname()[0]
    with contextlib.suppress(OSError):
        for *_, address in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET):
            if not ipaddress.ip_address(address[0]).is_loopback:
                yield str(address[0])
