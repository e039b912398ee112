"""What a reader is to the fuzzer: a function of bytes, the errors that it says it raises, seeds and words."""

import copy
import functools
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MOST_BYTES = 4096
"""Of an input: what is wrong with long ones is wrong with shorter ones, too, and sooner found."""


@dataclass(frozen=True)
class Target:
    """One reader."""

    read: Callable[[bytes], object]
    errors: tuple[type[Exception], ...]
    """What it may raise."""
    seeds: tuple[bytes, ...]
    """What is right."""
    words: tuple[bytes, ...] = ()
    """Pieces of its language, that inputs are made of."""
    others: tuple[bytes, ...] = ()
    """What is not right, and good to begin with all the same."""

    def try_input(self, data: bytes) -> None:
        """Read *data*; raises whatever the reader must not raise."""
        try:
            self.read(data[:MOST_BYTES])
        except self.errors as error:
            message = str(error)
            assert message.strip(), "an error without a word"
            assert "\n" not in message, f"an error of more than a line: {message!r}"


@functools.cache
def folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="morning-edition-fuzz-"))


def put(name: str, data: bytes) -> Path:
    path = folder() / name
    path.write_bytes(data)
    return path


SEEDS = Path(__file__).with_name("seeds")


def seeds(*names: str) -> tuple[bytes, ...]:
    """Return inputs that are right."""
    return tuple((SEEDS / name).read_bytes() for name in names)


MARKUP = tuple(
    b"<p> </p> <div <!-- --> <![CDATA[ ]]> &amp; &#0; &#x110000; <script> </script> <!DOCTYPE".split()
)
ENTITIES = (
    b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>',
    b"&b;",
    b'<!ENTITY x SYSTEM "file:///etc/passwd">',
)
TIERS = (
    b"Quick Looks",
    b"Deep Look",
    b"- ",
    b"/ ",
    b": ",
    b"\n\n",
    b"\r\n",
    b"By ",
    "“".encode(),
    "’".encode(),
)
MAIL = (b"--b\r\n", b"=?utf-8?b?", b"?=", b"\r\n\r\n")
JSON = (b'": ', b"null", b"[]", b"{}", b"1e999", b"-0", b'"\\ud800"', b"true", b",", b"[" * 50)
TOML = (
    b"[[",
    b"]]",
    b'"""',
    b"'''",
    b" = ",
    b"\\u0000",
    b"1979-05-27T07:32:00Z",
    b"inf",
    b"nan",
    b"0x",
    b"{",
    b"}",
)
NOTATION = (
    b"# ",
    b"## ",
    b"~~",
    b"{",
    b"}",
    b"[",
    b"]",
    b"^deep-1-1",
    b"<!--",
    b"-->",
    b"---\n",
    b"\\",
    b"[pause 9]",
)

ODD_VALUES: tuple[Any, ...] = (
    *(
        None,
        True,
        -1,
        0,
        2**63,
        10**400,
        0.5,
        float("inf"),
        float("nan"),
        "",
        " ",
        [],
        {},
        [[]],
        [None],
        {"": None},
    ),
    *(
        "../../x",
        "/etc/passwd",
        "..",
        "a/b",
        "C:\\x",
        "nul\0",
        "\x1b[31m",
        "\u009b31m",
        "\u202e",
        "\ud800",
        "x" * 999,
    ),
    *("9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+14:00", "2026-03-05T06:00:00", "2026-03-05", "24:00"),
    *("<script>alert(1)</script>", "javascript:alert(1)", "made", "waiting", "begun", "public", "withdrawn"),
)
"""What no reader should meet where it stands."""


def odd_record(right: bytes, data: bytes) -> bytes:
    """Return *data* where it is JSON; else the *right* record, edited as the bytes tell.

    Bytes alone seldom give JSON, and so would try little but its parser. Each edit goes down to some value,
    and replaces, removes or doubles it.
    """
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        steps = iter(data)
        record = copy.deepcopy(json.loads(right))
        for _ in range(1 + next(steps, 0) % 3):
            _edit(record, steps)
        return json.dumps(record).encode()
    return data


def _edit(record: Any, steps: Iterator[int]) -> None:
    place: Any = record
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            return
        key = keys[next(steps, 0) % len(keys)]
        inner = place[key]
        if not (isinstance(inner, dict | list) and inner and next(steps, 0) % 4):
            break
        place = inner
    match next(steps, 0) % 8:
        case 0:
            del place[key]
        case 1 if isinstance(place, list):
            place.append(copy.deepcopy(inner))
        case 1:
            place[f"{key}x"] = copy.deepcopy(inner)
        case _:
            place[key] = copy.deepcopy(ODD_VALUES[next(steps, 0) % len(ODD_VALUES)])
