"""The show and its settings: a folder with a `station.toml`."""

from morning_edition.station.settings import (
    Artwork,
    Cast,
    Extent,
    Jingles,
    MasterProfile,
    Outlet,
    Owner,
    Part,
    Pauses,
    Show,
    Sound,
    Station,
)
from morning_edition.station.toml import load_station, parse_station, render_settings

__all__ = [
    "Artwork",
    "Cast",
    "Extent",
    "Jingles",
    "MasterProfile",
    "Outlet",
    "Owner",
    "Part",
    "Pauses",
    "Show",
    "Sound",
    "Station",
    "load_station",
    "parse_station",
    "render_settings",
]
