"""`voices`: what can speak, told in a table or a document, and how the voices compare."""

import base64
import hashlib
import json
import os
import pty
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO, Any

import pytest

from morning_edition.decode import decode_sound

PLUG_IN = """
from morning_edition.voices import VoiceNote
class Fine:
    @classmethod
    def catalogue(cls, options):
        where = str(options.get("where", "nowhere"))
        return (
            VoiceNote("here", "pt-BR", where, "neural", "CC0-1.0", 4.8, True),
            VoiceNote("there", "pt-PT", "not yet\\x1b[2J fetched", "neural", "MIT", 16.0, False),
            VoiceNote("anyone", "", "speaks all"),
        )
class Broken(Fine):
    @classmethod
    def catalogue(cls, options):
        raise RuntimeError("the server's\\n\\x1b[31mcatalogue is gone")
class Old(Fine):
    @classmethod
    def catalogue(cls):
        return ()
"""


@pytest.fixture
def plug_ins(tmp_path: Path) -> dict[str, str]:
    """Engines of somebody else's, installed: one is fine, the others are broken each in its way."""
    site = tmp_path / "site"
    record = site / "plug_in-1.dist-info"
    record.mkdir(parents=True)
    (site / "plug_in.py").write_text(PLUG_IN, "utf-8")
    (site / "plug_in_that_fails.py").write_text("import nothing_of_the_sort\n", "utf-8")
    (record / "METADATA").write_text("Metadata-Version: 2.1\nName: plug-in\nVersion: 1\n", "utf-8")
    (record / "entry_points.txt").write_text(
        "[morning_edition.voices]\nafine = plug_in:Fine\nbroken = plug_in:Broken\nold = plug_in:Old\n"
        "unimportable = plug_in_that_fails:Fine\nmisnamed = plug_in:Absent\n",
        "utf-8",
    )
    path = [str(site), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {"PYTHONPATH": os.pathsep.join(path)}


def rows_of(table: str) -> list[list[str]]:
    """Return the cells of a table, whose columns two spaces and more keep apart."""
    return [re.split(r" {2,}", line) for line in table.splitlines()]


# The list.


def test_the_list_is_a_table(run: Any, plug_ins: dict[str, str]) -> None:
    """Each voice is a line: its name as it is written after --voice, and what decides about it."""
    rows = rows_of(run("voices", **plug_ins).stdout)
    found = {row[0]: row[1:] for row in rows}

    assert rows[0] == ["VOICE", "INSTALLED", "LANGUAGE", "QUALITY", "LICENCE", "$/1M", "DESCRIPTION"]
    assert {len(row) for row in rows} == {7}
    assert found["afine:here"] == ["yes", "pt-BR", "neural", "CC0-1.0", "$4.80", "nowhere"]
    assert found["afine:there"] == ["no", "pt-PT", "neural", "MIT", "$16", "not yet [2J fetched"]
    assert found["afine:anyone"] == ["yes", "-", "-", "-", "-", "speaks all"]
    assert {"espeak:en-US+edward", "gtts:co.uk", "tone:middle"} <= set(found)


def test_the_columns_stand_under_each_other(run: Any) -> None:
    lines = run("voices").stdout.splitlines()
    places = [lines[0].index(heading) for heading in ("INSTALLED", "LANGUAGE", "DESCRIPTION")]

    for line in lines:
        assert all(line[place - 2 : place] == "  " and line[place] != " " for place in places), line
        assert line == line.rstrip()


@pytest.mark.parametrize(("columns", "is_cut"), [(170, True), (100, False)])
def test_on_a_terminal_a_long_description_is_cut(tmp_path: Path, columns: int, is_cut: bool) -> None:
    """A line stays a line where there is room for all that decides; else nothing is lost."""
    site = tmp_path / "plug.dist-info"
    site.mkdir()
    (site / "METADATA").write_text("Metadata-Version: 2.1\nName: plug\nVersion: 1\n", "utf-8")
    (site / "entry_points.txt").write_text("[morning_edition.voices]\ntalker = talker:Talker\n", "utf-8")
    (tmp_path / "talker.py").write_text(
        "from morning_edition.voices import VoiceNote\nclass Talker:\n"
        "    @classmethod\n    def catalogue(cls, options):\n"
        "        return (VoiceNote('it', 'en', 'word ' * 60 + 'end'),)\n",
        "utf-8",
    )
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    ours, theirs = pty.openpty()
    with open(ours, "rb", 0) as screen:  # noqa: PTH123 - a terminal has no path
        command = [sys.executable, "-m", "morning_edition", "voices", "--language", "en"]
        environment = {**os.environ, "PYTHONPATH": path, "COLUMNS": str(columns), "PYTHONUTF8": "1"}
        shown = subprocess.Popen(
            command, cwd=tmp_path, stdout=theirs, stderr=subprocess.DEVNULL, env=environment
        )
        os.close(theirs)
        lines = b"".join(iter(lambda: read_screen(screen), b"")).decode().splitlines()
        shown.wait(60)

    (line,) = [line for line in lines if line.startswith("talker:it ")]
    assert line.endswith("…" if is_cut else "end")
    assert (max(map(len, lines)) <= columns) == is_cut


def read_screen(screen: IO[bytes]) -> bytes:
    """Return what comes next; nothing when the program has gone, which Linux calls an error."""
    try:
        return screen.read(4096)
    except OSError:
        return b""


def test_the_list_is_one_json_document(run: Any, plug_ins: dict[str, str]) -> None:
    """Programs get everything that the engine tells, with what nobody charges as 0."""
    listed = json.loads(run("voices", "--language", "pt-BR", "--json", **plug_ins).stdout)["voices"]

    assert next(voice for voice in listed if voice["name"] == "afine:here") == {
        "name": "afine:here",
        "language": "pt-BR",
        "description": "nowhere",
        "quality": "neural",
        "licence": "CC0-1.0",
        "usd_a_million_characters": 4.8,
        "installed": True,
    }


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("pt", {"here", "there", "anyone"}),
        ("PT_br", {"here", "anyone"}),
        ("pt-PT", {"there", "anyone"}),
        ("p", {"anyone"}),
        ("pt-BR-x-rio", {"anyone"}),
    ],
)
def test_a_language_narrows_the_list(
    run: Any, plug_ins: dict[str, str], language: str, expected: set[str]
) -> None:
    """A tag stands for itself and all that are more particular; who speaks any language stays."""
    listed = json.loads(run("voices", "--language", language, "--json", **plug_ins).stdout)["voices"]

    assert {voice["name"] for voice in listed if voice["name"].startswith("afine:")} == {
        f"afine:{name}" for name in expected
    }


