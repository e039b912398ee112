"""The station's music: its own files, or the built-in theme."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from morning_edition.errors import AudioError
from morning_edition.mix.running_order import JINGLE_NAMES, JingleName
from morning_edition.station import Station

if TYPE_CHECKING:
    from morning_edition.filters import Samples

EDGE_MS = 2
"""Both ends of a file are faded by this, lest one that was cut off in full sound clicks."""

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
    """Decode each jingle to one channel at the programme's rate. Raises `AudioError` naming the file.

    The bed can be repeated without a seam; all others begin and end in silence.
    """
    return {
        name: (_load_loop if name == "bed" else _load)(path, sample_rate_hz) for name, path in files.items()
    }


def _load(path: Path, sample_rate_hz: int) -> "Samples":
    import soxr

    from morning_edition.mix.dress import fade_edges

    mono, rate_hz = _decode(path)
    resampled: Samples = soxr.resample(mono, rate_hz, sample_rate_hz, quality="HQ")
    fade_edges(resampled, sample_rate_hz * EDGE_MS // 1000)
    return resampled


def _load_loop(path: Path, sample_rate_hz: int) -> "Samples":
    import numpy as np

    from morning_edition.mix.dress import fade_edges

    mono, rate_hz = _decode(path)
    if abs(mono[0] - mono[-1]) > np.abs(np.diff(mono)).max(initial=0):
        fade_edges(mono, rate_hz * EDGE_MS // 1000)  # its end does not lead into its start
    if rate_hz == sample_rate_hz:
        return mono
    # A filter would start and end in silence; the spectrum of a loop is that of its endless repetition.
    frames = max(round(len(mono) * sample_rate_hz / rate_hz), 1)
    resampled = np.fft.irfft(np.fft.rfft(mono)[: frames // 2 + 1], frames) * (frames / len(mono))
    return resampled.astype(np.float32)


def _decode(path: Path) -> tuple["Samples", int]:
    import numpy as np

    from morning_edition.decode import decode_sound

    sound = decode_sound(path)
    return sound.samples.mean(axis=1, dtype=np.float32), sound.sample_rate_hz
