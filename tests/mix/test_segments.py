"""pydub, which lays sounds over each other, runs no program and looks for none."""

import os
import subprocess
import sys
from pathlib import Path

WATCH = """
import os, os.path, sys
asked = []
def watch(real):
    def watched(path, *rest, **more):
        asked.append(str(path))
        return real(path, *rest, **more)
    return watched
os.access, os.path.isfile = watch(os.access), watch(os.path.isfile)
sys.addaudithook(lambda event, args: asked.append(f"{event} {args}") if event in
    {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn"} else None)
IMPORT
marks = ("ffmpeg", "avconv", "Popen", "os.")
print(*[name for name in asked if any(mark in name for mark in marks)], sep="\\n")
"""


def watched_import(statement: str, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run *statement* where the only ffmpeg is one that leaves a witness, and return what was looked for."""
    programs = folder / "bin"
    programs.mkdir()
    for name in ("ffmpeg", "avconv", "ffprobe", "avprobe"):
        (programs / name).write_text(f"#!/bin/sh\n/usr/bin/touch {folder / 'witness'}\n", encoding="utf-8")
        (programs / name).chmod(0o755)
    return subprocess.run(
        [sys.executable, *options, "-c", WATCH.replace("IMPORT", statement)],
        env={**os.environ, "PATH": str(programs)},
        cwd=programs,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_pydub_never_looks_for_a_program(tmp_path: Path) -> None:
    """Neither on the PATH nor in the working folder, and it runs none when sounds are laid."""
    statement = (
        "import numpy as np\n"
        "from morning_edition.mix.overlay import overlay\n"
        "below = np.zeros((800, 1), np.float32)\n"
        "overlay(below, np.full((800, 1), 0.5, np.float32), 8000)\n"
        "assert (below == 0.5).all()"
    )
    done = watched_import(statement, tmp_path, "-W", "error::RuntimeWarning")
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "", "")
    assert not (tmp_path / "witness").exists()


def test_that_watch_would_see_it(tmp_path: Path) -> None:
    """pydub left to itself looks for one; without that, the test before this one would prove nothing."""
    done = watched_import("import warnings; warnings.simplefilter('ignore'); import pydub", tmp_path)
    assert "./avconv" in done.stdout.split("\n")


def test_pydub_s_own_warnings_reach_nobody(tmp_path: Path) -> None:
    """Compiled anew, it has some on every Python; here each of them would be an error."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", "import morning_edition.mix.segments"],
        env={**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
