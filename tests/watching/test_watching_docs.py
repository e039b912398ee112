"""What the page on watching says is so: its commands run, and systemd takes its unit."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from morning_edition.watching import choosing, commands, folders, pauses
from morning_edition.watching.results import What

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "watching.md").read_text("utf-8")


def block(kind: str) -> str:
    (found,) = re.findall(rf"^```{kind}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    return str(found)


@pytest.mark.thorough
def test_the_commands_of_the_page_run(tmp_path: Path) -> None:
    """One after another, in a station with a folder of articles."""
    (tmp_path / "station.toml").write_text('[cast.anchor]\nvoice = "tone"\n', "utf-8")
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").write_text(
        "Bridge Opens\n\nThe bridge has opened after years.\n", "utf-8"
    )
    ran = 0
    for line in block("console").splitlines():
        words = shlex.split(line.removeprefix("$ morning-edition "))
        done = subprocess.run(
            [sys.executable, "-m", "morning_edition", *words], cwd=tmp_path, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        ran += 1
    assert ran == 2
    assert len(list(tmp_path.glob("audio/*/episode.json"))) == 1


def test_the_page_has_every_result_and_its_figures() -> None:
    """One that is added, or that moves, is noticed here."""
    rows = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|", PAGE, re.MULTILINE))))
    assert set(What.__args__) <= rows  # type: ignore[attr-defined]
    assert set(re.findall(r"`([A-Z_]+)`", PAGE)) >= commands.SECRETS
    text = " ".join(PAGE.split())
    for figure in (
        f"for {commands.LONGEST_S:.0f} seconds at most",
        f"older than {choosing.STALE.days} days",
        f"not had for {choosing.FORGOTTEN.days} days",
        f"less than {choosing.SAME_STORY.total_seconds() / 3600:.0f} hours",
        f"{pauses.MOST_ATTEMPTS} times in all",
    ):
        assert figure in text
    assert (folders.QUIET_S, folders.SETTLE_S, pauses.LONGEST_PAUSE_S) == (10, 2, 6 * 3600)
    assert all(f"`{suffix}`" in PAGE for suffix in (".txt", ".md", ".html", ".eml", ".part", ".tmp"))


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    """Every line of it is one that it knows, and little is left open."""
    if not shutil.which("systemd-analyze"):
        pytest.skip("there is no systemd-analyze here")
    program = tmp_path / "morning-edition"
    program.write_text("#!/bin/sh\n", "utf-8")
    program.chmod(0o755)
    unit = tmp_path / "morning-edition.service"
    text = block("ini").replace("/srv/briefing/venv/bin/morning-edition", str(program))
    unit.write_text(text.replace("User=briefing", "User=daemon"), "utf-8")
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True)
    about_it = [line for line in done.stderr.splitlines() if "morning-edition" in line]
    assert (about_it, done.returncode) == ([], 0)


def test_the_workflow_is_one() -> None:
    """A schedule, steps, and a command of the product with options that it has."""
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    workflow = yaml.safe_load(block("yaml"))
    steps = workflow["jobs"]["watch"]["steps"]
    assert workflow[True]["schedule"][0]["cron"].count(" ") == 4
    assert [step["run"] for step in steps if "watch" in step.get("run", "").split()] == [
        "morning-edition watch --once --json"
    ]
    shell = [step["run"] for step in steps if "git commit" in step.get("run", "")]
    subprocess.run(["bash", "-n"], input=shell[0], text=True, check=True)
