"""An episode's files, as they stand in a folder: each is whole, and all of them agree with each other.

Times agree to within 50 ms. Every disagreement is a failure that names the file, what it says and what it
should say.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from morning_edition.episode import AUDIO_NAME, Episode, EpisodeFile
from morning_edition.errors import ScriptError
from morning_edition.mp3_frames import bitrates_kbps
from morning_edition.outlets.feed import render_feed
from morning_edition.outlets.media_types import CHAPTERS_NAME
from morning_edition.proof import Finding
from morning_edition.proof.agreement import MOST_APART_MS, compare, compare_ms, is_flash, tell
from morning_edition.proof.companions import (
    TRANSCRIPTS,
    prove_chapters_file,
    prove_feed,
    prove_order,
    prove_transcript,
)
from morning_edition.proof.mp3_file import prove_mp3, prove_picture, prove_podcast_tag, prove_tag
from morning_edition.proof.other_audio import prove_container
from morning_edition.script.corrections import add_corrections
from morning_edition.script.reading import parse_script
from morning_edition.script.script import Script
from morning_edition.standing import SCRIPT_NAME
from morning_edition.station import MasterProfile, Station

COVER_NAME = "cover.jpg"
NOTHING_DECODED: Mapping[str, int] = MappingProxyType({})


def prove_files(
    folder: Path,
    episode: Episode,
    station: Station,
    *,
    script: Script | None = None,
    decoded_ms: Mapping[str, int] = NOTHING_DECODED,
    feed: str = "",
) -> tuple[Finding, ...]:
    """Read the files of *episode* as they stand in *folder*, which may be a staged one.

    *script* is what was read; without it, `script.md` is. *decoded_ms* says how long audio files are when
    decoded, where that is known, by their names. *feed* is the one that will be published, where it is
    rendered already.
    """
    return tuple(_Prover(folder, episode, station, script, decoded_ms, feed).prove())


@dataclass
class _Prover:
    folder: Path
    episode: Episode
    station: Station
    script: Script | None
    decoded_ms: Mapping[str, int]
    feed: str

    def prove(self) -> Iterator[Finding]:
        whole = {file.name for file in self.episode.files if file.find_in(self.folder).is_file()}
        for file in self.episode.files:
            yield from _prove_file(self.folder, file)
        if self.script is None and SCRIPT_NAME in whole:
            yield from self._read_script()
        sounds_ms: dict[str, float] = {}
        for name in whole:
            if prove := _AUDIO.get(PurePosixPath(name).suffix):
                yield from prove(self, name, sounds_ms)
        sound_ms = sounds_ms.get(AUDIO_NAME, self.episode.duration_ms)
        yield from prove_order("episode.json", self.episode.chapters, sound_ms)
        for name in TRANSCRIPTS:
            if name in whole:
                yield from prove_transcript(self._find(name), self.script, sound_ms)
        if CHAPTERS_NAME in whole:
            yield from prove_chapters_file(self._find(CHAPTERS_NAME), self.episode, sound_ms)
        if COVER_NAME in whole:
            yield from prove_picture(COVER_NAME, self._find(COVER_NAME).read_bytes())
        feed = self.feed or render_feed(self.station, [self.episode])
        yield from prove_feed(feed, self.folder, self.episode, sounds_ms)

    def _find(self, name: str) -> Path:
        return next((file.find_in(self.folder) for file in self.episode.files if file.name == name), Path())

    def _read_script(self) -> Iterator[Finding]:
        try:
            text = (self.folder / SCRIPT_NAME).read_text("utf-8")
            copy = parse_script(text, to_spoken=str, name=SCRIPT_NAME)
            noted, place = self.episode.corrections, self.episode.corrections_in
            self.script = add_corrections(copy, noted, place, self.station.corrections, str)
        except (ScriptError, ValueError) as error:
            yield tell("script", SCRIPT_NAME, f"cannot be read ({error})")

    def prove_mp3(self, name: str, sounds_ms: dict[str, float]) -> Iterator[Finding]:
        profile: MasterProfile = self.station.flash if is_flash(name) else self.station.podcast
        sound = self.station.sound
        bitrate_kbps = min(profile.bitrate_kbps, bitrates_kbps(sound.sample_rate_hz)[-1])
        stream, tag, findings = prove_mp3(
            self._find(name), (bitrate_kbps, sound.sample_rate_hz, sound.channels)
        )
        yield from findings
        if stream is None:
            return
        yield from self._prove_length(name, stream.duration_ms, sounds_ms)
        if tag is None:
            yield tell("tag", name, "has no ID3 tag")
            return
        titles = {item.file: item.title for item in self.episode.flash}
        titled = replace(self.episode, title=titles.get(name, self.episode.title))
        yield from prove_tag(name, tag.frames, titled, sounds_ms[name])
        if name == AUDIO_NAME:
            yield from prove_podcast_tag(tag, self.episode, self.script)
        if is_flash(name) and stream.duration_ms > self.station.flash.longest_s * 1000 + MOST_APART_MS:
            said = f"{stream.duration_ms / 1000:.0f} s long, and may be {self.station.flash.longest_s} s"
            yield tell("duration", name, said)

    def prove_other(self, name: str, sounds_ms: dict[str, float]) -> Iterator[Finding]:
        length_ms, findings = prove_container(self._find(name), self.episode)
        yield from findings
        if length_ms is not None:
            yield from self._prove_length(name, length_ms, sounds_ms)

    def _prove_length(self, name: str, told_ms: float, sounds_ms: dict[str, float]) -> Iterator[Finding]:
        """Note how long a file's sound is, and compare what the file tells of it with what was decoded."""
        sounds_ms[name] = self.decoded_ms.get(name, told_ms)
        yield from compare_ms("duration", name, "the length that the file tells", told_ms, sounds_ms[name])
        if not is_flash(name):
            yield from compare_ms(
                "duration", name, "the length of its sound", sounds_ms[name], self.episode.duration_ms
            )


_AUDIO: Mapping[str, Callable[[_Prover, str, dict[str, float]], Iterator[Finding]]] = {
    ".mp3": _Prover.prove_mp3,
    ".m4a": _Prover.prove_other,
    ".opus": _Prover.prove_other,
}
"""How each kind of audio file is proved."""


def _prove_file(folder: Path, file: EpisodeFile) -> Iterator[Finding]:
    path = file.find_in(folder)
    try:
        size_bytes = path.stat().st_size
        with path.open("rb") as opened:
            checksum = hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        yield tell("missing file", file.name, f"cannot be read ({error.strerror or error})")
        return
    if not size_bytes:
        yield tell("empty file", file.name, "is empty")
        return
    yield from compare("size", file.name, "its size in bytes", size_bytes, file.size_bytes)
    if size_bytes == file.size_bytes:
        yield from compare("checksum", file.name, "its checksum (SHA-256)", checksum, file.sha256)
