"""Corrections: a note, dated, that something in a published episode was wrong, and how it is.

What was wrong is mended first, in the script, the article or the lexicon; then the episode is made again
from its folder with the note added. Nothing changes before the new episode is stored: so whoever is stopped
in between does it again, and either makes it or is told that it is there. A note is never taken back: one
that is wrong is corrected by another.
"""

import datetime as dt
import unicodedata
import zoneinfo

from morning_edition.catalogue import find_episode
from morning_edition.episode import (
    RECORD_NAME,
    Correction,
    Episode,
    is_public,
    load_episode,
    load_episodes,
)
from morning_edition.errors import EpisodeError
from morning_edition.life.history import Event, note_event, read_events
from morning_edition.life.on_air import read_aired
from morning_edition.life.shortfalls import refuse_unheard
from morning_edition.outlets.characters import clean, shorten
from morning_edition.site import is_published, publish_site
from morning_edition.station import Station
from morning_edition.station.site_names import FEED_NAME

LONGEST_NOTE = 500
"""Characters: half a minute, aloud."""
MOST_CORRECTIONS = 20
"""Of one episode."""
LONGEST_NOTED = 80
"""Characters of a note that the history tells."""
REORDERING = {*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}
"""Signs that turn round what stands behind them (Unicode, UAX #9, "Directional Formatting Characters")."""


def read_note(text: str) -> str:
    """Return a note as it is kept: one paragraph of plain text. Raises ValueError, which says why not."""
    if clean(text) != text or any(sign in REORDERING or _breaks(sign) for sign in text):
        raise ValueError("it is one paragraph of plain text, without line breaks and control characters")
    note = " ".join(text.split())
    if not any(map(str.isalnum, note)):
        raise ValueError("it is empty; say what was wrong, and how it is")
    if len(note) > LONGEST_NOTE:
        raise ValueError(f"it is {len(note):,} characters long, and may have {LONGEST_NOTE}")
    return note


def _breaks(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Zl", "Zp")


def find_published(station: Station, name: str, now: dt.datetime) -> Episode:
    """Return the episode called *name* as it stands, and as listeners have it at *now* (aware).

    Raises `EpisodeError` where they have none: then it needs no correction, or is to be made again first.
    """
    slug = find_episode(station, name).slug
    way_out = f"so it needs no note; edit it, and `morning-edition regenerate {slug}` makes it again"
    if not (station.episodes_folder / slug / RECORD_NAME).exists():
        raise EpisodeError(f"{slug} was refused by the proof and never published, {way_out}")
    episode = load_episode(station.episodes_folder / slug)
    if episode.published > now:
        until = f"{episode.published:%Y-%m-%d %H:%M %z}"
        raise EpisodeError(f"{slug} is under embargo until {until}: nobody has heard it, {way_out}")
    if not is_public(episode, now):
        raise EpisodeError(f"{slug} has expired; there is nothing left to correct")
    refuse_unheard(station, episode)
    if all(one.guid != episode.guid for one in read_aired(station)):
        raise EpisodeError(f"{slug} is not in {FEED_NAME} yet: nobody has heard it, {way_out}")
    return episode


def make_correction(station: Station, note: str, spoken: str, now: dt.datetime) -> Correction:
    """Return the correction that is made at *now* (aware), dated where the station is."""
    zone = zoneinfo.ZoneInfo(station.show.timezone)
    return Correction(now.astimezone(zone).replace(microsecond=0), note, spoken)


def join_correction(episode: Episode, correction: Correction) -> tuple[Correction, ...]:
    """Return the corrections of *episode* with one more. Raises `EpisodeError` for one that is there."""
    if same := find_same(episode, correction):
        raise EpisodeError(
            f"{episode.slug} has this correction already, of {same.moment:%Y-%m-%d %H:%M}; write another one "
            f"to correct it, or `morning-edition regenerate {episode.slug}` to make the episode again with it"
        )
    if len(episode.corrections) >= MOST_CORRECTIONS:
        raise EpisodeError(
            f"{episode.slug} has {MOST_CORRECTIONS} corrections, and may have no more; "
            f"`morning-edition retract {episode.slug}`, and produce its article again"
        )
    return (*episode.corrections, correction)


def find_same(episode: Episode, correction: Correction) -> Correction | None:
    """Return the one of *episode* that says the same; case does not count."""
    said = correction.text.casefold()
    return next((one for one in episode.corrections if one.text.casefold() == said), None)


def is_ended(
    station: Station, episode: Episode, correction: Correction, now: dt.datetime, *, publish: bool
) -> bool:
    """Tell whether the run that made a correction that is there came to its end, the site included.

    Where another run has noted it in its place, or it was not to be published, the site itself is looked at.
    Raises as `load_episodes`.
    """
    events = _list_notes(station, episode, correction)
    if not events:
        return False
    whole = any(not {"noted", "site"} & event.facts.keys() for event in events)
    return whole or not publish or is_published(station, load_episodes(station), now)


def end_correction(
    station: Station, episode: Episode, correction: Correction, now: dt.datetime, *, publish: bool
) -> None:
    """Do what a run that was killed has left of a correction that is there: the site, and the history.

    Where all is done already, nothing is touched. Raises as `publish_site` and `note_event`.
    """
    if publish:
        publish_site(station, load_episodes(station), now)
    if not _list_notes(station, episode, correction):
        at, text = correction.moment.isoformat(), shorten(correction.text, LONGEST_NOTED)
        note_event(station, now, "corrected", episode.slug, of=at, text=text)


def _list_notes(station: Station, episode: Episode, correction: Correction) -> list[Event]:
    """Return what the history says of *correction*."""
    events, at = read_events(station, episode.slug), correction.moment.isoformat()
    return [event for event in events if event.what == "corrected" and event.facts.get("of") == at]
