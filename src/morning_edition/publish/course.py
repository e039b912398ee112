"""The course of publishing: hold, look, send, the feed last, remove; each step is noted at the target."""

import datetime as dt
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from morning_edition.episode import RECORD_NAME, load_episodes, make_show_guid
from morning_edition.errors import ConflictError, EpisodeError, PublishError
from morning_edition.life.history import note_event
from morning_edition.life.tombstones import load_tombstones
from morning_edition.publish import Sent
from morning_edition.publish.conflicts import find_conflicts, name_some
from morning_edition.publish.inventory import PublicFile, list_site, refuse_unfinished
from morning_edition.publish.lease import Lease, hold_target
from morning_edition.publish.manifest import (
    PUBLIC,
    EpisodeNote,
    Manifest,
    note_episodes,
    read_manifest,
    write_manifest,
)
from morning_edition.publish.planning import (
    Work,
    afterwards,
    before_feed,
    before_sending,
    is_last,
    plan_work,
)
from morning_edition.publish.rebuilding import look_around, rebuild_manifest
from morning_edition.publish.sending import remove_files, send_files
from morning_edition.publish.target import Target
from morning_edition.station import Station

if TYPE_CHECKING:
    from morning_edition.making import Report

STAGE = "send"


@dataclass(frozen=True, slots=True)
class _Edition:
    """What is to stand at a target."""

    station: Station
    target: Target
    now: dt.datetime
    take_over: bool
    show: str
    site: tuple[PublicFile, ...]
    notes: tuple[EpisodeNote, ...]

    def plan(self, manifest: Manifest) -> Work:
        settings = self.station.publish
        return plan_work(
            self.site,
            manifest,
            self.notes,
            max_age_s=settings.feed_max_age_s,
            grace=dt.timedelta(hours=settings.former_hours),
            now=self.now,
        )

    def is_done(self, manifest: Manifest) -> bool:
        """Tell whether there is nothing left to do where *manifest* stands."""
        work = self.plan(manifest)
        noted = before_feed(manifest, work, self.show, self.notes)
        return not work.pending and not work.doomed and not manifest.unsure and noted == manifest


def send_site(
    station: Station, target: Target, now: dt.datetime, report: "Report", *, take_over: bool = False
) -> Sent:
    """Send *station*'s site to *target*: as `publish_to`, which tells it all."""
    begun_s = time.monotonic()
    edition = _gather(station, target, now, take_over=take_over)
    refuse_unfinished(station, edition.site)
    manifest = read_manifest(target)
    remarks = _refuse_conflicts(edition, manifest) if manifest else ()
    if manifest and edition.is_done(manifest):
        sent = Sent(target.shown, unchanged=len(edition.site), remarks=remarks)
    else:
        with hold_target(target, now) as lease:
            sent = _send(edition, lease, report)
        sent = _note_event(station, now, sent)
    return replace(sent, seconds=time.monotonic() - begun_s)


def preview_site(station: Station, target: Target, now: dt.datetime, *, take_over: bool = False) -> Sent:
    """Return what `send_site` would do; nothing is changed, not even a lease is taken."""
    edition = _gather(station, target, now, take_over=take_over)
    manifest, remarks = _find_manifest(edition)
    remarks += _refuse_conflicts(edition, manifest)
    manifest = look_around(target, manifest, edition.site, lambda: None)
    return _count(edition, edition.plan(manifest), remarks)


def _gather(station: Station, target: Target, now: dt.datetime, *, take_over: bool) -> _Edition:
    episodes, stones = load_episodes(station), load_tombstones(station)
    return _Edition(
        station,
        target,
        now,
        take_over,
        make_show_guid(station),
        list_site(station, episodes, stones, now),
        note_episodes(episodes, stones, now),
    )


def _note_event(station: Station, now: dt.datetime, sent: Sent) -> Sent:
    """Note in the history what was *sent*; where that cannot be done, it is sent all the same."""
    try:
        note_event(
            station,
            now,
            "published",
            to=sent.target,
            sent=len(sent.sent),
            bytes=sent.size_bytes,
            removed=len(sent.removed),
        )
    except EpisodeError as error:
        return replace(sent, remarks=(*sent.remarks, str(error)))
    return sent


