"""A new station: settings, music and a sample article in a folder."""

from pathlib import Path
from typing import Any

from morning_edition.errors import StationError
from morning_edition.files import tell_trouble, write_whole
from morning_edition.station.settings import Station
from morning_edition.station.site_names import SITE_NAMES
from morning_edition.station.toml import FILE_NAME, parse_station, render_settings

STARTER_FOLDER = Path(__file__).parents[1] / "starter"
ARTICLE_NAME = "article.txt"


def start_station(folder: Path, *, show: dict[str, str], outlet: str) -> list[Path]:
    """Make a station in *folder* and return the paths of what was made, the settings first.

    *show* holds settings of the table `show`. Raises `StationError` when one of them is wrong, or *folder*
    is a station already; then nothing is written.
    """
    path = folder / FILE_NAME
    if path.exists():
        raise StationError(f"{path}: there is a station here already; edit it, or choose another folder")
    for name in SITE_NAMES:
        if (folder / name).exists():
            raise StationError(f"{folder / name}: a station would replace this file; move it elsewhere first")
    jingles = sorted((STARTER_FOLDER / "jingles").iterdir())
    given: dict[str, Any] = {
        "show": show,
        "outlet": {"name": outlet},
        "sound": {"jingles": {jingle.stem: f"audio/jingles/{jingle.name}" for jingle in jingles}},
    }
    settings = render_settings(Station(folder), given)
    parse_station(settings, folder, name=str(path))
    copies = {folder / "audio" / "jingles" / jingle.name: jingle for jingle in jingles}
    copies[folder / ARTICLE_NAME] = STARTER_FOLDER / ARTICLE_NAME
    try:
        # What is somebody's own is never replaced.
        missing = [target for target in copies if not target.exists()]
        for target in missing:
            write_whole(target, copies[target].read_bytes())
        write_whole(path, settings)
    except OSError as error:
        raise StationError(f"{folder}: cannot be written: {tell_trouble(error)}") from error
    return [path, *missing]
