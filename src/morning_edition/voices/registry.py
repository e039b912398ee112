"""Which voices there are: the engines that entry points name, and the one that a setting asks for."""

import difflib
import functools
from importlib.metadata import EntryPoint, entry_points
from typing import cast

from morning_edition.errors import VoiceError
from morning_edition.voices import Voice

GROUP = "morning_edition.voices"


@functools.cache
def find_engines() -> dict[str, EntryPoint]:
    """Return the entry point of each engine by its name, in alphabetical order."""
    return {point.name: point for point in sorted(entry_points(group=GROUP), key=lambda point: point.name)}


def load_engine(name: str) -> type[Voice]:
    """Import the engine called *name*; raises `VoiceError` when there is none, or it cannot be imported."""
    engines = find_engines()
    if name not in engines:
        near = difflib.get_close_matches(name.lower(), engines, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(engines) or 'none'}"
        raise VoiceError(f"no voice engine called {name!r}; {hint}")
    try:
        return cast("type[Voice]", engines[name].load())
    except Exception as error:  # a plug-in may fail in any way while it is imported
        what = " ".join(f"{type(error).__name__}: {error}".split())
        raise VoiceError(
            f"voice engine {name!r} ({engines[name].value}) cannot be imported: {what}"
        ) from error


def open_voice(wanted: str, *, language: str, rate: float = 1.0) -> Voice:
    """Return the voice that a setting names: `ENGINE` or `ENGINE:VOICE`. Raises `VoiceError`."""
    engine, _, name = wanted.partition(":")
    return load_engine(engine)(name, language=language, rate=rate)