def test_installed_leaves_what_can_speak_now(run: Any, plug_ins: dict[str, str]) -> None:
    listed = json.loads(run("voices", "--installed", "--json", **plug_ins).stdout)["voices"]

    assert all(voice["installed"] for voice in listed)
    assert {"afine:here", "tone:low"} <= {voice["name"] for voice in listed}


def test_an_engine_that_fails_hides_no_other(run: Any, plug_ins: dict[str, str]) -> None:
    """Whatever is wrong with one is told in a line, which no terminal obeys; the list is still the list."""
    done = run("voices", **plug_ins)
    told = [line for line in done.stderr.splitlines() if "plug_in" in line or "cannot list" in line]

    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert "\x1b" not in done.stderr + done.stdout
    assert "morning-edition: broken cannot list its voices: the server's [31mcatalogue is gone" in told
    assert [name for name in ("old", "unimportable", "misnamed") if any(name in line for line in told)] == [
        "old",
        "unimportable",
        "misnamed",
    ]
    assert {"afine:here", "tone:low"} <= {line.split()[0] for line in done.stdout.splitlines()}


def test_engines_are_asked_as_the_station_has_them(run: Any, station: Path, plug_ins: dict[str, str]) -> None:
    """What station.toml says of an engine, such as where its server is, holds for its list."""
    with (station / "station.toml").open("a", encoding="utf-8") as settings:
        settings.write('[engines.afine]\nwhere = "in the cellar"\n')
    listed = json.loads(run("voices", "--json", **plug_ins).stdout)["voices"]

    assert [voice["description"] for voice in listed if voice["name"] == "afine:here"] == ["in the cellar"]


def test_a_station_that_is_not_there_is_told(run: Any) -> None:
    """Who names one wants its settings; the list needs none."""
    done = run("voices", "--station", "absent")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("morning-edition: absent")


# The audition.


