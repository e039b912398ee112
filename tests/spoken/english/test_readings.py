"""Every class of readings has a table of cases: `cases/<class>.tsv`, one case a line, written and spoken.

A third column names the locale where it is not en-US. A line that begins with `# ` is a comment.
"""

from pathlib import Path

import pytest

from morning_edition.spoken import to_spoken

CASES = Path(__file__).with_name("cases")


def read_cases() -> list[object]:
    """Return each row of each table, named after its class and what is written."""
    rows = []
    for table in sorted(CASES.glob("*.tsv")):
        for line in table.read_text("utf-8").splitlines():
            if line and not line.startswith("# "):
                written, spoken, *locale = line.split("\t")
                name = f"{table.stem}: {written}"
                rows.append(pytest.param(written, spoken, *(locale or ["en-US"]), id=name))
    return rows


@pytest.mark.parametrize(("written", "spoken", "language"), read_cases())
def test_a_written_form_is_said_as_its_table_has_it(written: str, spoken: str, language: str) -> None:
    """The tables are the contract of the readings."""
    assert spoken == to_spoken(written, language)
