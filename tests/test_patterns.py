"""Patterns that are compiled when they are first used."""

import re

import pytest

from morning_edition.patterns import compile_late


def test_a_late_pattern_finds_what_an_early_one_does() -> None:
    """All that a pattern can be asked gives the same; flags count."""
    line = "One fish, two FISH."
    late, early = compile_late(r"f(i)sh", re.IGNORECASE), re.compile(r"f(i)sh", re.IGNORECASE)

    assert [match.span() for match in late.finditer(line)] == [match.span() for match in early.finditer(line)]
    assert late.sub("cat", line) == early.sub("cat", line)
    assert late.split(line) == early.split(line)
    assert late.findall(line) == early.findall(line)
    assert late.subn("cat", line) == early.subn("cat", line)
    assert late.match("fish") is not None
    assert late.fullmatch("fishes") is None
    assert late.search(line, 10) is not None
    assert (late.pattern, late.groups, late.flags) == (early.pattern, early.groups, early.flags)


def test_a_pattern_that_is_none_is_found_out_at_its_first_use() -> None:
    """Nothing is compiled before that."""
    broken = compile_late("(")

    with pytest.raises(re.error):
        broken.search("")


def test_what_no_pattern_has_is_refused() -> None:
    """A slip of the pen is told by its name."""
    with pytest.raises(AttributeError, match="serach"):
        getattr(compile_late("a"), "serach")  # noqa: B009 - as code that was written so would ask
