"""`station.toml` in and out: strict on the way in, explained on the way out."""

import dataclasses
import difflib
import json
import re
import textwrap
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from morning_edition.errors import StationError
from morning_edition.station.engines import BUILT_IN_ENGINES, Engines
from morning_edition.station.settings import Station
from morning_edition.voices import Option

FILE_NAME = "station.toml"
LARGEST_FILE_BYTES = 1_000_000
LONGEST_SHOWN = 80
"""Characters of a value that a message shows."""

MOVED = {"sound.bed_db": "running_order.bed.ducked_db", "sound.bumper_db": "running_order.chapter.gain_db"}
"""Keys of earlier versions, and what they have become."""

T = TypeVar("T")

PASSWORD = re.compile(r"(?<=://)[^@\s\"]*@")
"""Name and password in an address."""

TEXTS = tuple[str, ...]
TYPE_NAMES: dict[object, str] = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    TEXTS: 'a list of texts, as in ["one", "two"]',
}


def load_station(folder: Path) -> Station:
    """Read the station in *folder*; raises `StationError` when there is none or it is wrong."""
    path = folder / FILE_NAME
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE_BYTES + 1)
    except FileNotFoundError as error:
        raise StationError(
            f"{folder}: no {FILE_NAME} here; make a station with `morning-edition init DIR`, "
            "or name one with --station DIR"
        ) from error
    except OSError as error:
        raise StationError(f"{path}: cannot be read: {error.strerror}") from error
    if len(content) > LARGEST_FILE_BYTES:
        raise StationError(f"{path}: larger than {LARGEST_FILE_BYTES:,} bytes; this is not a settings file")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise StationError(f"{path}: not UTF-8 text; save it as UTF-8") from error
    return parse_station(text, folder, name=str(path))


def parse_station(text: str, root: Path, *, name: str = FILE_NAME) -> Station:
    """Build a station from the *text* of its settings; *name* is what errors call the file."""
    try:
        record = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is a bare ValueError
        raise StationError(f"{name}: not valid TOML: {error}") from error
    return _build(Station(root), record, name=name, where="")


def _build(usual: T, record: dict[str, Any], *, name: str, where: str) -> T:
    """Change in the table *usual* what *record* gives; *where* is the table's dotted name."""
    kind = type(usual)
    fields = {field.name: field for field in dataclasses.fields(kind) if "meaning" in field.metadata}  # type: ignore[arg-type]
    types = get_type_hints(kind)
    others: dict[str, dict[str, Option]] = {}
    values: dict[str, Any] = {"others": others} if kind is Engines else {}
    for key, value in record.items():
        prefix = f"{where}." if where else ""
        spot = prefix + key
        if kind is Engines and key not in BUILT_IN_ENGINES:
            others[key] = _read_options(value, name=name, where=spot)
            continue
        if key not in fields:
            near = difflib.get_close_matches(key, fields, n=1, cutoff=0.5)
            hint = f"did you mean {prefix}{near[0]}?" if near else f"known here: {', '.join(fields)}"
            hint = f"it is {MOVED[spot]} now" if spot in MOVED else hint
            raise StationError(f"{name}: unknown key {prefix}{_show_key(key)}; {hint}")
        expected: Any = types[key]
        if dataclasses.is_dataclass(expected):
            if not isinstance(value, dict):
                raise StationError(f"{name}: {spot} must be a table, as in [{spot}], not {_show(value)}")
            values[key] = _build(getattr(usual, key), value, name=name, where=spot)
            continue
        if expected == TEXTS and isinstance(value, list) and all(type(one) is str for one in value):
            value = tuple(value)
        elif type(value) is not expected and not (expected is float and type(value) is int):
            raise StationError(f"{name}: {spot} must be {TYPE_NAMES[expected]}, not {_show(value)}")
        check = fields[key].metadata["check"]
        if check and (wanted := check(value)):
            raise StationError(f"{name}: {spot} must be {wanted}, not {_show(value)}")
        values[key] = float(value) if expected is float else value
    return dataclasses.replace(usual, **values)  # type: ignore[type-var]


def _read_options(record: object, *, name: str, where: str) -> dict[str, Option]:
    """Read the table of an engine that a plug-in brings: it knows its own keys, which hold one value each."""
    from morning_edition.voices.registry import find_engines  # takes 20 ms that hardly a station needs

    engine = where.partition(".")[2]
    if engine not in find_engines():
        near = difflib.get_close_matches(engine, [*BUILT_IN_ENGINES, *find_engines()], n=1, cutoff=0.5)
        hint = f"did you mean engines.{near[0]}?" if near else f"there are: {', '.join(find_engines())}"
        raise StationError(f"{name}: no voice engine called {_show_key(engine)}, as in [{where}]; {hint}")
    if not isinstance(record, dict):
        raise StationError(f"{name}: {where} must be a table, as in [{where}], not {_show(record)}")
    if record and find_engines()[engine].value.startswith("morning_edition."):
        raise StationError(f"{name}: {where} must be empty: {engine} has nothing to set")
    for key, value in record.items():
        if not isinstance(value, str | int | float | bool):
            raise StationError(
                f"{name}: {where}.{_show_key(key)} must be text, a number, or true or false, "
                f"not {_show(value)}"
            )
    return record


def _show_key(key: str) -> str:
    """Return *key* as it would stand in TOML, short enough for one line."""
    return key if re.fullmatch(r"[\w-]+", key) and len(key) <= LONGEST_SHOWN else _show(key)


def _show(value: object) -> str:
    """Return *value* as it would stand in TOML, short enough for one line, without an address's password."""
    from morning_edition.fetching.web_addresses import hide_keys

    try:
        shown = _write_value(value)
    except (ValueError, RecursionError):
        return "what is too long to show"
    line = hide_keys(PASSWORD.sub("…@", " ".join(shown.split())))
    return line if len(line) <= LONGEST_SHOWN else f"{line[:LONGEST_SHOWN]}…"


def _write_value(value: object) -> str:
    """Write *value* as TOML does; JSON does the same, but for a sign that it leaves bare."""
    return json.dumps(value, ensure_ascii=False, default=str).replace("\x7f", "\\u007f")


def render_settings(settings: Station, given: dict[str, Any] | None = None) -> str:
    """Write *settings* as a `station.toml` in which each key stands with its meaning.

    Keys named in *given*, nested as the tables are, stand as settings; the others are commented out and
    show their default.
    """
    head = (
        "# The station's settings. A key that is commented out shows its default.\n"
        "# Every file it names is a path inside this folder.\n"
    )
    return head + "".join(_render_table(settings, "", given or {}))


def _render_table(table: Any, where: str, given: dict[str, Any]) -> Iterator[str]:  # noqa: ANN401 - any table of the settings
    nested = []
    for field in dataclasses.fields(table):
        value = getattr(table, field.name)
        if dataclasses.is_dataclass(value):
            nested.append((field, value))
        elif "meaning" in field.metadata:
            meaning = textwrap.fill(
                field.metadata["meaning"], 100, initial_indent="# ", subsequent_indent="# "
            )
            mark = "" if field.name in given else "# "
            shown = _write_value(given.get(field.name, value))
            yield f"\n{meaning}\n{mark}{field.name} = {shown}\n"
    for field, value in nested:
        spot = f"{where}.{field.name}" if where else field.name
        yield f"\n# {field.metadata['meaning']}\n[{spot}]\n"
        yield from _render_table(value, spot, given.get(field.name, {}))
