"""What a station sets of how it is published: its feed, its links, and the word on its voice."""

from dataclasses import dataclass

from morning_edition.station import checks
from morning_edition.station.declaring import setting


@dataclass(frozen=True, slots=True)
class Feed:
    """How directories and players take the podcast feed."""

    type: str = setting(
        "episodic",
        '"episodic" is heard newest first, "serial" from the beginning.',
        checks.one_of("episodic", "serial"),
    )
    season: int = setting(0, "The season that new episodes belong to; 0 for none.", checks.between(0, 9999))
    frequency: str = setting(
        "daily",
        'How often it comes: "daily", "weekdays", "weekly", "monthly", or empty to say nothing.',
        checks.one_of("daily", "weekdays", "weekly", "monthly", ""),
    )
    locked: bool = setting(True, "Whether other hosts are asked not to import it.")
    hub: str = setting(
        "", "A WebSub hub, which tells subscribers at once; empty for none.", checks.web_address_or_empty
    )
    license: str = setting(
        "", 'Its licence, by the SPDX name where it has one ("CC-BY-4.0"); empty to name none.'
    )
    license_url: str = setting("", "Where the licence can be read.", checks.web_address_or_empty)
    trailer: str = setting(
        "", "An MP3 in this folder that introduces the show; empty for none.", checks.inside
    )
    trailer_title: str = setting("Trailer", "What players call it.", checks.filled)
    trailer_date: str = setting(
        "",
        "The day it came out (2026-01-31); empty for that of the first episode.",
        checks.date_or_empty,
    )


@dataclass(frozen=True, slots=True)
class Links:
    """The show in directories; its page links there. Apps that open any feed need nothing here."""

    apple: str = setting("", "In Apple Podcasts.", checks.web_address_or_empty)
    spotify: str = setting("", "At Spotify.", checks.web_address_or_empty)
    amazon: str = setting("", "At Amazon Music.", checks.web_address_or_empty)
    youtube: str = setting("", "At YouTube.", checks.web_address_or_empty)
    alexa: str = setting("", "The flash briefing's skill.", checks.web_address_or_empty)


@dataclass(frozen=True, slots=True)
class VoiceNotice:
    """What listeners are told of the voice: in show notes, on pages and in the file, and aloud."""

    text: str = setting(
        "This edition is read by an AI voice.", "The notice; empty where people read.", checks.one_sentence
    )
    spoken: str = setting(
        "outro",
        'Where it is said: "intro", "outro", or "nowhere".',
        checks.one_of("intro", "outro", "nowhere"),
    )
