"""Other people's checkers and players, each as a fixture that skips with a word where it is not installed."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from sample_station import served, site

__all__ = ["served", "site"]

CHECKERS = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "morning-edition-checkers"
"""Where `.ci/run` puts what comes from npm."""

Run = Callable[..., str]


@pytest.fixture(scope="session")
def run_program() -> Run:
    """Run a program that may not be here; return what it printed. It must succeed."""

    def run(program: str, *arguments: object) -> str:
        if not shutil.which(program):
            pytest.skip(f"{program} is not installed")
        done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, timeout=180)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


@pytest.fixture(scope="session")
def run_node(run_program: Run) -> Run:
    """Run a script that may need packages from npm; return what it printed, read as JSON."""

    def run(package: str, script: str, *arguments: object) -> Any:
        folder = _find_package(package)
        return json.loads(run_program("node", "-e", script, folder, *arguments))

    return run


@pytest.fixture(scope="session")
def nu_checker(run_program: Run) -> Callable[..., list[str]]:
    """Have the Nu Html Checker look at pages, their CSS and SVG included; return what it objects to.

    What it says of content policies is left out: it knows neither checksums nor what "self" is for a file.
    """

    def check(pages: Sequence[Path], *more: str) -> list[str]:
        jar = _find_package("vnu-jar") / "build/dist/vnu.jar"
        options = (
            "--format",
            "json",
            "--stdout",
            "--exit-zero-always",
            "--skip-info-messages",
            "--no-langdetect",
        )
        told = json.loads(run_program("java", "-Xss4m", "-jar", jar, *options, *more, *pages))
        return [
            f"{Path(message.get('url', '')).name}: {message['message']} ({message.get('extract', '')})"
            for message in told["messages"]
            if "Content Security Policy" not in message["message"]
        ]

    return check


def _find_package(name: str) -> Path:
    folder = CHECKERS / "node_modules" / name
    if not folder.exists():
        pytest.skip(f"{name} is not installed; .ci/run does it")
    return folder