class Players(HTMLParser):
    """The sound of each player of a page."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.sounds: list[bytes] = []
        self.feed(page.read_text("utf-8"))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "audio":
            address = dict(attrs)["src"] or ""
            self.sounds.append(
                base64.b64decode(address.removeprefix("data:audio/mpeg;base64,"), validate=True)
            )


def test_an_audition_is_one_page(run: Any, tmp_path: Path) -> None:
    """Its path is printed; how each voice did is told meanwhile, and one that fails is in the page too."""
    done = run("voices", "audition", "tone:low", "espeak", "espeek", "tone:low")

    assert (done.returncode, done.stdout) == (0, "audition.html\n")
    told = done.stderr.splitlines()
    assert len(told) == 3
    assert re.fullmatch(r"tone:low: \d\.\d s of sound in \d+\.\d\d s", told[0])
    assert re.fullmatch(r"espeak: \d\.\d s of sound in \d+\.\d\d s", told[1])
    assert told[2].startswith("morning-edition: espeek was not heard: no voice engine called 'espeek'")
    sounds = Players(tmp_path / "audition.html").sounds
    assert [len(decode_sound(sound).samples) > 44_100 for sound in sounds] == [True, True]
    page = (tmp_path / "audition.html").read_text("utf-8")
    assert "Electric Ferries Bring Commuters Back to Kestrel Bay." in page
    assert "Not heard: no voice engine called 'espeek'; did you mean espeak?" in page


def test_an_audition_reads_the_station_s_newest_headline(run: Any, station: Path, article: Path) -> None:
    run("produce", "bridge.txt", "--date", "2024-12-06", "--no-publish")
    done = run("voices", "audition", "tone", "-o", "heard.html", "--quiet")

    assert (done.stdout, done.stderr) == ("heard.html\n", "")
    page = (station / "heard.html").read_text("utf-8")
    assert "Old Bridge Reopens After Repairs. Friday, December 6th." in page
    assert "Voices for Test Show" in page


def test_an_audition_of_other_words(run: Any, tmp_path: Path) -> None:
    """`--text` is read instead, and is text in the page."""
    run("voices", "audition", "tone", "--text", "Up <b>4%</b> & rising")

    assert "Up &lt;b&gt;4%&lt;/b&gt; &amp; rising" in (tmp_path / "audition.html").read_text("utf-8")


def test_an_audition_in_which_none_is_heard_fails(run: Any, tmp_path: Path) -> None:
    """The page is there all the same, with the reasons."""
    done = run("voices", "audition", "tone:shrill", "espeek")

    assert (done.returncode, done.stdout) == (1, "audition.html\n")
    assert len(done.stderr.splitlines()) == 2
    assert Players(tmp_path / "audition.html").sounds == []


@pytest.mark.parametrize("output", ["absent/page.html", "."])
def test_a_page_that_no_file_can_hold_is_misuse(run: Any, output: str) -> None:
    assert run("voices", "audition", "tone", "-o", output).returncode == 2


# Fetching.


class VoiceShop(ThreadingHTTPServer):
    """A server with two voices, files of no meaning; it sends the rest of a file where it is asked to."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Shelf)
        self.asked: list[tuple[str, str]] = []
        self.files: dict[str, bytes] = {}
        listed = {}
        for name in VOICES:
            path = f"/en/en_US/{name.split('-')[1]}/medium/{name}.onnx"
            self.files |= {path: name.encode() * 30_000, f"{path}.json": b"{}"}
            parts = {at[1:]: self.files[at] for at in (path, f"{path}.json")}
            listed[name] = {
                "num_speakers": 1,
                "files": {
                    at: {"size_bytes": len(part), "md5_digest": hashlib.md5(part).hexdigest()}  # noqa: S324
                    for at, part in parts.items()
                },
            }
        self.files["/voices.json"] = json.dumps(listed).encode()


