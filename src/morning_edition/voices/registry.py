"""Which voices there are: the engines that entry points name, and the one that a setting asks for."""

import difflib
import functools
from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import cast

from morning_edition.errors import MorningEditionError, VoiceError
from morning_edition.voices import NO_OPTIONS, Delivery, Option, Voice, VoiceNote
from morning_edition.voices.bending import bend_voice

GROUP = "morning_edition.voices"
AUTO = "auto"
"""What a setting says for the best voice that is there; `auto` finds it."""


@functools.cache
def find_engines() -> dict[str, EntryPoint]:
    """Return the entry point of each engine by its name, in alphabetical order."""
    return {point.name: point for point in sorted(entry_points(group=GROUP), key=lambda point: point.name)}


def load_engine(name: str) -> type[Voice]:
    """Import the engine called *name*; raises `VoiceError` when there is none, or it cannot be imported."""
    engines = find_engines()
    if name not in engines:
        near = difflib.get_close_matches(name.lower(), engines, n=1, cutoff=0.7)
        hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(engines) or 'none'}"
        raise VoiceError(f"no voice engine called {name!r}; {hint}")
    try:
        return cast("type[Voice]", engines[name].load())
    except Exception as error:  # a plug-in may fail in any way while it is imported
        what = " ".join(f"{type(error).__name__}: {error}".split())
        raise VoiceError(
            f"voice engine {name!r} ({engines[name].value}) cannot be imported: {what}"
        ) from error


def name_voices(engine: str, options: Mapping[str, Option] = NO_OPTIONS) -> tuple[VoiceNote, ...]:
    """Return what *engine* tells of its voices, or that it tells nothing. Raises `VoiceError`."""
    catalogue = getattr(load_engine(engine), "catalogue", None)
    return tuple(catalogue(options)) if catalogue else (VoiceNote("", "", "an engine that lists no voices"),)


def open_voice(wanted: str, delivery: Delivery) -> Voice:
    """Return the voice that a setting names, `ENGINE` or `ENGINE:VOICE`, as *delivery* asks for it.

    What the engine cannot do of rate and pitch is done to its sound. Raises `VoiceError`.
    """
    engine, _, name = wanted.partition(":")
    if engine == AUTO:
        raise VoiceError(f"no voice is called {wanted!r}; auto finds one by itself, so write it alone")
    kind = load_engine(engine)
    try:
        return bend_voice(kind(name, delivery), delivery)
    except MorningEditionError:
        raise
    except Exception as error:  # a plug-in may fail in any way while it is opened
        what = " ".join(f"{type(error).__name__}: {error}".split())
        raise VoiceError(f"voice {wanted!r} cannot be opened: {what}; mend the plug-in") from error
