"""The flow: one article becomes a published episode.

article → script → takes → mix → master → episode → feed and pages. Everything that can fail for want of
something is tried before the first line is spoken.
"""

import dataclasses
import datetime as dt
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from morning_edition.episode import Episode, load_episodes, make_guid
from morning_edition.outlets.characters import LONGEST_VALUE, shorten
from morning_edition.plan import Plan
from morning_edition.site import publish_site, try_own_feed
from morning_edition.standing import find_correction, find_standing, is_unchanged
from morning_edition.station import Station

if TYPE_CHECKING:
    from morning_edition.making import Recording, Report
    from morning_edition.outlets.briefing import LeftOutItem
    from morning_edition.proof import Proof


@dataclass(frozen=True, slots=True)
class Produced:
    """What came of a plan."""

    episode: Episode
    folder: Path
    unchanged: bool
    """Whether it stood there already, made of the same."""
    edited: bool = False
    """Whether it was made from a script that somebody had edited by hand."""
    new_characters: int = 0
    """How many were spoken for it that no cache held."""
    usd: float = 0.0
    """What the engines charge for them, by their list prices."""
    proof: "Proof | None" = None
    """What was found in it; None when it stood there already."""
    left_out: "tuple[LeftOutItem, ...]" = ()
    """What of it is published in the feed alone, and not in the flash briefing, and why."""


def produce(
    plan: Plan, now: dt.datetime, report: "Report", *, publish: bool = True, force: bool = False
) -> Produced:
    """Make the planned episode, put it on the shelf, and publish the site.

    An episode that stands there already, made of the same, is left as it is. *now* (aware) is when it is
    published, unless its edition's hour is past. With *publish* off, feed and pages stay as they are; with
    *force*, what the proof refuses is published, and recorded. Else it raises `ProofError`, and what stood
    before stands.
    """
    others = load_episodes(plan.station, without=plan.slug)
    before = find_standing(plan.station, plan.slug)
    if before and is_unchanged(before, plan.station, plan.recipe):
        from morning_edition.shelf import discard_refused

        discard_refused(plan.station, plan.slug)  # a change that was refused has been taken back
        produced = Produced(before, before.folder(plan.station), unchanged=True)
    else:
        plan = dataclasses.replace(plan, edited_script=find_correction(plan.station, plan.slug))
        try_own_feed(plan.station, others)
        life = _find_life(plan, before, others, now)
        produced = _make_episode(plan, life, before, now, report, force=force)
    if publish:
        others = load_episodes(plan.station, without=plan.slug)  # another run may have added one meanwhile
        from morning_edition.outlets.briefing import choose_items

        episodes = [produced.episode, *others]
        report("publish", 0, 1)
        publish_site(plan.station, episodes, now)
        report("publish", 1, 1)
        left_out = choose_items(plan.station, episodes, now).left_out
        own = tuple(item for item in left_out if item.slug == plan.slug)
        produced = dataclasses.replace(produced, left_out=own)
    return produced


@dataclass(frozen=True, slots=True)
class _Life:
    """What an episode keeps, however often it is made again."""

    guid: str
    number: int
    published: dt.datetime
    season: int


def _find_life(plan: Plan, before: Episode | None, others: Iterable[Episode], now: dt.datetime) -> _Life:
    if before:
        return _Life(before.guid, before.number, before.published, before.season)
    number = max((episode.number for episode in others), default=0) + 1
    published = find_publication(plan.station, plan.date, now)
    return _Life(make_guid(plan.station, plan.slug), number, published, plan.station.feed.season)


def find_publication(station: Station, date: dt.date, now: dt.datetime) -> dt.datetime:
    """Return when the edition of *date* is published: at the station's hour, but never after *now*."""
    zone = zoneinfo.ZoneInfo(station.show.timezone)
    planned = dt.datetime.combine(date, dt.time.fromisoformat(station.show.publish_at), zone)
    return min(planned, now.astimezone(zone).replace(microsecond=0))


def _make_episode(
    plan: Plan, life: _Life, before: Episode | None, now: dt.datetime, report: "Report", *, force: bool
) -> Produced:
    """Record, press, wrap up and prove in a folder aside, and put it on the shelf if the proof lets it."""
    from concurrent.futures import ThreadPoolExecutor

    from morning_edition.dating import date_changes
    from morning_edition.making import press_masters, record
    from morning_edition.proof.proving import prove
    from morning_edition.proof.sound import reduce_peaks
    from morning_edition.shelf import refuse_episode, stage_episode, store_episode
    from morning_edition.wrapping import add_proof, wrap_episode

    station = plan.station
    with ThreadPoolExecutor(1) as side, stage_episode(station, plan.slug) as staged:
        recording = record(plan, report, side)
        draft = _draft_episode(plan, life, recording, before)
        masters, content = press_masters(plan, recording, draft, staged, report, side)
        draft = date_changes(station, draft, before, staged, content, now)
        cues = recording.podcast.timeline.cues
        peaks = reduce_peaks(masters[0].measured)
        episode = wrap_episode(station, draft, cues, staged, content, peaks)
        try_own_feed(station, [episode])
        proof = prove(plan, recording.takes, masters, episode, staged, recording.kept)
        proof = dataclasses.replace(proof, forced=force and not proof.passed)
        episode = add_proof(episode, proof, staged)
        recording.sweep()
        if not (proof.passed or force):
            refuse_episode(station, episode, proof, staged)
        folder = store_episode(station, episode, staged)
    return Produced(
        episode,
        folder,
        unchanged=False,
        edited=episode.edited,
        new_characters=recording.tally.new_characters,
        usd=recording.tally.usd,
        proof=proof,
    )


def _draft_episode(plan: Plan, life: _Life, recording: "Recording", before: Episode | None) -> Episode:
    """Say what the episode is; its files are still to be listed, and its sound to be measured."""
    from morning_edition.flash import make_items
    from morning_edition.making import summarise, summarise_script
    from morning_edition.mix.looks import copy_looks, cut_soundbites

    station, article, timeline = plan.station, plan.article, recording.podcast.timeline
    edited = plan.script if plan.edited_script else None
    draft = Episode(
        slug=plan.slug,
        guid=life.guid,
        number=life.number,
        title=shorten(edited.title if edited else article.headline, LONGEST_VALUE),
        date=plan.date,
        published=life.published,
        language=plan.script.language,
        outlet=article.outlet or station.outlet.name,
        byline=article.byline,
        edition=article.edition or station.outlet.edition,
        summary=(summarise_script(edited) if edited else "") or summarise(article),
        keywords=article.keywords,
        quick_looks=copy_looks(recording.looks, plan.quick_looks) if edited else plan.quick_looks,
        source_url=article.source_url,
        duration_ms=timeline.duration_ms,
        chapters=timeline.chapters,
        voices=recording.voices,
        loudness_lufs=0.0,
        true_peak_dbtp=0.0,
        recipe=plan.recipe,
        cast=tuple(plan.voices.items()),
        asked=tuple(plan.asked.items()),
        edited=bool(plan.edited_script),
        season=life.season,
        soundbites=cut_soundbites(recording.looks, recording.podcast.order),
        files=(),
    )
    return dataclasses.replace(draft, flash=make_items(draft, recording.flash, before))
