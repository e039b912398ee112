"""Two copies of a station that publish to one place: whatever one of them lacks is not published away."""

import datetime as dt
from collections.abc import Iterator, Sequence

from morning_edition.publish.manifest import PUBLIC, WAITING, WITHDRAWN, EpisodeNote, Manifest

MOST_NAMED = 5


def find_conflicts(manifest: Manifest, show: str, notes: Sequence[EpisodeNote]) -> Iterator[str]:
    """Say what of the published would be lost or come back if this station, with *notes*, published.

    *show* is its GUID. Each is a clause that names the episodes.
    """
    if manifest.show and manifest.show != show:
        yield f"another show is published there (its podcast:guid is {manifest.show}, here it is {show})"
    own = {one.guid: one for one in notes}
    public = [one for one in manifest.episodes if one.state == PUBLIC]
    if missing := [one.slug or one.guid for one in public if one.guid not in own]:
        yield f"would vanish, as this station does not have {_it(missing)}: {name_some(missing)}"
    older = [one.slug for one in public if _is_older(own.get(one.guid), one)]
    if older:
        yield f"would go back to what {_it(older)} said before a change made elsewhere: {name_some(older)}"
    withdrawn = {one.guid for one in manifest.episodes if one.state == WITHDRAWN}
    if back := [one.slug for one in notes if one.guid in withdrawn and one.state in (PUBLIC, WAITING)]:
        yield f"would come back, though withdrawn elsewhere: {name_some(back)}"


def name_some(names: Sequence[str]) -> str:
    """Name the first of *names*, and tell how many more there are."""
    more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    return f"{', '.join(names[:MOST_NAMED])}{more}"


def _it(names: Sequence[str]) -> str:
    return "it" if len(names) == 1 else "them" if len(names) > 1 else ""


def _is_older(own: EpisodeNote | None, published: EpisodeNote) -> bool:
    if own is None or own.state not in (PUBLIC, WAITING) or not published.updated:
        return False
    if not own.updated:
        return True
    return dt.datetime.fromisoformat(own.updated) < dt.datetime.fromisoformat(published.updated)
