"""The gate as a producer meets it: what is refused, what is told, what stays as it was, and how it is mended.

A bad take is planted where a voice's work lies, in the cache of takes, or is given by a program as the voice.
"""

import contextlib
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from marked import find, plain
from numpy.typing import NDArray

from morning_edition.cli import main
from morning_edition.take_cache import TakeCache
from morning_edition.voices import Speech
from morning_edition.voices.wav import wrap_wav

SLUG = "2024-12-06-old-bridge-reopens-after-repairs"
REFUSED = f".cache/refused/{SLUG}"
AUDIO = f"audio/{SLUG}"
EVERY_FILE = {
    *("article.json", "chapters.json", "cover.jpg", "episode.json", "episode.mp3", "flash.mp3", "index.html"),
    *("proof.html", "proof.json", "script.md", "transcript.html", "transcript.json", "transcript.srt"),
    *("transcript.vtt", "cover-small.jpg", "embed.html", "oembed.json"),
}
LOCKS = {".lock", ".lock.json"}
STATION = """\
[show]
title = "Test Show"
base_url = "https://podcast.example/show/"
[cast.anchor]
voice = "espeak"
""" + "".join(f'[running_order.{spot}]\nmusic = ""\n' for spot in ("opening", "closing", "bed"))
ARTICLE = """\
bridge repairs/ Harbour Post/ A. Diaz/ Morning Edition/ The old bridge reopened on Friday.
Old Bridge Reopens: Quick Looks
- Reopened: Cars crossed again at noon, after work for $2 million.
Old Bridge Reopens After Repairs
Deep Look
Nobody in the town had thought that it would come back so soon.
"We waited for months," said Maria Lopez, who runs a bakery.
What Comes Next
Engineers will return in May to look at the towers.
"""
LAST = "Engineers will return in May to look at the towers."
LAST_ROW = 56
LOOK = "Cars crossed again at noon, after work for two million dollars."
LOOK_ROW = 39
SHORT = "Thank you for listening."

Sound = NDArray[np.float64]


