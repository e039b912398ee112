"""The twenty episodes of `prove-sound`: how long each is, and what its station sets of the sound."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Case:
    """One episode, and the station that makes it."""

    name: str
    voice: str = "espeak"
    settings: str = ""
    """The station's `station.toml`."""
    minutes: float = 1.5
    speech: bool = True
    """Whether somebody speaks: a tone has no loudness range to speak of."""


STEREO = "[sound]\nchannels = 2\n"
LOUD = """
[podcast]
loudness_lufs = -14.0
"""
QUIET = """
[podcast]
loudness_lufs = -23.0
true_peak_dbtp = -3.0
[flash]
loudness_lufs = -18.0
true_peak_dbtp = -4.0
"""
LOW_RATE = """
[sound]
sample_rate_hz = 24000
[podcast]
bitrate_kbps = 48
"""
HIGH_RATE = """
[sound]
sample_rate_hz = 48000
channels = 2
[podcast]
bitrate_kbps = 192
"""
BREATHLESS = """
[sound.pauses]
sentence_ms = 0
paragraph_ms = 0
chapter_ms = 0
segment_ms = 0
closing_ms = 0
end_ms = 0
"""
UNHURRIED = """
[sound.pauses]
sentence_ms = 900
paragraph_ms = 2000
chapter_ms = 3000
segment_ms = 3000
closing_ms = 1500
end_ms = 2000
"""
NO_MUSIC = "\n".join(
    f'[running_order.{spot}]\nmusic = ""'
    for spot in ("opening", "quick_looks", "look", "deep_look", "chapter", "outro", "closing", "bed")
)
LOUD_MUSIC = """
[sound]
music_db = 1.0
[running_order.bed]
ducked_db = -12.0
"""
BED_UNDER_ALL = """
[running_order.bed]
under = "intro, quick_looks, deep_look, outro"
"""
FADES = """
[running_order.opening]
fade_in_ms = 400
fade_out_ms = 1500
overlap_ms = 1800
[running_order.look]
gain_db = 3.0
overlap_ms = -300
[running_order.outro]
music = "sting"
overlap_ms = 200
[running_order.closing]
fade_out_ms = 1200
"""
TWO_ANCHORS = """
[cast.anchor]
voice = "espeak"
[cast.co_anchor]
voice = "espeak:en"
gain_db = -4.0
[cast.correspondent]
voice = "espeak:en-us+f3"
gain_db = 4.0
rate = 1.2
"""
LOW_CEILING = """
[podcast]
true_peak_dbtp = -3.0
[flash]
loudness_lufs = -16.0
true_peak_dbtp = -3.0
"""

CASES = (
    Case("as it comes", minutes=4),
    Case("stereo", settings=STEREO),
    Case("24 kHz, 48 kbit/s", settings=LOW_RATE),
    Case("48 kHz, stereo, 192 kbit/s", settings=HIGH_RATE),
    Case("32 kHz", settings="[sound]\nsample_rate_hz = 32000\n"),
    Case("320 kbit/s", settings="[podcast]\nbitrate_kbps = 320\n"),
    Case("loud", settings=LOUD),
    Case("quiet", settings=QUIET),
    Case("low ceiling", settings=LOW_CEILING),
    Case("no pauses", settings=BREATHLESS),
    Case("long pauses", settings=UNHURRIED),
    Case("no music", settings=NO_MUSIC),
    Case("loud music", settings=LOUD_MUSIC),
    Case("a bed under all of it", settings=BED_UNDER_ALL),
    Case("fades and overlaps", settings=FADES),
    Case("three voices", voice="", settings=TWO_ANCHORS, minutes=3),
    Case("a woman", voice="flite:slt"),
    Case("a man at 48 kHz", voice="flite:rms", settings=HIGH_RATE, minutes=2.5),
    Case("joined recordings, loud", voice="flite:kal16", settings=LOUD),
    Case("tones", voice="tone", speech=False),
)
