import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]

ARTICLE = """\
bridge repairs/ river traffic/ Harbour Post/ A. Diaz/ Morning Edition/ The old bridge reopened on Friday.
Old Bridge Reopens: Quick Looks
- Reopened: Cars crossed at noon.
- Cost: The work took $2 million.
Old Bridge Reopens After Repairs
Deep Look
The bridge had been closed since March.
What Comes Next
Engineers will return in May to look at the towers.
"""


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run `morning-edition` as a user would, in a folder of its own."""

    def run_command(*arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        outside = {
            name: value for name, value in os.environ.items() if not name.startswith("MORNING_EDITION")
        }
        return subprocess.run(
            [sys.executable, "-m", "morning_edition", *arguments],
            cwd=tmp_path,
            env={**outside, "PYTHONUTF8": "1", **environment},
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
        )

    return run_command


@pytest.fixture
def article(tmp_path: Path) -> Path:
    """A small article in the newsroom's form."""
    path = tmp_path / "bridge.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


@pytest.fixture
def station(tmp_path: Path) -> Path:
    """The folder that commands run in, as a station whose anchor is a tone, which takes no time."""
    (tmp_path / "station.toml").write_text(
        '[show]\ntitle = "Test Show"\nbase_url = "https://podcast.example/show/"\n'
        '[cast.anchor]\nvoice = "tone"\n',
        encoding="utf-8",
    )
    return tmp_path
