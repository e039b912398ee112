"""`proof`: what the gate found, for people, for programs, and for the shell."""

import dataclasses
import json
import os
from pathlib import Path
from typing import Any

import pytest

from morning_edition.proof import Finding, LeftOutFact, MasterFigures, Proof
from morning_edition.proof.record import RECORD_NAME, render_proof_json

FAILURE = Finding(
    "dead air", "failure", "4.2 s of silence; speak the line again.", "podcast", 82_500, 86_700, 31
)
WARNING = Finding("artwork", "warning", "It is 1,200 pixels wide; 1,400 are asked for.")

PODCAST = MasterFigures(
    name="podcast",
    file="episode.mp3",
    duration_ms=330_000,
    target_lufs=-16.0,
    ceiling_dbtp=-1.0,
    loudness_lufs=-16.04,
    range_lu=5.12,
    true_peak_dbtp=-1.23,
    momentary_max_lufs=-11.9,
    offset=0.0,
    bandwidth_hz=15_000,
    peaks=(0.5, 0.6),
    short_term_lufs=(-16.0, None),
    segments=(),
    lines=(),
)


def keep(
    station: Path, slug: str, *findings: Finding, forced: bool = False, title: str = "Hama Falls"
) -> Path:
    """Put an episode's proof where `produce` puts it."""
    proof = Proof(
        slug, title, (PODCAST,), findings, 312, (LeftOutFact("name", "Ana", "look-1", "cut"),), True, forced
    )
    folder = station / "audio" / slug
    folder.mkdir(parents=True, exist_ok=True)
    (folder / RECORD_NAME).write_text(render_proof_json(proof), encoding="utf-8")
    return folder


def test_the_newest_proof_is_shown(run: Any, station: Path) -> None:
    """Verdict, figures, and each finding with where it is and what to do about it."""
    keep(station, "2024-12-05-hama-holds", FAILURE)
    folder = keep(station, "2024-12-06-hama-falls", WARNING)
    (folder / "proof.html").write_text("", encoding="utf-8")
    done = run("proof")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "Hama Falls",
        "audio/2024-12-06-hama-falls/proof.html",
        "Passed, with 1 warning.",
        "",
        "master   length   LUFS  (target)  range LU  peak dBTP  (ceiling)",
        "podcast   05:30  −16.0   (−16.0)       5.1       −1.2     (−1.0)",
        "",
        "  1  warning  artwork",
        "     It is 1,200 pixels wide; 1,400 are asked for.",
        "",
        "312 facts are spoken, 1 left out; each line was listened to",
    ]


def test_of_one_day_the_last_proofed_is_the_newest(run: Any, station: Path) -> None:
    """A refused edition is shown whatever its headline begins with."""
    early = keep(station, "2024-12-06-zebra", title="Zebra")
    late = keep(station, "2024-12-06-aardvark", title="Aardvark")
    for folder, time in ((early, 1_700_000_000), (late, 1_700_000_001)):
        os.utime(folder / RECORD_NAME, (time, time))
    assert run("proof").stdout.startswith("Aardvark\n")


def test_a_refused_episode_exits_with_3(run: Any, station: Path) -> None:
    keep(station, "2024-12-06-hama-falls", WARNING, FAILURE)
    done = run("proof")

    assert done.returncode == 3
    assert done.stdout.splitlines()[2] == "Refused: 1 failure keeps it from being published."
    assert "  2  failure  dead air  podcast 01:22  script.md:31" in done.stdout.splitlines()


def test_a_forced_episode_exits_with_0(run: Any, station: Path) -> None:
    keep(station, "2024-12-06-hama-falls", FAILURE, forced=True)
    done = run("proof")
    assert (done.returncode, done.stdout.splitlines()[2]) == (0, "Published in spite of 1 failure.")


def test_episodes_are_named_by_their_folders(run: Any, station: Path) -> None:
    """As a shell completes them, too; one refusal among them is enough for 3."""
    keep(station, "2024-12-05-hama-holds", FAILURE, title="Hama Holds")
    keep(station, "2024-12-06-hama-falls")
    done = run("proof", "2024-12-06-hama-falls", "audio/2024-12-05-hama-holds/")

    assert done.returncode == 3
    first, second = done.stdout.split("\n\n\n")
    assert (first.splitlines()[0], second.splitlines()[0]) == ("Hama Falls", "Hama Holds")


def test_programs_get_one_document(run: Any, station: Path) -> None:
    """All but what only a picture needs."""
    keep(station, "2024-12-06-hama-falls", FAILURE)
    done = run("proof", "--json")
    (record,) = json.loads(done.stdout)["proofs"]

    assert done.returncode == 3
    assert (record["folder"], record["passed"], record["forced"]) == (
        "audio/2024-12-06-hama-falls",
        False,
        False,
    )
    assert record["verdict"] == "Refused: 1 failure keeps it from being published."
    assert record["findings"] == [dataclasses.asdict(FAILURE)]
    assert "peaks" not in record["masters"][0]
    assert record["masters"][0]["loudness_lufs"] == -16.04


def test_no_text_of_an_article_reaches_the_terminal_raw(run: Any, station: Path) -> None:
    hostile = "\x1b]0;owned\x07two\nlines"
    keep(station, "2024-12-06-x", dataclasses.replace(FAILURE, text=hostile, check=hostile), title=hostile)
    done = run("proof")
    assert "\x1b" not in done.stdout
    assert done.stdout.splitlines()[0] == "]0;ownedtwo lines"


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("proof",), 1, "no episode has a proof yet"),
        (("proof", "absent"), 2, "there is no episode absent"),
        (("proof", "7"), 2, "there is no episode 7"),
        (("proof", ".."), 2, "there is no episode .."),
        (("proof", "unproofed"), 1, "audio/unproofed: has no proof; produce the article again"),
        (("proof", "damaged"), 1, "audio/damaged/proof.json: cannot be used"),
        (("proof", "moved"), 1, "it belongs to 2024-12-06-elsewhere"),
    ],
)
def test_what_cannot_be_shown_is_said(
    arguments: tuple[str, ...], status: int, said: str, run: Any, station: Path
) -> None:
    audio = station / "audio"
    if arguments[1:]:
        for name in ("unproofed", "damaged", "moved"):
            (audio / name).mkdir(parents=True)
        (audio / "unproofed" / "episode.json").write_text("{}", "utf-8")
        (audio / "damaged" / RECORD_NAME).write_bytes(b"\xff\x00")
        kept = keep(station, "2024-12-06-elsewhere") / RECORD_NAME
        (audio / "moved" / RECORD_NAME).write_bytes(kept.read_bytes())
    if arguments[1:] == ("7",):
        (audio / "unproofed" / "episode.json").unlink()
    done = run(*arguments)

    assert done.returncode == status
    assert said in " ".join(done.stderr.replace("│", " ").split())
    assert "Traceback" not in done.stderr


def test_an_episode_is_found_by_its_number(run: Any, station: Path, article: Path) -> None:
    done = run("produce", "bridge.txt", "--date", "2024-12-06", "--quiet", "--json")
    slug = json.loads(done.stdout)["episodes"][0]["slug"]
    keep(station, slug, title="The Bridge")
    for number in ("1", "001"):
        assert run("proof", number).stdout.startswith("The Bridge\n")
