"""A newsroom's own command, run for a result: what is to know stands in its environment and on its input.

The command is split into words once, as a shell would, and run without one; nothing of an article ever gets
into it. It does not get the engines' keys.
"""

import contextlib
import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from morning_edition.errors import StationError
from morning_edition.station import Station
from morning_edition.watching.results import Result

LONGEST_S = 60.0
LONGEST_VALUE = 4000
"""Characters of a fact in the environment."""

SECRETS = frozenset(
    """
    AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AZURE_SPEECH_KEY ELEVENLABS_API_KEY
    GOOGLE_API_KEY OPENAI_API_KEY OPENAI_COMPATIBLE_API_KEY
    AZURE_STORAGE_ACCOUNT_KEY AZURE_STORAGE_CONNECTION_STRING AZURE_STORAGE_SAS_TOKEN
    MORNING_EDITION_SFTP_PASSPHRASE MORNING_EDITION_SFTP_PASSWORD MORNING_EDITION_WEBDAV_PASSWORD
    """.split()
)
"""The keys of engines and targets; besides these, all that fsspec is told begins with `FSSPEC_`."""
SETTINGS_OF_TARGETS = "FSSPEC_"


def split_command(command: str, name: str) -> tuple[str, ...]:
    """Return the words of a *command*, which the setting *name* holds. Raises `StationError`."""
    try:
        words = tuple(shlex.split(command))
    except ValueError as error:
        raise StationError(
            f"{name}: {command!r} is no command ({error}); mend its quotation marks"
        ) from error
    if command and not words:
        raise StationError(f"{name}: {command!r} is no command; leave it empty for none")
    return words


def run_command(
    words: tuple[str, ...], result: Result, station: Station, longest_s: float = LONGEST_S
) -> str:
    """Run a command for a *result*; return what is wrong with how it went, or nothing.

    What it prints goes to standard error, as standard output holds the results alone. After *longest_s*
    seconds it is ended, with all that it has started.
    """
    record = json.dumps(result.to_record(station.show.timezone), ensure_ascii=True).encode() + b"\n"
    try:
        process = subprocess.Popen(
            words,
            stdin=subprocess.PIPE,
            stdout=sys.stderr.fileno() if _has_file(sys.stderr) else subprocess.DEVNULL,
            env=_make_environment(result, station),
            cwd=station.root,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        return f"{words[0]}: cannot be run: {getattr(error, 'strerror', None) or error}"
    try:
        process.communicate(record, timeout=longest_s)
    except subprocess.TimeoutExpired:
        return f"{words[0]}: took longer than {longest_s:.0f} seconds, and was ended"
    finally:
        _end(process)
    status = process.returncode
    return f"{words[0]}: ended with status {status}" if status else ""


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a command and all that it has started, if it has not ended by itself."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
    process.wait()


def _has_file(stream: Any) -> bool:  # noqa: ANN401 - whatever stands in for it
    try:
        return bool(stream.fileno() >= 0)
    except (OSError, AttributeError, ValueError):
        return False


def _make_environment(result: Result, station: Station) -> dict[str, str]:
    episode = result.episode
    facts: Mapping[str, object] = {
        "EVENT": result.what,
        "SOURCE": result.source,
        "ARTICLE": result.article,
        "AUDIO": str(Path(result.path).absolute()) if result.path else "",
        "SLUG": episode.get("slug", ""),
        "TITLE": episode.get("title", ""),
        "GUID": episode.get("guid", ""),
        "ERROR": result.error,
        "STATION": station.root.absolute(),
    }
    outside = {name: value for name, value in os.environ.items() if not _is_secret(name)}
    return outside | {f"MORNING_EDITION_{name}": _clean(str(value)) for name, value in facts.items()}


def _is_secret(name: str) -> bool:
    return name in SECRETS or name.startswith(SETTINGS_OF_TARGETS)


def _clean(value: str) -> str:
    """Return a value as an environment can hold it."""
    return value.replace("\0", "").encode("utf-8", "replace").decode()[:LONGEST_VALUE]
