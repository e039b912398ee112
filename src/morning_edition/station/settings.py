"""Every setting a station has: its default, its meaning and what it may hold, each stated once, here.

`toml` reads and writes them; the commented `station.toml` that `init` makes is drawn from these fields.
"""

import dataclasses
import re
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

Check = Callable[[Any], str]
"""Says what is wrong with a value, in words that follow "must be"; empty when it is right."""


def setting(default: object, meaning: str, check: Check | None = None) -> Any:  # noqa: ANN401 - a field of any type
    """Declare one key of `station.toml`."""
    return field(default=default, metadata={"meaning": meaning, "check": check})


def table(kind: type, meaning: str) -> Any:  # noqa: ANN401 - a field of any type
    """Declare one table of `station.toml`."""
    return field(default_factory=kind, metadata={"meaning": meaning})


def _between(low: float, high: float) -> Check:
    return lambda value: "" if low <= value <= high else f"between {low:g} and {high:g}"


def _one_of(*choices: object) -> Check:
    return lambda value: "" if value in choices else f"one of {', '.join(map(str, choices))}"


def _filled(value: str) -> str:
    return "" if value.strip() else "filled in"


def _language(value: str) -> str:
    return "" if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", value) else "a language tag such as en-US"


def _web_address(value: str) -> str:
    try:
        parts = urlsplit(value)
        good = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0 and value.isascii()
    except ValueError:
        good = False
    if not good or re.search(r"[\s<>\"]", value):
        return "a web address such as https://news.example/briefing/"
    return ""


def _folder_address(value: str) -> str:
    if said := _web_address(value):
        return said
    return "a web address without ? and #" if "?" in value or "#" in value else ""


def _web_address_or_empty(value: str) -> str:
    return _web_address(value) if value else ""


def _mail_or_empty(value: str) -> str:
    good = not value or re.fullmatch(r"[^@\s<>,]+@([^@\s<>,.]+\.)+[^@\s<>,.]+", value)
    return "" if good else "a mail address such as desk@news.example"


def _time_zone(value: str) -> str:
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return "a time zone such as America/New_York"
    return ""


def _time_of_day(value: str) -> str:
    return "" if re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value) else 'a time of day such as "06:00"'


def _colour(value: str) -> str:
    return "" if re.fullmatch(r"#[0-9a-fA-F]{6}", value) else 'a colour such as "#12305b"'


def _inside(value: str) -> str:
    first, *others = value.replace("\\", "/").split("/")
    outside = (others and not first) or ".." in (first, *others) or ":" in value or "\0" in value
    return "a path inside the station's folder" if outside else ""


def _voice(value: str) -> str:
    good = re.fullmatch(r"[a-z][a-z0-9_-]*(:.+)?", value)
    return "" if good else 'an engine, or ENGINE:VOICE, such as "espeak" or "espeak:en-us+edward"'


def _voice_or_empty(value: str) -> str:
    return _voice(value) if value else ""


def _category(value: str) -> str:
    return "" if value in NEWS_CATEGORIES else f"one of {', '.join(NEWS_CATEGORIES)}"


NEWS_CATEGORIES = (
    "Business News",
    "Daily News",
    "Entertainment News",
    "News Commentary",
    "Politics",
    "Sports News",
    "Tech News",
)
"""Apple's subcategories of News, letter for letter
(https://podcasters.apple.com/support/1691-apple-podcasts-categories)."""

MPEG1_BITRATES_KBPS = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)


@dataclass(frozen=True, slots=True)
class Owner:
    """Who answers for the show."""

    name: str = setting("", "Who owns the show; empty for the outlet's name.")
    email: str = setting("", "Asked for by some directories, shown to nobody else.", _mail_or_empty)


@dataclass(frozen=True, slots=True)
class Outlet:
    """The newsroom."""

    name: str = setting("The Newsroom", "The newsroom's name, as it is said on air.", _filled)
    url: str = setting("", "Its website.", _web_address_or_empty)
    edition: str = setting("Morning Edition", "The edition's name where an article gives none.", _filled)


@dataclass(frozen=True, slots=True)
class Show:
    """The show, as directories and players present it."""

    title: str = setting("Morning Edition", "The show's name.", _filled)
    subtitle: str = setting("The news, read to you.", "One line under the name.")
    description: str = setting(
        "The day's story in three parts: what happened, the points to know, and a deep look.",
        "What the show is, in up to 4,000 bytes of plain text.",
        lambda value: "" if 0 < len(value.encode()) <= 4000 else "between 1 and 4000 bytes long",
    )
    language: str = setting("en-US", "The language it is read in (BCP 47).", _language)
    timezone: str = setting("UTC", "Where its morning is (IANA time zone).", _time_zone)
    publish_at: str = setting(
        "06:00", "The hour an edition is dated at, once that hour is past.", _time_of_day
    )
    base_url: str = setting(
        "https://podcast.example/", "Where listeners will find this folder on the web.", _folder_address
    )
    link: str = setting("", "The show's own web page; empty for base_url.", _web_address_or_empty)
    category: str = setting("Daily News", "Its place under News in podcast directories.", _category)
    explicit: bool = setting(False, "Whether it is unfit for children's ears.")
    copyright: str = setting("", "The copyright line; empty for the outlet's name.")


@dataclass(frozen=True, slots=True)
class Artwork:
    """What covers look like."""

    cover: str = setting(
        "",
        "A square picture of your own (JPEG or PNG, 1400 to 3000 pixels); empty to have one drawn.",
        _inside,
    )
    background: str = setting("#12305b", "Colour of the ground.", _colour)
    ink: str = setting("#ffffff", "Colour of the lettering.", _colour)
    accent: str = setting("#f5a623", "Colour of the sun and the rules.", _colour)


