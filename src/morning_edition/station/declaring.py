"""How a setting is declared: its default, its meaning and what it may hold, as a field of a dataclass."""

from collections.abc import Callable
from dataclasses import field
from typing import Any

from morning_edition.station import checks


def setting(default: object, meaning: str, check: checks.Check | None = None) -> Any:  # noqa: ANN401 - a field of any type
    """Declare one key of `station.toml`."""
    return field(default=default, metadata={"meaning": meaning, "check": check})


def table(kind: Callable[[], object], meaning: str, *, shown_in_repr: bool = True) -> Any:  # noqa: ANN401 - a field of any type
    """Declare one table of `station.toml`.

    What a station's `repr` does not show is no part of its fingerprint: no episode is made anew for it.
    """
    return field(default_factory=kind, metadata={"meaning": meaning}, repr=shown_in_repr)
