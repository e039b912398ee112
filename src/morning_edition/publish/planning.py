"""What is to be done at a target: the site as it should be, against what the manifest knows of it."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from morning_edition.publish.inventory import PublicFile, Rank
from morning_edition.publish.manifest import PUBLIC, UNHEARD, WITHDRAWN, EpisodeNote, Filed, Manifest
from morning_edition.serving.site import LEFT_NAMES


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be sent and removed, and what stays although nothing here leads to it any more."""

    pending: tuple[PublicFile, ...]
    """In the order in which it is sent."""
    doomed: tuple[str, ...]
    leaving: Mapping[str, dt.datetime]
    """Superseded files, and since when."""
    kept: frozenset[str] = frozenset()
    """Pages that tell of what was withdrawn by somebody else."""


def plan_work(
    site: Sequence[PublicFile],
    manifest: Manifest,
    notes: Sequence[EpisodeNote],
    *,
    max_age_s: int,
    grace: dt.timedelta,
    now: dt.datetime,
) -> Work:
    """Find what is to be done so that *site* stands where *manifest* tells what does.

    *notes* are of this station's episodes at *now* (aware). The superseded files of those that listeners may
    have stay for the *grace*, counted from when the target first had a feed without them: an app may have
    read the one before a minute ago. What is of any other episode goes at once, but for the pages of one that
    was withdrawn elsewhere, and that this station knows nothing of.
    """
    public = frozenset(one.slug for one in notes if one.state == PUBLIC)
    told_otherwise = max_age_s != manifest.max_age_s
    pending = [
        file
        for file in site
        if manifest.files.get(file.path) != Filed(file.sha256, file.size_bytes)
        or (told_otherwise and not file.is_marked)
    ]
    expected = {file.path for file in site}
    kept = _list_left_elsewhere(manifest, notes) - expected
    gone = [path for path in manifest.files if path not in expected | kept]
    superseded = {path: manifest.leaving.get(path, now) for path in gone if _is_of(path, public)}
    leaving = {path: since for path, since in superseded.items() if now - since < grace}
    doomed = ({*gone, *manifest.unsure} - expected) - leaving.keys()
    return Work(tuple(pending), tuple(sorted(doomed)), leaving, kept)


def _list_left_elsewhere(manifest: Manifest, notes: Iterable[EpisodeNote]) -> frozenset[str]:
    """Return the pages there that tell of episodes that another copy of this station has withdrawn."""
    own = {one.guid for one in notes}
    slugs = [one.slug for one in manifest.episodes if one.state == WITHDRAWN and one.guid not in own]
    pages = {f"audio/{slug}/{name}" for slug in slugs for name in LEFT_NAMES}
    return frozenset(pages & manifest.files.keys())


def _is_of(path: str, public: frozenset[str]) -> bool:
    """Tell whether *path* is of the show itself or of an episode in *public*."""
    folder, _, rest = path.partition("/")
    return folder != "audio" or rest.partition("/")[0] in public


def before_sending(manifest: Manifest, work: Work) -> Manifest:
    """Return the manifest for the time in which files are sent: none that is changed then is claimed."""
    touched = {*(file.path for file in work.pending), *work.doomed}
    return replace(
        manifest,
        files={path: filed for path, filed in manifest.files.items() if path not in touched},
        leaving={path: since for path, since in manifest.leaving.items() if path not in touched},
        unsure=manifest.unsure | touched,
    )


def before_feed(manifest: Manifest, work: Work, show: str, notes: Iterable[EpisodeNote]) -> Manifest:
    """Return the manifest for the moment before briefing and feed: all that they lead to is there."""
    there = {file.path: Filed(file.sha256, file.size_bytes) for file in work.pending if not is_last(file)}
    return replace(
        manifest,
        show=show,
        episodes=_merge(manifest, notes),
        files={**manifest.files, **there},
        leaving=work.leaving,
        unsure=manifest.unsure - there.keys(),
    )


def afterwards(manifest: Manifest, site: Sequence[PublicFile], work: Work, max_age_s: int) -> Manifest:
    """Return the manifest when all is done."""
    stays = {path: manifest.files[path] for path in (*work.leaving, *work.kept)}
    there = {file.path: Filed(file.sha256, file.size_bytes) for file in site}
    return replace(manifest, max_age_s=max_age_s, files={**stays, **there}, unsure=frozenset())


def is_last(file: PublicFile) -> bool:
    """Tell whether *file* is one of those that listeners' apps come back to: briefing and feeds."""
    return file.rank >= Rank.BRIEFING


def _merge(manifest: Manifest, notes: Iterable[EpisodeNote]) -> tuple[EpisodeNote, ...]:
    """Return what is known of episodes; what was withdrawn by somebody once stays known.

    What this station has withdrawn unheard is told only where another one has published it.
    """
    withdrawn = {one.guid: one for one in manifest.episodes if one.state == WITHDRAWN}
    known = {one.guid for one in manifest.episodes}
    unheard = [one for one in notes if one.state == UNHEARD and one.guid in known]
    own = {one.guid: one for one in notes if one.state in (PUBLIC, WITHDRAWN)}
    own |= {one.guid: replace(one, state=WITHDRAWN) for one in unheard}
    return tuple(sorted((withdrawn | own).values(), key=lambda one: (one.slug, one.guid)))
