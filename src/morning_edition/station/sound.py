"""What a station sets of its sound: music, pauses, the running order, and the masters."""

import functools
from dataclasses import dataclass

from morning_edition.station import checks
from morning_edition.station.declaring import setting, table

RATES_HZ = (24_000, 32_000, 44_100, 48_000)
MPEG1_BITRATES_KBPS = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
HIGHEST_BITRATE_KBPS = {24_000: 160}
"""MPEG-2, which an MP3 of 24 kHz is, ends there (ISO 13818-3, 2.4.2.3)."""


@dataclass(frozen=True, slots=True)
class Jingles:
    """The station's music; each a WAV, FLAC, MP3, Ogg or M4A file, or empty for the built-in one."""

    open: str = setting("", "Opens the programme.", checks.inside)
    bed: str = setting("", "Lies under the intro, repeated as needed.", checks.inside)
    sting: str = setting("", "Stands between two Quick Looks.", checks.inside)
    bumper: str = setting("", "Leads into the Deep Look, and lighter, between its chapters.", checks.inside)
    close: str = setting("", "Closes the programme.", checks.inside)


@dataclass(frozen=True, slots=True)
class Pauses:
    """The silence after a line, by what comes next."""

    sentence_ms: int = setting(350, "Between two sentences.", checks.between(0, 5000))
    paragraph_ms: int = setting(800, "Between two paragraphs.", checks.between(0, 5000))
    chapter_ms: int = setting(1000, "Before a subhead, and the music that it has.", checks.between(0, 5000))
    segment_ms: int = setting(1100, "Between the programme's parts.", checks.between(0, 5000))
    closing_ms: int = setting(200, "Before the closing music.", checks.between(0, 5000))
    end_ms: int = setting(300, "After everything.", checks.between(0, 5000))


@dataclass(frozen=True, slots=True)
class Sound:
    """How the programme is put together."""

    sample_rate_hz: int = setting(
        44_100, "Samples a second: 24000, 32000, 44100 or 48000.", checks.one_of(*RATES_HZ)
    )
    channels: int = setting(1, "1 is mono, 2 is stereo.", checks.one_of(1, 2))
    cache_mb: int = setting(
        1000,
        "How much room spoken lines may take in .cache, and mixed parts as much again; the oldest go first.",
        checks.between(50, 1_000_000),
    )
    speech_lufs: float = setting(
        -20.0, "Loudness that voices are brought to before mixing.", checks.between(-30, -12)
    )
    music_db: float = setting(-5.0, "Gain of all music against the voices.", checks.between(-30, 12))
    jingles: Jingles = table(
        Jingles, "Music, as paths inside the station's folder; empty for the built-in theme."
    )
    pauses: Pauses = table(Pauses, "Silence, in thousandths of a second.")


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of the running order where music is heard."""

    music: str = setting(
        "",
        "A jingle by its name above, another file inside the station's folder, or empty for none.",
        checks.inside,
    )
    gain_db: float = setting(0.0, "Louder or softer than the file is.", checks.between(-60, 20))
    overlap_ms: int = setting(
        0,
        "How long before its end the next words come in; below 0, how long after it.",
        checks.between(-5000, 20_000),
    )
    fade_in_ms: int = setting(0, "How long it takes to come up.", checks.between(0, 20_000))
    fade_out_ms: int = setting(0, "How long it takes to go, at its end.", checks.between(0, 20_000))


@dataclass(frozen=True, slots=True)
class Bed:
    """Music under speech: down while somebody speaks, up in the gaps."""

    music: str = setting(
        "bed",
        "A jingle by its name above, another file inside the station's folder, or empty for none.",
        checks.inside,
    )
    under: str = setting(
        "intro",
        'Under what it lies: "intro", "quick_looks", "deep_look", "outro", or several of them.',
        checks.some_of("intro", "quick_looks", "deep_look", "outro"),
    )
    gain_db: float = setting(0.0, "Louder or softer than the file is, in the gaps.", checks.between(-60, 20))
    ducked_db: float = setting(-16.0, "Further gain while somebody speaks.", checks.between(-60, 0))
    attack_ms: int = setting(
        250, "How long it takes to go down; it is down when a voice comes in.", checks.between(5, 5000)
    )
    release_ms: int = setting(
        700, "How long it takes to come up after a voice's last word.", checks.between(5, 10_000)
    )
    shortest_gap_ms: int = setting(
        1200, "In gaps shorter than this it stays down.", checks.between(0, 20_000)
    )
    lead_ms: int = setting(410, "How long before the first word it begins.", checks.between(0, 20_000))
    tail_ms: int = setting(1800, "How long it goes on after the last word.", checks.between(0, 20_000))
    fade_in_ms: int = setting(900, "How long it takes to come up, at its start.", checks.between(0, 20_000))
    fade_out_ms: int = setting(1500, "How long it takes to go, at its end.", checks.between(0, 20_000))


@dataclass(frozen=True, slots=True)
class Rundown:
    """Which music is heard where."""

    opening: Spot = table(functools.partial(Spot, "open", 0.0, 1200), "Opens the programme.")
    quick_looks: Spot = table(Spot, "Leads into the Quick Looks.")
    look: Spot = table(functools.partial(Spot, "sting", 0.0, 250), "Stands between two Quick Looks.")
    deep_look: Spot = table(functools.partial(Spot, "bumper", 0.0, 500), "Leads into the Deep Look.")
    chapter: Spot = table(
        functools.partial(Spot, "bumper", -5.0, 500), "Leads into each further chapter of the Deep Look."
    )
    outro: Spot = table(Spot, "Leads into the outro.")
    closing: Spot = table(functools.partial(Spot, "close"), "Closes the programme.")
    bed: Bed = table(Bed, "Lies under speech, repeated as needed.")


@dataclass(frozen=True, slots=True)
class MasterProfile:
    """What one kind of outlet asks of the finished sound."""

    loudness_lufs: float = setting(-16.0, "Integrated loudness (ITU-R BS.1770).", checks.between(-30, -8))
    true_peak_dbtp: float = setting(-1.0, "Ceiling of the true peak.", checks.between(-9, 0))
    bitrate_kbps: int = setting(
        96,
        "Constant bit rate of the MP3; at 24000 samples a second 160 at most.",
        checks.one_of(*MPEG1_BITRATES_KBPS),
    )


@dataclass(frozen=True, slots=True)
class FlashProfile(MasterProfile):
    """What smart speakers ask of a flash briefing."""

    loudness_lufs: float = setting(-14.0, "Integrated loudness (ITU-R BS.1770).", checks.between(-19, -9))
    true_peak_dbtp: float = setting(-2.0, "Ceiling of the true peak.", checks.between(-9, -2))
    bitrate_kbps: int = setting(
        256, "Constant bit rate of the MP3; Alexa asks for 256.", checks.one_of(*MPEG1_BITRATES_KBPS)
    )
    items: str = setting(
        "episode",
        '"episode" is one item an edition, "headlines" one or more Quick Looks each, which can be skipped.',
        checks.one_of("episode", "headlines"),
    )
    longest_s: int = setting(
        600,
        "How long it may be, in seconds; it ends after the last Quick Look that fits.",
        checks.between(30, 600),
    )


@dataclass(frozen=True, slots=True)
class Alternates:
    """The podcast's master in other forms, which players may choose."""

    m4a: bool = setting(False, "AAC, with chapters (episode.m4a).")
    m4a_kbps: int = setting(64, "Its bit rate.", checks.between(32, 320))
    opus: bool = setting(False, "Opus (episode.opus).")
    opus_kbps: int = setting(48, "Its bit rate.", checks.between(24, 256))
