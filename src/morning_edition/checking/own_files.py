"""The station's own files, behind the addresses that platforms know them by; nothing is fetched."""

import re
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from morning_edition.errors import EpisodeError
from morning_edition.outlets.addresses import plain_address
from morning_edition.station import Station

WAY_OUT = "`morning-edition regenerate` writes it again"
SET_BASE_URL = "set base_url under [show] to such an address"


def is_own(station: Station, address: str) -> bool:
    """Tell whether *address* is one of the station's."""
    return address.startswith(plain_address(station.base_url) or station.base_url)


def find_own_file(station: Station, address: str) -> Path | None:
    """Return the file that a web server would send for one of the station's addresses; None for none."""
    base = plain_address(station.base_url) or station.base_url
    rest = unquote(re.split("[?#]", address.removeprefix(base), maxsplit=1)[0])
    parts = PurePosixPath(rest).parts
    if rest.startswith("/") or ".." in parts or any(sign in rest for sign in "\0\\"):
        return None
    return station.root.joinpath(*parts, *(["index.html"] if rest.endswith("/") or not rest else []))


def tell_length(duration_ms: int) -> str:
    """Write "1 min 3 s"."""
    minutes, seconds = divmod(round(duration_ms / 1000), 60)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


def read_bounded(path: Path, largest_bytes: int) -> bytes:
    """Return what is in a derived file. Raises `EpisodeError` where it is not there, or is too large."""
    try:
        if not path.is_file():
            raise EpisodeError(f"{path}: is not there; `morning-edition produce ARTICLE` writes it")
        with path.open("rb") as file:
            content = file.read(largest_bytes + 1)
    except OSError as error:
        raise EpisodeError(f"{path}: cannot be read: {error.strerror or error}") from error
    if len(content) > largest_bytes:
        raise EpisodeError(f"{path}: has more than {largest_bytes // 1_000_000} MB; {WAY_OUT}")
    return content