@dataclass(frozen=True)
class Done:
    """What a run told."""

    status: int | str | None
    out: str
    err: str

    @property
    def findings(self) -> list[str]:
        return [line for line in self.err.splitlines() if line.startswith(("failure: ", "warning: "))]

    @property
    def last(self) -> str:
        return self.err.splitlines()[-1]

    @property
    def record(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Desk:
    """A station's folder, and a producer who works in it."""

    folder: Path

    def run(self, *arguments: str) -> Done:
        """Run the command line, in this process: most of a short run's time is Python's start."""
        out, err = io.StringIO(), io.StringIO()
        before, sys.argv = sys.argv, ["morning-edition", *arguments]
        status: int | str | None = 0
        try:
            with contextlib.chdir(self.folder), redirected(out, err):
                main()
        except SystemExit as end:
            status = end.code
        finally:
            sys.argv = before
        return Done(status, out.getvalue(), err.getvalue())

    def produce(self, *options: str) -> Done:
        return self.run("produce", "bridge.txt", "--date", "2024-12-06", *options)

    def edit(self, name: str, *changes: tuple[str, str]) -> None:
        text = (self.folder / name).read_text("utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        (self.folder / name).write_text(text, encoding="utf-8")

    def touch_settings(self) -> None:
        """Change a setting, so that an edition that stands would be made anew."""
        with (self.folder / "station.toml").open("a", encoding="utf-8") as file:
            file.write("[sound.pauses]\nend_ms = 400\n")

    def plant(self, text: str, spoil: Callable[[Sound], Sound], rate_hz: int = 22_050) -> None:
        """Put a bad take of *text* in the place of the good one."""
        cache = TakeCache(self.folder / ".cache" / "takes")
        key, speech = next(take for take in self._takes(cache) if _words(take[1]) == text)
        cache.store(key, Speech(pcm_of(spoil(sound_of(speech))), rate_hz, speech.words))

    def sound(self, text: str) -> Sound:
        takes = self._takes(TakeCache(self.folder / ".cache" / "takes"))
        return next(sound_of(speech) for _, speech in takes if _words(speech) == text)

    def _takes(self, cache: TakeCache) -> Iterator[tuple[str, Speech]]:
        for path in (self.folder / ".cache" / "takes").rglob("*.take"):
            if speech := cache.load(path.stem):
                yield path.stem, speech

    def published(self) -> dict[str, bytes]:
        """All that the public sees, byte for byte; and whatever else lies around it, but who is at work."""
        files = [path for path in self.folder.rglob("*") if path.is_file() and path.name not in LOCKS]
        names = {path.relative_to(self.folder): path for path in files}
        return {str(name): path.read_bytes() for name, path in names.items() if name.parts[0] != ".cache"}

    def load(self, name: str) -> Any:
        return json.loads((self.folder / name).read_text("utf-8"))

    def is_refused(self) -> bool:
        return (self.folder / REFUSED).exists()


@contextlib.contextmanager
def redirected(out: io.StringIO, err: io.StringIO) -> Iterator[None]:
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        yield


def _words(speech: Speech) -> str:
    return " ".join(word.text for word in speech.words)


def sound_of(speech: Speech) -> Sound:
    return np.frombuffer(speech.pcm, "<i2") / 32768


def pcm_of(sound: Sound) -> bytes:
    return (np.clip(sound, -1, 32767 / 32768) * 32768).round().astype("<i2").tobytes()


def silence(sound: Sound) -> Sound:
    return 0 * sound


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A station with one episode, made once for all tests."""
    desk = Desk(tmp_path_factory.mktemp("published"))
    (desk.folder / "station.toml").write_text(STATION, encoding="utf-8")
    (desk.folder / "bridge.txt").write_text(ARTICLE, encoding="utf-8")
    done = desk.produce()
    assert (done.status, done.findings) == (0, [])
    return desk.folder


@pytest.fixture
def standing(published: Path, tmp_path: Path) -> Desk:
    """The same in a folder of the test's own."""
    return Desk(Path(shutil.copytree(published, tmp_path / "station")))


@pytest.fixture
def new(standing: Desk) -> Desk:
    """The same before its first episode, whose lines are spoken already."""
    shutil.rmtree(standing.folder / "audio")
    for name in ("podcast.xml", "index.html", "cover.jpg"):
        (standing.folder / name).unlink()
    return standing


# What is refused, and what is told.


def _cut(sound: Sound) -> Sound:
    return sound[: len(sound) * 45 // 100]


def _clip_end(sound: Sound) -> Sound:
    """Take so much away that it may be wrong, and may not."""
    return sound[: len(sound) * 68 // 100]


def _twice(sound: Sound) -> Sound:
    return np.concatenate([sound, sound])


def _drone(sound: Sound) -> Sound:
    return 0.3 * np.sin(np.arange(len(sound)) * 2 * np.pi * 220 / 22_050)


def _hole(sound: Sound) -> Sound:
    return np.concatenate([sound[: len(sound) // 2], np.zeros(4 * 22_050), sound[len(sound) // 2 :]])


def _click_at_once(sound: Sound) -> Sound:
    return np.concatenate([[0, 0.95, -0.95, 0], np.zeros(30), sound])


def _click_inside(sound: Sound) -> Sound:
    clicked = sound.copy()
    clicked[len(sound) // 2 : len(sound) // 2 + 2] += [0.7, -0.7]
    return clicked


FAULTS = {
    "silence": (silence, "line silent"),
    "cut in mid-word": (_cut, "line too short"),
    "spoken twice": (_twice, "repetition"),
    "a drone": (_drone, "drone"),
    "a hole of four seconds": (_hole, "silence in a line"),
    "a click as it begins": (_click_at_once, "click"),
}


@pytest.mark.parametrize(("spoil", "check"), FAULTS.values(), ids=FAULTS.keys())
def test_a_bad_take_is_refused(new: Desk, spoil: Callable[[Sound], Sound], check: str) -> None:
    """It says what and where, each in one line; then that nothing is published, and what to do."""
    new.plant(LAST, spoil)
    before = new.published()
    done = new.produce()

    assert (done.status, done.out) == (3, "")
    assert re.match(
        rf"failure: {check}: podcast 00:\d\d script.md:{LAST_ROW}: The line at 00:", done.findings[0]
    )
    count = f"{len(done.findings)} failure" + ("s" if len(done.findings) > 1 else "")
    assert done.last == (
        f"morning-edition: {SLUG} is not published: the proof found {count}; see {REFUSED}/proof.html; edit "
        f"{REFUSED}/script.md or what is at fault and make it again, or publish it as it is with --force"
    )
    assert new.published() == before
    assert {plain(path.name) for path in (new.folder / REFUSED).iterdir()} == EVERY_FILE
    proof = new.load(f"{REFUSED}/proof.json")
    assert (proof["passed"], proof["forced"]) == (False, False)


def test_the_take_of_another_line_is_refused(new: Desk) -> None:
    """As far as its length tells."""
    other = new.sound(SHORT)
    new.plant(LAST, lambda sound: other)
    done = new.produce()

    assert done.status == 3
    assert done.findings[0].startswith("failure: line too short: podcast ")


@pytest.mark.thorough
def test_a_listener_names_the_line_whose_text_another_says(new: Desk) -> None:
    """What it heard is kept: the same edition made again is judged the same, and the good one passes."""
    pytest.importorskip("pocketsphinx", reason="pocketsphinx is not installed")
    (new.folder / "station.toml").write_text(STATION + "[proof]\nlisten = true\n", encoding="utf-8")
    good, other = new.sound(LAST), new.sound(LOOK)
    new.plant(LAST, lambda sound: other)
    told = [new.produce() for _ in range(2)]

    assert [done.status for done in told] == [3, 3]
    assert told[0].findings == told[1].findings
    assert any(
        row.startswith("failure: another line: podcast ") and f"script.md:{LAST_ROW}:" in row
        for row in told[0].findings
    )
    new.plant(LAST, lambda sound: good)
    assert new.produce().status == 0
    assert new.load(f"{AUDIO}/proof.json")["listened"] is True


def test_a_listener_who_is_not_there_is_told_of(new: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that is missing at five in the morning holds nobody up."""
    (new.folder / "station.toml").write_text(STATION + "[proof]\nlisten = true\n", encoding="utf-8")
    monkeypatch.setattr("importlib.util.find_spec", lambda name, *rest: None)
    done = new.produce()

    assert done.status == 0
    assert any(row.startswith("warning: listening: ") and "pip install" in row for row in done.findings)
    assert new.load(f"{AUDIO}/proof.json")["listened"] is False


def test_a_silent_quick_look_is_told_of_both_masters(new: Desk) -> None:
    new.plant(LOOK, silence)
    done = new.produce()

    assert done.status == 3
    heads = [re.sub(r"\d\d:\d\d", "…", finding).split(": The")[0] for finding in done.findings]
    assert heads == [
        f"failure: line silent: {master} … script.md:{LOOK_ROW}" for master in ("podcast", "flash")
    ]


def test_what_stood_before_still_stands(standing: Desk) -> None:
    """Byte for byte: episode, feed and page."""
    standing.plant(LAST, silence)
    standing.touch_settings()
    before = standing.published()

    assert standing.produce().status == 3
    assert standing.published() == before


MENDED = {
    "20 dB too soft": (lambda sound: sound / 10, 22_050),
    "off zero": (lambda sound: sound * 0.7 + 0.2, 22_050),
    "at 8 kHz": (
        lambda sound: np.interp(np.arange(0, len(sound), 2.75625), np.arange(len(sound)), sound),
        8_000,
    ),
}


@pytest.mark.parametrize(("spoil", "rate_hz"), MENDED.values(), ids=MENDED.keys())
def test_what_the_mix_puts_right_is_no_finding(
    new: Desk, spoil: Callable[[Sound], Sound], rate_hz: int
) -> None:
    new.plant(LAST, spoil, rate_hz)
    done = new.produce()
    assert (done.status, done.findings) == (0, [])


@pytest.mark.parametrize(
    ("spoil", "check"), [(_clip_end, "line too short"), (_click_inside, "click")], ids=["short", "click"]
)
def test_a_doubt_is_told_and_published(new: Desk, spoil: Callable[[Sound], Sound], check: str) -> None:
    """A warning keeps nothing back; quiet, nothing is said of it."""
    new.plant(LAST, spoil)
    done = new.produce()
    assert (done.status, len(done.findings)) == (0, 1)
    assert done.findings[0].startswith(f"warning: {check}: podcast 00:")

    new.touch_settings()
    again = new.produce("--quiet")
    assert (again.status, again.err) == (0, "")


def test_quiet_tells_failures_and_nothing_else(new: Desk) -> None:
    new.plant(LAST, _clip_end)
    new.plant(LOOK, silence)
    done = new.produce("--quiet")

    assert done.status == 3
    assert [line.split(":")[0] for line in done.err.splitlines()] == ["failure", "failure", "morning-edition"]
    findings = new.load(f"{REFUSED}/proof.json")["findings"]
    assert {finding["severity"] for finding in findings} == {"failure", "warning"}


def test_what_is_not_to_be_published_is_proofed_too(new: Desk) -> None:
    new.plant(LAST, silence)
    before = new.published()
    assert new.produce("--no-publish").status == 3
    assert new.published() == before


# A program as the voice.


def test_a_program_that_stops_in_mid_word_is_refused_until_it_does_better(new: Desk) -> None:
    """The one line that it reads is named; once it reads it well, the episode is as if nothing had been."""
    said = new.sound('"We waited for months."')
    given = new.folder / "quote.wav"
    given.write_bytes(wrap_wav(Speech(pcm_of(said[: len(said) // 4]), 22_050)))
    with (new.folder / "station.toml").open("a", encoding="utf-8") as file:
        file.write(f'[cast.quote]\nvoice = "command"\n[engines.command]\nline = "cp {given} {{output}}"\n')
    refused = new.produce()

    assert refused.status == 3
    assert refused.findings[0].startswith("failure: line too short: podcast ")
    assert "We waited for months" in refused.findings[0]

    given.write_bytes(wrap_wav(Speech(pcm_of(said), 22_050)))
    shutil.rmtree(new.folder / ".cache" / "takes")
    done = new.produce()
    assert (done.status, done.findings, new.is_refused()) == (0, [], False)


# How it is mended.


def _mend_script(desk: Desk) -> tuple[str, ...]:
    desk.edit(f"{REFUSED}/script.md", ("return in May to look", "be back in May to look"))
    return "produce", "bridge.txt", "--date", "2024-12-06"


def _mend_script_and_regenerate(desk: Desk) -> tuple[str, ...]:
    _mend_script(desk)
    return ("regenerate",)


def _mend_kept_article(desk: Desk) -> tuple[str, ...]:
    desk.edit(f"{REFUSED}/article.json", ("return in May to look", "be back in May to look"))
    return "regenerate", REFUSED


def _mend_article(desk: Desk) -> tuple[str, ...]:
    desk.edit("bridge.txt", ("return in May to look", "be back in May to look"))
    return "produce", "bridge.txt", "--date", "2024-12-06"


def _mend_lexicon(desk: Desk) -> tuple[str, ...]:
    (desk.folder / "lexicon.toml").write_text('[names]\nEngineers = "en-jin-EERZ"\n', encoding="utf-8")
    return "regenerate", SLUG


def _mend_voice(desk: Desk) -> tuple[str, ...]:
    with (desk.folder / "station.toml").open("a", encoding="utf-8") as file:
        file.write('[cast.correspondent]\nvoice = "espeak:en-gb-x-rp"\n')
    return "produce", "bridge.txt", "--date", "2024-12-06"


@pytest.mark.parametrize(
    "mend",
    [
        _mend_script,
        _mend_script_and_regenerate,
        _mend_kept_article,
        _mend_article,
        _mend_lexicon,
        _mend_voice,
    ],
)
def test_a_refused_edition_is_mended_and_published(
    new: Desk, published: Path, mend: Callable[[Desk], tuple[str, ...]]
) -> None:
    """By its script, its article, the lexicon or the voice; GUID, number and hour as if nothing had been."""
    new.plant(LAST, silence)
    assert new.produce().status == 3
    done = new.run(*mend(new))

    assert done.status == 0, done.err
    assert done.out.splitlines()[-2:] == [
        f"{AUDIO}/{find(new.folder / AUDIO, 'episode.mp3').name}",
        "podcast.xml",
    ]
    assert not new.is_refused()
    was, record = Desk(published).load(f"{AUDIO}/episode.json"), new.load(f"{AUDIO}/episode.json")
    for kept in ("guid", "number", "published", "slug"):
        assert record[kept] == was[kept]


def test_an_edition_may_be_refused_twice(new: Desk) -> None:
    """The second refusal takes the first one's place; the script that was edited is not lost by it."""
    new.plant(LAST, silence)
    assert new.produce().status == 3
    new.edit(f"{REFUSED}/script.md", ("return in May to", "be back in June to"))
    again = new.produce()

    assert again.status == 3
    assert f"edit {REFUSED}/script.md" in again.last
    assert not any("line silent" in finding for finding in again.findings)
    new.edit(f"{REFUSED}/script.md", ("June", "May"))
    assert new.produce().status == 0
    assert "be back in May to" in (new.folder / AUDIO / "script.md").read_text("utf-8")
    assert not new.is_refused()


def test_a_new_article_that_is_refused_is_mended_beside_the_one_that_stands(standing: Desk) -> None:
    """The script to edit is the refused one's, where the rows are that it names; the GUID stays."""
    guid = standing.load(f"{AUDIO}/episode.json")["guid"]
    standing.edit("bridge.txt", ("We waited", "All of us waited"))
    standing.plant(LAST, silence)
    refused = standing.produce()
    assert f"edit {REFUSED}/script.md" in refused.last
    standing.edit(f"{REFUSED}/script.md", ("return in May to look", "be back in May to look"))
    done = standing.run("regenerate")

    assert done.status == 0, done.err
    script = (standing.folder / AUDIO / "script.md").read_text("utf-8")
    assert "All of us waited" in script
    assert "be back in May" in script
    assert standing.load(f"{AUDIO}/episode.json")["guid"] == guid
    assert not standing.is_refused()


def test_a_correction_that_is_taken_back_leaves_nothing(standing: Desk) -> None:
    """The script that stands is the one to edit, once it was; as it was before, nothing has changed."""
    before = standing.published()
    standing.edit(f"{AUDIO}/script.md", ("May", "June"))
    refused = standing.run("regenerate")
    assert refused.status == 3
    assert f"edit {AUDIO}/script.md" in refused.last
    standing.edit(f"{AUDIO}/script.md", ("June", "May"))
    done = standing.run("regenerate")

    assert (done.status, done.findings) == (0, [])
    assert standing.published() == before
    assert not standing.is_refused()


def test_a_correction_that_is_taken_back_is_not_read_with_the_next(standing: Desk) -> None:
    """Nor is it out of the refused edition, when something else has changed meanwhile."""
    standing.edit(f"{AUDIO}/script.md", ("May", "June"))
    assert standing.run("regenerate").status == 3
    (standing.folder / AUDIO / "script.md").unlink()
    standing.touch_settings()

    assert standing.run("regenerate").status == 0
    assert "in May to" in (standing.folder / AUDIO / "script.md").read_text("utf-8")


def test_what_was_refused_first_is_found_by_the_other_commands(new: Desk) -> None:
    """`proof` shows it, `regenerate` makes it again, and `episodes` tells what has become of it."""
    new.plant(LAST, silence)
    new.produce()
    for named in ((), (SLUG,), (REFUSED,)):
        shown = new.run("proof", *named)
        assert (shown.status, shown.out.splitlines()[1]) == (3, f"{REFUSED}/proof.html")
    again = new.run("regenerate")
    assert (again.status, again.last.split(";")[0]) == (
        3,
        f"morning-edition: {SLUG} is not published: the proof found 1 failure",
    )
    (row,) = new.run("episodes").out.splitlines()[1:]
    assert row.split()[:3] == ["1", SLUG[:10], "refused"]
    assert new.run("regenerate", "--all").out == ""


# Published in spite of it.


def test_force_publishes_and_says_so(new: Desk) -> None:
    """The findings are told, and the record keeps what was done, for whoever asks."""
    new.plant(LAST, silence)
    done = new.produce("--force")

    assert (done.status, len(done.findings)) == (0, 1)
    assert done.findings[0].startswith("failure: line silent: podcast 00:")
    assert not new.is_refused()
    kept = new.load(f"{AUDIO}/proof.json")
    assert (kept["passed"], kept["forced"]) == (False, True)
    assert "Published in spite of 1 failure." in (new.folder / AUDIO / "proof.html").read_text("utf-8")
    shown = new.run("proof")
    assert (shown.status, shown.out.splitlines()[2]) == (0, "Published in spite of 1 failure.")
    (record,) = new.run("proof", "--json").record["proofs"]
    assert (record["passed"], record["forced"]) == (False, True)
    assert "Old Bridge Reopens After Repairs" in new.run("episodes").out
    assert SLUG in (new.folder / "podcast.xml").read_text("utf-8")


def test_force_s_mark_goes_with_its_cause(standing: Desk) -> None:
    standing.edit(f"{AUDIO}/script.md", ("May", "June"))
    forced = standing.run("regenerate", "--force", "--json").record["episodes"][0]
    assert (forced["forced"], {finding["severity"] for finding in forced["findings"]}) == (True, {"failure"})
    standing.edit(f"{AUDIO}/script.md", ("June", "May"))
    clean = standing.run("regenerate", "--json").record["episodes"][0]

    assert (clean["forced"], clean["findings"]) == (False, [])
    kept = standing.load(f"{AUDIO}/proof.json")
    assert (kept["passed"], kept["forced"]) == (True, False)


def test_force_without_a_cause_leaves_no_mark(new: Desk) -> None:
    assert new.produce("--force").status == 0
    assert new.load(f"{AUDIO}/proof.json")["forced"] is False


# A script that was edited by hand.


@pytest.mark.parametrize(
    ("old", "new_words"), [("$2 million", "$3 million"), ("Lopez", "Perez"), ("in May", "in June")]
)
def test_a_changed_fact_is_refused(standing: Desk, old: str, new_words: str) -> None:
    """A digit, a name, a date: both what is gone and what was put there are told, with the row."""
    standing.edit(f"{AUDIO}/script.md", (old, new_words))
    done = standing.run("regenerate", SLUG)

    assert done.status == 3
    row = next(
        number
        for number, text in enumerate(
            (standing.folder / AUDIO / "script.md").read_text("utf-8").splitlines(), 1
        )
        if new_words in text
    )
    assert any(
        finding.startswith(f"failure: not in the article: script.md:{row}: ") for finding in done.findings
    )
    assert any(finding.startswith("failure: not spoken: ") for finding in done.findings)


def test_a_sentence_in_other_words_is_published_with_a_warning(standing: Desk) -> None:
    standing.edit(f"{AUDIO}/script.md", ("had thought that it would", "believed it might"))
    done = standing.run("regenerate")

    assert done.status == 0, done.err
    assert {finding.split(":")[0] for finding in done.findings} == {"warning"}
    assert standing.run("proof").out.splitlines()[2].startswith("Passed, with ")


def test_a_line_struck_with_a_reason_is_listed_as_left_out(standing: Desk) -> None:
    line = "Engineers will return in May to look at the towers."
    standing.edit(f"{AUDIO}/script.md", (line, f"~~{line}~~ {{left out: not confirmed}}"))
    done = standing.run("regenerate")

    assert (done.status, done.findings) == (0, []), done.err
    left_out = standing.load(f"{AUDIO}/proof.json")["left_out"]
    assert {(fact["text"], fact["reason"]) for fact in left_out} >= {("May", "not confirmed")}


# For programs, and for many articles at once.


def test_one_that_is_refused_stops_no_other(new: Desk) -> None:
    """Programs get each finding in its parts, and the folder of the report; 3 tells of a refusal."""
    new.plant(LAST, silence)
    other = ARTICLE.replace("Engineers will", "They will").replace("After Repairs", "On Friday")
    (new.folder / "other.txt").write_text(other, encoding="utf-8")
    arguments = ("--date", "2024-12-06", "--json")
    done = new.run("produce", "bridge.txt", "other.txt", *arguments)

    assert done.status == 3
    (refused,) = done.record["failed"]
    assert (refused["article"], refused["slug"], refused["folder"]) == ("bridge.txt", SLUG, REFUSED)
    assert refused["error"].startswith(f"{SLUG} is not published: ")
    (finding,) = refused["findings"]
    assert finding["start_ms"] == finding["end_ms"] > 0
    assert {key: finding[key] for key in ("check", "severity", "master", "row")} == {
        "check": "line silent",
        "severity": "failure",
        "master": "podcast",
        "row": LAST_ROW,
    }
    (made,) = done.record["episodes"]
    assert (made["slug"], made["findings"]) == ("2024-12-06-old-bridge-reopens-on-friday", [])

    failed = new.run("produce", "bridge.txt", "absent.txt", *arguments)
    assert failed.status == 1
    assert [sorted(one) for one in failed.record["failed"]] == [
        ["article", "error", "findings", "folder", "slug"],
        ["article", "error"],
    ]


# A run that is broken off, and a disk that will not.


def _begin(folder: Path, before: str = "") -> "subprocess.Popen[str]":
    program = f"{before}; from morning_edition.cli import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", program, "produce", "bridge.txt", "--date", "2024-12-06"],
        cwd=folder,
        env={**os.environ, "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


@pytest.mark.parametrize("stage", ["mastering", "proofing"])
def test_a_run_that_is_stopped_leaves_what_stood(standing: Desk, stage: str) -> None:
    """Nothing of it lies around, and the next run does the whole work."""
    standing.touch_settings()
    shutil.rmtree(standing.folder / ".cache" / "reels")
    before = standing.published()
    with _begin(
        standing.folder, "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    ) as run:
        assert run.stderr
        next(line for line in run.stderr if line.startswith(stage))
        run.send_signal(signal.SIGINT)
        told = run.stderr.read()

    assert (run.returncode, told.splitlines()[-1]) == (
        130,
        "morning-edition: stopped; what was finished is kept",
    )
    assert standing.published() == before
    assert [path.name for path in (standing.folder / "audio").iterdir()] == [SLUG]
    assert standing.produce().status == 0


def test_a_disk_that_is_full_leaves_what_stood(standing: Desk) -> None:
    """No file may grow over 600 kB, and the masters would."""
    standing.touch_settings()
    before = standing.published()
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))"
    run = _begin(standing.folder, limit)
    _, told = run.communicate(timeout=60)

    assert run.returncode == 1
    assert "cannot be written: File too large" in told.splitlines()[-1]
    assert "Traceback" not in told
    assert standing.published() == before
    assert [path.name for path in (standing.folder / "audio").iterdir()] == [SLUG]
    assert standing.produce().status == 0


# The cache.


def test_a_cache_that_cannot_be_written_only_slows(standing: Desk) -> None:
    """What fails is refused all the same, though it cannot be kept."""
    shutil.rmtree(standing.folder / ".cache")
    (standing.folder / ".cache").write_text("no folder", encoding="utf-8")
    standing.touch_settings()
    assert standing.produce().status == 0

    standing.edit(f"{AUDIO}/script.md", ("May", "June"))
    before = standing.published()
    done = standing.run("regenerate", "--json")
    assert done.status == 3
    assert len(done.findings) == 2
    assert done.last == (
        f"morning-edition: {SLUG} is not published: the proof found 2 failures; {REFUSED}: cannot be "
        "written: Not a directory; mend what is at fault and make it again, or publish it as it is with "
        "--force"
    )
    assert done.record["failed"][0]["folder"] == ""
    assert standing.published() == before


def test_a_cache_may_be_deleted_between_a_refusal_and_the_next_run(standing: Desk) -> None:
    standing.edit(f"{AUDIO}/script.md", ("May", "June"))
    first = standing.run("regenerate")
    shutil.rmtree(standing.folder / ".cache")
    again = standing.run("regenerate")

    assert (again.status, again.findings) == (3, first.findings)
    standing.edit(f"{AUDIO}/script.md", ("June", "May"))
    assert standing.run("regenerate").status == 0


def test_nothing_damaged_in_the_cache_reaches_the_public(standing: Desk, tmp_path: Path) -> None:
    """Every kept reel has a byte flipped; what is made is what an intact cache gives.

    But for what tells to the second when it was made again.
    """
    intact = Desk(Path(shutil.copytree(standing.folder, tmp_path / "intact")))
    for desk in (standing, intact):
        desk.edit(f"{AUDIO}/script.md", ("had thought that it would", "believed it might"))
    reels = list((standing.folder / ".cache" / "reels").rglob("*.kept"))
    assert reels
    for path in reels:
        content = bytearray(path.read_bytes())
        content[len(content) * 2 // 3] ^= 0x55
        path.write_bytes(content)

    assert (standing.run("regenerate").status, intact.run("regenerate").status) == (0, 0)
    made, expected = standing.published(), intact.published()
    assert made.keys() == expected.keys()
    assert {name for name in made if made[name] != expected[name]} <= {
        *(
            "history.jsonl",
            "podcast.xml",
            "feed.json",
            "index.html",
            "flash-briefing.json",
            "flash-briefing.xml",
        ),
        *(f"{AUDIO}/{name}" for name in ("episode.json", "index.html", "embed.html")),
    }
