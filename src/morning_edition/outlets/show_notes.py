"""Show notes: an episode in, the HTML that podcast apps show of it out.

They use only what podcast apps show (Apple, "A Podcaster's Guide to RSS", <description>): p, ul, li, a, b, em
and br. Times stand first in their lines, where players make them links.
"""

from collections.abc import Iterator

from markupsafe import Markup, escape

from morning_edition.episode import Episode
from morning_edition.outlets.addresses import plain_address
from morning_edition.outlets.characters import first_filled, plain
from morning_edition.outlets.corrections import list_corrections
from morning_edition.outlets.times import clock
from morning_edition.station import Station


def render_show_notes(station: Station, episode: Episode) -> Markup:
    """Write summary, corrections, Quick Looks, chapters, source and the word on the voice: what there is."""
    return Markup("\n".join(_parts(station, episode)))  # noqa: S704 - each part is escaped where it is made


def _parts(station: Station, episode: Episode) -> Iterator[str]:
    yield f"<p>{plain(first_filled(episode.summary, episode.title, station.show.title))}</p>"
    for one in list_corrections(episode):
        yield f"<p><b>{one.title}:</b> {plain(one.text)}</p>"
    if looks := "\n".join(_quick_looks(episode)):
        yield f"<p><b>Quick Looks</b></p>\n<ul>\n{looks}\n</ul>"
    marks = [f"{clock(chapter.start_ms)} {plain(chapter.title.strip())}" for chapter in episode.chapters]
    if marks:
        yield "<p><b>Chapters</b></p>\n<p>" + "<br>\n".join(marks) + "</p>"
    if source := plain_address(episode.source_url):
        yield f'<p><a href="{escape(source)}">Read the story</a></p>'
    if notice := first_filled(station.voice_notice.text):
        yield f"<p><em>{plain(notice)}</em></p>"


def _quick_looks(episode: Episode) -> Iterator[str]:
    for look in episode.quick_looks:
        label, text = first_filled(look.label), first_filled(look.text)
        if label or text:
            told = f"<b>{plain(label)}:</b> " if label else ""
            yield f"<li>{told}{plain(text)}</li>"
