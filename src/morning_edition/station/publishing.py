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
    keep_days: int = setting(
        0,
        "How many days an episode stays; then it is withdrawn as expired. 0 keeps all for ever.",
        checks.between(0, 36_500),
    )
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
class Publish:
    """Where listeners fetch the site from. Names, keys and passwords come from the environment."""

    to: str = setting(
        "",
        'What `publish` sends the site to: a folder, or an address such as "s3://bucket/briefing", '
        '"sftp://host/srv/www", "webdavs://host/briefing", "gs://bucket/briefing" or "az://container"; '
        "empty where this folder is the site.",
        checks.target_or_empty,
    )
    feed_max_age_s: int = setting(
        300,
        "How many seconds caches may keep feeds, briefing and pages; other files never change.",
        checks.between(0, 86_400),
    )
    former_hours: int = setting(
        24,
        "How many hours files stay that a correction has superseded: apps may have read the feed before.",
        checks.between(0, 24 * 90),
    )


@dataclass(frozen=True, slots=True)
class Watch:
    """What `watch` follows, and what it does besides."""

    sources: tuple[str, ...] = setting((), "Feeds and folders that `watch` follows, where none are named.")
    every_s: int = setting(300, "How often it looks, in seconds.", checks.between(5, 86_400))
    on_success: str = setting("", "A command, without a shell, for each episode that is made.")
    on_failure: str = setting("", "A command for each failure that is told.")


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


@dataclass(frozen=True, slots=True)
class Corrections:
    """How corrections are said; written they are in any case."""

    spoken: str = setting(
        "intro",
        'Where they are said: "intro", after the greeting, "outro", or "nowhere".',
        checks.one_of("intro", "outro", "nowhere"),
    )
    lead: str = setting("A correction:", "What is said before one; empty for nothing.", checks.short_line)
    several: str = setting(
        "{count} corrections.",
        "What is said before more than one; {count} is how many, in words.",
        checks.short_line,
    )
