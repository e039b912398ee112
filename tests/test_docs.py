"""What the pages say is so: commands and settings in them are tried, and figures are those of the product."""

import dataclasses
import json
import re
import shlex
import subprocess
import sys
import tomllib
import urllib.request
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import av
import numpy as np
import pytest
from marked import find
from typer.testing import CliRunner

from morning_edition.cli import FAILED, INTERRUPTED, app
from morning_edition.cli.making import REFUSED
from morning_edition.decode import decode_sound
from morning_edition.mix.running_order import lay_out
from morning_edition.mp3_frames import bitrates_kbps
from morning_edition.pronunciation.lexicon_file import load_lexicon
from morning_edition.proof import limits, passages, sound, speech
from morning_edition.proof.agreement import MOST_APART_MS
from morning_edition.script.notation import parse_script
from morning_edition.station import Station, parse_station
from morning_edition.station.sound import Alternates, Bed, FlashProfile, Pauses, Rundown, Sound, Spot
from morning_edition.station.starting import start_station
from morning_edition.voices.registry import find_engines

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
SOUND, PROOF = ROOT / "docs" / "sound.md", ROOT / "docs" / "proof.md"
DAY = "2024-12-06"
RATE = 48_000
PITCHES_HZ = {"our-open": 1000, "our-sting": 1500, "thanks": 2000}


