"""`proof.json`: a proof as it is kept beside its episode, both ways, and its verdict in words.

Figures are rounded to what an ear or a meter can tell apart, so that the same sound gives the same bytes.
Silence, which has no loudness, is null.
"""

import dataclasses
import json
import math
import types
import typing
from collections.abc import Callable
from functools import cache
from typing import TypeVar

from morning_edition import __version__
from morning_edition.outlets.characters import clean
from morning_edition.patterns import compile_late
from morning_edition.proof import Proof

RECORD_NAME = "proof.json"
REPORT_NAME = "proof.html"
FORMAT = 1
"""Raised when `proof.json` changes in a way that older readers cannot follow."""

DIGITS = {"peaks": 3, "short_term_lufs": 1, "offset": 6}
"""Behind the point; all other figures have two."""

T = TypeVar("T")

_NUMBERS = compile_late(r"\[\n\s+((?:[-+.\deE]+|null)(?:,\n\s+(?:[-+.\deE]+|null))*)\n\s+\]")
"""A list of numbers with a line for each. No text holds one: line ends in texts are escaped."""

SILENCE = -math.inf


def render_proof_json(proof: Proof) -> str:
    """Write `proof.json`."""
    head = {"format": FORMAT, "version": __version__, "passed": proof.passed}
    record = head | {name: _plain(value) for name, value in dataclasses.asdict(proof).items()}
    text = json.dumps(record, ensure_ascii=False, allow_nan=False, indent=2)
    return _NUMBERS.sub(lambda found: f"[{' '.join(found[1].split())}]", text) + "\n"


def _plain(value: object, digits: int = 2) -> object:
    """Return *value* with its figures rounded and its texts without what nobody may publish."""
    if isinstance(value, dict):
        return {name: _plain(item, DIGITS.get(name, 2)) for name, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(item, digits) for item in value]
    if isinstance(value, float):
        return round(value, digits) + 0.0 if math.isfinite(value) else None  # + 0.0: no minus zero
    return clean(value) if isinstance(value, str) else value


def parse_proof(text: str) -> Proof:
    """Read what `render_proof_json` wrote; raises ValueError on anything else."""
    try:
        record = json.loads(text, parse_constant=_refuse)
        if record.pop("format") != FORMAT or not isinstance(record.pop("version"), str):
            raise ValueError("made by another version of morning-edition")
        passed = record.pop("passed")
        proof = _read_record(Proof, record)
    except (AttributeError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise ValueError(f"no proof: {type(error).__name__} at {error}") from error
    if passed is not proof.passed:
        raise ValueError("it says that it passed, and what it found says otherwise, or the reverse")
    return proof


def _refuse(constant: str) -> object:
    raise ValueError(f"{constant} is no figure")


def _read(kind: object, value: object) -> object:
    """Return *value*, as JSON has it, as the *kind* that a field is declared to be; raises ValueError."""
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        return _read_record(kind, value)
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple and isinstance(value, list):
        return _read_all(inner[0], value)
    if origin is types.UnionType:
        return None if value is None else _read(inner[0], value)
    if kind is float:
        return _read_figure(value)
    if (origin is typing.Literal and value in inner) or type(value) is kind:
        return value
    raise ValueError(f"{str(value)[:80]!r} is out of place")


def _read_record(kind: type[T], value: object) -> T:
    kinds = _kinds_of(kind)
    if not isinstance(value, dict) or value.keys() != kinds.keys():
        raise ValueError(f"{str(value)[:80]!r} is no {kind.__name__}")
    return kind(**{name: _read(kinds[name], item) for name, item in value.items()})


def _read_all(kind: object, values: list[object]) -> tuple[object, ...]:
    # A waveform is 2,000 numbers: they are looked at together.
    if kind in (float, float | None) and set(map(type, values)) <= {float}:
        figures = typing.cast(list[float], values)
        if all(map(math.isfinite, figures)):
            return tuple(figures)
    return tuple(_read(kind, value) for value in values)


def _read_figure(value: object) -> float:
    if value is None:
        return SILENCE
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise ValueError(f"{str(value)[:80]!r} is no figure")
    return float(value)


_kinds_of: Callable[[type], dict[str, object]] = cache(typing.get_type_hints)


def tell_verdict(proof: Proof) -> str:
    """Say in a sentence whether the episode may be published, or was all the same."""
    failures = len(proof.failures)
    if not failures:
        warnings = len(proof.findings)
        return f"Passed, with {_count(warnings, 'warning')}." if warnings else "Passed: nothing was found."
    if proof.forced:
        return f"Published in spite of {_count(failures, 'failure')}."
    keep = "keep" if failures > 1 else "keeps"
    return f"Refused: {_count(failures, 'failure')} {keep} it from being published."


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
