"""Talk-over, sample by sample: music laid over what sounds already, by pydub."""

from typing import Any

import numpy as np

from morning_edition.filters import Samples
from morning_edition.mix.segments import AudioSegment

HEADROOM = np.float32(2**-5)
"""Sounds are laid this much softer, and raised again once summed: whole numbers end at full scale, and no sum
of voice and music may clip before the master sets the level. Of their 32 bits, 27 are left for the sound."""

HIGHEST = np.float32(1 - 2**-24)
"""The highest amplitude that is still a whole number of 32 bits."""


GRID_S = 100
"""pydub counts in thousandths of a second: a hundredth is a whole number of frames at every rate."""


def overlay(below: Samples, above: Samples, sample_rate_hz: int) -> None:
    """Sum *above* into *below*, in place; both have shape (frames, channels) and the same length."""
    segments = [_to_segment(samples, sample_rate_hz) for samples in (below, above)]
    summed = np.frombuffer(segments[0].overlay(segments[1]).raw_data, "<i4").reshape(-1, below.shape[1])
    below[:] = summed[: len(below)] * (np.float32(2**-31) / HEADROOM)


def _to_segment(samples: Samples, sample_rate_hz: int) -> Any:  # noqa: ANN401 - pydub has no types
    whole = np.zeros((len(samples) + -len(samples) % (sample_rate_hz // GRID_S), samples.shape[1]), "<i4")
    whole[: len(samples)] = np.clip(samples * HEADROOM, -1, HIGHEST) * np.float32(2**31)
    return AudioSegment(whole.tobytes(), sample_width=4, frame_rate=sample_rate_hz, channels=samples.shape[1])
