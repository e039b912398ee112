"""The second voice: it reads a whole episode where another has given out in the middle of it.

What the others have read by then is not heard: voices are never mixed by accident. It stays in the cache of
takes, for whoever tries them again.
"""

import dataclasses
from collections.abc import Iterable

from morning_edition.casting import cast_alone, choose_voices, open_cast
from morning_edition.errors import VoiceError
from morning_edition.plan import Plan
from morning_edition.voices.auto import choose_voice
from morning_edition.voices.network.complaints import in_one_line
from morning_edition.voices.network.secrecy import hide_private
from morning_edition.voices.registry import AUTO
from morning_edition.voices.speaking import GaveOutError

LONGEST_REASON = 400
"""Characters of what an episode's record says."""


def choose_second(plan: Plan) -> str:
    """Return the second voice as a setting names it; empty for none, or where it is *plan*'s only voice."""
    setting = plan.station.cast.stand_in.voice
    if setting == AUTO:
        setting = choose_voice(plan.script.language).setting
    return "" if {*plan.voices.values()} == {setting} else setting


def prepare_second(plan: Plan) -> tuple[Plan | None, str]:
    """Return *plan* as the second voice reads it, and why it cannot; neither where the station has none.

    A second voice that is no good keeps nobody from being read by the first.
    """
    setting = choose_second(plan)
    if not setting:
        return None, ""
    station = cast_alone(plan.station, setting)
    language = plan.script.language
    try:
        voices = choose_voices(station, language)
        cast = open_cast(station, language, voices)
    except VoiceError as error:
        why = hide_private(str(error))
        return None, f"nobody could stand in for a voice that gives out: cast.stand_in, {setting}: {why}"
    return dataclasses.replace(plan, station=station, cast=cast, voices=voices, second_fault=""), ""


def let_second_read(plan: Plan, second: Plan, error: VoiceError) -> Plan:
    """Return *second*, which says why it is read, after a voice of *plan* gave out with *error*.

    Raises *error* itself where the one that gave out is the second voice.
    """
    identity = error.identity if isinstance(error, GaveOutError) else ""
    gone = [role for role, voice in plan.cast.items() if voice.identity == identity]
    names = {plan.voices[role] for role in gone} or {*plan.voices.values()}
    (setting,) = {*second.voices.values()}
    if setting in names or identity in {voice.identity for voice in second.cast.values()}:
        raise error
    reason = f"{name_all(names)} gave out: {hide_private(str(error))}"
    return dataclasses.replace(second, stood_in=_shorten(in_one_line(reason)))


def tell_second(plan: Plan, error: VoiceError) -> str:
    """Say on the console that *plan* is read by the second voice, after *error*, told in full."""
    return f"{error}; the whole episode is read by {name_second(plan)}, the station's second voice"


def tell_both(plan: Plan, first: VoiceError, error: VoiceError) -> VoiceError:
    """Return what to raise when the second voice fails as well."""
    return VoiceError(f"{first}; and {name_second(plan)}, which was to stand in, failed too: {error}")


def name_second(plan: Plan) -> str:
    """Return what a *plan* that one voice reads alone is read with."""
    return name_all(plan.voices.values())


def name_all(names: Iterable[str]) -> str:
    """Return *names*, each once, in one text."""
    return ", ".join(sorted({*names}))


def _shorten(text: str) -> str:
    return text if len(text) <= LONGEST_REASON else f"{text[: LONGEST_REASON - 1]}…"
