"""The small player that other pages, above all the newspaper's own, show in a frame."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from morning_edition.episode import Episode
from morning_edition.mix.timeline import Cue
from morning_edition.outlets.characters import clean, first_filled, shorten
from morning_edition.outlets.layout import LONGEST_PREVIEW, find_picture, typeset_page
from morning_edition.outlets.times import short_clock
from morning_edition.outlets.waveform import draw_waveform
from morning_edition.station import Station

EMBED_NAME = "embed.html"
EMBED_WIDTH = 640
EMBED_HEIGHT = 180

EMBED_BARS = 120
"""As many as can be told apart in a frame of this size."""

STYLES = ("base.css.j2", "player.css.j2", "embed.css.j2")
SCRIPTS = ("player.js.j2", "session.js.j2", "ready.js.j2")

FRAME = Markup(
    '<iframe src="{address}" title="{title}" width="{width}" height="{height}" loading="lazy" '
    'style="border:0;width:100%;max-width:{width}px" allow="autoplay; web-share"></iframe>'
)


@dataclass(frozen=True, slots=True)
class Frame:
    """The embed, as pages that offer it describe it."""

    address: str
    width: int
    height: int
    code: str
    """The HTML to paste into another page."""


def describe_frame(station: Station, episode: Episode) -> Frame:
    """Return what another page needs to show the embed of *episode*."""
    address = episode.url(station, EMBED_NAME)
    title = first_filled(episode.title)
    title = f"{title} — {clean(station.show.title)}" if title else clean(station.show.title)
    code = FRAME.format(address=address, title=title, width=EMBED_WIDTH, height=EMBED_HEIGHT)
    return Frame(address, EMBED_WIDTH, EMBED_HEIGHT, str(code))


def render_embed(station: Station, episode: Episode, cues: Sequence[Cue], peaks: Sequence[float] = ()) -> str:
    """Write the `embed.html` of an episode's folder.

    *peaks* are amplitudes of the sound from 0 to 1, in order; without them there is no waveform. Raises
    `StationError` for a broken template of the station's own.
    """
    title = first_filled(episode.title, station.show.title)
    return typeset_page(
        "embed.html.j2",
        station,
        language=episode.language or station.show.language,
        styles=STYLES,
        scripts=SCRIPTS,
        address=episode.url(station),
        show_address=station.link,
        linked_data="",
        picture=find_picture(station, episode),
        title=title,
        page_title=title,
        description=shorten(first_filled(episode.summary, title), LONGEST_PREVIEW),
        byline=first_filled(episode.byline),
        episode=episode,
        audio_name=episode.audio.place,
        length=short_clock(episode.duration_ms),
        waveform=draw_waveform(peaks, bars=EMBED_BARS) if peaks else "",
    )
