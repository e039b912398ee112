import re
import shlex
from pathlib import Path

import pytest
import typer.main

from morning_edition import __version__
from morning_edition.cli import app

ROOT = Path(__file__).parents[2]
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]
ENDLESS = {"serve"}
"""Run until they are told to stop; their own tests try them."""
NEED_AN_EPISODE = ("regenerate", "correct", "proof", "check", "show", "retract", "publish")


def test_the_commands_are_these() -> None:
    """A new command is noticed here, and so gets its tests."""
    assert list(COMMANDS) == [
        "produce",
        "regenerate",
        "correct",
        "proof",
        "check",
        "script",
        "spoken",
        "names",
        "episodes",
        "show",
        "retract",
        "say",
        "serve",
        "publish",
        "watch",
        "init",
        "voices",
        "lexicon",
    ]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_tells_what_it_does_with_an_example(name, run) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """`--help` opens with usage and a sentence, explains every option, and ends with something to try."""
    shown = run(name, "--help")
    assert shown.returncode == 0
    assert shown.stderr == ""
    assert shown.stdout.startswith("Usage: ")
    assert re.search(r"Example: morning-edition " + name, shown.stdout)
    for parameter in COMMANDS[name].params:
        assert (getattr(parameter, "help", None) or "").endswith("."), f"{name} {parameter.name} has no help"


@pytest.mark.thorough
@pytest.mark.parametrize("name", sorted(COMMANDS.keys() - ENDLESS))
def test_every_example_in_the_help_works(name, run, station, article) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """What the help offers to try can be tried as it stands, where an article.txt lies."""
    article.rename(station / "article.txt")
    (station / "inbox").mkdir()
    if name in NEED_AN_EPISODE:
        run("produce", "article.txt", *([] if name == "check" else ["--date", "2024-12-06"]))
    example = re.search(r"Example: morning-edition (.+)", run(name, "--help").stdout)
    assert example
    command, _, source = example[1].partition(" < ")
    done = run(*shlex.split(command), stdin=(station / source).read_text("utf-8") if source else "")
    assert (done.returncode, done.stderr.count("Traceback")) == (0, 0), done.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_stands_in_the_readme(name: str) -> None:
    """Nobody needs to find a command by chance."""
    assert f"`{name}" in (ROOT / "README.md").read_text("utf-8")


def test_version(run) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """`--version` names the version that pyproject.toml and the newest changelog entry name."""
    assert run("--version").stdout == f"morning-edition {__version__}\n"
    assert f'version = "{__version__}"' in (ROOT / "pyproject.toml").read_text("utf-8")
    newest = re.search(r"^## \[(\d[^\]]*)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert newest
    assert newest[1] == __version__


def test_help_needs_nothing_heavy(run) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """`--help` answers at once: no audio, picture or template library is loaded for it."""
    shown = run("--help", PYTHONPROFILEIMPORTTIME="1")
    for heavy in ("numpy", "av", "PIL", "jinja2", "pydub", "mutagen", "requests"):
        assert not re.search(rf"\| +{heavy}$", shown.stderr, re.MULTILINE), heavy
