"""The page of one episode: its player, Quick Looks, chapters, and the transcript that follows the voice.

All that it does but follow and search can be done without its script: a link to a chapter is the sound at a
time, as a media fragment (https://www.w3.org/TR/media-frags/).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from morning_edition.episode import Episode
from morning_edition.mix.timeline import Chapter, Cue
from morning_edition.outlets.addresses import plain_address
from morning_edition.outlets.characters import first_filled, shorten
from morning_edition.outlets.corrections import list_corrections
from morning_edition.outlets.embed import EMBED_NAME, describe_frame
from morning_edition.outlets.layout import (
    FROM_EPISODE_TO_HOME,
    LONGEST_PREVIEW,
    find_picture,
    name_page,
    typeset_page,
)
from morning_edition.outlets.linked_data import describe_episode
from morning_edition.outlets.passages import lay_out_passages, write_word_times
from morning_edition.outlets.times import short_clock
from morning_edition.outlets.waveform import draw_waveform
from morning_edition.station import Station

STYLES = ("base.css.j2", "player.css.j2", "episode.css.j2")
SCRIPTS = (
    "player.js.j2",
    "episode.js.j2",
    "transcript.js.j2",
    "session.js.j2",
    "keys.js.j2",
    "ready.js.j2",
)

CAPTIONS_NAME = "transcript.vtt"
TRANSCRIPTS = (
    ("transcript.html", "to read"),
    (CAPTIONS_NAME, "WebVTT"),
    ("transcript.srt", "SRT"),
    ("transcript.json", "JSON"),
)

SHORTCUTS = (
    (("Space", "K"), "Play or pause"),
    (("J", "←"), "Back 15 seconds"),
    (("L", "→"), "Forward 15 seconds"),
    (("N",), "Next chapter"),
    (("P",), "Previous chapter"),
    (("<", ">"), "Slower, faster"),
    (("/",), "Search the transcript"),
    (("?",), "Show these keys"),
)


@dataclass(frozen=True, slots=True)
class Stop:
    """A chapter, as the list of them shows it."""

    title: str
    start_ms: int
    clock: str


@dataclass(frozen=True, slots=True)
class Card:
    """A Quick Look, and where it is heard."""

    label: str
    text: str
    bite: Chapter | None
    """None where it is not heard."""

    @property
    def length(self) -> str:
        """How long it is heard."""
        return short_clock(self.bite.end_ms - self.bite.start_ms) if self.bite else ""


def render_episode_page(
    station: Station, episode: Episode, cues: Sequence[Cue], peaks: Sequence[float] = ()
) -> str:
    """Write the `index.html` of an episode's folder.

    *peaks* are amplitudes of the sound from 0 to 1, in order; without them there is no waveform. Nothing is
    linked to but what stands in `episode.files`, and what a site always has at its root. Raises
    `StationError` for a broken template of the station's own.
    """
    names = {file.name for file in episode.files}
    title = first_filled(episode.title, station.show.title)
    language = episode.language or station.show.language
    passages = lay_out_passages(episode.chapters, cues)
    return typeset_page(
        "episode.html.j2",
        station,
        language=language,
        styles=STYLES,
        scripts=SCRIPTS,
        home=FROM_EPISODE_TO_HOME,
        address=episode.url(station),
        secure=station.base_url.startswith("https://"),
        picture=find_picture(station, episode),
        picture_alt=f"Cover of {title}",
        title=title,
        page_title=name_page(title, station),
        description=shorten(first_filled(episode.summary, title), LONGEST_PREVIEW),
        linked_data=describe_episode(station, episode, cues),
        edition=first_filled(episode.edition),
        summary=first_filled(episode.summary),
        corrections=list_corrections(episode),
        byline=first_filled(episode.byline),
        source=plain_address(episode.source_url),
        episode=episode,
        audio_name=episode.audio.place,
        megabytes=f"{episode.audio.size_bytes / 1e6:.1f}",
        length=short_clock(episode.duration_ms),
        names=names,
        captions=episode.find_place(CAPTIONS_NAME) if CAPTIONS_NAME in names else "",
        transcripts=[(episode.find_place(name), label) for name, label in TRANSCRIPTS if name in names],
        waveform=draw_waveform(peaks) if peaks else "",
        ticks=draw_ticks(episode),
        stops=[
            Stop(first_filled(chapter.title), chapter.start_ms, short_clock(chapter.start_ms))
            for chapter in episode.chapters
        ],
        cards=lay_out_cards(episode),
        passages=passages,
        word_times=write_word_times(passages),
        embed=describe_frame(station, episode) if EMBED_NAME in names else None,
        shortcuts=SHORTCUTS,
    )


def draw_ticks(episode: Episode) -> str:
    """Return the path of marks where chapters begin, the first left out, in a thousand parts of the whole."""
    if not episode.duration_ms:
        return ""
    starts = [chapter.start_ms * 1000 / episode.duration_ms for chapter in episode.chapters[1:]]
    return "".join(f"M{start:.1f} 0V1" for start in starts)


def lay_out_cards(episode: Episode) -> list[Card]:
    """Return a card for each Quick Look; its soundbite is known by its label, or by its first words."""
    bites = list(episode.soundbites)
    cards = []
    for look in episode.quick_looks:
        label, text = first_filled(look.label), first_filled(look.text)
        bite = next((bite for bite in bites if _is_of(bite, label, text)), None)
        if bite:
            bites.remove(bite)
        if label or text:
            cards.append(Card(label, text, bite))
    return cards


def _is_of(bite: Chapter, label: str, text: str) -> bool:
    title = first_filled(bite.title).rstrip("….")
    return bool(title) and (title == label.rstrip("….") or text.startswith(title))
