"""The programme's waveform: a small picture that a page shows behind its player.

It says where there is speech, music and silence, and nothing of levels; the proof has a picture for those.
"""

import math
from collections.abc import Iterator, Sequence
from typing import TypeVar

from markupsafe import Markup

T = TypeVar("T")

GAMMA = 1.7
"""Above 1, as a mastered voice moves by 4 dB; below 2, where louder music would make it a flat line."""

TALLEST = 98
LOWEST = 2
"""Of a picture 100 high; silence is a line of dots, so that the programme's length is seen."""

BAR = ".7"
"""A bar's width; the rest of each unit is a gap."""


def draw_waveform(peaks: Sequence[float], *, bars: int = 300) -> Markup:
    """Return *peaks*, amplitudes of stretches of equal length, as an inline `svg` element of *bars* bars.

    The loudest bar is as high as the picture, whatever the programme's level. No peaks give no picture.
    """
    if not peaks:
        return Markup()
    levels = [_mean_power(part) for part in cut(peaks, bars)]
    loudest = max(levels) or 1.0
    path = "".join(_bar(place, (level / loudest) ** (GAMMA / 2)) for place, level in enumerate(levels))
    return Markup(  # noqa: S704 - numbers only
        f'<svg class="waveform" viewBox="0 0 {bars} 100" preserveAspectRatio="none" aria-hidden="true" '
        f'focusable="false"><path fill="currentColor" d="{path}"/></svg>'
    )


def cut(values: Sequence[T], parts: int) -> Iterator[Sequence[T]]:
    """Cut *values* in *parts* stretches as equal as can be; where values are fewer, some are given again."""
    for part in range(parts if values else 0):
        begin = part * len(values) // parts
        yield values[begin : max(begin + 1, (part + 1) * len(values) // parts)]


def _mean_power(amplitudes: Sequence[float]) -> float:
    """Return the mean square, which is nearer to what is heard than the highest peak."""
    return sum(_heard(amplitude) ** 2 for amplitude in amplitudes) / len(amplitudes)


def _heard(amplitude: float) -> float:
    return min(abs(amplitude), 1.0) if math.isfinite(amplitude) else 0.0


def _bar(place: int, share: float) -> str:
    half = max(round(share * TALLEST), LOWEST) // 2
    return f"M{place} {50 - half}h{BAR}V{50 + half}h-{BAR}"