def blocks(page: Path, kind: str) -> list[str]:
    """Return the fenced blocks of one kind."""
    return re.findall(rf"^```{kind}\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)


ARTICLE = blocks(ROOT / "docs" / "producers.md", "text")[0]


def commands(page: str) -> Iterator[str]:
    """Give what stands behind a `$` and, in the README, in the last column of its table of commands."""
    for line in "".join(blocks(ROOT / page, "console")).splitlines():
        yield line.removeprefix("$ ")
    yield from re.findall(
        r"^\| `.*\| `(morning-edition .+)` \|$", (ROOT / page).read_text("utf-8"), re.MULTILINE
    )


def run(*words: str, stdin: str = "") -> str:
    """Run a command of the product in this process, and return what it printed."""
    done = CliRunner().invoke(app, words, input=stdin)
    assert done.exit_code == 0, f"{words}\n{done.output}\n{done.exception}"
    return done.stdout


def type_in(command: str) -> str:
    """Run a command as it is typed into a shell, in the current folder."""
    words, _, source = command.removeprefix("morning-edition ").partition(" < ")
    if words.startswith("serve"):
        return visit(shlex.split(words))
    return run(*shlex.split(words), stdin=Path(source).read_text("utf-8") if source else "")


def visit(words: list[str]) -> str:
    """Have the site served, at any free port, fetch its page, and stop the server; return what it printed."""
    command = [sys.executable, "-m", "morning_edition", *words, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            printed = server.stdout.readline()
            with urllib.request.urlopen(printed.split()[1], timeout=30) as page:
                assert b"<!DOCTYPE html>" in page.read()
        finally:
            server.terminate()
            server.communicate()
    assert server.returncode == 0
    return printed


def settings_of(page: Path) -> list[str]:
    """Return the blocks that are settings of a station, and neither a lexicon nor a package."""
    return [
        block for block in blocks(page, "toml") if not re.search(r"^\[(names|project)\]", block, re.MULTILINE)
    ]


@pytest.mark.parametrize(
    ("page", "least"),
    [
        ("README.md", 15),
        ("docs/producers.md", 7),
        ("docs/proof.md", 7),
        ("docs/listeners.md", 4),
        ("docs/life.md", 12),
    ],
)
def test_what_the_docs_tell_to_type_works(
    page: str, least: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every `morning-edition …` of a page works in its turn, in a station where the pages' article lies."""
    start_station(tmp_path, show={"title": "The Daily Brief"}, outlet="Harbour Post")
    (tmp_path / "bridge.txt").write_text(ARTICLE, "utf-8")
    monkeypatch.delenv("MORNING_EDITION_STATION", raising=False)
    monkeypatch.chdir(tmp_path)
    printed, ran = "", 0
    for command in commands(page):
        if command.startswith("cd "):
            monkeypatch.chdir(command.removeprefix("cd "))
        elif command.startswith("mkdir "):
            Path(command.removeprefix("mkdir ")).mkdir()
        elif command.startswith("morning-edition "):
            printed += type_in(command)
            ran += 1
    assert ran >= least
    # What a voice says alike, whichever the machine has: the rows that a plan would speak.
    rows = [
        row for block in blocks(ROOT / page, "text") for row in re.findall(r"^ +script\.md:.*", block, re.M)
    ]
    assert [row for row in rows if row not in printed] == []


def test_the_language_of_the_docs_speaks(capsys: pytest.CaptureFixture[str]) -> None:
    """The example prints what the page says it does."""
    page = ROOT / "docs" / "languages.md"
    (program,), (shown,) = blocks(page, "python"), blocks(page, "text")
    exec(program, {})  # noqa: S102 - it is ours

    assert shown == capsys.readouterr().out


def test_the_lexicon_of_the_docs_can_be_read(tmp_path: Path) -> None:
    """What a page shows of a lexicon.toml is one, and says what it shows."""
    (lexicon,) = [block for block in blocks(ROOT / "docs" / "producers.md", "toml") if "[names]" in block]
    for folder, content in (("station", lexicon), ("shared", '[names]\nAbha = "AHB-ha"\n')):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "lexicon.toml").write_text(content, "utf-8")
    found = load_lexicon(tmp_path / "station" / "lexicon.toml", "en-GB")
    names = tomllib.loads(lexicon)["names"]

    assert all(found.covers(name) for name in [*names, "Abha"])


def test_the_settings_of_the_docs_are_settings(tmp_path: Path) -> None:
    """What a page shows of a station.toml can stand in one."""
    shown = [block for page in PAGES for block in settings_of(page)]

    assert len(shown) >= 8
    for block in shown:
        parse_station(block.replace('voice = "melody"', 'voice = "tone"'), tmp_path)


def find_settings(page: Path, sign: str) -> str:
    """Return the one block of settings in which *sign* stands."""
    (block,) = [block for block in settings_of(page) if sign in block]
    return block


def air(folder: Path, block: str) -> Path:
    """Produce a short edition with the settings of *block*; return its folder."""
    (folder / "station.toml").write_text(f'[cast.anchor]\nvoice = "espeak"\n\n{block}', "utf-8")
    (folder / "bridge.txt").write_text(ARTICLE, "utf-8")
    article = folder / "bridge.txt"
    run("produce", str(article), "--date", DAY, "--depth", "quick", "--station", str(folder))
    (record,) = (folder / "audio").glob("*/episode.json")
    return record.parent


def write_jingle(path: Path, pitch_hz: int) -> None:
    """Write a second of a tone in stereo, at another rate than the programme's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    tone = 0.1 * np.sin(2 * np.pi * pitch_hz * np.arange(RATE) / RATE)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.repeat(tone, 2) * 32767).astype("<i2").tobytes())


def find_pitch(audio: Path, start_s: float, length_s: float) -> float:
    """Return what is loudest of a stretch of sound, in hertz."""
    heard = decode_sound(audio)
    first = round(start_s * heard.sample_rate_hz)
    stretch = heard.samples[first : first + round(length_s * heard.sample_rate_hz), 0]
    return float(np.abs(np.fft.rfft(stretch)).argmax() / length_s)


def lay(settings: Station) -> Any:
    """Lay out a script of two Quick Looks, each line a second long, and each piece of music three."""
    looks = (
        "# Intro\n\nHello.\n\n# Quick Looks\n\nTwo looks.\n\n- First.\n\n- Second.\n\n# Deep Look\n\nNow.\n"
    )
    script = parse_script(f"---\ntitle: T\ndate: {DAY}\nlanguage: en\n---\n\n{looks}", to_spoken=str)
    second = settings.sound.sample_rate_hz
    music = dict.fromkeys(("open", "bed", "sting", "bumper", "close"), 3 * second)
    return lay_out(script, [second] * len(script.lines), music, settings.sound, settings.running_order)


def test_the_running_order_without_music_is_speech_alone(tmp_path: Path) -> None:
    """The example names every place that has music of itself."""
    block = find_settings(SOUND, "opening.music")
    order = lay(parse_station(block, tmp_path))

    assert [place.piece for place in order.placements] == list(range(5))


def test_music_of_ones_own_is_heard_where_the_docs_put_it(tmp_path: Path) -> None:
    """In stereo and at another rate, in a built-in piece's place and in a place of its own."""
    for name, pitch_hz in PITCHES_HZ.items():
        write_jingle(tmp_path / "audio" / "jingles" / f"{name}.wav", pitch_hz)
    episode = air(tmp_path, find_settings(SOUND, "our-open"))
    audio = find(episode, "episode.mp3")
    (start_s,) = (
        chapter["startTime"]
        for chapter in json.loads(find(episode, "chapters.json").read_text("utf-8"))["chapters"]
        if chapter["title"] == "Outro"
    )

    assert find_pitch(audio, 0.1, 0.5) == PITCHES_HZ["our-open"]
    assert find_pitch(audio, start_s + 0.1, 0.5) == PITCHES_HZ["thanks"]


def test_the_bed_of_the_docs_lies_under_intro_and_quick_looks(tmp_path: Path) -> None:
    """One bed, from before the first word of the one to after the last word of the other."""
    order = lay(parse_station(find_settings(SOUND, "under ="), tmp_path))
    (bed,) = [place for place in order.placements if place.ducking]
    first, *_, last = order.takes[:4]

    assert bed.start < first.start
    assert last.end < bed.end
    assert bed.ducking.ducked_db == -18.0


def test_stereo_and_other_files_are_as_the_docs_say(tmp_path: Path) -> None:
    """Two channels, rate and bit rate as they are set, and the same sound in both other forms."""
    episode = air(tmp_path, find_settings(SOUND, "channels ="))
    for name, codec in (("episode.mp3", "mp3"), ("episode.m4a", "aac"), ("episode.opus", "opus")):
        with av.open(str(find(episode, name))) as container:
            (stream,) = container.streams.audio
            assert (stream.codec_context.name.removesuffix("float"), stream.channels, stream.rate) == (
                codec,
                2,
                RATE,
            )
    assert find(episode, "flash.mp3").is_file()


def test_the_page_on_sound_has_every_setting_and_its_default() -> None:
    """A key that is added, or a default that moves, is noticed here."""
    page = SOUND.read_text("utf-8")
    tables = (Sound, Spot, Bed, Pauses, Rundown, FlashProfile, Alternates)
    keys = {field.name for table in tables for field in dataclasses.fields(table)}
    assert sorted(key for key in keys if not re.search(rf"\b{key}\b", page)) == []
    pauses = dict(re.findall(r"^\| `(\w+_ms)` \| (\d+) \|", page, re.MULTILINE))
    assert pauses == {name: str(length_ms) for name, length_ms in dataclasses.asdict(Pauses()).items()}
    usual = Station(Path())
    for key in ("loudness_lufs", "true_peak_dbtp", "bitrate_kbps"):
        figures = " | ".join(f"{getattr(master, key):g}" for master in (usual.podcast, usual.flash))
        assert f"| `{key}` | {figures.replace('-', '−')} |" in page
    assert f"| `longest_s` | – | {usual.flash.longest_s} |" in page
    assert f"`sound.speech_lufs`, {usual.sound.speech_lufs:g}".replace("-", "−") in page
    assert f"`sound.music_db`, {usual.sound.music_db:g}".replace("-", "−") in page
    assert f"`m4a_kbps` ({usual.alternates.m4a_kbps})" in page
    assert f"`opus_kbps` ({usual.alternates.opus_kbps})" in page
    assert f"32 to {bitrates_kbps(24_000)[-1]} kbit/s" in page


LIMITS = {
    "loudness": f"more than {limits.LOUDNESS_TOLERANCE_LU:g} LU off its target",
    "true peak": f"more than {limits.PEAK_TOLERANCE_DB:g} dB over",
    "clipping": "any run of samples at full scale",
    "momentary loudness": f"more than {sound.MOMENTARY_LU:g} LU over",
    "loudness range": f"under {limits.RANGE_LU[0]:g} or over {limits.RANGE_LU[1]:g} LU",
    "offset": f"more than {sound.OFFSET_FAILURE:.0%} off zero | more than {sound.OFFSET_WARNING:.1%}".replace(
        "%", " %"
    ),
    "bandwidth": f"ends below {sound.TELEPHONE_HZ / 1000:g} kHz",
    "dead air": (
        f"over {passages.GAP_FAILURE_MS / 1000:g} s longer than was asked for; "
        f"over {passages.EDGE_FAILURE_MS / 1000:g} s at a line's edge, "
        f"or {passages.BREATH_FAILURE_MS / 1000:g} s in it"
    ),
    "long pause": (
        f"over {passages.GAP_WARNING_MS / 1000:g} s longer than was asked for; "
        f"over {passages.BREATH_WARNING_MS / 1000:g} s in a line"
    ),
    "silent line": f"{passages.UNHEARD_LU:g} LU or more under",
    "level step": (
        f"over {passages.STEP_FAILURE_LU:g} LU between neighbouring lines "
        f"| over {passages.STEP_WARNING_LU:g} LU"
    ),
    "click": "at a line's edge | elsewhere",
    "line silent": "nothing is heard",
    "line length": f"over {speech.TAKE_TOLERANCE_MS} ms longer or shorter",
    "line too short": (
        f"less than {speech.TOO_SHORT:g} of the time that its text takes | less than {speech.SHORT:g}"
    ),
    "line too long": f"more than {speech.TOO_LONG:g} times | more than {speech.LONG:g}",
    "line cut short": f"silent for its last {speech.SILENT_EDGE_MS / 1000:g} s",
    "line begins late": f"silent for its first {speech.SILENT_EDGE_MS / 1000:g} s",
    "silence in a line": f"over {speech.BROKEN_PAUSE_MS / 1000:g} s | over {speech.LONG_PAUSE_MS / 1000:g} s",
    "drone": f"for {speech.DRONE_MS / 1000:g} s",
    "repetition": "comes twice",
    "not spoken": "such a fact is missing",
    "not in the article": "such a fact was added",
    "order": "another order",
    "spoken form": "fewer numbers",
}
"""What the page on the proof says of each check, with the figures that the product goes by."""


def test_the_page_on_the_proof_has_every_check_with_its_limits() -> None:
    """Of sound, speech and truth; a limit that moves is noticed here."""
    page = PROOF.read_text("utf-8")
    rows = re.findall(r"^\| `([^`]+)` \| (.+) \|$", page, re.MULTILINE)
    wrong = [
        (check, limit)
        for check, limit in LIMITS.items()
        if not any(row == check and limit in said for row, said in rows)
    ]
    assert wrong == []
    assert f"within {MOST_APART_MS} ms" in page


def test_the_readme_tells_every_exit_status() -> None:
    """They are what scripts around the product go by."""
    rows = re.findall(r"^\| (\d+) \|", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    misused = CliRunner().invoke(app, ["produce", "--no-such-option"]).exit_code
    assert [int(row) for row in rows] == [0, FAILED, misused, REFUSED, INTERRUPTED]


def test_every_engine_stands_in_the_docs() -> None:
    """With a section of its own, but for the tones."""
    page = (ROOT / "docs" / "engines.md").read_text("utf-8")
    for engine in find_engines():
        assert f"| [`{engine}`](" in page
        assert f"\n## {engine}\n" in page or engine == "tone"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    """A link to a file of the project names one that is there, and a heading that it has."""
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        parts = urlsplit(target)
        if parts.scheme:
            continue
        path = (page.parent / parts.path).resolve() if parts.path else page
        assert path.exists(), f"{page.name} links to {target}"
        if parts.fragment:
            headings = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
            assert parts.fragment in {heading.lower().replace(" ", "-") for heading in headings}
