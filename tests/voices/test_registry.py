"""Which voices there are, and that a voice of one's own is as good as the built-in ones."""

import dataclasses
import json
import os
import re
import subprocess
import sys
import tomllib
import wave
from pathlib import Path

import pytest

from morning_edition.errors import VoiceError
from morning_edition.voices import USUAL, Delivery, Traits
from morning_edition.voices.espeak import EspeakVoice
from morning_edition.voices.gtts import GttsVoice
from morning_edition.voices.registry import BUILT_IN, GROUP, find_engines, load_engine, open_voice
from morning_edition.voices.tone import ToneVoice

GUIDE = Path(__file__).parents[2] / "docs" / "voices.md"
ARTICLE = """Ferries Return to Kestrel Bay

Passenger ferries crossed Kestrel Bay on Monday for the first time in nine years.
"""


def read_example() -> tuple[str, str]:
    """Return the guide's module and its pyproject.toml."""
    text = GUIDE.read_text("utf-8")
    (module,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    project, *_ = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    return module, project


def install(folder: Path, module: str, project: str) -> None:
    """Put a project of one module into *folder* as an installer would."""
    table = tomllib.loads(project)["project"]
    points = table["entry-points"][GROUP]
    (module_name,) = {value.partition(":")[0] for value in points.values()}
    record = folder / f"{table['name'].replace('-', '_')}-{table['version']}.dist-info"
    record.mkdir(parents=True)
    (folder / f"{module_name}.py").write_text(module, "utf-8")
    (record / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {table['name']}\nVersion: {table['version']}\n", "utf-8"
    )
    listed = "".join(f"{name} = {value}\n" for name, value in points.items())
    (record / "entry_points.txt").write_text(f"[{GROUP}]\n{listed}", "utf-8")


def run(*arguments: str, plug_ins: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command line in *folder*, where the packages in *plug_ins* are installed."""
    path = [str(plug_ins), *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.run(
        [sys.executable, "-m", "morning_edition", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(path), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def plug_ins(tmp_path: Path) -> Path:
    """A folder of installed packages, with the guide's example in it."""
    install(tmp_path / "site", *read_example())
    return tmp_path / "site"


# The built-in engines.


def test_the_built_in_engines_are_plug_ins_too() -> None:
    """They are listed by their entry points, in alphabetical order, and by nothing else."""
    engines = find_engines()

    assert list(engines) == sorted(engines)
    assert {point.group for point in engines.values()} == {GROUP}
    assert [load_engine(name) for name in ("espeak", "gtts", "tone")] == [EspeakVoice, GttsVoice, ToneVoice]


def test_the_project_names_each_engine_that_is_found() -> None:
    """An installation that is older than its sources is told by this test, not by a listener."""
    project = tomllib.loads((GUIDE.parents[1] / "pyproject.toml").read_text("utf-8"))["project"]
    named = project["entry-points"][GROUP]

    assert {name: find_engines()[name].value for name in named} == named
    assert {name: f"morning_edition.voices.{name}:{kind}" for name, kind in BUILT_IN.items()} == named


@pytest.mark.parametrize(
    ("wanted", "identity"),
    [
        ("tone", ToneVoice("", Delivery(rate=1.2)).identity),
        ("tone:", ToneVoice("", Delivery(rate=1.2)).identity),
        ("tone:low", ToneVoice("low", Delivery(rate=1.2)).identity),
        ("espeak", EspeakVoice("en+edward", Delivery(rate=1.2)).identity),
        ("espeak:de+f2", EspeakVoice("de+f2", Delivery(rate=1.2)).identity),
    ],
)
def test_a_setting_names_an_engine_and_perhaps_its_voice(wanted: str, identity: str) -> None:
    """`ENGINE` alone is its best voice in the station's language; `ENGINE:VOICE` is that voice."""
    assert open_voice(wanted, Delivery("en-GB", rate=1.2)).identity == identity


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("espek", "no voice engine called 'espek'; did you mean espeak?"),
        ("gTTS", "no voice engine called 'gTTS'; did you mean gtts?"),
        ("zzz", f"no voice engine called 'zzz'; there are: {', '.join(find_engines())}"),
        ("", f"no voice engine called ''; there are: {', '.join(find_engines())}"),
    ],
)
def test_an_unknown_engine_is_refused_with_the_nearest(name: str, message: str) -> None:
    with pytest.raises(VoiceError) as refused:
        open_voice(name, USUAL)

    assert str(refused.value) == message


# The guide's example, as a newsroom would write and install it.


def test_the_guide_s_voice_is_listed(plug_ins: Path, tmp_path: Path) -> None:
    """A voice of one's own stands among the others."""
    listed = run("voices", "--json", plug_ins=plug_ins, folder=tmp_path)
    voices = {voice["name"]: voice for voice in json.loads(listed.stdout)["voices"]}

    assert (listed.returncode, listed.stderr) == (0, "")
    assert voices["melody"]["description"] == "an engine that lists no voices"
    assert {"espeak:en-US+edward", "gtts:com", "tone:middle"} <= {*voices}


