"""The show and its settings: a folder with a `station.toml`."""

from morning_edition.station.settings import Artwork, Cast, Extent, Outlet, Owner, Part, Show, Station
from morning_edition.station.sound import (
    Bed,
    FlashProfile,
    Jingles,
    MasterProfile,
    Pauses,
    Rundown,
    Sound,
    Spot,
)
from morning_edition.station.toml import load_station, parse_station, render_settings

__all__ = [
    "Artwork",
    "Bed",
    "Cast",
    "Extent",
    "FlashProfile",
    "Jingles",
    "MasterProfile",
    "Outlet",
    "Owner",
    "Part",
    "Pauses",
    "Rundown",
    "Show",
    "Sound",
    "Spot",
    "Station",
    "load_station",
    "parse_station",
    "render_settings",
]
