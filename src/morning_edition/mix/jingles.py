"""The station's music: its own files, or the built-in theme."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from morning_edition.errors import AudioError
from morning_edition.mix.running_order import JINGLE_NAMES, JingleName
from morning_edition.station import Station

if TYPE_CHECKING:
    from morning_edition.filters import Samples

BUILT_IN_FOLDER = Path(__file__).parents[1] / "starter" / "jingles"


def find_jingles(station: Station) -> dict[JingleName, Path]:
    """Return the file of each jingle; raises `AudioError` naming the setting whose file is missing."""
    found: dict[JingleName, Path] = {}
    for name in JINGLE_NAMES:
        own: str = getattr(station.sound.jingles, name)
        found[name] = station.root / own if own else BUILT_IN_FOLDER / f"{name}.flac"
        if not found[name].is_file():
            raise AudioError(
                f"{found[name]}: no such file; sound.jingles.{name} in station.toml names it "
                "(leave it empty for the built-in one)"
            )
    return found


def load_jingles(files: Mapping[JingleName, Path], sample_rate_hz: int) -> dict[JingleName, "Samples"]:
    """Decode each jingle to one channel at the programme's rate. Raises `AudioError` naming the file."""
    return {name: _load(path, sample_rate_hz) for name, path in files.items()}


def _load(path: Path, sample_rate_hz: int) -> "Samples":
    import numpy as np
    import soxr

    from morning_edition.decode import decode_sound

    sound = decode_sound(path)
    mono = sound.samples.mean(axis=1, dtype=np.float32)
    resampled: Samples = soxr.resample(mono, sound.sample_rate_hz, sample_rate_hz, quality="HQ")
    return resampled
