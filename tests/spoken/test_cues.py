"""Cues, which spare a form's long pattern: no line that holds the form lacks its cue."""

from pathlib import Path

import pytest

from morning_edition.spoken.english.language import LANGUAGE
from morning_edition.spoken.reading import Reading

CASES = Path(__file__).parent / "english" / "cases"
CUED = [reading for reading in LANGUAGE.readings if reading.cue]
LINES = [
    row.partition("\t")[0] for path in CASES.glob("*.tsv") for row in path.read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("reading", CUED, ids=lambda reading: reading.name)
def test_a_line_that_holds_a_form_has_its_cue(reading: Reading) -> None:
    """A cue that is too narrow would leave a form unsaid without a word."""
    holding = [line for line in LINES if reading.pattern.search(line)]

    assert holding
    assert [line for line in holding if not reading.may_stand_in(line, frozenset(line))] == []


def test_a_pattern_is_compiled_for_a_line_with_its_cue_alone() -> None:
    """A line of plain words costs no more than looking for cues."""
    reading = next(reading for reading in CUED if reading.name == "sides")
    fresh = Reading(reading.name, reading.source, reading.say, reading.needs, reading.cue)

    assert not fresh.may_stand_in("The ex-mayor spoke.", frozenset("The ex-mayor spoke."))
    assert fresh.may_stand_in("It is 4 x 6 feet.", frozenset("It is 4 x 6 feet."))
    assert "pattern" not in vars(fresh)
