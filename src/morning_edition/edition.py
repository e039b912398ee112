"""The flow: one article becomes a published episode.

article → script → takes → mix → master → episode → feed and pages. Everything that can fail for want of
something is tried before the first line is spoken.
"""

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from morning_edition.episode import Episode, load_episodes, make_guid
from morning_edition.holding import USUAL_WAIT_S, hold_station, is_noted
from morning_edition.life.times import Times, choose_times, in_zone
from morning_edition.life.tombstones import load_tombstones
from morning_edition.outlets.characters import LONGEST_VALUE, shorten
from morning_edition.plan import Plan, keep_corrections
from morning_edition.records import is_damaged
from morning_edition.site import is_published, publish_site, try_own_feed
from morning_edition.standing import find_correction, find_standing, is_unchanged, refused_folder
from morning_edition.station.sealing import note_seals

if TYPE_CHECKING:
    from morning_edition.life.shortfalls import Missing
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
    missing: "tuple[Missing, ...]" = ()
    """Other episodes that are not in the feed, as their sound is not there."""
    remarks: tuple[str, ...] = ()
    """What else is wrong with the station's episodes."""


def produce(
    plan: Plan,
    now: dt.datetime,
    report: "Report",
    *,
    publish: bool = True,
    force: bool = False,
    wait_s: float = USUAL_WAIT_S,
    tell: Callable[[str], None] = lambda said: None,
) -> Produced:
    """Make the planned episode, put it on the shelf, and publish the site.

    An episode that stands there already, made of the same, is left as it is. *now* (aware) is when it is
    published, unless its edition's hour is past. With *publish* off, feed and pages stay as they are; with
    *force*, what the proof refuses is published, and recorded. Else it raises `ProofError`, and what stood
    before stands. Another process that holds the station is waited for, *wait_s* seconds at most; *tell* is
    told of it, and of a voice that gave out.
    """
    station = plan.station
    if not is_noted(station) and (standing := _find_unchanged(plan, now)):
        copied = [plan.slug] if is_damaged(standing.folder(station)) else []
        unheard: list[Episode] = []
        others = load_episodes(station, without=plan.slug, copied=copied, unheard=unheard)
        if not copied and (not publish or is_published(station, [standing, *others], now)):
            note_seals(station, plan.seals)
            produced = Produced(standing, standing.folder(station), unchanged=True)
            return _tell_left_out(plan, produced, others, unheard, now) if publish else produced
    from morning_edition.settling import settle_station

    with hold_station(station, "produce", wait_s=wait_s, tell=tell) as killed:
        settle_station(station, now, thorough=killed, tell=tell)
        produced = _produce(plan, now, report, publish=publish, force=force, tell=tell)
        note_seals(station, plan.seals)
        return produced


def _find_unchanged(plan: Plan, now: dt.datetime) -> Episode | None:
    """Return the episode that stands already, made of the same, with nothing left of a try to change it."""
    standing = find_standing(plan.station, plan.slug)
    same = standing and _is_as_planned(plan, standing, now)
    return standing if same and not refused_folder(plan.station, plan.slug).exists() else None


def _is_as_planned(plan: Plan, standing: Episode, now: dt.datetime) -> bool:
    """Tell whether *standing* is what the plan would make of it, to come out and go when it would."""
    station = plan.station
    return (
        not plan.tries_again
        and _choose_times(plan, standing, now) == Times(standing.published, standing.expires)
        and is_unchanged(standing, station, plan.recipe)
    )


def _choose_times(
    plan: Plan, before: Episode | None, now: dt.datetime, aired: dt.datetime | None = None
) -> Times:
    return choose_times(plan.station, plan.slug, plan.date, plan.wishes, before, now, aired)


def _produce(
    plan: Plan,
    now: dt.datetime,
    report: "Report",
    *,
    publish: bool,
    force: bool,
    tell: Callable[[str], None],
) -> Produced:
    from morning_edition.life.agenda import add_to_agenda
    from morning_edition.life.audit import note_making
    from morning_edition.records import mend_records

    copied = [plan.slug]
    unheard: list[Episode] = []
    others = load_episodes(plan.station, without=plan.slug, copied=copied, unheard=unheard)
    mend_records(plan.station, copied, now, tell)
    before = find_standing(plan.station, plan.slug)
    plan = keep_corrections(plan, before)  # another process may have corrected it meanwhile
    if before and _is_as_planned(plan, before, now):
        from morning_edition.shelf import discard_refused

        discard_refused(plan.station, plan.slug)  # a change that was refused has been taken back
        produced = Produced(before, before.folder(plan.station), unchanged=True)
    else:
        plan = dataclasses.replace(plan, edited_script=find_correction(plan.station, plan.slug))
        try_own_feed(plan.station, others)
        life = _find_life(plan, before, [*others, *unheard], now)
        produced = _make_episode(plan, life, before, now, report, force=force, tell=tell)
    if publish:
        report("publish", 0, 1)
        publish_site(plan.station, [produced.episode, *others], now)
        report("publish", 1, 1)
    if not produced.unchanged:
        note_making(plan.station, produced.episode, before, produced.proof, now, published=publish)
        add_to_agenda(plan.station, produced.episode, now)
    return _tell_left_out(plan, produced, others, unheard, now) if publish else produced


