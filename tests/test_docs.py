import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from morning_edition.pronunciation.lexicon_file import load_lexicon
from morning_edition.station import parse_station
from morning_edition.station.starting import start_station
from morning_edition.voices.registry import find_engines

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks(page: Path, kind: str) -> list[str]:
    """Return the fenced blocks of one kind."""
    return re.findall(rf"^```{kind}\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", ["README.md", "docs/producers.md"])
def test_what_the_docs_tell_to_type_works(page: str, tmp_path: Path) -> None:
    """Every `$ morning-edition …` of a page runs, in a station where the article of the page lies."""
    start_station(tmp_path, show={}, outlet="Harbour Post")
    for article in blocks(ROOT / page, "text"):
        (tmp_path / "bridge.txt").write_text(article, "utf-8")
    folder, ran = tmp_path, 0
    commands = "".join(blocks(ROOT / page, "console")).splitlines()
    for line in commands:
        command, _, source = line.removeprefix("$ ").partition(" < ")
        words = shlex.split(command)
        if words[0] == "cd":
            folder /= words[1]
        elif words[0] == "morning-edition":
            done = subprocess.run(
                [sys.executable, "-m", "morning_edition", *words[1:]],
                cwd=folder,
                env={name: value for name, value in os.environ.items() if name != "MORNING_EDITION_STATION"},
                input=(folder / source).read_text("utf-8") if source else "",
                capture_output=True,
                text=True,
                timeout=120,
            )
            assert done.returncode == 0, f"{line}\n{done.stderr}"
            ran += 1
    assert ran >= 2


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
    shown = [block for page in PAGES for block in blocks(page, "toml")]
    settings = [block for block in shown if re.search(r"^\[(cast|engines)", block, re.MULTILINE)]

    assert len(settings) >= 4
    for block in settings:
        parse_station(block.replace('voice = "melody"', 'voice = "tone"'), tmp_path)


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
