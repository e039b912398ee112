"""The podcast's master in other forms, which players may choose: AAC in M4A, and Opus in Ogg.

Both are encoded in this process by the FFmpeg libraries, from a sound that need not be in memory at once. The
same sound and the same tags give the same bytes: no clock and no chance goes into a file.
"""

from morning_edition.alternates.m4a import encode_m4a
from morning_edition.alternates.opus import encode_opus
from morning_edition.alternates.overshoot import overshoot_db

__all__ = ["encode_m4a", "encode_opus", "overshoot_db"]
