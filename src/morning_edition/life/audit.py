"""What the history says of an episode that was made, or made again."""

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from morning_edition.episode import RECORD_NAME, Episode
from morning_edition.life.history import HISTORY_NAME, Event, Fact, note_event, read_events
from morning_edition.outlets.characters import shorten
from morning_edition.station import Station

if TYPE_CHECKING:
    from morning_edition.proof import Proof

LONGEST_NOTED = 80
"""Characters of a correction that the history tells."""


def note_making(
    station: Station,
    episode: Episode,
    before: Episode | None,
    proof: "Proof | None",
    now: dt.datetime,
    *,
    published: bool = True,
) -> None:
    """Note that *episode* was made, in the place of *before* or not, and whether it is *published*.

    Raises `EpisodeError` where that cannot be done.
    """
    facts = _tell_facts(episode, proof, now) | ({} if published else {"site": "left as it was"})
    what = _name(episode, before)
    facts |= _tell_correction(episode) if what == "corrected" else {}
    note_event(station, now, what, episode.slug, **facts)
    if before and before.published > now >= episode.published:
        note_event(station, now, "released", episode.slug, guid=episode.guid)


def note_unnoted(station: Station, episodes: Iterable[Episode], now: dt.datetime) -> None:
    """Note what a run that was killed has made, and had no time to note.

    That is what is younger than its first line, or than an empty history, and it does not know of; what is
    older had none.
    """
    events = list(read_events(station))
    known = {str(event.facts.get("sha256")) for event in events}
    began = min((moment for event in events if (moment := _read_moment(event.at))), default=math.inf)
    began = min(began, _read_age(station.root / HISTORY_NAME) or math.inf)
    for episode in episodes:
        if episode.audio.sha256 not in known and _read_age(episode.folder(station) / RECORD_NAME) > began:
            what, facts = _name_unnoted(episode, events)
            facts |= _tell_facts(episode, None, now)
            note_event(station, now, what, episode.slug, **facts, noted="later")


def _name_unnoted(episode: Episode, events: Sequence[Event]) -> tuple[str, dict[str, Fact]]:
    before = [event for event in events if event.slug == episode.slug]
    noted = {event.facts.get("of") for event in before}
    if episode.corrections and episode.corrections[-1].moment.isoformat() not in noted:
        return "corrected", _tell_correction(episode)
    return "regenerated" if before else "produced", {}


def _read_moment(at: str) -> float:
    try:
        return dt.datetime.fromisoformat(at).timestamp()
    except (ValueError, OverflowError, OSError):
        return 0.0


def _read_age(path: Path) -> float:
    """Return when a file was written last, as Unix time; 0 where it is not there."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _name(episode: Episode, before: Episode | None) -> str:
    if before is None:
        return "produced"
    return "corrected" if len(episode.corrections) > len(before.corrections) else "regenerated"


def _tell_facts(episode: Episode, proof: "Proof | None", now: dt.datetime) -> dict[str, Fact]:
    from morning_edition.proof.record import tell_verdict

    facts: dict[str, Fact] = {
        "guid": episode.guid,
        "file": episode.audio.place,
        "sha256": episode.audio.sha256,
        "edited": episode.edited,
    }
    if proof:
        facts |= {"proof": tell_verdict(proof), "forced": proof.forced}
    if episode.published > now:
        facts["embargo"] = episode.published.isoformat()
    if episode.expires:
        facts["expires"] = episode.expires.isoformat()
    return facts


def _tell_correction(episode: Episode) -> dict[str, Fact]:
    newest = episode.corrections[-1]
    return {"of": newest.moment.isoformat(), "text": shorten(newest.text, LONGEST_NOTED)}
