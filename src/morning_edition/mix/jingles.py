"""The station's music: its own files, or the built-in theme."""

import dataclasses
import math
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from morning_edition.errors import AudioError
from morning_edition.station import Jingles, Station

if TYPE_CHECKING:
    from morning_edition.filters import Samples

EDGE_MS = 2
"""Both ends of a file are faded by this, lest one that was cut off in full sound clicks."""

LOOP_MARGIN = 4096
"""Frames of a loop's own end before its start, and of its start after its end: more than a filter's reach."""

BUILT_IN_FOLDER = Path(__file__).parents[1] / "starter" / "jingles"


def find_jingles(station: Station) -> dict[str, Path]:
    """Return the file of each piece of music that the running order names, by that name.

    Raises `AudioError` naming the setting whose file is missing.
    """
    found: dict[str, Path] = {}
    for spot, music in _named(station):
        own = getattr(station.sound.jingles, music, None)
        path = BUILT_IN_FOLDER / f"{music}.flac" if own == "" else station.root / (own or music)
        if not path.is_file():
            setting = f"running_order.{spot}.music" if own is None else f"sound.jingles.{music}"
            remedy = "leave it empty for none" if own is None else "leave it empty for the built-in one"
            raise AudioError(f"{path}: no such file; {setting} in station.toml names it ({remedy})")
        if own != "" and not path.resolve().is_relative_to(station.root.resolve()):
            raise AudioError(
                f"{path}: leads out of the station's folder; copy it there ({_setting(music)} in "
                "station.toml names it)"
            )
        found[music] = path
    return found


def _named(station: Station) -> list[tuple[str, str]]:
    """Return the places of the running order that have music, each with its name."""
    order = station.running_order
    spots = [field.name for field in dataclasses.fields(order)]
    return [(spot, getattr(order, spot).music) for spot in spots if getattr(order, spot).music]


def load_jingles(
    files: Mapping[str, Path], sample_rate_hz: int, channels: int, *, loops: frozenset[str]
) -> dict[str, "Samples"]:
    """Decode pieces of music at the programme's rate, each to shape (frames, *channels*), on all cores.

    Any rate and any number of channels will do. What is among *loops* can be repeated without a seam; all
    others begin and end in silence. In stereo a piece is as loud as it is in mono. Raises `AudioError` naming
    the file that is no good, and its setting.
    """
    from morning_edition.filters import CORES

    def load(name: str) -> "Samples":
        try:
            return (_load_loop if name in loops else _load)(files[name], sample_rate_hz, channels)
        except AudioError as error:
            raise AudioError(f"{error} ({_setting(name)} in station.toml names it)") from error

    with ThreadPoolExecutor(CORES) as pool:
        return dict(zip(files, pool.map(load, files), strict=True))


def _setting(name: str) -> str:
    own = any(field.name == name for field in dataclasses.fields(Jingles))
    return f"sound.jingles.{name}" if own else "running_order"


def _load(path: Path, sample_rate_hz: int, channels: int) -> "Samples":
    from morning_edition.mix.dress import fade_edges

    sound, rate_hz = _decode(path, channels)
    resampled = _resample(sound, rate_hz, sample_rate_hz)
    for channel in resampled.T:
        fade_edges(channel, sample_rate_hz * EDGE_MS // 1000)
    return resampled


def _load_loop(path: Path, sample_rate_hz: int, channels: int) -> "Samples":
    import numpy as np

    from morning_edition.mix.dress import fade_edges

    loop, rate_hz = _decode(path, channels)
    steps = np.abs(np.diff(loop, axis=0)).max(axis=0, initial=0)
    if (np.abs(loop[0] - loop[-1]) > steps).any():  # its end does not lead into its start
        for channel in loop.T:
            fade_edges(channel, rate_hz * EDGE_MS // 1000)
    frames = max(round(len(loop) * sample_rate_hz / rate_hz), 1)
    if frames == len(loop):
        return loop
    # A filter would hear silence at both ends, where a loop goes on. Its new length is a whole number of
    # frames, which the rates alone would miss by a part of one; so the ratio is that of the lengths.
    first = math.ceil(LOOP_MARGIN * frames / len(loop))
    wrapped = np.pad(loop, ((LOOP_MARGIN, LOOP_MARGIN + 1), (0, 0)), mode="wrap")
    return _resample(wrapped, len(loop), frames)[first : first + frames]


def _resample(sound: "Samples", rate_hz: int, wanted_hz: int) -> "Samples":
    import numpy as np
    import soxr

    if rate_hz == wanted_hz:
        return sound
    resampled: Samples = soxr.resample(sound, rate_hz, wanted_hz, quality="HQ")
    return resampled if len(resampled) else np.zeros((1, sound.shape[1]), np.float32)


def _decode(path: Path, channels: int) -> tuple["Samples", int]:
    """Return what is in a file in as many channels as are wanted, and its rate."""
    import numpy as np

    from morning_edition.decode import decode_sound

    sound = decode_sound(path)
    samples = sound.samples
    if samples.shape[1] != channels or channels == 1:
        samples = samples.mean(axis=1, dtype=np.float32, keepdims=True).repeat(channels, axis=1)
    # BS.1770 adds the power of the channels up: on two of them a sound is 3 LU louder than on one.
    return samples / np.float32(np.sqrt(channels)), sound.sample_rate_hz
