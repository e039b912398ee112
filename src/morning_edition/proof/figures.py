"""A master's figures as people read them: each with its limit, and whether it keeps to it."""

from dataclasses import dataclass

from morning_edition.proof import MasterFigures
from morning_edition.proof.axis import signed
from morning_edition.proof.limits import LOUDNESS_TOLERANCE_LU, RANGE_LU


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of a master's table."""

    name: str
    value: str
    limit: str = ""
    """Empty where there is none."""
    kept: bool = True


def list_figures(master: MasterFigures) -> tuple[Figure, ...]:
    """Return all that was measured of *master*, the figures with a limit first."""
    low, high = RANGE_LU
    return (
        Figure(
            "Loudness",
            _unit(master.loudness_lufs, "LUFS"),
            f"{signed(master.target_lufs)} ± {LOUDNESS_TOLERANCE_LU} LUFS",
            abs(master.loudness_lufs - master.target_lufs) <= LOUDNESS_TOLERANCE_LU,
        ),
        Figure(
            "Loudness range",
            _unit(master.range_lu, "LU"),
            f"{low:g} to {high:g} LU",
            low <= master.range_lu <= high,
        ),
        Figure(
            "True peak",
            _unit(master.true_peak_dbtp, "dBTP"),
            f"≤ {signed(master.ceiling_dbtp)} dBTP",
            master.true_peak_dbtp <= master.ceiling_dbtp,
        ),
        Figure("Loudest 400 ms", _unit(master.momentary_max_lufs, "LUFS")),
        Figure("Offset (DC)", _unit(master.offset * 100, "%", digits=4)),
        Figure("Bandwidth", f"{master.bandwidth_hz / 1000:.1f} kHz"),
    )


def _unit(value: float, unit: str, *, digits: int = 2) -> str:
    text = signed(value, digits)
    return text if text == "silence" else f"{text} {unit}"
