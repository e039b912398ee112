"""`morning-edition script`: how much is written, and whether a script is true."""

import json
from pathlib import Path
from typing import Any

import pytest

DAY = ("--date", "2024-12-06")


def test_depth_reads_less_and_says_so(run: Any, article: Path) -> None:
    """What is left out stands struck in the script, and is told on standard error."""
    done = run("script", "bridge.txt", *DAY, "--depth", "quick")
    assert (
        "~~The bridge had been closed since March.~~ {left out: the depth is quick} ^deep-1-1" in done.stdout
    )
    assert done.stderr == "morning-edition: left out 2 paragraphs, 17 words: the depth is quick\n"
    assert run("script", "bridge.txt", *DAY, "--depth", "full").stderr == ""


def test_minutes_read_less_and_say_so(run: Any, article: Path) -> None:
    """The beginning is read, as much as fits."""
    done = run("script", "bridge.txt", *DAY, "--minutes", "0.5")
    assert "{left out: past 0.5 minutes}" in done.stdout
    assert "past 0.5 minutes" in done.stderr
    assert "~~" not in run("script", "bridge.txt", *DAY, "--minutes", "9").stdout.partition("# Intro")[2]


def test_a_stations_settings_hold_unless_an_option_is_given(run: Any, station: Path, article: Path) -> None:
    with (station / "station.toml").open("a", encoding="utf-8") as file:
        file.write('[script]\ndepth = "brief"\n')
    assert "the depth is brief" in run("script", "bridge.txt", *DAY).stderr
    assert run("script", "bridge.txt", *DAY, "--depth", "full").stderr == ""


def test_verbatim_switches_style_off(run: Any, tmp_path: Path) -> None:
    (tmp_path / "said.txt").write_text(
        "Bay/ boats/ Harbour Post/ A. Diaz/ Morning Edition/ Boats left.\nBoats Leave\nDeep Look\n"
        "“It is over,” said Ana Ruiz, the mayor.\n",
        encoding="utf-8",
    )
    assert "[quote] “It is over.”" in run("script", "said.txt", *DAY).stdout
    assert "“It is over,” said Ana Ruiz, the mayor." in run("script", "said.txt", *DAY, "--verbatim").stdout


def test_produce_reads_as_much_as_it_is_asked_to(run: Any, station: Path, article: Path) -> None:
    """The same options; another depth is another episode, made anew."""
    plan = run("produce", "bridge.txt", *DAY, "--dry-run", "--depth", "quick", "--json")
    assert "left out 2 paragraphs" in plan.stderr
    assert "left out 2 paragraphs" in json.loads(plan.stdout)["episodes"][0]["left_out"]
    quick = json.loads(run("produce", "bridge.txt", *DAY, "--depth", "quick", "--json").stdout)["episodes"][0]
    full = json.loads(run("produce", "bridge.txt", *DAY, "--json").stdout)["episodes"][0]
    assert not full["unchanged"]
    assert quick["duration_ms"] < full["duration_ms"]


def test_a_true_script_passes_its_check(run: Any, article: Path) -> None:
    run("script", "bridge.txt", *DAY, "-o", "script.md")
    for arguments in ((), ("script.md",)):
        done = run("script", "bridge.txt", *arguments, "--check")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_false_script_is_refused(run: Any, article: Path, tmp_path: Path) -> None:
    """Each finding is a line with its place; the exit status is that of the proof."""
    run("script", "bridge.txt", *DAY, "-o", "script.md")
    path = tmp_path / "script.md"
    text = path.read_text("utf-8")
    path.write_text(text.replace("$2 million", "$3 million"), "utf-8")
    row = next(n for n, line in enumerate(path.read_text("utf-8").splitlines(), 1) if "$3" in line)

    done = run("script", "bridge.txt", "--check", "script.md")
    assert done.returncode == 3
    assert done.stdout.splitlines() == [
        "look-2: not spoken: the number “$2” in: The work took $2 million.",
        f"script.md:{row} (look-2): not in the article: the number “$3” in: The work took $3 million.",
    ]

    record = json.loads(run("script", "bridge.txt", "--check", "script.md", "--json").stdout)
    assert not record["true"]
    assert [
        (one["side"], one["kind"], one["text"], one["place"], one["row"]) for one in record["findings"]
    ] == [
        ("not spoken", "number", "$2", "look-2", 0),
        ("not in the article", "number", "$3", "look-2", row),
    ]


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("script.md",), 2, "SCRIPT.md"),
        (("--json",), 2, "--json"),
        (("--check", "-o", "x.md"), 2, "--output"),
        (("--depth", "deep"), 2, "--depth"),
        (("--minutes", "-1"), 2, "--minutes"),
        (("--check", "absent.md"), 1, "absent.md: there is no such file"),
        (("--check", "bridge.txt"), 1, "bridge.txt:1:1: the file begins with its head"),
    ],
)
def test_what_cannot_be_asked_is_said(
    arguments: tuple[str, ...], status: int, said: str, run: Any, article: Path
) -> None:
    done = run("script", "bridge.txt", *arguments)
    assert done.returncode == status
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_producer_hears_that_quick_looks_were_picked(run: Any, station: Path, article: Path) -> None:
    story = (
        "The old bridge reopened on Friday after nine months of work. "
        "Cars crossed at noon behind a fire engine. "
        "Engineers replaced 42 cables at a cost of $2 million. The council plans a second bridge by 2030."
    )
    (station / "story.txt").write_text(f"Old Bridge Reopens\nDeep Look\n{story}\n", encoding="utf-8")
    done = run("produce", "story.txt", *DAY, "--dry-run")
    assert "it has no Quick Looks; 2 sentences of the story are picked for them" in done.stderr
    off = run("produce", "story.txt", *DAY, "--dry-run", "--no-pick-quick-looks")
    assert "a lede, Quick Looks; it is read without" in off.stderr