def test_the_guide_s_voice_says_what_it_is_given(plug_ins: Path, tmp_path: Path) -> None:
    """Each letter is a note of a tenth of a second."""
    said = run("say", "Good morning.", "--voice", "melody", plug_ins=plug_ins, folder=tmp_path)

    assert (said.returncode, said.stderr, said.stdout) == (0, "", "say.wav\n")
    with wave.open(str(tmp_path / "say.wav")) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (16_000, 1, 2)
        assert sound.getnframes() == len("Goodmorning") * 1600


def test_the_guide_s_voice_reads_an_episode(plug_ins: Path, tmp_path: Path) -> None:
    """The whole way to the episode, as the guide tells it."""
    (tmp_path / "article.txt").write_text(ARTICLE, "utf-8")
    made = run("init", "station", plug_ins=plug_ins, folder=tmp_path)
    station = tmp_path / "station"
    command = ("produce", "../article.txt", "--voice", "melody", "--date", "2028-01-03", "--json")
    produced = run(*command, plug_ins=plug_ins, folder=station)

    assert (made.returncode, produced.returncode) == (0, 0), produced.stderr
    (episode,) = json.loads(produced.stdout)["episodes"]
    (record,) = station.rglob("episode.json")
    assert json.loads(record.read_text("utf-8"))["voices"] == ["melody 1.0"]
    assert all((station / path).stat().st_size for path in episode["paths"])


def test_the_guide_s_voice_is_bent_to_the_cast(plug_ins: Path, tmp_path: Path) -> None:
    """It knows nothing of rates, and is read at the one that the station asks for all the same."""
    (tmp_path / "station.toml").write_text('[cast.anchor]\nvoice = "melody"\nrate = 2.0\n', "utf-8")
    run("say", "Good morning.", plug_ins=plug_ins, folder=tmp_path)

    with wave.open(str(tmp_path / "say.wav")) as sound:
        assert sound.getnframes() == pytest.approx(len("Goodmorning") * 1600 / 2, rel=0.02)


def test_a_voice_takes_ten_lines() -> None:
    module, _ = read_example()
    assert len([line for line in module.splitlines() if line.strip()]) <= 10


def test_the_guide_names_what_the_seam_asks() -> None:
    """All that a voice must give, and all that it may tell of itself."""
    text = GUIDE.read_text("utf-8")
    asked = ["identity", "traits", "speak(line)", "catalogue(options)", "transcribe(text)"]
    for member in [*asked, *(field.name for field in dataclasses.fields(Traits))]:
        assert f"`{member}`" in text


# A plug-in that is broken.


@pytest.mark.parametrize(
    ("module", "complaint"),
    [
        ("import no_such_package", "ModuleNotFoundError: No module named 'no_such_package'"),
        ("raise RuntimeError('line one\\n  line two')", "RuntimeError: line one line two"),
        ("raise ValueError", "ValueError:"),
        ("def broken(:", "SyntaxError: invalid syntax (broken_voice.py, line 1)"),
        ("x = 1", "AttributeError: module 'broken_voice' has no attribute 'Voice'"),
    ],
)
def test_a_broken_plug_in_is_told_in_one_line(
    plug_ins: Path, tmp_path: Path, module: str, complaint: str
) -> None:
    """It says which engine fails and why, and takes no other engine down."""
    project = (
        f'[project]\nname = "broken"\nversion = "1"\n[project.entry-points."{GROUP}"]\n'
        'broken = "broken_voice:Voice"\n'
    )
    install(plug_ins, module, project)
    message = f"morning-edition: voice engine 'broken' (broken_voice:Voice) cannot be imported: {complaint}\n"
    listed = run("voices", "--json", plug_ins=plug_ins, folder=tmp_path)
    names = {voice["name"] for voice in json.loads(listed.stdout)["voices"]}

    assert (listed.returncode, listed.stderr) == (0, message)
    assert {"espeak:en-US+edward", "gtts:com", "melody", "tone:middle"} <= names


def test_a_broken_plug_in_that_is_asked_for_fails(plug_ins: Path, tmp_path: Path) -> None:
    """The other engines still speak."""
    project = (
        f'[project]\nname = "broken"\nversion = "1"\n[project.entry-points."{GROUP}"]\n'
        'broken = "broken_voice:Voice"\n'
    )
    install(plug_ins, "import no_such_package", project)
    asked = run("say", "Hello.", "--voice", "broken", plug_ins=plug_ins, folder=tmp_path)
    other = run("say", "Hello.", "--voice", "tone", plug_ins=plug_ins, folder=tmp_path)

    assert asked.returncode == 1
    assert re.fullmatch(r"morning-edition: voice engine 'broken' .* 'no_such_package'\n", asked.stderr)
    assert (other.returncode, other.stderr) == (0, "")
