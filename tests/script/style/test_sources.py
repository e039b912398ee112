"""A claim's source is named before the claim, where nothing else can be meant."""

from morning_edition.script.style.sources import name_source


def test_the_source_comes_first_where_it_is_certain(written: str, said: str) -> None:
    assert said == name_source(written)
