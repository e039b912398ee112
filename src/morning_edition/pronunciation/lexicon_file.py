"""`lexicon.toml` in and out: a station's names, those of the files it includes, and the starter's."""

import dataclasses
import functools
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from morning_edition.errors import LexiconError
from morning_edition.files import write_whole
from morning_edition.patterns import compile_late
from morning_edition.pronunciation.entries import Entry, read_entry
from morning_edition.pronunciation.lexicon import Lexicon

FILE_NAME = "lexicon.toml"
STARTER = Path(__file__).with_name("starter.toml")
LARGEST_FILE_BYTES = 5_000_000
MOST_FILES = 100
_KEYS = ("names", "include", "language", "starter")
HEAD = """\
# How names are said. A respelling, capitals where the stress is:
#   Latakia = "lah-tah-KEE-ah"
# or IPA between slashes, or a table: { ipa = "…" }, { say = "other words" }, { letters = true },
# { respelling = "…", phonemes = { espeak = "…" } }; besides: case = true, language = "en", source = "…".
# A list of such tables is one for each language. `include = ["../shared/lexicon.toml"]`, above [names],
# takes in more.

[names]
"""
_STARTER_LINE = compile_late(
    r"""^(?:"(?P<quoted>[^"\\]+)"|(?P<bare>[A-Za-z0-9_-]+)) = \{ (?P<values>.+) \}$""", re.MULTILINE
)
_STARTER_VALUE = compile_late(r"""(\w+) = "([^"\\]*)\"""")
_TABLE = compile_late(r"^\s*\[")
_NAMES = compile_late(r"^\s*\[\s*(?:names|\"names\"|'names')\s*\]\s*(?:#.*)?$")


def load_lexicon(path: Path, language: str = "en-US", *, with_starter: bool = True) -> Lexicon:
    """Read the lexicon at *path* for texts in *language* (BCP 47); without a file it is the starter alone.

    A file's own names count before those it includes, a later include before an earlier one, and all of them
    before the starter's, which `starter = false` in it leaves out, as *with_starter* does. Raises
    `LexiconError`.
    """
    entries: list[Entry] = []
    starter = with_starter
    if path.exists():
        record = _read(path)
        starter = with_starter and _read_flag(record, path)
        entries += _collect(path, record, (), {})
    if starter:
        entries += read_starter()
    return Lexicon(tuple(entry for entry in entries if _is_for(entry.language, language)))


@functools.cache
def read_starter() -> tuple[Entry, ...]:
    """Return the entries that ship with the program.

    Each is a line of plain TOML, and read without its parser, which would take all of them 10 ms.
    """
    lines = _STARTER_LINE.finditer(STARTER.read_text("utf-8"))
    return tuple(_read_starter_line(line) for line in lines)


def _read_starter_line(line: re.Match[str]) -> Entry:
    values = dict(_STARTER_VALUE.findall(line["values"]))
    return Entry(
        line["quoted"] or line["bare"],
        respelling=values.get("respelling", ""),
        given_ipa=values.get("ipa", ""),
        language=values.get("language", "en"),
        source=values["source"],
    )


def _is_for(wanted: str, language: str) -> bool:
    tag = language.lower()
    return not wanted or tag == wanted.lower() or tag.startswith(f"{wanted.lower()}-")


def _collect(
    path: Path, record: dict[str, Any], above: tuple[Path, ...], seen: dict[Path, None]
) -> Iterator[Entry]:
    """Yield the entries of a file and of all that it includes, each file once."""
    yield from _read_names(path, record)
    seen[path.resolve()] = None
    for included in reversed(_find_includes(path, record)):
        chain = (*above, path.resolve())
        if included.resolve() in chain:
            names = " includes ".join(file.name for file in (*chain, included))
            raise LexiconError(f"{path}: includes go round in a circle ({names}); take one out")
        if included.resolve() in seen:
            continue
        if len(seen) >= MOST_FILES:
            raise LexiconError(f"{path}: more than {MOST_FILES} files are included; join some of them")
        yield from _collect(included, _read(included, includer=path), chain, seen)


def _find_includes(path: Path, record: dict[str, Any]) -> list[Path]:
    includes = record.get("include", [])
    if not isinstance(includes, list) or not all(isinstance(include, str) for include in includes):
        raise LexiconError(f'{path}: include must be a list of files, as in ["../shared/lexicon.toml"]')
    for include in includes:
        if PurePosixPath(include).is_absolute() or PureWindowsPath(include).drive or include.startswith("~"):
            raise LexiconError(f"{path}: include {include!r} must be a path from this file's own folder")
    return [path.parent / include for include in includes]


