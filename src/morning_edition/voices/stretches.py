"""Where in a line's sound there is speech, and where it pauses."""

import numpy as np

from morning_edition.filters import Samples

STEP_MS = 10
SOFT_DB = -35.0
"""Under the loudest step of a line there is a pause, and no speech."""
LONG_PAUSE_MS = 120
"""The stop of a t takes less."""


def find_stretches(samples: Samples, sample_rate_hz: int) -> list[tuple[int, int]]:
    """Return start and end in ms of each stretch of sound between two longer pauses; none in silence."""
    step = max(sample_rate_hz * STEP_MS // 1000, 1)
    steps = np.pad(samples, (0, -len(samples) % step)).reshape(-1, step)
    power = np.einsum("ij,ij->i", steps, steps)
    loud = np.flatnonzero(power > power.max(initial=0.0) * 10 ** (SOFT_DB / 10))
    if not len(loud):
        return []
    breaks = np.flatnonzero(np.diff(loud) > LONG_PAUSE_MS // STEP_MS)
    firsts, lasts = loud[[0, *(breaks + 1)]], loud[[*breaks, -1]]
    return [
        (round(first * step * 1000 / sample_rate_hz), round((last + 1) * step * 1000 / sample_rate_hz))
        for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True)
    ]