def _find_manifest(edition: _Edition) -> tuple[Manifest, tuple[str, ...]]:
    """Return the manifest, and what to remark of it."""
    if manifest := read_manifest(edition.target):
        return manifest, ()
    manifest = rebuild_manifest(edition.target, edition.site, take_over=edition.take_over)
    if manifest == Manifest():
        return manifest, ()
    return manifest, ("its manifest was missing or damaged, and is made anew from what stands there",)


def _refuse_conflicts(edition: _Edition, manifest: Manifest) -> tuple[str, ...]:
    """Refuse to publish away what others have; return what it is, where it is taken over."""
    _refuse_damaged(edition, manifest.episodes)
    conflicts = tuple(find_conflicts(manifest, edition.show, edition.notes))
    if conflicts and not edition.take_over:
        raise ConflictError(
            f"{edition.target.shown}: somebody else has published there: {'; '.join(conflicts)}; bring those "
            f"folders here, into {edition.station.episodes_folder}, or publish with --take-over"
        )
    return conflicts


def _refuse_damaged(edition: _Edition, published: Iterable[EpisodeNote]) -> None:
    """Refuse to take an episode away for no other reason than that its sound is damaged here."""
    own = {one.guid for one in edition.notes}
    slugs = [one.slug for one in published if one.state == PUBLIC and one.slug and one.guid not in own]
    folder = edition.station.episodes_folder
    if damaged := [slug for slug in slugs if (folder / slug / RECORD_NAME).is_file()]:
        raise PublishError(
            f"{name_some(damaged)}: the sound in {folder / damaged[0]} is not what its record tells; "
            f"`morning-edition regenerate {damaged[0]}` makes it anew"
        )


def _send(edition: _Edition, lease: Lease, report: "Report") -> Sent:
    """Bring the target from what it has to what it should have; the order is what keeps listeners whole."""
    target = edition.target
    manifest, remarks = _find_manifest(edition)
    remarks += _refuse_conflicts(edition, manifest)
    manifest = look_around(target, manifest, edition.site, lambda: lease.cover(0))
    work = edition.plan(manifest)
    tell = _Telling(report, work.pending)
    manifest = _note(edition, before_sending(manifest, work), lease)
    send_files(target, [file for file in work.pending if not is_last(file)], lease, tell)
    manifest = _note(edition, before_feed(manifest, work, edition.show, edition.notes), lease)
    send_files(target, [file for file in work.pending if is_last(file)], lease, tell)
    if work.doomed:
        remove_files(target, work.doomed, lease)
    settings = edition.station.publish
    _note(edition, afterwards(manifest, edition.site, work, settings.feed_max_age_s), lease)
    return _count(edition, work, remarks)


def _note(edition: _Edition, manifest: Manifest, lease: Lease) -> Manifest:
    """Put *manifest* at the target, where this producer still holds it."""
    lease.check()
    manifest = replace(manifest, revision=manifest.revision + 1)
    write_manifest(edition.target, manifest)
    return manifest


def _count(edition: _Edition, work: Work, remarks: tuple[str, ...]) -> Sent:
    return Sent(
        edition.target.shown,
        sent=tuple(file.path for file in work.pending),
        size_bytes=sum(file.size_bytes for file in work.pending),
        removed=work.doomed,
        unchanged=len(edition.site) - len(work.pending),
        remarks=remarks,
    )


class _Telling:
    """Tells how much of what is pending was sent."""

    def __init__(self, report: "Report", pending: Sequence[PublicFile]) -> None:
        self._report = report
        self._files, self._of_files = 0, len(pending)
        self._size_bytes, self._of_bytes = 0, sum(file.size_bytes for file in pending)
        if pending:
            report(STAGE, 0, self._of_files, f"{self._of_files:,} files, {self._of_bytes / 1e6:,.1f} MB")

    def __call__(self, file: PublicFile) -> None:
        """Tell that *file* stands there."""
        self._files += 1
        self._size_bytes += file.size_bytes
        sizes = f"{self._size_bytes / 1e6:,.1f}/{self._of_bytes / 1e6:,.1f} MB"
        self._report(STAGE, self._files, self._of_files, f"{self._files:,}/{self._of_files:,} files, {sizes}")
