"""Clicks: what sounds for less than a millisecond and nothing around it explains.

A step or a spike is broad: it is as loud at the highest pitches, where voices and music have little, as at
the lowest. The fourth difference brings these out (24 dB an octave), and its energy in a quarter of a
millisecond is held against the loudest such moment of the 16 ms before it, and of those after it. What stands
above both is *alone*. What stands far above one of them, and not below the other, is an *onset*: a wave that
was cut, or the burst of a plosive; only the places where sounds were joined can tell these apart.

Measured at 96 kbit/s: in 14 episodes (six voices of eSpeak, three of flite, tone; music) none of 1000 edges
of takes has any. Of 40 planted faults each, in eSpeak and flite, these are found: cuts in mid-wave 97 %,
starts in mid-wave 95 %, steps of 0.2 in speech 87 %, of 0.1 72 %, spikes of 0.3 97 %, of 0.1 85 %; steps of
0.02 and spikes of 0.05 in silence, all.
"""

import numpy as np
import numpy.typing as npt

from morning_edition.filters import Samples

MOMENT_FRAMES = 12
"""0.27 ms at 44.1 kHz; an MP3 smears a spike over as much."""
NEAR_MOMENTS, FAR_MOMENTS = 8, 60
"""What surrounds a moment: from 2 to 16 ms away, beyond the moment's own ringing in a decoder."""
ORDER = 4
FAINTEST = 5e-5
"""The energy of a step of 0.003: less is not heard as a click."""
SILENCE = 1e-8
SPIKE_ENERGY = 70.0
"""Of the fourth difference of a single 1: 1, 4, 6, 4 and 1, squared and summed."""
ALONE_DB = 6.0
ONSET_DB = 18.0

BLOCK_MOMENTS = 10944
MARGIN_MOMENTS = FAR_MOMENTS + 3

CLICK = np.dtype([("frame", "<i8"), ("height", "<f2"), ("alone_db", "<f2")])
Clicks = npt.NDArray[np.void]
"""`frame`; `height`, that of a spike as loud; `alone_db`, how far above the louder side."""
Energies = npt.NDArray[np.float32]


def find_clicks(sound: Samples) -> Clicks:
    """Return every moment of *sound*, (frames, channels), that may be a click, in order.

    Before and after it there is silence.
    """
    moments = -(-len(sound) // MOMENT_FRAMES)
    found = [_find_in_block(sound, first) for first in range(0, moments, BLOCK_MOMENTS)]
    return np.concatenate(found) if found else np.zeros(0, CLICK)


def _find_in_block(sound: Samples, first: int) -> Clicks:
    energies = _measure_moments(sound, first - MARGIN_MOMENTS, first + BLOCK_MOMENTS + MARGIN_MOMENTS)
    own = energies[MARGIN_MOMENTS:-MARGIN_MOMENTS]
    around = _sliding_highest(energies, FAR_MOMENTS - NEAR_MOMENTS + 1)
    at = np.arange(len(own)) + MARGIN_MOMENTS
    before, after = around[at - FAR_MOMENTS], around[at + NEAR_MOMENTS]
    beside = _sliding_highest(energies, 5)[at - 2]
    chosen = np.flatnonzero((own >= beside) & (own > FAINTEST))
    alone_db = _ratio_db(own[chosen], np.maximum(before, after)[chosen])
    onset_db = _ratio_db(own[chosen], np.minimum(before, after)[chosen])
    abrupt = (alone_db >= ALONE_DB) | (onset_db >= ONSET_DB) & (alone_db >= 0)
    clicks = np.zeros(np.count_nonzero(abrupt), CLICK)
    clicks["frame"] = (chosen[abrupt] + first) * MOMENT_FRAMES + MOMENT_FRAMES // 2
    clicks["height"] = np.sqrt(own[chosen][abrupt] / SPIKE_ENERGY)
    clicks["alone_db"] = alone_db[abrupt]
    return clicks


def _measure_moments(sound: Samples, first: int, last: int) -> Energies:
    """Return the energy of each moment's fourth difference, of all channels, from *first* up to *last*."""
    start, stop = first * MOMENT_FRAMES - ORDER // 2, last * MOMENT_FRAMES + ORDER // 2
    cut = sound[max(start, 0) : max(stop, 0)]
    around = ((max(-start, 0), stop - start - max(-start, 0) - len(cut)), (0, 0))
    sharp = np.diff(np.pad(cut, around), n=ORDER, axis=0)
    rows = (sharp * sharp).reshape(last - first, -1)
    energies: Energies = rows @ np.ones(rows.shape[1], np.float32)
    return energies


def _sliding_highest(energies: Energies, width: int) -> Energies:
    """Return the highest of each *width* neighbours, by the first of them."""
    held, reach = energies, 1
    while reach * 2 <= width:
        held = np.maximum(held[:-reach], held[reach:])
        reach *= 2
    rest = width - reach
    return np.maximum(held[:-rest], held[rest:]) if rest else held


def _ratio_db(energies: Energies, others: Energies) -> Energies:
    return np.asarray(10 * np.log10(energies / (others + SILENCE)), np.float32)