def _read(path: Path, *, includer: Path | None = None) -> dict[str, Any]:
    named = f"{includer}: include {path}" if includer else f"{path}"
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE_BYTES + 1)
        if len(content) > LARGEST_FILE_BYTES:
            raise LexiconError(f"{named}: larger than {LARGEST_FILE_BYTES:,} bytes; this is not a lexicon")
        record = tomllib.loads(content.decode("utf-8-sig"))
    except FileNotFoundError as error:
        raise LexiconError(f"{named}: there is no such file") from error
    except OSError as error:
        raise LexiconError(f"{named}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise LexiconError(f"{path}: not UTF-8 text; save it as UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise LexiconError(f"{path}: not valid TOML: {error}") from error
    for key in record:
        if key not in _KEYS:
            known = f"known are {', '.join(_KEYS)}"
            hint = "names belong under [names]" if isinstance(record[key], str) else known
            raise LexiconError(f"{path}{_find_line(path, key)}: unknown key {key[:60]!r}; {hint}")
    return record


def _read_flag(record: dict[str, Any], path: Path) -> bool:
    starter = record.get("starter", True)
    if not isinstance(starter, bool):
        raise LexiconError(f"{path}: starter must be true or false")
    return starter


def _read_names(path: Path, record: dict[str, Any]) -> Iterator[Entry]:
    names = record.get("names", {})
    if not isinstance(names, Mapping):
        raise LexiconError(f"{path}: names must be a table, as in [names]")
    for name, values in names.items():
        for value in values if isinstance(values, list) else [values]:
            try:
                entry = read_entry(name, value)
            except ValueError as error:
                raise LexiconError(f"{path}{_find_line(path, name)}: {name[:60]!r}: {error}") from error
            yield entry if entry.language else _in_language(entry, record, path)


def _in_language(entry: Entry, record: dict[str, Any], path: Path) -> Entry:
    language = record.get("language", "")
    if not isinstance(language, str):
        raise LexiconError(f'{path}: language must be a tag, as in "en"')
    return dataclasses.replace(entry, language=language) if language else entry


def _find_line(path: Path, key: str) -> str:
    """Return where *key* stands in the file, as ":12"; empty where that cannot be told."""
    for number, line in enumerate(path.read_text("utf-8-sig").splitlines(), 1):
        if _key_of(line) == key:
            return f":{number}"
    return ""


def _key_of(line: str) -> str | None:
    """Return the one key that a line of TOML gives a value; None for any other line."""
    if "=" not in line or len(line) > 10_000:
        return None
    try:
        quoted = line.lstrip()[:1] in ('"', "'")
        record = _quoted(line) if quoted else tomllib.loads(f"{line.partition('=')[0]}=0")
    except (ValueError, RecursionError):
        return None
    return next(iter(record), None)


def _quoted(line: str) -> dict[str, Any]:
    """Read the quoted key at the beginning of *line*, in which there may be an equals sign."""
    match = re.match(r"""\s*("(?:[^"\\]|\\.)*"|'[^']*')\s*=""", line)
    return tomllib.loads(f"{match[1]}=0") if match else {}


def add_names(path: Path, answers: Mapping[str, str | Mapping[str, object]]) -> None:
    """Write *answers*, names with what `read_entry` reads, into the lexicon at *path*.

    A name that has a line gets another answer there; the others come at the end of [names]. All else in the
    file stays as it is, comments too; a file that is not there is begun. Raises `LexiconError`.
    """
    for name, answer in answers.items():
        try:
            read_entry(name, answer)
        except ValueError as error:
            raise LexiconError(f"{name[:60]!r}: {error}") from error
    before = _read(path) if path.exists() else {}
    text = path.read_text("utf-8-sig") if path.exists() else HEAD
    for name, answer in answers.items():
        text = _put_line(text, name, answer)
    wanted = {**before, "names": {**before.get("names", {}), **answers}}
    try:
        right = tomllib.loads(text) == wanted
    except ValueError:
        right = False
    if not right:
        raise LexiconError(f"{path}: cannot be added to without harm; write the names in by hand")
    write_whole(path, text)


def _put_line(text: str, name: str, answer: str | Mapping[str, object]) -> str:
    written = f"{_quote(name, bare=True)} = {_write_value(answer)}"
    lines = text.splitlines()
    first = next((at for at, line in enumerate(lines) if _NAMES.match(line)), None)
    if first is None:
        return "\n".join([*lines, *([""] if lines else []), "[names]", written, ""])
    last = next((at for at in range(first + 1, len(lines)) if _TABLE.match(lines[at])), len(lines))
    at = next((at for at in range(first + 1, last) if _key_of(lines[at]) == name), None)
    if at is not None:
        lines[at] = written
    else:
        while last > first + 1 and not lines[last - 1].strip():
            last -= 1
        lines.insert(last, written)
    return "\n".join([*lines, ""])


def _write_value(answer: object) -> str:
    if isinstance(answer, Mapping):
        pairs = (f"{_quote(key, bare=True)} = {_write_value(value)}" for key, value in answer.items())
        return f"{{ {', '.join(pairs)} }}"
    return _quote(str(answer))


def _quote(text: str, *, bare: bool = False) -> str:
    """Write *text* as TOML does: a key that needs no quotes has none."""
    if bare and re.fullmatch(r"[A-Za-z0-9_-]+", text):
        return text
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
