"""How much higher a peak may come out of an encoder: so far under the ceiling must stay what goes in."""

from typing import Literal

OVERSHOOTS_DB = {
    "m4a": {0: 0.8, 48: 0.2, 96: 0.1},
    "opus": {0: 2.1, 24: 1.1, 32: 1.0, 48: 0.6, 64: 0.5},
}
"""From so many kbit/s a channel on. Measured as true peak on six voices that had been limited to -1.5 dBTP.
AAC at 32, 48, 64 and 96 kbit/s: 0.73, 0.16, 0.14 and 0.02 dB at most; Opus at 16, 24, 32, 48 and 64 kbit/s:
2.08, 1.08, 0.96, 0.59 and 0.46 dB. Loudness falls, with AAC by 0.13, 0.09, 0.06 and 0.03 LU at most, with
Opus by 0.07 at 24, 0.05 at 32 and 0.03 LU at 48 kbit/s, but by 0.7 at 16."""


def overshoot_db(form: Literal["m4a", "opus"], bitrate_kbps: int, channels: int) -> float:
    """Return by how many dB the true peak may rise in *form* at a bit rate."""
    known = OVERSHOOTS_DB[form]
    return known[max(kbps for kbps in known if kbps * channels <= bitrate_kbps)]
