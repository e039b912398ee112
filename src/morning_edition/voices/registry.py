"""Which voices there are: the engines that entry points name, and the one that a setting asks for."""

import functools
import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from morning_edition.errors import MorningEditionError, VoiceError
from morning_edition.voices import NO_OPTIONS, Delivery, Option, Voice, VoiceNote
from morning_edition.voices.bending import bend_voice

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "morning_edition.voices"
BUILT_IN = {
    "azure": "AzureVoice",
    "command": "CommandVoice",
    "edge": "EdgeVoice",
    "elevenlabs": "ElevenLabsVoice",
    "espeak": "EspeakVoice",
    "flite": "FliteVoice",
    "google": "GoogleVoice",
    "gtts": "GttsVoice",
    "openai": "OpenAiVoice",
    "piper": "PiperVoice",
    "polly": "PollyVoice",
    "tone": "ToneVoice",
    "wyoming": "WyomingVoice",
}
"""The class of each engine of our own, in the module of its name; reading all entry points takes 20 ms."""
AUTO = "auto"
"""What a setting says for the best voice that is there; `auto` finds it."""


@functools.cache
def find_engines() -> "dict[str, EntryPoint]":
    """Return the entry point of each engine by its name, in alphabetical order."""
    from importlib.metadata import entry_points

    return {point.name: point for point in sorted(entry_points(group=GROUP), key=lambda point: point.name)}


def load_engine(name: str) -> type[Voice]:
    """Import the engine called *name*; raises `VoiceError` when there is none, or it cannot be imported."""
    place = f"{__package__}.{name}:{BUILT_IN[name]}" if name in BUILT_IN else _find_place(name)
    module, _, kind = place.partition(":")
    try:
        parts = filter(None, kind.split("."))
        return cast("type[Voice]", functools.reduce(getattr, parts, importlib.import_module(module)))
    except Exception as error:  # a plug-in may fail in any way while it is imported
        what = " ".join(f"{type(error).__name__}: {error}".split())
        raise VoiceError(f"voice engine {name!r} ({place}) cannot be imported: {what}") from error


def _find_place(name: str) -> str:
    """Return where a plug-in's engine is, as "module:class". Raises `VoiceError`."""
    engines = find_engines()
    if name not in engines:
        import difflib

        near = difflib.get_close_matches(name.lower(), engines, n=1, cutoff=0.7)
        hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(engines) or 'none'}"
        raise VoiceError(f"no voice engine called {name!r}; {hint}")
    return f"{engines[name].module}:{engines[name].attr}"


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