@dataclass(frozen=True, slots=True)
class Part:
    """One role of the cast."""

    voice: str = setting("", "ENGINE or ENGINE:VOICE; empty for the anchor's.", _voice_or_empty)
    rate: float = setting(1.0, "Pace: 1.0 is a newsreader's, larger is faster.", _between(0.5, 2.0))
    gain_db: float = setting(0.0, "Louder or softer than the anchor.", _between(-12, 12))


@dataclass(frozen=True, slots=True)
class Anchor(Part):
    """The voice that leads the programme."""

    voice: str = setting("espeak", "ENGINE or ENGINE:VOICE; `morning-edition voices` lists them.", _voice)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who reads what."""

    anchor: Anchor = table(Anchor, "Leads the programme.")
    correspondent: Part = table(Part, "Reads the Deep Look.")
    quote: Part = table(Part, "Reads quotations.")


@dataclass(frozen=True, slots=True)
class Jingles:
    """The station's music; each a WAV, FLAC, MP3, Ogg or M4A file, or empty for the built-in one."""

    open: str = setting("", "Opens the programme.", _inside)
    bed: str = setting("", "Lies under the intro, repeated as needed.", _inside)
    sting: str = setting("", "Stands between two Quick Looks.", _inside)
    bumper: str = setting("", "Leads into the Deep Look, and lighter, between its chapters.", _inside)
    close: str = setting("", "Closes the programme.", _inside)


@dataclass(frozen=True, slots=True)
class Pauses:
    """The silence after a line, by what comes next."""

    sentence_ms: int = setting(350, "Between two sentences.", _between(0, 5000))
    paragraph_ms: int = setting(650, "Between two paragraphs.", _between(0, 5000))
    chapter_ms: int = setting(800, "Before and after a subhead's music.", _between(0, 5000))
    segment_ms: int = setting(900, "Between the programme's parts.", _between(0, 5000))


@dataclass(frozen=True, slots=True)
class Sound:
    """How the programme is put together."""

    sample_rate_hz: int = setting(
        44_100, "Samples a second: 32000, 44100 or 48000.", _one_of(32_000, 44_100, 48_000)
    )
    speech_lufs: float = setting(
        -20.0, "Loudness that voices are brought to before mixing.", _between(-30, -12)
    )
    music_db: float = setting(0.0, "Gain of all jingles against the voices.", _between(-30, 12))
    bed_db: float = setting(-16.0, "Further gain of the bed while somebody speaks.", _between(-60, 0))
    bumper_db: float = setting(
        -5.0, "Further gain of the lighter bumpers between chapters.", _between(-60, 0)
    )
    jingles: Jingles = table(
        Jingles, "Music, as paths inside the station's folder; empty for the built-in theme."
    )
    pauses: Pauses = table(Pauses, "Silence, in thousandths of a second.")


@dataclass(frozen=True, slots=True)
class MasterProfile:
    """What one kind of outlet asks of the finished sound."""

    loudness_lufs: float = setting(-16.0, "Integrated loudness (ITU-R BS.1770).", _between(-30, -8))
    true_peak_dbtp: float = setting(-1.0, "Ceiling of the true peak.", _between(-9, 0))
    bitrate_kbps: int = setting(96, "Constant bit rate of the MP3.", _one_of(*MPEG1_BITRATES_KBPS))


@dataclass(frozen=True, slots=True)
class FlashProfile(MasterProfile):
    """What smart speakers ask of a flash briefing."""

    loudness_lufs: float = setting(-14.0, "Integrated loudness (ITU-R BS.1770).", _between(-19, -9))
    true_peak_dbtp: float = setting(-2.0, "Ceiling of the true peak.", _between(-9, -2))
    bitrate_kbps: int = setting(
        256, "Constant bit rate of the MP3; Alexa asks for 256.", _one_of(*MPEG1_BITRATES_KBPS)
    )


@dataclass(frozen=True, slots=True)
class Station:
    """A show and its folder. Everything but the folder stands in `station.toml`."""

    root: Path
    """The folder; it is also the site."""
    show: Show = table(Show, "The show, as directories and players present it.")
    outlet: Outlet = table(Outlet, "The newsroom behind it.")
    owner: Owner = table(Owner, "Who answers for it.")
    artwork: Artwork = table(Artwork, "What its covers look like.")
    cast: Cast = table(Cast, "Who reads what.")
    sound: Sound = table(Sound, "How the programme is put together.")
    podcast: MasterProfile = table(MasterProfile, "The podcast's master.")
    flash: FlashProfile = table(FlashProfile, "The smart speakers' master.")

    @property
    def fingerprint(self) -> str:
        """All that `station.toml` decides, as one text, wherever the folder stands."""
        return repr(dataclasses.replace(self, root=Path()))

    @property
    def base_url(self) -> str:
        """Where the folder is on the web, ending in a slash."""
        return self.show.base_url.rstrip("/") + "/"

    @property
    def feed_url(self) -> str:
        """The podcast feed's own address."""
        return self.base_url + "podcast.xml"

    @property
    def link(self) -> str:
        """The show's page."""
        return self.show.link or self.base_url

    @property
    def owner_name(self) -> str:
        """Who owns the show."""
        return self.owner.name or self.outlet.name

    @property
    def copyright(self) -> str:
        """The copyright line."""
        return self.show.copyright or f"© {self.outlet.name}"

    @property
    def episodes_folder(self) -> Path:
        """Where episodes and jingles live."""
        return self.root / "audio"

    @property
    def cache_folder(self) -> Path:
        """Takes and the like; may be deleted at any time."""
        return self.root / ".cache"
