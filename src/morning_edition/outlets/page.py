"""The pages: one for every episode, and the show's own, each complete in one file.

They ask nobody else for anything, and all they do can be done without their script: a chapter's link is the
sound at a time, as a media fragment (https://www.w3.org/TR/media-frags/).
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from morning_edition.episode import AUDIO_NAME, Episode, sort_episodes
from morning_edition.mix.timeline import Cue
from morning_edition.outlets.addresses import plain_address
from morning_edition.outlets.characters import clean, first_filled, shorten
from morning_edition.outlets.transcripts import SPEAKERS
from morning_edition.outlets.typeset import typeset
from morning_edition.station import Station

LONGEST_PREVIEW = 200
"""Characters of the description that search results and messages show of a page."""

LONGEST_PAGE_TITLE = 70
"""Characters of a title that search results show."""

FROM_EPISODE_TO_HOME = "../../"


@dataclass(frozen=True, slots=True)
class Passage:
    """One chapter's part of the transcript."""

    title: str
    turns: tuple[tuple[Cue, str], ...]
    """Each with its speaker where another begins to speak."""


def render_episode_page(station: Station, episode: Episode, cues: Sequence[Cue]) -> str:
    """Write the `index.html` of an episode's folder."""
    names = {file.name for file in episode.files}
    title = first_filled(episode.title, station.show.title)
    return typeset(
        "episode.html.j2",
        station=station,
        show=station.show,
        artwork=station.artwork,
        language=episode.language or station.show.language,
        home=FROM_EPISODE_TO_HOME,
        address=episode.url(station),
        image=episode.url(station, "cover.jpg") if "cover.jpg" in names else station.base_url + "cover.jpg",
        title=title,
        page_title=_page_title(title, station),
        description=shorten(first_filled(episode.summary, title), LONGEST_PREVIEW),
        summary=first_filled(episode.summary),
        byline=first_filled(episode.byline),
        source=plain_address(episode.source_url),
        episode=episode,
        audio_name=AUDIO_NAME,
        has_captions="transcript.vtt" in names,
        passages=_passages(episode, cues),
    )


def render_show_page(station: Station, episodes: Sequence[Episode]) -> str:
    """Write the `index.html` at the station's root, newest episode first."""
    return typeset(
        "show.html.j2",
        station=station,
        show=station.show,
        artwork=station.artwork,
        language=station.show.language,
        home="",
        address=station.base_url,
        image=station.base_url + "cover.jpg",
        title=station.show.title,
        page_title=station.show.title,
        description=shorten(clean(station.show.description), LONGEST_PREVIEW),
        episodes=[
            (
                episode,
                first_filled(episode.title, station.show.title),
                episode.url(station).removeprefix(station.base_url),
            )
            for episode in sort_episodes(episodes)
        ],
    )


def _page_title(title: str, station: Station) -> str:
    """Name the show, too, where browsers and search results have room for it."""
    both = f"{title} — {station.show.title}"
    return both if len(both) <= LONGEST_PAGE_TITLE else title


def _passages(episode: Episode, cues: Sequence[Cue]) -> list[Passage]:
    """Lay the cues out under the titles of the chapters that they begin in."""
    starts = [chapter.start_ms for chapter in episode.chapters]
    turns = [
        (cue, "" if before and before.role == cue.role else SPEAKERS[cue.role])
        for before, cue in pairwise([None, *cues])
        if cue
    ]
    by_chapter = groupby(turns, key=lambda turn: max(0, bisect_right(starts, turn[0].start_ms) - 1))
    titles = [first_filled(chapter.title) for chapter in episode.chapters] or [""]
    return [Passage(titles[at], tuple(found)) for at, found in by_chapter]