class _Shelf(BaseHTTPRequestHandler):
    server: VoiceShop

    def do_GET(self) -> None:
        wanted = self.headers.get("Range", "")
        self.server.asked.append((self.path, wanted))
        content = self.server.files.get(self.path)
        if content is None:
            self.send_error(404)
            return
        begins = int(wanted.removeprefix("bytes=").removesuffix("-") or 0)
        self.send_response(206 if begins else 200)
        if begins:
            self.send_header("Content-Range", f"bytes {begins}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(content) - begins))
        self.end_headers()
        self.wfile.write(content[begins:])

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


VOICES = ("en_US-tiny-medium", "en_US-small-medium")


@pytest.fixture
def shop() -> Iterator[VoiceShop]:
    with VoiceShop() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def fetching(shop: VoiceShop, tmp_path: Path) -> dict[str, str]:
    """Where voices come from, and where they go to."""
    return {
        "MORNING_EDITION_VOICES_URL": f"http://127.0.0.1:{shop.server_port}/",
        "MORNING_EDITION_VOICES": str(tmp_path / "voices"),
    }


def test_voices_are_fetched(run: Any, tmp_path: Path, shop: VoiceShop, fetching: dict[str, str]) -> None:
    """Each is named, with how much there is to fetch; the model's path is printed; the list shows it."""
    done = run("voices", "install", VOICES[0], f"piper:{VOICES[1]}#0", VOICES[0], **fetching)

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [f"voices/{name}.onnx" for name in VOICES]
    assert done.stderr.splitlines() == [
        VOICES[0],
        "fetching 510,002 bytes",
        f"ready: piper:{VOICES[0]}",
        VOICES[1],
        "fetching 540,002 bytes",
        f"ready: piper:{VOICES[1]}",
    ]
    assert (tmp_path / "voices" / f"{VOICES[0]}.onnx").read_bytes() == VOICES[0].encode() * 30_000


def test_what_is_there_is_not_fetched_again(run: Any, shop: VoiceShop, fetching: dict[str, str]) -> None:
    run("voices", "install", VOICES[0], **fetching)
    fetched = len([path for path, _ in shop.asked if path.endswith(".onnx")])
    done = run("voices", "install", VOICES[0], **fetching)

    assert len([path for path, _ in shop.asked if path.endswith(".onnx")]) == fetched == 1
    assert done.stderr.splitlines() == [
        f"{VOICES[0]}, which is there already",
        f"ready: piper:{VOICES[0]}",
    ]


def test_fetching_goes_on_where_it_was_stopped(
    run: Any, tmp_path: Path, shop: VoiceShop, fetching: dict[str, str]
) -> None:
    """What came of the file the last time is kept."""
    (tmp_path / "voices").mkdir()
    whole = VOICES[0].encode() * 30_000
    (tmp_path / "voices" / f"{VOICES[0]}.onnx.part").write_bytes(whole[:400_000])
    done = run("voices", "install", VOICES[0], "--quiet", **fetching)

    assert (done.returncode, done.stderr) == (0, "")
    assert [wanted for path, wanted in shop.asked if path.endswith(".onnx")] == ["bytes=400000-"]
    assert (tmp_path / "voices" / f"{VOICES[0]}.onnx").read_bytes() == whole


def test_a_voice_that_cannot_be_fetched_stops_no_other(run: Any, fetching: dict[str, str]) -> None:
    """Each is told in a line; the exit status tells that not all are there."""
    wrong = ("espeak:en-us", "en_US-absent-medium", "nonsense")
    done = run("voices", "install", *wrong, VOICES[0], "--quiet", **fetching)

    assert (done.returncode, done.stdout) == (1, f"voices/{VOICES[0]}.onnx\n")
    told = done.stderr.splitlines()
    assert told[0].startswith("morning-edition: espeak:en-us: only voices of piper are fetched")
    assert len(told) == 3
    assert all(name in line for name, line in zip(wrong, told, strict=True))


def test_size_and_licence_are_told_before_a_voice_is_fetched(run: Any, fetching: dict[str, str]) -> None:
    """What somebody pays for in time and terms stands first, even where it then cannot be had."""
    done = run("voices", "install", "en_US-john-medium", **fetching)

    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == "en_US-john-medium (64 MB, licence: public domain)"


# What may be typed.


@pytest.mark.parametrize("command", ["install", "audition"])
def test_each_command_tells_what_it_does_with_an_example(run: Any, command: str) -> None:
    shown = run("voices", command, "--help")

    assert (shown.returncode, shown.stderr) == (0, "")
    assert f"Example: morning-edition voices {command} " in shown.stdout
    assert run("voices", command).returncode == 2


def test_the_example_of_the_audition_works(run: Any, tmp_path: Path) -> None:
    (example,) = re.findall(r"Example: morning-edition (.+)", run("voices", "audition", "--help").stdout)
    done = run(*example.split())

    assert done.returncode == 0, done.stderr
    assert len(Players(tmp_path / done.stdout.strip()).sounds) == 2


def test_what_is_no_command_is_misuse(run: Any) -> None:
    assert run("voices", "remove", "tone").returncode == 2
