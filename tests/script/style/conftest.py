"""Cases as data: a test that asks for `written` and `said` runs over the table of its module's name.

A row is written copy, a tab, and what is said; " | " stands between sentences and between lines, and "> "
before a line that is a quotation's own. Copy that stays as it is says "=".
"""

from pathlib import Path

import pytest

CASES = Path(__file__).parent / "cases"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if {"written", "said"} <= set(metafunc.fixturenames):
        table = CASES / f"{metafunc.definition.path.stem.removeprefix('test_')}.tsv"
        rows = [row.split("\t") for row in table.read_text("utf-8").splitlines() if row and row[0] != "#"]
        metafunc.parametrize(("written", "said"), [(a, a if b == "=" else b) for a, b in rows])
