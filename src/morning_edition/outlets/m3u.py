"""The show as a playlist, for players that know nothing of podcasts.

Extended M3U has no standard; this is what VLC and mpv read alike. It is UTF-8, which both find out by
themselves, and tells others so (`#EXTENC`). Yet it is called `.m3u`: `.m3u8`, which says as much, is taken by
browsers and phones for a live stream (RFC 8216). A byte order mark would hide `#EXTM3U` from some.
"""

from collections.abc import Sequence

from morning_edition.episode import AUDIO_NAME, Episode, sort_episodes
from morning_edition.outlets.characters import clean, first_filled
from morning_edition.station import Station


def render_m3u(station: Station, episodes: Sequence[Episode]) -> str:
    """Write `playlist.m3u`, newest episode first."""
    lines = ["#EXTM3U", "#EXTENC:UTF-8", f"#PLAYLIST:{_one_line(station.show.title)}"]
    for episode in sort_episodes(episodes):
        seconds = max(1, round(episode.duration_ms / 1000))
        artist = _one_line(first_filled(episode.outlet, station.outlet.name))
        title = _one_line(first_filled(episode.title, station.show.title))
        lines += [f"#EXTINF:{seconds},{artist} - {title}", episode.url(station, AUDIO_NAME)]
    return "\n".join(lines) + "\n"


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())
