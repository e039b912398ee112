"""The limits that a master is held to, where more than one part of the proof tells of them."""

LOUDNESS_TOLERANCE_LU = 0.5
"""How far from its target a master may be (EBU R 128 has 0.5 LU, and 1.0 for live programmes)."""
PEAK_TOLERANCE_DB = 0.05
"""What two true-peak meters may differ by."""
RANGE_LU = (1.0, 12.0)
"""Softest to loudest: less is a drone, more cannot be followed in a car. Measured: 1.5 to 4.6 LU."""
