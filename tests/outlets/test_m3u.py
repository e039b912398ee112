"""The show as a playlist, read by a player."""

import dataclasses
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from morning_edition.episode import Episode
from morning_edition.outlets.m3u import render_m3u
from morning_edition.station import Station

TELL_PLAYLIST = """
local asked = mp.get_property("playlist/0/filename")
mp.observe_property("playlist", "native", function(_, playlist)
  if not playlist or not playlist[1] or playlist[1].filename == asked then return end
  for _, entry in ipairs(playlist) do print(entry.title .. "|" .. entry.filename) end
  mp.command("quit")
end)
"""
"""What mpv runs to say what it has read, before it plays any of it."""


def entries(playlist: str) -> list[tuple[int, str, str]]:
    """Return seconds, title and address of each entry; fails on any line that is not as it must be."""
    head, *lines = re.split(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", playlist)
    assert head == "#EXTM3U"
    assert lines[0] == "#EXTENC:UTF-8"
    assert lines[1].startswith("#PLAYLIST:")
    assert lines.pop() == ""
    told = [re.fullmatch(r"#EXTINF:(\d+),(.*)", line) for line in lines[2::2]]
    return [(int(found[1]), found[2], url) for found, url in zip(told, lines[3::2], strict=True) if found]


def test_the_newest_episode_is_heard_first(station: Station, episode: Episode, bare_episode: Episode) -> None:
    page = "https://pod.example/brief/audio/"
    assert entries(render_m3u(station, [episode, bare_episode])) == [
        (63, f"Newslooks - {shown.title}", f"{page}{shown.slug}/episode-00000000.mp3")
        for shown in (bare_episode, episode)
    ]


def test_the_list_has_the_shows_name(station: Station) -> None:
    assert render_m3u(station, []).splitlines() == [
        "#EXTM3U",
        "#EXTENC:UTF-8",
        "#PLAYLIST:The Morning Brief",
    ]


@pytest.mark.skipif(not shutil.which("mpv"), reason="mpv is not installed")
def test_a_player_reads_names_and_addresses(
    station: Station, episode: Episode, bare_episode: Episode, tmp_path: Path
) -> None:
    (tmp_path / "tell.lua").write_text(TELL_PLAYLIST)
    (tmp_path / "playlist.m3u").write_text(render_m3u(station, [episode, bare_episode]), encoding="utf-8")
    quiet = ["--no-config", "--vo=null", "--ao=null", "--msg-level=all=no,tell=info"]
    played = subprocess.run(
        ["mpv", *quiet, f"--script={tmp_path / 'tell.lua'}", str(tmp_path / "playlist.m3u")],
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert [line.strip() for line in played.stdout.decode().splitlines() if "|" in line] == [
        f"[tell] Newslooks - {shown.title}|{shown.url(station, 'episode.mp3')}"
        for shown in (bare_episode, episode)
    ]


def test_no_words_break_a_line(station: Station, episode: Episode, hostile: str) -> None:
    show = dataclasses.replace(station.show, title=hostile)
    shown = dataclasses.replace(episode, title=f"{hostile}\r\n#EXTINF:1,x\n{hostile}", outlet=hostile)
    playlist = render_m3u(dataclasses.replace(station, show=show), [shown])
    assert [url for _, _, url in entries(playlist)] == [episode.url(station, "episode.mp3")]
    assert playlist.encode()


def test_a_thousand_episodes_are_listed(station: Station, thousand: Sequence[Episode]) -> None:
    listed = entries(render_m3u(station, thousand))
    assert len({url for _, _, url in listed}) == 1000


@pytest.fixture
def thousand(episode: Episode) -> Sequence[Episode]:
    return [
        dataclasses.replace(episode, slug=f"episode-{number}", number=number) for number in range(1, 1001)
    ]
