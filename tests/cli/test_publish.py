"""`morning-edition publish`, as it is typed: what it sends, what it says, and how it ends."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from publications import make_station, produce_article

Run = Callable[..., CompletedProcess[str]]
EPISODE = "audio/2026-03-06-tram-line-opens"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A station with an episode; to be copied."""
    station = make_station(tmp_path_factory.mktemp("made") / "station")
    produce_article(station, "Tram Line Opens", "The tram opened at noon on Thursday.")
    return station.root


@pytest.fixture
def produced(made: Path, tmp_path: Path) -> Path:
    """The same in the folder that commands run in."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("web") / "public"


def test_the_site_is_sent_and_told(produced: Path, run: Run, public: Path) -> None:
    """One line on standard output; the second time nothing is left to do."""
    first = run("publish", "--to", str(public))
    assert (first.returncode, first.stdout.count("\n")) == (0, 1)
    assert first.stdout.startswith(f"{public}: 21 files sent (")
    assert "0 unchanged" in first.stdout
    assert (public / EPISODE / "index.html").is_file()
    assert not (public / EPISODE / "script.md").exists()
    second = run("publish", "--to", str(public), "--quiet")
    assert f"{public}: 0 files sent (0.0 MB), 0 removed, 21 unchanged" in second.stdout
    assert second.stderr == ""


def test_the_setting_names_the_place(produced: Path, run: Run, public: Path) -> None:
    """`publish.to` is where it goes, and JSON tells it all."""
    with (produced / "station.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'[publish]\nto = "{public}"\n')
    told = json.loads(run("publish", "--json").stdout)
    assert (told["to"], told["dry_run"], told["removed"], told["unchanged"]) == (str(public), False, [], 0)
    assert told["sent"][-1] == "podcast.xml"
    assert told["bytes"] == sum((public / path).stat().st_size for path in told["sent"])


def test_without_a_place_the_site_is_only_written(produced: Path, run: Run) -> None:
    """It says so, and where the site is."""
    (produced / "podcast.xml").unlink()
    done = run("publish")
    assert (done.returncode, done.stdout) == (0, "podcast.xml\n")
    assert "sent nowhere" in done.stderr
    assert (produced / "podcast.xml").is_file()


def test_a_dry_run_changes_nothing(produced: Path, run: Run, public: Path) -> None:
    """It lists what would be sent, in that order."""
    shown = run("publish", "--to", str(public), "--dry-run")
    assert shown.returncode == 0
    lines = shown.stdout.splitlines()
    assert lines[-2] == "send podcast.xml"
    assert lines[-1].startswith(f"{public}: 21 files to send (")
    assert lines[-1].endswith(" MB), 0 to remove, 0 unchanged")
    assert not public.exists()


def test_a_relative_folder_lies_beside_the_station(produced: Path, run: Run, tmp_path: Path) -> None:
    """Wherever the command is typed."""
    inner = tmp_path / "station"
    inner.mkdir()
    for path in list(tmp_path.iterdir()):
        if path != inner:
            path.rename(inner / path.name)
    done = run("publish", "--to", "../public", "--station", "station", "--quiet")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "public" / "podcast.xml").is_file()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (".", "lie in each other"),
        ("public", "lie in each other"),
        ("../no/such/folder", "is not there"),
        ("ftp://host/x", "ftp"),
        ("s3://", "s3"),
    ],
)
def test_a_place_that_is_none_is_refused(produced: Path, run: Run, address: str, said: str) -> None:
    """In one line, which names it; nothing is written there."""
    done = run("publish", "--to", address, "--quiet")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("morning-edition: ")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_conflict_is_told_and_can_be_settled(produced: Path, run: Run, public: Path) -> None:
    """A copy without the newest episode takes nothing away, unless it is told to."""
    run("publish", "--to", str(public), "--quiet")
    (produced / EPISODE).rename(produced / "elsewhere")
    refused = run("publish", "--to", str(public), "--quiet")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "would vanish" in refused.stderr
    assert EPISODE.removeprefix("audio/") in refused.stderr
    assert (public / EPISODE / "index.html").is_file()
    shown = run("publish", "--to", str(public), "--take-over", "--dry-run")
    assert f"remove {EPISODE}/index.html\n" in shown.stdout
    assert "would vanish" in shown.stderr
    taken = run("publish", "--to", str(public), "--take-over", "--quiet")
    assert taken.returncode == 0
    assert not (public / EPISODE / "index.html").exists()


def test_keys_are_not_told(produced: Path, run: Run) -> None:
    """Neither what is in the address nor what is in the environment."""
    keys = {"WEBDAV_PASSWORD": "t0ps3cr3t"}
    done = run("publish", "--to", "webdav://ana:s3cr3t@127.0.0.1:9/x", "--quiet", **keys)
    assert done.returncode == 1
    assert "s3cr3t" not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
