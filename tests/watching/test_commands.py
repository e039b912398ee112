import datetime as dt
import json
import os
import re
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from morning_edition.errors import StationError
from morning_edition.station import Station
from morning_edition.watching.commands import SECRETS, run_command, split_command
from morning_edition.watching.results import Result

NOW = dt.datetime(2026, 3, 6, 12, 0, tzinfo=dt.UTC)
HOSTILE = '"; touch /tmp/owned; echo $(id) `id` %s {title} \n\0 é'
NOTE = """
import json, os, sys
sys.stdout.write("words of its own")
facts = {key: value for key, value in os.environ.items()}
with open(sys.argv[1], "w") as file:
    json.dump({"arguments": sys.argv[2:], "input": json.load(sys.stdin), "facts": facts}, file)
"""
STUCK = """
import subprocess, sys, time
with open(sys.argv[1], "w") as file:
    print(subprocess.Popen(["sleep", "60"]).pid, file=file)
time.sleep(60)
"""


def result(**facts: Any) -> Result:
    episode = {"slug": "2026-03-06-bridge", "title": HOSTILE, "guid": "g"}
    return Result(NOW, "made", "in", "in/a.txt", path="audio/x/episode.mp3", **{"episode": episode, **facts})


@pytest.fixture
def station(tmp_path: Path) -> Station:
    return Station(tmp_path)


def test_a_command_gets_the_result(
    station: Station, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """As JSON and in its environment, and never in its words; it has no key, and prints no results."""
    for name in SECRETS:
        monkeypatch.setenv(name, "sk-secret")
    monkeypatch.setenv("OWN_SETTING", "kept")
    words = split_command(f"{sys.executable} -c '{NOTE}' {tmp_path / 'note'} \"two words\" $HOME", "x")
    assert run_command(words, result(), station) == ""
    note = json.loads((tmp_path / "note").read_text("utf-8"))
    assert note["arguments"] == ["two words", "$HOME"]
    assert note["input"]["episode"]["title"] == HOSTILE
    facts = note["facts"]
    assert facts["MORNING_EDITION_TITLE"] == HOSTILE.replace("\0", "")
    assert facts["MORNING_EDITION_EVENT"] == "made"
    assert facts["MORNING_EDITION_SLUG"] == "2026-03-06-bridge"
    assert Path(facts["MORNING_EDITION_AUDIO"]) == Path("audio/x/episode.mp3").absolute()
    assert facts["OWN_SETTING"] == "kept"
    assert "sk-secret" not in json.dumps(note)
    assert capfd.readouterr().out == ""


def test_a_key_that_an_engine_takes_is_known() -> None:
    """One that a new engine brings is noticed here."""
    folder = Path(sys.modules["morning_edition"].__file__ or "").parent / "voices"
    keys = set()
    for path in folder.rglob("*.py"):
        for line in path.read_text("utf-8").splitlines():
            if line.startswith(("KEY_VARIABLE =", "OTHER_KEY_VARIABLE =")):
                keys.add(line.split('"')[1])
    assert len(keys) >= 5
    assert keys <= SECRETS


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("false", r"^false: ended with status 1$"),
        ("/no/such/program", r"^/no/such/program: cannot be run: No such file or directory$"),
        ("/", r"^/: cannot be run: Permission denied$"),
    ],
)
def test_a_command_that_fails_is_told(station: Station, command: str, words: str) -> None:
    """In one line; nothing else comes of it."""
    assert re.search(words, run_command(split_command(command, "x"), result(), station))


def test_a_command_that_does_not_end_is_ended(station: Station, tmp_path: Path) -> None:
    """With all that it has started."""
    words = (sys.executable, "-c", STUCK, str(tmp_path / "pid"))
    began = time.monotonic()
    said = run_command(words, result(), station, longest_s=1)
    assert said.endswith("took longer than 1 seconds, and was ended")
    assert time.monotonic() - began < 10
    pid = int((tmp_path / "pid").read_text("utf-8"))
    for _ in range(100):
        if not _is_running(pid):
            break
        time.sleep(0.02)
    assert not _is_running(pid)


def _is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_command_that_reads_nothing_is_no_failure(station: Station) -> None:
    """A record larger than a pipe holds is not waited with."""
    many = {"episode": {"findings": ["x" * 1000] * 500}}
    assert run_command(("true",), result(**many), station) == ""


@pytest.mark.parametrize("command", ["say 'half", "   ", '""x" y'])
def test_a_command_that_is_none_is_refused(command: str) -> None:
    """With the setting that holds it."""
    with pytest.raises(StationError, match=r"^watch\.on_success: "):
        split_command(command, "watch.on_success")


def test_no_command_is_none() -> None:
    """The usual case."""
    assert split_command("", "watch.on_success") == ()
    assert os.environ.get("MORNING_EDITION_EVENT") is None