def _tell_left_out(
    plan: Plan, produced: Produced, others: Sequence[Episode], unheard: Sequence[Episode], now: dt.datetime
) -> Produced:
    """Return *produced* with what of it is not in the flash briefing, and which others are in no feed."""
    from morning_edition.life.shortfalls import list_missing, tell_same_numbers
    from morning_edition.outlets.briefing import choose_items

    left_out = choose_items(plan.station, [produced.episode, *others], now).left_out
    return dataclasses.replace(
        produced,
        left_out=tuple(item for item in left_out if item.slug == plan.slug),
        missing=list_missing(plan.station, unheard),
        remarks=tell_same_numbers([produced.episode, *others, *unheard]),
    )


@dataclass(frozen=True, slots=True)
class _Life:
    """What an episode keeps, however often it is made again."""

    guid: str
    number: int
    times: Times
    season: int


def _find_life(plan: Plan, before: Episode | None, others: Iterable[Episode], now: dt.datetime) -> _Life:
    """Return what *before* has; else what the feed still tells of it, where its record was damaged."""
    from morning_edition.catalogue import list_refused_numbers
    from morning_edition.life.on_air import find_aired, find_own

    if before:
        return _Life(before.guid, before.number, _choose_times(plan, before, now), before.season)
    station, aired = plan.station, find_aired(plan.station)
    guid = make_guid(station, plan.slug)
    own = find_own(station, plan.slug, guid, aired)
    numbers = {episode.number for episode in others}
    numbers |= {stone.number for stone in load_tombstones(station)}
    numbers |= {*list_refused_numbers(station, without=plan.slug)}
    free = own is not None and own.number > 0 and own.number not in numbers
    number = own.number if own and free else max(numbers | {one.number for one in aired}, default=0) + 1
    published = in_zone(station, own.published) if own and own.published else None
    times = _choose_times(plan, None, now, published)
    return _Life(own.guid if own else guid, number, times, station.feed.season)


def _make_episode(
    plan: Plan,
    life: _Life,
    before: Episode | None,
    now: dt.datetime,
    report: "Report",
    *,
    force: bool,
    tell: Callable[[str], None],
) -> Produced:
    """Record, press, wrap up and prove in a folder aside, and put it on the shelf if the proof lets it."""
    from concurrent.futures import ThreadPoolExecutor

    from morning_edition.dating import date_changes
    from morning_edition.former import note_former
    from morning_edition.life.history import begin_history
    from morning_edition.making import press_masters, record
    from morning_edition.proof.proving import prove
    from morning_edition.proof.sound import reduce_peaks
    from morning_edition.shelf import refuse_episode, stage_episode, store_episode
    from morning_edition.wrapping import add_proof, wrap_episode

    station = plan.station
    with ThreadPoolExecutor(1) as side, stage_episode(station, plan.slug) as staged:
        recording = record(plan, report, side, tell)
        plan = recording.plan
        draft = _draft_episode(plan, life, recording, before)
        masters, content = press_masters(plan, recording, draft, staged, report, side)
        heard = before if before and before.published <= now else None  # what nobody heard has not changed
        draft = date_changes(station, draft, heard, staged, content, now)
        cues = recording.podcast.timeline.cues
        peaks = reduce_peaks(masters[0].measured)
        episode = wrap_episode(station, draft, cues, staged, content, peaks)
        try_own_feed(station, [episode])
        proof = prove(plan, recording.takes, masters, episode, staged, recording.kept)
        proof = dataclasses.replace(proof, forced=force and not proof.passed)
        episode = note_former(station, add_proof(episode, proof, staged), before, now)
        recording.sweep()
        if not (proof.passed or force):
            refuse_episode(station, episode, proof, staged)
        begin_history(station)
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
        published=life.times.published,
        expires=life.times.expires,
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
        stood_in=plan.stood_in,
        edited=bool(plan.edited_script),
        corrections=plan.corrections,
        corrections_in=plan.corrections_in,
        withdrawn_uids=before.withdrawn_uids if before else (),
        season=life.season,
        soundbites=cut_soundbites(recording.looks, recording.podcast.order),
        files=(),
    )
    return dataclasses.replace(draft, flash=make_items(draft, recording.flash, before))
